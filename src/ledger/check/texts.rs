//! Finds texts that not every program can read: with bytes that are not UTF-8, which SQLite cannot test, or with NUL characters.

use rusqlite::Connection;

use super::Findings;
use super::table::{Table, tables};
use crate::error::Result;
use crate::model::details::{DETAILS, Form};

/// The fields of a source that `recip source edit` can replace by themselves.
const BIBLIOGRAPHIC: [&str; 6] = ["publisher", "title", "author", "url", "archive", "quote"];

/// Finds the unreadable texts of all tables.
pub(super) fn unreadable(conn: &Connection, findings: &mut Findings) -> Result<()> {
    for table in tables(conn)? {
        let mut select = conn.prepare(&table.select(&table.texts))?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            for (at, column) in (table.key.len()..).zip(&table.texts) {
                if let Some(what) = row.get_ref(at)?.as_bytes_or_null().ok().flatten().and_then(flaw) {
                    let what = format!("its {column} {what}; reports show U+FFFD instead");
                    let (place, help) = (table.place(row)?, help(&table, column, &table.condition(row)?));
                    // The history keeps what was written, even after it was corrected.
                    match table.name {
                        "change" | "history" | "merged_change" => findings.warning("text", place, what, help),
                        _ => findings.error("text", place, what, help),
                    }
                }
            }
        }
    }
    Ok(())
}

fn flaw(text: &[u8]) -> Option<&'static str> {
    match text {
        text if std::str::from_utf8(text).is_err() => Some("contains bytes that are not UTF-8"),
        text if memchr::memchr(0, text).is_some() => Some("contains a NUL character"),
        _ => None,
    }
}

fn help(table: &Table, column: &str, condition: &str) -> String {
    let id = condition.trim_start_matches("id = ");
    // A dispute that is not in the catalogue cannot be entered again.
    let detail = DETAILS.iter().find(|detail| detail.name == column && detail.form != Form::Dispute);
    match (table.name, detail) {
        ("action", Some(detail)) => format!("enter it again: recip edit {id} --{} TEXT", detail.option()),
        ("source", _) if BIBLIOGRAPHIC.contains(&column) => format!("enter it again: recip source edit {id} --{column} TEXT"),
        ("change" | "history" | "merged_change", _) => {
            "write everything that can be read to a new ledger: recip check --repair NEW_FILE".to_owned()
        }
        (name, _) => format!("enter it again: sqlite3 FILE \"UPDATE {name} SET \\\"{column}\\\" = 'TEXT' WHERE {condition}\""),
    }
}
