//! Ledgers of every version open for ever. `tests/data/version-N.db` is the founding case, as the releases of version N
//! wrote it: `RECIP_AS=tester RECIP_NOW=2026-01-02T12:00:00Z recip -f tests/data/version-N.db import
//! examples/us-russia-2016-2017.csv`. Once such a release is out the file stays as it is.

use std::path::{Path, PathBuf};

use recip::ledger::SCHEMA_VERSION;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use super::full_disk::limited;
use super::number;
use crate::support::{ok, run};

/// A file of `tests/data`.
pub fn kept(version: i32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/version-{version}.db"))
}

/// A folder with the ledger of a version, `l.db`, to which another client did this.
fn with(version: i32, sql: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("l.db");
    std::fs::copy(kept(version), &ledger).unwrap();
    let conn = Connection::open(ledger).unwrap();
    conn.execute_batch(sql).unwrap();
    conn.close().unwrap();
    folder
}

/// Looks into a file as it lies.
fn look(path: &Path) -> Connection {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

/// The version of a file's schema.
pub fn version(path: &Path) -> i32 {
    look(path).pragma_query_value(None, "user_version", |r| r.get(0)).unwrap()
}

/// How many actions it holds.
pub fn actions(path: &Path) -> i64 {
    number(&look(path), "SELECT count(*) FROM action")
}

/// Every row of every table, with the columns that version 1 has.
fn rows(conn: &Connection, of_version_1: &Connection) -> Vec<String> {
    let select = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let tables: Vec<String> = of_version_1.prepare(select).unwrap().query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    let mut found = Vec::new();
    for table in tables {
        let info = "SELECT group_concat('quote(\"' || name || '\")', ' || ''|'' || ') FROM pragma_table_xinfo(?)";
        let columns: String = of_version_1.query_row(info, [&table], |r| r.get(0)).unwrap();
        let mut rows = conn.prepare(&format!("SELECT '{table}: ' || {columns} FROM {table} ORDER BY 1")).unwrap();
        found.extend(rows.query_map([], |r| r.get::<_, String>(0)).unwrap().map(Result::unwrap));
    }
    found
}

#[test]
fn a_ledger_of_any_version_opens_and_reports() {
    for version in 1..=SCHEMA_VERSION {
        let folder = with(version, "");
        let args = ["-f", "l.db", "report", "unanswered", "USA", "RUS", "--as-of", "2017-07-13", "--format", "csv"];
        let output = run(folder.path(), &args);
        let told = String::from_utf8(output.stderr).unwrap();
        let upgraded = format!("l.db is upgraded to version {SCHEMA_VERSION}; as it was it is kept as l.db.version-{version}\n");
        assert_eq!(told, if version < SCHEMA_VERSION { upgraded } else { String::new() });
        let csv = String::from_utf8(output.stdout).unwrap();
        let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|l| l.split(',').collect()).collect();
        assert_eq!(rows.iter().map(|r| (r[5], r[7], r[9])).collect::<Vec<_>>(), [("expulsion", "35", "196"), ("seizure", "2", "196")]);
        assert_eq!(ok(folder.path(), &["-f", "l.db", "check", "--errors-only"]), "nothing found\n");
        let again = run(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "protest"]);
        assert!(String::from_utf8(again.stdout).unwrap().starts_with("#19 "));
        assert_eq!(String::from_utf8(again.stderr).unwrap(), "");
    }
}

#[test]
fn an_upgrade_keeps_every_row_and_every_id() {
    let folder = with(
        1,
        "CREATE TABLE notes (note TEXT UNIQUE); INSERT INTO notes VALUES ('mine'); ANALYZE;
        UPDATE sqlite_sequence SET seq = 100 WHERE name = 'source'",
    );
    let path = folder.path().join("l.db");
    ok(folder.path(), &["-f", "l.db", "list"]);
    let before = look(&folder.path().join("l.db.version-1"));
    assert_eq!((version(&folder.path().join("l.db.version-1")), version(&path)), (1, SCHEMA_VERSION));
    let after = look(&path);
    let statistics = |row: &String| !row.starts_with("sqlite_stat1: 'source'");
    let [was, is] = [&before, &after].map(|conn| rows(conn, &before).into_iter().filter(statistics).collect::<Vec<_>>());
    assert!(was.len() > 1000 && was.iter().any(|r| r == "notes: 'mine'"), "{}", was.len());
    assert_eq!(was, is);
    drop(after);
    ok(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "protest", "--source", "new"]);
    assert_eq!(number(&look(&path), "SELECT id FROM source WHERE cite = 'new'"), 101);
}

/// A table that has no row has given ids all the same.
#[test]
fn an_id_that_is_gone_is_not_given_again() {
    let folder = with(1, "PRAGMA foreign_keys = OFF; DELETE FROM citation; DELETE FROM source");
    ok(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "protest", "--source", "new"]);
    assert_eq!(number(&look(&folder.path().join("l.db")), "SELECT id FROM source"), 40);
}

/// What version 1 kept of a source knows nothing of the newer columns.
#[test]
fn what_was_known_before_an_upgrade_is_known_after_it() {
    let folder = with(1, "UPDATE source SET title = 'A title', cite = 'renamed' WHERE id = 1");
    let folder = folder.path();
    ok(folder, &["-f", "l.db", "list"]);
    let conn = Connection::open(folder.join("l.db")).unwrap();
    let cite: String = conn.query_row("SELECT before ->> '$.cite' FROM history WHERE table_name = 'source'", [], |r| r.get(0)).unwrap();
    drop(conn);
    let told = ok(folder, &["-f", "l.db", "history"]);
    assert!(told.contains(&format!("source 1: renamed cite: {cite} -> renamed\n  source 1: renamed title: - -> A title\n")), "{told}");
    assert!(!told.contains("author"), "{told}");
    let known = ["-f", "l.db", "--as-known", "2026-01-02T12:00:00Z", "export", "jsonl"];
    let line = |text: String| text.lines().find(|l| l.contains("\"source\"") && l.contains(&cite)).map(str::to_owned);
    let was = line(ok(folder, &known)).unwrap();
    assert!(!was.contains("title") && !was.contains("author"), "{was}");
    ok(folder, &["-f", "l.db", "undo"]);
    assert_eq!(line(ok(folder, &["-f", "l.db", "export", "jsonl"])), Some(was));
    ok(folder, &["-f", "l.db", "redo"]);
    assert!(ok(folder, &["-f", "l.db", "history"]).contains("title: - -> A title"));
}

#[test]
fn a_ledger_that_cannot_be_upgraded_can_be_read() {
    let folder = with(1, "");
    let path = folder.path().join("l.db");
    let bytes = std::fs::read(&path).unwrap();
    // Room for SQLite's own small files, and not for a copy.
    for args in [
        vec!["-f", "l.db", "list", "--format", "csv"],
        vec!["-f", "l.db", "--as-known", "2026-01-03", "export", "csv"],
        vec!["-f", "l.db", "check", "--errors-only"],
    ] {
        let output = limited(folder.path(), 200, &args);
        assert!(output.status.success() && !output.stdout.is_empty(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let refused = limited(folder.path(), 200, &["-f", "l.db", "log", "USA", "RUS", "protest"]);
    assert_eq!(refused.status.code(), Some(5), "{}", String::from_utf8_lossy(&refused.stderr));
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    assert!(!folder.path().join("l.db.version-1").exists());
}

#[test]
fn a_check_and_a_restore_leave_an_older_file_as_it_is() {
    let folder = with(1, "");
    let folder = folder.path();
    std::fs::copy(folder.join("l.db"), folder.join("copy.db")).unwrap();
    let bytes = std::fs::read(folder.join("copy.db")).unwrap();
    assert_eq!(ok(folder, &["-f", "copy.db", "check", "--errors-only"]), "nothing found\n");
    ok(folder, &["-f", "new.db", "restore", "copy.db"]);
    ok(folder, &["-f", "l.db", "restore", "copy.db"]);
    assert_eq!(std::fs::read(folder.join("copy.db")).unwrap(), bytes);
    for name in ["new.db", "l.db"] {
        assert_eq!((version(&folder.join(name)), actions(&folder.join(name))), (SCHEMA_VERSION, 18));
    }
    let mut beside = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let kept = beside.find(|name| name.starts_with("l.db.before-restore-")).unwrap();
    assert_eq!(version(&folder.join(kept)), 1);
}

#[test]
fn a_copy_that_is_kept_already_is_not_overwritten() {
    let folder = with(1, "");
    std::fs::write(folder.path().join("l.db.version-1"), "mine").unwrap();
    let told = String::from_utf8(run(folder.path(), &["-f", "l.db", "list"]).stderr).unwrap();
    assert!(told.ends_with("it is kept as l.db.version-1-2\n"), "{told}");
    assert_eq!(std::fs::read_to_string(folder.path().join("l.db.version-1")).unwrap(), "mine");
}

#[test]
fn a_strangers_file_of_version_1_is_not_upgraded() {
    for (sql, named) in [
        ("CREATE TRIGGER evil AFTER UPDATE ON source BEGIN DELETE FROM citation; END", "the trigger 'evil' is not of a ledger"),
        ("DROP VIEW balance; CREATE VIEW balance AS SELECT 1", "the view 'balance' is not as recip made it"),
        ("DROP TRIGGER source_updated", "the trigger 'source_updated' is missing"),
        ("ALTER TABLE source ADD COLUMN author TEXT", "the table 'source' is not as recip made it"),
        ("PRAGMA user_version = 0", "its version is 0, which no release had"),
    ] {
        let folder = with(1, sql);
        let path = folder.path().join("l.db");
        let bytes = std::fs::read(&path).unwrap();
        for args in
            [vec!["-f", "l.db", "list"], vec!["-f", "l.db", "log", "USA", "RUS", "protest"], vec!["-f", "new.db", "restore", "l.db"]]
        {
            let output = run(folder.path(), &args);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.code() == Some(3) && said.contains(named), "{sql}, {args:?}: {said}");
        }
        let found = run(folder.path(), &["-f", "l.db", "check"]);
        let said = [found.stdout, found.stderr].concat();
        assert!(String::from_utf8_lossy(&said).contains(named), "{sql}: {}", String::from_utf8_lossy(&said));
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "{sql}");
        assert!(!folder.path().join("l.db.version-1").exists());
    }
}

#[test]
fn many_open_an_older_ledger_at_once() {
    let folder = with(1, "");
    let folder = folder.path();
    let upgraded = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8)
            .map(|n| {
                scope.spawn(move || {
                    let reference = format!("at-once-{n}");
                    let log = ["-f", "l.db", "log", "USA", "RUS", "protest", "--on", "2017-08-01", "--ref", &reference];
                    let output = run(folder, if n % 2 == 0 { &log } else { &["-f", "l.db", "report", "unanswered"] });
                    let said = String::from_utf8(output.stderr).unwrap();
                    assert!(output.status.success(), "{said}");
                    said.contains("is upgraded")
                })
            })
            .collect();
        all.into_iter().map(|program| program.join().unwrap()).filter(|told| *told).count()
    });
    assert_eq!(upgraded, 1);
    assert_eq!(actions(&folder.join("l.db")), 22);
    assert_eq!(actions(&folder.join("l.db.version-1")), 18);
    assert!(!folder.join("l.db.version-1-2").exists());
    assert_eq!(ok(folder, &["-f", "l.db", "check", "--errors-only"]), "nothing found\n");
}
