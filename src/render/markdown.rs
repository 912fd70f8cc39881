//! Escapes text for Markdown.

use crate::render::text::visible;

/// Escapes every character that Markdown or GitHub Flavored Markdown would interpret: the value of a field never becomes a
/// heading, a link, a table border or markup. Line breaks become spaces.
pub fn text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let text = visible(text);
    for (at, c) in text.char_indices() {
        let last = || text[at + 1..].chars().next().is_none_or(char::is_whitespace);
        let special = match c {
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#' | '&' | '~' | '!' | '$' | '{' | '}' => true,
            // Special only at the beginning of a line: a list, a rule or a heading's underline.
            '-' | '+' | '=' => at == 0,
            '.' | ')' => at > 0 && shown.bytes().all(|b| b.is_ascii_digit()) && last(),
            _ => false,
        };
        if special {
            shown.push('\\');
        }
        shown.push(c);
    }
    shown
}

/// The text as code, delimited by more backticks than its longest run of them.
pub fn code(text: &str) -> String {
    let shown = visible(text);
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A space separates a backtick at either end from the fence.
    let gap = if shown.starts_with('`') || shown.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{shown}{gap}{fence}")
}

/// An address as the target of a link; characters that would end the target are percent-encoded.
pub fn address(url: &str) -> String {
    let mut shown = String::with_capacity(url.len() + 2);
    for c in url.chars() {
        match c {
            '<' | '>' | '\\' | '|' | '`' | '(' | ')' | '"' => shown.push_str(&format!("%{:02X}", u32::from(c))),
            c if c.is_ascii_control() || c == ' ' => shown.push_str(&format!("%{:02X}", u32::from(c))),
            '&' => shown.push_str("&amp;"),
            c => shown.push(c),
        }
    }
    format!("<{shown}>")
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
        assert_eq!(text("1.5 of them"), "1.5 of them");
        assert_eq!(text("a\nb\u{1b}"), r"a b\\u\{1b\}");
    }

    #[test]
    fn code_and_addresses_end_where_they_should() {
        assert_eq!(code("recip list"), "`recip list`");
        assert_eq!(code("a ``b`"), "``` a ``b` ```");
        assert_eq!(address("https://example.org/a?b=c&d"), "<https://example.org/a?b=c&amp;d>");
        assert_eq!(address("https://example.org/>x)|"), "<https://example.org/%3Ex%29%7C>");
    }
}
