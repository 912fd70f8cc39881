//! Kinds of act.

use rusqlite::{Connection, params};

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::model::{Sign, name};
use crate::record::{record, select};

use super::{check_word, collect, refuse_existing};

/// The number of letters at the beginning by which a kind is found that is not spelled like the given name.
const STEM: usize = 3;

record! {
    /// A kind of act.
    #[derive(Eq)]
    pub struct Kind {
        /// Its name.
        name: String,
        /// The unit of its count.
        unit: String,
        /// Hostile, friendly or neutral.
        sign: Sign,
        /// The CAMEO code of the act when it is done.
        cameo: Option<String>,
        /// A description of the acts that it covers.
        description: Option<String>,
    }
}

/// Finds a kind by its name, ignoring case, spaces and hyphens. An exact match takes precedence.
///
/// # Errors
/// There is no such kind. The error suggests similar names.
pub fn find_kind(conn: &Connection, given: &str) -> Result<Kind> {
    let kinds = list_kinds(conn)?;
    kind_called(&kinds, given).cloned().ok_or_else(|| no_kind(&kinds, given))
}

/// The one of these kinds that a name means.
pub(crate) fn kind_called<'k>(kinds: &'k [Kind], given: &str) -> Option<&'k Kind> {
    let folded = name::fold(given);
    kinds.iter().find(|kind| kind.name == given).or_else(|| kinds.iter().find(|kind| name::fold(&kind.name) == folded))
}

/// The error for a name that means none of these kinds.
pub(crate) fn no_kind(kinds: &[Kind], given: &str) -> Error {
    Error::Unknown {
        what: "kind",
        given: given.to_owned(),
        nearest: nearest_kinds(kinds, given),
        way_out: "'recip kind list' shows the kinds; 'recip kind add' adds one".to_owned(),
    }
}

/// The kinds that are spelled like this name or, if there are none, that begin like it: `expulsion` for `expel`.
pub(crate) fn nearest_kinds(kinds: &[Kind], given: &str) -> Vec<String> {
    let folded = &name::fold(given);
    let names = || kinds.iter().map(|kind| kind.name.as_str());
    let near = name::nearest(folded, names());
    match folded.char_indices().nth(STEM) {
        Some((end, _)) if near.is_empty() => names().filter(|name| name.starts_with(&folded[..end])).map(str::to_owned).collect(),
        _ => near,
    }
}

/// All kinds, ordered by name.
pub fn list_kinds(conn: &Connection) -> Result<Vec<Kind>> {
    collect(conn, &select::<Kind>("FROM kind ORDER BY name"), Kind::from_row)
}

impl Ledger {
    /// Adds a kind.
    ///
    /// # Errors
    /// The name is taken, or a field is invalid.
    pub fn add_kind(&mut self, kind: &Kind) -> Result<()> {
        self.change(|conn, _| {
            refuse_existing(conn, "SELECT EXISTS (SELECT 1 FROM kind WHERE name = ?)", "kind", &kind.name)?;
            put_kind(conn, kind)
        })
    }

    /// Adds a kind, or changes the one with its name.
    ///
    /// # Errors
    /// A field is invalid, or the kind is in use and its unit or sign would change.
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
