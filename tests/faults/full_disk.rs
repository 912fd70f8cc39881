//! The disk fills up at any write: the command reports a clear error, nothing is lost, and it works again once there is room.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use super::{answer, answers_file, begin, sound, sweep};
use crate::support::{left_out, long, ok, quiet, recip};

/// Runs the program with file sizes limited to a number of blocks of 512 bytes.
pub fn limited(folder: &Path, blocks: u64, args: &[&str]) -> Output {
    let mut sh = Command::new("sh");
    quiet(&mut sh);
    // The signal must be ignored, because otherwise it kills the program before it can report the error.
    sh.args(["-c", "trap '' XFSZ; ulimit -f \"$1\" && shift && exec \"$@\"", "sh", &blocks.to_string(), env!("CARGO_BIN_EXE_recip")]);
    sh.args(args).current_dir(folder).output().unwrap()
}

/// Checks that a command that failed says why. Returns true if it succeeded.
fn told(output: &Output, at: &str) -> bool {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 3 | 5)), "{at}: {:?} {said}", output.status);
    assert!(output.status.success() || (said.contains("error: ") && said.len() > 30), "{at}: {said}");
    assert!(!said.contains("panicked"), "{at}: {said}");
    output.status.success()
}

#[test]
fn a_file_that_may_not_grow_loses_nothing() {
    if left_out("a file that may not grow") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    begin(folder);
    ok(folder, &["-f", "l.db", "backup", "b.db"]);
    let mut there = sound(&folder.join("l.db"));
    let size = std::fs::metadata(folder.join("l.db")).unwrap().len() / 512;
    let step = if long() { 2 } else { 211 };
    let (mut done, mut refused) = (0, 0);
    for blocks in (0..size * 2 + 200).step_by(step) {
        // Without this, the ledger would grow in the long form until each check of it took a second.
        if there.len() > 500 {
            ok(folder, &["-f", "l.db", "restore", "b.db"]);
            there = sound(&folder.join("l.db"));
        }
        let reference = format!("log-{blocks}");
        let stem = format!("more-{blocks}");
        answers_file(folder, "more.csv", &stem, 30, false);
        let more = (0..30).map(|i| format!("{stem}-{i}")).collect();
        for (args, change) in [
            (answer(&reference), BTreeSet::from([reference.clone()])),
            (vec!["-f", "l.db", "import", "more.csv"], more),
            (vec!["-f", "l.db", "backup", "c.db"], BTreeSet::new()),
            (vec!["-f", "new.db", "log", "USA", "RUS", "expulsion", "1"], BTreeSet::new()),
        ] {
            let at = format!("{blocks} blocks, {}", args.join(" "));
            let succeeded = told(&limited(folder, blocks, &args), &at);
            if succeeded {
                there.extend(change);
                done += 1;
            } else {
                refused += 1;
            }
            assert_eq!(sound(&folder.join("l.db")), there, "{at}");
            assert_eq!(folder.join("c.db").exists(), succeeded && args[2] == "backup", "{at}");
            let _ = std::fs::remove_file(folder.join("c.db"));
            let _ = std::fs::remove_file(folder.join("new.db"));
        }
        restore(folder, blocks, &mut there);
        sweep(folder);
    }
    ok(folder, &answer("with-room"));
    println!("{} commands where no file may grow: {done} done, {refused} refused", done + refused);
}

fn restore(folder: &Path, blocks: u64, there: &mut BTreeSet<String>) {
    let at = format!("{blocks} blocks, restore");
    let copy = sound(&folder.join("b.db"));
    if told(&limited(folder, blocks, &["-f", "l.db", "restore", "b.db"]), &at) {
        *there = copy;
    }
    assert_eq!(&sound(&folder.join("l.db")), there, "{at}");
}

/// A file system in memory, which is unmounted after the test.
struct Small<'f>(&'f Path);

impl Drop for Small<'_> {
    fn drop(&mut self) {
        // A program that was killed may still be there for a moment.
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

#[test]
fn a_disk_without_room_loses_nothing() {
    if left_out("a disk without room") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4096k", "tmpfs"]).arg(folder).output();
    if !mounted.is_ok_and(|m| m.status.success()) {
        println!("skipped: this user mounts no file system");
        return;
    }
    let _small = Small(folder);
    begin(folder);
    let mut there = sound(&folder.join("l.db"));
    let (mut done, mut refused) = (0, 0);
    for room in (0..600).step_by(if long() { 4 } else { 120 }) {
        let reference = format!("log-{room}");
        let ballast = folder.join("ballast");
        fill(&ballast, room * 1024);
        for args in [answer(&reference), vec!["-f", "l.db", "backup", "c.db"]] {
            let at = format!("{room} KiB of room, {}", args.join(" "));
            let output = recip(folder).args(&args).output().unwrap();
            if told(&output, &at) {
                there.extend((args[2] == "log").then(|| reference.clone()));
                done += 1;
            } else {
                refused += 1;
            }
            let _ = std::fs::remove_file(folder.join("c.db"));
        }
        std::fs::remove_file(&ballast).unwrap();
        assert_eq!(sound(&folder.join("l.db")), there, "{room} KiB of room");
        sweep(folder);
    }
    ok(folder, &answer("with-room"));
    println!("{} commands on a full disk: {done} done, {refused} refused", done + refused);
}

/// Fills the file system, except for `room` bytes.
fn fill(ballast: &Path, room: u64) {
    use std::io::Write;
    let mut file = std::fs::File::create(ballast).unwrap();
    let mut written = 0u64;
    while file.write_all(&[0; 4096]).is_ok() {
        written += 4096;
    }
    file.set_len(written.saturating_sub(room)).unwrap();
}
