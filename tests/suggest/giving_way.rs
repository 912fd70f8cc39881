//! What was suggested gives way to what people do.

use std::path::Path;

use rusqlite::Connection;

use super::rows;
use crate::support::{ok, run};

/// Of a ledger with one claim, 35 persons, and two acts that may answer it.
pub fn three(folder: &Path) {
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    ok(folder, &["-f", "l.db", "log", "RUS", "USA", "expulsion", "30", "--on", "2017-01-05"]);
    ok(folder, &["-f", "l.db", "log", "RUS", "USA", "expulsion", "10", "--on", "2017-01-10"]);
    ok(folder, &["-f", "l.db", "suggest", "--accept-over", "0"]);
    assert_eq!(taken(folder), ["2 1 30", "3 1 5"]);
}

fn taken(folder: &Path) -> Vec<String> {
    let taken = rows(&ok(folder, &["-f", "l.db", "suggest", "--taken", "--format", "csv"]));
    taken.iter().map(|row| format!("{} {} {}", row["answer_id"], row["claim_id"], row["covers"])).collect()
}

/// What people do goes before what was suggested, and an undo of it brings that back.
#[test]
fn a_suggested_answer_gives_way() {
    for (doing, left) in [
        (&["link", "2", "answers", "1"][..], &["3 1 5"][..]),
        (&["link", "3", "answers", "1"], &[]),
        (&["unlink", "3", "1"], &["2 1 30"]),
        (&["void", "2", "--reason", "entered twice"], &["3 1 5"]),
        (&["edit", "3", "--count", "12"], &["2 1 30"]),
        (&["edit", "1", "--on", "2016-12-30"], &[]),
        (&["edit", "1", "--summary", "35 officials"], &["2 1 30", "3 1 5"]),
        (&["waive", "1", "--on", "2017-02-01"], &[]),
        (&["log", "RUS", "USA", "expulsion", "5", "--on", "2017-01-03", "--answers", "1"], &[]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        three(folder);
        ok(folder, &[&["-f", "l.db"], doing].concat());
        assert_eq!(taken(folder), left, "{doing:?}");
        let checked = String::from_utf8(run(folder, &["-f", "l.db", "check"]).stdout).unwrap();
        assert!(!checked.contains("error["), "{checked}");
        ok(folder, &["-f", "l.db", "undo"]);
        assert_eq!(taken(folder), ["2 1 30", "3 1 5"], "undo of {doing:?}");
        ok(folder, &["-f", "l.db", "redo"]);
        assert_eq!(taken(folder), left, "redo of {doing:?}");
    }
}

/// An organisation's act is answered at a member's door, as long as that is a member.
#[test]
fn a_suggested_answer_gives_way_to_who_was_a_member() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ok(folder, &["-f", "l.db", "log", "NATO", "RUS", "expulsion", "8", "--on", "2021-10-06"]);
    ok(folder, &["-f", "l.db", "log", "RUS", "DEU", "expulsion", "8", "--on", "2021-10-18"]);
    ok(folder, &["-f", "l.db", "log", "RUS", "SWE", "expulsion", "8", "--on", "2021-10-18"]);
    ok(folder, &["-f", "l.db", "suggest", "--accept-over", "0"]);
    assert_eq!(taken(folder), ["2 1 8"]);
    let conn = Connection::open(folder.join("l.db")).unwrap();
    conn.execute("UPDATE membership SET until = '2010' WHERE organisation = 'NATO' AND member = 'DEU'", []).unwrap();
    assert!(taken(folder).is_empty());
    ok(folder, &["-f", "l.db", "suggest", "--accept-over", "0"]);
    assert!(taken(folder).is_empty());
    conn.execute("UPDATE membership SET until = NULL WHERE organisation = 'NATO' AND member = 'DEU'", []).unwrap();
    ok(folder, &["-f", "l.db", "suggest", "--accept-over", "0"]);
    assert_eq!(taken(folder), ["2 1 8"]);
    conn.execute("DELETE FROM membership WHERE organisation = 'NATO' AND member = 'DEU'", []).unwrap();
    assert!(taken(folder).is_empty());
}

/// An act that was never logged is suggested for nothing.
#[test]
fn a_suggested_answer_goes_with_its_act() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    three(folder);
    ok(folder, &["-f", "l.db", "undo", "2"]);
    assert_eq!(taken(folder), ["3 1 5"]);
}

/// An undo brought back that an act answers what had become of other parties, of another sign, or none of a member's by then;
/// and the check was silent.
#[test]
fn an_undo_brings_back_only_what_fits() {
    for corrected in [&["--target", "DEU"][..], &["--kind", "meeting"], &["--on", "2017-01-11"]] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        three(folder);
        ok(folder, &["-f", "l.db", "edit", "3", "--count", "12"]);
        ok(folder, &[&["-f", "l.db", "edit", "1"], corrected].concat());
        ok(folder, &["-f", "l.db", "undo", "5"]);
        assert!(taken(folder).is_empty(), "{corrected:?}: {:?}", taken(folder));
        let checked = String::from_utf8(run(folder, &["-f", "l.db", "check"]).stdout).unwrap();
        assert!(!checked.contains("error["), "{checked}");
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ok(folder, &["-f", "l.db", "log", "NATO", "RUS", "expulsion", "8", "--on", "2021-10-06"]);
    ok(folder, &["-f", "l.db", "log", "RUS", "DEU", "expulsion", "8", "--on", "2021-10-18"]);
    ok(folder, &["-f", "l.db", "suggest", "--accept-over", "0"]);
    ok(folder, &["-f", "l.db", "edit", "2", "--count", "7"]);
    let conn = Connection::open(folder.join("l.db")).unwrap();
    conn.execute("UPDATE membership SET until = '2010' WHERE organisation = 'NATO' AND member = 'DEU'", []).unwrap();
    ok(folder, &["-f", "l.db", "undo", "4"]);
    assert!(taken(folder).is_empty());
}

/// Two acts answered each other, one by a link and one by suggestion.
#[test]
fn what_was_suggested_closes_no_circle() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "10", "--on", "2017-01-10"]);
    ok(folder, &["-f", "l.db", "log", "RUS", "USA", "expulsion", "20", "--on", "2017-01-10"]);
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "12", "--on", "2017-01-09"]);
    ok(folder, &["-f", "l.db", "link", "2", "answers", "3"]);
    ok(folder, &["-f", "l.db", "suggest", "--accept-over", "0"]);
    assert_eq!(taken(folder), ["2 1 8"]);
    ok(folder, &["-f", "l.db", "unlink", "2", "3"]);
    assert_eq!(taken(folder), ["2 1 8"]);
    ok(folder, &["-f", "l.db", "link", "1", "answers", "2:2"]);
    assert!(taken(folder).is_empty());
}

#[test]
fn the_check_finds_what_another_client_made_of_a_suggested_answer() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    three(folder);
    let conn = Connection::open(folder.join("l.db")).unwrap();
    for refused in ["UPDATE suggested_link SET covers = 35", "INSERT INTO suggested_link VALUES (9, 3, 2, 1, 1, 17171, 0.5)"] {
        assert!(conn.execute(refused, []).is_err(), "{refused}");
    }
    conn.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    conn.execute("UPDATE suggested_link SET covers = 35 WHERE action_id = 2", []).unwrap();
    let output = run(folder, &["-f", "l.db", "check"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told.contains("error[suggested] #1: more is suggested of it than there is"), "{told}");
    conn.execute("UPDATE suggested_link SET covers = 30, action_id = 1, earlier_id = 2 WHERE action_id = 2", []).unwrap();
    let told = String::from_utf8(run(folder, &["-f", "l.db", "check"]).stdout).unwrap();
    assert!(told.contains("error[suggested] #1: what was suggested of #1 and #2 is not what they are"), "{told}");
}
