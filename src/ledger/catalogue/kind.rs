//! Kinds of act.

use rusqlite::{Connection, Row, params};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::model::{Sign, name};

use super::{check_word, collect, refuse_taken};

/// A sort of act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kind {
    /// The word for it.
    pub name: String,
    /// What its count counts.
    pub unit: String,
    /// Which way it points.
    pub sign: Sign,
    /// Its CAMEO code when done.
    pub cameo: Option<String>,
    /// What it covers.
    pub description: Option<String>,
}

impl Kind {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Kind> {
        Ok(Kind {
            name: row.get("name")?,
            unit: row.get("unit")?,
            sign: row.get("sign")?,
            cameo: row.get("cameo")?,
            description: row.get("description")?,
        })
    }
}

/// The kind called `given`; case, spaces and hyphens do not matter, unless there are two that differ in nothing else.
///
/// # Errors
/// There is none; the nearest are offered.
pub fn find_kind(conn: &Connection, given: &str) -> Result<Kind> {
    let folded = name::fold(given);
    let mut kinds = list_kinds(conn)?;
    let exact = kinds.iter().position(|k| k.name == given);
    if let Some(found) = exact.or_else(|| kinds.iter().position(|k| name::fold(&k.name) == folded)) {
        return Ok(kinds.swap_remove(found));
    }
    Err(Error::Unknown {
        what: "kind",
        given: given.to_owned(),
        nearest: name::nearest(given, kinds.iter().map(|k| k.name.as_str())),
        way_out: "'recip kind list' shows the kinds, 'recip kind add' makes a new one".to_owned(),
    })
}

/// Every kind, by name.
pub fn list_kinds(conn: &Connection) -> Result<Vec<Kind>> {
    collect(conn, "SELECT * FROM kind ORDER BY name", Kind::from_row)
}

impl Ledger {
    /// Adds a kind.
    ///
    /// # Errors
    /// There is one of that name, or something of it is not allowed.
    pub fn add_kind(&mut self, kind: &Kind) -> Result<()> {
        self.change(|conn, _| {
            refuse_taken(conn, "SELECT EXISTS (SELECT 1 FROM kind WHERE name = ?)", "kind", &kind.name)?;
            put_kind(conn, kind)
        })
    }

    /// Adds a kind, or amends the one that has its name.
    ///
    /// # Errors
    /// It is in use, and its unit or sign would change.
    pub fn put_kind(&mut self, kind: &Kind) -> Result<()> {
        self.change(|conn, _| put_kind(conn, kind))
    }
}

/// See [`Ledger::put_kind`].
pub(crate) fn put_kind(conn: &Connection, kind: &Kind) -> Result<()> {
    check_word("kind", &kind.name)?;
    check_word("unit", &kind.unit)?;
    conn.prepare_cached(
        "INSERT INTO kind (name, unit, sign, cameo, description) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET unit = excluded.unit, sign = excluded.sign, cameo = excluded.cameo, description = excluded.description",
    )?
    .execute(params![kind.name, kind.unit, kind.sign, kind.cameo, kind.description])?;
    Ok(())
}
