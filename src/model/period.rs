//! Calendar periods, into which days are grouped.

use chrono::{Datelike, NaiveDate, Weekday};

use super::Day;

/// The length of the periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// One day.
    Day,
    /// A week from Monday to Sunday (ISO 8601).
    Week,
    /// A calendar month.
    Month,
    /// January to March, April to June, July to September, October to December.
    Quarter,
    /// A calendar year.
    Year,
}

/// A period of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Its name: `2017-07-28`, `2017-W30`, `2017-07`, `2017-Q3` or `2017`.
    pub name: String,
    /// Its first day.
    pub first: Day,
    /// Its last day.
    pub last: Day,
}

impl Length {
    /// The period that contains a day; `None`: the calendar does not reach that far.
    pub fn containing(self, day: Day) -> Option<Period> {
        let date = day.calendar()?;
        let (year, month) = (date.year(), date.month());
        let month_start = |year, month| NaiveDate::from_ymd_opt(year, month, 1);
        let (name, first, next) = match self {
            Length::Day => (day.iso(), date, date.succ_opt()?),
            Length::Week => {
                let first = date.week(Weekday::Mon).checked_first_day()?;
                let week = date.iso_week();
                (format!("{:04}-W{:02}", week.year(), week.week()), first, date.week(Weekday::Mon).checked_last_day()?.succ_opt()?)
            }
            Length::Month => {
                let next = if month == 12 { month_start(year + 1, 1) } else { month_start(year, month + 1) };
                (format!("{year:04}-{month:02}"), month_start(year, month)?, next?)
            }
            Length::Quarter => {
                let quarter = (month - 1) / 3;
                let next = if quarter == 3 { month_start(year + 1, 1) } else { month_start(year, quarter * 3 + 4) };
                (format!("{year:04}-Q{}", quarter + 1), month_start(year, quarter * 3 + 1)?, next?)
            }
            Length::Year => (format!("{year:04}"), month_start(year, 1)?, month_start(year + 1, 1)?),
        };
        Some(Period { name, first: Day::of(first), last: Day(Day::of(next).0 - 1) })
    }

    /// All periods from the one that contains `first` to the one that contains `last`.
    pub fn between(self, first: Day, last: Day) -> Vec<Period> {
        let mut periods = Vec::new();
        let mut day = first;
        while day <= last {
            let Some(period) = self.containing(day) else { break };
            day = Day(period.last.0 + 1);
            periods.push(period);
        }
        periods
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn periods(length: Length, first: &str, last: &str) -> Vec<String> {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let periods = length.between(day(first), day(last));
        assert!(periods.windows(2).all(|pair| pair[0].last.0 + 1 == pair[1].first.0));
        periods.iter().map(|p| format!("{} {} {}", p.name, p.first.iso(), p.last.iso())).collect()
    }

    #[test]
    fn periods_follow_the_calendar() {
        assert_eq!(
            periods(Length::Day, "2016-12-31", "2017-01-01"),
            ["2016-12-31 2016-12-31 2016-12-31", "2017-01-01 2017-01-01 2017-01-01"]
        );
        assert_eq!(periods(Length::Week, "2017-01-01", "2017-01-02"), ["2016-W52 2016-12-26 2017-01-01", "2017-W01 2017-01-02 2017-01-08"]);
        assert_eq!(periods(Length::Month, "2016-12-29", "2017-01-01"), ["2016-12 2016-12-01 2016-12-31", "2017-01 2017-01-01 2017-01-31"]);
        assert_eq!(
            periods(Length::Quarter, "2016-12-29", "2017-01-01"),
            ["2016-Q4 2016-10-01 2016-12-31", "2017-Q1 2017-01-01 2017-03-31"]
        );
        assert_eq!(periods(Length::Year, "2016-02-29", "2016-03-01"), ["2016 2016-01-01 2016-12-31"]);
    }
}
