//! The tables of a review of a sheet, as a workbook or as CSV.

use std::io::Write;

use rust_xlsxwriter::{DataValidation, Workbook};

use crate::error::{Error, Result};
use crate::model::csv_cell::guarded;
use crate::read::Table;

use super::export::workbook::sheet::{Cell, MAX_TEXT, Sheet, column_number, failed};
use super::records::{begin_csv, csv_error};

/// The maximum length of a list to choose from that is written with its column, in characters.
const MAX_LIST: usize = 255;

/// Writes tables as the sheets of a workbook.
///
/// # Errors
/// A table is too long for a workbook, or the output fails.
pub fn write_workbook(tables: &[Table], out: &mut dyn Write) -> Result<()> {
    let mut book = Workbook::new();
    for table in tables {
        add_sheet(&mut book, table).map_err(|e| match e {
            Error::Refused { what, why, .. } => Error::refused(what, why, "name a file that ends in .csv with --review"),
            other => other,
        })?;
    }
    Ok(out.write_all(&book.save_to_buffer().map_err(failed)?)?)
}

fn add_sheet(book: &mut Workbook, table: &Table) -> Result<()> {
    let mut sheet = Sheet::new(book, table.name, table.header.clone())?;
    for row in &table.rows {
        sheet.row(row.iter().map(|text| match text.char_indices().nth(MAX_TEXT / 2) {
            _ if text.is_empty() => Cell::Empty,
            None => Cell::Text(text.into()),
            // Two units of UTF-16 at most make a character.
            Some((end, _)) => Cell::Text(text[..end].into()),
        }))?;
    }
    let last = u32::try_from(table.rows.len()).unwrap_or(u32::MAX).max(1);
    let sheet = sheet.finish()?;
    for (at, choices) in &table.choices {
        if choices.iter().map(|choice| choice.len() + 1).sum::<usize>() <= MAX_LIST {
            let list = DataValidation::new().allow_list_strings(choices).map_err(failed)?;
            sheet.add_data_validation(1, column_number(*at), last, column_number(*at), &list).map_err(failed)?;
        }
    }
    Ok(())
}

/// Writes a table as CSV for a spreadsheet program.
///
/// # Errors
/// The output fails.
pub fn write_csv(table: &Table, out: &mut dyn Write) -> Result<()> {
    let mut csv = begin_csv(table.header.iter().map(String::as_str), out, true)?;
    for row in &table.rows {
        csv.write_record(row.iter().map(|cell| guarded(cell, true).into_owned())).map_err(csv_error)?;
    }
    Ok(csv.flush()?)
}
