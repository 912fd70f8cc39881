//! Files as people and programs write them: what is read, what is said, and what is refused with a way out.

use std::collections::HashMap;

use recip::read::ReadOptions;

use super::{csv, import_text, ledger};
use crate::support::{ok, run, some};

/// What an import of a text into a new ledger gives: the columns date, actor, target, kind, count and summary of each action.
fn read(name: &str, text: impl AsRef<[u8]>) -> Vec<String> {
    let mut ledger = ledger();
    import_text(&mut ledger, name, text).unwrap_or_else(|e| panic!("{e}"));
    let exported = csv(&ledger, false);
    let mut rows = ::csv::Reader::from_reader(exported.as_bytes());
    let columns = ["date", "actor", "target", "kind", "count", "summary"];
    let cells = |row: HashMap<String, String>| columns.map(|column| row[column].clone()).join("/");
    rows.deserialize().map(|row| cells(row.unwrap())).collect()
}

const ROW: &str = "2016-12-29/USA/RUS/expulsion/35/a, b";

#[test]
fn a_file_is_read_whatever_program_wrote_it() {
    let plain = "date,actor,target,kind,count,summary\n2016-12-29,USA,RUS,expulsion,35,\"a, b\"\n";
    for text in [
        plain.to_owned(),
        format!("# my list\n{plain}"),
        format!("Expulsions 2016\n\n{plain}"),
        format!("\n{plain}\n\n"),
        plain.replace(',', ", ").replace("\"a,  b\"", "\"a, b\""),
        plain.replace("RUS,", "Russian Federation ,").replace("date,", " Date ,"),
        "date\tactor\ttarget\tkind\tcount\tsummary\n2016-12-29\tUSA\tRUS\texpulsion\t35\ta, b\n".to_owned(),
        "date|actor|target|kind|count|summary\n2016-12-29|USA|RUS|expulsion|35|a, b\n".to_owned(),
        "sep=;\ndate;actor;target;kind;count;summary\n2016-12-29;USA;RUS;expulsion;35;a, b\n".to_owned(),
        "date,actor,target,kind,count,summary\n'2016-12-29','USA','RUS','expulsion','35','a, b'\n".to_owned(),
        "date,actor,target,kind,count,summary,stage,dispute\n2016-12-29,USA,RUS,Expulsion,35,\"a, b\",DONE,Case-1\n".to_owned(),
    ] {
        assert_eq!(read("a.csv", &text), [ROW], "{text}");
        assert_eq!(read("a.tab", &text), [ROW], "{text}");
    }
    // Cells at the end of a row may be left out.
    assert_eq!(read("a.csv", "date,actor,target,kind,count,summary\n2016-12-29,USA,RUS,expulsion\n"), ["2016-12-29/USA/RUS/expulsion//"]);
    // Spaces around the parts of a link.
    let links = "ref,date,actor,target,kind,count,answers\na,2016-12-29,USA,RUS,expulsion,35,\nb,2017,RUS,USA,expulsion,35,a: 35 / 35\n";
    assert_eq!(read("a.csv", links).len(), 2);
}

#[test]
fn the_bytes_decide_the_encoding_of_each_file() {
    let text = "date,actor,target,kind,count,summary\n2018-03-26,DEU,RUS,expulsion,4,München – “Café”\n";
    let expected = "2018-03-26/DEU/RUS/expulsion/4/München – “Café”";
    let utf_16 = |encode: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(encode).collect::<Vec<u8>>();
    let windows = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (name, bytes) in some(
        3,
        [
            ("utf8", text.as_bytes().to_vec()),
            ("marked", format!("\u{feff}{text}").into_bytes()),
            ("little", utf_16(u16::to_le_bytes)),
            ("big", utf_16(u16::to_be_bytes)),
            ("windows", windows),
        ],
    ) {
        let file = format!("{name}.csv");
        std::fs::write(folder.join(&file), bytes).unwrap();
        // The label is that of the files that need one.
        let ledger = format!("{name}.db");
        ok(folder, &["-f", &ledger, "import", "--encoding", "windows-1252", &file]);
        assert!(ok(folder, &["-f", &ledger, "export", "csv"]).contains("München – “Café”"), "{name}: {expected}");
    }
    // A long file may have its first letter beyond ASCII far behind.
    let long = format!("date,actor,target,kind,summary\n{}2018,DEU,RUS,protest,Café\n", "2018,DEU,RUS,protest,x\n".repeat(20_000));
    for bytes in [long.clone().into_bytes(), encoding_rs::WINDOWS_1252.encode(&long).0.into_owned()] {
        std::fs::write(folder.join("long.csv"), bytes).unwrap();
        let _ = std::fs::remove_file(folder.join("long.db"));
        ok(folder, &["-f", "long.db", "import", "--encoding", "windows-1252", "long.csv"]);
        assert!(ok(folder, &["-f", "long.db", "export", "csv"]).contains("Café"));
    }
}

#[test]
fn what_is_no_text_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (name, bytes, says) in [
        ("a.csv", &b"PK\x03\x04\x14\0\0\0\x08\0docProps/app.xml"[..], "this is an Excel workbook"),
        ("a.xlsx", b"PK\x03\x04\x14\0\0\0\x08\0[Content_Types].xml", "this workbook cannot be read"),
        ("a.xlsm.csv", b"PK\x03\x04\x14\0\0\0\x08\0[Content_Types].xml", "this is an Excel workbook"),
        ("a.ods.csv", b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "this is an OpenDocument spreadsheet"),
        ("b.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is an Excel workbook of an old format"),
        ("c.csv", b"\x1f\x8b\x08\0\0\0", "this is packed with gzip"),
        ("d.jsonl", b"<!DOCTYPE html><html>404</html>", "this is a web page"),
        ("e.csv", b"SQLite format 3\0", "this is an SQLite file"),
        ("f.xyz", b"date,actor\n", "the format cannot be determined from the name"),
    ] {
        std::fs::write(folder.join(name), bytes).unwrap();
        let output = run(folder, &["-f", "l.db", "import", name]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(3) && said.contains(says) && said.contains("help: "), "{name}: {said}");
    }
}

#[test]
fn a_header_is_judged_whole() {
    for (text, says) in [
        (
            "Country,Diplomats expelled,Date\n",
            "a.csv:1: unknown columns 'country' (did you mean count?), 'diplomats expelled'; the columns 'actor', 'target', 'kind' are missing, and every row needs them",
        ),
        (",date,actor,target,kind,count\n0,2016,USA,RUS,expulsion,1\n", "a.csv:1: column 1 has no name"),
        ("A title\ndate,actor,kind,knd\n", "a.csv:2: unknown column 'knd'; the column 'target' is missing"),
    ] {
        let said = import_text(&mut ledger(), "a.csv", text).unwrap_err().to_string();
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn what_was_left_out_or_looks_wrong_is_said() {
    let rows = "date,actor,target,kind,count,summary\n2018-03-26,USA,RUS,expulsion,60,\"begun\n2018-03-27,GBR,RUS,expulsion,23,x\n2018-03-28,DEU,RUS,expulsion,4,y\"\n";
    let notes = |text: &str| import_text(&mut ledger(), "a.csv", text).unwrap().notes;
    let [note] = &notes(rows)[..] else { panic!() };
    assert!(
        note.ends_with("a.csv:2: a cell contains 2 lines that may be rows: look whether its quote is closed where it should be"),
        "{note}"
    );
    let [note] = &notes(&format!("Sheet 1, of 2018\n{rows}").replace("2018-03-27,", "").replace("2018-03-28,", ""))[..] else { panic!() };
    assert!(note.ends_with("a.csv: left out before the header: Sheet 1  of 2018"), "{note}");
    // A quote within quotes that is not doubled; whatever is quoted rightly is not noted.
    let quoted = |cell: &str, between: &str| {
        let text = format!("date,actor,target,kind,summary,place\n2018,USA,RUS,protest,x,\n2018-02,USA,RUS,protest,{between}{cell},\"y\"");
        notes(&text)
    };
    for between in ["", " "] {
        for cell in ["\"he said \"go\" now\"", "\"\"go\" he said\"", "\"two\nlines \"and\" more\""] {
            let [note] = &quoted(cell, between)[..] else { panic!("{cell}") };
            let said = "a.csv:3: text follows the quote that ends a cell, so the cell may be read wrongly: write each quote within a quoted cell twice";
            assert!(note.ends_with(said), "{note}");
        }
        for cell in ["\"he said \"\"go\"\" now\"", "\"\"", "\"\"\"go\"\"\"", "\"go\" ", "\"a, b\""] {
            assert_eq!(quoted(cell, between), [""; 0], "{cell}");
        }
    }
    assert_eq!(quoted("5\" of rain", ""), [""; 0]);
    assert!(notes("sep=,\ndate,actor,target,kind,summary\n2018,USA,RUS,protest,\"two\nlines, of prose\"\n").is_empty());
}

#[test]
fn several_addresses_in_a_cell_are_several_sources() {
    let sources = |cell: &str| {
        let mut ledger = ledger();
        import_text(&mut ledger, "a.csv", format!("date,actor,target,kind,sources\n2018,USA,RUS,protest,\"{cell}\"\n")).unwrap();
        let mut select = ledger.connection().prepare("SELECT cite FROM source ORDER BY id").unwrap();
        select.query_map([], |r| r.get(0)).unwrap().collect::<Result<Vec<String>, _>>().unwrap()
    };
    for between in ["; ", " ", ",", "\n", " | ", ";"] {
        assert_eq!(
            sources(&format!("https://example.org/a{between}http://example.org/b")),
            ["https://example.org/a", "http://example.org/b"],
            "{between:?}"
        );
    }
    for (cell, first, second) in [
        ("BBC https://a.org/x; TASS https://b.org/y", "BBC https://a.org/x", "TASS https://b.org/y"),
        ("https://a.org/x and https://b.org/y", "https://a.org/x", "https://b.org/y"),
        ("https://a.org/x und https://b.org/y", "https://a.org/x", "https://b.org/y"),
        ("BBC (https://a.org), Guardian (https://b.org)", "BBC (https://a.org)", "Guardian (https://b.org)"),
        ("[1] https://a.org [2] https://b.org", "[1] https://a.org", "[2] https://b.org"),
        ("https://a.org BBC, https://b.org TASS", "https://a.org BBC", "https://b.org TASS"),
        ("https://a.org (BBC) https://b.org (TASS)", "https://a.org (BBC)", "https://b.org (TASS)"),
        ("BBC, London: https://a.org; TASS, Moscow: https://b.org", "BBC, London: https://a.org", "TASS, Moscow: https://b.org"),
    ] {
        assert_eq!(sources(cell), [first, second], "{cell}");
    }
    assert_eq!(sources("https://archive.example/2018/https://example.org/a"), ["https://archive.example/2018/https://example.org/a"]);
    assert_eq!(sources("The Guardian; https://example.org/a"), ["The Guardian; https://example.org/a"]);
}

#[test]
fn rows_may_be_separated_otherwise_than_their_header() {
    for (header, rows) in [(",", "\t"), (",", ";"), (";", ","), ("\t", ";")] {
        let line = |cells: &str, between: &str| format!("{}\n", cells.replace('|', between));
        let text = line("date|actor|target|kind|count", header)
            + &line("2018-03-26|USA|RUS|expulsion|60", rows)
            + &line("2018-03-27|USA|RUS|protest|", rows);
        let mut ledger = ledger();
        assert_eq!(import_text(&mut ledger, "a.csv", text).unwrap().added, 2, "{header:?} {rows:?}");
    }
}

#[test]
fn an_encoding_is_proposed_with_how_the_text_reads_in_it() {
    let table = |word: &[u8]| [b"date,actor,target,kind,summary\n2018,RUS,UKR,protest,", word, b"\n"].concat();
    for (word, readings) in [
        (&b"\xed\xee\xf2\xe0"[..], "'\u{ed}\u{ee}\u{f2}\u{e0}' in windows-1252, 'нота' in windows-1251"),
        (b"\xa3\xf3d\x9f", "'Łódź' in windows-1250"),
        (b"Caf\xe9", "'Café' in windows-1252"),
    ] {
        let refused = import_text(&mut ledger(), "a.csv", table(word)).unwrap_err().to_string();
        assert!(refused.contains(readings), "{refused}");
    }
    let with = |label: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, table(b"Caf\xe9")).unwrap();
        let options = ReadOptions { encoding: Some(label.to_owned()), ..ReadOptions::default() };
        recip::read::import(&mut ledger(), &[path], &options, &mut |_, _| ())
    };
    for label in ["latin-1", "Latin_1", "latin1", "iso-8859-1", "windows-1252"] {
        assert!(with(label).is_ok(), "{label}");
    }
    for label in ["cp850", "CP437", "ibm850"] {
        assert!(with(label).unwrap_err().to_string().contains("iconv -f CP850"), "{label}");
    }
}

#[test]
fn what_only_has_the_name_of_a_workbook_is_named_by_its_bytes() {
    const TABLE: &str = "date,actor,target,kind\n2018,USA,RUS,protest\n";
    let utf16: Vec<u8> = TABLE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, what) in [
        (TABLE.as_bytes(), "this is text, and not a workbook"),
        (&utf16, "this is text, and not a workbook"),
        (b"<html><body><table><tr><td>a</td></tr></table>", "this is a table of a web page"),
        (b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>", "this is an Excel workbook as XML"),
        (b"\x1f\x8b\x08\x00", "this is packed with gzip"),
        (b"%PDF-1.4", "this is a PDF"),
        (b"", "the file is empty"),
    ] {
        for name in ["a.xlsx", "a.xls", "a.ods"] {
            let refused = import_text(&mut ledger(), name, bytes).unwrap_err().to_string();
            assert!(refused.contains(what), "{refused}");
        }
    }
    // JSON under another name is JSON.
    let row = "{\"date\":\"2018\",\"actor\":\"USA\",\"target\":\"RUS\",\"kind\":\"protest\",\"sources\":[\"https://a.org\"]}\n";
    for name in ["a.txt", "a.csv"] {
        assert_eq!(import_text(&mut ledger(), name, row).unwrap().added, 1);
        assert_eq!(import_text(&mut ledger(), name, row.replace("[\"https://a.org\"]", "null")).unwrap().added, 1);
    }
}

#[test]
fn objects_are_read_in_every_form_of_json() {
    let row = r#"{"date":"2016-12-29","actor":"USA","target":"RUS","kind":"expulsion","count":35,"summary":"a, b"}"#;
    for text in [
        row.to_owned(),
        format!("[{row}]"),
        format!("[\n  {}\n]\n", row.replace(',', ",\n    ").replace("a,\n     b", "a, b")),
        row.replace('{', "{\"type\":\"action\","),
    ] {
        assert_eq!(read("a.jsonl", &text), [ROW], "{text}");
        assert_eq!(read("a.json", &text), [ROW], "{text}");
    }
    let folder = tempfile::tempdir().unwrap();
    let mut import = crate::support::recip(folder.path());
    let mut child = import.args(["-f", "l.db", "import", "-"]).stdin(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), format!("[{row}]").as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(ok(folder.path(), &["-f", "l.db", "list"]).contains("expulsion of 35 persons"));
    for (text, says) in [
        (row.replace("\"count\":35", "\"count\":35,\"count\":36"), "the field 'count' occurs twice"),
        (row.replace("\"count\":35", "\"sources\":[{\"cite\":\"A\",\"cite\":\"B\"}]"), "the field 'cite' occurs twice"),
        (row.replace("\"kind\"", "\"type\":\"act\",\"kind\""), "unknown type 'act'"),
        (row.replace("\"count\":35", "\"count\":NaN"), "JSON has no NaN and no Infinity: write null where a value is missing"),
        (
            "{\"Date\":\"2022-04-04\",\"Country\":\"USA\"}".to_owned(),
            "these fields are not those of an action: Country, Date; help: name them date, actor",
        ),
        (format!("{row}\n{{\"date\":"), "a.jsonl:2: this is not a JSON object"),
        (format!("{row}\nand more\n"), "a.jsonl:2: this is not a JSON object"),
    ] {
        let said = import_text(&mut ledger(), "a.jsonl", text).unwrap_err().to_string();
        assert!(said.contains(says), "{said}");
    }
    let utf_32 = |bytes: fn(u32) -> [u8; 4], mark: &str| {
        format!("{mark}date,actor,target,kind\n").chars().flat_map(|c| bytes(c as u32)).collect::<Vec<u8>>()
    };
    for text in [
        utf_32(u32::to_le_bytes, "\u{feff}"),
        utf_32(u32::to_be_bytes, "\u{feff}"),
        utf_32(u32::to_le_bytes, ""),
        utf_32(u32::to_be_bytes, ""),
    ] {
        let said = import_text(&mut ledger(), "a.csv", text).unwrap_err().to_string();
        assert!(said.contains("this is text in UTF-32") && said.contains("save it as UTF-8"), "{said}");
    }
}

#[test]
fn names_are_known_as_indexes_and_documents_write_them() {
    for (given, code) in [
        ("Korea, Rep.", "KOR"),
        ("Egypt, Arab Rep.", "EGY"),
        ("Gambia, The", "GMB"),
        ("Congo, Dem. Rep.", "COD"),
        ("KOREA, SOUTH", "KOR"),
        ("Republic of Korea (South Korea)", "KOR"),
        ("Ireland, Republic of", "IRL"),
        ("Bahamas, The", "BHS"),
    ] {
        let text = format!("date,actor,target,kind\n1990-01-01,\"{given}\",USA,protest\n");
        assert_eq!(read("a.csv", text), [format!("1990-01-01/{code}/USA/protest//")], "{given}");
    }
    // Two parties in one name are neither.
    let two = import_text(&mut ledger(), "a.csv", "date,actor,target,kind\n1990,China (Russia),USA,protest\n");
    assert!(two.unwrap_err().to_string().contains("there is no party 'China (Russia)'"));
}
