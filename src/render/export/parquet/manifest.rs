//! The manifest of an export: a JSON file that says which ledger it comes from, and what was selected.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::atomic::AtomicFolder;
use crate::error::{Error, Result};
use crate::ledger::{Ledger, feed_intake};
use crate::report::{Lens, Selection};

use super::parts::VERSION;
use super::table::REPORTS;
pub(super) use crate::report::portable::MANIFEST;

/// Writes the manifest; `rows` has the number of rows of each table.
pub(super) fn write(ledger: &Ledger, lens: &Lens<'_>, selection: &Selection, rows: Map<String, Value>, to: &AtomicFolder) -> Result<()> {
    let uuid: String = lens.query_row("SELECT uuid FROM ledger", [], |r| r.get(0))?;
    let manifest = json!({
        "recip": env!("CARGO_PKG_VERSION"),
        "schema": VERSION,
        // A ledger in memory, which is read from a text file or has the built-in catalogue alone, gets another identity each time.
        "ledger": (lens.known().is_some() || lens.connection().path().is_some_and(|path| !path.is_empty())).then_some(uuid),
        "whole": lens.is_whole()?,
        "as_of": (!selection.all_days).then(|| lens.as_of().iso()),
        "as_known": lens.known().map(|moment| moment.stamp()),
        "window_days": feed_intake::window_in_force(lens.connection())?,
        "exported_at": ledger.clock().stamp(),
        "rows": rows,
    });
    put(&manifest, to)
}

fn put(manifest: &Value, to: &AtomicFolder) -> Result<()> {
    let place = to.place().join(MANIFEST);
    let text = serde_json::to_string_pretty(manifest).map_err(|e| Error::io("write", &place)(e.into()))?;
    fs::write(to.path().join(MANIFEST), text + "\n").map_err(Error::io("write", &place))
}

/// Writes the manifest of a folder to which this number of reports is added.
pub(super) fn add_reports(dir: &Path, added: u64, to: &AtomicFolder) -> Result<()> {
    let mut manifest = read(&dir.join(MANIFEST)).unwrap_or_default();
    let before = manifest["rows"][REPORTS.name].as_u64().unwrap_or_default();
    manifest["rows"][REPORTS.name] = (before + added).into();
    put(&manifest, to)
}

/// Takes the number of reports from the manifest of a folder whose reports stay.
pub(super) fn keep_reports(dir: &Path, to: &AtomicFolder) -> Result<()> {
    let mut manifest = read(&to.path().join(MANIFEST)).unwrap_or_default();
    manifest["rows"][REPORTS.name] = read(&dir.join(MANIFEST)).unwrap_or_default()["rows"][REPORTS.name].clone();
    put(&manifest, to)
}

fn read(file: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

/// True if recip wrote this manifest.
pub(super) fn is_ours(file: &Path) -> bool {
    read(file).is_some_and(|manifest| manifest["recip"].is_string() && manifest["schema"].is_string())
}
