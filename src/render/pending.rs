//! Pending threats and announcements as a table.

use std::io::Write;

use crate::error::Result;
use crate::model::count::quantity;
use crate::render::Head;
use crate::render::grid::Grid;
use crate::render::style::Style;
use crate::render::text::visible;
use crate::report::pending::Pending;

/// Writes the table.
///
/// # Errors
/// `out` cannot be written.
pub fn table(rows: &[Pending], head: &Head, style: Style, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", style.bold(visible(&head.line("Pending"))))?;
    if rows.is_empty() {
        writeln!(out, "\nNothing is pending.")?;
        return Ok(());
    }
    writeln!(out)?;
    let mut grid = Grid::new(style, "  ", &[">", "date", "who", "stage", "what", "deadline", ">age", "summary"]);
    for row in rows {
        grid.row([
            format!("#{}", row.id),
            row.date.clone(),
            format!("{} -> {}", row.actor, row.target),
            row.stage.to_string(),
            format!("{}, {}", row.kind, quantity(row.count, &row.unit)),
            deadline(row),
            format!("{} d", row.age_days),
            row.summary.clone().unwrap_or_default(),
        ]);
    }
    write!(out, "{}", grid.lines())?;
    Ok(())
}

fn deadline(row: &Pending) -> String {
    match (&row.deadline, row.days_left) {
        (Some(deadline), Some(0)) => format!("{deadline} (today)"),
        (Some(deadline), Some(days)) if days > 0 => format!("{deadline} ({days} d left)"),
        (Some(deadline), Some(days)) => format!("{deadline} ({} d past)", -days),
        (Some(deadline), None) => deadline.clone(),
        (None, _) => "-".to_owned(),
    }
}
