//! The statements that make the tables of a Parquet export visible to an engine, under the names that the reports use.

use std::fs;
use std::path::Path;

use crate::error::{Error, Result};

use super::dialect::Dialect;
use super::values::quoted;

/// A table of an export, and the number of folders between it and its files.
const TABLES: [(&str, usize); 13] = [
    ("actions", 1),
    ("links", 1),
    ("candidates", 1),
    ("parties", 0),
    ("aliases", 0),
    ("kinds", 0),
    ("weights", 0),
    ("memberships", 0),
    ("sources", 0),
    ("citations", 0),
    ("feed_codes", 0),
    ("feed_names", 0),
    ("reports", 2),
];

/// True for the name of a table of an export.
pub(super) fn is_table(name: &str) -> bool {
    TABLES.iter().any(|(table, _)| *table == name)
}

/// The name of the file that says what an export holds.
pub(crate) const MANIFEST: &str = "manifest.json";

/// Where an export is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    address: String,
    tables: Vec<(&'static str, usize)>,
    /// The number of days within which reports count as repeats, if the export says it.
    window: Option<i64>,
}

impl Place {
    /// A folder, or an address such as `s3://lake/recip`. A folder on this machine must have the tables. At an address they are assumed
    /// to exist, except the reports of feeds unless `with_reports` is true.
    ///
    /// # Errors
    /// The folder has none of the tables.
    pub fn new(address: &str, with_reports: bool) -> Result<Place> {
        let trimmed = address.trim_end_matches('/');
        if address.contains("://") {
            let tables = TABLES.into_iter().filter(|(name, _)| with_reports || *name != "reports").collect();
            return Ok(Place { address: trimmed.to_owned(), tables, window: None });
        }
        let folder = std::path::absolute(address).map_err(Error::io("read", Path::new(address)))?;
        let tables: Vec<_> = TABLES.into_iter().filter(|(name, _)| folder.join(name).is_dir()).collect();
        if tables.is_empty() {
            return Err(Error::File {
                file: address.to_owned(),
                why: "it has no tables".to_owned(),
                way_out: format!("write them first: recip export parquet {address}; or give an address such as s3://lake/recip"),
            });
        }
        let manifest = fs::read(folder.join(MANIFEST)).ok().and_then(|text| serde_json::from_slice::<serde_json::Value>(&text).ok());
        let window = manifest.and_then(|manifest| manifest["window_days"].as_i64());
        Ok(Place { address: folder.display().to_string(), tables, window })
    }

    /// The number of days within which reports of feeds count as repeats; `None`: the place does not say it.
    pub(super) fn window(&self) -> Option<i64> {
        self.window
    }

    /// Checks that there are reports of feeds.
    pub(super) fn check_reports(&self) -> Result<()> {
        if self.tables.iter().any(|(table, _)| *table == "reports") {
            return Ok(());
        }
        let place = &self.address;
        Err(Error::File {
            file: place.clone(),
            why: "it has no reports of feeds".to_owned(),
            way_out: format!(
                "append some: recip lake append {place} --feed FEED FILE; or export them: recip export parquet {place} --reports"
            ),
        })
    }
}

/// The statements for all tables of a place.
///
/// # Errors
/// The engine cannot read files by their path, or the path contains a quotation mark or a backslash.
pub fn visible(place: &Place, dialect: Dialect) -> Result<String> {
    place.tables.iter().map(|(table, depth)| statement(&place.address, table, *depth, dialect)).collect()
}

fn statement(address: &str, table: &str, depth: usize, dialect: Dialect) -> Result<String> {
    let files = quoted(&format!("{address}/{table}/{}*.parquet", "*/".repeat(depth)))?;
    let select = match dialect {
        Dialect::Duckdb => format!("VIEW {table} AS SELECT * FROM read_parquet({files}, hive_partitioning = {})", depth > 0),
        Dialect::Spark if address.contains('`') => {
            let why = "Spark reads a path in backquotes";
            return Err(Error::refused(format!("cannot name {address}"), why, "use a path without backquotes"));
        }
        Dialect::Spark => format!("TEMPORARY VIEW {table} AS SELECT * FROM parquet.`{address}/{table}`"),
        Dialect::Clickhouse => {
            let columns = if table == "reports" { "* REPLACE (toDate32OrNull(toString(added)) AS added)" } else { "*" };
            format!("VIEW {table} AS SELECT {columns} FROM {}", clickhouse_source(address, &files))
        }
        Dialect::Trino => {
            let why = "Trino reads the tables of a catalogue and not files by their path";
            let way_out = "register the folders as external tables in your Hive or Iceberg catalogue, under the names of the folders";
            return Err(Error::refused("cannot print views for trino", why, way_out));
        }
    };
    Ok(format!("CREATE OR REPLACE {select};\n"))
}

/// The function by which ClickHouse reads files.
fn clickhouse_source(address: &str, files: &str) -> String {
    match address.split_once("://").map(|(scheme, _)| scheme) {
        Some("s3" | "https" | "http") => format!("s3({files}, 'Parquet')"),
        Some("hdfs") => format!("hdfs({files}, 'Parquet')"),
        _ => format!("file({files}, 'Parquet')"),
    }
}
