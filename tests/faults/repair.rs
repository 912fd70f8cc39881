//! Damaged and inconsistent ledgers, from which everything that can be read goes to a new one.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::{Random, times};
use crate::support::{left_out, ok, run};

const PAGE: usize = 4096;

/// The lines of a repair: its result, and what is lost.
fn repaired(folder: &Path, file: &str) -> Result<String, String> {
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("new.db{end}")));
    }
    let before = std::fs::read(folder.join(file)).unwrap();
    let output = run(folder, &["-f", file, "check", "--repair", "new.db"]);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    assert_eq!(std::fs::read(folder.join(file)).unwrap(), before, "the old file was written to");
    let strays: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!strays.iter().any(|name| name.contains(".recip-")), "{strays:?}");
    if output.status.code() == Some(3) || output.status.code() == Some(5) {
        assert!(!folder.join("new.db").exists(), "{said}");
        return Err(said);
    }
    let found = run(folder, &["-f", "new.db", "check", "--errors-only"]);
    assert!(found.status.success(), "{said}{}", String::from_utf8_lossy(&found.stdout));
    Ok(said)
}

fn facts(folder: &Path, file: &str) -> BTreeSet<String> {
    ok(folder, &["-f", file, "export", "jsonl"]).lines().map(str::to_owned).collect()
}

fn begun() -> (tempfile::TempDir, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/us-russia-2016-2017.csv");
    ok(folder.path(), &["-f", "l.db", "import", &example.display().to_string()]);
    ok(folder.path(), &["-f", "l.db", "edit", "1", "--place", "Washington"]);
    Connection::open(folder.path().join("l.db")).unwrap().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let bytes = std::fs::read(folder.path().join("l.db")).unwrap();
    (folder, bytes)
}

#[test]
fn an_inconsistent_ledger_is_made_consistent() {
    if left_out("a repair of inconsistent ledgers") {
        return;
    }
    let (folder, bytes) = begun();
    let folder = folder.path();
    let whole = facts(folder, "l.db");
    for (sql, says, kept, lost) in [
        ("SELECT 1", "no problems found", true, 0),
        ("UPDATE action SET open = 5; UPDATE link SET covers = 0", "no problems found", true, 0),
        ("DROP INDEX action_pair; DROP TRIGGER link_cut", "no problems found", true, 0),
        ("DROP VIEW timeline; CREATE VIEW action_view AS SELECT 1", "no problems found", true, 0),
        ("UPDATE action SET summary = CAST(x'66ff6f' AS TEXT) WHERE id = 2", "warning[text] #2: its summary contained bytes", false, 1),
        ("UPDATE action SET summary = char(0) WHERE id = 2", "warning[text] #2: its summary contained bytes", false, 1),
        ("UPDATE action SET count = -1 WHERE id = 18", "error[lost] #18: it breaks a rule of its table: CHECK constraint failed", false, 1),
        ("UPDATE action SET date = '2016-02-30' WHERE id = 18", "error[lost] #18: it breaks a rule of its table", false, 1),
        ("UPDATE link SET relation = 'waives' WHERE id = 1", "error[lost] table link, row 1: it breaks a rule", false, 1),
        ("DELETE FROM party WHERE code = 'RUS'", "error[lost] table party, row RUS: it is lost, but actions name it", false, 0),
        ("UPDATE link SET earlier_id = 99 WHERE id = 1", "error[lost] table link, row 1: an action of it is lost", false, 1),
        ("UPDATE sqlite_sequence SET seq = 2 WHERE name = 'action'", "no problems found", true, 0),
        ("INSERT INTO history VALUES (99, 1, 'action', '{}', 'insert', NULL)", "table history, row 99", false, 0),
        ("DELETE FROM link WHERE id = 2", "error[history] table link, row 2: change 1 added it, but it is missing", false, 1),
        ("DELETE FROM citation", "error[seal] change 1: a row that it wrote", false, 1),
        ("UPDATE action SET count = 99 WHERE id = 1", "error[seal] change 2: a row that it wrote was altered", false, 1),
        ("UPDATE kind SET sign = 'neutral' WHERE name = 'expulsion'", "error[seal] change 1: a row", false, 1),
        (
            "DELETE FROM action WHERE id = 18; DELETE FROM citation WHERE action_id = 18",
            "#18: change 1 added it, but it is missing",
            false,
            1,
        ),
        ("DELETE FROM ledger", "table ledger: the identity of the ledger is lost", false, 0),
    ] {
        std::fs::write(folder.join("l.db"), &bytes).unwrap();
        let conn = Connection::open(folder.join("l.db")).unwrap();
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
        conn.execute_batch(&format!(
            "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {sql}; PRAGMA wal_checkpoint(TRUNCATE)"
        ))
        .unwrap();
        drop(conn);
        let said = repaired(folder, "l.db").unwrap();
        assert!(said.contains(says), "{sql}: {said}");
        assert_eq!(said.contains("the history is kept"), kept, "{sql}: {said}");
        let missing = whole.difference(&facts(folder, "new.db")).count();
        assert!(if lost == 0 { missing == 0 } else { missing > 0 }, "{sql}: {missing} lines differ; {said}");
    }
    // The history that is kept can be undone.
    std::fs::write(folder.join("l.db"), &bytes).unwrap();
    repaired(folder, "l.db").unwrap();
    assert!(ok(folder, &["-f", "new.db", "undo"]).contains("#1 place: Washington -> "));
}

#[test]
fn a_repair_never_takes_the_place_of_a_file() {
    let (folder, _) = begun();
    std::fs::write(folder.path().join("new.db"), "mine").unwrap();
    let output = run(folder.path(), &["-f", "l.db", "check", "--repair", "new.db"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the file exists already"));
    assert_eq!(std::fs::read(folder.path().join("new.db")).unwrap(), b"mine");
}

/// True if SQLite can read all definitions of tables, indexes, views and triggers.
fn reads_the_schema(ledger: &Path) -> bool {
    let read = |conn: Connection| conn.query_row("SELECT count(*), sum(length(sql)) FROM sqlite_schema", [], |_| Ok(()));
    Connection::open(ledger).and_then(read).is_ok()
}

/// Every page in turn zeroed, filled with noise, or the last that is left: the new ledger is sound, and all but a few rows are in it.
#[test]
fn what_torn_pages_leave_is_saved() {
    if left_out("a repair of torn pages") {
        return;
    }
    let (folder, bytes) = begun();
    let folder = folder.path();
    let whole = facts(folder, "l.db");
    let (mut saved, mut refused, mut least) = (0, 0, usize::MAX);
    let mut random = Random::new();
    for page in 0..bytes.len() / PAGE {
        let at = page * PAGE;
        let mut torn = bytes.clone();
        match page % 3 {
            0 => torn[at..at + PAGE].fill(0),
            1 => torn[at..at + PAGE].iter_mut().for_each(|byte| *byte = random.below(256) as u8),
            _ => torn.truncate(at),
        }
        if times(1) == 1 && page > 20 && page % 4 != 0 {
            continue;
        }
        std::fs::write(folder.join("l.db"), &torn).unwrap();
        match repaired(folder, "l.db") {
            // Nothing can be read without the schema, and SQLite does not open a file that is shorter than its header says.
            Err(said) => {
                refused += 1;
                assert!(said.contains("help: ") && !reads_the_schema(&folder.join("l.db")), "page {}: {said}", page + 1);
            }
            Ok(said) => {
                saved += 1;
                let there = facts(folder, "new.db");
                let kept = whole.intersection(&there).count();
                least = least.min(kept);
                assert!(kept == whole.len() || said.contains("error[lost]") || said.contains("new history"), "page {}: {said}", page + 1);
            }
        }
    }
    println!("{saved} saved, {refused} refused, at least {least} of {} facts", whole.len());
    assert!(saved > 15, "{saved} saved, {refused} refused");
}

/// A ledger of many pages, of which some are torn, loses only the rows on them.
#[test]
fn a_torn_page_of_many_hides_only_its_own_rows() {
    if left_out("a torn page of many") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let rows: String =
        (0..3000).map(|n| format!("r{n}-a,2017-{:02}-{:02},USA,RUS,expulsion,{},{:0>200}\n", n % 12 + 1, n % 28 + 1, n + 1, n)).collect();
    std::fs::write(folder.join("a.csv"), format!("ref,date,actor,target,kind,count,summary\n{rows}")).unwrap();
    ok(folder, &["-f", "l.db", "import", "a.csv"]);
    let conn = Connection::open(folder.join("l.db")).unwrap();
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(conn);
    let mut bytes = std::fs::read(folder.join("l.db")).unwrap();
    // Three leaves in the middle of the table: each holds the summaries of about a dozen actions.
    let leaves: Vec<usize> = bytes
        .chunks(PAGE)
        .enumerate()
        .filter(|(_, page)| page[0] == 13 && page.windows(20).any(|w| w == "0".repeat(20).as_bytes()))
        .map(|(at, _)| at)
        .collect();
    assert!(leaves.len() > 100, "{}", leaves.len());
    for leaf in [leaves[10], leaves[60], leaves[leaves.len() - 1]] {
        bytes[leaf * PAGE..(leaf + 1) * PAGE].fill(0);
    }
    std::fs::write(folder.join("l.db"), &bytes).unwrap();
    let said = repaired(folder, "l.db").unwrap();
    let there = ok(folder, &["-f", "new.db", "list", "--format", "csv"]).lines().count() - 1;
    assert!((2900..3000).contains(&there), "{there}: {said}");
    assert!(said.contains("on a damaged page"), "{said}");
}
