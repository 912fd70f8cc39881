//! Reports that include candidates equal those on a ledger in which every candidate is confirmed with an unknown count.

use std::path::Path;

use super::{gdelt, import};
use crate::support::{left_out, ok};

/// The rows of a CSV without id, ref and summary, in which candidates differ from actions.
fn told(csv: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let head = reader.headers().unwrap().clone();
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        let cells = head.iter().zip(&row).filter(|(name, _)| !matches!(*name, "id" | "ref" | "summary"));
        cells.map(|(_, cell)| cell.to_owned()).collect::<Vec<_>>().join(",")
    });
    let mut rows: Vec<String> = rows.collect();
    // Candidates and actions of the same day may be in a different order.
    rows.sort();
    rows
}

fn ledgers(folder: &Path) {
    let row = |id, day: &str, a, b, code, weight| gdelt(58, id, day, a, b, code, weight, day);
    let rows = [
        row(1, "20130401", "USA", "RUS", "161", "-4.0"),
        row(2, "20130402", "RUS", "USA", "163", "-8.0"),
        row(3, "20130403", "RUS", "USA", "1313", "-5.8"),
        row(4, "20130404", "CHN", "USA", "042", "1.9"),
        row(5, "20130420", "USA", "RUS", "161", "-4.0"),
        row(6, "20130421", "USA", "RUS", "0354", "7.0"),
    ];
    std::fs::write(folder.join("feed.tsv"), rows.concat()).unwrap();
    let log = |ledger: &str| {
        ok(folder, &["-f", ledger, "log", "USA", "RUS", "expulsion", "35", "--on", "2013-03-01"]);
        ok(folder, &["-f", ledger, "log", "RUS", "USA", "expulsion", "30", "--on", "2013-04-10", "--answers", "1"]);
        ok(folder, &["-f", ledger, "log", "RUS", "USA", "seizure", "2", "--on", "2013-04-11", "--stage", "announced"]);
    };
    log("l.db");
    import(folder, "gdelt", &["feed.tsv"]);
    std::fs::copy(folder.join("l.db"), folder.join("logged.db")).unwrap();
    for id in 1..=6 {
        ok(folder, &["-f", "logged.db", "confirm", &id.to_string()]);
    }
}

#[test]
fn a_candidate_counts_as_if_it_had_been_logged_without_a_count() {
    if left_out("candidates in every report") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ledgers(folder);
    for report in ["unanswered", "balance", "pending", "timeline", "reciprocity"] {
        for selection in [
            &[][..],
            &["USA", "RUS"],
            &["CHN"],
            &["--as-of", "2013-04-05"],
            &["--since", "2013-04-02", "--until", "2013-04-15"],
            &["--kind", "reduced-relations"],
            &["--kind", "meeting", "--kind", "sanction", "USA"],
        ] {
            let asked = |ledger: &str, with: &[&str]| {
                told(&ok(folder, &[&["-f", ledger, "report", report, "--format", "csv"], selection, with].concat()))
            };
            let with = asked("l.db", &["--with-candidates"]);
            assert_eq!(with, asked("logged.db", &[]), "{report} {selection:?}");
            // If there are no candidates, --with-candidates changes nothing.
            assert_eq!(asked("logged.db", &[]), asked("logged.db", &["--with-candidates"]), "{report} {selection:?}");
        }
    }
    let friendly = told(&ok(folder, &["-f", "l.db", "report", "unanswered", "--friendly", "--with-candidates", "--format", "csv"]));
    assert_eq!(friendly.len(), 2, "{friendly:?}");
    let without = ok(folder, &["-f", "l.db", "report", "unanswered", "--format", "csv"]);
    assert!(!without.contains("candidate"), "{without}");
}

#[test]
fn a_candidate_dismissed_or_merged_counts_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ledgers(folder);
    let open = || ok(folder, &["-f", "l.db", "report", "unanswered", "--with-candidates", "--format", "csv"]).matches("candidate-").count();
    assert_eq!(open(), 3);
    ok(folder, &["-f", "l.db", "dismiss", "1"]);
    ok(folder, &["-f", "l.db", "candidates", "merge", "2", "1"]);
    assert_eq!(open(), 1);
}

/// The report formats the texts of candidates in Rust. They equal those of the view, in the same order.
#[test]
fn an_open_claim_of_a_candidate_is_worded_as_the_view_words_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = |id, day: &str, code, added: &str| gdelt(58, id, day, "USA", "RUS", code, if code == "161" { "-4.0" } else { "-8.0" }, added);
    let rows = [
        row(1, "20130401", "161", "20130401"),
        row(2, "20130402", "161", "20130402"),
        row(3, "20130401", "163", "20130401"),
        row(4, "20120401", "161", "20130401"),
        row(5, "20130302", "161", "20130401"),
        row(6, "20130401", "172", "20130401"),
        row(7, "20120401", "163", "20130401"),
    ];
    std::fs::write(folder.join("feed.tsv"), rows.concat()).unwrap();
    for day in ["2012", "2013-04-01", "2013-04-02"] {
        ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", day]);
    }
    import(folder, "gdelt", &["feed.tsv"]);
    let view = "SELECT a.id, a.ref, a.date, a.actor, a.target, a.kind, a.summary
      FROM (SELECT id, ref, date, actor, target, kind, summary, day FROM selected_action
        UNION ALL SELECT id, ref, date, actor, target, kind, summary, day FROM unreviewed_candidate) a JOIN kind k ON k.name = a.kind WHERE k.sign = 'hostile' ORDER BY a.day, min(a.id, 0), a.ref";
    let ledger = rusqlite::Connection::open(folder.join("l.db")).unwrap();
    let mut select = ledger.prepare(view).unwrap();
    let read = select.query_map([], |r| {
        let text = |at| Ok::<_, rusqlite::Error>(r.get::<_, Option<String>>(at)?.unwrap_or_default());
        Ok([r.get::<_, i64>(0)?.to_string(), text(1)?, text(2)?, text(3)?, text(4)?, text(5)?, text(6)?])
    });
    let read: Vec<[String; 7]> = read.unwrap().map(Result::unwrap).collect();
    let csv = ok(folder, &["-f", "l.db", "report", "unanswered", "--with-candidates", "--format", "csv"]);
    let told: Vec<[String; 7]> = csv::Reader::from_reader(csv.as_bytes())
        .records()
        .map(|row| [0, 1, 2, 3, 4, 5, 13].map(|at| row.as_ref().unwrap()[at].to_owned()))
        .collect();
    assert_eq!(told, read);
    let words = |text: &str| told.iter().any(|row| row.iter().any(|cell| cell == text));
    for text in ["2012", "2013-03", "2 reports, 8 mentions", "1 report, 4 mentions, kind guessed"] {
        assert!(words(text), "{text}: {told:#?}");
    }
}
