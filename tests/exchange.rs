//! Files in and out: what goes out comes in again, what is bad is told, and both ways of loading agree.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use recip::error::{Error, RowError};
use recip::exchange::{self, Imported, ReadOptions};
use recip::ledger::{Entry, Ledger, Link};
use recip::model::{Amount, Cite, Clock, Date, Day, LinkSpec, Relation, Stage};
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

fn jsonl(ledger: &Ledger) -> String {
    let mut out = Vec::new();
    exchange::export_jsonl(&Lens::new(ledger, &whole()).unwrap(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The files of a package with their texts.
fn package(ledger: &Ledger, folder: &Path) -> Vec<(String, String)> {
    exchange::export_package(&Lens::new(ledger, &whole()).unwrap(), folder).unwrap();
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap())
        .map(|f| (f.file_name().into_string().unwrap(), std::fs::read_to_string(f.path()).unwrap()))
        .collect();
    files.sort();
    files
}

/// Everything that actions and links say, and what is kept of them; ids and the time of logging aside.
fn dump(ledger: &Ledger) -> Vec<String> {
    let conn = ledger.connection();
    let mut all = Vec::new();
    for select in [
        "SELECT concat_ws('|', ref, date, actor, target, kind, ifnull(count, '?'), stage, ifnull(\"by\", '?'), ifnull(place, '?'), ifnull(deadline, '?'),
           ifnull(dispute, '?'), ifnull(summary, '?'), ifnull(voided, '?'), 'stands', stands, 'open', open, 'posted', posted_day) FROM action ORDER BY id",
        "SELECT concat_ws('|', b.ref, relation, a.ref, covers, spends, reversed, l.day) FROM link l JOIN action a ON a.id = l.earlier_id
           JOIN action b ON b.id = l.action_id ORDER BY b.id, relation, a.id",
        "SELECT concat_ws('|', ref, position, cite, says_date, says_count, url) FROM citation c JOIN source s ON s.id = c.source_id
           JOIN action a ON a.id = c.action_id ORDER BY action_id, position",
    ] {
        let mut select = conn.prepare(select).unwrap();
        all.extend(select.query_map([], |r| r.get::<_, String>(0)).unwrap().map(Result::unwrap));
    }
    all
}

const PAIRS: [(&str, &str); 6] = [("USA", "RUS"), ("RUS", "USA"), ("EU", "RUS"), ("RUS", "EU"), ("FRA", "RUS"), ("RUS", "FRA")];
const KINDS: [&str; 6] = ["expulsion", "staff-cut", "seizure", "sanction", "meeting", "restraint"];

fn text() -> impl Strategy<Value = Option<String>> {
    let odd = "[ |\\\\\\[\\]'\"=+@,;\n\r\t-]|says|é|[^\u{0}]";
    prop::option::weighted(0.4, prop::collection::vec(odd, 1..8).prop_map(|parts| parts.concat()))
}

fn entry() -> impl Strategy<Value = Entry> {
    let stage = prop_oneof![1 => Just(Stage::Threatened), 2 => Just(Stage::Announced), 4 => Just(Stage::Done)];
    let relation = prop_oneof![5 => Just(Relation::Answers), 3 => Just(Relation::Waives), 3 => Just(Relation::Reverses), 2 => Just(Relation::Executes)];
    let links =
        prop::collection::vec((relation, 1..30usize, prop::option::weighted(0.3, 1..9i64), prop::option::weighted(0.1, 0..5i64)), 0..4);
    let cites = prop::collection::vec((text(), prop::option::weighted(0.2, 1..3000i64), any::<bool>()), 0..3);
    let what = (0..PAIRS.len(), 0..KINDS.len(), prop::option::weighted(0.8, 1..20i64), stage, 0..60i64, 0..8);
    (what, links, cites, (text(), text(), text())).prop_map(
        |((pair, kind, count, stage, day, precision), links, cites, (by, place, summary))| {
            let iso = Day(17_000 + day).iso();
            let date: Date = match precision {
                0 => iso[..7].parse().unwrap(),
                1 => iso[..4].parse().unwrap(),
                _ => iso.parse().unwrap(),
            };
            let mut entry = Entry::new(PAIRS[pair].0, PAIRS[pair].1, KINDS[kind], date.clone()).stage(stage);
            (entry.count, entry.by, entry.place, entry.summary) = (count, by, place, summary);
            entry.deadline = (day % 5 == 0).then(|| "2017-01-01T12:00-05:00".to_owned());
            for (relation, earlier, covers, spends) in links {
                let amount = Amount { covers, spends: covers.and(spends) };
                entry.links.push(Link { relation, spec: LinkSpec { earlier: earlier.to_string(), amount } });
            }
            for (cite, says_count, dated) in cites {
                let Some(cite) = cite else { continue };
                entry.sources.push(Cite { cite, says_count, says_date: dated.then(|| date.clone()) });
            }
            entry
        },
    )
}

/// A ledger of what is not refused; links that are refused one by one are left out.
fn built(entries: &[Entry]) -> Ledger {
    let mut ledger = ledger();
    for entry in entries {
        let mut entry = entry.clone();
        while ledger.log(&entry).is_err() && entry.links.pop().is_some() {}
    }
    ledger
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Any ledger goes out and comes in as it was, in every form, whatever its texts hold.
    #[test]
    fn any_ledger_survives(entries in prop::collection::vec(entry(), 1..40)) {
        let there = built(&entries);
        for excel in [false, true] {
            let text = csv(&there, excel);
            let mut back = ledger();
            import_text(&mut back, "a.csv", &text).unwrap_or_else(|e| panic!("{e}\n{text}"));
            assert_reckoned(&back);
            prop_assert_eq!(&csv(&back, excel), &text);
            prop_assert_eq!(dump(&back), dump(&there));
            let again = import_text(&mut back, "a.csv", &text).unwrap_or_else(|e| panic!("{e}\n{text}"));
            prop_assert_eq!((again.added, again.links), (0, 0));
        }
        let text = jsonl(&there);
        let mut back = ledger();
        import_text(&mut back, "a.jsonl", &text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_reckoned(&back);
        prop_assert_eq!(&jsonl(&back), &text);
        prop_assert_eq!(dump(&back), dump(&there));
        let again = import_text(&mut back, "a.jsonl", &text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        prop_assert_eq!((again.added, again.links, again.catalogue), (0, 0, 0));

        let folder = tempfile::tempdir().unwrap();
        let files = package(&there, &folder.path().join("a"));
        let mut back = ledger();
        import_file(&mut back, &folder.path().join("a")).unwrap_or_else(|e| panic!("{e}"));
        assert_reckoned(&back);
        prop_assert_eq!(dump(&back), dump(&there));
        prop_assert_eq!(package(&back, &folder.path().join("b")), files);
    }

    /// Row by row into a ledger that has actions gives what loading them all at once gives.
    #[test]
    fn both_ways_of_loading_agree(entries in prop::collection::vec(entry(), 1..30)) {
        let there = built(&entries);
        let text = csv(&there, false);
        let mut at_once = ledger();
        import_text(&mut at_once, "a.csv", &text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        let mut one_by_one = ledger();
        one_by_one.log(&Entry::new("Japan", "China", "protest", "1999".parse().unwrap())).unwrap();
        import_text(&mut one_by_one, "a.csv", &text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_reckoned(&one_by_one);
        let rows = |l: &Ledger| dump(l).into_iter().filter(|row| !row.starts_with("1999")).collect::<Vec<_>>();
        prop_assert_eq!(rows(&at_once), rows(&one_by_one));
    }
}
