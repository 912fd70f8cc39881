//! Help, manual and completions: all from the same definitions.

use std::process::Command;

use crate::support::{installed, ok};

/// Every verb there is, as the manual pages name them: `report unanswered`.
fn verbs() -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    ok(folder.path(), &["man", "pages"]);
    let pages = std::fs::read_dir(folder.path().join("pages")).unwrap().map(|p| p.unwrap().file_name().into_string().unwrap());
    let verbs = pages.filter_map(|p| Some(p.strip_suffix(".1")?.strip_prefix("recip-")?.split('-').map(str::to_owned).collect()));
    let mut verbs: Vec<Vec<String>> = verbs.filter(|v: &Vec<String>| v.last().is_some_and(|last| last != "help")).collect();
    verbs.sort();
    verbs
}

#[test]
fn the_help_of_every_verb_has_an_example() {
    let folder = tempfile::tempdir().unwrap();
    let verbs = verbs();
    assert!(verbs.len() > 25, "{verbs:?}");
    for verb in verbs.iter().filter(|v| !v.contains(&"help".to_owned())) {
        let mut args: Vec<&str> = verb.iter().map(String::as_str).collect();
        args.push("--help");
        let help = ok(folder.path(), &args);
        let has_verbs = help.contains("\nCommands:\n");
        assert!(
            has_verbs || help.contains(&format!("Example:\n  recip {}", verb.join(" "))),
            "recip {} --help has no example",
            verb.join(" ")
        );
    }
}

#[test]
fn completions_are_scripts_that_their_shells_take() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let script = ok(folder.path(), &["completions", shell]);
        assert!(script.contains("unanswered"), "{shell}");
        let path = folder.path().join(shell);
        std::fs::write(&path, script).unwrap();
        if installed(shell) {
            assert!(Command::new(shell).arg("-n").arg(&path).status().unwrap().success(), "{shell} does not take its script");
        }
    }
}
