//! What bears on what, as a tree: an act, what answered it, what answered that.

use std::collections::HashSet;

use serde::Serialize;

use crate::error::Result;
use crate::ledger::{Action, Ledger};
use crate::report::show::{LinkEnd, ends};

/// An act in a chain, with the acts that bear on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// The act.
    pub action: Action,
    /// How it bears on the act above it; `None` at the root.
    pub link: Option<LinkEnd>,
    /// Why what bears on it is not drawn here; `None`: it is.
    pub cut: Option<Cut>,
    /// The acts that bear on it, the earliest first.
    pub later: Vec<Node>,
}

/// Why a tree ends before its acts do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cut {
    /// The act bears on several, and is drawn in full under an earlier one.
    Above,
    /// The chain is longer than a person follows.
    Deep,
}

/// How deep a tree is drawn.
const DEEPEST: usize = 100;

/// The trees that the action called `key` is part of: one for each act it goes back to.
///
/// # Errors
/// There is no such action, or the ledger cannot be read.
pub fn read(ledger: &Ledger, key: &str) -> Result<Vec<Node>> {
    let conn = ledger.connection();
    let action = Action::find(conn, key)?;
    let roots: Vec<i64> = conn
        .prepare(
            "WITH RECURSIVE up (id) AS (SELECT ?1 UNION SELECT l.earlier_id FROM link l JOIN up ON l.action_id = up.id)
             SELECT a.id FROM up JOIN action a ON a.id = up.id
             WHERE NOT EXISTS (SELECT 1 FROM link l WHERE l.action_id = up.id) ORDER BY a.day, a.ref",
        )?
        .query_map([action.id], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut drawn = HashSet::new();
    roots.into_iter().map(|root| grow(ledger, root, None, 0, &mut drawn)).collect()
}

fn grow(ledger: &Ledger, id: i64, link: Option<LinkEnd>, depth: usize, drawn: &mut HashSet<i64>) -> Result<Node> {
    let action = Action::by_id(ledger.connection(), id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let bearing = bearing(ledger, id)?;
    let cut = match () {
        _ if bearing.is_empty() => None,
        _ if drawn.contains(&id) => Some(Cut::Above),
        _ if depth == DEEPEST => Some(Cut::Deep),
        _ => None,
    };
    drawn.insert(id);
    let later = match cut {
        Some(_) => Vec::new(),
        None => bearing.into_iter().map(|end| grow(ledger, end.id, Some(end), depth + 1, drawn)).collect::<Result<_>>()?,
    };
    Ok(Node { action, link, cut, later })
}

fn bearing(ledger: &Ledger, id: i64) -> Result<Vec<LinkEnd>> {
    ends(ledger.connection(), "link l JOIN action a ON a.id = l.action_id JOIN kind k ON k.name = a.kind WHERE l.earlier_id = ?", id)
}
