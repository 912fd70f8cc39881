//! The links of an action as a tree: an act, the acts that answered it, the acts that answered those.

use std::collections::HashSet;

use serde::Serialize;

use crate::error::Result;
use crate::ledger::{Action, Ledger};
use crate::report::show::{LinkEnd, ends};

/// An act in a chain, with the later acts linked to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// The act.
    pub action: Action,
    /// Its link to the act above it; `None` at the root.
    pub link: Option<LinkEnd>,
    /// Why the later acts linked to it are left out here; `None`: they are shown.
    pub cut: Option<Cut>,
    /// The later acts linked to it, earliest first.
    pub later: Vec<Node>,
}

/// Why a branch of the tree is cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cut {
    /// The act is linked to several earlier acts and is shown in full at its first occurrence above.
    Above,
    /// The branch has reached the maximum depth.
    Deep,
}

/// Maximum depth of a tree.
const MAX_DEPTH: usize = 100;

/// The trees that contain the action with the id or ref `key`, one for each root: a linked act that has no link to an earlier act.
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
    let mut seen = HashSet::new();
    roots.into_iter().map(|root| grow(ledger, root, None, 0, &mut seen)).collect()
}

fn grow(ledger: &Ledger, id: i64, link: Option<LinkEnd>, depth: usize, seen: &mut HashSet<i64>) -> Result<Node> {
    let action = Action::by_id(ledger.connection(), id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let incoming = incoming_links(ledger, id)?;
    let cut = match () {
        _ if incoming.is_empty() => None,
        _ if seen.contains(&id) => Some(Cut::Above),
        _ if depth == MAX_DEPTH => Some(Cut::Deep),
        _ => None,
    };
    seen.insert(id);
    let later = match cut {
        Some(_) => Vec::new(),
        None => incoming.into_iter().map(|end| grow(ledger, end.id, Some(end), depth + 1, seen)).collect::<Result<_>>()?,
    };
    Ok(Node { action, link, cut, later })
}

fn incoming_links(ledger: &Ledger, id: i64) -> Result<Vec<LinkEnd>> {
    ends(ledger.connection(), "link l JOIN action a ON a.id = l.action_id JOIN kind k ON k.name = a.kind WHERE l.earlier_id = ?", id)
}
