//! The catalogue as rows: parties, memberships, kinds, scales, weights, disputes, sources.

use crate::ledger::catalogue::{Dispute, Kind, Membership, Party, Scale, Source, Weight};
use crate::report::Row;

impl Row for Party {
    const COLUMNS: &'static [&'static str] = &["code", "name", "type", "since", "until", "aliases"];
}

impl Row for Membership {
    const COLUMNS: &'static [&'static str] = &["organisation", "member", "since", "until"];
}

impl Row for Kind {
    const COLUMNS: &'static [&'static str] = &["name", "unit", "sign", "cameo", "description"];
}

impl Row for Scale {
    const COLUMNS: &'static [&'static str] = &["name", "title", "source"];
}

impl Row for Weight {
    const COLUMNS: &'static [&'static str] = &["scale", "kind", "stage", "weight", "per"];
}

impl Row for Dispute {
    const COLUMNS: &'static [&'static str] = &["slug", "title"];
}

impl Row for Source {
    const COLUMNS: &'static [&'static str] = &["id", "cite", "publisher", "title", "author", "date", "url", "accessed", "archive", "quote"];
}
