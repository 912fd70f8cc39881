//! The command as it was typed, for the history.

use std::ffi::OsString;

/// The options that say which ledger and who, not what is done, each with a value.
const ASIDE: [&str; 5] = ["-f", "--file", "--as", "--color", "--now"];

/// The verb and its arguments, quoted so that a shell would read them again.
pub(crate) fn command(arguments: impl IntoIterator<Item = OsString>) -> String {
    let mut words = Vec::new();
    let mut arguments = arguments.into_iter().skip(1).map(|a| a.to_string_lossy().into_owned());
    while let Some(word) = arguments.next() {
        if ASIDE.contains(&word.as_str()) {
            arguments.next();
        } else if !ASIDE.iter().any(|a| a.starts_with("--") && word.strip_prefix(a).is_some_and(|rest| rest.starts_with('='))) {
            words.push(quoted(&word));
        }
    }
    words.join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=@,+%#?".contains(c);
    if !word.is_empty() && word.chars().all(plain) && !word.starts_with('#') {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn the_verb_and_its_arguments_are_kept_and_the_ledger_left_out() {
        let typed = ["recip", "-f", "l.db", "--as=ada", "edit", "7", "--summary", "it's so", "--color", "never"];
        assert_eq!(command(typed.map(Into::into)), r"edit 7 --summary 'it'\''s so'");
    }
}
