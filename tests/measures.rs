//! The measures of reciprocity agree with a plain computation over the rows, on the examples and on random ledgers.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use recip::Ledger;
use recip::model::{Clock, Day, Sign};
use recip::read::{ReadOptions, open_file};
use recip::report::reciprocity::{Evidence, Measure, Terms, explain, read, rows};
use recip::report::{Lens, Pair, Selection, balance, collect};

use crate::support::{cases, config, left_out};

use crate::arithmetic::{FIRST_DAY, as_of};
use crate::generated_exchanges::{grown, moves};
use crate::plain_measures::{Asked, Key, Told, figures};
use crate::plain_rows::responses;

fn asked(as_of: i64) -> Asked {
    let scales = vec!["goldstein", "plover"];
    Asked { as_of, within: 20, half_life: 30.0, sign: "hostile", by_year: false, scales, kind: None, since: None, until: None }
}

fn selection(asked: &Asked) -> Selection {
    Selection {
        as_of: Some(Day(asked.as_of)),
        kinds: asked.kind.iter().map(|k| (*k).to_owned()).collect(),
        since: asked.since.map(Day),
        until: asked.until.map(Day),
        ..Selection::default()
    }
}

fn terms(asked: &Asked) -> Terms {
    Terms {
        within: asked.within,
        half_life: asked.half_life,
        by_year: asked.by_year,
        sign: asked.sign.parse().unwrap(),
        scales: asked.scales.iter().map(|s| (*s).to_owned()).collect(),
        ..Terms::default()
    }
}

fn reported(ledger: &Ledger, asked: &Asked) -> BTreeMap<Key, Told> {
    let rows = rows(ledger, &selection(asked), &terms(asked)).unwrap();
    let count = rows.len();
    let told: BTreeMap<Key, Told> = rows
        .into_iter()
        .map(|r| {
            let key = (r.period.unwrap_or_default(), r.responder, r.other, r.measure.to_string(), r.unit, r.scale.unwrap_or_default());
            (key, (r.value, r.n, r.of))
        })
        .collect();
    assert_eq!(told.len(), count, "a figure is told twice");
    told
}

/// Checks that both have the same figures, and the same values except for rounding.
fn agree(ledger: &Ledger, asked: &Asked) {
    let (reported, plain) = (reported(ledger, asked), figures(ledger, asked));
    let keys = |told: &BTreeMap<Key, Told>| told.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&reported), keys(&plain));
    for (key, (value, n, of)) in &plain {
        let (said, said_n, said_of) = &reported[key];
        assert_eq!((said_n, said_of, said.is_some()), (n, of, value.is_some()), "{key:?}");
        let near = said.zip(*value).is_none_or(|(a, b)| (a - b).abs() <= 1e-9 * (1.0 + b.abs()));
        assert!(near, "{key:?}: {said:?}, and plainly {value:?}");
    }
}

const EXAMPLES: [&str; 10] = [
    "us-russia-2016-2017",
    "britain-soviet-1985",
    "us-soviet-1986",
    "skripal-2018",
    "nato-russia-2021",
    "canada-india-2023",
    "russia-expulsions-2022",
    "us-china-2020",
    "us-china-tariffs-2018",
    "qatar-2017",
];

pub fn example(name: &str) -> Ledger {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/{name}.csv"));
    open_file(&path, &ReadOptions::default(), Clock::system()).unwrap()
}

/// The last day of an example's actions.
fn last_day(ledger: &Ledger) -> i64 {
    ledger.connection().query_row("SELECT max(day) FROM action", [], |r| r.get(0)).unwrap()
}

#[test]
fn the_examples_come_out_as_a_plain_computation_has_them() {
    for name in EXAMPLES {
        let ledger = example(name);
        let last = last_day(&ledger);
        for as_of in [last - 20, last + 200, last - 100, last].into_iter().take(cases(1, 4)) {
            for within in [20, 1, 90].into_iter().take(cases(1, 3)) {
                agree(&ledger, &Asked { within, ..asked(as_of) });
            }
            agree(&ledger, &Asked { sign: "friendly", ..asked(as_of) });
            agree(&ledger, &Asked { by_year: true, ..asked(as_of) });
            agree(&ledger, &Asked { kind: Some("expulsion"), ..asked(as_of) });
            agree(&ledger, &Asked { since: Some(last - 60), until: Some(last - 5), ..asked(as_of) });
        }
    }
}

const RESPONSE: &str =
    "SELECT id, claimed, answered, waived, reversed, open, outcome, answers, in_kind, solidarity, first_days_min, first_days_max,
      settled_days_min, settled_days_max, stands, day
    FROM response ORDER BY id";

/// The rows of the view as the plain computation writes them.
fn viewed(ledger: &Ledger) -> Vec<String> {
    written(ledger.connection().prepare(RESPONSE).unwrap())
}

fn written(mut select: rusqlite::Statement<'_>) -> Vec<String> {
    let text = |r: &rusqlite::Row<'_>, at| match r.get_ref(at)? {
        rusqlite::types::ValueRef::Null => Ok("NULL".to_owned()),
        rusqlite::types::ValueRef::Integer(n) => Ok(n.to_string()),
        other => Ok::<_, rusqlite::Error>(other.as_str().unwrap().to_owned()),
    };
    let line = |r: &rusqlite::Row<'_>| Ok((0..16).map(|at| text(r, at)).collect::<rusqlite::Result<Vec<_>>>()?.join("|"));
    select.query_map([], line).unwrap().map(Result::unwrap).collect()
}

/// What was entered in error leaves no trace in the figures: neither a reply to an answer, nor an answer by a third party, nor an act that was
/// answered.
#[test]
fn voided_acts_do_not_count() {
    let acts = "date,actor,target,kind,count,ref,answers\n\
        2017-01-01,USA,RUS,expulsion,5,first,\n2017-01-05,RUS,USA,expulsion,5,answer,first\n2017-01-06,EU,RUS,sanction,,alone,\n\
        2017-01-10,RUS,USA,sanction,,other,{other}\n2017-01-12,USA,RUS,seizure,1,,\n";
    let voided =
        "2017-01-08,USA,RUS,sanction,,wrong,\n2017-01-20,USA,RUS,protest,,reply,answer\n2017-01-21,CHN,EU,protest,,solidarity,alone\n";
    let open = |text: String| {
        let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        std::fs::write(file.path(), text).unwrap();
        open_file(file.path(), &ReadOptions::default(), Clock::system()).unwrap()
    };
    let without = open(acts.replace("{other}", ""));
    let mut with = open(acts.replace("{other}", "wrong") + voided);
    for reference in ["wrong", "reply", "solidarity"] {
        with.void(reference, "entered in error").unwrap();
    }
    for pair in [None, Some(Pair::Both("USA".to_owned(), "RUS".to_owned()))] {
        let selection = Selection { as_of: Some(Day(FIRST_DAY + 400)), pair, ..Selection::default() };
        assert_eq!(rows(&with, &selection, &Terms::default()).unwrap(), rows(&without, &selection, &Terms::default()).unwrap());
    }
    // Without the id, which depends on the order of entry.
    let lines = |viewed: Vec<String>| viewed.into_iter().map(|line| line.split_once('|').unwrap().1.to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(viewed(&with)), lines(viewed(&without)));
}

#[test]
fn the_view_of_responses_is_right_on_the_examples() {
    for name in EXAMPLES {
        let ledger = example(name);
        for day in [last_day(&ledger) - 30, last_day(&ledger)] {
            let lens = Lens::new(&ledger, &as_of(Day(day))).unwrap();
            assert_eq!(written(lens.prepare(RESPONSE).unwrap()), responses(&ledger, day), "{name}");
            drop(lens);
        }
    }
}

proptest! {
    #![proptest_config(config(3))]

    #[test]
    fn random_ledgers_come_out_as_a_plain_computation_has_them(
        moves in moves(), after in 0..250i64, within in 1..60i64, by_year in any::<bool>(), narrow in 0..4usize, two in any::<bool>(),
    ) {
        let ledger = grown(&moves, two);
        let day = FIRST_DAY + after;
        let mut asked = Asked { within, by_year, scales: vec!["goldstein", "heads"], ..asked(day) };
        match narrow {
            1 => asked.kind = Some("expulsion"),
            2 => (asked.since, asked.until) = (Some(FIRST_DAY + 10), Some(FIRST_DAY + 60)),
            3 => asked.sign = "friendly",
            _ => (),
        }
        agree(&ledger, &asked);
    }

    #[test]
    fn the_view_of_responses_is_right_on_random_ledgers(moves in moves(), after in 0..250i64, two in any::<bool>()) {
        let ledger = grown(&moves, two);
        let day = FIRST_DAY + after;
        let plain = responses(&ledger, day);
        let lens = Lens::new(&ledger, &as_of(Day(day))).unwrap();
        prop_assert_eq!(written(lens.prepare(RESPONSE).unwrap()), plain);
        drop(lens);
        prop_assert_eq!(viewed(&ledger), responses(&ledger, FIRST_DAY + 2000));
    }

    /// The number of actions behind a figure is its `n` and its `of`, and their amounts add up to the value if it is a sum.
    #[test]
    fn what_explains_a_figure_is_what_it_says(moves in moves(), after in 0..250i64) {
        let ledger = grown(&moves, true);
        let lens = Lens::new(&ledger, &as_of(Day(FIRST_DAY + after))).unwrap();
        let terms = Terms { within: 20, ..Terms::default() };
        for figure in collect(|each| read(&lens, &terms, each)).unwrap() {
            let mut behind = collect(|each| explain(&lens, &terms, figure.measure, each)).unwrap();
            behind.retain(|e| (&e.responder, &e.other, &e.unit, &e.scale) == (&figure.responder, &figure.other, &figure.unit, &figure.scale));
            let claim = |e: &&Evidence| !proportion(figure.measure) || (&e.actor, &e.target) == (&figure.other, &figure.responder);
            let (claims, answers): (Vec<_>, Vec<_>) = behind.iter().partition(claim);
            if figure.measure == Measure::ChanceAny {
                continue; // its n and its of are numbers of days
            }
            prop_assert_eq!(claims.iter().filter(|e| e.counted).count() as i64, figure.n, "{:?}", figure);
            prop_assert_eq!(figure.of.is_none_or(|of| of == claims.len() as i64), true, "{:?}", figure);
            let sum = |rows: &[&Evidence]| rows.iter().filter(|e| e.counted).filter_map(|e| e.amount).sum::<f64>();
            let expected = match figure.measure {
                Measure::Weight | Measure::NetWeight | Measure::DecayedWeight => Some(sum(&claims)),
                measure if proportion(measure) && figure.n > 0 => Some(sum(&answers) / sum(&claims)),
                _ => None,
            };
            if let (Some(expected), Some(value)) = (expected, figure.value) {
                prop_assert!((expected - value).abs() < 1e-9, "{:?}: {}", figure, expected);
            }
        }
    }

    /// The net weight equals that of the balance.
    #[test]
    fn the_net_weight_is_that_of_the_balance(moves in moves()) {
        let ledger = grown(&moves, false);
        let day = as_of(Day(FIRST_DAY + 2000));
        let mut net: BTreeMap<(String, String), f64> = BTreeMap::new();
        for row in balance::rows(&ledger, &day).unwrap() {
            *net.entry((row.party_a, row.party_b)).or_default() += row.net_weight.unwrap_or(0.0);
        }
        for row in rows(&ledger, &day, &Terms::default()).unwrap().iter().filter(|r| r.measure == Measure::NetWeight) {
            let (pair, turn) = if row.responder < row.other { ((&row.responder, &row.other), 1.0) } else { ((&row.other, &row.responder), -1.0) };
            let balance = net.get(&(pair.0.clone(), pair.1.clone())).copied().unwrap_or(0.0);
            prop_assert!((row.value.unwrap_or(0.0) - turn * balance).abs() < 1e-9, "{:?}", row);
        }
    }
}

fn proportion(measure: Measure) -> bool {
    matches!(measure, Measure::ProportionCount | Measure::ProportionWeight)
}

/// A report on one pair agrees with the report on the whole ledger.
#[test]
fn a_pair_is_measured_as_in_the_whole() {
    let ledger = example("skripal-2018");
    let terms = Terms { sign: Sign::Hostile, ..Terms::default() };
    let whole = rows(&ledger, &Selection::default(), &terms).unwrap();
    let mut pairs: Vec<(String, String)> = whole.iter().map(|r| (r.responder.clone(), r.other.clone())).collect();
    pairs.dedup();
    assert!(pairs.len() > 10);
    for (a, b) in pairs.iter().filter(|(a, b)| a < b) {
        let pair = Some(recip::report::Pair::Both(a.clone(), b.clone()));
        let one = rows(&ledger, &Selection { pair, ..Selection::default() }, &terms).unwrap();
        let same: Vec<_> =
            whole.iter().filter(|r| (&r.responder, &r.other) == (a, b) || (&r.responder, &r.other) == (b, a)).cloned().collect();
        assert_eq!(one, same, "{a} and {b}");
    }
}

/// The random ledgers cover the difficult cases: each case occurs in at least one of 20 ledgers. It stops once all have occurred.
#[test]
fn random_ledgers_hold_every_case() {
    if left_out("that the random ledgers hold every case") {
        return;
    }
    use proptest::strategy::{Strategy, ValueTree};
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    let cases = [
        ("a median", "SELECT 0"),
        (
            "an answer to an announcement that was carried out",
            "SELECT count(*) FROM link x JOIN link l ON l.earlier_id = x.earlier_id WHERE x.relation = 'executes' AND l.relation = 'answers' AND l.covers > 0",
        ),
        (
            "such an answer to an unknown count",
            "SELECT count(*) FROM link x JOIN link l ON l.earlier_id = x.earlier_id JOIN action a ON a.id = x.earlier_id WHERE x.relation = 'executes' AND l.relation = 'answers' AND l.covers > 0 AND a.count IS NULL",
        ),
        (
            "an act that answers twice",
            "SELECT count(*) FROM (SELECT 1 FROM link WHERE relation = 'answers' AND spends > 0 GROUP BY action_id HAVING count(*) > 1)",
        ),
        (
            "a waiver taken back",
            "SELECT count(*) FROM link r JOIN link w ON w.action_id = r.earlier_id WHERE r.relation = 'reverses' AND w.relation = 'waives'",
        ),
        (
            "the same of an announcement carried out",
            "SELECT count(*) FROM action a WHERE open > 0 AND EXISTS (SELECT 1 FROM link WHERE earlier_id = a.id AND relation = 'executes')",
        ),
        ("a part answered", "SELECT count(*) FROM response WHERE outcome = 'part'"),
        ("a part answered, the rest waived or undone", "SELECT count(*) FROM response WHERE outcome = 'part' AND open = 0"),
        ("a third country's answer", "SELECT count(*) FROM response WHERE solidarity > 0"),
        (
            "an answer from elsewhere",
            "SELECT count(*) FROM link l JOIN action b ON b.id = l.action_id JOIN action a ON a.id = l.earlier_id WHERE l.relation = 'answers' AND l.covers > 0 AND (b.actor <> a.target OR b.target <> a.actor)",
        ),
        (
            "a renewal of a renewal",
            "SELECT count(*) FROM link l JOIN link m ON m.action_id = l.earlier_id WHERE l.relation = 'renews' AND m.relation = 'renews'",
        ),
        (
            "an announced renewal that was carried out in part",
            "SELECT count(*) FROM link r JOIN link x ON x.earlier_id = r.action_id AND x.relation = 'executes' JOIN action a ON a.id = r.action_id WHERE r.relation = 'renews' AND r.spends > 0 AND x.spends > 0 AND a.stands > 0",
        ),
        ("an extension", "SELECT count(*) FROM link WHERE relation = 'extends'"),
        ("links", "SELECT count(*) / 10 FROM link"),
    ];
    for _ in 0..20 {
        let moves = moves().new_tree(&mut runner).unwrap().current();
        let ledger = grown(&moves, false);
        for (name, count) in cases {
            let n: i64 = ledger.connection().query_row(count, [], |r| r.get(0)).unwrap();
            *found.entry(name).or_default() += n.min(1) as usize;
        }
        let two = grown(&moves, true);
        let medians = rows(&two, &as_of(Day(FIRST_DAY + 300)), &Terms::default()).unwrap();
        *found.entry("a median").or_default() +=
            usize::from(medians.iter().any(|r| r.measure == Measure::MedianFullAnswer && r.value.is_some()));
        if found.values().all(|n| *n >= 1) {
            return;
        }
    }
    panic!("of 20 ledgers: {found:#?}");
}
