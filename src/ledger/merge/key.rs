//! The key of a row. Two copies give the same fact different ids, so a row is compared under a key of names: the ref of an action; the refs
//! and the relation of a link; the action and the source of a citation; the primary key of a row of the catalogue.

use std::fmt;

use rusqlite::{Connection, OptionalExtension, params_from_iter};
use serde_json::{Map, Value};

use crate::error::Result;
use crate::ledger::history_table::{HistoryTable, TABLES};
use crate::record::ReadColumn;

use super::names::{Names, parsed};

/// A row as the history stores it, with names in the place of ids.
pub(super) type Fact = Map<String, Value>;

/// The place of the table of actions in [`TABLES`].
pub(super) const ACTION: usize = 7;
/// The tables after it, whose rows belong to actions, and sources.
pub(super) const LINK: usize = 8;
pub(super) const SOURCE: usize = 9;
pub(super) const CITATION: usize = 10;
pub(super) const QUANTITY: usize = 11;
/// The number of tables that are merged: the reports of feeds are not, since each copy can import them.
pub(super) const MERGED: usize = 12;

/// The names by which a row is known in every copy. Keys are in an order in which a row refers only to rows with smaller keys, or to a
/// source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    /// The place of its table in [`TABLES`].
    pub place: usize,
    pub names: Vec<String>,
}

impl Key {
    pub fn of_action(reference: &str) -> Key {
        Key { place: ACTION, names: vec![reference.to_ascii_lowercase()] }
    }

    pub fn table(&self) -> &'static HistoryTable {
        &TABLES[self.place]
    }

    /// The refs of the actions that the row joins or belongs to; for an action, its own.
    pub fn acts(&self) -> Vec<&str> {
        match self.place {
            LINK => vec![&self.names[0], &self.names[2]],
            ACTION | CITATION | QUANTITY => vec![&self.names[0]],
            _ => Vec::new(),
        }
    }

    /// The condition that finds the row in a copy; its parameters are the names.
    fn condition(&self) -> String {
        const OF_ACTION: &str = "action_id = (SELECT id FROM action WHERE ref = ?1 COLLATE NOCASE)";
        match self.place {
            ACTION => "ref = ?1 COLLATE NOCASE".to_owned(),
            LINK => format!("{OF_ACTION} AND relation = ?2 AND earlier_id = (SELECT id FROM action WHERE ref = ?3 COLLATE NOCASE)"),
            SOURCE => "cite = ?1".to_owned(),
            CITATION => format!("{OF_ACTION} AND source_id = (SELECT id FROM source WHERE cite = ?2)"),
            QUANTITY => format!("{OF_ACTION} AND name = ?2"),
            _ => (1..).zip(self.table().key).map(|(n, column)| format!("\"{column}\" = ?{n}")).collect::<Vec<_>>().join(" AND "),
        }
    }

    /// Reads one value of the row from a copy; `None` if the copy has no such row.
    fn read(&self, conn: &Connection, what: &str) -> Result<Option<String>> {
        let select = format!("SELECT {what} FROM {} WHERE {}", self.table().name, self.condition());
        Ok(conn.prepare_cached(&select)?.query_row(params_from_iter(&self.names), |r| r.read(0)).optional()?)
    }

    /// The row's primary key in a copy, as the history writes it.
    pub fn row_key(&self, conn: &Connection) -> Result<Option<String>> {
        self.read(conn, &format!("json_array(\"{}\")", self.table().key.join("\", \"")))
    }

    /// The row in a copy.
    pub fn find(&self, conn: &Connection) -> Result<Option<Fact>> {
        match self.read(conn, &self.table().image())? {
            Some(image) => Ok(Names::new(conn).name(self.place, parsed(&image)?)?.map(|(_, fact)| fact)),
            None => Ok(None),
        }
    }

    /// The row with the ids of a copy, as it is written there; `row_key` is its primary key, if it exists.
    pub fn with_ids(&self, conn: &Connection, fact: &Fact, row_key: Option<&str>) -> Result<String> {
        let mut image = fact.clone();
        let id_of = |select: &str, name: &str| -> Result<Value> {
            Ok(conn.prepare_cached(select)?.query_row([name], |r| r.get::<_, i64>(0)).optional()?.into())
        };
        let action = |name: &str| id_of("SELECT id FROM action WHERE ref = ? COLLATE NOCASE", name);
        match self.place {
            LINK => {
                image.insert("action_id".to_owned(), action(&self.names[0])?);
                image.insert("earlier_id".to_owned(), action(&self.names[2])?);
            }
            CITATION | QUANTITY => {
                image.insert("action_id".to_owned(), action(&self.names[0])?);
            }
            _ => (),
        }
        if self.place == CITATION {
            image.insert("source_id".to_owned(), id_of("SELECT id FROM source WHERE cite = ?", &self.names[1])?);
        }
        if let ACTION | LINK | SOURCE = self.place {
            let id = row_key.and_then(|key| key.trim_matches(['[', ']']).parse::<i64>().ok());
            image.insert("id".to_owned(), id.into());
        }
        Ok(Value::Object(image).to_string())
    }
}

/// The row in the words of a report: `party TUR`. A row that belongs to an action is named by its ref instead.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.table().name, self.names.join(" "))
    }
}
