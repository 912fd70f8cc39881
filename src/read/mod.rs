//! Files, read into records: the flat CSV, one row an action; JSON Lines, which lose nothing; the Frictionless Data Package, a folder of
//! tables; the weights of one scale; and the event feeds.
//!
//! The records go to the ledger's loader, which checks them as if each had been logged, takes all of them in one transaction or none,
//! and reports every bad row.

mod csv;
mod decode;
mod feed;
mod input;
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

/// Imports files into a ledger, all of them or nothing. `-` is standard input. Progress is reported as the bytes read and their total.
///
/// # Errors
/// A file cannot be read, or rows cannot be taken: the error names every one of them.
pub fn import(ledger: &mut Ledger, files: &[PathBuf], options: &ReadOptions, progress: &mut dyn FnMut(u64, Option<u64>)) -> Result<Loaded> {
    let inputs = files.iter().map(|f| Input::open(f, options)).collect::<Result<Vec<_>>>()?;
    let size = inputs.iter().map(Input::size).sum::<Option<u64>>();
    let mut progress = Progress::new(progress, size);
    ledger.load(size, |problems, sink| read(&inputs, problems, Some(&mut progress), sink))
}

/// A ledger in memory that holds a file, for reading: what `-f cases.csv` opens. Its rows are logged at the time of `clock` unless they
/// give a time of their own. That time means nothing, so JSON Lines leave it out.
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
