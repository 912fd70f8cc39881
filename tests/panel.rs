//! The panel adds up to the balance, ends with what is unanswered for periods of every length, and by month equals its view.

use std::collections::BTreeMap;

use proptest::prelude::*;
use recip::Ledger;
use recip::model::period::Length;
use recip::model::{Day, Sign};
use recip::report::panel::read;
use recip::report::{Lens, Selection, balance, collect, unanswered};
use serde_json::Value;

use crate::generated_exchanges::{grown, moves};
use crate::support::config;

/// Later than every act of a generated ledger.
const DAY: &str = "2019-07-01";

/// By actor and target: the acts, the weight, and the hostile acts and gestures that are open.
type Sums = BTreeMap<(String, String), (i64, f64, i64, i64)>;

fn lens(ledger: &Ledger) -> Lens<'_> {
    Lens::new(ledger, &Selection { as_of: Some(DAY.parse::<Day>().unwrap()), ..Selection::default() }).unwrap()
}

/// The sums over all periods of the panel, with what is open in the last, and the number of rows of each pair.
fn sums_of_panel(ledger: &Ledger, by: Length) -> (Sums, Vec<usize>) {
    let (mut sums, mut rows) = (Sums::new(), BTreeMap::<(String, String), usize>::new());
    let mut columns = Vec::new();
    let lens = lens(ledger);
    let mut begin = |names: Vec<String>| {
        columns = names;
        Ok(())
    };
    let mut read_rows: Vec<Vec<Value>> = Vec::new();
    read(&lens, by, &mut begin, &mut |row| {
        read_rows.push(row);
        Ok(())
    })
    .unwrap();
    let at = |name: &str| columns.iter().position(|column| column == name).unwrap();
    for row in &read_rows {
        let dyad = (row[3].as_str().unwrap().to_owned(), row[4].as_str().unwrap().to_owned());
        let number = |name: &str| row[at(name)].as_f64().unwrap_or_default();
        let sum = sums.entry(dyad.clone()).or_default();
        sum.0 += (number("hostile_acts") + number("friendly_acts")) as i64;
        sum.1 += number("hostile_weight") + number("friendly_weight");
        (sum.2, sum.3) = (number("hostile_open") as i64, number("friendly_open") as i64);
        let of_kinds: i64 = (0..row.len()).filter(|at| columns[*at].ends_with("_acts")).map(|at| row[at].as_i64().unwrap()).sum();
        let of_sides = ["hostile_acts", "friendly_acts"].map(|name| row[at(name)].as_i64().unwrap()).iter().sum::<i64>();
        let others = ["unweighted_acts", "imprecise_acts"].map(|name| row[at(name)].as_i64().unwrap()).iter().sum::<i64>();
        assert_eq!(of_kinds, 2 * of_sides + others);
        *rows.entry(dyad).or_default() += 1;
    }
    (sums, rows.into_values().collect())
}

fn sums_of_balance(ledger: &Ledger) -> Sums {
    let lens = lens(ledger);
    let mut sums = Sums::new();
    for row in collect(|each| balance::read(&lens, each)).unwrap() {
        let (a, b) = (row.party_a, row.party_b);
        for (dyad, acts, weight) in
            [((a.clone(), b.clone()), row.a_actions + row.a_reversed, row.a_weight), ((b, a), row.b_actions + row.b_reversed, row.b_weight)]
        {
            let sum = sums.entry(dyad).or_default();
            sum.0 += acts;
            sum.1 += weight.unwrap_or_default();
        }
    }
    for sign in [Sign::Hostile, Sign::Friendly] {
        for row in collect(|each| unanswered::read(&lens, sign, each)).unwrap() {
            let sum = sums.entry((row.actor, row.target)).or_default();
            if sign == Sign::Hostile { sum.2 += 1 } else { sum.3 += 1 }
        }
    }
    sums
}

/// The columns that the view has in common with the report, of every row of a panel by month.
const OF_VIEW: [&str; 10] = [
    "period",
    "actor",
    "target",
    "hostile_acts",
    "friendly_acts",
    "hostile_weight",
    "friendly_weight",
    "unweighted_acts",
    "hostile_open",
    "friendly_open",
];

fn panel_by_month(lens: &Lens<'_>) -> Vec<Vec<Value>> {
    let (mut places, mut rows) = (Vec::new(), Vec::new());
    let mut begin = |names: Vec<String>| {
        places = OF_VIEW.map(|name| names.iter().position(|column| column == name).unwrap()).to_vec();
        Ok(())
    };
    let mut all: Vec<Vec<Value>> = Vec::new();
    read(lens, Length::Month, &mut begin, &mut |row| {
        all.push(row);
        Ok(())
    })
    .unwrap();
    rows.extend(all.iter().map(|row| places.iter().map(|at| row[*at].clone()).collect()));
    rows
}

fn view(lens: &Lens<'_>) -> Vec<Vec<Value>> {
    let mut select = lens.prepare(&format!("SELECT {} FROM panel ORDER BY actor, target, period", OF_VIEW.join(", "))).unwrap();
    let rows = select.query_map([], |row| {
        (0..OF_VIEW.len())
            .map(|at| {
                Ok(match row.get(at)? {
                    rusqlite::types::Value::Integer(number) => number.into(),
                    rusqlite::types::Value::Real(number) => number.into(),
                    rusqlite::types::Value::Text(text) => text.into(),
                    _ => Value::Null,
                })
            })
            .collect()
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// True if two values are equal, numbers with a fraction as far as the order of their sum allows.
fn like(a: &Value, b: &Value) -> bool {
    a == b || matches!((a.as_f64(), b.as_f64()), (Some(a), Some(b)) if (a - b).abs() < 1e-9)
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn the_panel_adds_up_to_the_balance(moves in moves()) {
        let ledger = grown(&moves, false);
        let expected = sums_of_balance(&ledger);
        let view = view(&lens(&ledger));
        let panel = panel_by_month(&lens(&ledger));
        prop_assert_eq!(view.len(), panel.len());
        for (view, panel) in view.iter().zip(&panel) {
            prop_assert!(view.iter().zip(panel).all(|(a, b)| like(a, b)), "the view has {view:?}, the panel {panel:?}");
        }
        for by in [Length::Day, Length::Week, Length::Month, Length::Quarter, Length::Year] {
            let (sums, rows) = sums_of_panel(&ledger, by);
            prop_assert!(rows.windows(2).all(|pair| pair[0] == pair[1]), "the panel is not balanced: {rows:?}");
            for (dyad, expected) in &expected {
                let found = sums.get(dyad).copied().unwrap_or_default();
                prop_assert!(
                    found.0 == expected.0 && (found.1 - expected.1).abs() < 1e-9 && (found.2, found.3) == (expected.2, expected.3),
                    "{dyad:?} by {by:?}: the panel has {found:?}, the reports {expected:?}"
                );
            }
            let nothing = (0, 0.0, 0, 0);
            prop_assert!(sums.iter().all(|(dyad, sum)| expected.contains_key(dyad) || *sum == nothing));
        }
    }
}
