//! The years of dates that have none, such as `26 March` or `26.3.`, where a sheet states them: in a column, above the rows or in its title.

use std::collections::HashMap;

use super::super::columns::Column;
use super::super::layout::{Layout, subheading};
use super::super::{Row, Sheet, words};

/// A text of a sheet that states a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read::sheet) struct YearOfText<'s> {
    pub year: u16,
    pub text: &'s str,
}

/// The years that a sheet states for its rows.
#[derive(Debug, Default)]
pub(in crate::read::sheet) struct Years<'s> {
    /// The years of single rows, by their numbers, with the row above that has it if a column of years is written only when it changes.
    of_rows: HashMap<u32, (u16, Option<u32>)>,
    /// The column of years.
    pub column: Option<usize>,
    /// The one year that the title or the name of the sheet states.
    pub of_sheet: Option<YearOfText<'s>>,
}

impl<'s> Years<'s> {
    pub fn of(sheet: &'s Sheet, layout: &'s Layout, columns: &[Column]) -> Years<'s> {
        let is_year = |column: &&Column| column.meaning.is_empty() && words::date_part(&column.heading) == Some("year");
        let column = columns.iter().find(is_year).and_then(|column| column.column);
        let mut years = Years { of_rows: HashMap::new(), column, of_sheet: one_year(sheet, layout) };
        let is_sparse = column.is_some_and(|at| layout.is_sparse(sheet, at));
        let (mut above, mut part) = (None, None);
        for row in &sheet.rows[layout.first..] {
            if layout.left_out(row, &[]).is_some() {
                part = subheading(row).map_or(part, |(_, text)| below(text, part));
            }
            let own = column.and_then(|at| year_of_cell(row.cell(at)));
            let beside = own.map(|year| (year, None)).or(above.filter(|_| is_sparse).map(|(year, from)| (year, Some(from))));
            above = own.map_or(above, |year| Some((year, row.number)));
            if let Some(year) = beside.or(part.map(|part| (part.year, None))) {
                years.of_rows.insert(row.number, year);
            }
        }
        years
    }

    /// The year that the sheet states for a row, and the row above that has it, if it is not stated in or for the row itself.
    pub fn of_row(&self, row: &Row) -> Option<(u16, Option<u32>)> {
        self.of_rows.get(&row.number).copied().or(self.of_sheet.map(|stated| (stated.year, None)))
    }

    /// True if only the title or the name of the sheet states the year of a row.
    pub fn is_of_sheet(&self, row: &Row) -> bool {
        self.of_sheet.is_some() && !self.of_rows.contains_key(&row.number)
    }
}

/// What a subheading states for the rows below it, if this was stated for those above it. A year that stands alone holds until the next year,
/// since other subheadings may divide its rows.
fn below(subheading: &str, before: Option<Part>) -> Option<Part> {
    let is_number = subheading.bytes().all(|b| b.is_ascii_digit());
    match words::year(subheading) {
        Some(year) => Some(Part { year: year.parse().ok()?, stands_alone: is_number }),
        None => before.filter(|before| before.stands_alone || is_number),
    }
}

/// A part of a sheet below a subheading that states a year.
#[derive(Debug, Clone, Copy)]
struct Part {
    year: u16,
    stands_alone: bool,
}

fn year_of_cell(cell: &str) -> Option<u16> {
    let year = cell.trim_end_matches(".0");
    Some(year).filter(|year| year.len() == 4)?.parse().ok()
}

/// The texts of a sheet that may state the year of its dates.
fn texts<'s>(sheet: &'s Sheet, layout: &'s Layout) -> [&'s str; 2] {
    [layout.title.as_str(), sheet.name.as_str()]
}

/// The first of the texts of a sheet that states a year.
pub(in crate::read::sheet) fn first_year<'s>(sheet: &'s Sheet, layout: &'s Layout) -> Option<YearOfText<'s>> {
    texts(sheet, layout).into_iter().find_map(|text| Some(YearOfText { year: words::year(text)?.parse().ok()?, text }))
}

/// The year that the texts of a sheet state if they state no other one, and do not say when the list was made: `Updated in 2019`.
fn one_year<'s>(sheet: &'s Sheet, layout: &'s Layout) -> Option<YearOfText<'s>> {
    let texts = texts(sheet, layout);
    let are_of_acts = texts.iter().all(|text| words::years(text).next().is_none() || !words::is_of_list(text));
    let mut all: Vec<&str> = texts.into_iter().flat_map(words::years).collect();
    all.dedup();
    first_year(sheet, layout).filter(|_| all.len() == 1 && are_of_acts)
}
