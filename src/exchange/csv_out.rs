//! Writing the flat CSV.

use std::io::Write;

use rusqlite::Row;

use crate::error::{Error, Result};
use crate::report::Lens;

use super::Exported;
use super::beside::{Beside, LinkRow};
use super::cell::{add_cite, add_item, guarded};
use super::item::COLUMNS;

const SELECT: &str = "SELECT id, kind, ref, date, actor, target, kind, count, stage, \"by\", place, deadline, dispute, summary
    FROM standing ORDER BY id";

/// Writes the actions that a lens shows, one row an action, in the order in which they were logged. With `excel` the
/// file begins with a byte order mark, and a spreadsheet runs no cell of it.
///
/// # Errors
/// The ledger cannot be read, or the output not written.
pub fn export_csv(lens: &Lens<'_>, out: &mut dyn Write, excel: bool) -> Result<Exported> {
    if excel {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut csv = csv::WriterBuilder::new().buffer_capacity(256 << 10).from_writer(out);
    csv.write_record(COLUMNS).map_err(output)?;
    let mut exported = Exported::default();
    let mut beside = Beside::new(lens)?;
    let mut cells: [String; 5] = Default::default();
    let mut select = lens.prepare(SELECT)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        exported.actions += 1;
        write_fields(row, &mut csv, excel)?;
        let id: i64 = row.get(0)?;
        let unit = beside.unit(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
        let counted = !matches!(row.get_ref(7)?, rusqlite::types::ValueRef::Null);
        cells.iter_mut().for_each(String::clear);
        beside.fetch(id)?;
        for link in beside.links(id) {
            match &link.earlier {
                Some(earlier) => add_item(&mut cells[link.relation as usize], &link.said(earlier, unit, counted)),
                None => exported.links_left_out += 1,
            }
        }
        for cited in beside.citations(id) {
            add_cite(&mut cells[4], &cited.cite, cited.says_date.as_deref(), cited.says_count);
        }
        for cell in &cells {
            csv.write_field(guarded(cell, excel).as_bytes()).map_err(output)?;
        }
        csv.write_record(None::<&[u8]>).map_err(output)?;
    }
    csv.flush()?;
    Ok(exported)
}

fn write_fields(row: &Row<'_>, csv: &mut csv::Writer<&mut dyn Write>, excel: bool) -> Result<()> {
    use rusqlite::types::ValueRef;
    for column in 2..14 {
        match row.get_ref(column)? {
            ValueRef::Text(text) => match std::str::from_utf8(text) {
                Ok(text) => csv.write_field(guarded(text, excel).as_bytes()),
                Err(_) => csv.write_field(text),
            },
            ValueRef::Integer(n) => csv.write_field(n.to_string()),
            _ => csv.write_field(""),
        }
        .map_err(output)?;
    }
    Ok(())
}

impl LinkRow {
    /// The item of the cell: the ref, and the amounts where import would not find them by itself.
    fn said(&self, earlier: &str, unit: usize, counted: bool) -> String {
        use crate::model::Relation::{Answers, Reverses};
        match self.relation {
            Answers if self.covers == 0 => earlier.to_owned(),
            Answers if unit == self.unit && counted && self.count.is_some() => format!("{earlier}:{}", self.covers),
            Answers => format!("{earlier}:{}/{}", self.covers, self.spends),
            Reverses if self.reversed != self.count.unwrap_or(1) => format!("{earlier}:{}", self.reversed),
            _ => earlier.to_owned(),
        }
    }
}

/// An error of writing CSV as one of the output.
pub(super) fn output(e: csv::Error) -> Error {
    match e.into_kind() {
        csv::ErrorKind::Io(e) => Error::Output(e),
        other => Error::Output(std::io::Error::other(format!("{other:?}"))),
    }
}
