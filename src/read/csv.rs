//! Reads flat tables, with one row per action, from CSV files and from sheets.

use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::path::Path;
use std::rc::Rc;
use std::str::FromStr;

use csv::StringRecord;

use crate::error::{Error, ROW_OF_REVIEW, Result};
use crate::ledger::load::Sink;
use crate::ledger::load::problems::{Place, Problems};
use crate::ledger::load::record::{COLUMNS, Columns, DERIVED, Draft, FIELDS, Item, LINKS, LinkDraft};
use crate::model::details::DETAILS;
use crate::model::words::quoted;
use crate::model::{Cite, Date, Day, LinkSpec, Quantity, Relation, date_words, name, quantity};

use super::WRITE_HEADINGS;
use super::decode::{Meter, Text, TextError, newlines};
use super::dialect::{Cells, Dialect, HEADER, known_columns, plain};
use super::sheet::{DateOrder, Dates, Layout, MAX_CELLS, Row, Sheet, count_in_words, deadline_in_words, heading, plainly, stage_named};
use crate::model::csv_cell::{self, items, unescaped, unguarded};

/// The error for a file that ends within a quoted cell.
const OPEN_QUOTE: &str = "the file ends within a quoted cell: it is incomplete or a quote is not closed";
const CLOSE_QUOTE: &str = "get the whole file, or close the quote";
/// What is noted of a quoted cell that goes on behind the quote that ends it.
pub(super) const SINGLE_QUOTE: &str =
    "text follows the quote that ends a cell, so the cell may be read wrongly: write each quote within a quoted cell twice";
/// Maximum length of a cell, in bytes.
const MAX_CELL: usize = 1 << 20;

/// A CSV file or a sheet whose header has been read.
pub(super) struct CsvTable {
    file: String,
    number: u16,
    rows: Rows,
    record: StringRecord,
    /// The position in the file of each known column.
    places: Vec<Option<usize>>,
    width: usize,
    /// True if the ref of the current row was made for the links within its sheet.
    has_made_ref: bool,
    /// True if its rows correct the actions that they resemble.
    corrects: bool,
    /// The cells of a sheet whose text, or a part of it, is struck out, by the number of the row and the position in the file.
    struck: HashSet<(u32, usize)>,
}

/// Where the rows come from.
enum Rows {
    Text(Box<TextRows>),
    Sheet(std::vec::IntoIter<Row>),
}

struct TextRows {
    reader: csv::Reader<Cells>,
    dialect: Dialect,
    meter: Rc<Meter>,
    crlf: bool,
}

impl CsvTable {
    /// Starts reading `text` as a table whose header has columns of `known`, among them those of `needed`. `None` if the file is empty.
    ///
    /// # Errors
    /// Columns are unknown or occur twice, or needed ones are missing.
    pub fn open(mut text: Text, file: &str, known: &[&str], needed: &[&str], problems: &mut Problems) -> Result<Option<CsvTable>> {
        let head = text.peek().map_err(|e| TextError::explain(e, file, 1))?;
        if head.iter().all(u8::is_ascii_whitespace) || head.starts_with(b"\n\0") {
            return Ok(None);
        }
        let dialect = Dialect::of(head, known);
        let (meter, crlf) = (text.meter(), text.is_crlf());
        let (reader, number) = (dialect.records(text), problems.file(file));
        let rows = Rows::Text(Box::new(TextRows { reader, dialect, meter, crlf }));
        CsvTable::start(rows, file, number, dialect.before, [known, needed], problems).map(Some)
    }

    /// Starts reading a sheet in the same way.
    ///
    /// # Errors
    /// As [`CsvTable::open`].
    pub fn of_sheet(sheet: Sheet, file: &str, known: &[&str], needed: &[&str], problems: &mut Problems) -> Result<CsvTable> {
        let mut source = sheet.review.clone().unwrap_or_else(|| file.to_owned());
        if !sheet.name.is_empty() {
            let of_sheet = if sheet.review.is_some() {
                format!(", the line of the sheet '{}'", sheet.name)
            } else {
                format!(", sheet {}", sheet.name)
            };
            source.push_str(&of_sheet);
        }
        if sheet.review.is_some() {
            source.push_str(ROW_OF_REVIEW);
        }
        let number = problems.file(&source);
        let header = sheet.rows.iter().position(|row| known_columns(&row.cells, known) >= HEADER.min(known.len()));
        let Sheet { rows, corrects, struck, .. } = sheet;
        let table = CsvTable::start(Rows::Sheet(rows.into_iter()), file, number, header.unwrap_or_default(), [known, needed], problems)?;
        Ok(CsvTable { corrects, struck, ..table })
    }

    /// Reads the rows before the header, and the header.
    fn start(rows: Rows, file: &str, number: u16, before: usize, columns: [&[&str]; 2], problems: &mut Problems) -> Result<CsvTable> {
        let (record, places) = (StringRecord::new(), Vec::new());
        let file_name = file.to_owned();
        let struck = HashSet::new();
        let mut table = CsvTable { file: file_name, number, rows, record, places, width: 0, has_made_ref: false, corrects: false, struck };
        for _ in 0..before {
            table.next(problems)?;
            let row = table.record.iter().filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ");
            if !row.starts_with("sep=") {
                problems.note(format!("{file}: left out before the header: {row}"));
            }
        }
        let line = table.next(problems)?.map_or(1, |at| at.line);
        table.find_columns(line, columns[0], columns[1])?;
        Ok(table)
    }

    /// Matches the columns of the header with the known ones.
    fn find_columns(&mut self, line: u32, known: &[&str], needed: &[&str]) -> Result<()> {
        let mut names: Vec<String> = self.record.iter().map(plain).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
        self.places = vec![None; known.len()];
        for (at, given) in names.iter().enumerate().filter(|(_, given)| !given.starts_with(DERIVED)) {
            match known.iter().position(|k| k == given) {
                None if given.is_empty() => wrong.push(format!("column {} has no name", at + 1)),
                None => {
                    let near = name::nearest(given, known.iter().copied());
                    unknown.push(near.first().map_or_else(|| format!("'{given}'"), |near| format!("'{given}' (did you mean {near}?)")));
                }
                Some(column) if self.places[column].replace(at).is_some() => wrong.push(format!("the column '{given}' occurs twice")),
                Some(_) => (),
            }
        }
        let missing = needed.iter().filter(|needed| !names.iter().any(|name| name == *needed)).map(|name| format!("'{name}'"));
        match unknown.as_slice() {
            [] => (),
            [one] => wrong.push(format!("unknown column {one}")),
            several => wrong.push(format!("unknown columns {}", several.join(", "))),
        }
        let missing: Vec<String> = missing.collect();
        match missing.as_slice() {
            [] => (),
            [one] => wrong.push(format!("the column {one} is missing, and every row needs it")),
            several => wrong.push(format!("the columns {} are missing, and every row needs them", several.join(", "))),
        }
        self.width = names.len();
        if wrong.is_empty() {
            return Ok(());
        }
        let header = Row { number: line, cells: names, ..Row::default() };
        let has_proposal = Layout::of(&Sheet { rows: vec![header], ..Sheet::default() }).is_some();
        let mut way_out = format!("use these columns: {}", known.join(","));
        if known == COLUMNS && !has_proposal && missing.len() == needed.len() {
            way_out = format!("give each act a row of its own; {way_out}; or {WRITE_HEADINGS}");
        }
        if wrong.iter().any(|why| why.ends_with("has no name")) {
            way_out.insert_str(0, "delete the columns without a name, or give them one; ");
        }
        if known == COLUMNS && unknown.len() + missing.len() > 0 && has_proposal {
            let file = Path::new(&self.file);
            let (file, review) = (quoted(&self.file), file.with_extension("review.xlsx").display().to_string());
            way_out.push_str(&format!("; or have the others proposed: recip import {file} --review {}", quoted(&review)));
        }
        Err(Error::File { file: format!("{}:{line}", self.file), why: wrong.join("; "), way_out })
    }

    /// True if the file has a column, by its position in the known ones.
    pub fn has(&self, column: usize) -> bool {
        self.places[column].is_some()
    }

    /// Reads the next row, or returns `None` at the end. A row whose width differs from the header's is reported and skipped.
    pub fn next(&mut self, problems: &mut Problems) -> Result<Option<Place>> {
        loop {
            let (reader, meter, crlf) = match &mut self.rows {
                Rows::Text(text) => (&mut text.reader, &text.meter, text.crlf),
                Rows::Sheet(rows) => {
                    let Some(row) = rows.next() else { return Ok(None) };
                    self.record = StringRecord::from(row.cells);
                    self.has_made_ref = row.has_made_ref;
                    let at = Place { file: self.number, line: row.number };
                    if row.is_struck && self.width > 0 {
                        let text = self.record.iter().filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ");
                        problems.note(format!("{}: left out: it is struck out: {text}", problems.position(at)));
                        continue;
                    }
                    if self.fits(at, problems) {
                        return Ok(Some(at));
                    }
                    continue;
                }
            };
            meter.unread.set(0);
            let first_line = reader.position().line();
            if !reader.read_record(&mut self.record).map_err(|e| explain(&self.file, e, first_line))? {
                return Ok(None);
            }
            let end = reader.position().line();
            let end_byte = reader.position().byte();
            let has_single_quote = reader.get_mut().has_single_quote(end_byte);
            // The line is counted back from the end of the record, because blank lines may precede it.
            let open_quote = self.record.as_slice().contains('\0') && !self.at_end_mark();
            let ends = newlines(self.record.as_slice().as_bytes()) + u64::from(!crlf && !open_quote);
            let line = end.saturating_sub(ends).max(1);
            let at = Place { file: self.number, line: u32::try_from(line).unwrap_or(u32::MAX) };
            if self.at_end_mark() {
                return Ok(None);
            }
            if open_quote {
                problems.add(at, None, format!("{OPEN_QUOTE}; help: {CLOSE_QUOTE}"));
                return Ok(None);
            }
            if self.record.iter().all(str::is_empty) {
                continue;
            }
            if self.fits(at, problems) {
                self.note_rows_in_cells(at, problems);
                if has_single_quote {
                    problems.note(format!("{}: {SINGLE_QUOTE}", problems.position(at)));
                }
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
        } else if self.width > 0 && self.record.iter().skip(self.width).any(|c| !c.is_empty()) {
            let why = format!("the row has {cells} cells, but the header has {}", self.width);
            problems.add(at, None, format!("{why}; help: put a cell that contains the delimiter in quotes"));
        } else {
            return true;
        }
        false
    }

    /// Notes lines within a cell that look like rows of the file: its quote may have been closed too late.
    fn note_rows_in_cells(&self, at: Place, problems: &mut Problems) {
        let Rows::Text(text) = &self.rows else { return };
        let rows = lines_like_rows(&self.record, self.width, text.dialect.delimiter);
        if rows > 0 {
            let lines = quantity(i64::try_from(rows).ok(), "lines");
            let what = format!("a cell contains {lines} that may be rows: look whether its quote is closed where it should be");
            problems.note(format!("{}: {what}", problems.position(at)));
        }
    }

    /// True if the text of a cell of the row at this place is struck out, or a part of it.
    fn is_struck(&self, at: Place, column: usize) -> bool {
        self.places[column].is_some_and(|place| self.struck.contains(&(at.line, place)))
    }

    /// A cell of the current row, by the position of its column in the known ones; empty if the row does not have it.
    pub fn cell(&self, column: usize) -> &str {
        self.places[column].and_then(|place| self.record.get(place)).unwrap_or_default()
    }
}

/// The number of lines within the cells of a record that look like rows of the file.
fn lines_like_rows(record: &StringRecord, width: usize, delimiter: u8) -> usize {
    if width < 3 || !record.as_slice().contains('\n') {
        return 0;
    }
    let is_row = |line: &&str| line.bytes().filter(|byte| *byte == delimiter).count() + 1 >= width;
    record.iter().flat_map(|cell| cell.split('\n').skip(1)).filter(is_row).count()
}

fn explain(file: &str, e: csv::Error, line: u64) -> Error {
    match e.into_kind() {
        csv::ErrorKind::Io(e) => TextError::explain(e, file, line),
        other => Error::File {
            file: file.to_owned(),
            why: format!("this is not valid CSV: {other:?}"),
            way_out: "give a CSV file in the exchange format, such as 'recip export csv' writes".to_owned(),
        },
    }
}

/// The columns that every row needs.
pub(super) const NEEDED: [&str; 4] = ["date", "actor", "target", "kind"];
/// The places of the date, the kind, the count and the stage among the columns, and the name of the column of deadlines.
const DATE: usize = 1;
const KIND: usize = 4;
const COUNT: usize = 5;
const STAGE: usize = 7;
const DEADLINE: &str = "deadline";

/// True if a row is the header of a flat table: it has the columns that every row needs. One may be missing, unless another heading
/// stands for it: then the table has columns of its own.
pub(super) fn is_flat_header<'c>(row: impl Iterator<Item = &'c str>) -> bool {
    let names: Vec<String> = row.map(plain).collect();
    let missing: Vec<&str> = NEEDED.into_iter().filter(|needed| !names.iter().any(|name| name == needed)).collect();
    match missing[..] {
        [] => true,
        [one] => !names.iter().any(|name| !COLUMNS.contains(&name.as_str()) && heading(name).0.first() == Some(&one)),
        _ => false,
    }
}

/// True for the name of a column that an import takes or ignores.
pub(super) fn is_known(name: &str) -> bool {
    let name = plain(name);
    name.starts_with(DERIVED) || COLUMNS.contains(&name.as_str())
}

/// The rows of a CSV file as a sheet.
pub(super) fn sheet(input: Box<dyn Read>, file: &str, encoding: Option<&str>) -> Result<Sheet> {
    rows_of(input, file, encoding, true)
}

/// The rows of a CSV file, or of its beginning if it is not given as a whole.
fn rows_of(input: Box<dyn Read>, file: &str, encoding: Option<&str>, is_whole: bool) -> Result<Sheet> {
    let mut text = Text::new(input, encoding, true)?;
    let dialect = Dialect::of(text.peek().map_err(|e| TextError::explain(e, file, 1))?, &[]);
    let crlf = text.is_crlf();
    let mut reader = dialect.records(text);
    let (mut record, mut sheet, mut cells) = (StringRecord::new(), Sheet::default(), 0);
    while reader.read_record(&mut record).map_err(|e| explain(file, e, 1))? {
        if record.as_slice().contains('\0') {
            if is_whole && record.len() + record.as_slice().len() > 2 {
                return Err(Error::File { file: file.to_owned(), why: OPEN_QUOTE.to_owned(), way_out: CLOSE_QUOTE.to_owned() });
            }
            break;
        }
        // As in [`CsvTable::next`], the line is counted back from the end of the record.
        let ends = newlines(record.as_slice().as_bytes()) + u64::from(!crlf);
        let number = u32::try_from(reader.position().line().saturating_sub(ends).max(1)).unwrap_or(u32::MAX);
        let row = Row {
            number,
            cells: record.iter().map(str::to_owned).collect(),
            swallowed: lines_like_rows(&record, record.len(), dialect.delimiter),
            ..Row::default()
        };
        let end = reader.position().byte();
        if reader.get_mut().has_single_quote(end) {
            sheet.single_quotes.push(number);
        }
        cells += row.cells.len();
        if cells > MAX_CELLS {
            let why = format!("it has columns of its own and more than {MAX_CELLS} cells");
            return Err(Error::File {
                file: file.to_owned(),
                why,
                way_out: "divide it, or give it the columns of the flat CSV".to_owned(),
            });
        }
        if row.filled().next().is_some() {
            sheet.rows.push(row);
        }
    }
    Ok(sheet)
}

/// The first rows of a file, or none if it is no text.
pub(super) fn sample(input: Box<dyn Read>, file: &str, encoding: Option<&str>) -> Result<Sheet> {
    let mut text = Text::new(input, encoding, false)?;
    let Ok(head) = text.peek() else { return Ok(Sheet::default()) };
    let head = head.to_vec();
    rows_of(Box::new(std::io::Cursor::new(head)), file, Some("utf-8"), false)
}

/// Reads a flat CSV file.
pub(super) fn read(
    input: Box<dyn Read>,
    file: &str,
    encoding: Option<&str>,
    dates: Option<DateOrder>,
    problems: &mut Problems,
    sink: &mut Sink<'_>,
) -> Result<()> {
    let text = Text::new(input, encoding, true)?;
    let Some(table) = CsvTable::open(text, file, &COLUMNS, &NEEDED, problems)? else {
        return Err(Error::File {
            file: file.to_owned(),
            why: "the file is empty".to_owned(),
            way_out: format!("start the file with a header: {}", COLUMNS.join(",")),
        });
    };
    read_rows(table, Dates::of_order(dates), problems, sink)
}

/// Reads a sheet that is a flat table.
pub(super) fn read_sheet(sheet: Sheet, file: &str, dates: Option<DateOrder>, problems: &mut Problems, sink: &mut Sink<'_>) -> Result<()> {
    sheet.notes().into_iter().for_each(|note| problems.note(format!("{file}: {note}")));
    let dates = Dates { since_1904: sheet.since_1904, ..Dates::of_order(dates) };
    read_rows(CsvTable::of_sheet(sheet, file, &COLUMNS, &NEEDED, problems)?, dates, problems, sink)
}

fn read_rows(mut table: CsvTable, dates: Dates, problems: &mut Problems, sink: &mut Sink<'_>) -> Result<()> {
    let mut columns = Columns::default();
    for (column, name) in COLUMNS.iter().enumerate() {
        // A cell of the column count can state the words too.
        columns[column] = table.has(column) || (*name == "count_words" && columns[column - 1]);
    }
    let is_free_text = FIELDS.map(is_free_text);
    let deadline_at = FIELDS.iter().position(|name| *name == DEADLINE).unwrap_or_default();
    let (mut links, mut sources, mut quantities) = (Vec::new(), Vec::new(), Vec::new());
    // The rows of a file use the same few kinds repeatedly.
    let mut kinds: HashMap<String, &'static str> = HashMap::new();
    let mut is_number_noted = false;
    while let Some(at) = table.next(problems)? {
        let cell = |column: usize| unguarded(table.cell(column));
        links.clear();
        sources.clear();
        quantities.clear();
        let mut good = true;
        for (column, name) in COLUMNS.iter().enumerate().filter(|(column, _)| table.is_struck(at, *column)) {
            let way_out = "delete what is struck out, or make it plain text";
            problems.add(at, Some(name), format!("'{}' is struck out, or a part of it; help: {way_out}", cell(column)));
            good = false;
        }
        for (column, relation) in (FIELDS.len()..).zip(LINKS) {
            good &= read_links(&mut links, cell(column), relation, at, problems);
        }
        good &= read_sources(&mut sources, cell(FIELDS.len() + LINKS.len()), at, problems);
        good &= read_quantities(&mut quantities, cell(FIELDS.len() + LINKS.len() + 1), at, problems);
        let date = day_as_read(cell(DATE).trim(), dates);
        let (count, deadline) = (count_in_words(cell(COUNT).trim()), deadline_as_read(cell(deadline_at).trim(), dates));
        for (column, read) in [(DATE, &date), (deadline_at, &deadline)] {
            let given = cell(column).trim();
            if let Some(date) = read.as_ref().filter(|_| !is_number_noted && is_number_of_days(given)) {
                let place = problems.position(at);
                problems.note(format!("{place}: {}: {date}", dates.number_of_days(given)));
                is_number_noted = true;
            }
        }
        let kind = cell(KIND);
        let kind_meant = match kinds.get(kind.trim()) {
            Some(meant) => meant,
            None => *kinds.entry(kind.trim().to_owned()).or_insert(plainly(kind.trim()).unwrap_or_default()),
        };
        let stage = Some(cell(STAGE).trim()).filter(|stage| !stage.is_empty()).and_then(stage_named);
        let texts = (0..FIELDS.len()).map(|column| {
            let read =
                [(DATE, &date), (COUNT, &count), (STAGE, &stage), (deadline_at, &deadline)].into_iter().find(|(of, _)| *of == column);
            match read.and_then(|(_, text)| text.as_deref()) {
                Some(text) => text,
                None if is_free_text[column] => cell(column),
                None => cell(column).trim(),
            }
        });
        let CsvTable { has_made_ref, corrects, .. } = table;
        let draft = Draft {
            links: &links,
            sources: &sources,
            quantities: &quantities,
            columns,
            kind_meant,
            bad: !good,
            has_made_ref,
            corrects,
            ..Draft::from_texts(texts)
        };
        let draft = Draft { has_doubtful_ref: draft.reference.bytes().all(|b| b.is_ascii_digit() || b == b'.'), ..draft };
        sink(Item::Action(at, draft), problems)?;
    }
    Ok(())
}

/// The date of a cell that is not in ISO 8601; `None`: it is, or it is no date.
fn day_as_read(cell: &str, dates: Dates) -> Option<String> {
    let whole = without_zero(cell);
    let is_date = |iso: &String| iso.parse::<Date>().is_ok();
    let read = in_words(whole).filter(is_date).or_else(|| dates.of_spreadsheet(whole));
    read.or_else(|| (whole != cell && is_date(&whole.to_owned())).then(|| whole.to_owned()))
}

/// The deadline of a cell that is not written as the ledger stores it.
fn deadline_as_read(cell: &str, dates: Dates) -> Option<String> {
    let day = || day_as_read(cell, dates).filter(|day| !cell.contains(':') && day.parse::<Day>().is_ok());
    deadline_in_words(cell).or_else(day)
}

/// A number without the `.0` that other programs write if some rows of its column have none.
fn without_zero(cell: &str) -> &str {
    cell.strip_suffix(".0").filter(|whole| whole.bytes().all(|b| b.is_ascii_digit())).unwrap_or(cell)
}

/// True if a cell that is read as a date holds the number of a day, as spreadsheets store it.
fn is_number_of_days(cell: &str) -> bool {
    let whole = without_zero(cell);
    whole.len() == 5 && whole.bytes().all(|b| b.is_ascii_digit())
}

/// The ISO 8601 form of a date in words; `None`: it has another form.
fn in_words(date: &str) -> Option<String> {
    let is_iso = date.len() >= 4 && date.bytes().zip(0..10).all(|(b, at)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    if is_iso { None } else { date_words::iso(date) }
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
    // No ref contains what people also write between refs.
    for item in items(cell).flat_map(|item| item.split([';', ','])).map(str::trim).filter(|item| !item.is_empty()) {
        let read = Relation::from_str(column).and_then(|relation| {
            let spec: LinkSpec = unescaped(item).parse()?;
            if spec.earlier.starts_with('#') {
                let way_out = "write the ref of an action in this file or in the ledger; 'recip list --format csv' shows the refs";
                return Err(Error::invalid("link", item, "a file refers to actions by ref, not by id", way_out));
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
pub(super) fn read_sources(sources: &mut Vec<Cite>, cell: &str, at: Place, problems: &mut Problems) -> bool {
    let mut good = true;
    let mut seen = HashSet::new();
    for item in items(cell).flat_map(csv_cell::addresses) {
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
pub(super) fn read_quantities(quantities: &mut Vec<Quantity>, cell: &str, at: Place, problems: &mut Problems) -> bool {
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
