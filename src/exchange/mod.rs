//! Bringing files in and out: the flat CSV, one row an action; JSON Lines, which lose nothing; and the Frictionless
//! Data Package, tables that stand alone. Sources go out as references too, in BibTeX and CSL-JSON, and what there is to
//! analyse as Parquet.
//!
//! What comes in is checked as if it had been logged, in one transaction, and every bad row is told. What goes out
//! comes in again: export, import into an empty ledger and export once more give the same bytes.

mod beside;
mod bibtex;
mod bulk;
mod catalogue;
mod cell;
mod check;
mod csl_json;
mod csv_in;
mod csv_out;
mod digest;
mod facts;
mod feed;
mod input;
mod intern;
mod item;
mod jsonl_in;
mod jsonl_out;
mod names;
mod package_in;
mod package_out;
mod package_schema;
#[cfg(feature = "parquet")]
mod parquet;
mod pending;
mod problems;
mod reference;
mod same;
mod scale_in;
mod single;
mod source;
mod text;

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::error::Result;
use crate::ledger::Ledger;
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

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many actions were added.
    pub added: u64,
    /// How many were there already, and the same.
    pub present: u64,
    /// How many links were made.
    pub links: u64,
    /// How many rows of the catalogue were new or other: parties, kinds, disputes with their titles and the like.
    pub catalogue: u64,
    /// Disputes that were made because rows name them; their title is their slug.
    pub disputes_made: Vec<String>,
}

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
pub fn import(
    ledger: &mut Ledger,
    files: &[PathBuf],
    options: &ReadOptions,
    progress: &mut dyn FnMut(u64, Option<u64>),
) -> Result<Imported> {
    let inputs = files.iter().map(|f| Input::open(f, options)).collect::<Result<Vec<_>>>()?;
    let empty: bool = ledger.connection().query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM action) AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name IN ('action', 'source'))",
        [],
        |r| r.get(0),
    )?;
    let size = inputs.iter().map(Input::size).sum::<Option<u64>>();
    if !empty {
        let mut progress = Progress::new(progress, size);
        return ledger.change(|conn, clock| single::bring(conn, clock, &inputs, &mut progress));
    }
    let mut progress = Progress::new(progress, size.map(|s| 2 * s));
    let before = tune(ledger.connection())?;
    let made = ledger.change(|conn, clock| bulk::load(conn, clock, &inputs, &mut progress));
    restore(ledger.connection(), &before)?;
    made
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

/// Settings for a large load, and what they were. Foreign keys are looked up in the first reading. The journal of a
/// ledger that was empty is a few pages: unlike a log of everything it is written once, and a crash leaves the
/// ledger empty.
fn tune(conn: &Connection) -> Result<Vec<(&'static str, String)>> {
    let mut before = Vec::new();
    for (pragma, value) in [("journal_mode", "delete"), ("foreign_keys", "0"), ("cache_size", "-32768"), ("temp_store", "1")] {
        let was = match conn.pragma_query_value(None, pragma, |r| r.get::<_, rusqlite::types::Value>(0))? {
            rusqlite::types::Value::Integer(n) => n.to_string(),
            rusqlite::types::Value::Text(t) => t,
            _ => continue,
        };
        match (pragma, was.as_str()) {
            ("journal_mode", "wal") => (),
            // Left behind by a load that was killed: ledgers are made with a log.
            ("journal_mode", "delete") => {
                before.push((pragma, "wal".to_owned()));
                continue;
            }
            ("journal_mode", _) => continue,
            _ => (),
        }
        // While another program reads the ledger its journal stays what it is.
        match conn.pragma_update(None, pragma, value) {
            Err(_) if pragma == "journal_mode" => continue,
            other => other?,
        }
        before.push((pragma, was));
    }
    Ok(before)
}

fn restore(conn: &Connection, before: &[(&'static str, String)]) -> Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true)?;
    conn.pragma_update(None, "ignore_check_constraints", false)?;
    for (pragma, was) in before {
        conn.pragma_update(None, pragma, was)?;
    }
    Ok(())
}

/// The column that names the earlier end of a link.
fn earlier_column(link: &pending::Pending) -> &'static str {
    if link.stated { "earlier" } else { link.relation.as_str() }
}

fn no_such_ref(reference: &str) -> String {
    format!("there is no action '{reference}'; help: name one by its ref, in the file or in the ledger")
}
