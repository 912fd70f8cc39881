//! `recip lake`.

use std::path::PathBuf;

use clap::Subcommand;
use recip::Result;
use recip::report::portable::{self, Dialect, Place};

use super::output::to;
use super::session::Session;

/// Use the tables of a Parquet export with another engine: DuckDB, Spark or ClickHouse
#[derive(Debug, Subcommand)]
pub(crate) enum Lake {
    /// Print the statements that make the tables of an export visible to an engine
    ///
    /// The views have the names that the SQL of 'recip report ... --print-sql' uses. At an address such as s3://lake/recip the tables are
    /// taken for granted.
    #[command(
        after_help = "Example:\n  recip lake views lake --dialect duckdb > lake.sql\n  recip report balance USA RUS --print-sql duckdb >> lake.sql\n  duckdb < lake.sql"
    )]
    Views {
        /// Folder of the export, or its address
        #[arg(value_name = "FOLDER")]
        place: String,
        /// The engine's SQL: duckdb, spark or clickhouse
        #[arg(long, value_name = "DIALECT")]
        dialect: Dialect,
        /// At an address: there are reports of feeds too
        #[arg(long)]
        reports: bool,
        /// Write to this file; it is replaced only when the output is complete
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

pub(crate) fn run(session: &Session, lake: Lake) -> Result<()> {
    let Lake::Views { place, dialect, reports, output } = lake;
    let statements = portable::visible(&Place::new(&place, reports)?, dialect)?;
    to(session, output.as_deref(), |out| Ok(out.write_all(statements.as_bytes())?))
}
