//! The values in the Parquet files equal those in the ledger.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::process::Command;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::record::reader::RowIter;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::{TABLES, parts};
use crate::feeds::gdelt;
use crate::support::{ok, python_has};

/// The rows of a table, with each value as text: a day as `2016-12-29`, a time in microseconds. The last value is the year.
pub type Rows = Vec<Vec<Option<String>>>;

const ACTIONS: &str = "SELECT id, ref, date, date(day * 86400, 'unixepoch'), date(day_latest * 86400, 'unixepoch'), actor, target, kind,
    (SELECT unit FROM kind WHERE name = a.kind), (SELECT sign FROM kind WHERE name = a.kind), count, count_words,
    CASE WHEN count_words LIKE '~%' THEN 'about' WHEN count_words LIKE '%+' OR count_words LIKE '%-%' THEN 'at least' END, stage, stands, open, \"by\", place,
    deadline, dispute, summary, note, tags, strftime('%s', logged_at) * 1000000,
    (SELECT group_concat(name || ' ' || value || ' ' || unit, ' | ') FROM quantity WHERE action_id = a.id), NULL, CAST(substr(date, 1, 4) AS INTEGER)
  FROM action a WHERE voided IS NULL ORDER BY day, ref";
const LINKS: &str =
    "SELECT l.id, action_id, b.ref, relation, earlier_id, e.ref, stated, stated_spends, covers, spends, takes, reinstated, date(l.day * 86400, 'unixepoch'),
    CAST(strftime('%Y', l.day * 86400, 'unixepoch') AS INTEGER)
  FROM link l JOIN action b ON b.id = action_id JOIN action e ON e.id = earlier_id ORDER BY l.day, b.ref, e.ref, relation";
const CANDIDATES: &str =
    "SELECT c.id, p.date, p.until, date(c.added * 86400, 'unixepoch'), s.actor, s.target, s.kind, k.unit, k.sign, s.stage,
    CASE c.guessed WHEN 1 THEN 'true' ELSE 'false' END, c.reports, c.mentions, c.review, c.action_id, c.reason,
    date(c.day * 86400, 'unixepoch'), date(c.last_day * 86400, 'unixepoch'), s.id, s.precision, CAST(substr(p.date, 1, 4) AS INTEGER)
  FROM candidate c JOIN series s ON s.id = c.series_id JOIN kind k ON k.name = s.kind JOIN candidate_detail p ON p.id = c.id ORDER BY c.day, c.id";

/// Runs a statement; returns its rows.
pub fn select(ledger: &Path, select: &str) -> Rows {
    let conn = Connection::open(ledger).unwrap();
    let mut select = conn.prepare(select).unwrap();
    let columns = select.column_count();
    let text = |value: ValueRef<'_>| match value {
        ValueRef::Null => None,
        ValueRef::Integer(n) => Some(n.to_string()),
        ValueRef::Real(n) => Some(n.to_string()),
        other => Some(other.as_str().unwrap().to_owned()),
    };
    let rows = select.query_map([], |r| (0..columns).map(|at| r.get_ref(at).map(text)).collect());
    rows.unwrap().map(Result::unwrap).collect()
}

/// The rows of a CSV, as maps from column names to cells.
pub fn csv(folder: &Path, args: &[&str]) -> Vec<HashMap<String, String>> {
    csv::Reader::from_reader(ok(folder, args).as_bytes()).deserialize().map(Result::unwrap).collect()
}

/// The expected contents of the files, from the tables of the ledger and, for the sources, from the CSV export.
fn expected(folder: &Path, ledger: &str) -> [Rows; 3] {
    let mut sources: HashMap<String, String> = csv(folder, &["-f", ledger, "export", "csv"])
        .into_iter()
        .map(|mut row| (row["ref"].clone(), row.remove("sources").unwrap()))
        .collect();
    let path = folder.join(ledger);
    let mut actions = select(&path, ACTIONS);
    for row in &mut actions {
        row[25] = sources.remove(row[1].as_ref().unwrap()).filter(|cell| !cell.is_empty());
    }
    [actions, select(&path, LINKS), select(&path, CANDIDATES)]
}

/// The column names and the rows of a table, as the Parquet library reads them.
pub fn read_back(dir: &Path, table: &str) -> (Vec<String>, Rows) {
    let (mut columns, mut rows) = (Vec::new(), Vec::new());
    for (year, part) in parts(dir, table) {
        let (of_file, read) = file(&part);
        if !read.is_empty() {
            columns = [of_file, vec!["year".to_owned()]].concat();
        }
        rows.extend(read.into_iter().map(|row| [row, vec![Some(year.to_string())]].concat()));
    }
    (columns, rows)
}

/// The column names and the rows of a file, as the Parquet library reads them.
pub fn file(part: &Path) -> (Vec<String>, Rows) {
    let reader = SerializedFileReader::new(File::open(part).unwrap()).unwrap();
    let columns = reader.metadata().file_metadata().schema_descr().columns().iter().map(|c| c.name().to_owned()).collect();
    let rows = RowIter::from_file_into(Box::new(reader)).map(|row| row.unwrap().get_column_iter().map(|(_, field)| text(field)).collect());
    (columns, rows.collect())
}

fn text(field: &Field) -> Option<String> {
    match field {
        Field::Null => None,
        Field::Str(text) => Some(text.clone()),
        Field::Long(n) | Field::TimestampMicros(n) => Some(n.to_string()),
        Field::Double(n) => Some(n.to_string()),
        Field::Bool(holds) => Some(holds.to_string()),
        Field::Date(day) => Some(recip::model::Day((*day).into()).iso()),
        other => panic!("{other:?}"),
    }
}

/// Checks that the rows of each file are in the order that the file declares.
fn assert_sorted(dir: &Path, table: &str) {
    for (year, part) in parts(dir, table) {
        let reader = SerializedFileReader::new(File::open(part).unwrap()).unwrap();
        let Some(group) = reader.metadata().row_groups().first() else { continue };
        let by: Vec<usize> = group.sorting_columns().unwrap().iter().map(|c| c.column_idx as usize).collect();
        assert!(by.len() > 1, "{table}");
        let rows = RowIter::from_file_into(Box::new(reader)).map(|row| {
            let cells: Vec<Option<String>> = row.unwrap().get_column_iter().map(|(_, field)| text(field)).collect();
            let key = |at: &usize| cells[*at].as_ref().map(|text| (text.parse::<i64>().unwrap_or_default(), text.clone()));
            by.iter().map(key).collect::<Vec<_>>()
        });
        let rows: Vec<_> = rows.collect();
        assert!(rows.is_sorted(), "{table}, {year}");
    }
}

/// The tables as DuckDB reads them.
fn duckdb(dir: &Path) -> serde_json::Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parquet/read.py");
    let output = Command::new("python3").arg(script).arg(dir).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Exports a ledger and compares every value with what both readers read. Returns the number of rows of each table.
fn compare(folder: &Path, ledger: &str) -> [usize; 3] {
    let dir = folder.join(format!("{ledger}-parquet"));
    ok(folder, &["-f", ledger, "export", "parquet", dir.to_str().unwrap()]);
    let other = python_has("duckdb").then(|| duckdb(&dir));
    let expected = expected(folder, ledger);
    for (table, rows) in TABLES.iter().zip(&expected) {
        let (columns, read) = read_back(&dir, table);
        assert_eq!(&read, rows, "{ledger}: {table}");
        assert_sorted(&dir, table);
        if let Some(other) = &other {
            let other: (Vec<String>, Rows) =
                serde_json::from_value(serde_json::json!([other[table]["columns"], other[table]["rows"]])).unwrap();
            assert_eq!(&other.1, rows, "{ledger}: {table} by DuckDB");
            assert!(rows.is_empty() || other.0 == columns, "{ledger}: {table}");
        }
    }
    expected.map(|rows| rows.len())
}

#[test]
fn every_value_of_the_examples_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut seen = [0; 3];
    for example in std::fs::read_dir(&examples).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "csv")) {
        let name = example.file_stem().unwrap().to_str().unwrap();
        let ledger = format!("{name}.db");
        ok(folder.path(), &["-f", &ledger, "import", example.to_str().unwrap()]);
        let rows = compare(folder.path(), &ledger);
        assert!(rows[0] >= 5 && rows[1] >= 2 && rows[2] == 0, "{name}: {rows:?}");
        seen = [0, 1, 2].map(|at| seen[at] + rows[at]);
        // The actions of a text file have no time of logging; everything else is the same.
        ok(folder.path(), &["-f", example.to_str().unwrap(), "export", "parquet", name]);
        let (columns, mut logged) = read_back(&folder.path().join(format!("{ledger}-parquet")), "actions");
        let at = columns.iter().position(|column| column == "logged_at").unwrap();
        logged.iter_mut().for_each(|row| row[at] = None);
        assert_eq!(read_back(&folder.path().join(name), "actions").1, logged);
    }
    assert!(seen[0] > 50 && seen[1] > 20, "{seen:?}");
}

/// A ledger `f.db` of feeds: those of the examples, and a longer one with events dated by the day, the month and the year. Three
/// candidates are reviewed.
pub fn feeds(folder: &Path) {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for feed in ["english", "translated"] {
        let file = examples.join(format!("gdelt-20170701-{feed}.tsv"));
        ok(folder, &["-f", "f.db", "import", "--feed", "gdelt", file.to_str().unwrap()]);
    }
    let parties = ["USA", "RUS", "SAU", "FRA", "RUS"];
    let codes = ["036", "173", "163", "1313", "112"];
    let rows = (0..60u64).map(|n| {
        let at = n as usize;
        let day = |days: i64| recip::model::Day(17_200 + 9 * n as i64 - days).iso().replace('-', "");
        let back = [0, 1, 30, 365, 7][at % 5];
        gdelt(58, 900_000_000 + n, &day(back), parties[at % 4], parties[at % 4 + 1], codes[at / 3 % 5], "0.0", &day(0))
    });
    std::fs::write(folder.join("more.tsv"), rows.collect::<String>()).unwrap();
    ok(folder, &["-f", "f.db", "import", "--feed", "gdelt", "more.tsv"]);
    ok(folder, &["-f", "f.db", "confirm", "1", "--on", "2016-07", "--summary", "A visit"]);
    ok(folder, &["-f", "f.db", "candidates", "merge", "2", "1"]);
    ok(folder, &["-f", "f.db", "dismiss", "3", "--reason", "a match of \"football\",\nno visit"]);
}

#[test]
fn every_value_of_candidates_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    feeds(folder.path());
    let rows = compare(folder.path(), "f.db");
    assert!(rows[0] == 1 && rows[2] > 30, "{rows:?}");
    let (columns, rows) = read_back(&folder.path().join("f.db-parquet"), "candidates");
    let review = columns.iter().position(|c| c == "review").unwrap();
    let of = |what: Option<&str>| rows.iter().filter(|row| row[review].as_deref() == what).count();
    assert_eq!([of(Some("confirmed")), of(Some("merged")), of(Some("dismissed"))], [1, 1, 1]);
    assert_eq!(of(None), rows.len() - 3);
}

/// Unusual values are read back: days before 1970 and before 1000, months and years, unknown counts, unusual texts, voided actions.
#[test]
fn what_is_odd_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let log = |args: &[&str]| ok(folder, &[&["-f", "odd.db", "log"], args].concat());
    log(&["AUT", "RUS", "protest", "--on", "1914-07-28", "--by", "Ballhausplatz", "--ref", "first"]);
    log(&["FRA", "GBR", "seizure", "--on", "0987-07-03"]);
    log(&["USA", "RUS", "expulsion", "--on", "1969-12", "--summary", "several, \"said\" so:\n🕊️ 'a' | b \\ c\t\u{202e}é"]);
    log(&[
        "RUS",
        "USA",
        "expulsion",
        "--on",
        "1970",
        "--answers",
        "3",
        "--source",
        "a | b",
        "--source",
        "c [says 5]",
        "--source",
        "d [denies]",
        "--quantity",
        "trade 34.5 bn USD",
    ]);
    log(&["RUS", "USA", "expulsion", "30", "--on", "2017-07-28", "--deadline", "2017-09-01T12:00-05:00", "--place", "Москва"]);
    log(&["USA", "RUS", "expulsion", "1000000000", "--on", "9999-12-31", "--stage", "threatened"]);
    log(&["USA", "RUS", "seizure", "2", "--on", "2017"]);
    ok(folder, &["-f", "odd.db", "void", "7", "--reason", "it was another year"]);
    assert_eq!(compare(folder, "odd.db"), [6, 1, 0]);
    let years: Vec<i64> = parts(&folder.join("odd.db-parquet"), "actions").into_iter().map(|(year, _)| year).collect();
    assert_eq!(years, [987, 1914, 1969, 1970, 2017, 9999]);
}

#[test]
fn an_empty_ledger_has_its_columns() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ok(folder, &["-f", "e.db", "party", "add", "ATL", "Atlantis"]);
    assert_eq!(compare(folder, "e.db"), [0, 0, 0]);
    // The year of the fixed current time of the tests.
    assert_eq!(parts(&folder.join("e.db-parquet"), "links")[0].0, 2026);
    if python_has("duckdb") {
        let read = duckdb(&folder.join("e.db-parquet"));
        assert_eq!(read["links"]["columns"].as_array().unwrap().len(), 14);
        assert_eq!(read["actions"]["types"][26], "BIGINT");
    }
}

#[test]
fn it_is_cut_to_the_selection_as_the_lists_are() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    feeds(folder);
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for example in ["us-russia-2016-2017", "skripal-2018"] {
        ok(folder, &["-f", "f.db", "import", examples.join(example).with_extension("csv").to_str().unwrap()]);
    }
    let mut seen = (0, 0);
    for (n, filter) in [
        &["--as-of", "2017-07-13"][..],
        &["--since", "2017-06-01", "--until", "2017-12-31"],
        &["--kind", "expulsion", "--kind", "meeting"],
        &["--actor", "RUS"],
        &["--target", "Russia", "--stage", "done"],
        &["--actor", "SAU"],
    ]
    .into_iter()
    .enumerate()
    {
        let dir = format!("d{n}");
        ok(folder, &[&["-f", "f.db", "export", "parquet", &dir], filter].concat());
        let listed = csv(folder, &[&["-f", "f.db", "list", "--format", "csv"], filter].concat());
        let (columns, rows) = read_back(&folder.join(&dir), "actions");
        let ids = |columns: &[String], rows: &Rows| -> Vec<String> {
            let id = columns.iter().position(|c| c == "id");
            rows.iter().map(|row| row[id.unwrap()].clone().unwrap()).collect()
        };
        assert_eq!(ids(&columns, &rows), listed.iter().map(|row| row["id"].clone()).collect::<Vec<_>>(), "{filter:?}");
        for (row, listed) in rows.iter().zip(&listed) {
            let of = |name: &str| row[columns.iter().position(|c| c == name).unwrap()].clone().unwrap_or_default();
            let open = if of("count").is_empty() && of("open") != "0" { String::new() } else { of("open") };
            assert_eq!((open, of("unit"), of("summary")), (listed["open"].clone(), listed["unit"].clone(), listed["summary"].clone()));
        }
        let mut filter: Vec<&str> = filter.to_vec();
        filter.iter_mut().filter(|word| **word == "--as-of").for_each(|word| *word = "--until");
        let of = |reviewed: &[&str]| csv(folder, &[&["-f", "f.db", "candidates", "--format", "csv"], &filter[..], reviewed].concat());
        let mut candidates: Vec<String> = [&[][..], &["--reviewed", "confirmed"], &["--reviewed", "merged"], &["--reviewed", "dismissed"]]
            .into_iter()
            .flat_map(of)
            .map(|row| row["id"].clone())
            .collect();
        let (columns, rows) = read_back(&folder.join(&dir), "candidates");
        seen = (seen.0 + listed.len(), seen.1 + candidates.len());
        let mut read = if rows.is_empty() { Vec::new() } else { ids(&columns, &rows) };
        candidates.sort();
        read.sort();
        assert_eq!(read, candidates, "{filter:?}");
    }
    assert!(seen.0 > 40 && seen.1 > 10, "{seen:?}");
    // Candidates belong to no dispute, because feeds do not report one.
    ok(folder, &["-f", "f.db", "export", "parquet", "none", "--dispute", "grizzly-steppe"]);
    assert!(read_back(&folder.join("none"), "candidates").1.is_empty());
    assert!(!read_back(&folder.join("none"), "actions").1.is_empty());
}
