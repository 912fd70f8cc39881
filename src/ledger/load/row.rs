//! What can be said of one row alone: every name, date and count in it.

use crate::error::Result;
use crate::ledger::entry::check_ref;
use crate::model::count::{self, Count};
use crate::model::{Date, Stage, deadline};

use super::names::Names;
use super::problems::{Place, Problems};
use super::record::Draft;

/// A row with its names looked up.
#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    pub at: Place,
    pub date: Date,
    pub actor: u16,
    pub target: u16,
    pub kind: u16,
    pub count: Option<Count>,
    pub stage: Stage,
    /// What the file says besides, as it says it.
    pub draft: Draft<'a>,
}

/// Nothing for an empty text.
pub(crate) fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// Looks up what a row names. Everything wrong with it is told; `None` where anything is.
pub(super) fn check<'a>(at: Place, draft: Draft<'a>, names: &mut Names<'_>, problems: &mut Problems) -> Result<Option<Row<'a>>> {
    let mut bad = draft.bad;
    let mut tell = |column: &str, why: String| {
        bad = true;
        problems.add(at, Some(column), why);
    };
    if !draft.reference.is_empty() {
        check_ref(draft.reference).unwrap_or_else(|e| tell("ref", e.to_string()));
    }
    for (column, given) in [("date", draft.date), ("actor", draft.actor), ("target", draft.target), ("kind", draft.kind)] {
        if given.is_empty() {
            tell(column, format!("it is empty; help: give the {column}"));
        }
    }
    let date = some(draft.date).and_then(|d| names.date(d).map_err(|e| tell("date", e)).ok());
    let actor = party("actor", draft.actor, names, &mut tell)?;
    let target = party("target", draft.target, names, &mut tell)?;
    if actor.is_some() && actor == target {
        tell("target", format!("{} against itself; help: an act has two parties", draft.actor));
    }
    let kind = match draft.kind {
        "" => None,
        given => names.kind(given)?.map_err(|e| tell("kind", e)).ok(),
    };
    let count = some(draft.count).and_then(|c| count::parse(c).map_err(|e| tell("count", e.to_string())).ok());
    let stage = match draft.stage {
        "" => Some(Stage::Done),
        given => given.parse().map_err(|e: crate::Error| tell("stage", e.to_string())).ok(),
    };
    if !draft.deadline.is_empty() {
        match deadline::check(draft.deadline) {
            Err(e) => tell("deadline", e.to_string()),
            Ok(()) if !names.is_moment(draft.deadline)? => tell("deadline", "SQLite knows no such moment; help: correct it".to_owned()),
            Ok(()) => (),
        }
    }
    if !draft.dispute.is_empty() {
        names.dispute(draft.dispute).unwrap_or_else(|e| tell("dispute", e));
    }
    for (column, text) in [("by", draft.by), ("place", draft.place), ("summary", draft.summary), ("voided", draft.voided)] {
        if text.contains('\0') {
            tell(column, "there is a NUL in it; help: take it out".to_owned());
        }
    }
    if !draft.logged_at.is_empty() && !names.is_moment(draft.logged_at)? {
        tell("logged_at", format!("'{}' is no moment; help: write it like 2017-07-13T12:00:00Z", draft.logged_at));
    }
    match (date, actor, target, kind, stage) {
        (Some(date), Some(actor), Some(target), Some(kind), Some(stage)) if !bad => {
            Ok(Some(Row { at, date, actor, target, kind, count, stage, draft }))
        }
        _ => Ok(None),
    }
}

fn party(column: &str, given: &str, names: &mut Names<'_>, tell: &mut impl FnMut(&str, String)) -> Result<Option<u16>> {
    if given.is_empty() {
        return Ok(None);
    }
    Ok(names.party(given)?.map_err(|e| tell(column, e)).ok())
}

impl Row<'_> {
    /// The ref it has where the file gives none: the stem, to which a number may come.
    pub fn stem(&self, names: &Names<'_>) -> String {
        let (actor, target, kind) = (names.code(self.actor), names.code(self.target), &names.facts(self.kind).name);
        format!("{}-{actor}-{target}-{kind}", self.date).to_lowercase()
    }
}

/// The stem with its number.
pub(super) fn numbered(stem: &str, n: u32) -> String {
    if n > 1 { format!("{stem}-{n}") } else { stem.to_owned() }
}
