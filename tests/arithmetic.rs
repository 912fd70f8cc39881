//! The amounts of random ledgers obey the rules and agree with a plain computation over the postings.

use std::collections::BTreeMap;

use proptest::prelude::*;
use recip::Ledger;
use recip::ledger::check::{Severity, check};
use recip::ledger::{Correction, Entry, Link};
use recip::model::{Amount, Date, Day, LinkSpec, Relation, Sign, Stage};
use recip::report::{Lens, Selection, balance, collect, matrix, pending, timeline, unanswered};

use crate::support::config;

/// One attempt at a change; the ledger may refuse it.
#[derive(Debug, Clone)]
pub enum Step {
    Log {
        pair: usize,
        kind: usize,
        count: Option<i64>,
        stage: Stage,
        day: i64,
        precision: usize,
        links: Vec<(Relation, usize, Option<i64>)>,
    },
    Unlink(usize, usize),
    Void(usize),
    Recount(usize, Option<i64>),
    Redate(usize, i64),
}

const PAIRS: [(&str, &str); 6] = [("USA", "RUS"), ("RUS", "USA"), ("EU", "RUS"), ("RUS", "EU"), ("GBR", "RUS"), ("RUS", "GBR")];
const KINDS: [&str; 6] = ["expulsion", "staff-cut", "seizure", "sanction", "meeting", "restraint"];
/// 2016-01-01, when the United Kingdom was a member of the EU.
pub const FIRST_DAY: i64 = 16_801;

fn stage() -> impl Strategy<Value = Stage> {
    prop_oneof![1 => Just(Stage::Threatened), 2 => Just(Stage::Announced), 5 => Just(Stage::Done)]
}

pub fn relation() -> impl Strategy<Value = Relation> {
    prop_oneof![
        5 => Just(Relation::Answers), 2 => Just(Relation::Waives), 2 => Just(Relation::Reverses), 2 => Just(Relation::Executes),
        2 => Just(Relation::Renews), 1 => Just(Relation::Extends),
    ]
}

fn logged() -> impl Strategy<Value = Step> {
    let links = prop::collection::vec((relation(), 0..40usize, prop::option::weighted(0.3, 1..30i64)), 0..3);
    (0..PAIRS.len(), 0..KINDS.len(), prop::option::weighted(0.85, 1..40i64), stage(), 0..90i64, 0..8usize, links)
        .prop_map(|(pair, kind, count, stage, day, precision, links)| Step::Log { pair, kind, count, stage, day, precision, links })
}

pub fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => logged(),
        1 => (0..40usize, 0..40usize).prop_map(|(a, b)| Step::Unlink(a, b)),
        1 => (0..40usize).prop_map(Step::Void),
        1 => (0..40usize, prop::option::of(1..60i64)).prop_map(|(a, n)| Step::Recount(a, n)),
        1 => (0..40usize, 0..90i64).prop_map(|(a, day)| Step::Redate(a, day)),
    ]
}

fn date(day: i64, precision: usize) -> Date {
    let iso = Day(FIRST_DAY + day).iso();
    let text = match precision {
        0 => &iso[..7],
        1 => &iso[..4],
        _ => &iso,
    };
    text.parse().unwrap()
}

/// Makes the change, unless the ledger refuses it.
pub fn take(ledger: &mut Ledger, step: &Step) {
    let key = |n: &usize| (n + 1).to_string();
    let _ = match step {
        Step::Log { pair, kind, count, stage, day, precision, links } => {
            let mut entry = Entry::new(PAIRS[*pair].0, PAIRS[*pair].1, KINDS[*kind], date(*day, *precision)).stage(*stage);
            entry.count = (*count).into();
            let all = links.iter().map(|(relation, earlier, covers)| Link {
                relation: *relation,
                spec: LinkSpec { earlier: key(earlier), amount: Amount { covers: *covers, spends: None } },
            });
            entry.links = all.collect();
            // If the links are refused, the action is logged without them, so that ledgers grow.
            ledger.log(&entry).map(drop).or_else(|_| ledger.log(&Entry { links: Vec::new(), ..entry }).map(drop))
        }
        Step::Unlink(a, b) => ledger.unlink(&key(a), &key(b)).map(drop),
        Step::Void(a) => ledger.void(&key(a), "entered in error").map(drop),
        Step::Recount(a, count) => ledger.edit(&key(a), &Correction { count: Some((*count).into()), ..Correction::default() }).map(drop),
        Step::Redate(a, day) => ledger.edit(&key(a), &Correction { date: Some(date(*day, 7)), ..Correction::default() }).map(drop),
    };
}

fn number(ledger: &Ledger, select: &str) -> i64 {
    ledger.connection().query_row(select, [], |r| r.get(0)).unwrap()
}

/// Checks in SQL what must be true of every ledger, above all that its derived values are correct and that no link breaks a rule.
pub fn assert_sound(ledger: &Ledger) {
    let wrong = "SELECT count(*) FROM derived_action d JOIN action a ON a.id = d.action_id
        WHERE d.open <> a.open OR d.stands <> a.stands OR d.posted_day <> a.posted_day OR a.open < 0 OR a.stands < 0";
    assert_eq!(number(ledger, wrong), 0, "the derived numbers are not what the links make them");
    assert_eq!(number(ledger, "SELECT count(*) FROM account WHERE open < 0"), 0, "a claim is overdrawn on some day");
    assert_eq!(number(ledger, "SELECT count(*) FROM link_breach"), 0, "a link breaks a rule");
    assert_eq!(number(ledger, "SELECT count(*) FROM unsettled"), 0, "something is left unsettled");
    let over = "SELECT count(*) FROM action a WHERE coalesce(count, 1) < (SELECT coalesce(sum(covers), 0) FROM link l
        WHERE l.earlier_id = a.id AND relation = 'answers')";
    assert_eq!(number(ledger, over), 0, "more is answered than was done");
    let unequal = "SELECT count(*) FROM link l JOIN action b ON b.id = l.action_id JOIN kind kb ON kb.name = b.kind
        JOIN action a ON a.id = l.earlier_id JOIN kind ka ON ka.name = a.kind
        WHERE l.relation = 'answers' AND ka.unit = kb.unit AND a.count IS NOT NULL AND b.count IS NOT NULL AND covers <> spends";
    assert_eq!(number(ledger, unequal), 0, "in one unit an answer spends what it covers");
    let whole = "SELECT count(*) FROM action WHERE count IS NULL AND open NOT IN (0, 1)";
    assert_eq!(number(ledger, whole), 0, "an unknown count is settled whole or not at all");
}

/// Open hostile amounts by action on a day, added up from the dated postings.
fn open_on(ledger: &Ledger, day: Day) -> BTreeMap<i64, i64> {
    let mut postings = ledger.connection().prepare("SELECT action_id, amount FROM posting WHERE day <= ?").unwrap();
    let mut open = BTreeMap::new();
    for row in postings.query_map([day.0], |r| Ok((r.get(0)?, r.get(1)?))).unwrap() {
        let (id, amount): (i64, i64) = row.unwrap();
        *open.entry(id).or_insert(0) += amount;
    }
    open.retain(|_, amount| *amount > 0);
    open
}

pub fn as_of(day: Day) -> Selection {
    Selection { as_of: Some(day), ..Selection::default() }
}

/// The open amounts by action on a day according to the report, for both signs.
fn reported(ledger: &Ledger, day: Day) -> BTreeMap<i64, i64> {
    let lens = Lens::new(ledger, &as_of(day)).unwrap();
    let mut open = BTreeMap::new();
    for sign in [Sign::Hostile, Sign::Friendly] {
        unanswered::read(&lens, sign, |row| {
            open.insert(row.id, row.open.unwrap_or(1));
            Ok(())
        })
        .unwrap();
    }
    open
}

pub fn rows_of(ledger: &Ledger, select: &str) -> Vec<String> {
    written(ledger.connection().prepare(select).unwrap())
}

fn written(mut statement: rusqlite::Statement<'_>) -> Vec<String> {
    let width = statement.column_count();
    let row = |r: &rusqlite::Row<'_>| Ok((0..width).map(|i| format!("{:?}|", r.get_ref(i).unwrap())).collect::<String>());
    statement.query_map([], row).unwrap().map(Result::unwrap).collect()
}

proptest! {
    #![proptest_config(config(5))]

    #[test]
    fn no_sequence_of_changes_breaks_a_rule(steps in prop::collection::vec(step(), 1..30)) {
        let mut ledger = Ledger::in_memory().unwrap();
        for step in &steps {
            take(&mut ledger, step);
            assert_sound(&ledger);
        }
    }

    /// The rule is implemented twice, in the schema and in Rust, which the check uses. Both implementations agree.
    #[test]
    fn the_check_finds_nothing_wrong_with_what_the_ledger_took(steps in prop::collection::vec(step(), 1..30)) {
        let mut ledger = Ledger::in_memory().unwrap();
        steps.iter().for_each(|step| take(&mut ledger, step));
        let mut wrong = check(&ledger).unwrap();
        wrong.retain(|f| f.severity == Severity::Error);
        prop_assert!(wrong.is_empty(), "{:?}", wrong);
    }

    #[test]
    fn what_is_open_on_a_day_is_the_sum_of_its_postings(steps in prop::collection::vec(step(), 1..30), days in prop::collection::vec(0..120i64, 1..5)) {
        let mut ledger = Ledger::in_memory().unwrap();
        steps.iter().for_each(|step| take(&mut ledger, step));
        for day in days.into_iter().map(|d| Day(FIRST_DAY + d)) {
            prop_assert_eq!(reported(&ledger, day), open_on(&ledger, day), "on {}", day);
        }
    }

    /// If actions are logged in the order of their days, a report for a past day gives the same result later as on that day.
    #[test]
    fn a_report_for_a_past_day_knows_nothing_of_what_came_later(mut steps in prop::collection::vec(logged(), 1..25)) {
        steps.sort_by_key(|step| match step { Step::Log { day, .. } => *day, _ => 0 });
        let mut ledger = Ledger::in_memory().unwrap();
        let mut printed = BTreeMap::new();
        for step in &mut steps {
            let Step::Log { day, precision, .. } = step else { continue };
            *precision = 7;
            let today = Day(FIRST_DAY + *day);
            take(&mut ledger, step);
            printed.insert(today, (
                unanswered::rows(&ledger, &as_of(today)).unwrap(),
                balance::rows(&ledger, &as_of(today)).unwrap(),
                pending::rows(&ledger, &as_of(today)).unwrap(),
                timeline::rows(&ledger, &as_of(today)).unwrap(),
            ));
        }
        for (day, (open, weighed, hanging, told)) in printed {
            prop_assert_eq!(&unanswered::rows(&ledger, &as_of(day)).unwrap(), &open);
            prop_assert_eq!(&balance::rows(&ledger, &as_of(day)).unwrap(), &weighed);
            prop_assert_eq!(&pending::rows(&ledger, &as_of(day)).unwrap(), &hanging);
            prop_assert_eq!(&timeline::rows(&ledger, &as_of(day)).unwrap(), &told);
        }
    }

    /// The views contain what the command line prints.
    #[test]
    fn the_views_say_what_the_reports_say(steps in prop::collection::vec(step(), 1..30)) {
        let mut ledger = Ledger::in_memory().unwrap();
        steps.iter().for_each(|step| take(&mut ledger, step));
        let later = as_of(Day(FIRST_DAY + 2000));
        for view in ["open_claim ORDER BY id", "unanswered ORDER BY id", "balance", "matrix ORDER BY sign, unit, actor, target", "pending_threat ORDER BY id", "timeline ORDER BY day, id, party_a, party_b",
            "posting ORDER BY action_id, day, link_id, posting", "account ORDER BY action_id, day, link_id, posting", "link_posting ORDER BY action_id, link_id, posting",
            "response ORDER BY id", "unfiltered_action ORDER BY id", "effective_link ORDER BY id"] {
            let select = format!("SELECT * FROM {view}");
            let plain = rows_of(&ledger, &select);
            let lens = Lens::new(&ledger, &later).unwrap();
            prop_assert_eq!(written(lens.prepare(&select).unwrap()), plain, "{}", view);
        }
    }

    /// The net value of a pair and kind is one side minus the other, and no open amount exceeds the amount of the acts.
    #[test]
    fn the_balance_adds_up(steps in prop::collection::vec(step(), 1..30)) {
        let mut ledger = Ledger::in_memory().unwrap();
        steps.iter().for_each(|step| take(&mut ledger, step));
        for row in balance::rows(&ledger, &as_of(Day(FIRST_DAY + 2000))).unwrap() {
            prop_assert!(row.party_a < row.party_b);
            prop_assert!(row.a_actions + row.b_actions + row.a_reversed + row.b_reversed > 0);
            if let (Some(a), Some(b)) = (row.a_count, row.b_count) {
                prop_assert_eq!(row.net_count, Some(a - b).filter(|_| !row.a_has_unknown && !row.b_has_unknown));
                prop_assert!(row.a_open.unwrap_or(0) <= a && row.b_open.unwrap_or(0) <= b);
            }
        }
    }

    /// The matrix adds up the open claims, and cutting it to fewer parties changes no total.
    #[test]
    fn the_matrix_adds_up(steps in prop::collection::vec(step(), 1..30), day in 0..120i64) {
        let mut ledger = Ledger::in_memory().unwrap();
        steps.iter().for_each(|step| take(&mut ledger, step));
        let lens = Lens::new(&ledger, &as_of(Day(FIRST_DAY + day))).unwrap();
        let mut open: BTreeMap<[String; 4], (i64, i64, bool)> = BTreeMap::new();
        for sign in [Sign::Hostile, Sign::Friendly] {
            unanswered::read(&lens, sign, |row| {
                let of = open.entry([sign.to_string(), row.unit, row.actor, row.target]).or_default();
                *of = (of.0 + 1, of.1 + row.open.unwrap_or(0), of.2 || row.open.is_none());
                Ok(())
            })
            .unwrap();
        }
        let rows = collect(|each| matrix::read(&lens, each)).unwrap();
        for row in &rows {
            let claims = open.remove(&[row.sign.to_string(), row.unit.clone(), row.actor.clone(), row.target.clone()]);
            prop_assert_eq!(claims, Some((row.acts, row.open.unwrap_or(0), row.has_unknown)));
        }
        prop_assert!(open.is_empty(), "{:?}", open);
        for block in matrix::blocks(&rows) {
            let total = |parties: usize| {
                let crossed = block.crossed(parties, parties, &[]);
                crossed.cells.last().and_then(|row| row.last()).map(ToString::to_string)
            };
            prop_assert_eq!(total(1), total(99));
        }
    }
}

/// Invalid numbers that another program wrote neither crash the program nor survive a recomputation.
#[test]
fn numbers_that_no_rule_wrote_do_not_panic() {
    for (stands, open) in [(i64::MIN, i64::MAX), (i64::MAX, i64::MIN), (-5, -5), (7, -1)] {
        let mut ledger = Ledger::in_memory().unwrap();
        let date: Date = "2017-01-01".parse().unwrap();
        ledger.log(&Entry::new("USA", "RUS", "expulsion", date.clone()).count(5).stage(Stage::Announced)).unwrap();
        ledger.log(&Entry::new("USA", "RUS", "expulsion", date.clone()).count(5)).unwrap();
        ledger.log(&Entry::new("RUS", "USA", "expulsion", date.clone()).count(5)).unwrap();
        let conn = ledger.connection();
        conn.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
        conn.execute("UPDATE action SET stands = ?, open = ?", [stands, open]).unwrap();
        conn.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true).unwrap();
        for (later, relation, earlier) in
            [("2", Relation::Executes, "1"), ("3", Relation::Answers, "1"), ("2", Relation::Reverses, "1"), ("1", Relation::Reverses, "2")]
        {
            let _ = ledger.link(later, relation, earlier, Amount::default());
        }
        ledger.edit("1", &Correction { count: Some(Some(3).into()), ..Correction::default() }).unwrap();
        // Each action that a change affects is recomputed from the facts.
        assert_eq!(number(&ledger, "SELECT count(*) FROM derived_action d JOIN action a ON a.id = d.action_id WHERE d.open <> a.open"), 0);
    }
}
