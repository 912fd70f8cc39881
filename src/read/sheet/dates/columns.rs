//! How the dates of each column of a sheet are read.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::RangeInclusive;

use crate::error::{Error, Result};
use crate::model::Day;

use super::super::columns::{Column, REPLY};
use super::super::layout::Layout;
use super::super::question::Question;
use super::super::{Row, Sheet, words};
use super::cells::{self, DateOrder, Dates, is_without_year};
use super::years::{YearOfText, Years, first_year};

/// The years that a person may state for dates without one.
const YEARS: RangeInclusive<u16> = 1500..=2200;

/// The order of day, month and year that a person or the heading states.
fn stated_order(column: &Column, given: Option<DateOrder>) -> Option<DateOrder> {
    column.value.parse().ok().or(given).or_else(|| words::order(&column.heading)?.parse().ok())
}

/// The columns of dates with the order of day, month and year that a map or a review gives them, if that is another one than this.
fn with_other_order(columns: &mut [Column], order: DateOrder) -> impl Iterator<Item = (&mut Column, DateOrder)> {
    let columns = columns.iter_mut().filter(|column| column.column.is_some() && is_of_dates(column));
    columns
        .filter_map(move |column| Some((column.value.parse().ok().filter(|own| *own != order)?, column)).map(|(own, column)| (column, own)))
}

/// True for a column of dates.
fn is_of_dates(column: &Column) -> bool {
    matches!(column.meaning.trim_start_matches(REPLY), "date" | "deadline")
}

/// Reads all columns of dates in the order that the command line states. Returns a note for each column for which a map has another order.
pub(in crate::read::sheet) fn overrule(columns: &mut [Column], order: DateOrder) -> Vec<String> {
    let say = |(column, own): (&mut Column, DateOrder)| {
        order.name().clone_into(&mut column.value);
        let [given, kept] = [order, own].map(DateOrder::first_part);
        format!("the dates in {} are read {given} first, as --dates says, and not {kept} first, as the map says", column.label())
    };
    with_other_order(columns, order).map(say).collect()
}

/// Refuses an order on the command line that is not the one of the review, since its rows show what they were read as.
pub(in crate::read::sheet) fn check_order(columns: &[Column], order: DateOrder) -> Result<()> {
    let mut columns = columns.to_vec();
    let Some((column, own)) = with_other_order(&mut columns, order).next() else { return Ok(()) };
    let why = format!("the review reads its dates with the order {}, and --dates says {}", own.name(), order.name());
    let way_out = "leave out --dates, or delete the review and run the command again for a new one";
    Err(Error::refused(format!("cannot read the column {}", column.label()), why, way_out))
}

/// Drops the year that a map has for dates without one if the title of this sheet, or its name, gives another.
pub(in crate::read::sheet) fn forget_other_year(sheet: &Sheet, layout: &Layout, columns: &mut [Column]) {
    let Some(stated) = first_year(sheet, layout) else { return };
    let is_other = |value: &str| value.parse().is_ok_and(|year: u16| year != stated.year && YEARS.contains(&year));
    for column in columns.iter_mut().filter(|column| column.column.is_some() && is_of_dates(column) && is_other(&column.value)) {
        column.value.clear();
    }
}

/// The order of day, month and year that a kept map gives for dates which do not settle it themselves.
pub(in crate::read::sheet) fn order_of_map(sheet: &Sheet, layout: &Layout, columns: &mut [Column], today: Day) -> Option<DateOrder> {
    let mut found = None;
    for column in columns.iter_mut().filter(|column| is_of_dates(column)) {
        let (Some(at), Ok(order)) = (column.column, column.value.parse::<DateOrder>()) else { continue };
        let rows = layout.rows(sheet).into_iter();
        let (dates, doubt) = Dates::of(
            rows.map(|row| row.cell(at)),
            stated_order(&Column { value: String::new(), ..column.clone() }, None),
            sheet.since_1904,
            Some(today),
        );
        if dates.order.is_none() && !doubt.is_empty() {
            column.why = format!("{}, as decided earlier", order.in_words());
            found = Some(order);
        }
    }
    found
}

/// How the dates of each column of dates are read. What is decided here is noted in the columns. `years` are those of dates without one.
pub(in crate::read::sheet) fn decide_dates(
    sheet: &Sheet,
    layout: &Layout,
    columns: &mut [Column],
    years: &Years<'_>,
    (given, today): (Option<DateOrder>, Day),
) -> HashMap<usize, Dates> {
    let mut decided: HashMap<usize, Dates> = HashMap::new();
    let has_dates = |column: &&mut Column| is_of_dates(column);
    for column in columns.iter_mut().filter(has_dates) {
        let Some(at) = column.column else { continue };
        let rows = layout.rows(sheet);
        // An act is seldom in the future, but a deadline may be.
        let last = column.meaning.ends_with("date").then_some(today);
        let year = column.value.parse().ok().filter(|year| YEARS.contains(year));
        let in_year = |row: &Row| cells::in_year(row.cell(at), year.or_else(|| Some(years.of_row(row)?.0))?);
        let cells = rows.iter().map(|row| in_year(row).map_or(Cow::Borrowed(row.cell(at)), Cow::Owned));
        let cells: Vec<Cow<'_, str>> = cells.collect();
        let (dates, of_order) = Dates::of(cells.iter().map(Cow::as_ref), stated_order(column, given), sheet.since_1904, last);
        let of_year = if year.is_none() { note_on_years(&rows, at, years, first_year(sheet, layout)) } else { String::new() };
        if !(of_order.is_empty() && of_year.is_empty()) {
            column.why = [of_order, of_year].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ");
        }
        if year.is_none() {
            column.value = name_of(dates.order_of_all());
        }
        decided.insert(at, Dates { year, ..dates });
    }
    // What settles one column settles the others of the sheet.
    let orders: Vec<DateOrder> = decided.values().filter_map(|dates| dates.order).collect();
    if let Some(order) = orders.first().copied().filter(|first| orders.iter().all(|order| order == first)) {
        for column in columns.iter_mut().filter(has_dates).filter(|column| column.value.is_empty() && !column.why.is_empty()) {
            let Some(dates) = column.column.and_then(|at| decided.get_mut(&at)) else { continue };
            if dates.order.is_some() || dates.may_be_swapped {
                continue;
            }
            dates.order = Some(order);
            column.value = name_of(dates.order_of_all());
            column.why = format!("{}, as in another column of the sheet", order.in_words());
        }
    }
    decided
}

/// The abbreviation of an order, or nothing.
fn name_of(order: Option<DateOrder>) -> String {
    order.map_or("", DateOrder::name).to_owned()
}

/// What is said of the years of a column of dates without one: that nothing states the year of some, or which text does. `stated`: a year that
/// may be meant.
fn note_on_years(rows: &[&Row], at: usize, years: &Years<'_>, stated: Option<YearOfText<'_>>) -> String {
    let mut without_year = rows.iter().filter(|row| is_without_year(row.cell(at))).peekable();
    if let Some(row) = without_year.clone().find(|row| years.of_row(row).is_none()) {
        return Question::year_of_dates(row.cell(at), stated.map(|stated| (stated.year, stated.text))).to_string();
    }
    match (without_year.find(|row| years.is_of_sheet(row)), years.of_sheet) {
        (Some(row), Some(YearOfText { year, text })) => format!("'{}' has no year, and '{text}' states {year}", row.cell(at)),
        _ => String::new(),
    }
}
