//! Rows to files: the flat CSV, one row an action; JSON Lines, which lose nothing; the Frictionless Data Package, a folder of tables;
//! BibTeX and CSL-JSON, the sources as references; and Parquet, for analysis.
//!
//! What CSV, JSON Lines and a package hold can be imported again: export, import into an empty ledger, and export once more give the same
//! bytes.

mod bibtex;
mod csl_json;
mod csv;
mod digest;
mod jsonl;
mod package;
pub(crate) mod package_schema;
#[cfg(feature = "parquet")]
mod parquet;
mod reference;

pub use bibtex::export_bibtex;
pub use csl_json::export_csl_json;
pub use csv::export_csv;
pub use digest::digest;
pub use jsonl::export_jsonl;
pub use package::export_package;
#[cfg(feature = "parquet")]
pub use parquet::export_parquet;

/// What an export wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// How many actions.
    pub actions: u64,
    /// How many links were left out because the earlier action was not selected.
    pub links_left_out: u64,
}
