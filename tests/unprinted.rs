//! A change whose report cannot be printed: the command says that the change was made, so that nobody makes it again.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Output, Stdio};

use tempfile::TempDir;

use crate::feeds::{ask, gdelt};
use crate::support::{ok, recip, run, some};

/// Every command that changes something, as typed. A command after `then` is run on the outcome of those before it.
const CHANGES: [&str; 37] = [
    "log USA RUS protest",
    "log USA RUS protest then answer --by RUS --in-kind",
    "waive 4",
    "log USA RUS closure --stage announced --ref soon then extend soon --deadline 2030-01-01",
    "link 5 answers 4",
    "unlink 2 1",
    "edit 1 --count 34",
    "void 4 --reason twice",
    "undo",
    "undo then redo",
    "suggest --link --yes",
    "merge other.db",
    "import more.csv",
    "import --feed gdelt later.tsv",
    "confirm 1",
    "candidates merge 1 1",
    "dismiss 1 2 --reason sport",
    "backup copy.db",
    "backup copy.db then restore copy.db",
    "party add TRN Transnistria",
    "party edit TUR --alias Turkland",
    "party member NATO SRB --since 2030-01-01",
    "kind add flag-burning --unit acts",
    "kind edit tariff --cameo 1631",
    "scale add ours",
    "scale edit goldstein --title G",
    "scale import weights.csv --name ours",
    "scale weigh goldstein expulsion -9.5",
    "dispute add compounds",
    "dispute edit spies Spies",
    "source edit 1 --publisher BBC",
    // On a new ledger.
    "-f new.db log USA RUS protest",
    "-f new.db import more.csv",
    "-f new.db import --feed gdelt feed.tsv",
    "-f new.db party add TRN Transnistria",
    "-f new.db scale import weights.csv --name ours",
    "-f new.db dispute add compounds",
];

/// The commands that change nothing.
const READERS: [&str; 14] =
    ["diff", "serve", "sql", "history", "list", "show", "chain", "report", "export", "candidates", "check", "completions", "man", "lake"];

/// A folder with a ledger on which each of the commands changes something.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    for args in [
        "log USA RUS expulsion 35 --on 2016-12-29 --source BBC",
        "log RUS USA expulsion 30 --on 2017-07-28 --answers 1",
        "log USA RUS sanction 1 --on 2017-08-01 --stage threatened",
        "log GBR RUS expulsion 23 --on 2018-03-14",
        "log RUS GBR expulsion 23 --on 2018-03-17",
        "dispute add spies",
    ] {
        ok(path, &with_ledger(args));
    }
    let rows = [("RUS", 1), ("CUB", 2), ("CHN", 3)].map(|(target, id)| gdelt(58, id, "20130401", "USA", target, "161", "-4.0", "20130404"));
    std::fs::write(path.join("feed.tsv"), rows[..2].concat()).unwrap();
    std::fs::write(path.join("later.tsv"), rows.concat()).unwrap();
    std::fs::write(path.join("more.csv"), "date,actor,target,kind\n2019-01-01,USA,CHN,tariff\n").unwrap();
    std::fs::write(path.join("weights.csv"), "kind,weight\nexpulsion,-5\n").unwrap();
    ok(path, &with_ledger("import --feed gdelt feed.tsv"));
    ok(path, &with_ledger("log USA RUS protest --on 2019-01-01"));
    ok(path, &with_ledger("backup other.db"));
    ok(path, &with_ledger("-f other.db log USA RUS protest --on 2019-01-02"));
    folder
}

/// The arguments, with `-f l.db` unless they name a ledger.
fn with_ledger(command: &str) -> Vec<&str> {
    let ledger = if command.starts_with("-f ") { &[][..] } else { &["-f", "l.db"] };
    ledger.iter().copied().chain(command.split(' ')).collect()
}

/// The number of changes in the ledger that the command names; 0 if there is no ledger.
fn changes(folder: &Path, args: &[&str]) -> usize {
    if !folder.join(args[1]).exists() {
        return 0;
    }
    ask(folder, args[1], "SELECT id FROM change").len()
}

/// Runs each change with the given standard output, on a ledger of its own.
fn every_change(stdout: impl Fn() -> Option<Stdio>, look: impl Fn(&str, &Output)) {
    let base = folder();
    for command in some(5, CHANGES) {
        let folder = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(base.path()).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
        }
        let (before, args) = command.split_once(" then ").map_or((None, command), |(before, last)| (Some(before), last));
        if let Some(before) = before {
            ok(folder.path(), &with_ledger(before));
        }
        let args = with_ledger(args);
        let known = changes(folder.path(), &args);
        let Some(stdout) = stdout() else { return };
        let output = recip(folder.path()).args(&args).stdout(stdout).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let made = if args.contains(&"backup") { "backup" } else { "change" };
        assert!(said.contains(&format!("the {made} was made; only its report could not be printed\n")), "{command}: {said}");
        let expected = if args.contains(&"backup") || args.contains(&"restore") { known } else { known + 1 };
        assert_eq!(changes(folder.path(), &args), expected, "{command}");
        look(command, &output);
    }
}

#[test]
fn every_change_on_a_full_disk_says_that_it_was_made() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").ok().map(Stdio::from);
    if full().is_none() {
        return println!("skipped: there is no /dev/full");
    }
    every_change(full, |command, output| {
        assert_eq!(output.status.code(), Some(5), "{command}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("error: cannot write the output") && !said.contains("try again"), "{command}: {said}");
    });
}

#[test]
fn every_change_into_a_closed_pipe_says_that_it_was_made() {
    every_change(
        || std::io::pipe().ok().map(|(_, writer)| Stdio::from(writer)),
        |command, output| {
            assert_eq!(output.status.code(), Some(0), "{command}");
        },
    );
}

/// A dry run, and a command that changes nothing, make no such claim.
#[test]
fn what_was_not_changed_is_not_called_a_change() {
    let folder = folder();
    for command in [
        "undo --dry-run",
        "log USA RUS protest --dry-run",
        "scale weigh goldstein expulsion -5.0 then scale weigh goldstein expulsion -5.0",
        "list",
    ] {
        let (before, args) = command.split_once(" then ").unwrap_or(("list", command));
        ok(folder.path(), &with_ledger(before));
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = recip(folder.path()).args(with_ledger(args)).stdout(writer).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{command}");
    }
}

#[test]
fn no_command_is_left_out_here() {
    let folder = tempfile::tempdir().unwrap();
    let commands = |args: &[&str]| -> Vec<String> {
        let help = String::from_utf8(run(folder.path(), args).stdout).unwrap();
        let (_, list) = help.split_once("Commands:\n").unwrap();
        let list = list.split("\n\n").next().unwrap();
        list.lines().filter(|l| !l.starts_with("   ")).filter_map(|l| l.split_whitespace().next()).map(ToOwned::to_owned).collect()
    };
    let tried: BTreeSet<String> = CHANGES
        .iter()
        .map(|c| c.rsplit(" then ").next().unwrap().trim_start_matches("-f new.db "))
        .flat_map(|c| {
            let words: Vec<&str> = c.split(' ').take(2).collect();
            [words[0].to_owned(), words.join(" ")]
        })
        .collect();
    for verb in commands(&["--help"]).iter().filter(|v| *v != "help" && !READERS.contains(&v.as_str())) {
        assert!(tried.contains(verb), "{verb}");
        if ["party", "kind", "scale", "dispute", "source"].contains(&verb.as_str()) {
            for inner in commands(&[verb, "--help"]).iter().filter(|v| !["help", "list", "show"].contains(&v.as_str())) {
                assert!(tried.contains(&format!("{verb} {inner}")), "{verb} {inner}");
            }
        }
    }
}
