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
        let possible = unguarded(table.cell(column("choices"))).trim().replace(' ', ", ");
        let choice: Option<Choice> = match choice.as_str() {
            "" => None,
            word => word.parse().map(Some).unwrap_or_else(|e: Error| {
                let e = match possible.as_str() {
                    "" => e,
                    _ => Error::invalid("choice", word, "this is not an answer to the question", format!("choose one of: {possible}")),
                };
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
    problems.result().map_err(of_answers)?;
    Ok(questions)
}

/// The error for a file of answers, which is given again as answers.
fn of_answers(e: Error) -> Error {
    let Error::Rows { file, bad, more } = e else { return e };
    let mut rows: Vec<String> = bad.iter().map(|row| format!("line {}: {}", row.line, row.message.replace("\nhelp: ", "; "))).collect();
    if more > 0 {
        rows.push(format!("and {more} more"));
    }
    Error::File { file, why: rows.join("\n"), way_out: "correct the answers, and give the file again with --choices".to_owned() }
}
