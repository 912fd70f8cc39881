//! The lay-out of the running balance: numbers only. For each unit a panel of its own, in which what is open against
//! the one side rises above the line and what is open against the other falls below it, both on one scale.

use std::collections::BTreeMap;

use crate::model::Day;
use crate::model::count::Count;
use crate::render::picture::axis::{Span, Tick};
use crate::render::picture::measure::{Area, width as wide};
use crate::report::exchange::{Act, Level};

/// The size of the writing.
pub const WRITING: f64 = 11.0;
/// How high a panel's values reach in all, above and below the line together: of many, and of a handful.
const HIGH: (f64, f64) = (84.0, 40.0);
/// What is no more than a handful.
const HANDFUL: Count = 9;
/// The most panels of a picture, those with the largest values.
const PANELS: usize = 6;
/// The least room of a step along the axis: what changes within it is drawn as one.
const FINEST: f64 = 0.5;

/// What is open against one party, as a line of steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    /// The corners, from the first day to the last.
    pub points: Vec<(f64, f64)>,
    /// What is open at the end.
    pub last: Count,
    /// The most that was open.
    pub peak: Count,
    /// The day on which it was.
    pub peak_day: i64,
}

/// A value written beside the panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// What is written.
    pub text: String,
    /// Its middle.
    pub y: f64,
}

/// One unit. `y` counts from the panel's top.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// What is counted.
    pub unit: String,
    /// How high its values reach.
    pub high: f64,
    /// Where nought is.
    pub zero: f64,
    /// What is open against the party named first, above the line.
    pub a: Steps,
    /// What is open against the other, below it.
    pub b: Steps,
    /// The values at the left.
    pub scale: Vec<Value>,
    /// What is open at the end, at the right.
    pub ends: Vec<Value>,
}

/// What is drawn, in the picture's units.
#[derive(Debug, Clone, PartialEq)]
pub struct Running {
    /// How wide it is.
    pub width: f64,
    /// Where the values begin and end.
    pub inner: (f64, f64),
    /// A panel a unit.
    pub panels: Vec<Panel>,
    /// The units that have no panel.
    pub left_out: Vec<String>,
    /// The marks of the axis.
    pub ticks: Vec<Tick>,
}

/// Lays out what was open between the party `a` and the other; `None`: nothing ever was.
pub fn lay_out(acts: &[Act], levels: &[Level], a: &str, as_of: Day, width: f64) -> Option<Running> {
    let mut units: BTreeMap<&str, [Vec<&Level>; 2]> = BTreeMap::new();
    for level in levels {
        units.entry(&level.unit).or_default()[usize::from(level.actor != a)].push(level);
    }
    let most = |sides: &[Vec<&Level>; 2]| sides.iter().flatten().map(|l| l.open).max().unwrap_or(0);
    let mut units: Vec<(&str, [Vec<&Level>; 2])> = units.into_iter().collect();
    units.sort_by_key(|(_, sides)| std::cmp::Reverse(most(sides)));
    let left_out = units.split_off(units.len().min(PANELS)).into_iter().map(|(unit, _)| unit.to_owned()).collect();
    let margin = units.iter().map(|(_, sides)| wide(&most(sides).to_string(), WRITING)).fold(24.0, f64::max) * 1.1 + 8.0;
    let span = Span::of(acts, as_of, margin, width - margin);
    let panels: Vec<Panel> = units.into_iter().map(|(unit, sides)| panel(unit, &sides, &span)).collect();
    (!panels.is_empty()).then(|| Running { width, inner: (span.x0, span.x1), panels, left_out, ticks: span.ticks() })
}

fn panel(unit: &str, sides: &[Vec<&Level>; 2], span: &Span) -> Panel {
    let peak = |levels: &[&Level]| levels.iter().map(|l| l.open).max().unwrap_or(0).max(0);
    let (above, below) = (peak(&sides[0]), peak(&sides[1]));
    let high = if above.saturating_add(below) > HANDFUL { HIGH.0 } else { HIGH.1 };
    let unit_high = high / (above as f64 + below as f64).max(1.0);
    let zero = above as f64 * unit_high;
    let a = steps(&sides[0], span, |open| zero - open as f64 * unit_high);
    let b = steps(&sides[1], span, |open| zero + open as f64 * unit_high);
    let value = |n: Count, y: f64| Value { text: n.to_string(), y };
    let scale = apart([(0, zero), (above, 0.0), (below, high)].into_iter().filter(|(n, y)| *n > 0 || *y == zero).map(|(n, y)| value(n, y)));
    let ends = [(a.last, zero - a.last as f64 * unit_high), (b.last, zero + b.last as f64 * unit_high)];
    let ends = match ends {
        [(0, _), (0, _)] => vec![value(0, zero)],
        [(0, _), (n, y)] | [(n, y), (0, _)] => vec![value(n, y)],
        [(n, y), (m, z)] => {
            // Two that run into each other move apart from the line.
            let push = ((WRITING * 1.2 - (z - y)) / 2.0).max(0.0);
            vec![value(n, y - push), value(m, z + push)]
        }
    };
    Panel { unit: unit.to_owned(), high, zero, a, b, scale, ends }
}

/// Those of the values, in their order of importance, whose writing does not run into that of one before.
fn apart(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    let mut values: Vec<Value> = values.collect();
    values.sort_by_key(|v| std::cmp::Reverse(v.text.parse::<Count>().unwrap_or(0)));
    for value in values {
        if kept.iter().all(|k| (k.y - value.y).abs() >= WRITING * 1.2) {
            kept.push(value);
        }
    }
    kept
}

fn steps(levels: &[&Level], span: &Span, y: impl Fn(Count) -> f64) -> Steps {
    let mut points: Vec<(f64, f64)> = vec![(span.x0, y(0))];
    let (mut last, mut peak, mut peak_day) = (0, 0, span.first);
    for level in levels {
        let x = span.x(level.day);
        let before = points.last().map_or(y(0), |p| p.1);
        // Within a step too fine to see only the end of it counts.
        let drawn = points.len() > 1;
        match points.last_mut() {
            Some(point) if drawn && x - point.0 < FINEST => point.1 = y(level.open),
            _ => points.extend([(x, before), (x, y(level.open))]),
        }
        last = level.open;
        if level.open > peak {
            (peak, peak_day) = (level.open, level.day);
        }
    }
    points.push((span.x1, y(last)));
    Steps { points, last, peak, peak_day }
}

impl Running {
    /// The room that all writing takes, panel by panel.
    pub fn writing(&self, panel: &Panel) -> Vec<Area> {
        let scale = panel.scale.iter().map(|v| Area::of_text(self.inner.0 - 5.0, v.y, &v.text, WRITING, true));
        let ends = panel.ends.iter().map(|v| Area::of_text(self.inner.1 + 5.0, v.y, &v.text, WRITING, false));
        scale.chain(ends).collect()
    }
}
