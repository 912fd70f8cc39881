//! What the columns and words of a sheet mean, as tables.

use std::collections::HashMap;
use std::path::Path;

use crate::error::Result;
use crate::ledger::load::record::COLUMNS;
use crate::model::CodeBook;

use super::super::columns::{Column, DATE_PARTS, REPLY};
use super::super::letters;
use super::super::parties::Word;
use super::SHOWN;
use super::decision::{self, Decision};
use super::given::{csv, plan_of};

/// The names of the tables, and their headers.
pub(super) const COLUMN_TABLE: &str = "Columns";
pub(super) const WORDS: &str = "Words";
pub(super) const COLUMN_HEADER: [&str; 7] = ["sheet", "column", "heading", "meaning", "value", "key", "why"];
pub(super) const WORD_HEADER: [&str; 5] = ["field", "word", "means", "nearest", "rows"];
/// The heading of the line that has the digest of the file, and of the line that has the code book of its parties.
pub(super) const FILE: &str = "(file)";
pub(super) const CODES: &str = "(codes)";

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
    /// What a person decided of single rows.
    pub(crate) decisions: Vec<Decision>,
}

pub(super) fn texts(header: &[&str]) -> Vec<String> {
    header.iter().map(|name| (*name).to_owned()).collect()
}

/// The meanings that a column of a sheet may have.
pub(super) fn meanings() -> Vec<String> {
    let names = COLUMNS.iter().chain(&DATE_PARTS).map(|name| (*name).to_owned());
    names.chain(SHOWN[1..].iter().map(|name| format!("{REPLY}{name}"))).collect()
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
            // What was beyond the last heading may be empty this time.
            let (Some(here), Some(beyond)) = (named.get(..headings.len()), named.get(headings.len()..)) else { return false };
            let is_same = here.iter().map(|heading| heading.to_lowercase()).eq(headings.iter().map(|heading| heading.to_lowercase()));
            is_same && beyond.iter().all(|heading| heading.is_empty())
        };
        let best = of_sheet.get(sheet).filter(&same).or_else(|| {
            let mut names: Vec<&&str> = of_sheet.keys().collect();
            names.sort();
            names.into_iter().map(|name| &of_sheet[*name]).find(&same)
        })?;
        Some(best.iter().map(|column| Column { sheet: sheet.to_owned(), ..(*column).clone() }).collect())
    }

    /// What was decided of single rows, as a table; `None`: nothing was.
    pub fn decisions(&self) -> Option<Table> {
        decision::table(&self.decisions)
    }

    /// Adds the columns of another plan for sheets with other names and headings, and what it decided of other rows.
    pub fn keep_other_sheets(&mut self, other: &Plan) {
        decision::keep_others(&mut self.decisions, &other.decisions);
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

    /// Reads a plan that was kept as CSV files: its columns, its words and, if there are any, its decisions.
    ///
    /// # Errors
    /// A file cannot be read, or is no such table.
    pub fn read([columns, words, decisions]: [&Path; 3]) -> Result<Plan> {
        let (mut plan, _) = plan_of(&csv(columns, None)?, &csv(words, None)?)?;
        if decisions.exists() {
            plan.decisions = decision::of_table(&csv(decisions, None)?)?;
        }
        Ok(plan)
    }
}
