//! The workbook: what its parts contain, and that its sheet of actions is the flat CSV again.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use proptest::prelude::*;
use recip::ledger::{Entry, Ledger};
use recip::model::Day;
use recip::render::export::{About, export_workbook};
use recip::report::Selection;
use roxmltree::{Document, Node};

use super::round_trip::entry;
use super::{built, csv, examples, import_file, import_text, ledger, whole};
use crate::support::{config, left_out, ok, run};

/// The parts of a workbook, by name.
type Parts = BTreeMap<String, String>;

fn parts(workbook: &[u8]) -> Parts {
    let mut zip = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut part = zip.by_index(at).unwrap();
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            (part.name().unwrap().into_owned(), text)
        })
        .collect()
}

fn workbook(ledger: &Ledger, selection: &Selection) -> Vec<u8> {
    let about = About {
        scope: String::new(),
        as_known: None,
        command: "recip export xlsx".to_owned(),
        digest_command: "recip export jsonl".to_owned(),
    };
    let mut out = Vec::new();
    export_workbook(ledger, selection, &about, &mut out).unwrap();
    out
}

fn named<'d>(of: Node<'d, 'd>, name: &str) -> Vec<Node<'d, 'd>> {
    of.descendants().filter(|node| node.tag_name().name() == name).collect()
}

/// The text of a cell or a shared string, without the escapes of control characters.
fn text(of: Node<'_, '_>) -> String {
    let escaped: String = named(of, "t").iter().filter_map(|t| t.text()).collect();
    let mut parts = escaped.split("_x");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32) {
            Some(c) if part.get(4..5) == Some("_") => {
                text.push(c);
                text.push_str(&part[5..]);
            }
            _ => text.push_str(&format!("_x{part}")),
        }
    }
    text
}

/// The number format of each style of a cell: 0 is the general one.
fn formats(parts: &Parts) -> Vec<String> {
    let styles = Document::parse(&parts["xl/styles.xml"]).unwrap();
    let own: BTreeMap<&str, &str> =
        named(styles.root(), "numFmt").iter().map(|n| (n.attribute("numFmtId").unwrap(), n.attribute("formatCode").unwrap())).collect();
    let cells = named(styles.root(), "cellXfs")[0];
    named(cells, "xf").iter().map(|xf| own.get(xf.attribute("numFmtId").unwrap()).copied().unwrap_or_default().to_owned()).collect()
}

/// The rows of a sheet as texts; dates as ISO dates.
fn rows(parts: &Parts, sheet: usize) -> Vec<Vec<String>> {
    // A large workbook has its texts in its cells.
    let shared = parts.get("xl/sharedStrings.xml").map_or("<sst/>", String::as_str);
    let shared = Document::parse(shared).unwrap();
    let shared: Vec<String> = named(shared.root(), "si").into_iter().map(text).collect();
    let formats = formats(parts);
    let sheet = Document::parse(&parts[&format!("xl/worksheets/sheet{sheet}.xml")]).unwrap();
    let rows = named(sheet.root(), "row").into_iter().map(|row| {
        let mut cells = Vec::new();
        for cell in named(row, "c") {
            let column = cell.attribute("r").unwrap().trim_end_matches(char::is_numeric);
            let at = column.bytes().fold(0, |at, b| at * 26 + usize::from(b - b'A') + 1) - 1;
            cells.resize(at, String::new());
            let value = named(cell, "v").first().and_then(|v| v.text()).unwrap_or_default();
            let style: usize = cell.attribute("s").unwrap_or("0").parse().unwrap();
            cells.push(match cell.attribute("t") {
                Some("inlineStr") => text(cell),
                Some("s") => shared[value.parse::<usize>().unwrap()].clone(),
                Some(other) => format!("{other}:{value}"),
                None if formats[style] == "yyyy-mm-dd" => Day(value.parse::<i64>().unwrap() - 25_569).iso(),
                None => value.to_owned(),
            });
        }
        cells
    });
    rows.collect()
}

/// The sheet of the actions as CSV.
fn actions(parts: &Parts) -> String {
    let rows = rows(parts, 1);
    let mut csv = csv::Writer::from_writer(Vec::new());
    for mut row in rows.clone() {
        row.resize(rows[0].len(), String::new());
        csv.write_record(row).unwrap();
    }
    String::from_utf8(csv.into_inner().unwrap()).unwrap()
}

#[test]
fn the_examples_come_back_from_a_workbook() {
    if left_out("the examples as workbooks") {
        return;
    }
    for example in examples() {
        let mut there = ledger();
        import_file(&mut there, &example).unwrap();
        let book = workbook(&there, &whole());
        let again = import_text(&mut there, "b.xlsx", &book).unwrap();
        assert_eq!((again.added, again.updated), (0, 0), "{}", example.display());
        let mut new = ledger();
        import_text(&mut new, "b.xlsx", &book).unwrap();
        assert_eq!(csv(&new, false), csv(&there, false), "{}", example.display());
    }
}

proptest! {
    #![proptest_config(config(4))]

    /// The sheet of the actions is the flat CSV, whatever the texts contain, and no text is a formula.
    #[test]
    fn any_ledger_survives_in_a_workbook(entries in prop::collection::vec(entry(), 1..40)) {
        let there = built(&entries);
        let book = workbook(&there, &whole());
        prop_assert_eq!(&workbook(&there, &whole()), &book, "the same bytes");
        let parts = parts(&book);
        let text = actions(&parts);
        prop_assert_eq!(&text, &csv(&there, false));
        let mut back = ledger();
        import_text(&mut back, "a.csv", csv(&there, false)).unwrap();
        let again = import_text(&mut back, "b.csv", &text).unwrap();
        prop_assert_eq!((again.added, again.links), (0, 0));
        let again = import_text(&mut back, "b.xlsx", &book).unwrap();
        prop_assert_eq!((again.added, again.links, again.updated), (0, 0, 0));
        let mut new = ledger();
        import_text(&mut new, "b.xlsx", &book).unwrap();
        prop_assert_eq!(csv(&new, false), text);
        for (name, part) in &parts {
            prop_assert!(!part.contains("<f>"), "{} has a formula", name);
        }
    }
}

#[test]
fn every_sheet_is_a_table_with_typed_cells() {
    let mut ledger = ledger();
    let entry = |date: &str| Entry::new("USA", "RUS", "expulsion", date.parse().unwrap()).count(35);
    let mut first = entry("2016-12-29");
    first.details.summary = Some("=HYPERLINK(\"http://evil\")".to_owned());
    first.details.note = Some("2016-12-29".to_owned());
    first.sources = vec!["https://example.org/a?b=1&c=%20#d".parse().unwrap()];
    ledger.log(&first).unwrap();
    let mut second = entry("2017-06");
    second.details.deadline = Some("2017-07-01".to_owned());
    ledger.log(&second).unwrap();
    let mut third = entry("1899-12-31");
    third.details.deadline = Some("1900-01-02T12:00Z".to_owned());
    ledger.log(&third).unwrap();
    let book = workbook(&ledger, &whole());
    let parts = parts(&book);

    let book = Document::parse(&parts["xl/workbook.xml"]).unwrap();
    let sheets: Vec<(&str, bool)> =
        named(book.root(), "sheet").iter().map(|s| (s.attribute("name").unwrap(), s.attribute("state").is_some())).collect();
    let names = ["Actions", "Links", "Sources", "Unanswered", "Balance", "Pending", "About"].map(|name| (name, false));
    assert_eq!(sheets, [&names[..], &[("Lists", true)]].concat());
    for sheet in 1..=sheets.len() {
        let part = &parts[&format!("xl/worksheets/sheet{sheet}.xml")];
        assert!(part.contains("<pane ySplit=\"1\"") && part.contains("<tablePart "), "{part}");
        assert!(parts[&format!("xl/tables/table{sheet}.xml")].contains("<autoFilter "));
    }

    let actions = rows(&parts, 1);
    let column = |name: &str| actions[0].iter().position(|c| c == name).unwrap();
    let cells = |name: &str| -> Vec<&str> { actions[1..].iter().map(|row| row[column(name)].as_str()).collect() };
    assert_eq!(cells("date"), ["1899-12-31", "2016-12-29", "2017-06"]);
    assert_eq!(cells("deadline"), ["1900-01-02T12:00Z", "", "2017-07-01"]);
    assert_eq!(cells("summary")[1], "=HYPERLINK(\"http://evil\")");
    // Cells with a date style: one date and one deadline. The early date, the month, the time and the note are texts.
    let formats = formats(&parts);
    let sheet = Document::parse(&parts["xl/worksheets/sheet1.xml"]).unwrap();
    let dated =
        named(sheet.root(), "c").into_iter().filter(|c| c.attribute("s").is_some_and(|s| !formats[s.parse::<usize>().unwrap()].is_empty()));
    assert_eq!(dated.map(|c| c.attribute("r").unwrap()).collect::<Vec<_>>(), ["B3", "K4"]);
    let lists: Vec<&str> = named(sheet.root(), "formula1").iter().filter_map(|f| f.text()).collect();
    assert_eq!(lists.len(), 4);
    assert!(lists[0].starts_with("Lists!$A$2:$A$"), "{lists:?}");

    let links = &parts["xl/worksheets/_rels/sheet1.xml.rels"];
    assert!(links.contains("Target=\"https://example.org/a?b=1&amp;c=%20\""), "{links}");
    assert!(!links.contains("evil"), "{links}");
    assert!(parts["docProps/core.xml"].contains("2024-01-01T00:00:00Z</dcterms:created>"));
    assert_eq!(rows(&parts, 4)[1][2], "1899-12-31", "the oldest comes first");
}

/// A workbook of more actions than fit in memory has the same cells.
#[test]
fn a_large_workbook_has_filters_and_the_same_rows() {
    if left_out("a large workbook") {
        return;
    }
    let lines: String = (0..10_001).map(|n| format!("N/{n},2017-{:02},USA,RUS,protest,=1+{n},https://a.org/{n}\n", n % 12 + 1)).collect();
    let mut ledger = ledger();
    import_text(&mut ledger, "a.csv", format!("ref,date,actor,target,kind,summary,sources\n{lines}")).unwrap();
    let parts = parts(&workbook(&ledger, &whole()));
    assert_eq!(actions(&parts), csv(&ledger, false));
    for sheet in 1..=8 {
        let part = &parts[&format!("xl/worksheets/sheet{sheet}.xml")];
        assert!(part.contains("<pane ySplit=\"1\"") && part.contains("<autoFilter ") && part.contains("<cols>") && !part.contains("<f>"));
    }
    assert!(parts["xl/worksheets/sheet1.xml"].contains("<dataValidation "));
    assert_eq!(self::rows(&parts, 4).len(), 10_002);
}

#[test]
fn a_text_that_no_cell_holds_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("note"), "x".repeat(32_768)).unwrap();
    let text = format!("ref,date,actor,target,kind,note\na,2017,USA,RUS,protest,{}\n", "x".repeat(32_768));
    std::fs::write(folder.join("a.csv"), text).unwrap();
    let output = run(folder, &["-f", "a.csv", "export", "xlsx", "-o", "a.xlsx"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("row 2, column note of the sheet Actions"));
    assert!(!folder.join("a.xlsx").exists());
    ok(folder, &["-f", "a.csv", "export", "csv", "-o", "b.csv"]);
}
