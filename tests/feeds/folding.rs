//! Folding of reports does not depend on the order of import, and reviewed candidates are kept.

use std::path::Path;

use super::{ask, candidates, gdelt, import};
use crate::support::{cases, left_out, ok, run};

/// A report with this identifier, dated on this day of April 2013.
fn on(id: u64, day: u32) -> String {
    gdelt(58, id, &format!("201304{day:02}"), "USA", "RUS", "163", "-8.0", &format!("201304{day:02}"))
}

fn feed(folder: &Path, name: &str, rows: &[(u64, u32)]) {
    let text: String = rows.iter().map(|(id, day)| on(*id, *day)).collect();
    std::fs::write(folder.join(name), text).unwrap();
}

/// The first day, the last day and the number of reports of each candidate.
fn spans(folder: &Path, ledger: &str) -> Vec<String> {
    ask(
        folder,
        ledger,
        "SELECT strftime('%d', day * 86400, 'unixepoch') || '-' || strftime('%d', last_day * 86400, 'unixepoch') || ': ' || reports
           || coalesce(' ' || review, '') FROM candidate_detail ORDER BY day, id",
    )
}

#[test]
fn a_candidate_takes_in_what_comes_within_the_window_of_its_first_report() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    feed(folder, "feed.tsv", &[(1, 1), (2, 3), (3, 4), (4, 5), (5, 6), (6, 20)]);
    import(folder, "gdelt", &["feed.tsv"]);
    assert_eq!(spans(folder, "l.db"), ["01-04: 3", "05-06: 2", "20-20: 1"]);
    // An import with another window folds all reports again.
    feed(folder, "more.tsv", &[(7, 21)]);
    let said = import(folder, "gdelt", &["more.tsv", "--window", "0"]);
    assert!(said.contains("4 more candidates (repeats within 0 days count as one)"), "{said}");
    assert_eq!(spans(folder, "l.db").len(), 7);
    let said = import(folder, "gdelt", &["more.tsv", "--window", "30"]);
    assert!(said.contains("0 reports added; 1 already in the ledger; 6 fewer candidates"), "{said}");
    assert_eq!(spans(folder, "l.db"), ["01-21: 7"]);
    // The new window also applies to later imports.
    feed(folder, "last.tsv", &[(8, 28)]);
    import(folder, "gdelt", &["last.tsv"]);
    assert_eq!(spans(folder, "l.db"), ["01-28: 8"]);
    ok(folder, &["-f", "l.db", "undo"]);
    ok(folder, &["-f", "l.db", "undo"]);
    assert_eq!(spans(folder, "l.db").len(), 7, "with the import goes its window");
}

#[test]
fn acts_that_differ_in_pair_kind_stage_or_precision_do_not_fold() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let row = |id, day: &str, a, b, code, weight, added: &str| gdelt(58, id, day, a, b, code, weight, added);
    let rows = [
        row(1, "20130401", "USA", "RUS", "163", "-8.0", "20130401"),
        row(2, "20130401", "RUS", "USA", "163", "-8.0", "20130401"),
        row(3, "20130401", "USA", "RUS", "1312", "-5.8", "20130401"),
        row(4, "20130401", "USA", "RUS", "161", "-4.0", "20130401"),
        row(5, "20130402", "USA", "RUS", "163", "-8.0", "20140402"),
        row(6, "20130402", "USA", "RUS", "163", "-8.0", "20130502"),
    ];
    std::fs::write(folder.join("feed.tsv"), rows.concat()).unwrap();
    import(folder, "gdelt", &["feed.tsv"]);
    assert_eq!(
        candidates(folder, "l.db"),
        [
            "2013-04-01|2013-04-01|2013-04-01|RUS|USA|sanction|done|0|1|4|",
            "2013-04-01|2013-04-01|2013-04-01|USA|RUS|reduced-relations|done|0|1|4|",
            "2013|2013|2014-04-02|USA|RUS|sanction|done|0|1|4|",
            "2013-04|2013-04|2013-05-02|USA|RUS|sanction|done|0|1|4|",
            "2013-04-01|2013-04-01|2013-04-01|USA|RUS|sanction|done|0|1|4|",
            "2013-04-01|2013-04-01|2013-04-01|USA|RUS|sanction|threatened|0|1|4|",
        ]
    );
}

/// Reports on random days, in up to four files, which are imported together and one by one in another order.
#[test]
fn the_order_of_import_changes_nothing() {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};
    let mut runner = TestRunner::new_with_rng(
        Config { cases: cases(3, 12), failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let days = prop::collection::vec((1u32..=30, 0usize..4), 1..25);
    runner
        .run(&days, |days| {
            let folder = tempfile::tempdir().unwrap();
            let folder = folder.path();
            let mut files: Vec<Vec<(u64, u32)>> = vec![Vec::new(); 4];
            for (id, (day, file)) in (1..).zip(&days) {
                files[*file].push((id, *day));
            }
            for (n, rows) in files.iter().enumerate() {
                feed(folder, &format!("{n}.tsv"), rows);
            }
            import(folder, "gdelt", &["0.tsv", "1.tsv", "2.tsv", "3.tsv"]);
            for n in ["2", "0", "3", "1"] {
                ok(folder, &["-f", "other.db", "import", "--feed", "gdelt", &format!("{n}.tsv")]);
            }
            prop_assert_eq!(candidates(folder, "l.db"), candidates(folder, "other.db"));
            // Undoing an import gives the ledger that would exist without it.
            if files[1].is_empty() {
                return Ok(());
            }
            ok(folder, &["-f", "other.db", "undo"]);
            for n in ["0", "2", "3"] {
                ok(folder, &["-f", "without.db", "import", "--feed", "gdelt", &format!("{n}.tsv")]);
            }
            prop_assert_eq!(candidates(folder, "other.db"), candidates(folder, "without.db"));
            Ok(())
        })
        .unwrap();
}

#[test]
fn what_is_reviewed_keeps_its_day_and_takes_in_its_repeats() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    feed(folder, "feed.tsv", &[(1, 10), (2, 11), (3, 14)]);
    import(folder, "gdelt", &["feed.tsv"]);
    assert_eq!(spans(folder, "l.db"), ["10-11: 2", "14-14: 1"]);
    ok(folder, &["-f", "l.db", "confirm", "1", "--count", "1"]);
    // A report within its window, one on the day before, with which it would have begun if it had not been reviewed, and one after.
    feed(folder, "more.tsv", &[(4, 12), (5, 9), (6, 15)]);
    import(folder, "gdelt", &["more.tsv"]);
    assert_eq!(spans(folder, "l.db"), ["09-09: 1", "10-12: 3 confirmed", "14-15: 2"]);
    // An import cannot be undone while a review rests on its reports.
    let output = run(folder, &["-f", "l.db", "undo", "1"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("candidate 1, which contains reports of that import, has been confirmed since (change 2)"), "{said}");
    assert!(said.contains("run 'recip undo 2' first"), "{said}");
    // After an undo of the review, everything is as if there had been none.
    ok(folder, &["-f", "l.db", "undo", "2"]);
    assert_eq!(spans(folder, "l.db"), ["09-12: 4", "14-15: 2"]);
    assert_eq!(ask(folder, "l.db", "SELECT count(*) FROM action"), ["0"]);
}

/// The number of candidates, reports and actions.
fn counts(folder: &std::path::Path) -> Vec<String> {
    ask(
        folder,
        "l.db",
        "SELECT count(*), coalesce(sum(reports), 0), coalesce(sum(review IS NOT NULL), 0), (SELECT count(*) FROM action) FROM candidate",
    )
}

/// A report that came after the review of its candidate can go again, so that a bare undo is never stuck.
#[test]
fn undo_goes_back_step_by_step_through_imports_and_reviews() {
    if left_out("an undo step by step") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    feed(folder, "one.tsv", &[(1, 10)]);
    feed(folder, "two.tsv", &[(2, 11)]);
    feed(folder, "three.tsv", &[(3, 12)]);
    for review in [&["confirm", "1", "--count", "1"][..], &["dismiss", "1", "--reason", "sport"]] {
        let _ = std::fs::remove_file(folder.join("l.db"));
        let steps = [
            &["import", "--feed", "gdelt", "one.tsv"][..],
            review,
            &["import", "--feed", "gdelt", "two.tsv"],
            &["import", "--feed", "gdelt", "three.tsv"],
        ];
        let mut states = vec![vec!["0|0|0|0".to_owned()]];
        for step in steps {
            ok(folder, &[&["-f", "l.db"], step].concat());
            states.push(counts(folder));
        }
        // A review that was undone and redone still came before the later reports.
        ok(folder, &["-f", "l.db", "undo"]);
        ok(folder, &["-f", "l.db", "undo"]);
        ok(folder, &["-f", "l.db", "undo"]);
        ok(folder, &["-f", "l.db", "redo"]);
        assert_eq!(counts(folder), states[2]);
        ok(folder, &["-f", "l.db", "import", "--feed", "gdelt", "two.tsv"]);
        ok(folder, &["-f", "l.db", "import", "--feed", "gdelt", "three.tsv"]);
        assert_eq!(Some(&counts(folder)), states.last());
        for state in states.iter().rev().skip(1) {
            ok(folder, &["-f", "l.db", "undo"]);
            assert_eq!(&counts(folder), state);
        }
    }
}
