//! The seal: a checksum of all facts and of the history, which each change of recip renews and `recip check` verifies.
//!
//! It is the sum of the SHA-256 digests of all rows, in four parts of 64 bits. The sum does not depend on the order of the rows, and a change
//! needs only the rows that it wrote to renew it. It covers neither derived values, which `recip check` computes again, nor the reports of
//! feeds, which can be imported again. A seal reveals damage and edits that bypass the triggers. It is not a signature: whoever has recip can
//! make a new one.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::convert::Infallible;
use std::fmt;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, Params, params};
use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::ledger::history_table::{HistoryTable, TABLES};
use crate::record::{ReadColumn, column_list, readable};

const CHANGE: &str = "SELECT id, at, who, command, undoes, action_mark, link_mark, source_mark, token FROM change";
const HISTORY: &str = "SELECT id, change_id, table_name, row_key, op, before FROM history";
/// The identity of the ledger, which never changes.
const LEDGER: &str = "SELECT id, uuid, created_at FROM ledger";
const MERGED: &str = "SELECT change_id, position, token, at, who, command, decided FROM merged_change";

/// A sum of digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Sum([u64; 4]);

impl Sum {
    fn add(&mut self, other: Sum) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = mine.wrapping_add(theirs);
        }
    }

    fn subtract(&mut self, other: Sum) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = mine.wrapping_sub(theirs);
        }
    }

    /// The digest of one row.
    fn of_row<'v>(table: &str, values: impl Iterator<Item = ValueRef<'v>>) -> Sum {
        let mut bytes = Vec::with_capacity(512);
        encode(&mut bytes, table, values.map(Ok::<_, Infallible>)).unwrap_or_else(|never| match never {});
        Sum::of_bytes(&bytes)
    }

    fn of_bytes(row: &[u8]) -> Sum {
        let digest = Sha256::digest(row);
        let mut parts = [0; 4];
        for (part, bytes) in parts.iter_mut().zip(digest.chunks_exact(8)) {
            *part = bytes.iter().fold(0, |so_far, byte| so_far << 8 | u64::from(*byte));
        }
        Sum(parts)
    }

    /// The sum of the rows that a statement reads.
    fn of_rows(conn: &Connection, table: &str, select: &str, params: impl Params) -> Result<Sum> {
        let mut select = conn.prepare_cached(select)?;
        let columns = select.column_count();
        let (mut sum, mut bytes) = (Sum::default(), Vec::new());
        let mut rows = select.query(params)?;
        while let Some(row) = rows.next()? {
            bytes.clear();
            encode(&mut bytes, table, (0..columns).map(|n| row.get_ref(n)))?;
            sum.add(Sum::of_bytes(&bytes));
        }
        Ok(sum)
    }
}

/// Writes a row in the form whose digest is sealed: each value with its type and its length.
fn encode<'v, E>(bytes: &mut Vec<u8>, table: &str, values: impl Iterator<Item = Result<ValueRef<'v>, E>>) -> Result<(), E> {
    let mut put = |sort: u8, value: &[u8]| {
        bytes.push(sort);
        bytes.extend_from_slice(&(value.len() as u64).to_le_bytes());
        bytes.extend_from_slice(value);
    };
    put(b'=', table.as_bytes());
    for value in values {
        match value? {
            ValueRef::Null => put(b'-', &[]),
            ValueRef::Integer(n) => put(b'i', &n.to_le_bytes()),
            ValueRef::Real(x) => put(b'r', &x.to_bits().to_le_bytes()),
            // The history may hold a damaged text only with replaced characters.
            ValueRef::Text(text) => put(b't', readable(text).as_bytes()),
            ValueRef::Blob(bytes) => put(b'b', bytes),
        }
    }
    Ok(())
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| write!(f, "{part:016x}"))
    }
}

/// Writes the seal of a change, after all its rows are written. If the change before it lost its seal, this one has none either: a new seal
/// would cover what was altered since.
pub(super) fn seal(conn: &Connection, change: i64) -> Result<()> {
    let lost = format!(
        "SELECT EXISTS (SELECT 1 FROM change WHERE {LOST} AND id < ?1 AND id > coalesce((SELECT max(id) FROM change WHERE seal IS NOT NULL), 0))"
    );
    if conn.prepare_cached(&lost)?.query_row([change], |r| r.get(0))? {
        return Ok(());
    }
    let sum = match last_seal(conn, change)? {
        Some((sealed, mut sum)) => {
            sum.add(written_since(conn, sealed)?);
            sum
        }
        None => all(conn)?,
    };
    put(conn, change, sum)
}

fn put(conn: &Connection, change: i64, sum: Sum) -> Result<()> {
    conn.prepare_cached("UPDATE change SET seal = ? WHERE id = ?")?.execute(params![sum.to_string(), change])?;
    Ok(())
}

/// Seals a ledger as it is, in place of the seals that it has.
pub(super) fn renew(conn: &Connection) -> Result<()> {
    conn.execute("UPDATE change SET seal = NULL", [])?;
    match conn.query_row("SELECT max(id) FROM change", [], |r| r.get(0))? {
        Some(last) => put(conn, last, all(conn)?),
        None => Ok(()),
    }
}

/// The condition on a change of recip without a seal.
const LOST: &str = "who <> 'another client' AND seal IS NULL";

/// The changes of recip that lost their seals. Those before the first seal are older than it: a repaired ledger is sealed as it is.
pub(super) fn lost(conn: &Connection) -> Result<Vec<i64>> {
    let since = "coalesce((SELECT min(id) FROM change WHERE seal IS NOT NULL), 0)";
    let mut unsealed = conn.prepare(&format!("SELECT id FROM change WHERE {LOST} AND id > {since} ORDER BY id"))?;
    let lost = unsealed.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(lost)
}

/// A run of changes, one of which wrote a row that was later altered or deleted without an entry in the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken {
    pub first: i64,
    pub last: i64,
    /// True if the row may also have been there before these changes, like those of the built-in catalogue.
    pub from_the_start: bool,
}

/// The changes whose seals do not match the ledger. Nothing if the last seal matches it.
///
/// From the change that last wrote an altered row on, every seal is off by the same sum. So these changes are found where two seals in
/// succession are off by different sums, and all others are passed over by halves.
pub(super) fn broken(conn: &Connection) -> Result<Vec<Broken>> {
    let Some((last, seal)) = last_seal(conn, i64::MAX)? else { return Ok(Vec::new()) };
    let current = all(conn)?;
    let deviation = |sealed: i64, seal: Sum| -> Result<Sum> {
        let mut sum = current;
        sum.subtract(written_since(conn, sealed)?);
        sum.subtract(seal);
        Ok(sum)
    };
    let of_last = deviation(last, seal)?;
    if of_last == Sum::default() {
        return Ok(Vec::new());
    }
    let mut select = conn.prepare("SELECT id, seal FROM change WHERE seal IS NOT NULL ORDER BY id")?;
    let sealed = select.query_map([], |r| Ok((r.get(0)?, parsed(&r.read::<String>(1)?))))?;
    let sealed: Vec<(i64, Sum)> = sealed.collect::<rusqlite::Result<_>>()?;
    let mut found = Vec::new();
    // The number of the seals up to each end of a span, and how the ledger deviates from the last of them.
    let mut spans = vec![((0, Sum::default()), (sealed.len(), of_last))];
    while let Some((low, high)) = spans.pop() {
        match high.0 - low.0 {
            _ if low.1 == high.1 => (),
            1 => {
                let first = if low.0 == 0 { 1 } else { sealed[low.0 - 1].0 + 1 };
                found.push(Broken { first, last: sealed[low.0].0, from_the_start: low.0 == 0 });
            }
            many => {
                let count = low.0 + many / 2;
                let (change, seal) = sealed[count - 1];
                let middle = (count, deviation(change, seal)?);
                spans.extend([(middle, high), (low, middle)]);
            }
        }
    }
    Ok(found)
}

/// The last change before `change` that has a seal, and the seal.
fn last_seal(conn: &Connection, change: i64) -> Result<Option<(i64, Sum)>> {
    let mut select = conn.prepare_cached("SELECT id, seal FROM change WHERE seal IS NOT NULL AND id < ? ORDER BY id DESC LIMIT 1")?;
    let last = select.query_row([change], |r| Ok((r.get(0)?, r.get::<_, String>(1)?))).optional()?;
    Ok(last.map(|(id, seal)| (id, parsed(&seal))))
}

/// A seal as a sum. A text that is not a seal matches no ledger.
fn parsed(seal: &str) -> Sum {
    let part = |n: usize| seal.get(16 * n..16 * n + 16).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or_default();
    Sum([part(0), part(1), part(2), part(3)])
}

/// The sum of all rows.
fn all(conn: &Connection) -> Result<Sum> {
    let mut sum = Sum::of_rows(conn, "change", CHANGE, [])?;
    sum.add(Sum::of_rows(conn, "history", HISTORY, [])?);
    sum.add(Sum::of_rows(conn, "merged_change", MERGED, [])?);
    sum.add(Sum::of_rows(conn, "ledger", LEDGER, [])?);
    for table in &TABLES {
        sum.add(Sum::of_rows(conn, table.name, &select(table, "true"), [])?);
    }
    Ok(sum)
}

/// What the changes after `sealed` add to the sum, and take from it.
fn written_since(conn: &Connection, sealed: i64) -> Result<Sum> {
    let marks = "SELECT id, action_mark, link_mark, source_mark FROM change WHERE id > ? ORDER BY id LIMIT 1";
    let marks = conn.prepare_cached(marks)?.query_row([sealed], |r| Ok((r.get(0)?, [r.get(1)?, r.get(2)?, r.get(3)?]))).optional()?;
    let Some((first, [action, link, source])): Option<(i64, [i64; 3])> = marks else { return Ok(Sum::default()) };
    let mut sum = Sum::of_rows(conn, "change", &format!("{CHANGE} WHERE id >= ?"), [first])?;
    sum.add(Sum::of_rows(conn, "history", &format!("{HISTORY} WHERE change_id >= ?"), [first])?);
    sum.add(Sum::of_rows(conn, "merged_change", &format!("{MERGED} WHERE change_id >= ?"), [first])?);
    let mut mark_of = [None; TABLES.len()];
    for (table, mark) in TABLES.iter().zip(&mut mark_of) {
        *mark = match table.name {
            "action" | "citation" | "quantity" => Some(action),
            "link" => Some(link),
            "source" => Some(source),
            _ => None,
        };
        if let Some(mark) = *mark {
            let added = select(table, &format!("{} > ?", table.key[0]));
            sum.add(Sum::of_rows(conn, table.name, &added, [mark])?);
        }
    }
    for ((table, key), before) in touched(conn, first, &mark_of)? {
        let table = &TABLES[table];
        sum.subtract(before);
        let current = select(table, &format!("?1 IS NULL AND {}", table.key_condition()));
        sum.add(Sum::of_rows(conn, table.name, &current, params![None::<i64>, key])?);
    }
    Ok(sum)
}

/// The rows that the changes from `first` on updated, deleted, or inserted under an id below the marks: each by the place of its table and
/// its key, with the digest that it had before these changes; zero: it did not exist.
fn touched(conn: &Connection, first: i64, mark_of: &[Option<i64>]) -> Result<HashMap<(usize, String), Sum>> {
    let mut rows = HashMap::new();
    let mut entries = conn.prepare_cached("SELECT table_name, row_key, op, before FROM history WHERE change_id >= ? ORDER BY id")?;
    let mut entries = entries.query([first])?;
    while let Some(entry) = entries.next()? {
        let (name, key, op) = (entry.get_ref(0)?, entry.read::<String>(1)?, entry.get_ref(2)?.as_bytes().unwrap_or_default() == b"update");
        let Some(at) = TABLES.iter().position(|t| Ok(t.name) == name.as_str()) else { continue };
        let table = &TABLES[at];
        if mark_of[at].is_some_and(|mark| first_of_key(&key).is_some_and(|id| id > mark)) {
            continue;
        }
        let before: Option<String> = entry.read(3)?;
        let old_key = match &before {
            Some(before) if op && table.key != ["id"] => key_in(conn, table, before)?,
            _ => key.clone(),
        };
        if let Entry::Vacant(vacant) = rows.entry((at, old_key)) {
            vacant.insert(before.as_deref().map_or_else(Sum::default, |before| of_image(table, before)));
        }
        rows.entry((at, key)).or_default();
    }
    Ok(rows)
}

/// The first part of a key: 7 for `[7]` and for `[7,2]`.
fn first_of_key(key: &str) -> Option<i64> {
    key.trim_start_matches('[').split([',', ']']).next()?.parse().ok()
}

/// The key of a row as it was, in the form of `row_key`.
fn key_in(conn: &Connection, table: &HistoryTable, before: &str) -> Result<String> {
    Ok(conn.prepare_cached(&format!("SELECT {}", table.key_of("?1")))?.query_row([before], |r| r.get(0))?)
}

/// The digest of a row as the history stores it.
fn of_image(table: &HistoryTable, before: &str) -> Sum {
    let image: serde_json::Value = serde_json::from_str(before).unwrap_or_default();
    if table.name == "candidate" && image["review"].is_null() {
        return Sum::default();
    }
    let values: Vec<Value> = table.all_columns().map(|column| stored(table, column, &image[column])).collect();
    Sum::of_row(table.name, values.iter().map(ValueRef::from))
}

/// A value of the history, as the table stores it.
fn stored(table: &HistoryTable, column: &str, value: &serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match value {
        // The history stores weights as text, with all their digits.
        Json::String(text) if (table.name, column) == ("weight", "weight") => Value::Real(text.parse().unwrap_or_default()),
        Json::String(text) => Value::Text(text.clone()),
        Json::Number(number) => number.as_i64().map(Value::Integer).or(number.as_f64().map(Value::Real)).unwrap_or(Value::Null),
        _ => Value::Null,
    }
}

/// The statement that reads rows of a table. Candidates that nobody has reviewed are derived from the reports of feeds.
fn select(table: &HistoryTable, condition: &str) -> String {
    let columns: Vec<&str> = table.all_columns().collect();
    let reviewed = if table.name == "candidate" { " AND review IS NOT NULL" } else { "" };
    format!("SELECT {} FROM {} WHERE {condition}{reviewed}", column_list(&columns), table.name)
}
