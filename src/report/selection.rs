//! The selection that a report, a list or an export is restricted to.

use crate::ledger::catalogue::Members;
use crate::model::{Day, Score, Stage};

/// One party, or a pair. Each side can be a group: a list of names separated by commas or, with [`Selection::members`], an organisation's
/// members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pair {
    /// Everything this party did, and everything done to it.
    One(String),
    /// Everything between these two.
    Both(String, String),
}

/// The part of the ledger that a report, a list or an export covers. The default is the whole ledger as of today.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// One party or two, by any of their names.
    pub pair: Option<Pair>,
    /// Replace each organisation of the pair by its members on the day of the report.
    pub members: Option<Members>,
    /// Only acts of this party.
    pub actor: Option<String>,
    /// Only acts against this party.
    pub target: Option<String>,
    /// The day of the report; `None`: today. Later events are left out.
    pub as_of: Option<Day>,
    /// Only actions that can have happened on this day or later.
    pub since: Option<Day>,
    /// Only actions that can have happened on this day or earlier.
    pub until: Option<Day>,
    /// Only these kinds; empty: all kinds.
    pub kinds: Vec<String>,
    /// Only this stage.
    pub stage: Option<Stage>,
    /// Only this dispute, by its slug.
    pub dispute: Option<String>,
    /// Only actions with one of these tags, as they are stored; empty: all.
    pub tags: Vec<String>,
    /// Another engine has the actions, so a tag can exist even if the ledger does not have it.
    pub elsewhere: bool,
    /// Only actions whose ref, summary, note, tags, place, body or source contains this text; case is ignored.
    pub text: Option<String>,
    /// The scale of weights; `None`: goldstein.
    pub scale: Option<String>,
    /// Actions of all days, including future ones: the default of exports.
    pub all_days: bool,
    /// Include candidates, as if they had been logged.
    pub with_candidates: bool,
    /// Include suggested answers with this score or more, as if they had been linked.
    pub with_suggested: Option<Score>,
}
