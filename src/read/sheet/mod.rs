//! Sheets: the rows of a workbook, or of a CSV file with columns of its own, as texts; and a proposal how to read them as actions.

mod acts;
mod amount;
mod by_cells;
mod columns;
mod common;
mod content;
mod counted;
mod dates;
mod kept_map;
mod layout;
mod ledger_rules;
mod missions;
mod part;
mod parties;
mod proposal;
mod question;
mod reader;
mod review;
mod same_rows;
mod who_acts;
mod words;
mod workbook;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use crate::model::{StatedCount, quantity};

use super::csv::{NEEDED, SINGLE_QUOTE, is_flat_header, is_known};
use super::dialect::plain;

pub(super) use acts::plainly;
pub use dates::DateOrder;
pub(super) use dates::{Dates, deadline_in_words};
pub(super) use layout::Layout;
pub(super) use parties::stage_named;
pub use proposal::Proposal;
pub(super) use proposal::propose;
pub use review::{Plan, Review, Table, csv_files};
pub(super) use words::heading;
pub use workbook::THREAD;
pub(super) use workbook::read;

/// The maximum number of cells of a sheet, with the empty ones between others. They take about a quarter of a gigabyte.
pub(super) const MAX_CELLS: usize = 10_000_000;
/// The maximum number of lines with a quote that ends a cell too early that are noted.
const MAX_LINES_NOTED: usize = 10;

/// A visible sheet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    /// Its name; empty for a CSV file.
    pub name: String,
    /// Its rows in order, without empty ones.
    pub rows: Vec<Row>,
    /// The addresses behind cells, by row and column.
    pub links: HashMap<(u32, usize), String>,
    /// The cells that are merged with others above or below them, with the first and the last row of these.
    pub merged: HashMap<(u32, usize), (u32, u32)>,
    /// The cells whose text, or a part of it, is struck out, in rows that are not.
    pub struck: HashSet<(u32, usize)>,
    /// The cells for dates whose day may be a year that a person typed: 10 July 1905 for 2018.
    pub may_be_years: HashSet<(u32, usize)>,
    /// The numbers of its hidden rows, and the names of its cells with comments.
    pub hidden_rows: HashSet<u32>,
    pub comments: Vec<String>,
    /// The lines of a CSV file in which text follows the quote that ends a cell.
    pub single_quotes: Vec<u32>,
    /// True if its dates are numbers of days since 1904 and not since 1900.
    pub since_1904: bool,
    /// True if it is read by a kept map, so that its rows correct the actions that they resemble.
    pub corrects: bool,
    /// The review by which a person accepted its rows, whose numbers are those in its column `row`.
    pub review: Option<String>,
}

/// A row of a sheet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    /// Its number in the sheet, or its line in the file, from 1.
    pub number: u32,
    /// Its cells; a row may be shorter than others. Dates are in ISO 8601.
    pub cells: Vec<String>,
    /// True if its text is struck out.
    pub is_struck: bool,
    /// The number of lines within its cells that may be rows of their own.
    pub swallowed: usize,
    /// True if its ref was made for the links within the sheet.
    pub has_made_ref: bool,
}

impl Sheet {
    /// True if one of its first rows is the header of a flat table.
    pub fn is_flat(&self) -> bool {
        self.flat_header().is_some()
    }

    /// True if it is a flat table without further columns. A report may have the columns that are needed, among others.
    pub fn is_purely_flat(&self) -> bool {
        self.flat_header().is_some_and(|row| row.filled().all(|(_, name)| is_known(name)))
    }

    /// True if it is a flat table without further columns that has those that every row needs.
    pub fn is_complete(&self) -> bool {
        let has = |row: &Row, needed: &str| row.filled().any(|(_, name)| plain(name) == needed);
        self.is_purely_flat() && self.flat_header().is_some_and(|row| NEEDED.iter().all(|needed| has(row, needed)))
    }

    /// What a person who looks at the sheet may not expect of what is read of it.
    pub fn notes(&self) -> Vec<String> {
        let name = if self.name.is_empty() { "the sheet".to_owned() } else { format!("the sheet '{}'", self.name) };
        let hidden: Vec<u32> = self.rows.iter().map(|row| row.number).filter(|number| self.hidden_rows.contains(number)).collect();
        let of = |count: usize, what| quantity(i64::try_from(count).ok(), what);
        let rows = hidden
            .first()
            .map(|first| format!("{name} has {}, read like the others, the first in row {first}", of(hidden.len(), "hidden rows")));
        let comments = self.comments.first();
        let comments =
            comments.map(|first| format!("{name} has {} that no row takes, the first at {first}", of(self.comments.len(), "comments")));
        let lines = self.single_quotes.iter().map(|line| format!("line {line}: {SINGLE_QUOTE}"));
        rows.into_iter().chain(comments).chain(lines.take(MAX_LINES_NOTED)).collect()
    }

    fn flat_header(&self) -> Option<&Row> {
        self.rows.iter().take(layout::ROWS).find(|row| is_flat_header(row.cells.iter().map(String::as_str)))
    }
}

impl Row {
    /// The text of a cell, without space at its ends.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }

    /// The cells that are not empty, with their columns.
    pub fn filled(&self) -> impl Iterator<Item = (usize, &str)> {
        self.cells.iter().map(|cell| cell.trim()).enumerate().filter(|(_, cell)| !cell.is_empty())
    }
}

/// A workbook: its visible sheets, and the names of those that are hidden.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub sheets: Vec<Sheet>,
    pub hidden: Vec<String>,
    /// The names of the sheets that are left out because they repeat in other words what the actions say.
    pub reports: Vec<String>,
}

/// True for a character that stands in texts for programs, and not for readers: marks of direction, and the end of a file of DOS.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{1a}')
}

impl Book {
    /// Removes the characters from its cells that no reader sees, and the rows that have no others.
    pub fn clean(&mut self) {
        for sheet in &mut self.sheets {
            for cell in sheet.rows.iter_mut().flat_map(|row| &mut row.cells).filter(|cell| cell.contains(is_mark)) {
                cell.retain(|c| !is_mark(c));
            }
            sheet.rows.retain(|row| row.filled().next().is_some());
        }
    }

    /// Leaves out the sheets that an export of recip writes beside the actions, if it has most of them.
    pub fn leave_out_reports(&mut self) {
        const REPORTS: [&str; 6] = ["Links", "Sources", "Unanswered", "Balance", "Pending", "About"];
        let is_report = |sheet: &Sheet| REPORTS.contains(&sheet.name.as_str());
        if self.sheets.iter().filter(|sheet| is_report(sheet)).count() * 2 > REPORTS.len() {
            let (reports, others) = std::mem::take(&mut self.sheets).into_iter().partition(is_report);
            self.sheets = others;
            self.reports = reports.into_iter().map(|sheet: Sheet| sheet.name).collect();
        }
    }

    /// Reads years that were typed into cells for dates.
    pub fn read_typed_years(&mut self) {
        self.sheets.iter_mut().for_each(|sheet| sheet.read_typed_years(None, |_, _| true));
    }

    /// A plan for its sheets, if a plan has columns for each that has a header.
    pub fn plan(&self, plan: &Plan) -> Option<Plan> {
        let headed: Vec<(&Sheet, Layout)> = self.sheets.iter().filter_map(|sheet| Some((sheet, Layout::of(sheet)?))).collect();
        let columns = headed.iter().map(|(sheet, layout)| plan.for_headings(&sheet.name, &layout.headings)).collect::<Option<Vec<_>>>()?;
        Some(Plan { columns: columns.concat(), ..plan.clone() }).filter(|plan| !plan.columns.is_empty())
    }
}

/// A count that people state with words which say only whom it counts, such as `60 diplomats`, as the ledger takes it. `None`: the cell has
/// another form.
pub(super) fn count_in_words(cell: &str) -> Option<String> {
    if cell.parse::<StatedCount>().is_ok() {
        return None;
    }
    Some(amount::read(cell)).filter(amount::Amount::is_count_alone).map(|amount| amount.count)
}

/// The SHA-256 of a file, by which a review knows it again.
pub(super) fn digest(file: &mut File) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut block = vec![0; 1 << 16];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            n => hash.update(&block[..n]),
        }
    }
}

/// The letters of a column: `A`, `Z`, `AA`.
pub(super) fn letters(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8);
    if column < 26 { last.to_string() } else { format!("{}{last}", letters(column / 26 - 1)) }
}
