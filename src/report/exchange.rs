//! The course of an exchange between two parties: its acts, what bears on what, and how much was open on each side
//! after each day. The picture is drawn from it, and the brief is written from it.

use std::collections::HashMap;

use rusqlite::Row;
use serde::Serialize;

use crate::error::Result;
use crate::model::count::Count;
use crate::model::{Relation, Sign, Stage};
use crate::report::{Lens, collect};

/// One act, with what of it stood and was open on the day of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Act {
    /// Its id.
    pub id: i64,
    /// Its ref.
    #[serde(rename = "ref")]
    pub reference: String,
    /// When, as written.
    pub date: String,
    /// The day it counts from: the earliest it can be. Counted from 1970-01-01.
    pub day: i64,
    /// The latest it can be.
    pub day_latest: i64,
    /// Who acted.
    pub actor: String,
    /// Against whom.
    pub target: String,
    /// What sort of act.
    pub kind: String,
    /// How many; `None`: not known.
    pub count: Option<Count>,
    /// What is counted.
    pub unit: String,
    /// Hostile, friendly or neutral.
    pub sign: Sign,
    /// How far it had come.
    pub stage: Stage,
    /// What of it stands, that is, was neither reversed nor carried over into the act that executes it; 1 for an unknown count.
    pub stands: Count,
    /// What of its claim is open; 1 for an unknown count.
    pub open: Count,
    /// The body that acted.
    pub by: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// When it was to be complied with.
    pub deadline: Option<String>,
    /// What happened.
    pub summary: Option<String>,
}

/// How one act bears on an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExchangeLink {
    /// The later act.
    pub action_id: i64,
    /// How it bears.
    pub relation: Relation,
    /// The earlier act, which need not be one of the selection.
    pub earlier_id: i64,
    /// The earlier act's ref.
    pub earlier_ref: String,
    /// Closed of the earlier claim, in the earlier act's unit.
    pub covers: Count,
    /// Used up of the later act, in the later act's unit.
    pub spends: Count,
    /// Undone of the earlier act, or carried out of it.
    pub takes: Count,
}

/// How much was open against one party after a day on which that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Level {
    /// Whose hostile acts were open.
    pub actor: String,
    /// What they are counted in; `? persons` for acts whose count is not known, which are counted themselves.
    pub unit: String,
    /// The day, counted from 1970-01-01.
    pub day: i64,
    /// What was open at its end.
    pub open: Count,
}

/// The acts of the selection, by date.
///
/// # Errors
/// The ledger cannot be read.
pub fn acts(lens: &Lens<'_>) -> Result<Vec<Act>> {
    let mut acts = lens.prepare(
        "SELECT s.id, s.ref, s.date, s.day, s.day_latest, s.actor, s.target, s.kind, s.count, k.unit, k.sign, s.stage, s.stands, s.open,
           s.\"by\", s.place, s.deadline, s.summary
         FROM shown_action s JOIN kind k ON k.name = s.kind ORDER BY s.day, s.ref",
    )?;
    Ok(acts.query_map([], act)?.collect::<rusqlite::Result<_>>()?)
}

fn act(r: &Row<'_>) -> rusqlite::Result<Act> {
    Ok(Act {
        id: r.get("id")?,
        reference: r.get("ref")?,
        date: r.get("date")?,
        day: r.get("day")?,
        day_latest: r.get("day_latest")?,
        actor: r.get("actor")?,
        target: r.get("target")?,
        kind: r.get("kind")?,
        count: r.get("count")?,
        unit: r.get("unit")?,
        sign: r.get("sign")?,
        stage: r.get("stage")?,
        stands: r.get("stands")?,
        open: r.get("open")?,
        by: r.get("by")?,
        place: r.get("place")?,
        deadline: r.get("deadline")?,
        summary: r.get("summary")?,
    })
}

/// What the acts of the selection bear on, in the order in which it counts.
///
/// # Errors
/// The ledger cannot be read.
pub fn links(lens: &Lens<'_>) -> Result<Vec<ExchangeLink>> {
    // The acts first: a pair has few of the ledger's links.
    let mut links = lens.prepare(
        "SELECT l.action_id, l.relation, l.earlier_id, e.ref, l.covers, l.spends, l.takes
         FROM shown_action s CROSS JOIN effective_link l ON l.action_id = s.id JOIN main.action e ON e.id = l.earlier_id ORDER BY l.day, l.action_id, l.relation, e.day, e.ref",
    )?;
    let found = links.query_map([], |r| {
        Ok(ExchangeLink {
            action_id: r.get("action_id")?,
            relation: r.get("relation")?,
            earlier_id: r.get("earlier_id")?,
            earlier_ref: r.get("ref")?,
            covers: r.get("covers")?,
            spends: r.get("spends")?,
            takes: r.get("takes")?,
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// How much of the selection's hostile acts was open, by party and unit, after each day on which that changed.
///
/// # Errors
/// The ledger cannot be read.
pub fn levels(lens: &Lens<'_>) -> Result<Vec<Level>> {
    let mut posted = lens.prepare(
        "SELECT s.actor, CASE WHEN s.count IS NULL THEN '? ' || k.unit ELSE k.unit END AS unit, p.day, sum(p.amount) AS amount
         FROM shown_action s JOIN kind k ON k.name = s.kind CROSS JOIN posting p ON p.action_id = s.id
         WHERE k.sign = 'hostile' AND s.stage <> 'threatened' GROUP BY 1, 2, 3 HAVING sum(p.amount) <> 0 ORDER BY 3, 1, 2",
    )?;
    let mut open: HashMap<(String, String), Count> = HashMap::new();
    collect(|each| {
        let mut rows = posted.query([])?;
        while let Some(r) = rows.next()? {
            let (actor, unit): (String, String) = (r.get("actor")?, r.get("unit")?);
            let now = open.entry((actor.clone(), unit.clone())).or_default();
            *now = now.saturating_add(r.get("amount")?);
            each(Level { actor, unit, day: r.get("day")?, open: *now })?;
        }
        Ok(())
    })
}
