//! The catalogue: finding, listing, adding and changing parties, kinds, scales, disputes and sources.

mod dispute;
mod foreign_name;
mod group;
mod kind;
mod party;
mod scale;
mod source;

use rusqlite::{Connection, Row};

use crate::error::{Error, Result};

pub(crate) use dispute::check_slug;
pub use dispute::{Dispute, actions_of_dispute, find_dispute, list_disputes};
pub use foreign_name::codes_with;
pub use group::{GroupParty, Members, find_groups, find_sides, parties_by_name, refuse_details};
pub use kind::{Kind, find_kind, list_kinds};
pub(crate) use kind::{kind_called, nearest_kinds, no_kind};
pub use party::{Membership, Party, find_party, list_memberships, list_parties};
pub(crate) use party::{no_party, other_owner, party_called};
pub use scale::{OtherWeights, Scale, ScaleChange, Weight, find_scale, list_scales, list_weights};
pub use source::{Source, find_source};

fn collect<T>(conn: &Connection, select: &str, read: fn(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>> {
    Ok(conn.prepare_cached(select)?.query_map([], read)?.collect::<rusqlite::Result<_>>()?)
}

/// Refuses to add an entry if `exists`, a query for its key, finds one.
fn refuse_existing(conn: &Connection, exists: &'static str, what: &str, word: &str) -> Result<()> {
    if conn.query_row(exists, [word], |r| r.get(0))? {
        return Err(Error::refused(
            format!("cannot add the {what} {word}"),
            "it exists already",
            format!("'recip {what} edit {word}' changes it"),
        ));
    }
    Ok(())
}

fn check_word(field: &'static str, word: &str) -> Result<()> {
    if is_word(word) && word.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Ok(());
    }
    let why = "this consists of lower-case letters, digits and hyphens, and begins with a letter";
    Err(Error::invalid(field, word, why, "write it like travel-ban"))
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
