//! The rows of the catalogue: parties, memberships, kinds, scales, weights, disputes, sources.

use crate::ledger::catalogue::Party;
use crate::report::Row;

impl Row for Party {
    const COLUMNS: &'static [&'static str] = &["code", "name", "type", "since", "until", "aliases"];
}
