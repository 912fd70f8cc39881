//! Reading the rows of a damaged file, as far as SQLite can: a damaged page hides only its own rows.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row};

use crate::error::{Error, Result};
use crate::ledger::check::table::{Table, list, shown};
use crate::record::{ReadColumn, readable};

/// The maximum number of failed attempts for a table. Each takes a few microseconds, and halves a range of ids.
const MAX_ATTEMPTS: u32 = 200_000;
/// How many ids beyond the last readable one are tried if no counter says which was the last.
const BEYOND: i64 = 10_000;

/// The rows of a table that can be read.
#[derive(Debug, Default)]
pub(super) struct Salvaged {
    /// The columns that the table has in the file.
    pub columns: Vec<String>,
    /// The values of these columns. Characters that cannot be read are replaced.
    pub rows: Vec<Vec<Value>>,
    /// What cannot be read.
    pub unreadable: Vec<Unreadable>,
    /// Texts in which characters were replaced.
    pub altered: Vec<Unreadable>,
}

/// Rows that cannot be read, or values of a row.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub place: String,
    pub why: String,
}

/// A damaged file.
pub(super) struct Salvage<'c> {
    conn: &'c Connection,
    /// The plain tables of the file.
    tables: HashSet<String>,
}

impl<'c> Salvage<'c> {
    /// Reads the names of the tables.
    ///
    /// # Errors
    /// The schema of the file cannot be read, so nothing else can be either.
    pub fn of(conn: &'c Connection) -> Result<Salvage<'c>> {
        let read = || {
            let mut select = conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")?;
            select.query_map([], |r| r.read(0))?.collect::<rusqlite::Result<HashSet<String>>>()
        };
        let tables = read().map_err(|e| {
            let why = format!("the list of its tables cannot be read ({e})");
            Error::refused("cannot repair the ledger", why, "restore a backup: recip restore BACKUP")
        })?;
        Ok(Salvage { conn, tables })
    }

    /// The last id that each table has assigned, as far as that can be read.
    pub fn sequences(&self) -> Result<BTreeMap<String, i64>> {
        let read = || {
            let mut select = self.conn.prepare("SELECT name, max(seq) FROM sqlite_sequence GROUP BY name")?;
            select.query_map([], |r| Ok((r.read(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()
        };
        Ok(read().unwrap_or_default())
    }

    /// The rows of a table.
    pub fn rows(&self, table: &Table) -> Result<Salvaged> {
        let mut salvaged = Salvaged::default();
        if !self.tables.contains(table.name) {
            let why = "the whole table is missing or cannot be read".to_owned();
            salvaged.unreadable.push(Unreadable { place: format!("table {}", table.name), why });
            return Ok(salvaged);
        }
        let mut info = self.conn.prepare("SELECT name FROM pragma_table_info(?)")?;
        let there: HashSet<String> = info.query_map([table.name], |r| r.read(0))?.collect::<rusqlite::Result<_>>()?;
        salvaged.columns = table.columns.iter().filter(|column| there.contains(*column)).cloned().collect();
        if !table.key.iter().all(|key| there.contains(key)) {
            let why = "its key cannot be read".to_owned();
            salvaged.unreadable.push(Unreadable { place: format!("table {}", table.name), why });
            return Ok(salvaged);
        }
        let mut reading = Reading { conn: self.conn, table, salvaged, attempts: 0 };
        match table.key.as_slice() {
            [key] if key == "id" => reading.by_id(self.sequences()?.get(table.name).copied())?,
            _ => reading.in_both_directions()?,
        }
        Ok(reading.salvaged)
    }
}

/// A table being read.
struct Reading<'r> {
    conn: &'r Connection,
    table: &'r Table,
    salvaged: Salvaged,
    attempts: u32,
}

impl Reading<'_> {
    fn select(&self, rest: &str) -> String {
        format!("SELECT {} FROM main.\"{}\" NOT INDEXED {rest}", list(&self.salvaged.columns), self.table.name)
    }

    /// Reads rows until the end or the first that cannot be read. Returns them, and true if it reached the end.
    fn until_damage(&mut self, rest: &str, parameters: &[i64]) -> Result<(Vec<Vec<Value>>, bool)> {
        let (mut read, mut altered) = (Vec::new(), Vec::new());
        let all = (|| {
            let mut select = self.conn.prepare_cached(&self.select(rest))?;
            let mut rows = select.query(rusqlite::params_from_iter(parameters))?;
            while let Some(row) = rows.next()? {
                read.push((0..self.salvaged.columns.len()).map(|at| Ok(value(row.get_ref(at)?))).collect::<rusqlite::Result<_>>()?);
                altered.extend(self.altered(row)?);
            }
            Ok(())
        })();
        self.salvaged.altered.extend(altered);
        match all {
            Ok(()) => Ok((read, true)),
            Err(e) if is_unreadable(&e) => Ok((read, false)),
            Err(e) => Err(e.into()),
        }
    }

    /// The text of a row in which characters were replaced.
    fn altered(&self, row: &Row<'_>) -> rusqlite::Result<Option<Unreadable>> {
        let columns = &self.salvaged.columns;
        for (at, column) in columns.iter().enumerate() {
            if matches!(row.get_ref(at)?, ValueRef::Text(text) if matches!(readable(text), Cow::Owned(_))) {
                let key =
                    self.table.key.iter().map(|key| columns.iter().position(|c| c == key).map_or(Ok(ValueRef::Null), |at| row.get_ref(at)));
                let place = self.table.place_of(key.collect::<rusqlite::Result<Vec<_>>>()?.into_iter());
                let why = format!("its {column} contained bytes that are not UTF-8, or NUL characters, which were replaced by U+FFFD");
                return Ok(Some(Unreadable { place, why }));
            }
        }
        Ok(None)
    }

    /// Reads a table whose key is a text or has several columns: from its first row on, and from its last row backwards.
    fn in_both_directions(&mut self) -> Result<()> {
        let table = self.table;
        let order = |way: &str| table.key.iter().map(|key| format!("\"{key}\" {way}")).collect::<Vec<_>>().join(", ");
        let (mut rows, whole) = self.until_damage(&format!("ORDER BY {}", order("ASC")), &[])?;
        if !whole {
            let (last, _) = self.until_damage(&format!("ORDER BY {}", order("DESC")), &[])?;
            rows.extend(last.into_iter().rev());
            let why = match rows.len() {
                0 => "none of its rows can be read: they are on damaged pages".to_owned(),
                read => format!("only {read} of its rows can be read: the others are on damaged pages"),
            };
            self.salvaged.unreadable.push(Unreadable { place: format!("table {}", self.table.name), why });
        }
        self.salvaged.rows = rows;
        Ok(())
    }

    /// Reads a table with an id: all of it, or all but the rows on damaged pages.
    fn by_id(&mut self, last_given: Option<i64>) -> Result<()> {
        let (mut rows, whole) = self.until_damage("ORDER BY id", &[])?;
        if !whole {
            let first_lost = rows.last().map_or(1, |row| self.id(row).saturating_add(1));
            let (tail, _) = self.until_damage("WHERE id >= ? ORDER BY id DESC", &[first_lost])?;
            let last_lost = match tail.last() {
                Some(row) => self.id(row) - 1,
                None => last_given.unwrap_or(first_lost.saturating_add(BEYOND)),
            };
            let mut ranges = Vec::new();
            self.range(first_lost, last_lost, &mut rows, &mut ranges)?;
            rows.extend(tail.into_iter().rev());
            self.list(ranges, &mut rows)?;
        }
        self.salvaged.rows = rows;
        Ok(())
    }

    fn id(&self, row: &[Value]) -> i64 {
        let at = self.salvaged.columns.iter().position(|column| column == "id").unwrap_or_default();
        if let Value::Integer(id) = row[at] { id } else { 0 }
    }

    /// Reads the rows with ids in a range. Halves what cannot be read, down to single ids, which go to `lost`.
    fn range(&mut self, first: i64, last: i64, rows: &mut Vec<Vec<Value>>, lost: &mut Vec<(i64, i64)>) -> Result<()> {
        if first > last {
            return Ok(());
        }
        let (read, whole) = self.until_damage("WHERE id >= ? AND id <= ? ORDER BY id", &[first, last])?;
        let next = read.last().map_or(first, |row| self.id(row).saturating_add(1));
        rows.extend(read);
        if whole || next > last {
            return Ok(());
        }
        self.attempts += 1;
        if next == last || self.attempts > MAX_ATTEMPTS {
            match lost.last_mut() {
                Some((_, end)) if *end + 1 == next => *end = last,
                _ => lost.push((next, last)),
            }
            return Ok(());
        }
        let middle = next + (last - next) / 2;
        self.range(next, middle, rows, lost)?;
        self.range(middle + 1, last, rows, lost)
    }

    /// Lists the lost rows, except for those of which some columns can still be read: a long text has pages of its own.
    fn list(&mut self, lost: Vec<(i64, i64)>, rows: &mut Vec<Vec<Value>>) -> Result<()> {
        let why = || "it is on a damaged page".to_owned();
        for (first, last) in lost {
            if last - first < i64::from(MAX_ATTEMPTS) && (first..=last).any(|id| self.value("id", id).is_some()) {
                for id in first..=last {
                    let place = self.table.place_of(std::iter::once(ValueRef::Integer(id)));
                    match self.by_columns(id) {
                        Some((row, missing)) => {
                            rows.push(row);
                            let why = format!("its {} cannot be read", missing.join(", "));
                            self.salvaged.unreadable.push(Unreadable { place, why });
                        }
                        None => self.salvaged.unreadable.push(Unreadable { place, why: why() }),
                    }
                }
            } else {
                let ends = [first, last].map(|id| self.table.place_of(std::iter::once(ValueRef::Integer(id))));
                let place = if first == last { ends[0].clone() } else { format!("{} to {last}", ends[0]) };
                self.salvaged.unreadable.push(Unreadable { place, why: "these rows, if there were any, are on a damaged page".to_owned() });
            }
        }
        Ok(())
    }

    /// The row with this id, column by column, and the columns that cannot be read.
    fn by_columns(&self, id: i64) -> Option<(Vec<Value>, Vec<String>)> {
        self.value("id", id)?;
        let mut missing = Vec::new();
        let row = self.salvaged.columns.iter().map(|column| {
            self.value(column, id).unwrap_or_else(|| {
                missing.push(column.clone());
                Value::Null
            })
        });
        Some((row.collect(), missing))
    }

    fn value(&self, column: &str, id: i64) -> Option<Value> {
        let select = format!("SELECT \"{column}\" FROM main.\"{}\" NOT INDEXED WHERE id = ?", self.table.name);
        let mut select = self.conn.prepare_cached(&select).ok()?;
        select.query_row([id], |r| Ok(value(r.get_ref(0)?))).optional().ok().flatten()
    }
}

/// A value with unreadable characters replaced.
fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Integer(n),
        ValueRef::Real(n) => Value::Real(n),
        ValueRef::Text(text) => Value::Text(readable(text).into_owned()),
        blob @ ValueRef::Blob(_) => Value::Text(shown(blob)),
    }
}

/// True for an error that concerns the rows, and not the whole program.
fn is_unreadable(e: &rusqlite::Error) -> bool {
    use ErrorCode::{DatabaseCorrupt, NotADatabase, SystemIoFailure, TooBig};
    matches!(e.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase | SystemIoFailure | TooBig))
}
