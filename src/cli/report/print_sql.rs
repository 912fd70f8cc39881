//! `--print-sql` of the reports that other engines can compute.

use std::path::Path;

use recip::Result;
use recip::report::portable::{self, Dialect, Question};
use recip::report::{Lens, Selection};

use crate::cli::output::to;
use crate::cli::session::Session;

/// Whether to print the report as a statement.
#[derive(Debug, clap::Args)]
pub(crate) struct SqlArgs {
    /// Print the SQL that computes the report from the tables of 'recip export parquet': duckdb, spark, clickhouse or trino
    #[arg(long, value_name = "DIALECT", conflicts_with_all = ["format", "excel"], help_heading = "Output")]
    print_sql: Option<Dialect>,
}

impl SqlArgs {
    /// True if the statement is requested.
    pub(crate) fn is_given(&self) -> bool {
        self.print_sql.is_some()
    }

    /// Prints the statement that answers the question, if it is requested. Returns true if it was.
    pub(crate) fn print(
        &self,
        session: &Session,
        lens: &Lens<'_>,
        selection: &Selection,
        question: Question,
        output: Option<&Path>,
    ) -> Result<bool> {
        let Some(dialect) = self.print_sql else { return Ok(false) };
        let statement = portable::statement(lens, selection, question, dialect)?;
        to(session, output, |out| Ok(out.write_all(statement.as_bytes())?))?;
        Ok(true)
    }
}
