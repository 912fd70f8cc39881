//! What the acts of each side weigh.

use crate::model::decay::decayed;
use crate::report::reciprocity::Measure;
use crate::report::reciprocity::figure::{Case, Figure, Item, Tally};
use crate::report::reciprocity::pair::{FoldedAct, Scale};

/// The weight of the responder's acts, that less the other's, and what the other's still weigh.
///
/// The first two are those of the balance: acts of both signs that stand, each weighed once or for what stands of it
/// (J. S. Goldstein, A Conflict-Cooperation Scale for WEIS Events Data, Journal of Conflict Resolution 36(2), 1992, 369-385, for the
/// idea of a net score). The third is over the acts received, of the sign asked for, that stand and were before the day of the
/// report: see [`decayed`].
pub(super) fn weights<'c>(case: Case<'c>, scale: &'c Scale, out: &mut Vec<Figure<'c>>) {
    let standing = |a: &&FoldedAct| a.stands > 0;
    let weight = |a: &FoldedAct| scale.weigh(a.kind, a.stage, a.stands);
    let own = || case.moves().filter(standing).map(|a| item(a, weight(a)));
    let other = case.moves_received().filter(standing).map(|a| item(a, weight(a).map(|w| -w)));
    let past = case.received().filter(standing).filter(|a| a.claim.day < case.as_of);
    let fading = past.map(|a| item(a, weight(a).map(|w| decayed(w, case.as_of - a.claim.day, case.terms.half_life))));
    out.push(sum(case, Measure::Weight, "points", scale, own()));
    out.push(sum(case, Measure::NetWeight, "points", scale, own().chain(other)));
    out.push(sum(case, Measure::DecayedWeight, "points/day", scale, fading));
}

fn item(act: &FoldedAct, weight: Option<f64>) -> Item {
    Item { amount: weight, ..Item::new(act.id, weight.is_some()) }
}

/// The sum of what has a weight; `None` where there are acts and none of them has.
fn sum<'c>(case: Case<'c>, measure: Measure, unit: &'static str, scale: &'c Scale, items: impl Iterator<Item = Item>) -> Figure<'c> {
    // A sum of nothing is plain zero, not the negative one.
    let mut sum = 0.0;
    let Tally { n, of, items } = case.tally(items.inspect(|i| sum += i.amount.unwrap_or(0.0)));
    let value = (n > 0 || of == 0).then_some(sum);
    Figure { measure, value, unit: unit.into(), n, of: Some(of), scale: Some(&scale.name), items }
}
