//! Columns for exchanges with too many acts to draw one by one: one column per period and side, scaled by the number of acts.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::model::{Day, Sign};
use crate::render::picture::area::Area;
use crate::render::picture::ticks::Span;
use crate::render::picture::timeline_layout::Side;
use crate::report::exchange::Act;

/// The height of the highest column.
const MAX_HEIGHT: f64 = 130.0;
/// The gap between the line and the columns.
const CLEAR: f64 = 1.0;
/// The minimum width of a column, including the gap to the next one.
const MIN_WIDTH: f64 = 5.0;

/// The acts of one side in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Bin {
    /// The side of the actor.
    pub side: Side,
    /// The period: `2017-07`, `2017-07-24 to 2017-07-30`.
    pub period: String,
    /// The number of acts.
    pub acts: usize,
    /// The number of these acts that are open.
    pub open: usize,
    /// The rectangle of its column.
    pub area: Area,
    /// The part of the column, next to the line, that represents open acts.
    pub area_open: Area,
}

/// The possible periods of a column, with their approximate lengths in days.
const PERIODS: [(&str, f64); 6] = [("day", 1.0), ("week", 7.0), ("month", 30.0), ("quarter", 91.0), ("year", 365.0), ("decade", 3652.0)];

/// Lays out the columns and returns them with their period.
pub(super) fn lay_out(acts: &[Act], a: &str, span: &Span) -> (Vec<Bin>, &'static str) {
    let room = (span.x1 - span.x0) / (span.last - span.first) as f64;
    let period = PERIODS.into_iter().find(|(_, days)| days * room >= MIN_WIDTH).map_or("decade", |(name, _)| name);
    let mut bins: BTreeMap<(i64, bool), (usize, usize)> = BTreeMap::new();
    for act in acts {
        let bin = bins.entry((beginning(act.day, period), act.side == a)).or_default();
        bin.0 += 1;
        bin.1 += usize::from(act.sign == Sign::Hostile && act.open > 0);
    }
    let most = bins.values().map(|(acts, _)| *acts).max().unwrap_or(1) as f64;
    let bin = |((day, is_a), (acts, open)): ((i64, bool), (usize, usize))| {
        let side = if is_a { Side::A } else { Side::B };
        let (x0, x1) = (span.x(day), span.x(next(day, period)));
        let column = |acts: usize| {
            let high = acts as f64 / most * MAX_HEIGHT;
            let (near, far) = (side.away() * CLEAR, side.away() * (CLEAR + high));
            Area { x0, y0: near.min(far), x1: (x1 - 1.0).max(x0 + 0.5), y1: near.max(far) }
        };
        Bin { side, period: named(day, period), acts, open, area: column(acts), area_open: column(open) }
    };
    (bins.into_iter().map(bin).collect(), period)
}

/// The first day of the period that contains a day.
fn beginning(day: i64, period: &str) -> i64 {
    let Some(date) = Day(day).calendar() else { return day };
    let first = match period {
        "day" => return day,
        "week" => return day - i64::from(date.weekday().num_days_from_monday()),
        "month" => NaiveDate::from_ymd_opt(date.year(), date.month(), 1),
        "quarter" => NaiveDate::from_ymd_opt(date.year(), date.month0() / 3 * 3 + 1, 1),
        "year" => NaiveDate::from_ymd_opt(date.year(), 1, 1),
        _ => NaiveDate::from_ymd_opt(date.year() / 10 * 10, 1, 1),
    };
    first.map_or(day, |d| Day::of(d).0)
}

/// The first day of the next period, given the first day of a period.
fn next(day: i64, period: &str) -> i64 {
    let within = match period {
        "day" => return day + 1,
        "week" => return day + 7,
        "month" => 31,
        "quarter" => 92,
        "year" => 366,
        _ => 3653,
    };
    beginning(day + within, period)
}

fn named(day: i64, period: &str) -> String {
    let iso = Day(day).iso();
    match period {
        "day" => iso,
        "week" => format!("{iso} to {}", Day(day + 6).iso()),
        "month" => iso[..7.min(iso.len())].to_owned(),
        "quarter" => format!("{} to {}", &iso[..7.min(iso.len())], &Day(next(day, period) - 1).iso()[..7]),
        "year" => iso[..4.min(iso.len())].to_owned(),
        _ => format!("{}s", &iso[..4.min(iso.len())]),
    }
}
