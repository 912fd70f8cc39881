//! What differs between two copies of a ledger.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::error::Result;
use crate::record::Row;

use super::copies::{Copy, what};
use super::key::{Fact, Key, SOURCE};
use super::values::{STAMP, described, differing, field, groups, row_field, shown};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Which copy changed it: `ours`, `theirs` or `both`.
    pub side: String,
    /// What it is about: the ref of an action, or a row of the catalogue.
    pub what: String,
    /// The field, or the link, the source or the quantity of the action, or the whole row.
    pub field: String,
    /// What both copies had before; `None` if it is new.
    pub base: Option<String>,
    /// What this ledger has.
    pub ours: Option<String>,
    /// What the other copy has.
    pub theirs: Option<String>,
    /// Who made the latest change of it here, and when.
    pub ours_by: Option<String>,
    /// Who made the latest change of it in the other copy, and when.
    pub theirs_by: Option<String>,
}

impl Row for Difference {
    const COLUMNS: &'static [&'static str] = &["side", "what", "field", "base", "ours", "theirs", "ours_by", "theirs_by"];
}

/// The differences between two copies, by action.
pub(super) fn differences(ours: &Copy<'_>, theirs: &Copy<'_>) -> Result<Vec<Difference>> {
    let keys: BTreeSet<&Key> = ours.side.deltas.keys().chain(theirs.side.deltas.keys()).collect();
    let mut found = Vec::new();
    for key in keys {
        let (here, there) = (ours.row(key)?, theirs.row(key)?);
        let base = if here.touched { &here.before } else { &there.before };
        let facts = [base, &here.after, &there.after].map(Option::as_ref);
        let mut add = |field: String, show: &dyn Fn(Option<&Fact>) -> Option<String>| -> Result<()> {
            let [base, ours_now, theirs_now] = facts.map(show);
            if ours_now == theirs_now {
                return Ok(());
            }
            let side = match (ours_now != base, theirs_now != base) {
                (true, false) => "ours",
                (false, true) => "theirs",
                _ => "both",
            };
            found.push(Difference {
                side: side.to_owned(),
                what: what(ours, theirs, key)?,
                field,
                base,
                ours: ours_now,
                theirs: theirs_now,
                ours_by: ours.by(key)?,
                theirs_by: theirs.by(key)?,
            });
            Ok(())
        };
        match (&here.after, &there.after) {
            (Some(our_fact), Some(their_fact)) => {
                for group in groups(key).into_iter().filter(|group| *group != [STAMP]) {
                    let columns = differing(&group, &[Some(our_fact), Some(their_fact)]);
                    if !columns.is_empty() {
                        add(field(ours, theirs, key, &columns)?, &|fact| shown(key, &columns, fact))?;
                    }
                }
            }
            (None, Some(fact)) | (Some(fact), None) if is_bare_source(key, fact) => (),
            _ => add(row_field(ours, theirs, key)?, &|fact| fact.map(|fact| described(key, fact)))?,
        }
    }
    // Actions come first, and rows of the catalogue after them.
    found.sort_by_key(|difference| (difference.what.contains(' '), difference.what.clone()));
    Ok(found)
}

/// True if nothing is known of a source but its name, which the action that cites it shows.
fn is_bare_source(key: &Key, fact: &Fact) -> bool {
    key.place == SOURCE && fact.iter().all(|(column, value)| matches!(column.as_str(), "cite" | "url") || value.is_null())
}
