//! A stream of rows and its format.

use std::io::Read;
use std::sync::Arc;

use crate::read::csv::NEEDED;

use super::layout::is_header;
use super::lines::Lines;
use super::row::{Fields, Layout};
use super::unpack::unreadable;

/// The byte order mark of UTF-8.
const BOM: &[u8] = &[0xef, 0xbb, 0xbf];

/// The stream that is being read.
pub(super) struct Stream {
    pub name: Arc<str>,
    pub lines: Lines,
    pub layouts: Vec<Layout>,
    /// True if a header has determined the layout.
    pub headed: bool,
    /// What delimits the fields of the first line, and of the others.
    pub delimiters: (u8, u8),
    /// True if a row has been read.
    pub has_rows: bool,
    /// What is wrong with the latest header: the rows under it cannot be read.
    pub bad_header: Option<String>,
    begun: bool,
}

impl Stream {
    /// A stream whose rows have one of these layouts, unless a header gives another.
    pub fn new(name: String, input: Box<dyn Read>, layouts: Vec<Layout>) -> Stream {
        Stream {
            name: name.into(),
            lines: Lines::new(input),
            layouts,
            headed: false,
            delimiters: (b'\t', b'\t'),
            has_rows: false,
            bad_header: None,
            begun: false,
        }
    }

    /// Detects the format from the first bytes, once. If they are not rows of a feed, returns the reason.
    pub fn begin(&mut self) -> Option<String> {
        if std::mem::replace(&mut self.begun, true) {
            return None;
        }
        let head = self.lines.peek(4096);
        if let Some(why) = unreadable(head) {
            return Some(why);
        }
        let mut text = head.strip_prefix(BOM).unwrap_or(head);
        // Spreadsheet programs write what separates the cells into a line before the first.
        if text.len() > 6 && text.starts_with(b"sep=") {
            text = text.iter().position(|b| *b == b'\n').map_or(text, |end| &text[end + 1..]);
        }
        let bom_length = head.len() - text.len();
        let mut lines = text.split(|b| *b == b'\n');
        let first_line = lines.next().unwrap_or_default();
        if is_flat_table(first_line) {
            return Some("this is a table of actions, not of a feed; import it without --feed".to_owned());
        }
        let first = delimiter(first_line);
        // The rows of some extracts keep their tabs under a new header.
        let has_tabs = lines.next().is_some_and(|second| second.contains(&b'\t'));
        self.delimiters = (first, if has_tabs { b'\t' } else { first });
        self.lines.skip(bom_length);
        None
    }
}

/// True for a header with the columns that every row of a table of actions needs.
fn is_flat_table(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line).to_lowercase();
    let names: Vec<&str> = line.split([',', ';', '\t', '|']).map(|name| name.trim().trim_matches(['"', '\''])).collect();
    NEEDED.iter().all(|needed| names.contains(needed))
}

/// What delimits the fields of a file's first line. Feeds use tabs, and extracts from them also what other CSV files use.
fn delimiter(first: &[u8]) -> u8 {
    if first.contains(&b'\t') {
        return b'\t';
    }
    let fits =
        |delimiter: &u8| memchr::memchr_iter(*delimiter, first).count() >= 10 || is_header(&Fields::cut_quoted(first, *delimiter), true);
    [b',', b';', b'|'].into_iter().find(fits).unwrap_or(b'\t')
}
