//! Where in a sheet its header is, and which rows below are not actions.

use super::words::{date_part, heading, is_total, role, words};
use super::{Row, Sheet, acts, dates};

/// The number of rows among which a header is looked for.
pub(super) const ROWS: usize = 30;

/// The header of a sheet.
#[derive(Debug, Clone, Default)]
pub(in crate::read) struct Layout {
    /// The text above the header.
    pub title: String,
    /// The headings.
    pub headings: Vec<String>,
    /// The number of the row of the header in the sheet.
    pub number: u32,
    /// The index of the first row below it.
    pub first: usize,
}

impl Layout {
    /// Finds the header: the row with the most headings that have a meaning. `None` if no row has two.
    pub fn of(sheet: &Sheet) -> Option<Layout> {
        let known = |row: &Row| row.filled().filter(|(_, cell)| is_heading(cell) || is_role(cell)).count();
        let rows = sheet.rows.iter().enumerate().take(ROWS);
        let best = rows.map(|(at, row)| (known(row), at)).max_by_key(|(known, at)| (*known, usize::MAX - at));
        let (_, at) = best.filter(|(known, _)| *known > 1)?;
        let header = &sheet.rows[at];
        let mut layout = Layout { number: header.number, first: at + 1, ..Layout::default() };
        let groups = at.checked_sub(1).map(|above| &sheet.rows[above]).filter(|above| is_groups(above, header));
        layout.title = titles(&sheet.rows[..at - usize::from(groups.is_some())]);
        layout.headings = (0..header.cells.len()).map(|column| header.cell(column).to_owned()).collect();
        if let Some(groups) = groups {
            let of_group = |column: usize| (0..=column).rev().map(|at| groups.cell(at)).find(|cell| !cell.is_empty()).unwrap_or_default();
            layout.headings = layout.headings.iter().enumerate().map(|(column, heading)| joined(of_group(column), heading)).collect();
        }
        if let Some(second) = sheet.rows.get(at + 1).filter(|second| is_second(header, second)) {
            layout.first += 1;
            let width = layout.headings.len().max(second.cells.len());
            layout.headings = (0..width).map(|column| joined(header.cell(column), second.cell(column))).collect();
        }
        // Cells beyond the last heading are in columns without one.
        let last = layout.rows(sheet).iter().filter_map(|row| row.filled().last()).map(|(column, _)| column + 1).max();
        let width = layout.headings.len().max(last.unwrap_or_default());
        layout.headings.resize(width, String::new());
        Some(layout)
    }

    /// The rows of a sheet below its header that may be actions.
    pub fn rows<'s>(&self, sheet: &'s Sheet) -> Vec<&'s Row> {
        sheet.rows[self.first..].iter().filter(|row| self.left_out(row, &[]).is_none()).collect()
    }

    /// True if a column is written only when it changes: no text is repeated below itself, and many cells are empty.
    pub fn is_sparse(&self, sheet: &Sheet, at: usize) -> bool {
        let (mut last, mut gaps, mut rows) = ("", 0, 0);
        for row in self.rows(sheet) {
            let is_merged = sheet.merged.get(&(row.number, at)).is_some_and(|(first, _)| *first != row.number);
            let cell = row.cell(at);
            if !cell.is_empty() && cell == last && !is_merged {
                return false;
            }
            gaps += usize::from(cell.is_empty());
            rows += 1;
            last = if cell.is_empty() { last } else { cell };
        }
        gaps * 3 > rows
    }

    /// Why a row is not an action; `None` if it is one. `used` are the columns that mean something.
    pub fn left_out(&self, row: &Row, used: &[usize]) -> Option<&'static str> {
        let mut filled = row.filled();
        let first = filled.next().map_or("", |(_, cell)| cell);
        if row.is_struck {
            Some("it is struck out")
        } else if is_total(first) {
            Some("a total")
        } else if row.cells.iter().zip(&self.headings).all(|(cell, heading)| cell.trim() == heading) {
            Some("the header again")
        } else if used.len() != 1 && is_number_alone(row) {
            Some("a number without a country, which may be a total")
        } else if is_written_across(row) || (used.len() != 1 && filled.next().is_none()) || is_footnote_row(row) {
            Some("a note")
        } else {
            None
        }
    }
}

/// The text of a row that has no other and may be a heading of the rows below it.
pub(super) fn subheading(row: &Row) -> Option<(usize, &str)> {
    let mut filled = row.filled();
    let (at, text) = filled.next()?;
    let is_alone = filled.all(|(_, cell)| cell == text) && !row.is_struck;
    (is_alone && text.contains(char::is_alphanumeric) && !is_total(text) && !is_footnote(text)).then_some((at, text))
}

fn is_heading(cell: &str) -> bool {
    let (column, is_reply) = heading(cell);
    cell.chars().count() <= 60 && (!column.is_empty() || is_reply || date_part(cell).is_some())
}

/// True for a heading of a few words that says which side a column is: `Recalled by`.
fn is_role(cell: &str) -> bool {
    words(cell).len() <= 4 && role(cell).is_some()
}

/// True for a row that goes on with the header above: it has headings only, and the header has gaps or repeats what is merged.
fn is_second(header: &Row, row: &Row) -> bool {
    let mut texts: Vec<&str> = header.filled().map(|(_, cell)| cell).collect();
    let all = texts.len();
    texts.sort_unstable();
    texts.dedup();
    let has_gaps = texts.len() < all || row.filled().any(|(column, _)| header.cell(column).is_empty());
    let is_text = |cell: &str| !cell.contains(|c: char| c.is_ascii_digit()) && !dates::is_date(cell);
    has_gaps && row.filled().all(|(_, cell)| is_text(cell)) && row.filled().any(|(_, cell)| is_heading(cell))
}

/// The texts above a header; cells that are merged count once.
fn titles(rows: &[Row]) -> String {
    let mut texts: Vec<&str> = rows.iter().flat_map(Row::filled).map(|(_, cell)| cell).collect();
    texts.dedup();
    texts.join(" ")
}

/// True for the row above a header that has a heading for each of several groups of columns.
fn is_groups(row: &Row, header: &Row) -> bool {
    let mut texts: Vec<&str> = row.filled().map(|(_, cell)| cell).collect();
    texts.dedup();
    let is_text = |cell: &&str| cell.chars().count() <= 60 && !cell.contains(|c: char| c.is_ascii_digit());
    let names_group = |cell: &&str| is_heading(cell) || acts::names_kind(&words(cell));
    row.number + 1 == header.number && texts.len() > 1 && texts.iter().all(is_text) && texts.iter().filter(|c| names_group(c)).count() > 1
}

fn joined(above: &str, below: &str) -> String {
    if above == below || below.is_empty() { above.to_owned() } else { format!("{above} {below}").trim().to_owned() }
}

/// True for a row that has nothing but a number.
fn is_number_alone(row: &Row) -> bool {
    let cells: Vec<&str> = row.filled().map(|(_, cell)| cell).collect();
    matches!(cells[..], [cell] if cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}')))
}

/// True for a row whose cells are merged into one with a text, which each of them has then.
fn is_written_across(row: &Row) -> bool {
    let cells: Vec<&str> = row.filled().map(|(_, cell)| cell).collect();
    cells.len() > 2 && cells.iter().all(|cell| *cell == cells[0]) && cells[0].contains(char::is_alphabetic)
}

/// True for a row with a footnote. A mark may also stand before the first of the cells of an act, and its date in brackets.
fn is_footnote_row(row: &Row) -> bool {
    let cells: Vec<&str> = row.filled().map(|(_, cell)| cell).collect();
    let Some(first) = cells.first() else { return false };
    let is_marked = first.starts_with(['[', '*', '†']);
    let is_date = first.strip_prefix('[').and_then(|text| text.strip_suffix(']')).is_some_and(dates::is_date);
    is_footnote(first) && !(is_marked && (cells.len() > 2 || is_date))
}

/// True for a text that explains a mark or names the source of a table.
fn is_footnote(text: &str) -> bool {
    let lower = text.to_lowercase();
    let begins = [
        "[",
        "*",
        "†",
        "‡",
        "¹",
        "²",
        "³",
        "source:",
        "sources:",
        "note:",
        "notes:",
        "quelle:",
        "quellen:",
        "fuente:",
        "источник:",
        "примечание:",
    ];
    begins.iter().any(|begin| lower.starts_with(begin))
}

/// The text of the footnote with this mark: for `a` the rest of `[a] one of them in Poznan`.
pub(super) fn footnote<'s>(sheet: &'s Sheet, mark: &str) -> Option<&'s str> {
    let texts = sheet.rows.iter().filter_map(|row| row.filled().next()).map(|(_, cell)| cell);
    let bracket = format!("[{mark}]");
    texts
        .filter_map(|text| {
            text.strip_prefix(&bracket)
                .or_else(|| text.strip_prefix(mark).filter(|_| !mark.contains(|c: char| c.is_alphabetic() || c.is_ascii_digit())))
        })
        .map(str::trim)
        .find(|text| !text.is_empty())
}
