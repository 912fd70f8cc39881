//! Disputes: the cases that group actions.

use rusqlite::Connection;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::model::name;

use super::{collect, is_word, refuse_taken};

/// A case that groups actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dispute {
    /// The word for it.
    pub slug: String,
    /// Its name in reports.
    pub title: String,
}

/// The dispute with this slug.
///
/// # Errors
/// There is none; the nearest are offered.
pub fn find_dispute(conn: &Connection, given: &str) -> Result<Dispute> {
    let disputes = list_disputes(conn)?;
    disputes.iter().find(|d| d.slug == given).cloned().ok_or_else(|| Error::Unknown {
        what: "dispute",
        given: given.to_owned(),
        nearest: name::nearest(given, disputes.iter().map(|d| d.slug.as_str())),
        way_out: format!("'recip dispute list' shows them, 'recip dispute add {given}' makes it"),
    })
}

/// Every dispute, by slug.
pub fn list_disputes(conn: &Connection) -> Result<Vec<Dispute>> {
    collect(conn, "SELECT * FROM dispute ORDER BY slug", |r| Ok(Dispute { slug: r.get("slug")?, title: r.get("title")? }))
}

impl Ledger {
    /// Adds a dispute.
    ///
    /// # Errors
    /// There is one of that slug, or something of it is not allowed.
    pub fn add_dispute(&mut self, dispute: &Dispute) -> Result<()> {
        self.change(|conn, _| {
            refuse_taken(conn, "SELECT EXISTS (SELECT 1 FROM dispute WHERE slug = ?)", "dispute", &dispute.slug)?;
            put_dispute(conn, dispute)
        })
    }

    /// Adds a dispute, or gives the one that has its slug another title.
    ///
    /// # Errors
    /// The slug is none.
    pub fn put_dispute(&mut self, dispute: &Dispute) -> Result<()> {
        self.change(|conn, _| put_dispute(conn, dispute))
    }
}

/// See [`Ledger::put_dispute`].
pub(crate) fn put_dispute(conn: &Connection, dispute: &Dispute) -> Result<()> {
    check_slug(&dispute.slug)?;
    conn.prepare_cached("INSERT INTO dispute (slug, title) VALUES (?, ?) ON CONFLICT (slug) DO UPDATE SET title = excluded.title")?
        .execute([&dispute.slug, &dispute.title])?;
    Ok(())
}

/// A slug is lower-case letters, digits and hyphens.
pub(crate) fn check_slug(slug: &str) -> Result<()> {
    if is_word(slug) && !slug.starts_with('-') {
        return Ok(());
    }
    Err(Error::invalid("dispute", slug, "a slug is lower-case letters, digits and hyphens", "write it like grizzly-steppe"))
}
