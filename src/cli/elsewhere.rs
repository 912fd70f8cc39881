//! Suggests the right command when somebody types one that does not exist, and likewise for options.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Commands that do not exist: the words, and a sentence that names the right command.
const ELSEWHERE: [(&[&str], &str); 14] = [
    (
        &["add", "new", "create", "insert", "record"],
        "'recip log' adds an action; 'recip party add', 'recip kind add' and so on add to the catalogue",
    ),
    (
        &["remove", "delete", "rm", "del"],
        "'recip void ACTION' takes an action out that was entered in error; 'recip undo' reverts the last change",
    ),
    (&["change", "update", "correct", "modify", "set"], "'recip edit ACTION' corrects an action"),
    (&["status", "open", "unanswered"], "'recip report unanswered' shows what is open"),
    (
        &["balance", "pending", "timeline", "reciprocity", "panel", "survival", "brief", "matrix", "changes"],
        "it is a report: 'recip report --help' lists them",
    ),
    (&["search", "find", "grep"], "'recip list --text WORDS' searches the actions"),
    (
        &["reverse", "revoke", "withdraw", "lift", "cancel"],
        "'recip log ... --reverses ACTION' logs the act that reverses another; 'recip void ACTION' takes an action out that was entered in error",
    ),
    (
        &["reply", "respond", "retaliate"],
        "'recip answer' logs the reply to everything that is open; 'recip log ... --answers ACTION' that to one act",
    ),
    (&["execute", "implement"], "'recip log ... --executes ACTION' logs the act that carries out another"),
    (&["renew", "prolong"], "'recip log ... --renews ACTION' logs a renewal; 'recip extend ACTION --deadline WHEN' moves a deadline"),
    (&["note", "tag", "annotate"], "'recip edit ACTION --note TEXT' or '--tag TAG' adds it to an action"),
    (&["save", "commit"], "every command saves what it does; 'recip backup FILE' makes a copy"),
    (&["version"], "'recip --version' prints the version"),
    (&["init"], "the first 'recip log' or 'recip import' creates the ledger"),
];

/// Options that commands do not have: the commands, the options, and a sentence that names the right option or command.
const OPTIONS: [(&[&str], &[&str], &str); 13] = [
    (&["log", "edit", "answer", "waive", "extend"], &["--date", "--day", "--when"], "--on DATE gives the date"),
    (&["report", "list"], &["--date", "--day", "--when"], "--as-of DATE gives the day; --since and --until give a period"),
    (&["show", "chain"], &["--as-of"], "--as-known DAY shows what the ledger knew on a day; reports and lists take --as-of"),
    (
        &["report", "list"],
        &["--from", "--to", "--after", "--before"],
        "--since and --until give a period; parties follow the command without an option: recip list RUS USA",
    ),
    (&["list"], &["--search", "--query", "--find", "--grep"], "--text WORDS searches the texts and the sources"),
    (&["log", "edit", "list"], &["--status", "--state"], "--stage gives the stage: threatened, announced or done"),
    (&["report"], &["--due", "--within", "--next"], "'recip report pending --due-within 3d' lists what is due in the next three days"),
    (&["report", "list"], &["--party", "--country"], "the parties follow the command without an option: recip list RUS USA"),
    (&["report"], &["--scale"], "the reports with weights take a scale: balance, matrix, reciprocity, panel, brief"),
    (
        &["edit"],
        &["--ref", "--reference"],
        "the reference of an action cannot change; to give another: recip void ACTION, and log it again with --ref",
    ),
    (
        &["edit"],
        &["--executes", "--waives", "--extends", "--renews"],
        "'recip link LATER RELATION EARLIER' links two actions, and 'recip unlink LATER EARLIER' removes a link",
    ),
    (&["edit"], &["--void", "--voided"], "'recip void ACTION --reason TEXT' voids an action"),
    (&["log"], &["--count", "--number"], "the count follows the kind: recip log USA RUS expulsion 35"),
];

/// The words of the command that was given, without `recip`: `report balance`.
fn command(e: &clap::Error) -> Option<String> {
    let Some(ContextValue::StyledStr(usage)) = e.get(ContextKind::Usage) else { return None };
    let usage = usage.to_string();
    let words = usage.split_once("recip ")?.1.split_whitespace();
    Some(words.take_while(|word| word.starts_with(|c: char| c.is_ascii_lowercase())).collect::<Vec<_>>().join(" "))
}

/// The message for an option that does not exist, without the advice to write '--' before it, which no command of recip takes.
fn option_hint(e: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(given)) = e.get(ContextKind::InvalidArg) else { return None };
    let name = given.split('=').next().unwrap_or(given);
    let command = command(e).unwrap_or_default();
    let verb = command.split(' ').next().unwrap_or_default();
    if !given.starts_with('-') {
        return Some(format!(
            "error: this command takes no further argument '{given}'\nhelp: '--help' after the command shows what it takes"
        ));
    }
    let way_out = match OPTIONS.iter().find(|(verbs, options, _)| verbs.contains(&verb) && options.contains(&name)) {
        Some((.., way_out)) => *way_out,
        None if name.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit()) => {
            "write a value that begins with a hyphen after an equals sign: --option=-3"
        }
        None if e.get(ContextKind::SuggestedSubcommand).is_some() => return None,
        None if matches!(e.get(ContextKind::SuggestedArg), Some(ContextValue::String(near)) if is_typo(name, near)) => return None,
        None => "'--help' after the command lists its options",
    };
    Some(format!("error: this command has no option '{given}'\nhelp: {way_out}"))
}

/// True if an option is probably meant to be the other one: at most two letters differ.
fn is_typo(given: &str, near: &str) -> bool {
    strsim::damerau_levenshtein(given, near) <= 2
}

/// The options for reports of other engines.
const OF_ENGINES: [&str; 2] = ["--on", "--print-sql"];

/// The message for a command that does not exist, if people probably mean a command with another name. A report that other engines cannot
/// compute has a message too.
pub(super) fn hint(e: &clap::Error) -> Option<String> {
    if e.kind() == ErrorKind::UnknownArgument { of_report(e).or_else(|| option_hint(e)) } else { of_command(e) }
}

fn of_report(e: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(option)) = e.get(ContextKind::InvalidArg) else { return None };
    let command = command(e)?;
    let report = command.strip_prefix("report ").filter(|_| OF_ENGINES.contains(&option.as_str()))?;
    let way_out = "these can: unanswered, balance, pending, matrix, timeline, reciprocity, survival, panel; leave out the option for the ledger's own";
    Some(format!("error: another engine cannot compute '{report}', which runs on the ledger only\nhelp: {way_out}"))
}

fn of_command(e: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(given)) = e.get(ContextKind::InvalidSubcommand).filter(|_| e.kind() == ErrorKind::InvalidSubcommand)
    else {
        return None;
    };
    let (_, way_out) = ELSEWHERE.iter().find(|(words, _)| words.contains(&given.to_lowercase().as_str()))?;
    Some(format!("error: there is no command '{given}'\nhelp: {way_out}"))
}
