//! Each page of a ledger in turn is zeroed, cut off or has bits flipped: this gives an error, a finding of `check`, or the same totals.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use recip::ledger::check::check;
use recip::model::{Clock, Sign};
use recip::report::{Lens, Selection, balance, unanswered};
use recip::{Ledger, Result};

use super::{Random, times};
use crate::support::{NOW, left_out, long, ok};

const PAGE: usize = 4096;

/// The outcome of reading a damaged file.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Outcome {
    Refused,
    Found,
    Same,
}

/// The findings, and every number that the reports print.
type Read = (Vec<String>, String);

fn read(path: &Path) -> Result<Read> {
    let mut ledger = Ledger::open_to_check(path)?;
    ledger.set_clock(Clock::fixed(NOW)?);
    let findings = check(&ledger)?.iter().map(|f| format!("{} {} {}", f.code, f.place, f.what)).collect();
    drop(ledger);
    let mut ledger = Ledger::open_to_read(path)?;
    ledger.set_clock(Clock::fixed(NOW)?);
    let mut totals = format!("{:?}", balance::rows(&ledger, &Selection::default())?);
    let lens = Lens::new(&ledger, &Selection::default())?;
    for sign in [Sign::Hostile, Sign::Friendly] {
        unanswered::read(&lens, sign, |row| {
            let numbers = (row.id, row.actor, row.target, row.kind, row.count, row.open, row.unit, row.age_days);
            totals.push_str(&format!("{numbers:?}"));
            Ok(())
        })?;
    }
    Ok((findings, totals))
}

fn outcome(folder: &Path, bytes: &[u8], whole: &Read, what: &str) -> Outcome {
    let path = folder.join("torn.db");
    for end in ["-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(folder.join(format!("torn.db{end}")));
    }
    std::fs::write(&path, bytes).unwrap();
    let read = catch_unwind(AssertUnwindSafe(|| read(&path))).unwrap_or_else(|_| panic!("{what}: it panicked"));
    match read {
        Err(e) => {
            assert!(e.to_string().len() > 20, "{what}: {e}");
            Outcome::Refused
        }
        Ok((findings, _)) if findings != whole.0 => Outcome::Found,
        Ok((_, totals)) => {
            assert_eq!(totals, whole.1, "{what}: other totals, and check finds nothing");
            Outcome::Same
        }
    }
}

#[test]
fn torn_pages_are_told() {
    if left_out("torn pages") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/us-russia-2016-2017.csv");
    ok(folder, &["-f", "l.db", "import", &example.display().to_string()]);
    let bytes = std::fs::read(folder.join("l.db")).unwrap();
    let whole = read(&folder.join("l.db")).unwrap();
    let mut random = Random::new();
    let mut tried = [("zeroed", [0u64; 3]), ("cut off there", [0; 3]), ("a bit flipped", [0; 3])];
    let pages = bytes.len() / PAGE;
    // Only the long form tries every page.
    for page in (0..pages).step_by(if times(1) == 1 { 3 } else { 1 }) {
        let at = page * PAGE;
        let mut zeroed = bytes.clone();
        zeroed[at..at + PAGE].fill(0);
        let mut count = |sort: usize, outcome: Outcome| tried[sort].1[outcome as usize] += 1;
        count(0, outcome(folder, &zeroed, &whole, &format!("page {} zeroed", page + 1)));
        count(1, outcome(folder, &bytes[..at], &whole, &format!("cut off at page {}", page + 1)));
        for _ in 0..times(1) {
            let (byte, bit) = (at + random.below(PAGE as u64) as usize, random.below(8));
            let mut flipped = bytes.clone();
            flipped[byte] ^= 1 << bit;
            count(2, outcome(folder, &flipped, &whole, &format!("page {}: bit {bit} of byte {} flipped", page + 1, byte - at)));
        }
    }
    println!("{pages} pages");
    for (sort, [refused, found, same]) in tried {
        println!("{sort}: {refused} refused, {found} found by check, {same} with the same totals");
    }
}

/// SQLite ignores everything after the first damage in a write-ahead log. A ledger with a damaged log is therefore as it was after one of
/// its changes.
#[test]
fn a_torn_log_gives_the_ledger_of_an_earlier_change() {
    if left_out("torn logs") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let path = folder.join("l.db");
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    // A reader stays open, so that the log is not written back to the file.
    let reader = Ledger::open_to_read(&path).unwrap();
    let _moment = reader.connection().unchecked_transaction().unwrap();
    assert_eq!(super::number(reader.connection(), "SELECT count(*) FROM action"), 1);
    let wal = folder.join("l.db-wal");
    let mut earlier = vec![read(&path).unwrap()];
    for day in 1..=4 {
        let on = format!("2017-07-0{day}");
        ok(folder, &["-f", "l.db", "log", "RUS", "USA", "expulsion", "3", "--on", &on, "--answers", "1:3", "--source", "a source"]);
        earlier.push(read(&path).unwrap());
    }
    let (bytes, log) = (std::fs::read(&path).unwrap(), std::fs::read(&wal).unwrap());
    let mut random = Random::new();
    let mut tried = [0u64; 6];
    let torn = folder.join("torn.db");
    let mut tear = |log: &[u8], what: &str| {
        let _ = std::fs::remove_file(folder.join("torn.db-shm"));
        std::fs::write(&torn, &bytes).unwrap();
        std::fs::write(folder.join("torn.db-wal"), log).unwrap();
        let there = read(&torn);
        let known = there.as_ref().ok().map(|there| earlier.iter().position(|known| known.1 == there.1));
        assert!(known != Some(None), "{what}: totals that never were");
        tried[known.flatten().unwrap_or(5)] += 1;
    };
    tear(&log, "whole");
    let frame = PAGE + 24;
    for at in (0..log.len()).step_by(if long() { frame / 3 } else { 2 * frame + 100 }) {
        tear(&log[..at], &format!("cut off at byte {at}"));
        for _ in 0..times(1) {
            let (byte, bit) = (at + random.below((log.len() - at).min(frame) as u64) as usize, random.below(8));
            let mut flipped = log.clone();
            flipped[byte] ^= 1 << bit;
            tear(&flipped, &format!("bit {bit} of byte {byte} flipped"));
        }
    }
    assert!(tried[4] > 0 && tried[0] > 0, "{tried:?}");
    println!("torn logs: as after change 1 to 5 {:?}, refused {}", &tried[..5], tried[5]);
}
