//! The tables whose rows the history keeps, and how one entry of it is taken back.

use rusqlite::{Connection, Statement, params};

use crate::error::{Error, Result};
use crate::ledger::history::Op;

/// A table of facts.
#[derive(Debug)]
pub(crate) struct HistoryTable {
    pub name: &'static str,
    /// Its primary key.
    pub key: &'static [&'static str],
    /// Its other columns, but for those that are kept by the rules.
    pub columns: &'static [&'static str],
}

/// All of them. A test holds the list to the schema.
pub(crate) const TABLES: [HistoryTable; 13] = [
    HistoryTable { name: "party", key: &["code"], columns: &["name", "type", "since", "until"] },
    HistoryTable { name: "alias", key: &["folded"], columns: &["alias", "party"] },
    HistoryTable { name: "membership", key: &["organisation", "member", "since"], columns: &["until"] },
    HistoryTable { name: "kind", key: &["name"], columns: &["unit", "sign", "cameo", "description"] },
    HistoryTable { name: "scale", key: &["name"], columns: &["title", "source"] },
    HistoryTable { name: "weight", key: &["scale", "kind", "stage"], columns: &["weight", "per"] },
    HistoryTable { name: "dispute", key: &["slug"], columns: &["title"] },
    HistoryTable {
        name: "action",
        key: &["id"],
        columns: &[
            "ref",
            "date",
            "actor",
            "target",
            "kind",
            "count",
            "stage",
            "by",
            "place",
            "deadline",
            "dispute",
            "summary",
            "voided",
            "logged_at",
        ],
    },
    HistoryTable { name: "link", key: &["id"], columns: &["action_id", "relation", "earlier_id", "stated", "stated_spends"] },
    HistoryTable {
        name: "source",
        key: &["id"],
        columns: &["cite", "publisher", "title", "author", "date", "url", "accessed", "archive", "quote"],
    },
    HistoryTable { name: "citation", key: &["action_id", "position"], columns: &["source_id", "says_date", "says_count"] },
    HistoryTable { name: "feed_batch", key: &["id"], columns: &["change_id", "feed", "window_days", "above", "upto"] },
    // What is folded from reports follows from them.
    HistoryTable { name: "candidate", key: &["id"], columns: &["review", "action_id", "reason"] },
];

impl HistoryTable {
    /// The table of this name.
    pub(crate) fn of(name: &str) -> Result<&'static HistoryTable> {
        TABLES.iter().find(|t| t.name == name).ok_or_else(|| {
            Error::refused("read the history", format!("it speaks of a table '{name}'"), "use the recip that wrote it; nothing was changed")
        })
    }

    fn all(&self) -> impl Iterator<Item = &'static str> {
        self.key.iter().chain(self.columns).copied()
    }

    /// `"code" = json_extract(?2, '$[0]') AND ...`: the row with the key in the second parameter.
    pub(crate) fn with_key(&self) -> String {
        let keys: Vec<String> = self.key.iter().enumerate().map(|(n, k)| format!("\"{k}\" = json_extract(?2, '$[{n}]')")).collect();
        keys.join(" AND ")
    }

    /// A row as the history keeps it: `json_object('code', "code", ...)`.
    pub(crate) fn image(&self) -> String {
        let fields: Vec<String> =
            self.all()
                .map(|c| {
                    if (self.name, c) == ("weight", "weight") { format!("'{c}', printf('%!.17g', {c})") } else { format!("'{c}', \"{c}\"") }
                })
                .collect();
        format!("json_object({})", fields.join(", "))
    }

    /// The statement that takes back what `op` did to the row with the key in `?2`, which was `?1` before. It is put
    /// together from the names above; only values come from the ledger.
    fn reversal(&self, op: Op) -> String {
        let names: Vec<String> = self.all().map(|c| format!("\"{c}\"")).collect();
        let values: Vec<String> = self.all().map(|c| format!("json_extract(?1, '$.{c}')")).collect();
        let (name, names, values) = (self.name, names.join(", "), values.join(", "));
        match op {
            Op::Insert => format!("DELETE FROM {name} WHERE ?1 IS NULL AND {}", self.with_key()),
            Op::Delete => format!("INSERT INTO {name} ({names}) SELECT {values} WHERE ?2 IS NOT NULL"),
            Op::Update => format!("UPDATE {name} SET ({names}) = ({values}) WHERE {}", self.with_key()),
        }
    }
}

/// Takes entries of the history back, whichever table they are of.
#[derive(Default)]
pub(crate) struct Reversals<'c> {
    statements: Vec<(&'static str, Op, Statement<'c>)>,
}

impl<'c> Reversals<'c> {
    /// Takes one back. Gives how many rows that wrote.
    pub(crate) fn take_back(&mut self, conn: &'c Connection, table: &str, op: Op, before: Option<&str>, key: &str) -> Result<usize> {
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
