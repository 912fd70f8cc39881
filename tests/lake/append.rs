//! A lake that grows by a feed's files: it has the reports that an import of them gives, each once, and is never half there. Engines fold
//! them to the candidates of that import.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::equal::{ask, engines};
use crate::faults::Random;
use crate::faults::full_disk::limited;
use crate::feeds::{ICEWS_HEADER, POLECAT_HEADER, gdelt, icews, polecat};
use crate::parquet::folder::files;
use crate::parquet::values::{file, read_back};
use crate::support::{ok, python_has, recip, run};

type Row = Vec<Option<String>>;

/// Rows of GDELT: few series, with repeats on near days and on the same day, some dated back, some twice.
fn many(rows: u64, ids: u64) -> Vec<String> {
    let mut random = Random::new();
    let mut made: Vec<String> = Vec::new();
    for n in 0..rows {
        if n % 50 == 49 {
            made.push(made[random.below(n) as usize].clone());
            continue;
        }
        let parties = ["USA", "RUS", "CHN", "EGY"];
        let actor = random.below(4);
        let target = (actor + 1 + random.below(3)) % 4;
        let added = 17_000 + n as i64 * 90 / rows as i64;
        let day = added - [0, 0, 1, 2, 7, 30, 365, 3650][random.below(8) as usize];
        let [day, added] = [day, added].map(|day| recip::model::Day(day).iso().replace('-', ""));
        let (code, weight) =
            [("161", "-4.0"), ("043", "2.8"), ("042", "1.9"), ("172", "-5.0"), ("130", "-4.4"), ("040", "1.0")][random.below(6) as usize];
        let row = gdelt(58, ids + n, &day, parties[actor as usize], parties[target as usize], code, weight, &added);
        let mut cells: Vec<String> = row.split('\t').map(str::to_owned).collect();
        cells[31] = random.below(9).to_string();
        made.push(cells.join("\t"));
    }
    made
}

/// Writes files of all three feeds; returns the name of each, with its feed.
fn feeds(folder: &Path) -> [(&'static str, &'static str); 4] {
    let rows = many(1_500, 300_000_000);
    fs::write(folder.join("one.tsv"), rows[..900].concat()).unwrap();
    fs::write(folder.join("two.tsv"), rows[800..].concat() + "no row\n").unwrap();
    let mut tab = ICEWS_HEADER.to_owned();
    for n in 0..40 {
        let day = format!("2018-06-{:02}", 1 + n % 20);
        tab += &icews(
            100 + n % 30,
            &day,
            ("Minister (Russia)", "Russian Federation"),
            "Expel or deport",
            "161",
            "-4.0",
            ("x", "United States"),
        );
    }
    fs::write(folder.join("three.tab"), tab).unwrap();
    let mut txt = POLECAT_HEADER.to_owned();
    for n in 0..20 {
        let day = format!("2018-03-{:02}", 1 + n);
        let (both, russia) = (("UK; US", "GBR;USA"), ("Russia", "RUS"));
        txt += &polecat(&format!("P-{n}"), &day, ("SANCTION", "expel"), "", both, russia);
    }
    fs::write(folder.join("four.txt"), txt).unwrap();
    [("one.tsv", "gdelt"), ("two.tsv", "gdelt"), ("three.tab", "icews"), ("four.txt", "polecat")]
}

fn append(folder: &Path, lake: &str, feed: &str, files: &[&str]) -> String {
    ok(folder, &[&["-f", "none.db", "lake", "append", lake, "--feed", feed], files].concat())
}

/// The reports of a lake by their folder, each row with its values.
fn reports(lake: &Path) -> BTreeMap<PathBuf, Vec<Row>> {
    let mut found: BTreeMap<PathBuf, Vec<Row>> = BTreeMap::new();
    for part in files(&lake.join("reports")) {
        let rows = file(&part).1;
        if !rows.is_empty() {
            found.entry(part.parent().unwrap().strip_prefix(lake).unwrap().to_owned()).or_default().extend(rows);
        }
    }
    found.values_mut().for_each(|rows| rows.sort());
    found
}

/// The columns of candidates without the numbers that a ledger gives them.
fn unnumbered(columns: &[String], rows: impl Iterator<Item = Row>) -> Vec<Row> {
    let kept: Vec<usize> = (0..columns.len()).filter(|at| !["id", "series_id"].contains(&columns[*at].as_str())).collect();
    let mut rows: Vec<Row> = rows.map(|row| kept.iter().map(|at| row[*at].clone().filter(|cell| !cell.is_empty())).collect()).collect();
    rows.sort();
    rows
}

/// The answer of an engine to a statement: its columns and rows.
fn table(answer: &serde_json::Value, of: &str) -> (Vec<String>, Vec<Row>) {
    assert!(answer["error"].is_null(), "{of}: {}", answer["error"].as_str().unwrap());
    (serde_json::from_value(answer["columns"].clone()).unwrap(), serde_json::from_value(answer["rows"].clone()).unwrap())
}

/// Checks that every engine folds the reports of a lake to the candidates of an export.
fn assert_folds(folder: &Path, lake: &str, export: &str) {
    let (columns, expected) = read_back(&folder.join(export), "candidates");
    let expected = unnumbered(&columns, expected.into_iter());
    for (engine, _) in engines() {
        let views = ok(folder, &["lake", "views", lake, "--dialect", engine]);
        let fold = ok(folder, &["lake", "fold", lake, "--dialect", engine]);
        let (found_columns, rows) = table(&ask(engine, &views, &[fold])[0], engine);
        assert_eq!(found_columns, columns, "{engine}");
        assert_eq!(unnumbered(&columns, rows.iter().cloned()), expected, "{lake} on {engine}");
        let [id, series] = ["id", "series_id"].map(|name| columns.iter().position(|column| column == name).unwrap());
        let distinct = |at: &dyn Fn(&Row) -> String| rows.iter().map(at).collect::<BTreeSet<String>>().len();
        assert_eq!(distinct(&|row| row[id].clone().unwrap()), rows.len());
        let of_series = |row: &Row| {
            ["actor", "target", "kind", "stage", "precision"].map(|name| row[columns.iter().position(|c| c == name).unwrap()].clone())
        };
        assert_eq!(distinct(&|row| row[series].clone().unwrap()), distinct(&|row| format!("{:?}", of_series(row))));
    }
}

#[test]
fn a_lake_has_the_reports_and_the_candidates_of_an_import() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let all = feeds(folder);
    for (file, feed) in all {
        let import = ok(folder, &["-f", "l.db", "import", "--feed", feed, file]);
        let append = append(folder, "lake", feed, &[file]);
        // What was left out, and why, is said in the same words.
        assert_eq!(
            import.lines().skip(1).collect::<Vec<_>>(),
            append.lines().filter(|line| line.starts_with([' ', 'i']) || line.starts_with("added:")).collect::<Vec<_>>()
        );
    }
    ok(folder, &["-f", "l.db", "export", "parquet", "export", "--reports"]);
    let expected = reports(&folder.join("export"));
    assert!(expected.len() > 80 && expected.keys().any(|of| of.ends_with("added=__HIVE_DEFAULT_PARTITION__")), "{:?}", expected.keys());
    assert_eq!(reports(&folder.join("lake")), expected);
    let manifest =
        |lake: &str| serde_json::from_slice::<serde_json::Value>(&fs::read(folder.join(lake).join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest("lake")["rows"]["reports"], manifest("export")["rows"]["reports"]);
    assert_folds(folder, "lake", "export");
    // Another order, and other files.
    append(folder, "other", "polecat", &["four.txt"]);
    append(folder, "other", "icews", &["three.tab"]);
    append(folder, "other", "gdelt", &["two.tsv", "one.tsv"]);
    assert_eq!(reports(&folder.join("other")), expected);
    // Whoever appends to an export goes on where it ended.
    for (file, feed) in all {
        assert!(append(folder, "export", feed, &[file]).contains(" read: 0 reports appended; "));
    }
    assert_eq!(reports(&folder.join("export")), expected);
}

#[test]
fn a_feed_that_says_no_day_and_another_window_fold_too() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    feeds(folder);
    ok(folder, &["-f", "l.db", "import", "--feed", "icews", "three.tab", "--window", "9"]);
    ok(folder, &["-f", "l.db", "export", "parquet", "export"]);
    ok(folder, &["-f", "none.db", "lake", "append", "lake", "--feed", "icews", "three.tab"]);
    let manifest = fs::read_to_string(folder.join("lake/manifest.json")).unwrap().replace("\"window_days\": 3", "\"window_days\": 9");
    fs::write(folder.join("lake/manifest.json"), manifest).unwrap();
    assert_folds(folder, "lake", "export");
}

#[test]
fn series_of_many_days_fold_too() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (mut random, mut rows) = (Random::new(), String::new());
    // Engines fold a hundred days at a time.
    for (target, days) in [("RUS", 1), ("CHN", 99), ("EGY", 100), ("IRN", 101), ("CUB", 200), ("TUR", 201), ("POL", 431)] {
        let mut day = 16_000;
        for _ in 0..days {
            day += 1 + random.below(5) as i64;
            let date = recip::model::Day(day).iso().replace('-', "");
            rows += &gdelt(58, 1 + rows.len() as u64, &date, "USA", target, "161", "-4.0", &date);
        }
    }
    fs::write(folder.join("days.tsv"), rows).unwrap();
    ok(folder, &["-f", "l.db", "import", "--feed", "gdelt", "days.tsv"]);
    ok(folder, &["-f", "l.db", "export", "parquet", "export"]);
    append(folder, "lake", "gdelt", &["days.tsv"]);
    assert_folds(folder, "lake", "export");
}

#[test]
fn what_the_lake_has_is_not_added_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let all = feeds(folder);
    for (file, feed) in all {
        append(folder, "lake", feed, &[file]);
    }
    let contents = || files(&folder.join("lake")).into_iter().map(|file| (fs::read(&file).unwrap(), file)).collect::<BTreeSet<_>>();
    let before = contents();
    for (file, feed) in all {
        let said = append(folder, "lake", feed, &[file]);
        assert!(
            said.contains(" read: 0 reports appended; ") && said.contains(" already in the lake") && !said.contains("to fold them"),
            "{said}"
        );
    }
    assert!(contents() == before);
    // Packed, and with one new row among the others: one file more.
    let rows = many(1_500, 300_000_000);
    fs::write(folder.join("more.tsv"), rows[..200].concat() + &gdelt(58, 299_000_000, "20160803", "USA", "RUS", "161", "-4.0", "20160803"))
        .unwrap();
    let said = append(folder, "lake", "gdelt", &["more.tsv"]);
    assert!(
        said.contains("1 report appended")
            && said.ends_with("to fold them: recip lake fold lake --dialect DIALECT --into TABLE --added-since 2016-08-03\n"),
        "{said}"
    );
    assert_eq!(files(&folder.join("lake")).len(), before.len() + 1);
}

#[test]
fn a_table_of_candidates_is_renewed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let rows = many(1_500, 300_000_000);
    // The second part has reports of days that the first has, and of earlier ones.
    let (first, second): (Vec<_>, Vec<_>) = rows.iter().enumerate().partition(|(n, _)| *n < 1_000 || *n < 1_300 && n % 7 != 3);
    for (name, rows) in [("first.tsv", first), ("second.tsv", second)] {
        fs::write(folder.join(name), rows.into_iter().map(|(_, row)| row.as_str()).collect::<String>()).unwrap();
    }
    append(folder, "first", "gdelt", &["first.tsv"]);
    append(folder, "both", "gdelt", &["first.tsv"]);
    let said = append(folder, "both", "gdelt", &["second.tsv"]);
    let (_, since) = said.trim_end().split_once("--added-since ").unwrap();
    // No rows can be deleted from Spark's own tables.
    for (engine, _) in engines().into_iter().filter(|(engine, _)| *engine != "spark") {
        let print = |args: &[&str]| ok(folder, &[&["lake"], args, &["--dialect", engine]].concat());
        let renewed = print(&["fold", "both", "--into", "folded", "--added-since", since]);
        let script = [
            print(&["fold", "first", "--into", "folded"]),
            print(&["views", "both"]),
            renewed.replace("DROP TABLE", "SELECT * FROM folded_again;\nDROP TABLE"),
            "SELECT * FROM folded;\n".to_owned(),
            print(&["fold", "both"]),
        ];
        let statements: Vec<String> = script.concat().split_inclusive(";\n").map(str::to_owned).collect();
        let answers = ask(engine, &print(&["views", "first"]), &statements);
        let rows = |at: usize| table(&answers[at], &format!("{engine}: {}", statements[at])).1.into_iter().collect::<BTreeSet<Row>>();
        (0..answers.len()).for_each(|at| drop(rows(at)));
        let [again, renewed, whole] = [4, 2, 1].map(|last| rows(answers.len() - last));
        assert!(renewed == whole, "{engine}: {} and {} rows", renewed.len(), whole.len());
        assert!(again.len() > 100 && again.len() < whole.len() / 2, "{engine}: {} of {} rows", again.len(), whole.len());
    }
}

#[test]
fn an_export_leaves_what_was_appended() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    feeds(folder);
    append(folder, "lake", "gdelt", &["one.tsv"]);
    let before = reports(&folder.join("lake"));
    ok(folder, &["-f", "l.db", "party", "add", "ATL", "Atlantis"]);
    fs::write(folder.join("atlantis.tsv"), gdelt(58, 1, "20160803", "ATL", "RUS", "161", "-4.0", "20160803")).unwrap();
    let refused = |args: &[&str], why: &str| {
        let before = files(folder);
        let output = run(folder, args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(3) && said.contains(why), "{args:?}: {said}");
        assert_eq!(files(folder), before);
    };
    let more = ["-f", "l.db", "lake", "append", "lake", "--feed", "gdelt", "atlantis.tsv"];
    refused(&more, "lake: it does not have the party 'ATL', which the ledger has\nhelp: renew its tables first: recip export parquet lake");
    refused(&["-f", "l.db", "export", "parquet", "lake", "--reports"], "leave out --reports");
    ok(folder, &["-f", "l.db", "export", "parquet", "lake"]);
    assert_eq!(reports(&folder.join("lake")), before);
    assert!(ok(folder, &more).starts_with("1 row read: 1 report appended\n"));
    let manifest = fs::read_to_string(folder.join("lake/manifest.json")).unwrap();
    assert!(manifest.contains(&format!("\"reports\": {},", before.values().map(Vec::len).sum::<usize>() + 1)), "{manifest}");
    fs::create_dir(folder.join("mine")).unwrap();
    fs::write(folder.join("mine/notes.txt"), "mine").unwrap();
    refused(&["lake", "append", "mine", "--feed", "gdelt", "one.tsv"], "mine: this is not a lake");
    // Nothing is begun for files that are not of the feed.
    refused(&["lake", "append", "new", "--feed", "icews", "one.tsv"], "no row could be read as icews");
    refused(&["lake", "append", "new", "--feed", "gdelt", "two.tsv", "--strict"], "nothing was changed");
    assert!(!folder.join("new").exists());
    fs::write(folder.join("lake/parties/part-0.parquet"), "damaged").unwrap();
    refused(&more.map(|word| if word == "atlantis.tsv" { "two.tsv" } else { word }), "parties/part-0.parquet: it cannot be read");
}

#[test]
fn files_that_an_engine_combined_are_read() {
    if !python_has("duckdb") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = |id| gdelt(58, id, "20160803", "USA", "RUS", "161", "-4.0", "20160803");
    fs::write(folder.join("one.tsv"), row(1) + &row(2)).unwrap();
    fs::write(folder.join("two.tsv"), row(2) + &row(3)).unwrap();
    append(folder, "lake", "gdelt", &["one.tsv"]);
    append(folder, "lake", "gdelt", &["two.tsv"]);
    let before = reports(&folder.join("lake"));
    let day = folder.join("lake/reports/feed=gdelt/added=2016-08-03");
    let (parts, all) = (files(&day), day.join("all.parquet"));
    assert_eq!(parts.len(), 2);
    let combine = format!(
        "COPY (SELECT * EXCLUDE (feed, added) FROM '{}/part-*.parquet') TO '{}' (FORMAT parquet, COMPRESSION zstd)",
        day.display(),
        all.display()
    );
    table(&ask("duckdb", "", &[combine])[0], "the copy");
    parts.iter().for_each(|part| fs::remove_file(part).unwrap());
    assert_eq!(reports(&folder.join("lake")), before);
    assert!(append(folder, "lake", "gdelt", &["two.tsv"]).starts_with("2 rows read: 0 reports appended; 2 already in the lake\n"));
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "protest"]);
    ok(folder, &["-f", "l.db", "export", "parquet", "lake"]);
    assert_eq!(reports(&folder.join("lake")), before);
}

/// A lake of one file, and the state of it before and after a second file, of several days.
fn growing(folder: &Path) -> [BTreeMap<PathBuf, Vec<Row>>; 2] {
    let rows = many(600, 300_000_000);
    fs::write(folder.join("first.tsv"), rows[..200].concat()).unwrap();
    fs::write(folder.join("second.tsv"), rows[200..].concat()).unwrap();
    append(folder, "base", "gdelt", &["first.tsv"]);
    copy(&folder.join("base"), &folder.join("lake"));
    let before = reports(&folder.join("lake"));
    append(folder, "lake", "gdelt", &["second.tsv"]);
    let after = reports(&folder.join("lake"));
    assert!(after.len() > before.len() + 20);
    [before, after]
}

fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    for file in files(from) {
        let place = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::copy(file, place).unwrap();
    }
}

/// Checks a lake after an append was interrupted: it is as before or as after, or the next append of anything completes it. Returns true if
/// it is as before.
fn judge(folder: &Path, [before, after]: &[BTreeMap<PathBuf, Vec<Row>>; 2], done: bool, what: &str) -> bool {
    let lake = folder.join("lake");
    let decided = lake.join(".recip-added").exists();
    let now = reports(&lake);
    assert!(now == *after || !done && (now == *before || decided), "{what}");
    append(folder, "lake", "gdelt", &["first.tsv"]);
    let now = reports(&lake);
    assert!(now == *(if decided || done { after } else { before }) || !decided && now == *after, "{what}: completed");
    let is_as_before = now == *before;
    append(folder, "lake", "gdelt", &["second.tsv"]);
    assert!(reports(&lake) == *after, "{what}: again");
    let left = fs::read_dir(&lake).unwrap().filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with('.')).count();
    assert_eq!(left, 0, "{what}");
    is_as_before
}

#[test]
fn a_killed_append_leaves_the_lake_whole() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let states = growing(folder);
    let args = ["-f", "none.db", "lake", "append", "lake", "--feed", "gdelt", "second.tsv"];
    let mut as_before = [0, 0];
    copy(&folder.join("base"), &folder.join("lake"));
    let began = std::time::Instant::now();
    ok(folder, &args);
    let takes = began.elapsed();
    for round in 0..16u32 {
        copy(&folder.join("base"), &folder.join("lake"));
        let mut child = recip(folder).args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(takes * round / 14);
        let _ = child.kill();
        let done = child.wait().unwrap().success();
        as_before[usize::from(judge(folder, &states, done, &format!("round {round}")))] += 1;
    }
    println!("after and before: {as_before:?} of the kills");
}

#[cfg(target_os = "linux")]
#[test]
fn a_rename_that_is_the_last_or_fails_leaves_the_lake_whole() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let Some(library) = crate::faults::failing_calls::library(folder) else { return };
    let states = growing(folder);
    let args = ["-f", "none.db", "lake", "append", "lake", "--feed", "gdelt", "second.tsv"];
    let mut as_before = [0, 0];
    for call in (1..140).step_by(6) {
        for fate in ["kill", "13"] {
            copy(&folder.join("base"), &folder.join("lake"));
            let plan = format!("rename:{call}:{fate}");
            let output = recip(folder).args(args).env("LD_PRELOAD", &library).env("RECIP_FAIL", &plan).output().unwrap();
            let what = format!("{plan}: {}", String::from_utf8_lossy(&output.stderr));
            as_before[usize::from(judge(folder, &states, output.status.success(), &what))] += 1;
        }
    }
    assert!(as_before[0] > 10 && as_before[1] > 10, "{as_before:?}");
}

#[test]
fn a_full_disk_leaves_the_lake_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let states = growing(folder);
    let mut refused = 0;
    for limit in [0, 2, 8, 40, 100, 1_000] {
        copy(&folder.join("base"), &folder.join("lake"));
        let output = limited(folder, limit, &["-f", "none.db", "lake", "append", "lake", "--feed", "gdelt", "second.tsv"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(matches!(output.status.code(), Some(0 | 5)) && !said.contains("restore"), "{limit}: {said}");
        refused += u32::from(!output.status.success());
        let as_before = judge(folder, &states, output.status.success(), &format!("{limit} blocks: {said}"));
        assert_eq!(as_before, !output.status.success());
    }
    assert!(refused > 0);
}
