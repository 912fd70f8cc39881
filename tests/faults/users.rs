//! Two users and one ledger: the owner, who is the administrator here, and another user, who has only the permissions that the files give.
//!
//! Only an administrator can become another user, so these tests are skipped for anybody else.

use std::fs::{self, Permissions};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rusqlite::Connection;
use tempfile::TempDir;

use super::{answers_file, begin};
use crate::support::{left_out, ok, quiet};

/// The user and group that own nothing, by convention.
const OTHER: &str = "65534";

/// A colleague of that user, and the group that the two have in common.
const COLLEAGUE: &str = "65533";
const GROUP: u32 = 65_532;

/// The program, run by the other user, with the permissions of no group.
fn other(folder: &Path) -> Command {
    as_user(folder, OTHER, &["--clear-groups"])
}

/// The program, run by a user of the common group.
fn member(folder: &Path, user: &str, args: &[&str]) -> Output {
    as_user(folder, user, &["--groups", &GROUP.to_string()]).args(args).output().unwrap()
}

fn as_user(folder: &Path, user: &str, groups: &[&str]) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--reuid", user, "--regid", user]).args(groups).arg(env!("CARGO_BIN_EXE_recip")).current_dir(folder);
    quiet(&mut command);
    command
}

fn run(folder: &Path, args: &[&str]) -> Output {
    other(folder).args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder that the other user can look into, with a ledger that it can read; `None` where this test cannot become another user.
fn folder() -> Option<TempDir> {
    let folder = tempfile::tempdir().unwrap();
    set_mode(folder.path(), 0o755);
    if !run(folder.path(), &["--version"]).status.success() {
        println!("skipped: only an administrator with 'setpriv' can run the program as another user");
        return None;
    }
    begin(folder.path());
    set_mode(&folder.path().join("l.db"), 0o644);
    Some(folder)
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// An access control list on the file lets another user read, and one on the folder that new files inherit lets them write; a log that
/// either of the two left behind is open to the other.
#[test]
fn an_access_control_list_is_enough_if_new_files_inherit_it() {
    let Some(folder) = folder() else { return };
    let folder = folder.path();
    if !crate::support::installed("setfacl") {
        return;
    }
    set_mode(&folder.join("l.db"), 0o600);
    let grant = |rights: &str, to: &str| Command::new("setfacl").args(["-m", rights, to]).current_dir(folder).status().unwrap().success();
    let log = |actor: &str| run(folder, &["-f", "l.db", "log", actor, "RUS", "protest", "--on", "2020-01-01"]);
    assert_eq!(run(folder, &["-f", "l.db", "list"]).status.code(), Some(5));
    if !grant(&format!("u:{OTHER}:rw"), "l.db") {
        println!("skipped: this file system has no access control lists");
        return;
    }
    assert!(run(folder, &["-f", "l.db", "list"]).status.success());
    assert_eq!(log("FRA").status.code(), Some(5));
    assert!(grant(&format!("u:{OTHER}:rwx,d:u:{OTHER}:rw"), "."));
    let logged = log("FRA");
    assert!(logged.status.success(), "{}", said(&logged));
    // The log of a connection of the owner that is still open.
    let owner = Connection::open(folder.join("l.db")).unwrap();
    owner.execute("UPDATE action SET summary = 'in the log'", []).unwrap();
    assert!(folder.join("l.db-wal").exists());
    let logged = log("DEU");
    assert!(logged.status.success(), "{}", said(&logged));
    drop(owner);
    ok(folder, &["-f", "l.db", "log", "GBR", "RUS", "protest", "--on", "2020-01-02"]);
    ok(folder, &["-f", "l.db", "check", "--errors-only"]);
}

/// SQLite does not know the CHECK constraints of a file that it may not write.
#[test]
fn a_reader_without_rights_finds_rows_that_break_a_rule() {
    let Some(folder) = folder() else { return };
    let folder = folder.path();
    let owner = rusqlite::Connection::open(folder.join("l.db")).unwrap();
    owner.execute_batch("PRAGMA ignore_check_constraints = ON; UPDATE action SET place = '' WHERE id = 1").unwrap();
    let checked = run(folder, &["-f", "l.db", "check"]);
    let found = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(found.contains("error[rule] #1: it breaks a rule of its table: CHECK constraint failed: place <> ''"), "{found}");
    drop(owner);
}

#[test]
fn a_reader_without_rights_gets_one_moment() {
    if left_out("a reader without rights") {
        return;
    }
    let Some(folder) = folder() else { return };
    let folder = folder.path();
    // An export reads these rows from the file bit by bit, in the order of their days.
    let mut csv = "date,actor,target,kind,summary\n".to_owned();
    for n in 0..6_000 {
        csv.push_str(&format!("{}-{:02}-{:02},FRA,GBR,protest,{}\n", 1990 + n / 336, 1 + n / 28 % 12, 1 + n % 28, "x".repeat(300)));
    }
    fs::write(folder.join("more.csv"), csv).unwrap();
    ok(folder, &["-f", "l.db", "import", "more.csv"]);
    let mut export = other(folder).args(["-f", "l.db", "export", "csv"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = export.stdout.take().unwrap();
    // The export has begun, and its pipe is full long before its end.
    let mut csv = vec![0];
    stdout.read_exact(&mut csv).unwrap();
    let owner = Connection::open(folder.join("l.db")).unwrap();
    owner.execute("UPDATE action SET summary = 'written meanwhile'", []).unwrap();
    owner.close().unwrap();
    stdout.read_to_end(&mut csv).unwrap();
    assert!(export.wait().unwrap().success());
    let csv = String::from_utf8(csv).unwrap();
    assert_eq!(csv.lines().count(), 6_002);
    assert_eq!(csv.matches("written meanwhile").count(), 0);
    let now = run(folder, &["-f", "l.db", "export", "csv"]);
    assert_eq!(String::from_utf8_lossy(&now.stdout).matches("written meanwhile").count(), 6_001, "{}", said(&now));
}

/// The log of a ledger that its owner did not close, with and without the file of its locks.
#[test]
fn a_reader_without_rights_sees_what_is_still_in_the_log() {
    let Some(folder) = folder() else { return };
    let folder = folder.path();
    let owner = Connection::open(folder.join("l.db")).unwrap();
    owner.execute("UPDATE action SET summary = 'in the log'", []).unwrap();
    fs::create_dir(folder.join("copy")).unwrap();
    for file in ["l.db", "l.db-wal"] {
        fs::copy(folder.join(file), folder.join("copy").join(file)).unwrap();
    }
    for place in [folder, &folder.join("copy")] {
        let before = names(place);
        let shown = run(place, &["-f", "l.db", "show", "claim"]);
        assert!(String::from_utf8_lossy(&shown.stdout).contains("in the log"), "{}", said(&shown));
        assert_eq!(names(place), before);
    }
    // What nobody may read is not left out silently.
    set_mode(&folder.join("copy/l.db-wal"), 0o600);
    let refused = run(&folder.join("copy"), &["-f", "l.db", "list"]);
    assert_eq!(refused.status.code(), Some(5), "{}", said(&refused));
    assert!(said(&refused).contains("l.db-wal: Permission denied"), "{}", said(&refused));
}

/// The log and the locks of a reader would belong to it, and the owner could not write any more.
#[test]
fn a_reader_leaves_nothing_in_a_folder_that_all_can_write_to() {
    let Some(folder) = folder() else { return };
    let folder = folder.path();
    set_mode(folder, 0o777);
    let mut export = other(folder).args(["-f", "l.db", "export", "jsonl"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut first = [0];
    export.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    for name in names(folder) {
        assert_ne!(fs::metadata(folder.join(&name)).unwrap().uid().to_string(), OTHER, "{name}");
    }
    export.kill().unwrap();
    export.wait().unwrap();
    ok(folder, &["-f", "l.db", "log", "FRA", "GBR", "protest"]);
}

const LOG: [&str; 6] = ["-f", "l.db", "log", "FRA", "GBR", "protest"];
const LIST: [&str; 3] = ["-f", "l.db", "list"];

/// The rows of the table in docs/sharing.md: the modes of the ledger and of its folder, and whether a member of the group can read and write.
#[test]
fn the_rights_are_those_that_the_guide_lists() {
    for (file, place, reads, writes) in [
        (0o600, 0o2770, false, false),
        (0o644, 0o755, true, false),
        (0o640, 0o750, true, false),
        (0o640, 0o2770, true, false),
        (0o660, 0o750, true, false),
        (0o660, 0o2770, true, true),
    ] {
        let Some(folder) = folder() else { return };
        let folder = folder.path();
        for path in [folder, &folder.join("l.db")] {
            std::os::unix::fs::chown(path, Some(OTHER.parse().unwrap()), Some(GROUP)).unwrap();
        }
        set_mode(folder, place);
        set_mode(&folder.join("l.db"), file);
        for (args, works) in [(&LIST[..], reads), (&LOG[..], writes)] {
            let output = member(folder, COLLEAGUE, args);
            let what = format!("{file:o} in {place:o}: {args:?}: {}", said(&output));
            assert_eq!(output.status.code(), Some(if works { 0 } else { 5 }), "{what}");
            assert!(works || said(&output).contains("help: ") || said(&output).contains("Permission denied"), "{what}");
        }
        // The owner can write as before.
        let owner = as_user(folder, OTHER, &["--groups", &GROUP.to_string()]).args(LOG).output().unwrap();
        assert!(owner.status.success(), "{file:o} in {place:o}: {}", said(&owner));
    }
}

/// In a folder that passes its group on, the log of a program that was killed does not lock the others out, whatever its umask.
#[test]
fn a_group_goes_on_after_one_of_it_was_killed() {
    let Some(folder) = folder() else { return };
    let folder = folder.path();
    for path in [folder, &folder.join("l.db")] {
        std::os::unix::fs::chown(path, Some(OTHER.parse().unwrap()), Some(GROUP)).unwrap();
    }
    set_mode(folder, 0o2770);
    set_mode(&folder.join("l.db"), 0o660);
    answers_file(folder, "more.csv", "more", 6_000, false);
    ok(folder, &["-f", "l.db", "import", "more.csv"]);
    let program = format!("umask 077; exec setpriv --reuid {COLLEAGUE} --regid {COLLEAGUE} --groups {GROUP} \"$0\" -f l.db export csv");
    let mut shell = Command::new("sh");
    shell.args(["-c", &program, env!("CARGO_BIN_EXE_recip")]).current_dir(folder).stdout(Stdio::piped());
    quiet(&mut shell);
    let mut export = shell.spawn().unwrap();
    let mut first = [0];
    export.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    export.kill().unwrap();
    export.wait().unwrap();
    let log = fs::metadata(folder.join("l.db-wal")).unwrap();
    assert_eq!((log.uid().to_string().as_str(), log.gid(), log.mode() & 0o777), (COLLEAGUE, GROUP, 0o660));
    for user in [OTHER, COLLEAGUE] {
        let output = member(folder, user, &LOG);
        assert!(output.status.success(), "{}", said(&output));
    }
}
