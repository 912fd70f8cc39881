//! The proposal how to read the sheets of a file as actions.

use std::collections::HashMap;

use crate::error::Result;
use crate::ledger::entry::check_ref;
use crate::ledger::load::names::Names;
use crate::ledger::load::record::COLUMNS;
use crate::model::{CodeBook, Day, quantity};

use super::columns::{self, ASKED, Column, ROWS};
use super::content::Content;
use super::dates::{self, DateOrder, Years};
use super::kept_map;
use super::layout::Layout;
use super::ledger_rules;
use super::parties::{Known, Word};
use super::question::{self, Question};
use super::reader::Reader;
use super::review::{self, Decision};
use super::words;
use super::{Book, Plan, Sheet, letters, same_rows};

/// What is done with a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Take {
    /// It is imported.
    Yes,
    /// A person has to say.
    #[default]
    Ask,
    /// It is left out.
    No,
}

/// An action as a row of a sheet gives it, or a row that gives no action.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    pub sheet: String,
    /// The number of the row in the sheet.
    pub row: u32,
    /// The number of the action among those of the row, from 1.
    pub part: u32,
    pub take: Take,
    /// What is asked, or what else is to be known of it.
    pub why: String,
    /// The questions that are asked of it.
    pub asked: Vec<Question>,
    /// The cells of the row in the sheet, as one text by which it is known again.
    pub source: String,
    /// What an earlier review decided of it: 0 for the take, and the places of cells, counted from 1.
    pub decided: Vec<usize>,
    /// Its cells in the columns of the flat CSV.
    pub cells: Vec<String>,
    /// True if the sheet gives the row neither a ref nor a key: its ref only serves to link the actions of the row.
    pub has_made_ref: bool,
}

impl Reading {
    /// Leaves it to a person to say whether the row is imported.
    pub fn ask(&mut self, asked: Vec<Question>) {
        (self.take, self.why, self.asked) = (Take::Ask, question::sentences(&asked), asked);
    }
}

/// How a file is proposed to be read.
#[derive(Debug, Clone, Default)]
pub struct Proposal {
    /// The file as the user named it.
    pub file: String,
    /// The SHA-256 of the file.
    pub digest: String,
    /// The names of its hidden sheets, and of those without a header, which are left out.
    pub left_out: Vec<String>,
    /// What else is to be known of its sheets.
    pub notes: Vec<String>,
    /// The number of the row of each sheet's header.
    pub headers: Vec<(String, u32)>,
    /// The name of the saved map by which it is read; `None`: by what is in it.
    pub map: Option<String>,
    /// True if a review decides how it is read although there is a map for its columns, so that it comes again.
    pub has_map: bool,
    /// The order of day, month and year that the map gives for dates which do not settle it.
    pub order_of_map: Option<DateOrder>,
    /// The review of an earlier state of the file whose columns and words were taken over.
    pub earlier_review: Option<String>,
    /// The review by which a person decided its rows.
    pub review: Option<String>,
    /// The code book of its parties.
    pub codes: Option<CodeBook>,
    pub(crate) columns: Vec<Column>,
    pub(crate) words: Vec<Word>,
    pub(crate) rows: Vec<Reading>,
    /// What a person decided of single rows.
    pub(crate) decisions: Vec<Decision>,
}

/// The place of a column in the flat CSV.
pub(super) fn place(name: &str) -> usize {
    COLUMNS.iter().position(|column| *column == name).unwrap_or_default()
}

/// Proposes how to read the sheets of a book. `plan` are the columns and words that a person corrected or, if `is_kept`, a map of earlier
/// sheets; `None`: they are proposed too.
pub(in crate::read) fn propose(
    book: &Book,
    stem: &str,
    names: Names<'_>,
    plan: Option<&Plan>,
    is_kept: bool,
    (order, today): (Option<DateOrder>, Day),
) -> Result<Proposal> {
    let mut known = Known::new(names, plan.map(|plan| unused(&plan.words)).unwrap_or_default());
    let mut proposal =
        Proposal { left_out: book.hidden.iter().map(|name| format!("the hidden sheet '{name}'")).collect(), ..Proposal::default() };
    proposal.left_out.extend(book.reports.iter().map(|name| format!("the sheet '{name}', which an export writes beside the actions")));
    for sheet in &book.sheets {
        let Some(layout) = Layout::of(sheet) else {
            if !sheet.rows.is_empty() {
                proposal.left_out.push(format!("the sheet '{}', which has no header with known words", sheet.name));
            }
            continue;
        };
        proposal.headers.push((sheet.name.clone(), layout.number));
        proposal.notes.extend(sheet.notes());
        let mut columns = match plan {
            None => columns::propose(stem, sheet, &layout, &mut known)?,
            Some(plan) => plan.columns.iter().filter(|column| column.sheet == sheet.name).cloned().collect(),
        };
        if plan.is_some() {
            columns::check_meanings(&columns)?;
            kept_map::compare(stem, sheet, &layout, &mut known, &mut columns, is_kept)?;
        }
        if plan.is_some() && is_kept {
            kept_map::ask_of_filled(sheet, &layout, &mut columns);
            dates::forget_other_year(sheet, &layout, &mut columns);
            match order {
                Some(order) => proposal.notes.extend(dates::overrule(&mut columns, order)),
                None => proposal.order_of_map = proposal.order_of_map.or(dates::order_of_map(sheet, &layout, &mut columns, today)),
            }
        } else if let Some(order) = order {
            dates::check_order(&columns, order)?;
        }
        let years = Years::of(sheet, &layout, &columns);
        let decided = dates::decide_dates(sheet, &layout, &mut columns, &years, (order, today));
        known.sheet = if book.sheets.len() > 1 { format!("{}:", sheet.name) } else { String::new() };
        let mut reader = Reader::new(sheet, &layout, &columns, (&decided, &years), &mut known)?;
        let mut rows = Vec::new();
        for row in &sheet.rows[layout.first..] {
            rows.extend(reader.row(row)?);
        }
        let (filled, from_parts, from_words) = (reader.filled, reader.from_parts, reader.from_words);
        for column in columns.iter_mut().filter(|column| column.column.is_none() && column.value.is_empty()) {
            if let Some(row) = from_parts.get(column.meaning.as_str()) {
                column.why = format!("a text in a row of its own gives it to the rows below, the first in row {row}");
            } else if let Some(row) = from_words.get(column.meaning.as_str()) {
                column.why = format!("the words of the acts name it, first in row {row}");
            }
        }
        if columns.iter().any(|column| column.is("count") && column.value == ROWS) {
            same_rows::count(&mut rows);
        }
        columns.extend(same_rows::ask(sheet, &columns, &mut rows));
        same_rows::ask_of_other_sources(&mut rows);
        same_rows::ask_of_next_day(&mut rows);
        proposal.rows.extend(rows);
        if plan.is_some() {
            proposal.notes.extend(worth_a_look(sheet, &layout, &columns, &mut known)?);
        }
        for column in columns.iter_mut().filter(|column| column.column.is_some()) {
            let Some(rows) = column.column.and_then(|at| filled.get(&at)) else { continue };
            let cells = quantity(i64::try_from(rows.len()).ok(), "cells");
            let with = format!("{cells} filled from above, the first in row {}", rows[0]);
            column.why = if column.why.is_empty() { with } else { format!("{}; {with}", column.why) };
        }
        proposal.columns.extend(columns);
    }
    proposal.notes.extend(repeats(&proposal.rows));
    number_refs(&mut proposal.rows);
    ledger_rules::ask(&mut proposal.rows);
    ledger_rules::ask_of_future(&mut proposal.rows, today);
    if let Some(plan) = plan {
        review::decide(&plan.decisions, &mut proposal.rows, &mut known)?;
        proposal.decisions.clone_from(&plan.decisions);
    }
    proposal.words = known.words;
    Ok(proposal)
}

/// What is said of the rows without a ref that have the same cells as another: an import takes both for one action.
pub(super) fn repeats(rows: &[Reading]) -> Option<String> {
    let place = |row: &Reading| {
        let sheet = if row.sheet.is_empty() { String::new() } else { format!(" of the sheet '{}'", row.sheet) };
        format!("row {}{sheet}", row.row)
    };
    let (mut seen, mut repeats) = (HashMap::new(), Vec::new());
    for row in rows.iter().filter(|row| row.take == Take::Yes && row.has_made_ref) {
        match seen.get(&row.cells) {
            Some(first) => repeats.push((row, *first)),
            None => drop(seen.insert(&row.cells, row)),
        }
    }
    let (row, first) = repeats.first()?;
    let actions = quantity(i64::try_from(repeats.len()).ok(), "actions");
    let verb = if repeats.len() == 1 { "repeats another and is" } else { "repeat others and are" };
    let (row, first) = (place(row), place(first));
    Some(format!("{actions} {verb} not added twice, the first in {row}, as in {first}: where they are two, give each a ref"))
}

/// What is said of columns that are left out although they have numbers, as a second count has, or kinds.
fn worth_a_look(sheet: &Sheet, layout: &Layout, columns: &[Column], known: &mut Known<'_>) -> Result<Vec<String>> {
    let rows = layout.rows(sheet);
    let is_number = |cell: &str| cell.parse::<u32>().is_ok_and(|number| !(1800..2100).contains(&number));
    let counts = |cells: &[String]| {
        let numbers: Vec<&str> = cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        let in_order = numbers
            .windows(2)
            .all(|pair| pair[0].parse::<u32>().is_ok_and(|n| n.checked_add(1).map(|n| n.to_string()).as_deref() == Some(pair[1])));
        !numbers.is_empty() && numbers.iter().all(|cell| is_number(cell)) && (numbers.len() < 2 || !in_order)
    };
    let (mut with_numbers, mut with_kinds) = (Vec::new(), Vec::new());
    for column in columns.iter().filter(|column| column.meaning.is_empty() && !words::is_ordinal(&column.heading)) {
        let Some(at) = column.column else { continue };
        let content = Content::of(&rows, at, known)?;
        if counts(&content.cells) {
            with_numbers.push(column.label());
        } else if content.kinds {
            with_kinds.push(column.label());
        }
    }
    let say = |labels: Vec<String>, what: &str, way_out: &str| {
        let (columns, verb) = if labels.len() == 1 { ("column", "has") } else { ("columns", "have") };
        (!labels.is_empty()).then(|| format!("left out the {columns} {}, which {verb} {what}: {way_out}", labels.join(", ")))
    };
    let of_numbers = say(with_numbers, "numbers", "if they count acts, give each act a row of its own");
    let of_kinds = say(
        with_kinds,
        "kinds of acts",
        "if these are the kinds of the rows, write kind as its meaning, and nothing as the meaning of the column that is the kind now",
    );
    Ok(of_numbers.into_iter().chain(of_kinds).collect())
}

fn unused(words: &[Word]) -> Vec<Word> {
    words.iter().map(|word| Word { rows: Vec::new(), ..word.clone() }).collect()
}

/// The ref of an action: the one of the sheet, else its key, else the day, parties and kind, so that the same row has the same ref again.
pub(super) fn reference(given: &str, key: &str, [date, actor, target, kind]: [&str; 4], is_one_of_several: bool) -> String {
    let text = match (given, key) {
        ("", "") => return generated_ref([date, actor, target, kind]),
        ("", key) => key.to_owned(),
        (given, _) => given.to_owned(),
    };
    if is_one_of_several && !text.is_empty() { format!("{text}-{actor}").to_lowercase() } else { text }
}

/// The ref that an import generates for such an act; empty if a part is missing or is not a code.
pub(super) fn generated_ref(parts: [&str; 4]) -> String {
    let text = parts.join("-").to_lowercase();
    if parts.iter().any(|part| part.is_empty()) || check_ref(&text).is_err() { String::new() } else { text }
}

/// Numbers the made refs that several actions would have. Answers name the ref of their row.
pub(super) fn number_refs(rows: &mut [Reading]) {
    let (reference, answers) = (place("ref"), place("answers"));
    let mut used: HashMap<String, u32> = HashMap::new();
    let mut renamed: Option<(String, String)> = None;
    for row in rows.iter_mut().filter(|row| row.take != Take::No && row.has_made_ref && !row.cells[place("ref")].is_empty()) {
        if let Some((old, new)) = &renamed
            && row.cells[answers] == *old
        {
            row.cells[answers].clone_from(new);
        }
        let given = row.cells[reference].clone();
        let times = used.entry(given.clone()).or_default();
        *times += 1;
        if *times > 1 {
            row.cells[reference] = format!("{given}-{times}");
        }
        if row.part == 1 {
            renamed = Some((given, row.cells[reference].clone()));
        }
    }
}

impl Proposal {
    /// The number of actions to import, of those that are asked, and of rows that are left out.
    pub fn counts(&self) -> [usize; 3] {
        [Take::Yes, Take::Ask, Take::No].map(|take| self.rows.iter().filter(|row| row.take == take).count())
    }

    /// The number of rows that are read as an earlier review decided them.
    pub fn decided(&self) -> usize {
        let mut rows: Vec<(&str, u32)> =
            self.rows.iter().filter(|row| !row.decided.is_empty()).map(|row| (row.sheet.as_str(), row.row)).collect();
        rows.dedup();
        rows.len()
    }

    /// What is understood of the columns, line by line: the letter and heading, the meaning, and why.
    pub fn columns_in_words(&self) -> Vec<String> {
        let line = |column: &Column| {
            let (what, meaning) = match (column.column, column.meaning.as_str()) {
                (Some(at), "") => (format!("{} {}", letters(at), column.heading), "left out".to_owned()),
                (Some(at), ASKED) => (format!("{} {}", letters(at), column.heading), "asked".to_owned()),
                (Some(at), meaning) => (format!("{} {}", letters(at), column.heading), meaning.to_owned()),
                (None, meaning) if column.value.is_empty() => ("every row".to_owned(), format!("{meaning} = ?")),
                (None, meaning) => ("every row".to_owned(), format!("{meaning} = {}", column.value)),
            };
            let why = if column.why.is_empty() { String::new() } else { format!(" ({})", column.why) };
            let sheet = if self.headers.len() > 1 { format!("{}: ", column.sheet) } else { String::new() };
            format!("{sheet}{what}: {meaning}{why}")
        };
        self.columns.iter().map(line).collect()
    }

    /// What is asked or left out, row by row.
    pub fn rows_in_words(&self) -> Vec<String> {
        let line = |row: &Reading| {
            let sheet = if self.headers.len() > 1 { format!("{}, ", row.sheet) } else { String::new() };
            let what = if row.take == Take::Ask { "asked" } else { "left out" };
            let why = if row.why.is_empty() { "the review says so" } else { &row.why };
            format!("{sheet}row {}: {what}: {why}", row.row)
        };
        self.rows.iter().filter(|row| row.take != Take::Yes).map(line).collect()
    }
}
