//! An untrusted file: its contents are read or refused, never executed.

use rusqlite::Connection;
use tempfile::TempDir;

use super::{answer, begin};
use crate::support::{cases, left_out, ok, refused, run, some};

/// A ledger on which another program has run `sql`.
fn with(sql: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    begin(folder.path());
    let conn = Connection::open(folder.path().join("l.db")).unwrap();
    conn.execute_batch(sql).unwrap();
    conn.close().unwrap();
    folder
}

#[test]
fn code_that_is_not_recips_is_refused() {
    for (sql, named) in some(8, [
        ("CREATE TRIGGER evil AFTER INSERT ON action BEGIN DELETE FROM source; END", "the trigger 'evil' is not part of recip's schema"),
        ("DROP VIEW balance; CREATE VIEW balance AS SELECT 'USA' AS party_a", "the view 'balance' differs from recip's schema"),
        ("CREATE VIEW better AS SELECT load_extension('/tmp/evil.so')", "the view 'better' is not part of recip's schema"),
        ("CREATE VIRTUAL TABLE words USING fts5(word)", "is not part of recip's schema"),
        ("CREATE INDEX fast ON action (abs(id))", "the index 'fast' is not part of recip's schema"),
        ("DROP TRIGGER link_made", "the trigger 'link_made' is missing"),
        ("ALTER TABLE source ADD COLUMN x TEXT AS (hex(quote)) VIRTUAL", "the table 'source' differs from recip's schema"),
        (
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'Nothing', 'Everything') WHERE name = 'action_deleted';
             UPDATE sqlite_schema SET sql = replace(sql, 'RAISE(ABORT', 'RAISE(IGNORE') WHERE name = 'action_deleted'",
            "",
        ),
    ]) {
        let folder = with(sql);
        for args in [answer("mine"), vec!["-f", "l.db", "report", "balance"], vec!["-f", "l.db", "export", "csv"]] {
            assert!(refused(folder.path(), &args, 3).contains(named), "{sql}");
        }
        let found = run(folder.path(), &["-f", "l.db", "check"]);
        let said = String::from_utf8_lossy(&found.stdout).into_owned();
        assert!(matches!(found.status.code(), Some(1 | 3)) && said.contains(named), "{sql}: {said}");
        let copied = run(folder.path(), &["-f", "mine.db", "restore", "l.db"]);
        assert_eq!(copied.status.code(), Some(3), "{sql}");
        assert!(!folder.path().join("mine.db").exists());
    }
}

#[test]
fn a_table_of_ones_own_is_left_alone() {
    let folder = with("CREATE TABLE notes (note TEXT UNIQUE); ANALYZE");
    ok(folder.path(), &answer("mine"));
    let found = String::from_utf8(run(folder.path(), &["-f", "l.db", "check"]).stdout).unwrap();
    assert!(found.contains("warning[schema] table notes"), "{found}");
}

#[test]
fn an_oversized_cell_is_an_error() {
    let folder = with("UPDATE action SET summary = printf('%.*c', 11000000, 'x')");
    let said = refused(folder.path(), &["-f", "l.db", "list"], 3);
    assert!(said.contains("longer than 10 million bytes"), "{said}");
    assert!(!run(folder.path(), &["-f", "l.db", "check"]).status.success());
}

#[test]
fn a_new_ledger_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    begin(folder.path());
    ok(folder.path(), &["-f", "l.db", "backup", "b.db"]);
    for file in ["l.db", "b.db"] {
        let mode = std::fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn a_writer_waits_and_then_says_who_is_in_the_way() {
    if left_out("a writer that waits 10 seconds") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    begin(folder.path());
    let other = Connection::open(folder.path().join("l.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(ok(folder.path(), &["-f", "l.db", "list"]).contains("#1"), "a reader does not wait");
    let refusals: Vec<_> = std::thread::scope(|scope| {
        let path = folder.path();
        let restore = scope.spawn(move || {
            ok(path, &["-f", "l.db", "backup", "b.db"]);
            refused(path, &["-f", "l.db", "restore", "b.db"], 4)
        });
        let log = scope.spawn(move || refused(path, &answer("mine"), 4));
        [restore, log].into_iter().map(|w| w.join().unwrap()).collect()
    });
    for said in refusals {
        assert!(said.contains("the ledger l.db is in use: another program has been using it for 10 s"), "{said}");
    }
    drop(other);
    ok(folder.path(), &answer("mine"));
}

/// Whoever waits behind a long import gets a turn, however long it takes.
#[test]
fn a_writer_waits_as_long_as_another_one_writes() {
    if left_out("a writer that waits 12 seconds") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    begin(folder.path());
    let other = Connection::open(folder.path().join("l.db")).unwrap();
    // A cache of one page, so that every row goes to the log at once.
    other.execute_batch("PRAGMA cache_size = 1; BEGIN IMMEDIATE").unwrap();
    std::thread::scope(|scope| {
        let log = scope.spawn(|| ok(folder.path(), &answer("mine")));
        for second in 0..12 {
            other.execute("UPDATE action SET summary = ?1", [second]).unwrap();
            std::thread::sleep(std::time::Duration::from_secs(1));
        }
        assert!(!log.is_finished());
        other.execute_batch("COMMIT").unwrap();
        log.join().unwrap();
    });
}

/// A name that exists and does not open: the commands that would create a file say so, and leave nothing behind.
#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    begin(folder);
    std::os::unix::fs::symlink("nowhere.db", folder.join("x.db")).unwrap();
    std::os::unix::fs::symlink("loop.db", folder.join("loop.db")).unwrap();
    std::fs::write(folder.join("a.csv"), "date,actor,target,kind\n2017-01-01,USA,RUS,protest\n").unwrap();
    for (link, why) in [
        ("x.db", "x.db: it is a symbolic link to a file that does not exist"),
        ("loop.db", "loop.db: it is a symbolic link that cannot be followed: Too many levels of symbolic links"),
    ] {
        for args in [
            &["-f", link, "log", "USA", "RUS", "protest"][..],
            &["-f", link, "import", "a.csv"],
            &["-f", link, "party", "add", "ATL", "Atlantis"],
            &["-f", link, "restore", "l.db"],
            &["-f", "l.db", "backup", link],
        ] {
            let said = refused(folder, args, 3);
            assert!(said.contains(why), "{args:?}: {said}");
        }
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 4);
}

/// A restore replaces the ledger that a link leads to, damaged or not, and the link stays.
#[cfg(unix)]
#[test]
fn a_restore_follows_the_link_to_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    begin(folder);
    std::fs::create_dir(folder.join("real")).unwrap();
    std::os::unix::fs::symlink("real/l.db", folder.join("x.db")).unwrap();
    for before in [std::fs::read(folder.join("l.db")).unwrap(), [&b"SQLite format 3\0"[..], &[7; 5000]].concat()] {
        std::fs::write(folder.join("real/l.db"), before).unwrap();
        ok(folder, &["-f", "x.db", "restore", "l.db"]);
        assert!(folder.join("x.db").is_symlink());
        super::unharmed(&folder.join("real/l.db"));
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 3, "the previous ledgers are kept beside the file, not beside the link");
}

/// A ledger with pages of another size is not damaged.
#[test]
fn a_restore_keeps_the_size_of_the_pages() {
    let folder = with("PRAGMA journal_mode = DELETE; PRAGMA page_size = 8192; VACUUM; PRAGMA journal_mode = WAL");
    let folder = folder.path();
    ok(folder, &["-f", "b.db", "log", "FRA", "GBR", "protest", "--on", "2017-01-01"]);
    let output = run(folder, &["-f", "l.db", "restore", "b.db"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("damaged"), "{said}");
    let restored = super::unharmed(&folder.join("l.db"));
    assert_eq!(super::number(restored.connection(), "PRAGMA page_size"), 8192);
    assert_eq!(super::number(restored.connection(), "SELECT count(*) FROM action"), 1);
}

/// A name is a path, whatever it looks like, and every file that recip makes is its owner's alone.
#[cfg(unix)]
#[test]
fn a_name_is_a_path() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::PermissionsExt;
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let slashes = format!("/{}/slashes.db", folder.display());
    for name in some(3, [&b"file:x.db"[..], b"a?mode=ro#b%41.db", b"x\xff.db", b":memory:", slashes.as_bytes()]) {
        let name = OsStr::from_bytes(name);
        let mut copy = name.to_owned();
        copy.push(".copy");
        let recip = |args: &[&OsStr]| {
            let output = crate::support::recip(folder).arg("-f").args(args).output().unwrap();
            assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        };
        let word = OsStr::new;
        recip(&[name, word("log"), word("USA"), word("RUS"), word("protest"), word("--on"), word("2017-01-01")]);
        recip(&[name, word("backup"), &copy]);
        recip(&[name, word("restore"), &copy]);
        recip(&[&copy, word("check")]);
        for file in [name, &copy] {
            super::unharmed(&folder.join(file));
        }
    }
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
        files += 1;
    }
    assert_eq!(files, cases(6, 15), "the ledgers, their copies, and what the restores kept");
}
