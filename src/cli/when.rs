//! Dates as people type them: `yesterday`, `last friday`, `1 Aug 2020`, `August 2020`, `20200801`. Only what has one reading is accepted.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use recip::Result;
use recip::model::{Clock, Date, Day};

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// The clock of this run. RECIP_NOW fixes it, for reproducible reports and tests: `2017-07-13T12:00:00Z`.
///
/// # Errors
/// RECIP_NOW is no such time.
pub(crate) fn clock() -> Result<Clock> {
    std::env::var("RECIP_NOW").map_or(Ok(Clock::system()), |now| Clock::fixed(&now))
}

/// Reads a date, with its precision.
///
/// # Errors
/// The text is no date, or has two readings.
pub(crate) fn date(text: &str) -> Result<Date> {
    match iso(text, clock()?.today()) {
        Some(iso) => iso.parse(),
        None => text.parse(),
    }
}

/// Reads a single day.
///
/// # Errors
/// The text is no date, has two readings, or is a month or a year.
pub(crate) fn day(text: &str) -> Result<Day> {
    date(text)?.as_str().parse()
}

/// The ISO 8601 form of a date in words, or with the year first; `None`: the text has another form.
fn iso(text: &str, today: Day) -> Option<String> {
    let text = text.trim().to_lowercase();
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    match words[..] {
        ["today"] => Some(today.iso()),
        ["yesterday"] => Some(Day(today.0 - 1).iso()),
        ["last", weekday] => last(weekday.parse().ok()?, today),
        [number, "day" | "days", "ago"] => Some(Day(today.0 - number.parse::<i64>().ok().filter(|n| (0..100_000).contains(n))?).iso()),
        [month, year] => Some(format!("{}-{:02}", four_digits(year)?, month_number(month)?)),
        [month, day, year] if month_number(month).is_some() => in_words(day, month, year),
        [day, month, year] => in_words(day, month, year),
        [number] if number.len() == 8 && number.bytes().all(|b| b.is_ascii_digit()) => {
            Some(format!("{}-{}-{}", &number[..4], &number[4..6], &number[6..]))
        }
        [number] => year_first(number),
        _ => None,
    }
}

/// The latest such weekday before today.
fn last(weekday: Weekday, today: Day) -> Option<String> {
    let today = today.calendar()?;
    let back = (today.weekday().num_days_from_monday() + 7 - weekday.num_days_from_monday() - 1) % 7 + 1;
    Some(today.checked_sub_days(Days::new(back.into()))?.to_string())
}

fn in_words(day: &str, month: &str, year: &str) -> Option<String> {
    let day = ["st", "nd", "rd", "th"].iter().find_map(|ending| day.strip_suffix(ending)).unwrap_or(day);
    let day = day.parse().ok().filter(|_| day.len() <= 2)?;
    Some(NaiveDate::from_ymd_opt(four_digits(year)?.parse().ok()?, month_number(month)?, day)?.to_string())
}

/// `2020/8/1`, `2020.08.01` and `2020/08`: with the year first, the month comes second.
fn year_first(text: &str) -> Option<String> {
    let mut fields = text.split(['/', '.']);
    let year = four_digits(fields.next()?)?;
    let rest = fields.map(|field| Some(format!("-{:02}", field.parse::<u8>().ok()?))).collect::<Option<Vec<_>>>()?;
    (1..=2).contains(&rest.len()).then(|| format!("{year}{}", rest.concat()))
}

fn four_digits(text: &str) -> Option<&str> {
    (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

/// The number of a month by its English name, or by three letters or more of it.
fn month_number(word: &str) -> Option<u32> {
    let word = word.strip_suffix('.').unwrap_or(word);
    let at = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(word)).or((word == "sept").then_some(8))?;
    u32::try_from(at + 1).ok()
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
            ("1st August 2020", "2020-08-01"),
            ("August 1, 2020", "2020-08-01"),
            ("Sept. 30 2020", "2020-09-30"),
            ("August 2020", "2020-08"),
            ("2020/08/01", "2020-08-01"),
            ("2020/8/1", "2020-08-01"),
            ("2020.08", "2020-08"),
            ("20200801", "2020-08-01"),
        ] {
            assert_eq!(iso(text, today).as_deref(), Some(read), "{text}");
            assert!(read.parse::<Date>().is_ok());
        }
    }

    #[test]
    fn what_has_two_readings_or_none_is_not() {
        let today: Day = "2020-08-05".parse().unwrap();
        for text in [
            "1/8/2020",
            "04/03/2022",
            "08/2020",
            "31 Feb 2020",
            "1 Ma 2020",
            "last week",
            "friday",
            "1 Aug 20",
            "2020-08-01",
            "2020",
            "soon",
        ] {
            assert_eq!(iso(text, today), None, "{text}");
        }
        assert!(date("1/8/2020").unwrap_err().to_string().contains("2020-08-01 or as 2020-01-08"));
        assert!(date("20201301").unwrap_err().to_string().contains("no such day"));
    }
}
