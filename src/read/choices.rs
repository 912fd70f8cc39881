//! Reads the answers to the questions of a merge from CSV, in the form in which `recip merge --questions` writes the questions.

use std::path::Path;

use crate::error::{Error, Result};
use crate::ledger::load::problems::Problems;
use crate::ledger::merge::{Choice, Question};
use crate::model::csv_cell::unguarded;
use crate::report::Row;

use super::csv::CsvTable;
use super::decode::Text;
use super::input::{Format, Input, ReadOptions};

/// The columns that identify a question, and its answer.
const NEEDED: [&str; 4] = ["id", "what", "field", "choice"];

/// Reads the questions of a file, with the answers that a person filled in.
///
/// # Errors
/// The file cannot be read, or an answer is not one of the possible words: the error lists every such row.
pub fn read_choices(file: &Path) -> Result<Vec<Question>> {
    let input = Input::open(file, &ReadOptions { format: Some(Format::Csv), ..ReadOptions::default() })?;
    let mut problems = Problems::default();
    let text = Text::new(input.counted(&Default::default())?, None, true)?;
    let Some(mut table) = CsvTable::open(text, &input.name, Question::COLUMNS, &NEEDED, &mut problems)? else { return Ok(Vec::new()) };
    let column = |name: &str| Question::COLUMNS.iter().position(|column| *column == name).unwrap_or_default();
    let mut questions = Vec::new();
    while let Some(at) = table.next(&mut problems)? {
        let [id, what, field, choice] = NEEDED.map(|name| unguarded(table.cell(column(name))).trim().to_owned());
        let choice: Option<Choice> = match choice.as_str() {
            "" => None,
            word => word.parse().map(Some).unwrap_or_else(|e: Error| {
                problems.add(at, Some("choice"), e);
                None
            }),
        };
        let none = || None;
        questions.push(Question {
            id,
            what,
            field,
            question: String::new(),
            base: none(),
            ours: none(),
            theirs: none(),
            ours_by: none(),
            theirs_by: none(),
            choices: String::new(),
            choice,
        });
    }
    problems.result()?;
    Ok(questions)
}
