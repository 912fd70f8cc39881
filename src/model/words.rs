//! Command lines as text: their words, and the quotes of a shell.

/// The word, quoted for a shell if necessary.
pub fn quoted(word: &str) -> String {
    // A shell may expand what begins with '=' or '#'.
    let plain = |c: char| c.is_alphanumeric() || "-_./:=@,+%#".contains(c);
    if !word.is_empty() && word.chars().all(plain) && !word.starts_with(['#', '=']) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// The words as one line, from which [`split`] reads the same words.
pub fn join<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    words.into_iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// The words of a command line, with the quotes and backslashes that a shell would remove; `None`: a quote is not closed. Nothing is
/// expanded.
pub fn split(line: &str) -> Option<Vec<String>> {
    let (mut words, mut word): (Vec<String>, Option<String>) = (Vec::new(), None);
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => words.extend(word.take()),
            '\'' => word.get_or_insert_default().push_str(&until_quote(&mut chars)?),
            '"' => loop {
                match chars.next()? {
                    '"' => {
                        word.get_or_insert_default();
                        break;
                    }
                    '\\' => match chars.next()? {
                        c @ ('"' | '\\' | '$' | '`') => word.get_or_insert_default().push(c),
                        c => word.get_or_insert_default().extend(['\\', c]),
                    },
                    c => word.get_or_insert_default().push(c),
                }
            },
            '\\' => word.get_or_insert_default().push(chars.next()?),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

fn until_quote(chars: &mut std::str::Chars<'_>) -> Option<String> {
    let (text, rest) = chars.as_str().split_once('\'')?;
    *chars = rest.chars();
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_a_shell_reads_them() {
        let words = split(r#"log USA RUS  expulsion '35' --summary "the \"35\" of \x" --note it\'s '' x"y"z"#).unwrap();
        assert_eq!(words, ["log", "USA", "RUS", "expulsion", "35", "--summary", "the \"35\" of \\x", "--note", "it's", "", "xyz"]);
        assert_eq!((split("it's"), split("\"a"), split("a\\"), split("  ")), (None, None, None, Some(Vec::new())));
    }

    #[test]
    fn words_that_were_joined_are_split_again() {
        for words in [vec!["log", "it's", "", "a b", "#1", "\u{e9}", "\n"], vec!["\\", "\"", "''"]] {
            assert_eq!(split(&join(words.clone())).unwrap(), words);
        }
        assert_eq!(join(["edit", "7", "--count", "?", "A:3", "=x", "a=b"]), "edit 7 --count '?' A:3 '=x' a=b");
    }
}
