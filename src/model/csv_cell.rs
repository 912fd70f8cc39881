//! The cells of the flat CSV: lists within one cell, and the guard that stops a spreadsheet from running a cell as a formula.
//!
//! The items of a list are joined by ` | `. Within an item, a backslash escapes:
//!
//! - `|` and a backslash,
//! - white space at either end,
//! - the bracket of a literal ` [says ...]` or ` [denies]`,
//! - an address that follows another within one text.
//!
//! So any text can be written and read back unchanged.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::error::Result;
use crate::model::source::{self, DENIES, SAYS};
use crate::model::{Cite, Reading};

/// The characters that begin a formula, including the full-width forms that East Asian spreadsheets accept.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// True if a spreadsheet would run the cell as a formula, with or without `'` before it.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// The cell as it is written: with a `'` before a formula if the file is for a spreadsheet, and before text that already looks guarded.
pub(crate) fn guarded(text: &str, excel: bool) -> Cow<'_, str> {
    if (excel || text.starts_with('\'')) && is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text of a cell, without its guard.
pub(crate) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_formula(text) => text,
        _ => cell,
    }
}

/// The items of a list, still escaped, without the white space around them.
pub(crate) fn items(cell: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(cell);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = separator(text);
        rest = end.map(|at| &text[at + 1..]);
        Some(trimmed(&text[..end.unwrap_or(text.len())]))
    })
    .filter(|item| !item.is_empty())
}

/// The sources in an item: each address belongs to one. People also separate sources by a semicolon, a comma, a word or white space, and name
/// a source before its address or after it.
pub(crate) fn addresses(item: &str) -> Vec<&str> {
    let starts: Vec<usize> = starts_of_addresses(item).collect();
    let mut rest = 0;
    let mut sources = Vec::new();
    for pair in starts.windows(2) {
        let (end, next) = cut(item, pair[0], pair[1], starts[0] == 0);
        sources.push(item[rest..end].trim_end_matches(is_between));
        rest = next;
    }
    sources.push(&item[rest..]);
    sources
}

/// Where a source ends whose address begins at `at`, and where the next one begins, whose address begins at `next`.
fn cut(item: &str, at: usize, next: usize, is_address_first: bool) -> (usize, usize) {
    let end = item[at..next].find(char::is_whitespace).map_or(next, |n| at + n);
    let words = item[end..next].trim_matches(|c: char| is_between(c) || is_bracket(c));
    if words.is_empty() || CONJUNCTIONS.contains(&words.to_lowercase().as_str()) {
        let bracket = item[end..next].find(is_bracket).map_or(next, |n| end + n);
        return (end, bracket);
    }
    // The end of the address has what separates it from the next word.
    let between = item[..end].trim_end_matches(is_between).len();
    let separators = || item[between..next].match_indices([';', ',', '\n']).map(|(n, _)| between + n);
    match if is_address_first { separators().next_back() } else { separators().next() } {
        Some(separator) => (separator, skip_between(item, separator)),
        None if is_address_first => (next, next),
        None => (end, skip_between(item, end)),
    }
}

fn skip_between(item: &str, at: usize) -> usize {
    item.len() - item[at..].trim_start_matches(is_between).len()
}

/// The words with which people join two sources.
const CONJUNCTIONS: [&str; 12] = ["and", "und", "et", "y", "и", "&", "+", "see also", "siehe auch", "voir aussi", "also", "or"];

/// Where the addresses in a text begin. Before an escaped one there is a backslash.
fn starts_of_addresses(text: &str) -> impl Iterator<Item = usize> {
    let begins = |text: &str| text.starts_with("http://") || text.starts_with("https://");
    let is_free = |before: &str| before.is_empty() || before.ends_with(|c| is_between(c) || is_bracket(c));
    text.match_indices("http").map(|(at, _)| at).filter(move |at| begins(&text[*at..]) && is_free(&text[..*at]))
}

/// True for what people write between two addresses.
fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, ';' | ',')
}

fn is_bracket(c: char) -> bool {
    matches!(c, '(' | '[' | '<' | ')' | ']' | '>' | '"' | ':')
}

/// The position of the first `|` that is not escaped.
fn separator(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|b| {
        let found = b == b'|' && !escaped;
        escaped = b == b'\\' && !escaped;
        found
    })
}

/// The text without the unescaped white space at its ends.
fn trimmed(text: &str) -> &str {
    let text = text.trim_start();
    let short = text.trim_end();
    let backslashes = short.bytes().rev().take_while(|b| *b == b'\\').count();
    match text[short.len()..].chars().next() {
        Some(space) if backslashes % 2 == 1 => &text[..short.len() + space.len_utf8()],
        _ => short,
    }
}

/// Adds an item to a list.
pub(crate) fn add_item(cell: &mut String, item: &str) {
    if !cell.is_empty() {
        cell.push_str(" | ");
    }
    escape(cell, item);
}

/// Adds a source to a list.
pub(crate) fn add_cite(cell: &mut String, cite: &str, reading: &Reading) {
    let looks_read = cite.ends_with(DENIES) || cite.ends_with(']') && cite.contains(SAYS);
    if reading.is_empty() && looks_read {
        // The text only looks like ` [says ...]` or ` [denies]`: it is part of the name of the source.
        let mut escaped = String::new();
        escape(&mut escaped, cite);
        let escaped = [SAYS, DENIES].iter().fold(escaped, |text, mark| text.replace(mark, &mark.replacen('[', "\\[", 1)));
        if !cell.is_empty() {
            cell.push_str(" | ");
        }
        cell.push_str(&escaped);
        return;
    }
    add_item(cell, cite);
    cell.push_str(&reading.to_string());
}

fn escape(cell: &mut String, item: &str) {
    let plain = |c: char| c != '|' && c != '\\';
    let ends = item.starts_with(char::is_whitespace) || item.ends_with(char::is_whitespace);
    let addresses: Vec<usize> = starts_of_addresses(item).skip(1).collect();
    if !ends && item.chars().all(plain) && addresses.is_empty() {
        cell.push_str(item);
        return;
    }
    let last = item.char_indices().next_back().map_or(0, |(at, _)| at);
    for (at, c) in item.char_indices() {
        if !plain(c) || (c.is_whitespace() && (at == 0 || at == last)) || addresses.contains(&at) {
            cell.push('\\');
        }
        cell.push(c);
    }
}

/// The text of an item, without its escapes.
pub(crate) fn unescaped(item: &str) -> Cow<'_, str> {
    if !item.contains('\\') {
        return Cow::Borrowed(item);
    }
    let mut text = String::with_capacity(item.len());
    let mut chars = item.chars().peekable();
    let mut at = 0;
    while let Some(c) = chars.next() {
        at += c.len_utf8();
        // A backslash that escapes nothing stands for itself.
        let escapable = |next: &char| matches!(next, '|' | '\\' | '[') || next.is_whitespace() || item[at..].starts_with("http");
        let escapes = c == '\\' && chars.peek().is_some_and(escapable);
        let literal = if escapes { chars.next().unwrap_or(c) } else { c };
        at += if escapes { literal.len_utf8() } else { 0 };
        text.push(literal);
    }
    Cow::Owned(text)
}

/// The source that an item names.
pub(crate) fn cite(item: &str) -> Result<Cite> {
    let (cite, reading) = source::split(item)?;
    Ok(Cite { cite: unescaped(if reading.is_empty() { item } else { trimmed(cite) }).into_owned(), reading })
}

/// Adds a source, unless the list already has it. A short list is compared item by item, which is faster. The sources of a long one, which
/// can have a quarter of a million, are looked up in `seen`, which only this function fills.
pub(crate) fn cite_once(sources: &mut Vec<Cite>, seen: &mut HashSet<String>, cite: Cite) {
    const FEW: usize = 16;
    let new = if sources.len() < FEW {
        !sources.contains(&cite)
    } else {
        if seen.is_empty() {
            seen.extend(sources.iter().map(Cite::to_string));
        }
        seen.insert(cite.to_string())
    };
    if new {
        sources.push(cite);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_list_survives(list in prop::collection::vec("([ |\\\\\\[\\]'=\n\t]|says|a| \\[denies\\]|https://|; |[^\u{0}]){1,12}", 0..5)) {
            let mut cell = String::new();
            for item in &list {
                add_cite(&mut cell, item, &Reading::default());
            }
            let back: Vec<String> = items(&cell).map(|i| cite(i).unwrap().cite).collect();
            prop_assert_eq!(back, list);
        }

        #[test]
        fn any_cell_survives_the_guard(text in "['=+@\t\r\n\u{ff1d}-]{0,4}.{0,5}", excel: bool) {
            let written = guarded(&text, excel);
            prop_assert_eq!(unguarded(&written), text.as_str());
            prop_assert!(!excel || !written.starts_with(FORMULA));
        }
    }

    #[test]
    fn a_reading_stays_with_its_source() {
        let mut cell = String::new();
        let cites = [
            ("a ", Reading { date: Some("2017-07-30".to_owned()), count: Some(1985).into(), denies: false }),
            ("b [says 60]", Reading::default()),
            ("C:\\x", Reading { count: Some(60).into(), ..Reading::default() }),
            ("c [denies]", Reading::default()),
            ("d [says 60]", Reading { denies: true, ..Reading::default() }),
        ];
        for (cite, reading) in &cites {
            add_cite(&mut cell, cite, reading);
        }
        assert_eq!(cell, "a\\  [says 2017-07-30, 01985] | b \\[says 60] | C:\\\\x [says 60] | c \\[denies] | d [says 60] [denies]");
        let back: Vec<Cite> = items(&cell).map(|i| cite(i).unwrap()).collect();
        for (back, (cite, reading)) in back.iter().zip(&cites) {
            assert_eq!((back.cite.as_str(), &back.reading), (*cite, reading));
        }
    }
}
