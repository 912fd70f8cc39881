//! Years that were typed into cells for dates: a spreadsheet program takes 2018 for a number of days, and shows 10 July 1905.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};

use super::super::{Row, Sheet};

/// The years that a person may type.
const TYPED: RangeInclusive<i64> = 1500..=2200;
/// The years in which the days are that such numbers stand for, and those around them.
const AROUND: RangeInclusive<i32> = 1900..=1912;

/// The year that a person may have typed into a cell that holds this day.
pub(in crate::read::sheet) fn typed_year(day: &str, since_1904: bool) -> Option<i64> {
    let first = if since_1904 { NaiveDate::from_ymd_opt(1904, 1, 1) } else { NaiveDate::from_ymd_opt(1899, 12, 30) };
    let days = day.parse::<NaiveDate>().ok()?.signed_duration_since(first?).num_days();
    Some(days).filter(|days| TYPED.contains(days))
}

impl Sheet {
    /// Reads the days that may be typed years: as years where the other dates of the column are of other times, and as days where they are
    /// not. A column without other dates stays as it is, unless `alone` says whether it has days of that time. Only cells of which `is_typed`
    /// is true are read.
    pub fn read_typed_years(&mut self, alone: Option<bool>, is_typed: impl Fn(&Row, usize) -> bool) {
        let columns: HashSet<usize> = self.may_be_years.iter().map(|(_, column)| *column).collect();
        let is_near: HashMap<usize, bool> = columns.iter().filter_map(|at| Some((*at, self.is_of_that_time(*at).or(alone)?))).collect();
        for row in &mut self.rows {
            for (column, is_near) in &is_near {
                let at = (row.number, *column);
                if self.may_be_years.contains(&at) && is_typed(row, *column) {
                    self.may_be_years.remove(&at);
                    let year = typed_year(row.cell(*column), self.since_1904).filter(|_| !is_near);
                    if let Some(year) = year {
                        row.cells[*column] = year.to_string();
                    }
                }
            }
        }
    }

    /// True if other dates of a column are of the time around 1905; `None`: it has no other dates.
    fn is_of_that_time(&self, column: usize) -> Option<bool> {
        let may_be_year =
            |row: &&Row| self.may_be_years.contains(&(row.number, column)) && typed_year(row.cell(column), self.since_1904).is_some();
        let others = self.rows.iter().filter(|row| !may_be_year(row)).map(|row| row.cell(column));
        let mut years = others.filter_map(|cell| Some(cell.parse::<NaiveDate>().ok()?.year())).peekable();
        years.peek()?;
        Some(years.any(|year| AROUND.contains(&year)))
    }
}
