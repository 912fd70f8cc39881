//! What a ledger must survive: being killed, failing system calls, a full disk, many programs at once, damaged pages, an untrusted file.
//!
//! Each test is short by default. `RECIP_LONG=N cargo test faults` tries N times: kills, commands, bits flipped in each page, actions that
//! each of many programs logs; and every size of a full disk. `RECIP_SEED=N` starts the random choices elsewhere.

mod crowd;
#[cfg(target_os = "linux")]
mod failing_calls;
pub mod full_disk;
mod hostile;
mod injection;
mod killed;
mod repair;
mod torn;

use std::collections::BTreeSet;
use std::path::Path;

use recip::Ledger;
use recip::ledger::check::{Severity, check};
use recip::model::Clock;
use rusqlite::Connection;

use crate::support::{NOW, ok};

/// How often the long form was asked to try; `short` where it was not.
fn times(short: u64) -> u64 {
    std::env::var("RECIP_LONG").ok().and_then(|n| n.parse().ok()).unwrap_or(short)
}

fn long() -> bool {
    std::env::var_os("RECIP_LONG").is_some()
}

/// A linear congruential generator (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    fn new() -> Random {
        Random(std::env::var("RECIP_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(2016))
    }

    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n.max(1)
    }
}

/// A ledger `l.db` with a claim of a million that a test can answer bit by bit.
fn begin(folder: &Path) {
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "1000000", "--on", "2016-12-29", "--ref", "claim", "--source", "begun"]);
}

/// The arguments that log one answer of 1 to the claim, with a link and a source, under a ref of its own.
fn answer(reference: &str) -> Vec<&str> {
    let log = ["-f", "l.db", "log", "RUS", "USA", "expulsion", "1", "--on", "2017-07-28", "--answers", "claim:1"];
    log.into_iter().chain(["--source", "a source", "--ref", reference]).collect()
}

/// Opens a ledger and finds no error in it.
fn unharmed(path: &Path) -> Ledger {
    let mut ledger = Ledger::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    ledger.set_clock(Clock::fixed(NOW).unwrap());
    let mut findings = check(&ledger).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    findings.retain(|f| f.severity == Severity::Error);
    assert!(findings.is_empty(), "{}: {findings:?}", path.display());
    ledger
}

/// The same, and gives its refs. Every answer is whole: action, link and source.
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

/// Takes away what a killed program left unfinished, as its user would.
fn sweep(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if [".new-", ".before-restore-", ".version-"].iter().any(|mark| name.contains(mark)) {
            std::fs::remove_file(path).unwrap();
        }
    }
}

/// A file of answers to import, whose refs begin so.
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
