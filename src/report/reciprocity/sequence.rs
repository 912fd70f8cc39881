//! The sequence of moves: who opened, who followed, and whether one party's acts depend on the other party's.

use crate::model::contingency::{hit, hits, shifts};
use crate::model::interval::Interval;
use crate::model::{Day, Sign};
use crate::report::reciprocity::figure::{Case, Figure, Item, share_of};
use crate::report::reciprocity::pair::{Conduct, FoldedAct, Origin};
use crate::report::reciprocity::{LEAST, Measure};

/// The number of acts that the responder made, divided into acts that opened, followed or joined in another party's exchange.
pub(super) fn origins<'c>(case: Case<'c>, out: &mut Vec<Figure<'c>>) {
    out.push(Figure::total(Measure::ActsMade, case.tally_all(case.made().map(|a| a.id))));
    for (measure, origin) in [(Measure::Opened, Origin::Opened), (Measure::Followed, Origin::Followed), (Measure::Joined, Origin::Joined)] {
        out.push(Figure::count(measure, case.tally(case.made().map(|a| Item::new(a.id, a.origin == origin)))));
    }
}

/// How often the responder's moves, hostile and friendly, follow the sign of the other party's last move before them.
///
/// Tit for tat repeats the other party's last move: R. Axelrod, The Evolution of Cooperation, 1984. The rates are computed over moves and
/// not over rounds, since states need not move: a period without a move is ignored. Retaliation and forgiveness add up to 1.
pub(super) fn tit_for_tat<'c>(case: Case<'c>, out: &mut Vec<Figure<'c>>) {
    let mut theirs: Vec<((i64, i64), Sign)> = case.other.acts.iter().map(|a| ((a.move_day, a.turn), case.sign(a))).collect();
    theirs.sort_by_key(|(at, _)| *at);
    let mut next = 0;
    let moves: Vec<(i64, Sign, Sign)> = case
        .moves()
        .filter_map(|own| {
            next = first_from(&theirs, next, (own.move_day, own.turn));
            Some((own.id, theirs.get(next.checked_sub(1)?)?.1, case.sign(own)))
        })
        .collect();
    let of = |measure, after: Option<Sign>, counts: &dyn Fn(Sign, Sign) -> bool| {
        let moves = moves.iter().filter(|(_, before, _)| after.is_none_or(|sign| *before == sign));
        Figure::share(measure, case.tally(moves.map(|(id, before, own)| Item::new(*id, counts(*before, *own)))))
    };
    out.push(of(Measure::TitForTat, None, &|before, own| before == own));
    out.push(of(Measure::Retaliation, Some(Sign::Hostile), &|_, own| own == Sign::Hostile));
    out.push(of(Measure::Forgiveness, Some(Sign::Hostile), &|_, own| own == Sign::Friendly));
    out.push(of(Measure::Initiation, Some(Sign::Friendly), &|_, own| own == Sign::Hostile));
}

/// The index of the first move that is not before `at`. The search begins near the previous result, because most moves are in order.
fn first_from(moves: &[((i64, i64), Sign)], near: usize, at: (i64, i64)) -> usize {
    let before = |index: &usize| moves.get(*index).is_some_and(|(move_at, _)| *move_at < at);
    match (near..near + 8).find(|index| !before(index)) {
        Some(index) if index > near || index == 0 || before(&(index - 1)) => index,
        _ => moves.partition_point(|(move_at, _)| *move_at < at),
    }
}

/// Whether the responder acts more often after an act of the other party than at any other time:
/// `C = P(own act in (t, t + W] | act received on t) - P(own act in (s, s + W])`, where W is the window in days.
///
/// The first probability is the share of the acts received that are followed by an act of the responder with the same sign within the next
/// W days, linked or not, or that the responder answered on the same day: if two acts fall on the same day, only a link shows which came
/// first. So an exchange within one day counts for the responder, not for the initiator. Acts whose day is not known are left out on both
/// sides, because their windows cannot be placed. The second, the baseline, is the share of all days `s` for which the W days
/// after `s` hold such an act. The days `s` run from the pair's first act, or the first day of the period if that is later, to the last day
/// of the period, or W days before the day of the report if that is earlier. Both use only windows that end by the day of the report. This
/// is contingency as Keohane (1986) defines it: reactions that depend on the other party's acts, as opposed to conduct that goes on
/// regardless.
///
/// The baseline is reported if more than W windows can start, so at least two of them do not overlap.
pub(super) fn contingency<'c>(case: Case<'c>, out: &mut Vec<Figure<'c>>) {
    let within = case.terms.within;
    let acts = || case.own.acts.iter().filter(|a| case.sign(a) == case.terms.sign && a.move_day == a.move_latest);
    let mut days: Vec<i64> = acts().map(|a| a.move_day).collect();
    days.sort_unstable();
    let seen = || case.received().filter(|a| a.claim.day == a.claim.latest && a.claim.day <= case.as_of.saturating_sub(within));
    let follows = |a: &FoldedAct| a.claim.first_days().is_some_and(|days| days.max == 0) || hit(&days, a.claim.day, within);
    let after = Figure::share(Measure::ChanceAfter, case.tally(seen().map(|a| Item::new(a.id, follows(a)))));
    let starts = case.starts();
    let (open, any) = ((starts.end().saturating_sub(*starts.start()).saturating_add(1)).max(0), hits(&days, &starts, within));
    let enough = open > within && open >= LEAST;
    let reached = |a: &FoldedAct| a.move_day > *starts.start() && a.move_day <= starts.end().saturating_add(within);
    let items = case.tally(acts().map(|a| Item::new(a.id, reached(a)))).items;
    let chance = share_of(any, open).filter(|_| enough);
    let any = Figure {
        measure: Measure::ChanceAny,
        value: chance,
        unit: "share".into(),
        n: any,
        of: Some(open),
        scale: None,
        interval: Interval::default(),
        items,
    };
    let value = after.value.zip(any.value).map(|(after, any)| after - any);
    let both = Figure { measure: Measure::Contingency, value, interval: Interval::default(), ..after.clone() };
    if case.terms.permutations > 0 {
        let received: Vec<i64> = seen().map(|a| a.claim.day).collect();
        let tested = shifts(&received, &days, &(case.first_day()..=case.as_of), within, case.terms.permutations, case.terms.seed);
        let value = after.value.and(tested).map(|test| test.p);
        let p = Figure { measure: Measure::ContingencyP, value, interval: Interval::default(), ..after.clone() };
        out.extend([after, any, both, p]);
        return;
    }
    out.extend([after, any, both]);
}

/// The first and the last year in which the selection shows an act or a threat of either side.
pub(super) fn years(sides: [&Conduct; 2]) -> Option<(i32, i32)> {
    let acts = sides.into_iter().flat_map(|s| s.acts.iter().filter(|a| a.selected).map(|a| a.claim.day));
    let threats = sides.into_iter().flat_map(|s| s.threats.iter().filter(|t| t.selected).map(|t| t.day));
    let year = |day| chrono::Datelike::year(&Day(day).calendar().unwrap_or_default());
    acts.chain(threats)
        .fold(None, |span: Option<(i64, i64)>, d| Some(span.map_or((d, d), |(f, l)| (f.min(d), l.max(d)))))
        .map(|(f, l)| (year(f), year(l)))
}
