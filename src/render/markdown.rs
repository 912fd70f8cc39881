//! Text that Markdown prints as it is.

use crate::render::text::visible;

/// The text with every character escaped that Markdown, or GitHub's of it, would take for a sign: what a field holds
/// is never a heading, a link, a table's edge or markup. Line breaks become blanks.
pub fn text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let text = visible(text);
    for (at, c) in text.char_indices() {
        let last = || text[at + 1..].chars().next().is_none_or(char::is_whitespace);
        let sign = match c {
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#' | '&' | '~' | '!' | '$' | '{' | '}' => true,
            // Only at the beginning of a line: a list, a rule, the line under a heading.
            '-' | '+' | '=' => at == 0,
            '.' | ')' => at > 0 && shown.bytes().all(|b| b.is_ascii_digit()) && last(),
            _ => false,
        };
        if sign {
            shown.push('\\');
        }
        shown.push(c);
    }
    shown
}

/// The text as code: between more backticks than it has in a row.
pub fn code(text: &str) -> String {
    let shown = visible(text);
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A blank keeps a backtick at either end from the fence.
    let gap = if shown.starts_with('`') || shown.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{shown}{gap}{fence}")
}

/// An address as the target of a link: what would end the target is written by its number.
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
