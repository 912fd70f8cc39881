//! The layout of the timeline, in numbers. Each act is a mark at its day, with an area that grows with its count. One side's acts
//! are above the line and the other side's below it; marks that would overlap move away from the line.

use std::collections::HashMap;

use crate::model::count::Count;
use crate::model::{Day, Relation, Sign, Stage};
use crate::render::picture::area::Area;
use crate::render::picture::bins::{self, Bin};
use crate::render::picture::course::Course;
use crate::render::picture::labels::{self, Label};
use crate::render::picture::ticks::{Span, Tick};
use crate::report::exchange::{Act, ExchangeLink};

/// The maximum number of acts that are drawn one by one.
pub const ONE_BY_ONE: usize = 600;
/// The radius of the largest circle: a share of the picture's width, with its minimum and maximum.
const LARGEST: (f64, f64, f64) = (0.028, 13.0, 20.0);
/// The minimum radius.
const SMALLEST: f64 = 3.5;
/// The radius for a count of 1 if no act is large.
const OF_ONE: f64 = 5.5;
/// The maximum distance of a mark from the line.
const REACH: f64 = 230.0;
/// The gap between the line and the nearest mark.
const CLEAR: f64 = 9.0;
/// The gap between marks.
const APART: f64 = 1.5;
/// The left and right margin of the picture.
pub(super) const MARGIN: f64 = 8.0;

/// A side of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Above: the first party.
    A,
    /// Below: the second party.
    B,
}

impl Side {
    /// The side of an act.
    pub fn of(act: &Act, a: &str) -> Side {
        if act.side == a { Side::A } else { Side::B }
    }

    /// The class of its marks in the style sheet.
    pub(super) fn class(self) -> &'static str {
        match self {
            Side::A => "a",
            Side::B => "b",
        }
    }

    /// The direction away from the line; up is negative.
    pub fn away(self) -> f64 {
        match self {
            Side::A => -1.0,
            Side::B => 1.0,
        }
    }
}

/// The mark of an act.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The index of the act.
    pub act: usize,
    /// The horizontal position of its centre.
    pub x: f64,
    /// The distance of its centre from the line; negative above it.
    pub y: f64,
    /// Its radius; its area grows with its count.
    pub r: f64,
    /// The position of the latest possible day; `x` if the day is known.
    pub until: f64,
    /// The side of the actor.
    pub side: Side,
    /// The sign, which decides the shape.
    pub sign: Sign,
    /// The stage, which decides the filling.
    pub stage: Stage,
    /// True if the whole act was reversed.
    pub undone: bool,
}

impl Mark {
    /// The end of the line that shows the days on which the act may have been; `None`: its day is known.
    pub(super) fn span(&self) -> Option<f64> {
        (self.until > self.x + self.r + 1.0).then_some(self.until)
    }

    /// The area of that line.
    pub(super) fn span_area(&self) -> Option<Area> {
        self.span().map(|until| Area { x0: self.x + self.r, y0: self.y - 3.0, x1: until + 1.0, y1: self.y + 3.0 })
    }
}

/// A link: a curve from the later act to the earlier one.
#[derive(Debug, Clone, PartialEq)]
pub struct Thread {
    /// The later act's mark.
    pub from: usize,
    /// The earlier act's mark.
    pub to: usize,
    /// The relation.
    pub relation: Relation,
    /// The index of the link.
    pub link: usize,
    /// The curve.
    pub course: Course,
}

/// The layout of the picture, in its own units.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// The width.
    pub width: f64,
    /// The height above the line.
    pub above: f64,
    /// The height below the line.
    pub below: f64,
    /// The acts one by one; empty if there are too many.
    pub marks: Vec<Mark>,
    /// The links.
    pub threads: Vec<Thread>,
    /// The labels of the marks.
    pub labels: Vec<Label>,
    /// The acts by period, if there are too many to draw one by one.
    pub bins: Vec<Bin>,
    /// The name of the period: `month`.
    pub period: &'static str,
    /// The ticks of the axis.
    pub ticks: Vec<Tick>,
    /// The position of the day of the report, if it is within the picture and not at its end.
    pub as_of: Option<f64>,
    /// The counts that the legend shows as circles, with their radii.
    pub sizes: Vec<(Count, f64)>,
}

/// Lays out the acts between the party `a` and the other one in a picture of this width.
pub fn lay_out(acts: &[Act], links: &[ExchangeLink], a: &str, as_of: Day, width: f64) -> Timeline {
    let span = Span::of(acts, &[], as_of, MARGIN + 14.0, width - MARGIN - 14.0);
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
        let sized = marks(acts, links, |act| Side::of(act, a), &span, largest * share);
        // First try a label at every mark; if there is no room, place the marks and add labels where they fit.
        (share == 1.0)
            .then(|| labels::at_every_mark(&sized, acts, links, width))
            .flatten()
            .or_else(|| Some(labels::where_they_fit(swarm(sized, REACH)?, acts, links, width)))
    });
    match drawn {
        Some(drawn) => {
            laid.sizes = sizes(&drawn.marks, acts);
            (laid.marks, laid.threads, laid.labels) = (drawn.marks, drawn.threads, drawn.labels);
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
    /// The areas of all marks, labels and columns.
    pub fn areas(&self) -> Vec<Area> {
        let mut areas: Vec<Area> = self.marks.iter().map(|m| Area::around(m.x, m.y, m.r)).collect();
        areas.extend(self.labels.iter().map(|l| l.area));
        areas.extend(self.bins.iter().map(|b| b.area));
        areas
    }
}

/// The marks at their days, still on the line.
pub(super) fn marks(acts: &[Act], links: &[ExchangeLink], side: impl Fn(&Act) -> Side, span: &Span, largest: f64) -> Vec<Mark> {
    let most = acts.iter().filter_map(|a| a.count.number()).max().unwrap_or(1);
    let scale = (largest / (most as f64).sqrt()).min(OF_ONE);
    let mut undone: HashMap<i64, Count> = HashMap::new();
    for link in links.iter().filter(|l| l.relation == Relation::Reverses) {
        *undone.entry(link.earlier_id).or_default() += link.takes;
    }
    let mark = |(n, act): (usize, &Act)| Mark {
        act: n,
        x: span.x(act.day),
        y: 0.0,
        r: radius(act, scale),
        until: span.x(act.day_latest),
        side: side(act),
        sign: act.sign,
        stage: act.stage,
        undone: undone.get(&act.id).is_some_and(|n| *n >= act.count.number().unwrap_or(1)),
    };
    acts.iter().enumerate().map(mark).collect()
}

fn radius(act: &Act, scale: f64) -> f64 {
    match act.sign {
        Sign::Neutral => 5.0f64.min(scale * 4.0).max(SMALLEST),
        _ => (scale * (act.count.number().unwrap_or(1) as f64).sqrt()).max(SMALLEST),
    }
}

/// Moves the marks away from the line until none overlap; earlier marks stay nearer. `None`: they would extend further than `most`.
pub(super) fn swarm(mut marks: Vec<Mark>, most: f64) -> Option<Vec<Mark>> {
    let widest = marks.iter().map(|m| m.r).fold(0.0, f64::max);
    for n in 0..marks.len() {
        let this = marks[n].clone();
        let near = marks[..n].iter().rev().take_while(|m| this.x - m.x < this.r + widest + APART);
        // Each neighbour blocks a range of distances for this mark.
        let mut blocked: Vec<(f64, f64)> = near
            .filter(|m| m.side == this.side)
            .filter_map(|m| {
                let (apart, across) = (m.r + this.r + APART, this.x - m.x);
                (across < apart).then(|| (apart * apart - across * across).sqrt()).map(|d| (m.y.abs() - d, m.y.abs() + d))
            })
            .collect();
        blocked.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut reach = CLEAR + this.r;
        for (from, to) in blocked {
            if from < reach && to > reach {
                reach = to;
            }
        }
        if reach + this.r > most {
            return None;
        }
        marks[n].y = this.side.away() * reach;
    }
    Some(marks)
}

/// A link between two marks, which are not yet in their places.
pub(super) struct Tie {
    /// The later act's mark.
    pub(super) from: usize,
    /// The earlier act's mark.
    pub(super) to: usize,
    relation: Relation,
    link: usize,
}

impl Tie {
    /// Its thread.
    pub(super) fn thread(&self, course: Course) -> Thread {
        Thread { from: self.from, to: self.to, relation: self.relation, link: self.link, course }
    }
}

/// The links between these marks.
pub(super) fn ties(marks: &[Mark], acts: &[Act], links: &[ExchangeLink]) -> Vec<Tie> {
    let by_id: HashMap<i64, usize> = marks.iter().enumerate().map(|(n, m)| (acts[m.act].id, n)).collect();
    let tie = |(link, l): (usize, &ExchangeLink)| {
        Some(Tie { from: *by_id.get(&l.action_id)?, to: *by_id.get(&l.earlier_id)?, relation: l.relation, link })
    };
    links.iter().enumerate().filter_map(tie).collect()
}

/// The threads between marks in their places.
pub(super) fn threads(marks: &[Mark], acts: &[Act], links: &[ExchangeLink], course: impl Fn(usize, usize) -> Course) -> Vec<Thread> {
    ties(marks, acts, links).iter().map(|tie| tie.thread(course(tie.from, tie.to))).collect()
}

/// The possible courses of a thread across the line or along it, the best first. Both its ends are on the side of the mark that faces the
/// line.
pub(super) fn courses(later: &Mark, earlier: &Mark) -> [Course; 7] {
    let end = |mark: &Mark, gap: f64| (mark.x, mark.y - mark.side.away() * (mark.r + gap));
    let ((x1, y1), (x0, y0)) = (end(later, 0.0), end(earlier, 3.0));
    let heights = if later.side == earlier.side {
        let nearest = y1.abs().min(y0.abs());
        let best = (8.0 + 0.25 * (x1 - x0).abs()).min(nearest + 5.0);
        [best, 8.0, nearest + 5.0, nearest + 15.0, nearest + 30.0, nearest + 60.0, nearest + 100.0].map(|depth| {
            let height = later.side.away() * (nearest - depth);
            (height, height)
        })
    } else {
        let height = |share: f64| y1 + (y0 - y1) * share;
        [(0.5, 0.5), (0.75, 0.25), (1.0, 0.0), (1.4, -0.4), (0.25, 0.75), (0.0, 0.0), (1.0, 1.0)]
            .map(|(turn, back)| (height(turn), height(back)))
    };
    heights.map(|heights| Course::between((x1, y1), heights, (x0, y0), earlier.side.away()))
}

/// The smallest, a middle and the largest count, if their circles differ.
pub(super) fn sizes(marks: &[Mark], acts: &[Act]) -> Vec<(Count, f64)> {
    let mut sizes: Vec<(Count, f64)> =
        marks.iter().filter(|m| m.sign != Sign::Neutral).filter_map(|m| Some((acts[m.act].count.number()?, m.r))).collect();
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
