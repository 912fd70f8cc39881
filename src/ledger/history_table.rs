//! The tables whose rows the history records, and the statements that revert an entry of the history.

use rusqlite::{Connection, Statement, params};

use crate::error::{Error, Result};
use crate::ledger::history::Op;
use crate::ledger::load::record::ACTION;

/// A table of facts, as opposed to derived values.
#[derive(Debug)]
pub(crate) struct HistoryTable {
    pub name: &'static str,
    /// Its primary key.
    pub key: &'static [&'static str],
    /// Its other columns, except those that the triggers derive.
    pub columns: &'static [&'static str],
}

/// All tables with a history. A test compares this list with the schema.
pub(crate) const TABLES: [HistoryTable; 14] = [
    HistoryTable {
        name: "party",
        key: &["code"],
        columns: &["name", "type", "since", "until", "iso2", "cow", "cow_number", "gw", "gw_number"],
    },
    HistoryTable { name: "alias", key: &["folded"], columns: &["alias", "party"] },
    HistoryTable { name: "membership", key: &["organisation", "member", "since"], columns: &["until"] },
    HistoryTable { name: "kind", key: &["name"], columns: &["unit", "sign", "cameo", "description"] },
    HistoryTable { name: "scale", key: &["name"], columns: &["title", "source"] },
    HistoryTable { name: "weight", key: &["scale", "kind", "stage"], columns: &["weight", "per"] },
    HistoryTable { name: "dispute", key: &["slug"], columns: &["title"] },
    HistoryTable { name: "action", key: &["id"], columns: &ACTION },
    HistoryTable { name: "link", key: &["id"], columns: &["action_id", "relation", "earlier_id", "stated", "stated_spends"] },
    HistoryTable {
        name: "source",
        key: &["id"],
        columns: &["cite", "publisher", "title", "author", "date", "url", "accessed", "archive", "quote"],
    },
    HistoryTable {
        name: "citation",
        key: &["action_id", "position"],
        columns: &["source_id", "says_date", "says_count", "says_words", "denies"],
    },
    HistoryTable { name: "quantity", key: &["action_id", "name"], columns: &["value", "unit"] },
    HistoryTable { name: "feed_batch", key: &["id"], columns: &["change_id", "feed", "window_days", "above", "upto"] },
    // The other columns of a candidate are derived from its reports.
    HistoryTable { name: "candidate", key: &["id"], columns: &["review", "action_id", "reason"] },
];

impl HistoryTable {
    /// Finds a table by its name.
    pub(crate) fn of(name: &str) -> Result<&'static HistoryTable> {
        TABLES.iter().find(|t| t.name == name).ok_or_else(|| {
            Error::refused(
                "cannot read the history",
                format!("it names a table '{name}', which this recip does not know"),
                "use the recip that wrote the ledger; nothing was changed",
            )
        })
    }

    /// The columns of the key, then the others.
    pub(crate) fn all_columns(&self) -> impl Iterator<Item = &'static str> {
        self.key.iter().chain(self.columns).copied()
    }

    /// The condition for the row with the key in the second parameter: `"code" = json_extract(?2, '$[0]') AND ...`.
    pub(crate) fn key_condition(&self) -> String {
        self.has_key("?2")
    }

    /// The condition for the row with the key that an expression gives.
    pub(crate) fn has_key(&self, key: &str) -> String {
        let keys: Vec<String> = self.key.iter().enumerate().map(|(n, k)| format!("\"{k}\" = json_extract({key}, '$[{n}]')")).collect();
        keys.join(" AND ")
    }

    /// The expression for the key of a row that another expression gives as the history stores it.
    pub(crate) fn key_of(&self, image: &str) -> String {
        let parts: Vec<String> = self.key.iter().map(|column| format!("json_extract({image}, '$.{column}')")).collect();
        format!("json_array({})", parts.join(", "))
    }

    /// The expression for a row as the history stores it: `json_object('code', "code", ...)`.
    pub(crate) fn image(&self) -> String {
        let fields: Vec<String> =
            self.all_columns()
                .map(|c| {
                    if (self.name, c) == ("weight", "weight") { format!("'{c}', printf('%!.17g', {c})") } else { format!("'{c}', \"{c}\"") }
                })
                .collect();
        format!("json_object({})", fields.join(", "))
    }

    /// The statement that reverts `op` on the row with the key `?2`, whose earlier content is `?1`. It is built from the names above; only
    /// values come from the ledger.
    fn reversal(&self, op: Op) -> String {
        let names: Vec<String> = self.all_columns().map(|c| format!("\"{c}\"")).collect();
        let values: Vec<String> = self.all_columns().map(|c| format!("json_extract(?1, '$.{c}')")).collect();
        let (name, names, values) = (self.name, names.join(", "), values.join(", "));
        match op {
            Op::Insert => format!("DELETE FROM {name} WHERE ?1 IS NULL AND {}", self.key_condition()),
            Op::Delete => format!("INSERT INTO {name} ({names}) SELECT {values} WHERE ?2 IS NOT NULL"),
            Op::Update => format!("UPDATE {name} SET ({names}) = ({values}) WHERE {}", self.key_condition()),
        }
    }
}

/// Reverts entries of the history, in any of the tables.
#[derive(Default)]
pub(crate) struct Reversals<'c> {
    statements: Vec<(&'static str, Op, Statement<'c>)>,
}

impl<'c> Reversals<'c> {
    /// Reverts one entry. Returns the number of rows written.
    pub(crate) fn revert(&mut self, conn: &'c Connection, table: &str, op: Op, before: Option<&str>, key: &str) -> Result<usize> {
        let table = HistoryTable::of(table)?;
        let at = match self.statements.iter().position(|(name, of, _)| *name == table.name && *of == op) {
            Some(at) => at,
            None => {
                self.statements.push((table.name, op, conn.prepare(&table.reversal(op))?));
                self.statements.len() - 1
            }
        };
        Ok(self.statements[at].2.execute(params![before, key])?)
    }
}
