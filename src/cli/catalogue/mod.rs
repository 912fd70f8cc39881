//! The verbs over the catalogue: parties, kinds, scales, disputes, sources.

pub(crate) mod dispute;
pub(crate) mod kind;
pub(crate) mod party;
pub(crate) mod scale;
pub(crate) mod source;

use recip::Result;
use recip::model::Date;
use recip::render::grid::Grid;
use recip::render::records::Records;
use recip::report::Row;

use super::output::{OutputArgs, page, to};
use super::session::Session;

/// Writes a list of the catalogue: as records, or as a table of these cells.
fn write<R: Row>(
    session: &Session,
    output: &OutputArgs,
    heading: &str,
    rows: &[R],
    columns: &[&str],
    cells: impl Fn(&R) -> Vec<String>,
) -> Result<()> {
    let file = output.output.as_deref();
    match output.format.form() {
        Some(form) => to(session, file, |out| {
            let mut records = Records::begin::<R>(form, heading, out)?;
            rows.iter().try_for_each(|row| records.write(row))?;
            records.end()
        }),
        None => page(session, file, |out| {
            let mut grid = Grid::new(session.style(), "", columns);
            rows.iter().for_each(|row| grid.row(cells(row)));
            Ok(write!(out, "{}", grid.lines())?)
        }),
    }
}

/// Checks a date as the catalogue keeps it.
fn dated(date: Option<Date>) -> Option<String> {
    date.map(|d| d.as_str().to_owned())
}
