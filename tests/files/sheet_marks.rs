//! What the formats of cells say: text that is struck out, formulas without a value, ids that a spreadsheet turned into something else.

use rust_xlsxwriter::{ExcelDateTime, Format};

use super::sheets::{HEADER, book, open_document, rows, texts, write, zipped};
use crate::support::run;

const NOTE: &str = "is struck out, or a part of it";

#[test]
fn a_count_of_which_a_part_is_struck_out_is_asked() {
    let plain = Format::new();
    let struck = Format::new().set_font_strikethrough();
    let sheet = book("S", |sheet| {
        write(sheet, &[HEADER, "2018-03-26 | USA | Russia | expulsion", "2018-03-26 | Canada | Russia | expulsion"]);
        sheet.write_rich_string(1, 4, &[(&plain, "2"), (&struck, "3"), (&plain, "4")]).unwrap();
        sheet.write_rich_string(2, 4, &[(&plain, "4"), (&plain, "0")]).unwrap();
    });
    let read = rows(&sheet);
    assert_eq!(read[0], format!("ask 2018-03-26 USA RUS expulsion 234 count: '234' {NOTE}"));
    assert_eq!(read[1], "yes 2018-03-26 CAN RUS expulsion 40");
}

/// A workbook of the parts that a program needs to write: the properties and the rows of a sheet, in XML.
fn workbook(properties: &str, rows: &str) -> Vec<u8> {
    let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    let link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = |kind: &str, to: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
             Type=\"{link}/{kind}\" Target=\"{to}\"/></Relationships>"
        )
    };
    let sheets = "<sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets>";
    zipped(&[
        ("_rels/.rels", &relations("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", &format!("<workbook {main} xmlns:r=\"{link}\">{properties}{sheets}</workbook>")),
        ("xl/_rels/workbook.xml.rels", &relations("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", &format!("<worksheet {main}><sheetData>{rows}</sheetData></worksheet>")),
    ])
}

/// The row of a workbook with these texts and numbers.
fn row_of(cells: &[&str]) -> String {
    let cell = |text: &&str| match text.parse::<f64>() {
        Ok(_) => format!("<c><v>{text}</v></c>"),
        Err(_) => format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"),
    };
    format!("<row>{}</row>", cells.iter().map(cell).collect::<String>())
}

/// What an import of a workbook says, and the actions that are in the ledger after it.
fn import(bytes: Vec<u8>) -> [String; 2] {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.xlsx"), bytes).unwrap();
    [&["-f", "l.db", "import", "x.xlsx"][..], &["-f", "l.db", "list", "--format", "csv"]].map(|args| {
        let output = run(folder.path(), args);
        String::from_utf8_lossy(&[output.stderr, output.stdout].concat()).into_owned()
    })
}

#[test]
fn the_number_of_a_day_counts_from_the_epoch_of_its_workbook() {
    let rows = [row_of(&["date", "actor", "target", "kind"]), row_of(&["41723", "USA", "RUS", "protest"])].concat();
    let [since_1904, listed] = import(workbook("<workbookPr date1904=\"1\"/>", &rows));
    assert!(since_1904.contains("'41723' is the number of days since 1904, as spreadsheets count them: 2018-03-26\n"), "{since_1904}");
    assert!(listed.contains(",2018-03-26,"), "{listed}");
    let [since_1900, listed] = import(workbook("", &rows));
    assert!(since_1900.contains("'41723' is the number of days since 1900, as spreadsheets count them: 2014-03-25\n"), "{since_1900}");
    assert!(listed.contains(",2014-03-25,"), "{listed}");
}

/// Some programs write the texts into the cells and not into the list of shared texts.
#[test]
fn texts_within_the_cells_are_read_with_what_strikes_them_out() {
    let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let row = |cells: &[String]| format!("<row>{}</row>", cells.concat());
    let run = |strike: &str, text: &str| format!("<r><rPr>{strike}<sz val=\"11\"/></rPr><t xml:space=\"preserve\">{text}</t></r>");
    let act = ["2018-03-26", "USA", "Russia", "expulsion"].map(cell);
    let part = format!("<c t=\"inlineStr\"><is>{}{}</is></c>", run("<strike/>", "30 "), run("<strike val=\"0\"/>", "35"));
    let body = [
        row(&HEADER.split(" | ").map(cell).collect::<Vec<_>>()),
        row(&[&act[..], &[part]].concat()),
        row(&act.clone().map(|text| text.replace("<t>", "<r><rPr><strike/></rPr><t>").replace("</t>", "</t></r>"))),
    ];
    let sheet = workbook("", &body.concat());
    assert_eq!(
        rows(&sheet),
        [
            format!("ask 2018-03-26 USA RUS expulsion count: '30 35' {NOTE}; count: '30 35' is not a count"),
            "no it is struck out: 2018-03-26 USA Russia expulsion".to_owned()
        ]
    );
}

#[test]
fn an_open_document_says_what_is_struck_out_and_what_was_never_computed() {
    let text = |text: &str| format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>");
    let row = |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let act = |party: &str, count: &str| row(&[&["2018-03-26", party, "Russia", "expulsion"].map(text)[..], &[count.to_owned()]].concat());
    let part = text("<text:span text:style-name=\"T1\">3</text:span>4");
    let whole = act("Norway", &text("1")).replace("<table:table-cell", "<table:table-cell table:style-name=\"ce1\"");
    let formula = "<table:table-cell table:formula=\"of:=30+30\"/>";
    let remark = text("<office:annotation><text:p>said <text:span text:style-name=\"T1\">so</text:span></text:p></office:annotation>5");
    let body = [
        row(&HEADER.split(" | ").map(text).collect::<Vec<_>>()),
        act("USA", &part),
        whole,
        act("Canada", formula),
        act("Italy", &text("<text:span text:style-name=\"T2\">2</text:span>")),
        act("Spain", &remark),
    ];
    let style = |name: &str, family: &str, line: &str| {
        format!(
            "<style:style style:name=\"{name}\" style:family=\"{family}\">\
             <style:text-properties style:text-line-through-style=\"{line}\"/></style:style>"
        )
    };
    let styles = [style("ce1", "table-cell", "solid"), style("T1", "text", "solid"), style("T2", "text", "none")].concat();
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>\
         <table:table table:name=\"S\">{}</table:table></office:spreadsheet></office:body></office:document-content>",
        body.concat()
    );
    let asked = "count: the formula '=30+30' has no value: open the file in a spreadsheet program and save it there";
    assert_eq!(
        rows(&open_document(&content)),
        [
            format!("ask 2018-03-26 USA RUS expulsion 34 count: '34' {NOTE}"),
            "no it is struck out: 2018-03-26 Norway Russia expulsion 1".to_owned(),
            format!("ask 2018-03-26 CAN RUS expulsion {asked}"),
            "yes 2018-03-26 ITA RUS expulsion 2".to_owned(),
            "yes 2018-03-26 ESP RUS expulsion 5".to_owned(),
        ]
    );
}

#[test]
fn ids_that_a_spreadsheet_made_a_number_or_a_date_are_asked() {
    let sheet = book("S", |sheet| {
        write(sheet, &["ID | Date | Country | Against | Measure | Number"]);
        for (row, party) in (1..).zip(["USA", "Canada", "Italy"]) {
            write_at(sheet, row, &["", "2018-03-26", party, "Russia", "expulsion", "4"]);
        }
        sheet.write_number(1, 0, 12_345_678_901_234_567_890.0).unwrap();
        sheet.write_datetime_with_format(2, 0, ExcelDateTime::from_ymd(2018, 1, 2).unwrap(), &Format::new().set_num_format("d-m")).unwrap();
        sheet.write_string(3, 0, "12345678901234567890").unwrap();
    });
    let read = rows(&sheet);
    let rounded = "ref '1.23456789012346E+19': a spreadsheet turned it into a rounded number; write the ref in full, in a column that the \
                   spreadsheet keeps as text";
    assert_eq!(read[0], format!("ask 2018-03-26 USA RUS expulsion 4 {rounded}"));
    let date = "the ref '2018-01-02' is a date, which spreadsheets make of refs such as 1-2: write it as the text that it was";
    assert_eq!(read[1], format!("ask 2018-03-26 CAN RUS expulsion 4 {date}"));
    assert_eq!(read[2], "yes 2018-03-26 ITA RUS expulsion 4");
}

fn write_at(sheet: &mut rust_xlsxwriter::Worksheet, row: u32, cells: &[&str]) {
    for (column, text) in (0..).zip(cells) {
        sheet.write_string(row, column, *text).unwrap();
    }
}

#[test]
fn what_is_struck_out_is_not_read_under_recips_own_header() {
    let (plain, struck) = (Format::new(), Format::new().set_font_strikethrough());
    let of = |parts: &[(&Format, &str)]| {
        book("S", |sheet| {
            write(sheet, &["My list", "date | actor | target | kind | count", "2018-03-26 | USA | RUS | expulsion"]);
            match parts {
                [(_, text)] => sheet.write_string(2, 4, *text).unwrap(),
                parts => sheet.write_rich_string(2, 4, parts).unwrap(),
            };
            for (column, text) in (0..).zip(["2018-03-27", "GBR", "RUS", "expulsion", "23"]) {
                sheet.write_string_with_format(3, column, text, &struck).unwrap();
            }
        })
    };
    assert_eq!(
        import(of(&[(&struck, "6"), (&plain, "48")]))[0],
        "error: x.xlsx, sheet S:3, column count: '648' is struck out, or a part of it; help: delete what is struck out, or make it plain text\n\
         x.xlsx, sheet S: 1 error; nothing was changed\nhelp: correct the file and import it again\n"
    );
    let [said, _] = import(of(&[(&plain, "48")]));
    assert!(said.contains("x.xlsx, sheet S:4: left out: it is struck out: 2018-03-27 GBR RUS expulsion 23\n"), "{said}");
    assert!(said.ends_with("1 action and 0 links added\n"), "{said}");
}

#[test]
fn a_date_that_shows_no_day_has_none() {
    let date = |year, month, day| ExcelDateTime::from_ymd(year, month, day).unwrap();
    let sheet = book("S", |sheet| {
        write(sheet, &[HEADER]);
        for (row, (date, format)) in (1..).zip([
            (date(2018, 3, 1), "mmm-yy"),
            (date(2018, 3, 26), "mmm-yy"),
            (date(2018, 1, 1), "yyyy"),
            (date(2018, 4, 1), "dd.mm.yyyy"),
        ]) {
            write_at(sheet, row, &["", "USA", "Russia", "expulsion", "4"]);
            sheet.write_datetime_with_format(row, 0, date, &Format::new().set_num_format(format)).unwrap();
        }
    });
    let of = |date: &str| format!("yes {date} USA RUS expulsion 4");
    assert_eq!(rows(&sheet), ["2018-03", "2018-03-26", "2018", "2018-04-01"].map(of));
    let text = |text: &str| format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>");
    let row = |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let date = |style: &str| {
        format!(
            "<table:table-cell table:style-name=\"{style}\" office:value-type=\"date\" office:date-value=\"2018-01-01\"><text:p>x</text:p>\
             </table:table-cell>"
        )
    };
    let act = |style: &str| row(&[&[date(style)][..], &["USA", "Russia", "expulsion", "4"].map(text)].concat());
    let style = |name: &str, parts: &str| {
        format!(
            "<number:date-style style:name=\"N{name}\">{parts}</number:date-style>\
             <style:style style:name=\"{name}\" style:family=\"table-cell\" style:data-style-name=\"N{name}\"/>"
        )
    };
    let [day, month, year] = ["day", "month", "year"].map(|part| format!("<number:{part}/>"));
    let styles = [style("c1", &format!("{month}{year}")), style("c2", &year), style("c3", &format!("{day}{month}{year}"))].concat();
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>\
         <table:table table:name=\"S\">{}{}</table:table></office:spreadsheet></office:body></office:document-content>",
        row(&HEADER.split(" | ").map(text).collect::<Vec<_>>()),
        ["c1", "c2", "c3"].map(act).concat()
    );
    assert_eq!(rows(&open_document(&content)), ["2018-01", "2018", "2018-01-01"].map(of));
}

#[test]
fn dates_that_a_spreadsheet_made_of_another_order_are_asked() {
    let sheet = book("S", |sheet| {
        write(
            sheet,
            &[HEADER, "| USA | Russia | expulsion | 4", "26/03/2018 | UK | Russia | expulsion | 4", "| Italy | Russia | expulsion | 4"],
        );
        for (row, month, day) in [(1, 4, 3), (3, 5, 5)] {
            let format = Format::new().set_num_format("m/d/yyyy");
            sheet.write_datetime_with_format(row, 0, ExcelDateTime::from_ymd(2018, month, day).unwrap(), &format).unwrap();
        }
    });
    assert_eq!(
        rows(&sheet),
        [
            "ask 2018-04-03 USA RUS expulsion 4 date: '2018-04-03' is 2018-04-03 or 2018-03-04",
            "yes 2018-03-26 GBR RUS expulsion 4",
            "yes 2018-05-05 ITA RUS expulsion 4",
        ]
    );
}

#[test]
fn an_act_that_is_done_in_the_future_is_asked() {
    let asked =
        |date: &str| format!("the date {date} is in the future: correct it, write a stage such as announced, or write yes if it is right");
    let sheet = texts(
        "S",
        &[
            "Date | Country | Against | Measure | Status",
            "26.3.68 | USA | Russia | protest |",
            "26.3.69 | USA | Russia | protest | announced",
        ],
    );
    assert_eq!(
        rows(&sheet),
        [format!("ask 2068-03-26 USA RUS protest {}", asked("2068-03-26")), "yes 2069-03-26 USA RUS protest announced".to_owned()]
    );
}

#[test]
fn hidden_rows_and_comments_are_said() {
    let sheet = |header: &str| {
        book("S", |sheet| {
            write(sheet, &[header, "2018-03-26 | USA | RUS | expulsion | =60", "2018-03-27 | GBR | RUS | expulsion | =23"]);
            sheet.set_row_hidden(2).unwrap();
            sheet.set_row_hidden(9).unwrap();
            sheet.insert_note(1, 4, &rust_xlsxwriter::Note::new("as of noon")).unwrap();
        })
    };
    for header in [HEADER, "date | actor | target | kind | count"] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.xlsx"), sheet(header)).unwrap();
        let output = run(folder.path(), &["-f", "l.db", "import", "x.xlsx"]);
        let said = String::from_utf8_lossy(&[output.stderr, output.stdout].concat()).into_owned();
        assert!(said.contains("the sheet 'S' has 1 hidden row, read like the others, the first in row 3\n"), "{said}");
        assert!(said.contains("the sheet 'S' has 1 comment that no row takes, the first at E2\n"), "{said}");
    }
}

#[test]
fn hidden_rows_and_months_of_old_files_are_noticed() {
    let bytes = std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/sheets/hidden.xls")).unwrap();
    // The first three cells show a month, a month and a year; the last one shows a month of a day that was typed.
    let dates = ["2018-03", "2018-04", "2018", "2018-03-26", "2018-03-27"];
    let read = rows(&bytes);
    assert_eq!(read.iter().map(|row| row.split(' ').nth(1).unwrap()).collect::<Vec<_>>(), dates);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.xls"), bytes).unwrap();
    let output = run(folder.path(), &["-f", "l.db", "import", "x.xls"]);
    let said = String::from_utf8_lossy(&[output.stderr, output.stdout].concat()).into_owned();
    assert!(said.contains("the sheet 'Acts' has 2 hidden rows, read like the others, the first in row 5\n"), "{said}");
}

#[test]
fn texts_beside_an_address_behind_their_cell_are_kept() {
    let header = format!("{HEADER} | Source");
    let sheet = book("S", |sheet| {
        write(sheet, &[&header, "2018-03-26 | USA | Russia | expulsion | =60", "2018-03-27 | UK | Russia | expulsion | =23"]);
        for (row, text) in [(1, "Guardian; BBC"), (2, "ministry")] {
            sheet.write_url(row, 5, rust_xlsxwriter::Url::new("https://a.org/2").set_text(text)).unwrap();
        }
    });
    assert_eq!(
        rows(&sheet),
        ["yes 2018-03-26 USA RUS expulsion 60 Guardian; BBC | https://a.org/2", "yes 2018-03-27 GBR RUS expulsion 23 https://a.org/2"]
    );
}

#[test]
fn formulas_of_old_files_are_asked_or_give_their_address() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/sheets/formulas.xls");
    let asked = "count: the formula '=20+3' has no value: open the file in a spreadsheet program and save it there";
    assert_eq!(
        rows(&std::fs::read(path).unwrap()),
        [format!("ask 2018-03-26 USA RUS expulsion https://a.org/1 {asked}"), "yes 2018-03-26 GBR RUS expulsion 4".to_owned()]
    );
}
