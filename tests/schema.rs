//! The schema is fully commented, and pages in `tests/cmd` show every view.

use recip::ledger::SCHEMA;
use rusqlite::Connection;
use rusqlite::types::Value;

fn loaded() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(SCHEMA).unwrap();
    conn
}

fn names(conn: &Connection, sort: &str) -> Vec<String> {
    let mut names = conn.prepare("SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite_%' ORDER BY name").unwrap();
    names.query_map([sort], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
}

fn columns(conn: &Connection, table: &str) -> Vec<String> {
    let mut columns = conn.prepare("SELECT name FROM pragma_table_xinfo(?)").unwrap();
    columns.query_map([table], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
}

/// The line before the statement that creates `name`, and the statement.
fn statement(name: &str) -> (&'static str, &'static str) {
    let at = ["TABLE", "VIEW", "TRIGGER"].iter().find_map(|sort| SCHEMA.find(&format!("\nCREATE {sort} {name} "))).unwrap();
    let before = SCHEMA[..at].lines().last().unwrap();
    let body = &SCHEMA[at + 1..];
    (before, &body[..body.find(";\n").unwrap()])
}

#[test]
fn every_table_view_and_trigger_says_what_it_is_for() {
    let conn = loaded();
    for sort in ["table", "view", "trigger"] {
        let named = names(&conn, sort);
        assert!(named.len() >= 5, "{named:?}");
        for name in named {
            let (before, _) = statement(&name);
            assert!(before.starts_with("-- "), "{sort} {name} has no comment above it, but: {before}");
        }
    }
}

#[test]
fn every_column_of_a_table_is_commented() {
    let conn = loaded();
    for table in names(&conn, "table") {
        let (_, body) = statement(&table);
        let lines: Vec<&str> = body.lines().map(str::trim).collect();
        for column in columns(&conn, &table) {
            let at = lines.iter().position(|l| l.trim_start_matches('"').starts_with(&column) && !l.starts_with("--")).unwrap();
            assert!(lines[at - 1].starts_with("-- "), "{table}.{column} has no comment above it");
        }
    }
}

#[test]
fn every_column_of_a_view_is_commented() {
    let conn = loaded();
    for view in names(&conn, "view") {
        let (_, body) = statement(&view);
        let select: Vec<&str> = body.lines().collect();
        for column in columns(&conn, &view) {
            let column = column.trim_matches('"');
            let commented = select.iter().enumerate().any(|(at, line)| {
                let code = line.split(" -- ").next().unwrap();
                let names = code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == column);
                let above = at > 0 && select[at - 1].trim_start().starts_with("-- ");
                names && (line.contains(" -- ") || above || continued(&select, at))
            });
            assert!(commented, "{view}.{column} has no comment beside it");
        }
    }
}

/// True if the line belongs to a list of columns over several lines that has a comment on its last line.
fn continued(lines: &[&str], at: usize) -> bool {
    lines[at..].iter().take(3).take_while(|l| !l.contains("FROM")).any(|l| l.contains(" -- "))
}

#[test]
fn every_view_has_a_sample_and_stands_in_a_page() {
    let conn = loaded();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd");
    let pages: String = std::fs::read_dir(folder).unwrap().map(|p| std::fs::read_to_string(p.unwrap().path()).unwrap()).collect();
    for view in names(&conn, "view") {
        let at = SCHEMA.find(&format!("\nCREATE VIEW {view} ")).unwrap();
        let comment: Vec<&str> = SCHEMA[..at].lines().rev().take_while(|l| l.starts_with("--")).collect();
        assert!(comment.iter().any(|l| l.contains("sqlite> ")), "{view} shows no sample of its output");
        assert!(pages.contains(&format!("FROM {view}")), "no page of tests/cmd shows the view {view}");
    }
}

#[test]
fn every_sample_shows_what_the_founding_case_and_a_feed_give() {
    let folder = tempfile::tempdir().unwrap();
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let example = |name: &str| examples.join(name).display().to_string();
    let recip = |args: &[&str]| {
        let done = crate::support::recip(folder.path()).env("RECIP_AS", "desk@embassy").args(["-f", "l.db"]).args(args).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    recip(&["import", &example("us-russia-2016-2017.csv")]);
    recip(&["edit", "18", "--note", "to be confirmed"]);
    recip(&["import", "--feed", "gdelt", &example("gdelt-20170701-english.tsv")]);
    let conn = Connection::open(folder.path().join("l.db")).unwrap();
    let mut lines = SCHEMA.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(query) = line.strip_prefix("--   sqlite> ") else { continue };
        let mut shown = Vec::new();
        while let Some(row) = lines.next_if(|line| line.starts_with("--   ") && !line.starts_with("--   sqlite> ")) {
            shown.push(&row["--   ".len()..]);
        }
        assert_eq!(printed(&conn, query), shown, "{query}");
    }
}

/// The rows of a query as the sqlite3 shell prints them.
fn printed(conn: &Connection, query: &str) -> Vec<String> {
    let mut select = conn.prepare(query).unwrap();
    let width = select.column_count();
    let cell = |value: Value| match value {
        Value::Null => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => format!("{number:?}"),
        Value::Text(text) => text,
        Value::Blob(_) => panic!("{query} gives bytes"),
    };
    let rows = select.query_map([], |row| (0..width).map(|at| Ok(cell(row.get(at)?))).collect::<rusqlite::Result<Vec<_>>>()).unwrap();
    rows.map(|row| row.unwrap().join("|")).collect()
}

#[test]
fn the_tables_are_strict_and_the_file_says_what_it_is() {
    let conn = loaded();
    let loose: Vec<String> = conn
        .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
        .unwrap()
        .query_map([], |r| r.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(loose.is_empty(), "{loose:?}");
    let pragma = |name: &str| conn.pragma_query_value(None, name, |r| r.get::<_, i32>(0)).unwrap();
    assert_eq!(pragma("application_id"), recip::ledger::APPLICATION_ID);
    assert_eq!(pragma("user_version"), recip::ledger::SCHEMA_VERSION);
}

#[test]
fn the_schema_has_no_clock_in_its_views() {
    for part in SCHEMA.split("\nCREATE VIEW ").skip(1) {
        let view = part.split(";\n").next().unwrap();
        assert!(!view.contains("'now'") && !view.to_uppercase().contains("CURRENT_"), "{view}");
    }
}
