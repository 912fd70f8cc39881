//! Help, manual pages and completions agree, because they are generated from the same definitions.

use std::process::Command;

use crate::support::{installed, ok, run, some};

/// All commands, as the manual pages name them in their synopsis: `export csl-json`.
fn verbs() -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    ok(folder.path(), &["man", "pages"]);
    let pages = std::fs::read_dir(folder.path().join("pages")).unwrap().map(|p| std::fs::read_to_string(p.unwrap().path()).unwrap());
    let synopses = pages.map(|page| page.lines().skip_while(|l| *l != ".SH SYNOPSIS").nth(1).unwrap().to_owned());
    let verbs = synopses.filter_map(|synopsis| Some(synopsis.strip_prefix("\\fBrecip ")?.split("\\fR").next()?.replace('\\', "")));
    let mut verbs: Vec<Vec<String>> = verbs.map(|verb| verb.split(' ').map(str::to_owned).collect()).collect();
    verbs.retain(|verb| verb.last().is_some_and(|last| last != "help"));
    verbs.sort();
    verbs
}

#[test]
fn the_help_of_every_verb_has_an_example() {
    let folder = tempfile::tempdir().unwrap();
    let verbs = verbs();
    assert!(verbs.len() > 40 && verbs.contains(&vec!["export".to_owned(), "csl-json".to_owned()]), "{verbs:?}");
    for verb in verbs.iter().filter(|v| !v.contains(&"help".to_owned())) {
        let mut args: Vec<&str> = verb.iter().map(String::as_str).collect();
        args.push("--help");
        let help = ok(folder.path(), &args);
        let has_verbs = help.contains("\nCommands:\n");
        assert!(
            has_verbs || ["Example", "Examples"].iter().any(|heading| help.contains(&format!("{heading}:\n  recip {}", verb.join(" ")))),
            "recip {} --help has no example",
            verb.join(" ")
        );
    }
}

#[test]
fn a_command_under_another_name_is_pointed_to() {
    let folder = tempfile::tempdir().unwrap();
    let all = ok(folder.path(), &["--help"]);
    for (given, meant) in [
        ("add", "recip log"),
        ("delete", "recip void"),
        ("remove", "recip undo"),
        ("new", "recip log"),
        ("status", "recip report unanswered"),
        ("Unanswered", "recip report unanswered"),
        ("balance", "recip report --help"),
        ("update", "recip edit"),
        ("search", "recip list"),
        ("reverse", "recip log"),
        ("cancel", "recip void"),
        ("reply", "recip answer"),
        ("execute", "recip log"),
        ("renew", "recip extend"),
        ("tag", "recip edit"),
        ("save", "recip backup"),
        ("init", "recip import"),
    ] {
        let output = run(folder.path(), &[given]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with(&format!("error: there is no command '{given}'\nhelp: ")) && said.contains(meant), "{said}");
        assert!(all.contains(&format!("\n  {} ", meant.split(' ').nth(1).unwrap())), "{meant}");
    }
    ok(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "protest"]);
    let output = run(folder.path(), &["-f", "l.db", "export", "csv", "out.csv"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("help: -o names the file to write: -o out.csv"));
    let output = run(folder.path(), &["-f", "l.db", "list", "--since", "2018-01-02", "--until", "2018-01-01"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("help: exchange --since and --until"));
    let output = run(folder.path(), &["-f", "l.db", "report", "balance", "--since", "2018-01-02", "--as-of", "2018-01-01"]);
    let said =
        "error: since '2018-01-02': this is after 2018-01-01, the day of the report\nhelp: give an earlier --since, or a later --as-of\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), said);
}

/// The global options are in a group of their own, below the options of the command.
#[test]
fn the_global_options_are_the_last_group_of_every_help() {
    let folder = tempfile::tempdir().unwrap();
    for verb in some(6, std::iter::once(Vec::new()).chain(verbs())) {
        let mut args: Vec<&str> = verb.iter().map(String::as_str).collect();
        args.push("--help");
        let help = ok(folder.path(), &args);
        let (own, global) = help.split_once("\nGlobal options:\n").unwrap_or_else(|| panic!("{args:?}: {help}"));
        for option in ["--file <LEDGER>", "--as-known <DATE|TIME>", "--as <NAME>", "--color <WHEN>", "--help "] {
            assert!(global.contains(option) && !own.contains(option), "{args:?}: {option}: {help}");
        }
        assert!(
            !global.lines().any(|line| line.ends_with(':') && !["Example:", "Examples:"].contains(&line) && !line.starts_with(' ')),
            "{args:?}: {help}"
        );
        assert_eq!(help, ok(folder.path(), &[&args[..args.len() - 1], &["-h"]].concat()), "{args:?}");
    }
}

#[test]
fn completions_are_scripts_that_their_shells_take() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let script = ok(folder.path(), &["completions", shell]);
        assert!(script.contains("RECIP_COMPLETE"), "{shell}");
        let path = folder.path().join(shell);
        std::fs::write(&path, script).unwrap();
        if installed(shell) {
            assert!(Command::new(shell).arg("-n").arg(&path).status().unwrap().success(), "{shell} does not take its script");
        }
    }
}
