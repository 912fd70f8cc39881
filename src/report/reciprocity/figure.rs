//! A figure and the cases it is made of: it is reckoned from them, so that what explains it is what it says.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use crate::model::{Day, Sign};
use crate::report::reciprocity::pair::{Conduct, FoldedAct, PairData, Scale, Threat};
use crate::report::reciprocity::{LEAST, Measure, Terms};

/// One direction in one period: what is measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case<'c> {
    /// Both sides.
    pub pair: &'c PairData,
    /// What the responder did towards the other.
    pub own: &'c Conduct,
    /// What the other did towards the responder.
    pub other: &'c Conduct,
    /// The acts of the period that the responder received, of both signs and whether the selection shows them or not.
    all_received: &'c [FoldedAct],
    /// Those of them of the sign asked for that the selection shows.
    received: &'c [&'c FoldedAct],
    /// The same of those it made.
    made: &'c [FoldedAct],
    /// The responder's threats of the period.
    threats: &'c [Threat],
    /// The days of the period.
    pub days: (i64, i64),
    /// What is asked.
    pub terms: &'c Terms,
    /// The kinds' signs and units, by place.
    pub kinds: &'c [super::pair::Kind],
    /// The scales of the figures by weight.
    pub scales: &'c [Scale],
    /// The day of the report.
    pub as_of: i64,
    /// True where somebody asks for the actions behind a figure.
    explaining: bool,
}

/// What all cases of one reading share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'c> {
    pub terms: &'c Terms,
    pub kinds: &'c [super::pair::Kind],
    pub scales: &'c [Scale],
    pub as_of: Day,
    /// The days that the selection is limited to.
    pub days: (i64, i64),
    /// True where somebody asks for the actions behind a figure: else they are counted and not kept.
    pub explaining: bool,
}

/// An action that a figure rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Item {
    pub id: i64,
    /// True: one of the figure's `n`. False: one of its `of` alone.
    pub counted: bool,
    /// What it adds: its days, its count, its weight.
    pub amount: Option<f64>,
}

/// A figure with what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure<'c> {
    pub measure: Measure,
    pub value: Option<f64>,
    pub unit: Cow<'c, str>,
    pub n: i64,
    pub of: Option<i64>,
    pub scale: Option<&'c str>,
    /// Empty where nobody asks for them.
    pub items: Vec<Item>,
}

/// How many actions a figure counts, of how many it rests on; and which, where somebody asks.
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

/// The share of the counted; `None` where there are fewer than [`LEAST`].
pub(super) fn share_of(n: i64, of: i64) -> Option<f64> {
    (of >= LEAST).then(|| n as f64 / of as f64)
}

impl<'c> Figure<'c> {
    /// A number of acts, of all there are.
    pub fn count(measure: Measure, tally: Tally) -> Figure<'c> {
        let Tally { n, of, items } = tally;
        Figure { measure, value: Some(n as f64), unit: "acts".into(), n, of: Some(of), scale: None, items }
    }

    /// A number of acts that is of no larger number.
    pub fn total(measure: Measure, tally: Tally) -> Figure<'c> {
        Figure { of: None, ..Figure::count(measure, tally) }
    }

    /// The share of the counted among all.
    pub fn share(measure: Measure, tally: Tally) -> Figure<'c> {
        let figure = Figure::count(measure, tally);
        Figure { value: share_of(figure.n, figure.of.unwrap_or(0)), unit: "share".into(), ..figure }
    }
}

impl<'c> Case<'c> {
    /// One direction of a pair, in the days of a period.
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

    /// Counts what a figure rests on.
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

    /// The same, each counted.
    pub fn tally_all(self, ids: impl Iterator<Item = i64>) -> Tally {
        self.tally(ids.map(|id| Item::new(id, true)))
    }

    pub fn sign(&self, act: &FoldedAct) -> Sign {
        self.kinds[act.kind].sign
    }

    /// Looks for the acts received, of the sign asked for: most figures are of them alone.
    pub fn find_received(self) -> Vec<&'c FoldedAct> {
        self.moves_received().filter(|a| self.sign(a) == self.terms.sign).collect()
    }

    /// The same with what was found so.
    pub fn of_received(self, received: &'c [&'c FoldedAct]) -> Case<'c> {
        Case { received, ..self }
    }

    /// The acts received, of the sign asked for.
    pub fn received(self) -> impl Iterator<Item = &'c FoldedAct> {
        self.received.iter().copied()
    }

    /// Those of them that left something to answer.
    pub fn claims(self) -> impl Iterator<Item = &'c FoldedAct> {
        self.received().filter(|a| a.claims())
    }

    /// The acts made, of the sign asked for.
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

    /// The threats made, of the sign asked for.
    pub fn threats(self) -> impl Iterator<Item = &'c Threat> {
        self.threats.iter().filter(move |t| t.selected && self.kinds[t.kind].sign == self.terms.sign)
    }

    /// The days on which a window of the length asked for can open in the period and be seen to its end. They begin
    /// with the pair's first act.
    pub fn starts(&self) -> RangeInclusive<i64> {
        let first = self.own.acts.iter().chain(&self.other.acts).map(|a| a.claim.day).min().unwrap_or(i64::MAX);
        self.days.0.max(first)..=self.days.1.min(self.as_of.saturating_sub(self.terms.within))
    }
}
