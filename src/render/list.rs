//! The list of actions as a table, one line per action.

use std::io::Write;

use crate::error::Result;
use crate::ledger::action::what;
use crate::model::count::quantity;
use crate::render::grid::{Grid, unbroken};
use crate::render::handle;
use crate::render::style::Style;
use crate::report::list::ActionRow;

/// Writes the table.
///
/// # Errors
/// `out` cannot be written.
pub fn table(rows: &[ActionRow], style: Style, out: &mut dyn Write) -> Result<()> {
    let mut grid = Grid::new(style, "", &[">", "date", "who", "what", "open", "summary"]);
    for row in rows {
        grid.line([
            handle(row.id),
            row.date.clone(),
            unbroken(&format!("{} -> {}", row.actor, row.target)),
            unbroken(&what(&row.kind, row.count, &row.unit, row.stage, row.sign)),
            if row.open == Some(0) { "-".to_owned() } else { quantity(row.count.part(row.open), &row.unit) },
            row.details.summary.clone().unwrap_or_default(),
        ]);
    }
    if rows.is_empty() {
        return Ok(writeln!(out, "No action matches.")?);
    }
    Ok(write!(out, "{}", grid.lines())?)
}
