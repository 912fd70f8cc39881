//! Writes JSON Lines, which preserve every field: the entries of the catalogue that a new ledger does not have, then sources, actions, and
//! links with their stated amounts. Computed amounts are marked as derived.

use std::collections::HashSet;
use std::io::Write;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::ledger::load::catalogue_table::TABLES;
use crate::ledger::load::record::{ACTION, SourceDraft};
use crate::record::{ReadColumn, text};
use crate::report::Lens;
use crate::report::export::{Related, disputes_used, select_actions, select_links, select_sources};

use super::Exported;

/// A citation in the line of an action.
#[derive(Debug, Serialize)]
struct Cited<'a> {
    cite: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    says_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    says_count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    says_words: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    denies: bool,
}

/// Writes what a lens selects, one object per line. `type` gives the type of the object. Empty fields are left out.
///
/// # Errors
/// The ledger cannot be read, or the output cannot be written.
pub fn export_jsonl(lens: &Lens<'_>, out: &mut dyn Write) -> Result<Exported> {
    let mut exported = Exported::default();
    let whole = lens.is_whole()?;
    let disputes = if whole { HashSet::new() } else { disputes_used(lens)? };
    for table in &TABLES {
        for fact in table.rows(lens.connection())? {
            let used = whole || table.row != "dispute" || disputes.contains(&fact[0]);
            if used && !table.has_built_in(&fact)? {
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
    let mut select = lens.prepare_cached(select_sources(lens)?)?;
    for source in select.query_map([], SourceDraft::from_row)? {
        write_line(out, &Line { r#type: "source", source: source? })?;
    }
    Ok(())
}

fn write_actions(lens: &Lens<'_>, out: &mut dyn Write, exported: &mut Exported) -> Result<()> {
    let mut related = Related::without_links(lens)?;
    let read_at = lens.read_at().map(str::as_bytes);
    let mut select = lens.prepare_cached(&select_actions(lens)?)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        exported.actions += 1;
        let id: i64 = row.get(0)?;
        let mut object = Map::from_iter([("type".to_owned(), json!("action"))]);
        for (column, name) in (1..).zip(ACTION) {
            let value = match row.get_ref(column)? {
                rusqlite::types::ValueRef::Null => continue,
                // The time when a text file was read is not part of its content, so that the same file always gives the same lines.
                rusqlite::types::ValueRef::Text(stamp) if name == "logged_at" && read_at == Some(stamp) => continue,
                rusqlite::types::ValueRef::Integer(n) => json!(n),
                other => json!(text(other).map_err(rusqlite::Error::from)?),
            };
            object.insert(name.to_owned(), value);
        }
        related.fetch(id)?;
        let cited: Vec<Cited<'_>> = related
            .citations(id)
            .iter()
            .map(|c| Cited {
                cite: &c.cite,
                says_date: c.reading.date.as_deref(),
                says_count: c.reading.count.number(),
                says_words: c.reading.count.words(),
                denies: c.reading.denies,
            })
            .collect();
        if !cited.is_empty() {
            object.insert("sources".to_owned(), serde_json::to_value(cited).map_err(|e| Error::Output(e.into()))?);
        }
        let quantities: Vec<Value> =
            related.quantities(id).map(|q| json!({ "name": q.name, "value": q.value.to_string(), "unit": q.unit })).collect();
        if !quantities.is_empty() {
            object.insert("quantities".to_owned(), Value::Array(quantities));
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
    let mut select = lens.prepare_cached(select_links(lens)?)?;
    let mut rows = select.query([])?;
    while let Some(r) = rows.next()? {
        let Some(earlier) = r.read(2)? else {
            exported.links_left_out += 1;
            continue;
        };
        let (action, relation) = (r.read(0)?, r.read(1)?);
        let derived = Derived { covers: r.read(5)?, spends: r.read(6)?, takes: r.read(7)? };
        write_line(out, &Line { r#type: "link", action, relation, earlier, stated: r.read(3)?, stated_spends: r.read(4)?, derived })?;
    }
    Ok(())
}
