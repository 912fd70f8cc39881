//! Checking a row by itself: its names, dates and count.

use std::borrow::Cow;

use crate::error::Result;
use crate::ledger::entry::check_ref;
use crate::model::details::{Form, tags};
use crate::model::{Cite, Date, Day, Detail, Details, Quantity, Stage, StatedCount, deadline};

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
    pub count: StatedCount,
    pub stage: Stage,
    /// Its details as they are stored; an empty text means that nothing is given.
    pub details: Details<Cow<'a, str>>,
    /// Its quantities, by name.
    pub quantities: Vec<Quantity>,
    /// The record as given in the file.
    pub draft: Draft<'a>,
}

/// The problem with a text that contains a NUL character. The schema forbids it, but its CHECKs are off while actions are written.
const NUL: &str = "it contains a NUL character; help: remove it";

/// The first column of a source or of a row of the catalogue that has no valid form, and the problem with it.
pub(super) fn malformed<'t>(columns: impl IntoIterator<Item = (&'static str, Option<&'t str>)>) -> Option<(&'static str, String)> {
    columns.into_iter().find_map(|(column, text)| {
        let text = text?;
        if text.contains('\0') {
            return Some((column, NUL.to_owned()));
        }
        let is_date = matches!(column, "since" | "until" | "date" | "accessed");
        is_date.then(|| text.parse::<Date>().err()).flatten().map(|e| (column, e.to_string()))
    })
}

/// `None` for an empty text.
pub(crate) fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// Collects what is wrong with a row.
struct Wrong<'p> {
    at: Place,
    problems: &'p mut Problems,
    /// True if something is wrong.
    found: bool,
}

impl Wrong<'_> {
    fn add(&mut self, column: &str, why: String) {
        self.found = true;
        self.problems.add(self.at, Some(column), why);
    }

    /// Adds a name that is unknown, which other rows may have too.
    fn add_name(&mut self, column: &str, name: &str, why: String) {
        self.found = true;
        self.problems.add_name(self.at, column, name, why);
    }
}

/// Checks a row and looks up its names. All problems are added to `problems`; if there are any, it returns `None`.
pub(super) fn check<'a>(at: Place, draft: Draft<'a>, names: &mut Names<'_>, problems: &mut Problems) -> Result<Option<Row<'a>>> {
    let mut wrong = Wrong { at, problems, found: draft.bad };
    if !draft.reference.is_empty() {
        check_ref(draft.reference).unwrap_or_else(|e| wrong.add("ref", e.to_string()));
    }
    for (column, given) in [("date", draft.date), ("actor", draft.actor), ("target", draft.target), ("kind", draft.kind)] {
        if given.is_empty() {
            wrong.add(column, format!("the {column} is empty; help: fill it in"));
        }
    }
    let date = some(draft.date).and_then(|d| names.date(d).map_err(|e| wrong.add("date", e)).ok());
    let day = date.as_ref().map(Date::earliest);
    let actor = party("actor", draft.actor, day, names, &mut wrong)?;
    let target = party("target", draft.target, day, names, &mut wrong)?;
    if actor.is_some() && actor == target {
        wrong.add("target", format!("the target is the same party as the actor, {}; help: give two different parties", draft.actor));
    }
    let kind = match names.find_kind(draft.kind)? {
        None if !draft.kind.is_empty() => match names.find_kind(draft.kind_meant)? {
            None => names.kind(draft.kind)?.map_err(|e| wrong.add_name("kind", draft.kind, e)).ok(),
            meant => meant,
        },
        found => found,
    };
    let count = StatedCount::from_cells(draft.count, draft.count_words).unwrap_or_else(|e| {
        wrong.add("count", e.to_string());
        StatedCount::Unknown
    });
    let stage = match draft.stage {
        "" => Some(Stage::Done),
        given => given.parse().map_err(|e: crate::Error| wrong.add("stage", e.to_string())).ok(),
    };
    let details = draft.details.try_map(|detail, text| {
        let stored = stored_detail(detail, text, date.as_ref(), names)?;
        Ok::<_, crate::Error>(stored.unwrap_or_else(|why| {
            wrong.add(detail.name, why);
            Cow::Borrowed("")
        }))
    })?;
    let quantities = Quantity::by_name(draft.quantities).unwrap_or_else(|e| {
        wrong.add("quantities", e.to_string());
        Vec::new()
    });
    Cite::check_readings(draft.sources).unwrap_or_else(|e| wrong.add("sources", e.to_string()));
    if draft.voided.contains('\0') {
        wrong.add("voided", NUL.to_owned());
    }
    if !draft.logged_at.is_empty() && !names.is_stamp(draft.logged_at)? {
        wrong.add("logged_at", format!("'{}' is not a time; help: write it like 2017-07-13T12:00:00Z", draft.logged_at));
    }
    match (date, actor, target, kind, stage) {
        (Some(date), Some(actor), Some(target), Some(kind), Some(stage)) if !wrong.found => {
            Ok(Some(Row { at, date, actor, target, kind, count, stage, details, quantities, draft }))
        }
        _ => Ok(None),
    }
}

/// The text of a detail as it is stored, or the problem with it.
fn stored_detail<'a>(detail: &Detail, text: &'a str, date: Option<&Date>, names: &mut Names<'_>) -> Result<Result<Cow<'a, str>, String>> {
    let as_given = Cow::Borrowed(text);
    Ok(match detail.form {
        _ if text.is_empty() => Ok(as_given),
        Form::Name | Form::Sentence if text.contains('\0') => Err(NUL.to_owned()),
        Form::Name | Form::Sentence => Ok(as_given),
        Form::Tags => tags(text).map(Cow::Owned).map_err(|e| e.to_string()),
        Form::Dispute => names.dispute(text).map(|()| as_given),
        Form::Deadline => match date.map_or_else(|| deadline::check(text).map(|()| text.to_owned()), |date| deadline::parse(text, date)) {
            Err(e) => Err(e.to_string()),
            Ok(stored) if names.is_time(&stored)? => Ok(if stored == text { as_given } else { Cow::Owned(stored) }),
            Ok(_) => Err(format!("SQLite cannot read the time '{text}'; help: correct it")),
        },
    })
}

fn party(column: &'static str, given: &str, day: Option<Day>, names: &mut Names<'_>, wrong: &mut Wrong<'_>) -> Result<Option<u16>> {
    if given.is_empty() {
        return Ok(None);
    }
    Ok(names.party(given, day)?.map_err(|e| wrong.add_name(column, given, e)).ok())
}

impl Row<'_> {
    /// The date, parties and kind.
    pub fn act<'n>(&'n self, names: &'n Names<'_>) -> [&'n str; 4] {
        [self.date.as_str(), names.code(self.actor), names.code(self.target), &names.facts(self.kind).name]
    }

    /// The stem of the generated ref, for a row without a ref. A number is appended if the stem is taken.
    pub fn stem(&self, names: &Names<'_>) -> String {
        let (actor, target, kind) = (names.code(self.actor), names.code(self.target), &names.facts(self.kind).name);
        format!("{}-{actor}-{target}-{kind}", self.date).to_lowercase()
    }
}

/// The stem with its number, which is left out if it is 1.
pub(super) fn numbered(stem: &str, n: u32) -> String {
    if n > 1 { format!("{stem}-{n}") } else { stem.to_owned() }
}
