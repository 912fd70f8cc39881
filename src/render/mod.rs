//! Rows to text. Knows no SQL, opens nothing, and writes where it is told to.

pub mod balance;
pub mod brief;
pub mod candidates;
pub mod chain;
pub mod check;
pub mod export;
pub mod grid;
pub mod history;
pub mod list;
pub mod markdown;
pub mod pending;
pub mod picture;
pub mod reciprocity;
pub mod records;
pub mod show;
pub mod source;
pub mod style;
pub mod suggest;
pub mod text;
pub mod timeline;
pub mod unanswered;
pub mod xml;

use crate::model::{Day, Points};

/// What an act is called where it is listed: `#7`, or `c7` where it is a candidate, whose id is negative.
pub(crate) fn handle(id: i64) -> String {
    if id < 0 { format!("c{}", id.unsigned_abs()) } else { format!("#{id}") }
}

/// What the head of a table says of the whole.
#[derive(Debug, Clone)]
pub struct Head {
    /// The day the report is for.
    pub as_of: Day,
    /// When it was known so, in words: "on 2017-07-12"; `None`: now.
    pub as_known: Option<String>,
    /// What it is limited to, in words: "Russia and United States, expulsion"; empty: the whole ledger.
    pub scope: String,
    /// The scale its weights are on, where it has weights.
    pub scale: Option<String>,
    /// True where candidates are counted, which nobody has confirmed.
    pub with_candidates: bool,
    /// The score from which suggested answers are counted, which nobody has confirmed either.
    pub with_suggested: Option<Points>,
}

impl Head {
    /// What is counted that nobody has confirmed, in words; `None`: nothing is.
    pub fn unconfirmed(&self) -> Option<String> {
        match (self.with_candidates, self.with_suggested) {
            (false, None) => None,
            (true, None) => Some("with candidates nobody has confirmed".to_owned()),
            (false, Some(over)) => Some(format!("with suggested answers of {over} or more, which nobody has confirmed")),
            (true, Some(over)) => Some(format!("with candidates and suggested answers of {over} or more, which nobody has confirmed")),
        }
    }

    /// The head line: `Unanswered as of 2017-07-13: Russia and United States`.
    pub fn line(&self, title: &str) -> String {
        let scope = if self.scope.is_empty() { String::new() } else { format!(": {}", self.scope) };
        let scale = self.scale.as_ref().map_or(String::new(), |s| format!(" (weights: {s})"));
        let known = self.as_known.as_ref().map_or(String::new(), |known| format!(", as known {known}"));
        let unconfirmed = self.unconfirmed().map_or(String::new(), |with| format!(", {with}"));
        format!("{title} as of {}{known}{unconfirmed}{scope}{scale}", self.as_of)
    }
}
