//! A row of a feed, cut into fields, and which field is which column.

use std::borrow::Cow;
use std::cell::RefCell;

use super::reason::{Flaw, Reason};

/// A column that is read.
#[derive(Debug)]
pub(super) struct Column {
    /// What headers call it, first as the feed itself does; compared are the letters and digits in lower case.
    pub names: &'static [&'static str],
    /// A header without it is none of this feed.
    pub required: bool,
}

/// Which place each column has that is read, in the order of the feed's columns; none: the file has no such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub places: Vec<Option<usize>>,
    /// How many fields a row has.
    pub width: usize,
}

impl Layout {
    /// The layout that a header says; the name of the column that it lacks.
    pub fn of_header(fields: &Fields<'_>, columns: &[Column]) -> Result<Layout, &'static str> {
        let names: Vec<String> = (0..fields.len()).map(|n| plain(&fields.text(n).0)).collect();
        let place = |column: &Column| match names.iter().position(|n| column.names.iter().any(|name| plain(name) == *n)) {
            None if column.required => Err(column.names[0]),
            place => Ok(place),
        };
        let places = columns.iter().map(place).collect::<Result<_, _>>()?;
        // Names that are empty at its end are tabs too many.
        let width = names.iter().rposition(|n| !n.is_empty()).map_or(0, |last| last + 1);
        Ok(Layout { places, width })
    }
}

/// What programs write where there is nothing.
pub(super) fn is_missing(cell: &[u8]) -> bool {
    matches!(cell, b"NA" | b"N/A" | b"NULL" | b"null" | b"None" | b"nan" | b"NaN" | b"\\N")
}

/// What is compared of a column's name.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

/// The fields of a row, still as bytes. Most rows are decided on by their first fields, and are not cut beyond those.
#[derive(Debug, Default)]
pub(super) struct Fields<'l> {
    line: &'l [u8],
    len: usize,
    /// Where the fields end that were asked for so far.
    ends: RefCell<Vec<usize>>,
    /// Of a row that is quoted: its fields, without the quotes.
    unquoted: Option<Vec<Vec<u8>>>,
}

impl<'l> Fields<'l> {
    /// Cuts a line at its tabs; `ends` is what [`Fields::into_ends`] of an earlier row gave.
    pub fn cut(line: &'l [u8], mut ends: Vec<usize>) -> Fields<'l> {
        ends.clear();
        Fields { line, len: 1 + memchr::memchr_iter(b'\t', line).count(), ends: RefCell::new(ends), unquoted: None }
    }

    /// Cuts a line at these bytes, where they are not within quotes. Quotes are those that a field begins with.
    pub fn cut_quoted(line: &'l [u8], at: u8) -> Fields<'l> {
        let mut fields = Vec::new();
        let mut field = Vec::new();
        let (mut quoted, mut begun) = (false, false);
        let mut bytes = line.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' if quoted && bytes.peek() == Some(&b'"') => {
                    bytes.next();
                    field.push(b'"');
                }
                b'"' if quoted || !begun => quoted = !quoted,
                _ if byte == at && !quoted => {
                    fields.push(std::mem::take(&mut field));
                    begun = false;
                    continue;
                }
                _ => field.push(byte),
            }
            begun = true;
        }
        fields.push(field);
        Fields { line, len: fields.len(), ends: RefCell::default(), unquoted: Some(fields) }
    }

    /// Gives back what the next row can use.
    pub fn into_ends(self) -> Vec<usize> {
        self.ends.into_inner()
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// Where a field ends; cuts no further than that.
    fn end(&self, at: usize) -> usize {
        let mut ends = self.ends.borrow_mut();
        // Fields are short, and many are empty: byte by byte is faster here than looking for each tab.
        let mut from = ends.last().map_or(0, |last| last + 1);
        while ends.len() <= at {
            let end = self.line[from..].iter().position(|b| *b == b'\t').map_or(self.line.len(), |n| from + n);
            ends.push(end);
            from = end + 1;
        }
        ends[at]
    }

    /// A field; empty where there is none.
    pub fn get(&self, at: usize) -> &[u8] {
        if let Some(fields) = &self.unquoted {
            return fields.get(at).map_or(b"", Vec::as_slice);
        }
        if at >= self.len {
            return b"";
        }
        let end = self.end(at);
        let start = if at == 0 { 0 } else { self.end(at - 1) + 1 };
        // Some programs write a text between quotes.
        match &self.line[start..end] {
            [b'"', inner @ .., b'"'] => inner,
            other => other,
        }
    }

    /// A field as text, and whether bytes of it had to be replaced.
    pub fn text(&self, at: usize) -> (Cow<'_, str>, bool) {
        let text = String::from_utf8_lossy(self.get(at));
        let broken = matches!(text, Cow::Owned(_));
        (text, broken)
    }

    /// How many fields there are but for those at the end that are empty and too many.
    pub fn len_within(&self, width: usize) -> usize {
        let mut len = self.len();
        while len > width && self.get(len - 1).is_empty() {
            len -= 1;
        }
        len
    }
}

/// What a row of any feed says, nothing looked up yet.
#[derive(Debug)]
pub(super) struct Cells<'f> {
    fields: &'f Fields<'f>,
    places: &'f [Option<usize>],
    shift: usize,
}

impl<'f> Cells<'f> {
    /// Those of a row in this layout; `shift`: so many fields stand before the first column.
    pub fn new(fields: &'f Fields<'f>, places: &'f [Option<usize>], shift: usize) -> Cells<'f> {
        Cells { fields, places, shift }
    }

    /// A cell by the number of its column.
    pub fn get(&self, column: usize) -> &'f [u8] {
        self.places[column].map_or(b"", |at| self.fields.get(at + self.shift))
    }

    /// The same without the blanks around it; what stands for nothing is empty.
    pub fn known(&self, column: usize) -> &'f [u8] {
        let cell = self.get(column).trim_ascii();
        if is_missing(cell) { b"" } else { cell }
    }

    /// The same as an identifier that is a number.
    pub fn number(&self, column: usize) -> Result<&'f [u8], Flaw> {
        let cell = self.get(column).trim_ascii();
        let sound = !cell.is_empty() && cell.len() <= 18 && cell.iter().all(u8::is_ascii_digit);
        if sound { Ok(cell) } else { Err(Flaw::bytes(Reason::Identifier, cell)) }
    }

    /// The same as a whole number from 0 to a thousand million; empty: nothing. Where some rows of a column have no number,
    /// other programs write `5.0`.
    pub fn count(&self, column: usize) -> Result<Option<i64>, Flaw> {
        let cell = self.known(column);
        if cell.is_empty() {
            return Ok(None);
        }
        let whole = cell.strip_suffix(b".0").unwrap_or(cell);
        let number = std::str::from_utf8(whole).ok().and_then(|t| t.parse::<i64>().ok()).filter(|n| (0..=1_000_000_000).contains(n));
        number.map(Some).ok_or_else(|| Flaw::bytes(Reason::Number, cell))
    }
}
