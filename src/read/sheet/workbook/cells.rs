//! The cells of a sheet as texts, in whatever order they arrive.

use std::collections::{HashMap, HashSet};

use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Range};

use crate::model::{Date, date_words};

use super::super::dates::typed_year;
use super::{MAX_CELLS, Outcome, Row, Sheet};

/// The maximum number of cells that are filled because they are merged with another.
const MAX_MERGED: u64 = 1_000_000;

/// How much of a text is struck out.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Struck {
    #[default]
    Nothing,
    Part,
    All,
}

impl Struck {
    /// How much is struck out of a text of which so much was, if anything was read of it, and that goes on with letters that are struck out or not.
    pub fn and(before: Option<Struck>, is_struck: bool) -> Struck {
        let here = if is_struck { Struck::All } else { Struck::Nothing };
        if before.is_none_or(|before| before == here) { here } else { Struck::Part }
    }
}

/// What a cell shows of its date.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    #[default]
    Day,
    Month,
    Year,
}

/// A date as its cell shows it: a spreadsheet program makes `Mar 2018` the first day of the month. Any other day was typed.
pub(super) fn as_shown(date: String, shown: Shown) -> String {
    let (first, kept) = match shown {
        Shown::Day => return date,
        Shown::Month => ("-01", "2018-03".len()),
        Shown::Year => ("-01-01", "2018".len()),
    };
    if date.get(kept..) == Some(first) { date[..kept].to_owned() } else { date }
}

/// The rows of a sheet as its cells arrive. Rows and columns count from 0 here.
#[derive(Default)]
pub(super) struct Cells {
    rows: Vec<Row>,
    count: usize,
    /// The place of each row that was not added at the end.
    places: HashMap<u32, usize>,
    struck: HashSet<(u32, usize)>,
    may_be_years: HashSet<(u32, usize)>,
}

impl Cells {
    /// Takes the used cells of a sheet that was read as a whole.
    pub fn put_all(&mut self, range: &Range<Data>, marks: impl Fn(u32, usize) -> (Struck, Shown)) -> Outcome<()> {
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let place = |offset: u32, at: usize| u32::try_from(offset as usize + at).unwrap_or(u32::MAX);
            let (row, column) = (place(top, row), place(left, column));
            let (struck, shown) = marks(row, column as usize);
            if matches!(value, Data::DateTime(_) | Data::DateTimeIso(_)) {
                self.note_date(row, column, &of_data(value));
            }
            self.put(row, column, as_shown(of_data(value), shown), struck)?;
        }
        Ok(())
    }

    /// Notes a cell that holds this date, if it may be a year that a person typed.
    pub fn note_date(&mut self, row: u32, column: u32, date: &str) {
        if [false, true].iter().any(|since_1904| typed_year(date, *since_1904).is_some()) {
            self.may_be_years.insert((row.saturating_add(1), column as usize));
        }
    }

    /// True if a cell has a text.
    pub fn has(&self, row: u32, column: u32) -> bool {
        let at = self.places.get(&row.saturating_add(1));
        at.is_some_and(|at| self.rows[*at].cells.get(column as usize).is_some_and(|cell| !cell.is_empty()))
    }

    /// Takes a cell.
    ///
    /// # Errors
    /// The sheet has too many cells.
    pub fn put(&mut self, row: u32, column: u32, text: String, struck: Struck) -> Outcome<()> {
        if text.is_empty() {
            return Ok(());
        }
        let number = row.saturating_add(1);
        if self.rows.last().is_none_or(|last| last.number != number) && !self.places.contains_key(&number) {
            self.places.insert(number, self.rows.len());
            self.rows.push(Row { number, is_struck: true, ..Row::default() });
        }
        let at = self.places.get(&number).copied().unwrap_or_default();
        let (row, column) = (&mut self.rows[at], column as usize);
        self.count += (column + 1).saturating_sub(row.cells.len());
        if self.count > MAX_CELLS {
            return Err(format!("it has more than {MAX_CELLS} cells"));
        }
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        if struck != Struck::Nothing {
            self.struck.insert((number, column));
        }
        row.is_struck &= struck == Struck::All;
        row.cells[column] = text;
        Ok(())
    }

    /// The sheet. All cells that are merged get the text of the first.
    ///
    /// # Errors
    /// Too many cells are merged.
    pub fn sheet(mut self, merged: &[Dimensions]) -> Outcome<Sheet> {
        self.rows.sort_by_key(|row| row.number);
        let mut sheet = Sheet { rows: self.rows, struck: self.struck, may_be_years: self.may_be_years, ..Sheet::default() };
        let cells: u64 = merged.iter().map(Dimensions::len).fold(0, u64::saturating_add);
        if cells > MAX_MERGED {
            return Err(format!("more than {MAX_MERGED} of its cells are merged"));
        }
        merged.iter().for_each(|area| fill(&mut sheet, area));
        Ok(sheet)
    }
}

/// Gives all cells of an area the text of its first.
fn fill(sheet: &mut Sheet, area: &Dimensions) {
    let (first, column) = (area.start.0 + 1, area.start.1 as usize);
    let Ok(at) = sheet.rows.binary_search_by_key(&first, |row| row.number) else { return };
    let text = sheet.rows[at].cell(column).to_owned();
    for row in sheet.rows[at..].iter_mut().take_while(|row| row.number <= area.end.0 + 1) {
        if area.end.0 > area.start.0 {
            let columns = column..=area.end.1 as usize;
            sheet.merged.extend(columns.map(|at| ((row.number, at), (first, area.end.0 + 1))));
        }
        let end = area.end.1 as usize + 1;
        if row.cells.len() < end {
            row.cells.resize(end, String::new());
        }
        row.cells[column..end].iter_mut().for_each(|cell| cell.clone_from(&text));
    }
}

/// The text of a cell.
pub(super) fn of_ref(value: &DataRef<'_>) -> String {
    match value {
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => of_number(*number),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(time) => of_time(time),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn of_data(value: &Data) -> String {
    match value {
        Data::DateTimeIso(text) => match text.strip_suffix("T00:00:00").unwrap_or(text) {
            // What OpenDocument writes for the number 0.
            "1899-12-30" => "0".to_owned(),
            day => day.to_owned(),
        },
        Data::String(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => of_number(*number),
        Data::Bool(truth) => truth.to_string(),
        Data::DateTime(time) => of_time(time),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

/// A number. One that is too large for all its digits to be kept is written as spreadsheets show it, so that nobody takes it for exact.
fn of_number(number: f64) -> String {
    if number.abs() < 1e15 { number.to_string() } else { format!("{number:.14E}").replace('E', "E+") }
}

/// A day that was typed as one number, `20180326`, into a cell for dates.
fn typed_day(number: f64) -> Option<String> {
    let digits = Some(number.to_string()).filter(|digits| digits.len() == 8 && number > 0.0)?;
    Some(date_words::iso(&digits)?.parse::<Date>().ok()?.as_str().to_owned())
}

/// True for the number 0 or 1, which is no day but a number in a cell for dates.
fn is_no_day(number: f64) -> bool {
    number == 0.0 || number == 1.0
}

/// A date in ISO 8601, with its time unless that is midnight; a duration as its number of days.
fn of_time(time: &ExcelDateTime) -> String {
    if !time.is_datetime() {
        return time.as_f64().to_string();
    }
    // A formula such as =B2 gives 0 for an empty cell, which a cell for dates shows as a day before 1900.
    if is_no_day(time.as_f64()) {
        return time.as_f64().to_string();
    }
    if let Some(day) = typed_day(time.as_f64()) {
        return day;
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let date = format!("{year}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date}T{hour:02}:{minute:02}:{second:02}") }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn a_number_that_is_no_day_stays_a_number() {
        let cell = |number| of_time(&ExcelDateTime::new(number, ExcelDateTimeType::DateTime, false));
        for (number, text) in [(0.0, "0"), (1.0, "1"), (2.0, "1900-01-02"), (43_185.0, "2018-03-26")] {
            assert_eq!(cell(number), text);
        }
        for (iso, text) in [("1899-12-30", "0"), ("1899-12-30T00:00:00", "0"), ("2018-03-26", "2018-03-26")] {
            assert_eq!(of_data(&Data::DateTimeIso(iso.to_owned())), text);
        }
    }
}
