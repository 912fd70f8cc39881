//! Commands that people try, and the command that does what they want.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The words, and what does it, as a sentence.
const ELSEWHERE: [(&[&str], &str); 7] = [
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
    (&["init"], "the first 'recip log' or 'recip import' creates the ledger"),
];

/// The message for a command that does not exist, if there is a command with another name that people probably mean.
pub(super) fn hint(e: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(given)) = e.get(ContextKind::InvalidSubcommand).filter(|_| e.kind() == ErrorKind::InvalidSubcommand)
    else {
        return None;
    };
    let (_, way_out) = ELSEWHERE.iter().find(|(words, _)| words.contains(&given.to_lowercase().as_str()))?;
    Some(format!("error: there is no command '{given}'\nhelp: {way_out}"))
}
