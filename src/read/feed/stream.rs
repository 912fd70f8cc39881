//! One stream of rows, and what is known of its form.

use std::io::Read;

use super::layout::is_header;
use super::lines::Lines;
use super::row::{Fields, Layout};
use super::unpack::unreadable;

const MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// The stream that is being read.
pub(super) struct Stream {
    pub name: String,
    pub lines: Lines,
    pub layouts: Vec<Layout>,
    /// A header was read that says the layout.
    pub headed: bool,
    /// Its rows are cut at commas.
    pub commas: bool,
    begun: bool,
}

impl Stream {
    /// A stream whose rows have one of these layouts, where no header says.
    pub fn new(name: String, input: Box<dyn Read>, layouts: Vec<Layout>) -> Stream {
        Stream { name, lines: Lines::new(input), layouts, headed: false, commas: false, begun: false }
    }

    /// Looks at how it begins, once; why it is no rows of a feed.
    pub fn begin(&mut self) -> Option<&'static str> {
        if std::mem::replace(&mut self.begun, true) {
            return None;
        }
        let head = self.lines.peek(4096);
        if let Some(why) = unreadable(head) {
            return Some(why);
        }
        let text = head.strip_prefix(MARK).unwrap_or(head);
        let mark = head.len() - text.len();
        self.commas = has_commas(text.split(|b| *b == b'\n').next().unwrap_or_default());
        self.lines.skip(mark);
        None
    }
}

/// True where a first line is cut at commas: extracts are.
fn has_commas(first: &[u8]) -> bool {
    let many = memchr::memchr_iter(b',', first).count() >= 10;
    memchr::memchr(b'\t', first).is_none() && (many || is_header(&Fields::cut_quoted(first, b','), true))
}
