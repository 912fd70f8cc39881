//! The fold of the reports of feeds to candidates, as `recip import --feed` folds them in a ledger.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};
use crate::ledger::feed_intake::WINDOW_DAYS;
use crate::model::Day;

use super::dialect::Dialect;
use super::translate::Values;
use super::{Place, definitions, put_together};

/// The views of the fold.
const FOLD: &str = include_str!("fold.sql");
/// Those that differ in DuckDB.
const FOLD_DUCKDB: &str = include_str!("fold_duckdb.sql");
/// Those that differ if only some series are folded again.
const REFOLD: &str = include_str!("refold.sql");
/// The rows of the table of candidates.
const SELECT: &str = "SELECT * FROM candidate_row";

/// The name of a table of an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableName(String);

impl FromStr for TableName {
    type Err = Error;

    fn from_str(name: &str) -> Result<TableName> {
        let is_name = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        if !name.split('.').all(is_name) {
            let way_out = "write a name of letters, digits and underscores, such as folded or lake.folded";
            return Err(Error::invalid("table", name, "this is not a name that every engine reads", way_out));
        }
        Ok(TableName(name.to_owned()))
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where the statements of a fold put the folded candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folded<'f> {
    /// Nowhere: a SELECT returns them as rows.
    Selected,
    /// In a new table, which replaces an existing one of this name.
    Into(&'f TableName),
    /// In this existing table. Only the series to which reports were added since this day are folded again, and their rows replaced.
    Renewed(&'f TableName, Day),
}

/// The statements that fold the reports of a place to candidates, with the columns of the exported candidates. Repeats within `window` days
/// count as one candidate; `None`: within the window of the place.
///
/// # Errors
/// The place has no reports, or the fold was not written for the dialect.
pub fn fold(place: &Place, window: Option<i64>, folded: Folded<'_>, dialect: Dialect) -> Result<String> {
    place.check_reports()?;
    if dialect == Dialect::Trino {
        let why = "the fold was tried with DuckDB, ClickHouse and Spark only";
        return Err(Error::refused(
            "cannot print the fold for trino",
            why,
            "fold with one of these engines, or import the feed into a ledger",
        ));
    }
    let mut values = Values::from([("window", dialect.number(&window.or(place.window()).unwrap_or(WINDOW_DAYS).to_string()))]);
    let mut known = definitions(&[FOLD]);
    if dialect == Dialect::Duckdb {
        known.extend(definitions(&[FOLD_DUCKDB]));
    }
    if let Folded::Renewed(table, since) = folded {
        known.extend(definitions(&[REFOLD]));
        values.extend([("added_since", dialect.date(&since.iso())), ("folded", table.to_string())]);
    }
    let select = put_together(SELECT, &known, dialect, &values);
    let create = |table: &str| format!("CREATE OR REPLACE TABLE {table}{} AS\n{select}", dialect.new_table());
    Ok(match folded {
        Folded::Selected => select,
        Folded::Into(table) => create(&table.0),
        Folded::Renewed(table, _) => {
            let again = format!("{table}_again");
            let create = create(&again);
            format!(
                "{create}\
                 DELETE FROM {table} WHERE id IN (\n  SELECT c.id FROM {table} c JOIN (SELECT series_id, min(day) AS since FROM {again} GROUP BY series_id) n\n  \
                 ON n.series_id = c.series_id WHERE c.day >= n.since\n);\n\
                 INSERT INTO {table} SELECT * FROM {again};\n\
                 DROP TABLE {again};\n"
            )
        }
    })
}
