//! The reports: one file each, with its row type and its `SELECT`. They read the views of the schema through a
//! [`Lens`] that cuts the ledger to a [`Selection`].

pub mod balance;
pub mod brief;
mod candidate_series;
pub mod candidates;
mod catalogue;
pub mod chain;
mod check;
pub mod exchange;
pub(crate) mod export;
mod lens;
pub mod list;
pub mod pending;
pub mod reciprocity;
mod selection;
pub mod show;
pub mod source;
pub mod suggest;
pub mod timeline;
pub mod unanswered;

use std::borrow::Cow;
use std::collections::HashMap;

use rusqlite::Connection;
use serde::Serialize;

use crate::error::Result;
use crate::model::name;

pub use lens::Lens;
pub use selection::{Pair, Selection};

/// A row of a report, with the names of its columns: the same in the view, in CSV and in JSON.
pub trait Row: Serialize {
    /// The columns, in order.
    const COLUMNS: &'static [&'static str];
}

/// The names of the parties, for people to read.
#[derive(Debug, Clone, Default)]
pub struct Names(HashMap<String, String>);

impl Names {
    /// Reads them.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn read(conn: &Connection) -> Result<Names> {
        let mut parties = conn.prepare_cached("SELECT code, name FROM party")?;
        let names = parties.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        Ok(Names(names))
    }

    /// The name of the party with this code; the code itself where there is none.
    pub fn of<'a>(&'a self, code: &'a str) -> &'a str {
        self.0.get(code).map_or(code, String::as_str)
    }

    /// The same as it stands within a sentence: "the United States".
    pub fn in_sentence<'a>(&'a self, code: &'a str) -> Cow<'a, str> {
        name::with_article(self.of(code))
    }
}

/// The rows that a reader hands over one by one.
///
/// # Errors
/// The reader's.
pub fn collect<R>(read: impl FnOnce(&mut dyn FnMut(R) -> Result<()>) -> Result<()>) -> Result<Vec<R>> {
    let mut rows = Vec::new();
    read(&mut |row| {
        rows.push(row);
        Ok(())
    })?;
    Ok(rows)
}
