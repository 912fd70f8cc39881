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
    /// For each party and period, the size of all that it made, in each measure of size.
    made: HashMap<(String, Option<i32>), Vec<f64>>,
}

/// The sizes of what a party made towards another: the number of acts, then the weight on each scale.
fn sizes<'c>(case: Case<'c>) -> impl Iterator<Item = f64> + 'c {
    let size = move |scale: Option<usize>| -> f64 {
        let of_act = |act| scale.map_or(Some(1.0), |at: usize| case.weight(&case.scales[at], act));
        case.made().filter_map(of_act).map(f64::abs).sum()
    };
    std::iter::once(None).chain((0..case.scales.len()).map(Some)).map(size)
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

    /// Adds the size of what each side of a pair made in a period.
    pub fn add_sizes(&mut self, period: Option<i32>, [a, b]: [&str; 2], of: [Case<'_>; 2]) {
        let sides = self.sides.entry(period).or_default();
        for (at, both) in sizes(of[0]).zip(sizes(of[1])).enumerate() {
            if sides.len() <= at {
                sides.push(Vec::new());
            }
            sides[at].push([both.0, both.1]);
            for (party, size) in [(a, both.0), (b, both.1)] {
                let made = self.made.entry((party.to_owned(), period)).or_default();
                if made.len() <= at {
                    made.push(0.0);
                }
                made[at] += size;
            }
        }
    }

    /// The dyadic reciprocity index of a pair: the distance between the logarithms of two shares, that of the responder's acts towards the other
    /// in all its acts, and that of the other's acts towards the responder in all of the other's acts. It is 0 if each party gives the other the
    /// same share of its acts, however active each of them is, and has no value if only one of them acts.
    ///
    /// Source: C. Wang, O. Lizardo, D. Hachen, A. Strathman, Z. Toroczkai and N. V. Chawla, A Dyadic Reciprocity Index for Repeated Interaction
    /// Networks, Network Science 1(1), 2013, 31-48.
    pub fn dyadic<'c>(&self, period: Option<i32>, [responder, other]: [&str; 2], of: [Case<'c>; 2]) -> Vec<Figure<'c>> {
        let scales = std::iter::once(None).chain(of[0].scales.iter().map(|scale| Some(scale.name.as_str())));
        let made = |party: &str| self.made.get(&(party.to_owned(), period)).map_or(&[][..], Vec::as_slice);
        let (own, others) = (made(responder), made(other));
        let (Some(acts), Some(all)) = (sizes(of[0]).next(), own.first()) else { return Vec::new() };
        let sides = sizes(of[0]).zip(own).zip(sizes(of[1]).zip(others));
        let values = sides.map(|((to, own), (from, others))| dyadic_index([to, *own], [from, *others]));
        let figure = |(value, scale): (Option<f64>, Option<&'c str>)| Figure {
            measure: Measure::DyadicIndex,
            value,
            unit: if scale.is_some() { "points" } else { "acts" }.into(),
            n: acts as i64,
            of: Some(*all as i64),
            scale,
            interval: Interval::default(),
            items: Vec::new(),
        };
        values.zip(scales).map(figure).collect()
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

/// The distance between the logarithms of two shares, each a part and its whole; `None` if a part is nothing.
fn dyadic_index(one: [f64; 2], other: [f64; 2]) -> Option<f64> {
    let share = |[part, whole]: [f64; 2]| (part > 0.0).then(|| (part / whole).ln());
    Some((share(one)? - share(other)?).abs())
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

    /// By hand: A gives B 8 of its 10 acts, and B gives A 2 of its 4: ln 0.8 - ln 0.5 = ln 1.6. If both give each other half of theirs, they are
    /// even, although one is ten times as active.
    #[test]
    fn a_pair_is_as_even_as_its_shares() {
        assert!(dyadic_index([8.0, 10.0], [2.0, 4.0]).is_some_and(|index| (index - 1.6_f64.ln()).abs() < 1e-12));
        assert_eq!(dyadic_index([8.0, 10.0], [2.0, 4.0]), dyadic_index([2.0, 4.0], [8.0, 10.0]));
        assert_eq!(dyadic_index([50.0, 100.0], [5.0, 10.0]), Some(0.0));
        assert_eq!(dyadic_index([50.0, 100.0], [0.0, 10.0]), None);
    }
}
