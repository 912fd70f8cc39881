//! Reads files into records: the flat CSV, with one row per action; JSON Lines, which preserve every field; the Frictionless Data
//! Package, a folder of tables; the weights of a scale; and event feeds.
//!
//! The ledger's loader checks the records as if each had been logged, writes all of them in one transaction or none, and reports every
//! bad row.

mod csv;
mod decode;
mod dialect;
mod feed;
mod input;
mod json_objects;
mod jsonl;
mod package;
mod scale;

use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::ledger::{Ledger, Loaded};
use crate::model::Clock;

pub use feed::{FeedImported, FeedOptions, FeedProgress, Reason, import_feed};
pub use input::{Format, ReadOptions};
use input::{Input, Progress, read};
pub use scale::import_scale;

/// Imports files into a ledger in one transaction. `-` is standard input. `progress` receives the bytes read and their total, if known.
///
/// # Errors
/// A file cannot be read, or rows are invalid: the error lists every invalid row.
pub fn import(ledger: &mut Ledger, files: &[PathBuf], options: &ReadOptions, progress: &mut dyn FnMut(u64, Option<u64>)) -> Result<Loaded> {
    let inputs = files.iter().map(|f| Input::open(f, options)).collect::<Result<Vec<_>>>()?;
    let size = inputs.iter().map(Input::size).sum::<Option<u64>>();
    let mut progress = Progress::new(progress, size);
    ledger.load(size, options.resembling, options.codes, |problems, sink| read(&inputs, problems, Some(&mut progress), sink))
}

/// Opens a file as a read-only ledger in memory, as for `-f cases.csv`. Rows without a logging time get the time of `clock`. That time
/// carries no information, so exports to JSON Lines leave it out.
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
