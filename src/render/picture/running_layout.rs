//! The layout of the running balance, in numbers. Each unit has a panel. What is open against the first party is above the line
//! and what is open against the second is below it, on one scale.

use std::collections::BTreeMap;

use crate::model::Day;
use crate::model::count::Count;
use crate::render::picture::area::{Area, width as wide};
use crate::render::picture::ticks::{Span, Tick};
use crate::report::exchange::{Act, BalanceStep};

/// The font size.
pub const WRITING: f64 = 11.0;
/// The height of a panel's values, above and below the line together: for large and for small values.
const HIGH: (f64, f64) = (84.0, 40.0);
/// The maximum sum of the two peaks that counts as small.
const SMALL: Count = 9;
/// The maximum number of panels; the units with the largest values have one.
const MAX_PANELS: usize = 6;
/// The minimum width of a step; changes within it are drawn as one.
const FINEST: f64 = 0.5;

/// What is open against one party, as a step line.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    /// The corners of the line, from the first day to the last.
    pub points: Vec<(f64, f64)>,
    /// The amount open at the end.
    pub last: Count,
    /// The maximum amount that was open.
    pub peak: Count,
    /// The day of the maximum.
    pub peak_day: i64,
}

/// A value at the edge of the panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The text.
    pub text: String,
    /// The vertical middle.
    pub y: f64,
}

/// The panel of one unit. `y` is measured from its top.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// The unit.
    pub unit: String,
    /// The height of the values.
    pub high: f64,
    /// The position of zero.
    pub zero: f64,
    /// What is open against the first party, above the line.
    pub a: Steps,
    /// What is open against the second party, below the line.
    pub b: Steps,
    /// The values on the left.
    pub scale: Vec<Value>,
    /// The amounts open at the end, on the right.
    pub ends: Vec<Value>,
}

/// The layout of the picture, in its own units.
#[derive(Debug, Clone, PartialEq)]
pub struct Running {
    /// The width.
    pub width: f64,
    /// The left and right ends of the values.
    pub inner: (f64, f64),
    /// The panels, one per unit.
    pub panels: Vec<Panel>,
    /// The units without a panel.
    pub left_out: Vec<String>,
    /// The ticks of the axis.
    pub ticks: Vec<Tick>,
}

/// Lays out what was open between the party `a` and the other one; `None`: nothing was ever open.
pub fn lay_out(acts: &[Act], levels: &[BalanceStep], a: &str, as_of: Day, width: f64) -> Option<Running> {
    let mut units: BTreeMap<&str, [Vec<&BalanceStep>; 2]> = BTreeMap::new();
    for level in levels {
        units.entry(&level.unit).or_default()[usize::from(level.actor != a)].push(level);
    }
    let most = |sides: &[Vec<&BalanceStep>; 2]| sides.iter().flatten().map(|l| l.open).max().unwrap_or(0);
    let mut units: Vec<(&str, [Vec<&BalanceStep>; 2])> = units.into_iter().collect();
    units.sort_by_key(|(_, sides)| std::cmp::Reverse(most(sides)));
    let left_out = units.split_off(units.len().min(MAX_PANELS)).into_iter().map(|(unit, _)| unit.to_owned()).collect();
    let margin = units.iter().map(|(_, sides)| wide(&most(sides).to_string(), WRITING)).fold(24.0, f64::max) * 1.1 + 8.0;
    let span = Span::of(acts, levels, as_of, margin, width - margin);
    let panels: Vec<Panel> = units.into_iter().map(|(unit, sides)| panel(unit, &sides, &span)).collect();
    (!panels.is_empty()).then(|| Running { width, inner: (span.x0, span.x1), panels, left_out, ticks: span.ticks() })
}

fn panel(unit: &str, sides: &[Vec<&BalanceStep>; 2], span: &Span) -> Panel {
    let peak = |levels: &[&BalanceStep]| levels.iter().map(|l| l.open).max().unwrap_or(0).max(0);
    let (above, below) = (peak(&sides[0]), peak(&sides[1]));
    let high = if above.saturating_add(below) > SMALL { HIGH.0 } else { HIGH.1 };
    let unit_high = high / (above as f64 + below as f64).max(1.0);
    let zero = above as f64 * unit_high;
    let a = steps(&sides[0], span, |open| zero - open as f64 * unit_high);
    let b = steps(&sides[1], span, |open| zero + open as f64 * unit_high);
    let value = |n: Count, y: f64| Value { text: n.to_string(), y };
    let scale = without_overlaps(
        [(0, zero), (above, 0.0), (below, high)].into_iter().filter(|(n, y)| *n > 0 || *y == zero).map(|(n, y)| value(n, y)),
    );
    let ends = [(a.last, zero - a.last as f64 * unit_high), (b.last, zero + b.last as f64 * unit_high)];
    let ends = match ends {
        [(0, _), (0, _)] => vec![value(0, zero)],
        [(0, _), (n, y)] | [(n, y), (0, _)] => vec![value(n, y)],
        [(n, y), (m, z)] => {
            // Two values that overlap move apart, away from the line.
            let push = ((WRITING * 1.2 - (z - y)) / 2.0).max(0.0);
            vec![value(n, y - push), value(m, z + push)]
        }
    };
    Panel { unit: unit.to_owned(), high, zero, a, b, scale, ends }
}

/// The values whose texts do not overlap; larger values come first.
fn without_overlaps(values: impl Iterator<Item = Value>) -> Vec<Value> {
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

fn steps(levels: &[&BalanceStep], span: &Span, y: impl Fn(Count) -> f64) -> Steps {
    let mut points: Vec<(f64, f64)> = vec![(span.x0, y(0))];
    let (mut last, mut peak, mut peak_day) = (0, 0, span.first);
    for level in levels {
        let x = span.x(level.day);
        let before = points.last().map_or(y(0), |p| p.1);
        // Of several changes within the minimum width, only the last is drawn.
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
    /// The areas of all texts of a panel.
    pub fn writing(&self, panel: &Panel) -> Vec<Area> {
        let scale = panel.scale.iter().map(|v| Area::of_text(self.inner.0 - 5.0, v.y, &v.text, WRITING, true));
        let ends = panel.ends.iter().map(|v| Area::of_text(self.inner.1 + 5.0, v.y, &v.text, WRITING, false));
        scale.chain(ends).collect()
    }
}
