//! Checks the file itself: its location, its schema, its pages, its references and its built-in catalogue.

use std::collections::BTreeSet;
use std::path::Path;
use std::thread;

use rusqlite::{Connection, MAIN_DB, OptionalExtension, params};

use super::table::{Table, shown, tables};
use super::{Findings, small_reader};
use crate::error::Result;
use crate::ledger::backup::is_damage;
use crate::ledger::guard::{self, Difference};
use crate::ledger::open::connect_to_read;
use crate::ledger::{Ledger, check_disk, mount};
use crate::record::ReadColumn;

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

/// What the comparison of the schema with recip's allows to be read.
#[derive(Debug, Default)]
pub(super) struct Readable {
    /// The rows of recip's tables. A foreign view or trigger runs only if it is named or written to, which a check does not do; a foreign
    /// index or virtual table could take part in reading.
    pub tables: bool,
    /// The extra tables.
    pub extra: Vec<String>,
}

/// Compares the schema with recip's.
pub(super) fn schema(conn: &Connection, findings: &mut Findings) -> Result<Readable> {
    let differences = match guard::differences(conn) {
        Err(e) if e.exit_code() == 3 => {
            conn.path().map_or(Ok(()), |path| check_disk(Path::new(path)))?;
            findings.error("damaged", "the schema", e.to_string().lines().next().unwrap_or_default(), REPAIR_HELP);
            return Ok(Readable::default());
        }
        other => other?,
    };
    let mut readable = Readable { tables: true, extra: Vec::new() };
    for object in differences {
        let place = format!("{} {}", object.sort, object.name);
        let quoted = object.name.replace('"', "\"\"");
        match object.difference {
            Difference::ExtraTable => {
                findings.warning("schema", place, object.describe(), "recip ignores it; keep your own tables in a separate file");
                readable.extra.push(object.name);
                continue;
            }
            Difference::Foreign => {
                let drop = if object.is_table() { "TABLE".to_owned() } else { object.sort.to_uppercase() };
                let help = format!("find out who added it; to remove it: sqlite3 FILE 'DROP {drop} \"{quoted}\"'");
                findings.error("schema", place, object.describe(), help);
            }
            Difference::Altered | Difference::Missing => findings.error("schema", place, object.describe(), REPAIR_HELP),
        }
        readable.tables &= matches!(object.sort.as_str(), "view" | "trigger") || object.is_missing_index();
    }
    Ok(readable)
}

const REPAIR_HELP: &str = "restore a backup, or write everything that can be read to a new ledger: recip check --repair NEW_FILE";

/// What is wrong with the pages and the indexes of the file, and the tables with rows that break a rule of single rows. The two are looked for
/// at the same time, unless they have to be looked for in a copy of the file.
pub(super) fn damage(path: &Path) -> Result<(Findings, BTreeSet<String>)> {
    let ledger = connect_to_read(path)?;
    if ledger.is_copy() {
        return Ok((damaged_pages(&ledger)?, breaking_rules(&ledger)?));
    }
    thread::scope(|scope| {
        let breaking = scope.spawn(|| breaking_rules(&small_reader(path)?));
        let damaged = damaged_pages(&ledger);
        let breaking = breaking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok((damaged?, breaking?))
    })
}

/// Checks the pages of the file, and that its indexes match its tables.
fn damaged_pages(ledger: &Ledger) -> Result<Findings> {
    let conn = ledger.connection();
    // Every row is looked up in every index; in a large ledger a larger cache avoids reading most pages again.
    conn.pragma_update(None, "cache_size", -196_608)?;
    conn.pragma_update(None, "ignore_check_constraints", true)?;
    let mut findings = Findings::default();
    let checked = each_line(conn, "PRAGMA integrity_check(100)", |line| {
        if table_of_row(line).is_none() {
            findings.error("damaged", "the file", line, REPAIR_HELP);
        }
    });
    conn.pragma_update(None, "ignore_check_constraints", false)?;
    match checked {
        Err(e) if is_damage(&e) => findings.error("damaged", "the file", e.to_string(), REPAIR_HELP),
        other => other?,
    }
    Ok(findings)
}

/// The tables with rows that break a rule of single rows: a CHECK, a type, NOT NULL. Pages that cannot be read are left to [`damaged_pages`].
fn breaking_rules(ledger: &Ledger) -> Result<BTreeSet<String>> {
    let conn = ledger.connection();
    let mut breaking = BTreeSet::new();
    // SQLite does not know the rules of a file that it may not write. The rows of every table are then tested one by one.
    let are_known = !conn.is_readonly(MAIN_DB)?;
    for table in tables(conn)? {
        if !are_known {
            breaking.insert(table.name.to_owned());
            continue;
        }
        let checked = each_line(conn, &format!("PRAGMA quick_check(\"{}\")", table.name), |line| {
            breaking.extend(table_of_row(line).map(str::to_owned));
        });
        match checked {
            Err(e) if is_damage(&e) => (),
            other => other?,
        }
    }
    Ok(breaking)
}

/// The table of the row that a line of SQLite's integrity check is about; `None` if the line is about pages or indexes.
fn table_of_row(line: &str) -> Option<&str> {
    line.strip_prefix("CHECK constraint failed in ").or_else(|| {
        // "NULL value in action.date", "TEXT value in action.count"
        line.split_once(" value in ").and_then(|(_, column)| column.split('.').next())
    })
}

/// Runs a check of SQLite's, and gives every line that is not "ok".
fn each_line(conn: &Connection, check: &str, mut each: impl FnMut(&str)) -> rusqlite::Result<()> {
    let mut select = conn.prepare(check)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        row.read::<String>(0)?.lines().filter(|line| *line != "ok").for_each(&mut each);
    }
    Ok(())
}

/// Finds rows that refer to rows that do not exist. Returns true if there are any; the tables then cannot be checked together.
pub(super) fn references(conn: &Connection, findings: &mut Findings) -> Result<bool> {
    let mut dangling = false;
    for table in tables(conn)? {
        let mut select = conn.prepare(
            "SELECT c.rowid, c.parent, f.\"from\" FROM pragma_foreign_key_check(?1) c JOIN pragma_foreign_key_list(?1) f ON f.id = c.fkid",
        )?;
        let mut rows = select.query([table.name])?;
        while let Some(row) = rows.next()? {
            dangling = true;
            let (rowid, parent, column): (Option<i64>, String, String) = (row.read(0)?, row.read(1)?, row.read(2)?);
            let (place, name) = match rowid {
                Some(id) => of_row(conn, &table, id, &column)?,
                None => (format!("table {}", table.name), None),
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
    }
    Ok(dangling)
}

/// The name of a row with this rowid in a finding, and the value of one of its columns.
fn of_row(conn: &Connection, table: &Table, rowid: i64, column: &str) -> Result<(String, Option<String>)> {
    // The names of the table and the column come from the schema, which has been compared with recip's.
    let select = format!("{} WHERE rowid = ?", table.select(&[column.to_owned()]));
    let found = conn.query_row(&select, [rowid], |r| Ok((table.place(r)?, shown(r.get_ref(table.key.len())?)))).optional()?;
    Ok(found.map_or_else(|| (format!("table {}, row {rowid}", table.name), None), |(place, name)| (place, Some(name))))
}

/// Finds extra tables whose foreign keys fail. Nothing of recip's depends on them, but another program may.
pub(super) fn extra_references(conn: &Connection, extra: &[String], findings: &mut Findings) {
    for table in extra {
        let dangling = conn.query_row("SELECT count(*) FROM pragma_foreign_key_check(?)", [table], |r| r.get::<_, i64>(0));
        let what = match dangling {
            Ok(0) => continue,
            Ok(1) => "a row of it refers to a row that does not exist".to_owned(),
            Ok(rows) => format!("{rows} rows of it refer to rows that do not exist"),
            Err(e) => format!("its foreign keys cannot be checked: {e}"),
        };
        findings.warning("extra-table", format!("table {table}"), what, "recip ignores it; keep your own tables in a separate file");
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
    let mut has_scale = conn.prepare("SELECT EXISTS (SELECT 1 FROM scale WHERE name = ?)")?;
    let mut rows = weights.query([])?;
    while let Some(row) = rows.next()? {
        let (scale, kind, stage): (String, String, String) = (row.get("scale")?, row.get("kind")?, row.get("stage")?);
        let published: (f64, String) = (row.get("weight")?, row.get("per")?);
        if !has_scale.query_row([&scale], |r| r.get(0))? {
            continue;
        }
        let stored: Option<(f64, String)> =
            here.query_row(params![scale, kind, stage], |r| Ok((r.get("weight")?, r.read("per")?))).optional()?;
        let (what, help) = match stored {
            Some(stored) if stored == published => continue,
            Some((weight, per)) => (format!("{weight} per {per} in this ledger"), "if the scale is your own, give it another name"),
            None => {
                ("missing in this ledger".to_owned(), "add it with 'recip scale weigh', or give the scale another name if it is your own")
            }
        };
        let what = format!("the weight of {kind} ({stage}) is {what}, but {} per {} as published", published.0, published.1);
        findings.warning("catalogue", format!("scale {scale}"), what, help);
    }
    Ok(())
}
