//! Pooled figures are those of all pairs together, and the reciprocity of a network is that of the acts made.

use std::collections::BTreeMap;

use recip::report::Selection;
use recip::report::reciprocity::{ALL, Measure, Terms, rows};

use crate::measures::example;

/// The pooled figures are those of the pairs put together: counts and weights add up, rates are those of the sums, and a party's figures
/// towards the only other party are those of the pair.
#[test]
fn pooled_figures_are_those_of_the_pairs_together() {
    for name in ["skripal-2018", "qatar-2017", "us-china-2020"] {
        let ledger = example(name);
        for by_year in [false, true] {
            let terms = Terms { pooled: true, by_year, ..Terms::default() };
            let (pooled, single): (Vec<_>, Vec<_>) =
                rows(&ledger, &Selection::default(), &terms).unwrap().into_iter().partition(|r| r.responder == ALL || r.other == ALL);
            // The index of a pair depends on the other pairs, so that only the pooled figures have it.
            let single: Vec<_> = single.into_iter().filter(|r| r.measure != Measure::DyadicIndex).collect();
            let alone = rows(&ledger, &Selection::default(), &Terms { pooled: false, ..terms }).unwrap();
            assert_eq!(single, alone, "{name}");
            assert!(pooled.iter().any(|r| (r.responder.as_str(), r.other.as_str()) == (ALL, ALL)));
            for row in pooled.iter().filter(|r| r.measure != Measure::NetworkReciprocity) {
                let of = |code: &String, own: &String| code == ALL || code == own;
                let parts: Vec<_> = single
                    .iter()
                    .filter(|r| of(&row.responder, &r.responder) && of(&row.other, &r.other))
                    .filter(|r| (r.measure, &r.period, &r.unit, &r.scale) == (row.measure, &row.period, &row.unit, &row.scale))
                    .collect();
                let net = row.measure == Measure::NetWeight;
                assert_eq!(row.n, parts.iter().map(|r| r.n).sum::<i64>(), "{row:?}");
                assert_eq!(row.of.unwrap_or(0), parts.iter().filter_map(|r| r.of).sum::<i64>(), "{row:?}");
                if row.unit == "acts" || (row.unit == "points" && row.measure == Measure::Weight) || net {
                    let sum: f64 = parts.iter().filter_map(|r| r.value).sum();
                    assert!(row.value.is_none_or(|value| (value - sum).abs() < 1e-9), "{row:?}: {sum}");
                }
                if row.measure == Measure::ResponseRate {
                    let of = row.of.unwrap();
                    assert_eq!(row.value, (of >= 5).then(|| row.n as f64 / of as f64));
                }
            }
        }
    }
    // With two parties, all others are the other.
    let ledger = example("us-china-2020");
    let pooled = rows(&ledger, &Selection::default(), &Terms { pooled: true, ..Terms::default() }).unwrap();
    let of = |responder: &str, other: &str| -> Vec<_> {
        let found =
            pooled.iter().filter(|r| r.measure != Measure::DyadicIndex && (r.responder.as_str(), r.other.as_str()) == (responder, other));
        found.map(|r| (r.measure, r.unit.clone(), r.scale.clone(), r.value, r.low, r.high, r.n, r.of)).collect()
    };
    assert_eq!(of("CHN", "USA"), of("CHN", ALL));
    assert_eq!(of("USA", "CHN"), of(ALL, "CHN"));
    assert_eq!(of("CHN", ALL).len(), of(ALL, ALL).len() - 2);
}

/// The reciprocity of the network is that of the table of who did how much to whom.
#[test]
fn the_network_is_that_of_the_acts_made() {
    let ledger = example("qatar-2017");
    let pooled = rows(&ledger, &Selection::default(), &Terms { pooled: true, ..Terms::default() }).unwrap();
    let mut made: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    for row in pooled.iter().filter(|r| r.measure == Measure::ActsMade && r.responder != ALL && r.other != ALL) {
        made.insert((&row.responder, &row.other), row.value.unwrap());
    }
    let smaller: f64 = made.iter().map(|((a, b), n)| n.min(made[&(*b, *a)])).sum();
    let network = pooled.iter().find(|r| r.measure == Measure::NetworkReciprocity && r.unit == "acts").unwrap();
    assert_eq!(network.value, Some(smaller / made.values().sum::<f64>()));
}

/// The index of a pair is that of the shares in the same table.
#[test]
fn the_index_of_a_pair_is_that_of_its_shares() {
    for example_name in ["skripal-2018", "qatar-2017", "us-china-tariffs-2018"] {
        let ledger = example(example_name);
        let pooled = rows(&ledger, &Selection::default(), &Terms { pooled: true, ..Terms::default() }).unwrap();
        let of = |measure| pooled.iter().filter(move |r| r.measure == measure && r.unit == "acts" && r.responder != ALL && r.other != ALL);
        let made: BTreeMap<(&str, &str), f64> =
            of(Measure::ActsMade).map(|r| ((r.responder.as_str(), r.other.as_str()), r.value.unwrap())).collect();
        let all = |party: &str| made.iter().filter(|((responder, _), _)| *responder == party).map(|(_, n)| n).sum::<f64>();
        let mut indices = 0;
        for row in of(Measure::DyadicIndex) {
            let (own, other) = (row.responder.as_str(), row.other.as_str());
            let share = |a, b| made[&(a, b)] / all(a);
            assert_eq!((row.n, row.of), (made[&(own, other)] as i64, Some(all(own) as i64)));
            let expected = (share(own, other).ln() - share(other, own).ln()).abs();
            assert!(row.value.is_none() && expected.is_infinite() || (row.value.unwrap() - expected).abs() < 1e-12, "{row:?}");
            indices += 1;
        }
        assert_eq!(indices, made.len(), "{example_name}");
    }
}
