//! Ledgers of version 1 open for ever: `tests/data/version-1.db` is the founding case, as the first release wrote it:
//! `recip -f tests/data/version-1.db import examples/us-russia-2016-2017.csv`. Once that release is out the file stays as it is.

use std::path::Path;

use crate::support::ok;

#[test]
fn a_ledger_of_version_1_opens_and_reports() {
    let folder = tempfile::tempdir().unwrap();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/version-1.db");
    std::fs::copy(kept, folder.path().join("l.db")).unwrap();
    let csv = ok(folder.path(), &["-f", "l.db", "report", "unanswered", "USA", "RUS", "--as-of", "2017-07-13", "--format", "csv"]);
    let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|l| l.split(',').collect()).collect();
    assert_eq!(rows.iter().map(|r| (r[5], r[7], r[9])).collect::<Vec<_>>(), [("expulsion", "35", "196"), ("seizure", "2", "196")]);
    assert_eq!(ok(folder.path(), &["-f", "l.db", "check", "--errors-only"]), "nothing found\n");
    assert!(ok(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "protest"]).starts_with("#19 "));
}
