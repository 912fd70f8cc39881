//! What a reading verb is asked for.

use crate::model::{Day, Points, Stage};

/// One party, or two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pair {
    /// Everything this party did, and everything done to it.
    One(String),
    /// Everything between these two.
    Both(String, String),
}

/// What a report, a list or an export shall speak of. The default is the whole ledger as of today.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// One party or two, by any name.
    pub pair: Option<Pair>,
    /// Only what this party did.
    pub actor: Option<String>,
    /// Only what was done to this party.
    pub target: Option<String>,
    /// The day the report is for; `None`: today. What came later is not known to it.
    pub as_of: Option<Day>,
    /// Only actions that can have been on this day or later.
    pub since: Option<Day>,
    /// Only actions that can have been on this day or earlier.
    pub until: Option<Day>,
    /// Only these kinds; empty: all.
    pub kinds: Vec<String>,
    /// Only this stage.
    pub stage: Option<Stage>,
    /// Only this case.
    pub dispute: Option<String>,
    /// Only actions whose summary, place, body or ref holds this text, whatever the case.
    pub text: Option<String>,
    /// The scale of weights; `None`: goldstein.
    pub scale: Option<String>,
    /// Everything the ledger holds, whatever the day: what an export is by default.
    pub whatever_day: bool,
    /// Candidates too, as if they had been logged.
    pub with_candidates: bool,
    /// Suggested answers of this score or more too, as if somebody had linked them.
    pub with_suggested: Option<Points>,
}
