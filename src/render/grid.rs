//! Aligned columns: the body of every table.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Row, Table, Width, presets};

use crate::render::style::Style;
use crate::render::text::visible;

/// The minimum width of the last column.
const MIN_LAST: u16 = 16;

/// A table without rules; its last column wraps.
#[derive(Debug)]
pub struct Grid {
    table: Table,
    /// For each column, whether it holds numbers, which are aligned right.
    numbers: Vec<bool>,
    indent: &'static str,
    style: Style,
    /// The minimum width of the last column; 0 if that column is an empty filler.
    min_last: u16,
}

impl Grid {
    /// A grid with these headings. A heading that begins with `>` marks a column of numbers.
    pub fn new(style: Style, indent: &'static str, headings: &[&str]) -> Grid {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(style.width.saturating_sub(u16::try_from(indent.len()).unwrap_or(0)));
        table.set_header(headings.iter().map(|h| visible(h.trim_start_matches('>')).into_owned()));
        let min_last = if headings.last().is_some_and(|h| h.is_empty()) { 0 } else { MIN_LAST };
        Grid { table, numbers: headings.iter().map(|h| h.starts_with('>')).collect(), indent, style, min_last }
    }

    /// Adds a row. Its text is made safe for a terminal here, for every table.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.table.add_row(cells.into_iter().map(|c| visible(&c).into_owned()));
    }

    /// Adds a row that stays on one line; text that does not fit is cut.
    pub fn line(&mut self, cells: impl IntoIterator<Item = String>) {
        let mut row = Row::from(cells.into_iter().map(|c| visible(&c).into_owned()).collect::<Vec<_>>());
        row.max_height(1);
        self.table.add_row(row);
    }

    /// The lines of the table, each with a line break and without trailing spaces.
    pub fn lines(mut self) -> String {
        let last = self.numbers.len().saturating_sub(1);
        // If the other columns leave too little for the last one, they wrap as well, except the numbers.
        let others: u16 = self.table.column_max_content_widths().iter().take(last).map(|w| w + 2).sum();
        let min_last = self.table.column_max_content_widths().last().map_or(0, |w| self.min_last.min(*w));
        let tight = self.table.width().is_some_and(|width| min_last > 0 && others + min_last > width);
        for (at, (column, number)) in self.table.column_iter_mut().zip(&self.numbers).enumerate() {
            column.set_padding((0, 2));
            if *number {
                column.set_cell_alignment(CellAlignment::Right);
            }
            column.set_constraint(match at {
                at if at == last => ColumnConstraint::LowerBoundary(Width::Fixed(min_last)),
                _ if tight && !number => ColumnConstraint::UpperBoundary(Width::Percentage(22)),
                _ => ColumnConstraint::ContentWidth,
            });
        }
        let mut text = String::new();
        for (n, line) in self.table.lines().enumerate() {
            let line = line.trim_end();
            if !line.is_empty() {
                text.push_str(self.indent);
                text.push_str(&if n == 0 { self.style.dim(line) } else { line.to_owned() });
            }
            text.push('\n');
        }
        text
    }
}
