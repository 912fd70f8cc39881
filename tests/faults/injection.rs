//! Texts that another program would run as code (SQL, formulas, terminal escapes, markup) are stored unchanged in every field and never
//! executed, and symbolic links in place of an output file are not followed.

use std::path::Path;

use super::{number, unharmed};
use crate::support::{left_out, ok, run};

/// SQL that ends a statement, a formula, terminal escapes, changes of text direction, markup, a path, TeX.
const EVIL: [&str; 7] = [
    "x'); DROP TABLE action; DELETE FROM link WHERE ('1'='1",
    "=cmd|' /C calc'!A0",
    "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m",
    "\u{202e}backwards\u{2066}",
    "</td><script>alert(1)</script> [x](javascript:alert(1)) | `x`",
    "../../etc/passwd",
    "}, title = {\\input{/etc/passwd}} } { @misc{x, % ~ ^ # $ & _",
];

/// A ledger in which every text is `evil`, written with every command that takes a text.
fn filled(folder: &Path, evil: &str) {
    let run = |args: &[&str]| ok(folder, &[&["-f", "l.db", "--as", evil], args].concat());
    run(&["dispute", "add", "case", evil]);
    run(&["party", "add", "EVL", evil, "--alias", &format!("{evil} again")]);
    run(&["kind", "add", "evil", "--unit", "acts", "--sign", "hostile", "--description", evil]);
    run(&["scale", "add", "evil", "--title", evil, "--source", evil]);
    run(&["scale", "weigh", "evil", "evil", "-1"]);
    let texts = ["--dispute", "case", "--by", evil, "--place", evil, "--summary", evil, "--source", evil];
    run(&[&["log", evil, "USA", "evil", "2", "--on", "2017-01-01", "--deadline", "30d"], texts.as_slice()].concat());
    run(&[&["log", "USA", "EVL", "evil", "1", "--on", "2017-01-02", "--answers", "1"], texts.as_slice()].concat());
    run(&[&["log", "USA", "EVL", "evil", "1", "--on", "2017-01-03", "--stage", "threatened"], texts.as_slice()].concat());
    run(&["void", "3", "--reason", evil]);
    run(&["undo"]);
    run(&["source", "edit", "1", "--publisher", evil, "--title", evil, "--author", evil, "--quote", evil]);
}

/// Commands with output for people. It contains no control characters and no characters that change the text direction.
const FOR_PEOPLE: [&[&str]; 23] = [
    &["list"],
    &["show", "1"],
    &["show", "3"],
    &["chain", "1"],
    &["report", "unanswered"],
    &["report", "balance", "--scale", "evil"],
    &["report", "pending"],
    &["report", "timeline"],
    &["report", "timeline", "--format", "md"],
    &["report", "unanswered", "--format", "md"],
    &["history"],
    &["history", "1"],
    &["party", "show", "EVL"],
    &["party", "list", "--text", "again"],
    &["kind", "show", "evil"],
    &["kind", "list"],
    &["scale", "list"],
    &["scale", "show", "evil"],
    &["dispute", "list"],
    &["dispute", "show", "case"],
    &["source", "list"],
    &["source", "show", "1"],
    &["export", "bibtex"],
];

#[test]
fn texts_that_are_code_are_texts() {
    if left_out("texts that are code") {
        return;
    }
    for evil in EVIL {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        filled(folder, evil);
        let ledger = unharmed(&folder.join("l.db"));
        let conn = ledger.connection();
        let kept = "SELECT count(*) FROM action WHERE summary = ?1 AND place = ?1 AND \"by\" = ?1";
        assert_eq!(conn.query_row(kept, [evil], |r| r.get::<_, i64>(0)).unwrap(), 3);
        assert_eq!(number(conn, "SELECT count(*) FROM link"), 1);
        for args in FOR_PEOPLE {
            let said = ok(folder, &[&["-f", "l.db"], args].concat());
            let unseen = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            assert!(!said.contains(unseen), "{args:?}: {said:?}");
        }
        let said = ok(folder, &["-f", "l.db", "list", "--text", evil, "--format", "json"]);
        let rows: Vec<serde_json::Value> = serde_json::from_str(&said).unwrap();
        assert!(rows.len() == 3 && rows.iter().all(|row| row["summary"] == evil), "{said}");
        let references: serde_json::Value = serde_json::from_str(&ok(folder, &["-f", "l.db", "export", "csl-json"])).unwrap();
        let reference = &references[0];
        assert!([&reference["title"], &reference["publisher"], &reference["annote"]].iter().all(|text| **text == evil), "{reference}");
        let entry = ok(folder, &["-f", "l.db", "export", "bibtex"]);
        let (opened, closed) = (entry.matches('{').count(), entry.matches('}').count());
        assert!(opened == closed && entry.lines().last() == Some("}"), "{entry}");
        // Unknown names are refused, and the message does not contain their escapes.
        for args in [["show", evil], ["chain", evil], ["history", evil]] {
            let output = run(folder, &[&["-f", "l.db"], args.as_slice()].concat());
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(!output.status.success() && !said.contains('\u{1b}'), "{args:?}: {said:?}");
        }
    }
}

/// With --excel, no cell begins with a character that makes a spreadsheet run it as a formula.
#[test]
fn a_spreadsheet_runs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (day, formula) in (1..).zip(["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "=HYPERLINK(\"x\")", "'=1", "\u{ff1d}1"]) {
        let on = format!("2017-01-{day:02}");
        ok(
            folder,
            &["-f", "l.db", "log", "USA", "RUS", "protest", "--on", &on, "--summary", formula, "--place", formula, "--source", formula],
        );
    }
    let out = ok(folder, &["-f", "l.db", "export", "csv", "--excel"]);
    let mut table = csv::Reader::from_reader(out.as_bytes());
    for row in table.records() {
        for cell in &row.unwrap() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\u{ff1d}']), "{cell:?}");
        }
    }
    std::fs::write(folder.join("excel.csv"), out).unwrap();
    let plain = ok(folder, &["-f", "l.db", "export", "csv"]);
    assert_eq!(ok(folder, &["-f", "excel.csv", "export", "csv"]), plain, "the guard comes off again");
}

/// A symbolic link in place of an output file is not followed: the file that it points to does not change.
#[cfg(unix)]
#[test]
fn a_link_at_the_output_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "protest", "--on", "2017-01-01"]);
    std::fs::write(folder.join("precious"), "mine").unwrap();
    for (name, args) in [
        ("a", vec!["export", "csv", "-o", "a"]),
        ("b", vec!["export", "jsonl", "-o", "b"]),
        ("c", vec!["report", "unanswered", "--format", "md", "-o", "c"]),
        ("d", vec!["backup", "d"]),
        ("e", vec!["man", "e"]),
        ("f", vec!["export", "package", "f"]),
        ("h", vec!["export", "xlsx", "-o", "h"]),
    ] {
        std::os::unix::fs::symlink("precious", folder.join(name)).unwrap();
        run(folder, &[&["-f", "l.db"], args.as_slice()].concat());
        assert_eq!(std::fs::read_to_string(folder.join("precious")).unwrap(), "mine", "{args:?}");
    }
    std::os::unix::fs::symlink("l.db", folder.join("g")).unwrap();
    assert_eq!(run(folder, &["-f", "l.db", "export", "csv", "-o", "g"]).status.code(), Some(3));
    unharmed(&folder.join("l.db"));
}
