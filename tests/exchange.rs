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
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

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

const HEAD: &str = "ref,date,actor,target,kind,count,answers,summary\n";

/// What is said of a text that cannot be taken; the ledger is as it was.
fn refused(name: &str, text: impl AsRef<[u8]>) -> String {
    let mut ledger = ledger();
    let e = import_text(&mut ledger, name, text).unwrap_err();
    assert_eq!(e.exit_code(), 3, "{e}");
    assert_eq!(dump(&ledger), Vec::<String>::new());
    // The rules are in force again.
    let rules = ledger.connection().execute("INSERT INTO weight VALUES ('none', 'none', 'done', 1.0, 'action')", []);
    assert!(rules.is_err());
    ledger.log(&Entry::new("USA", "RUS", "expulsion", "2017".parse().unwrap())).unwrap();
    assert_reckoned(&ledger);
    e.to_string()
}

#[test]
fn every_bad_row_is_told_and_nothing_is_taken() {
    let text = "\
ref,date,actor,target,kind,count,stage,answers,reverses
a1,2017-01-01,USA,RUS,expulsion,35,done,,
,04/03/2022,Rusia,usa,expulsoin,3.5,tomorrow,,
b2,2017-02-30,USA,USA,expulsion,0,done,,
a1,2017-01-02,USA,RUS,expulsion,1,done,,
c1,2017-01-03,RUS,USA,expulsion,40,done,a1:36,
\"c2\",2017-01-03,RUS,USA,expulsion,40,done,c2,
c3,2016-01-03,RUS,USA,expulsion,40,done,a1,
c4,2017-01-03,RUS,GBR,expulsion,40,done,a1,
c5,2017-01-03,RUS,USA,expulsion,40,done,zz | 7,
c6,2017-01-03,RUS,USA,expulsion,40,done,b2,
";
    let mut to = ledger();
    let bad = rows(import_text(&mut to, "bad.csv", text).unwrap_err());
    let told: Vec<(u64, &str)> = bad.iter().map(|r| (r.line, r.column.as_deref().unwrap_or("-"))).collect();
    let expected = [
        (3, "date"),
        (3, "actor"),
        (3, "kind"),
        (3, "count"),
        (3, "stage"),
        (4, "date"),
        (4, "target"),
        (4, "count"),
        (5, "ref"),
        (6, "answers"),
        (7, "answers"),
        (8, "answers"),
        (9, "answers"),
        (10, "answers"),
    ];
    assert_eq!(told, expected, "{bad:#?}");
    assert!(bad[0].message.contains("2022-03-04 or as 2022-04-03"));
    assert!(bad[1].message.contains("Russia (RUS)"));
    assert!(bad[9].message.contains("answer at most 35"), "{}", bad[9].message);
    assert_eq!(dump(&to), Vec::<String>::new());
    // The other way of loading tells the same rows.
    to.log(&Entry::new("JPN", "CHN", "protest", "1999".parse().unwrap())).unwrap();
    let again = rows(import_text(&mut to, "bad.csv", text).unwrap_err());
    let lines = |bad: &[RowError]| bad.iter().map(|r| r.line).filter(|l| *l < 6).collect::<Vec<_>>();
    assert_eq!(lines(&again), lines(&bad));
}

#[test]
fn bad_rows_beyond_number_are_counted() {
    let text = HEAD.to_owned() + &"x,2017-01-01,Atlantis,RUS,expulsion,1,,\n".repeat(1_150);
    let told = refused("bad.csv", text);
    assert!(
        told.contains("... and 150 more\n") && told.contains("bad.csv: 1150 errors; nothing was changed"),
        "{}",
        &told[told.len() - 300..]
    );
}

#[test]
fn circles_are_found() {
    let text =
        HEAD.to_owned() + "a,2017-01,USA,RUS,expulsion,9,b:1,\nb,2017-01,RUS,USA,expulsion,9,a:1,\nc,2017-01,USA,RUS,expulsion,9,b:1,\n";
    let told = refused("circle.csv", text);
    assert!(told.contains("circle.csv:2, column answers: a answers b: links may not run in a circle"), "{told}");
    assert!(told.contains("circle.csv:3,") && !told.contains("circle.csv:4,"), "{told}");
}

#[test]
fn files_that_are_no_csv_are_told_apart() {
    let row = "a,2017-01-01,USA,RUS,expulsion,1,,";
    for (text, says) in [
        (Vec::new(), "it is empty"),
        (b"PK\x03\x04\0\0\0".to_vec(), "a.csv:1: this is not text"),
        (format!("{HEAD}{row}\nb,2017-01-02,USA\n").into_bytes(), "a.csv:3: there are 3 cells, and the header has 8"),
        (format!("{HEAD}{row}\"two\nlines\"\n{row}\"cut").into_bytes(), "a.csv:4: the file ends within a quoted cell"),
        (format!("{HEAD}{row}\n{row}caf\u{e9}\n").chars().map(|c| c as u8).collect(), "a.csv:3: this is not UTF-8"),
        (format!("{HEAD}{row}\"{}\"\n", "x".repeat(2 << 20)).into_bytes(), "longer than 1 MiB"),
        (format!("{HEAD}{row}\"{}\"\n", "x".repeat(9 << 20)).into_bytes(), "a.csv:2: what begins here is longer than 8 MiB"),
        (b"date,actr,target,kind\n".to_vec(), "there is no column 'actr'; did you mean actor?"),
        (b"date,actor,target\n".to_vec(), "there is no column 'kind'"),
        (b"date,date,actor,target,kind\n".to_vec(), "two columns 'date'"),
    ] {
        let told = refused("a.csv", &text);
        assert!(told.contains(says), "{told}");
    }
    assert!(refused("a.jsonl", "{\"type\":\"action\",").contains("a.jsonl:1: this is not a JSON object"));
    assert!(refused("a.jsonl", "\n{\"type\":\"party\",\"code\":\"usa\"}").contains("a.jsonl:2: party usa"));
    assert!(refused("a.jsonl", "{\"type\":\"act\"}").contains("the types are"));
}

#[test]
fn files_from_spreadsheets_are_read() {
    let rows = "a;2017-01-01;Russia;U.S.;Expulsion;35;;\"Zürich; \"\"x\"\"\"\r\n\r\n;2017-01-02;usa;rus;expulsion;;a;\r\n;;;;;;;\r\n";
    let text = format!("\u{feff}{}{rows}", HEAD.replace(',', ";").replace('\n', "\r\n"));
    let mut there = ledger();
    import_text(&mut there, "a.csv", &text).unwrap_or_else(|e| panic!("{e}"));
    assert!(dump(&there)[0].contains("|Zürich; \"x\"|"), "{:?}", dump(&there));
    assert_eq!(dump(&there).len(), 3);
    // The same in the encodings that spreadsheets write.
    let windows: Vec<u8> = text.chars().filter(|c| *c != '\u{feff}').map(|c| c as u8).collect();
    let utf16: Vec<u8> = text.replace(';', "\t").replace("Zürich\t", "Zürich;").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, encoding) in [(windows, Some("windows-1252")), (utf16, None)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, bytes).unwrap();
        let options = ReadOptions { encoding: encoding.map(str::to_owned), format: None };
        let back = exchange::open_file(&path, &options, Clock::system()).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(dump(&back), dump(&there));
    }
    let bad = rows_of_lines(&text.replace("2017-01-02", "tomorrow"));
    assert_eq!(bad, [4]);
}

fn rows_of_lines(text: &str) -> Vec<u64> {
    rows(import_text(&mut ledger(), "a.csv", text).unwrap_err()).iter().map(|r| r.line).collect()
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    for end in ["\n", "\r\n"] {
        let text = format!("{HEAD}\na,2017,USA,RUS,expulsion,1,,\"x\n\ny\"\n\nb,bad,USA,RUS,expulsion,1,,\nc,bad,USA,RUS,expulsion,1,,");
        assert_eq!(rows_of_lines(&text.replace('\n', end)), [7, 8], "{end:?}");
    }
}

#[test]
fn rows_without_a_ref_find_themselves_again() {
    let rows = "date,actor,target,kind,count\n2017,USA,RUS,expulsion,1\n2017,USA,RUS,expulsion,2\n2017,USA,RUS,expulsion,1\n";
    let mut there = ledger();
    assert_eq!(import_text(&mut there, "a.csv", rows).unwrap().added, 3);
    let again = import_text(&mut there, "a.csv", rows).unwrap();
    assert_eq!((again.added, again.present), (0, 3));
    let more = import_text(&mut there, "a.csv", format!("{rows}2017,USA,RUS,expulsion,1\n")).unwrap();
    assert_eq!((more.added, more.present), (1, 3));
    let refs: Vec<String> = csv(&there, false).lines().map(|l| l.split(',').next().unwrap().to_owned()).collect();
    assert_eq!(refs[1..], ["2017-usa-rus-expulsion", "2017-usa-rus-expulsion-2", "2017-usa-rus-expulsion-3", "2017-usa-rus-expulsion-4"]);
    // A ref that is there must mean the same.
    let other = "ref,date,actor,target,kind,count\n2017-usa-rus-expulsion,2017,USA,RUS,expulsion,5\n";
    let bad = self::rows(import_text(&mut there, "a.csv", other).unwrap_err());
    assert!(bad[0].message.contains("'1' there, '5' here"), "{}", bad[0].message);
}

#[test]
fn a_rehearsal_changes_nothing() {
    let mut there = ledger();
    there.rehearse();
    let told = import_text(&mut there, "a.csv", format!("{HEAD}a,2017,USA,RUS,expulsion,1,,\n")).unwrap();
    assert_eq!((told.added, dump(&there).len()), (1, 0));
}

#[test]
fn json_lines_keep_what_a_row_cannot() {
    let mut there = ledger();
    there.log(&Entry::new("USA", "RUS", "expulsion", "2017".parse().unwrap()).count(5)).unwrap();
    there.log(&Entry::new("RUS", "USA", "expulsion", "2018".parse().unwrap()).count(5)).unwrap();
    there.void("2", "entered twice").unwrap();
    there
        .connection()
        .execute_batch(
            "INSERT INTO party VALUES ('ZZZ', 'Zubrowka', 'state', '1918', NULL); INSERT INTO alias VALUES ('zubrowka', 'Zubrowka', 'ZZZ');
             UPDATE kind SET description = 'Ours' WHERE name = 'sanction'; INSERT INTO scale VALUES ('own', 'Our own', NULL);
             INSERT INTO weight VALUES ('own', 'expulsion', 'done', -0.1, 'unit'); INSERT INTO dispute VALUES ('d', 'A title');
             INSERT INTO source (cite, publisher, title, author, date, url, accessed, archive, quote)
             VALUES ('x', 'A paper', 'A title', 'An office', '2017-06', 'urn:x:1', '2018', 'https://example.org/x', 'So it was');",
        )
        .unwrap();
    let text = jsonl(&there);
    let mut back = Ledger::in_memory().unwrap();
    let told = import_text(&mut back, "a.jsonl", &text).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!((told.added, told.catalogue), (2, 6));
    assert_eq!(jsonl(&back), text);
    assert!(text.contains("\"voided\":\"entered twice\""), "{text}");
    // What the ledger has otherwise, and not as every new one, is not overwritten.
    let other = "{\"type\":\"kind\",\"name\":\"sanction\",\"unit\":\"measures\",\"sign\":\"hostile\",\"description\":\"Theirs\"}\n";
    assert!(import_text(&mut back, "b.jsonl", other).unwrap_err().to_string().contains("is in the ledger otherwise"));
    // Amounts that the rules would not give.
    let forged = "{\"type\":\"action\",\"ref\":\"a\",\"date\":\"2017\",\"actor\":\"USA\",\"target\":\"RUS\",\"kind\":\"expulsion\",\"count\":5}\n\
        {\"type\":\"action\",\"ref\":\"b\",\"date\":\"2017\",\"actor\":\"RUS\",\"target\":\"USA\",\"kind\":\"restraint\"}\n\
        {\"type\":\"link\",\"action\":\"b\",\"relation\":\"waives\",\"earlier\":\"a\",\"covers\":4}\n";
    assert!(refused("c.jsonl", forged).contains("c.jsonl:3, column earlier: b cannot waive a"));
}

#[test]
fn a_package_is_read_and_written_within_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("p");
    let there = built(&[Entry::new("USA", "RUS", "expulsion", "2017".parse().unwrap()).count(5)]);
    let lens = Lens::new(&there, &whole()).unwrap();
    exchange::export_package(&lens, &dir).unwrap();
    std::fs::write(dir.join("notes.txt"), "mine").unwrap();
    exchange::export_package(&lens, &dir).unwrap();
    assert_eq!(std::fs::read_to_string(dir.join("notes.txt")).unwrap(), "mine");
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 13);
    let other = folder.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("actions.csv"), "mine").unwrap();
    let e = exchange::export_package(&lens, &other).unwrap_err();
    assert!(e.to_string().contains("no package of recip's"), "{e}");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&dir, folder.path().join("link")).unwrap();
        assert!(exchange::export_package(&lens, &folder.path().join("link")).is_err());
    }
    let descriptor = std::fs::read_to_string(dir.join("datapackage.json")).unwrap();
    for path in ["../other/actions.csv", "/etc/passwd", "sub/actions.csv"] {
        std::fs::write(dir.join("datapackage.json"), descriptor.replace("\"actions.csv\"", &format!("\"{path}\""))).unwrap();
        assert!(import_file(&mut ledger(), &dir).unwrap_err().to_string().contains("not a file of this folder"));
    }
}

/// One line of JSON Lines for a source of this name.
fn source_line(cite: &str, details: &str) -> String {
    format!("{{\"type\":\"source\",\"cite\":\"{cite}\"{details}}}\n")
}

#[test]
fn a_package_keeps_all_that_is_known_of_a_source() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("p");
    let all = r#","publisher":"A paper","title":"A title","author":"An office","date":"2017-06","url":"urn:x:1","accessed":"2018","archive":"https://example.org/x","quote":"So, \"it\" was""#;
    let mut there = ledger();
    import_text(&mut there, "a.jsonl", source_line("x", all)).unwrap_or_else(|e| panic!("{e}"));
    let text = jsonl(&there);
    assert_eq!(text, source_line("x", all));
    exchange::export_package(&Lens::new(&there, &whole()).unwrap(), &dir).unwrap();
    let mut back = ledger();
    import_file(&mut back, &dir).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(jsonl(&back), text);
    // Packages of older releases have fewer columns.
    std::fs::write(dir.join("sources.csv"), "cite,publisher,title,date,url,quote\nx,A paper,,2017,,\n").unwrap();
    let mut older = ledger();
    import_file(&mut older, &dir).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(jsonl(&older), source_line("x", r#","publisher":"A paper","date":"2017""#));
    std::fs::write(dir.join("sources.csv"), "cite,publisher,title,date,url\nx,A paper,,2017,\n").unwrap();
    assert!(import_file(&mut ledger(), &dir).unwrap_err().to_string().contains("there is no column 'quote'"));
}

/// What two files said otherwise of a source was kept as the first had it, and not told, where the ledger was empty;
/// and what a file left out was a contradiction where it was not.
#[test]
fn files_add_to_what_is_known_of_a_source_and_do_not_overwrite_it() {
    let url = "https://example.org/a";
    let cited = format!("ref,date,actor,target,kind,sources\na,2017,USA,RUS,expulsion,{url}\n");
    let (title, author) = (source_line(url, r#","title":"A title""#), source_line(url, r#","author":"An office""#));
    let both = source_line(url, &format!(r#","title":"A title","author":"An office","url":"{url}""#));
    let other = source_line(url, r#","title":"Another""#);
    for empty in [true, false] {
        let mut there = ledger();
        if empty {
            import_text(&mut there, "a.jsonl", format!("{title}{author}")).unwrap_or_else(|e| panic!("{e}"));
            import_text(&mut there, "a.csv", &cited).unwrap_or_else(|e| panic!("{e}"));
            assert!(jsonl(&there).starts_with(&both.replace(",\"url\":\"https://example.org/a\"", "")), "{}", jsonl(&there));
        } else {
            import_text(&mut there, "a.csv", &cited).unwrap_or_else(|e| panic!("{e}"));
            import_text(&mut there, "a.jsonl", format!("{title}{author}")).unwrap_or_else(|e| panic!("{e}"));
            assert!(jsonl(&there).starts_with(&both), "{}", jsonl(&there));
        }
        // The same a second time, and less than is known, add nothing.
        let known = jsonl(&there);
        import_text(&mut there, "a.jsonl", format!("{title}{}", source_line(url, ""))).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(jsonl(&there), known);
        let said = import_text(&mut there, "b.jsonl", &other).unwrap_err().to_string();
        assert!(
            said.contains("b.jsonl:1, column cite: source 'https://example.org/a': title is 'A title' in the ledger, 'Another' here"),
            "{said}"
        );
    }
    let said = refused("c.jsonl", format!("{title}{other}"));
    assert!(said.contains("c.jsonl:2, column cite: source 'https://example.org/a': title is 'A title'"), "{said}");
    assert!(refused("d.jsonl", source_line("x", r#","accessed":"yesterday""#)).contains("accessed: date 'yesterday'"));
}

#[test]
fn a_selection_leaves_out_links_to_what_it_does_not_show() {
    let mut there = ledger();
    import_file(&mut there, &examples()[4]).unwrap_or_else(|e| panic!("{e}"));
    let selection = Selection { actor: Some("Russia".to_owned()), ..whole() };
    let lens = Lens::new(&there, &selection).unwrap();
    let mut out = Vec::new();
    let told = exchange::export_csv(&lens, &mut out, false).unwrap();
    assert!(told.links_left_out > 0 && told.actions > 0);
    let mut lines = Vec::new();
    assert_eq!(exchange::export_jsonl(&lens, &mut lines).unwrap(), told);
    let mut back = ledger();
    import_text(&mut back, "a.csv", &out).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(csv(&back, false).into_bytes(), out);
}

/// A party without its code among its aliases, as another client or a file makes one, went out by its code and was
/// unknown when it came in; where the code was another party's alias it came in as that one. Of two kinds that differ
/// by a hyphen the first came in for both.
#[test]
fn what_goes_out_by_code_or_name_comes_in_as_the_same() {
    let mut there = ledger();
    let text = r#"{"type":"party","code":"ZZZ","name":"Zubrowka","party_type":"state"}
{"type":"alias","alias":"Zubrowka","party":"ZZZ"}
{"type":"alias","alias":"RUS","party":"USA"}
{"type":"kind","name":"own1","unit":"acts","sign":"hostile"}
{"type":"kind","name":"own-1","unit":"acts","sign":"hostile"}
{"type":"action","ref":"a","date":"2017","actor":"zubrowka","target":"Russia","kind":"own1"}
{"type":"action","ref":"b","date":"2017","actor":"zzz","target":"RUS","kind":"own-1"}
"#;
    import_text(&mut there, "a.jsonl", text).unwrap_or_else(|e| panic!("{e}"));
    let mut back = ledger();
    import_text(&mut back, "b.jsonl", jsonl(&there)).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(dump(&back), dump(&there));
    assert!(dump(&there)[1].starts_with("b|2017|ZZZ|RUS|own-1|"), "{}", dump(&there)[1]);
}

/// For every unknown party the nearest of all names was looked for, though only the first bad rows are told: a file
/// of 20,000 of them took a minute.
#[test]
fn unknown_names_without_end_are_refused_in_no_time() {
    let rows: String = (0..20_000).map(|n| format!("x{n},2017-01-01,Atlantis{n},RUS,expulsion,1,,\n")).collect();
    let told = refused("bad.csv", HEAD.to_owned() + &rows);
    assert!(told.contains("... and 19000 more\n"), "{told}");
}

/// Each new row of the catalogue looked all others up again, each source of a cell was compared with all before it, and
/// each row without a ref began to count from the first of its kind: minutes for a small file.
#[test]
fn what_is_told_many_times_takes_no_longer_each_time() {
    let disputes: String = (0..20_000).map(|n| format!("{{\"type\":\"dispute\",\"slug\":\"d{n}\",\"title\":\"t\"}}\n")).collect();
    assert_eq!(import_text(&mut ledger(), "a.jsonl", disputes).unwrap().catalogue, 20_000);
    let sources: Vec<String> = (0..50_000).chain(0..50_000).map(|n| n.to_string()).collect();
    let cell = format!("date,actor,target,kind,sources\n2017,USA,RUS,expulsion,{}\n", sources.join("|"));
    let mut there = ledger();
    import_text(&mut there, "a.csv", cell).unwrap();
    assert_eq!(dump(&there).len(), 50_001);
    let rows: String = (1..5_000).map(|n| format!("2017,USA,RUS,expulsion,{n}\n")).collect();
    let text = format!("date,actor,target,kind,count\n{rows}");
    let mut there = ledger();
    import_text(&mut there, "a.csv", &text).unwrap();
    assert_eq!(import_text(&mut there, "a.csv", &text).unwrap().present, 4_999);
}

/// An action that cites a source twice, or two in one place, was refused by SQLite, and only when the ledger was empty.
#[test]
fn a_source_cited_twice_is_cited_once() {
    let act = r#"{"type":"action","ref":"a","date":"2017","actor":"USA","target":"RUS","kind":"protest","#;
    let text = format!("{act}\"sources\":[{{\"cite\":\"x\"}},{{\"cite\":\"y\"}},{{\"cite\":\"x\",\"says_count\":2}}]}}\n");
    let mut one = ledger();
    import_text(&mut one, "a.jsonl", &text).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(import_text(&mut one, "a.jsonl", &text).unwrap().present, 1);
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("p");
    package(&one, &place);
    let citations = "action,position,cite,says_date,says_count\na,1,x,,\na,1,y,,\na,7,x,,2\na,2,z,,\n";
    std::fs::write(place.join("citations.csv"), citations).unwrap();
    let mut at_once = ledger();
    import_file(&mut at_once, &place).unwrap_or_else(|e| panic!("{e}"));
    assert_reckoned(&at_once);
    let mut one_by_one = ledger();
    one_by_one.log(&Entry::new("Japan", "China", "protest", "1999".parse().unwrap())).unwrap();
    import_file(&mut one_by_one, &place).unwrap_or_else(|e| panic!("{e}"));
    for there in [one, at_once, one_by_one] {
        let cited: Vec<String> = dump(&there).into_iter().filter(|row| row.starts_with("a|") && row.len() < 20).collect();
        assert_eq!(cited[..2], ["a|1|x", "a|2|y"], "{cited:?}");
    }
}

/// A reversal of nothing, stated with its amounts, was taken by an empty ledger, against the schema.
#[test]
fn a_link_that_settles_nothing_is_refused() {
    let act = |name: &str, day: u8| {
        format!(
            "{{\"type\":\"action\",\"ref\":\"{name}\",\"date\":\"2017-01-0{day}\",\"actor\":\"USA\",\"target\":\"RUS\",\"kind\":\"detention\",\"count\":1}}\n"
        )
    };
    let link = r#"{"type":"link","action":"b","relation":"reverses","earlier":"a","covers":0,"spends":0}"#;
    let text = act("a", 1) + &act("b", 2) + link;
    let said = refused("a.jsonl", &text);
    assert!(said.contains("a.jsonl:3, column earlier: b cannot reverse a: it settles nothing of a"), "{said}");
    let mut one_by_one = ledger();
    one_by_one.log(&Entry::new("Japan", "China", "protest", "1999".parse().unwrap())).unwrap();
    assert!(import_text(&mut one_by_one, "a.jsonl", &text).unwrap_err().to_string().contains("it settles nothing of #2"));
}
