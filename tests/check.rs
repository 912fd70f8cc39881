//! `check` finds what another program changed in a ledger while the rules were switched off.

use std::sync::OnceLock;

use recip::Ledger;
use recip::ledger::check::{Finding, check};
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::support::{left_out, ok, recip, some};

/// A small ledger in which nothing is wrong, as a file.
fn sound() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    for args in [
        "-f l.db log USA RUS expulsion 35 --on 2016-12-29",
        "-f l.db log RUS USA expulsion 30 --on 2017-07-28 --answers 1 --source a",
        "-f l.db log RUS USA restraint --on 2017-07-29 --waives 1",
        "-f l.db log USA RUS sanction 1 --on 2017-08-01 --stage threatened",
        "-f l.db log USA RUS sanction 2 --on 2017-08-02 --executes 4",
        "-f l.db log RUS USA seizure 2 --on 2017-08-03",
        "-f l.db log RUS USA return 1 --on 2017-08-04 --reverses 6:1",
        "-f l.db edit 6 --place Moscow",
    ] {
        ok(folder.path(), &args.split(' ').collect::<Vec<_>>());
    }
    let path = folder.path().join("l.db");
    let before = check(&Ledger::open(&path).unwrap()).unwrap();
    assert!(before.is_empty(), "{before:?}");
    std::fs::read(path).unwrap()
}

/// What is found in a small ledger after this change to it.
fn found(sql: &str) -> Vec<Finding> {
    static SOUND: OnceLock<Vec<u8>> = OnceLock::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    std::fs::write(&path, SOUND.get_or_init(sound)).unwrap();
    let conn = Connection::open(&path).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    conn.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
    conn.close().unwrap();
    check(&Ledger::open_to_check(&path).unwrap()).unwrap()
}

#[test]
fn what_the_rules_forbid_is_found() {
    for (sql, place, what) in some(
        5,
        [
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
        ],
    ) {
        let findings = found(sql);
        let hit = findings.iter().find(|f| f.code == "arithmetic" && f.place == place && f.what.contains(what));
        assert!(hit.is_some(), "{sql}: {findings:#?}");
    }
}

#[test]
fn what_was_altered_without_a_trace_breaks_the_seal() {
    for sql in some(
        5,
        [
            "UPDATE action SET summary = 'another' WHERE id = 1",
            "UPDATE action SET logged_at = '2017-01-01T00:00:00Z' WHERE id = 6",
            "DELETE FROM action WHERE id = 6; DELETE FROM link WHERE earlier_id = 6",
            "DELETE FROM link WHERE id = 4",
            "DELETE FROM citation",
            "UPDATE citation SET position = position + 1",
            "UPDATE source SET title = 'another'",
            "DELETE FROM weight WHERE scale = 'goldstein' AND kind = 'expulsion'",
            "UPDATE weight SET weight = weight - 0.1 WHERE scale = 'plover'",
            "UPDATE party SET name = 'Ruritania' WHERE code = 'RUS'",
            "DELETE FROM alias WHERE folded = 'russia'",
            "UPDATE membership SET until = '2030' WHERE organisation = 'EU'",
            "DELETE FROM history WHERE id = (SELECT max(id) FROM history)",
            "UPDATE history SET before = json_set(before, '$.place', 'x')",
            "UPDATE change SET who = 'another' WHERE id = 2",
            "UPDATE change SET command = '' WHERE id = 7",
            "DELETE FROM change WHERE id = (SELECT max(id) FROM change); DELETE FROM history",
            "DELETE FROM ledger",
            "UPDATE ledger SET uuid = '00000000-0000-4000-8000-000000000000'",
            "UPDATE ledger SET created_at = '2001-01-01T00:00:00Z'",
            "UPDATE change SET seal = NULL",
            "UPDATE change SET seal = replace(seal, substr(seal, 1, 1), CASE substr(seal, 1, 1) WHEN '0' THEN '1' ELSE '0' END)",
        ],
    ) {
        let findings = found(sql);
        assert!(findings.iter().any(|f| f.code == "seal"), "{sql}: {findings:#?}");
    }
}

/// The seals of all changes together tell which change last wrote the row that was altered.
#[test]
fn a_broken_seal_names_the_change_that_wrote_the_row() {
    if left_out("broken seals") {
        return;
    }
    for (sql, places) in [
        ("UPDATE action SET count = 99 WHERE id = 1", ["change 1"].as_slice()),
        ("DELETE FROM citation", &["change 2"]),
        ("UPDATE action SET place = 'Minsk' WHERE id = 6", &["change 8"]),
        ("DELETE FROM link WHERE id = 4; UPDATE action SET summary = 'x' WHERE id = 3", &["change 3", "change 7"]),
        (
            "UPDATE change SET seal = NULL WHERE id IN (3, 4); UPDATE action SET count = 3 WHERE id = 4",
            &["changes 3 and 4", "changes 3 to 5"],
        ),
    ] {
        let findings: Vec<Finding> = found(sql).into_iter().filter(|f| f.code == "seal").collect();
        let found: Vec<&str> = findings.iter().map(|f| f.place.as_str()).collect();
        assert_eq!(found, places, "{sql}: {findings:#?}");
    }
}

/// Without its identity a ledger can be read, but what needs the identity says what is lost.
#[test]
fn a_ledger_that_lost_its_identity_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "3", "--on", "2018-03-14", "--deadline", "7d"]);
    let conn = Connection::open(folder.join("l.db")).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    conn.execute("DELETE FROM ledger", []).unwrap();
    conn.close().unwrap();
    let output = crate::support::run(folder, &["-f", "l.db", "report", "pending", "--as-of", "2018-03-15", "--format", "ics"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(3) && said.starts_with("error: the ledger has lost its identity: "), "{said}");
    let findings = check(&Ledger::open_to_check(&folder.join("l.db")).unwrap()).unwrap();
    assert!(findings.iter().any(|f| f.code == "identity" && f.place == "table ledger"), "{findings:#?}");
}

/// Rows of the catalogue have no ids that would leave gaps, but the history knows them.
#[test]
fn a_row_that_the_history_knows_and_that_is_missing_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    for command in ["party add XKR Ruritania", "party edit XKR --alias Strelsau", "party edit XKR --name Zenda"] {
        let args: Vec<&str> = ["-f", "l.db"].into_iter().chain(command.split(' ')).collect();
        ok(folder.path(), &args);
    }
    ok(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "protest", "--on", "2017"]);
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("UPDATE dispute SET slug = slug; INSERT INTO dispute VALUES ('d', 'x'); UPDATE dispute SET slug = 'e'").unwrap();
    assert!(check(&Ledger::open(&path).unwrap()).unwrap().iter().all(|f| f.severity != recip::ledger::check::Severity::Error));
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    conn.execute_batch("DELETE FROM alias WHERE folded = 'strelsau'; DELETE FROM dispute").unwrap();
    let findings = check(&Ledger::open_to_check(&path).unwrap()).unwrap();
    for (place, what) in [("table alias, row strelsau", "change 2 wrote it, but it is missing"), ("table dispute, row e", "wrote it")] {
        assert!(findings.iter().any(|f| f.place == place && f.what.contains(what)), "{place}: {findings:#?}");
    }
}

#[test]
fn what_another_client_does_within_the_rules_leaves_the_seal_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    ok(folder.path(), &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29", "--source", "a"]);
    for (sql, command) in some(
        3,
        [
            ("UPDATE party SET name = 'Suomi' WHERE code = 'FIN'; INSERT INTO dispute VALUES ('d', 'first')", "list"),
            ("UPDATE dispute SET slug = 'e' WHERE slug = 'd'; INSERT INTO dispute VALUES ('d', 'again')", "undo"),
            ("UPDATE dispute SET slug = 'f' WHERE slug = 'e'; DELETE FROM dispute WHERE slug = 'd'", "redo"),
            ("UPDATE action SET summary = 'with \u{1} and \u{2028} \"quoted\" \\ é' WHERE id = 1", "check"),
            ("UPDATE weight SET weight = -4.1 WHERE scale = 'goldstein' AND kind = 'expulsion'", "edit 1 --place here"),
            ("DELETE FROM weight WHERE scale = 'goldstein' AND kind = 'recall'", "undo"),
            ("UPDATE citation SET position = 7", "edit 1 --source b"),
            (
                "INSERT INTO action (ref, date, actor, target, kind, stage, logged_at) VALUES ('x', '2017', 'RUS', 'USA', 'protest', 'done', '2017-01-01T00:00:00Z')",
                "undo",
            ),
        ],
    ) {
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch(&format!("PRAGMA foreign_keys = ON; {sql}")).unwrap();
        conn.close().unwrap();
        clean(&path, sql);
        let args: Vec<&str> = ["-f", "l.db"].into_iter().chain(command.split(' ')).collect();
        crate::support::run(folder.path(), &args);
        clean(&path, command);
    }
}

fn clean(path: &std::path::Path, after: &str) {
    let findings = check(&Ledger::open(path).unwrap()).unwrap();
    assert!(findings.iter().all(|f| f.code != "seal"), "{after}: {findings:#?}");
}

#[test]
fn every_sort_of_finding_has_its_code() {
    for (sql, code, place) in some(
        5,
        [
            ("UPDATE action SET actor = 'XXX' WHERE id = 6", "unknown-name", "#6"),
            ("UPDATE link SET earlier_id = 99 WHERE id = 4", "foreign-key", "table link, row 4"),
            ("UPDATE action SET count = -1 WHERE id = 6", "rule", "#6"),
            ("DELETE FROM citation", "answer-without-source", "#2"),
            ("UPDATE action SET deadline = '2017-09-01', stage = 'announced' WHERE id = 6", "deadline-passed", "#6"),
            ("UPDATE citation SET says_count = 31", "sources-disagree", "#2"),
            ("UPDATE kind SET unit = 'heads' WHERE name = 'recall'", "catalogue", "kind recall"),
            (
                "UPDATE weight SET weight = 9 WHERE scale = 'goldstein' AND kind = 'recall' AND stage = 'done'",
                "catalogue",
                "scale goldstein",
            ),
            ("INSERT INTO current_change VALUES (1, 2)", "history", "change 2"),
            ("UPDATE change SET at = '2030-01-01T00:00:00Z' WHERE id = 2", "clock", "change 2"),
            ("UPDATE change SET link_mark = 9 WHERE id = 3", "history", "change 4"),
            ("UPDATE change SET action_mark = 2 WHERE id = 1", "history", "#1"),
            ("CREATE VIEW mine AS SELECT 1", "schema", "view mine"),
            ("CREATE TABLE mine (a REFERENCES nowhere (b)); INSERT INTO mine VALUES (1)", "extra-table", "table mine"),
            ("DELETE FROM weight WHERE scale = 'goldstein' AND kind = 'recall'", "catalogue", "scale goldstein"),
        ],
    ) {
        let sql = sql.replace("UPDATE action SET count = -1", "PRAGMA ignore_check_constraints = ON; UPDATE action SET count = -1");
        let findings = found(&sql);
        assert!(findings.iter().any(|f| f.code == code && f.place == place), "{sql}: {findings:#?}");
        assert!(findings.iter().all(|f| !f.help.is_empty()));
    }
}

/// Regression: two claims near the largest integer crashed the program.
#[test]
fn numbers_beyond_all_measure_are_findings() {
    let most = i64::MAX;
    for number in [most, -1, i64::MIN] {
        let findings = found(&format!("UPDATE action SET stands = {number}, open = {number} WHERE id IN (1, 6)"));
        assert!(findings.iter().any(|f| f.place == "#6" && f.what.contains("open is stored as")), "{findings:#?}");
    }
}

/// Voiding an action can leave a stated amount that no longer finds enough to settle. This is a warning, not an error.
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

#[test]
fn every_derived_value_is_recomputed() {
    for (sql, place, what) in some(
        5,
        [
            ("UPDATE link SET reinstated = 1 WHERE id = 2", "link 2: #3 waives #1", "reinstated 1"),
            ("UPDATE link SET unmet = 3 WHERE id = 4", "link 4: #7 reverses #6", "unmet 3, but the facts give"),
            ("UPDATE link SET day = NULL WHERE id = 4", "link 4: #7 reverses #6", "it is stored as day"),
            ("INSERT INTO unsettled (action_id, day) VALUES (6, 0)", "#6", "it is still marked to be settled again"),
            ("UPDATE candidate SET day = 8 WHERE id = 1", "candidate 1", "day is stored as 8, but its reports give 9"),
            ("UPDATE candidate SET last_day = 13 WHERE id = 1", "candidate 1", "last_day is stored as 13, but its reports give 10"),
            ("UPDATE candidate SET added = NULL WHERE id = 1", "candidate 1", "added is stored as unknown, but its reports give 9"),
            ("UPDATE candidate SET reports = 1 WHERE id = 1", "candidate 1", "reports is stored as 1, but its reports give 2"),
            ("UPDATE candidate SET mentions = 9 WHERE id = 1", "candidate 1", "mentions is stored as 9, but its reports give 3"),
            ("UPDATE candidate SET guessed = 1 WHERE id = 1", "candidate 1", "guessed is stored as 1, but its reports give 0"),
            (
                "UPDATE candidate SET last_day = 20, reports = 3, mentions = 4 WHERE id = 1; DELETE FROM candidate WHERE id = 2",
                "candidate 1",
                "reports is stored as 3",
            ),
            ("DELETE FROM candidate WHERE id = 2", "gdelt event c", "in no candidate"),
            ("UPDATE series SET claims = 0", "series 1", "claims is stored as 0, but its kind and stage give 1"),
            ("UPDATE feed_batch SET upto = 4", "table feed_batch, row 1", "an import of 4 reports, but the ledger has 3"),
            ("UPDATE feed_batch SET upto = 2", "table feed_report, row 3", "no import in the ledger added it"),
            ("DELETE FROM feed_report WHERE id = 2", "table feed_batch, row 1", "an import of 3 reports, but the ledger has 2"),
            ("UPDATE feed_batch SET feed = 'icews'", "table feed_batch, row 1", "the ledger has 0"),
        ],
    ) {
        let findings = found(&format!("{FEED}; {sql}"));
        assert!(findings.iter().any(|f| f.place == place && f.what.contains(what)), "{sql}: {findings:#?}");
    }
    let codes: Vec<&str> = found(FEED).iter().map(|f| f.code).collect();
    assert_eq!(codes, ["seal"], "the rows are sound, but no import wrote them");
}

/// An import of three reports, of which the first two are one candidate.
const FEED: &str = "INSERT INTO series VALUES (1, 'USA', 'RUS', 'expulsion', 'done', 'day', 1);
    INSERT INTO feed_report VALUES (1, 'gdelt', 'a', 1, 9, 9, 9, '1', 0, 1, NULL, 0, 'a', 't', NULL, NULL, 'p', 's'), (2, 'gdelt', 'b', 1, 10, 10, 10, '1', 1, 2, NULL, 0, 'a', 't', NULL, NULL, 'p', 's'),
      (3, 'gdelt', 'c', 1, 20, 20, 20, '1', 0, 1, NULL, 0, 'a', 't', NULL, NULL, 'p', 's');
    INSERT INTO feed_batch VALUES (1, 1, 'gdelt', 3, 0, 3);
    INSERT INTO candidate VALUES (1, 1, 9, 10, 9, 2, 3, 0, NULL, NULL, NULL), (2, 1, 20, 20, 20, 1, 1, 0, NULL, NULL, NULL)";

#[test]
fn the_days_of_an_action_are_recomputed() {
    for (column, place) in [("day", "#1"), ("day_latest", "#1")] {
        let findings = found(&format!(
            "PRAGMA writable_schema = ON;
             CREATE TABLE kept AS SELECT sql FROM sqlite_schema WHERE name = 'action';
             UPDATE sqlite_schema SET sql = substr(sql, 1, instr(sql, 'GENERATED') - 1) || ', day_latest INTEGER'
               || substr(sql, instr(sql, char(10) || '    END) STORED') + 16) WHERE name = 'action';
             PRAGMA writable_schema = RESET;
             UPDATE action SET {column} = 5 WHERE id = 1;
             PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = (SELECT sql FROM kept) WHERE name = 'action';
             DROP TABLE kept;"
        ));
        assert!(findings.iter().any(|f| f.place == place && f.what == "its stored days do not match its date"), "{column}: {findings:#?}");
    }
}

#[test]
fn what_the_history_does_not_account_for_is_found() {
    for (sql, place, what) in some(
        5,
        [
            ("DELETE FROM action WHERE id = 6; DELETE FROM link WHERE id = 4", "#6", "added it, but it is missing"),
            ("DELETE FROM link WHERE id = 4", "table link, row 4", "change 7 added it, but it is missing"),
            ("DELETE FROM link", "table link, row 1", "change 2 added it, but it is missing"),
            ("DELETE FROM citation; DELETE FROM source", "table source, row 1", "added it, but it is missing"),
            ("DELETE FROM change WHERE id = 3", "table change, row 3", "it was removed from the history"),
            ("DELETE FROM history; DELETE FROM change WHERE id > 5", "table change, row 6 to 8", "it was removed from the history"),
            (
                "UPDATE sqlite_sequence SET seq = 2 WHERE name = 'action'",
                "table action",
                "its last id is recorded as 2, but it has given the id 7",
            ),
            ("UPDATE sqlite_sequence SET seq = 3 WHERE name = 'change'", "table change", "its last id is recorded as 3"),
            ("DELETE FROM sqlite_sequence WHERE name = 'link'", "table link", "its last id is recorded as 0, but it has given the id 4"),
            ("INSERT INTO history VALUES (9, 1, 'action', '[1]', 'update', '{}')", "table history, row 9", "lacks the column id"),
            (
                "INSERT INTO history VALUES (9, 1, 'action', '[1, 2]', 'insert', NULL)",
                "table history, row 9",
                "'[1, 2]' is not a key of the table action",
            ),
            (
                "INSERT INTO history VALUES (9, 1, 'nothing', '[1]', 'insert', NULL)",
                "table history, row 9",
                "'nothing', which has no history",
            ),
            ("INSERT INTO history VALUES (9, 1, 'action', '{}', 'insert', NULL)", "table history, row 9", "'{}' is not a key"),
            ("INSERT INTO history VALUES (9, 1, 'action', '[1', 'insert', NULL)", "table history, row 9", "'[1' is not a key"),
            (
                "INSERT INTO history VALUES (9, 1, 'action', '[1]', 'delete', '{')",
                "table history, row 9",
                "its before-image cannot be read",
            ),
            ("INSERT INTO history VALUES (9, 1, 'action', '[1]', 'delete', NULL)", "table history, row 9", "its before-image is missing"),
        ],
    ) {
        let findings = found(&format!("PRAGMA ignore_check_constraints = ON; {sql}"));
        assert!(findings.iter().any(|f| f.place == place && f.what.contains(what)), "{sql}: {findings:#?}");
    }
}

/// Extra objects are named as what they are, and do not end the check; code is not run.
#[test]
fn extra_objects_do_not_end_the_check() {
    if left_out("extra objects") {
        return;
    }
    for (sql, place, goes_on) in [
        ("CREATE TABLE mine (a)", "table mine", true),
        ("CREATE TABLE mine (a REFERENCES action (place)); INSERT INTO mine VALUES (1)", "table mine", true),
        ("CREATE TABLE mine (a, CHECK (a > 1)); CREATE INDEX own ON mine (a)", "index own", false),
        ("CREATE VIEW mine AS SELECT load_extension('x')", "view mine", true),
        ("CREATE TRIGGER mine AFTER INSERT ON link BEGIN SELECT load_extension('x'); END", "trigger mine", true),
        ("CREATE INDEX mine ON action (place)", "index mine", false),
        ("DROP INDEX action_dispute", "index action_dispute", true),
        ("CREATE VIRTUAL TABLE mine USING fts5(a)", "virtual table mine", false),
    ] {
        let findings = found(&format!("UPDATE action SET open = 6 WHERE id = 1; {sql}"));
        assert!(findings.iter().any(|f| f.place == place), "{sql}: {findings:#?}");
        assert_eq!(findings.iter().any(|f| f.code == "arithmetic"), goes_on, "{sql}: {findings:#?}");
    }
}

#[test]
fn an_earlier_state_of_a_ledger_that_lacks_an_act_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |now: &str, args: &[&str]| {
        let output = recip(folder.path()).env("RECIP_NOW", now).args(["-f", "l.db"]).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    at("2026-01-01T10:00:00Z", &["log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    at("2026-01-01T11:00:00Z", &["log", "RUS", "USA", "expulsion", "35", "--on", "2017-07-28", "--answers", "1"]);
    at("2026-02-01T10:00:00Z", &["edit", "2", "--place", "Moscow"]);
    let conn = Connection::open(folder.path().join("l.db")).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    conn.execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM action WHERE id = 1").unwrap();
    conn.close().unwrap();
    let said = at("2026-03-01T10:00:00Z", &["list", "--as-known", "2026-01-15"]);
    assert!(said.contains("2017-07-28") && !said.contains("2016-12-29"), "{said}");
}
