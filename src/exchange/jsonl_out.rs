//! Writing JSON Lines, which lose nothing: what the catalogue has beyond a new ledger's, then sources, actions and
//! links, with the amounts that were stated; and what follows from these facts, marked as derived.

use std::collections::HashSet;
use std::io::Write;

use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::ledger::load::facts::{Shipped, TABLES};
use crate::ledger::load::record::SourceDraft;
use crate::report::Lens;

use super::Exported;
use super::beside::Beside;

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

/// The statement that reads the actions by date and ref: their id, the columns of [`ACTION`], then what stands and is open.
pub(super) fn select_actions(lens: &Lens<'_>) -> Result<&'static str> {
    Ok(if lens.is_whole()? {
        "SELECT id, ref, date, actor, target, kind, count, stage, \"by\", place, deadline, dispute, summary, voided, logged_at, stands, open
         FROM main.action ORDER BY day, ref"
    } else {
        "SELECT id, ref, date, actor, target, kind, count, stage, \"by\", place, deadline, dispute, summary, NULL, logged_at, stands, open
         FROM shown_action ORDER BY day, ref"
    })
}

/// The statement that reads the sources: all, or those that are cited for what is selected.
pub(super) fn select_sources(lens: &Lens<'_>) -> Result<&'static str> {
    Ok(if lens.is_whole()? {
        "SELECT cite, publisher, title, author, date, url, accessed, archive, quote FROM source ORDER BY cite"
    } else {
        "SELECT cite, publisher, title, author, date, url, accessed, archive, quote FROM source
         WHERE id IN (SELECT c.source_id FROM shown_action s JOIN citation c ON c.action_id = s.id) ORDER BY cite"
    })
}

/// The statement that reads the links of what is selected, by the later action and then the earlier one. The earlier ref is missing
/// where that action was not selected. Where the whole ledger is, links of voided actions are among them.
pub(super) fn select_links(lens: &Lens<'_>) -> Result<&'static str> {
    Ok(if lens.is_whole()? {
        "SELECT b.ref, l.relation, e.ref, l.stated, l.stated_spends, l.covers, l.spends, l.takes
         FROM main.link l JOIN main.action b ON b.id = l.action_id JOIN main.action e ON e.id = l.earlier_id
         ORDER BY b.day, b.ref, e.day, e.ref, l.relation"
    } else {
        "SELECT b.ref, l.relation, e.ref, l.stated, l.stated_spends, l.covers, l.spends, l.takes
         FROM effective_link l JOIN shown_action b ON b.id = l.action_id LEFT JOIN shown_action e ON e.id = l.earlier_id
         ORDER BY b.day, b.ref, e.day, e.ref, l.relation"
    })
}

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
    let mut used = conn.prepare("SELECT DISTINCT dispute FROM shown_action WHERE dispute IS NOT NULL")?;
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
    for source in select.query_map([], source)? {
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
        let (stands, open): (i64, i64) = (row.get(ACTION.len() + 1)?, row.get(ACTION.len() + 2)?);
        object.insert("derived".to_owned(), json!({ "stands": stands, "open": open }));
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
        #[serde(skip_serializing_if = "Option::is_none")]
        stated: Option<i64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        stated_spends: Option<i64>,
        derived: Derived,
    }
    #[derive(Serialize)]
    struct Derived {
        covers: i64,
        spends: i64,
        takes: i64,
    }
    let mut select = lens.prepare(select_links(lens)?)?;
    let mut rows = select.query([])?;
    while let Some(r) = rows.next()? {
        let Some(earlier) = r.get(2)? else {
            exported.links_left_out += 1;
            continue;
        };
        let (action, relation) = (r.get(0)?, r.get(1)?);
        let derived = Derived { covers: r.get(5)?, spends: r.get(6)?, takes: r.get(7)? };
        write_line(out, &Line { r#type: "link", action, relation, earlier, stated: r.get(3)?, stated_spends: r.get(4)?, derived })?;
    }
    Ok(())
}

/// Reads a row that has the columns of a source.
fn source(row: &rusqlite::Row<'_>) -> rusqlite::Result<SourceDraft> {
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
