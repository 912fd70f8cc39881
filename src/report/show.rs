//! All that the ledger holds of one action.

use rusqlite::Connection;
use serde::Serialize;

use crate::error::Result;
use crate::ledger::catalogue::Source;
use crate::ledger::link::{Nothing, nothing};
use crate::ledger::{Action, Ledger};
use crate::model::count::Count;
use crate::model::{Relation, Sign, Stage};

/// One action with its postings, its links both ways and its sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The action.
    #[serde(flatten)]
    pub action: Action,
    /// Its account: every posting, with what was open after it.
    pub postings: Vec<Posting>,
    /// What it bears on.
    pub outgoing_links: Vec<LinkEnd>,
    /// What bears on it.
    pub incoming_links: Vec<LinkEnd>,
    /// Where it is told.
    pub sources: Vec<Cited>,
}

/// One dated amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Posting {
    /// From when.
    pub date: String,
    /// `claim`, `answered`, `spent`, `waived`, `reversed`, `executed`, `reinstated`.
    pub posting: String,
    /// Signed, in the action's unit.
    pub amount: Count,
    /// What was open after it.
    pub open: Count,
    /// The id of the action that brought it about.
    pub by_id: i64,
}

/// The other end of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkEnd {
    /// How the later bears on the earlier.
    pub relation: Relation,
    /// The other action's id.
    pub id: i64,
    /// The other action's ref.
    #[serde(rename = "ref")]
    pub reference: String,
    /// When it was, as written.
    pub date: String,
    /// Its actor.
    pub actor: String,
    /// Its target.
    pub target: String,
    /// Its kind.
    pub kind: String,
    /// How many; `None`: not known.
    pub count: Option<Count>,
    /// What is counted.
    pub unit: String,
    /// How far it had come.
    pub stage: Stage,
    /// Hostile, friendly or neutral.
    pub sign: Sign,
    /// Closed of the earlier claim, in the earlier act's unit.
    pub covers: Count,
    /// Used up of the later act, in the later act's unit.
    pub spends: Count,
    /// Undone of the earlier act, or carried out of it.
    pub takes: Count,
    /// Of an answer that settles nothing: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settles_nothing: Option<Nothing>,
}

/// A source cited for the action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cited {
    /// The source.
    #[serde(flatten)]
    pub source: Source,
    /// The date it gives, where that is another.
    pub says_date: Option<String>,
    /// The count it gives, where that is another.
    pub says_count: Option<Count>,
}

/// Reads everything about the action called `key`.
///
/// # Errors
/// There is no such action, or the ledger cannot be read.
pub fn read(ledger: &Ledger, key: &str) -> Result<Shown> {
    let conn = ledger.connection();
    let action = Action::find(conn, key)?;
    let postings = conn
        .prepare("SELECT date, posting, amount, open, by_id FROM account WHERE action_id = ? ORDER BY day, turn, amount < 0, open DESC")?
        .query_map([action.id], |r| {
            Ok(Posting {
                date: r.get("date")?,
                posting: r.get("posting")?,
                amount: r.get("amount")?,
                open: r.get("open")?,
                by_id: r.get("by_id")?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let sources = sources(conn, action.id)?;
    Ok(Shown {
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
        postings,
        sources,
    })
}

/// The sources cited for the action with this id, in their order.
///
/// # Errors
/// The ledger cannot be read.
pub(super) fn sources(conn: &Connection, id: i64) -> Result<Vec<Cited>> {
    let mut sources = conn.prepare_cached(
        "SELECT s.*, c.says_date, c.says_count FROM citation c JOIN source s ON s.id = c.source_id WHERE c.action_id = ? ORDER BY c.position",
    )?;
    let found = sources.query_map([id], |r| {
        Ok(Cited { source: Source::from_row(r)?, says_date: r.get("says_date")?, says_count: r.get("says_count")? })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The other ends of the links `from` which they are read.
pub(super) fn ends(conn: &Connection, from: &str, id: i64) -> Result<Vec<LinkEnd>> {
    let select = format!(
        "SELECT l.*, a.id AS other, a.ref, a.date, a.actor, a.target, a.kind, a.count, a.stage, k.unit, k.sign FROM {from} ORDER BY l.day, a.day, a.ref"
    );
    let mut links = conn.prepare_cached(&select)?;
    let found = links.query_map([id], |r| {
        let link: i64 = r.get("id")?;
        Ok((
            link,
            LinkEnd {
                relation: r.get("relation")?,
                id: r.get("other")?,
                reference: r.get("ref")?,
                date: r.get("date")?,
                actor: r.get("actor")?,
                target: r.get("target")?,
                kind: r.get("kind")?,
                count: r.get("count")?,
                unit: r.get("unit")?,
                stage: r.get("stage")?,
                sign: r.get("sign")?,
                covers: r.get("covers")?,
                spends: r.get("spends")?,
                takes: r.get("takes")?,
                settles_nothing: None,
            },
        ))
    })?;
    let mut ends = Vec::new();
    for found in found {
        let (link, mut end) = found?;
        end.settles_nothing = nothing(conn, link)?;
        ends.push(end);
    }
    Ok(ends)
}
