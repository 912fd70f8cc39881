//! The schema refuses invalid changes by another SQLite client, whether or not the client has enabled foreign keys.

use recip::Ledger;
use recip::ledger::{Entry, Link};
use recip::model::{Amount, LinkSpec, Relation, Stage};
use rusqlite::Connection;

/// #1 a claim of 35, #2 its answer of 30, #3 a restraint, #4 an announcement of 10, #5 the act that may execute it,
/// #6 a threat, #7 an act of the EU, #8 an answer to it aimed at Germany, #9 a release.
fn ledger(path: &std::path::Path) {
    let mut ledger = Ledger::create(path).unwrap();
    let link = |relation, earlier: &str| Link { relation, spec: LinkSpec { earlier: earlier.to_owned(), amount: Amount::default() } };
    let entry = |a: &str, b: &str, kind: &str, date: &str, count| Entry::new(a, b, kind, date.parse().unwrap()).count(count);
    for entry in [
        entry("USA", "RUS", "expulsion", "2016-12-29", 35),
        entry("RUS", "USA", "expulsion", "2017-01-05", 30).link(link(Relation::Answers, "1")),
        entry("RUS", "USA", "restraint", "2017-01-06", 1),
        entry("USA", "RUS", "seizure", "2017-02-01", 10).stage(Stage::Announced),
        entry("USA", "RUS", "seizure", "2017-03-01", 10),
        entry("USA", "RUS", "expulsion", "2017-03-02", 5).stage(Stage::Threatened),
        entry("EU", "RUS", "sanction", "2017-08-01", 4),
        entry("RUS", "DEU", "sanction", "2017-08-02", 4).link(link(Relation::Answers, "7")),
        entry("USA", "RUS", "release", "2017-09-01", 3),
    ] {
        ledger.log(&entry).unwrap();
    }
}

#[test]
fn another_client_cannot_break_the_arithmetic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    ledger(&path);
    let conn = Connection::open(&path).unwrap();
    for keys in ["ON", "OFF"] {
        conn.execute_batch(&format!("PRAGMA foreign_keys = {keys}")).unwrap();
        for statement in [
            "REPLACE INTO action (ref, date, actor, target, kind, stage) VALUES ('2016-12-29-usa-rus-expulsion', '2020', 'USA', 'RUS', 'protest', 'done')",
            "INSERT OR REPLACE INTO action (id, ref, date, actor, target, kind, stage) VALUES (9, 'other', '2020', 'USA', 'RUS', 'protest', 'done')",
            "INSERT INTO action (id, ref, date, actor, target, kind, stage) VALUES (-8, 'other', '2020', 'USA', 'RUS', 'protest', 'done')",
            "INSERT INTO action (ref, date, actor, target, kind, stage) VALUES ('other', '0000', 'USA', 'RUS', 'protest', 'done')",
            "INSERT INTO action (ref, date, actor, target, kind, stage) VALUES ('other', '2020', 'USX', 'RUS', 'protest', 'done')",
            "INSERT INTO action (ref, date, actor, target, kind, stage) VALUES ('other', '2020', 'USA', 'RUS', 'nothing', 'done')",
            "UPDATE OR REPLACE action SET ref = '2016-12-29-usa-rus-expulsion' WHERE id = 2",
            "UPDATE action SET rowid = 100 WHERE id = 9",
            "UPDATE action SET date = '2017-02-30' WHERE id = 9",
            "UPDATE action SET open = 3 WHERE id = 1",
            "DELETE FROM action WHERE id = 9",
            "INSERT INTO link (action_id, relation, earlier_id) VALUES (77, 'answers', 1)",
            "INSERT INTO link (action_id, relation, earlier_id, stated) VALUES (5, 'executes', 4, 10)",
            "INSERT INTO link (action_id, relation, earlier_id, stated) VALUES (3, 'waives', 1, 5)",
            "INSERT INTO link (action_id, relation, earlier_id, stated_spends) VALUES (8, 'answers', 1, 5)",
            "INSERT INTO link (action_id, relation, earlier_id) VALUES (9, 'executes', 4)",
            "INSERT INTO link (action_id, relation, earlier_id) VALUES (9, 'executes', 6)",
            "INSERT INTO link (action_id, relation, earlier_id) VALUES (8, 'reverses', 1)",
            "INSERT INTO link (action_id, relation, earlier_id) VALUES (8, 'answers', 1)",
            "INSERT INTO link (action_id, relation, earlier_id) VALUES (1, 'answers', 2)",
            "INSERT INTO link (action_id, relation, earlier_id) VALUES (2, 'waives', 1)",
            "INSERT INTO link (action_id, relation, earlier_id, stated) VALUES (9, 'reverses', 1, 36)",
            "INSERT INTO link (action_id, relation, earlier_id, unmet) VALUES (3, 'waives', 1, 1)",
            "UPDATE link SET stated = 31 WHERE id = 1",
            "UPDATE link SET covers = 31 WHERE id = 1",
            "UPDATE link SET day = 0 WHERE id = 1",
            "UPDATE action SET date = '2017-02-01' WHERE id = 1",
            "UPDATE action SET target = 'FRA' WHERE id = 2",
            "UPDATE action SET stands = 3 WHERE id = 1",
            "UPDATE link SET earlier_id = 4 WHERE id = 1",
            "DELETE FROM membership WHERE organisation = 'EU'",
            "UPDATE membership SET until = '2010' WHERE organisation = 'EU' AND member = 'DEU'",
            "INSERT INTO membership VALUES ('USA', 'RUS', '2000', NULL)",
            "INSERT INTO membership VALUES ('EU', 'DEU', '2000', NULL)",
            "REPLACE INTO kind (name, unit, sign) VALUES ('expulsion', 'apples', 'friendly')",
            "UPDATE ledger SET created_at = '2001-01-01T00:00:00Z'",
            "DELETE FROM ledger",
            "REPLACE INTO ledger (id) VALUES (1)",
            "UPDATE kind SET sign = 'hostile' WHERE name = 'restraint'",
            "UPDATE kind SET name = 'ousting' WHERE name = 'expulsion'",
            "DELETE FROM kind WHERE name = 'expulsion'",
            "DELETE FROM party WHERE code = 'USA'",
            "UPDATE party SET code = 'USX' WHERE code = 'USA'",
            "UPDATE party SET type = 'state' WHERE code = 'EU'",
            "UPDATE weight SET weight = 9e999",
        ] {
            assert!(conn.execute_batch(statement).is_err(), "foreign keys {keys}: {statement}");
        }
    }
    let wrong = "SELECT count(*) FROM derived_action r JOIN action a ON a.id = r.action_id WHERE r.open <> a.open OR r.stands <> a.stands";
    let count = |select: &str| conn.query_row(select, [], |r| r.get::<_, i64>(0)).unwrap();
    assert_eq!(count(wrong), 0);
    assert_eq!(count("SELECT count(*) FROM action"), 9);
    // Allowed: adding a link without stated amounts. It is settled at once, and any derived values given with it are ignored.
    conn.execute_batch("INSERT INTO link (action_id, relation, earlier_id, covers, spends) VALUES (5, 'executes', 4, 77, 77)").unwrap();
    assert_eq!(count("SELECT covers FROM link WHERE relation = 'executes'"), 10);
    // Also allowed: voiding an action, whatever links it has.
    conn.execute_batch("UPDATE action SET voided = 'x' WHERE id = 1").unwrap();
    assert_eq!(count("SELECT covers + unmet FROM link WHERE id = 1"), 0);
    assert_eq!(count("SELECT open FROM action WHERE id = 2"), 30);
    assert_eq!(count(wrong), 0);
}
