//! The outcomes of the acts received, and the times to the answers.

use crate::model::claim::{Lag, Outcome};
use crate::model::interval::Interval;
use crate::model::survival::{Step, Watched, curve, incidence as incidence_at, median, median_interval};
use crate::report::reciprocity::figure::{Case, Figure, Item};
use crate::report::reciprocity::pair::{FoldedAct, Origin};
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
    out.push(Figure::count(Measure::AnswersReceived, case.tally(case.received().map(|a| Item::new(a.id, is_answer(a))))));
    let retaliated = case.received().filter(|a| is_answer(a)).map(|a| Item::new(a.id, a.claim.reply_days().is_some()));
    out.push(Figure::count(Measure::RetaliatedAnswers, case.tally(retaliated)));
}

fn is_answer(act: &FoldedAct) -> bool {
    act.origin == Origin::Followed
}

/// The share answered within the window, and the share answered in kind.
///
/// The response rate measures contingent conduct as defined by Keohane (Reciprocity in International Relations, International Organization
/// 40(1), 1986, 1-27) within a limited time: the share of claims with an answer within the window, among the claims at least as old as the
/// window. If a date is a month or a year, an answer counts only if it was certainly within the window, and a claim is only as old as it
/// certainly is; the answers that may have been within the window are counted separately. A claim waived or reversed before any answer counts as
/// not answered: the rate describes what was done, while the medians estimate the time to an answer if nothing else ends a claim.
pub(super) fn rates<'c>(case: Case<'c>, out: &mut Vec<Figure<'c>>) {
    let within = case.terms.within;
    let young = |a: &FoldedAct| case.as_of - a.claim.latest < within;
    let item = |a: &FoldedAct, is: &dyn Fn(Lag) -> bool| {
        let first = a.claim.first_days();
        Item { amount: first.map(|days| days.max as f64), ..Item::new(a.id, first.is_some_and(is)) }
    };
    let rate = case.claims().filter(|a| !young(a)).map(|a| item(a, &|days| days.max <= within));
    out.push(Figure::share(Measure::ResponseRate, case.tally(rate)));
    let perhaps = case.claims().filter(|a| !young(a)).map(|a| item(a, &|days| days.min <= within && days.max > within));
    out.push(Figure::count(Measure::ResponseUncertain, case.tally(perhaps)));
    out.push(Figure::count(Measure::TooYoung, case.tally(case.claims().map(|a| Item::new(a.id, young(a))))));
    let in_kind = case.claims().filter(|a| a.answered()).map(|a| Item::new(a.id, a.claim.in_kind == Some(true)));
    out.push(Figure::share(Measure::InKind, case.tally(in_kind)));
}

/// A case whose time is known to lie between two bounds, as observed with the shortest and with the longest time.
type Bounded = [Watched; 2];

fn bounded(days: Lag, event: bool) -> Bounded {
    [days.min, days.max].map(|days| Watched { days, event })
}

/// How long the act has been or was observed, if nothing answered it.
fn observed(case: Case<'_>, act: &FoldedAct) -> Lag {
    act.claim.settled_days().unwrap_or_else(|| act.claim.days_to(case.as_of))
}

/// The medians of the time to the first answer and of the time to the full answer, and of the time to an answer in turn.
///
/// An open claim is censored on the day of the report. A claim that was waived or reversed can no longer be answered and is censored on the
/// day on which its open amount became zero; a waiver that was itself reversed does not censor. The curve therefore estimates the time to
/// an answer if nothing else ends a claim. A median is reported if the curve falls to one half and there are at least [`LEAST`] claims.
///
/// A date that is a month or a year bounds the time. The two curves of the shortest and of the longest times give the bounds of the median;
/// it has a value if they agree.
pub(super) fn times<'c>(case: Case<'c>, out: &mut Vec<Figure<'c>>) {
    let end = |a: &FoldedAct| observed(case, a);
    let first = |a: &FoldedAct| a.claim.first_days().map_or_else(|| bounded(end(a), false), |days| bounded(days, true));
    let full = |a: &FoldedAct| bounded(end(a), a.claim.outcome() == Outcome::Full);
    let bounds = [Measure::MedianFirstAnswer, Measure::MedianFirstAnswerMin, Measure::MedianFirstAnswerMax];
    out.extend(time(case, bounds, case.claims().map(|a| (a.id, first(a))).collect()));
    let bounds = [Measure::MedianFullAnswer, Measure::MedianFullAnswerMin, Measure::MedianFullAnswerMax];
    out.extend(time(case, bounds, case.claims().map(|a| (a.id, full(a))).collect()));
    let reply = |a: &FoldedAct| {
        let open = || bounded(a.claim.days_to(case.as_of), false);
        (a.id, a.claim.reply_days().map_or_else(open, |days| bounded(days, true)))
    };
    let [retaliation, ..] = time(case, [Measure::MedianRetaliation; 3], case.received().filter(|a| is_answer(a)).map(reply).collect());
    out.push(retaliation);
}

/// A median, and its bounds by the shortest and by the longest times.
fn time<'c>(case: Case<'c>, measures: [Measure; 3], watched: Vec<(i64, Bounded)>) -> [Figure<'c>; 3] {
    let enough = watched.len() as i64 >= LEAST;
    let curve_of = |bound: usize| -> Vec<Step> {
        if enough { curve(watched.iter().map(|(_, watched)| watched[bound]).collect()) } else { Vec::new() }
    };
    let curves = [curve_of(0), curve_of(1)];
    let [min, max] = [0, 1].map(|bound| median(&curves[bound]));
    let [low, high] = [0, 1].map(|bound| median_interval(&curves[bound]));
    let interval = Interval { low: low.low, high: high.high };
    let figure = |measure, bound: usize, median: Option<i64>, interval| {
        let items = watched.iter().map(|(id, watched)| Item::of(*id, watched[bound].event, watched[bound].days as f64));
        let figure = Figure::count(measure, case.tally(items));
        Figure { value: median.map(|days| days as f64), unit: "days".into(), interval, ..figure }
    };
    let agreed = min.filter(|_| min == max);
    [figure(measures[0], 1, agreed, interval), figure(measures[1], 0, min, low), figure(measures[2], 1, max, high)]
}

/// The probability that a claim is answered, waived or reversed within the window, whichever comes first. The medians ask how long an answer
/// would take if nothing else ended a claim; here the three compete: see [`incidence`](crate::model::survival::incidence). Each time is the
/// longest that the dates allow.
pub(super) fn incidence<'c>(case: Case<'c>, out: &mut Vec<Figure<'c>>) {
    let within = case.terms.within;
    let ended = |a: &FoldedAct| {
        let cause = match a.claim.outcome() {
            Outcome::Full | Outcome::Part => Some(0),
            Outcome::Waived => Some(1),
            Outcome::Reversed => Some(2),
            Outcome::Open | Outcome::Spent => None,
        };
        (a.claim.first_days().unwrap_or_else(|| observed(case, a)).max, cause)
    };
    let cases: Vec<(i64, (i64, Option<usize>))> = case.claims().map(|a| (a.id, ended(a))).collect();
    let shares = incidence_at(cases.iter().map(|(_, ended)| *ended).collect(), within);
    for (cause, measure) in [Measure::IncidenceAnswer, Measure::IncidenceWaiver, Measure::IncidenceReversal].into_iter().enumerate() {
        let items = cases.iter().map(|(id, (days, by))| Item::of(*id, *by == Some(cause) && *days <= within, *days as f64));
        let figure = Figure::count(measure, case.tally(items));
        let value = (figure.of.unwrap_or(0) >= LEAST).then_some(shares[cause]);
        out.push(Figure { value, unit: "share".into(), ..figure });
    }
}
