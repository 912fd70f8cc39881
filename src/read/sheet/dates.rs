//! Dates of a whole column: one cell that has one reading settles how the others are read.

use std::str::FromStr;

use chrono::NaiveDate;

use crate::error::Error;
use crate::model::name::fold;
use crate::model::{Date, Day, date_words};

use super::amount::without_marks;

/// The order of day, month and year in dates such as `04/03/2018`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Year, month, day.
    Ymd,
}

impl DateOrder {
    const ALL: [(DateOrder, &'static str, [usize; 3]); 3] =
        [(DateOrder::Dmy, "dmy", [2, 1, 0]), (DateOrder::Mdy, "mdy", [2, 0, 1]), (DateOrder::Ymd, "ymd", [0, 1, 2])];

    /// Its abbreviation: `dmy`.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(order, ..)| *order == self).map_or("", |(_, name, _)| name)
    }

    /// Its words: `day, month, year`.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            DateOrder::Dmy => "day, month, year",
            DateOrder::Mdy => "month, day, year",
            DateOrder::Ymd => "year, month, day",
        }
    }

    /// The date that three numbers give in this order.
    fn read(self, numbers: &[Number; 3]) -> Option<String> {
        let [year, month, day] = Self::ALL.iter().find(|(order, ..)| *order == self)?.2.map(|at| numbers[at]);
        let in_full = match year.digits {
            4 => year.value,
            2 => century(year.value),
            _ => return None,
        };
        if month.digits > 2 || day.digits > 2 {
            return None;
        }
        Some(NaiveDate::from_ymd_opt(i32::try_from(in_full).ok()?, month.value, day.value)?.to_string())
    }
}

impl FromStr for DateOrder {
    type Err = Error;

    fn from_str(text: &str) -> Result<DateOrder, Error> {
        let found = DateOrder::ALL.iter().find(|(_, name, _)| text.eq_ignore_ascii_case(name));
        found
            .map(|(order, ..)| *order)
            .ok_or_else(|| Error::invalid("dates", text, "this is not an order of day, month and year", "give dmy, mdy or ymd"))
    }
}

#[derive(Debug, Clone, Copy)]
struct Number {
    value: u32,
    digits: usize,
}

/// The three numbers of a date such as `26/03/2018`, and what separates them.
fn numbers(text: &str) -> Option<([Number; 3], char)> {
    let separator = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '/' | '.' | '-' | ' '))?;
    let number = |part: &str| Some(Number { value: part.trim().parse().ok()?, digits: part.trim().len() });
    let parts: Vec<Number> = text.split(separator).map(number).collect::<Option<_>>()?;
    Some((parts.try_into().ok()?, separator))
}

/// How the dates of a column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dates {
    /// The order of day, month and year; `None`: nothing settles it.
    pub order: Option<DateOrder>,
    /// True if numbers of days count from 1904.
    pub since_1904: bool,
}

impl Dates {
    /// Decides from the cells of a column how its dates are read, and says why. `given` was stated by a person.
    pub fn of<'c>(cells: impl Iterator<Item = &'c str> + Clone, given: Option<DateOrder>, since_1904: bool) -> (Dates, String) {
        let of_order = |order| Dates { order, since_1904 };
        let numbered = cells.clone().find(|cell| serial(&bare(cell), since_1904).is_some());
        let open = cells.filter_map(|cell| {
            let bare = bare(cell);
            let day = day_alone(&bare);
            if one_reading(day).is_some() { None } else { Some((cell, numbers(day)?)) }
        });
        if given.is_some() {
            return (of_order(given), String::new());
        }
        let readings = |numbers: &[Number; 3]| [DateOrder::Dmy, DateOrder::Mdy].map(|order| order.read(numbers));
        let (mut only, mut either) = ([None, None], None);
        for (cell, (numbers, separator)) in open {
            match readings(&numbers) {
                [Some(a), Some(b)] if a != b && separator == '.' => only[0] = only[0].or(Some(cell)),
                [Some(a), Some(b)] if a != b => either = either.or(Some((cell, a, b))),
                [Some(_), None] => only[0] = only[0].or(Some(cell)),
                [None, Some(_)] => only[1] = only[1].or(Some(cell)),
                _ => (),
            }
        }
        match (only, either) {
            ([Some(a), Some(b)], Some(_)) => {
                (of_order(None), format!("'{a}' has the day first and '{b}' the month: write the dates as 2018-03-26"))
            }
            ([Some(cell), _], _) => (of_order(Some(DateOrder::Dmy)), format!("{}: '{cell}' settles it", DateOrder::Dmy.in_words())),
            ([_, Some(cell)], _) => (of_order(Some(DateOrder::Mdy)), format!("{}: '{cell}' settles it", DateOrder::Mdy.in_words())),
            (_, Some((cell, a, b))) => {
                (of_order(None), format!("'{cell}' is {a} or {b}: write dmy or mdy as its value, or give --dates dmy or --dates mdy"))
            }
            _ => (
                of_order(None),
                numbered.map_or_else(String::new, |cell| {
                    let since = if since_1904 { 1904 } else { 1900 };
                    format!("'{cell}' is the number of days since {since}, as spreadsheets count them")
                }),
            ),
        }
    }

    /// The date of a cell in ISO 8601.
    pub fn read(self, cell: &str) -> Result<String, String> {
        let bare = bare(cell);
        let day = day_alone(&bare);
        if let Some(date) = one_reading(day).or_else(|| serial(day, self.since_1904)) {
            return Ok(date);
        }
        let Some((numbers, separator)) = numbers(day) else { return Err(format!("'{cell}' is not a date")) };
        let order = self.order.or((separator == '.').then_some(DateOrder::Dmy));
        match order {
            Some(order) => order.read(&numbers).ok_or_else(|| format!("'{cell}' is not a date with the order {}", order.name())),
            None => {
                let either = [DateOrder::Dmy, DateOrder::Mdy].map(|order| order.read(&numbers));
                match either {
                    [Some(one), Some(other)] if one != other => Err(format!("'{cell}' is {one} or {other}")),
                    [one, other] => one.or(other).ok_or_else(|| format!("'{cell}' is not a date")),
                }
            }
        }
    }
}

/// A deadline that is a time, or a period after the day of the act, as the ledger takes it: `72h`, `7 days`.
pub(super) fn deadline(text: &str) -> Option<String> {
    const UNITS: [(&str, &str); 2] = [
        ("h", "h|hr|hrs|hour|hours|std|stunde|stunden|heure|heures|hora|horas|час|часа|часов"),
        ("d", "d|day|days|tag|tage|tagen|jour|jours|día|días|день|дня|дней"),
    ];
    let words = super::words::words(text);
    let (number, unit) = match &words[..] {
        [one] => one.split_at(one.find(|c: char| !c.is_ascii_digit())?),
        [number, unit] => (number.as_str(), unit.as_str()),
        _ => return (text.contains('T') && text.contains(':')).then(|| text.to_owned()),
    };
    let number: u32 = number.parse().ok()?;
    let (letter, _) = UNITS.iter().find(|(_, units)| super::words::has(&[unit.to_owned()], units))?;
    Some(format!("{number}{letter}"))
}

/// The date of a cell under a header of recip's own: as the order says, if one is given, else only what has one reading in any spreadsheet.
pub(in crate::read) fn of_spreadsheet(cell: &str, order: Option<DateOrder>) -> Option<String> {
    let dates = Dates { order, since_1904: false };
    match order {
        Some(_) => dates.read(cell).ok(),
        None if day_alone(cell) != cell => cell[..day_alone(cell).len()].parse::<Date>().ok().map(|date| date.as_str().to_owned()),
        None => serial(cell, false),
    }
}

/// True if a cell seems to be a date, however it is read.
pub(super) fn is_date(cell: &str) -> bool {
    let bare = bare(cell);
    let day = day_alone(&bare);
    day.len() > 4
        && (one_reading(day).is_some()
            || numbers(day).is_some_and(|(n, _)| DateOrder::ALL.iter().any(|(order, ..)| order.read(&n).is_some())))
}

/// The date that cells with its year, its month and its day give: `2018`, `3` or `March`, `26`. The day or both the day and the month may be
/// missing.
pub(super) fn of_parts(year: &str, month: &str, day: &str) -> Option<String> {
    let number = |text: &str| text.trim_end_matches(".0").parse::<u8>().ok();
    if year.len() != 4 {
        return None;
    }
    match (month, day, number(month), number(day)) {
        ("", "", ..) => one_reading(year),
        (_, "", Some(month), _) => one_reading(&format!("{year}-{month:02}")),
        (_, "", None, _) => one_reading(&format!("{month} {year}")),
        (_, _, Some(month), Some(day)) => one_reading(&format!("{year}-{month:02}-{day:02}")),
        (_, _, None, Some(day)) => one_reading(&format!("{day} {month} {year}")),
        _ => None,
    }
}

/// The cell without footnote marks, the name of a day of the week, and the zero that Python adds to numbers.
pub(super) fn bare(cell: &str) -> String {
    let mut text = without_marks(cell, &mut Vec::new());
    if let Some((first, rest)) = text.split_once([' ', ','])
        && WEEKDAYS.split(' ').any(|day| fold(day) == fold(first))
    {
        text = rest.trim_start_matches([',', ' ']).to_owned();
    }
    let number = text.strip_suffix(".0").filter(|number| number.bytes().all(|b| b.is_ascii_digit()));
    number.map(str::to_owned).unwrap_or(text)
}

/// The names of the days of the week.
const WEEKDAYS: &str = "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun montag dienstag mittwoch \
                        donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so lundi mardi mercredi jeudi vendredi samedi dimanche lun \
                        mer jeu ven sam dim lunes martes miércoles jueves viernes sábado domingo понедельник вторник среда четверг пятница суббота \
                        воскресенье пн вт ср чт пт сб вс";

/// The cell without the time after its date.
fn day_alone(cell: &str) -> &str {
    let Some(colon) = cell.find(':') else { return cell.trim() };
    let day = cell[..colon].trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['T', ' ', ',']);
    if day.contains(|c: char| c.is_ascii_digit()) { day } else { cell.trim() }
}

/// A day, a month's name and a year of two digits, as spreadsheets write dates to CSV files: `26-Mar-18`, `Mar-18`.
fn short_year(cell: &str) -> Option<String> {
    let parts: Vec<&str> = cell.split(['-', ' ', '.', '/']).filter(|part| !part.is_empty()).collect();
    let (year, rest) = parts.split_last()?;
    let is_apart = rest.len() == 2 || cell.contains('-');
    let year: u32 = year.parse().ok().filter(|_| year.len() == 2 && is_apart)?;
    let month = rest.last()?.contains(char::is_alphabetic);
    month.then(|| date_words::iso(&format!("{} {}", rest.join(" "), century(year))))?
}

/// A year of two digits in the century that spreadsheet programs take.
fn century(year: u32) -> u32 {
    year + if year < 70 { 2000 } else { 1900 }
}

/// The date of a cell that has one reading whatever the column.
fn one_reading(cell: &str) -> Option<String> {
    let date = |text: &str| text.parse::<Date>().ok().map(|date| date.as_str().to_owned());
    let month_first = || {
        let (month, year) = cell.split_once('/').filter(|(month, year)| month.len() <= 2 && year.len() == 4)?;
        date(&format!("{year}-{:02}", month.parse::<u8>().ok()?))
    };
    date(cell).or_else(|| date(&date_words::iso(cell)?)).or_else(|| short_year(cell)).or_else(month_first)
}

/// The date that a number of days in a spreadsheet stands for, between 1910 and 2100.
fn serial(cell: &str, since_1904: bool) -> Option<String> {
    let days: i64 = cell.parse().ok().filter(|days| cell.len() == 5 && (3_653..73_051).contains(days))?;
    // Day 0 is 30 December 1899, since spreadsheets take 1900 for a leap year; or 1 January 1904.
    let epoch = if since_1904 { NaiveDate::from_ymd_opt(1904, 1, 1) } else { NaiveDate::from_ymd_opt(1899, 12, 30) }?;
    Some(Day(Day::of(epoch).0 + days).iso())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(cells: &[&str], given: Option<DateOrder>) -> (Vec<Result<String, String>>, String) {
        let (dates, why) = Dates::of(cells.iter().copied(), given, false);
        (cells.iter().map(|cell| dates.read(cell)).collect(), why)
    }

    fn read(cells: &[&str]) -> Vec<String> {
        column(cells, None).0.into_iter().map(|date| date.unwrap_or_else(|why| why)).collect()
    }

    #[test]
    fn one_cell_settles_the_column() {
        assert_eq!(read(&["04/03/2018", "26/03/2018"]), ["2018-03-04", "2018-03-26"]);
        assert_eq!(read(&["04/03/2018", "03/26/18"]), ["2018-04-03", "2018-03-26"]);
        assert_eq!(
            read(&["4.3.2018", "26. März 2018", "2018-05", "43185", "2018-03-26 14:00"]),
            ["2018-03-04", "2018-03-26", "2018-05", "2018-03-26", "2018-03-26"]
        );
        for (cell, date) in [
            ("26-Mar-18", "2018-03-26"),
            ("26-Mar-2018", "2018-03-26"),
            ("26 Mar 18", "2018-03-26"),
            ("26. Mrz 18", "2018-03-26"),
            ("26-mars-18", "2018-03-26"),
            ("26-ene-98", "1998-01-26"),
            ("Mar-18", "2018-03"),
            ("2018-Mar-26", "2018-03-26"),
            ("26.März 2018", "2018-03-26"),
            ("26 March 2018[1]", "2018-03-26"),
            ("26 March 2018*", "2018-03-26"),
            ("2018-03-26 [1]", "2018-03-26"),
            ("Monday, 26 March 2018", "2018-03-26"),
            ("lundi 26 mars 2018", "2018-03-26"),
            ("26 March 2018 14:30", "2018-03-26"),
            ("26 March 2018, 2:30 pm", "2018-03-26"),
            ("43185.0", "2018-03-26"),
            ("2018.0", "2018"),
        ] {
            assert_eq!(read(&[cell]), [date], "{cell}");
        }
        assert_eq!(read(&["04/04/2018", "03/2018"]), ["2018-04-04", "2018-03"]);
    }

    #[test]
    fn what_nothing_settles_is_asked_with_both_readings() {
        let (dates, why) = column(&["04/03/2018"], None);
        assert_eq!(dates[0], Err("'04/03/2018' is 2018-03-04 or 2018-04-03".to_owned()));
        assert!(why.contains("--dates dmy"), "{why}");
        assert_eq!(column(&["04/03/2018"], Some(DateOrder::Mdy)).0[0], Ok("2018-04-03".to_owned()));
        let (dates, why) = column(&["26/03/2018", "03/26/2018", "04/03/2018"], None);
        assert!(dates[2].is_err() && why.contains("the month"), "{why}");
        assert_eq!(dates[0], Ok("2018-03-26".to_owned()));
        for bad in ["26 March", "18-Mar", "Mar 18", "26-Mar-", "31/02/2018", "soon", "26-27 March 2018", "123"] {
            assert!(column(&[bad], None).0[0].is_err(), "{bad}");
        }
    }

    #[test]
    fn a_date_is_read_from_its_parts() {
        let read = |[year, month, day]: [&str; 3]| of_parts(year, month, day);
        for (parts, date) in [
            (["2018", "3", "26"], "2018-03-26"),
            (["2018", "March", "26"], "2018-03-26"),
            (["2018", "03", ""], "2018-03"),
            (["2018", "March", ""], "2018-03"),
            (["2018", "", ""], "2018"),
        ] {
            assert_eq!(read(parts).as_deref(), Some(date));
        }
        for parts in
            [["18", "3", "26"], ["2018", "13", "1"], ["2018", "2", "30"], ["2018", "", "26"], ["", "3", "26"], ["2018", "3", "soon"]]
        {
            assert_eq!(read(parts), None, "{parts:?}");
        }
    }

    #[test]
    fn days_are_counted_from_either_epoch() {
        assert_eq!(serial("43185", false).as_deref(), Some("2018-03-26"));
        assert_eq!(serial("41723", true).as_deref(), Some("2018-03-26"));
    }
}
