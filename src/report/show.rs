//! Everything the ledger holds about one action.

use rusqlite::{Connection, OptionalExtension};
use serde::{Serialize, Serializer};

use crate::error::Result;
use crate::ledger::catalogue::Source;
use crate::ledger::link::{NoEffect, no_effect};
use crate::ledger::{Action, Ledger, quantity};
use crate::model::count::Count;
use crate::model::{Quantity, Reading, Relation, Sign, Stage, StatedCount};
use crate::record::{Field, ReadColumn, record};

/// One action with its postings, its outgoing and incoming links and its sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionDetail {
    /// The action.
    #[serde(flatten)]
    pub action: Action,
    /// Its deadline after all its extensions; `None`: it has no deadline. The action's own deadline is the one that it stated.
    pub deadline_now: Option<String>,
    /// Its account: every posting, with the amount open after it.
    pub postings: Vec<Posting>,
    /// Its links to earlier actions.
    pub outgoing_links: Vec<LinkEnd>,
    /// The links of later actions to it.
    pub incoming_links: Vec<LinkEnd>,
    /// The sources it cites.
    pub sources: Vec<Cited>,
    /// Its quantities, which are not claims: each a name, an exact decimal number and a unit.
    #[serde(serialize_with = "as_texts")]
    pub quantities: Vec<Quantity>,
}

record! {
    /// One dated change of a claim.
    #[derive(Eq)]
    pub struct Posting {
        /// Date from which it counts.
        date: String,
        /// Type of posting: `claim`, `answered`, `spent`, `waived`, `reversed`, `executed`, `reinstated`.
        posting: String,
        /// Signed amount, in the action's unit.
        amount: Count,
        /// Amount open after it.
        open: Count,
        /// Id of the action that caused it.
        by_id: i64,
    }
}

/// A link, with the action at its other end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkEnd {
    /// Relation of the later action to the earlier one.
    pub relation: Relation,
    /// The other action's id.
    pub id: i64,
    /// The other action's ref.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Date, as written.
    pub date: String,
    /// Code of the other action's actor.
    pub actor: String,
    /// Code of the other action's target.
    pub target: String,
    /// Kind of the other action.
    pub kind: String,
    /// Count, as stated.
    #[serde(flatten)]
    pub count: StatedCount,
    /// Unit of the count.
    pub unit: String,
    /// Stage of the act.
    pub stage: Stage,
    /// Hostile, friendly or neutral.
    pub sign: Sign,
    /// Amount of the earlier claim that it settles, in the earlier act's unit.
    pub covers: Count,
    /// Amount of the later act that it uses, in the later act's unit.
    pub spends: Count,
    /// Amount of the earlier act that it reverses or executes.
    pub takes: Count,
    /// The reason why an answer settles nothing; `None`: it settles something, or it is not an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settles_nothing: Option<NoEffect>,
}

/// A source that the action cites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cited {
    /// The source.
    #[serde(flatten)]
    pub source: Source,
    /// What the source says, if it disagrees with the action.
    #[serde(flatten)]
    pub reading: Reading,
}

/// Reads everything about the action with the id or ref `key`.
///
/// # Errors
/// There is no such action, or the ledger cannot be read.
pub fn read(ledger: &Ledger, key: &str) -> Result<ActionDetail> {
    let conn = ledger.connection();
    let action = Action::find(conn, key)?;
    let postings = conn
        .prepare("SELECT date, posting, amount, open, by_id FROM account WHERE action_id = ? ORDER BY number")?
        .query_map([action.id], Posting::from_row)?
        .collect::<rusqlite::Result<_>>()?;
    let now: Option<Option<String>> =
        conn.prepare_cached("SELECT deadline FROM unfiltered_action WHERE id = ?")?.query_row([action.id], |r| r.read(0)).optional()?;
    let deadline_now = now.unwrap_or_else(|| action.details.deadline.clone());
    let (sources, quantities) = (sources(conn, action.id)?, quantity::of_action(conn, action.id)?);
    Ok(ActionDetail {
        outgoing_links: ends(
            conn,
            "link l JOIN action a ON a.id = l.earlier_id JOIN kind k ON k.name = a.kind WHERE l.action_id = ?",
            action.id,
        )?,
        incoming_links: ends(
            conn,
            "link l JOIN action a ON a.id = l.action_id JOIN kind k ON k.name = a.kind WHERE l.earlier_id = ?",
            action.id,
        )?,
        action,
        deadline_now,
        postings,
        sources,
        quantities,
    })
}

fn as_texts<S: Serializer>(quantities: &[Quantity], serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_seq(quantities.iter().map(ToString::to_string))
}

/// The sources that the action with this id cites, in order of citation.
///
/// # Errors
/// The ledger cannot be read.
pub(super) fn sources(conn: &Connection, id: i64) -> Result<Vec<Cited>> {
    let mut sources = conn.prepare_cached(
        "SELECT s.*, c.says_date, c.says_count, c.says_words, c.denies FROM citation c JOIN source s ON s.id = c.source_id WHERE c.action_id = ? ORDER BY c.position",
    )?;
    let found = sources.query_map([id], |r| {
        Ok(Cited { source: Source::from_row(r)?, reading: Field::read(r, &mut r.as_ref().column_index("says_date")?)? })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The links of the action `id` with the actions at their other ends. `from` is the FROM and WHERE clause that joins them.
pub(super) fn ends(conn: &Connection, from: &str, id: i64) -> Result<Vec<LinkEnd>> {
    let select = format!(
        "SELECT l.*, a.id AS other, a.ref, a.date, a.actor, a.target, a.kind, a.count, a.count_words, a.stage, k.unit, k.sign FROM {from} ORDER BY l.day, a.day, a.ref"
    );
    let mut links = conn.prepare_cached(&select)?;
    let found = links.query_map([id], |r| {
        let link: i64 = r.read("id")?;
        Ok((
            link,
            LinkEnd {
                relation: r.read("relation")?,
                id: r.read("other")?,
                reference: r.read("ref")?,
                date: r.read("date")?,
                actor: r.read("actor")?,
                target: r.read("target")?,
                kind: r.read("kind")?,
                count: StatedCount::from_columns(r.read("count")?, r.read::<Option<String>>("count_words")?.as_deref()),
                unit: r.read("unit")?,
                stage: r.read("stage")?,
                sign: r.read("sign")?,
                covers: r.read("covers")?,
                spends: r.read("spends")?,
                takes: r.read("takes")?,
                settles_nothing: None,
            },
        ))
    })?;
    let mut ends = Vec::new();
    for found in found {
        let (link, mut end) = found?;
        end.settles_nothing = no_effect(conn, link)?;
        ends.push(end);
    }
    Ok(ends)
}
