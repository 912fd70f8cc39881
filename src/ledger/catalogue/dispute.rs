//! Disputes: cases that group actions.

use rusqlite::Connection;

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::model::name;
use crate::model::words::quoted;
use crate::record::{ReadColumn, record, select};

use super::{collect, is_word, refuse_existing};

record! {
    /// A case that groups actions.
    #[derive(Eq)]
    pub struct Dispute {
        /// The short name that identifies it.
        slug: String,
        /// Its title in reports.
        title: String,
    }
}

/// Finds a dispute by its slug.
///
/// # Errors
/// There is no such dispute. The error suggests similar slugs.
pub fn find_dispute(conn: &Connection, given: &str) -> Result<Dispute> {
    let disputes = list_disputes(conn)?;
    disputes.iter().find(|d| d.slug.eq_ignore_ascii_case(given)).cloned().ok_or_else(|| {
        let added = if is_word(given) { given.to_owned() } else { format!("{} {}", slug(given), quoted(given)) };
        Error::Unknown {
            what: "dispute",
            given: given.to_owned(),
            nearest: name::nearest(given, disputes.iter().map(|d| d.slug.as_str())),
            way_out: format!("'recip dispute list' shows the disputes; 'recip dispute add {added}' adds this one"),
        }
    })
}

/// A slug for a dispute with this title; `SLUG` if the title has no letter of ASCII.
fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    if slug.is_empty() { "SLUG".to_owned() } else { slug }
}

/// All disputes, ordered by slug.
pub fn list_disputes(conn: &Connection) -> Result<Vec<Dispute>> {
    collect(conn, &select::<Dispute>("FROM dispute ORDER BY slug"), Dispute::from_row)
}

/// How many actions a dispute groups, voided ones not counted, and the dates of the first and the last.
///
/// # Errors
/// The ledger cannot be read.
pub fn actions_of_dispute(conn: &Connection, slug: &str) -> Result<(i64, Option<String>, Option<String>)> {
    let select = "SELECT count(*), min(date), max(date) FROM shown_action WHERE dispute = ?";
    Ok(conn.query_row(select, [slug], |r| Ok((r.read(0)?, r.read(1)?, r.read(2)?)))?)
}

impl Ledger {
    /// Adds a dispute.
    ///
    /// # Errors
    /// The slug is taken or invalid.
    pub fn add_dispute(&mut self, dispute: &Dispute) -> Result<()> {
        self.change(|conn, _| {
            refuse_existing(conn, "SELECT EXISTS (SELECT 1 FROM dispute WHERE slug = ?)", "dispute", &dispute.slug)?;
            put_dispute(conn, dispute)
        })
    }

    /// Adds a dispute, or changes the title of the one with its slug.
    ///
    /// # Errors
    /// The slug is invalid.
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

/// Checks a slug: lower-case letters, digits and hyphens, not beginning with a hyphen.
pub(crate) fn check_slug(slug: &str) -> Result<()> {
    if is_word(slug) && !slug.starts_with('-') {
        return Ok(());
    }
    let why = "a slug consists of lower-case letters, digits and hyphens, and does not begin with a hyphen";
    Err(Error::invalid("dispute", slug, why, "write it like grizzly-steppe"))
}
