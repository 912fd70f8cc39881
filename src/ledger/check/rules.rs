//! Finds the rows that break a rule of their table. SQLite's integrity check names only the table.

use rusqlite::config::DbConfig;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, ErrorCode, params_from_iter};

use super::Findings;
use super::table::{Table, list, tables};
use crate::error::Result;
use crate::ledger::Ledger;

/// Finds the rows of a table that break a rule: each is inserted into an empty table of a new ledger, and deleted again.
pub(super) fn broken(conn: &Connection, name: &str, findings: &mut Findings) -> Result<()> {
    let Some(table) = tables(conn)?.into_iter().find(|table| table.name == name) else { return Ok(()) };
    let trial = Trial::new()?;
    let mut select = conn.prepare(&table.select(&table.columns))?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let values = (table.key.len()..table.key.len() + table.columns.len()).map(|at| row.get_ref(at).map(value));
        if let Some(why) = trial.refusal(&table, &values.collect::<rusqlite::Result<Vec<_>>>()?)? {
            let condition = table.condition(row)?;
            let help = format!("correct it: sqlite3 FILE \"UPDATE {name} SET ... WHERE {condition}\", or restore a backup");
            findings.error("rule", table.place(row)?, format!("it breaks a rule of its table: {why}"), help);
        }
    }
    Ok(())
}

/// A value, with bytes that are not UTF-8 replaced. No rule concerns these.
fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Integer(n),
        ValueRef::Real(n) => Value::Real(n),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(blob) => Value::Blob(blob.to_owned()),
    }
}

/// A new ledger without any rows, to which rows are added on trial. Only the rules of single rows apply: references and triggers are off.
struct Trial(Ledger);

impl Trial {
    fn new() -> Result<Trial> {
        let ledger = Ledger::in_memory()?;
        let conn = ledger.connection();
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        conn.execute_batch("PRAGMA foreign_keys = OFF; BEGIN")?;
        for table in tables(conn)? {
            conn.execute(&format!("DELETE FROM \"{}\"", table.name), [])?;
        }
        Ok(Trial(ledger))
    }

    /// Why the table refuses this row; `None` if it accepts it.
    fn refusal(&self, table: &Table, values: &[Value]) -> Result<Option<String>> {
        let conn = self.0.connection();
        let places: Vec<&str> = values.iter().map(|_| "?").collect();
        let insert = format!("INSERT INTO \"{}\" ({}) VALUES ({})", table.name, list(&table.columns), places.join(", "));
        let inserted = conn.prepare_cached(&insert)?.execute(params_from_iter(values));
        match inserted {
            Ok(_) => {
                conn.prepare_cached(&format!("DELETE FROM \"{}\"", table.name))?.execute([])?;
                Ok(None)
            }
            Err(rusqlite::Error::SqliteFailure(e, why)) if e.code == ErrorCode::ConstraintViolation => Ok(Some(why.unwrap_or_default())),
            Err(e) => Err(e.into()),
        }
    }
}
