//! The cells of the flat CSV: lists in one cell, and the guard that keeps a spreadsheet from running one.
//!
//! The items of a list are joined by ` | `. Within an item a backslash goes before `|`, before a backslash, before
//! a blank at either end, and before the bracket of a literal ` [says ...]`. So any text survives.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::error::{Error, Result};
use crate::model::Cite;

const SAYS: &str = " [says ";

/// What a formula begins with: the plain characters, and the wide ones that spreadsheets in East Asia take for them.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// True where a spreadsheet would run the cell, `'` marks before it or not.
fn runs(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// The cell as it is written: one more `'` before what a spreadsheet would run, and before what looks guarded.
pub(crate) fn guarded(text: &str, excel: bool) -> Cow<'_, str> {
    if (excel || text.starts_with('\'')) && runs(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text of a cell: its guard comes off.
pub(crate) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if runs(text) => text,
        _ => cell,
    }
}

/// The items of a list, still escaped, without the blanks around them.
pub(crate) fn items(cell: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(cell);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = bar(text);
        rest = end.map(|at| &text[at + 1..]);
        Some(trimmed(&text[..end.unwrap_or(text.len())]))
    })
    .filter(|item| !item.is_empty())
}

/// Where the first bar without a backslash is.
fn bar(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|b| {
        let here = b == b'|' && !escaped;
        escaped = b == b'\\' && !escaped;
        here
    })
}

/// Without the blanks at the ends that have no backslash before them.
fn trimmed(text: &str) -> &str {
    let text = text.trim_start();
    let short = text.trim_end();
    let backslashes = short.bytes().rev().take_while(|b| *b == b'\\').count();
    match text[short.len()..].chars().next() {
        Some(blank) if backslashes % 2 == 1 => &text[..short.len() + blank.len_utf8()],
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
pub(crate) fn add_cite(cell: &mut String, cite: &str, says_date: Option<&str>, says_count: Option<i64>) {
    let plain = says_date.is_none() && says_count.is_none();
    if plain && cite.ends_with(']') && cite.contains(SAYS) {
        // Literally so: it is not this source's own reading.
        let mut escaped = String::new();
        escape(&mut escaped, cite);
        let escaped = escaped.replace(SAYS, " \\[says ");
        if !cell.is_empty() {
            cell.push_str(" | ");
        }
        cell.push_str(&escaped);
        return;
    }
    add_item(cell, cite);
    if !plain {
        cell.push_str(SAYS);
        cell.push_str(says_date.unwrap_or_default());
        if says_date.is_some() && says_count.is_some() {
            cell.push_str(", ");
        }
        if let Some(count) = says_count {
            // A count of four digits would read as a year: a leading zero tells them apart.
            let zero = if (1000..10_000).contains(&count) { "0" } else { "" };
            cell.push_str(&format!("{zero}{count}"));
        }
        cell.push(']');
    }
}

fn escape(cell: &mut String, item: &str) {
    let needless = |c: char| c != '|' && c != '\\';
    let ends = item.starts_with(char::is_whitespace) || item.ends_with(char::is_whitespace);
    if !ends && item.chars().all(needless) {
        cell.push_str(item);
        return;
    }
    let last = item.char_indices().next_back().map_or(0, |(at, _)| at);
    for (at, c) in item.char_indices() {
        if !needless(c) || (c.is_whitespace() && (at == 0 || at == last)) {
            cell.push('\\');
        }
        cell.push(c);
    }
}

/// An item's text.
pub(crate) fn unescaped(item: &str) -> Cow<'_, str> {
    if !item.contains('\\') {
        return Cow::Borrowed(item);
    }
    let mut text = String::with_capacity(item.len());
    let mut chars = item.chars().peekable();
    while let Some(c) = chars.next() {
        // A backslash that escapes nothing is one that somebody typed.
        let escapes = c == '\\' && chars.peek().is_some_and(|n| matches!(n, '|' | '\\' | '[') || n.is_whitespace());
        text.push(if escapes { chars.next().unwrap_or(c) } else { c });
    }
    Cow::Owned(text)
}

/// The source that an item names.
pub(crate) fn cite(item: &str) -> Result<Cite> {
    let Some((cite, says)) = item.strip_suffix(']').and_then(|t| t.rsplit_once(SAYS)) else {
        return Ok(Cite { cite: unescaped(item).into_owned(), says_date: None, says_count: None });
    };
    if cite.trim().is_empty() {
        return Err(Error::invalid("source", item, "it names no source", "put the source before [says ...]"));
    }
    let told: Cite = format!("source{SAYS}{says}]").parse()?;
    Ok(Cite { cite: unescaped(trimmed(cite)).into_owned(), ..told })
}

/// Adds a source, unless it is there; `met` is for this alone. A few are compared one by one, which is faster; a cell
/// can hold a quarter of a million.
pub(crate) fn cite_once(sources: &mut Vec<Cite>, met: &mut HashSet<String>, cite: Cite) {
    const FEW: usize = 16;
    let new = if sources.len() < FEW {
        sources.iter().all(|s| s.cite != cite.cite)
    } else {
        if met.is_empty() {
            met.extend(sources.iter().map(|s| s.cite.clone()));
        }
        met.insert(cite.cite.clone())
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
        fn any_list_survives(list in prop::collection::vec("([ |\\\\\\[\\]'=\n\t]|says|a|[^\u{0}]){1,12}", 0..5)) {
            let mut cell = String::new();
            for item in &list {
                add_cite(&mut cell, item, None, None);
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
        add_cite(&mut cell, "a ", Some("2017-07-30"), Some(1985));
        add_cite(&mut cell, "b [says 60]", None, None);
        add_cite(&mut cell, "C:\\x", None, Some(60));
        assert_eq!(cell, "a\\  [says 2017-07-30, 01985] | b \\[says 60] | C:\\\\x [says 60]");
        let back: Vec<Cite> = items(&cell).map(|i| cite(i).unwrap()).collect();
        assert_eq!((back[0].cite.as_str(), back[0].says_count), ("a ", Some(1985)));
        assert_eq!((back[1].cite.as_str(), back[1].says_count), ("b [says 60]", None));
        assert_eq!((back[2].cite.as_str(), back[2].says_count), ("C:\\x", Some(60)));
    }
}
