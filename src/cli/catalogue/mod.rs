//! The commands for the catalogue: parties, kinds, scales, disputes, sources.

pub(crate) mod dispute;
pub(crate) mod kind;
pub(crate) mod party;
pub(crate) mod scale;
pub(crate) mod source;

use recip::Result;
use recip::model::Date;
use recip::render::grid::Grid;
use recip::report::Row;

use super::output::{OutputArgs, page, stream, to};
use super::session::Session;

/// Writes a list from the catalogue: as records, or as a table of the given cells.
fn write<R: Row>(
    session: &Session,
    output: &OutputArgs,
    heading: &str,
    rows: &[R],
    columns: &[&str],
    cells: impl Fn(&R) -> Vec<String>,
) -> Result<()> {
    let file = output.output.as_deref();
    match output.form()? {
        Some(form) => to(session, file, |out| stream(form, heading, out, |each| rows.iter().try_for_each(each))),
        None => page(session, file, |out| {
            let mut grid = Grid::new(session.style(), "", columns);
            rows.iter().for_each(|row| grid.row(cells(row)));
            Ok(write!(out, "{}", grid.lines())?)
        }),
    }
}

/// The date as the catalogue stores it.
fn date_text(date: Option<Date>) -> Option<String> {
    date.map(|d| d.as_str().to_owned())
}
