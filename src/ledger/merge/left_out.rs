//! Rows that a copy learned in a merge and does not have, because it left them out, removed them or gave them another name. Its history may
//! not mention them, since a row that a change added and a later one removed leaves no before-image of the time of the base.

use crate::error::Result;

use super::copies::Copy;
use super::side::{Delta, Side};

/// Notes in `other` the removal of rows that `from` added after the first `run` changes, that `other` knows of, and that it does not have.
/// `known` is the last change of `from` that `other` knows.
pub(super) fn note(from: &Copy<'_>, run: i64, known: i64, other: &mut Copy<'_>) -> Result<()> {
    if known == run {
        return Ok(());
    }
    for (key, delta) in Side::since(from.conn, run)?.deltas {
        let then = match from.side.deltas.get(&key) {
            Some(since) => since.before.clone(),
            None => delta.after,
        };
        if delta.before.is_none() && then.is_some() && !other.side.deltas.contains_key(&key) && other.row(&key)?.after.is_none() {
            other.side.deltas.insert(key, Delta { before: then, ..Delta::default() });
        }
    }
    Ok(())
}
