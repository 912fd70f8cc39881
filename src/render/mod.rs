//! Turns rows into text. It contains no SQL, opens no files, and writes to the output that the caller passes.

pub mod balance;
pub mod brief;
pub mod calendar;
pub mod candidates;
pub mod chain;
pub mod changes;
pub mod check;
pub mod export;
pub mod grid;
pub mod history;
mod html;
pub mod list;
pub mod markdown;
pub mod matrix;
pub mod merge;
pub mod organisation_acts;
pub mod pending;
pub mod picture;
pub mod quantity;
pub mod reciprocity;
pub mod records;
pub mod review;
pub mod show;
pub mod source;
pub mod style;
pub mod suggest;
pub mod text;
pub mod timeline;
pub mod unanswered;
pub mod xml;

use crate::model::{Day, Relation, Score, Sign};

/// The label of an act in a list: `#7`, or `c7` for a candidate, whose id is negative.
pub(crate) fn handle(id: i64) -> String {
    if id < 0 { format!("c{}", id.unsigned_abs()) } else { format!("#{id}") }
}

/// The verb of a link between two acts: a hostile act is "answered", a gesture is "returned".
pub fn verb(relation: Relation, later: Sign, earlier: Sign) -> &'static str {
    match (relation, later, earlier) {
        (Relation::Answers, Sign::Friendly, Sign::Friendly) => "returns",
        _ => relation.as_str(),
    }
}

/// The remark on acts whose count is not known: `(number of persons unknown)`.
pub(crate) fn count_unknown(unit: &str) -> String {
    if unit == "acts" { "(number unknown)".to_owned() } else { format!("(number of {unit} unknown)") }
}

/// The parts of a report's heading.
#[derive(Debug, Clone)]
pub struct Head {
    /// The day that the report describes.
    pub as_of: Day,
    /// The moment whose knowledge the report uses, in words: "on 2017-07-12"; `None`: now.
    pub as_known: Option<String>,
    /// The selection, in words: "Russia and United States, expulsion"; empty: the whole ledger.
    pub scope: String,
    /// The same without the parties: "expulsion".
    pub limits: String,
    /// The scale of the weights, if the report has weights.
    pub scale: Option<String>,
    /// True if unconfirmed candidates are counted.
    pub with_candidates: bool,
    /// The minimum score of the unconfirmed suggested answers that are counted; `None`: they are not counted.
    pub with_suggested: Option<Score>,
}

impl Head {
    /// The unconfirmed data that the report counts, in words; `None`: it counts no such data.
    pub fn unconfirmed(&self) -> Option<String> {
        match (self.with_candidates, self.with_suggested) {
            (false, None) => None,
            (true, None) => Some("including unconfirmed candidates".to_owned()),
            (false, Some(score)) => Some(format!("including unconfirmed suggested answers that score {score} or more")),
            (true, Some(score)) => Some(format!("including unconfirmed candidates and suggested answers that score {score} or more")),
        }
    }

    /// The heading: `Unanswered as of 2017-07-13: Russia and United States`.
    pub fn line(&self, title: &str) -> String {
        let scope = if self.scope.is_empty() { String::new() } else { format!(": {}", self.scope) };
        let scale = self.scale.as_ref().map_or(String::new(), |s| format!(" (weights: {s})"));
        let known = self.as_known.as_ref().map_or(String::new(), |known| format!(", as known {known}"));
        let unconfirmed = self.unconfirmed().map_or(String::new(), |text| format!(", {text}"));
        format!("{title} as of {}{known}{unconfirmed}{scope}{scale}", self.as_of)
    }
}
