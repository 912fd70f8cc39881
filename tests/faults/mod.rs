//! A ledger survives killed programs, failing system calls, a full disk, concurrent programs, damaged pages and untrusted files.
//!
//! Each test is short, and most are left out unless `CI` is set. `RECIP_LONG=N cargo test faults` sets the number of kills, of commands, of bits flipped in each page and
//! of actions that each concurrent program logs to N, and tests more sizes of a full disk. `RECIP_SEED=N` seeds the random choices.

mod crowd;
#[cfg(target_os = "linux")]
pub mod failing_calls;
pub mod full_disk;
mod hostile;
mod injection;
mod killed;
mod repair;
mod torn;
#[cfg(unix)]
mod users;

use std::collections::BTreeSet;
use std::path::Path;

use recip::Ledger;
use recip::ledger::check::{Severity, check};
use recip::model::Clock;
use rusqlite::Connection;

use crate::support::{NOW, ok};

/// The number of tries in `RECIP_LONG`, or `short` if it is not set.
fn times(short: u64) -> u64 {
    std::env::var("RECIP_LONG").ok().and_then(|n| n.parse().ok()).unwrap_or(short)
}

/// A linear congruential generator (Knuth's MMIX constants).
pub struct Random(u64);

impl Random {
    pub fn new() -> Random {
        Random(std::env::var("RECIP_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(2016))
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n.max(1)
    }
}

/// Creates a ledger `l.db` with a claim of a million, which a test can answer in small steps.
fn begin(folder: &Path) {
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "1000000", "--on", "2016-12-29", "--ref", "claim", "--source", "begun"]);
}

/// The arguments that log an answer of 1 to the claim, with a link, a source and this ref.
fn answer(reference: &str) -> Vec<&str> {
    let log = ["-f", "l.db", "log", "RUS", "USA", "expulsion", "1", "--on", "2017-07-28", "--answers", "claim:1"];
    log.into_iter().chain(["--source", "a source", "--ref", reference]).collect()
}

/// Opens a ledger and checks that it has no errors.
fn unharmed(path: &Path) -> Ledger {
    let mut ledger = Ledger::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    ledger.set_clock(Clock::fixed(NOW).unwrap());
    let mut findings = check(&ledger).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    findings.retain(|f| f.severity == Severity::Error);
    assert!(findings.is_empty(), "{}: {findings:?}", path.display());
    ledger
}

/// Checks that a ledger has no errors and that every answer is complete: action, link and source. Returns the refs.
fn sound(path: &Path) -> BTreeSet<String> {
    let ledger = unharmed(path);
    let conn = ledger.connection();
    let half = "SELECT count(*) FROM action a WHERE ref <> 'claim' AND (
        (SELECT count(*) FROM link WHERE action_id = a.id) <> 1 OR (SELECT count(*) FROM citation WHERE action_id = a.id) <> 1)";
    assert_eq!(number(conn, half), 0, "{}: an action is half there", path.display());
    let mut refs = conn.prepare("SELECT ref FROM action").unwrap();
    refs.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
}

fn number(conn: &Connection, select: &str) -> i64 {
    conn.query_row(select, [], |r| r.get(0)).unwrap()
}

/// Deletes the ledgers that restores kept, and what killed programs left of other files than those of the next command.
fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.contains(".recip-unfinished-") {
            std::fs::remove_dir_all(path).unwrap();
        } else if name.contains(".before-restore-") {
            std::fs::remove_file(path).unwrap();
        }
    }
}

/// Writes a file of answers to import, whose refs begin with `stem`.
fn answers_file(folder: &Path, name: &str, stem: &str, answers: u64, with_claim: bool) {
    let mut csv = "ref,date,actor,target,kind,count,answers,sources\n".to_owned();
    if with_claim {
        csv.push_str("claim,2016-12-29,USA,RUS,expulsion,1000000,,begun\n");
    }
    for n in 0..answers {
        csv.push_str(&format!("{stem}-{n},2017-07-28,RUS,USA,expulsion,1,claim:1,a source\n"));
    }
    std::fs::write(folder.join(name), csv).unwrap();
}
