//! A proposal as tables of texts, which a person corrects and gives back.

mod decision;
mod given;
mod mark;
mod plan;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::ledger::load::names::Names;
use crate::ledger::load::record::COLUMNS;
use crate::read::csv::NEEDED;

use super::dates::{DateOrder, Dates};
use super::ledger_rules;
use super::parties::Known;
use super::proposal::{Reading, Take, generated_ref, number_refs, place, repeats};
use super::question::Question;
use super::{Book, Proposal, Row, Sheet, workbook};

pub(super) use decision::{Decision, apply as decide};
use given::{Given, csv, no_review, plan_of, rows_of};
use mark::{Mark, SourceHash};
use plan::{COLUMN_HEADER, COLUMN_TABLE, FILE, WORDS};
pub use plan::{Plan, Table};

/// The table of the rows, and its first columns.
const ROWS: &str = "Rows";
const ROW_HEADER: [&str; 5] = ["sheet", "row", "part", "take", "why"];
/// The heading of the last column of the rows: recip's own mark of each row as it was proposed.
const PROPOSED: &str = "proposed";
/// The columns of actions that the rows always show.
const SHOWN: [&str; 10] = ["ref", "date", "actor", "target", "kind", "count", "stage", "summary", "answers", "sources"];

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

    /// True if it is written as it was proposed.
    fn is_unchanged(&self) -> bool {
        Mark::of(&self.reading, self.mark.parts).whole == self.mark.whole
    }

    /// True if neither this review nor an earlier one says anything of the row.
    fn is_as_proposed(&self) -> bool {
        self.is_unchanged() && !(0..=COLUMNS.len()).any(|at| self.mark.is_decided(at))
    }

    /// Which cells a person changed: the take, then those in the columns of the flat CSV.
    fn changed(&self) -> Vec<bool> {
        let now = Mark::of(&self.reading, 0);
        let is_new = self.mark.cells.is_empty();
        if is_new && self.reading.cells.iter().all(String::is_empty) {
            // A line that only says whether a row is taken.
            return (0..=COLUMNS.len()).map(|at| at == 0).collect();
        }
        let is_changed = |at| is_new || self.mark.is_decided(at) || now.cell(at) != self.mark.cell(at);
        let changed: Vec<bool> = (0..=COLUMNS.len()).map(is_changed).collect();
        // If two texts have the same mark, it is not known which cell was changed.
        if changed.contains(&true) { changed } else { vec![true; changed.len()] }
    }

    /// The row with what a person changed, and with the other cells as they are read now.
    fn onto(&self, now: &Reading, made: &HashSet<String>) -> Reading {
        let (changed, reference) = (self.changed(), place("ref"));
        let Reading { sheet, row, why, .. } = &self.reading;
        let mut onto = Decision::new(&self.reading, &changed, ("", SourceHash::default(), 0)).onto(now);
        (onto.sheet, onto.row) = (sheet.clone(), *row);
        onto.decided.clear();
        if changed[0] && (onto.take != Take::Ask || !changed[1..].contains(&true)) {
            onto.why.clone_from(why);
        } else if changed[0] {
            onto.ask(vec![Question::still_asked()]);
        }
        if changed[reference + 1] && self.mark.cells.is_empty() {
            onto.has_made_ref = is_made_ref(&onto, Some(now), made);
        }
        onto
    }
}

impl Take {
    const ALL: [(Take, &'static str); 3] = [(Take::Yes, "yes"), (Take::Ask, "ask"), (Take::No, "no")];

    fn name(self) -> &'static str {
        Take::ALL.iter().find(|(take, _)| *take == self).map_or("", |(_, name)| name)
    }

    fn named(name: &str) -> Option<Take> {
        Take::ALL.iter().find(|(_, own)| own.eq_ignore_ascii_case(name)).map(|(take, _)| *take)
    }
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
        Plan { columns: self.columns.clone(), words: self.words.clone(), codes: self.codes, decisions: self.decisions.clone() }
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
        let (corrects, review) = (self.map.is_some() || self.has_map, self.review);
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

    /// What a person decided of single rows that the sheet has.
    fn decisions(&self, rows: &[Reading]) -> Vec<Decision> {
        let texts: HashMap<(&str, u32), &str> = rows.iter().map(|row| ((row.sheet.as_str(), row.row), row.source.as_str())).collect();
        self.decided(&decision::occurrences(decision::sources(rows)), |place| texts.get(&place).copied().unwrap_or_default())
    }

    /// What a person decided of single rows, for a later state of the sheet that may have some of them.
    pub(in crate::read) fn carried(&self) -> Vec<Decision> {
        let mut rows: Vec<&Returned> = self.rows.iter().collect();
        rows.sort_by_key(|row| row.place());
        let marked = rows.into_iter().filter(|row| !row.mark.cells.is_empty());
        let places = decision::occurrences(marked.map(|row| (row.reading.sheet.as_str(), row.reading.row, row.mark.source)));
        self.decided(&places, |_| "")
    }

    /// What a person decided of the rows at these places, of which `text` gives the cells in the sheet.
    fn decided<'r>(&self, places: &HashMap<(&'r str, u32), (SourceHash, u32)>, text: impl Fn((&str, u32)) -> &'r str) -> Vec<Decision> {
        let decided = self.rows.iter().filter(|row| !row.is_as_proposed() && row.reading.take != Take::Ask);
        let decision = |row: &Returned| {
            let place = (row.reading.sheet.as_str(), row.reading.row);
            let (source, occurrence) = *places.get(&place)?;
            Some(Decision::new(&row.reading, &row.changed(), (text(place), source, occurrence)))
        };
        decided.filter_map(decision).collect()
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
        let decisions = self.decisions(&anew.rows);
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
        Ok(Proposal { rows, notes, decisions, review: Some(self.file.clone()), ..anew })
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
fn left_open(asked: &[Question], changed: &[usize]) -> Vec<Question> {
    let is_answered = |question: &Question| changed.iter().any(|at| *at > 0 && question.is_about(COLUMNS[at - 1]));
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
        let dates = Dates::of_order(order);
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
    let changed: Vec<usize> = (0..rows.len()).filter(|at| !rows[*at].is_unchanged()).collect();
    let fits = |order: &Option<DateOrder>| changed.iter().filter(|at| restored(&rows[**at], *order).is_unchanged()).count();
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
    ledger_rules::ask(rows);
}
