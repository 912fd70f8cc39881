//! Sheets of OpenDocument files (`.ods`), with what the library for workbooks leaves out of them.

use std::collections::{HashMap, HashSet};
use std::fs::File;

use calamine::{Ods, Reader};
use quick_xml::events::{BytesStart, Event};

use super::cells::{Cells, Shown, Struck};
use super::{Bytes, MAX_CELLS, Outcome, Sheet, attribute, events, letters};

/// The maximum number of hidden rows that one element stands for: more of them are the empty end of a sheet.
const MAX_HIDDEN: usize = 100_000;

/// What a sheet has besides the values of its cells, by row and column from 0.
#[derive(Default)]
pub(super) struct Marks {
    /// The addresses behind cells.
    links: HashMap<(u32, usize), String>,
    struck: HashMap<(u32, usize), Struck>,
    /// What the cells show of their dates, where that is no day.
    shown: HashMap<(u32, usize), Shown>,
    /// The formulas that have no value.
    uncomputed: HashMap<(u32, usize), String>,
    /// The numbers of the hidden rows, and the names of the cells with comments.
    hidden: HashSet<u32>,
    comments: Vec<String>,
}

/// Reads a sheet.
pub(super) fn sheet(book: &mut Ods<Bytes>, name: &str, marks: Marks) -> Outcome<Sheet> {
    let range = book.worksheet_range(name).map_err(|e| e.to_string())?;
    let mut taken = Cells::default();
    let marks_of =
        |at: (u32, usize)| (marks.struck.get(&at).copied().unwrap_or_default(), marks.shown.get(&at).copied().unwrap_or_default());
    taken.put_all(&range, |row, column| marks_of((row, column)))?;
    for ((row, column), formula) in marks.uncomputed {
        let column = u32::try_from(column).unwrap_or(u32::MAX);
        if !taken.has(row, column) {
            taken.put(row, column, formula, Struck::Nothing)?;
        }
    }
    let links = marks.links.into_iter().map(|((row, column), address)| ((row.saturating_add(1), column), address)).collect();
    Ok(Sheet { links, hidden_rows: marks.hidden, comments: marks.comments, ..taken.sheet(&[])? })
}

/// Checks how many cells the sheets have. A short file can repeat cells and rows many million times.
///
/// # Errors
/// There are too many, or the file cannot be read.
pub(super) fn check_repeats(file: &File) -> Outcome<()> {
    let (mut cells, mut rows, mut width) = (0_usize, 0, 0);
    events(file, "content.xml", |event| {
        match event {
            Event::Start(element) if element.name().as_ref() == "table:table-row" => {
                (rows, width) = (repeats(element, "table:number-rows-repeated"), 0);
            }
            // An element without content is an empty cell.
            Event::Start(element) if element.name().as_ref() == "table:table-cell" => {
                width += repeats(element, "table:number-columns-repeated");
            }
            Event::End(element) if element.name().as_ref() == "table:table-row" => cells = cells.saturating_add(width.saturating_mul(rows)),
            _ => (),
        }
        if cells > MAX_CELLS { Err(format!("it has more than {MAX_CELLS} cells")) } else { Ok(()) }
    })
}

/// The marks of each sheet.
///
/// # Errors
/// There are too many, or the file cannot be read.
pub(super) fn marks(file: &File) -> Outcome<HashMap<String, Marks>> {
    let mut reading = Reading::default();
    events(file, "content.xml", |event| {
        match event {
            Event::Start(element) => reading.begin(element),
            Event::Empty(element) => {
                reading.begin(element);
                return reading.end(element.name().as_ref());
            }
            Event::Text(text) if !text.xml10_content().trim().is_empty() => reading.text(),
            Event::End(element) => return reading.end(element.name().as_ref()),
            _ => (),
        }
        Ok(())
    })?;
    Ok(reading.sheets)
}

/// The marks as they are met in the content.
#[derive(Default)]
struct Reading {
    sheets: HashMap<String, Marks>,
    sheet: String,
    /// The number of marks so far.
    count: usize,
    /// The style that is being declared, and those that strike text out.
    style: String,
    striking: HashSet<String>,
    /// The format of dates that is being declared, and whether it has a year, a month and a day; what each format shows; and the styles that
    /// show no day.
    format: (String, [bool; 3]),
    formats: HashMap<String, Shown>,
    dated: HashMap<String, Shown>,
    /// The place of the current cell, and for how many rows and columns the current ones stand.
    at: (usize, usize),
    times: (usize, usize),
    cell: Cell,
}

/// The marks of the current cell.
#[derive(Default)]
struct Cell {
    link: Option<String>,
    uncomputed: Option<String>,
    /// How much of its text is struck out, as far as it was read.
    struck: Option<Struck>,
    /// What it shows of its date, if that is no day.
    shown: Option<Shown>,
    /// True if its style strikes it out, and for each open part of its text whether that one does.
    is_struck: bool,
    parts: Vec<bool>,
    /// True within a remark, which is no part of its text.
    is_remark: bool,
}

impl Reading {
    fn begin(&mut self, element: &BytesStart<'_>) {
        let is_striking = |name: &str| attribute(element, name).is_some_and(|style| self.striking.contains(&style));
        match element.name().as_ref() {
            "style:style" => {
                self.style = attribute(element, "style:name").unwrap_or_default();
                let shown = attribute(element, "style:data-style-name").and_then(|format| self.formats.get(&format));
                self.dated.extend(shown.map(|shown| (self.style.clone(), *shown)));
            }
            "number:date-style" => self.format = (attribute(element, "style:name").unwrap_or_default(), [false; 3]),
            "number:year" => self.format.1[0] = true,
            "number:month" => self.format.1[1] = true,
            "number:day" | "number:hours" => self.format.1[2] = true,
            "style:text-properties" if attribute(element, "style:text-line-through-style").is_some_and(|style| style != "none") => {
                self.striking.insert(self.style.clone());
            }
            "table:table" => (self.sheet, self.at) = (attribute(element, "table:name").unwrap_or_default(), (0, 0)),
            "table:table-row" => {
                (self.times.0, self.at.1) = (repeats(element, "table:number-rows-repeated"), 0);
                let is_hidden = attribute(element, "table:visibility").is_some_and(|visibility| visibility != "visible");
                if is_hidden && self.times.0 <= MAX_HIDDEN {
                    let first = u32::try_from(self.at.0).unwrap_or(u32::MAX);
                    let numbers = (1..=self.times.0).filter_map(|n| first.checked_add(u32::try_from(n).ok()?));
                    self.sheets.entry(self.sheet.clone()).or_default().hidden.extend(numbers);
                }
            }
            "table:table-cell" | "table:covered-table-cell" => {
                self.times.1 = repeats(element, "table:number-columns-repeated");
                let formula = attribute(element, "table:formula").filter(|_| attribute(element, "office:value-type").is_none());
                let uncomputed = formula.map(|text| text.find('=').map_or_else(|| format!("={text}"), |at| text[at..].to_owned()));
                let is_date = attribute(element, "office:value-type").is_some_and(|value| value == "date");
                let shown = attribute(element, "table:style-name").filter(|_| is_date).and_then(|style| self.dated.get(&style).copied());
                self.cell = Cell { uncomputed, is_struck: is_striking("table:style-name"), shown, ..Cell::default() };
            }
            "office:annotation" => {
                self.cell.is_remark = true;
                let cell = format!("{}{}", letters(self.at.1), self.at.0.saturating_add(1));
                self.sheets.entry(self.sheet.clone()).or_default().comments.push(cell);
            }
            "text:p" | "text:span" => {
                let strikes = is_striking("text:style-name");
                self.cell.parts.push(strikes);
            }
            "text:a" => {
                self.cell.link = self.cell.link.take().or_else(|| attribute(element, "xlink:href"));
                self.cell.parts.push(false);
            }
            _ => (),
        }
    }

    /// Takes a text.
    fn text(&mut self) {
        let cell = &mut self.cell;
        if !cell.is_remark && !cell.parts.is_empty() {
            cell.struck = Some(Struck::and(cell.struck, cell.is_struck || cell.parts.contains(&true)));
        }
    }

    fn end(&mut self, name: &str) -> Outcome<()> {
        match name {
            "table:table-row" => self.at.0 = self.at.0.saturating_add(self.times.0),
            "table:table-cell" | "table:covered-table-cell" => {
                self.mark()?;
                self.at.1 = self.at.1.saturating_add(self.times.1);
            }
            "office:annotation" => self.cell.is_remark = false,
            "number:date-style" => {
                let shown = match self.format.1 {
                    [true, true, false] => Shown::Month,
                    [true, false, false] => Shown::Year,
                    _ => return Ok(()),
                };
                self.formats.insert(std::mem::take(&mut self.format.0), shown);
            }
            "text:p" | "text:span" | "text:a" => drop(self.cell.parts.pop()),
            _ => (),
        }
        Ok(())
    }

    /// Marks all cells for which the current one stands.
    fn mark(&mut self) -> Outcome<()> {
        let Cell { link, uncomputed, struck, shown, .. } = std::mem::take(&mut self.cell);
        let struck = struck.filter(|struck| *struck != Struck::Nothing);
        if link.is_none() && uncomputed.is_none() && struck.is_none() && shown.is_none() {
            return Ok(());
        }
        let marks = self.sheets.entry(self.sheet.clone()).or_default();
        for row in self.at.0..self.at.0.saturating_add(self.times.0) {
            for column in self.at.1..self.at.1.saturating_add(self.times.1) {
                self.count += 1;
                let place = (u32::try_from(row).unwrap_or(u32::MAX), column);
                if self.count > MAX_CELLS {
                    return Err(format!("it has more than {MAX_CELLS} cells"));
                }
                marks.links.extend(link.iter().map(|link| (place, link.clone())));
                marks.uncomputed.extend(uncomputed.iter().map(|formula| (place, formula.clone())));
                marks.struck.extend(struck.map(|struck| (place, struck)));
                marks.shown.extend(shown.map(|shown| (place, shown)));
            }
        }
        Ok(())
    }
}

fn repeats(element: &BytesStart<'_>, name: &str) -> usize {
    attribute(element, name).and_then(|times| times.parse().ok()).unwrap_or(1)
}
