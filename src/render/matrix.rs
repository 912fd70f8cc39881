//! The matrix as tables: one block for each sign and unit, and one for the weights.

use std::io::Write;

use crate::error::Result;
use crate::model::Sign;
use crate::model::count::quantity;
use crate::render::Head;
use crate::render::grid::Grid;
use crate::render::style::Style;
use crate::render::text::visible;
use crate::report::matrix::{Block, Crossed, Matrix, Measure, blocks, unweighted};

/// The title of the report.
pub const TITLE: &str = "Open between parties";
/// The maximum number of rows with a party of their own.
const MAX_ROWS: usize = 20;
/// The maximum number of columns with a party of their own, however wide the terminal is.
const MAX_COLUMNS: usize = 40;
/// The indentation of a block.
const INDENT: &str = "  ";

/// Writes the tables. `named` are the parties that the selection names.
///
/// # Errors
/// `out` cannot be written.
pub fn table(rows: &[Matrix], named: &[&str], head: &Head, style: Style, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", style.bold(visible(&head.line(TITLE))))?;
    if rows.is_empty() {
        writeln!(out, "\nNothing is open.")?;
        return Ok(());
    }
    writeln!(out, "{}", style.dim("row: the party whose acts are open; column: the party that has to answer them"))?;
    for block in blocks(rows) {
        writeln!(out, "\n{}", style.bold(visible(&title(&block))))?;
        let crossed = fitted(&block, named, style);
        write!(out, "{}", lines(&crossed, style))?;
        if let Some(note) = others(&crossed) {
            writeln!(out, "{INDENT}{note}")?;
        }
    }
    if let Some(note) = without_weight(rows, head) {
        writeln!(out, "\n{}", visible(&note))?;
    }
    Ok(())
}

/// The acts that the weights leave out, in words; `None`: all have a weight.
pub fn without_weight(rows: &[Matrix], head: &Head) -> Option<String> {
    let (acts, kinds) = unweighted(rows);
    let scale = head.scale.as_deref().unwrap_or_default();
    (acts > 0).then(|| format!("without a weight on the {scale} scale: {}, {}", quantity(Some(acts), "acts"), kinds.join(", ")))
}

/// The title of a block: `persons, hostile acts`, or `weight of gestures`.
pub fn title(block: &Block<'_>) -> String {
    let acts = if block.sign == Sign::Friendly { "gestures" } else { "hostile acts" };
    match block.measure {
        Measure::Unit("acts") => acts.to_owned(),
        Measure::Unit(unit) => format!("{unit}, {acts}"),
        Measure::Weight => format!("weight of {acts}"),
    }
}

/// What the row and the column "others" add up, in words; `None`: there are no such rows or columns.
pub fn others(crossed: &Crossed<'_>) -> Option<String> {
    let parties = |n: usize, what: &str| format!("{n} {} in {what}", if n == 1 { "party" } else { "parties" });
    let rows = (crossed.other_actors > 0).then(|| parties(crossed.other_actors, "the rows"));
    let columns = (crossed.other_targets > 0).then(|| parties(crossed.other_targets, "the columns"));
    let parts: Vec<String> = rows.into_iter().chain(columns).collect();
    (!parts.is_empty()).then(|| format!("others: {}; --format csv lists all", parts.join(", ")))
}

/// The table with as many columns as fit the width.
fn fitted<'r>(block: &Block<'r>, named: &[&str], style: Style) -> Crossed<'r> {
    let mut columns = MAX_COLUMNS;
    loop {
        let crossed = block.crossed(MAX_ROWS, columns, named);
        if columns <= 1 || width(&crossed) <= usize::from(style.width) {
            return crossed;
        }
        columns = crossed.targets.len().saturating_sub(1).max(1);
    }
}

fn width(crossed: &Crossed<'_>) -> usize {
    let label = crossed.rows().iter().map(|text| text.len()).max().unwrap_or(0);
    let columns = crossed.columns().into_iter().enumerate().map(|(at, heading)| {
        let cells = crossed.cells.iter().map(|row| row[at].to_string().len());
        2 + cells.max().unwrap_or(0).max(heading.len())
    });
    INDENT.len() + label + columns.sum::<usize>()
}

fn lines(crossed: &Crossed<'_>, style: Style) -> String {
    let numbers: Vec<String> = crossed.columns().iter().map(|heading| format!(">{heading}")).collect();
    let mut headings = vec![""];
    headings.extend(numbers.iter().map(String::as_str));
    headings.push("");
    let mut grid = Grid::new(style, INDENT, &headings);
    for (label, cells) in crossed.rows().into_iter().zip(&crossed.cells) {
        let cells = cells.iter().map(ToString::to_string);
        grid.row(std::iter::once(label.to_owned()).chain(cells).chain([String::new()]));
    }
    grid.lines()
}
