//! Loading sources with their bibliographic fields from a file.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;

use super::record::SourceDraft;

/// Loads a source: adds it, or adds the fields that the existing source lacks. Returns a message if the two differ in a field.
pub(super) fn put_source(conn: &Connection, s: &SourceDraft) -> Result<Result<(), String>> {
    let stored = conn
        .prepare_cached("SELECT cite, publisher, title, author, date, url, accessed, archive, quote FROM source WHERE cite = ?")?
        .query_row([&s.cite], SourceDraft::from_row)
        .optional()?;
    let mut merged = s.clone();
    let mut statement =
        "INSERT INTO source (cite, publisher, title, author, date, url, accessed, archive, quote) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    if let Some(mut stored) = stored {
        // ON CONFLICT would use up an id.
        statement = "UPDATE source SET publisher = ?2, title = ?3, author = ?4, date = ?5, url = ?6, accessed = ?7, archive = ?8, quote = ?9 WHERE cite = ?1";
        for ((field, new), (_, old)) in merged.details().into_iter().zip(stored.details()) {
            match (&new, &old) {
                // A cited URL serves as the address until another is given.
                (Some(new), Some(old)) if new != old && !(field == "url" && **old == s.cite) => {
                    let why = format!("{field} is '{old}' in the ledger, '{new}' here; help: make the two agree, or leave it out here");
                    return Ok(Err(format!("source '{}': {why}", s.cite)));
                }
                (None, _) => *new = old.take(),
                _ => (),
            }
        }
    }
    conn.prepare_cached(statement)?.execute(params![
        merged.cite,
        merged.publisher,
        merged.title,
        merged.author,
        merged.date,
        merged.url,
        merged.accessed,
        merged.archive,
        merged.quote
    ])?;
    Ok(Ok(()))
}
