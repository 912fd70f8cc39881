//! The outcomes of the acts received, and the times to the answers.

use crate::model::claim::Outcome;
use crate::model::survival::{Watched, curve, median, median_interval};
use crate::report::reciprocity::figure::{Case, Figure, Item};
use crate::report::reciprocity::pair::FoldedAct;
use crate::report::reciprocity::{LEAST, Measure};

/// The number of acts received, and their outcomes. The five outcomes add up to the claims.
pub(super) fn outcomes<'c>(case: Case<'c>, out: &mut Vec<Figure<'c>>) {
    out.push(Figure::total(Measure::ActsReceived, case.tally_all(case.received().map(|a| a.id))));
    out.push(Figure::count(Measure::Claims, case.tally(case.received().map(|a| Item::new(a.id, a.claims())))));
    for (measure, outcome) in [
        (Measure::AnsweredFull, Outcome::Full),
        (Measure::AnsweredPart, Outcome::Part),
        (Measure::Waived, Outcome::Waived),
        (Measure::Reversed, Outcome::Reversed),
        (Measure::Open, Outcome::Open),
    ] {
        out.push(Figure::count(measure, case.tally(case.claims().map(|a| Item::new(a.id, a.claim.outcome() == outcome)))));
    }
    out.push(Figure::count(Measure::Solidarity, case.tally(case.received().map(|a| Item::new(a.id, a.claim.solidarity > 0)))));
}

/// The share answered within the window, and the share answered in kind.
///
/// The response rate measures contingent conduct as defined by Keohane (Reciprocity in International Relations, International Organization
/// 40(1), 1986, 1-27) within a limited time: the share of claims with an answer within the window, among the claims at least as old as the
/// window. A claim waived or reversed before any answer counts as not answered: the rate describes what was done, while the medians
/// estimate the time to an answer if nothing else ends a claim.
pub(super) fn rates<'c>(case: Case<'c>, out: &mut Vec<Figure<'c>>) {
    let within = case.terms.within;
    let young = |a: &FoldedAct| case.as_of - a.claim.day < within;
    let answered = |a: &FoldedAct| a.claim.first_days().is_some_and(|days| days <= within);
    let rate = case.claims().filter(|a| !young(a)).map(|a| Item { amount: days(a.claim.first_days()), ..Item::new(a.id, answered(a)) });
    out.push(Figure::share(Measure::ResponseRate, case.tally(rate)));
    out.push(Figure::count(Measure::TooYoung, case.tally(case.claims().map(|a| Item::new(a.id, young(a))))));
    let in_kind = case.claims().filter(|a| a.answered()).map(|a| Item::new(a.id, a.claim.in_kind == Some(true)));
    out.push(Figure::share(Measure::InKind, case.tally(in_kind)));
}

fn days(days: Option<i64>) -> Option<f64> {
    days.map(|d| d as f64)
}

/// The medians of the time to the first answer and of the time to the full answer.
///
/// An open claim is censored on the day of the report. A claim that was waived or reversed can no longer be answered and is censored on the
/// day on which its open amount became zero; a waiver that was itself reversed does not censor. The curve therefore estimates the time to
/// an answer if nothing else ends a claim. A median is reported if the curve falls to one half and there are at least [`LEAST`] claims.
pub(super) fn times<'c>(case: Case<'c>, out: &mut Vec<Figure<'c>>) {
    let end = |a: &FoldedAct| a.claim.settled_days().unwrap_or((case.as_of - a.claim.day).max(0));
    let first = |a: &FoldedAct| match a.claim.first_days() {
        Some(days) => Watched { days, event: true },
        None => Watched { days: end(a), event: false },
    };
    let full = |a: &FoldedAct| Watched { days: end(a), event: a.claim.outcome() == Outcome::Full };
    out.push(time(case, Measure::MedianFirstAnswer, case.claims().map(|a| (a.id, first(a))).collect()));
    out.push(time(case, Measure::MedianFullAnswer, case.claims().map(|a| (a.id, full(a))).collect()));
}

fn time<'c>(case: Case<'c>, measure: Measure, watched: Vec<(i64, Watched)>) -> Figure<'c> {
    let tally = case.tally(watched.iter().map(|(id, w)| Item::of(*id, w.event, w.days as f64)));
    let steps = if watched.len() as i64 >= LEAST { curve(watched.into_iter().map(|(_, w)| w).collect()) } else { Vec::new() };
    let figure = Figure::count(measure, tally);
    Figure { value: days(median(&steps)), unit: "days".into(), interval: median_interval(&steps), ..figure }
}
