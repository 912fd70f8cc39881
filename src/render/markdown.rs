//! Text that Markdown prints as it is.

use crate::render::text::visible;

/// The text with every character escaped that Markdown, or GitHub's of it, would take for a sign: what a field holds
/// is never a heading, a link, a table's edge or markup. Line breaks become blanks.
pub fn text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (at, c) in visible(text).char_indices() {
        let sign = match c {
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#' | '&' | '~' | '!' | '$' | '{' | '}' => true,
            // Only at the beginning of a line: a list, a rule, the line under a heading.
            '-' | '+' | '=' => at == 0,
            '.' | ')' => at > 0 && shown.bytes().all(|b| b.is_ascii_digit()),
            _ => false,
        };
        if sign {
            shown.push('\\');
        }
        shown.push(c);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_escaped_and_prose_is_not() {
        assert_eq!(text("35 officials (of 40), named: \"spies\" - out."), "35 officials (of 40), named: \"spies\" - out.");
        assert_eq!(text("# a|b <i>[x](y)</i> ![z]"), r"\# a\|b \<i\>\[x\](y)\</i\> \!\[z\]");
        assert_eq!(text("- one"), r"\- one");
        assert_eq!(text("1. one"), r"1\. one");
        assert_eq!(text("a\nb\u{1b}"), r"a b\\u\{1b\}");
    }
}
