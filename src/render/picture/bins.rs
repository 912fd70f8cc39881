//! Too many acts to draw one by one: columns, one a period and side, as high as there were acts.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::model::{Day, Sign};
use crate::render::picture::axis::Span;
use crate::render::picture::measure::Area;
use crate::render::picture::timeline::Side;
use crate::report::exchange::Act;

/// How high the highest column is.
const HIGHEST: f64 = 130.0;
/// From the line to the columns.
const CLEAR: f64 = 1.0;
/// The least room a column takes, with what is between columns.
const NARROWEST: f64 = 5.0;

/// The acts of one side in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Bin {
    /// Which side.
    pub side: Side,
    /// The period: `2017-07`, `2017-07-24 to 2017-07-30`.
    pub period: String,
    /// How many acts.
    pub acts: usize,
    /// How many of them stand open.
    pub open: usize,
    /// Its column.
    pub area: Area,
    /// The part of it, at the line, that is of acts that stand open.
    pub area_open: Area,
}

/// What a column may be of, with about how many days that is.
const PERIODS: [(&str, f64); 6] = [("day", 1.0), ("week", 7.0), ("month", 30.0), ("quarter", 91.0), ("year", 365.0), ("decade", 3652.0)];

/// Lays the columns out, and says what they are of.
pub(super) fn lay_out(acts: &[Act], a: &str, span: &Span) -> (Vec<Bin>, &'static str) {
    let room = (span.x1 - span.x0) / (span.last - span.first) as f64;
    let period = PERIODS.into_iter().find(|(_, days)| days * room >= NARROWEST).map_or("decade", |(name, _)| name);
    let mut bins: BTreeMap<(i64, bool), (usize, usize)> = BTreeMap::new();
    for act in acts {
        let bin = bins.entry((beginning(act.day, period), act.actor == a)).or_default();
        bin.0 += 1;
        bin.1 += usize::from(act.sign == Sign::Hostile && act.open > 0);
    }
    let most = bins.values().map(|(acts, _)| *acts).max().unwrap_or(1) as f64;
    let bin = |((day, is_a), (acts, open)): ((i64, bool), (usize, usize))| {
        let side = if is_a { Side::A } else { Side::B };
        let (x0, x1) = (span.x(day), span.x(next(day, period)));
        let column = |acts: usize| {
            let high = acts as f64 / most * HIGHEST;
            let (near, far) = (side.away() * CLEAR, side.away() * (CLEAR + high));
            Area { x0, y0: near.min(far), x1: (x1 - 1.0).max(x0 + 0.5), y1: near.max(far) }
        };
        Bin { side, period: named(day, period), acts, open, area: column(acts), area_open: column(open) }
    };
    (bins.into_iter().map(bin).collect(), period)
}

/// The first day of the period that a day is in.
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

/// The first day of the period after the one that begins on this day.
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
