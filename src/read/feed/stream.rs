//! A stream of rows and its format.

use std::io::Read;

use super::layout::is_header;
use super::lines::Lines;
use super::row::{Fields, Layout};
use super::unpack::unreadable;

/// The byte order mark of UTF-8.
const BOM: &[u8] = &[0xef, 0xbb, 0xbf];

/// The stream that is being read.
pub(super) struct Stream {
    pub name: String,
    pub lines: Lines,
    pub layouts: Vec<Layout>,
    /// True if a header has determined the layout.
    pub headed: bool,
    /// True if commas delimit the fields.
    pub commas: bool,
    begun: bool,
}

impl Stream {
    /// A stream whose rows have one of these layouts, unless a header gives another.
    pub fn new(name: String, input: Box<dyn Read>, layouts: Vec<Layout>) -> Stream {
        Stream { name, lines: Lines::new(input), layouts, headed: false, commas: false, begun: false }
    }

    /// Detects the format from the first bytes, once. If they are not rows of a feed, returns the reason.
    pub fn begin(&mut self) -> Option<&'static str> {
        if std::mem::replace(&mut self.begun, true) {
            return None;
        }
        let head = self.lines.peek(4096);
        if let Some(why) = unreadable(head) {
            return Some(why);
        }
        let text = head.strip_prefix(BOM).unwrap_or(head);
        let bom_length = head.len() - text.len();
        self.commas = has_commas(text.split(|b| *b == b'\n').next().unwrap_or_default());
        self.lines.skip(bom_length);
        None
    }
}

/// True if commas delimit the fields of the first line, as in some extracts.
fn has_commas(first: &[u8]) -> bool {
    let many = memchr::memchr_iter(b',', first).count() >= 10;
    memchr::memchr(b'\t', first).is_none() && (many || is_header(&Fields::cut_quoted(first, b','), true))
}
