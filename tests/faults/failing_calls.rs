//! One system call of a command fails, does half of its work, or is followed by a kill: the ledger is then as before or as after the
//! command, the exit code says which, and no output is partial.
//!
//! A small C library, loaded with `LD_PRELOAD`, replaces the calls. Without a C compiler the test is skipped.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::{Random, answers_file, begin, times, unharmed};
use crate::support::{left_out, ok, recip, run};

/// The commands to test, in a folder with `l.db`, its backup `b.db`, a ledger `s.db` with suggested answers, and files to import.
const COMMANDS: [&[&str]; 18] = [
    &["-f", "l.db", "log", "RUS", "USA", "expulsion", "1", "--on", "2017-07-28", "--answers", "claim:1", "--source", "x", "--ref", "new"],
    &["-f", "n.db", "log", "USA", "RUS", "expulsion", "1", "--on", "2017-07-28"],
    &["-f", "l.db", "import", "more.csv"],
    &["-f", "n.db", "import", "first.csv"],
    &["-f", "l.db", "edit", "claim", "--count", "500"],
    &["-f", "l.db", "void", "answer", "--reason", "entered in error"],
    &["-f", "l.db", "unlink", "answer", "claim"],
    &["-f", "l.db", "undo"],
    &["-f", "r.db", "redo"],
    &["-f", "l.db", "waive", "claim", "--on", "2017-08-01"],
    &["-f", "l.db", "party", "add", "ATL", "Atlantis"],
    &["-f", "l.db", "import", "--feed", "gdelt", "feed.tsv"],
    &["-f", "s.db", "suggest", "--link", "--over", "0.1"],
    &["-f", "l.db", "backup", "c.db"],
    &["-f", "l.db", "restore", "b.db"],
    &["-f", "l.db", "export", "csv", "-o", "out.csv"],
    &["-f", "l.db", "export", "package", "out"],
    &["-f", "l.db", "report", "brief", "USA", "RUS", "--as-of", "2017-08-01", "-o", "brief.html"],
];

/// The system calls and their possible failures: error numbers on Linux (EPERM, EIO, ENOMEM, EACCES, EMFILE, ENOSPC, ENOLCK), half of
/// the work, or a kill.
const FATES: [(&str, &[&str]); 11] = [
    ("read", &["5", "kill"]),
    ("pwrite", &["5", "28", "half", "kill"]),
    ("write", &["5", "28", "half", "kill"]),
    ("fsync", &["5", "28", "kill"]),
    ("ftruncate", &["5", "kill"]),
    ("open", &["13", "24", "kill"]),
    ("rename", &["1", "13", "kill"]),
    ("link", &["1", "kill"]),
    ("unlink", &["13", "kill"]),
    ("mmap", &["12", "kill"]),
    ("fcntl", &["37", "kill"]),
];

/// Compiles the library; `None` if there is no C compiler.
pub fn library(folder: &Path) -> Option<PathBuf> {
    if left_out("system calls that fail") {
        return None;
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/failing_calls.c");
    let library = folder.join("failing_calls.so");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).arg("-ldl").status();
    if !built.is_ok_and(|status| status.success()) {
        println!("skipped: there is no C compiler for the failing calls");
        return None;
    }
    Some(library)
}

/// The contents of the folder: the facts of each ledger, and the bytes of every other file. Temporary files are ignored. Files that are
/// identical to those in `base` are not read again; their contents are taken from there.
fn contents(folder: &Path, base: Option<(&Path, &BTreeMap<String, String>)>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            if unfinished(&name) || name.ends_with("-wal") || name.ends_with("-shm") || name.ends_with("-journal") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Some(known) = base.and_then(|(base, known)| known.get(&name).filter(|_| same(&path, &base.join(&name)))) {
                found.insert(name, known.clone());
            } else if name.ends_with(".db") {
                unharmed(&path);
                let text = ok(folder, &["-f", &name, "export", "jsonl"]);
                let candidates = ok(folder, &["-f", &name, "candidates", "--format", "csv"]);
                found.insert(name, text + &candidates);
            } else {
                found.insert(name, String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned());
            }
        }
    }
    found
}

fn same(one: &Path, other: &Path) -> bool {
    !one.with_extension("db-wal").exists() && std::fs::read(one).ok() == std::fs::read(other).ok()
}

fn unfinished(name: &str) -> bool {
    [".recip-", ".before-", ".tmp"].iter().any(|mark| name.contains(mark))
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

/// Creates the folder with which each command begins.
fn prepare(folder: &Path) {
    std::fs::create_dir(folder).unwrap();
    begin(folder);
    answers_file(folder, "first.csv", "first", 20, true);
    answers_file(folder, "more.csv", "more", 20, false);
    ok(folder, &["-f", "l.db", "backup", "b.db"]);
    ok(folder, &[&["-f", "l.db"][..], &super::answer("answer")[2..]].concat());
    ok(folder, &["-f", "l.db", "backup", "r.db"]);
    ok(folder, &["-f", "r.db", "undo"]);
    for (day, who) in [("01", ["USA", "RUS"]), ("02", ["RUS", "USA"])] {
        ok(folder, &["-f", "s.db", "log", who[0], who[1], "expulsion", "3", "--on", &format!("2018-03-{day}")]);
    }
    let row = crate::feeds::gdelt(58, 1, "20130405", "USA", "RUS", "161", "-4.0", "20130405");
    std::fs::write(folder.join("feed.tsv"), row).unwrap();
}

#[test]
fn a_failing_call_leaves_the_ledger_as_before_or_as_after() {
    let place = tempfile::tempdir().unwrap();
    let Some(library) = library(place.path()) else { return };
    let base = place.path().join("base");
    prepare(&base);
    let before = contents(&base, None);
    let after: Vec<_> = (0..COMMANDS.len())
        .map(|n| {
            let folder = place.path().join(format!("after-{n}"));
            copy(&base, &folder);
            ok(&folder, COMMANDS[n]);
            contents(&folder, Some((&base, &before)))
        })
        .collect();
    let mut random = Random::new();
    let mut happened = 0;
    let tries = times(36);
    for n in 0..tries {
        let (command, after) = (COMMANDS[n as usize % COMMANDS.len()], &after[n as usize % COMMANDS.len()]);
        let (call, fates) = FATES[random.below(FATES.len() as u64) as usize];
        let fate = fates[random.below(fates.len() as u64) as usize];
        let plan = format!("{call}:{}:{fate}", 1 + random.below(16));
        let what = format!("try {n}: {} with {plan}", command.join(" "));
        let folder = place.path().join(format!("try-{n}"));
        copy(&base, &folder);
        let mark = place.path().join("called");
        let _ = std::fs::remove_file(&mark);
        let mut recip = recip(&folder);
        let output = recip.args(command).env("LD_PRELOAD", &library).env("RECIP_FAIL", &plan).env("RECIP_CALLED", &mark).output().unwrap();
        happened += u64::from(mark.exists());
        judge((&folder, &base), &output, (&before, after), &what);
        std::fs::remove_dir_all(&folder).unwrap();
    }
    println!("{tries} commands, in {happened} of them a call failed");
}

/// Checks that each file is as before or as after the command, that it is as after if the command succeeded, and that the ledger can still
/// be written to.
fn judge(
    (folder, base): (&Path, &Path),
    output: &Output,
    (before, after): (&BTreeMap<String, String>, &BTreeMap<String, String>),
    what: &str,
) {
    let said = String::from_utf8_lossy(&output.stderr);
    if let Some(code) = output.status.code() {
        assert!(matches!(code, 0 | 1 | 3 | 4 | 5), "{what}: exit code {code}: {said}");
        assert!(!said.contains("panicked"), "{what}: {said}");
        assert!(code == 0 || said.contains("error: "), "{what}: {said}");
    }
    let now = contents(folder, Some((base, before)));
    for name in before.keys().chain(after.keys()).chain(now.keys()) {
        let (is, was, shall) = (now.get(name), before.get(name), after.get(name));
        // A command that failed may leave a new ledger without its first change.
        let empty = was.is_none() && !output.status.success() && is.is_some_and(|text| !text.contains("\"type\":"));
        assert!(is == was || is == shall || empty, "{what}: {name} is neither as before nor as after\n{said}\n{is:?}\n{was:?}\n{shall:?}");
        assert!(!output.status.success() || is == shall, "{what}: it succeeded, and {name} is not as after\n{said}");
    }
    let log = run(folder, &["-f", "l.db", "log", "FRA", "GBR", "protest", "--ref", "it-goes-on"]);
    assert!(log.status.success(), "{what}: {}", String::from_utf8_lossy(&log.stderr));
}

/// What a disk does not give back is not damage of the ledger: a restore would not help.
#[test]
fn a_read_that_fails_is_not_called_damage() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let Some(library) = library(folder) else { return };
    begin(folder);
    ok(folder, &["-f", "l.db", "backup", "b.db"]);
    let mut refused = 0;
    for command in [&["list"][..], &["check"], &["backup", "--force", "c.db"], &["restore", "b.db"], &["export", "csv"]] {
        for call in (1..40).step_by(3) {
            let plan = format!("read:{call}+:5");
            let output =
                recip(folder).args(["-f", "l.db"]).args(command).env("LD_PRELOAD", &library).env("RECIP_FAIL", &plan).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
            assert!(matches!(output.status.code(), Some(0 | 5)), "{command:?} {plan}: {said}");
            assert!(
                !said.contains("damaged") && !said.contains("not an SQLite") && !said.contains("panicked"),
                "{command:?} {plan}: {said}"
            );
            refused += u32::from(!output.status.success());
        }
    }
    assert!(refused > 0);
    unharmed(&folder.join("l.db"));
}

/// Whether the system refuses the first lock or a later one, the message names a way out for a folder without locks.
#[test]
fn a_system_without_locks_is_named() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let Some(library) = library(folder) else { return };
    begin(folder);
    let before = contents(folder, None);
    for call in [1, 3, 5] {
        let mut recip = recip(folder);
        recip.args(["-f", "l.db", "log", "FRA", "GBR", "protest"]);
        let output = recip.env("LD_PRELOAD", &library).env("RECIP_FAIL", format!("fcntl:{call}+:37")).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(4 | 5)), "{call}: {said}");
        assert!(said.contains("keep the ledger on a local disk") && said.contains("nothing was changed"), "{call}: {said}");
    }
    assert_eq!(contents(folder, None), before);
}

/// FAT and some network shares have neither hard links nor a rename that does not replace.
#[test]
fn files_are_published_without_hard_links() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let Some(library) = library(folder) else { return };
    let run = |args: &[&str]| recip(folder).args(args).env("LD_PRELOAD", &library).env("RECIP_NO_LINKS", "1").output().unwrap();
    for args in [
        &["-f", "l.db", "log", "USA", "RUS", "protest", "--on", "2017-01-01"][..],
        &["-f", "l.db", "backup", "b.db"],
        &["-f", "l.db", "backup", "--force", "b.db"],
        &["-f", "l.db", "restore", "b.db"],
        &["-f", "n.db", "restore", "b.db"],
        &["-f", "l.db", "export", "csv", "-o", "out.csv"],
        &["-f", "l.db", "export", "package", "out"],
    ] {
        let output = run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    std::fs::write(folder.join("taken"), "mine").unwrap();
    assert_eq!(run(&["-f", "l.db", "backup", "taken"]).status.code(), Some(3));
    assert_eq!(std::fs::read_to_string(folder.join("taken")).unwrap(), "mine");
    // A damaged ledger is replaced by another file.
    std::fs::write(folder.join("l.db"), [&b"SQLite format 3\0"[..], &[7; 5000]].concat()).unwrap();
    assert!(run(&["-f", "l.db", "restore", "b.db"]).status.success());
    unharmed(&folder.join("l.db"));
    assert!(!std::fs::read_dir(folder).unwrap().any(|e| e.unwrap().file_name().to_string_lossy().contains(".recip-")));
}

#[test]
fn a_clock_before_1970_is_no_obstacle() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    let Some(library) = library(folder) else { return };
    for args in [
        &["log", "USA", "FRA", "protest"][..],
        &["list"],
        &["report", "unanswered"],
        &["backup", "b.db"],
        &["restore", "b.db"],
        &["export", "package", "out"],
        &["check"],
    ] {
        let mut recip = recip(folder);
        recip.args(["-f", "l.db"]).args(args).env_remove("RECIP_NOW").env("LD_PRELOAD", &library).env("RECIP_TIME", "-1000");
        let output = recip.output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(ok(folder, &["-f", "l.db", "list"]).contains("1969-12-31"));
}
