//! Writes the flat CSV.

use std::io::Write;

use super::Exported;
use super::flat::{self, Cell};
use crate::error::Result;
use crate::model::csv_cell::guarded;
use crate::render::records::{begin_csv, csv_error};
use crate::report::Lens;

/// Writes the actions that a lens selects, one row per action, in order of date and ref. The facts come first, then computed columns,
/// which an import ignores. With `excel` the file begins with a byte-order mark, lines end with CRLF, and cells are guarded so that a
/// spreadsheet does not run them as formulas.
///
/// # Errors
/// The ledger cannot be read, or the output cannot be written.
pub fn export_csv(lens: &Lens<'_>, out: &mut dyn Write, excel: bool) -> Result<Exported> {
    let columns = flat::columns();
    let mut csv = begin_csv(columns.iter().map(String::as_str), out, excel)?;
    let exported = flat::read(lens, |cells| {
        for cell in cells {
            match cell {
                Cell::Empty => csv.write_field(""),
                Cell::Number(n) => csv.write_field(n.to_string()),
                Cell::Text(text) => csv.write_field(guarded(text, excel).as_bytes()),
            }
            .map_err(csv_error)?;
        }
        csv.write_record(None::<&[u8]>).map_err(csv_error)
    })?;
    csv.flush()?;
    Ok(exported)
}
