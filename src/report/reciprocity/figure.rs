//! A figure and the actions behind it. A figure is computed from these actions, so that the explanation always agrees with the value.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use crate::model::interval::{Interval, wilson};
use crate::model::{Day, Sign};
use crate::report::reciprocity::pair::{Conduct, FoldedAct, PairData, Scale, Threat};
use crate::report::reciprocity::{LEAST, Measure, Terms};

/// The data of one direction of a pair in one period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case<'c> {
    /// Both sides.
    pub pair: &'c PairData,
    /// The responder's conduct towards the other party.
    pub own: &'c Conduct,
    /// The other party's conduct towards the responder.
    pub other: &'c Conduct,
    /// All acts that the responder received in the period, of both signs, including those that the selection does not show.
    all_received: &'c [FoldedAct],
    /// The acts in `all_received` that have the requested sign and that the selection shows.
    received: &'c [&'c FoldedAct],
    /// All acts that the responder made in the period, of both signs, including those that the selection does not show.
    made: &'c [FoldedAct],
    /// The responder's threats in the period.
    threats: &'c [Threat],
    /// The days of the period.
    pub days: (i64, i64),
    /// The parameters of the measures.
    pub terms: &'c Terms,
    /// The kinds, by index.
    pub kinds: &'c [super::pair::Kind],
    /// The scales for the figures by weight.
    pub scales: &'c [Scale],
    /// The day of the report.
    pub as_of: i64,
    /// True if the actions behind a figure are requested.
    explaining: bool,
}

/// The data that all cases of one report share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'c> {
    pub terms: &'c Terms,
    pub kinds: &'c [super::pair::Kind],
    pub scales: &'c [Scale],
    pub as_of: Day,
    /// The first and the last day of the selection.
    pub days: (i64, i64),
    /// True if the actions behind a figure are requested; otherwise they are only counted.
    pub explaining: bool,
}

/// An action behind a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Item {
    pub id: i64,
    /// True if it is counted in the figure's `n`; false if only in its `of`.
    pub counted: bool,
    /// Its contribution: its days, its count or its weight.
    pub amount: Option<f64>,
}

/// A figure with the actions behind it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure<'c> {
    pub measure: Measure,
    pub value: Option<f64>,
    pub unit: Cow<'c, str>,
    pub n: i64,
    pub of: Option<i64>,
    pub scale: Option<&'c str>,
    /// The 95 % confidence interval of the figure.
    pub interval: Interval,
    /// Empty if the actions are not requested.
    pub items: Vec<Item>,
}

/// The numerator and the denominator of a figure, with the actions behind them if requested.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tally {
    pub n: i64,
    pub of: i64,
    pub items: Vec<Item>,
}

impl Item {
    pub fn new(id: i64, counted: bool) -> Item {
        Item { id, counted, amount: None }
    }

    pub fn of(id: i64, counted: bool, amount: f64) -> Item {
        Item { id, counted, amount: Some(amount) }
    }
}

/// The share `n / of`; `None` if `of` is less than [`LEAST`].
pub(super) fn share_of(n: i64, of: i64) -> Option<f64> {
    (of >= LEAST).then(|| n as f64 / of as f64)
}

impl<'c> Figure<'c> {
    /// A number of acts out of a larger number.
    pub fn count(measure: Measure, tally: Tally) -> Figure<'c> {
        let Tally { n, of, items } = tally;
        Figure { measure, value: Some(n as f64), unit: "acts".into(), n, of: Some(of), scale: None, interval: Interval::default(), items }
    }

    /// A number of acts that is not part of a larger number.
    pub fn total(measure: Measure, tally: Tally) -> Figure<'c> {
        Figure { of: None, ..Figure::count(measure, tally) }
    }

    /// The counted acts as a share of all acts.
    pub fn share(measure: Measure, tally: Tally) -> Figure<'c> {
        let figure = Figure::count(measure, tally);
        let value = share_of(figure.n, figure.of.unwrap_or(0));
        let interval = value.map_or_else(Interval::default, |_| wilson(figure.n, figure.of.unwrap_or(0)));
        Figure { value, unit: "share".into(), interval, ..figure }
    }
}

impl<'c> Case<'c> {
    /// One direction of a pair, within the days of a period. `received` is still empty; see [`Case::of_received`].
    pub fn new(frame: &Frame<'c>, pair: &'c PairData, responder_is_a: bool, days: (i64, i64)) -> Case<'c> {
        let (own, other) = if responder_is_a { (&pair.a, &pair.b) } else { (&pair.b, &pair.a) };
        let within = |acts: &'c [FoldedAct]| {
            let (from, to) = (acts.partition_point(|a| a.claim.day < days.0), acts.partition_point(|a| a.claim.day <= days.1));
            &acts[from..to]
        };
        let (from, to) = (own.threats.partition_point(|t| t.day < days.0), own.threats.partition_point(|t| t.day <= days.1));
        Case {
            pair,
            own,
            other,
            all_received: within(&other.acts),
            received: &[],
            made: within(&own.acts),
            threats: &own.threats[from..to],
            days: (days.0.max(frame.days.0), days.1.min(frame.days.1)),
            terms: frame.terms,
            kinds: frame.kinds,
            scales: frame.scales,
            as_of: frame.as_of.0,
            explaining: frame.explaining,
        }
    }

    /// Counts the items, and keeps them if they are requested.
    pub fn tally(self, items: impl Iterator<Item = Item>) -> Tally {
        let mut tally = Tally { n: 0, of: 0, items: Vec::new() };
        for item in items {
            tally.of += 1;
            tally.n += i64::from(item.counted);
            if self.explaining {
                tally.items.push(item);
            }
        }
        tally
    }

    /// Counts all actions with these ids.
    pub fn tally_all(self, ids: impl Iterator<Item = i64>) -> Tally {
        self.tally(ids.map(|id| Item::new(id, true)))
    }

    pub fn sign(&self, act: &FoldedAct) -> Sign {
        self.kinds[act.kind].sign
    }

    /// Finds the acts received that have the requested sign. Most figures need only these.
    pub fn find_received(self) -> Vec<&'c FoldedAct> {
        self.moves_received().filter(|a| self.sign(a) == self.terms.sign).collect()
    }

    /// This case with the acts that [`Case::find_received`] found.
    pub fn of_received(self, received: &'c [&'c FoldedAct]) -> Case<'c> {
        Case { received, ..self }
    }

    /// The acts received that have the requested sign.
    pub fn received(self) -> impl Iterator<Item = &'c FoldedAct> {
        self.received.iter().copied()
    }

    /// The acts received that have the requested sign and left something to answer.
    pub fn claims(self) -> impl Iterator<Item = &'c FoldedAct> {
        self.received().filter(|a| a.claims())
    }

    /// The acts made that have the requested sign.
    pub fn made(self) -> impl Iterator<Item = &'c FoldedAct> {
        self.moves().filter(move |a| self.sign(a) == self.terms.sign)
    }

    /// The acts made, of both signs.
    pub fn moves(self) -> impl Iterator<Item = &'c FoldedAct> {
        self.made.iter().filter(|a| a.selected)
    }

    /// The acts received, of both signs.
    pub fn moves_received(self) -> impl Iterator<Item = &'c FoldedAct> {
        self.all_received.iter().filter(|a| a.selected)
    }

    /// The weight of an act; `None`: its kind has no weight on the scale.
    pub fn weight(self, scale: &Scale, act: &FoldedAct) -> Option<f64> {
        scale.weigh(act.kind, act.stage, act.weighs)
    }

    /// The threats made that have the requested sign.
    pub fn threats(self) -> impl Iterator<Item = &'c Threat> {
        self.threats.iter().filter(move |t| t.selected && self.kinds[t.kind].sign == self.terms.sign)
    }

    /// The day of the pair's first act.
    pub fn first_day(&self) -> i64 {
        self.own.acts.iter().chain(&self.other.acts).map(|a| a.claim.day).min().unwrap_or(i64::MAX)
    }

    /// The days of the period on which a window of the requested length can start: from the pair's first act to the last day from which a
    /// window ends by the day of the report.
    pub fn starts(&self) -> RangeInclusive<i64> {
        self.days.0.max(self.first_day())..=self.days.1.min(self.as_of.saturating_sub(self.terms.within))
    }
}
