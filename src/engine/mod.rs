//! Engines over a lake, such as DuckDB, Spark and ClickHouse, which are reached through ADBC.
//!
//! A *profile* names the driver and its options. It is a file of the user, in the format of ADBC, so that recip keeps no address and no
//! password. The rows of an engine are read batch by batch.

#[cfg(not(feature = "adbc"))]
mod absent;
#[cfg(feature = "adbc")]
mod adbc;
#[cfg(feature = "adbc")]
mod batch;

#[cfg(not(feature = "adbc"))]
pub use absent::Engine;
#[cfg(feature = "adbc")]
pub use adbc::Engine;

use crate::error::Result;
use crate::record::{Cells, FromCells};

impl Engine {
    /// Executes a statement and passes each of its rows to `each`.
    ///
    /// # Errors
    /// The engine refuses the statement or is interrupted, a value does not have the type of its field, or `each` fails.
    pub(crate) fn rows<R: FromCells>(&self, statement: &str, mut each: impl FnMut(R) -> Result<()>) -> Result<()> {
        self.query(statement, &mut |cells| each(R::from_cells(cells)?))
    }

    /// Executes a statement and collects what `read` makes of its rows.
    ///
    /// # Errors
    /// As [`Engine::rows`].
    pub(crate) fn collect<T>(&self, statement: &str, read: impl Fn(&dyn Cells) -> rusqlite::Result<T>) -> Result<Vec<T>> {
        let mut all = Vec::new();
        self.query(statement, &mut |cells| {
            all.push(read(cells)?);
            Ok(())
        })?;
        Ok(all)
    }
}
