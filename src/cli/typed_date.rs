//! Reads the dates in arguments. This file reads the relative days: `yesterday`, `tomorrow`, `3 days ago`, `last friday`. All other dates are passed on
//! to `Date::read`, for which `src/model/date_words.rs` reads dates in words: `1 Aug 2020`. Only what has one reading is accepted.

use chrono::{Datelike, Weekday};
use recip::ledger::Moment;
use recip::model::{Clock, Date, Day, day_alone};
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
    relative(text, clock()?.today()).map_or_else(|| Date::read(text), |day| Ok(day.into()))
}

/// Reads a single day.
///
/// # Errors
/// The text is not a date, has two readings, or is a month or a year.
pub(crate) fn day(text: &str) -> Result<Day> {
    date(text)?.single_day()
}

/// Reads a moment of the ledger's history: a day, which means its end, or a time.
///
/// # Errors
/// The text is neither.
pub(crate) fn moment(text: &str) -> Result<Moment> {
    in_iso(text)?.parse()
}

/// Reads a list of parties, some with a date: `USA:60,Ukraine:13@yesterday`. Relative days are replaced.
///
/// # Errors
/// The clock cannot be read.
pub(crate) fn list(text: &str) -> Result<String> {
    let parts = text.split(',').map(|part| match part.split_once('@') {
        Some((party, date)) => Ok(format!("{party}@{}", in_iso(date)?)),
        None => Ok(part.to_owned()),
    });
    Ok(parts.collect::<Result<Vec<_>>>()?.join(","))
}

/// Reads a deadline: a day, or a time or a period, which are kept as they are and read when the date of the act is known.
///
/// # Errors
/// There is no such day, or it has two readings.
pub(crate) fn deadline(text: &str) -> Result<String> {
    let text = in_iso(text)?;
    Ok(day_alone(&text, "deadline")?.map_or(text, Day::iso))
}

/// The text, with a relative day replaced by its ISO date.
fn in_iso(text: &str) -> Result<String> {
    Ok(relative(text, clock()?.today()).map_or_else(|| text.to_owned(), Day::iso))
}

/// The day that a relative day means, counted from today; `None`: the text has another form.
fn relative(text: &str, today: Day) -> Option<Day> {
    let text = text.trim().to_lowercase();
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    match words[..] {
        ["today"] => Some(today),
        ["yesterday"] => Some(Day(today.0 - 1)),
        ["tomorrow"] => Some(Day(today.0 + 1)),
        ["last", weekday] => last(weekday.parse().ok()?, today),
        [number, unit @ ("day" | "days" | "week" | "weeks"), "ago"] => {
            let days = if unit.starts_with("week") { 7 } else { 1 };
            Some(Day(today.0 - days * number.parse::<i64>().ok().filter(|n| (0..10_000).contains(n))?))
        }
        _ => None,
    }
}

/// The last occurrence of this weekday before today.
fn last(weekday: Weekday, today: Day) -> Option<Day> {
    let back = (today.calendar()?.weekday().num_days_from_monday() + 7 - weekday.num_days_from_monday() - 1) % 7 + 1;
    Some(Day(today.0 - i64::from(back)))
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
            ("tomorrow", "2020-08-06"),
            ("3 days ago", "2020-08-02"),
            ("2 weeks ago", "2020-07-22"),
            ("last Friday", "2020-07-31"),
            ("last wed", "2020-07-29"),
            ("last tuesday", "2020-08-04"),
        ] {
            assert_eq!(relative(text, today).map(Day::iso).as_deref(), Some(read), "{text}");
        }
    }

    #[test]
    fn what_has_two_readings_or_none_is_not() {
        let today: Day = "2020-08-05".parse().unwrap();
        for text in ["1/8/2020", "last week", "friday", "soon"] {
            assert_eq!(relative(text, today), None, "{text}");
        }
        assert!(date("1/8/2020").unwrap_err().to_string().contains("2020-08-01 or as 2020-01-08"));
        for (text, iso) in [("1 Aug 2020", "2020-08-01"), ("20200801", "2020-08-01"), ("2020-8-1", "2020-08-01")] {
            assert_eq!(date(text).unwrap().as_str(), iso);
        }
        for text in ["31 April 2020", "29 Feb 2019", "29.2.2019", "2020-02-30", "2020/2/30"] {
            assert!(date(text).unwrap_err().to_string().contains("no such day in the calendar"), "{text}");
        }
        assert!(date("20201301").unwrap_err().to_string().contains("no such day"));
    }
}
