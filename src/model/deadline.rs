//! The deadline of an act: a day, or a time with its offset from UTC.

use chrono::TimeDelta;

use crate::error::Error;
use crate::model::date::{Date, Day, NO_SUCH_DAY, day_alone};

const WAY_OUT: &str = "write 2017-01-01 or 2017-01-01T12:00-05:00, or a period from the action's day, such as 72h, 30d or 2w";

/// Reads a deadline as people write it for an action on `date`: a day, a time, or a period from the action's day. Returns it in the
/// form that the ledger stores.
///
/// # Errors
/// The text is none of these, the deadline is after the year 9999, or a period is given for a date that is not a single day.
pub fn parse(text: &str, date: &Date) -> Result<String, Error> {
    match span(text) {
        None => check(text).map(|()| text.to_owned()),
        Some(_) if date.earliest() != date.latest() => {
            let why = format!("a period counts from a single day, but the action's date is {date}");
            Err(Error::invalid("deadline", text, why, "write the deadline as a day, such as 2017-01-01"))
        }
        Some(hours) if hours % 24 == 0 => {
            let day = date.earliest().calendar().and_then(|d| d.checked_add_signed(TimeDelta::try_hours(hours)?));
            // The ledger's calendar ends with the year 9999.
            day.map(|d| d.format("%Y-%m-%d").to_string())
                .filter(|d| check(d).is_ok())
                .ok_or_else(|| Error::invalid("deadline", text, "this is beyond the calendar, which ends with the year 9999", WAY_OUT))
        }
        Some(_) => Err(Error::invalid("deadline", text, "a number of hours must be a multiple of 24", WAY_OUT)),
    }
}

/// Checks a deadline in the form that the ledger stores: `2017-01-01` or `2017-01-01T12:00-05:00`.
///
/// # Errors
/// The text has neither form.
pub fn check(text: &str) -> Result<(), Error> {
    if text.get(..10).is_some_and(|day| day.parse::<Day>().is_ok()) && is_time_of_day(&text[10..]) {
        return Ok(());
    }
    let day = day_alone(text.get(..10).unwrap_or(text), "deadline");
    let why = match &day {
        // A month or a year instead of the day is no way out here.
        Err(Error::Invalid { why, .. }) if why != NO_SUCH_DAY && text.len() <= 10 => return day.map(|_| ()),
        Err(Error::Invalid { why, .. }) if why == NO_SUCH_DAY => NO_SUCH_DAY,
        _ if text.contains('T') => "a time needs its offset from UTC",
        _ => "this is neither a day nor a time",
    };
    Err(Error::invalid("deadline", text, why, WAY_OUT))
}

/// True for `T12:00Z`, `T12:00:30-05:00` and the like, and for an empty text. Each number must have exactly two digits, because the schema
/// compares deadlines as texts.
fn is_time_of_day(text: &str) -> bool {
    let (time, offset) = match text.strip_suffix('Z') {
        Some(time) => (time, None),
        None => match text.rfind(['+', '-']) {
            Some(at) => (&text[..at], Some(&text[at + 1..])),
            None => return text.is_empty(),
        },
    };
    let number =
        |text: &str, below: u8| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()) && text.parse().is_ok_and(|n: u8| n < below);
    let clock = |text: &str, parts: std::ops::RangeInclusive<usize>| {
        let fields: Vec<&str> = text.split(':').collect();
        parts.contains(&fields.len()) && fields.iter().zip([24, 60, 60]).all(|(field, below)| number(field, below))
    };
    time.strip_prefix('T').is_some_and(|time| clock(time, 2..=3)) && offset.is_none_or(|offset| clock(offset, 2..=2))
}

/// The number of hours in a period as people write it: `72h`, `3d` or `2w`.
pub fn span(text: &str) -> Option<i64> {
    let (number, hours) = [('h', 1), ('d', 24), ('w', 168)].iter().find_map(|(unit, hours)| Some((text.strip_suffix(*unit)?, hours)))?;
    number.parse::<u32>().ok().map(|n| i64::from(n) * hours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_are_days_moments_or_spans() {
        let date: Date = "2016-12-29".parse().unwrap();
        for (text, kept) in [
            ("72h", "2017-01-01"),
            ("30d", "2017-01-28"),
            ("2w", "2017-01-12"),
            ("2017-01-01", "2017-01-01"),
            ("2017-01-01T12:00-05:00", "2017-01-01T12:00-05:00"),
            ("2017-01-01T12:00:30Z", "2017-01-01T12:00:30Z"),
        ] {
            assert_eq!(parse(text, &date).unwrap(), kept);
        }
        for bad in ["7h", "soon", "2017-01", "2017-01-01T12:00", "99999999999h", "2017-02-30", "4294967295d"]
            .into_iter()
            .chain(["2017-01-01junk", "2017-1-1T1:2Z", "2017-01-01T12:00Zjunk", "2017-01-01T12:00:60Z", "2017-01-01T24:00Z"])
            .chain(["2017-01-01 12:00Z", "2017-01-01T12:00-0500", "2017-01-01T12:00+5:00", "2017-01-01T12:00:00:00Z", "2017-01-01Z"])
        {
            assert!(parse(bad, &date).is_err(), "{bad}");
        }
        assert!(parse("72h", &"2016-12".parse().unwrap()).is_err());
        for bad in ["2017-02-30", "2017-02-30T12:00Z"] {
            assert!(parse(bad, &date).unwrap_err().to_string().contains("no such day in the calendar"), "{bad}");
        }
        for (text, says) in [
            ("02.04.2018", "deadline '02.04.2018': this can be read as 2018-04-02 or as 2018-02-04"),
            ("1/4/2018", "this can be read as 2018-04-01 or as 2018-01-04"),
            ("18.04.2018", "write 2018-04-18"),
            ("2018-04", "give a single day"),
        ] {
            let said = parse(text, &date).unwrap_err().to_string();
            assert!(said.contains(says), "{said}");
        }
    }

    /// The ledger stores four digits for a year, so a deadline such as `999990000h` (`+116095-04-24`) is not valid.
    #[test]
    fn a_span_ends_within_the_calendar() {
        let date: Date = "2016-12-29".parse().unwrap();
        assert_eq!(parse("2915732d", &date).unwrap(), "9999-12-31");
        for beyond in ["2915733d", "999990000h"] {
            assert!(parse(beyond, &date).unwrap_err().to_string().contains("beyond the calendar"));
        }
    }
}
