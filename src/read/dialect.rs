//! The dialect of a CSV file: what separates and quotes its cells, and which row is its header.

use std::collections::VecDeque;
use std::io::{self, Read};

use super::decode::Text;

/// What may separate cells, the most usual first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// The number of rows that decide.
const ROWS: usize = 40;
/// The number of known columns that make a row the header.
pub(super) const HEADER: usize = 2;

/// How a CSV file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub delimiter: u8,
    pub quote: u8,
    /// The number of rows before the header: a title, a comment, or the line `sep=;` that spreadsheets write.
    pub before: usize,
    /// The delimiter of the header if the rows have another, and the line on which the header ends.
    header: Option<(u8, usize)>,
    /// True if there are spaces between a delimiter and a quote.
    spaced: bool,
}

impl Dialect {
    /// Determines the dialect from the beginning of a file. `known` are the columns that its header may have.
    pub fn of(head: &[u8], known: &[&str]) -> Dialect {
        let stated = stated_delimiter(head);
        let delimiters = DELIMITERS.into_iter().filter(|d| stated.is_none_or(|stated| stated == *d));
        // Of several that fit equally, `max_by_key` takes the last, which is the comma in this order.
        let sample = delimiters.rev().map(|delimiter| Sample::of(head, delimiter, known)).max_by_key(Sample::fitness);
        let Sample { delimiter, rows, header } = sample.unwrap_or_else(|| Sample::of(head, b',', known));
        let before = header.map_or(usize::from(stated.is_some()), |(row, _)| row);
        let quote = if rows.get(before + 1).is_some_and(|row| is_single_quoted(row)) { b'\'' } else { b'"' };
        let spaced = is_spaced(head, delimiter, quote);
        match other_in_rows(head, delimiter, known, header.map(|(row, _)| rows[row].len())) {
            Some((other, line)) => Dialect { delimiter: other, quote, before, header: Some((delimiter, line)), spaced },
            None => Dialect { delimiter, quote, before, header: None, spaced },
        }
    }

    /// A reader of the records of a text in this dialect.
    pub fn records(self, text: Text) -> csv::Reader<Cells> {
        let quotes = Quotes { place: Place::Start, passed: 0, single: VecDeque::new() };
        let cells = Cells { text, dialect: self, place: Place::Start, line: 0, quotes };
        let mut reader = csv::ReaderBuilder::new();
        reader.delimiter(self.delimiter).quote(self.quote).flexible(true).has_headers(false).buffer_capacity(64 << 10).from_reader(cells)
    }
}

/// What separates the cells of the rows, if it is not what separates those of the header, and the line of the header, from 0. `width` is the
/// number of cells of the header.
fn other_in_rows(head: &[u8], delimiter: u8, known: &[&str], width: Option<usize>) -> Option<(u8, usize)> {
    let width = width.filter(|width| *width > 1)?;
    let cells = |line: &[u8]| line.split(|b| *b == delimiter).map(|cell| String::from_utf8_lossy(cell).into_owned()).collect::<Vec<_>>();
    let line = head.split(|b| *b == b'\n').position(|line| known_columns(&cells(line), known) >= HEADER.min(known.len()))?;
    let below: Vec<&[u8]> = head.split(|b| *b == b'\n').skip(line + 1).collect();
    let below = below.join(&b'\n');
    let widths = |delimiter| Sample::of(&below, delimiter, &[]).rows.iter().map(Vec::len).collect::<Vec<_>>();
    if widths(delimiter).iter().any(|cells| *cells > 1) {
        return None;
    }
    let fits = |widths: &[usize]| widths.contains(&width) && widths.iter().all(|cells| (2..=width).contains(cells));
    DELIMITERS.into_iter().find(|other| *other != delimiter && fits(&widths(*other))).map(|other| (other, line))
}

/// The delimiter that the first line states, as in `sep=;`.
fn stated_delimiter(head: &[u8]) -> Option<u8> {
    match head.split(|b| *b == b'\n').next()?.trim_ascii().strip_prefix(b"sep=")? {
        [delimiter] => Some(*delimiter),
        // White space at the end of the line was trimmed.
        [] => Some(b'\t'),
        _ => None,
    }
}

/// True if all cells of a row seem to be between single quotes.
fn is_single_quoted(row: &[String]) -> bool {
    let (first, last) = (row.first().map_or("", String::as_str), row.last().map_or("", String::as_str));
    row.len() > 1 && first.len() > 1 && first.starts_with('\'') && first.ends_with('\'') && last.ends_with('\'')
}

/// The first rows of a file, divided at one delimiter.
struct Sample {
    delimiter: u8,
    rows: Vec<Vec<String>>,
    /// The row that is the header, if one is, and how many known columns it has.
    header: Option<(usize, usize)>,
}

impl Sample {
    fn of(head: &[u8], delimiter: u8, known: &[&str]) -> Sample {
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(head);
        let rows = reader.byte_records().map_while(Result::ok);
        let rows = rows.map(|row| row.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect());
        let rows: Vec<Vec<String>> = rows.filter(|row: &Vec<String>| !row.iter().all(String::is_empty)).take(ROWS).collect();
        let header = rows.iter().map(|row| known_columns(row, known)).enumerate().find(|(_, columns)| *columns >= HEADER.min(known.len()));
        Sample { delimiter, rows, header }
    }

    /// How well the delimiter fits: the known columns, then the rows that are as wide as the widest, then their width.
    fn fitness(&self) -> (usize, usize, usize) {
        let widest = self.rows.iter().map(Vec::len).max().filter(|width| *width > 1).unwrap_or(0);
        (self.header.map_or(0, |(_, columns)| columns), self.rows.iter().filter(|row| row.len() == widest).count(), widest)
    }
}

/// How many cells of a row are the name of a known column.
pub(super) fn known_columns(row: &[String], known: &[&str]) -> usize {
    row.iter().filter(|cell| known.contains(&plain(cell).as_str())).count()
}

/// True if a delimiter, a space and a quote follow each other. Within quotes they are text.
fn is_spaced(head: &[u8], delimiter: u8, quote: u8) -> bool {
    let mut quoted = false;
    for (at, _) in head.iter().enumerate().filter(|(_, byte)| **byte == quote) {
        let before = &head[..at];
        if !quoted && before.ends_with(&[delimiter, b' ']) {
            return true;
        }
        // Of two quotes in a row within quotes, the first one seems to end the text, and the second one continues it.
        quoted = !quoted && (before.is_empty() || [delimiter, b'\n', quote].iter().any(|byte| before.ends_with(&[*byte])));
    }
    false
}

/// The name of a column as it is compared: without case, surrounding space and single quotes.
pub(super) fn plain(name: &str) -> String {
    let name = name.trim();
    name.strip_prefix('\'').and_then(|name| name.strip_suffix('\'')).unwrap_or(name).to_lowercase()
}

/// A text without the spaces before its cells, if there are spaces between delimiters and quotes: a quote would otherwise be a part of the
/// cell.
pub(super) struct Cells {
    text: Text,
    dialect: Dialect,
    place: Place,
    /// The number of line feeds so far, up to the end of the header.
    line: usize,
    quotes: Quotes,
}

/// Finds the quotes that end a quoted cell although more text of it follows: they should be doubled.
struct Quotes {
    place: Place,
    /// The number of bytes so far.
    passed: u64,
    /// Where such quotes are.
    single: VecDeque<u64>,
}

impl Quotes {
    fn pass(&mut self, bytes: &[u8], dialect: &Dialect) {
        let is_end = |byte: u8| byte == dialect.delimiter || matches!(byte, b'\n' | b'\r' | 0);
        // Most files have few quotes.
        if matches!(self.place, Place::Start | Place::Plain) && memchr::memchr(dialect.quote, bytes).is_none() {
            if let Some(last) = bytes.last() {
                self.place = if is_end(*last) { Place::Start } else { Place::Plain };
            }
            self.passed += bytes.len() as u64;
            return;
        }
        for (at, byte) in (self.passed..).zip(bytes.iter().copied()) {
            self.place = match self.place {
                Place::Quoted => {
                    if byte == dialect.quote {
                        Place::Closed
                    } else {
                        Place::Quoted
                    }
                }
                Place::Closed | Place::Start if byte == dialect.quote => Place::Quoted,
                _ if is_end(byte) => Place::Start,
                Place::Closed | Place::Behind if byte == b' ' => Place::Behind,
                Place::Closed | Place::Behind => {
                    self.single.push_back(at);
                    Place::Plain
                }
                Place::Start | Place::Plain => Place::Plain,
            };
        }
        self.passed += bytes.len() as u64;
    }
}

/// Where in a cell the next byte is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Plain,
    Quoted,
    /// After a quote within quotes: the cell ends, or a second quote stands for a quote.
    Closed,
    /// After spaces behind the quote that ends a cell.
    Behind,
}

impl Cells {
    /// True if a quote that should be doubled comes before this byte, which is the end of a record. Those of earlier records are forgotten.
    pub fn has_single_quote(&mut self, end: u64) -> bool {
        let before = self.quotes.single.partition_point(|at| *at < end);
        self.quotes.single.drain(..before).count() > 0
    }

    /// Separates the cells of the header like those of the rows.
    fn change_header(&mut self, bytes: &mut [u8]) {
        let Some((delimiter, line)) = self.dialect.header else { return };
        for byte in bytes {
            if self.line > line {
                return;
            }
            self.line += usize::from(*byte == b'\n');
            if *byte == delimiter {
                *byte = self.dialect.delimiter;
            }
        }
    }

    /// Moves past a byte. Returns false if it is to be left out.
    fn keeps(&mut self, byte: u8) -> bool {
        let Dialect { delimiter, quote, .. } = self.dialect;
        let before = self.place;
        self.place = match before {
            Place::Start if byte == b' ' => Place::Start,
            Place::Quoted if byte == quote => Place::Closed,
            Place::Quoted => Place::Quoted,
            Place::Start | Place::Closed if byte == quote => Place::Quoted,
            _ if byte == delimiter || byte == b'\n' => Place::Start,
            _ => Place::Plain,
        };
        before != Place::Start || byte != b' '
    }
}

impl Read for Cells {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let n = self.text.read(buf)?;
            self.change_header(&mut buf[..n]);
            if n == 0 || !self.dialect.spaced {
                self.quotes.pass(&buf[..n], &self.dialect);
                return Ok(n);
            }
            let mut kept = 0;
            for at in 0..n {
                if self.keeps(buf[at]) {
                    buf[kept] = buf[at];
                    kept += 1;
                }
            }
            if kept > 0 {
                self.quotes.pass(&buf[..kept], &self.dialect);
                return Ok(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = ["date", "actor", "target", "summary"];

    fn rows(text: &'static str) -> Vec<Vec<String>> {
        let dialect = Dialect::of(text.as_bytes(), &KNOWN);
        let text = Text::new(Box::new(text.as_bytes()), None, false).unwrap();
        let records = dialect.records(text).into_records().skip(dialect.before);
        records.map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    /// Regression: the spaces at the beginning of all other cells were lost.
    #[test]
    fn a_delimiter_within_quotes_is_text() {
        for text in [
            "date,actor,target,summary\n2016,USA,RUS,\", \"\n2017,USA,RUS, begins\n",
            "date,actor,target,summary\n2016,USA,RUS,\"a\"\", \"\"b\"\n2017,USA,RUS, begins\n",
        ] {
            assert_eq!(rows(text)[2][3], " begins", "{text}");
        }
        assert_eq!(rows("date,actor,target,summary\n2016, USA, RUS, \"a, b\"\n")[1][3], "a, b");
    }

    #[test]
    fn whatever_separates_the_cells_they_are_the_same() {
        let expected = [vec!["date", "actor", "summary"], vec!["2017", "USA", "a, b"], vec!["2018", "RUS", "say \"no\""]];
        for text in [
            "date,actor,summary\n2017,USA,\"a, b\"\n2018,RUS,\"say \"\"no\"\"\"\n",
            "date, actor, summary\n2017, USA, \"a, b\"\n2018,  RUS, \"say \"\"no\"\"\"\n",
            "date\tactor\tsummary\n2017\tUSA\ta, b\n2018\tRUS\tsay \"no\"\n",
            "date;actor;summary\n2017;USA;a, b\n2018;RUS;say \"no\"\n",
            "date|actor|summary\n2017|USA|a, b\n2018|RUS|say \"no\"\n",
            "sep=;\ndate;actor;summary\n2017;USA;a, b\n2018;RUS;say \"no\"\n",
            "# a list, of 2017\n\ndate,actor,summary\n2017,USA,\"a, b\"\n2018,RUS,\"say \"\"no\"\"\"\n",
            "Events; and more, of: 2017\ndate;actor;summary\n2017;USA;a, b\n2018;RUS;say \"no\"\n",
            "date,actor,summary\n'2017','USA','a, b'\n'2018','RUS','say \"no\"'\n",
        ] {
            assert_eq!(rows(text), expected, "{text}");
        }
    }

    #[test]
    fn a_foreign_file_is_divided_where_it_is_even() {
        let of = |text: &str| Dialect::of(text.as_bytes(), &KNOWN).delimiter;
        assert_eq!(of("Land;Zahl, Stand\nA, B;1\nC;2\n"), b';');
        assert_eq!(of("country,number\nA,1\nB,2\n"), b',');
        assert_eq!(of("one\ntwo\n"), b',');
    }
}
