//! What a person decided of single rows in a review. A map keeps it, so that these rows are not asked again as long as their cells in the
//! sheet stay the same.

use std::collections::HashMap;

use crate::error::Result;
use crate::ledger::load::record::COLUMNS;
use crate::model::csv_cell::unguarded;

use super::super::parties::Known;
use super::super::proposal::{Reading, Take, place};
use super::given::{Given, cell};
use super::mark::{SourceHash, source_hash};
use super::plan::{Table, texts};
use super::{complete, left_open, understood};

/// The first columns of the table of decisions. Those of the flat CSV follow.
const HEADER: [&str; 5] = ["row", "occurrence", "part", "take", "changed"];
/// The name of the table.
const NAME: &str = "Decisions";
/// What is said of a row that was decided.
const DECIDED: &str = "it was decided in an earlier review";

/// What a person decided of an action of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    /// The cells of the row in the sheet, as one text; empty if only their hash is known.
    row: String,
    /// The hash of these cells.
    source: SourceHash,
    /// The number of the row among those with the same cells, from 1.
    occurrence: u32,
    /// The number of the action among those of the row, from 1.
    part: u32,
    /// What is done with it; `None`: the person did not change that.
    take: Option<Take>,
    /// The cells that the person changed: their places in the flat CSV, and their texts.
    cells: Vec<(usize, String)>,
}

impl Decision {
    /// The decision by which the row that is given differs from the proposed one, in what was changed: the take, then the cells.
    pub(super) fn new(given: &Reading, changed: &[bool], (row, source, occurrence): (&str, SourceHash, u32)) -> Decision {
        let cells = (0..COLUMNS.len()).filter(|at| changed[at + 1]).map(|at| (at, given.cells[at].clone())).collect();
        let take = Some(given.take).filter(|_| changed[0]);
        Decision { row: row.to_owned(), source, occurrence, part: given.part, take, cells }
    }

    /// The row with what the person changed, and with the other cells as they are read now.
    pub(super) fn onto(&self, now: &Reading) -> Reading {
        let mut row = Reading { part: self.part, ..now.clone() };
        for (at, text) in &self.cells {
            row.cells[*at].clone_from(text);
        }
        row.decided = self.cells.iter().map(|(at, _)| at + 1).chain(self.take.map(|_| 0)).collect();
        if let Some(take) = self.take {
            (row.take, row.why) = (take, DECIDED.to_owned());
            row.asked.clear();
        } else if row.take == Take::Ask {
            row.ask(left_open(&now.asked, &row.decided));
        }
        if row.decided.contains(&(place("ref") + 1)) {
            row.has_made_ref = row.cells[place("ref")].is_empty();
        }
        row
    }

    /// True if it is about the same action as another.
    fn is_of_same(&self, other: &Decision) -> bool {
        (self.source, self.occurrence, self.part) == (other.source, other.occurrence, other.part)
    }
}

/// The number of each row of a sheet among those with the same cells, by its sheet and its number.
pub(super) fn occurrences<'r>(rows: impl Iterator<Item = (&'r str, u32, SourceHash)>) -> HashMap<(&'r str, u32), (SourceHash, u32)> {
    let (mut times, mut found): (HashMap<SourceHash, u32>, _) = (HashMap::new(), HashMap::new());
    for (sheet, row, source) in rows {
        found.entry((sheet, row)).or_insert_with(|| {
            let times = times.entry(source).or_default();
            *times += 1;
            (source, *times)
        });
    }
    found
}

/// The places of the rows of a proposal with what tells them from others.
pub(super) fn sources(rows: &[Reading]) -> impl Iterator<Item = (&str, u32, SourceHash)> {
    rows.iter().map(|row| (row.sheet.as_str(), row.row, source_hash(&row.source)))
}

/// Decides rows as a person decided them earlier.
pub(in crate::read::sheet) fn apply(decisions: &[Decision], rows: &mut Vec<Reading>, known: &mut Known<'_>) -> Result<()> {
    if decisions.is_empty() {
        return Ok(());
    }
    let mut of_row: HashMap<(SourceHash, u32), Vec<&Decision>> = HashMap::new();
    for decision in decisions {
        of_row.entry((decision.source, decision.occurrence)).or_default().push(decision);
    }
    let places = occurrences(sources(rows));
    let mut decided: Vec<Reading> = Vec::with_capacity(rows.len());
    for parts in rows.chunk_by(|a, b| (&a.sheet, a.row) == (&b.sheet, b.row)) {
        let first = &parts[0];
        let place = places.get(&(first.sheet.as_str(), first.row));
        let mut open = place.and_then(|place| of_row.get(place)).cloned().unwrap_or_default();
        // Different cells may have the same hash.
        open.retain(|decision| decision.row.is_empty() || decision.row == first.source);
        for part in parts {
            let at = open.iter().position(|decision| decision.part == part.part);
            let row =
                at.map(|at| open.swap_remove(at)).map_or_else(|| Ok(part.clone()), |decision| understood(decision.onto(part), known))?;
            decided.push(row);
        }
        // Lines that the person added.
        for decision in open {
            decided.push(understood(decision.onto(first), known)?);
        }
    }
    if decided.iter().any(|row| !row.decided.is_empty()) {
        complete(&mut decided);
        *rows = decided;
    }
    Ok(())
}

/// Adds those of other decisions that are about other actions.
pub(super) fn keep_others(decisions: &mut Vec<Decision>, others: &[Decision]) {
    let kept: Vec<Decision> = others.iter().filter(|other| !decisions.iter().any(|own| own.is_of_same(other))).cloned().collect();
    decisions.extend(kept);
}

/// Decisions as a table; `None`: there are none.
pub(super) fn table(decisions: &[Decision]) -> Option<Table> {
    let used: Vec<usize> = (0..COLUMNS.len()).filter(|at| decisions.iter().any(|d| d.cells.iter().any(|(place, _)| place == at))).collect();
    let row = |decision: &Decision| {
        let text = |at: &usize| decision.cells.iter().find(|(place, _)| place == at).map_or_else(String::new, |(_, text)| text.clone());
        let changed: Vec<&str> = decision.cells.iter().map(|(at, _)| COLUMNS[*at]).collect();
        let take = decision.take.map_or("", Take::name).to_owned();
        let first = [decision.row.clone(), decision.occurrence.to_string(), decision.part.to_string(), take, changed.join(" ")];
        first.into_iter().chain(used.iter().map(text)).collect()
    };
    (!decisions.is_empty()).then(|| Table {
        name: NAME,
        header: [texts(&HEADER), used.iter().map(|at| COLUMNS[*at].to_owned()).collect()].concat(),
        rows: decisions.iter().map(row).collect(),
        choices: Vec::new(),
    })
}

/// The decisions of a table.
pub(super) fn of_table(given: &Given) -> Result<Vec<Decision>> {
    let read = |(number, mut row): (u32, HashMap<String, String>)| {
        let number_of = |text: String, name| {
            let wrong = || given.wrong(number, format!("the column '{name}' is not a number"), "leave it as it was, or delete the line");
            text.parse().map_err(|_| wrong())
        };
        let changed = cell(&mut row, "changed");
        let places = changed.split(' ').filter_map(|name| COLUMNS.iter().position(|column| *column == name)).collect::<Vec<_>>();
        let text = unguarded(&cell(&mut row, "row")).to_owned();
        Ok(Decision {
            source: source_hash(&text),
            row: text,
            occurrence: number_of(cell(&mut row, "occurrence"), "occurrence")?,
            part: number_of(cell(&mut row, "part"), "part")?,
            take: Take::named(&cell(&mut row, "take")),
            cells: places.into_iter().map(|at| (at, unguarded(&cell(&mut row, COLUMNS[at])).to_owned())).collect(),
        })
    };
    given.rows(&HEADER)?.into_iter().map(read).collect()
}
