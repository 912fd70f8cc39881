//! Reads a data package.

use std::cell::Cell;
use std::collections::HashMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::ledger::load::Sink;
use crate::ledger::load::catalogue_table::{self, TABLES};
use crate::ledger::load::problems::{Place, Problems};
use crate::ledger::load::record::{COLUMNS, Citation, DERIVED, Draft, FIELDS, Item, LinkDraft, SourceDraft};
use crate::model::{Quantity, count};

use super::csv;
use super::decode::Text;
use super::input::counted;
use super::jsonl::{cite, stated};
use crate::package_schema::DESCRIPTOR;

/// Maximum size of the `datapackage.json`, in bytes.
const MAX_DESCRIPTOR: u64 = 16 << 20;

#[derive(Debug, Deserialize)]
struct Descriptor {
    resources: Vec<Resource>,
}

#[derive(Debug, Deserialize)]
struct Resource {
    name: String,
    path: String,
}

/// A package being read: the files of its tables that have not been read yet, and where their rows go.
struct Package<'p, 's, 't> {
    files: HashMap<String, PathBuf>,
    bytes: &'p Rc<Cell<u64>>,
    problems: &'p mut Problems,
    sink: &'s mut Sink<'t>,
}

/// Reads a package. `path` is its folder or the `datapackage.json` in it.
pub(super) fn read(path: &Path, bytes: &Rc<Cell<u64>>, problems: &mut Problems, sink: &mut Sink<'_>) -> Result<()> {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    let mut package = Package { files: describe(folder)?, bytes, problems, sink };
    for table in &TABLES {
        package.table(table.resource, |cells, _| Ok(Parsed::Fact(table, cells.iter().map(|c| filled(c)).collect())))?;
    }
    package.table("sources", |c, _| {
        let mut source = SourceDraft { cite: c[0].to_owned(), ..SourceDraft::default() };
        // The columns are in the order of the fields.
        for ((_, field), cell) in source.details().into_iter().zip(&c[1..]) {
            *field = filled(cell);
        }
        Ok(Parsed::Source(source))
    })?;
    let columns = COLUMNS.map(|column| FIELDS.contains(&column));
    package.table("actions", |c, _| Ok(Parsed::Action(Box::new(Draft { columns, ..Draft::from_texts(c.iter().copied()) }))))?;
    package.table("citations", |c, _| {
        let position = c[1]
            .parse()
            .ok()
            .filter(|p| *p >= 1)
            .ok_or("position must be a whole number from 1; help: number the sources of each action")?;
        let denies = match c[6] {
            "" | "0" | "false" => false,
            "1" | "true" => true,
            _ => return Err("denies must be 0 or 1; help: correct it".to_owned()),
        };
        let cite = cite(c[2], [c[3], c[4], c[5]], denies).map_err(|e| e.to_string())?;
        Ok(Parsed::Citation(Citation { action: c[0], position, cite }))
    })?;
    package.table("quantities", |c, _| {
        let quantity = format!("{} {} {}", c[1], c[2], c[3]).parse::<Quantity>().map_err(|e| e.to_string())?;
        Ok(Parsed::Quantity(c[0], quantity))
    })?;
    package.table("links", |c, _| {
        let amount = |text: &str| match text {
            "" => Ok(None),
            "0" => Ok(Some(0)),
            given => count::parse(given).map(Some).map_err(|e| e.to_string()),
        };
        Ok(Parsed::Link(c[0], stated(c[1], c[2], amount(c[3])?, amount(c[4])?)?))
    })
}

/// The record in one row.
enum Parsed<'a> {
    Fact(&'static catalogue_table::CatalogueTable, catalogue_table::Fact),
    Source(SourceDraft),
    Action(Box<Draft<'a>>),
    Citation(Citation<'a>),
    Quantity(&'a str, Quantity),
    Link(&'a str, LinkDraft),
}

impl Package<'_, '_, '_> {
    /// Reads one table, if the package has it, and passes the records of its rows to the sink.
    fn table(&mut self, name: &str, parse: impl for<'a> Fn(&[&'a str], Place) -> Result<Parsed<'a>, String>) -> Result<()> {
        let Some(path) = self.files.remove(name) else { return Ok(()) };
        let file = path.display().to_string();
        let text = Text::new(counted(&path, self.bytes)?, None, true)?;
        let known: Vec<&'static str> = crate::package_schema::columns(name).filter(|column| !column.starts_with(DERIVED)).collect();
        let Some(mut table) = csv::CsvTable::open(text, &file, &known, &known, self.problems)? else { return Ok(()) };
        while let Some(at) = table.next(self.problems)? {
            let cells: Vec<&str> = (0..known.len()).map(|column| table.cell(column)).collect();
            match parse(&cells, at) {
                Err(why) => self.problems.add(at, None, why),
                Ok(parsed) => {
                    let item = match parsed {
                        Parsed::Fact(table, fact) => Item::Fact(at, table, fact),
                        Parsed::Source(source) => Item::Source(at, source),
                        Parsed::Action(draft) => Item::Action(at, *draft),
                        Parsed::Citation(cited) => Item::Citation(at, cited),
                        Parsed::Quantity(action, quantity) => Item::Quantity(at, action, quantity),
                        Parsed::Link(action, link) => Item::Link(at, action, link),
                    };
                    (self.sink)(item, self.problems)?;
                }
            }
        }
        Ok(())
    }
}

fn filled(cell: &str) -> Option<String> {
    (!cell.is_empty()).then(|| cell.to_owned())
}

/// The files of the tables, by the names of the tables, as the `datapackage.json` lists them. It may list only plain files in its own
/// folder.
fn describe(folder: &Path) -> Result<HashMap<String, PathBuf>> {
    let path = folder.join(DESCRIPTOR);
    let refuse = |why: String| {
        let way_out = "give a folder that 'recip export package' wrote, or a CSV file".to_owned();
        Error::File { file: path.display().to_string(), why, way_out }
    };
    let meta = fs::symlink_metadata(&path).map_err(Error::io("read", &path))?;
    if !meta.is_file() || meta.len() > MAX_DESCRIPTOR {
        return Err(refuse("this does not describe a package: it is not a plain file or is larger than 16 MiB".to_owned()));
    }
    let text = fs::read(&path).map_err(Error::io("read", &path))?;
    let described: Descriptor = serde_json::from_slice(&text).map_err(|e| refuse(format!("this does not describe a package: {e}")))?;
    let mut files = HashMap::new();
    for resource in described.resources {
        let mut parts = Path::new(&resource.path).components();
        let plain = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) && !resource.path.contains(['/', '\\']);
        if !plain {
            return Err(refuse(format!("it lists '{}', which is not a file in this folder", resource.path)));
        }
        let file = folder.join(&resource.path);
        let meta = fs::symlink_metadata(&file).map_err(Error::io("read", &file))?;
        if !meta.is_file() {
            return Err(refuse(format!("'{}' is not a plain file", resource.path)));
        }
        files.insert(resource.name, file);
    }
    if !files.contains_key("actions") {
        return Err(refuse("it lists no table 'actions'".to_owned()));
    }
    Ok(files)
}
