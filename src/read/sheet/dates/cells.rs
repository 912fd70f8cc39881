//! Dates of a whole column: one cell that has one reading settles how the others are read.

use std::str::FromStr;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};

use crate::error::Error;
use crate::model::name::fold;
use crate::model::{Date, Day, date_words};

use super::super::amount::without_marks;
use super::super::words::Table;

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

    /// The part that stands first: `day`.
    pub fn first_part(self) -> &'static str {
        self.in_words().split(',').next().unwrap_or_default()
    }

    /// Its words: `day, month, year`.
    pub(in crate::read::sheet) fn in_words(self) -> &'static str {
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::read) struct Dates {
    /// The order of day, month and year; `None`: nothing settles it.
    pub order: Option<DateOrder>,
    /// The order in dates with full stops, `26.3.2018`, which people write in another than `3/26/2018`.
    pub dotted: Option<DateOrder>,
    /// True if numbers of days count from 1904.
    pub since_1904: bool,
    /// The year of the dates that have none, as a person states it.
    pub year: Option<u16>,
    /// True if a spreadsheet program may have taken the day for the month of those dates that it turned into dates of its own.
    pub may_be_swapped: bool,
}

impl Dates {
    /// Dates in an order that a person stated.
    pub fn of_order(order: Option<DateOrder>) -> Dates {
        Dates { order, dotted: order, ..Dates::default() }
    }

    /// Decides from the cells of a column how its dates are read, and says why. `given` was stated by a person. With `last`, a reading in
    /// which a year of two digits stands first is dropped if it gives a later day.
    pub fn of<'c>(
        cells: impl Iterator<Item = &'c str> + Clone,
        given: Option<DateOrder>,
        since_1904: bool,
        last: Option<Day>,
    ) -> (Dates, String) {
        let dates = Dates { since_1904, ..Dates::of_order(given) };
        if given.is_some() {
            return (dates, String::new());
        }
        if let Some(why) = swapped(cells.clone()) {
            return (Dates { may_be_swapped: true, ..dates }, why);
        }
        let is_dotted = |cell: &&str| numbers(day_alone(&bare(cell))).is_some_and(|(_, separator)| separator == '.');
        let (dotted, why_dotted) = settle(cells.clone().filter(is_dotted), last);
        let (order, why) = settle(cells.clone().filter(|cell| !is_dotted(cell)), last);
        // What is asked for some of them is asked for the column.
        let dotted = dotted.filter(|_| order.is_some() || why.is_empty());
        let dates = Dates { order, dotted, ..dates };
        if let Some(why) = [why, why_dotted].into_iter().find(|why| !why.is_empty()) {
            return (dates, why);
        }
        let numbered = cells.clone().find(|cell| serial(&bare(cell), since_1904).is_some());
        (dates, numbered.map_or_else(String::new, |cell| dates.number_of_days(cell)))
    }

    /// The order that all dates of the column have in which numbers give it.
    pub fn order_of_all(self) -> Option<DateOrder> {
        self.order.or(self.dotted).filter(|order| self.dotted.is_none_or(|dotted| dotted == *order))
    }

    /// What a cell is that holds a number of days.
    pub fn number_of_days(self, cell: &str) -> String {
        let since = if self.since_1904 { 1904 } else { 1900 };
        format!("'{cell}' is the number of days since {since}, as spreadsheets count them")
    }

    /// The date of a cell under a header of recip's own: as the order says, if one is given, else only what has one reading in any spreadsheet.
    pub fn of_spreadsheet(self, cell: &str) -> Option<String> {
        if self.order.is_some() {
            return self.read(cell).ok();
        }
        let day = day_alone(cell);
        if day != cell {
            return cell[..day.len()].parse::<Date>().ok().map(|date| date.as_str().to_owned());
        }
        serial(cell, self.since_1904).or_else(|| short_year(cell))
    }

    /// The date of a cell in ISO 8601.
    pub fn read(self, cell: &str) -> Result<String, String> {
        let bare = bare(cell);
        let day = day_alone(&bare);
        if let Some(other) = other_day(day).filter(|_| self.may_be_swapped) {
            return Err(format!("'{cell}' is {day} or {other}"));
        }
        if let Some(date) = one_reading(day).or_else(|| serial(day, self.since_1904)) {
            return Ok(date);
        }
        let whole = self.year.and_then(|year| in_year(cell, year));
        // In words it has one reading.
        if let Some(date) = whole.as_deref().and_then(one_reading) {
            return Ok(date);
        }
        let day = whole.as_deref().unwrap_or(day);
        let in_numbers = numbers(day).map(|(numbers, separator)| (numbers, if separator == '.' { self.dotted } else { self.order }));
        if let Some((numbers, Some(order))) = in_numbers {
            return order.read(&numbers).ok_or_else(|| format!("'{cell}' is not a date with the order {}", order.name()));
        }
        let mut days: Vec<String> = readings(whole.as_deref().unwrap_or(cell), None).into_iter().map(|(_, date)| date).collect();
        days.dedup();
        match &days[..] {
            [] if date_words::may_be_october(day) => Err(format!("'{cell}' is {}-01 or {0}-10", &day[..4])),
            [] if is_without_year(cell) => Err(format!("'{cell}' has no year")),
            [] => Err(format!("'{cell}' is not a date")),
            [day] => Ok(day.clone()),
            days => Err(format!("'{cell}' is {}", any_of(days))),
        }
    }
}

/// The order that the dates of a column settle, and why; or what is asked. In a date with a year of two digits, the reading that is later than
/// `last` is dropped.
fn settle<'c>(cells: impl Iterator<Item = &'c str>, last: Option<Day>) -> (Option<DateOrder>, String) {
    let mut possible = DateOrder::ALL.map(|(order, ..)| order).to_vec();
    let (mut settled, mut either, mut last_narrowed) = (Vec::new(), None, "");
    for cell in cells {
        let readings = readings(cell, last);
        let Some((first, date)) = readings.first() else { continue };
        if readings.iter().any(|(_, other)| other != date) {
            either = either.or(Some((cell, readings.clone())));
        } else if readings.len() == 1 && !settled.iter().any(|(order, _)| order == first) {
            settled.push((*first, cell));
        }
        let before = possible.len();
        possible.retain(|order| readings.iter().any(|(read, _)| read == order));
        last_narrowed = if possible.len() < before { cell } else { last_narrowed };
    }
    match (&possible[..], &settled[..], either) {
        ([], [(one, a), (other, b), ..], Some(_)) => {
            let [one, other] = [one, other].map(|order| order.first_part());
            (None, format!("'{a}' has the {one} first and '{b}' the {other}: write the dates as 2018-03-26"))
        }
        ([], [(order, cell), ..], None) => (Some(*order), format!("{}: '{cell}' settles it", order.in_words())),
        ([order], ..) => (Some(*order), format!("{}: '{last_narrowed}' settles it", order.in_words())),
        (_, _, Some((cell, readings))) => {
            let readings = readings.iter().filter(|(order, _)| possible.is_empty() || possible.contains(order));
            let (orders, days): (Vec<String>, Vec<String>) = readings.map(|(order, date)| (order.name().to_owned(), date.clone())).unzip();
            let options: Vec<String> = orders.iter().map(|order| format!("--dates {order}")).collect();
            let [days, orders, options] = [days, orders, options].map(|items| any_of(&items));
            (None, format!("'{cell}' is {days}: write {orders} as its value, or give {options}"))
        }
        _ => (None, String::new()),
    }
}

/// Each order in which a date of three numbers can be read, with the date. Empty for a cell that has one form whatever the column.
fn readings(cell: &str, last: Option<Day>) -> Vec<(DateOrder, String)> {
    let bare = bare(cell);
    let day = day_alone(&bare);
    let Some((numbers, separator)) = numbers(day).filter(|_| one_reading(day).is_none()) else { return Vec::new() };
    let mut readings: Vec<(DateOrder, String)> =
        DateOrder::ALL.iter().filter_map(|(order, ..)| Some((*order, order.read(&numbers)?))).collect();
    if separator == '.' {
        readings.truncate(1);
    }
    let is_past = |date: &str| last.is_none_or(|last| date.parse::<Day>().is_ok_and(|day| day <= last));
    if readings.len() > 1 {
        readings.retain(|(order, date)| *order != DateOrder::Ymd || is_past(date));
    }
    let falls_on = |date: &str, weekday| date.parse::<NaiveDate>().is_ok_and(|date| date.weekday().num_days_from_monday() == weekday);
    if let Some((weekday, _)) = weekday(cell)
        && readings.iter().any(|(_, date)| falls_on(date, weekday))
    {
        readings.retain(|(_, date)| falls_on(date, weekday));
    }
    readings
}

/// What is asked if a spreadsheet program may have swapped day and month. It leaves as text the dates that it cannot read so: if only these
/// texts have days over 12, the other dates may be swapped.
fn swapped<'c>(cells: impl Iterator<Item = &'c str> + Clone) -> Option<String> {
    let text = |cell: &'c str| {
        let (numbers, separator) = numbers(day_alone(cell))?;
        (separator != '.' && numbers[0].digits < 4).then_some((cell, numbers))
    };
    let mut texts = cells.clone().filter_map(text).peekable();
    let (first, numbers) = *texts.peek()?;
    let (at, order) = if numbers[0].value > 12 { (0, DateOrder::Dmy) } else { (1, DateOrder::Mdy) };
    if !texts.all(|(_, numbers)| numbers[at].value > 12) {
        return None;
    }
    let days = |cell: &'c str| Some(day_alone(cell)).filter(|day| day.len() == 10 && day.parse::<Date>().is_ok());
    if cells.clone().filter_map(days).any(|day| day[8..] > *"12") {
        return None;
    }
    let (day, other) = cells.filter_map(days).find_map(|day| Some((day, other_day(day)?)))?;
    Some(format!(
        "{day} may be {other}, since a spreadsheet program that takes the day for the month leaves '{first}' as a text: write {} as its value if \
         {day} is right, else correct the dates in the rows",
        order.name()
    ))
}

/// The date in which the month and the day of this one are the other way round, if it is another one.
fn other_day(day: &str) -> Option<String> {
    let other = format!("{}-{}-{}", day.get(..4)?, day.get(8..10)?, day.get(5..7)?);
    (day.len() == 10 && other != day && [day, &other].iter().all(|day| day.parse::<Date>().is_ok())).then_some(other)
}

/// A list such as `a, b or c`.
fn any_of(items: &[String]) -> String {
    match items {
        [first @ .., before, last] => first.iter().map(|item| format!("{item}, ")).collect::<String>() + &format!("{before} or {last}"),
        items => items.concat(),
    }
}

/// A deadline that is a time, or a period after the day of the act, as the ledger takes it: `72h`, `7 days`.
pub(in crate::read::sheet) fn deadline(text: &str) -> Option<String> {
    let words = super::super::words::words(text);
    let (number, unit) = match &words[..] {
        [one] => one.split_at(one.find(|c: char| !c.is_ascii_digit())?),
        [number, unit] => (number.as_str(), unit.as_str()),
        _ => return (text.contains('T') && text.contains(':')).then(|| text.to_owned()),
    };
    let number: u32 = number.parse().ok()?;
    let (letter, _) = DEADLINES.iter().find(|(_, units)| super::super::words::has(&[unit.to_owned()], units))?;
    Some(format!("{number}{letter}"))
}

/// A deadline under a header of recip's own that the ledger does not take as it is written, such as `7 days` or a day with the time midnight.
pub(in crate::read) fn deadline_in_words(cell: &str) -> Option<String> {
    let day = || cell.strip_suffix("00:00:00").map(|day| day.trim_end_matches(['T', ' '])).filter(|day| day.parse::<Day>().is_ok());
    if cell.contains(' ') || cell.ends_with("T00:00:00") {
        deadline(cell).filter(|_| cell.contains(' ')).or_else(|| day().map(str::to_owned))
    } else {
        None
    }
}

/// True if a text seems to be a date, with or without a year.
pub(in crate::read::sheet) fn is_day(text: &str) -> bool {
    is_date(text) || is_plainly_without_year(text)
}

/// True if a cell seems to be a date, however it is read.
pub(in crate::read::sheet) fn is_date(cell: &str) -> bool {
    let bare = bare(cell);
    let day = day_alone(&bare);
    day.len() > 4
        && (one_reading(day).is_some()
            || numbers(day).is_some_and(|(n, _)| DateOrder::ALL.iter().any(|(order, ..)| order.read(&n).is_some())))
}

/// A cell with a day and a month, and no year, as it would be written with this year: `26 March 2018`, `26.3.2018`. `None`: it has another form.
pub(in crate::read::sheet) fn in_year(cell: &str, year: u16) -> Option<String> {
    let bare = bare(cell);
    let day = day_alone(&bare);
    let is_in_words = day.contains(|c: char| c.is_ascii_digit()) && day.contains(char::is_alphabetic);
    let whole = match day_and_month(day) {
        Some(([first, second], separator)) => format!("{first}{separator}{second}{separator}{year}"),
        None if is_in_words => date_words::iso(&format!("{day} {year}"))?,
        None => return None,
    };
    (is_date(&whole) && one_reading(day).is_none()).then_some(whole)
}

/// The two numbers of a date such as `26.3.` or `26/3`, and what separates them. `26.3` without a dot at its end may be a decimal number, but
/// `26.03` seldom is one, and no program writes it as such.
fn day_and_month(text: &str) -> Option<([&str; 2], char)> {
    let (closed, is_closed) = text.strip_suffix('.').map_or((text, false), |rest| (rest, true));
    let separator = if text.contains('/') { '/' } else { '.' };
    let (first, second) = closed.split_once(separator).map(|(first, second)| (first.trim(), second.trim()))?;
    let is_number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let is_date = if separator == '/' { !is_closed } else { is_closed || second.len() == 2 };
    (is_date && is_number(first) && is_number(second)).then_some(([first, second], separator))
}

/// A leap year, which has every day.
const LEAP_YEAR: u16 = 2000;

/// True if a cell has a day and a month, and no year: `26 March`, `26.3.`, `26/3`.
pub(in crate::read::sheet) fn is_without_year(cell: &str) -> bool {
    in_year(cell, LEAP_YEAR).is_some()
}

/// True if a cell has this form, and no other meaning even in a column of other things: `26 March`, `26.3.`, but not `26/3`.
pub(in crate::read::sheet) fn is_plainly_without_year(cell: &str) -> bool {
    is_without_year(cell) && (cell.contains(char::is_alphabetic) || cell.ends_with('.'))
}

/// The date that cells with its year, its month and its day give: `2018`, `3` or `March`, `26`. The day or both the day and the month may be
/// missing.
pub(in crate::read::sheet) fn of_parts(year: &str, month: &str, day: &str) -> Option<String> {
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
pub(in crate::read::sheet) fn bare(cell: &str) -> String {
    let mut text = without_marks(cell, &mut Vec::new());
    if let Some((_, rest)) = weekday(&text) {
        text = rest.to_owned();
    }
    // "26.03.2018 г." names the year as one.
    if let Some(date) = [" г.", " г", " года", "г."].iter().find_map(|year| text.strip_suffix(year)) {
        text = date.trim_end().to_owned();
    }
    let number = text.strip_suffix(".0").filter(|number| number.bytes().all(|b| b.is_ascii_digit()));
    number.map(str::to_owned).unwrap_or(text)
}

/// The day of the week with which a cell begins, counted from Monday, and the rest of the cell.
fn weekday(cell: &str) -> Option<(u32, &str)> {
    let (first, rest) = cell.split_once([' ', ','])?;
    let day = [fold(first)];
    let number = (0..).zip(WEEKDAYS.iter()).find(|(_, (_, names))| names.are_whole(&day));
    number.map(|(number, _)| (number, rest.trim_start_matches([',', ' '])))
}

/// The names of the days of the week, from Monday.
static WEEKDAYS: LazyLock<Table> =
    LazyLock::new(|| Table::of("weekdays", &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]));
/// The units of deadlines, each as the ledger writes it, by the words for them.
static DEADLINES: LazyLock<Table> = LazyLock::new(|| Table::all("deadlines"));

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
    let year_first = || numbers(cell).filter(|(numbers, _)| numbers[0].digits == 4).and_then(|(numbers, _)| DateOrder::Ymd.read(&numbers));
    date(cell).or_else(|| date(&date_words::iso(cell)?)).or_else(|| short_year(cell)).or_else(month_first).or_else(year_first)
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
        let (dates, why) = Dates::of(cells.iter().copied(), given, false, Some("2026-01-02".parse().unwrap()));
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
    fn a_year_of_two_digits_may_be_first_or_last() {
        let settled = |cells: &[&str]| (read(cells), column(cells, None).1);
        assert_eq!(settled(&["18-03-26"]).0, ["'18-03-26' is 2026-03-18 or 2018-03-26"]);
        let (days, why) = settled(&["18-03-25", "18/04/04"]);
        assert_eq!(days[1], "'18/04/04' is 2004-04-18 or 2018-04-04");
        assert_eq!(why, "'18-03-25' is 2025-03-18 or 2018-03-25: write dmy or ymd as its value, or give --dates dmy or --dates ymd");
        let (_, why) = settled(&["04/03/02"]);
        assert_eq!(
            why,
            "'04/03/02' is 2002-03-04, 2002-04-03 or 2004-03-02: write dmy, mdy or ymd as its value, or give --dates dmy, --dates mdy or \
             --dates ymd"
        );
        assert_eq!(settled(&["18-03-25", "31-03-18"]).0, ["2025-03-18", "2018-03-31"], "18 March 2031 is in the future");
        assert_eq!(settled(&["26.3.18", "2018/04/03"]).0, ["2018-03-26", "2018-04-03"]);
        // 26 March 2018 was a Monday, and 18 March 2026 is not.
        assert_eq!(settled(&["Mon 26/3/18", "04/03/18"]).0, ["2018-03-26", "2018-03-04"]);
        assert_eq!(settled(&["Lundi 26/3/18"]).1, "day, month, year: 'Lundi 26/3/18' settles it");
    }

    #[test]
    fn dates_whose_day_may_have_become_the_month_are_asked() {
        let (dates, why) = column(&["2018-04-03", "26/03/2018", "2018-05-05 00:00:00"], None);
        assert_eq!(
            dates,
            [Err("'2018-04-03' is 2018-04-03 or 2018-03-04".to_owned()), Ok("2018-03-26".to_owned()), Ok("2018-05-05".to_owned())]
        );
        assert!(why.starts_with("2018-04-03 may be 2018-03-04") && why.contains("write dmy as its value"), "{why}");
        assert_eq!(column(&["2018-04-03", "26/03/2018"], Some(DateOrder::Dmy)).0[0], Ok("2018-04-03".to_owned()));
        for other in [["2018-04-13", "26/03/2018"], ["2018-04-03", "04/03/2018"], ["2018-04-03", "26.3.2018"], ["2018-04-04", "26/03/2018"]]
        {
            assert!(!column(&other, None).1.contains(" may be "), "{other:?}");
        }
    }

    #[test]
    fn what_nothing_settles_is_asked_with_both_readings() {
        let (dates, why) = column(&["04/03/2018"], None);
        assert_eq!(dates[0], Err("'04/03/2018' is 2018-03-04 or 2018-04-03".to_owned()));
        assert!(why.contains("--dates dmy"), "{why}");
        assert_eq!(column(&["04/03/2018"], Some(DateOrder::Mdy)).0[0], Ok("2018-04-03".to_owned()));
        let (dates, why) = column(&["3.5.2018", "13.5.2018", "5/4/2018"], None);
        assert_eq!(dates[0], Ok("2018-05-03".to_owned()));
        assert_eq!(dates[2], Err("'5/4/2018' is 2018-04-05 or 2018-05-04".to_owned()));
        assert!(why.starts_with("'5/4/2018' is"), "full stops do not settle how slashes are meant: {why}");
        assert_eq!(read(&["3.5.2018", "3/26/2018", "5/4/2018"]), ["2018-05-03", "2018-03-26", "2018-05-04"]);
        assert_eq!(column(&["3.5.2018"], Some(DateOrder::Mdy)).0[0], Ok("2018-03-05".to_owned()));
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
