//! Values that a copy took over in a merge and did not change itself. Its base moves to them, or they would look like its own changes.

use std::collections::BTreeSet;

use crate::error::Result;

use super::copies::Copy;
use super::key::{Fact, Key};

/// A change of a row since the base, and the row before it.
#[derive(Debug)]
pub(super) struct Step {
    pub change: i64,
    pub before: Option<Fact>,
}

/// The row as it was at the base, with the changes that only merges have made since. `now` is the current row.
pub(super) fn taken(steps: &[Step], now: Option<&Fact>, is_merge: impl Fn(i64) -> bool) -> Option<Fact> {
    let mut taken = steps.first().and_then(|step| step.before.clone());
    let mut own = BTreeSet::new();
    for (n, step) in steps.iter().enumerate() {
        let after = steps.get(n + 1).map_or(now, |next| next.before.as_ref());
        match (&step.before, after, is_merge(step.change)) {
            (Some(before), Some(after), is_merge) => {
                for (column, value) in after.iter().filter(|(column, value)| before.get(*column) != Some(value)) {
                    match &mut taken {
                        Some(taken) if is_merge && !own.contains(column) => drop(taken.insert(column.clone(), value.clone())),
                        _ => drop(own.insert(column)),
                    }
                }
            }
            (_, after, true) if own.is_empty() => taken = after.cloned(),
            _ => break,
        }
    }
    taken
}

/// Moves the base of each copy's rows forward to the values that it has taken over, if the other copy has them at its own base.
pub(super) fn reconcile<'c>(ours: &mut Copy<'c>, theirs: &mut Copy<'c>) -> Result<()> {
    let moved = [moved(ours, theirs)?, moved(theirs, ours)?];
    for (copy, moved) in [ours, theirs].into_iter().zip(moved) {
        for (key, before) in moved {
            copy.side.deltas.entry(key).and_modify(|delta| delta.before = before);
        }
    }
    Ok(())
}

/// The rows of a copy whose base moves, each with its new base.
fn moved(copy: &Copy<'_>, other: &Copy<'_>) -> Result<Vec<(Key, Option<Fact>)>> {
    let mut moved = Vec::new();
    for (key, delta) in &copy.side.deltas {
        let Some(taken) = &delta.taken else { continue };
        let there = other.row(key)?.before;
        match (&delta.before, taken, &there) {
            (Some(before), Some(taken), Some(there)) => {
                let mut before = before.clone();
                let same = taken.iter().filter(|(column, value)| there.get(*column) == Some(value));
                same.for_each(|(column, value)| drop(before.insert(column.clone(), value.clone())));
                moved.push((key.clone(), Some(before)));
            }
            (_, taken, there) if taken == there => moved.push((key.clone(), there.clone())),
            _ => (),
        }
    }
    Ok(moved)
}
