//! A proposal as tables of texts, which a person corrects and gives back.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::ledger::load::names::Names;
use crate::ledger::load::record::COLUMNS;
use crate::model::CodeBook;
use crate::model::csv_cell::unguarded;
use crate::read::csv::NEEDED;

use super::asked;
use super::columns::{ASKED, Column, DATE_PARTS, REPLY};
use super::dates::{DateOrder, Dates};
use super::parties::{Known, Word};
use super::proposal::{Reading, Take, generated_ref, number_refs, place, repeats};
use super::question::Question;
use super::{Book, Proposal, Row, Sheet, letters, workbook};

/// The tables of a review, and the headers of two of them.
const ROWS: &str = "Rows";
const COLUMN_TABLE: &str = "Columns";
const WORDS: &str = "Words";
const ROW_HEADER: [&str; 5] = ["sheet", "row", "part", "take", "why"];
const COLUMN_HEADER: [&str; 7] = ["sheet", "column", "heading", "meaning", "value", "key", "why"];
const WORD_HEADER: [&str; 5] = ["field", "word", "means", "nearest", "rows"];
/// The heading of the line that has the digest of the file, and of the line that has the code book of its parties.
const FILE: &str = "(file)";
const CODES: &str = "(codes)";
/// The heading of the last column of the rows: recip's own mark of each row as it was proposed.
const PROPOSED: &str = "proposed";
/// The columns of actions that the rows always show.
const SHOWN: [&str; 10] = ["ref", "date", "actor", "target", "kind", "count", "stage", "summary", "answers", "sources"];

/// A table of texts.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The names of its columns.
    pub header: Vec<String>,
    /// Its rows, each as long as the header.
    pub rows: Vec<Vec<String>>,
    /// The texts that a column may have, by its place.
    pub choices: Vec<(usize, Vec<String>)>,
}

/// What the columns and words of a sheet mean, as a person corrected or kept it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    pub(crate) columns: Vec<Column>,
    pub(crate) words: Vec<Word>,
    pub(crate) codes: Option<CodeBook>,
}

/// A proposal as a person gives it back.
#[derive(Debug, Clone)]
pub struct Review {
    plan: Plan,
    rows: Vec<Returned>,
    digest: String,
    file: String,
}

/// A row of a review as it was given back.
#[derive(Debug, Clone)]
struct Returned {
    reading: Reading,
    /// The mark of the row as it was proposed.
    mark: Mark,
}

impl Returned {
    fn place(&self) -> (&str, u32, u32) {
        (&self.reading.sheet, self.reading.row, self.reading.part)
    }

    /// True if a person left the row as it was proposed.
    fn is_as_proposed(&self) -> bool {
        Mark::of(&self.reading, self.mark.parts).whole == self.mark.whole
    }

    /// Which cells a person changed: the take, then those in the columns of the flat CSV.
    fn changed(&self) -> Vec<bool> {
        let now = Mark::of(&self.reading, 0);
        let is_new = self.mark.cells.is_empty();
        if is_new && self.reading.cells.iter().all(String::is_empty) {
            // A line that only says whether a row is taken.
            return (0..=COLUMNS.len()).map(|at| at == 0).collect();
        }
        let changed: Vec<bool> = (0..=COLUMNS.len()).map(|at| is_new || now.cell(at) != self.mark.cell(at)).collect();
        // If two texts have the same mark, it is not known which cell was changed.
        if changed.contains(&true) { changed } else { vec![true; changed.len()] }
    }

    /// The row with what a person changed, and with the other cells as they are read now.
    fn onto(&self, now: &Reading, made: &HashSet<String>) -> Reading {
        let (changed, reference) = (self.changed(), place("ref"));
        let given = &self.reading;
        let (take, why, asked) = if changed[0] { (given.take, &given.why, &given.asked) } else { (now.take, &now.why, &now.asked) };
        let cells: Vec<String> =
            (0..COLUMNS.len()).map(|at| if changed[at + 1] { &given.cells[at] } else { &now.cells[at] }.clone()).collect();
        let mut row = Reading { take, why: why.clone(), asked: asked.clone(), cells, ..given.clone() };
        if take == Take::Ask && changed[1..].contains(&true) {
            row.ask(left_open(asked, &changed));
        }
        let has_made_ref = match changed[reference + 1] {
            false => now.has_made_ref,
            true if self.mark.cells.is_empty() => is_made_ref(&row, Some(now), made),
            true => row.cells[reference].is_empty(),
        };
        Reading { has_made_ref, ..row }
    }
}

/// The mark of a row as it was proposed, by which it is seen what a person changed. It is written in letters, which no spreadsheet program
/// changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Mark {
    /// The hash of the whole row.
    whole: Vec<u8>,
    /// The number of lines that the review had for the row of the sheet.
    parts: u8,
    /// The place and the hash of each filled cell; the take has the place 0.
    cells: Vec<[u8; 3]>,
}

impl Mark {
    fn of(row: &Reading, parts: u8) -> Mark {
        let filled = COLUMNS.iter().zip(&row.cells).enumerate().map(|(at, (name, cell))| (at, name, unguarded(cell.trim())));
        let (mut whole, mut cells) = (Sha256::new(), Vec::new());
        whole.update(row.take.name());
        let first = std::iter::once((0, row.take.name().to_owned()));
        let texts = filled.filter(|(.., cell)| !cell.is_empty()).map(|(at, name, cell)| {
            whole.update(format!("\n{name}={cell}"));
            (at + 1, cell.to_string())
        });
        for (at, text) in first.chain(texts) {
            let hash = Sha256::digest(&text);
            cells.push([u8::try_from(at).unwrap_or(u8::MAX), hash[0], hash[1]]);
        }
        Mark { whole: whole.finalize()[..4].to_vec(), parts, cells }
    }

    fn cell(&self, at: usize) -> Option<&[u8; 3]> {
        self.cells.iter().find(|cell| usize::from(cell[0]) == at)
    }

    fn read(text: &str) -> Mark {
        let half = |letter: u8| letter.to_ascii_lowercase().wrapping_sub(b'a');
        let bytes: Vec<u8> = text.trim().as_bytes().chunks_exact(2).map(|two| half(two[0]) << 4 | half(two[1]) & 15).collect();
        let (whole, rest) = bytes.split_at(bytes.len().min(4));
        let cells = rest.get(1..).unwrap_or_default().chunks_exact(3).map(|cell| [cell[0], cell[1], cell[2]]).collect();
        Mark { whole: whole.to_vec(), parts: rest.first().copied().unwrap_or_default(), cells }
    }

    fn text(&self) -> String {
        let bytes = self.whole.iter().chain([&self.parts]).chain(self.cells.iter().flatten());
        bytes.flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(b'a' + half)).collect()
    }
}

fn texts(header: &[&str]) -> Vec<String> {
    header.iter().map(|name| (*name).to_owned()).collect()
}

impl Take {
    const ALL: [(Take, &'static str); 3] = [(Take::Yes, "yes"), (Take::Ask, "ask"), (Take::No, "no")];

    fn name(self) -> &'static str {
        Take::ALL.iter().find(|(take, _)| *take == self).map_or("", |(_, name)| name)
    }
}

/// The meanings that a column of a sheet may have.
fn meanings() -> Vec<String> {
    let names = COLUMNS.iter().chain(&DATE_PARTS).map(|name| (*name).to_owned());
    names.chain(SHOWN[1..].iter().map(|name| format!("{REPLY}{name}"))).collect()
}

impl Proposal {
    /// The proposal as tables: its rows, its columns and its words.
    pub fn tables(&self) -> [Table; 3] {
        let is_used = |at: usize| SHOWN.contains(&COLUMNS[at]) || self.rows.iter().any(|row| !row.cells[at].is_empty());
        let used: Vec<usize> = (0..COLUMNS.len()).filter(|at| is_used(*at)).collect();
        let header = ROW_HEADER.into_iter().chain(used.iter().map(|at| COLUMNS[*at])).chain([PROPOSED]);
        let mut parts: HashMap<(&str, u32), (u8, HashSet<&str>)> = HashMap::new();
        for row in &self.rows {
            let (parts, answered) = parts.entry((&row.sheet, row.row)).or_default();
            *parts = parts.saturating_add(1);
            answered.insert(&row.cells[place("answers")]);
        }
        let row = |row: &Reading| {
            let (parts, answered) = &parts[&(row.sheet.as_str(), row.row)];
            let mut row = row.clone();
            // A ref that was made is shown where an answer names it: the place of the others is for the refs that a person gives.
            if row.has_made_ref && !answered.contains(row.cells[place("ref")].as_str()) {
                row.cells[place("ref")].clear();
            }
            let mark = Mark::of(&row, *parts).text();
            let first = [row.sheet, row.row.to_string(), row.part.to_string(), row.take.name().to_owned(), row.why];
            first.into_iter().chain(used.iter().map(|at| row.cells[*at].clone())).chain([mark]).collect()
        };
        let takes = Take::ALL.map(|(_, name)| name.to_owned()).to_vec();
        let rows = Table {
            name: ROWS,
            header: header.map(str::to_owned).collect(),
            rows: self.rows.iter().map(row).collect(),
            choices: vec![(3, takes)],
        };
        let [mut columns, words] = self.plan().tables();
        let mut file = vec![String::new(); COLUMN_HEADER.len()];
        file[2] = FILE.to_owned();
        file[4].clone_from(&self.digest);
        columns.rows.push(file);
        [rows, columns, words]
    }

    /// What its columns and words mean.
    pub fn plan(&self) -> Plan {
        Plan { columns: self.columns.clone(), words: self.words.clone(), codes: self.codes }
    }

    /// True if no sheet has a header.
    pub fn has_no_header(&self) -> bool {
        self.headers.is_empty()
    }

    /// True if there are no rows below its headers.
    pub fn has_no_rows(&self) -> bool {
        self.rows.is_empty()
    }

    /// Its actions as a flat table for each sheet, with those columns that its rows use.
    pub(in crate::read) fn into_sheets(self) -> Vec<Sheet> {
        let (corrects, review) = (self.map.is_some(), self.review);
        let mut sheets: Vec<Sheet> = Vec::new();
        for row in self.rows.into_iter().filter(|row| row.take == Take::Yes) {
            if sheets.last().is_none_or(|sheet| sheet.name != row.sheet) {
                let (name, review) = (row.sheet.clone(), review.clone());
                sheets.push(Sheet { name, rows: vec![Row::default()], corrects, review, ..Sheet::default() });
            }
            if let Some(sheet) = sheets.last_mut() {
                sheet.rows.push(Row { number: row.row, cells: row.cells, has_made_ref: row.has_made_ref, ..Row::default() });
            }
        }
        sheets.iter_mut().for_each(keep_used);
        sheets
    }
}

impl Plan {
    /// The plan as tables: its columns and its words.
    pub fn tables(&self) -> [Table; 2] {
        let column = |column: &Column| {
            let key = if column.is_key { "yes" } else { "" };
            let place = column.column.map(letters).unwrap_or_default();
            vec![
                column.sheet.clone(),
                place,
                column.heading.clone(),
                column.meaning.clone(),
                column.value.clone(),
                key.to_owned(),
                column.why.clone(),
            ]
        };
        let word = |word: &Word| {
            let rows: Vec<String> = word.rows.iter().take(20).cloned().collect();
            vec![word.field.clone(), word.word.clone(), word.means.clone(), word.nearest.clone(), rows.join(", ")]
        };
        let mut columns: Vec<Vec<String>> = self.columns.iter().map(column).collect();
        columns.extend(self.codes.map(|book| {
            let mut codes = vec![String::new(); COLUMN_HEADER.len()];
            CODES.clone_into(&mut codes[2]);
            book.as_str().clone_into(&mut codes[4]);
            codes
        }));
        [
            Table {
                name: COLUMN_TABLE,
                header: texts(&COLUMN_HEADER),
                rows: columns,
                choices: vec![(3, meanings()), (5, vec!["yes".to_owned()])],
            },
            Table { name: WORDS, header: texts(&WORD_HEADER), rows: self.words.iter().map(word).collect(), choices: Vec::new() },
        ]
    }

    /// The plan for the sheets of another book: their columns are those with the same headings in the same order. `None` if a sheet
    /// has other headings.
    pub(in crate::read) fn for_headings(&self, sheet: &str, headings: &[String]) -> Option<Vec<Column>> {
        let mut of_sheet: HashMap<&str, Vec<&Column>> = HashMap::new();
        for column in &self.columns {
            of_sheet.entry(&column.sheet).or_default().push(column);
        }
        let same = |columns: &&Vec<&Column>| {
            let named: Vec<&str> = columns.iter().filter(|c| c.column.is_some()).map(|c| c.heading.as_str()).collect();
            named.iter().map(|heading| heading.to_lowercase()).eq(headings.iter().map(|heading| heading.to_lowercase()))
        };
        let best = of_sheet.get(sheet).filter(&same).or_else(|| {
            let mut names: Vec<&&str> = of_sheet.keys().collect();
            names.sort();
            names.into_iter().map(|name| &of_sheet[*name]).find(&same)
        })?;
        Some(best.iter().map(|column| Column { sheet: sheet.to_owned(), ..(*column).clone() }).collect())
    }

    /// Adds the columns of another plan for sheets with other names and headings.
    pub fn keep_other_sheets(&mut self, other: &Plan) {
        let mut names: Vec<&str> = other.columns.iter().map(|column| column.sheet.as_str()).collect();
        names.dedup();
        for name in names {
            let columns = other.columns.iter().filter(|column| column.sheet == name);
            let headings: Vec<String> = columns.clone().filter(|c| c.column.is_some()).map(|c| c.heading.clone()).collect();
            if self.columns.iter().all(|column| column.sheet != name) && self.for_headings(name, &headings).is_none() {
                self.columns.extend(columns.cloned());
            }
        }
    }

    /// Reads a plan that was kept as two CSV files.
    ///
    /// # Errors
    /// A file cannot be read, or is no such table.
    pub fn read(columns: &Path, words: &Path) -> Result<Plan> {
        let (plan, _) = plan_of(&csv(columns, None)?, &csv(words, None)?)?;
        Ok(plan)
    }
}

/// The three files of a review as CSV: `a.review.csv`, `a.review-columns.csv` and `a.review-words.csv`. No map that is kept has such a name.
pub fn csv_files(path: &Path) -> [PathBuf; 3] {
    let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let beside = |table: &str| path.with_file_name(format!("{stem}-{table}.csv"));
    [path.to_owned(), beside("columns"), beside("words")]
}

impl Review {
    /// Reads a review: a workbook, or the first of three CSV files in this encoding. A spreadsheet program may have written its dates in
    /// another way; `dates` is their order, if nothing else tells it.
    ///
    /// # Errors
    /// It cannot be read, or is not a review.
    pub fn read(path: &Path, encoding: Option<&str>, dates: Option<DateOrder>) -> Result<Review> {
        let [rows, columns, words] = if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")) {
            let [rows, columns, words] = csv_files(path);
            [csv(&rows, encoding)?, csv(&columns, encoding)?, csv(&words, encoding)?]
        } else {
            let file = File::open(path).map_err(Error::io("read", path))?;
            let Book { mut sheets, .. } = workbook::read(&file, &path.display().to_string())?;
            let mut sheet = |name: &str| {
                let at = sheets.iter().position(|sheet| sheet.name == name);
                let found = at.map(|at| sheets.swap_remove(at)).ok_or_else(|| no_review(path, &format!("it has no sheet '{name}'")))?;
                Ok::<_, Error>(Given { file: path.to_owned(), sheet: found })
            };
            let mut rows = sheet(ROWS)?;
            read_typed_years(&mut rows.sheet);
            [rows, sheet(COLUMN_TABLE)?, sheet(WORDS)?]
        };
        let (plan, digest) = plan_of(&columns, &words)?;
        let mut rows = rows_of(&rows)?;
        let order = plan.columns.iter().filter(|column| column.is("date")).find_map(|column| column.value.parse().ok());
        restore_dates(&mut rows, order.or(dates));
        Ok(Review { plan, rows, digest, file: path.display().to_string() })
    }

    /// What the columns and words mean.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The file in which it is.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// True if it was made for the file with this digest.
    pub fn is_of(&self, digest: &str) -> bool {
        self.digest == digest
    }

    /// The rows of a proposal that has the columns and words of this review, with what a person changed in them.
    pub(in crate::read) fn corrected(&self, anew: Proposal, names: Names<'_>) -> Result<Proposal> {
        let made = anew.rows.iter().filter(|row| row.has_made_ref).map(|row| row.cells[place("ref")].clone());
        let made: HashSet<String> = made.collect();
        let mut lines: HashMap<(&str, u32), u8> = HashMap::new();
        for row in &self.rows {
            let lines = lines.entry((&row.reading.sheet, row.reading.row)).or_default();
            *lines = row.mark.parts.max(*lines);
        }
        let mut given: HashMap<_, &Returned> = self.rows.iter().map(|row| (row.place(), row)).collect();
        let mut rows: Vec<Reading> = Vec::new();
        let mut by_mark: HashMap<&Mark, usize> = HashMap::new();
        let mut known = Known::new(names, Vec::new());
        let mut decided = |row: Reading| understood(row, &mut known);
        for row in &anew.rows {
            let had_line = lines.get(&(row.sheet.as_str(), row.row)).is_none_or(|lines| row.part <= u32::from(*lines));
            rows.push(match given.remove(&(row.sheet.as_str(), row.row, row.part)) {
                Some(returned) => {
                    by_mark.insert(&returned.mark, rows.len());
                    if returned.is_as_proposed() { row.clone() } else { decided(returned.onto(row, &made))? }
                }
                None if had_line && row.take != Take::No => {
                    let mut row = row.clone();
                    row.ask(vec![Question::no_line(row.row, row.part)]);
                    row
                }
                None => row.clone(),
            });
        }
        // Lines that a person added may be copies of others.
        for added in given.into_values().filter(|row| !row.is_as_proposed()) {
            let copied = by_mark.get(&added.mark).filter(|_| !added.mark.cells.is_empty()).map(|at| &anew.rows[*at]);
            rows.push(decided(copied.map_or_else(
                || Reading { has_made_ref: is_made_ref(&added.reading, None, &made), ..added.reading.clone() },
                |row| added.onto(row, &made),
            ))?);
        }
        rows.sort_by_key(|row| (anew.headers.iter().position(|(sheet, _)| *sheet == row.sheet), row.row, row.part));
        complete(&mut rows);
        let mut notes = anew.notes;
        notes.extend(repeats(&rows).filter(|note| !notes.contains(note)));
        Ok(Proposal { rows, notes, review: Some(self.file.clone()), ..anew })
    }
}

/// A row that a person decided, with its kind and its stage by their names.
fn understood(mut row: Reading, known: &mut Known<'_>) -> Result<Reading> {
    if row.take == Take::Yes
        && let Err(question) = known.complete(&mut row.cells)?
    {
        row.ask(vec![question]);
    }
    Ok(row)
}

/// What is still asked of a row of which a person changed these cells, and did not decide whether to take it.
fn left_open(asked: &[Question], changed: &[bool]) -> Vec<Question> {
    let is_answered = |question: &Question| COLUMNS.iter().zip(&changed[1..]).any(|(name, changed)| *changed && question.is_about(name));
    let open: Vec<Question> = asked.iter().filter(|question| !is_answered(question)).cloned().collect();
    if open.is_empty() { vec![Question::still_asked()] } else { open }
}

/// True if the ref of a corrected row was made for it or for a row that a person copied, and not given by the sheet or a person.
fn is_made_ref(given: &Reading, proposed: Option<&Reading>, made: &HashSet<String>) -> bool {
    let cell = |name: &str| given.cells[place(name)].as_str();
    let stem = generated_ref(["date", "actor", "target", "kind"].map(cell));
    let is_numbered = |text: &str| text.strip_prefix('-').is_some_and(|n| n.parse::<u32>().is_ok());
    let is_stem = || cell("ref").strip_prefix(&stem).is_some_and(|rest| rest.is_empty() || is_numbered(rest));
    cell("ref").is_empty() || made.contains(cell("ref")) || proposed.is_some_and(|row| row.has_made_ref && is_stem())
}

/// Reads the dates of rows as a spreadsheet program wrote them that saved the review. Its order of day and month is the one with which most
/// rows are again as they were proposed, else the given one.
fn restore_dates(rows: &mut [Returned], given: Option<DateOrder>) {
    let restored = |row: &Returned, order: Option<DateOrder>| {
        let mut row = row.clone();
        let dates = Dates { order, ..Dates::default() };
        for at in ["date", "deadline"].map(place) {
            let cell = &mut row.reading.cells[at];
            if !cell.is_empty()
                && let Ok(date) = dates.read(cell)
            {
                *cell = date;
            }
        }
        row
    };
    let changed: Vec<usize> = (0..rows.len()).filter(|at| !rows[*at].is_as_proposed()).collect();
    let fits = |order: &Option<DateOrder>| changed.iter().filter(|at| restored(&rows[**at], *order).is_as_proposed()).count();
    // Of equal ones the last wins.
    let orders = [Some(DateOrder::Ymd), Some(DateOrder::Mdy), Some(DateOrder::Dmy), given];
    let order = orders.into_iter().max_by_key(fits).flatten();
    for at in changed {
        rows[at] = restored(&rows[at], order);
    }
}

/// Reads the years that a person typed into the cells for dates of the rows of a review. A cell that is as it was proposed has a day.
fn read_typed_years(sheet: &mut Sheet) {
    let header: Vec<String> = sheet.rows.first().map_or_else(Vec::new, |row| row.cells.clone());
    let Some(mark) = header.iter().position(|name| name == PROPOSED) else { return };
    let is_typed = |row: &Row, column: usize| {
        let place = header.get(column).and_then(|name| COLUMNS.iter().position(|known| known == name));
        let hash = Sha256::digest(row.cell(column));
        place.is_some_and(|at| Mark::read(row.cell(mark)).cell(at + 1).is_none_or(|cell| cell[1..] != hash[..2]))
    };
    sheet.read_typed_years(Some(false), is_typed);
}

/// Gives a sheet of actions its header, without those columns that no row uses: what a row leaves open is not compared with the ledger.
fn keep_used(sheet: &mut Sheet) {
    let is_used = |at: &usize| NEEDED.contains(&COLUMNS[*at]) || sheet.rows[1..].iter().any(|row| !row.cells[*at].is_empty());
    let used: Vec<usize> = (0..COLUMNS.len()).filter(is_used).collect();
    for row in &mut sheet.rows[1..] {
        row.cells = used.iter().map(|at| std::mem::take(&mut row.cells[*at])).collect();
    }
    sheet.rows[0] = Row { number: 1, cells: used.iter().map(|at| COLUMNS[*at].to_owned()).collect(), ..Row::default() };
}

/// Gives the rows that a person decided the refs that they would have had, and links an answer to the act of its row.
fn complete(rows: &mut [Reading]) {
    let [reference, actor, target, answers] = ["ref", "actor", "target", "answers"].map(place);
    let mut first: Option<(Reading, String)> = None;
    for row in rows.iter_mut().filter(|row| row.take == Take::Yes) {
        if row.cells[reference].is_empty() {
            row.cells[reference] = generated_ref(["date", "actor", "target", "kind"].map(|name| row.cells[place(name)].as_str()));
        }
        match &first {
            Some((act, of)) if act.sheet == row.sheet && act.row == row.row => {
                let is_reply = act.cells[actor] == row.cells[target] && act.cells[target] == row.cells[actor];
                if is_reply && row.cells[answers].is_empty() {
                    row.cells[answers].clone_from(of);
                }
            }
            _ => first = Some((row.clone(), row.cells[reference].clone())),
        }
    }
    number_refs(rows);
    asked::ask(rows);
}

fn no_review(path: &Path, why: &str) -> Error {
    let way_out = "give the file that 'recip import' wrote for this sheet";
    Error::File { file: path.display().to_string(), why: format!("this is not a review of a sheet: {why}"), way_out: way_out.to_owned() }
}

/// A table of a review as it was given back.
struct Given {
    file: PathBuf,
    sheet: Sheet,
}

fn csv(path: &Path, encoding: Option<&str>) -> Result<Given> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    let sheet = crate::read::csv::sheet(Box::new(file), &path.display().to_string(), encoding)?;
    Ok(Given { file: path.to_owned(), sheet })
}

impl Given {
    /// The rows, each by the names of its columns.
    fn rows(&self, needed: &[&str]) -> Result<Vec<(u32, HashMap<String, String>)>> {
        let mut rows = self.sheet.rows.iter();
        let header: Vec<String> =
            rows.next().map_or_else(Vec::new, |row| row.cells.iter().map(|cell| cell.trim().to_lowercase()).collect());
        if let Some(missing) = needed.iter().find(|name| !header.iter().any(|given| given == *name)) {
            return Err(no_review(&self.file, &format!("it has no column '{missing}'")));
        }
        Ok(rows.map(|row| (row.number, header.iter().cloned().zip(row.cells.iter().cloned()).collect())).collect())
    }

    fn wrong(&self, row: u32, why: String, way_out: &str) -> Error {
        let sheet = if self.sheet.name.is_empty() { String::new() } else { format!(", sheet {}", self.sheet.name) };
        Error::File { file: format!("{}{sheet}:{row}", self.file.display()), why, way_out: way_out.to_owned() }
    }
}

/// Takes a cell out of a row.
fn cell(row: &mut HashMap<String, String>, name: &str) -> String {
    row.remove(name).map(|text| text.trim().to_owned()).unwrap_or_default()
}

fn rows_of(given: &Given) -> Result<Vec<Returned>> {
    let rows = given.rows(&ROW_HEADER[..4])?;
    let read = |(number, mut row): (u32, HashMap<String, String>)| {
        let take = cell(&mut row, "take").to_lowercase();
        let take = Take::ALL.iter().find(|(_, name)| *name == take).map(|(take, _)| *take);
        let take = take.ok_or_else(|| {
            given.wrong(
                number,
                "the column 'take' is neither yes, ask nor no".to_owned(),
                "write yes to import the row, or no to leave it out",
            )
        })?;
        let number_of = |text: String, name| {
            text.parse().map_err(|_| {
                given.wrong(number, format!("the column '{name}' is not a number"), "leave it as it was, or give a new row a number")
            })
        };
        let mark = Mark::read(&cell(&mut row, PROPOSED));
        let reading = Reading {
            sheet: cell(&mut row, "sheet"),
            row: number_of(cell(&mut row, "row"), "row")?,
            part: number_of(cell(&mut row, "part"), "part")?,
            take,
            why: cell(&mut row, "why"),
            asked: Vec::new(),
            cells: COLUMNS.iter().map(|name| cell(&mut row, name)).collect(),
            has_made_ref: false,
        };
        Ok::<_, Error>(Returned { reading, mark })
    };
    let mut seen = HashSet::new();
    let once = |(number, row): (u32, HashMap<String, String>)| {
        let returned = read((number, row))?;
        let Reading { sheet, row, part, .. } = &returned.reading;
        if seen.insert((sheet.clone(), *row, *part)) {
            return Ok::<_, Error>(returned);
        }
        let why = format!("a line above has the row {row} with the part {part} too");
        Err(given.wrong(number, why, "give a line that you added a number of its own in the column 'part'"))
    };
    rows.into_iter().map(once).collect()
}

/// The columns and words, and the digest of the file that they are of.
fn plan_of(given: &Given, words: &Given) -> Result<(Plan, String)> {
    let (mut columns, mut digest, mut codes) = (Vec::new(), String::new(), None);
    for (number, mut row) in given.rows(&COLUMN_HEADER[..5])? {
        let place = cell(&mut row, "column");
        let column = Column {
            sheet: cell(&mut row, "sheet"),
            column: place_of(&place),
            heading: cell(&mut row, "heading"),
            meaning: cell(&mut row, "meaning").to_lowercase(),
            value: cell(&mut row, "value"),
            is_key: !cell(&mut row, "key").is_empty(),
            why: cell(&mut row, "why"),
            may_mean: Vec::new(),
        };
        if column.heading == FILE {
            digest = column.value;
        } else if column.heading == CODES && column.column.is_none() {
            codes = Some(column.value.parse::<CodeBook>()?);
        } else if ["", ASKED].contains(&column.meaning.as_str())
            || column.target().is_some()
            || DATE_PARTS.contains(&column.meaning.as_str())
        {
            columns.push(column);
        } else {
            let near = crate::model::name::nearest(&column.meaning, meanings().iter().map(String::as_str));
            let near = near.first().map_or_else(String::new, |near| format!("; did you mean {near}?"));
            let why = format!("a column cannot mean '{}'{near}", column.meaning);
            return Err(given.wrong(
                number,
                why,
                "give a column of the flat CSV, such as date, actor, target, kind or count, or reply-date for an answer, or nothing",
            ));
        }
    }
    Ok((Plan { columns, words: words_of(words)?, codes }, digest))
}

fn words_of(given: &Given) -> Result<Vec<Word>> {
    let word = |(_, mut row): (u32, HashMap<String, String>)| Word {
        field: cell(&mut row, "field").to_lowercase(),
        word: cell(&mut row, "word"),
        means: cell(&mut row, "means"),
        nearest: cell(&mut row, "nearest"),
        rows: Vec::new(),
    };
    Ok(given.rows(&WORD_HEADER[..3])?.into_iter().map(word).filter(|word| !word.word.is_empty()).collect())
}

/// The place of a column by its letters.
fn place_of(letters: &str) -> Option<usize> {
    let value = |at: Option<usize>, letter: char| {
        let letter = letter.to_ascii_uppercase();
        let digit = if letter.is_ascii_uppercase() { letter as usize - 'A' as usize + 1 } else { return None };
        at?.checked_mul(26)?.checked_add(digit)
    };
    letters.chars().fold(Some(0), value).filter(|at| *at > 0).map(|at| at - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_name_columns() {
        for at in [0, 25, 26, 701, 702, 16_383] {
            assert_eq!(place_of(&letters(at)), Some(at));
        }
        assert_eq!((letters(26), place_of("AB"), place_of(""), place_of("1")), ("AA".to_owned(), Some(27), None, None));
    }
}
