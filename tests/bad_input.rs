//! Invalid input is refused with the right exit code and a helpful message, and changes nothing.

use std::path::Path;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::support::{cases, ok, recip, run, some};

/// A ledger with a claim of 35 (#1), an answer of 30 (#2), a threat (#3) and a third party's act (#4).
fn ledger() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for args in [
        "-f l.db log USA RUS expulsion 35 --on 2016-12-29",
        "-f l.db log RUS USA expulsion 30 --on 2017-07-28 --answers 1",
        "-f l.db log USA RUS sanction 1 --on 2017-08-01 --stage threatened",
        "-f l.db log GBR RUS expulsion 23 --on 2018-03-14",
    ] {
        ok(folder.path(), &args.split(' ').collect::<Vec<_>>());
    }
    folder
}

/// Everything the ledger holds.
fn content(path: &Path) -> Vec<String> {
    let conn = Connection::open(path).unwrap();
    let mut all = Vec::new();
    for table in ["action", "link", "source", "citation", "party", "alias", "kind", "weight", "dispute"] {
        let mut rows = conn.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let width = rows.column_count();
        let row = |r: &rusqlite::Row<'_>| Ok((0..width).map(|i| format!("{:?}|", r.get_ref(i).unwrap())).collect::<String>());
        all.extend(rows.query_map([], row).unwrap().map(Result::unwrap));
    }
    all
}

/// Runs a command that must fail and leave the ledger unchanged; returns its error message.
fn refused(folder: &Path, args: &[&str], code: i32) -> String {
    let before = content(&folder.join("l.db"));
    let output = recip(folder).env("RECIP_LEDGER", "l.db").args(args).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "recip {}: {said}", args.join(" "));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "recip {}", args.join(" "));
    assert_eq!(content(&folder.join("l.db")), before, "recip {} changed the ledger", args.join(" "));
    said
}

#[test]
fn names_that_mean_nothing_get_the_nearest_offered() {
    let folder = ledger();
    for (args, says) in some(
        4,
        [
            (["log", "Rossia", "USA", "expulsion"], "did you mean Russia (RUS)?"),
            (["log", "Russai", "USA", "expulsion"], "did you mean Russia (RUS)?"),
            (["log", "Noth Korea", "USA", "expulsion"], "did you mean North Korea (PRK)?"),
            (["log", "Sout Africa", "USA", "expulsion"], "did you mean South Africa (ZAF)?"),
            (["log", "Korea", "USA", "expulsion"], "North Korea (PRK)"),
            (
                ["log", "Congo", "USA", "expulsion"],
                "'Congo': this name can mean the Democratic Republic of the Congo (COD) or the Republic of the Congo (COG)",
            ),
            (["log", "Allemange", "USA", "expulsion"], "did you mean Germany (DEU)?"),
            (["log", "北スーダン", "USA", "expulsion"], "there is no party '北スーダン'\n"),
            (["log", "USA", "RUS", "expulsoin"], "did you mean expulsion?"),
            (["log", "", "RUS", "expulsion"], "there is no party ''"),
            (["report", "balance", "RUS", "Amerika"], "there is no party 'Amerika'"),
            (["list", "--kind", "expulsions", "RUS"], "did you mean expulsion?"),
            (["report", "balance", "--scale", "goldstien"], "did you mean goldstein?"),
            (["list", "RUS", "--dispute", "nothing"], "there is no dispute 'nothing'"),
            (["list", "RUS", "--dispute", "Cold War, II"], "'recip dispute add cold-war-ii 'Cold War, II'' adds this one"),
        ],
    ) {
        let said = refused(folder.path(), &args, 2);
        assert!(said.contains(says) && said.contains("help: "), "{args:?}: {said}");
    }
    assert!(refused(folder.path(), &["show", "99"], 2).contains("there is no action '99'"));
    assert!(refused(folder.path(), &["show", "2016-12-29-usa-rus-expulsoin"], 2).contains("did you mean 2016-12-29-usa-rus-expulsion?"));
    assert!(refused(folder.path(), &["log", "USA", "RUS", "expulsion", "--stage", "maybe"], 2).contains("threatened, announced, done"));
    assert!(refused(folder.path(), &["log", "Russia", "Moscow", "expulsion"], 3).contains("Russia against itself"));
}

#[test]
fn dates_are_never_guessed() {
    let folder = ledger();
    for (date, says) in [
        ("2017-02-30", "there is no such day in the calendar"),
        ("30/02/2017", "there is no such day in the calendar"),
        ("04/03/2022", "can be read as 2022-03-04 or as 2022-04-03"),
        ("next friday", "not a date"),
        ("17-02-03", "not a date"),
    ] {
        let said = refused(folder.path(), &["log", "USA", "RUS", "expulsion", "--on", date], 2);
        assert!(said.contains(says), "{date}: {said}");
    }
    assert!(refused(folder.path(), &["report", "balance", "--as-of", "2017-07"], 2).contains("more than one day"));
    assert!(refused(folder.path(), &["log", "USA", "RUS", "expulsion", "--deadline", "soon"], 2).contains("neither a day nor a time"));
}

/// Messages name what a person wrote, not what a rule of the schema or another program calls it.
#[test]
fn values_are_refused_in_the_words_of_the_command() {
    let folder = ledger();
    for (args, says) in [
        (["scale", "weigh", "goldstein", "expulsion", "abc"].as_slice(), "weight 'abc': this is not a number"),
        (&["scale", "weigh", "goldstein", "expulsion", "inf"], "weight 'inf': this is not a number"),
        (&["party", "member", "EU", "TUR", "--since", "2020", "--until", "2019"], "until '2019': the membership would end before it began"),
    ] {
        let said = refused(folder.path(), args, 2);
        assert!(said.contains(says), "{args:?}: {said}");
    }
    let output = crate::support::recip(folder.path())
        .args(["log", "USA", "RUS", "protest", "--on", "2018-03-01"])
        .env("RECIP_NOW", "then")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.starts_with("error: RECIP_NOW 'then': "), "{said}");
}

/// The option that does what was meant is named, and no advice is given that no command takes.
#[test]
fn an_option_under_another_name_is_pointed_to() {
    let folder = ledger();
    for (args, says) in [
        (["edit", "1", "--date", "2017"].as_slice(), "--on DATE gives the date"),
        (&["edit", "1", "--executes", "2"], "'recip link LATER RELATION EARLIER' links two actions"),
        (&["edit", "1", "--void", "x"], "'recip void ACTION --reason TEXT' voids an action"),
        (&["edit", "1", "--ref", "x"], "the reference of an action cannot change"),
        (&["log", "USA", "RUS", "expulsion", "--count", "35"], "the count follows the kind"),
        (&["log", "USA", "RUS", "expulsion", "35", "--deadline", "-3d"], "after an equals sign"),
        (&["report", "unanswered", "--scale", "plover"], "the reports with weights take a scale: balance, matrix"),
        (&["report", "balance", "--quantity", "trade", "--scale", "plover"], "cannot be used with"),
        (&["report", "balance", "--quantity", "trade", "--with-suggested", "0.5"], "cannot be used with"),
        (&["report", "reciprocity", "--seed", "5"], "--permutations"),
        (&["report", "reciprocity", "--explain", "response-rate", "--permutations", "10"], "cannot be used with"),
        (&["show", "1", "--as-of", "2017-01-01"], "--as-known DAY shows what the ledger knew"),
        (&["list", "--from", "2017-01-01"], "--since and --until give a period"),
        (&["list", "--party", "USA"], "recip list RUS USA"),
        (&["report", "matrix", "--friendly"], "'--help' after the command lists its options"),
        (&["edit", "1", "2", "--count", "3"], "this command takes no further argument '2'"),
        (&["list", "--nonsense"], "'--help' after the command lists its options"),
    ] {
        let said = refused(folder.path(), args, 2);
        assert!(said.contains(says) && !said.contains("as a value, use"), "{args:?}: {said}");
    }
}

/// What would have no effect is refused.
#[test]
fn values_that_apply_to_nothing_are_refused() {
    let folder = ledger();
    for (args, says) in [
        ("log USA:2,FRA:3 RUS expulsion 9 --on 2018-01-01", "so this one applies to none"),
        ("log EU:2 RUS sanction 1 --on 2018-01-01", "so this one applies to none"),
        ("edit 1 --quantity=trade_16_USD --quantity=trade_17_USD", "its name is given twice"),
        ("edit 1 --quantity=trade_about_5_USD", "'about' makes its number inexact"),
    ] {
        let args: Vec<String> = args.split(' ').map(|word| word.replace('_', " ")).collect();
        let said = refused(folder.path(), &args.iter().map(String::as_str).collect::<Vec<_>>(), 2);
        assert!(said.contains(says) && said.contains("help: "), "{args:?}: {said}");
    }
}

#[test]
fn counts_are_whole_numbers_from_one() {
    let folder = ledger();
    for (count, says) in
        [("0", "at least 1"), ("-5", "negative"), ("1e30", "whole number"), ("3.5", "whole number"), ("99999999999", "more than")]
    {
        let said = refused(folder.path(), &["log", "USA", "RUS", "expulsion", count], 2);
        assert!(said.contains(says), "{count}: {said}");
    }
    assert!(refused(folder.path(), &["log", "RUS", "USA", "expulsion", "5", "--answers", "1:0"], 2).contains("at least 1"));
}

/// However many rows have an unknown name, it is one problem, and the problems after it are told too.
#[test]
fn a_name_that_many_rows_have_is_one_problem() {
    let folder = ledger();
    for (column, row) in [("kind", "2018-03-26,USA,RUS,expulsoin,1\n"), ("actor", "2018-03-26,Germny,RUS,expulsion,1\n")] {
        let rows = row.repeat(1_500);
        let text = format!("date,actor,target,kind,count\n{rows}2018-03-27,USA,Ruritania,expulsion,1\n2018-03-27,USA,RUS,sanctoin,1\n");
        std::fs::write(folder.path().join("many.csv"), text).unwrap();
        let said = refused(folder.path(), &["import", "many.csv"], 3);
        let problems: Vec<&str> = said.lines().filter(|line| line.contains(", column ")).collect();
        assert_eq!(problems.len(), 3, "{said}");
        assert!(
            problems[0].contains(&format!("many.csv:2, column {column}: there is no ")) && problems[0].ends_with("1489 more)"),
            "{said}"
        );
        assert!(problems[1].contains("many.csv:1502, column target: there is no party 'Ruritania'; help: "), "{said}");
        assert!(problems[2].contains("many.csv:1503, column kind: there is no kind 'sanctoin'; did you mean sanction? help: "), "{said}");
    }
}

#[test]
fn the_arithmetic_refuses_with_figures() {
    let folder = ledger();
    for (args, says) in some(
        4,
        [
            ("log RUS USA expulsion 9 --answers 1:9", "9 persons are stated, but 5 persons of #1 are open"),
            ("log RUS USA expulsion 2 --answers 1:3", "3 persons are stated, but 2 persons of #5 are left"),
            ("log RUS USA expulsion 9 --on 2016-12-01 --answers 1", "certainly earlier"),
            ("log RUS GBR expulsion 9 --answers 1", "aimed at the United Kingdom"),
            ("log RUS USA expulsion 9 --answers 4", "aimed at the United States"),
            ("log RUS USA expulsion 9 --answers 2", "done by Russia"),
            ("log RUS USA expulsion 9 --answers 3:1", "1 measure is stated, but 0 measures of #3 are open"),
            ("log RUS USA meeting 1 --answers 1:1", "#5 is friendly and #1 is hostile"),
            ("log RUS USA expulsion 9 --executes 3", "executes, reverses, extends or renews only its own actions"),
            ("log USA RUS sanction 1 --executes 1", "done already"),
            ("log USA RUS release 40 --reverses 1:40", "40 persons are stated, but 35 persons of #1 are in force"),
            ("log RUS USA expulsion 5 --waives 1", "cannot waive"),
            ("log RUS USA restraint --waives 1:3", "a waiver closes all that is open"),
            ("log GBR USA restraint --waives 1", "only the injured party"),
            ("log GBR USA expulsion 2 --answers 1:2", "is not the injured party"),
            ("link 1 answers 1", "an action cannot be linked to itself"),
            ("link 2 answers 1", "answers #1 already"),
            ("unlink 4 1", "not linked"),
            ("edit 2 --answers 1:36", "after this change only 30 persons would be left for it"),
            ("edit 1 --answers 2:36", "they are not linked that way"),
            ("edit 1 --on 2019", "certainly earlier"),
            ("edit 2 --target FRA", "aimed at France"),
        ],
    ) {
        let args: Vec<&str> = args.split(' ').collect();
        let said = refused(folder.path(), &args, 3);
        assert!(said.contains(says) && said.contains("help: "), "{args:?}: {said}");
    }
}

/// A link that has nothing to settle is not refused: it is stored, and the message says that it settles nothing.
#[test]
fn what_settles_nothing_is_linked_and_says_why() {
    for (args, says) in some(
        4,
        [
            ("log RUS USA expulsion 9 --answers 3", "answers #3 (settles nothing: #3 opens no claim); 9 persons open against Russia"),
            ("log RUS USA meeting 1 --answers 1", "(settles nothing: one action is hostile and the other is friendly)"),
            (
                "log RUS USA expulsion 9 --stage threatened --answers 1",
                "(settles nothing: a threat settles nothing until it is carried out)",
            ),
            ("log GBR USA expulsion 2 --answers 1", "in solidarity (settles nothing: the claim belongs to Russia)"),
            ("log USA RUS expulsion 2 --answers 2", "(settles nothing: #2 has nothing open); 2 persons open against the United States"),
            ("log USA RUS release 1 --stage threatened --reverses 1", "(settles nothing: a threat reverses nothing that was done)"),
            ("log RUS USA restraint --waives 3", "waives #3 (settles nothing: #3 has nothing open)"),
            ("edit 1 --count 3", "#2 now answers #1 with 3 instead of 30"),
            ("void 1 --reason x", "#2 now answers #1 with 0 instead of 30"),
        ],
    ) {
        let folder = ledger();
        let said = ok(folder.path(), &["-f", "l.db"].into_iter().chain(args.split(' ')).collect::<Vec<_>>());
        assert!(said.contains(says), "{args}: {said}");
    }
}

#[test]
fn a_file_that_is_no_ledger_is_told_as_what_it_is() {
    let folder = ledger();
    let path = |name: &str| folder.path().join(name);
    let said = |args: &[&str], code: i32| {
        let output = run(folder.path(), args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(said(&["-f", "none.db", "list"], 5).contains("no ledger at none.db"));
    std::fs::write(path("text.db"), "hello").unwrap();
    assert!(said(&["-f", "text.db", "list"], 3).contains("not an SQLite file"));
    std::fs::create_dir(path("folder.db")).unwrap();
    assert!(said(&["-f", "folder.db", "list"], 3).contains("folder"));
    Connection::open(path("other.db")).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    assert!(said(&["-f", "other.db", "log", "USA", "RUS", "expulsion"], 3).contains("another program's"));
    std::fs::copy(path("l.db"), path("newer.db")).unwrap();
    Connection::open(path("newer.db")).unwrap().execute_batch("PRAGMA user_version = 3").unwrap();
    assert!(said(&["-f", "newer.db", "list"], 3).contains("a newer recip made this ledger"));
    let bytes = std::fs::read(path("l.db")).unwrap();
    std::fs::write(path("torn.db"), &bytes[..5000]).unwrap();
    assert!(said(&["-f", "torn.db", "list"], 3).contains("damaged"));
}

#[test]
fn a_ledger_that_cannot_be_written_can_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = ledger();
    let set = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    set(&folder.path().join("l.db"), 0o444);
    set(folder.path(), 0o555);
    // Root can write everywhere, so the test cannot provoke the error.
    if std::fs::write(folder.path().join("probe"), "").is_ok() {
        println!("skipped: this user writes where nobody may");
        return;
    }
    assert!(ok(folder.path(), &["-f", "l.db", "list"]).contains("#1"));
    assert_eq!(run(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "expulsion"]).status.code(), Some(5));
    set(folder.path(), 0o755);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = ledger();
    let mut child = recip(folder.path())
        .args(["-f", "l.db", "list"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[test]
fn a_full_disk_is_told() {
    let folder = ledger();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let Ok(full) = full else { return println!("skipped: there is no /dev/full") };
    let output = recip(folder.path()).args(["-f", "l.db", "list"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(5));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write the output"));
}

#[test]
fn escape_sequences_in_texts_are_shown_not_obeyed() {
    let folder = ledger();
    let evil = "\u{1b}[2J\u{1b}]0;owned\u{7}";
    ok(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "protest", "--summary", evil, "--by", evil, "--place", evil, "--source", evil]);
    for args in [
        vec!["list"],
        vec!["show", "5"],
        vec!["report", "timeline"],
        vec!["report", "unanswered"],
        vec!["chain", "5"],
        vec!["report", "unanswered", "--format", "md"],
    ] {
        let mut all = vec!["-f", "l.db"];
        all.extend(&args);
        let said = ok(folder.path(), &all);
        assert!(!said.contains('\u{1b}') && !said.contains('\u{7}'), "{args:?}");
    }
    let output = run(folder.path(), &["-f", "l.db", "show", evil]);
    assert!(!output.stderr.contains(&0x1b));
}

#[test]
fn log_with_nothing_after_it_needs_a_terminal() {
    let folder = ledger();
    assert!(refused(folder.path(), &["log"], 2).contains("an action needs an actor, a target and a kind"));
}

#[test]
fn a_first_log_that_fails_leaves_no_ledger_behind() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("new")).unwrap();
    assert_eq!(run(folder.path(), &["-f", "new/l.db", "log", "Rossia", "USA", "expulsion"]).status.code(), Some(2));
    assert_eq!(run(folder.path(), &["-f", "new/l.db", "log", "RUS", "USA", "expulsion", "--dry-run"]).status.code(), Some(0));
    let left: Vec<_> = std::fs::read_dir(folder.path().join("new")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Regression: `-o /dev/null`, run as root, replaced the device with a regular file.
#[test]
fn output_never_takes_the_place_of_a_device_or_of_a_ledger() {
    use std::os::unix::fs::FileTypeExt;
    let folder = ledger();
    let pipe = folder.path().join("pipe");
    if std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|s| s.success()) {
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read_to_string(pipe).unwrap()
        });
        ok(folder.path(), &["-f", "l.db", "list", "--format", "csv", "-o", "pipe"]);
        assert!(reader.join().unwrap().starts_with("id,ref,date"));
        assert!(std::fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
    }
    assert!(refused(folder.path(), &["export", "csv", "-o", "l.db"], 3).contains("it is a ledger"));
}

/// Runs it with at most this much memory, in KiB.
#[cfg(target_os = "linux")]
fn run_with_memory(folder: &Path, kib: u64, args: &[&str]) -> std::process::Output {
    let mut sh = std::process::Command::new("sh");
    crate::support::quiet(&mut sh);
    sh.args(["-c", "ulimit -v \"$1\" && shift && exec \"$@\"", "sh", &kib.to_string(), env!("CARGO_BIN_EXE_recip")]);
    sh.args(args).current_dir(folder).output().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn a_template_is_bounded_in_memory_and_time() {
    let folder = ledger();
    let folder = folder.path();
    let doubling = |double: &str| {
        format!("{{% set n = namespace(x={double}) %}}{{% for i in range(60) %}}{{% set n.x = n.x + n.x %}}{{% endfor %}}{{{{ n.x }}}}")
    };
    let page = "{% for a in range(1000) %}".repeat(3) + &"z".repeat(1000) + &"{% endfor %}".repeat(3);
    for (template, says) in [
        (doubling("'z'"), "1,000,000 steps, or 64 MB"),
        ("{{ range(100000)|join('z'*100000) }}".to_owned(), "1,000,000 steps, or 64 MB"),
        ("{{ 'z'*1000000000000 }}".to_owned(), "1,000,000 steps, or 64 MB"),
        ("{{ '%1000000000d'|format(1) }}".to_owned(), "1,000,000 steps, or 64 MB"),
        ("{{ 'x'|indent(1000000000, true) }}".to_owned(), "1,000,000 steps, or 64 MB"),
        (page, "1,000,000 steps, or 64 MB"),
        ("z".repeat(1_000_001), "larger than 1 MB"),
        ("{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}".to_owned(), "recursion"),
        (doubling("[1]"), "longer than 10 s"),
    ]
    .into_iter()
    .take(cases(8, 9))
    {
        std::fs::write(folder.join("t.html"), template).unwrap();
        let output = run_with_memory(folder, 2_000_000, &["-f", "l.db", "report", "brief", "USA", "RUS", "--template", "t.html"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{says}: {said}");
        assert!(said.contains(says) && said.contains("help: "), "{says}: {said}");
    }
}

#[cfg(unix)]
fn mkfifo(path: &Path) -> bool {
    std::process::Command::new("mkfifo").arg(path).status().is_ok_and(|made| made.success())
}

/// A device or a pipe is neither read without end nor replaced by a file.
#[test]
#[cfg(unix)]
fn devices_and_pipes_are_neither_read_as_templates_nor_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let folder = ledger();
    let folder = folder.path();
    ok(folder, &["-f", "l.db", "backup", "copy.db"]);
    let fifo = folder.join("pipe");
    if !mkfifo(&fifo) {
        return println!("skipped: there is no mkfifo");
    }
    for template in ["pipe", "/dev/zero"] {
        assert!(refused(folder, &["report", "brief", "USA", "RUS", "--template", template], 3).contains("must be a regular file"));
    }
    for args in [&["-f", "l.db", "backup", "--force", "pipe"][..], &["-f", "pipe", "restore", "copy.db"]] {
        let output = run(folder, args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{args:?}: {said}");
        assert!(said.contains("it is a device, a pipe or a socket"), "{args:?}: {said}");
        assert!(std::fs::symlink_metadata(&fifo).unwrap().file_type().is_fifo(), "{args:?}");
    }
    // Nobody writes into this pipe: a program that opened it would wait for ever.
    for command in [&["list"][..], &["check"], &["log", "USA", "RUS", "protest"], &["backup", "x.db"]] {
        let mut program = std::process::Command::new("timeout");
        let output = program.args(["60", env!("CARGO_BIN_EXE_recip"), "-f", "pipe"]).args(command).current_dir(folder).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("pipe: this is a pipe or a device, not a ledger"), "{command:?}: {said}");
    }
    // -o writes into a pipe that somebody reads.
    let reader = std::process::Command::new("cat").arg(&fifo).stdout(std::process::Stdio::piped()).spawn().unwrap();
    ok(folder, &["-f", "l.db", "export", "csv", "-o", "pipe"]);
    let read = reader.wait_with_output().unwrap();
    assert!(String::from_utf8_lossy(&read.stdout).starts_with("ref,date,"));
    assert!(std::fs::symlink_metadata(&fifo).unwrap().file_type().is_fifo());
}

#[test]
fn a_clock_before_1970_is_no_fault() {
    let folder = ledger();
    for args in [
        "log USA RUS protest",
        "report unanswered",
        "report brief USA RUS",
        "suggest",
        "backup early.db",
        "restore early.db",
        "undo",
        "list --as-known 1969-12-31T00:00:00Z",
    ] {
        let args: Vec<&str> = ["-f", "l.db"].into_iter().chain(args.split(' ')).collect();
        let output = recip(folder.path()).env("RECIP_NOW", "1969-12-31T00:00:00Z").args(&args).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
