//! Sources that a file brings with what is known of them.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;

use super::item::SourceDraft;

/// Takes a source with what is known of it: a new one, one that was only named so far, or one that is the same.
pub(super) fn put_source(conn: &Connection, s: &SourceDraft) -> Result<Result<(), String>> {
    let held = conn
        .prepare_cached("SELECT cite, publisher, title, date, url, quote FROM source WHERE cite = ?")?
        .query_row([&s.cite], |r| {
            Ok(SourceDraft { cite: r.get(0)?, publisher: r.get(1)?, title: r.get(2)?, date: r.get(3)?, url: r.get(4)?, quote: r.get(5)? })
        })
        .optional()?;
    let bare = |h: &SourceDraft| h.publisher.is_none() && h.title.is_none() && h.date.is_none() && h.quote.is_none();
    match held {
        Some(held) if held == *s => return Ok(Ok(())),
        Some(held) if !bare(&held) => {
            let why = format!("source '{}' is in the ledger with other details; help: correct one of the two", s.cite);
            return Ok(Err(why));
        }
        _ => (),
    }
    conn.prepare_cached(
        "INSERT INTO source (cite, publisher, title, date, url, quote) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (cite) DO UPDATE SET
         publisher = excluded.publisher, title = excluded.title, date = excluded.date, url = excluded.url, quote = excluded.quote",
    )?
    .execute(params![s.cite, s.publisher, s.title, s.date, s.url, s.quote])?;
    Ok(Ok(()))
}
