//! The engines of a build without ADBC: none.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::ledger::Stop;
use crate::record::Cells;
use crate::report::portable::Dialect;

/// An engine over a lake. A build without ADBC has none.
#[derive(Debug)]
pub enum Engine {}

impl Engine {
    /// Connects to the engine of a profile.
    ///
    /// # Errors
    /// Always: this build has no ADBC.
    pub fn connect(profile: &str, _: Option<Dialect>, _: Arc<Stop>) -> Result<Engine> {
        let way_out = "build it with ADBC: cargo install --path . --features adbc; or print the SQL of a report with --print-sql";
        Err(Error::invalid("profile", profile, "this recip was built without ADBC", way_out))
    }

    /// Its name, for messages.
    pub fn name(&self) -> &str {
        match *self {}
    }

    /// Its SQL.
    pub fn dialect(&self) -> Dialect {
        match *self {}
    }

    /// Executes a statement.
    pub(crate) fn query(&self, _: &str, _: &mut dyn FnMut(&dyn Cells) -> Result<()>) -> Result<()> {
        match *self {}
    }
}
