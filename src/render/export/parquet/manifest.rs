//! The manifest of an export: a JSON file that says which ledger it comes from, and what was selected.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::atomic::AtomicFolder;
use crate::error::{Error, Result};
use crate::ledger::{Ledger, feed_intake};
use crate::report::{Lens, Selection};

use super::parts::VERSION;

/// The name of the file.
pub(super) const MANIFEST: &str = "manifest.json";

/// Writes the manifest; `rows` has the number of rows of each table.
pub(super) fn write(ledger: &Ledger, lens: &Lens<'_>, selection: &Selection, rows: Map<String, Value>, to: &AtomicFolder) -> Result<()> {
    let place = to.place().join(MANIFEST);
    let uuid: String = lens.query_row("SELECT uuid FROM ledger", [], |r| r.get(0))?;
    let manifest = json!({
        "recip": env!("CARGO_PKG_VERSION"),
        "schema": VERSION,
        // A text file has no identity of its own: it gets another one each time it is read.
        "ledger": lens.read_at().is_none().then_some(uuid),
        "whole": lens.is_whole()?,
        "as_of": (!selection.all_days).then(|| lens.as_of().iso()),
        "as_known": lens.known().map(|moment| moment.stamp()),
        "window_days": feed_intake::window_in_force(lens)?,
        "exported_at": ledger.clock().stamp(),
        "rows": rows,
    });
    let text = serde_json::to_string_pretty(&manifest).map_err(|e| Error::io("write", &place)(e.into()))?;
    fs::write(to.path().join(MANIFEST), text + "\n").map_err(Error::io("write", &place))
}

/// True if recip wrote this manifest.
pub(super) fn is_ours(file: &Path) -> bool {
    let read = fs::read(file).ok().and_then(|text| serde_json::from_slice::<Value>(&text).ok());
    read.is_some_and(|manifest| manifest["recip"].is_string() && manifest["schema"].is_string())
}
