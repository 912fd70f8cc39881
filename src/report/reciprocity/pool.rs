//! Pooled figures: each party towards all others and all others towards it, and all pairs together.
//!
//! The acts of the pairs are put together, and the figures are computed over them as over one pair. Figures that depend on the order of the
//! acts of two parties cannot be computed so; they are added up, case by case, over the pairs.

use std::collections::{BTreeMap, HashMap};

use crate::model::interval::{Interval, wilson};
use crate::report::reciprocity::figure::{Case, Figure, Frame, share_of};
use crate::report::reciprocity::pair::{Answer, Answerer, Conduct, PairData};
use crate::report::reciprocity::{Measure, periods, plain_figures};

/// Stands for all parties.
pub const ALL: &str = "*";

/// The figures that depend on the order of the acts of two parties.
const IN_ORDER: [Measure; 7] = [
    Measure::TitForTat,
    Measure::Retaliation,
    Measure::Forgiveness,
    Measure::Initiation,
    Measure::ChanceAfter,
    Measure::ChanceAny,
    Measure::Contingency,
];

/// A responder and another party, either of them perhaps [`ALL`], and the year of the period.
type Key = (String, String, Option<i32>);

/// What the pairs read so far add up to.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// The conduct of each party towards all others (a), and of all others towards it (b).
    parties: BTreeMap<String, PairData>,
    /// All acts, as made (a) and as received (b).
    all: PairData,
    /// The cases of the figures in order.
    in_order: HashMap<Key, BTreeMap<Measure, (i64, i64)>>,
    /// For each period and each measure of size (acts, or the weight on a scale), the sizes of the two sides of each pair.
    sides: HashMap<Option<i32>, Vec<Vec<[f64; 2]>>>,
}

impl Pool {
    /// Adds the acts of a pair.
    pub fn add(&mut self, a: &str, b: &str, pair: &PairData) {
        for (party, own, other) in [(a, &pair.a, &pair.b), (b, &pair.b, &pair.a)] {
            let of_party = self.parties.entry(party.to_owned()).or_default();
            append(&mut of_party.a, own);
            append(&mut of_party.b, other);
            of_party.answerers.extend(answerers(pair));
            append(&mut self.all.a, own);
            append(&mut self.all.b, own);
        }
        self.all.answerers.extend(answerers(pair));
    }

    /// Adds the figures of one direction of a pair that depend on the order of the acts.
    pub fn add_figures(&mut self, (responder, other): (&str, &str), period: Option<i32>, figures: &[Figure<'_>]) {
        for (responder, other) in [(responder, ALL), (ALL, other), (ALL, ALL)] {
            let sums = self.in_order.entry((responder.to_owned(), other.to_owned(), period)).or_default();
            for figure in figures.iter().filter(|figure| IN_ORDER.contains(&figure.measure)) {
                let sum = sums.entry(figure.measure).or_default();
                *sum = (sum.0 + figure.n, sum.1 + figure.of.unwrap_or(0));
            }
        }
    }

    /// Adds the size of what each side of a pair made in a period: the number of acts, then the weight on each scale.
    pub fn add_sizes(&mut self, period: Option<i32>, [a, b]: [Case<'_>; 2]) {
        let size = |case: Case<'_>, scale: Option<usize>| -> f64 {
            let of_act = |act| scale.map_or(Some(1.0), |at: usize| case.weight(&case.scales[at], act));
            case.made().filter_map(of_act).map(f64::abs).sum()
        };
        let measures = std::iter::once(None).chain((0..a.scales.len()).map(Some));
        let sizes = self.sides.entry(period).or_default();
        for (at, scale) in measures.enumerate() {
            if sizes.len() <= at {
                sizes.push(Vec::new());
            }
            sizes[at].push([size(a, scale), size(b, scale)]);
        }
    }

    /// Passes the pooled figures to `each`: the party that responds, the other, the year, the figure.
    ///
    /// # Errors
    /// The errors of `each`.
    pub fn figures<E>(
        mut self,
        frame: &Frame<'_>,
        mut each: impl FnMut(&str, &str, Option<i32>, Figure<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let parties = std::mem::take(&mut self.parties);
        for (party, mut pair) in parties {
            sort(&mut pair);
            for (period, days) in periods(frame.terms, &pair) {
                for (is_party, responder, other) in [(true, party.as_str(), ALL), (false, ALL, party.as_str())] {
                    self.of_case(Case::new(frame, &pair, is_party, days), (responder, other), period, &mut each)?;
                }
            }
        }
        let mut all = std::mem::take(&mut self.all);
        sort(&mut all);
        for (period, days) in periods(frame.terms, &all) {
            self.of_case(Case::new(frame, &all, true, days), (ALL, ALL), period, &mut each)?;
            for figure in self.network(period, frame) {
                each(ALL, ALL, period, figure)?;
            }
        }
        Ok(())
    }

    fn of_case<E>(
        &self,
        case: Case<'_>,
        (responder, other): (&str, &str),
        period: Option<i32>,
        each: &mut impl FnMut(&str, &str, Option<i32>, Figure<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let received = case.find_received();
        let mut figures = plain_figures(case.of_received(&received));
        let none = BTreeMap::new();
        let sums = self.in_order.get(&(responder.to_owned(), other.to_owned(), period)).unwrap_or(&none);
        let share = |measure| sums.get(&measure).and_then(|(n, of)| share_of(*n, *of));
        for (measure, (n, of)) in sums {
            let value = match measure {
                Measure::Contingency => share(Measure::ChanceAfter).zip(share(Measure::ChanceAny)).map(|(after, any)| after - any),
                _ => share(*measure),
            };
            let bounded = value.is_some() && !matches!(measure, Measure::ChanceAny | Measure::Contingency);
            let interval = if bounded { wilson(*n, *of) } else { Interval::default() };
            let unit = "share".into();
            figures.push(Figure { measure: *measure, value, unit, n: *n, of: Some(*of), scale: None, interval, items: Vec::new() });
        }
        figures.sort_by_key(|figure| figure.measure);
        figures.into_iter().try_for_each(|figure| each(responder, other, period, figure))
    }

    /// The reciprocity of the network of all pairs: twice the sum of the smaller sides of the pairs over the sum of both sides. It is 1 if each
    /// side of every pair does as much as the other, and 0 if everything goes one way.
    ///
    /// Source: T. Squartini, F. Picciolo, F. Ruzzenenti and D. Garlaschelli, Reciprocity of Weighted Networks, Scientific Reports 3, 2013, 2729.
    fn network<'c>(&self, period: Option<i32>, frame: &Frame<'c>) -> Vec<Figure<'c>> {
        let sizes = self.sides.get(&period).map_or(&[][..], Vec::as_slice);
        let scales = std::iter::once(None).chain(frame.scales.iter().map(|scale| Some(scale.name.as_str())));
        let figure = |(pairs, scale): (&Vec<[f64; 2]>, Option<&'c str>)| {
            let acting: Vec<&[f64; 2]> = pairs.iter().filter(|[a, b]| a + b > 0.0).collect();
            let both = acting.iter().filter(|[a, b]| a.min(*b) > 0.0).count() as i64;
            Figure {
                measure: Measure::NetworkReciprocity,
                value: network_reciprocity(pairs),
                unit: if scale.is_some() { "points" } else { "acts" }.into(),
                n: both,
                of: Some(acting.len() as i64),
                scale,
                interval: Interval::default(),
                items: Vec::new(),
            }
        };
        sizes.iter().zip(scales).map(figure).collect()
    }
}

/// Twice the sum of the smaller sides over the sum of both sides; `None` if nobody did anything.
fn network_reciprocity(pairs: &[[f64; 2]]) -> Option<f64> {
    let all: f64 = pairs.iter().map(|[a, b]| a + b).sum();
    let mutual: f64 = pairs.iter().map(|[a, b]| 2.0 * a.min(*b)).sum();
    (all > 0.0).then(|| mutual / all)
}

fn answerers(pair: &PairData) -> impl Iterator<Item = (i64, Answerer)> + '_ {
    pair.answerers.iter().map(|(id, of)| (*id, *of))
}

fn append(to: &mut Conduct, from: &Conduct) {
    let before = to.acts.len();
    to.answers.extend(from.answers.iter().map(|answer| Answer { claim: answer.claim + before, ..*answer }));
    to.acts.extend(from.acts.iter().cloned());
    to.threats.extend(from.threats.iter().cloned());
}

/// Puts the acts and threats of both sides in the order of their days, as the figures expect them.
fn sort(pair: &mut PairData) {
    for side in [&mut pair.a, &mut pair.b] {
        let mut order: Vec<usize> = (0..side.acts.len()).collect();
        order.sort_by_key(|at| side.acts[*at].claim.day);
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, at)| places[*at] = place);
        side.answers.iter_mut().for_each(|answer| answer.claim = places[answer.claim]);
        side.acts = order.into_iter().map(|at| side.acts[at].clone()).collect();
        side.threats.sort_by_key(|threat| threat.day);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The network of the definition: in one of three pairs both sides are even, in one the smaller is half, one goes one way.
    #[test]
    fn a_network_is_as_reciprocal_as_its_smaller_sides() {
        assert_eq!(network_reciprocity(&[[3.0, 3.0], [4.0, 2.0], [4.0, 0.0]]), Some(10.0 / 16.0));
        assert_eq!(network_reciprocity(&[[5.0, 5.0]]), Some(1.0));
        assert_eq!(network_reciprocity(&[[5.0, 0.0]]), Some(0.0));
        assert_eq!(network_reciprocity(&[[0.0, 0.0]]), None);
    }
}
