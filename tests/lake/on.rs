//! Through ADBC, the program prints what DuckDB and ClickHouse compute as it prints its own reports, and imports from them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use proptest::test_runner::TestRunner;

use super::equal::{FOUNDING_DAYS, all_examples, ask_at, everything, plain, random, reciprocity, same, selected, some, words};
use crate::brief::EXAMPLES;
use crate::feeds::gdelt;
use crate::generate;
use crate::suggest::{generated_vaguely, unlinked};
use crate::support::{adbc_drivers, long, ok, recip, run};

/// A lake with two engines over it.
struct Lake {
    folder: PathBuf,
    environment: [(&'static str, OsString); 2],
}

impl Lake {
    /// Exports a ledger, and makes the tables visible to both engines. `None`: the drivers are not installed.
    fn of(folder: &Path, ledger: &str) -> Option<Lake> {
        let lake = Lake { environment: adbc_drivers(folder)?, folder: folder.to_owned() };
        lake.export(ledger);
        for (engine, driver, database) in [("duckdb", "duckdb", "lake.duckdb"), ("clickhouse", "chdb", "lake.chdb")] {
            let views = ok(folder, &["lake", "views", "lake", "--dialect", engine]);
            let at = folder.join(database);
            ask_at(engine, Some(&at), &views, &[]);
            lake.profile(engine, driver, &format!("path = \"{}\"", at.display()));
        }
        Some(lake)
    }

    fn export(&self, ledger: &str) {
        ok(&self.folder, &["-f", ledger, "export", "parquet", "lake", "--reports"]);
    }

    fn profile(&self, name: &str, driver: &str, options: &str) {
        let profile = format!("profile_version = 1\ndriver = \"{driver}\"\n[Options]\n{options}\n");
        std::fs::write(self.folder.join(format!("{name}.toml")), profile).unwrap();
    }

    /// The program, with the drivers.
    fn program(&self, args: &[&str]) -> Command {
        let mut program = recip(&self.folder);
        program.args(args).env("ADBC_PROFILE_PATH", &self.folder).env_remove("XDG_CONFIG_HOME").env("HOME", &self.folder);
        program.envs(self.environment.iter().map(|(name, value)| (name, value)));
        program
    }

    fn run(&self, args: &[&str]) -> Output {
        self.program(args).output().unwrap()
    }

    fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that fails; returns its exit code and its message.
    fn refused(&self, args: &[&str]) -> (Option<i32>, String) {
        let output = self.run(args);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }
}

fn records(csv: &str) -> Vec<csv::StringRecord> {
    csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes()).records().map(Result::unwrap).collect()
}

/// Compares reports of a ledger with those of an engine. Returns the number of rows.
fn compare(lake: &Lake, ledger: &str, engine: &str, reports: &[Vec<String>]) -> usize {
    let mut seen = 0;
    for report in reports {
        let args: Vec<&str> = ["report"].into_iter().chain(report.iter().map(String::as_str)).chain(["--format", "csv"]).collect();
        let expected = records(&ok(&lake.folder, &[&["-f", ledger], &args[..]].concat()));
        let found = records(&lake.ok(&[&["-f", ledger], &args[..], &["--on", engine]].concat()));
        assert_eq!(found.len(), expected.len(), "{engine}: {report:?}");
        for (found, expected) in found.iter().zip(&expected) {
            let equal = found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| same(a, b));
            assert!(equal, "{engine}: {report:?}:\n{found:?}\n{expected:?}");
        }
        seen += expected.len() - 1;
    }
    seen
}

/// Compares the suggestions of a ledger with those of an engine, which must be the same to the last byte. The engine's are computed without
/// the ledger. Returns the number of rows.
fn compare_suggestions(lake: &Lake, ledger: &str, engine: &str, asked: &[&str]) -> usize {
    let mut seen = 0;
    for options in asked {
        let args: Vec<&str> = ["suggest"].into_iter().chain(options.split_whitespace()).chain(["--format", "csv"]).collect();
        let expected = ok(&lake.folder, &[&["-f", ledger], &args[..]].concat());
        let found = lake.ok(&[&["-f", "none.db"], &args[..], &["--on", engine]].concat());
        assert_eq!(found, expected, "{ledger} on {engine}: {options}");
        seen += csv::Reader::from_reader(expected.as_bytes()).records().count();
    }
    assert!(!lake.folder.join("none.db").exists());
    seen
}

fn founding_case(folder: &Path) -> Option<Lake> {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/us-russia-2016-2017.csv");
    ok(folder, &["-f", "l.db", "import", example.to_str().unwrap()]);
    Lake::of(folder, "l.db")
}

#[test]
fn an_engine_gives_every_report_of_the_founding_case_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let Some(lake) = founding_case(folder.path()) else { return };
    compare(&lake, "l.db", "duckdb", &plain(&FOUNDING_DAYS[..if long() { 5 } else { 1 }], &["", "USA RUS"]));
    compare(&lake, "l.db", "clickhouse", &plain(&["2017-07-13"], if long() { &["", "USA RUS"] } else { &["USA RUS"] }));
    for report in
        ["unanswered USA RUS", "unanswered --friendly", "balance EU RUS --members", "pending", "matrix USA", "timeline", "survival"]
    {
        for format in ["table", "csv", "json", "jsonl", "md", "html", "svg"] {
            if format == "svg" && !report.starts_with("matrix") {
                continue;
            }
            let args = format!("report {report} --as-of 2017-07-31 --format {format}");
            let args: Vec<&str> = args.split(' ').collect();
            let strip = |text: String| text.replace(" --on duckdb", "").replace("-f none.db", "-f l.db");
            let found = strip(lake.ok(&[&["-f", "none.db"], &args[..], &["--on", "duckdb"]].concat()));
            assert_eq!(found, ok(folder.path(), &[&["-f", "l.db"], &args[..]].concat()), "{report} as {format}");
        }
    }
    assert!(!folder.path().join("none.db").exists());
}

#[test]
fn an_engine_gives_every_report_of_a_ledger_with_everything() {
    let folder = tempfile::tempdir().unwrap();
    everything(folder.path());
    let Some(lake) = Lake::of(folder.path(), "f.db") else { return };
    let seen = compare(&lake, "f.db", "duckdb", &[plain(&["2017-07-12", "2017-08-15"], &["", "USA RUS"]), selected("2017-08-15")].concat());
    assert!(seen > 300, "{seen}");
    compare(&lake, "f.db", "clickhouse", &selected("2017-08-15")[..12]);
    let seen = compare(&lake, "f.db", "duckdb", &reciprocity("2017-08-15", 5));
    assert!(seen > 1000, "{seen}");
    compare(&lake, "f.db", "clickhouse", &reciprocity("2017-08-15", 2));
    // The notes on the acts of organisations come from the lake too.
    let args = ["report", "unanswered", "RUS", "FRA", "--as-of", "2017-08-15"];
    let own = ok(folder.path(), &[&["-f", "f.db"], &args[..]].concat());
    assert!(own.contains("organisations of which France was then a member"), "{own}");
    for engine in ["duckdb", "clickhouse"] {
        assert_eq!(lake.ok(&[&["-f", "none.db"], &args[..], &["--on", engine]].concat()), own);
    }
}

#[test]
fn an_engine_gives_every_report_of_ten_thousand_actions() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = Vec::new();
    generate::ledger(10_000, &mut file).unwrap();
    std::fs::write(folder.path().join("many.csv"), file).unwrap();
    ok(folder.path(), &["-f", "many.db", "import", "many.csv"]);
    let Some(lake) = Lake::of(folder.path(), "many.db") else { return };
    let asked = ["unanswered", "balance", "matrix", "pending", "timeline USA RUS"].map(|report| format!("{report} --as-of 2010-03-15"));
    for engine in ["duckdb", "clickhouse"] {
        let seen = compare(&lake, "many.db", engine, &words(&asked));
        assert!(seen > 1000, "{seen}");
    }
}

#[test]
fn an_engine_gives_the_reciprocity_of_all_examples() {
    let folder = tempfile::tempdir().unwrap();
    all_examples(folder.path());
    let Some(lake) = Lake::of(folder.path(), "all.db") else { return };
    for engine in ["duckdb", "clickhouse"] {
        let asked = words(&["reciprocity --pooled --by year --scale all --permutations 20 --as-of 2025-01-01".to_owned()]);
        let seen = compare(&lake, "all.db", engine, &[asked, reciprocity("2018-04-01", 0)].concat());
        assert!(seen > 5000, "{seen}");
    }
    // The page too, with the names of the lake and the notes on organisations.
    let args = ["report", "reciprocity", "RUS", "GBR", "--as-of", "2018-04-01"];
    let own = ok(folder.path(), &[&["-f", "all.db"], &args[..]].concat());
    assert_eq!(lake.ok(&[&["-f", "none.db"], &args[..], &["--on", "duckdb"]].concat()), own);
}

#[test]
fn an_engine_gives_the_reciprocity_of_random_exchanges() {
    let folder = tempfile::tempdir().unwrap();
    let mut runner = TestRunner::deterministic();
    for case in 0..if long() { 20 } else { 3 } {
        let name = format!("random-{case}.db");
        let ledger = random(&mut runner, case == 0, &folder.path().join(&name));
        let Some(lake) = Lake::of(folder.path(), &name) else { return };
        let days: [i64; 2] =
            ledger.connection().query_row("SELECT min(day), max(day) FROM action", [], |r| Ok([r.get(0)?, r.get(1)?])).unwrap();
        let [first, last] = days;
        for day in some(&[last + 100, (first + last) / 2], 1) {
            let day = recip::model::Day(*day).iso();
            let asked = ["--pooled --scale heads --scale goldstein --permutations 9", "RUS USA --by year"];
            compare(&lake, &name, "duckdb", &words(&asked.map(|selection| format!("reciprocity {selection} --within 20d --as-of {day}"))));
        }
    }
}

#[test]
fn an_engine_gives_the_suggestions_of_the_founding_case() {
    let folder = tempfile::tempdir().unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/us-russia-2016-2017.csv");
    unlinked(&std::fs::read_to_string(example).unwrap(), &folder.path().join("open.csv"));
    ok(folder.path(), &["-f", "open.db", "import", "open.csv"]);
    let Some(lake) = Lake::of(folder.path(), "open.db") else { return };
    let asked = [
        "",
        "--over 0",
        "--assign --over 0",
        "--with-candidates --as-of 2017-08-31",
        "--actor USA --target RUS --over 0",
        "--as-of 2017-01-02 --over 0",
        "1",
        "14",
        "2016-12-29-usa-rus-EXPULSION --each 9",
        "--kind expulsion --kind staff-cut --since 2016-12-01 --until 2017-07-01 --within 90d",
        "--stage done --limit 3",
    ];
    for engine in ["duckdb", "clickhouse"] {
        let seen = compare_suggestions(&lake, "open.db", engine, &asked);
        assert!(seen > 30, "{seen}");
    }
    for (args, format) in [("suggest --over 0", "table"), ("suggest 1", "table"), ("suggest", "json"), ("suggest --assign", "md")] {
        let args: Vec<&str> = args.split(' ').chain(["--format", format]).collect();
        let own = ok(folder.path(), &[&["-f", "open.db"], &args[..]].concat());
        assert_eq!(lake.ok(&[&["-f", "none.db"], &args[..], &["--on", "duckdb"]].concat()), own, "{args:?}");
    }
}

#[test]
fn an_engine_gives_the_suggestions_of_a_ledger_with_everything() {
    let folder = tempfile::tempdir().unwrap();
    everything(folder.path());
    let log = |args: &str| {
        let args: Vec<String> = args.split(' ').map(|word| word.replace('_', " ")).collect();
        ok(folder.path(), &[&["-f", "f.db", "log"], &args.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat());
    };
    // A claim that was waived and reopened, and an act of a member against an organisation. The summaries name a party as only this ledger does.
    ok(folder.path(), &["-f", "f.db", "party", "add", "ZEM", "Zembla", "--alias", "Kingdom of Onhava"]);
    log("USA RUS expulsion 5 --on 2017-02-10 --ref forgone --summary Envoys_to_the_Kingdom_of_Onhava_and_to_Germany");
    log("RUS USA restraint --on 2017-02-15 --waives forgone --ref forbearance");
    log("RUS USA countermeasure --on 2017-05-05 --reverses forbearance");
    log("RUS USA expulsion 5 --on 2017-05-06 --ref reply --summary Envoys_from_Germany_and_the_Kingdom_of_Onhava");
    log("EU RUS visa-restriction 2 --on 2017-06 --ref of-organisation --summary Flights_are_limited");
    log("RUS FRA visa-restriction 2 --on 2017-06-20 --ref of-member --summary Flights_of_France_are_limited_too");
    let Some(lake) = Lake::of(folder.path(), "f.db") else { return };
    let asked = [
        "--over 0 --each 9 --as-of 2017-08-31",
        "--over 0 --with-candidates --as-of 2017-07-12",
        "--assign --over 0.1",
        "--actor RUS --with-candidates --over 0",
        "--tag a --tag %b_ --over 0",
        "forgone",
        "reply --with-candidates",
        "of-organisation",
        "of-member --as-of 2017-07-01",
    ];
    for engine in ["duckdb", "clickhouse"] {
        let seen = compare_suggestions(&lake, "f.db", engine, &asked);
        assert!(seen > 40, "{seen}");
    }
    let reasons = |action: &str| lake.ok(&["-f", "none.db", "suggest", action, "--on", "duckdb", "--format", "csv"]);
    let reopened = reasons("forgone");
    assert!(
        reopened.contains("1 day after the claim was reopened; same kind; 5 for 5; both mention envoys; both name Germany, Zembla"),
        "{reopened}"
    );
    let of_organisation = reasons("of-member");
    assert!(of_organisation.contains("through an organisation or its member"), "{of_organisation}");
}

#[test]
fn an_engine_gives_the_suggestions_of_the_examples() {
    let folder = tempfile::tempdir().unwrap();
    let mut args = vec!["-f".to_owned(), "open.db".to_owned(), "import".to_owned()];
    for (name, ..) in EXAMPLES {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/{name}.csv"));
        unlinked(&std::fs::read_to_string(example).unwrap(), &folder.path().join(format!("{name}.csv")));
        args.push(format!("{name}.csv"));
    }
    ok(folder.path(), &args.iter().map(String::as_str).collect::<Vec<_>>());
    let Some(lake) = Lake::of(folder.path(), "open.db") else { return };
    for engine in ["duckdb", "clickhouse"] {
        let seen = compare_suggestions(&lake, "open.db", engine, &["--over 0", "--assign", "--target RUS --as-of 2018-04-01"]);
        assert!(seen > 300, "{seen}");
    }
}

#[test]
fn an_engine_gives_the_suggestions_of_generated_and_random_ledgers() {
    let folder = tempfile::tempdir().unwrap();
    generated_vaguely(folder.path(), 2000);
    let Some(lake) = Lake::of(folder.path(), "l.db") else { return };
    for engine in ["duckdb", "clickhouse"] {
        let seen = compare_suggestions(&lake, "l.db", engine, &["--over 0", "--assign --over 0.3 --as-of 2010-03-15", "700 --each 20"]);
        assert!(seen > 700, "{seen}");
    }
    let mut runner = TestRunner::deterministic();
    for case in 0..if long() { 20 } else { 3 } {
        let (folder, name) = (tempfile::tempdir().unwrap(), format!("random-{case}.db"));
        let ledger = random(&mut runner, case == 0, &folder.path().join(&name));
        let Some(lake) = Lake::of(folder.path(), &name) else { return };
        let days: [i64; 2] =
            ledger.connection().query_row("SELECT min(day), max(day) FROM action", [], |r| Ok([r.get(0)?, r.get(1)?])).unwrap();
        let middle = recip::model::Day((days[0] + days[1]) / 2).iso();
        let of_day = ["", "--assign", "--actor USA"].map(|options| format!("{options} --over 0 --as-of {middle}"));
        let asked: Vec<&str> = of_day.iter().map(String::as_str).chain(["--over 0", "--assign --over 0"]).collect();
        compare_suggestions(&lake, &name, "duckdb", &asked);
    }
}

#[test]
fn errors_name_the_profile_the_driver_and_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let Some(lake) = founding_case(folder.path()) else { return };
    let on = |profile: &str| lake.refused(&["report", "balance", "--on", profile]);
    let says = |(code, said): (Option<i32>, String), expected: i32, words: &[&str]| {
        assert!(code == Some(expected) && words.iter().all(|word| said.contains(word)), "{code:?} {said}");
    };
    says(on("nowhere"), 2, &["there is no profile 'nowhere'", "write nowhere.toml in"]);
    lake.profile("absent", "snowdrop", "");
    says(on("absent"), 5, &["absent: the driver 'snowdrop' cannot be loaded", "dbc install snowdrop"]);
    lake.profile("broken", "/tmp/none/libsnowdrop.so", "");
    says(on("broken"), 5, &["the driver '/tmp/none/libsnowdrop.so' cannot be loaded", "the path of its library or of its manifest"]);
    lake.profile("astray", "duckdb", "path = \"/none/lake.duckdb\"");
    says(on("astray"), 5, &["astray: the driver 'duckdb' cannot connect", "correct the options of the profile"]);
    lake.profile("empty", "duckdb", "path = \":memory:\"");
    says(on("empty"), 5, &["DuckDB: it has no table 'links'", "recip lake views FOLDER --dialect duckdb"]);
    std::fs::write(folder.path().join("text.toml"), "driver = 'duckdb'").unwrap();
    says(on("text"), 3, &["text: this is not an ADBC profile: missing 'profile_version'"]);
    says(lake.refused(&["report", "balance", "--on", "duckdb", "--dialect", "clickhouse"]), 5, &["DuckDB: ", "--dialect"]);
    says(
        lake.refused(&["report", "brief", "USA", "RUS", "--on", "duckdb"]),
        2,
        &["cannot compute 'brief'", "unanswered, balance, pending, matrix, timeline, reciprocity, survival, panel"],
    );
    says(lake.refused(&["report", "reciprocity", "--on", "duckdb", "--explain", "response-rate"]), 3, &["leave out --on"]);
    says(lake.refused(&["report", "reciprocity", "--on", "duckdb", "--with-suggested", "0.6"]), 3, &["leave out --with-suggested"]);
    says(lake.refused(&["report", "reciprocity", "--on", "empty"]), 5, &["DuckDB: it has no table 'kinds'"]);
    says(lake.refused(&["report", "timeline", "--on", "duckdb", "--format", "svg"]), 3, &["leave out --on, or give another format"]);
    says(lake.refused(&["report", "pending", "--on", "duckdb", "--format", "ics"]), 3, &["leave out --on, or give another format"]);
    says(lake.refused(&["report", "balance", "--on", "duckdb", "--with-suggested", "0.6"]), 3, &["leave out --with-suggested"]);
    says(lake.refused(&["report", "balance", "--on", "duckdb", "--quantity", "trade"]), 3, &["leave out --quantity or --on"]);
    let suggest = |args: &[&str]| lake.refused(&[&["-f", "l.db", "suggest"], args, &["--on", "duckdb"]].concat());
    says(
        suggest(&["--link"]),
        3,
        &["cannot link the suggestions of another engine", "leave out --on to link in the ledger, or leave out --link"],
    );
    says(suggest(&["--with-suggested", "0.6"]), 3, &["leave out --with-suggested"]);
    says(suggest(&["--as-known", "2026-01-01"]), 3, &["export the ledger with --as-known, and leave --as-known out here"]);
    says(suggest(&["--text", "spies"]), 3, &["leave out --text"]);
    says(suggest(&["no-such-ref"]), 2, &["there is no action 'no-such-ref'", "recip report timeline --on PROFILE --format csv"]);
    says(suggest(&["99"]), 2, &["there is no action '99'", "name an action of the lake, by its id or its ref"]);
    let nothing_open = [
        "cannot suggest answers to #1 (2016-12-29-usa-rus-expulsion): it has no open amount",
        "recip report timeline USA RUS --on PROFILE",
    ];
    says(suggest(&["1"]), 3, &nothing_open);
    says(
        lake.refused(&["suggest", "--on", "empty"]),
        5,
        &["DuckDB: it has no table 'parties'", "recip lake views FOLDER --dialect duckdb"],
    );
    // An export without the names of the parties.
    let tables = ok(folder.path(), &["lake", "views", "lake", "--dialect", "duckdb"]);
    let earlier: String = tables.lines().filter(|line| !line.contains("aliases")).map(|line| format!("{line}\n")).collect();
    ask_at("duckdb", Some(&folder.path().join("earlier.duckdb")), &earlier, &[]);
    lake.profile("earlier", "duckdb", &format!("path = \"{}\"", folder.path().join("earlier.duckdb").display()));
    says(
        lake.refused(&["suggest", "--on", "earlier"]),
        5,
        &["DuckDB: it has no table 'aliases'", "export the tables again: recip export parquet FOLDER; then "],
    );
    // A file of the folder is not taken for a profile of the user.
    std::fs::write(folder.path().join("mine"), "").unwrap();
    says(on("mine"), 3, &["a file of this name is in this folder", "write ./mine"]);
    // A password in a profile stays in the environment.
    lake.profile("variable", "duckdb", "path = \"{{ env_var(LAKE) }}\"");
    let output = lake.program(&["report", "balance", "--on", "profile://variable", "--format", "csv"]).env("LAKE", "lake.duckdb").output();
    assert!(output.unwrap().status.success());
    // What failed leaves no file.
    assert!(!lake.run(&["report", "balance", "--on", "empty", "-o", "out.txt"]).status.success());
    assert!(!folder.path().join("out.txt").exists());
}

#[test]
fn ctrl_c_cancels_the_statement() {
    let folder = tempfile::tempdir().unwrap();
    let Some(lake) = founding_case(folder.path()) else { return };
    // A view that takes hours.
    let slow = "CREATE OR REPLACE VIEW kinds AS SELECT 'x' AS kind, 'y' AS unit, 'hostile' AS sign FROM range(1000000) a, range(1000000) b WHERE hash(a.range, b.range) = 1;\n";
    ask_at("duckdb", Some(&folder.path().join("lake.duckdb")), slow, &[]);
    let args = ["report", "balance", "--on", "duckdb", "-o", "out.txt"];
    let child = lake.program(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(2));
    let begun = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert!(output.status.code() == Some(130) && said.contains("stopping") && said.contains("error: interrupted"), "{said}");
    assert!(!folder.path().join("out.txt").exists());
}

/// The whole ledger, without the times of entry.
fn content(folder: &Path, ledger: &str) -> Vec<String> {
    let text = ok(folder, &["-f", ledger, "export", "jsonl"]);
    let mut lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &mut lines {
        line.as_object_mut().unwrap().remove("logged_at");
    }
    // The title of a dispute is not in a lake.
    lines.retain(|line| line["type"] != "dispute");
    lines.iter().map(ToString::to_string).collect()
}

fn assert_same_content(folder: &Path) {
    let (found, expected) = (content(folder, "desk.db"), content(folder, "l.db"));
    let lacks = |all: &[String], some: &[String]| -> Vec<String> { some.iter().filter(|line| !all.contains(line)).cloned().collect() };
    assert_eq!(lacks(&found, &expected), Vec::<String>::new(), "these are missing");
    assert_eq!(lacks(&expected, &found), Vec::<String>::new(), "there are more");
}

#[test]
fn an_import_from_a_lake_gives_the_ledger_again_and_updates_it() {
    let folder = tempfile::tempdir().unwrap();
    let Some(lake) = founding_case(folder.path()) else { return };
    let folder = folder.path();
    let import = |profile: &str, more: &[&str]| lake.ok(&[&["-f", "desk.db", "import", "--from", profile], more].concat());
    assert_eq!(import("duckdb", &["--dry-run"]).lines().last(), Some("18 actions and 16 links added"));
    assert!(!folder.join("desk.db").exists());
    assert_eq!(import("duckdb", &[]), "18 actions and 16 links added\n");
    assert_same_content(folder);
    for engine in ["duckdb", "clickhouse"] {
        assert_eq!(import(engine, &[]), "0 actions and 0 links added; 18 already in the ledger\n");
    }
    // Changes in the lake, with a party, a name of a party and a kind that the desk does not have.
    for args in [
        "party edit RUS --alias Zembla_Major",
        "edit 1 --count 36 --summary again --tag spies",
        "party add TRN Transnistria",
        "kind add flag-burning --unit acts --sign hostile",
        "log TRN USA flag-burning 3 --on 2017-08-01 --source BBC",
        "source edit BBC --publisher BBC --title Flags",
        "log USA TRN sanction --on 2017-09-01 --answers 19 --quantity trade 4.50 USD",
    ] {
        let args: Vec<String> = args.replace("trade 4.50 USD", "trade_4.50_USD").split(' ').map(|word| word.replace('_', " ")).collect();
        ok(folder, &[&["-f", "l.db"], &args.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat());
    }
    lake.export("l.db");
    let updated = import("duckdb", &[]);
    assert!(
        updated.contains("count: 35 -> 36")
            && updated.contains("2 actions and 1 link added, 5 catalogue rows added or changed; 1 corrected"),
        "{updated}"
    );
    assert_same_content(folder);
    assert_eq!(import("duckdb", &[]), "0 actions and 0 links added; 20 already in the ledger\n");
    // The sources of this case disagree, so that there are warnings.
    let checked = run(folder, &["-f", "desk.db", "check"]);
    assert!(String::from_utf8_lossy(&checked.stdout).contains("0 errors"), "{checked:?}");
    ok(folder, &["-f", "desk.db", "undo"]);
}

#[test]
fn an_import_from_a_lake_brings_the_names_of_its_parties() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    for (party, alias) in [("USA", "Columbia"), ("RUS", "Zembla"), ("RUS", "Hexagon"), ("CHN", "Cathay")] {
        ok(folder, &["-f", "l.db", "party", "edit", party, "--alias", alias]);
    }
    let Some(lake) = Lake::of(folder, "l.db") else { return };
    // A name that belongs to another party here stays with it, and parties without imported acts get no names.
    ok(folder, &["-f", "desk.db", "party", "add", "HEX", "Hexagon"]);
    for (engine, printed) in [
        ("duckdb", "1 action and 0 links added, 2 catalogue rows added or changed\n"),
        ("clickhouse", "0 actions and 0 links added; 1 already in the ledger\n"),
    ] {
        assert_eq!(lake.ok(&["-f", "desk.db", "import", "--from", engine]), printed);
    }
    let named = |name: &str| run(folder, &["-f", "desk.db", "party", "show", name]);
    for (name, code) in [("Columbia", "USA"), ("Zembla", "RUS"), ("Hexagon", "HEX")] {
        assert!(String::from_utf8_lossy(&named(name).stdout).contains(code), "{name}: {:?}", named(name));
    }
    assert_eq!(named("Cathay").status.code(), Some(2));
}

#[test]
fn an_import_from_a_lake_takes_a_pair_and_a_period() {
    let folder = tempfile::tempdir().unwrap();
    let Some(lake) = founding_case(folder.path()) else { return };
    ok(folder.path(), &["-f", "l.db", "log", "GBR", "RUS", "expulsion", "23", "--on", "2018-03-14"]);
    lake.export("l.db");
    let import = |more: &[&str]| {
        let output = lake.run(&[&["-f", "desk.db", "import", "--from", "duckdb"], more].concat());
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (printed, said) = import(&["--between", "Russland", "United States", "--since", "2017-07-20", "--until", "2017-12-31"]);
    assert_eq!(printed, "7 actions and 2 links added\n");
    assert!(said.contains("left out 7 links to actions that are neither selected nor in the ledger"), "{said}");
    // The links come as soon as their earlier actions are there.
    assert_eq!(import(&["--between", "USA", "RUS", "--kind", "expulsion"]).0, "3 actions and 0 links added\n");
    let (printed, _) = import(&["--between", "USA", "RUS"]);
    assert!(printed.ends_with("8 actions and 14 links added; 10 already in the ledger\n"), "{printed}");
    assert!(printed.contains("#1 reverses #14: added\n"), "{printed}");
    assert_eq!(import(&[]).0, "1 action and 0 links added; 18 already in the ledger\n");
    let refused = |more: &[&str], why: &str| {
        let (code, said) = lake.refused(&[&["-f", "desk.db", "import"], more].concat());
        assert!(code != Some(0) && said.contains(why), "{more:?}: {said}");
    };
    refused(&["--from", "duckdb", "--between", "USA", "Atlantis"], "there is no party 'Atlantis'");
    refused(&["--from", "duckdb", "more.csv"], "cannot be used with");
    refused(&["--min-mentions", "3", "more.csv"], "cannot be used with");
    refused(&["--min-mentions", "3"], "--from");
    refused(&["--from", "nowhere"], "there is no profile 'nowhere'");
}

/// Rows of GDELT with these mentions: one of each series.
fn reports(folder: &Path, name: &str, rows: &[(u64, &str, &str, u32)]) {
    let rows = rows.iter().map(|(id, day, target, mentions)| {
        let row = gdelt(58, *id, day, "USA", target, "161", "-4.0", day);
        let mut cells: Vec<String> = row.split('\t').map(str::to_owned).collect();
        cells[31] = mentions.to_string();
        cells.join("\t")
    });
    std::fs::write(folder.join(name), rows.collect::<String>()).unwrap();
}

#[test]
fn an_import_from_a_lake_takes_candidates_by_their_mentions() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    reports(
        folder,
        "one.tsv",
        &[(1, "20170701", "RUS", 4), (2, "20170702", "RUS", 3), (3, "20170801", "RUS", 2), (4, "20170701", "CHN", 9)],
    );
    ok(folder, &["-f", "l.db", "import", "--feed", "gdelt", "one.tsv"]);
    let Some(lake) = Lake::of(folder, "l.db") else { return };
    let import = |profile: &str, more: &[&str]| {
        lake.ok(&[&["-f", "desk.db", "import", "--from", profile, "--between", "USA", "RUS"], more].concat())
    };
    let none = "0 actions and 0 links added\n";
    assert_eq!(
        import("duckdb", &["--min-mentions", "5", "--dry-run"]),
        format!("{none}2 reports added; 1 more candidate (repeats within 3 days count as one)\n")
    );
    assert_eq!(
        import("duckdb", &["--min-mentions", "5"]),
        format!("{none}2 reports added; 1 more candidate (repeats within 3 days count as one)\n")
    );
    for engine in ["duckdb", "clickhouse"] {
        let again = format!("{none}0 reports added; 2 already in the ledger; 0 more candidates (repeats within 3 days count as one)\n");
        assert_eq!(import(engine, &["--min-mentions", "5"]), again);
    }
    // A later report of the same candidate, and candidates with fewer mentions.
    reports(folder, "two.tsv", &[(5, "20170703", "RUS", 1)]);
    ok(folder, &["-f", "l.db", "import", "--feed", "gdelt", "two.tsv"]);
    lake.export("l.db");
    let more = "1 report added; 2 already in the ledger; 0 more candidates (repeats within 3 days count as one)\n";
    assert_eq!(import("duckdb", &["--min-mentions", "5"]), format!("{none}{more}"));
    assert!(import("duckdb", &["--min-mentions", "1"]).contains("1 report added; 3 already in the ledger; 1 more candidate "));
    let listed = |ledger: &str| ok(folder, &["-f", ledger, "candidates", "USA", "RUS", "--format", "csv"]);
    assert_eq!(listed("desk.db"), listed("l.db"));
    ok(folder, &["-f", "desk.db", "check"]);
    // A lake without reports.
    std::fs::remove_dir_all(folder.join("lake/reports")).unwrap();
    let (code, said) = lake.refused(&["-f", "desk.db", "import", "--from", "duckdb", "--min-mentions", "1"]);
    assert!(code == Some(5) && said.contains("no table 'reports'") && said.contains("--reports"), "{said}");
}
