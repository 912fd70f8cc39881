//! The tables of a review of a sheet, as a workbook or as CSV.

use std::io::Write;

use rust_xlsxwriter::{DataValidation, Format, Workbook, XlsxError};

use crate::error::{Error, Result};
use crate::model::csv_cell::guarded;
use crate::read::Table;

/// The maximum width of a column, in characters.
const MAX_WIDTH: usize = 60;
/// The maximum length of a text in a workbook, in characters.
const MAX_TEXT: usize = 32_767;

/// Writes tables as the sheets of a workbook. Every cell is text, so nothing in it is a formula.
///
/// # Errors
/// A text is too long for a workbook, or the output fails.
pub fn write_workbook(tables: &[Table], out: &mut dyn Write) -> Result<()> {
    let mut book = Workbook::new();
    for table in tables {
        add_sheet(&mut book, table).map_err(|e| refused(&e))?;
    }
    let bytes = book.save_to_buffer().map_err(|e| refused(&e))?;
    Ok(out.write_all(&bytes)?)
}

fn refused(e: &XlsxError) -> Error {
    Error::refused("cannot write the workbook", e.to_string(), "give a name that ends in .csv instead")
}

fn add_sheet(book: &mut Workbook, table: &Table) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let last = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    let sheet = book.add_worksheet().set_name(table.name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, name) in (0..).zip(&table.header) {
        sheet.write_string_with_format(0, column, name, &bold)?;
        let at = usize::from(column);
        let widest = table.rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
        sheet.set_column_width(column, (widest.max(name.len()) + 2).min(MAX_WIDTH) as f64)?;
    }
    for (row, cells) in (1..).zip(&table.rows) {
        for (column, text) in (0..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            let text: String = text.chars().take(MAX_TEXT).collect();
            sheet.write_string(row, column, text)?;
        }
    }
    if let Some(width) = u16::try_from(table.header.len()).ok().and_then(|width| width.checked_sub(1)) {
        sheet.autofilter(0, 0, last.max(1), width)?;
    }
    for (column, choices) in &table.choices {
        // Excel takes lists of at most 255 characters.
        if choices.iter().map(|choice| choice.len() + 1).sum::<usize>() <= 255 {
            let list = DataValidation::new().allow_list_strings(choices)?;
            let column = u16::try_from(*column).unwrap_or(0);
            sheet.add_data_validation(1, column, last.max(1), column, &list)?;
        }
    }
    Ok(())
}

/// Writes a table as CSV for a spreadsheet program.
///
/// # Errors
/// The output fails.
pub fn write_csv(table: &Table, out: &mut dyn Write) -> Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let header = std::iter::once(&table.header);
    for row in header.chain(&table.rows) {
        let cells = row.iter().map(|cell| guarded(cell, true));
        writer.write_record(cells.map(|cell| cell.into_owned())).map_err(|e| Error::Output(e.into()))?;
    }
    Ok(writer.flush()?)
}
