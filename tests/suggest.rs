//! Suggested answers: which acts are suggested, how reports count them, how they become links, and how often they are right.

mod fit;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use recip::report::suggest::{self, Answer, SuggestFilter};
use recip::report::{Lens, Selection};
use rusqlite::Connection;

use crate::generate;
use crate::support::{left_out, ok, run, some};

/// Writes the exchange file `from` without its links.
pub fn unlinked(from: &str, to: &Path) {
    without(from, &["answers", "executes", "reverses", "waives"], to);
}

/// Writes the exchange file `from` with nothing in some of its columns.
fn without(from: &str, columns: &[&str], to: &Path) {
    let mut reader = csv::Reader::from_reader(from.as_bytes());
    let head = reader.headers().unwrap().clone();
    let mut writer = csv::Writer::from_path(to).unwrap();
    writer.write_record(&head).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        let cells = head.iter().zip(&row).map(|(name, cell)| if columns.contains(&name) { "" } else { cell });
        writer.write_record(cells).unwrap();
    }
}

/// A ledger of generated actions without their links.
fn generated(folder: &Path, actions: u64) {
    let mut text = Vec::new();
    generate::ledger(actions, &mut text).unwrap();
    unlinked(&String::from_utf8(text).unwrap(), &folder.join("open.csv"));
    ok(folder, &["-f", "l.db", "import", "open.csv"]);
}

/// The same, but with only the month of every third action and only the year of every seventh.
pub fn generated_vaguely(folder: &Path, actions: u64) {
    let mut text = Vec::new();
    generate::ledger(actions, &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let cut = |(n, line): (usize, &str)| {
        let mut cells: Vec<&str> = line.split(',').collect();
        cells[1] = match n {
            0 => cells[1],
            n if n % 7 == 0 => &cells[1][..4],
            n if n % 3 == 0 => &cells[1][..7],
            _ => cells[1],
        };
        cells.join(",") + "\n"
    };
    let text: String = text.lines().enumerate().map(cut).collect();
    unlinked(&text, &folder.join("open.csv"));
    ok(folder, &["-f", "l.db", "import", "open.csv"]);
}

type Row = std::collections::HashMap<String, String>;

fn rows(csv: &str) -> Vec<Row> {
    csv::Reader::from_reader(csv.as_bytes()).deserialize().map(Result::unwrap).collect()
}

/// The suggested answers that settle something and have this score or more.
fn answers_of(ledger: &recip::Ledger, over: &str) -> Vec<Answer> {
    let lens = Lens::new(ledger, &Selection::default()).unwrap();
    suggest::answers(&lens, &SuggestFilter { over: over.parse().unwrap(), ..SuggestFilter::default() }, &mut |_, _| ()).unwrap()
}

/// A report with suggested answers equals the report on a ledger in which somebody linked them, with or without these amounts.
#[test]
fn a_suggested_answer_counts_as_if_it_had_been_linked() {
    if left_out("suggested answers in every report") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    generated(folder, 2000);
    std::fs::copy(folder.join("l.db"), folder.join("linked.db")).unwrap();
    let mut ledger = recip::Ledger::open(&folder.join("linked.db")).unwrap();
    let answers = answers_of(&ledger, "0.3");
    assert!(answers.len() > 200, "{}", answers.len());
    for answer in &answers {
        let amount = recip::model::Amount { covers: Some(answer.covers.into()), spends: Some(answer.spends.into()) };
        ledger.link(&answer.later.to_string(), recip::model::Relation::Answers, &answer.earlier.to_string(), amount).unwrap();
    }
    drop(ledger);
    // '--link' states no amounts, and links what '--assign' lists.
    std::fs::copy(folder.join("l.db"), folder.join("assigned.db")).unwrap();
    ok(folder, &["-f", "assigned.db", "suggest", "--link", "--over", "0.3", "--yes"]);
    let assigned = rows(&ok(folder, &["-f", "l.db", "suggest", "--assign", "--over", "0.3", "--format", "csv"]));
    let ends: BTreeSet<(i64, i64)> =
        assigned.iter().map(|row| (row["answer_id"].parse().unwrap(), row["claim_id"].parse().unwrap())).collect();
    assert_eq!(ends, answers.iter().map(|a| (a.later, a.earlier)).collect());
    let with = ["--with-suggested", "0.3"];
    for report in ["unanswered", "balance", "timeline", "reciprocity"] {
        for selection in [&[][..], &["--kind", "expulsion"], &["--since", "2003-05-01"]] {
            let asked =
                |ledger: &str, with: &[&str]| ok(folder, &[&["-f", ledger, "report", report, "--format", "csv"], selection, with].concat());
            // This is not `assert_eq!`, because the texts are too long to print.
            let suggested = asked("l.db", &with);
            assert!(suggested == asked("linked.db", &[]), "{report} {selection:?}");
            assert!(suggested == asked("assigned.db", &[]), "{report} {selection:?}");
        }
    }
    // A picture has no heading, so the legend and the text for screen readers say it.
    let drawn = |with: &[&str]| ok(folder, &[&["-f", "l.db", "report", "timeline", "USA", "RUS", "--format", "svg"], with].concat());
    assert_eq!(drawn(&with).matches("including unconfirmed suggested answers that score 0.30 or more").count(), 2);
    assert_eq!(drawn(&[]).matches("unconfirmed").count(), 0);
}

/// Accepted suggestions become ordinary links, and one undo reverts them all.
/// SQLite limits how deep views may be nested, and with these options the views of a report are nested deepest.
#[test]
fn reports_with_every_option_at_once_are_not_too_deep() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/us-russia-2016-2017.csv");
    ok(folder, &["-f", "l.db", "import", example.to_str().unwrap()]);
    let options = ["--members", "--as-known", "today", "--with-suggested", "0.3", "--with-candidates"];
    for report in ["timeline", "unanswered", "balance"] {
        let printed = ok(folder, &[&["-f", "l.db", "report", report, "EU,USA", "RUS"], &options[..]].concat());
        assert!(printed.contains("United States"), "{report}: {printed}");
    }
}

#[test]
fn suggestions_are_linked_at_once_and_undone_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    three(folder);
    let links =
        || Connection::open(folder.join("l.db")).unwrap().query_row("SELECT count(*) FROM link", [], |r| r.get::<_, i64>(0)).unwrap();
    let shown = ok(folder, &["-f", "l.db", "suggest", "--link", "--over", "0", "--dry-run"]);
    assert!(shown.contains("#2 answers #1 with 30") && shown.contains("2 answers with a score of 0.00 or more"), "{shown}");
    assert_eq!(links(), 0);
    let linked = ok(folder, &["-f", "l.db", "suggest", "--link", "--over", "0"]);
    assert!(linked.ends_with("linked 2 answers with a score of 0.00 or more; 'recip undo' reverts this\n"), "{linked}");
    assert_eq!(links(), 2);
    assert!(ok(folder, &["-f", "l.db", "suggest"]).contains("Nothing is suggested."));
    ok(folder, &["-f", "l.db", "undo"]);
    assert_eq!(links(), 0);
}

/// A ledger with one claim, 35 persons, and two acts that may answer it.
fn three(folder: &Path) {
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    ok(folder, &["-f", "l.db", "log", "RUS", "USA", "expulsion", "30", "--on", "2017-01-05"]);
    ok(folder, &["-f", "l.db", "log", "RUS", "USA", "expulsion", "10", "--on", "2017-01-10"]);
}

/// The search stops early if nothing better can follow. It finds the same suggestions as a search through all acts.
#[test]
fn the_best_is_the_best_of_all() {
    for (make, actions) in some(2, [(generated as fn(&Path, u64), 900), (generated_vaguely, 4000)]) {
        let folder = tempfile::tempdir().unwrap();
        make(folder.path(), actions);
        assert_best(folder.path());
    }
}

fn assert_best(folder: &Path) {
    let suggested =
        |each: &str| rows(&ok(folder, &["-f", "l.db", "suggest", "--over", "0", "--within", "9999", "--each", each, "--format", "csv"]));
    let (best, all) = (suggested("1"), suggested("100"));
    assert!(best.len() > 200 && all.len() > 2 * best.len(), "{} {}", best.len(), all.len());
    let mut highest: BTreeMap<&str, f64> = BTreeMap::new();
    for row in &all {
        let score = row["score"].parse::<f64>().unwrap();
        highest.entry(&row["claim_id"]).and_modify(|most| *most = most.max(score)).or_insert(score);
    }
    assert_eq!(best.len(), highest.len());
    for row in &best {
        assert_eq!(row["score"].parse::<f64>().unwrap(), highest[row["claim_id"].as_str()], "claim {}", row["claim_id"]);
    }
    for over in ["0.5", "0.6", "0.7"] {
        let found = ok(folder, &["-f", "l.db", "suggest", "--over", over, "--within", "9999", "--each", "100", "--format", "csv"]);
        let least: f64 = over.parse().unwrap();
        let expected = all.iter().filter(|row| row["score"].parse::<f64>().unwrap() >= least).count();
        assert_eq!(rows(&found).len(), expected, "over {over}");
    }
}

/// A row of GDELT: Russia expels Americans on `day`, and GDELT adds the event on `added`.
fn reported(id: u32, day: &str, added: &str) -> String {
    let mut cells = vec![String::new(); 58];
    for (at, cell) in [(1, day), (5, "RUS"), (7, "RUS"), (15, "USA"), (17, "USA"), (26, "161"), (27, "161"), (56, added)] {
        cells[at] = cell.to_owned();
    }
    (cells[0], cells[57]) = (id.to_string(), format!("https://example.org/{id}"));
    cells.join("\t") + "\n"
}

/// Regression: suggested commands were refused if only the month of the answer was known and the claim or the answer was waived for part
/// of that month, or if a feed dated the answer before the claim but added it afterwards.
#[test]
fn every_command_works_when_typed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let log = |args: &str| ok(folder, &["-f", "l.db", "log"].into_iter().chain(args.split(' ')).collect::<Vec<_>>());
    log("RUS USA expulsion 5 --on 2016-12-20");
    log("USA RUS expulsion 35 --on 2016-12-29");
    ok(folder, &["-f", "l.db", "waive", "2", "--on", "2016-12-30"]);
    log("RUS USA restraint --on 2017-07-13 --reverses 3");
    log("RUS USA expulsion 30 --on 2017-07");
    log("RUS USA expulsion 20 --on 2017-07-20");
    std::fs::write(folder.join("feed.tsv"), reported(1, "20160730", "20170728") + &reported(2, "20170728", "20170728")).unwrap();
    ok(folder, &["-f", "l.db", "import", "--feed", "gdelt", "feed.tsv"]);
    let suggested = rows(&ok(folder, &["-f", "l.db", "suggest", "--over", "0", "--with-candidates", "--format", "csv"]));
    let commands: BTreeSet<&str> = suggested.iter().map(|row| row["command"].as_str()).collect();
    assert_eq!(commands, ["recip confirm 2 --answers 2", "recip link 6 answers 2"].into());
    for command in commands {
        std::fs::copy(folder.join("l.db"), folder.join("tried.db")).unwrap();
        ok(folder, &["-f", "tried.db"].into_iter().chain(command.split(' ').skip(1)).collect::<Vec<_>>());
    }
}

/// Regression: an act of which only the month is known was said to be of the same day as the claim.
/// Of two acts of one day, either may be the answer, whatever their refs are: both ways have the same score. A later act does not take one
/// of them from the other.
#[test]
fn two_acts_of_one_day_fit_either_way_whatever_their_refs() {
    let acts = ["2018-05-15,TUR,ISR", "2018-05-15,ISR,TUR", "2018-05-16,TUR,ISR"];
    let named: [[&str; 3]; 3] = [["a", "b", "c"], ["b", "a", "c"], ["c", "b", "a"]];
    let found: Vec<BTreeSet<String>> = named
        .iter()
        .map(|refs| {
            let folder = tempfile::tempdir().unwrap();
            let folder = folder.path();
            let lines: String = acts.iter().zip(refs).map(|(act, name)| format!("{name},{act},expulsion,1\n")).collect();
            std::fs::write(folder.join("acts.csv"), format!("ref,date,actor,target,kind,count\n{lines}")).unwrap();
            ok(folder, &["-f", "l.db", "import", "acts.csv"]);
            let number = |name: &str| refs.iter().position(|other| *other == name).unwrap();
            let row = |row: Row| {
                let ends = (number(&row["answer_ref"]), number(&row["claim_ref"]));
                format!("{ends:?} {} {}", row["fits"], if row["score"].as_str() < "0.2" { "unlikely" } else { "possible" })
            };
            let assigned = rows(&ok(folder, &["-f", "l.db", "suggest", "--assign", "--over", "0", "--format", "csv"]));
            assert_eq!(assigned.len(), 1, "only one way can be linked");
            rows(&ok(folder, &["-f", "l.db", "suggest", "--over", "0", "--format", "csv"])).into_iter().map(row).collect()
        })
        .collect();
    let expected = ["(0, 1) true possible", "(1, 0) true possible", "(2, 1) false unlikely"];
    for rows in found {
        assert_eq!(rows.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn a_month_is_not_the_same_day() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2017-06-15"]);
    ok(folder, &["-f", "l.db", "log", "RUS", "USA", "expulsion", "30", "--on", "2017-06"]);
    ok(folder, &["-f", "l.db", "log", "RUS", "USA", "expulsion", "30", "--on", "2017-07"]);
    let suggested = rows(&ok(folder, &["-f", "l.db", "suggest", "1", "--format", "csv"]));
    let reasons: Vec<&str> = suggested.iter().map(|row| row["reasons"].split(';').next().unwrap()).collect();
    // The acts of that June may answer each other.
    assert_eq!(reasons, ["16 to 46 days later", "order of the dates uncertain", "order of the dates uncertain"]);
    // An act of that month is not said to be of the day after the first of the month, either.
    ok(folder, &["-f", "m.db", "log", "USA", "RUS", "expulsion", "3", "--on", "2020-01-01"]);
    ok(folder, &["-f", "m.db", "log", "RUS", "USA", "expulsion", "3", "--on", "2020-01"]);
    let answers = answers_of(&recip::Ledger::open(&folder.join("m.db")).unwrap(), "0");
    assert_eq!(answers.iter().map(|a| (a.later, a.earlier)).collect::<Vec<_>>(), [(2, 1)]);
}

/// Regression: all common words of two long summaries were listed, over a thousand lines.
#[test]
fn of_many_words_in_common_a_few_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let long: String = (1..=900).map(|n| format!("word{n} ")).collect();
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "--on", "2017-06-15", "--summary", &long]);
    ok(folder, &["-f", "l.db", "log", "RUS", "USA", "expulsion", "--on", "2017-06-15", "--summary", &long]);
    let suggested = rows(&ok(folder, &["-f", "l.db", "suggest", "--format", "csv"]));
    let told = "on the same day; same kind; both mention word1, word2, word3, word4, word5, word6 and 894 more";
    assert_eq!(suggested[0]["reasons"], told);
}

/// Regression: `--limit` applied only to tables, and CSV contained all rows.
#[test]
fn a_limit_is_a_limit_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    three(folder);
    for (limit, lines) in [("0", 1), ("1", 2), ("9", 3)] {
        assert_eq!(ok(folder, &["-f", "l.db", "suggest", "--limit", limit, "--format", "csv"]).lines().count(), lines, "--limit {limit}");
    }
    assert_eq!(run(folder, &["-f", "l.db", "suggest", "--limit", "1", "--link"]).status.code(), Some(2));
}
