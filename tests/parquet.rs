//! `export parquet` writes every value as it is in the ledger, according to the Parquet library and to DuckDB, and never leaves an
//! incomplete folder. A build without the feature `parquet` prints how to get it.

#[cfg(feature = "parquet")]
mod catalogue;
#[cfg(feature = "parquet")]
pub mod folder;
#[cfg(feature = "parquet")]
mod groups;
#[cfg(feature = "parquet")]
mod panel;
#[cfg(feature = "parquet")]
pub mod values;

#[cfg(feature = "parquet")]
use std::path::{Path, PathBuf};

/// The tables of an export that are divided by year.
#[cfg(feature = "parquet")]
const TABLES: [&str; 3] = ["actions", "links", "candidates"];

/// The files of a table, each with its year.
#[cfg(feature = "parquet")]
fn parts(dir: &Path, table: &str) -> Vec<(i64, PathBuf)> {
    let mut parts = Vec::new();
    for year in std::fs::read_dir(dir.join(table)).unwrap() {
        let year = year.unwrap().path();
        let name = year.file_name().unwrap().to_str().unwrap().strip_prefix("year=").unwrap().to_owned();
        let files: Vec<PathBuf> = std::fs::read_dir(&year).unwrap().map(|f| f.unwrap().path()).collect();
        assert_eq!(files, [year.join("part-0.parquet")]);
        parts.push((name.parse().unwrap(), files[0].clone()));
    }
    parts.sort();
    parts
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_build_without_parquet_says_how_to_get_it() {
    use crate::support::{ok, run};
    println!("skipped: this build has no Parquet; 'cargo test --features parquet' tries it");
    let folder = tempfile::tempdir().unwrap();
    ok(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    let output = run(folder.path(), &["-f", "l.db", "export", "parquet", "out"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: export 'parquet': this recip was built without Parquet\n"), "{said}");
    assert!(said.contains("--features parquet"), "{said}");
    assert!(!folder.path().join("out").exists());
    let output = run(folder.path(), &["-f", "l.db", "report", "panel", "--format", "parquet", "-o", "panel.parquet"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains("this recip was built without Parquet"), "{said}");
    assert!(!folder.path().join("panel.parquet").exists());
}
