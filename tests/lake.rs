//! Other engines compute the reports from an export: DuckDB and ClickHouse, and Spark if `RECIP_SPARK` is set, give the rows of the program,
//! cell by cell. Weights may differ by the last digits of a sum. A lake grows by the files of a feed, and engines fold its reports. Through
//! ADBC the program gets the same rows from DuckDB and ClickHouse, and imports from them.

#[cfg(feature = "parquet")]
mod append;
#[cfg(feature = "parquet")]
mod equal;
#[cfg(all(feature = "adbc", feature = "parquet"))]
mod on;

use crate::support::{ok, run};

#[test]
fn sql_is_printed_without_a_ledger_and_names_only_codes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let sql = ok(
        folder,
        &["-f", "none.db", "report", "unanswered", "Russland", "United States", "--as-of", "2017-07-13", "--print-sql", "DuckDB"],
    );
    assert!(sql.starts_with("WITH ") && sql.ends_with(";\n") && sql.contains("actor IN ('RUS', 'USA')"), "{sql}");
    assert!(!folder.join("none.db").exists());
    let sql = ok(folder, &["-f", "none.db", "suggest", "USA-7", "--actor", "Russland", "--with-candidates", "--print-sql", "spark"]);
    assert!(sql.starts_with("-- The action ") && sql.contains("lower(ref) = 'usa-7'") && sql.contains("actor = ('RUS')"), "{sql}");
    assert!(sql.ends_with(";\n") && sql.contains("FROM aliases a") && !folder.join("none.db").exists(), "{sql}");
    let refused = |args: &[&str], why: &str| {
        let output = run(folder, &[&["-f", "l.db", "report"], args].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(why), "{args:?}: {said}");
    };
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29", "--tag", "o'hara"]);
    refused(&["balance", "--print-sql", "oracle"], "write one of: duckdb, spark, clickhouse, trino");
    refused(&["balance", "Atlantis", "--print-sql", "spark"], "Atlantis");
    refused(&["balance", "--with-suggested", "0.6", "--print-sql", "spark"], "leave out --with-suggested");
    refused(&["balance", "--quantity", "trade", "--print-sql", "spark"], "leave out --quantity or --print-sql");
    refused(&["balance", "--as-known", "2026-01-02", "--print-sql", "spark"], "export the ledger with --as-known");
    refused(&["pending", "--fail-if-any", "--print-sql", "spark"], "leave out these options or --print-sql");
    refused(&["pending", "--format", "csv", "--print-sql", "spark"], "cannot be used with");
    refused(&["balance", "--tag", "o'hara", "--print-sql", "spark"], "quotation mark or a backslash");
}

#[test]
fn the_fold_is_printed_for_a_window_and_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let print = |more: &[&str]| ok(folder, &[&["lake", "fold", "s3://lake/recip", "--dialect", "spark"], more].concat());
    assert!(print(&[]).contains(".day + 3 ") && print(&["--window", "10"]).contains(".day + 10 "));
    let since = print(&["--into", "lake.folded", "--added-since", "2017-07-01"]);
    assert!(since.starts_with("CREATE OR REPLACE TABLE lake.folded_again AS\nWITH ") && since.contains("DATE '2017-07-01'"), "{since}");
    let refused = |more: &[&str], why: &str| {
        let output = run(folder, &[&["lake", "fold", "s3://lake/recip"], more].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(why), "{more:?}: {said}");
    };
    refused(&["--dialect", "trino"], "cannot print the fold for trino");
    refused(&["--dialect", "duckdb", "--into", "a; b"], "this is not a name that every engine reads");
    refused(&["--dialect", "duckdb", "--added-since", "2017-07-01"], "--into");
    std::fs::create_dir_all(folder.join("lake/kinds")).unwrap();
    let output = run(folder, &["lake", "fold", "lake", "--dialect", "duckdb"]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("lake: it has no reports of feeds\nhelp: append some: "));
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_build_without_parquet_says_how_to_append() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["lake", "append", "lake", "--feed", "gdelt", "feed.tsv"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.code() == Some(2) && said.contains("this recip was built without Parquet") && said.contains("--features parquet"),
        "{said}"
    );
}
