//! The rules of a ledger: a row that breaks one is asked in the proposal, and not refused after the review.

use std::collections::HashMap;

use crate::ledger::entry::check_ref;
use crate::model::{Date, Day, Stage};

use super::proposal::{Reading, Take, place};
use super::question::Question;

/// Asks about the rows that a ledger would refuse.
pub(super) fn ask(rows: &mut [Reading]) {
    let mut refs: HashMap<String, (String, u32)> = HashMap::new();
    let mut act: Option<(String, u32, String, String)> = None;
    for row in rows.iter_mut().filter(|row| row.take != Take::No) {
        let cell = |name: &str| row.cells[place(name)].clone();
        let mut asked = Vec::new();
        let reference = cell("ref");
        if !reference.is_empty() && !row.has_made_ref {
            asked.extend(check_ref(&reference).err().map(|e| Question::bad_ref(e.to_string().replace("\nhelp: ", "; "))));
            if reference.len() == "2018-01-02".len() && reference.parse::<Date>().is_ok() {
                asked.push(Question::is_ref_a_date(&reference));
            }
            let here = (row.sheet.clone(), row.row);
            if let Some((sheet, number)) = refs.insert(reference.to_lowercase(), here).filter(|_| row.take == Take::Yes) {
                asked.push(Question::ref_twice(&reference, number, Some(sheet.as_str()).filter(|sheet| *sheet != row.sheet)));
            }
        }
        if !cell("actor").is_empty() && cell("actor") == cell("target") {
            asked.push(Question::same_party(&cell("actor")));
        }
        match &act {
            Some((sheet, number, answered, date)) if (sheet, *number) == (&row.sheet, row.row) => {
                if !answered.is_empty() && cell("answers") == *answered && is_before(&cell("date"), date) {
                    asked.push(Question::answer_before_act(&cell("date"), date));
                }
            }
            _ => act = Some((row.sheet.clone(), row.row, reference, cell("date"))),
        }
        if row.take == Take::Yes && !asked.is_empty() {
            row.ask(asked);
        }
    }
}

/// Asks about acts that are done and have a date after today. A person may take them as they are.
pub(super) fn ask_of_future(rows: &mut [Reading], today: Day) {
    for row in rows.iter_mut().filter(|row| row.take == Take::Yes) {
        let (date, stage) = (&row.cells[place("date")], &row.cells[place("stage")]);
        let is_done = stage.is_empty() || *stage == Stage::Done.to_string();
        if is_done && date.parse::<Date>().is_ok_and(|date| date.earliest() > today) {
            let question = Question::future(date);
            row.ask(vec![question]);
        }
    }
}

/// True if a date is over before the other begins.
fn is_before(date: &str, other: &str) -> bool {
    matches!((date.parse::<Date>(), other.parse::<Date>()), (Ok(date), Ok(other)) if date.latest() < other.earliest())
}
