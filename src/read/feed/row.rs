//! Splits a row of a feed into fields, and maps the fields to columns.

use std::borrow::Cow;
use std::cell::RefCell;

use crate::record::readable;

use super::reason::{Flaw, Reason};

/// A column of a feed that is read.
#[derive(Debug)]
pub(super) struct Column {
    /// Its names in headers, the feed's own name first. Only letters and digits are compared, without case.
    pub names: &'static [&'static str],
    /// True if every header of the feed has it.
    pub required: bool,
}

/// The position of each column that is read, in the order of the feed's columns. `None`: the file does not have the column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub places: Vec<Option<usize>>,
    /// Number of fields in a row.
    pub width: usize,
}

impl Layout {
    /// The layout that a header describes.
    ///
    /// # Errors
    /// The name of a required column that the header does not have.
    pub fn of_header(fields: &Fields<'_>, columns: &[Column]) -> Result<Layout, &'static str> {
        let names: Vec<String> = (0..fields.len()).map(|n| plain(&fields.text(n).0)).collect();
        let place = |column: &Column| match names.iter().position(|n| column.names.iter().any(|name| plain(name) == *n)) {
            None if column.required => Err(column.names[0]),
            place => Ok(place),
        };
        let places = columns.iter().map(place).collect::<Result<_, _>>()?;
        // Empty names at the end come from superfluous tabs.
        let width = names.iter().rposition(|n| !n.is_empty()).map_or(0, |last| last + 1);
        Ok(Layout { places, width })
    }
}

/// The greatest intensity of an event. The scales of the feeds run from -10 to 10.
const MAX_POINTS: f64 = 100.0;

/// True if a cell holds what programs write for a missing value.
pub(super) fn is_missing(cell: &[u8]) -> bool {
    matches!(cell, b"NA" | b"N/A" | b"NULL" | b"null" | b"None" | b"nan" | b"NaN" | b"\\N")
}

/// A number without the `.0` that other programs write if some rows of its column have no number.
pub(super) fn whole(cell: &[u8]) -> &[u8] {
    cell.strip_suffix(b".0").filter(|whole| whole.iter().all(u8::is_ascii_digit)).unwrap_or(cell)
}

/// The name of a column reduced to its letters and digits in lower case, for comparison.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

/// The fields of a row, as bytes. A row is split only as far as needed, because the first fields decide whether most rows are used.
#[derive(Debug, Default)]
pub(super) struct Fields<'l> {
    line: &'l [u8],
    len: usize,
    /// Where the fields end, as far as the row has been split.
    ends: RefCell<Vec<usize>>,
    /// The fields of a quoted row, without the quotes.
    unquoted: Option<Vec<Vec<u8>>>,
}

impl<'l> Fields<'l> {
    /// Splits a line at tabs. `ends` is a buffer to reuse, from [`Fields::into_ends`] of an earlier row.
    pub fn cut(line: &'l [u8], mut ends: Vec<usize>) -> Fields<'l> {
        ends.clear();
        Fields { line, len: 1 + memchr::memchr_iter(b'\t', line).count(), ends: RefCell::new(ends), unquoted: None }
    }

    /// Splits a line at the delimiter `at`, except within quotes. Only a quote at the start of a field opens a quoted part.
    pub fn cut_quoted(line: &'l [u8], at: u8) -> Fields<'l> {
        let mut reader = csv_core::ReaderBuilder::new().delimiter(at).terminator(csv_core::Terminator::Any(b'\n')).build();
        let (mut text, mut ends) = (vec![0; line.len()], vec![0; line.len() + 1]);
        let (_, _, written, count) = reader.read_record(line, &mut text, &mut ends);
        // An empty input ends the record.
        let (_, _, _, more) = reader.read_record(&[], &mut text[written..], &mut ends[count..]);
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let fields: Vec<Vec<u8>> = starts.zip(&ends[..count + more]).map(|(from, to)| text[from..*to].to_vec()).collect();
        Fields { line, len: fields.len(), ends: RefCell::default(), unquoted: Some(fields) }
    }

    /// Returns the buffer for the next row to reuse.
    pub fn into_ends(self) -> Vec<usize> {
        self.ends.into_inner()
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// Where a field ends. The row is split up to this field.
    fn end(&self, at: usize) -> usize {
        let mut ends = self.ends.borrow_mut();
        // Fields are short and many are empty, so a search byte by byte is faster here than memchr.
        let mut from = ends.last().map_or(0, |last| last + 1);
        while ends.len() <= at {
            let end = self.line[from..].iter().position(|b| *b == b'\t').map_or(self.line.len(), |n| from + n);
            ends.push(end);
            from = end + 1;
        }
        ends[at]
    }

    /// A field; empty if the row does not have it.
    pub fn get(&self, at: usize) -> &[u8] {
        if let Some(fields) = &self.unquoted {
            return fields.get(at).map_or(b"", Vec::as_slice);
        }
        if at >= self.len {
            return b"";
        }
        let end = self.end(at);
        let start = if at == 0 { 0 } else { self.end(at - 1) + 1 };
        // Some programs put texts in quotes.
        match &self.line[start..end] {
            [b'"', inner @ .., b'"'] => inner,
            other => other,
        }
    }

    /// A field as text, and whether bytes of it had to be replaced.
    pub fn text(&self, at: usize) -> (Cow<'_, str>, bool) {
        let text = readable(self.get(at));
        let broken = matches!(text, Cow::Owned(_));
        (text, broken)
    }

    /// The number of fields, without empty ones at the end beyond `width`.
    pub fn len_within(&self, width: usize) -> usize {
        let mut len = self.len();
        while len > width && self.get(len - 1).is_empty() {
            len -= 1;
        }
        len
    }
}

/// The cells of a row of any feed, by column.
#[derive(Debug)]
pub(super) struct Cells<'f> {
    fields: &'f Fields<'f>,
    places: &'f [Option<usize>],
    shift: usize,
}

impl<'f> Cells<'f> {
    /// The cells of a row with these column positions. `shift` is the number of fields before the first column.
    pub fn new(fields: &'f Fields<'f>, places: &'f [Option<usize>], shift: usize) -> Cells<'f> {
        Cells { fields, places, shift }
    }

    /// A cell, by the index of its column.
    pub fn get(&self, column: usize) -> &'f [u8] {
        self.places[column].map_or(b"", |at| self.fields.get(at + self.shift))
    }

    /// A cell without surrounding whitespace; empty if it marks a missing value.
    pub fn known(&self, column: usize) -> &'f [u8] {
        let cell = self.get(column).trim_ascii();
        if is_missing(cell) { b"" } else { cell }
    }

    /// A cell that holds a number of points; `None` if it is empty.
    pub fn points(&self, column: usize) -> Result<Option<f64>, Flaw> {
        let cell = self.known(column);
        if cell.is_empty() {
            return Ok(None);
        }
        let number = std::str::from_utf8(cell).ok().and_then(|t| t.parse::<f64>().ok()).filter(|n| n.abs() <= MAX_POINTS);
        number.map(Some).ok_or_else(|| Flaw::bytes(Reason::Number, cell))
    }

    /// A cell that must hold a numeric identifier. `5.0` is accepted, as for a count.
    pub fn number(&self, column: usize) -> Result<&'f [u8], Flaw> {
        let cell = whole(self.get(column).trim_ascii());
        let valid = !cell.is_empty() && cell.len() <= 18 && cell.iter().all(u8::is_ascii_digit);
        if valid { Ok(cell) } else { Err(Flaw::bytes(Reason::Identifier, cell)) }
    }

    /// A cell that holds a whole number from 0 to 1,000,000,000; `None` if it is empty. `5.0` is accepted, because other programs write it
    /// if some rows of the column have no number.
    pub fn count(&self, column: usize) -> Result<Option<i64>, Flaw> {
        let cell = self.known(column);
        if cell.is_empty() {
            return Ok(None);
        }
        let number = std::str::from_utf8(whole(cell)).ok().and_then(|t| t.parse::<i64>().ok()).filter(|n| (0..=1_000_000_000).contains(n));
        number.map(Some).ok_or_else(|| Flaw::bytes(Reason::Number, cell))
    }
}
