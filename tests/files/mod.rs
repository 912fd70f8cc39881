//! Exported files can be imported without loss, invalid files are reported, and both ways of loading give the same result.

mod advice;
mod calendar;
mod dialects;
mod flow;
mod reading;
mod refs;
mod round_trip;
mod sheet_columns;
mod sheet_doubts;
mod sheet_folder;
mod sheet_marks;
mod sheet_reviews;
mod sheet_roles;
mod sheet_rows;
mod sheets;
mod sources;
mod workbook;

use std::path::{Path, PathBuf};

use recip::error::{Error, RowError};
use recip::ledger::{Entry, Ledger, Loaded};
use recip::model::Clock;
use recip::read::{self, ReadOptions};
use recip::render::export;
use recip::report::{Lens, Selection};

fn whole() -> Selection {
    Selection { all_days: true, ..Selection::default() }
}

fn csv(ledger: &Ledger, excel: bool) -> String {
    let mut out = Vec::new();
    export::export_csv(&Lens::new(ledger, &whole()).unwrap(), &mut out, excel).unwrap();
    String::from_utf8(out).unwrap()
}

fn import_file(ledger: &mut Ledger, path: &Path) -> recip::Result<Loaded> {
    read::import(ledger, &[path.to_owned()], &ReadOptions::default(), &mut |_, _| ())
}

/// Imports a text from a file called `name`.
fn import_text(ledger: &mut Ledger, name: &str, text: impl AsRef<[u8]>) -> recip::Result<Loaded> {
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

/// Checks that the stored derived values equal the recomputed ones.
fn assert_derived(ledger: &Ledger) {
    let wrong: i64 = ledger
        .connection()
        .query_row(
            "SELECT count(*) FROM derived_action r JOIN action a ON a.id = r.action_id
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

fn jsonl(ledger: &Ledger) -> String {
    let mut out = Vec::new();
    export::export_jsonl(&Lens::new(ledger, &whole()).unwrap(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Exports a package; returns its files with their texts.
fn package(ledger: &Ledger, folder: &Path) -> Vec<(String, String)> {
    export::export_package(&Lens::new(ledger, &whole()).unwrap(), folder).unwrap();
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap())
        .map(|f| (f.file_name().into_string().unwrap(), std::fs::read_to_string(f.path()).unwrap()))
        .collect();
    files.sort();
    files
}

/// All fields and derived values of actions and links, except ids and the time of logging.
fn dump(ledger: &Ledger) -> Vec<String> {
    let conn = ledger.connection();
    let mut all = Vec::new();
    for select in [
        "SELECT concat_ws('|', ref, date, actor, target, kind, ifnull(count, '?'), ifnull(count_words, '?'), stage, ifnull(\"by\", '?'), ifnull(place, '?'), ifnull(deadline, '?'),
           ifnull(dispute, '?'), ifnull(summary, '?'), ifnull(note, '?'), ifnull(tags, '?'), ifnull(voided, '?'), 'stands', stands, 'open', open, 'posted', posted_day) FROM action ORDER BY day, ref",
        "SELECT concat_ws('|', b.ref, relation, a.ref, ifnull(stated, '?'), ifnull(stated_spends, '?'), covers, spends, takes, l.day) FROM link l JOIN action a ON a.id = l.earlier_id
           JOIN action b ON b.id = l.action_id ORDER BY b.ref, relation, a.ref",
        "SELECT concat_ws('|', ref, position, cite, says_date, says_count, says_words, denies, url) FROM citation c JOIN source s ON s.id = c.source_id
           JOIN action a ON a.id = c.action_id ORDER BY a.day, a.ref, position",
        "SELECT concat_ws('|', ref, name, value, unit) FROM quantity JOIN action ON id = action_id ORDER BY day, ref, name",
    ] {
        let mut select = conn.prepare(select).unwrap();
        all.extend(select.query_map([], |r| r.get::<_, String>(0)).unwrap().map(Result::unwrap));
    }
    all
}

/// A ledger of these entries, without the entries and links that the ledger refuses.
fn built(entries: &[Entry]) -> Ledger {
    let mut ledger = ledger();
    for entry in entries {
        let mut entry = entry.clone();
        while ledger.log(&entry).is_err() && entry.links.pop().is_some() {}
    }
    ledger
}

const HEAD: &str = "ref,date,actor,target,kind,count,answers,summary\n";

/// Imports a text that must be refused; returns the message and checks that the ledger has not changed.
fn refused(name: &str, text: impl AsRef<[u8]>) -> String {
    let mut ledger = ledger();
    let e = import_text(&mut ledger, name, text).unwrap_err();
    assert_eq!(e.exit_code(), 3, "{e}");
    assert_eq!(dump(&ledger), Vec::<String>::new());
    // The triggers are on again.
    let rules = ledger.connection().execute("INSERT INTO weight VALUES ('none', 'none', 'done', 1.0, 'action')", []);
    assert!(rules.is_err());
    ledger.log(&Entry::new("USA", "RUS", "expulsion", "2017".parse().unwrap())).unwrap();
    assert_derived(&ledger);
    e.to_string()
}

fn rows_of_lines(text: &str) -> Vec<u64> {
    rows(import_text(&mut ledger(), "a.csv", text).unwrap_err()).iter().map(|r| r.line).collect()
}
