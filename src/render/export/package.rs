//! Writes a Frictionless Data Package: tables as CSV files, and a `datapackage.json` that describes them.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::atomic::{AtomicFolder, entries};
use crate::error::{Error, Result};
use crate::ledger::load::catalogue_table::TABLES;
use crate::record::text;
use crate::report::Lens;

use crate::package_schema::{self, DESCRIPTOR, PROFILE};
use crate::render::records::csv_error;
use crate::report::export::{disputes_used, select_actions, select_citations, select_links, select_quantities, select_sources};

use super::Exported;

/// Writes what a lens selects as a package, to a new folder, an empty one, or an earlier package, whose tables are replaced. A new folder
/// appears complete or not at all. Other files in an earlier package are kept.
///
/// # Errors
/// The folder contains something else or cannot be written.
pub fn export_package(lens: &Lens<'_>, dir: &Path) -> Result<Exported> {
    check_folder(dir)?;
    let unfinished = AtomicFolder::new(dir)?;
    let exported = write_all(lens, unfinished.path())?;
    unfinished.publish(package_schema::files())?;
    Ok(exported)
}

/// Checks that the folder may be written to.
fn check_folder(dir: &Path) -> Result<()> {
    let refuse = |why: &str| {
        let way_out = "give a new folder, an empty one, or an earlier package to replace".to_owned();
        Err(Error::File { file: dir.display().to_string(), why: why.to_owned(), way_out })
    };
    match fs::symlink_metadata(dir) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(Error::io("write", dir)(e)),
        Ok(meta) if meta.is_symlink() => refuse("this is a symbolic link"),
        Ok(meta) if !meta.is_dir() => refuse("this is a file"),
        Ok(_) => {
            let empty = entries(dir).map_err(Error::io("read", dir))?.is_empty();
            let ours = || {
                let text = fs::read_to_string(dir.join(DESCRIPTOR)).unwrap_or_default();
                serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|d| d["recip"] == PROFILE)
            };
            if empty || ours() { Ok(()) } else { refuse("the folder contains files that are not a package written by recip") }
        }
    }
}

fn write_all(lens: &Lens<'_>, dir: &Path) -> Result<Exported> {
    let whole = lens.is_whole()?;
    let disputes = if whole { HashSet::new() } else { disputes_used(lens)? };
    for table in &TABLES {
        let mut csv = Csv::create(dir, table.resource)?;
        for fact in table.rows(lens.connection())? {
            if whole || table.row != "dispute" || disputes.contains(&fact[0]) {
                csv.texts(fact.iter().map(|c| c.as_deref().unwrap_or_default()))?;
            }
        }
        csv.finish()?;
    }
    let mut exported = Exported::default();
    Csv::create(dir, "sources")?.rows(lens, select_sources(lens)?, 0, |_| Ok(true))?;
    Csv::create(dir, "actions")?.rows(lens, &select_actions(lens)?, 1, |_| {
        exported.actions += 1;
        Ok(true)
    })?;
    Csv::create(dir, "citations")?.rows(lens, select_citations(lens)?, 0, |_| Ok(true))?;
    Csv::create(dir, "quantities")?.rows(lens, select_quantities(lens)?, 0, |_| Ok(true))?;
    Csv::create(dir, "links")?.rows(lens, select_links(lens)?, 0, |row| {
        let selected = !matches!(row.get_ref(2)?, ValueRef::Null);
        exported.links_left_out += u64::from(!selected);
        Ok(selected)
    })?;
    let path = dir.join(DESCRIPTOR);
    let text = serde_json::to_string_pretty(&package_schema::descriptor()).map_err(|e| Error::Output(e.into()))?;
    let written = File::create_new(&path).and_then(|mut file| file.write_all((text + "\n").as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(Error::io("write", &path))?;
    Ok(exported)
}

/// One table being written.
struct Csv {
    path: PathBuf,
    writer: csv::Writer<BufWriter<File>>,
}

impl Csv {
    fn create(dir: &Path, resource: &str) -> Result<Csv> {
        let path = dir.join(format!("{resource}.csv"));
        let file = File::create_new(&path).map_err(Error::io("create", &path))?;
        let mut csv = Csv { path, writer: csv::Writer::from_writer(BufWriter::new(file)) };
        csv.texts(package_schema::columns(resource))?;
        Ok(csv)
    }

    fn texts<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<()> {
        self.writer.write_record(cells).map_err(csv_error)
    }

    /// Writes the rows of a statement for which `choose` returns true, without the first `skip` columns.
    fn rows(mut self, lens: &Lens<'_>, select: &str, skip: usize, mut choose: impl FnMut(&Row<'_>) -> Result<bool>) -> Result<()> {
        let mut select = lens.prepare(select)?;
        let columns = select.column_count();
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            if !choose(row)? {
                continue;
            }
            for column in skip..columns {
                match row.get_ref(column)? {
                    ValueRef::Null => self.writer.write_field(""),
                    ValueRef::Integer(n) => self.writer.write_field(n.to_string()),
                    other => self.writer.write_field(text(other).map_err(rusqlite::Error::from)?.as_bytes()),
                }
                .map_err(csv_error)?;
            }
            self.writer.write_record(None::<&[u8]>).map_err(csv_error)?;
        }
        self.finish()
    }

    fn finish(mut self) -> Result<()> {
        let flushed = self.writer.flush().and_then(|()| self.writer.get_ref().get_ref().sync_all());
        flushed.map_err(Error::io("write", &self.path))
    }
}
