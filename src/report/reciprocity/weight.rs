//! The weights of each side's acts.

use crate::model::decay::decayed;
use crate::model::interval::Interval;
use crate::report::reciprocity::Measure;
use crate::report::reciprocity::figure::{Case, Figure, Item, Tally};
use crate::report::reciprocity::pair::{FoldedAct, Scale};

/// The weight of the responder's acts, the net weight, and the decayed weight of the acts received.
///
/// The first two agree with the balance report: they include acts of both signs, weighted per act or per unit, and also those that were
/// reversed, because the act that reversed them has a weight of its own. The net weight is the responder's minus the other party's (J. S.
/// Goldstein, A Conflict-Cooperation Scale for WEIS Events Data, Journal of Conflict Resolution 36(2), 1992, 369-385, for the idea of a net
/// score). The third includes the acts received that have the requested sign and precede the day of the report: see [`decayed`].
pub(super) fn weights<'c>(case: Case<'c>, scale: &'c Scale, out: &mut Vec<Figure<'c>>) {
    let weighing = |a: &&FoldedAct| a.weighs > 0;
    let weight = |a: &FoldedAct| case.weight(scale, a);
    let own = || case.moves().filter(weighing).map(|a| item(a, weight(a)));
    let other = || case.moves_received().filter(weighing).map(|a| item(a, weight(a).map(|w| -w)));
    let earlier = case.received().filter(weighing).filter(|a| a.claim.day < case.as_of);
    let decaying = earlier.map(|a| item(a, weight(a).map(|w| decayed(w, case.as_of - a.claim.day, case.terms.half_life))));
    out.push(sum(case, Measure::Weight, "points", scale, own()));
    let net = sum(case, Measure::NetWeight, "points", scale, own().chain(other()));
    // A side whose acts have no weight on the scale cannot be compared.
    let compares = |items: &mut dyn Iterator<Item = Item>| {
        let (mut any, mut weighed) = (false, false);
        items.for_each(|item| (any, weighed) = (true, weighed || item.counted));
        weighed || !any
    };
    let both = compares(&mut own()) && compares(&mut other());
    out.push(Figure { value: net.value.filter(|_| both), ..net });
    out.push(sum(case, Measure::DecayedWeight, "points/day", scale, decaying));
}

fn item(act: &FoldedAct, weight: Option<f64>) -> Item {
    Item { amount: weight, ..Item::new(act.id, weight.is_some()) }
}

/// The sum of the weights; `None` if there are acts but none has a weight.
fn sum<'c>(case: Case<'c>, measure: Measure, unit: &'static str, scale: &'c Scale, items: impl Iterator<Item = Item>) -> Figure<'c> {
    // Starts from 0.0, because `Iterator::sum` of no floats is -0.0.
    let mut sum = 0.0;
    let Tally { n, of, items } = case.tally(items.inspect(|i| sum += i.amount.unwrap_or(0.0)));
    let value = (n > 0 || of == 0).then_some(sum);
    Figure { measure, value, unit: unit.into(), n, of: Some(of), scale: Some(&scale.name), interval: Interval::default(), items }
}
