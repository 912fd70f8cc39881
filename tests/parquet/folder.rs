//! A Parquet export is complete or absent, and replaces nothing but an earlier export.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::TABLES;
use super::catalogue::PLAIN;
use super::groups::many;
use super::values::read_back;
use crate::faults::full_disk::limited;
use crate::support::{ok, recip, run};

/// A ledger `l.db` with actions of two years.
fn ledger(folder: &Path) {
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    ok(folder, &["-f", "l.db", "log", "RUS", "USA", "expulsion", "30", "--on", "2017-07-28", "--answers", "1"]);
}

/// All files in a folder.
pub fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut all = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            all.extend(files(&path));
        } else {
            all.insert(path);
        }
    }
    all
}

/// Runs an export that must be refused; returns the message and checks that no file has changed.
fn refused(folder: &Path, dir: &str, code: i32) -> String {
    let before = files(folder);
    let output = run(folder, &["-f", "l.db", "export", "parquet", dir]);
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    assert_eq!(files(folder), before);
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn an_earlier_export_is_replaced_with_all_its_years() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ledger(folder);
    fs::create_dir(folder.join("out")).unwrap();
    ok(folder, &["-f", "l.db", "export", "parquet", "out"]);
    let part = |table: &str, year: i64| folder.join("out").join(table).join(format!("year={year}/part-0.parquet"));
    let plain = |parts: &[PathBuf]| {
        let plain = PLAIN.map(|table| folder.join("out").join(table).join("part-0.parquet"));
        BTreeSet::from_iter(parts.iter().cloned().chain(plain).chain([folder.join("out/manifest.json")]))
    };
    let all = plain(&[part("actions", 2016), part("actions", 2017), part("links", 2017), part("candidates", 2026)]);
    assert_eq!(files(&folder.join("out")), all);
    // As of a day in the first year there are no files of the second year, and no temporary files are left.
    ok(folder, &["-f", "l.db", "export", "parquet", "out", "--as-of", "2016-12-30"]);
    let all = plain(&[part("actions", 2016), part("links", 2016), part("candidates", 2016)]);
    assert_eq!(files(&folder.join("out")), all);
    assert_eq!(fs::read_dir(folder.join("out")).unwrap().count(), 3 + PLAIN.len() + 1);
    assert_eq!(read_back(&folder.join("out"), "actions").1.len(), 1);
    // The export also works from within the folder, and after an export that was interrupted.
    fs::create_dir_all(folder.join("out/.recip-unfinished-1/actions")).unwrap();
    ok(&folder.join("out"), &["-f", "../l.db", "export", "parquet", "."]);
    assert_eq!(read_back(&folder.join("out"), "actions").1.len(), 2);
}

#[test]
fn nothing_but_an_earlier_export_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ledger(folder);
    ok(folder, &["-f", "l.db", "export", "parquet", "out"]);
    fs::write(folder.join("file"), "mine").unwrap();
    assert!(refused(folder, "file", 3).contains("file: this is a file\nhelp: give a new folder"));
    fs::create_dir(folder.join("mine")).unwrap();
    fs::write(folder.join("mine/notes.txt"), "mine").unwrap();
    assert!(refused(folder, "mine", 3).contains("mine: the folder contains files that are not a Parquet export by recip"));
    // A folder with other files is not replaced, even if a file has the name of one in an export.
    for file in [
        "out/actions/year=2018/part-0.parquet",
        "out/links/notes.txt",
        "out/links/year=2017/part-1.parquet",
        "out/more/notes.txt",
        "out/parties/year=2017/notes.txt",
    ] {
        fs::create_dir_all(folder.join(file).parent().unwrap()).unwrap();
        fs::write(folder.join(file), "mine").unwrap();
        assert!(refused(folder, "out", 3).contains("not a Parquet export by recip"), "{file}");
        fs::remove_file(folder.join(file)).unwrap();
        let _ = fs::remove_dir(folder.join("out/more"));
    }
    assert_eq!(run(folder, &["-f", "l.db", "export", "parquet", "out"]).status.code(), Some(0));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.join("out"), folder.join("link")).unwrap();
        assert!(refused(folder, "link", 3).contains("this is a symbolic link"));
    }
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ledger(folder);
    fs::write(folder.join("file"), "mine").unwrap();
    let said = refused(folder, "file/out", 5);
    assert!(said.starts_with("error: cannot ") && said.contains("file/out: "), "{said}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let shut = folder.join("shut");
        fs::create_dir(&shut).unwrap();
        fs::set_permissions(&shut, fs::Permissions::from_mode(0o555)).unwrap();
        if fs::create_dir(shut.join("probe")).is_ok() {
            println!("skipped: this user writes to any folder");
        } else {
            assert!(refused(folder, "shut", 5).contains("cannot create the folder shut: "));
            assert!(refused(folder, "shut/out", 5).contains("cannot create the folder shut/out: "));
        }
    }
    // An unknown name is reported before anything is written.
    let output = run(folder, &["-f", "l.db", "export", "parquet", "new", "--actor", "Russai"]);
    assert_eq!((output.status.code(), folder.join("new").exists()), (Some(2), false));
    assert_eq!(files(folder).len(), 2);
}

#[test]
fn it_tells_how_many_links_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    ledger(folder.path());
    let output = run(folder.path(), &["-f", "l.db", "export", "parquet", "out", "--actor", "RUS"]);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "left out 1 link to actions that are voided or were not selected\n");
    assert_eq!(TABLES.map(|table| read_back(&folder.path().join("out"), table).1.len()), [1, 0, 0]);
}

/// The number of rows of each table in `out`, which must be readable; `None` if there is no such table.
fn whole(folder: &Path) -> [Option<usize>; 3] {
    TABLES.map(|table| folder.join("out").join(table).exists().then(|| read_back(&folder.join("out"), table).1.len()))
}

/// The number of rows of each table in an export of `many.db`.
const MANY: [Option<usize>; 3] = [Some(1), Some(0), Some(20_000)];

#[test]
fn a_full_disk_leaves_no_half_of_an_export() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    many(folder, 20_000);
    ledger(folder);
    let args = ["-f", "many.db", "export", "parquet", "out"];
    ok(folder, &args);
    let blocks = files(&folder.join("out")).iter().map(|file| file.metadata().unwrap().len() / 512 + 1).max().unwrap();
    fs::remove_dir_all(folder.join("out")).unwrap();
    let (mut refused, mut done) = (0, 0);
    for limit in (0..blocks + 40).step_by(40) {
        // Export into a new folder, and over a smaller export.
        for there in [false, true] {
            if there {
                ok(folder, &["-f", "l.db", "export", "parquet", "out"]);
            }
            let before = whole(folder);
            let output = limited(folder, limit, &args);
            let said = String::from_utf8(output.stderr).unwrap();
            match output.status.code() {
                Some(0) => done += 1,
                Some(5) => refused += 1,
                other => panic!("{limit} blocks: {other:?} {said}"),
            }
            // With a very low limit, SQLite cannot even read the ledger.
            let names = said.starts_with("error: cannot write out/") || limit < 80 && said.starts_with("error: many.db: ");
            assert!(output.status.success() || names, "{limit} blocks: {said}");
            assert_eq!(whole(folder), if output.status.success() { MANY } else { before }, "{limit} blocks");
            assert!(fs::read_dir(folder).unwrap().all(|e| !e.unwrap().file_name().to_string_lossy().contains("unfinished")));
            let _ = fs::remove_dir_all(folder.join("out"));
        }
    }
    assert!(refused > 4 && done > 1, "{refused} refused, {done} done");
}

#[test]
fn a_killed_export_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    many(folder, 20_000);
    ledger(folder);
    let args = ["-f", "many.db", "export", "parquet", "out"];
    let began = std::time::Instant::now();
    ok(folder, &args);
    let takes = began.elapsed();
    let mut killed = 0;
    for round in 0..24u32 {
        let _ = fs::remove_dir_all(folder.join("out"));
        if round % 2 == 1 {
            ok(folder, &["-f", "l.db", "export", "parquet", "out"]);
        }
        let before = whole(folder);
        let mut child = recip(folder).args(args).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(takes * round / 20);
        let _ = child.kill();
        let done = child.wait().unwrap().success();
        killed += u32::from(!done);
        let found = whole(folder);
        if before == [None; 3] {
            assert!(found == MANY || !done && found == before, "round {round}: {found:?}");
        } else {
            // At the end of an export, the tables are moved into place one after another.
            let each = (0..3).all(|at| [MANY[at], before[at], None].contains(&found[at]));
            assert!(found == MANY || !done && each, "round {round}: {found:?}");
        }
        for entry in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            if entry.to_string_lossy().contains(".recip-unfinished-") {
                fs::remove_dir_all(entry).unwrap();
            }
        }
    }
    assert!(killed > 0);
}
