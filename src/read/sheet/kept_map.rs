//! What a kept map says of all rows of a sheet, where it came from the title or the name of another sheet.

use crate::error::Result;

use super::Sheet;
use super::columns::{self, Column, EMPTY};
use super::layout::Layout;
use super::parties::Known;
use super::question::Question;

/// Asks about the columns that a kept map leaves out because they were empty, and that are not any more.
pub(super) fn ask_of_filled(sheet: &Sheet, layout: &Layout, columns: &mut [Column]) {
    for column in columns.iter_mut().filter(|column| column.meaning.is_empty() && column.value == EMPTY) {
        let is_filled = |at: usize| layout.rows(sheet).iter().any(|row| !row.cell(at).is_empty());
        if column.column.is_some_and(is_filled) {
            column.value.clear();
            column.ask(Question::was_empty());
        }
    }
}

/// Compares the values of all rows that came from a text, such as a title, with what the texts of this sheet say. If it is the same, the
/// value stays. If it is not, a person has decided it in a review; of a kept map (`is_kept`) it is asked.
pub(super) fn compare(
    book: &str,
    sheet: &Sheet,
    layout: &Layout,
    known: &mut Known<'_>,
    given: &mut [Column],
    is_kept: bool,
) -> Result<()> {
    let came_from_text = |column: &Column| column.column.is_none() && !column.heading.is_empty() && !column.value.is_empty();
    if !given.iter().any(came_from_text) {
        return Ok(());
    }
    let here = columns::propose(book, sheet, layout, known)?;
    for column in given.iter_mut().filter(|column| came_from_text(column)) {
        let now = here.iter().find(|now| now.column.is_none() && now.meaning == column.meaning && !now.value.is_empty());
        let there = format!("the map has {} from '{}'", column.value, column.heading);
        let asked = match now {
            Some(now) if now.value == column.value => {
                column.heading.clone_from(&now.heading);
                column.why.clone_from(&now.why);
                continue;
            }
            _ if !is_kept => {
                column.heading.clear();
                column.why.clear();
                continue;
            }
            Some(now) => format!("{there}, but {} says {}: write which of them it is", now.why, now.value),
            None => format!("{there}, but nothing in this sheet says so: write which it is"),
        };
        column.why = asked;
        column.heading.clear();
        column.value.clear();
    }
    Ok(())
}
