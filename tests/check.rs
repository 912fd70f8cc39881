//! What `check` finds in a ledger that another program has tampered with, where the rules were switched off.

use recip::Ledger;
use recip::ledger::check::{Finding, check};
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::support::ok;

/// The finding that this change to a small ledger leads to, beyond what it had before.
fn found(sql: &str) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    for args in [
        "-f l.db log USA RUS expulsion 35 --on 2016-12-29",
        "-f l.db log RUS USA expulsion 30 --on 2017-07-28 --answers 1 --source a",
        "-f l.db log RUS USA restraint --on 2017-07-29 --waives 1",
        "-f l.db log USA RUS sanction 1 --on 2017-08-01 --stage threatened",
        "-f l.db log USA RUS sanction 2 --on 2017-08-02 --executes 4",
        "-f l.db log RUS USA seizure 2 --on 2017-08-03",
        "-f l.db log RUS USA return 1 --on 2017-08-04 --reverses 6:1",
    ] {
        ok(folder.path(), &args.split(' ').collect::<Vec<_>>());
    }
    let path = folder.path().join("l.db");
    let before = check(&Ledger::open(&path).unwrap()).unwrap();
    assert!(before.is_empty(), "{before:?}");
    let conn = Connection::open(&path).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    conn.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
    conn.close().unwrap();
    check(&Ledger::open_to_check(&path).unwrap()).unwrap()
}

#[test]
fn what_the_rules_forbid_is_found() {
    for (sql, place, what) in [
        ("UPDATE action SET open = 6 WHERE id = 1", "#1", "open is stored as 6, but the facts give 0"),
        ("UPDATE action SET stands = 1 WHERE id = 6; UPDATE action SET stands = 2 WHERE id = 6", "#6", "stands is stored as 2"),
        ("UPDATE action SET posted_day = 0 WHERE id = 2", "#2", "posted_day is stored as 0"),
        ("UPDATE action SET count = 36 WHERE id = 1", "#1", "stands is stored as 35, but the facts give 36"),
        ("UPDATE link SET covers = 31 WHERE id = 1", "link 1: #2 answers #1", "covers 31, spends 30"),
        ("UPDATE link SET day = 0 WHERE id = 2", "link 2: #3 waives #1", "it is stored as day 0"),
        ("UPDATE link SET relation = 'waives' WHERE id = 1", "link 1: #2 waives #1", "only a neutral action can waive"),
        ("UPDATE link SET earlier_id = 2 WHERE id = 2", "link 2: #3 waives #2", "aimed at the actor"),
        ("UPDATE link SET action_id = 6, day = 17381 WHERE id = 3", "link 3: #6 executes #4", "its own actions"),
        ("UPDATE link SET action_id = 1, earlier_id = 5 WHERE id = 3", "link 3: #1 executes #5", "certainly earlier"),
        (
            "UPDATE link SET action_id = 1, earlier_id = 2 WHERE id = 2; UPDATE action SET date = '2017-07-28'",
            "link 1: #2 answers #1",
            "circle",
        ),
        ("UPDATE action SET stage = 'done' WHERE id = 4", "link 3: #5 executes #4", "only a threat or an announcement can be executed"),
        ("DELETE FROM link WHERE id = 3", "#4", "stands is stored as 0, but the facts give 1"),
        ("UPDATE link SET stated = 3 WHERE id = 4", "link 4: #7 reverses #6", "takes 1"),
        ("UPDATE action SET voided = 'x' WHERE id = 2", "link 1: #2 answers #1", "covers 30, spends 30"),
    ] {
        let findings = found(sql);
        let hit = findings.iter().find(|f| f.code == "arithmetic" && f.place == place && f.what.contains(what));
        assert!(hit.is_some(), "{sql}: {findings:#?}");
    }
}

#[test]
fn every_sort_of_finding_has_its_code() {
    for (sql, code, place) in [
        ("UPDATE action SET actor = 'XXX' WHERE id = 6", "unknown-name", "#6"),
        ("UPDATE link SET earlier_id = 99 WHERE id = 4", "foreign-key", "table link, row 4"),
        ("UPDATE action SET count = -1 WHERE id = 6", "damaged", "the file"),
        ("DELETE FROM citation", "answer-without-source", "#2"),
        ("UPDATE action SET deadline = '2017-09-01', stage = 'announced' WHERE id = 6", "deadline-passed", "#6"),
        ("UPDATE citation SET says_count = 31", "sources-disagree", "#2"),
        ("UPDATE kind SET unit = 'heads' WHERE name = 'recall'", "catalogue", "kind recall"),
        ("UPDATE weight SET weight = 9 WHERE scale = 'goldstein' AND kind = 'recall' AND stage = 'done'", "catalogue", "scale goldstein"),
        ("INSERT INTO current_change VALUES (1, 2)", "history", "change 2"),
        ("UPDATE change SET at = '2030-01-01T00:00:00Z' WHERE id = 2", "clock", "change 2"),
        ("UPDATE change SET link_mark = 9 WHERE id = 3", "history", "change 4"),
        ("UPDATE change SET action_mark = 2 WHERE id = 1", "history", "#1"),
        ("CREATE VIEW mine AS SELECT 1", "schema", "view mine"),
    ] {
        let sql = sql.replace("UPDATE action SET count = -1", "PRAGMA ignore_check_constraints = ON; UPDATE action SET count = -1");
        let findings = found(&sql);
        assert!(findings.iter().any(|f| f.code == code && f.place == place), "{sql}: {findings:#?}");
        assert!(findings.iter().all(|f| !f.help.is_empty()));
    }
}

/// Two claims near the greatest number there is ended the program.
#[test]
fn numbers_beyond_all_measure_are_findings() {
    let most = i64::MAX;
    for number in [most, -1, i64::MIN] {
        let findings = found(&format!("UPDATE action SET stands = {number}, open = {number} WHERE id IN (1, 6)"));
        assert!(findings.iter().any(|f| f.place == "#6" && f.what.contains("open is stored as")), "{findings:#?}");
    }
}

/// A voided action can leave a stated amount without room, which is no error.
#[test]
fn a_stated_amount_without_room_is_a_doubt() {
    let folder = tempfile::tempdir().unwrap();
    for args in [
        "-f l.db log USA RUS expulsion 35 --on 2016-12-29",
        "-f l.db log RUS USA restraint --on 2016-12-30 --waives 1",
        "-f l.db log RUS USA expulsion 5 --stage threatened --on 2017-07-10 --reverses 2",
        "-f l.db log RUS USA expulsion 30 --on 2017-07-28 --answers 1:30 --source a",
    ] {
        ok(folder.path(), &args.split(' ').collect::<Vec<_>>());
    }
    let said = ok(folder.path(), &["-f", "l.db", "void", "3", "--reason", "it was a rumour"]);
    assert!(said.contains("#4 now answers #1 with 0 instead of 30"), "{said}");
    let findings = check(&Ledger::open(&folder.path().join("l.db")).unwrap()).unwrap();
    assert_eq!(findings.iter().map(|f| (f.code, f.place.as_str())).collect::<Vec<_>>(), [("stated-amount", "link 3: #4 answers #1")]);
}
