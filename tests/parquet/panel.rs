//! The panel as a Parquet file has the columns and the values of the CSV.

use std::path::Path;

use super::values::file;
use crate::support::ok;

/// A panel in both formats. Whole numbers of a column of weights are written differently, so that they are compared as numbers.
fn in_both(folder: &Path, args: &[&str]) {
    let panel = [&["-f", "l.db", "report", "panel", "--as-of", "2018-12-31"], args].concat();
    ok(folder, &[&panel[..], &["--format", "parquet", "-o", "panel.parquet"]].concat());
    let (columns, rows) = file(&folder.join("panel.parquet"));
    let csv = ok(folder, &[&panel[..], &["--format", "csv"]].concat());
    let mut csv = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(csv.headers().unwrap().iter().collect::<Vec<_>>(), columns);
    let expected: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), expected.len());
    let same = |value: &Option<String>, cell: &str| {
        let value = value.as_deref().unwrap_or_default();
        value == cell || matches!((value.parse::<f64>(), cell.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
    };
    for (row, expected) in rows.iter().zip(&expected) {
        assert!(row.len() == expected.len() && row.iter().zip(expected).all(|(value, cell)| same(value, cell)), "{row:?} {expected:?}");
    }
}

#[test]
fn a_panel_is_the_same_in_parquet_and_in_csv() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for example in ["us-russia-2016-2017", "qatar-2017"] {
        let rows = format!("{}/examples/{example}.csv", env!("CARGO_MANIFEST_DIR"));
        ok(folder, &["-f", "l.db", "import", &rows]);
    }
    // A kind without a weight, and an unknown count.
    ok(folder, &["-f", "l.db", "kind", "add", "slight", "--unit", "acts", "--sign", "hostile"]);
    ok(folder, &["-f", "l.db", "log", "DEU", "SUN", "slight", "--on", "1990-05"]);
    for by in ["day", "week", "month", "quarter", "year"] {
        in_both(folder, &["--by", by, "--since", "2017-01-01"]);
    }
    in_both(folder, &["--by", "year"]);
    in_both(folder, &["FRA", "SUN"]);
    let output = crate::support::run(folder, &["-f", "l.db", "report", "panel", "--format", "parquet", "--excel", "-o", "none"]);
    assert!(output.status.code() == Some(3) && !folder.join("none").exists());
}
