//! The course of an exchange between two parties: its acts, its links, and how much was open on each side after each day.
//! The chart and the brief are made from it.

use std::collections::HashMap;

use serde::Serialize;

use crate::error::Result;
use crate::model::count::Count;
use crate::model::{Details, Relation, Sign, Stage, StatedCount};
use crate::record::{ReadColumn, Row, column_list, record};
use crate::report::{Lens, collect};

record! {
    /// One act, with the amount that was open on the day of the report.
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
        /// Code of the party of the selected pair whose act it is: the actor, or the organisation of which the actor is a member.
        side: String,
        /// Code of the other party of that pair: the target, or the organisation of which the target is a member.
        other: String,
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
        /// The open amount of its claim; 1 for an unknown count. It is 0 for an act by or against a member, whose claim is not one of the pair.
        open: Count,
        /// Its details.
        details: Details<Option<String>>,
    }
}

impl Act {
    /// True if a member of an organisation of the pair acted.
    pub fn is_by_member(&self) -> bool {
        self.actor != self.side
    }

    /// True if it is directed at a member of an organisation of the pair.
    pub fn is_to_member(&self) -> bool {
        self.target != self.other
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

/// The acts in the selection, by date; within a day, an act comes after those that it is linked to. Acts by or against members of an organisation
/// that settle its acts are among them.
///
/// # Errors
/// The ledger cannot be read.
pub fn acts(lens: &Lens<'_>) -> Result<Vec<Act>> {
    // The exchange shows each act with its own deadline: that of an extension is in the row of the extension.
    let of_pair = |name: &str| match name {
        "deadline" => "(SELECT a.deadline FROM main.action a WHERE a.id = shown_action.id) AS deadline".to_owned(),
        "side" => "actor AS side".to_owned(),
        "other" => "target AS other".to_owned(),
        name => format!("\"{name}\""),
    };
    let of_member = |name: &str| match name {
        "open" => "0 AS open".to_owned(),
        "side" | "other" => format!("m.{name} AS {name}"),
        "unit" | "sign" => format!("k.{name} AS {name}"),
        name => format!("b.\"{name}\" AS \"{name}\""),
    };
    let columns = |of: &dyn Fn(&str) -> String| Act::COLUMNS.iter().map(|name| of(name)).collect::<Vec<String>>().join(", ");
    let mut acts = lens.prepare_cached(&format!(
        "SELECT {all} FROM (
           SELECT {} FROM shown_action JOIN kind ON name = kind
           UNION ALL
           SELECT {} FROM (SELECT id, min(side) AS side, other FROM member_act WHERE id NOT IN (SELECT id FROM shown_action) GROUP BY id) m
             CROSS JOIN main.action b ON b.id = m.id JOIN kind k ON k.name = b.kind
         ) LEFT JOIN (SELECT id AS turn_id, turn FROM turn_of_day) ON turn_id = id
         ORDER BY day, coalesce(turn, 0), ref",
        columns(&of_pair),
        columns(&of_member),
        all = column_list(Act::COLUMNS)
    ))?;
    Ok(acts.query_map([], Act::from_row)?.collect::<rusqlite::Result<_>>()?)
}

/// The links from these acts to earlier acts, in the order in which they take effect.
///
/// # Errors
/// The ledger cannot be read.
pub fn links(lens: &Lens<'_>) -> Result<Vec<ExchangeLink>> {
    // CROSS JOIN makes SQLite read the acts first: a pair has few of the ledger's links.
    let mut links = lens.prepare_cached(
        "SELECT l.action_id, l.relation, l.earlier_id, e.ref, l.covers, l.spends, l.takes
         FROM (SELECT id FROM shown_action UNION SELECT id FROM member_act) s CROSS JOIN effective_link l ON l.action_id = s.id
           JOIN main.action e ON e.id = l.earlier_id AND e.voided IS NULL
         ORDER BY l.day, l.action_id, l.relation, e.day, e.ref",
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
