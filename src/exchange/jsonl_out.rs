//! Writing JSON Lines, which lose nothing: what the catalogue has beyond a new ledger's, then sources, actions and
//! links, with every amount.

use std::collections::HashSet;
use std::io::Write;

use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::report::Lens;

use super::Exported;
use super::beside::Beside;
use super::facts::{Shipped, TABLES};
use super::item::SourceDraft;

/// A source as an action's line has it.
#[derive(Debug, Serialize)]
struct Cited<'a> {
    cite: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    says_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    says_count: Option<i64>,
}

/// The columns of an action that files hold.
pub(super) const ACTION: [&str; 14] =
    ["ref", "date", "actor", "target", "kind", "count", "stage", "by", "place", "deadline", "dispute", "summary", "voided", "logged_at"];

/// The statement that reads the actions: their id, then the columns of [`ACTION`].
pub(super) fn select_actions(lens: &Lens<'_>) -> Result<&'static str> {
    Ok(if lens.is_whole()? {
        "SELECT id, ref, date, actor, target, kind, count, stage, \"by\", place, deadline, dispute, summary, voided, logged_at
         FROM main.action ORDER BY id"
    } else {
        "SELECT id, ref, date, actor, target, kind, count, stage, \"by\", place, deadline, dispute, summary, NULL, logged_at
         FROM standing ORDER BY id"
    })
}

/// The statement that reads the sources: all, or those that are cited for what is selected.
pub(super) fn select_sources(lens: &Lens<'_>) -> Result<&'static str> {
    Ok(if lens.is_whole()? {
        "SELECT cite, publisher, title, author, date, url, accessed, archive, quote FROM source ORDER BY id"
    } else {
        "SELECT cite, publisher, title, author, date, url, accessed, archive, quote FROM source
         WHERE id IN (SELECT c.source_id FROM standing s JOIN citation c ON c.action_id = s.id) ORDER BY id"
    })
}

/// The links between what is selected, in the order in which they count. The earlier ref is missing where that was
/// not selected.
pub(super) const SELECT_LINKS: &str = "SELECT b.ref, l.relation, e.ref, l.covers, l.spends, l.reversed
    FROM bearing l JOIN standing b ON b.id = l.action_id LEFT JOIN standing e ON e.id = l.earlier_id ORDER BY l.day, l.id";

/// Writes what a lens shows, one object a line. Its `type` says what it is; what is empty is left out.
///
/// # Errors
/// The ledger cannot be read, or the output not written.
pub fn export_jsonl(lens: &Lens<'_>, out: &mut dyn Write) -> Result<Exported> {
    let mut exported = Exported::default();
    let mut shipped = Shipped::default();
    let whole = lens.is_whole()?;
    let disputes = if whole { HashSet::new() } else { disputes_used(lens)? };
    for table in &TABLES {
        for fact in table.rows(lens)? {
            let used = whole || table.row != "dispute" || disputes.contains(&fact[0]);
            if used && !shipped.has(table, &fact)? {
                let mut object = Map::from_iter([("type".to_owned(), json!(table.row))]);
                for (column, value) in table.columns.iter().zip(fact) {
                    let Some(text) = value else { continue };
                    let number = if *column == "weight" { text.parse().ok().and_then(serde_json::Number::from_f64) } else { None };
                    object.insert((*column).to_owned(), number.map_or(Value::String(text), Value::Number));
                }
                write_line(out, &object)?;
            }
        }
    }
    write_sources(lens, out)?;
    write_actions(lens, out, &mut exported)?;
    write_links(lens, out, &mut exported)?;
    out.flush()?;
    Ok(exported)
}

/// The disputes that selected actions belong to.
pub(super) fn disputes_used(conn: &Connection) -> Result<HashSet<Option<String>>> {
    let mut used = conn.prepare("SELECT DISTINCT dispute FROM standing WHERE dispute IS NOT NULL")?;
    Ok(used.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?)
}

fn write_line(out: &mut dyn Write, line: &impl Serialize) -> Result<()> {
    serde_json::to_writer(&mut *out, line).map_err(|e| Error::Output(e.into()))?;
    out.write_all(b"\n")?;
    Ok(())
}

fn write_sources(lens: &Lens<'_>, out: &mut dyn Write) -> Result<()> {
    #[derive(Serialize)]
    struct Line {
        r#type: &'static str,
        #[serde(flatten)]
        source: SourceDraft,
    }
    let mut select = lens.prepare(select_sources(lens)?)?;
    for source in select.query_map([], SourceDraft::from_row)? {
        write_line(out, &Line { r#type: "source", source: source? })?;
    }
    Ok(())
}

fn write_actions(lens: &Lens<'_>, out: &mut dyn Write, exported: &mut Exported) -> Result<()> {
    let mut beside = Beside::new(lens)?;
    let read_at = lens.read_at().map(str::as_bytes);
    let mut select = lens.prepare(select_actions(lens)?)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        exported.actions += 1;
        let id: i64 = row.get(0)?;
        let mut object = Map::from_iter([("type".to_owned(), json!("action"))]);
        for (column, name) in (1..).zip(ACTION) {
            let value = match row.get_ref(column)? {
                rusqlite::types::ValueRef::Null => continue,
                // When a file was read is no part of what it holds: the same file gives the same lines.
                rusqlite::types::ValueRef::Text(stamp) if name == "logged_at" && read_at == Some(stamp) => continue,
                rusqlite::types::ValueRef::Integer(n) => json!(n),
                other => json!(other.as_str().map_err(rusqlite::Error::from)?),
            };
            object.insert(name.to_owned(), value);
        }
        beside.fetch(id)?;
        let cited: Vec<Cited<'_>> = beside
            .citations(id)
            .iter()
            .map(|c| Cited { cite: &c.cite, says_date: c.says_date.as_deref(), says_count: c.says_count })
            .collect();
        if !cited.is_empty() {
            object.insert("sources".to_owned(), serde_json::to_value(cited).map_err(|e| Error::Output(e.into()))?);
        }
        write_line(out, &object)?;
    }
    Ok(())
}

fn write_links(lens: &Lens<'_>, out: &mut dyn Write, exported: &mut Exported) -> Result<()> {
    #[derive(Serialize)]
    struct Line {
        r#type: &'static str,
        action: String,
        relation: String,
        earlier: String,
        covers: i64,
        spends: i64,
        reversed: i64,
    }
    let mut select = lens.prepare(SELECT_LINKS)?;
    let mut rows = select.query([])?;
    while let Some(r) = rows.next()? {
        let Some(earlier) = r.get(2)? else {
            exported.links_left_out += 1;
            continue;
        };
        let (action, relation) = (r.get(0)?, r.get(1)?);
        let (covers, spends, reversed) = (r.get(3)?, r.get(4)?, r.get(5)?);
        write_line(out, &Line { r#type: "link", action, relation, earlier, covers, spends, reversed })?;
    }
    Ok(())
}
