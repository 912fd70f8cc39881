//! The rows of every report that can be printed as SQL, from the program and from the engines.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::brief::EXAMPLES;
use crate::generate;
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
fn some<T>(all: &[T], few: usize) -> &[T] {
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

#[test]
fn engines_give_the_reports_of_the_examples() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    // One ledger has all of them: an engine takes as long for a few acts as for many.
    let files = EXAMPLES.map(|(name, ..)| examples.join(format!("{name}.csv")).to_str().unwrap().to_owned());
    ok(folder, &["-f", "all.db", "import"].into_iter().chain(files.iter().map(String::as_str)).collect::<Vec<_>>());
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
}

#[test]
fn engines_give_the_reports_of_random_exchanges() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut runner = TestRunner::deterministic();
    for case in 0..if long() { 40 } else { 4 } {
        let exchange = moves().new_tree(&mut runner).unwrap().current();
        let ledger = grown(&exchange, case == 0);
        let name = format!("random-{case}.db");
        ledger.connection().backup(rusqlite::MAIN_DB, folder.join(&name), None::<fn(rusqlite::backup::Progress)>).unwrap();
        let last: i64 = ledger.connection().query_row("SELECT coalesce(max(day), 0) FROM action", [], |r| r.get(0)).unwrap();
        let first: i64 = ledger.connection().query_row("SELECT coalesce(min(day), 0) FROM action", [], |r| r.get(0)).unwrap();
        let days = [(first + last) / 2, last + 400, first + 3].map(|day| recip::model::Day(day).iso());
        let days: Vec<&str> = some(&days, 1).iter().map(String::as_str).collect();
        let selections = ["", "USA RUS"];
        compare(folder, &name, &plain(&days, if long() { &selections } else { &selections[case % 2..=case % 2] }));
    }
}

#[test]
fn engines_give_the_reports_of_ten_thousand_actions() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut file = Vec::new();
    generate::ledger(10_000, &mut file).unwrap();
    std::fs::write(folder.join("many.csv"), file).unwrap();
    ok(folder, &["-f", "many.db", "import", "many.csv"]);
    let asked = ["unanswered", "balance", "matrix", "pending", "timeline USA RUS"].map(|report| format!("{report} --as-of 2010-03-15"));
    let seen = compare(folder, "many.db", &words(&asked));
    assert!(seen > 1000 || engines().is_empty(), "{seen}");
}
