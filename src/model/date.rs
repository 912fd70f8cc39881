//! Dates as written, with their precision, and days as numbers.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

use crate::error::Error;
use crate::model::date_words;

/// What is wrong with a day such as 31 April.
pub(super) const NO_SUCH_DAY: &str = "there is no such day in the calendar";
/// What is wrong with a text that has no form of a date.
const NOT_A_DATE: &str = "this is not a date";
const FORMS: &str = "write 2016-12-29, or 2016-12 or 2016 if the day is unknown";

/// A day, counted from 1970-01-01, which is day 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

/// A date with its precision (ISO 8601): `2016`, `2017-06` or `2016-12-29`. It is an interval of days, and is shown as it was
/// written. All computations use its earliest day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Date {
    text: String,
    earliest: Day,
    latest: Day,
}

impl Day {
    /// The day as an ISO 8601 date: `2016-12-29`.
    pub fn iso(self) -> String {
        self.calendar().map_or_else(|| self.0.to_string(), |d| d.format("%Y-%m-%d").to_string())
    }

    /// The day as a calendar date; `None` if it is outside the range of [`NaiveDate`].
    pub fn calendar(self) -> Option<NaiveDate> {
        i32::try_from(self.0).ok().and_then(NaiveDate::from_epoch_days)
    }

    /// The day of a calendar date.
    pub(crate) fn of(date: NaiveDate) -> Day {
        Day(i64::from(date.to_epoch_days()))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso())
    }
}

impl FromStr for Day {
    type Err = Error;

    /// Reads a single day, `2016-12-29`. A month or a year is not accepted.
    fn from_str(text: &str) -> Result<Day, Error> {
        text.parse::<Date>()?.single_day()
    }
}

impl Date {
    /// Reads a date as people write it: in words (`1 Aug 2020`), with the year first, or in ISO 8601.
    ///
    /// # Errors
    /// It is not a date, there is no such day, or it has two readings.
    pub fn read(text: &str) -> Result<Date, Error> {
        match date_words::iso(text.trim()) {
            Some(iso) => iso.parse().map_err(|_| Error::invalid("date", text, NO_SUCH_DAY, FORMS)),
            None => text.parse(),
        }
    }

    /// The date if it is a single day.
    ///
    /// # Errors
    /// It is a month or a year.
    pub fn single_day(&self) -> Result<Day, Error> {
        if self.earliest == self.latest {
            Ok(self.earliest)
        } else {
            Err(Error::invalid("day", &self.text, "this is more than one day", "give a single day, like 2017-07-13"))
        }
    }

    /// The date as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The first day of the interval: the day that computations use.
    pub fn earliest(&self) -> Day {
        self.earliest
    }

    /// The last day of the interval.
    pub fn latest(&self) -> Day {
        self.latest
    }
}

impl From<Day> for Date {
    fn from(day: Day) -> Date {
        Date { text: day.iso(), earliest: day, latest: day }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Date {
    type Err = Error;

    fn from_str(text: &str) -> Result<Date, Error> {
        let span = match text.len() {
            10 => parts(text).and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d)).map(|d| (d, d)),
            7 => parts(text).and_then(|(y, m, _)| {
                let first = NaiveDate::from_ymd_opt(y, m, 1)?;
                Some((first, first.checked_add_months(chrono::Months::new(1))?.pred_opt()?))
            }),
            4 => parts(text).and_then(|(y, _, _)| Some((NaiveDate::from_ymd_opt(y, 1, 1)?, NaiveDate::from_ymd_opt(y, 12, 31)?))),
            _ => None,
        };
        match span {
            Some((first, last)) => Ok(Date { text: text.to_owned(), earliest: Day::of(first), latest: Day::of(last) }),
            None => Err(invalid_date(text)),
        }
    }
}

/// Reads a single day where a time may stand as well; `None`: the text has no form of a date.
///
/// # Errors
/// There is no such day, it has two readings, or it is a month or a year. The error names the field.
pub fn day_alone(text: &str, field: &'static str) -> Result<Option<Day>, Error> {
    match Date::read(text).and_then(|date| date.single_day()) {
        Ok(day) => Ok(Some(day)),
        Err(Error::Invalid { why, way_out, .. }) if why != NOT_A_DATE => Err(Error::invalid(field, text, why, way_out)),
        Err(_) => Ok(None),
    }
}

/// The year, month and day of `YYYY[-MM[-DD]]`, with 1 for a missing part; `None` if the text has another form.
fn parts(text: &str) -> Option<(i32, u32, u32)> {
    let mut fields = text.split('-');
    let year = digits(fields.next()?, 4)?;
    let month = fields.next().map_or(Some(1), |m| digits(m, 2))?;
    let day = fields.next().map_or(Some(1), |d| digits(d, 2))?;
    (fields.next().is_none() && year > 0).then_some((i32::try_from(year).ok()?, month, day))
}

fn digits(text: &str, width: usize) -> Option<u32> {
    (text.len() == width && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// An error that says what is wrong with a date. If the date can be read in two ways, it names both.
fn invalid_date(text: &str) -> Error {
    let numbers: Vec<u32> = text.split(['/', '.', '-']).filter_map(|n| n.trim().parse().ok()).collect();
    let readings = match numbers[..] {
        [a, b, year] if year > 31 => {
            let mut readings: Vec<String> = [(b, a), (a, b)]
                .into_iter()
                .filter_map(|(m, d)| NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, m, d))
                .filter(|d| d.year() > 999)
                .map(|d| d.format("%Y-%m-%d").to_string())
                .collect();
            readings.dedup();
            readings
        }
        [year, 1] if date_words::may_be_october(text) => vec![format!("{year:04}-01"), format!("{year:04}-10")],
        _ => Vec::new(),
    };
    match &readings[..] {
        [day_first, month_first] => Error::invalid(
            "date",
            text,
            format!("this can be read as {day_first} or as {month_first}"),
            format!("write the one you mean: {day_first} or {month_first}"),
        ),
        [only] => Error::invalid("date", text, "a date begins with the year", format!("write {only}")),
        _ if parts(text).is_some() || matches!(numbers[..], [1..=31, 1..=31, 1000..=9999]) => {
            Error::invalid("date", text, NO_SUCH_DAY, FORMS)
        }
        _ => Error::invalid("date", text, NOT_A_DATE, FORMS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_spans_the_days_it_allows() {
        for (text, first, last) in [
            ("2016-12-29", "2016-12-29", "2016-12-29"),
            ("2016-02", "2016-02-01", "2016-02-29"),
            ("1985", "1985-01-01", "1985-12-31"),
            ("2017-12", "2017-12-01", "2017-12-31"),
        ] {
            let date: Date = text.parse().unwrap();
            assert_eq!((date.earliest().iso().as_str(), date.latest().iso().as_str()), (first, last), "{text}");
            assert_eq!(date.to_string(), text);
        }
        assert_eq!("1970-01-02".parse::<Day>().unwrap(), Day(1));
    }

    #[test]
    fn what_is_not_a_date_is_refused_with_its_readings() {
        for (text, says) in [
            ("04/03/2022", "2022-03-04 or as 2022-04-03"),
            ("30/02/2017", "no such day"),
            ("2018.1", "2018-01 or as 2018-10"),
            ("30/12/2017", "write 2017-12-30"),
            ("2017-02-30", "no such day"),
            ("2017-13", "no such day"),
            ("0000-01-01", "not a date"),
            ("tomorrow", "not a date"),
            ("2017-6-1", "not a date"),
            ("２０１７", "not a date"),
            ("", "not a date"),
        ] {
            let message = text.parse::<Date>().unwrap_err().to_string();
            assert!(message.contains(says), "{text}: {message}");
        }
    }
}
