//! One side of a row: the act itself, or the other side's answer.

use std::collections::HashMap;

use crate::model::StatedCount;

use super::super::amount::Amount;
use super::super::parties::{Named, Party};
use super::super::proposal::place;
use super::super::question::Question;

/// One side of a row, as it is read: the act itself, or the other side's answer.
#[derive(Default)]
pub(super) struct RowAct {
    pub cells: HashMap<usize, String>,
    pub amount: Amount,
    /// The actors and the targets that its columns give. An answer takes those of the act that its columns do not give.
    pub parties: [Vec<Party>; 2],
    /// What the text that gives the kind says besides.
    pub named: Named,
    /// The text of its count, if that names an act.
    pub act: Option<String>,
    /// What is asked of it alone.
    pub asked: Vec<Question>,
    /// True if a cell of its columns is filled.
    pub is_there: bool,
}

impl RowAct {
    pub fn take(&mut self, name: &str) -> String {
        self.cells.remove(&place(name)).unwrap_or_default()
    }

    pub fn cell(&self, name: &str) -> &str {
        self.cells.get(&place(name)).map_or("", String::as_str)
    }

    /// True if it says that something was done.
    pub fn is_done(&self) -> bool {
        let has_cells = self.cells.values().any(|cell| !cell.is_empty()) || self.parties.iter().any(|side| !side.is_empty());
        let is_given = !self.amount.count.is_empty() || self.amount.problem.is_some() || has_cells;
        self.is_there && self.amount.none.is_none() && is_given
    }

    /// Takes what the text of the kind says of the stage and the count, or asks where the cells say otherwise.
    pub fn complete(&mut self, asked: &mut Vec<Question>) {
        if let Some(stage) = self.named.stage.take() {
            let cell = self.cells.entry(place("stage")).or_default();
            if cell.is_empty() {
                *cell = stage;
            } else if *cell != stage {
                asked.push(Question::says_other_stage(&stage, cell));
            }
        }
        let has_none = self.amount.count.is_empty() && self.amount.none.is_none() && self.amount.by_party.is_empty();
        asked.extend(self.named.doubt.take().filter(|_| has_none));
        if let Some(count) = self.named.count.take() {
            let number = |count: &str| count.parse::<StatedCount>().ok().and_then(StatedCount::number);
            if has_none {
                self.amount.count = count;
            } else if number(&self.amount.count) != number(&count) && !self.amount.is_each {
                asked.push(Question::says_other_count(&count, &self.amount.count));
            }
        }
        self.amount.remarks.extend(self.named.remark.take());
    }
}
