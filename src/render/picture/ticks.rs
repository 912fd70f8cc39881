//! The time axis: the positions of its ticks and their labels.

use chrono::{Datelike, Months, NaiveDate};

use crate::model::Day;
use crate::render::picture::area::width;
use crate::report::exchange::{Act, BalanceStep};

/// The font size of axis labels.
pub const WRITING: f64 = 11.0;

/// How far labels may extend beyond the first and the last day. Every picture leaves this much margin.
const LABEL_MARGIN: f64 = 21.0;

/// Days laid out from left to right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// The first day.
    pub first: i64,
    /// The last day.
    pub last: i64,
    /// The position of the first day.
    pub x0: f64,
    /// The position of the last day.
    pub x1: f64,
}

/// A tick of the axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Its position.
    pub x: f64,
    /// Its label: `29 Dec`, `Jul`, `2017`.
    pub text: String,
    /// The year, written below the label at the year's first tick; `None`: the year of the previous tick.
    pub year: Option<String>,
}

/// The distance from one tick to the next.
#[derive(Debug, Clone, Copy)]
enum Step {
    Days(u64),
    Months(u32),
    Years(i32),
}

const STEPS: [Step; 15] = [
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
    Step::Years(10),
    Step::Years(20),
    Step::Years(50),
    Step::Years(500),
];

impl Span {
    /// The span of a picture of these acts and changes of the balance: from the first day to the last one, or to the day of the report if
    /// that is close.
    pub fn of(acts: &[Act], steps: &[BalanceStep], as_of: Day, x0: f64, x1: f64) -> Span {
        let days = || steps.iter().map(|step| step.day);
        let first = acts.iter().map(|a| a.day).chain(days()).min().unwrap_or(as_of.0);
        let last = acts.iter().map(|a| a.day_latest.min(as_of.0).max(a.day)).chain(days()).max().unwrap_or(first);
        let slack = ((last - first) / 6).max(7);
        Span { first, last: as_of.0.clamp(last, last.saturating_add(slack)).max(first + 1), x0, x1 }
    }

    /// The position of a day. Days outside the span are placed at its ends.
    pub fn x(&self, day: i64) -> f64 {
        let share = (day.clamp(self.first, self.last) - self.first) as f64 / (self.last - self.first) as f64;
        self.x0 + share * (self.x1 - self.x0)
    }

    /// The ticks, as close together as their labels allow.
    pub fn ticks(&self) -> Vec<Tick> {
        let step = STEPS.into_iter().find(|step| self.fits(*step)).unwrap_or(Step::Years(500));
        let mut year = None;
        let mut ticks: Vec<Tick> = Vec::new();
        for date in self.dates(step) {
            let x = self.x(Day::of(date).0);
            let half_width = width(&label(step, date), WRITING) / 2.0;
            if x - half_width < self.x0 - LABEL_MARGIN || x + half_width > self.x1 + LABEL_MARGIN {
                continue;
            }
            let changed = !matches!(step, Step::Years(_)) && year != Some(date.year());
            year = Some(date.year());
            ticks.push(Tick { x, text: label(step, date), year: changed.then(|| date.year().to_string()) });
        }
        remove_crowded_years(&mut ticks);
        ticks
    }

    fn fits(&self, step: Step) -> bool {
        let days = match step {
            Step::Days(days) => days as f64,
            Step::Months(months) => f64::from(months) * 28.0,
            Step::Years(years) => f64::from(years) * 365.0,
        };
        let sample = match step {
            Step::Days(_) => "28 Mar",
            Step::Months(_) => "Mar",
            Step::Years(_) => "2028",
        };
        days * (self.x1 - self.x0) / (self.last - self.first) as f64 >= width(sample, WRITING) + 10.0
    }

    fn dates(&self, step: Step) -> Vec<NaiveDate> {
        let (Some(first), Some(last)) = (Day(self.first).calendar(), Day(self.last).calendar()) else { return Vec::new() };
        let mut dates = Vec::new();
        let mut date = match step {
            Step::Days(_) => Some(first),
            Step::Months(months) => NaiveDate::from_ymd_opt(first.year(), first.month0() / months * months + 1, 1),
            Step::Years(years) => NaiveDate::from_ymd_opt(first.year() / years * years, 1, 1),
        };
        while let Some(at) = date.filter(|d| *d <= last) {
            if at >= first {
                dates.push(at);
            }
            date = match step {
                Step::Days(days) => at.checked_add_days(chrono::Days::new(days)),
                Step::Months(months) => at.checked_add_months(Months::new(months)),
                Step::Years(years) => NaiveDate::from_ymd_opt(at.year() + years, 1, 1),
            };
        }
        dates
    }
}

fn label(step: Step, date: NaiveDate) -> String {
    let form = match step {
        Step::Days(_) => "%-d %b",
        Step::Months(_) => "%b",
        Step::Years(_) => "%Y",
    };
    date.format(form).to_string()
}

/// Removes a year label that would overlap the next one, which is at its January.
fn remove_crowded_years(ticks: &mut [Tick]) {
    let mut at: Option<usize> = None;
    for n in 0..ticks.len() {
        if ticks[n].year.is_none() {
            continue;
        }
        if let Some(before) = at
            && ticks[n].x - ticks[before].x < width("2028", WRITING) + 8.0
        {
            ticks[before].year = None;
        }
        at = Some(n);
    }
}

/// About `about` round numbers from 0 to `most`.
pub fn round_values(most: i64, about: i64) -> Vec<i64> {
    let least = (most / about.max(1)).max(1);
    let mut step = 1i64;
    while step < least {
        step = [2, 5, 10].into_iter().map(|n| magnitude(step).saturating_mul(n)).find(|n| *n > step).unwrap_or(i64::MAX);
    }
    (0..=most / step).map(|n| n * step).collect()
}

fn magnitude(n: i64) -> i64 {
    10i64.saturating_pow(n.max(1).ilog10())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(first: &str, last: &str, wide: f64) -> Span {
        let day = |text: &str| text.parse::<Day>().unwrap().0;
        Span { first: day(first), last: day(last), x0: 0.0, x1: wide }
    }

    fn texts(span: Span) -> Vec<String> {
        span.ticks().iter().map(|t| format!("{}{}", t.text, t.year.as_ref().map_or(String::new(), |y| format!("/{y}")))).collect()
    }

    #[test]
    fn ticks_stand_on_the_calendar() {
        assert_eq!(texts(span("2016-12-29", "2017-08-31", 640.0)), ["Jan/2017", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug"]);
        assert_eq!(texts(span("1985-09-12", "1985-09-16", 300.0)), ["12 Sep/1985", "13 Sep", "14 Sep", "15 Sep", "16 Sep"]);
        assert_eq!(texts(span("1995-01-01", "2024-12-31", 300.0)), ["1995", "2000", "2005", "2010", "2015", "2020"]);
        assert_eq!(texts(span("0001-01-01", "9999-12-31", 640.0)).len(), 19);
    }

    #[test]
    fn the_writing_of_an_axis_never_runs_together() {
        for days in (1..200).chain((200..40_000).step_by(97)) {
            for wide in [270.0, 660.0] {
                let span = Span { first: 16_000, last: 16_000 + days, x0: 0.0, x1: wide };
                for texts in [|t: &Tick| Some(t.text.clone()), |t: &Tick| t.year.clone()] {
                    let written: Vec<(f64, f64)> =
                        span.ticks().iter().filter_map(|t| texts(t).map(|text| (t.x, width(&text, WRITING) / 2.0))).collect();
                    for pair in written.windows(2) {
                        assert!(pair[0].0 + pair[0].1 < pair[1].0 - pair[1].1, "{days} days, {wide} wide: {written:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn values_are_round() {
        assert_eq!(round_values(755, 3), [0, 500]);
        assert_eq!(round_values(35, 3), [0, 20]);
        assert_eq!(round_values(1, 3), [0, 1]);
        assert_eq!(round_values(i64::MAX, 2).len(), 2);
    }
}
