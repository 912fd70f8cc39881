//! Importing files: formats, encodings and line numbers, and invalid rows, which are reported and not imported.

use proptest::prelude::*;
use recip::error::RowError;
use recip::ledger::Entry;
use recip::model::Clock;
use recip::read::{self, ReadOptions};

use super::{HEAD, csv, dump, import_text, jsonl, ledger, refused, rows, rows_of_lines};
use crate::support::{cases, config, left_out, some};

#[test]
fn every_bad_row_is_told_and_nothing_is_taken() {
    let text = "\
ref,date,actor,target,kind,count,stage,answers,reverses
a1,2017-01-01,USA,RUS,expulsion,35,done,,
,04/03/2022,Ruusia,usa,expulsoin,3.5,tomorrow,,
b2,2017-02-30,USA,USA,expulsion,0,done,,
a1,2017-01-02,USA,RUS,expulsion,1,done,,
c1,2017-01-03,RUS,USA,expulsion,40,done,a1:36,
\"c2\",2017-01-03,RUS,USA,expulsion,40,done,c2,
c3,2016-01-03,RUS,USA,expulsion,40,done,a1,
c4,2017-01-03,RUS,GBR,expulsion,40,done,a1,
c5,2017-01-03,RUS,USA,expulsion,40,done,zz | #7,
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
        (5, "date"),
        (7, "answers"),
        (8, "answers"),
        (9, "answers"),
        (10, "answers"),
    ];
    assert_eq!(told, expected, "{bad:#?}");
    assert!(bad[0].message.contains("2022-03-04 or as 2022-04-03"));
    assert!(bad[1].message.contains("Russia (RUS)"));
    assert_eq!(dump(&to), Vec::<String>::new());
    // The other way of loading reports the same rows.
    to.log(&Entry::new("JPN", "CHN", "protest", "1999".parse().unwrap())).unwrap();
    let again = rows(import_text(&mut to, "bad.csv", text).unwrap_err());
    let lines = |bad: &[RowError]| bad.iter().map(|r| r.line).filter(|l| *l < 6).collect::<Vec<_>>();
    assert_eq!(lines(&again), lines(&bad));
}

#[test]
fn bad_rows_beyond_number_are_counted() {
    if left_out("more than 1,000 bad rows") {
        return;
    }
    let unknown: String = (0..1_150).map(|n| format!("x{n},2017-01-01,Atlantis {n},RUS,expulsion,1,,\n")).collect();
    let text = HEAD.to_owned() + &unknown;
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
    assert!(
        told.contains("circle.csv:2, column answers: a cannot answer b: b already links to a, directly or through other actions"),
        "{told}"
    );
    assert!(told.contains("circle.csv:3,") && !told.contains("circle.csv:4,"), "{told}");
}

#[test]
fn files_that_are_no_csv_are_told_apart() {
    let row = "a,2017-01-01,USA,RUS,expulsion,1,,";
    for (text, says) in [
        (Vec::new(), "the file is empty"),
        (b"PK\x03\x04\0\0\0".to_vec(), "a.csv:1: this is a zip archive"),
        (b"a\0b\n".to_vec(), "a.csv:1: this is not text"),
        (format!("{HEAD}{row},9\n").into_bytes(), "a.csv:2: the row has 9 cells, but the header has 8"),
        (format!("{HEAD}b,2017-01-02,USA\n").into_bytes(), "a.csv:2, column target: the target is empty"),
        (format!("{HEAD}{row}\"two\nlines\"\n{row}\"cut").into_bytes(), "a.csv:4: the file ends within a quoted cell"),
        (format!("{HEAD}{row}\n{row}caf\u{e9}\n").chars().map(|c| c as u8).collect(), "a.csv:3: this is not UTF-8"),
        (format!("{HEAD}{row}\"{}\"\n", "x".repeat(2 << 20)).into_bytes(), "longer than 1 MiB"),
        (format!("{HEAD}{row}\"{}\"\n", "x".repeat(9 << 20)).into_bytes(), "a.csv:2: the record that begins here is longer than 8 MiB"),
        (b"date,actr,target,kind\n".to_vec(), "unknown column 'actr' (did you mean actor?); the column 'actor' is missing"),
        (b"date,actor,target\n".to_vec(), "the column 'kind' is missing"),
        (b"date,date,actor,target,kind\n".to_vec(), "the column 'date' occurs twice"),
    ] {
        let told = refused("a.csv", &text);
        assert!(told.contains(says), "{told}");
    }
    assert!(refused("a.jsonl", "{\"type\":\"action\",").contains("a.jsonl:1: this is not a JSON object"));
    assert!(refused("a.jsonl", "\n{\"type\":\"party\",\"code\":\"usa\"}").contains("a.jsonl:2: party usa"));
    assert!(refused("a.jsonl", "{\"type\":\"act\"}").contains("use one of these types"));
    for (field, says) in [
        (
            r#""plaice":"Rome""#,
            "unknown field 'plaice' in a row of type action; help: use these fields: ref, date, actor, target, kind, count, count_words, stage, by, place, deadline, dispute, summary, note, tags, voided, logged_at, sources, quantities\n",
        ),
        (r#""place":7"#, "place must be a string, not 7; help: put it in quotes"),
        (r#""count":[35]"#, "count must be a number or a string, not [35]; help: write it like 35 or \"20-30\""),
        (
            r#""count":20,"count_words":"30-40""#,
            "column count: count '30-40': it does not agree with the number 20; help: give one of the two",
        ),
        (r#""sources":7"#, "sources: invalid type: integer `7`, expected a sequence"),
        (r#""deadline":"soon""#, "column deadline: deadline 'soon': this is neither a day nor a time"),
        (r#""summary":"a\u0000""#, "column summary: it contains a NUL character"),
    ] {
        let row = format!(r#"{{"type":"action","date":"2017","actor":"USA","target":"RUS","kind":"expulsion",{field}}}"#);
        let told = refused("a.jsonl", &row);
        assert!(told.contains(says), "{told}");
    }
    assert!(
        refused("a.jsonl", r#"{"type":"action","actor":"USA","target":"RUS","kind":"expulsion"}"#)
            .contains("column date: the date is empty")
    );
}

#[test]
fn files_from_spreadsheets_are_read() {
    let rows = "a;2017-01-01;Russia;U.S.;Expulsion;35;;\"Zürich; \"\"x\"\"\"\r\n\r\n;2017-01-02;usa;rus;expulsion;;a;\r\n;;;;;;;\r\n";
    let text = format!("\u{feff}{}{rows}", HEAD.replace(',', ";").replace('\n', "\r\n"));
    let mut there = ledger();
    import_text(&mut there, "a.csv", &text).unwrap_or_else(|e| panic!("{e}"));
    assert!(dump(&there)[0].contains("|Zürich; \"x\"|"), "{:?}", dump(&there));
    assert_eq!(dump(&there).len(), 3);
    // The same text in the encodings that spreadsheets write.
    let windows: Vec<u8> = text.chars().filter(|c| *c != '\u{feff}').map(|c| c as u8).collect();
    let utf16: Vec<u8> = text.replace(';', "\t").replace("Zürich\t", "Zürich;").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, encoding) in [(windows, Some("windows-1252")), (utf16, None)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, bytes).unwrap();
        let options = ReadOptions { encoding: encoding.map(str::to_owned), ..ReadOptions::default() };
        let back = read::open_file(&path, &options, Clock::system()).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(dump(&back), dump(&there));
    }
    let bad = rows_of_lines(&text.replace("2017-01-02", "tomorrow"));
    assert_eq!(bad, [4]);
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
    // A row that is equal to another is a duplicate of it, whether they are in one file or in two.
    let first = import_text(&mut there, "a.csv", rows).unwrap();
    assert_eq!((first.added, first.present, first.repeated), (2, 0, 1));
    let again = import_text(&mut there, "a.csv", rows).unwrap();
    assert_eq!((again.added, again.present), (0, 3));
    let more = import_text(&mut there, "a.csv", format!("{rows}2017,USA,RUS,expulsion,3\n")).unwrap();
    assert_eq!((more.added, more.present), (1, 3));
    let refs: Vec<String> = csv(&there, false).lines().map(|l| l.split(',').next().unwrap().to_owned()).collect();
    assert_eq!(refs[1..], ["2017-usa-rus-expulsion", "2017-usa-rus-expulsion-2", "2017-usa-rus-expulsion-3"]);
    // A row with a known ref corrects the action, and two rows of a file must agree.
    let other = "ref,date,actor,target,kind,count\n2017-usa-rus-expulsion,2017,USA,RUS,expulsion,5\n";
    let bad =
        self::rows(import_text(&mut there, "a.csv", format!("{other}2017-usa-rus-expulsion,2017,USA,RUS,expulsion,6\n")).unwrap_err());
    assert!(
        bad[0].message.contains("a.csv:2: the action with this ref has another value of count: '5' there, '6' here"),
        "{}",
        bad[0].message
    );
    assert_eq!(import_text(&mut there, "a.csv", other).unwrap().updated, 1);
    assert_eq!(import_text(&mut there, "a.csv", other).unwrap().present, 1);
    // A row without a ref finds an action whatever its ref, and asks if it only resembles it.
    let mut named = ledger();
    import_text(&mut named, "a.csv", "ref,date,actor,target,kind,count\na,2018-03-26,DEU,RUS,expulsion,4\n").unwrap();
    let row = |count: u32| format!("date,actor,target,kind,count\n2018-03-26,DEU,RUS,expulsion,{count}\n");
    assert_eq!(import_text(&mut named, "a.csv", row(4)).unwrap().present, 1);
    let bad = self::rows(import_text(&mut named, "a.csv", row(14)).unwrap_err());
    assert!(
        bad[0].message.contains("the row resembles the action a, which has another value of count: '4' there, '14' here; help: --update"),
        "{}",
        bad[0].message
    );
    // What differs is said in words that hold for an empty cell and for `?`, under the name of a column that the file has.
    for (there, here, said) in [
        ("60", "?", "'60' there, unknown here"),
        ("60", "", "'60' there, unknown here"),
        ("20-30", "?", "'20-30' there, unknown here"),
        ("several", "?", "'several' there, unknown here"),
        ("?", "60", "unknown there, '60' here"),
        ("", "several", "unknown there, 'several' here"),
    ] {
        let mut held = ledger();
        let row = |count: &str| format!("date,actor,target,kind,count\n2018-03-26,DEU,RUS,expulsion,{count}\n");
        import_text(&mut held, "a.csv", row(there)).unwrap();
        let bad = self::rows(import_text(&mut held, "a.csv", row(here)).unwrap_err());
        assert!(bad[0].message.contains(&format!("another value of count: {said}; ")), "{}", bad[0].message);
        assert_eq!(bad[0].column.as_deref(), Some("count"));
    }
}

#[test]
fn a_rehearsal_changes_nothing() {
    let mut there = ledger();
    there.set_dry_run();
    let told = import_text(&mut there, "a.csv", format!("{HEAD}a,2017,USA,RUS,expulsion,1,,\n")).unwrap();
    assert_eq!((told.added, dump(&there).len()), (1, 0));
}

/// Regression: for each unknown party the most similar name was searched, although only the first invalid rows are listed. A file with
/// 20,000 unknown parties took a minute.
#[test]
fn unknown_names_without_end_are_refused_in_no_time() {
    if left_out("6,000 unknown names") {
        return;
    }
    let rows: String = (0..6_000).map(|n| format!("x{n},2017-01-01,Atlantis{n},RUS,expulsion,1,,\n")).collect();
    let told = refused("bad.csv", HEAD.to_owned() + &rows);
    assert!(told.contains("... and 5000 more\n"), "{told}");
}

/// Regression: some imports took quadratic time and needed minutes for a small file. Each new row of the catalogue looked up all others,
/// each source in a cell was compared with all before it, and each row without a ref tried all numbers from the first.
#[test]
fn what_is_told_many_times_takes_no_longer_each_time() {
    if left_out("lists of tens of thousands") {
        return;
    }
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

/// Regression: invalid stated amounts were accepted by an empty ledger and refused by one with actions.
#[test]
fn an_empty_and_a_filled_ledger_judge_alike() {
    let act = |name: &str, day: u8, rest: &str| {
        format!("{{\"type\":\"action\",\"ref\":\"{name}\",\"date\":\"2017-01-0{day}\",\"actor\":\"USA\",\"target\":\"RUS\",{rest}}}\n")
    };
    let (first, second) = (act("a", 1, r#""kind":"detention","count":10"#), act("b", 2, r#""kind":"release","count":10"#));
    for (link, says) in [
        (r#""relation":"reverses","earlier":"a","stated":11"#, "11 persons are stated, but 10 persons of a are in force"),
        (r#""relation":"reverses","earlier":"a","stated":1,"stated_spends":1"#, "a reversal uses up nothing"),
        (r#""relation":"executes","earlier":"a","stated":1"#, "as much as its own count"),
        (r#""relation":"reverses","earlier":"a","covers":10,"spends":5,"reversed":10"#, "unknown field"),
        (r#""relation":"reverses","earlier":"a","stated":0"#, "is not from 1"),
    ] {
        let text = format!("{first}{second}{{\"type\":\"link\",\"action\":\"b\",{link}}}\n");
        let said = refused("a.jsonl", &text);
        assert!(said.contains("a.jsonl:3") && said.contains(says), "{said}");
        let mut filled = ledger();
        filled.log(&Entry::new("Japan", "China", "protest", "1999".parse().unwrap())).unwrap();
        let told = |said: &str| said.lines().next().unwrap().split_once("a.jsonl").unwrap().1.to_owned();
        assert_eq!(told(&import_text(&mut filled, "a.jsonl", &text).unwrap_err().to_string()), told(&said));
    }
}

/// A file cannot reassign an alias to another party.
#[test]
fn a_file_cannot_take_a_name_from_a_party() {
    let text = "{\"type\":\"alias\",\"alias\":\"Russia\",\"party\":\"UKR\"}\n";
    assert!(refused("a.jsonl", text).contains("the name 'Russia' already belongs to Russia (RUS) and cannot be given to UKR"));
}

/// Whether a row is a duplicate does not depend on how the rows are distributed over files and commands.
#[test]
fn rows_are_the_same_in_one_command_and_in_two() {
    for head in ["ref,date,actor,target,kind,count\na,", "date,actor,target,kind,count\n"] {
        let january = format!("{head}2018-03-26,DEU,RUS,expulsion,4\n");
        let quarter = format!("{january}{}2018-03-27,FRA,RUS,expulsion,4\n", if head.starts_with("ref") { "b," } else { "" });
        let folder = tempfile::tempdir().unwrap();
        let files: Vec<_> = ["january.csv", "quarter.csv"].into_iter().map(|name| folder.path().join(name)).collect();
        std::fs::write(&files[0], &january).unwrap();
        std::fs::write(&files[1], &quarter).unwrap();
        let (mut one, mut two) = (ledger(), ledger());
        read::import(&mut one, &files, &ReadOptions::default(), &mut |_, _| ()).unwrap_or_else(|e| panic!("{e}"));
        for file in &files {
            read::import(&mut two, std::slice::from_ref(file), &ReadOptions::default(), &mut |_, _| ()).unwrap_or_else(|e| panic!("{e}"));
        }
        assert_eq!(dump(&one), dump(&two));
        assert_eq!(dump(&one).len(), 2);
    }
}

/// One act that two sources tell may be two acts as well, so it is asked, whether the rows are in one file or in two.
#[test]
fn rows_that_differ_only_in_their_sources_are_asked() {
    let csv = |row: &str| format!("{row}\n");
    let json = |row: &str| {
        let [date, actor, target, kind, count, source] = row.split(',').collect::<Vec<_>>()[..] else { panic!("{row}") };
        format!(
            "{{\"date\":\"{date}\",\"actor\":\"{actor}\",\"target\":\"{target}\",\"kind\":\"{kind}\",\"count\":{count},\"sources\":[\"{source}\"]}}\n"
        )
    };
    let act = |count: u32, source: &str| format!("2022-04-04,DEU,RUS,expulsion,{count},{source}");
    const CSV: &str = "date,actor,target,kind,count,sources\n";
    for (name, header, row) in [("a.csv", CSV, &csv as &dyn Fn(&str) -> String), ("a.jsonl", "", &json)] {
        let file = |rows: &[(u32, &str)]| rows.iter().fold(header.to_owned(), |text, (count, source)| text + &row(&act(*count, source)));
        let both = file(&[(40, "AA"), (40, "Reuters")]);
        let bad = rows(import_text(&mut ledger(), name, &both).unwrap_err());
        let line = if header.is_empty() { 2 } else { 3 };
        assert_eq!((bad[0].line, bad[0].column.as_deref()), (line, Some("sources")));
        let said = format!(
            "{name}:{} only in its sources: it has another value of sources: 'AA' there, 'Reuters' here; help: if both are one act, give all its \
             sources in one row and delete the other; if they are two, give each a ref of its own, or give --add",
            line - 1
        );
        assert!(bad[0].message.ends_with(&said), "{}", bad[0].message);
        // The ledger has one of the two.
        let mut there = ledger();
        import_text(&mut there, name, file(&[(40, "AA")])).unwrap();
        for rows in [both.clone(), file(&[(40, "Reuters"), (40, "AA")])] {
            let said = import_text(&mut there, name, rows).unwrap_err().to_string();
            assert!(said.contains("only in its sources"), "{said}");
        }
        // Two sources of one row, two rows with other counts, and an exact repeat are not asked.
        let loaded = import_text(&mut ledger(), name, file(&[(40, "AA"), (41, "AA"), (40, "AA"), (41, "AA")])).unwrap();
        assert_eq!((loaded.added, loaded.repeated), (2, 2));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, &both).unwrap();
        let options = ReadOptions { resembling: recip::ledger::Resembling::Add, ..ReadOptions::default() };
        assert_eq!(read::import(&mut ledger(), &[path], &options, &mut |_, _| ()).unwrap().added, 2);
    }
}

/// Two rows of a file with one ref must agree, whether the ledger has the action or not.
#[test]
fn rows_with_one_ref_must_agree_in_every_ledger() {
    let row = |count: u32| format!("a,2018-03-26,DEU,RUS,expulsion,{count}\n");
    let json = |count: u32| {
        format!("{{\"ref\":\"a\",\"date\":\"2018-03-26\",\"actor\":\"DEU\",\"target\":\"RUS\",\"kind\":\"expulsion\",\"count\":{count}}}\n")
    };
    const HEADER: &str = "ref,date,actor,target,kind,count\n";
    let mut there = ledger();
    import_text(&mut there, "first.csv", format!("{HEADER}{}", row(4))).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("cases");
    super::package(&there, &package);
    let actions = package.join("actions.csv");
    let text = std::fs::read_to_string(&actions).unwrap();
    let again = text.lines().nth(1).unwrap().replace(",expulsion,4,", ",expulsion,99,");
    std::fs::write(&actions, format!("{text}{again}\n")).unwrap();
    let csv = folder.path().join("a.csv");
    std::fs::write(&csv, format!("{HEADER}{}{}", row(4), row(99))).unwrap();
    let jsonl = folder.path().join("a.jsonl");
    std::fs::write(&jsonl, json(4) + &json(99)).unwrap();
    for path in [csv, jsonl, package] {
        let refused = |ledger: &mut recip::Ledger| rows(super::import_file(ledger, &path).unwrap_err());
        let (empty, filled) = (refused(&mut ledger()), refused(&mut there));
        assert_eq!(empty, filled, "{}", path.display());
        assert!(empty[0].message.contains("has another value of count: '4' there, '99' here; help: make the two rows agree"), "{empty:?}");
    }
    // A row that repeats another is no second correction, although both leave out what the ledger has.
    let short = "ref,date,actor,target,kind,count,summary\na,2018-03-26,DEU,RUS,expulsion,4,\na,2018-03-26,DEU,RUS,expulsion,4,\n";
    import_text(&mut there, "first.csv", short.replace("4,\n", "4,told\n")).unwrap();
    for text in [short.to_owned(), short.replace(",4,", ",5,")] {
        let loaded = import_text(&mut there, "a.csv", &text).unwrap();
        assert_eq!((loaded.updated + loaded.present, loaded.repeated), (1, 1), "{text}");
    }
}

/// Dates and deadlines as spreadsheets and other programs write them; the first number of a day is noted.
#[test]
fn dates_and_deadlines_are_read_by_one_rule() {
    let read = |date: &str, deadline: &str| {
        let mut ledger = ledger();
        let text = format!("date,actor,target,kind,deadline\n{date},FRA,GBR,expulsion,{deadline}\n{date},GBR,FRA,expulsion,{deadline}\n");
        let notes = import_text(&mut ledger, "a.csv", text).unwrap_or_else(|e| panic!("{date} {deadline}: {e}")).notes;
        let select = "SELECT date || ' ' || coalesce(deadline, '') FROM action WHERE actor = 'FRA'";
        let read: String = ledger.connection().query_row(select, [], |r| r.get(0)).unwrap();
        let notes = notes.iter().map(|note| note.rsplit("a.csv:").next().unwrap().to_owned()).collect::<Vec<_>>();
        (read, notes)
    };
    let number = |cell: &str, date: &str| vec![format!("2: '{cell}' is the number of days since 1900, as spreadsheets count them: {date}")];
    for (date, deadline, expected, notes) in [
        ("2018-03-26", "43192", "2018-03-26 2018-04-02", number("43192", "2018-04-02")),
        ("43185", "43192", "2018-03-26 2018-04-02", number("43185", "2018-03-26")),
        ("43185.0", "", "2018-03-26 ", number("43185.0", "2018-03-26")),
        ("12018", "", "1932-11-25 ", number("12018", "1932-11-25")),
        ("2018.0", "", "2018 ", vec![]),
        ("2018.3", "", "2018-03 ", vec![]),
        ("2018-03-26", "2 April 2018", "2018-03-26 2018-04-02", vec![]),
        ("2018-03-26", "2018-04-02T12:00Z", "2018-03-26 2018-04-02T12:00Z", vec![]),
        ("2018-03-26", "7d", "2018-03-26 2018-04-02", vec![]),
    ] {
        assert_eq!(read(date, deadline), (expected.to_owned(), notes), "{date} {deadline}");
    }
    for (date, deadline, says) in [
        ("2018.1", "", "column date: date '2018.1': this can be read as 2018-01 or as 2018-10"),
        ("2018.13", "", "column date: date '2018.13': there is no such day in the calendar"),
        ("2018-03-26", "02.04.2018", "deadline '02.04.2018': this can be read as 2018-04-02 or as 2018-02-04"),
        ("2018-03-26", "18.04.2018", "deadline '18.04.2018': a date begins with the year; help: write 2018-04-18"),
    ] {
        let said = refused("a.csv", format!("date,actor,target,kind,deadline\n{date},DEU,RUS,expulsion,{deadline}\n"));
        assert!(said.contains(says), "{said}");
    }
}

/// Imports write rows with the CHECKs of the schema off, so every row that the loader accepts must pass them.
fn holds_to_the_schema(field: &str, value: &serde_json::Value) -> bool {
    let mut row = serde_json::json!({"type": "action", "ref": "a-1", "date": "2017-01-01", "actor": "USA", "target": "RUS", "kind": "expulsion",
        "count": 1, "stage": "done"});
    row[field] = value.clone();
    let mut ledger = ledger();
    let accepted = import_text(&mut ledger, "row.jsonl", row.to_string()).is_ok();
    let found: String = ledger.connection().query_row("PRAGMA integrity_check", [], |r| r.get(0)).unwrap();
    assert_eq!(found, "ok", "{field} {value}");
    accepted
}

#[test]
fn what_an_import_accepts_the_schema_accepts() {
    let values = [
        (
            "ref",
            vec![
                "",
                "a",
                "-a",
                "1",
                "1a",
                "a_b",
                "é",
                "a b",
                "A",
                "a-",
                "2017-01-01",
                "a\u{0}",
                "A/1:2.b_c",
                "a:",
                "a.",
                ":a",
                "candidate-7",
                "Candidate-7x",
                "candidate-x",
                "ref:1",
                "REF:a",
                "refs:1",
                "a+b",
            ],
        ),
        (
            "date",
            vec![
                "0000-01-01",
                "0000",
                "0001",
                "9999-12-31",
                "10000-01-01",
                "2017-02-29",
                "2016-02-29",
                "2017-2-1",
                "2017-13",
                "2017-00",
                "17",
            ],
        ),
        ("target", vec!["USA", "Russia", ""]),
        ("stage", vec!["", "Done", "done", "threatened", "undone"]),
        ("by", vec!["", " ", "Senate"]),
        ("place", vec!["", "\t", "Москва"]),
        ("summary", vec!["", "x\u{0}y", "x"]),
        ("note", vec!["", "x\u{0}y", "x"]),
        ("tags", vec!["", "a", "b, A", " a ,,", ",", "x\u{0}y"]),
        ("voided", vec!["", "why"]),
        ("dispute", vec!["", "x", "-x", "X y", "é"]),
        ("logged_at", vec!["", "2017-01-01", "2017-01-01T00:00:00Z", "now", "12:00", "2451545", "2017-02-30T00:00:00Z", "x"]),
    ];
    let mut judged = [0, 0];
    for (field, texts) in values {
        for text in some(4, texts) {
            judged[usize::from(holds_to_the_schema(field, &text.into()))] += 1;
        }
    }
    for count in [-1, 0, 1, 1_000_000_000, 1_000_000_001] {
        judged[usize::from(holds_to_the_schema("count", &count.into()))] += 1;
    }
    assert!(judged.iter().all(|n| *n > cases(4, 20)), "{judged:?}");
}

/// Many links are written with the CHECKs off, and few links with the CHECKs on. Both accept the same links.
#[test]
fn what_many_links_may_state_few_may_state() {
    let pair = |n: usize, link: &str| {
        let row = |reference: &str, actor: &str, target: &str| {
            format!(
                "{{\"type\":\"action\",\"ref\":\"{reference}{n}\",\"date\":\"2017-01-01\",\"actor\":\"{actor}\",\"target\":\"{target}\",\"kind\":\"expulsion\",\"count\":5}}\n"
            )
        };
        let link = format!("{{\"type\":\"link\",\"action\":\"b{n}\",\"relation\":{link},\"earlier\":\"a{n}\"}}\n");
        row("a", "USA", "RUS") + &row("b", "RUS", "USA") + &link
    };
    let many: String = (1..=1_100).map(|n| pair(n, "\"answers\",\"stated\":5")).collect();
    let mut accepted = 0;
    for odd in [
        "\"answers\",\"stated\":5",
        "\"answers\",\"stated\":0",
        "\"answers\",\"stated\":-1",
        "\"answers\",\"stated\":3000000000",
        "\"answers\",\"stated\":9000000000",
        "\"answers\",\"stated\":5,\"stated_spends\":0",
        "\"answers\",\"stated\":5,\"stated_spends\":-1",
        "\"answers\",\"stated_spends\":5",
        "\"waives\",\"stated\":5",
        "\"answered\"",
    ] {
        let [few, many] = [pair(0, odd), many.clone() + &pair(0, odd)].map(|text| {
            let mut ledger = ledger();
            let accepted = import_text(&mut ledger, "links.jsonl", text).is_ok();
            assert_eq!(dump_of(&ledger, "PRAGMA integrity_check"), ["ok"], "{odd}");
            accepted
        });
        assert_eq!(few, many, "{odd}");
        accepted += usize::from(few);
    }
    assert_eq!(accepted, 1);
}

proptest! {
    #![proptest_config(config(25))]

    #[test]
    fn whatever_date_or_deadline_an_import_accepts_the_schema_accepts(
        date in "[0129]{4}(-[0-3][0-9]){0,2}",
        deadline in "2017-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-6][0-9](:[0-6][0-9])?(Z|[+-][01][0-9]:[0-6][0-9])?)?",
    ) {
        holds_to_the_schema("date", &date.into());
        holds_to_the_schema("deadline", &deadline.into());
    }
}

/// A large import into a ledger with actions drops the indexes and rebuilds them; a small one does not. Both give the same ledger.
#[test]
fn a_large_file_gives_the_same_ledger_whatever_was_imported_before() {
    if left_out("an import of 60,000 rows") {
        return;
    }
    let mut rows = Vec::new();
    crate::generate::ledger(60_000, &mut rows).unwrap();
    let whole = String::from_utf8(rows).unwrap();
    let begun: String = whole.lines().take(40).fold(String::new(), |text, line| text + line + "\n");
    let (mut at_once, mut in_two) = (ledger(), ledger());
    import_text(&mut at_once, "whole.csv", &whole).unwrap();
    import_text(&mut in_two, "begun.csv", &begun).unwrap();
    let loaded = import_text(&mut in_two, "whole.csv", &whole).unwrap();
    assert_eq!((loaded.added, loaded.present), (60_000 - 39, 39));
    assert!(jsonl(&at_once) == jsonl(&in_two), "the exports differ");
    let schema = |ledger: &recip::Ledger| dump_of(ledger, "SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2");
    assert_eq!(schema(&in_two), schema(&at_once));
    assert_eq!(dump_of(&in_two, "PRAGMA integrity_check"), ["ok"]);
}

fn dump_of(ledger: &recip::Ledger, select: &str) -> Vec<String> {
    let mut select = ledger.connection().prepare(select).unwrap();
    let width = select.column_count();
    let row =
        |r: &rusqlite::Row<'_>| (0..width).map(|n| Ok(r.get::<_, Option<String>>(n)?.unwrap_or_default())).collect::<Result<Vec<_>, _>>();
    select.query_map([], row).unwrap().map(|r| r.unwrap().join("|")).collect()
}
