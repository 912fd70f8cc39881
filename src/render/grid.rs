//! Aligned columns: the body of every table.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};
use textwrap::core::display_width;

use crate::render::style::Style;
use crate::render::text::visible;

/// The minimum width of the last column.
const MIN_LAST: usize = 16;
/// The gap between two columns.
const GAP: usize = 2;

/// Stands for a space at which a cell is not broken.
const UNBROKEN: char = '\u{a0}';

/// A text that stays whole on one line of a cell.
pub fn unbroken(text: &str) -> String {
    text.replace(' ', &UNBROKEN.to_string())
}

/// A table without rules; its last column wraps. If its columns do not fit a strict width, the other texts wrap between words as well; if
/// that is not enough, the table is continued below with its first column repeated. Numbers and words are never broken.
#[derive(Debug)]
pub struct Grid {
    headings: Vec<String>,
    rows: Vec<GridRow>,
    /// For each column, whether it holds numbers, which are aligned right.
    numbers: Vec<bool>,
    /// The number of columns at the left that tell the rows apart. A table that is too wide is drawn in parts, which all begin with them.
    keys: usize,
    indent: &'static str,
    style: Style,
}

#[derive(Debug)]
struct GridRow {
    cells: Vec<String>,
    /// True if text that does not fit on one line is cut.
    cut: bool,
}

/// Columns that are drawn side by side, with their widths; without widths they are as wide as their content, except the last one.
struct Part {
    columns: Vec<usize>,
    widths: Option<Vec<usize>>,
}

impl Grid {
    /// A grid with these headings. A heading that begins with `>` marks a column of numbers. An empty last heading marks a filler, which
    /// keeps the other columns together.
    pub fn new(style: Style, indent: &'static str, headings: &[&str]) -> Grid {
        Grid {
            headings: headings.iter().map(|h| visible(h.trim_start_matches('>')).into_owned()).collect(),
            rows: Vec::new(),
            numbers: headings.iter().map(|h| h.starts_with('>')).collect(),
            keys: 1,
            indent,
            style,
        }
    }

    /// States that it takes this many columns at the left to tell the rows apart.
    pub fn with_keys(self, keys: usize) -> Grid {
        Grid { keys, ..self }
    }

    /// True if there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a row. Its text is made safe for a terminal here, for every table.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.add(cells, false);
    }

    /// Adds a row that stays on one line; text that does not fit is cut.
    pub fn line(&mut self, cells: impl IntoIterator<Item = String>) {
        self.add(cells, true);
    }

    fn add(&mut self, cells: impl IntoIterator<Item = String>, cut: bool) {
        self.rows.push(GridRow { cells: cells.into_iter().map(|c| visible(&c).into_owned()).collect(), cut });
    }

    /// The lines of the table, each with a line break and without trailing spaces.
    pub fn lines(self) -> String {
        let parts: Vec<String> = self.parts().iter().map(|part| self.part(part)).collect();
        parts.join("\n")
    }

    /// The number of columns besides the indentation.
    fn room(&self) -> usize {
        usize::from(self.style.width).saturating_sub(self.indent.len())
    }

    fn texts(&self, column: usize) -> impl Iterator<Item = &str> {
        self.headings.get(column).into_iter().chain(self.rows.iter().filter_map(move |row| row.cells.get(column))).map(String::as_str)
    }

    /// The width of a column on one line.
    fn most(&self, column: usize) -> usize {
        self.texts(column).map(display_width).max().unwrap_or(0)
    }

    /// The minimum width of a column: that of its longest word; numbers keep their spaces.
    fn least(&self, column: usize) -> usize {
        let longest = |text: &str| text.split(' ').map(display_width).max().unwrap_or(0);
        let heading = self.headings.get(column).map_or(0, |heading| longest(heading));
        let cells = self.rows.iter().filter_map(|row| row.cells.get(column));
        let cells = cells.map(|cell| if self.numbers[column] { display_width(cell) } else { longest(cell) });
        cells.fold(heading, usize::max)
    }

    /// True if any row has a text in the column.
    fn has_text(&self, column: usize) -> bool {
        self.rows.iter().any(|row| row.cells.get(column).is_some_and(|cell| !cell.is_empty()))
    }

    fn has_filler(&self) -> bool {
        self.headings.last().is_some_and(String::is_empty)
    }

    fn parts(&self) -> Vec<Part> {
        let all: Vec<usize> = (0..self.headings.len()).collect();
        let Some((last, others)) = all.split_last().filter(|_| self.style.strict) else {
            return vec![Part { columns: all, widths: None }];
        };
        let columns = if self.has_filler() { others } else { &all[..] };
        let least_last = self.least(*last).max(MIN_LAST.min(self.most(*last)));
        let content = others.iter().map(|column| self.most(*column) + GAP).sum::<usize>();
        if content + least_last <= self.room() + if self.has_filler() { GAP } else { 0 } {
            return vec![Part { columns: all, widths: None }];
        }
        let mut parts: Vec<Vec<usize>> = Vec::new();
        let mut used = 0;
        let (keys, others) = columns.split_at(self.keys.min(columns.len()));
        // A column without any text would be a part that says nothing.
        let others: Vec<usize> = others.iter().copied().filter(|column| self.has_text(*column)).collect();
        if others.is_empty() {
            parts.push(keys.to_vec());
        }
        for column in &others {
            let more = GAP + self.least(*column);
            match parts.last_mut() {
                Some(part) if used + more <= self.room() => part.push(*column),
                _ => {
                    parts.push([keys, &[*column]].concat());
                    used = keys.iter().map(|key| self.least(*key) + GAP).sum::<usize>() - GAP;
                }
            }
            used += more;
        }
        parts.into_iter().map(|columns| Part { widths: Some(self.widths(&columns)), columns }).collect()
    }

    /// Gives each column its minimum width. The rest goes to the columns that need the least additional width to fit on one line.
    fn widths(&self, columns: &[usize]) -> Vec<usize> {
        let mut widths: Vec<usize> = columns.iter().map(|column| self.least(*column)).collect();
        let mut left = self.room().saturating_sub(widths.iter().sum::<usize>() + GAP * (columns.len() - 1));
        let mut order: Vec<usize> = (0..columns.len()).collect();
        order.sort_by_key(|at| self.most(columns[*at]) - widths[*at]);
        for at in order {
            let more = left.min(self.most(columns[at]) - widths[at]);
            widths[at] += more;
            left -= more;
        }
        widths
    }

    fn part(&self, part: &Part) -> String {
        let headings = self.table(part, &[]).lines().count();
        let mut text = String::new();
        for (n, line) in self.table(part, &self.rows).lines().enumerate() {
            let line = line.trim_end().replace(UNBROKEN, " ");
            if !line.is_empty() {
                text.push_str(self.indent);
                text.push_str(&if n < headings { self.style.dim(&line) } else { line });
            }
            text.push('\n');
        }
        text
    }

    fn table(&self, part: &Part, rows: &[GridRow]) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        // The gap after the last column is not written.
        table.set_width(narrow(self.room() + GAP));
        table.set_header(part.columns.iter().map(|column| self.headings[*column].as_str()));
        for row in rows {
            let cells = part.columns.iter().map(|column| row.cells.get(*column).map_or("", String::as_str));
            if row.cut {
                table.add_row(cells.enumerate().map(|(n, cell)| cut(cell, self.width(part, n))).collect::<Vec<_>>());
            } else {
                table.add_row(cells.collect::<Vec<_>>());
            }
        }
        let constraints = match &part.widths {
            Some(widths) => widths.iter().map(|width| ColumnConstraint::Absolute(Width::Fixed(narrow(width + GAP)))).collect(),
            None => self.by_content(),
        };
        for ((column, at), constraint) in table.column_iter_mut().zip(&part.columns).zip(constraints) {
            column.set_padding((0, narrow(GAP)));
            if self.numbers[*at] {
                column.set_cell_alignment(CellAlignment::Right);
            }
            column.set_constraint(constraint);
        }
        table
    }

    /// The width of the `n`-th column of a part.
    fn width(&self, part: &Part, n: usize) -> usize {
        match &part.widths {
            Some(widths) => widths[n],
            None if n + 1 < part.columns.len() => usize::MAX,
            None => self.room().saturating_sub(part.columns[..n].iter().map(|column| self.most(*column) + GAP).sum()),
        }
    }

    /// Each column is as wide as its content, and the last one takes what is left. If that is too little, the others wrap as well, except
    /// the numbers.
    fn by_content(&self) -> Vec<ColumnConstraint> {
        let last = self.numbers.len().saturating_sub(1);
        let min_last = if self.has_filler() { 0 } else { MIN_LAST.min(self.most(last)) };
        let others: usize = (0..last).map(|column| self.most(column) + GAP).sum();
        let tight = min_last > 0 && others + min_last > self.room();
        let constraint = |(at, number): (usize, &bool)| match at {
            at if at == last => ColumnConstraint::LowerBoundary(Width::Fixed(narrow(min_last))),
            _ if tight && !number => ColumnConstraint::UpperBoundary(Width::Percentage(22)),
            _ => ColumnConstraint::ContentWidth,
        };
        self.numbers.iter().enumerate().map(constraint).collect()
    }
}

/// As many words of the text as fit, followed by an ellipsis if that is not all.
fn cut(text: &str, width: usize) -> String {
    if display_width(text) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for word in text.split(' ') {
        if display_width(&kept) + display_width(word) + 2 > width {
            break;
        }
        kept.push_str(word);
        kept.push(' ');
    }
    kept + "…"
}

/// A number of columns of the screen.
fn narrow(columns: usize) -> u16 {
    u16::try_from(columns).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On a narrow terminal the table is divided, but no part consists of the keys and an empty column.
    #[test]
    fn a_column_without_text_is_no_part() {
        let style = Style { color: false, width: 30, strict: true };
        let mut grid = Grid::new(style, "", &[">id", "date", "kind", "summary"]);
        grid.row(["#1", "2018-03-26", "cancelled-meeting", ""].map(str::to_owned));
        assert_eq!(grid.lines(), "id  date\n#1  2018-03-26\n\nid  kind\n#1  cancelled-meeting\n");
    }
}
