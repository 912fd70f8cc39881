//! The lay-out of the timeline: numbers only. One side's acts stand above the line and the other's below, each at its
//! day, as large as its count; what would overlap moves away from the line.

use std::collections::HashMap;

use crate::model::count::Count;
use crate::model::{Day, Relation, Sign, Stage};
use crate::render::picture::axis::{Span, Tick};
use crate::render::picture::bins::{self, Bin};
use crate::render::picture::labels::{self, Label};
use crate::render::picture::measure::Area;
use crate::report::exchange::{Act, ExchangeLink};

/// The most acts that are drawn one by one.
const ONE_BY_ONE: usize = 600;
/// The largest circle, as a share of the picture's width, and its bounds.
const LARGEST: (f64, f64, f64) = (0.028, 13.0, 20.0);
/// The smallest.
const SMALLEST: f64 = 3.5;
/// The circle of one person where no act is large.
const OF_ONE: f64 = 5.5;
/// The most that a side may reach away from the line.
const REACH: f64 = 230.0;
/// From the line to the nearest mark, and between marks.
const CLEAR: f64 = 9.0;
const APART: f64 = 1.5;
/// Left and right of all that is drawn.
pub(super) const MARGIN: f64 = 8.0;

/// Which side of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Above: the party named first.
    A,
    /// Below.
    B,
}

impl Side {
    /// The side of an act's actor.
    pub fn of(act: &Act, a: &str) -> Side {
        if act.actor == a { Side::A } else { Side::B }
    }

    /// The direction away from the line: up is negative.
    pub fn away(self) -> f64 {
        match self {
            Side::A => -1.0,
            Side::B => 1.0,
        }
    }
}

/// One act. `y` counts from the line, downwards.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Its place among the acts.
    pub act: usize,
    /// Where its middle is.
    pub x: f64,
    /// Where its middle is, above the line negative.
    pub y: f64,
    /// Its radius: its area grows with its count.
    pub r: f64,
    /// Where the last day it can have been stands; `x` where the day is known.
    pub until: f64,
    /// Which side.
    pub side: Side,
    /// Hostile, friendly or neutral: its shape.
    pub sign: Sign,
    /// How far it had come: its filling.
    pub stage: Stage,
    /// True where all of it was reversed.
    pub undone: bool,
}

/// What an act bears on: a curve from it to the earlier act.
#[derive(Debug, Clone, PartialEq)]
pub struct Thread {
    /// The later act's mark.
    pub from: usize,
    /// The earlier act's mark.
    pub to: usize,
    /// How it bears.
    pub relation: Relation,
    /// Its place among the links.
    pub bearing: usize,
}

/// What is drawn, in the picture's units.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// How wide it is.
    pub width: f64,
    /// How far it reaches above the line.
    pub above: f64,
    /// How far it reaches below.
    pub below: f64,
    /// The acts one by one; none where there are too many.
    pub marks: Vec<Mark>,
    /// What bears on what.
    pub threads: Vec<Thread>,
    /// The writing at the marks.
    pub labels: Vec<Label>,
    /// The acts by periods, where there are too many to draw one by one.
    pub bins: Vec<Bin>,
    /// What a period is called: `month`.
    pub period: &'static str,
    /// The marks of the axis.
    pub ticks: Vec<Tick>,
    /// Where the day of the report stands, where that is within the picture and not its end.
    pub as_of: Option<f64>,
    /// The counts whose circles a legend shows, with their radii.
    pub sizes: Vec<(Count, f64)>,
}

/// Lays out the acts between the party `a` and the other, `width` wide.
pub fn lay_out(acts: &[Act], links: &[ExchangeLink], a: &str, as_of: Day, width: f64) -> Timeline {
    let span = Span::of(acts, as_of, MARGIN + 14.0, width - MARGIN - 14.0);
    let mut laid = Timeline {
        width,
        above: 40.0,
        below: 40.0,
        marks: Vec::new(),
        threads: Vec::new(),
        labels: Vec::new(),
        bins: Vec::new(),
        period: "",
        ticks: span.ticks(),
        as_of: (as_of.0 > span.first && as_of.0 < span.last).then(|| span.x(as_of.0)),
        sizes: Vec::new(),
    };
    let largest = (width * LARGEST.0).clamp(LARGEST.1, LARGEST.2);
    let shares: &[f64] = if acts.len() > ONE_BY_ONE { &[] } else { &[1.0, 0.8, 0.65, 0.5, 0.4] };
    let drawn = shares.iter().find_map(|&share| {
        let sized = marks(acts, links, a, &span, largest * share);
        // With writing at each, where there is room for that; else the marks first, and writing where room is left.
        (share == 1.0).then(|| labels::beside(&sized, acts, width)).flatten().or_else(|| labels::among(swarm(sized)?, acts, width))
    });
    match drawn {
        Some((marks, written)) => {
            laid.threads = threads(&marks, acts, links);
            laid.sizes = sizes(&marks, acts);
            (laid.marks, laid.labels) = (marks, written);
        }
        None => (laid.bins, laid.period) = bins::lay_out(acts, a, &span),
    }
    for area in laid.areas() {
        laid.above = laid.above.max(12.0 - area.y0);
        laid.below = laid.below.max(12.0 + area.y1);
    }
    laid
}

impl Timeline {
    /// The room that all marks, writing and columns take.
    pub fn areas(&self) -> Vec<Area> {
        let mut areas: Vec<Area> = self.marks.iter().map(|m| Area::around(m.x, m.y, m.r)).collect();
        areas.extend(self.labels.iter().map(|l| l.area));
        areas.extend(self.bins.iter().map(|b| b.area));
        areas
    }
}

/// The marks at their days, on the line still.
fn marks(acts: &[Act], links: &[ExchangeLink], a: &str, span: &Span, largest: f64) -> Vec<Mark> {
    let most = acts.iter().filter_map(|a| a.count).max().unwrap_or(1);
    let scale = (largest / (most as f64).sqrt()).min(OF_ONE);
    let mut undone: HashMap<i64, Count> = HashMap::new();
    for bearing in links.iter().filter(|b| b.relation == Relation::Reverses) {
        *undone.entry(bearing.earlier_id).or_default() += bearing.takes;
    }
    let mark = |(n, act): (usize, &Act)| Mark {
        act: n,
        x: span.x(act.day),
        y: 0.0,
        r: radius(act, scale),
        until: span.x(act.day_latest),
        side: Side::of(act, a),
        sign: act.sign,
        stage: act.stage,
        undone: undone.get(&act.id).is_some_and(|n| *n >= act.count.unwrap_or(1)),
    };
    acts.iter().enumerate().map(mark).collect()
}

fn radius(act: &Act, scale: f64) -> f64 {
    match act.sign {
        Sign::Neutral => 5.0f64.min(scale * 4.0).max(SMALLEST),
        _ => (scale * (act.count.unwrap_or(1) as f64).sqrt()).max(SMALLEST),
    }
}

/// Moves the marks away from the line until none overlaps another, the earliest staying nearest; `None`: they would reach too far.
fn swarm(mut marks: Vec<Mark>) -> Option<Vec<Mark>> {
    let widest = marks.iter().map(|m| m.r).fold(0.0, f64::max);
    for n in 0..marks.len() {
        let this = marks[n].clone();
        let near = marks[..n].iter().rev().take_while(|m| this.x - m.x < this.r + widest + APART);
        // Each neighbour keeps this one out of a stretch.
        let mut kept_out: Vec<(f64, f64)> = near
            .filter(|m| m.side == this.side)
            .filter_map(|m| {
                let (apart, across) = (m.r + this.r + APART, this.x - m.x);
                (across < apart).then(|| (apart * apart - across * across).sqrt()).map(|d| (m.y.abs() - d, m.y.abs() + d))
            })
            .collect();
        kept_out.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut reach = CLEAR + this.r;
        for (from, to) in kept_out {
            if from < reach && to > reach {
                reach = to;
            }
        }
        if reach + this.r > REACH {
            return None;
        }
        marks[n].y = this.side.away() * reach;
    }
    Some(marks)
}

fn threads(marks: &[Mark], acts: &[Act], links: &[ExchangeLink]) -> Vec<Thread> {
    let by_id: HashMap<i64, usize> = marks.iter().enumerate().map(|(n, m)| (acts[m.act].id, n)).collect();
    let thread = |(bearing, b): (usize, &ExchangeLink)| {
        Some(Thread { from: *by_id.get(&b.action_id)?, to: *by_id.get(&b.earlier_id)?, relation: b.relation, bearing })
    };
    links.iter().enumerate().filter_map(thread).collect()
}

/// The smallest, a middling and the largest count, where their circles differ.
fn sizes(marks: &[Mark], acts: &[Act]) -> Vec<(Count, f64)> {
    let mut sizes: Vec<(Count, f64)> =
        marks.iter().filter(|m| m.sign != Sign::Neutral).filter_map(|m| Some((acts[m.act].count?, m.r))).collect();
    sizes.sort_by_key(|(count, _)| *count);
    sizes.dedup();
    match sizes[..] {
        [first, .., last] => {
            let wanted = (first.1 + last.1) / 2.0;
            let middle = sizes.iter().copied().min_by(|a, b| (a.1 - wanted).abs().total_cmp(&(b.1 - wanted).abs())).unwrap_or(last);
            let mut shown = vec![first, middle, last];
            shown.dedup_by(|a, b| (a.1 - b.1).abs() < 1.0);
            shown
        }
        _ => sizes,
    }
}
