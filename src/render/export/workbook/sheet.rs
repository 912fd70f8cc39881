//! One sheet of a workbook: a table with a frozen header, typed cells and columns as wide as their texts.

use std::borrow::Cow;

use rust_xlsxwriter::{ExcelDateTime, Format, Table, TableColumn, TableStyle, Url, Workbook, Worksheet, XlsxError};

use crate::error::{Error, Result};
use crate::model::Day;

/// Maximum number of rows below the header.
const MAX_ROWS: u32 = 1_048_575;
/// Maximum number of UTF-16 units in a cell.
pub(in crate::render) const MAX_TEXT: usize = 32_767;
/// Maximum number of links in a sheet, and of UTF-16 units in the address of one.
const MAX_LINKS: u32 = 65_530;
const MAX_ADDRESS: usize = 2_079;
/// The largest whole number that the numbers of Excel, which are floating-point, hold exactly.
const MAX_EXACT: i64 = 1 << 53;
/// The first day from which Excel and other programs count days alike: Excel takes 1900 for a leap year. Earlier dates are texts.
const FIRST_DAY: &str = "1900-03-01";
/// The columns with dates. A date of a month or a year, and a deadline with a time, remain texts.
const DATES: [&str; 3] = ["date", "deadline", "accessed"];
/// Minimum and maximum width of a column, in characters, and the width of the button of its filter.
const WIDTHS: (usize, usize, usize) = (8, 60, 4);

/// The value of a cell.
#[derive(Debug, Clone)]
pub(in crate::render) enum Cell<'c> {
    Empty,
    Integer(i64),
    Real(f64),
    Bool(bool),
    Text(Cow<'c, str>),
}

/// How a workbook is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::render) enum Size {
    /// In memory, with tables as Excel has them.
    Small,
    /// Row by row in temporary files, so that it takes little memory. Such sheets have filters, but cannot be tables.
    Large,
}

/// A sheet being written, row by row.
pub(in crate::render) struct Sheet<'w> {
    sheet: &'w mut Worksheet,
    name: &'static str,
    columns: Vec<String>,
    widths: Vec<usize>,
    date: Format,
    size: Size,
    /// The row being written; row 0 is the header.
    row: u32,
    links: u32,
}

impl<'w> Sheet<'w> {
    /// Adds a sheet to a workbook.
    pub fn new(workbook: &'w mut Workbook, size: Size, name: &'static str, columns: Vec<String>) -> Result<Sheet<'w>> {
        let sheet = match size {
            Size::Small => workbook.add_worksheet(),
            Size::Large => {
                let sheet = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
                sheet.write_row_with_format(0, 0, &columns, &Format::new().set_bold()).map_err(failed)?
            }
        };
        sheet.set_name(name).map_err(failed)?.set_freeze_panes(1, 0).map_err(failed)?;
        let widths = columns.iter().map(|column| (column.len() + WIDTHS.2).max(WIDTHS.0)).collect();
        Ok(Sheet { sheet, name, columns, widths, date: Format::new().set_num_format("yyyy-mm-dd"), size, row: 0, links: 0 })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// Excel cannot hold this many rows, or this long a text.
    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = Cell<'c>>) -> Result<()> {
        self.row = next_row(self.row, self.name)?;
        for (at, cell) in cells.into_iter().enumerate() {
            let column = column_number(at);
            match cell {
                Cell::Empty => (),
                Cell::Integer(n) if n.abs() > MAX_EXACT => self.text(at, &n.to_string())?,
                Cell::Integer(n) => drop(self.sheet.write_number(self.row, column, n as f64).map_err(failed)?),
                Cell::Real(n) => drop(self.sheet.write_number(self.row, column, n).map_err(failed)?),
                Cell::Bool(is) => drop(self.sheet.write_boolean(self.row, column, is).map_err(failed)?),
                Cell::Text(text) => self.text(at, &text)?,
            }
        }
        Ok(())
    }

    /// Writes a text: as a date, a link or a string. It never becomes a formula.
    fn text(&mut self, at: usize, text: &str) -> Result<()> {
        let (row, column) = (self.row, column_number(at));
        self.widths[at] = self.widths[at].max(text.chars().count().min(WIDTHS.1));
        check_length(text, self.name, &self.columns[at], row)?;
        if let Some(day) = self.day(at, text) {
            self.sheet.write_datetime_with_format(row, column, day, &self.date).map_err(failed)?;
        } else if is_address(text) && self.links < MAX_LINKS {
            self.links += 1;
            self.sheet.write_url(row, column, Url::new(text).set_text(text)).map_err(failed)?;
        } else {
            self.sheet.write_string(row, column, text).map_err(failed)?;
        }
        Ok(())
    }

    /// The day in a column of dates, if the text is a single day that Excel knows.
    fn day(&self, at: usize, text: &str) -> Option<ExcelDateTime> {
        let known = text.len() == FIRST_DAY.len() && text >= FIRST_DAY && text.parse::<Day>().is_ok();
        if known && DATES.contains(&self.columns[at].as_str()) { ExcelDateTime::parse_from_str(text).ok() } else { None }
    }

    /// Gives the rows filters, and returns the sheet.
    pub fn finish(self) -> Result<&'w mut Worksheet> {
        for (at, width) in self.widths.iter().enumerate() {
            self.sheet.set_column_width(column_number(at), *width as f64).map_err(failed)?;
        }
        // A table has at least one row.
        let (last_row, last_column) = (self.row.max(1), column_number(self.columns.len() - 1));
        if self.size == Size::Large {
            return self.sheet.autofilter(0, 0, last_row, last_column).map_err(failed);
        }
        let columns: Vec<TableColumn> = self.columns.iter().map(|column| TableColumn::new().set_header(column)).collect();
        let table = Table::new().set_name(self.name).set_style(TableStyle::Light1).set_columns(&columns);
        self.sheet.add_table(0, 0, last_row, last_column, &table).map_err(failed)
    }
}

/// The number of the next row of a sheet.
fn next_row(row: u32, sheet: &str) -> Result<u32> {
    if row < MAX_ROWS {
        return Ok(row + 1);
    }
    Err(Error::refused(
        "cannot write the workbook",
        format!("the sheet {sheet} would have more than the 1,048,575 rows that Excel holds"),
        "select fewer actions, for example with --since and --until; or use 'recip export csv', which has no such limit",
    ))
}

/// Checks that a text fits in a cell.
fn check_length(text: &str, sheet: &str, column: &str, row: u32) -> Result<()> {
    // No UTF-16 unit is shorter than one byte.
    if text.len() <= MAX_TEXT || text.encode_utf16().count() <= MAX_TEXT {
        return Ok(());
    }
    Err(Error::refused(
        "cannot write the workbook",
        format!("the text in row {}, column {column} of the sheet {sheet} is longer than the 32,767 characters that a cell holds", row + 1),
        "use 'recip export csv', which has no such limit; or shorten the text",
    ))
}

/// True for a text that is one web address, which becomes a link.
fn is_address(text: &str) -> bool {
    (text.starts_with("http://") || text.starts_with("https://"))
        && !text.contains(char::is_whitespace)
        && text.encode_utf16().count() <= MAX_ADDRESS
}

/// The number of a column; no table has 65,536 of them.
pub(in crate::render) fn column_number(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// Converts an error in making the workbook to an output error.
pub(in crate::render) fn failed(e: XlsxError) -> Error {
    match e {
        XlsxError::IoError(e) => Error::Output(e),
        other => Error::Output(std::io::Error::other(other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_excel_does_not_hold_is_refused_with_a_way_out() {
        assert_eq!(next_row(1_048_574, "Links").unwrap(), 1_048_575);
        let message = next_row(1_048_575, "Links").unwrap_err().to_string();
        assert!(message.contains("sheet Links") && message.contains("recip export csv"), "{message}");
        check_length(&"ä".repeat(32_767), "Actions", "note", 1).unwrap();
        let message = check_length(&"😀".repeat(16_384), "Actions", "note", 1).unwrap_err().to_string();
        assert!(message.contains("row 2, column note of the sheet Actions"), "{message}");
    }

    #[test]
    fn only_an_address_becomes_a_link() {
        assert!(is_address("https://example.org/a?b=c#d"));
        for text in ["https://a.org | https://b.org", "https://a.org [says 60]", "internal:Lists!A1", "file:///etc/passwd", "BBC"] {
            assert!(!is_address(text), "{text}");
        }
        assert!(!is_address(&format!("https://a.org/{}", "x".repeat(2_079))));
    }
}
