//! Exports to files: the flat CSV, with one row per action; JSON Lines, which preserve every field; the Frictionless Data Package, a folder
//! of tables; the workbook, for spreadsheets; BibTeX and CSL-JSON, for sources; and Parquet, for analysis.
//!
//! CSV, JSON Lines and packages can be imported again: an export that is imported into an empty ledger and exported again is identical
//! byte for byte.

mod bibtex;
mod csl_json;
mod csv;
mod digest;
mod flat;
mod jsonl;
mod package;
#[cfg(feature = "parquet")]
mod parquet;
mod reference;
pub(super) mod workbook;

pub use bibtex::export_bibtex;
pub use csl_json::export_csl_json;
pub use csv::export_csv;
pub use digest::digest;
pub use jsonl::export_jsonl;
pub use package::export_package;
#[cfg(feature = "parquet")]
pub use parquet::{Appended, append_feed, export_parquet, panel_file};
pub use workbook::{About, export_workbook};

/// What an export wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// Number of actions.
    pub actions: u64,
    /// Number of links left out because the earlier action was not selected.
    pub links_left_out: u64,
    /// Number of stated amounts left out of a flat table, because they find nothing to settle since an action was voided.
    pub amounts_left_out: u64,
}
