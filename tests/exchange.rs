//! Files in and out: what goes out comes in again, what is bad is told, and both ways of loading agree.

use std::path::{Path, PathBuf};

use recip::error::{Error, RowError};
use recip::exchange::{self, Imported, ReadOptions};
use recip::ledger::Ledger;
use recip::model::Clock;
use recip::report::{Lens, Selection};

fn whole() -> Selection {
    Selection { whatever_day: true, ..Selection::default() }
}

fn csv(ledger: &Ledger, excel: bool) -> String {
    let mut out = Vec::new();
    exchange::export_csv(&Lens::new(ledger, &whole()).unwrap(), &mut out, excel).unwrap();
    String::from_utf8(out).unwrap()
}

fn import_file(ledger: &mut Ledger, path: &Path) -> recip::Result<Imported> {
    exchange::import(ledger, &[path.to_owned()], &ReadOptions::default(), &mut |_, _| ())
}

/// Imports a text that lies in a file called `name`.
fn import_text(ledger: &mut Ledger, name: &str, text: impl AsRef<[u8]>) -> recip::Result<Imported> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    import_file(ledger, &path)
}

fn ledger() -> Ledger {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger.set_clock(Clock::fixed("2024-01-01T00:00:00Z").unwrap());
    ledger
}

fn rows(e: Error) -> Vec<RowError> {
    match e {
        Error::Rows { bad, .. } => bad,
        other => panic!("{other}"),
    }
}

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    found.retain(|p| p.extension().is_some_and(|e| e == "csv"));
    found.sort();
    found
}

/// The kept numbers are those that the schema reckons.
fn assert_reckoned(ledger: &Ledger) {
    let wrong: i64 = ledger
        .connection()
        .query_row(
            "SELECT count(*) FROM reckoned r JOIN action a ON a.id = r.action_id
             WHERE r.open <> a.open OR r.stands <> a.stands OR r.posted_day <> a.posted_day",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert_eq!(wrong, 0);
    let fk: i64 = ledger.connection().query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |r| r.get(0)).unwrap();
    assert_eq!(fk, 0);
    let sound: String = ledger.connection().query_row("PRAGMA integrity_check", [], |r| r.get(0)).unwrap();
    assert_eq!(sound, "ok");
}

#[test]
fn examples_come_out_as_they_went_in() {
    for path in examples() {
        let mut ledger = ledger();
        import_file(&mut ledger, &path).unwrap_or_else(|e| panic!("{e}"));
        assert_reckoned(&ledger);
        let text = std::fs::read_to_string(&path).unwrap();
        for (a, b) in csv(&ledger, false).lines().zip(text.lines()) {
            assert_eq!(a, b);
        }
        assert_eq!(csv(&ledger, false), text, "{}", path.display());
        let again = import_file(&mut ledger, &path).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!((again.added, again.links), (0, 0), "{}", path.display());
        assert_eq!(again.present as usize, text.lines().count() - 1);
    }
}
