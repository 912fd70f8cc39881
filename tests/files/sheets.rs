//! Sheets with columns of their own: how they are proposed to be read, and what a review that is given back imports.

use std::path::Path;

use recip::Ledger;
use recip::read::{Files, Proposal, ReadOptions, SheetOptions};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use super::{import_file, ledger};
use crate::support::{ok, run};

/// A workbook with one sheet.
pub(super) fn book(name: &str, fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet().set_name(name).unwrap());
    book.save_to_buffer().unwrap()
}

/// A workbook whose cells are these texts, line by line, divided by `|`. A cell such as `=60` is a number.
pub(super) fn texts(name: &str, lines: &[&str]) -> Vec<u8> {
    book(name, |sheet| write(sheet, lines))
}

pub(super) fn write(sheet: &mut Worksheet, lines: &[&str]) {
    for (row, line) in (0..).zip(lines) {
        for (column, cell) in (0..).zip(line.split('|').map(str::trim)) {
            match cell.strip_prefix('=').and_then(|number| number.parse::<f64>().ok()) {
                Some(number) => sheet.write_number(row, column, number).unwrap(),
                None => sheet.write_string(row, column, cell).unwrap(),
            };
        }
    }
}

pub(super) fn propose(ledger: &Ledger, bytes: &[u8], options: &SheetOptions) -> recip::Result<Vec<Proposal>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.xlsx");
    std::fs::write(&path, bytes).unwrap();
    Files::open(&[path], &ReadOptions::default())?.propose(ledger, &ReadOptions::default(), options)
}

/// The rows of a proposal, each as `yes 2018-03-26 USA RUS expulsion 60`, with more columns if they are filled, and why.
pub(super) fn rows(bytes: &[u8]) -> Vec<String> {
    // A proposal changes nothing: one new ledger does for all.
    thread_local!(static NEW: Ledger = ledger());
    let proposals = NEW.with(|ledger| propose(ledger, bytes, &SheetOptions::default())).unwrap();
    let [rows, ..] = proposals[0].tables();
    let cell = |row: &Vec<String>, name: &str| row[rows.header.iter().position(|h| h == name).unwrap()].clone();
    let shown = ["take", "date", "actor", "target", "kind", "count", "stage", "summary", "sources", "answers", "why"];
    let line =
        |row: &Vec<String>| shown.map(|name| cell(row, name)).into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    rows.rows.iter().map(line).collect()
}

/// A zip archive of these parts.
pub(super) fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// An OpenDocument spreadsheet with this content.
pub(super) fn open_document(content: &str) -> Vec<u8> {
    let manifest = "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    zipped(&[("mimetype", kind), ("META-INF/manifest.xml", manifest), ("content.xml", content)])
}

pub(super) const HEADER: &str = "Date | Country | Against | Measure | Number";

#[test]
fn cells_that_are_merged_or_written_once_are_filled() {
    let merged = book("S", |sheet| {
        write(sheet, &[HEADER, "2018-03-26 | USA | Russia | expulsion | =60", " | Canada | | | =4"]);
        for (column, text) in [(0, "2018-03-26"), (2, "Russia"), (3, "expulsion")] {
            sheet.merge_range(1, column, 2, column, text, &Format::new()).unwrap();
        }
    });
    let filled = "yes 2018-03-26 CAN RUS expulsion 4 date of row 2; target of row 2; kind of row 2";
    assert_eq!(rows(&merged), ["yes 2018-03-26 USA RUS expulsion 60", filled]);
    let once = texts("S", &[HEADER, "26 March 2018 | USA | Russia | expulsion | =60", "| Canada | | | =4"]);
    assert_eq!(rows(&once), ["yes 2018-03-26 USA RUS expulsion 60", filled]);
}

#[test]
fn dates_are_read_for_the_whole_column() {
    let of = |first: &str, second: &str| {
        rows(&texts(
            "S",
            &[HEADER, &format!("{first} | USA | Russia | expulsion | =60"), &format!("{second} | Canada | Russia | expulsion | =4")],
        ))
    };
    let days =
        |first: &str, second: &str| of(first, second).iter().map(|row| row.split(' ').nth(1).unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(days("04/03/2018", "26/03/2018"), ["2018-03-04", "2018-03-26"]);
    assert_eq!(days("04/03/2018", "03/26/2018"), ["2018-04-03", "2018-03-26"]);
    assert_eq!(days("4.3.2018", "März 2018"), ["2018-03-04", "2018-03"]);
    assert_eq!(days("=43185", "=43186"), ["2018-03-26", "2018-03-27"]);
    let reply = ["Country | Event date | Expelled | Reply by Russia | Date of reply", "Germany | 04/03/2018 | =4 | =4 | 30/03/2018"];
    let answered = "yes 2018-03-30 RUS DEU expulsion 4 2018-03-04-deu-rus-expulsion";
    assert_eq!(rows(&texts("S", &reply)), ["yes 2018-03-04 DEU RUS expulsion 4", answered], "one column settles the other");
    assert_eq!(of("04/03/2018", "05/03/2018")[0], "ask 04/03/2018 USA RUS expulsion 60 date: '04/03/2018' is 2018-03-04 or 2018-04-03");
    let real = book("S", |sheet| {
        write(sheet, &[HEADER, " | USA | Russia | expulsion | =60"]);
        let format = Format::new().set_num_format("dd/mm/yy");
        sheet.write_datetime_with_format(1, 0, ExcelDateTime::from_ymd(2018, 3, 4).unwrap(), &format).unwrap();
    });
    assert_eq!(rows(&real), ["yes 2018-03-04 USA RUS expulsion 60"]);
}

/// The dates of a sheet whose cells for dates hold these numbers.
fn dates_of(numbers: &[f64]) -> Vec<String> {
    let sheet = book("S", |sheet| {
        let lines: Vec<String> = (0..numbers.len()).map(|n| format!(" | USA | Russia | expulsion | ={}", n + 1)).collect();
        write(sheet, &[HEADER].into_iter().chain(lines.iter().map(String::as_str)).collect::<Vec<_>>());
        for (row, number) in (1..).zip(numbers) {
            sheet.write_number_with_format(row, 0, *number, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
        }
    });
    rows(&sheet).iter().map(|row| row.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_year_or_a_day_typed_as_a_number_into_a_cell_for_dates_is_what_it_says() {
    assert_eq!(dates_of(&[2018.0, 43185.0, 20_180_326.0]), ["yes 2018", "yes 2018-03-26", "yes 2018-03-26"]);
    assert_eq!(dates_of(&[2018.0, 1865.0, 3000.0]), ["yes 1905-07-10", "yes 1905-02-07", "yes 1908-03-18"], "other dates are of that time");
    assert_eq!(dates_of(&[2018.0]), ["ask 1905-07-10"], "nothing tells the year from the day");
}

#[test]
fn a_date_may_have_three_columns() {
    let lines = [
        "Day | Month | Year | Country | Against | Measure | Number",
        "=26 | =3 | =2018 | USA | Russia | expulsion | =60",
        "29 | March | | Russia | USA | expulsion | =60",
        "| 4 | | France | Russia | expulsion | =4",
        "31 | 2 | 2019 | France | Russia | expulsion | =4",
    ];
    assert_eq!(
        rows(&texts("Data", &lines)),
        [
            "yes 2018-03-26 USA RUS expulsion 60",
            "yes 2018-03-29 RUS USA expulsion 60 year of row 2",
            "yes 2018-04 FRA RUS expulsion 4 year of row 2",
            "ask FRA RUS expulsion 4 year, month and day: '2019 2 31' is no date; the date is not known",
        ]
    );
    assert_eq!(
        rows(&texts("Data", &["Monat | Jahr | Land | gegen | Maßnahme", "3 | 2018 | USA | Russland | Protest"])),
        ["yes 2018-03 USA RUS protest"]
    );
}

#[test]
fn counts_are_read_as_a_desk_writes_them() {
    let sheet = texts(
        "S",
        &[
            "Expulsions of Russian diplomats",
            "Country | Date | Number | Remarks",
            "USA | 2018-03-26 | 60 (48 embassy, 12 UN) | closed too",
            "Poland | 2018-03-26 | 4[a] |",
            "Canada | 2018-03-26 | 4; 3 applications denied |",
            "Italy | 2018-03-26 | 20-30 |",
            "France | 2018-03-26 | dozens |",
            "Austria | 2018-03-26 | 0 |",
            "Total | | 118 |",
            "[a] one of them in Poznan",
        ],
    );
    assert_eq!(
        rows(&sheet),
        [
            "yes 2018-03-26 USA RUS expulsion 60 closed too; 48 embassy, 12 UN",
            "yes 2018-03-26 POL RUS expulsion 4 one of them in Poznan",
            "yes 2018-03-26 CAN RUS expulsion 4 3 applications denied",
            "yes 2018-03-26 ITA RUS expulsion 20-30",
            "ask 2018-03-26 FRA RUS expulsion count: 'dozens' is not a count",
            "no the count says that nothing was done: Austria 2018-03-26 0",
            "no a total: Total 118",
            "no a note: [a] one of them in Poznan",
        ]
    );
}

#[test]
fn several_countries_in_a_cell_are_several_acts() {
    let sheet = texts(
        "S",
        &[
            HEADER,
            "2022-04-05 | Denmark, Sweden | Russia | expulsion | 3 each",
            "2022-04-05 | Denmark; Sweden | Russia | expulsion | je 3 (SE), 15 (DK)",
            "2022-04-05 | Denmark and Sweden | Russia | expulsion | 18",
        ],
    );
    assert_eq!(
        rows(&sheet),
        [
            "yes 2022-04-05 DNK RUS expulsion 3",
            "yes 2022-04-05 SWE RUS expulsion 3",
            "yes 2022-04-05 DNK RUS expulsion 15",
            "yes 2022-04-05 SWE RUS expulsion 3",
            "ask 2022-04-05 DNK RUS expulsion is 18 the count of each, or of all together?",
            "ask 2022-04-05 SWE RUS expulsion is 18 the count of each, or of all together?",
        ]
    );
}

#[test]
fn addresses_behind_cells_are_sources_and_what_is_struck_out_is_left_out() {
    let sheet = book("S", |sheet| {
        write(sheet, &["Date | Country | Against | Measure | Number | Source", "2018-03-26 | USA | Russia | expulsion | =60"]);
        write(sheet, &[]);
        sheet.write_url(1, 5, rust_xlsxwriter::Url::new("https://example.org/a").set_text("ministry")).unwrap();
        let struck = Format::new().set_font_strikethrough();
        for (column, text) in ["2018-03-27", "Canada", "Russia", "expulsion", "4"].iter().enumerate() {
            sheet.write_string_with_format(2, column as u16, *text, &struck).unwrap();
        }
        for (column, text) in ["2018-03-28", "Italy", "Russia", "expulsion", "2"].iter().enumerate() {
            sheet.write_string(3, column as u16, *text).unwrap();
        }
        sheet.write_formula(3, 5, Formula::new("=HYPERLINK(\"https://example.org/b\",\"paper\")").set_result("paper")).unwrap();
    });
    assert_eq!(
        rows(&sheet),
        [
            "yes 2018-03-26 USA RUS expulsion 60 https://example.org/a",
            "no it is struck out: 2018-03-27 Canada Russia expulsion 4",
            "yes 2018-03-28 ITA RUS expulsion 2 https://example.org/b",
        ]
    );
}

#[test]
fn what_the_sheet_fixes_is_taken_from_its_name_its_title_and_its_headings() {
    let one = "yes 2018-03-26 DEU RUS expulsion 4";
    assert_eq!(rows(&texts("Germany", &["Date | Against | Measure | Number", "2018-03-26 | Russia | expulsion | =4"])), [one]);
    let replies = ["Country | Date | Expelled | Reply by Russia | Date of reply", "Germany | 2018-03-26 | =4 | =4 | 2018-03-30"];
    let answered = "yes 2018-03-30 RUS DEU expulsion 4 2018-03-26-deu-rus-expulsion";
    assert_eq!(rows(&texts("S", &replies)), [one, answered]);
    let russian = ["Страна | Дата | Выслано дипломатов | Ответ России | Дата ответа", "Германия | 26.03.2018 | =4 | =4 | 30.03.2018"];
    assert_eq!(rows(&texts("S", &russian)), [one, answered]);
    let done_by = texts("S", &["Diplomats expelled by Russia", "Country | Date | Number", "Germany | 2018-03-30 | =4"]);
    assert_eq!(rows(&done_by), ["yes 2018-03-30 RUS DEU expulsion 4"]);
    let two_rows = book("S", |sheet| {
        write(sheet, &["Country | | | |", " | Date | Number | Date | Number", "Germany | 2018-03-26 | =4 | 2018-03-30 | =4"]);
        sheet.merge_range(0, 1, 0, 2, "Expelled", &Format::new()).unwrap();
        sheet.merge_range(0, 3, 0, 4, "Reply by Russia", &Format::new()).unwrap();
    });
    assert_eq!(rows(&two_rows), [one, answered]);
    let unknown = texts("S", &["Date | Country | Number", "2018-03-26 | Germany | =4"]);
    assert_eq!(rows(&unknown), ["ask 2018-03-26 DEU 4 the target is not known; the kind is not known"]);
}

#[test]
fn sheets_are_understood_in_five_languages() {
    for (header, row) in [
        ("Datum | Land | gegen | Maßnahme | Anzahl", "26. März 2018 | DEU | RUS | Ausweisung | =4"),
        ("Date | Pays | Contre | Mesure | Nombre", "26 mars 2018 | DEU | RUS | expulsion de diplomates | =4"),
        ("Fecha | País | Contra | Medida | Número", "26 de marzo de 2018 | DEU | RUS | expulsión | =4"),
        ("Дата | Страна | Против | Мера | Количество", "26 марта 2018 г. | DEU | RUS | высылка | =4"),
    ] {
        assert_eq!(rows(&texts("S", &[header, row])), ["yes 2018-03-26 DEU RUS expulsion 4"], "{header}");
    }
}

#[test]
fn a_workbook_with_the_columns_of_a_ledger_is_imported_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.xlsx");
    let mut book = Workbook::new();
    write(
        book.add_worksheet().set_name("Actions").unwrap(),
        &[
            "My list of 2018",
            "ref | date | actor | target | kind | count | summary",
            "a | 2018-03-26 | USA | RUS | expulsion | =60 | one",
            "b | 2018-03 | Canada | Russia | expulsion | 20-30 |",
        ],
    );
    write(book.add_worksheet().set_name("Other").unwrap(), &["hello"]);
    book.save(&path).unwrap();
    let mut ledger = ledger();
    let loaded = import_file(&mut ledger, &path).unwrap();
    assert_eq!((loaded.added, loaded.notes.len()), (2, 2), "{:?}", loaded.notes);
    assert!(loaded.notes.iter().any(|note| note.ends_with("'Other'")), "{:?}", loaded.notes);
    // A cell that is changed corrects its action; a problem names the sheet and the row.
    let mut book = Workbook::new();
    write(book.add_worksheet(), &["ref | date | actor | target | kind | count", "a | 2018-03-26 | USA | RUS | expulsion | =61"]);
    book.save(&path).unwrap();
    assert_eq!(import_file(&mut ledger, &path).unwrap().updated, 1);
    let mut book = Workbook::new();
    write(book.add_worksheet().set_name("S").unwrap(), &["date | actor | target | kind", "2018-03-26 | USA | RUS | expulsoin"]);
    book.save(&path).unwrap();
    let message = import_file(&mut ledger, &path).unwrap_err().to_string();
    assert!(message.contains("book.xlsx, sheet S:2, column kind"), "{message}");
}

#[test]
fn an_own_column_of_ids_identifies_the_rows() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let save = |count: &str, date: &str| {
        let row = format!("exp-7 | {date} | USA | Russia | expulsion | {count}");
        std::fs::write(at.join("book.xlsx"), texts("S", &["No | Date | Country | Against | Measure | Number", &row])).unwrap();
    };
    save("=60", "2018-03-26");
    assert!(!run(at, &["-f", "l.db", "import", "book.xlsx"]).status.success());
    assert!(!at.join("l.db").exists());
    ok(at, &["-f", "l.db", "import", "book.xlsx", "--review", "book.review.xlsx", "--map", "mine"]);
    save("=61", "2018-03-27");
    let said = ok(at, &["-f", "l.db", "import", "book.xlsx"]);
    assert!(said.contains("count: 60 -> 61") && said.contains("date: 2018-03-26 -> 2018-03-27"), "{said}");
    // Other headings are not read by the map.
    std::fs::write(at.join("book.xlsx"), texts("S", &[HEADER, "2018-03-26 | USA | Russia | expulsion | =60"])).unwrap();
    assert!(!run(at, &["-f", "l.db", "import", "book.xlsx"]).status.success());
}

#[test]
fn a_row_that_a_person_decides_keeps_its_answer() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let sheet = "Country;Date;Expelled;Reply by Russia;Date of reply\nGermny;2018-03-26;4;4;2018-03-30\n";
    std::fs::write(at.join("a.csv"), sheet).unwrap();
    assert!(!run(at, &["-f", "l.db", "import", "a.csv", "--review", "r.csv"]).status.success());
    let review = std::fs::read_to_string(at.join("r.csv")).unwrap();
    assert!(review.contains("there is no party 'Germny'") && review.contains("the act that it answers is asked"), "{review}");
    let decided = review.replace(",Germny,", ",DEU,").replace(",ask,", ",yes,");
    std::fs::write(at.join("r.csv"), decided).unwrap();
    let said = ok(at, &["-f", "l.db", "import", "a.csv", "--review", "r.csv"]);
    assert!(said.contains("2 actions and 1 link added"), "{said}");
    assert!(ok(at, &["-f", "l.db", "export", "csv"]).contains("2018-03-26-deu-rus-expulsion"));
}

#[test]
fn other_formats_of_workbooks_are_read() {
    let sheets = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/sheets");
    for (name, first) in [("old.xls", "2018-03-26/USA/RUS/expulsion/60"), ("open.ods", "2018-03-26/USA/RUS/expulsion/60")] {
        let mut files = Files::open(&[sheets.join(name)], &ReadOptions::default()).unwrap();
        let mut ledger = ledger();
        let proposal = files.propose(&ledger, &ReadOptions::default(), &SheetOptions::default()).unwrap().remove(0);
        let [rows, ..] = proposal.tables();
        assert_eq!(rows.rows[0][6..11].join("/"), first, "{name}");
        files.accept(proposal);
        assert!(files.import(&mut ledger, &ReadOptions::default(), &mut |_, _| ()).unwrap().added > 0);
    }
}

#[test]
fn a_damaged_workbook_is_refused_and_a_hostile_one_ends_nothing() {
    let good = texts("S", &[HEADER, "2018-03-26 | USA | Russia | expulsion | =60"]);
    let ledger = ledger();
    for at in (0..good.len()).step_by(good.len() / 40) {
        let mut bad = good.clone();
        bad[at] ^= 0x55;
        let _either = propose(&ledger, &bad, &SheetOptions::default());
        let _refused = propose(&ledger, &good[..at], &SheetOptions::default()).is_err();
    }
    assert!(propose(&ledger, &good[..good.len() / 2], &SheetOptions::default()).is_err());
    // A few bytes that stand for millions of cells.
    let content = "<office:document-content><office:body><office:spreadsheet><table:table table:name='S'>\
                   <table:table-row table:number-rows-repeated='1000000'><table:table-cell table:number-columns-repeated='16000' \
                   office:value-type='string'><text:p>x</text:p></table:table-cell></table:table-row></table:table>";
    let refused = propose(&ledger, &open_document(content), &SheetOptions::default()).unwrap_err().to_string();
    assert!(refused.contains("more than 10000000 cells"), "{refused}");
    // A cell far away makes no large sheet of empty cells.
    let far = book("S", |sheet| {
        write(sheet, &[HEADER]);
        sheet.write_string(1_048_575, 16_383, "far").unwrap();
    });
    assert!(propose(&ledger, &far, &SheetOptions::default()).is_ok());
    // An old file whose sheet claims to be large, or has a cell far away, would be built as a whole.
    let old = std::fs::read("tests/files/sheets/old.xls").unwrap();
    let record = |head: &[u8]| old.windows(head.len()).position(|bytes| bytes == head).unwrap() + head.len();
    for (head, at, bytes) in [
        (&[0x00, 0x02, 0x0e, 0x00][..], 4, &[0xff; 4][..]),
        (&[0x00, 0x02, 0x0e, 0x00], 0, &[9, 0, 0, 0, 3, 0, 0, 0]),
        (&[0xfd, 0x00, 0x0a, 0x00], 0, &[0xff; 4]),
    ] {
        let (mut hostile, at) = (old.clone(), record(head) + at);
        hostile[at..at + bytes.len()].copy_from_slice(bytes);
        let refused = propose(&ledger, &hostile, &SheetOptions::default()).unwrap_err().to_string();
        assert!(refused.contains("more than 10000000 cells"), "{refused}");
    }
}
