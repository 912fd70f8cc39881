//! Reads the flat CSV: one row per action.

use std::collections::HashSet;
use std::io::Read;
use std::rc::Rc;
use std::str::FromStr;

use csv::StringRecord;

use crate::error::{Error, Result};
use crate::ledger::load::Sink;
use crate::ledger::load::problems::{Place, Problems};
use crate::ledger::load::record::{COLUMNS, Columns, DERIVED, Draft, FIELDS, Item, LINKS, LinkDraft};
use crate::model::details::DETAILS;
use crate::model::{Cite, LinkSpec, Quantity, Relation, name};

use super::decode::{Meter, Text, TextError, newlines};
use crate::model::csv_cell::{self, items, unescaped, unguarded};

/// Maximum length of a cell, in bytes.
const MAX_CELL: usize = 1 << 20;

/// A CSV file whose header has been read.
pub(super) struct CsvTable {
    file: String,
    number: u16,
    reader: csv::Reader<Text>,
    meter: Rc<Meter>,
    crlf: bool,
    record: StringRecord,
    width: usize,
}

impl CsvTable {
    /// Starts reading `text` as a table and returns the names of its columns, or `None` if the file is empty.
    pub fn open(mut text: Text, file: &str, problems: &mut Problems) -> Result<Option<(CsvTable, Vec<String>)>> {
        let head = text.peek().map_err(|e| TextError::explain(e, file, 1))?;
        if head.iter().all(u8::is_ascii_whitespace) || head.starts_with(b"\n\0") {
            return Ok(None);
        }
        let line = head.split(|b| *b == b'\n').find(|l| !l.trim_ascii().is_empty()).unwrap_or(head);
        let occurrences = |delimiter: u8| line.iter().filter(|b| **b == delimiter).count();
        // On a tie the last one wins: the comma over the tab, the tab over the semicolon.
        let delimiter = [b';', b'\t', b','].into_iter().max_by_key(|d| occurrences(*d)).unwrap_or(b',');
        let (meter, crlf) = (text.meter(), text.is_crlf());
        let reader =
            csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).buffer_capacity(64 << 10).from_reader(text);
        let number = problems.file(file);
        let mut table = CsvTable { file: file.to_owned(), number, reader, meter, crlf, record: StringRecord::new(), width: 0 };
        table.next(problems)?;
        let mut names: Vec<String> = table.record.iter().map(|c| c.trim().to_lowercase()).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        table.width = names.len();
        Ok(Some((table, names)))
    }

    /// Reads the next row, or returns `None` at the end. A row whose width differs from the header's is reported and skipped.
    pub fn next(&mut self, problems: &mut Problems) -> Result<Option<Place>> {
        loop {
            self.meter.unread.set(0);
            let first_line = self.reader.position().line();
            if !self.reader.read_record(&mut self.record).map_err(|e| self.explain(e, first_line))? {
                return Ok(None);
            }
            // The line is counted back from the end of the record, because blank lines may precede it.
            let open_quote = self.record.as_slice().contains('\0') && !self.at_end_mark();
            let ends = newlines(self.record.as_slice().as_bytes()) + u64::from(!self.crlf && !open_quote);
            let line = self.reader.position().line().saturating_sub(ends).max(1);
            let at = Place { file: self.number, line: u32::try_from(line).unwrap_or(u32::MAX) };
            if self.at_end_mark() {
                return Ok(None);
            }
            if open_quote {
                let why = "the file ends within a quoted cell: it is incomplete or a quote is not closed";
                problems.add(at, None, format!("{why}; help: get the whole file, or close the quote"));
                return Ok(None);
            }
            if self.record.iter().all(str::is_empty) {
                continue;
            }
            if self.fits(at, problems) {
                return Ok(Some(at));
            }
        }
    }

    fn at_end_mark(&self) -> bool {
        self.record.len() == 1 && &self.record[0] == "\0"
    }

    fn fits(&self, at: Place, problems: &mut Problems) -> bool {
        let cells = self.record.len();
        if let Some(long) = self.record.iter().position(|c| c.len() > MAX_CELL) {
            problems.add(at, None, format!("cell {} is longer than 1 MiB; help: check for a quote that is not closed", long + 1));
        } else if self.width > 0 && cells < self.width {
            let why = format!("the row has {cells} cells, but the header has {}", self.width);
            problems.add(at, None, format!("{why}; help: complete the row, or put a cell that contains a line break in quotes"));
        } else if self.width > 0 && self.record.iter().skip(self.width).any(|c| !c.is_empty()) {
            let why = format!("the row has {cells} cells, but the header has {}", self.width);
            problems.add(at, None, format!("{why}; help: put a cell that contains the delimiter in quotes"));
        } else {
            return true;
        }
        false
    }

    /// A cell of the current row; empty if the file does not have the column.
    pub fn cell(&self, column: Option<usize>) -> &str {
        column.and_then(|c| self.record.get(c)).unwrap_or_default()
    }

    fn explain(&self, e: csv::Error, line: u64) -> Error {
        match e.into_kind() {
            csv::ErrorKind::Io(e) => TextError::explain(e, &self.file, line),
            other => Error::File {
                file: self.file.clone(),
                why: format!("this is not valid CSV: {other:?}"),
                way_out: "give a CSV file in the exchange format, such as 'recip export csv' writes".to_owned(),
            },
        }
    }

    /// Matches the file's columns with the known ones: the position in the file of each column in `known`.
    ///
    /// # Errors
    /// A column is unknown or occurs twice, or a needed column is missing.
    pub fn columns(&self, names: &[String], known: &[&str], needed: &[&str]) -> Result<Vec<Option<usize>>> {
        let fail = |why: String| {
            Err(Error::File { file: format!("{}:1", self.file), why, way_out: format!("use these columns: {}", known.join(",")) })
        };
        let mut found = vec![None; known.len()];
        for (at, given) in names.iter().enumerate().filter(|(_, given)| !given.starts_with(DERIVED)) {
            let Some(column) = known.iter().position(|k| k == given) else {
                let near = name::nearest(given, known.iter().copied());
                let near = near.first().map_or(String::new(), |n| format!("; did you mean {n}?"));
                return fail(format!("unknown column '{given}'{near}"));
            };
            if found[column].replace(at).is_some() {
                return fail(format!("the column '{given}' occurs twice"));
            }
        }
        match needed.iter().find(|n| !names.iter().any(|g| g == *n)) {
            Some(missing) => fail(format!("the column '{missing}' is missing, and every row needs it")),
            None => Ok(found),
        }
    }
}

/// Reads a flat CSV file.
pub(super) fn read(input: Box<dyn Read>, file: &str, encoding: Option<&str>, problems: &mut Problems, sink: &mut Sink<'_>) -> Result<()> {
    let text = Text::new(input, encoding, true)?;
    let Some((mut table, names)) = CsvTable::open(text, file, problems)? else {
        return Err(Error::File {
            file: file.to_owned(),
            why: "the file is empty".to_owned(),
            way_out: format!("start the file with a header: {}", COLUMNS.join(",")),
        });
    };
    let places = table.columns(&names, &COLUMNS, &["date", "actor", "target", "kind"])?;
    let mut columns = Columns::default();
    for (n, name) in COLUMNS.iter().enumerate() {
        // A cell of the column count can state the words too.
        columns[n] = places[n].is_some() || (*name == "count_words" && names.iter().any(|name| name == "count"));
    }
    let fields: Vec<(Option<usize>, bool)> = FIELDS.iter().zip(&places).map(|(name, place)| (*place, is_free_text(name))).collect();
    let (mut links, mut sources, mut quantities) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(at) = table.next(problems)? {
        let cell = |place: Option<usize>| unguarded(table.cell(place));
        links.clear();
        sources.clear();
        quantities.clear();
        let mut good = true;
        for (column, relation) in (FIELDS.len()..).zip(LINKS) {
            good &= read_links(&mut links, cell(places[column]), relation, at, problems);
        }
        good &= read_sources(&mut sources, cell(places[FIELDS.len() + LINKS.len()]), at, problems);
        good &= read_quantities(&mut quantities, cell(places[FIELDS.len() + LINKS.len() + 1]), at, problems);
        let texts = fields.iter().map(|(place, is_free_text)| if *is_free_text { cell(*place) } else { cell(*place).trim() });
        let draft = Draft { links: &links, sources: &sources, quantities: &quantities, columns, bad: !good, ..Draft::from_texts(texts) };
        sink(Item::Action(at, draft), problems)?;
    }
    Ok(())
}

/// True for a column whose cells are kept with the spaces at their ends.
fn is_free_text(column: &str) -> bool {
    DETAILS.iter().any(|detail| detail.name == column && detail.form.is_free_text())
}

/// Reads the links in one cell; false if any of them cannot be read.
fn read_links(links: &mut Vec<LinkDraft>, cell: &str, column: &str, at: Place, problems: &mut Problems) -> bool {
    if cell.is_empty() {
        return true;
    }
    let mut good = true;
    for item in items(cell) {
        let read = Relation::from_str(column).and_then(|relation| {
            let spec: LinkSpec = unescaped(item).parse()?;
            if spec.earlier.trim_start_matches('#').bytes().all(|b| b.is_ascii_digit()) {
                let way_out = "write the ref of an action in this file or in the ledger; 'recip list --format csv' shows the refs";
                return Err(Error::invalid("link", item, "a file refers to actions by ref, not by number", way_out));
            }
            Ok(LinkDraft { relation, spec })
        });
        match read {
            Ok(link) => links.push(link),
            Err(e) => {
                problems.add(at, Some(column), e);
                good = false;
            }
        }
    }
    good
}

/// Reads the sources in one cell; false if any of them cannot be read.
fn read_sources(sources: &mut Vec<Cite>, cell: &str, at: Place, problems: &mut Problems) -> bool {
    let mut good = true;
    let mut seen = HashSet::new();
    for item in items(cell) {
        match csv_cell::cite(item) {
            Ok(cite) => csv_cell::cite_once(sources, &mut seen, cite),
            Err(e) => {
                problems.add(at, Some("sources"), e);
                good = false;
            }
        }
    }
    good
}

/// Adds the quantities of a cell to `quantities`; returns false if there was a problem.
fn read_quantities(quantities: &mut Vec<Quantity>, cell: &str, at: Place, problems: &mut Problems) -> bool {
    let mut good = true;
    for item in items(cell) {
        match item.parse::<Quantity>() {
            Ok(quantity) => quantities.push(quantity),
            Err(e) => {
                problems.add(at, Some("quantities"), e);
                good = false;
            }
        }
    }
    good
}
