//! The size of the answers in proportion to the claims.
//!
//! Equivalence is the second element of reciprocity in Keohane (1986). Here it is the ratio of the answers to the claims they answer,
//! summed over all answers: `E = sum of n_r / sum of n_t` by count, `sum of |w_r| / sum of |w_t|` by weight; 1 means that both are equal.

use std::collections::{BTreeMap, HashSet};

use crate::model::Count;
use crate::model::interval::Interval;
use crate::report::reciprocity::Measure;
use crate::report::reciprocity::figure::{Case, Figure, Item};
use crate::report::reciprocity::pair::{Answer, Answerer, FoldedAct, Scale};

/// A claim with its answers.
struct Answered<'c> {
    act: &'c FoldedAct,
    answers: Vec<(&'c Answer, &'c Answerer)>,
    /// The total count of its answers and its own count; `None`: they cannot be compared.
    by_count: Option<(Count, Count)>,
}

fn answered(case: Case<'_>) -> Vec<Answered<'_>> {
    let mut answers: BTreeMap<i64, Vec<(&Answer, &Answerer)>> = BTreeMap::new();
    for answer in &case.other.answers {
        if let (Some(act), Some(by)) = (case.other.acts.get(answer.claim), case.pair.answerers.get(&answer.by)) {
            answers.entry(act.id).or_default().push((answer, by));
        }
    }
    let with_answers = case.claims().filter_map(|act| Some((act, answers.remove(&act.id)?)));
    with_answers.map(|(act, answers)| Answered { act, by_count: compared(case, act, &answers), answers }).collect()
}

fn compared(case: Case<'_>, act: &FoldedAct, answers: &[(&Answer, &Answerer)]) -> Option<(Count, Count)> {
    let claimed = act.claim.claimed()?;
    let unit = &case.kinds[act.kind].unit;
    let comparable = answers.iter().all(|(_, by)| by.count.is_some() && case.kinds[by.kind].unit == *unit);
    let mut acts = HashSet::new();
    let surplus = answers.iter().filter(|(answer, _)| acts.insert(answer.by)).map(|(_, by)| by.surplus());
    let size = answers.iter().map(|(answer, by)| by.done(answer.spends)).chain(surplus).fold(0, Count::saturating_add);
    comparable.then_some((size, claimed))
}

/// The proportions by count, one for each unit, and the numbers of claims whose answers exceed, equal or fall short of them.
///
/// A claim is compared if its count and the counts of all its answers are known and have the same unit. The size of an answer is the amount
/// that it spends on the claim plus its surplus, the amount beyond everything it answers: an answer of 755 to 35 has the size 755. Of an
/// announced answer that was carried out in part, the part that was done counts. In a sum over several claims, an act's surplus is added
/// once; when a single claim is judged, the surplus counts in full for each claim.
pub(super) fn by_count<'c>(case: Case<'c>, out: &mut Vec<Figure<'c>>) {
    let all = answered(case);
    let mut units: BTreeMap<&str, Vec<&Answered<'_>>> = BTreeMap::new();
    for one in &all {
        units.entry(&case.kinds[one.act.kind].unit).or_default().push(one);
    }
    for (unit, of_unit) in &units {
        out.push(ratio_by_count(unit, of_unit));
    }
    let sizes = all.iter().filter_map(|one| one.by_count.map(|(size, claimed)| (one.act.id, size.cmp(&claimed))));
    let sizes: Vec<(i64, std::cmp::Ordering)> = sizes.collect();
    let logs = all.iter().map(|one| (one.act.id, one.by_count.and_then(|(size, claimed)| log_ratio(size as f64, claimed as f64))));
    escalation(case, None, logs.collect(), out);
    for (measure, order) in [
        (Measure::OverAnswered, std::cmp::Ordering::Greater),
        (Measure::EvenlyAnswered, std::cmp::Ordering::Equal),
        (Measure::UnderAnswered, std::cmp::Ordering::Less),
    ] {
        out.push(Figure::count(measure, case.tally(sizes.iter().map(|(id, size)| Item::new(*id, *size == order)))));
    }
}

fn ratio_by_count<'c>(unit: &'c str, all: &[&Answered<'_>]) -> Figure<'c> {
    let claim =
        |one: &&Answered<'_>| Item { amount: one.act.claim.claimed().map(|n| n as f64), ..Item::new(one.act.id, one.by_count.is_some()) };
    let claims: Vec<Item> = all.iter().map(claim).collect();
    let comparable: Vec<&Answered<'_>> = all.iter().filter(|one| one.by_count.is_some()).copied().collect();
    let claimed: f64 = claims.iter().filter(|i| i.counted).filter_map(|i| i.amount).sum();
    let unknown = |one: &&Answered<'_>| one.act.claim.claimed().is_none() || one.answers.iter().any(|(_, by)| by.count.is_none());
    let sizes = sizes(&comparable);
    let answered: f64 = sizes.values().map(|(size, _)| *size as f64).sum();
    let (n, of) = (counted(&claims), claims.len() as i64);
    let items = claims.into_iter().chain(sizes.into_iter().map(|(id, (size, _))| Item::of(id, true, size as f64))).collect();
    Figure {
        measure: Measure::ProportionCount,
        // What is left out because its count is unknown could make the ratio any number.
        value: ratio(answered, claimed).filter(|_| !all.iter().any(unknown)),
        unit: unit.into(),
        n,
        of: Some(of),
        scale: None,
        interval: Interval::default(),
        items,
    }
}

/// The size of each answering act: the amount that it spends on these claims, plus its surplus.
fn sizes<'c>(claims: &[&Answered<'c>]) -> BTreeMap<i64, (Count, &'c Answerer)> {
    let mut sizes = BTreeMap::new();
    for (answer, by) in claims.iter().flat_map(|one| &one.answers) {
        let (size, _) = sizes.entry(answer.by).or_insert((by.surplus(), *by));
        *size = size.saturating_add(by.done(answer.spends));
    }
    sizes
}

/// The proportion by weight on one scale. A claim is compared if it and all its answers have a weight on the scale. An answering act counts
/// once, however many claims it answers.
pub(super) fn by_weight<'c>(case: Case<'c>, scale: &'c Scale, out: &mut Vec<Figure<'c>>) {
    let all = answered(case);
    let weight = |one: &Answered<'_>| scale.weigh(one.act.kind, one.act.stage, one.act.claim.claimed().unwrap_or(1)).map(f64::abs);
    let compared_weight =
        |one: &Answered<'_>| weight(one).filter(|_| one.answers.iter().all(|(_, by)| scale.weigh(by.kind, by.stage, 1).is_some()));
    let mut items: Vec<Item> =
        all.iter().map(|one| Item { amount: weight(one), ..Item::new(one.act.id, compared_weight(one).is_some()) }).collect();
    let claimed: f64 = items.iter().filter(|i| i.counted).filter_map(|i| i.amount).sum();
    let (n, of) = (counted(&items), items.len() as i64);
    let comparable: Vec<&Answered<'_>> = all.iter().filter(|one| compared_weight(one).is_some()).collect();
    let mut answered = 0.0;
    for (id, (size, by)) in sizes(&comparable) {
        let amount = if by.count.is_some() { size } else { 1 };
        if let Some(points) = scale.weigh(by.kind, by.stage, amount) {
            answered += points.abs();
            items.push(Item::of(id, true, points.abs()));
        }
    }
    let logs = all.iter().map(|one| {
        let weights = compared_weight(one).zip(answer_weight(scale, one));
        (one.act.id, weights.and_then(|(claim, answer)| log_ratio(answer, claim)))
    });
    escalation(case, Some(&scale.name), logs.collect(), out);
    let value = ratio(answered, claimed);
    out.push(Figure {
        measure: Measure::ProportionWeight,
        value,
        unit: "points".into(),
        n,
        of: Some(of),
        scale: Some(&scale.name),
        interval: Interval::default(),
        items,
    });
}

/// The weight of the answers to one claim, with the surplus of each answering act; `None`: one has no weight on the scale.
fn answer_weight(scale: &Scale, one: &Answered<'_>) -> Option<f64> {
    let of_one = sizes(&[one]);
    let weights = of_one.values().map(|(size, by)| scale.weigh(by.kind, by.stage, if by.count.is_some() { *size } else { 1 }));
    weights.map(|weight| weight.map(f64::abs)).sum()
}

/// Escalation, claim by claim: the mean and the standard deviation of `ln(answer / claim)`. 0 is an even answer, above 0 the answers exceed
/// their claims. Unlike the ratio of the sums, one large answer does not decide the figure. By count, the units of the claims may differ.
fn escalation<'c>(case: Case<'c>, scale: Option<&'c str>, logs: Vec<(i64, Option<f64>)>, out: &mut Vec<Figure<'c>>) {
    let known: Vec<f64> = logs.iter().filter_map(|(_, log)| *log).collect();
    let n = known.len() as f64;
    let mean = known.iter().sum::<f64>() / n;
    let variance = known.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / (n - 1.0);
    for (measure, value) in
        [(Measure::Escalation, (n > 0.0).then_some(mean)), (Measure::EscalationSpread, (n > 1.0).then_some(variance.sqrt()))]
    {
        let items = logs.iter().map(|(id, log)| Item { amount: *log, ..Item::new(*id, log.is_some()) });
        out.push(Figure { value, unit: "log".into(), scale, ..Figure::count(measure, case.tally(items)) });
    }
}

fn log_ratio(answer: f64, claim: f64) -> Option<f64> {
    (answer > 0.0 && claim > 0.0).then(|| (answer / claim).ln())
}

/// The ratio of the answers to the claims; `None` if the claims sum to zero.
fn ratio(answered: f64, claimed: f64) -> Option<f64> {
    (claimed > 0.0).then(|| answered / claimed)
}

fn counted(items: &[Item]) -> i64 {
    items.iter().filter(|i| i.counted).count() as i64
}
