//! The rows of every report that can be printed as SQL, from the program and from the engines.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::brief::EXAMPLES;
use crate::generate;
use crate::generate_feed;
use crate::generated_exchanges::{grown, moves};
use crate::parquet::values::feeds;
use crate::support::{long, ok, python_has};

/// The engines, each with its module for Python.
pub fn engines() -> Vec<(&'static str, &'static str)> {
    let engines = [("duckdb", "duckdb"), ("clickhouse", "chdb")];
    let mut engines: Vec<_> = engines.into_iter().filter(|(_, module)| python_has(module)).collect();
    engines.extend(std::env::var_os("RECIP_SPARK").map(|_| ("spark", "pyspark")));
    engines
}

/// Asks an engine; returns the header and the rows of each report.
pub fn ask(engine: &str, views: &str, reports: &[String]) -> Vec<serde_json::Value> {
    ask_at(engine, None, views, reports)
}

/// Asks an engine that keeps the views at a path.
pub fn ask_at(engine: &str, at: Option<&Path>, views: &str, reports: &[String]) -> Vec<serde_json::Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lake/run.py");
    let python = std::env::var("RECIP_SPARK").ok().filter(|_| engine == "spark").unwrap_or_else(|| "python3".to_owned());
    let mut child =
        Command::new(python).arg(script).arg(engine).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let asked = serde_json::json!({"views": views, "reports": reports, "at": at}).to_string();
    child.stdin.take().unwrap().write_all(asked.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{engine}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// True if two cells are equal, or numbers that differ by less than a thousand-millionth.
pub fn same(a: &str, b: &str) -> bool {
    a == b || matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if (a - b).abs() <= 1e-9 * a.abs().max(1.0))
}

/// Compares reports of a ledger on all engines. Returns the number of rows that were compared for one engine.
fn compare(folder: &Path, ledger: &str, reports: &[Vec<String>]) -> usize {
    let lake = format!("{ledger}.parquet");
    ok(folder, &["-f", ledger, "export", "parquet", &lake, "--reports"]);
    let with = |report: &[String], more: &[&str]| {
        let args: Vec<&str> =
            ["-f", ledger, "report"].into_iter().chain(report.iter().map(String::as_str)).chain(more.iter().copied()).collect();
        ok(folder, &args)
    };
    let expected: Vec<String> = reports.iter().map(|report| with(report, &["--format", "csv"])).collect();
    let mut seen = 0;
    for (engine, _) in engines() {
        let views = ok(folder, &["lake", "views", &lake, "--dialect", engine]);
        let statements: Vec<String> = reports.iter().map(|report| with(report, &["--print-sql", engine])).collect();
        let answers = ask(engine, &views, &statements);
        seen = 0;
        for (((report, expected), answer), statement) in reports.iter().zip(&expected).zip(&answers).zip(&statements) {
            let of = format!("{ledger}: {} on {engine}", report.join(" "));
            assert!(answer["error"].is_null(), "{of}: {}\n{statement}", answer["error"].as_str().unwrap());
            let mut csv = csv::ReaderBuilder::new().has_headers(false).from_reader(expected.as_bytes());
            let mut records = csv.records().map(|record| record.unwrap());
            let header: Vec<String> = records.next().unwrap().iter().map(str::to_owned).collect();
            let places = places(&header, &answer["columns"], &answer["rows"], &of);
            let rows = answer["rows"].as_array().unwrap();
            for (at, record) in records.enumerate() {
                let row = rows.get(at).unwrap_or_else(|| panic!("{of}: row {at} is missing: {record:?}\n{statement}"));
                for (n, (column, cell)) in places.iter().zip(header.iter().zip(record.iter())) {
                    let found = row[*n].as_str().unwrap();
                    assert!(same(cell, found), "{of}: row {at}, {column}: '{cell}' and '{found}'\n{record:?}\n{row}");
                }
                seen += 1;
            }
            let expected_rows = csv::Reader::from_reader(expected.as_bytes()).records().count();
            assert_eq!(rows.len(), expected_rows, "{of}");
        }
    }
    seen
}

/// The place of each column of the report among those of an answer. The statement of a panel has columns for all kinds: those of kinds that
/// do not occur are 0.
fn places(header: &[String], columns: &serde_json::Value, rows: &serde_json::Value, of: &str) -> Vec<usize> {
    let columns: Vec<&str> = columns.as_array().unwrap().iter().map(|column| column.as_str().unwrap()).collect();
    let places: Vec<usize> =
        header.iter().map(|name| columns.iter().position(|c| c == name).unwrap_or_else(|| panic!("{of}: no column {name}"))).collect();
    assert!(places.is_sorted() && (places.len() == columns.len() || of.contains(": panel ")), "{of}: {columns:?}");
    for row in rows.as_array().unwrap() {
        for other in (0..columns.len()).filter(|at| !places.contains(at)) {
            assert_eq!(row[other], "0", "{of}: {}", columns[other]);
        }
    }
    places
}

/// The reports that can be printed.
const REPORTS: [&str; 11] = [
    "unanswered",
    "unanswered --friendly",
    "balance",
    "balance --scale plover",
    "pending",
    "pending --passed",
    "matrix",
    "timeline",
    "survival",
    "survival --friendly",
    "panel --by quarter --scale plover",
];

pub fn words(reports: &[String]) -> Vec<Vec<String>> {
    reports.iter().map(|report| report.split_whitespace().map(str::to_owned).collect()).collect()
}

/// Every report of a ledger on these days: of everything ("") or of one pair.
pub fn plain(days: &[&str], selections: &[&str]) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for day in days {
        for report in REPORTS {
            all.extend(selections.iter().map(|selection| format!("{report} {selection} --as-of {day}")));
        }
    }
    words(&all)
}

/// All of these, or the first few where the tests are not to take long.
pub fn some<T>(all: &[T], few: usize) -> &[T] {
    &all[..if long() { all.len() } else { few.min(all.len()) }]
}

/// Days of the founding case: before and after each of its events, the day of the report that it grew from first.
pub const FOUNDING_DAYS: [&str; 5] = ["2017-07-13", "2016-12-29", "2016-12-31", "2017-07-31", "2018-01-01"];

/// Every report with every sort of selection; where the tests are not to take long, each report with a third of them.
pub fn selected(day: &str) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for (n, report) in REPORTS.into_iter().enumerate() {
        let selections = [
            "RUS",
            "USA RUS --kind expulsion --kind sanction",
            "USA,CHN RUS,GBR --since 2016-12-30 --until 2017-08-01",
            "--with-candidates",
            "USA --with-candidates --kind meeting",
            "--members EU RUS",
            "--tag a --tag %b_",
        ];
        for (_, selection) in selections.into_iter().enumerate().filter(|(m, _)| long() || (n + m).is_multiple_of(3)) {
            if !(["survival", "panel"].iter().any(|of| report.starts_with(of)) && selection.contains("candidates")) {
                all.push(format!("{report} {selection} --as-of {day}"));
            }
        }
    }
    all.push(format!("pending --as-of {day} --due-within 72h --passed"));
    words(&all)
}

/// The report on reciprocity with every sort of selection; where the tests are not to take long, only the first few.
pub fn reciprocity(day: &str, few: usize) -> Vec<Vec<String>> {
    let selections = [
        "--pooled --by year --scale plover --scale goldstein --with-candidates",
        "USA RUS --kind expulsion --kind staff-cut --permutations 50",
        "USA,CHN RUS,GBR --since 2016-12-30 --until 2017-08-01 --friendly",
        "--members EU RUS --with-candidates --by year",
        "RUS --tag a --tag %b_ --within 30d",
        "",
        "USA RUS",
        "USA RUS --with-candidates --friendly",
        "USA --with-candidates --kind meeting --pooled",
        "--friendly --pooled --scale all",
    ];
    words(&some(&selections, few).iter().map(|selection| format!("reciprocity {selection} --as-of {day}")).collect::<Vec<_>>())
}

/// The rows of each statement that the report on reciprocity prints. Numbers are written alike, and the rows are sorted.
fn rows_of_reciprocity(folder: &Path, ledger: &str, engine: &str) -> Vec<Vec<Vec<String>>> {
    let views = ok(folder, &["lake", "views", &format!("{ledger}.parquet"), "--dialect", engine]);
    let args = ["report", "reciprocity", "--with-candidates", "--kind", "expulsion", "--as-of", "2017-08-15", "--print-sql", engine];
    let printed = ok(folder, &[&["-f", ledger], &args[..]].concat());
    let statements: Vec<String> = printed.split_inclusive(";\n").map(|statement| statement.trim_start().to_owned()).collect();
    assert!(statements.iter().all(|statement| statement.starts_with("-- The ")), "{printed}");
    let alike = |cell: &serde_json::Value| {
        let text = cell.as_str().unwrap();
        text.parse::<f64>().map_or_else(|_| text.to_owned(), |number| number.to_string())
    };
    let rows = ask(engine, &views, &statements).into_iter().zip(&statements).map(|(answer, statement)| {
        assert!(answer["error"].is_null(), "{engine}: {}\n{statement}", answer["error"].as_str().unwrap());
        let rows = answer["rows"].as_array().unwrap().iter();
        let mut rows: Vec<Vec<String>> = rows.map(|row| row.as_array().unwrap().iter().map(alike).collect()).collect();
        rows.sort();
        rows
    });
    rows.collect()
}

/// One ledger with all examples: an engine takes as long for a few acts as for many.
pub fn all_examples(folder: &Path) {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = EXAMPLES.map(|(name, ..)| examples.join(format!("{name}.csv")).to_str().unwrap().to_owned());
    ok(folder, &["-f", "all.db", "import"].into_iter().chain(files.iter().map(String::as_str)).collect::<Vec<_>>());
}

#[test]
fn engines_give_the_reports_of_the_examples() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    all_examples(folder);
    let mut reports = plain(&["2025-01-01"], &[""]);
    reports.extend(plain(some(&FOUNDING_DAYS, 1), some(&["USA RUS", ""], 1)));
    if long() {
        let pairs = EXAMPLES.map(|(_, a, b, day)| (day, format!("{a} {b}")));
        reports.extend(pairs.iter().flat_map(|(day, pair)| plain(&[day], &[pair])));
    }
    reports.extend(words(&["week", "month", "year"].map(|by| format!("panel CHN USA --by {by} --as-of 2018-07-13"))));
    reports.extend(words(&["panel RUS --by day --since 2017-07-01 --until 2017-08-10 --as-of 2017-09-01".to_owned()]));
    let seen = compare(folder, "all.db", &reports);
    assert!(seen > 500 || engines().is_empty(), "{seen}");
}

/// A ledger with everything: months and years, organisations, ranges, renewals, moved deadlines with times of day, tags, waivers taken
/// back, candidates.
pub fn everything(folder: &Path) {
    feeds(folder);
    let log = |args: &[&str]| drop(ok(folder, &[&["-f", "f.db", "log"], args].concat()));
    log(&["USA", "RUS", "expulsion", "20-30", "--on", "2016-12-29", "--deadline", "2017-01-01T12:00-05:00", "--tag", "a"]);
    log(&["USA", "RUS", "seizure", "2", "--on", "2016-12-29", "--deadline", "2017-08-01", "--tag", "b"]);
    log(&["EU", "RUS", "sanction", "--on", "2017-01", "--deadline", "2017-07-14T23:30:59+02:00", "--ref", "eu-1", "--tag", "%b_"]);
    log(&["RUS", "USA", "expulsion", "50+", "--on", "2017-07", "--stage", "threatened", "--deadline", "2017-07-20T08:15Z"]);
    log(&["RUS", "FRA", "sanction", "3", "--on", "2017-02-03", "--answers", "eu-1", "--summary", "it's | \"said\"\nso"]);
    log(&["EU", "RUS", "sanction", "--on", "2017-06-28", "--renews", "eu-1", "--deadline", "2018-01-31", "--ref", "eu-2"]);
    log(&["RUS", "USA", "staff-cut", "755", "--on", "2017-07-28", "--stage", "announced", "--answers", "2"]);
    log(&["RUS", "USA", "staff-cut", "300", "--on", "2017-08-10", "--executes", "8"]);
    log(&["RUS", "USA", "staff-cut", "400", "--on", "2017-08-20", "--executes", "8"]);
    log(&["USA", "RUS", "closure", "~5", "--on", "2017", "--stage", "announced"]);
    log(&["GBR", "RUS", "release", "several", "--on", "2017-03-04"]);
    drop(ok(folder, &["-f", "f.db", "extend", "3", "--deadline", "2017-09-01", "--on", "2017-07-30"]));
    log(&["RUS", "USA", "restraint", "--on", "2016-12-30", "--waives", "2", "--ref", "waiver"]);
    log(&["RUS", "USA", "countermeasure", "--on", "2017-07-11", "--stage", "threatened", "--reverses", "waiver"]);
    log(&["EU", "RUS", "sanction", "4", "--on", "2017-04-01", "--ref", "eu-3"]);
    log(&["EU", "RUS", "easing", "--on", "2017-05-01", "--reverses", "eu-3:1"]);
    log(&["USA", "RUS", "expulsion", "4", "--on", "2017-03-01", "--stage", "announced", "--ref", "said"]);
    log(&["RUS", "USA", "expulsion", "1", "--on", "2017-03-02", "--answers", "said"]);
    log(&["USA", "RUS", "expulsion", "4", "--on", "2017-03-05", "--executes", "said", "--ref", "carried-out"]);
    log(&["RUS", "USA", "expulsion", "2", "--on", "2017-04", "--answers", "carried-out"]);
    log(&["CHN", "EU", "protest", "--on", "2017-02-05", "--answers", "eu-1"]);
    log(&["RUS", "FRA", "sanction", "2", "--on", "2017-04-10", "--stage", "announced", "--answers", "eu-3", "--ref", "promised"]);
    log(&["RUS", "FRA", "sanction", "2", "--on", "2017-04-20", "--executes", "promised"]);
}

#[test]
fn engines_give_the_reports_of_a_ledger_with_everything() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    everything(folder);
    let days = ["2017-08-15", "2017-07-12", "2016-12-29", "2017-01-02", "2017-07-20", "2019-01-01"];
    let mut asked = plain(some(&days, 1), &["", "USA RUS"]);
    asked.extend(some(&["2017-08-15", "2017-07-12"], 1).iter().flat_map(|day| selected(day)));
    let seen = compare(folder, "f.db", &asked);
    assert!(seen > if long() { 500 } else { 300 } || engines().is_empty(), "{seen}");
    let mut rows = engines().into_iter().map(|(engine, _)| rows_of_reciprocity(folder, "f.db", engine));
    if let Some(first) = rows.next() {
        let [_, third_parties, _, links, acts] = &first[..] else { panic!("{first:?}") };
        assert_eq!([links.len(), acts.len()], [13, 39], "{first:?}");
        // An answer to an organisation by an act against its member, and an announced one with the act that carried it out.
        let third_parties: Vec<String> = third_parties.iter().map(|row| row.join(",")).collect();
        assert_eq!(third_parties, ["23,sanction,24,sanction,done,2,2", "6,sanction,6,sanction,done,3,3"]);
        rows.for_each(|other| assert_eq!(other, first));
    }
}

/// Writes a random ledger to a file.
pub fn random(runner: &mut TestRunner, two: bool, file: &Path) -> recip::Ledger {
    let ledger = grown(&moves().new_tree(runner).unwrap().current(), two);
    ledger.connection().backup(rusqlite::MAIN_DB, file, None::<fn(rusqlite::backup::Progress)>).unwrap();
    ledger
}

#[test]
fn engines_give_the_reports_of_random_exchanges() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut runner = TestRunner::deterministic();
    for case in 0..if long() { 40 } else { 4 } {
        let name = format!("random-{case}.db");
        let ledger = random(&mut runner, case == 0, &folder.join(&name));
        let last: i64 = ledger.connection().query_row("SELECT coalesce(max(day), 0) FROM action", [], |r| r.get(0)).unwrap();
        let first: i64 = ledger.connection().query_row("SELECT coalesce(min(day), 0) FROM action", [], |r| r.get(0)).unwrap();
        let linked = "SELECT earlier_id FROM link GROUP BY earlier_id ORDER BY count(*) DESC, earlier_id LIMIT 1";
        if let (true, Ok(id)) = (case % 2 == 1, ledger.connection().query_row(linked, [], |r| r.get::<_, i64>(0))) {
            ok(folder, &["-f", &name, "void", &id.to_string(), "--reason", "entered by mistake"]);
        }
        let days = [(first + last) / 2, last + 400, first + 3].map(|day| recip::model::Day(day).iso());
        let days: Vec<&str> = some(&days, 1).iter().map(String::as_str).collect();
        let selections = ["", "USA RUS"];
        compare(folder, &name, &plain(&days, if long() { &selections } else { &selections[case % 2..=case % 2] }));
    }
}

/// Generated actions and, from a feed, about as many candidates.
#[test]
fn engines_give_the_reports_of_many_actions() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let many = if long() { 1_000_000 } else { 10_000 };
    let (mut actions, mut reports) = (Vec::new(), Vec::new());
    generate::ledger(many, &mut actions).unwrap();
    generate_feed::feed(many * 7 / 5, 58, 12_000, true, &mut reports).unwrap();
    std::fs::write(folder.join("many.csv"), actions).unwrap();
    std::fs::write(folder.join("many.tsv"), reports).unwrap();
    ok(folder, &["-f", "many.db", "import", "many.csv"]);
    ok(folder, &["-f", "many.db", "import", "--feed", "gdelt", "many.tsv"]);
    let asked = ["unanswered", "balance", "matrix", "pending", "timeline USA RUS"];
    let with_candidates = ["unanswered --with-candidates", "balance --with-candidates", "matrix --with-candidates"];
    let asked: Vec<String> = asked.iter().chain(&with_candidates).map(|report| format!("{report} --as-of 2010-03-15")).collect();
    let seen = compare(folder, "many.db", &words(&asked));
    assert!(seen > 1000 || engines().is_empty(), "{seen}");
}
