//! A command is killed with SIGKILL at any time: every acknowledged change is kept, no change is partial, and nothing is damaged.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::{Random, answer, answers_file, begin, sound, sweep, times, unharmed};
use crate::support::{left_out, ok, recip};

/// Runs the program and kills it after `delay`; returns what it had printed, and whether it had succeeded before.
fn kill(folder: &Path, args: &[&str], delay: Duration) -> (String, bool) {
    let mut child = recip(folder).args(args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(delay);
    let _ = child.kill();
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    (said, child.wait().unwrap().success())
}

/// The time that the command takes if it is not killed.
fn takes(folder: &Path, args: &[&str]) -> Duration {
    let begun = Instant::now();
    ok(folder, args);
    begun.elapsed()
}

struct Killer {
    random: Random,
    cut_off: u64,
}

impl Killer {
    /// A random time during a command that takes the time `whole`, or shortly after it.
    fn moment(&mut self, whole: Duration) -> Duration {
        let micros = u64::try_from(whole.as_micros()).unwrap();
        Duration::from_micros(self.random.below(micros + micros / 4))
    }

    fn kill(&mut self, folder: &Path, args: &[&str], whole: Duration) -> bool {
        let delay = self.moment(whole);
        let (said, ended) = kill(folder, args, delay);
        self.cut_off += u64::from(!ended);
        !said.is_empty()
    }
}

#[test]
fn a_killed_program_loses_nothing_and_halves_nothing() {
    if left_out("programs that are killed") {
        return;
    }
    let kills = times(20);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let ledger = folder.join("l.db");
    begin(folder);
    answers_file(folder, "first.csv", "first", 300, true);
    let mut killer = Killer { random: Random::new(), cut_off: 0 };
    let log_takes = takes(folder, &answer("log-first"));
    let backup_takes = takes(folder, &["-f", "l.db", "backup", "b.db"]);
    let restore_takes = takes(folder, &["-f", "l.db", "restore", "b.db"]);
    answers_file(folder, "more.csv", "more-first", 40, false);
    let more_takes = takes(folder, &["-f", "l.db", "import", "more.csv"]);
    let first_takes = takes(folder, &["-f", "n.db", "import", "first.csv"]);
    ok(folder, &answer("to-undo"));
    let undo_takes = takes(folder, &["-f", "l.db", "undo"]);
    let (suggested, suggest_takes) = all_suggested(folder);
    let mut there = sound(&ledger);
    for n in 0..kills {
        let (reference, stem) = (format!("log-{n}"), format!("more-{n}"));
        match n % 8 {
            0 | 1 => {
                let told = killer.kill(folder, &answer(&reference), log_takes);
                there = grown(&ledger, there, &BTreeSet::from([reference]), told);
            }
            2 => {
                answers_file(folder, "more.csv", &stem, 40, false);
                let told = killer.kill(folder, &["-f", "l.db", "import", "more.csv"], more_takes);
                there = grown(&ledger, there, &(0..40).map(|i| format!("{stem}-{i}")).collect(), told);
            }
            3 => import_first(&mut killer, folder, first_takes),
            4 => there = take_back(&mut killer, folder, &format!("undone-{n}"), undo_takes),
            5 => back_up(&mut killer, folder, backup_takes, &there),
            6 => link_suggested(&mut killer, folder, suggested, suggest_takes),
            _ => {
                let copy = sound(&folder.join("b.db"));
                let told = killer.kill(folder, &["-f", "l.db", "restore", "b.db"], restore_takes);
                let now = sound(&ledger);
                assert!(now == there || now == copy, "kill {n}: the ledger is neither the old nor the copy");
                assert!(!told || now == copy, "kill {n}: a restore that was told is not there");
                there = now;
            }
        }
        sweep(folder);
    }
    println!("{kills} kills, {} of them before the program had ended", killer.cut_off);
}

/// Creates `s.db`, a ledger of expulsions without links. Returns the number of suggested answers and the time it takes to link them.
fn all_suggested(folder: &Path) -> (i64, Duration) {
    let mut rows = "date,actor,target,kind,count,stage\n".to_owned();
    for day in 0..200 {
        let (actor, target) = if day % 2 == 0 { ("USA", "RUS") } else { ("RUS", "USA") };
        rows.push_str(&format!("{},{actor},{target},expulsion,{},done\n", recip::model::Day(17_000 + day).iso(), 1 + day % 7));
    }
    std::fs::write(folder.join("s.csv"), rows).unwrap();
    ok(folder, &["-f", "s.db", "import", "s.csv"]);
    std::fs::copy(folder.join("s.db"), folder.join("t.db")).unwrap();
    let suggest_takes = takes(folder, &["-f", "t.db", "suggest", "--link", "--over", "0"]);
    let suggested = suggested_in(&folder.join("t.db"));
    assert!(suggested > 100, "{suggested}");
    (suggested, suggest_takes)
}

fn suggested_in(ledger: &Path) -> i64 {
    Connection::open(ledger).unwrap().query_row("SELECT count(*) FROM link", [], |r| r.get(0)).unwrap()
}

/// Checks that all suggestions are linked or none, and all if the command said so.
fn link_suggested(killer: &mut Killer, folder: &Path, all: i64, whole: Duration) {
    let ledger = folder.join("t.db");
    // The write-ahead log of the previous ledger has to be deleted with it.
    for left in ["t.db-wal", "t.db-shm"] {
        let _ = std::fs::remove_file(folder.join(left));
    }
    std::fs::copy(folder.join("s.db"), &ledger).unwrap();
    let told = killer.kill(folder, &["-f", "t.db", "suggest", "--link", "--over", "0"], whole);
    unharmed(&ledger);
    let taken = suggested_in(&ledger);
    assert!(taken == all || (taken == 0 && !told), "told: {told}; {taken} of {all} are there");
}

/// Checks that the change is complete or absent, and complete if the command reported it.
fn grown(ledger: &Path, before: BTreeSet<String>, change: &BTreeSet<String>, told: bool) -> BTreeSet<String> {
    let now = sound(ledger);
    let with: BTreeSet<String> = before.union(change).cloned().collect();
    assert!(now == with || (now == before && !told), "told: {told}; there: {:?}", now.symmetric_difference(&with).collect::<Vec<_>>());
    now
}

/// Kills an undo and, if it was done, a redo: each is complete or absent, and complete if the command reported it.
fn take_back(killer: &mut Killer, folder: &Path, reference: &str, whole: Duration) -> BTreeSet<String> {
    let ledger = folder.join("l.db");
    ok(folder, &answer(reference));
    let with = sound(&ledger);
    let mut without = with.clone();
    without.remove(reference);
    let told = killer.kill(folder, &["-f", "l.db", "undo"], whole);
    let now = sound(&ledger);
    assert!(now == without || (now == with && !told), "undo, told: {told}");
    if now == with {
        return now;
    }
    let told = killer.kill(folder, &["-f", "l.db", "redo"], whole);
    let now = sound(&ledger);
    assert!(now == with || (now == without && !told), "redo, told: {told}");
    now
}

/// Kills a first import, which writes without a write-ahead log: the ledger is empty or complete.
fn import_first(killer: &mut Killer, folder: &Path, whole: Duration) {
    let path = folder.join("n.db");
    for end in ["", "-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(folder.join(format!("n.db{end}")));
    }
    let told = killer.kill(folder, &["-f", "n.db", "import", "first.csv"], whole);
    if path.exists() || told {
        let actions = sound(&path).len();
        assert!(actions == 301 || (actions == 0 && !told), "{actions} of 301 are there");
    }
}

/// Kills a backup: the copy is complete or absent.
fn back_up(killer: &mut Killer, folder: &Path, whole: Duration, there: &BTreeSet<String>) {
    let made = folder.join("c.db");
    let _ = std::fs::remove_file(&made);
    let left_of = || temporary(folder).iter().filter(|name| name.starts_with("c.db.")).count();
    let told = killer.kill(folder, &["-f", "l.db", "backup", "c.db"], whole);
    if made.exists() || told {
        assert_eq!(&sound(&made), there);
        std::fs::rename(&made, folder.join("b.db")).unwrap();
    }
    assert!(left_of() <= 1, "what earlier backups left is still there");
    assert_eq!(&sound(&folder.join("l.db")), there);
}

/// The names of the temporary folders beside the files of a folder.
fn temporary(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains(".recip-unfinished-")).collect()
}

#[test]
fn what_a_killed_program_left_is_deleted_by_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    begin(folder);
    let places: [(&str, &[&str]); 6] = [
        ("out.csv", &["-f", "l.db", "export", "csv", "-o", "out.csv"]),
        ("brief.html", &["-f", "l.db", "report", "brief", "USA", "RUS", "-o", "brief.html"]),
        ("copy.db", &["-f", "l.db", "backup", "copy.db"]),
        ("n.db", &["-f", "n.db", "restore", "copy.db"]),
        ("first.db", &["-f", "first.db", "log", "USA", "RUS", "protest"]),
        ("package", &["-f", "l.db", "export", "package", "package"]),
    ];
    for (place, args) in places {
        // What a program leaves that was killed while it wrote.
        let left = folder.join(format!("{place}.recip-unfinished-a1B2c3D4e5F6"));
        std::fs::create_dir(&left).unwrap();
        std::fs::write(left.join(place), "half").unwrap();
        // What a program that still runs has.
        let beside = recip::atomic::AtomicFile::private(&folder.join(place)).unwrap();
        // What somebody named like that.
        let named = folder.join(format!("{place}.recip-unfinished-mine"));
        std::fs::create_dir(&named).unwrap();
        ok(folder, args);
        assert!(!left.exists(), "{args:?}");
        assert!(beside.path().exists() && named.exists(), "{args:?}");
    }
    // Inside an export that is replaced.
    let left = folder.join("package/.recip-unfinished-a1B2c3D4e5F6");
    std::fs::create_dir(&left).unwrap();
    ok(folder, &["-f", "l.db", "export", "package", "package"]);
    assert!(!left.exists());
}

#[test]
fn a_killed_merge_is_none() {
    if left_out("merges that are killed") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    begin(folder);
    ok(folder, &["-f", "l.db", "backup", "c.db"]);
    answers_file(folder, "more.csv", "theirs", 300, false);
    ok(folder, &["-f", "c.db", "import", "more.csv"]);
    ok(folder, &answer("ours"));
    ok(folder, &["-f", "l.db", "backup", "l0.db"]);
    let merge = ["-f", "l.db", "merge", "c.db"];
    let before = sound(&folder.join("l.db"));
    let whole = takes(folder, &merge);
    let after = sound(&folder.join("l.db"));
    assert_eq!(after.len(), before.len() + 300);
    let mut killer = Killer { random: Random::new(), cut_off: 0 };
    for n in 0..times(8) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.join(format!("l.db{end}")));
        }
        std::fs::copy(folder.join("l0.db"), folder.join("l.db")).unwrap();
        let told = killer.kill(folder, &merge, whole);
        let now = sound(&folder.join("l.db"));
        assert!(now == before || now == after, "kill {n}: the merge is half there");
        assert!(!told || now == after, "kill {n}: a merge that was told is not there");
    }
}
