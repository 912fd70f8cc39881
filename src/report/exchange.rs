//! The course of an exchange between two parties: its acts, its links, and how much was open on each side after each day.
//! The chart and the brief are made from it.

use std::collections::HashMap;

use serde::Serialize;

use crate::error::Result;
use crate::model::count::Count;
use crate::model::{Details, Relation, Sign, Stage, StatedCount};
use crate::record::{ReadColumn, Row, record};
use crate::report::{Lens, collect};

record! {
    /// One act, with the amounts that stood and were open on the day of the report.
    #[derive(Eq)]
    pub struct Act {
        /// Its id.
        id: i64,
        /// Its ref.
        reference as "ref": String,
        /// Date, as written.
        date: String,
        /// The earliest day it can have happened, in days since 1970-01-01. It takes effect on this day.
        day: i64,
        /// The latest day it can have happened.
        day_latest: i64,
        /// Code of the party that acted.
        actor: String,
        /// Code of the party the act is directed at.
        target: String,
        /// Kind of act.
        kind: String,
        /// Count, as stated.
        count: StatedCount,
        /// Unit of the count.
        unit: String,
        /// Hostile, friendly or neutral.
        sign: Sign,
        /// Stage of the act.
        stage: Stage,
        /// The amount that stands: neither reversed nor taken over by the act that executes it; 1 for an unknown count.
        stands: Count,
        /// The open amount of its claim; 1 for an unknown count.
        open: Count,
        /// Its details.
        details: Details<Option<String>>,
    }
}

record! {
    /// A link from an act to an earlier one.
    #[derive(Eq)]
    pub struct ExchangeLink {
        /// The later act.
        action_id: i64,
        /// The relation of the link.
        relation: Relation,
        /// The earlier act, which may lie outside the selection.
        earlier_id: i64,
        /// The earlier act's ref.
        earlier_ref: String,
        /// Amount of the earlier claim that it settles, in the earlier act's unit.
        covers: Count,
        /// Amount of the later act that it uses, in the later act's unit.
        spends: Count,
        /// Amount of the earlier act that it reverses or executes.
        takes: Count,
    }
}

/// The amount open against one party at the end of a day on which it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BalanceStep {
    /// The party whose hostile acts were open.
    pub actor: String,
    /// The unit of the amount. It is `? persons` for acts of unknown count, and the amount is then the number of acts.
    pub unit: String,
    /// The day, in days since 1970-01-01.
    pub day: i64,
    /// The amount open at the end of the day.
    pub open: Count,
}

/// The acts in the selection, by date; within a day, an act comes after those that it is linked to.
///
/// # Errors
/// The ledger cannot be read.
pub fn acts(lens: &Lens<'_>) -> Result<Vec<Act>> {
    // The exchange shows each act with its own deadline: that of an extension is in the row of the extension.
    let column = |name: &&str| match *name {
        "deadline" => "(SELECT a.deadline FROM main.action a WHERE a.id = shown_action.id)".to_owned(),
        name => format!("\"{name}\""),
    };
    let columns: Vec<String> = Act::COLUMNS.iter().map(column).collect();
    let mut acts = lens.prepare_cached(&format!(
        "SELECT {} FROM shown_action JOIN kind ON name = kind LEFT JOIN (SELECT id AS turn_id, turn FROM turn_of_day) ON turn_id = shown_action.id
         ORDER BY day, coalesce(turn, 0), ref",
        columns.join(", ")
    ))?;
    Ok(acts.query_map([], Act::from_row)?.collect::<rusqlite::Result<_>>()?)
}

/// The links from the acts in the selection to earlier acts, in the order in which they take effect.
///
/// # Errors
/// The ledger cannot be read.
pub fn links(lens: &Lens<'_>) -> Result<Vec<ExchangeLink>> {
    // CROSS JOIN makes SQLite read the acts first: a pair has few of the ledger's links.
    let mut links = lens.prepare_cached(
        "SELECT l.action_id, l.relation, l.earlier_id, e.ref, l.covers, l.spends, l.takes
         FROM shown_action s CROSS JOIN effective_link l ON l.action_id = s.id JOIN main.action e ON e.id = l.earlier_id ORDER BY l.day, l.action_id, l.relation, e.day, e.ref",
    )?;
    Ok(links.query_map([], ExchangeLink::from_row)?.collect::<rusqlite::Result<_>>()?)
}

/// The open amount of the selection's hostile acts, by party and unit, after each day on which it changed.
///
/// # Errors
/// The ledger cannot be read.
pub fn running_balance(lens: &Lens<'_>) -> Result<Vec<BalanceStep>> {
    let mut posted = lens.prepare_cached(
        "SELECT s.actor, CASE WHEN s.count IS NULL AND k.unit <> 'acts' THEN '? ' || k.unit ELSE k.unit END AS unit, p.day, sum(p.amount) AS amount
         FROM shown_action s JOIN kind k ON k.name = s.kind CROSS JOIN posting p ON p.action_id = s.id
         WHERE k.sign = 'hostile' AND s.stage <> 'threatened' GROUP BY 1, 2, 3 HAVING sum(p.amount) <> 0 ORDER BY 3, 1, 2",
    )?;
    let mut open: HashMap<(String, String), Count> = HashMap::new();
    collect(|each| {
        let mut rows = posted.query([])?;
        while let Some(r) = rows.next()? {
            let (actor, unit): (String, String) = (r.read("actor")?, r.read("unit")?);
            let now = open.entry((actor.clone(), unit.clone())).or_default();
            *now = now.saturating_add(r.read("amount")?);
            each(BalanceStep { actor, unit, day: r.read("day")?, open: *now })?;
        }
        Ok(())
    })
}
