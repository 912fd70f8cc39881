//! Sixteen concurrent writers, with readers and a backup: no change is lost, none gets a lock error, and every report shows one snapshot.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use recip::model::Sign;
use recip::report::{Lens, Selection, balance, collect, unanswered};
use rusqlite::Connection;

use super::{answer, answers_file, begin, number, sound, times, unharmed};
use crate::support::{cases, left_out, ok, run};

const WRITERS: u64 = 16;

#[test]
fn many_write_and_read_one_ledger() {
    if left_out("a crowd of programs") {
        return;
    }
    let each = times(5);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    begin(folder);
    let (writing, reports, copies) = (AtomicBool::new(true), AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(folder, writer, each))).collect();
        for _ in 0..2 {
            scope.spawn(|| {
                while writing.load(Ordering::Relaxed) {
                    read(folder);
                    reports.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        scope.spawn(|| {
            while writing.load(Ordering::Relaxed) {
                copy(folder);
                copies.fetch_add(1, Ordering::Relaxed);
            }
        });
        let failed = writers.into_iter().filter_map(|w| w.join().err()).count();
        writing.store(false, Ordering::Relaxed);
        assert_eq!(failed, 0);
    });
    assert_eq!(sound(&folder.join("l.db")).len() as u64, 1 + WRITERS * each);
    println!("{} actions by {WRITERS} at once, {reports:?} reports and {copies:?} copies meanwhile", WRITERS * each);
}

fn write(folder: &Path, writer: u64, each: u64) {
    for n in 0..each {
        let output = run(folder, &answer(&format!("w{writer}-{n}")));
        assert!(output.status.success(), "writer {writer}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// In every report, the open and the answered amounts add up to the claim, however many answers have been logged.
fn read(folder: &Path) {
    let csv = ok(folder, &["-f", "l.db", "report", "balance", "USA", "RUS", "--format", "csv"]);
    let cells: Vec<&str> = csv.lines().nth(1).unwrap().split(',').collect();
    let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let cell = |name: &str| cells[header.iter().position(|h| *h == name).unwrap()].parse::<i64>().unwrap();
    assert_eq!(cell("a_count") + cell("b_open"), 1_000_000, "{csv}");
    assert_eq!((cell("a_count"), cell("a_open")), (cell("a_actions"), 0), "{csv}");
}

/// A backup is a consistent snapshot, too.
fn copy(folder: &Path) {
    ok(folder, &["-f", "l.db", "backup", "--force", "copy.db"]);
    let conn = Connection::open(folder.join("copy.db")).unwrap();
    assert_eq!(number(&conn, "SELECT (SELECT open FROM action WHERE ref = 'claim') + (SELECT count(*) FROM link)"), 1_000_000);
    conn.close().unwrap();
    assert_eq!(ok(folder, &["-f", "copy.db", "check", "--errors-only"]), "no problems found\n");
}

/// Regression: a report runs several queries, and an action logged between two of them was in one result but not in the other.
#[test]
fn a_report_is_of_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    let mut writer = recip::Ledger::create(&path).unwrap();
    let date: recip::model::Date = "2016-12-29".parse().unwrap();
    writer.log(&recip::ledger::Entry::new("USA", "RUS", "expulsion", date.clone()).count(35)).unwrap();
    let reader = recip::Ledger::open_to_read(&path).unwrap();
    let open = |lens: &Lens<'_>| {
        let rows = collect(|each| unanswered::read(lens, Sign::Hostile, each)).unwrap();
        (rows.len(), collect(|each| balance::read(lens, each)).unwrap().iter().filter_map(|row| row.b_open).sum::<i64>())
    };
    let lens = Lens::new(&reader, &Selection::default()).unwrap();
    assert_eq!(open(&lens), (1, 35));
    writer.log(&recip::ledger::Entry::new("USA", "RUS", "expulsion", date).count(5)).unwrap();
    assert_eq!(open(&lens), (1, 35));
    drop(lens);
    assert_eq!(open(&Lens::new(&reader, &Selection::default()).unwrap()), (2, 40));
}

/// Regression: a look at the header of a ledger released the locks that the same process held on it, so that another program could
/// delete the log that this one still used.
#[cfg(target_os = "linux")]
#[test]
fn a_program_that_opens_a_ledger_twice_keeps_its_locks() {
    use std::os::unix::fs::MetadataExt;
    let folder = tempfile::tempdir().unwrap();
    begin(folder.path());
    let path = folder.path().join("l.db");
    let kept = recip::Ledger::open(&path).unwrap();
    assert_eq!(number(kept.connection(), "SELECT count(*) FROM action"), 1);
    let (process, file) = (format!(" {} ", std::process::id()), format!(":{} ", path.metadata().unwrap().ino()));
    let is_locked = || std::fs::read_to_string("/proc/locks").unwrap().lines().any(|line| line.contains(&process) && line.contains(&file));
    assert!(is_locked());
    drop(recip::Ledger::open_to_read(&path).unwrap());
    assert!(is_locked(), "opened once more");
    assert!(recip::ledger::is_sqlite(&path));
    assert!(is_locked(), "looked at");
    recip::ledger::check_disk(&path).unwrap();
    assert!(is_locked(), "read to its end");
}

/// The first imports of a ledger that does not exist yet, and an action logged meanwhile, take turns.
#[test]
fn first_imports_take_turns() {
    for round in 0..cases(1, 4) {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        answers_file(folder, "a.csv", "a", 300, true);
        answers_file(folder, "b.csv", "b", 300, true);
        let commands = [&["import", "a.csv"][..], &["import", "b.csv"], &["log", "FRA", "GBR", "protest", "--ref", "c"]];
        std::thread::scope(|scope| {
            for args in commands {
                scope.spawn(move || ok(folder, &[&["-f", "l.db"], args].concat()));
            }
        });
        let conn = unharmed(&folder.join("l.db"));
        assert_eq!(number(conn.connection(), "SELECT count(*) FROM action"), 602, "round {round}");
    }
}

/// A first change that fails does not delete the ledger while somebody else has it open.
#[test]
fn a_new_ledger_in_use_is_not_discarded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    let created = recip::Ledger::create(&path).unwrap();
    let mut other = recip::Ledger::open(&path).unwrap();
    assert!(!created.discard_if_unused());
    other.log(&recip::ledger::Entry::new("USA", "RUS", "protest", "2016-12-29".parse().unwrap())).unwrap();
    drop(other);
    assert!(!recip::Ledger::open(&path).unwrap().discard_if_unused());
    unharmed(&path);
    let path = folder.path().join("n.db");
    assert!(recip::Ledger::create(&path).unwrap().discard_if_unused());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "neither the ledger nor a log of it is left");
}
