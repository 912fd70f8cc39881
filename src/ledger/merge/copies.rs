//! The two copies of a ledger that are compared, and how a group of columns differs between them.

use rusqlite::{Connection, OptionalExtension};

use crate::error::Result;
use crate::record::ReadColumn;

use super::key::{Fact, Key};
use super::side::Side;
use super::values::values;

/// One of the two copies.
pub(super) struct Copy<'c> {
    pub conn: &'c Connection,
    pub side: Side,
}

/// A row of a copy: as it was at the base and as it is.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub before: Option<Fact>,
    pub after: Option<Fact>,
    /// True if the copy touched it since the base.
    pub touched: bool,
}

impl Known {
    /// True if the copy changed it since the base.
    pub fn moved(&self) -> bool {
        self.touched && self.before != self.after
    }
}

/// The row in the words of a report, with the refs as people wrote them: `party TUR`, `EXP-1`.
pub(super) fn what(ours: &Copy<'_>, theirs: &Copy<'_>, key: &Key) -> Result<String> {
    match key.acts().first() {
        Some(reference) => written(ours, theirs, reference),
        None => Ok(key.to_string()),
    }
}

/// A ref as people wrote it, here or in the other copy.
pub(super) fn written(ours: &Copy<'_>, theirs: &Copy<'_>, reference: &str) -> Result<String> {
    for copy in [ours, theirs] {
        let mut select = copy.conn.prepare_cached("SELECT ref FROM action WHERE ref = ? COLLATE NOCASE")?;
        if let Some(found) = select.query_row([reference], |r| r.read(0)).optional()? {
            return Ok(found);
        }
    }
    Ok(reference.to_owned())
}

impl Copy<'_> {
    /// A row, which this copy may not have touched.
    pub fn row(&self, key: &Key) -> Result<Known> {
        Ok(match self.side.deltas.get(key) {
            Some(delta) => Known { before: delta.before.clone(), after: delta.after.clone(), touched: true },
            None => {
                let now = key.find(self.conn)?;
                Known { before: now.clone(), after: now, touched: false }
            }
        })
    }

    /// Who made the latest change of a row, and when.
    pub fn by(&self, key: &Key) -> Result<Option<String>> {
        let Some(change) = self.side.deltas.get(key).and_then(|delta| delta.change) else { return Ok(None) };
        let select = "SELECT who || ' ' || at FROM change WHERE id = ?";
        Ok(Some(self.conn.prepare_cached(select)?.query_row([change], |r| r.get(0))?))
    }
}

/// What to do with a group of columns that both copies have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Keep,
    Take,
    Ask,
}

/// Compares the values of a group of columns.
pub(super) fn verdict(columns: &[&str], ours: &Known, theirs: &Known) -> Verdict {
    let [our_base, our_now] = [&ours.before, &ours.after].map(|fact| values(fact.as_ref(), columns));
    let [their_base, their_now] = [&theirs.before, &theirs.after].map(|fact| values(fact.as_ref(), columns));
    if our_now == their_now {
        return Verdict::Keep;
    }
    let (we_moved, they_moved) = (our_base != our_now, their_base != their_now);
    // They have what we had before, or we have what they had.
    let (we_lead, they_lead) = (we_moved && their_now == our_base, they_moved && our_now == their_base);
    match (we_lead, they_lead) {
        (true, false) => Verdict::Keep,
        (false, true) => Verdict::Take,
        (true, true) => Verdict::Ask,
        // The values differed at the base already: an earlier merge decided on them, and noted so in the history of its copy.
        _ if !we_moved && !they_moved && !ours.touched => Verdict::Take,
        _ if !we_moved && !they_moved && !theirs.touched => Verdict::Keep,
        _ if we_moved && !they_moved => Verdict::Keep,
        _ if they_moved && !we_moved => Verdict::Take,
        _ => Verdict::Ask,
    }
}
