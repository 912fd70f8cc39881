//! Columns that line up: the body of every table.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Row, Table, Width, presets};

use crate::render::style::Style;
use crate::render::text::visible;

/// The least that the last column gets.
const LEAST: u16 = 16;

/// A table without rules, whose last column wraps.
#[derive(Debug)]
pub struct Grid {
    table: Table,
    numbers: Vec<bool>,
    indent: &'static str,
    style: Style,
    /// The least that the last column gets: nothing, where it is only there to hold the others together.
    least: u16,
}

impl Grid {
    /// A grid whose columns are headed so; a heading that begins with `>` is of a column of numbers.
    pub fn new(style: Style, indent: &'static str, headings: &[&str]) -> Grid {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(style.width.saturating_sub(u16::try_from(indent.len()).unwrap_or(0)));
        table.set_header(headings.iter().map(|h| visible(h.trim_start_matches('>')).into_owned()));
        let least = if headings.last().is_some_and(|h| h.is_empty()) { 0 } else { LEAST };
        Grid { table, numbers: headings.iter().map(|h| h.starts_with('>')).collect(), indent, style, least }
    }

    /// One more row. Text is made safe for a terminal here, once for all tables.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.table.add_row(cells.into_iter().map(|c| visible(&c).into_owned()));
    }

    /// One more row that stays on one line, cut where it does not fit.
    pub fn line(&mut self, cells: impl IntoIterator<Item = String>) {
        let mut row = Row::from(cells.into_iter().map(|c| visible(&c).into_owned()).collect::<Vec<_>>());
        row.max_height(1);
        self.table.add_row(row);
    }

    /// The lines, each ended, without blanks at their ends.
    pub fn lines(mut self) -> String {
        let last = self.numbers.len().saturating_sub(1);
        // Where the others leave the last too little, they wrap too, all but the numbers.
        let others: u16 = self.table.column_max_content_widths().iter().take(last).map(|w| w + 2).sum();
        let least = self.table.column_max_content_widths().last().map_or(0, |w| self.least.min(*w));
        let tight = self.table.width().is_some_and(|width| least > 0 && others + least > width);
        for (at, (column, number)) in self.table.column_iter_mut().zip(&self.numbers).enumerate() {
            column.set_padding((0, 2));
            if *number {
                column.set_cell_alignment(CellAlignment::Right);
            }
            column.set_constraint(match at {
                at if at == last => ColumnConstraint::LowerBoundary(Width::Fixed(least)),
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
