//! Texts and dates that another client or a file may not write, and texts of bytes that no rule can refuse.

use recip::Ledger;
use recip::ledger::check::{Finding, Severity, check};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{cases, left_out, ok, run, some};

/// A folder with a ledger that has a row in every table except those that are empty between changes.
fn ledger() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for args in [
        vec!["log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29", "--source", "a [says 2016]", "--summary", "s"],
        vec!["log", "RUS", "USA", "expulsion", "30+", "--on", "2017-07-28", "--answers", "1", "--source", "b [says several]", "--deadline", "2017-08-01"],
        vec!["dispute", "add", "d", "a dispute"],
        vec!["edit", "1", "--by", "Senate", "--place", "Moscow", "--dispute", "d", "--note", "n", "--tag", "t", "--quantity", "trade 2 bn USD"],
        vec!["log", "RUS", "USA", "protest", "--on", "2017-07-29"],
        vec!["void", "3", "--reason", "a rumour"],
        "source edit a --title t --publisher p --author x --quote q --date 2016 --accessed 2017 --url https://example.org/a --archive https://example.org/b".split(' ').collect(),
    ] {
        ok(folder.path(), &[&["-f", "l.db"], &args[..]].concat());
    }
    // A candidate of a feed, written as an import would, and a change that a merge took over.
    client(&folder)
        .execute_batch(
            "INSERT INTO series VALUES (1, 'USA', 'RUS', 'expulsion', 'done', 'day', 1);
             INSERT INTO feed_report VALUES (1, 'gdelt', 'e', 1, 9, 9, 9, '1', 0, 1, NULL, 0, 'a', 't', 'x', 'y', 'p', 's');
             INSERT INTO feed_batch VALUES (1, 1, 'gdelt', 3, 0, 1);
             INSERT INTO candidate VALUES (1, 1, 9, 9, 9, 1, 1, 0, 'dismissed', NULL, 'r');
             INSERT INTO merged_change VALUES (1, 1, '0123456789abcdef0123456789abcdef', '2017-01-01T00:00:00Z', 'w', 'c', 0);",
        )
        .unwrap();
    assert_eq!(errors(&folder), []);
    folder
}

/// Another client, with foreign keys and triggers off, so that only the CHECKs of the tables apply.
fn client(folder: &TempDir) -> Connection {
    let conn = Connection::open(folder.path().join("l.db")).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    conn
}

/// The errors, except the broken seal: the other client wrote past the history.
fn errors(folder: &TempDir) -> Vec<Finding> {
    let findings = check(&Ledger::open_to_check(&folder.path().join("l.db")).unwrap()).unwrap();
    findings.into_iter().filter(|f| f.code != "seal" && (f.severity == Severity::Error || f.code == "text")).collect()
}

/// Every column of texts: the table and the column.
fn text_columns(conn: &Connection) -> Vec<(String, String)> {
    let mut columns = conn
        .prepare(
            "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND c.type = 'TEXT' ORDER BY 1, 2",
        )
        .unwrap();
    columns.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect()
}

#[test]
fn no_column_takes_a_nul() {
    let folder = ledger();
    let conn = client(&folder);
    let columns = text_columns(&conn);
    assert!(columns.len() > 60, "{columns:?}");
    for (table, column) in columns {
        let rows: i64 = conn.query_row(&format!("SELECT count(\"{column}\") FROM \"{table}\""), [], |r| r.get(0)).unwrap();
        assert!(rows > 0, "{table}.{column} is empty");
        for value in ["char(0)", "'1990' || char(0)", "'[1]' || char(0)"] {
            let value = if rows > 0 { format!("\"{column}\" || {value}") } else { value.to_owned() };
            let done = conn.execute(&format!("UPDATE \"{table}\" SET \"{column}\" = {value}"), []);
            assert!(done.is_err(), "{table}.{column} took {value}");
        }
    }
}

/// SQLite cannot test whether a text is UTF-8, so such bytes can be anywhere.
#[test]
fn bytes_that_are_no_utf_8_are_found_wherever_they_are() {
    let folder = ledger();
    let mut found = 0;
    for (table, column) in some(6, text_columns(&client(&folder))) {
        let copy = tempfile::tempdir().unwrap();
        std::fs::copy(folder.path().join("l.db"), copy.path().join("l.db")).unwrap();
        let conn = client(&copy);
        let bad = if table == "history" { "replace(\"before\", 's', CAST(x'ff' AS TEXT))" } else { "CAST(x'66ff6f' AS TEXT)" };
        if conn.execute(&format!("UPDATE \"{table}\" SET \"{column}\" = {bad} WHERE \"{column}\" IS NOT NULL"), []).is_err() {
            continue;
        }
        drop(conn);
        found += 1;
        let what = format!("its {column} contains bytes that are not UTF-8; reports show U+FFFD instead");
        let place = if table == "action" { "#".to_owned() } else { format!("table {table}, row ") };
        let findings = errors(&copy);
        let hit = findings.iter().any(|f| f.code == "text" && f.place.starts_with(&place) && f.what == what);
        assert!(hit || column == "row_key", "{table}.{column}: {findings:#?}");
    }
    assert!(found > cases(4, 25), "{found}");
}

#[test]
fn reports_and_exports_replace_bytes_that_are_no_utf_8_and_say_so_once() {
    if left_out("bytes that are not UTF-8 in every report") {
        return;
    }
    let folder = ledger();
    client(&folder)
        .execute_batch(
            "UPDATE action SET \"by\" = CAST(x'66ff6f' AS TEXT), place = CAST(x'c3' AS TEXT), summary = CAST(x'66ff6f' AS TEXT);
             UPDATE action SET voided = CAST(x'80' AS TEXT) WHERE voided IS NOT NULL;
             UPDATE source SET (publisher, title, author, quote) = (CAST(x'e9' AS TEXT), CAST(x'e9' AS TEXT), CAST(x'e9' AS TEXT), CAST(x'e9' AS TEXT));
             UPDATE source SET cite = cite || CAST(x'e9' AS TEXT);
             UPDATE party SET name = name || CAST(x'e9' AS TEXT); UPDATE alias SET alias = alias || CAST(x'e9' AS TEXT);
             UPDATE kind SET description = CAST(x'e9' AS TEXT); UPDATE scale SET title = CAST(x'e9' AS TEXT);
             UPDATE dispute SET title = CAST(x'e9' AS TEXT); UPDATE change SET who = CAST(x'e9' AS TEXT), command = CAST(x'e9' AS TEXT);
             UPDATE history SET before = replace(before, 's\"', CAST(x'ff22' AS TEXT));
             UPDATE candidate SET reason = CAST(x'e9' AS TEXT);
             UPDATE feed_report SET (event, code, actor, target, actor_type, target_type, place, source) =
               (CAST(x'e9' AS TEXT), CAST(x'e9' AS TEXT), CAST(x'e9' AS TEXT), CAST(x'e9' AS TEXT), CAST(x'e9' AS TEXT), CAST(x'e9' AS TEXT), CAST(x'e9' AS TEXT), CAST(x'e9' AS TEXT))",
        )
        .unwrap();
    for args in [
        "list",
        "list --format csv",
        "list --format json",
        "show 1",
        "chain 1",
        "suggest",
        "history",
        "history 1",
        "report timeline USA RUS",
        "report unanswered",
        "report unanswered --format jsonl",
        "report balance",
        "report pending",
        "report reciprocity USA RUS",
        "report brief USA RUS",
        "candidates show 1",
        "party list",
        "kind list",
        "scale list",
        "dispute list",
        "source list",
        "source show 1",
        "export csv -o a.csv",
        "export jsonl -o a.jsonl",
        "export package folder",
        "export bibtex",
        "export csl-json",
        "list --as-known 2026-02-01",
    ] {
        let output = run(folder.path(), &[&["-f", "l.db"], &args.split(' ').collect::<Vec<_>>()[..]].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{args}: {said}");
        assert!(String::from_utf8(output.stdout).is_ok(), "{args}");
        assert!(said.matches("warning: some texts contain bytes that are not UTF-8").count() <= 1, "{args}: {said}");
        assert!(said.contains("warning: "), "{args}: {said}");
    }
    for file in ["a.csv", "a.jsonl", "folder"] {
        let said = run(folder.path(), &["-f", &format!("{file}.db"), "import", file]);
        assert!(said.status.success(), "{file}: {}", String::from_utf8_lossy(&said.stderr));
    }
    // A correction and an undo go on as well.
    ok(folder.path(), &["-f", "l.db", "edit", "1", "--summary", "corrected"]);
    ok(folder.path(), &["-f", "l.db", "undo"]);
}

/// Dates that are not written to the letter.
const BAD_DATES: [&str; 18] = [
    "2004-05-01junk",
    "2004-05-01 ",
    " 2004",
    "2004-5-1",
    "2004-02-30",
    "2004-13",
    "2004-00",
    "0000",
    "0000-01-01",
    "-2004",
    "20040501",
    "2004-",
    "now",
    "12:00",
    "2460000",
    "2004-05-01T00:00",
    "２００４",
    "",
];
/// Deadlines that are neither a day nor a time with its offset.
const BAD_DEADLINES: [&str; 10] = [
    "2004",
    "2004-05",
    "2004-05-01T12:00",
    "2004-05-01 12:00Z",
    "2004-05-01T24:00Z",
    "2004-05-01T12:60Z",
    "2004-05-01T12:00:60Z",
    "2004-05-01T1:00Z",
    "2004-05-01T12:00-0500",
    "2004-05-01T12:00Zjunk",
];
/// Times of recording that are not in UTC and to the second.
const BAD_STAMPS: [&str; 8] = [
    "2004",
    "2004-05-01",
    "2004-05-01T12:00Z",
    "2004-05-01 12:00:00Z",
    "2004-05-01T12:00:00",
    "2004-05-01T12:00:00+00:00",
    "2004-02-30T12:00:00Z",
    "2004-05-01T12:00:00Zjunk",
];

/// The columns of dates, with what is no date in them.
fn date_columns() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    let days =
        [("party", "since"), ("party", "until"), ("membership", "since"), ("membership", "until"), ("action", "date"), ("source", "date")];
    let days = days.into_iter().chain([("source", "accessed"), ("citation", "says_date")]);
    let stamps = [("action", "logged_at"), ("change", "at"), ("ledger", "created_at")];
    let deadline = ("action", "deadline", BAD_DATES.into_iter().chain(BAD_DEADLINES).filter(|d| *d != "2004-05-01T00:00").collect());
    let days = days.map(|(table, column)| (table, column, BAD_DATES.to_vec()));
    let stamps = stamps.into_iter().map(|(table, column)| (table, column, BAD_DATES.into_iter().chain(BAD_STAMPS).collect()));
    days.chain(stamps).chain([deadline]).collect()
}

#[test]
fn every_date_is_kept_to_the_letter() {
    let folder = ledger();
    let conn = client(&folder);
    for (table, column, bad) in date_columns() {
        for value in bad {
            let done = conn.execute(&format!("UPDATE \"{table}\" SET \"{column}\" = ?"), [value]);
            assert!(done.is_err(), "{table}.{column} took '{value}'");
        }
        if !matches!(column, "logged_at" | "at" | "created_at" | "deadline") {
            for good in ["2004-02-29", "9999-12", "2200"] {
                let update = format!("UPDATE OR IGNORE \"{table}\" SET \"{column}\" = ? WHERE \"{column}\" IS NOT NULL");
                conn.execute(&update, [good]).unwrap_or_else(|e| panic!("{table}.{column} {good}: {e}"));
            }
        }
    }
    for (column, good) in
        [("deadline", "2004-05-01T23:59:59-05:00"), ("deadline", "2004-05-01T12:00Z"), ("logged_at", "2004-05-01T12:00:00Z")]
    {
        conn.execute(&format!("UPDATE action SET {column} = ?"), [good]).unwrap();
    }
}

/// A line of a file with this value in this column of a table, and the column that a message names.
fn line(table: &str, column: &str, value: &str) -> Option<(Value, &'static str)> {
    let (mut object, field, named) = match (table, column) {
        ("party", "since") => (json!({"type": "party", "code": "ZZZ", "name": "Z", "party_type": "state"}), "since", "since"),
        ("party", "until") => (json!({"type": "party", "code": "ZZZ", "name": "Z", "party_type": "state"}), "until", "until"),
        ("membership", "since") => (json!({"type": "membership", "organisation": "EU", "member": "USA"}), "since", "since"),
        ("membership", "until") => {
            (json!({"type": "membership", "organisation": "EU", "member": "USA", "since": "1990"}), "until", "until")
        }
        ("source", "date") => (json!({"type": "source", "cite": "z"}), "date", "date"),
        ("source", "accessed") => (json!({"type": "source", "cite": "z"}), "accessed", "accessed"),
        ("action", field @ ("date" | "deadline" | "logged_at")) => {
            let action = json!({"type": "action", "date": "2017", "actor": "USA", "target": "RUS", "kind": "expulsion"});
            let field = ["date", "deadline", "logged_at"].into_iter().find(|f| *f == field)?;
            (action, field, field)
        }
        ("citation", _) => {
            let mut action = json!({"type": "action", "date": "2017", "actor": "USA", "target": "RUS", "kind": "expulsion"});
            action["sources"] = json!([{"cite": "z", "says_date": value}]);
            return Some((action, "sources"));
        }
        _ => return None,
    };
    object[field] = value.into();
    Some((object, named))
}

#[test]
fn a_file_may_not_bring_what_the_schema_refuses() {
    let folder = ledger();
    let refused = |line: &Value, column: &str| {
        std::fs::write(folder.path().join("a.jsonl"), format!("{{\"type\":\"source\",\"cite\":\"good\"}}\n{line}\n")).unwrap();
        let output = run(folder.path(), &["-f", "l.db", "import", "a.jsonl"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{line}: {said}");
        assert!(said.starts_with(&format!("error: a.jsonl:2, column {column}: ")), "{line}: {said}");
        said
    };
    for (table, column, bad) in some(8, date_columns()) {
        // An empty text means that nothing is given, except where a date is required.
        for value in bad.into_iter().filter(|value| !value.is_empty()) {
            if let Some((line, named)) = line(table, column, value) {
                refused(&line, named);
            }
        }
    }
    let action = json!({"type": "action", "date": "2017", "actor": "USA", "target": "RUS", "kind": "expulsion"});
    for field in some(4, ["by", "place", "summary", "voided", "ref", "dispute", "deadline", "logged_at"]) {
        let mut line = action.clone();
        line[field] = "a\0b".into();
        refused(&line, field);
    }
    let mut cited = action;
    cited["sources"] = json!([{"cite": "a\0b"}]);
    assert!(refused(&cited, "sources").contains("it contains a NUL character"));
    for field in some(4, ["cite", "publisher", "title", "author", "url", "archive", "quote"]) {
        let mut line = json!({"type": "source", "cite": "z"});
        line[field] = "a\0b".into();
        assert!(refused(&line, field).contains("it contains a NUL character; help: remove it"));
    }
    for (line, column) in some(
        4,
        [
            (json!({"type": "party", "code": "ZZZ", "name": "a\0b", "party_type": "state"}), "name"),
            (json!({"type": "alias", "alias": "a\0b", "party": "USA"}), "alias"),
            (json!({"type": "kind", "name": "z", "unit": "acts", "sign": "hostile", "description": "a\0b"}), "description"),
            (json!({"type": "scale", "name": "z", "title": "a\0b"}), "title"),
            (json!({"type": "dispute", "slug": "z", "title": "a\0b"}), "title"),
        ],
    ) {
        assert!(refused(&line, column).contains("it contains a NUL character; help: remove it"));
    }
}
