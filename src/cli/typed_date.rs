//! Dates as people type them: `yesterday`, `last friday`, `1 Aug 2020`, `August 2020`, `20200801`. Only what has one reading is accepted.

use chrono::{Datelike, Days, Weekday};
use recip::model::{Clock, Date, Day, date_words};
use recip::{Error, Result};

/// The clock of this run. RECIP_NOW fixes it, for reproducible reports and tests: `2017-07-13T12:00:00Z`.
///
/// # Errors
/// RECIP_NOW is not such a time.
pub(crate) fn clock() -> Result<Clock> {
    let Ok(now) = std::env::var("RECIP_NOW") else { return Ok(Clock::system()) };
    Clock::fixed(&now).map_err(|_| {
        let way_out = "write it like 2017-07-13T12:00:00Z, or unset the variable";
        Error::invalid("RECIP_NOW", &now, "the environment variable that sets the clock is not a time", way_out)
    })
}

/// Reads a date, with its precision.
///
/// # Errors
/// The text is not a date, or has two readings.
pub(crate) fn date(text: &str) -> Result<Date> {
    match iso(text, clock()?.today()) {
        Some(iso) => iso.parse(),
        None => text.parse(),
    }
}

/// Reads a single day.
///
/// # Errors
/// The text is not a date, has two readings, or is a month or a year.
pub(crate) fn day(text: &str) -> Result<Day> {
    date(text)?.as_str().parse()
}

/// The ISO 8601 form of a date in words, or with the year first; `None`: the text has another form.
fn iso(text: &str, today: Day) -> Option<String> {
    let text = text.trim().to_lowercase();
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    match words[..] {
        ["today"] => Some(today.iso()),
        ["yesterday"] => Some(Day(today.0 - 1).iso()),
        ["last", weekday] => last(weekday.parse().ok()?, today),
        [number, "day" | "days", "ago"] => Some(Day(today.0 - number.parse::<i64>().ok().filter(|n| (0..100_000).contains(n))?).iso()),
        _ => date_words::iso(&text),
    }
}

/// The latest such weekday before today.
fn last(weekday: Weekday, today: Day) -> Option<String> {
    let today = today.calendar()?;
    let back = (today.weekday().num_days_from_monday() + 7 - weekday.num_days_from_monday() - 1) % 7 + 1;
    Some(today.checked_sub_days(Days::new(back.into()))?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_one_reading_is_taken() {
        // A Wednesday.
        let today: Day = "2020-08-05".parse().unwrap();
        for (text, read) in [
            ("today", "2020-08-05"),
            ("Yesterday", "2020-08-04"),
            ("3 days ago", "2020-08-02"),
            ("last Friday", "2020-07-31"),
            ("last wed", "2020-07-29"),
            ("last tuesday", "2020-08-04"),
            ("1 Aug 2020", "2020-08-01"),
            ("20200801", "2020-08-01"),
        ] {
            assert_eq!(iso(text, today).as_deref(), Some(read), "{text}");
            assert!(read.parse::<Date>().is_ok());
        }
    }

    #[test]
    fn what_has_two_readings_or_none_is_not() {
        let today: Day = "2020-08-05".parse().unwrap();
        for text in ["1/8/2020", "last week", "friday", "soon"] {
            assert_eq!(iso(text, today), None, "{text}");
        }
        assert!(date("1/8/2020").unwrap_err().to_string().contains("2020-08-01 or as 2020-01-08"));
        assert!(date("20201301").unwrap_err().to_string().contains("no such day"));
    }
}
