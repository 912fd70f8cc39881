//! The command as it was typed, for the audit log and for captions.

use std::ffi::OsString;

use recip::model::words::quoted;

/// Options that do not say what the command does. Each takes a value. The audit log leaves them out.
const LEFT_OUT: [&str; 4] = ["-f", "--file", "--as", "--color"];

/// The command and its arguments, quoted so that a shell reads them the same way.
pub(crate) fn command(arguments: impl IntoIterator<Item = OsString>) -> String {
    let mut words = Vec::new();
    let mut arguments = arguments.into_iter().skip(1).map(|a| a.to_string_lossy().into_owned());
    while let Some(word) = arguments.next() {
        if LEFT_OUT.contains(&word.as_str()) {
            arguments.next();
        } else if !LEFT_OUT
            .iter()
            .any(|option| word.strip_prefix(option).is_some_and(|rest| rest.starts_with('=') || !option.starts_with("--")))
        {
            words.push(quoted(&word));
        }
    }
    words.join(" ")
}

/// The whole command, quoted in the same way: `recip -f l.db report balance RUS USA`.
pub(crate) fn typed(arguments: impl IntoIterator<Item = OsString>) -> String {
    let arguments = arguments.into_iter().skip(1).map(|a| quoted(&a.to_string_lossy()));
    std::iter::once("recip".to_owned()).chain(arguments).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn the_verb_and_its_arguments_are_kept_and_the_ledger_left_out() {
        let typed = ["recip", "-f", "l.db", "--as=desk", "edit", "7", "--summary", "it's so", "--color", "never"];
        assert_eq!(command(typed.map(Into::into)), r"edit 7 --summary 'it'\''s so'");
        assert_eq!(command(["recip", "-fl.db", "void", "7", "--file=l.db", "--reason", "x"].map(Into::into)), "void 7 --reason x");
    }
}
