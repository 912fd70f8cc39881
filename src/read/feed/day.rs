//! Reads the dates of feeds: `20170701`, `20170701234500`, `2018-06-01`.

use chrono::NaiveDate;

use crate::model::{Day, Feed, Precision};

use super::reason::{Flaw, OUT_OF_RANGE, Reason};

/// The first day of GDELT's daily files, 2013-04-01.
const FIRST_DAILY_FILE: Day = Day(15_796);

/// The days on which the events of a feed can be.
#[derive(Debug, Clone, Copy)]
pub(super) struct EventDays {
    first: Day,
    today: Day,
}

impl EventDays {
    /// GDELT begins with 1979, and dates events back by up to a decade. ICEWS begins with the 1990s. POLECAT begins with 2018, and dates some
    /// events back by years.
    pub fn new(feed: Feed, today: Day) -> EventDays {
        let year = match feed {
            Feed::Gdelt => 1969,
            Feed::Icews => 1990,
            Feed::Polecat => 2010,
        };
        EventDays { first: NaiveDate::from_ymd_opt(year, 1, 1).map_or(today, Day::of), today }
    }

    /// Reads the date of an event.
    pub fn read(self, cell: &[u8]) -> Result<Day, Flaw> {
        let day = read(cell)?;
        if day < self.first {
            return Err(out_of_range(day, format!("before {}, when its events begin", self.first)));
        }
        self.not_in_future(day, "")
    }

    /// Reads the day on which the feed added an event, in the column `name`; `None` if the cell is empty.
    pub fn added(self, cell: &[u8], name: &str) -> Result<Option<Day>, Flaw> {
        if cell.is_empty() {
            return Ok(None);
        }
        let day = read(cell).map_err(|flaw| Flaw::new(flaw.reason, format!("{name} {}", flaw.value)))?;
        self.not_in_future(day, &format!(" in {name}")).map(Some)
    }

    /// One day of difference can come from time zones.
    fn not_in_future(self, day: Day, column: &str) -> Result<Day, Flaw> {
        if day.0 <= self.today.0 + 1 {
            Ok(day)
        } else {
            Err(Flaw::new(Reason::Date, format!("{day}{column}{OUT_OF_RANGE}after today, {}", self.today)))
        }
    }
}

/// The flaw of a day of the calendar that cannot be the day of an event.
pub(super) fn out_of_range(day: Day, why: impl std::fmt::Display) -> Flaw {
    Flaw::new(Reason::Date, format!("{day}{OUT_OF_RANGE}{why}"))
}

/// Reads a date, with or without hyphens. A time after it is ignored.
pub(super) fn read(cell: &[u8]) -> Result<Day, Flaw> {
    let cell = cell.trim_ascii();
    let flaw = || Flaw::bytes(Reason::Date, cell);
    let digits: Vec<u8> = match cell {
        [_, _, _, _, b'-', _, _, b'-', _, _] => cell.iter().copied().filter(|b| *b != b'-').collect(),
        [_, _, _, _, b'-', _, _, b'-', _, _, b' ' | b'T', ..] => cell[..10].iter().copied().filter(|b| *b != b'-').collect(),
        _ if cell.len() == 8 || cell.len() == 14 => cell.to_vec(),
        _ => return Err(flaw()),
    };
    let number = |digits: &[u8]| {
        std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_digit())).and_then(|d| d.parse::<u32>().ok())
    };
    let (Some(year), Some(month), Some(day)) = (number(&digits[..4]), number(&digits[4..6]), number(&digits[6..8])) else {
        return Err(flaw());
    };
    let date = i32::try_from(year).ok().filter(|y| *y > 0).and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
    date.map(Day::of).ok_or_else(flaw)
}

/// The first day and the precision of a date of GDELT. GDELT resolves "a week ago", "last month", "last year" and "a decade ago" to the
/// day it added the event minus 7, 30, 365 and 3650 days. For a month, a year and a decade only the month or the year is then known, and
/// the event counts from its first day. This applies from April 2013, when the daily files began: all older events were added on one day.
pub(super) fn with_precision(day: Day, added: Option<Day>) -> (Day, Precision) {
    let Some(date) = day.calendar() else { return (day, Precision::Day) };
    let first = |month| chrono::Datelike::with_day(&date, 1).and_then(|d| chrono::Datelike::with_month(&d, month)).map_or(day, Day::of);
    match added.filter(|added| *added >= FIRST_DAILY_FILE).map(|added| added.0 - day.0) {
        Some(30) => (first(chrono::Datelike::month(&date)), Precision::Month),
        Some(365 | 3650) => (first(1), Precision::Year),
        _ => (day, Precision::Day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_forms_of_feeds_only() {
        for text in ["20170701", "20170701234500", "2017-07-01", " 20170701", "2017-07-01 00:00:00"] {
            assert_eq!(read(text.as_bytes()).unwrap().iso(), "2017-07-01", "{text}");
        }
        for text in ["", "0", "20170231", "2017071", "01/07/2017", "00000000", "2017-7-01", "+2017-1-1", "２０１７"] {
            assert_eq!(read(text.as_bytes()).unwrap_err().reason, Reason::Date, "{text}");
        }
    }

    #[test]
    fn what_is_reckoned_back_is_no_more_precise_than_it_was_said() {
        let added = "2017-07-01".parse().unwrap();
        for (text, first, precision) in [
            ("20070704", "2007-01-01", Precision::Year),
            ("20160701", "2016-01-01", Precision::Year),
            ("20170601", "2017-06-01", Precision::Month),
            ("20170624", "2017-06-24", Precision::Day),
            ("20170701", "2017-07-01", Precision::Day),
        ] {
            let (day, known) = with_precision(read(text.as_bytes()).unwrap(), Some(added));
            assert_eq!((day.iso().as_str(), known), (first, precision), "{text}");
        }
        // All of 1979 to 2012 was added on one day.
        let (day, known) = with_precision(read(b"20120204").unwrap(), Some("2013-02-03".parse().unwrap()));
        assert_eq!((day.iso().as_str(), known), ("2012-02-04", Precision::Day));
        assert_eq!(FIRST_DAILY_FILE.iso(), "2013-04-01");
    }
}
