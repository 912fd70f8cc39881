//! Checks the file itself: its location, its schema, its pages, its references and its built-in catalogue.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};

use super::Findings;
use crate::error::Result;
use crate::ledger::backup::is_damage;
use crate::ledger::guard::{self, Difference};
use crate::ledger::open::connect_to_read;
use crate::ledger::{Ledger, check_disk, mount};

/// Warns if the file is in a location shared with other machines, where SQLite's locks may not work.
pub(super) fn location(path: &Path, findings: &mut Findings) {
    if let Some(shared) = mount::shared(path) {
        findings.warning(
            "network-folder",
            path.display().to_string(),
            format!("the ledger is {shared}, where two programs that write at the same time can damage it"),
            "keep it on a local disk, and share copies made with 'recip backup'",
        );
    }
}

/// Compares the schema with recip's. Returns true if the tables can be read reliably.
pub(super) fn schema(conn: &Connection, findings: &mut Findings) -> Result<bool> {
    let mut readable = true;
    let differences = match guard::differences(conn) {
        Err(e) if e.exit_code() == 3 => {
            conn.path().map_or(Ok(()), |path| check_disk(Path::new(path)))?;
            findings.error("damaged", "the schema", e.to_string().lines().next().unwrap_or_default(), DAMAGE_HELP);
            return Ok(false);
        }
        other => other?,
    };
    for object in differences {
        let place = format!("{} {}", object.sort, object.name);
        let quoted = object.name.replace('"', "\"\"");
        match object.difference {
            Difference::ExtraTable => {
                findings.warning("schema", place, object.describe(), "recip ignores it; keep your own tables in a separate file");
                continue;
            }
            Difference::Foreign => {
                let drop = if object.sort == "table" { "TABLE".to_owned() } else { object.sort.to_uppercase() };
                let help = format!("find out who added it; to remove it: sqlite3 FILE 'DROP {drop} \"{quoted}\"'");
                findings.error("schema", place, object.describe(), help);
            }
            Difference::Altered | Difference::Missing => {
                findings.error(
                    "schema",
                    place,
                    object.describe(),
                    "restore a backup, or move the rows to a new ledger with 'sqlite3 FILE .dump'",
                );
            }
        }
        readable = false;
    }
    Ok(readable)
}

const DAMAGE_HELP: &str = "restore a backup, or salvage what is readable with 'sqlite3 FILE .recover'";

/// Checks the integrity of the file's pages.
pub(super) fn damage(path: &Path) -> Result<Findings> {
    let ledger = connect_to_read(path)?;
    let conn = ledger.connection();
    // Every row is looked up in every index; in a large ledger a larger cache avoids reading most pages again.
    conn.pragma_update(None, "cache_size", -196_608)?;
    let mut findings = Findings::default();
    let mut select = conn.prepare("PRAGMA integrity_check(100)")?;
    let mut rows = select.query([])?;
    loop {
        let report = match rows.next() {
            Ok(None) => return Ok(findings),
            Ok(Some(row)) => row.get::<_, String>(0)?,
            Err(e) if is_damage(&e) => {
                findings.error("damaged", "the file", e.to_string(), DAMAGE_HELP);
                return Ok(findings);
            }
            Err(e) => return Err(e.into()),
        };
        for line in report.lines().filter(|l| *l != "ok") {
            findings.error("damaged", "the file", line, DAMAGE_HELP);
        }
    }
}

/// Finds rows that refer to rows that do not exist.
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
            // The names of the table and the column come from the schema, which has been compared with recip's.
            Some(id) => conn
                .query_row(&format!("SELECT \"{column}\" FROM \"{table}\" WHERE rowid = ?"), [id], |r| r.get_ref(0).map(as_text))
                .optional()?,
            None => None,
        };
        let what = match name {
            Some(name) => format!("its {column} refers to the {parent} '{name}', which does not exist"),
            None => format!("its {column} refers to a row of {parent} that does not exist"),
        };
        if matches!(parent.as_str(), "party" | "kind" | "dispute" | "scale") {
            findings.error("unknown-name", place, what, format!("add it with 'recip {parent} add', or restore a backup"));
        } else {
            findings.error("foreign-key", place, what, "restore a backup: another program has deleted a row that is in use");
        }
    }
    Ok(())
}

fn as_text(value: rusqlite::types::ValueRef<'_>) -> String {
    match value {
        rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        rusqlite::types::ValueRef::Integer(n) => n.to_string(),
        _ => String::new(),
    }
}

/// Warns of built-in kinds and published scales that were changed, since a changed weight under a known name misleads.
pub(super) fn catalogue(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let built_in = Ledger::in_memory()?;
    let mut kinds =
        built_in.connection().prepare("SELECT name, unit || ', ' || sign || coalesce(', CAMEO ' || cameo, '') AS facts FROM kind")?;
    let mut here = conn.prepare("SELECT unit || ', ' || sign || coalesce(', CAMEO ' || cameo, '') AS facts FROM kind WHERE name = ?")?;
    let mut rows = kinds.query([])?;
    while let Some(row) = rows.next()? {
        let (name, facts): (String, String) = (row.get("name")?, row.get("facts")?);
        let stored: Option<String> = here.query_row([&name], |r| r.get("facts")).optional()?;
        if let Some(stored) = stored.filter(|s| *s != facts) {
            let what = format!("this ledger defines it as {stored}, but recip's definition is {facts}");
            findings.warning("catalogue", format!("kind {name}"), what, "if that is not intended, correct it with 'recip kind edit'");
        }
    }
    let mut weights = built_in.connection().prepare("SELECT scale, kind, stage, weight, per FROM weight")?;
    let mut here = conn.prepare("SELECT weight, per FROM weight WHERE scale = ? AND kind = ? AND stage = ?")?;
    let mut rows = weights.query([])?;
    while let Some(row) = rows.next()? {
        let (scale, kind, stage): (String, String, String) = (row.get("scale")?, row.get("kind")?, row.get("stage")?);
        let published: (f64, String) = (row.get("weight")?, row.get("per")?);
        let stored: Option<(f64, String)> =
            here.query_row(params![scale, kind, stage], |r| Ok((r.get("weight")?, r.get("per")?))).optional()?;
        if let Some((weight, per)) = stored.filter(|s| *s != published) {
            let what = format!(
                "the weight of {kind} ({stage}) is {weight} per {per} in this ledger, but {} per {} as published",
                published.0, published.1
            );
            findings.warning("catalogue", format!("scale {scale}"), what, "if the scale is your own, give it another name");
        }
    }
    Ok(())
}
