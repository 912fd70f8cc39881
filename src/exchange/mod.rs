//! Bringing files in and out: the flat CSV, one row an action; JSON Lines, which lose nothing; and the Frictionless
//! Data Package, tables that stand alone. Sources go out as references too, in BibTeX and CSL-JSON, and what there is to
//! analyse as Parquet.
//!
//! What comes in is checked as if it had been logged, in one transaction, and every bad row is told. What goes out
//! comes in again: export, import into an empty ledger and export once more give the same bytes.

mod beside;
mod bibtex;
mod cell;
mod csl_json;
mod csv_in;
mod csv_out;
mod digest;
mod feed;
mod input;
mod jsonl_in;
mod jsonl_out;
mod package_in;
mod package_out;
mod package_schema;
#[cfg(feature = "parquet")]
mod parquet;
mod reference;
mod scale_in;
mod text;

use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::ledger::{Ledger, Loaded};
use crate::model::Clock;

pub use bibtex::export_bibtex;
pub use csl_json::export_csl_json;
pub use csv_out::export_csv;
pub use digest::digest;
pub use feed::{FeedImported, FeedOptions, FeedProgress, Reason, import_feed};
pub use input::{Format, ReadOptions};
use input::{Input, Progress, read};
pub use jsonl_out::export_jsonl;
pub use package_out::export_package;
#[cfg(feature = "parquet")]
pub use parquet::export_parquet;
pub use scale_in::import_scale;

/// What an export wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// How many actions.
    pub actions: u64,
    /// How many links were left out, because they bear on an action that was not selected.
    pub links_left_out: u64,
}

/// Brings files into a ledger, all of them or nothing. `-` is standard input. Progress is told as bytes read, of how many.
///
/// # Errors
/// A file cannot be read, or rows cannot be taken: every one of them is named.
pub fn import(ledger: &mut Ledger, files: &[PathBuf], options: &ReadOptions, progress: &mut dyn FnMut(u64, Option<u64>)) -> Result<Loaded> {
    let inputs = files.iter().map(|f| Input::open(f, options)).collect::<Result<Vec<_>>>()?;
    let size = inputs.iter().map(Input::size).sum::<Option<u64>>();
    let mut progress = Progress::new(progress, size);
    ledger.load(size, |problems, sink| read(&inputs, problems, Some(&mut progress), sink))
}

/// A ledger in memory with a file in it, for reading: what `-f cases.csv` gives. Its rows are logged at the time of
/// `clock`, unless they say when; that time says nothing, and JSON Lines
/// leave it out.
///
/// # Errors
/// As [`import`].
pub fn open_file(path: &Path, options: &ReadOptions, clock: Clock) -> Result<Ledger> {
    let mut ledger = Ledger::in_memory()?;
    let read_at = clock.stamp();
    ledger.set_clock(Clock::fixed(&read_at)?);
    import(&mut ledger, &[path.to_owned()], options, &mut |_, _| ())?;
    ledger.set_clock(clock);
    ledger.set_read_at(read_at);
    Ok(ledger)
}
