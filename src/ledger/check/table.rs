//! The tables of the schema, and the names of their rows in findings.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::error::Result;
use crate::ledger::objects;
use crate::record::{ReadColumn, readable};

/// A table of the schema.
#[derive(Debug)]
pub(in crate::ledger) struct Table {
    pub name: &'static str,
    /// The columns of its primary key.
    pub key: Vec<String>,
    /// All columns that are stored, except generated ones.
    pub columns: Vec<String>,
    /// The columns that hold texts.
    pub texts: Vec<String>,
}

/// The tables of the schema, in its order, in which rows refer only to rows of earlier tables or of their own. Their columns are read from
/// a connection whose tables are recip's.
pub(in crate::ledger) fn tables(conn: &Connection) -> Result<Vec<Table>> {
    objects().filter(|(sort, ..)| *sort == "table").map(|(_, name, _)| Table::read(conn, name)).collect()
}

impl Table {
    fn read(conn: &Connection, name: &'static str) -> Result<Table> {
        let mut table = Table { name, key: Vec::new(), columns: Vec::new(), texts: Vec::new() };
        let mut select = conn.prepare_cached("SELECT name, type, pk FROM pragma_table_info(?) ORDER BY pk, cid")?;
        let mut rows = select.query([name])?;
        while let Some(row) = rows.next()? {
            let (column, sort, key): (String, String, i64) = (row.read(0)?, row.read(1)?, row.read(2)?);
            if key > 0 {
                table.key.push(column.clone());
            }
            if sort == "TEXT" {
                table.texts.push(column.clone());
            }
            table.columns.push(column);
        }
        Ok(table)
    }

    /// `SELECT` with the key of each row, followed by these columns.
    pub fn select(&self, columns: &[String]) -> String {
        format!("SELECT {} FROM main.\"{}\"", list(self.key.iter().chain(columns)), self.name)
    }

    /// The name of a row in a finding: `#7` for an action, otherwise `table source, row 3`. The row begins with the key.
    pub fn place(&self, row: &Row<'_>) -> rusqlite::Result<String> {
        let key = (0..self.key.len()).map(|at| row.get_ref(at)).collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(self.place_of(key.into_iter()))
    }

    /// The name of the row with this key in a finding.
    pub fn place_of<'v>(&self, key: impl Iterator<Item = ValueRef<'v>>) -> String {
        let key = key.map(shown).collect::<Vec<_>>().join(", ");
        if self.name == "action" { format!("#{key}") } else { format!("table {}, row {key}", self.name) }
    }

    /// The condition that selects a row by its key in SQL: `id = 3`. The row begins with the key.
    pub fn condition(&self, row: &Row<'_>) -> rusqlite::Result<String> {
        let parts = self.key.iter().enumerate().map(|(at, column)| {
            let value = row.get_ref(at)?;
            let quoted = if matches!(value, ValueRef::Text(_)) { format!("'{}'", shown(value).replace('\'', "''")) } else { shown(value) };
            Ok(format!("{column} = {quoted}"))
        });
        Ok(parts.collect::<rusqlite::Result<Vec<String>>>()?.join(" AND "))
    }
}

/// Columns as a list in SQL.
pub(in crate::ledger) fn list<'c>(columns: impl IntoIterator<Item = &'c String>) -> String {
    columns.into_iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ")
}

/// A value as a finding shows it.
pub(in crate::ledger) fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(n) => n.to_string(),
        ValueRef::Real(n) => n.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => readable(bytes).into_owned(),
    }
}
