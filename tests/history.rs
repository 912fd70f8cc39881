//! The history agrees with plain copies of the ledger: --as-known, undo and redo, and changes by another client.

use std::collections::BTreeMap;

use proptest::prelude::*;
use recip::Ledger;
use recip::ledger::catalogue::{Kind, Party, Weight};
use recip::ledger::{Correction, Entry, Link, Moment, SCHEMA, history};
use recip::model::{Amount, Clock, Day, Relation, Sign, Stage};
use recip::report::{Selection, balance, pending, timeline, unanswered};
use rusqlite::Connection;

use crate::support::{cases, config};

use crate::arithmetic::{FIRST_DAY, Step, as_of, assert_sound, relation, rows_of, step, take};

/// One command, or a statement of another client. The ledger may refuse it.
#[derive(Debug, Clone)]
enum Act {
    Step(Step),
    Link(usize, Relation, usize),
    Cite(usize, usize),
    Party(usize),
    Kind(usize),
    Weight(f64),
    Undo(Option<usize>),
    Redo,
    Foreign(usize, usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        10 => step().prop_map(Act::Step),
        2 => (0..12usize, relation(), 0..12usize).prop_map(|(a, r, b)| Act::Link(a, r, b)),
        1 => (0..12usize, 0..3usize).prop_map(|(a, s)| Act::Cite(a, s)),
        1 => (0..3usize).prop_map(Act::Party),
        1 => (0..3usize).prop_map(Act::Kind),
        1 => any::<f64>().prop_filter("finite", |w| w.is_finite()).prop_map(Act::Weight),
        3 => Just(Act::Undo(None)),
        1 => (0..12usize).prop_map(|n| Act::Undo(Some(n))),
        3 => Just(Act::Redo),
        2 => (0..FOREIGN.len(), 0..12usize).prop_map(|(s, n)| Act::Foreign(s, n)),
    ]
}

/// Statements of another client; `?` is an id.
const FOREIGN: [&str; 8] = [
    "UPDATE action SET count = count + 1 WHERE id = ?",
    "UPDATE action SET summary = 'seen', place = 'Geneva' WHERE id >= ?",
    "DELETE FROM link WHERE action_id = ?",
    "DELETE FROM citation WHERE action_id = ?",
    "INSERT INTO action (ref, date, actor, target, kind, count, stage)
     SELECT 'foreign-' || ?1 || '-' || k.name, '2016-03-01', 'FRA', 'RUS', k.name, 3, 'done' FROM kind k WHERE k.name IN ('expulsion', 'seizure')",
    "INSERT INTO source (cite) VALUES ('The Times ' || ?)",
    "UPDATE party SET name = name || ? WHERE code = 'GBR'",
    "DELETE FROM weight WHERE scale = 'plover' AND stage = 'threatened' AND length(kind) > ?",
];

fn perform(ledger: &mut Ledger, act: &Act) {
    let key = |n: &usize| (n + 1).to_string();
    let _ = match act {
        Act::Step(step) => {
            take(ledger, step);
            Ok(())
        }
        Act::Link(later, relation, earlier) => ledger.link(&key(later), *relation, &key(earlier), Amount::default()).map(drop),
        Act::Cite(action, source) => {
            let sources = vec![format!("https://example.org/{source} [says 2016-02, 7]").parse().unwrap()];
            let quantities = vec![format!("trade {source}.5 bn USD").parse().unwrap()];
            ledger.edit(&key(action), &Correction { sources, quantities, ..Correction::default() }).map(drop)
        }
        Act::Party(n) => ledger.put_party(&Party {
            code: ["TUR", "XKX", "NEW"][*n].to_owned(),
            name: format!("Party {n}"),
            r#type: "state".to_owned(),
            since: None,
            until: Some("2020".to_owned()),
            iso2: None,
            cow: Some("ABC DEF".to_owned()),
            cow_number: (n % 2 == 0).then(|| "1".to_owned()),
            gw: None,
            gw_number: None,
            aliases: format!("Alias {n}|Other {n}"),
        }),
        Act::Kind(n) => ledger.put_kind(&Kind {
            name: ["expulsion", "boycott", "meeting"][*n].to_owned(),
            unit: ["persons", "acts", "meetings"][*n].to_owned(),
            sign: [Sign::Hostile, Sign::Hostile, Sign::Friendly][*n],
            cameo: Some("16".to_owned()),
            description: Some("\"quoted\", même\n\u{7}".to_owned()),
        }),
        Act::Weight(weight) => ledger.put_weight(&Weight {
            scale: "goldstein".to_owned(),
            kind: "expulsion".to_owned(),
            stage: Stage::Done,
            weight: *weight,
            per: "unit".to_owned(),
        }),
        Act::Undo(change) => ledger.undo(change.map(|n| n as i64 + 1)).map(drop),
        Act::Redo => ledger.redo().map(drop),
        // Outside recip's own changes, the connection behaves like that of any other client.
        Act::Foreign(statement, n) => ledger.connection().execute(FOREIGN[*statement], [*n as i64]).map(drop).map_err(Into::into),
    };
}

const TABLES: [&str; 12] =
    ["party", "alias", "membership", "kind", "scale", "weight", "dispute", "action", "link", "source", "citation", "quantity"];

/// The contents of all tables, including derived values.
fn facts(ledger: &Ledger) -> Vec<String> {
    let mut facts: Vec<String> = TABLES.iter().flat_map(|t| rows_of(ledger, &format!("SELECT '{t}', * FROM {t}"))).collect();
    facts.sort();
    facts
}

/// What the reports print for some days.
fn printed(ledger: &Ledger) -> Vec<String> {
    let mut printed = Vec::new();
    for day in [60, 20, 2000].into_iter().take(cases(1, 3)).map(|d| as_of(Day(FIRST_DAY + d))) {
        printed.push(format!("{:?}", unanswered::rows(ledger, &day).unwrap()));
        printed.push(format!("{:?}", balance::rows(ledger, &day).unwrap()));
        printed.push(format!("{:?}", pending::rows(ledger, &day).unwrap()));
        printed.push(format!("{:?}", timeline::rows(ledger, &day).unwrap()));
        let suggested = Selection { with_suggested: Some("0.3".parse().unwrap()), ..day };
        printed.push(format!("{:?}", unanswered::rows(ledger, &suggested).unwrap()));
        printed.push(format!("{:?}", timeline::rows(ledger, &suggested).unwrap()));
    }
    printed
}

fn time(hour: usize) -> String {
    format!("2100-01-{:02}T{:02}:30:00Z", 1 + hour / 24, hour % 24)
}

fn last_change(ledger: &Ledger) -> i64 {
    ledger.connection().query_row("SELECT coalesce(max(id), 0) FROM change", [], |r| r.get(0)).unwrap()
}

/// Another client's change goes by the true clock: this gives it a time of the test.
fn date_last_change(ledger: &Ledger, at: &str) {
    let last = "(SELECT max(id) FROM change)";
    let statements = format!(
        "INSERT INTO current_change (id, change_id) VALUES (1, {last});
         UPDATE change SET at = '{at}' WHERE id = {last};
         DELETE FROM current_change;"
    );
    ledger.connection().execute_batch(&statements).unwrap();
}

fn begun() -> Ledger {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger.set_clock(Clock::fixed(&time(0)).unwrap());
    ledger.log(&Entry::new("USA", "RUS", "expulsion", "2016-01-10".parse().unwrap()).count(35)).unwrap();
    ledger
}

proptest! {
    #![proptest_config(config(2))]

    /// A report with both --as-known and --as-of prints what it printed at that time for that day.
    #[test]
    fn as_known_at_a_time_is_what_was_printed_then(acts in prop::collection::vec(act(), 1..14)) {
        let mut ledger = begun();
        let mut then = BTreeMap::new();
        for (n, act) in acts.iter().enumerate() {
            ledger.set_clock(Clock::fixed(&time(n + 1)).unwrap());
            let change = last_change(&ledger);
            perform(&mut ledger, act);
            if matches!(act, Act::Foreign(..)) && last_change(&ledger) > change {
                date_last_change(&ledger, &time(n + 1));
            }
            then.insert(time(n + 1), (facts(&ledger), printed(&ledger)));
        }
        let now = facts(&ledger);
        for (time, (facts_then, printed_then)) in then {
            let known = ledger.as_known(&time.parse::<Moment>().unwrap()).unwrap();
            prop_assert_eq!(facts(&known), facts_then, "at {}", time);
            prop_assert_eq!(printed(&known), printed_then, "at {}", time);
            assert_sound(&known);
        }
        prop_assert_eq!(facts(&ledger), now);
    }

    /// An undo restores the ledger exactly as before the change, and a redo exactly as after it.
    #[test]
    fn undo_and_redo_restore_everything(acts in prop::collection::vec(act(), 1..14)) {
        let mut ledger = begun();
        for (n, act) in acts.iter().filter(|a| !matches!(a, Act::Undo(_) | Act::Redo)).enumerate() {
            ledger.set_clock(Clock::fixed(&time(n + 1)).unwrap());
            let (before, change) = (facts(&ledger), last_change(&ledger));
            perform(&mut ledger, act);
            let after = facts(&ledger);
            if last_change(&ledger) == change {
                // Statements of another client within one second are one change.
                prop_assert!(after == before || matches!(act, Act::Foreign(..)));
                continue;
            }
            let undone = ledger.undo(None);
            prop_assert!(undone.is_ok(), "{:?}: {}", act, undone.unwrap_err());
            prop_assert_eq!(facts(&ledger), before, "{:?}", act);
            let redone = ledger.redo();
            prop_assert!(redone.is_ok(), "{:?}: {}", act, redone.unwrap_err());
            prop_assert_eq!(facts(&ledger), after, "{:?}", act);
            assert_sound(&ledger);
        }
        // Undo all changes, then redo them all.
        let top = facts(&ledger);
        let mut undone = 0;
        while ledger.undo(None).is_ok() {
            undone += 1;
        }
        prop_assert_eq!(rows_of(&ledger, "SELECT 1 FROM action UNION ALL SELECT 1 FROM link UNION ALL SELECT 1 FROM citation"), Vec::<String>::new());
        for _ in 0..undone {
            prop_assert!(ledger.redo().is_ok());
        }
        prop_assert_eq!(facts(&ledger), top);
    }
}

#[test]
fn what_another_client_did_is_kept_told_and_undone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    let mut ledger = Ledger::create(&path).unwrap();
    ledger.set_clock(Clock::fixed("2020-01-01T00:00:00Z").unwrap());
    let a = ledger.log(&Entry::new("USA", "RUS", "expulsion", "2016-12-29".parse().unwrap()).count(35)).unwrap();
    ledger.log(&Entry::new("RUS", "USA", "expulsion", "2017-07-28".parse().unwrap()).count(20).link(Link::answers(&a.reference))).unwrap();
    let before = facts(&ledger);
    let other = Connection::open(&path).unwrap();
    other
        .execute_batch(
            "UPDATE action SET count = 40, summary = 'x' WHERE id = 1; DELETE FROM link; UPDATE party SET name = 'Rus' WHERE code = 'RUS'",
        )
        .unwrap();
    let mut told = Vec::new();
    history::read(ledger.connection(), 100, &mut |change| {
        told.push(change);
        Ok(())
    })
    .unwrap();
    let foreign: Vec<_> = told.iter().filter(|c| c.who == "another client").collect();
    assert!(!foreign.is_empty(), "{told:?}");
    let ops: Vec<_> = foreign.iter().flat_map(|c| c.rows.as_ref().unwrap()).map(|r| (r.table.as_str(), r.before.is_some())).collect();
    assert_eq!(ops, [("action", true), ("link", true), ("party", true)]);
    assert_eq!(facts(&ledger.as_known(&"2020-01-01".parse().unwrap()).unwrap()), before);
    for _ in 0..foreign.len() {
        ledger.undo(None).unwrap_or_else(|e| panic!("{e}"));
    }
    assert_eq!(facts(&ledger), before);
    for forbidden in [
        "DELETE FROM history",
        "UPDATE history SET op = 'x'",
        "DELETE FROM change",
        "UPDATE change SET who = 'x'",
        "DELETE FROM action",
        "REPLACE INTO action (id, ref, date, actor, target, kind, stage) SELECT id, ref, date, actor, target, kind, stage FROM action",
        "REPLACE INTO link SELECT * FROM link",
    ] {
        assert!(other.execute(forbidden, []).is_err(), "{forbidden}");
    }
}

/// The history keeps all columns, except derived ones.
#[test]
fn the_history_keeps_every_column() {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(SCHEMA).unwrap();
    let kept = ["stands", "open", "posted_day", "day", "covers", "spends", "takes", "reinstated", "unmet"];
    for table in TABLES {
        let columns: Vec<String> = conn
            .prepare("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0")
            .unwrap()
            .query_map([table], |r| r.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for trigger in ["updated", "removed"] {
            let at = SCHEMA.find(&format!("CREATE TRIGGER {table}_{trigger} ")).unwrap();
            let body = &SCHEMA[at..at + SCHEMA[at..].find("END;").unwrap()];
            for column in columns.iter().filter(|c| !(kept.contains(&c.as_str()) && matches!(table, "action" | "link"))) {
                assert!(body.contains(&format!("'{column}', ")), "{table}_{trigger} does not keep {column}");
            }
        }
    }
}

/// Regression: a link whose stated amount had been corrected could not be restored, because an undo writes all columns of the row.
#[test]
fn a_corrected_amount_of_a_link_is_undone_and_redone() {
    let mut ledger = Ledger::in_memory().unwrap();
    let day = |text: &str| text.parse().unwrap();
    ledger.log(&Entry::new("USA", "RUS", "expulsion", day("2018-03-26")).count(4)).unwrap();
    ledger.log(&Entry::new("RUS", "USA", "expulsion", day("2018-03-30")).count(4).link(Link::answers("1"))).unwrap();
    let amount = Amount { covers: Some(3), spends: None };
    let links = vec![Link { relation: Relation::Answers, spec: recip::model::LinkSpec { earlier: "1".to_owned(), amount } }];
    ledger.edit("2", &Correction { links, ..Correction::default() }).unwrap();
    let open = |ledger: &Ledger| ledger.connection().query_row("SELECT open FROM action WHERE id = 1", [], |r| r.get::<_, i64>(0)).unwrap();
    assert_eq!(open(&ledger), 1);
    ledger.undo(None).unwrap();
    assert_eq!(open(&ledger), 0);
    ledger.redo().unwrap();
    assert_eq!(open(&ledger), 1);
}
