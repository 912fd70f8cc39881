//! Changes of the other copy that a copy has seen but that its rows no longer show, because it left them out, reverted them or later
//! changed them. The base of such a row includes these changes, so the current row counts as newer.

use std::collections::BTreeMap;

use crate::error::Result;

use super::base::Base;
use super::copies::Copy;
use super::key::{Fact, Key};
use super::side::Side;

/// A row of one copy as it was when the copies were the same, and with the changes since that the other copy knows.
struct Known {
    key: Key,
    from: Option<Fact>,
    to: Option<Fact>,
}

/// Moves the base of each copy's rows to include the changes of the other copy that it has seen.
pub(super) fn reconcile(ours: &mut Copy<'_>, theirs: &mut Copy<'_>, base: &Base) -> Result<()> {
    let (of_us, of_them) = (of_changes(ours, base.run, base.ours)?, of_changes(theirs, base.run, base.theirs)?);
    let of_merges: Vec<Known> = of_merges(ours).into_iter().chain(of_merges(theirs)).collect();
    of_us.iter().try_for_each(|known| carry(theirs, known))?;
    of_them.iter().try_for_each(|known| carry(ours, known))?;
    // What both took over is part of both bases.
    for known in &of_merges {
        carry(ours, known)?;
        carry(theirs, known)?;
    }
    Ok(())
}

/// The rows that a copy changed after the first `run` changes, up to the last change that the other copy knows.
fn of_changes(copy: &Copy<'_>, run: i64, known: i64) -> Result<Vec<Known>> {
    if known == run {
        return Ok(Vec::new());
    }
    let since_run: BTreeMap<_, _> = Side::since(copy.conn, run, &Default::default())?.deltas;
    let rows = since_run.into_iter().map(|(key, delta)| {
        let to = copy.side.deltas.get(&key).map_or(delta.after, |since| since.before.clone());
        Known { key, from: delta.before, to }
    });
    Ok(rows.filter(|known| known.from != known.to).collect())
}

/// The rows that were changed by merges which took over nothing unknown to the other copy.
fn of_merges(copy: &Copy<'_>) -> Vec<Known> {
    let rows = copy.side.deltas.iter().filter_map(|(key, delta)| Some((key, delta, delta.settled.as_ref()?)));
    rows.map(|(key, delta, settled)| Known { key: key.clone(), from: delta.before.clone(), to: settled.clone() }).collect()
}

/// Moves the base of a row from one state to the other, for each column that still has the first state's value.
fn carry(copy: &mut Copy<'_>, Known { key, from, to }: &Known) -> Result<()> {
    let row = copy.row(key)?;
    let before = match (from, to, &row.before) {
        (Some(from), Some(to), Some(before)) => {
            let mut before = before.clone();
            let changed = to.iter().filter(|(column, value)| from.get(*column) != Some(value) && from.get(*column) == before.get(*column));
            let changed: Vec<_> = changed.map(|(column, value)| (column.clone(), value.clone())).collect();
            before.extend(changed);
            Some(before)
        }
        (from, to, before) if from == before => to.clone(),
        _ => return Ok(()),
    };
    if before != row.before {
        let delta = copy.side.deltas.entry(key.clone()).or_default();
        (delta.before, delta.after) = (before, row.after);
    }
    Ok(())
}
