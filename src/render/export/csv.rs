//! Writes the flat CSV.

use std::io::Write;

use rusqlite::Row;

use crate::error::{Error, Result};
use crate::ledger::load::record::{COLUMNS, DERIVED, FIELDS, LINKS};
use crate::report::Lens;

use super::Exported;
use crate::model::csv_cell::{add_cite, add_item, guarded};
use crate::record::text;
use crate::report::export::{LinkRow, Related, select_flat};

/// The computed columns, without their prefix.
const COMPUTED: [&str; 3] = ["stands", "open", "settles"];

/// Writes the actions that a lens selects, one row per action, in order of date and ref. The facts come first, then computed columns,
/// which an import ignores. With `excel` the file begins with a byte order mark, and cells are guarded so that a spreadsheet does not run
/// them as formulas.
///
/// # Errors
/// The ledger cannot be read, or the output cannot be written.
pub fn export_csv(lens: &Lens<'_>, out: &mut dyn Write, excel: bool) -> Result<Exported> {
    if excel {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut csv = csv::WriterBuilder::new().buffer_capacity(256 << 10).from_writer(out);
    let computed = COMPUTED.map(|column| format!("{DERIVED}{column}"));
    csv.write_record(COLUMNS.into_iter().chain(computed.iter().map(String::as_str))).map_err(output)?;
    let mut exported = Exported::default();
    let mut related = Related::new(lens)?;
    let mut cells: [String; LINKS.len() + 3] = Default::default();
    let mut select = lens.prepare(&select_flat())?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        exported.actions += 1;
        write_fields(row, &mut csv, excel)?;
        let id: i64 = row.get(0)?;
        cells.iter_mut().for_each(String::clear);
        related.fetch(id)?;
        for link in related.links(id) {
            match &link.earlier {
                Some(earlier) => {
                    add_item(&mut cells[link.relation as usize], &link.stated_item(earlier));
                    add_item(&mut cells[LINKS.len() + 2], &link.settled_item(earlier));
                }
                None => exported.links_left_out += 1,
            }
        }
        for cited in related.citations(id) {
            add_cite(&mut cells[LINKS.len()], &cited.cite, &cited.reading);
        }
        for quantity in related.quantities(id) {
            add_item(&mut cells[LINKS.len() + 1], &quantity.to_string());
        }
        for cell in &cells[..LINKS.len() + 2] {
            csv.write_field(guarded(cell, excel).as_bytes()).map_err(output)?;
        }
        for column in [FIELDS.len() + 1, FIELDS.len() + 2] {
            csv.write_field(row.get::<_, i64>(column)?.to_string()).map_err(output)?;
        }
        csv.write_field(&cells[LINKS.len() + 2]).map_err(output)?;
        csv.write_record(None::<&[u8]>).map_err(output)?;
    }
    csv.flush()?;
    Ok(exported)
}

fn write_fields(row: &Row<'_>, csv: &mut csv::Writer<&mut dyn Write>, excel: bool) -> Result<()> {
    use rusqlite::types::ValueRef;
    for column in 1..=FIELDS.len() {
        match row.get_ref(column)? {
            ValueRef::Null => csv.write_field(""),
            ValueRef::Integer(n) => csv.write_field(n.to_string()),
            other => csv.write_field(guarded(&text(other).map_err(rusqlite::Error::from)?, excel).as_bytes()),
        }
        .map_err(output)?;
    }
    Ok(())
}

impl LinkRow {
    /// The item in the cell of its relation: the ref and the stated amounts.
    fn stated_item(&self, earlier: &str) -> String {
        match (self.stated, self.stated_spends) {
            (None, _) => earlier.to_owned(),
            (Some(stated), None) => format!("{earlier}:{stated}"),
            (Some(stated), Some(spends)) => format!("{earlier}:{stated}/{spends}"),
        }
    }

    /// The item in the computed column: the relation, the ref, the amount of the earlier act that it settles, and the amount of the later
    /// act that it uses up.
    fn settled_item(&self, earlier: &str) -> String {
        let of_earlier = if self.relation == crate::model::Relation::Answers { self.covers } else { self.covers.max(self.takes) };
        format!("{} {earlier}:{of_earlier}/{}", self.relation, self.spends)
    }
}

/// Converts an error in writing CSV to an output error.
pub(super) fn output(e: csv::Error) -> Error {
    match e.into_kind() {
        csv::ErrorKind::Io(e) => Error::Output(e),
        other => Error::Output(std::io::Error::other(format!("{other:?}"))),
    }
}
