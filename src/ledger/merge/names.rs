//! Names in the place of ids: the key of each row of a copy, and the row without the ids that only this copy gives.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::ledger::history_table::TABLES;
use crate::record::ReadColumn;

use super::key::{ACTION, CITATION, Fact, Key, LINK, QUANTITY, SOURCE};

/// Reads a row of the history, or one in the same form.
pub(super) fn parsed(image: &str) -> Result<Fact> {
    serde_json::from_str(image).map_err(|e| {
        Error::refused("cannot compare the ledgers", format!("a row cannot be read: {e}"), "'recip check' verifies each ledger")
    })
}

/// The names that a copy gives to its ids.
pub(super) struct Names<'c> {
    conn: &'c Connection,
    actions: HashMap<i64, Option<String>>,
    sources: HashMap<i64, Option<String>>,
}

impl<'c> Names<'c> {
    pub fn new(conn: &'c Connection) -> Names<'c> {
        Names { conn, actions: HashMap::new(), sources: HashMap::new() }
    }

    /// Notes the name of a row that the copy may no longer have.
    pub fn note(&mut self, place: usize, image: &Fact) {
        let id = image.get("id").and_then(Value::as_i64).unwrap_or_default();
        let name = |column: &str| image.get(column).and_then(Value::as_str).map(str::to_owned);
        match place {
            ACTION => drop(self.actions.insert(id, name("ref").map(|reference| reference.to_ascii_lowercase()))),
            SOURCE => drop(self.sources.insert(id, name("cite"))),
            _ => (),
        }
    }

    fn action(&mut self, id: i64) -> Result<Option<String>> {
        if let Some(known) = self.actions.get(&id) {
            return Ok(known.clone());
        }
        let select = "SELECT lower(ref) FROM action WHERE id = ?";
        let found = self.conn.prepare_cached(select)?.query_row([id], |r| r.read(0)).optional()?;
        self.actions.insert(id, found.clone());
        Ok(found)
    }

    fn source(&mut self, id: i64) -> Result<Option<String>> {
        if let Some(known) = self.sources.get(&id) {
            return Ok(known.clone());
        }
        let found = self.conn.prepare_cached("SELECT cite FROM source WHERE id = ?")?.query_row([id], |r| r.read(0)).optional()?;
        self.sources.insert(id, found.clone());
        Ok(found)
    }

    /// The key of a row, and the row with names in the place of ids. `None` if it refers to a row that the copy does not have.
    pub fn name(&mut self, place: usize, mut image: Fact) -> Result<Option<(Key, Fact)>> {
        let id = |image: &Fact, column: &str| image.get(column).and_then(Value::as_i64).unwrap_or_default();
        let text = |image: &Fact, column: &str| image.get(column).and_then(Value::as_str).unwrap_or_default().to_owned();
        let names = match place {
            ACTION => vec![text(&image, "ref").to_ascii_lowercase()],
            LINK => {
                let (Some(later), Some(earlier)) = (self.action(id(&image, "action_id"))?, self.action(id(&image, "earlier_id"))?) else {
                    return Ok(None);
                };
                vec![later, text(&image, "relation"), earlier]
            }
            SOURCE => vec![text(&image, "cite")],
            CITATION => {
                let (Some(action), Some(source)) = (self.action(id(&image, "action_id"))?, self.source(id(&image, "source_id"))?) else {
                    return Ok(None);
                };
                vec![action, source]
            }
            QUANTITY => {
                let Some(action) = self.action(id(&image, "action_id"))? else { return Ok(None) };
                vec![action, text(&image, "name")]
            }
            _ => TABLES[place].key.iter().map(|column| text(&image, column)).collect(),
        };
        for column in ["id", "action_id", "earlier_id", "source_id"] {
            image.remove(column);
        }
        Ok(Some((Key { place, names }, image)))
    }
}
