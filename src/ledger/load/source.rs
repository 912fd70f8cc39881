//! Sources that a file brings with what is known of them.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;

use super::record::SourceDraft;

/// Takes a source with what is known of it: a new one, or one that is there, to which it adds what the ledger does not
/// know. Gives what is wrong where the two differ.
pub(super) fn put_source(conn: &Connection, s: &SourceDraft) -> Result<Result<(), String>> {
    let held = conn
        .prepare_cached("SELECT cite, publisher, title, author, date, url, accessed, archive, quote FROM source WHERE cite = ?")?
        .query_row([&s.cite], held)
        .optional()?;
    let mut put = s.clone();
    let mut statement =
        "INSERT INTO source (cite, publisher, title, author, date, url, accessed, archive, quote) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    if let Some(mut held) = held {
        // A conflict would use up an id.
        statement = "UPDATE source SET publisher = ?2, title = ?3, author = ?4, date = ?5, url = ?6, accessed = ?7, archive = ?8, quote = ?9 WHERE cite = ?1";
        for ((field, here), (_, there)) in put.details().into_iter().zip(held.details()) {
            match (&here, &there) {
                // A URL that was only cited stands for its address until one is given.
                (Some(new), Some(old)) if new != old && !(field == "url" && **old == s.cite) => {
                    let why = format!("{field} is '{old}' in the ledger, '{new}' here; help: make them agree, or leave it out here");
                    return Ok(Err(format!("source '{}': {why}", s.cite)));
                }
                (None, _) => *here = there.take(),
                _ => (),
            }
        }
    }
    conn.prepare_cached(statement)?.execute(params![
        put.cite,
        put.publisher,
        put.title,
        put.author,
        put.date,
        put.url,
        put.accessed,
        put.archive,
        put.quote
    ])?;
    Ok(Ok(()))
}

fn held(row: &rusqlite::Row<'_>) -> rusqlite::Result<SourceDraft> {
    Ok(SourceDraft {
        cite: row.get("cite")?,
        publisher: row.get("publisher")?,
        title: row.get("title")?,
        author: row.get("author")?,
        date: row.get("date")?,
        url: row.get("url")?,
        accessed: row.get("accessed")?,
        archive: row.get("archive")?,
        quote: row.get("quote")?,
    })
}
