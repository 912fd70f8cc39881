//! The file itself: where it lies, what its schema holds, whether its pages hold together, what names what.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};

use super::Findings;
use crate::error::Result;
use crate::ledger::guard::{self, Parting};
use crate::ledger::open::connect_to_read;
use crate::ledger::{Ledger, mount};

/// Where a file shared with other machines lies, SQLite's locks may not hold.
pub(super) fn folder(path: &Path, findings: &mut Findings) {
    if let Some(shared) = mount::shared(path) {
        findings.warning(
            "network-folder",
            path.display().to_string(),
            format!("the ledger lies on {shared}, where two who write at once can damage it"),
            "keep it on a disk of one machine, and share copies that 'recip backup' makes",
        );
    }
}

/// True where every table, rule and view is recip's, so that the rest can be read.
pub(super) fn schema(conn: &Connection, findings: &mut Findings) -> Result<bool> {
    let mut readable = true;
    let partings = match guard::partings(conn) {
        Err(e) if e.exit_code() == 3 => {
            findings.error("damaged", "the schema", e.to_string().lines().next().unwrap_or_default(), MEND_DAMAGE);
            return Ok(false);
        }
        other => other?,
    };
    for object in partings {
        let place = format!("{} {}", object.sort, object.name);
        let quoted = object.name.replace('"', "\"\"");
        match object.parting {
            Parting::Guest => {
                findings.warning("schema", place, object.said(), "recip leaves it alone; keep what is yours in a file of its own");
                continue;
            }
            Parting::Foreign => {
                let drop = if object.sort == "table" { "TABLE".to_owned() } else { object.sort.to_uppercase() };
                let help = format!("find out who put it there; sqlite3 FILE 'DROP {drop} \"{quoted}\"' takes it out");
                findings.error("schema", place, object.said(), help);
            }
            Parting::Altered | Parting::Missing => {
                findings.error(
                    "schema",
                    place,
                    object.said(),
                    "restore a backup, or move the rows to a new ledger with 'sqlite3 FILE .dump'",
                );
            }
        }
        readable = false;
    }
    Ok(readable)
}

const MEND_DAMAGE: &str = "restore a backup; 'sqlite3 FILE .recover' may save what is readable";

/// Checks that the pages of a file hold together.
pub(super) fn damage(path: &Path) -> Result<Findings> {
    let ledger = connect_to_read(path)?;
    let conn = ledger.connection();
    // Every row is looked up in every index: of a large ledger most of the time goes into reading pages again.
    conn.pragma_update(None, "cache_size", -196_608)?;
    let mut findings = Findings::default();
    let mut select = conn.prepare("PRAGMA integrity_check(100)")?;
    let mut rows = select.query([])?;
    loop {
        let said = match rows.next() {
            Ok(None) => return Ok(findings),
            Ok(Some(row)) => row.get::<_, String>(0)?,
            Err(e) => {
                findings.error("damaged", "the file", e.to_string(), MEND_DAMAGE);
                return Ok(findings);
            }
        };
        for line in said.lines().filter(|l| *l != "ok") {
            findings.error("damaged", "the file", line, MEND_DAMAGE);
        }
    }
}

/// Rows that name rows that are not there.
pub(super) fn references(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut select = conn.prepare(
        "SELECT c.\"table\", c.rowid, c.parent, f.\"from\" FROM pragma_foreign_key_check c
         JOIN pragma_foreign_key_list(c.\"table\") f ON f.id = c.fkid LIMIT 1000",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (table, rowid, parent, column): (String, Option<i64>, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let place = match (table.as_str(), rowid) {
            ("action", Some(id)) => format!("#{id}"),
            (_, Some(id)) => format!("table {table}, row {id}"),
            (_, None) => format!("table {table}"),
        };
        let name: Option<String> = match rowid {
            // Table and column are the schema's own words, which were compared to the letter.
            Some(id) => conn
                .query_row(&format!("SELECT \"{column}\" FROM \"{table}\" WHERE rowid = ?"), [id], |r| r.get_ref(0).map(said))
                .optional()?,
            None => None,
        };
        let what = format!("{column} {}names no {parent} of this ledger", name.map_or(String::new(), |n| format!("'{n}' ")));
        if matches!(parent.as_str(), "party" | "kind" | "dispute" | "scale") {
            findings.error("unknown-name", place, what, format!("add it with 'recip {parent} add', or restore a backup"));
        } else {
            findings.error("foreign-key", place, what, "restore a backup: something was deleted by a program that keeps no rules");
        }
    }
    Ok(())
}

fn said(value: rusqlite::types::ValueRef<'_>) -> String {
    match value {
        rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        rusqlite::types::ValueRef::Integer(n) => n.to_string(),
        _ => String::new(),
    }
}

/// Kinds and published scales that are not what this release brings: a changed weight under a known name misleads.
pub(super) fn catalogue(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let ours = Ledger::in_memory()?;
    let mut kinds =
        ours.connection().prepare("SELECT name, unit || ', ' || sign || coalesce(', CAMEO ' || cameo, '') AS facts FROM kind")?;
    let mut there = conn.prepare("SELECT unit || ', ' || sign || coalesce(', CAMEO ' || cameo, '') AS facts FROM kind WHERE name = ?")?;
    let mut rows = kinds.query([])?;
    while let Some(row) = rows.next()? {
        let (name, facts): (String, String) = (row.get("name")?, row.get("facts")?);
        let held: Option<String> = there.query_row([&name], |r| r.get("facts")).optional()?;
        if held.as_ref().is_some_and(|h| *h != facts) {
            let what = format!("here it is {}; recip brings it as {facts}", held.unwrap_or_default());
            findings.warning("catalogue", format!("kind {name}"), what, "if that is not meant, set it with 'recip kind edit'");
        }
    }
    let mut weights = ours.connection().prepare("SELECT scale, kind, stage, weight, per FROM weight")?;
    let mut there = conn.prepare("SELECT weight, per FROM weight WHERE scale = ? AND kind = ? AND stage = ?")?;
    let mut rows = weights.query([])?;
    while let Some(row) = rows.next()? {
        let (scale, kind, stage): (String, String, String) = (row.get("scale")?, row.get("kind")?, row.get("stage")?);
        let brought: (f64, String) = (row.get("weight")?, row.get("per")?);
        let held: Option<(f64, String)> =
            there.query_row(params![scale, kind, stage], |r| Ok((r.get("weight")?, r.get("per")?))).optional()?;
        if let Some((weight, per)) = held.filter(|h| *h != brought) {
            let what = format!("the weight of {kind} {stage} is {weight} per {per} here, and {} per {} as published", brought.0, brought.1);
            findings.warning("catalogue", format!("scale {scale}"), what, "give a scale of your own another name");
        }
    }
    Ok(())
}
