//! Writes Parquet: the tables that the reports need, for analysis. Actions, links and candidates are partitioned by year, and the reports of
//! feeds by the day on which the feed added them, in the layout of Hive; the other tables are one file each.
//!
//! `DIR/actions/year=2017/part-0.parquet` contains the actions whose day is in 2017. The year is only in the path, not in the files. Rows
//! are ordered by folder, so only one file is open at a time and only one row group is in memory. A table without rows has one file without
//! rows, for the year of the report's day, so that readers find its columns.
//!
//! A lake is such a folder, to which the reports of feeds are also appended without a ledger.

mod append;
mod catalogue;
mod column;
mod input;
mod manifest;
mod output;
mod panel;
mod parts;
mod sorter;
mod table;

use std::path::Path;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row, Statement, ToSql};
use serde_json::Map;

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::report::{Lens, Selection};

use super::Exported;
use crate::atomic::AtomicFolder;
use crate::model::csv_cell::add_cite;
use crate::record::{Field, ReadColumn};
pub use append::{Appended, append_feed};
pub use panel::panel_file;
use parts::{About, Parts};
use table::ParquetTable;

/// Number of rows between two progress reports.
const PROGRESS_ROWS: u64 = 8_192;

/// Writes a selection as Parquet, to a new folder, an empty one, or an earlier export, whose tables are replaced. A new folder appears
/// complete or not at all. Reports that were appended to the folder stay. Candidates, reviewed or not, are selected by parties, kinds, stage
/// and days; with a dispute or a text, no candidates are selected, because they have neither. `with_reports` adds the reports of feeds,
/// selected like the candidates. `progress` receives the number of rows written.
///
/// # Errors
/// A name is unknown, the folder contains something else, or it cannot be written.
pub fn export_parquet(
    ledger: &Ledger,
    selection: &Selection,
    with_reports: bool,
    dir: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<Exported> {
    let conn = ledger.connection();
    let _lock = output::lock(dir);
    let unfinished = output::begin(dir)?;
    let appended = output::has_appended(dir).map_err(Error::io("read", dir))?;
    if appended && with_reports {
        return Err(Error::File {
            file: dir.display().to_string(),
            why: "its reports were appended by 'recip lake append', and the ledger may not have them".to_owned(),
            way_out: "leave out --reports: the reports stay, and the other tables are replaced".to_owned(),
        });
    }
    let before = tune(conn)?;
    let written = write(ledger, selection, with_reports, &unfinished, progress);
    for (pragma, was) in before {
        conn.pragma_update(None, pragma, was)?;
    }
    let exported = written?;
    if appended {
        manifest::keep_reports(dir, &unfinished)?;
    }
    unfinished.publish(entries().filter(|name| !(appended && *name == table::REPORTS.name)))?;
    Ok(exported)
}

/// Makes SQLite sort on disk, because the rows may not fit in memory. This must precede the creation of a lens, since a change of
/// `temp_store` deletes its temporary tables. Returns the previous settings.
fn tune(conn: &Connection) -> Result<Vec<(&'static str, Value)>> {
    let mut before = Vec::new();
    for (pragma, value) in [("temp_store", 1), ("cache_size", -32_768)] {
        before.push((pragma, conn.pragma_query_value(None, pragma, |r| r.get(0))?));
        conn.pragma_update(None, pragma, value)?;
    }
    Ok(before)
}

/// The entries of the folder of an export: the tables, and then the manifest.
fn entries() -> impl Iterator<Item = &'static str> {
    let acts = [&table::ACTIONS, &table::LINKS, &table::CANDIDATES, &table::REPORTS].map(|table| table.name);
    acts.into_iter().chain(catalogue::names()).chain([manifest::MANIFEST])
}

fn write(
    ledger: &Ledger,
    selection: &Selection,
    with_reports: bool,
    unfinished: &AtomicFolder,
    progress: &mut dyn FnMut(u64),
) -> Result<Exported> {
    let lens = Lens::new(ledger, selection)?;
    let mut export =
        Export { lens: &lens, selection, about: About::new(&lens, selection), unfinished, rows: 0, counts: Map::new(), progress };
    let actions = export.actions()?;
    let links_left_out = export.links()?;
    export.candidates()?;
    export.catalogue()?;
    if with_reports {
        export.reports()?;
    }
    let counts = std::mem::take(&mut export.counts);
    manifest::write(ledger, &lens, selection, counts, unfinished)?;
    Ok(Exported { actions, links_left_out, amounts_left_out: 0 })
}

/// An export in progress.
struct Export<'e> {
    lens: &'e Lens<'e>,
    selection: &'e Selection,
    about: About,
    unfinished: &'e AtomicFolder,
    rows: u64,
    /// The number of rows of each table, by its name.
    counts: Map<String, serde_json::Value>,
    progress: &'e mut dyn FnMut(u64),
}

impl Export<'_> {
    /// Writes the actions and returns their number.
    fn actions(&mut self) -> Result<u64> {
        let lens = self.lens;
        let mut cites = lens.prepare(
            "SELECT s.cite, c.says_date, c.says_count, c.says_words, c.denies FROM citation c JOIN source s ON s.id = c.source_id
             WHERE c.action_id = ?1 ORDER BY c.position",
        )?;
        let (mut actions, mut cell) = (0, String::new());
        // The time when a text file was read is not part of its content, so it is left out.
        self.table(&table::ACTIONS, &table::select_actions(), &[&lens.read_at()], |row, parts| {
            actions += 1;
            cell.clear();
            add_cites(&mut cites, row.get(0)?, &mut cell)?;
            let cites = if cell.is_empty() { ValueRef::Null } else { ValueRef::Text(cell.as_bytes()) };
            parts.add(|at| if at == table::SOURCES { Ok(cites) } else { Ok(row.get_ref(at)?) })
        })?;
        Ok(actions)
    }

    /// Writes the links between selected actions. Returns the number of links to an earlier action that is not selected.
    fn links(&mut self) -> Result<u64> {
        let mut left_out = 0;
        self.table(&table::LINKS, table::SELECT_LINKS, &[], |row, parts| {
            if matches!(row.get_ref(table::EARLIER_REF)?, ValueRef::Null) {
                left_out += 1;
                return Ok(());
            }
            parts.add(|at| Ok(row.get_ref(at)?))
        })?;
        Ok(left_out)
    }

    fn candidates(&mut self) -> Result<()> {
        let (select, values) = table::select_candidates(self.lens.connection(), self.selection)?;
        let values: Vec<&dyn ToSql> = values.iter().map(|v| &**v).collect();
        self.table(&table::CANDIDATES, &select, &values, |row, parts| parts.add(|at| Ok(row.get_ref(at)?)))
    }

    fn reports(&mut self) -> Result<()> {
        let (select, values) = table::select_reports(self.lens.connection(), self.selection)?;
        let values: Vec<&dyn ToSql> = values.iter().map(|v| &**v).collect();
        self.table(&table::REPORTS, &select, &values, |row, parts| parts.add(|at| Ok(row.get_ref(at)?)))
    }

    fn catalogue(&mut self) -> Result<()> {
        for (table, select) in &catalogue::SELECTED {
            self.table(table, select, &[], |row, parts| parts.add(|at| Ok(row.get_ref(at)?)))?;
        }
        for (table, rows) in [
            (&catalogue::FEED_CODES, catalogue::feed_codes(self.lens.connection())?),
            (&catalogue::FEED_NAMES, catalogue::feed_names(self.lens.connection())?),
        ] {
            let mut parts = Parts::begin(table, &self.about, self.unfinished)?;
            rows.iter().try_for_each(|row| parts.add(|at| Ok((&row[at]).into())))?;
            self.finish(parts)?;
        }
        Ok(())
    }

    /// Writes one table. `add` is called for each row of the statement.
    fn table(
        &mut self,
        table: &'static ParquetTable,
        select: &str,
        values: &[&dyn ToSql],
        mut add: impl FnMut(&Row<'_>, &mut Parts<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut parts = Parts::begin(table, &self.about, self.unfinished)?;
        let mut select = self.lens.prepare(select)?;
        let mut rows = select.query(values)?;
        while let Some(row) = rows.next()? {
            add(row, &mut parts)?;
            self.rows += 1;
            if self.rows.is_multiple_of(PROGRESS_ROWS) {
                (self.progress)(self.rows);
            }
        }
        drop(rows);
        self.finish(parts)
    }

    fn finish(&mut self, parts: Parts<'_>) -> Result<()> {
        let (table, rows) = parts.finish()?;
        self.counts.insert(table.to_owned(), rows.into());
        Ok(())
    }
}

/// Adds the sources of an action to a cell, in the form that the CSV uses.
fn add_cites(cites: &mut Statement<'_>, id: i64, cell: &mut String) -> Result<()> {
    let mut rows = cites.query([id])?;
    while let Some(row) = rows.next()? {
        add_cite(cell, &row.read::<String>(0)?, &Field::read(row, &mut 1)?);
    }
    Ok(())
}
