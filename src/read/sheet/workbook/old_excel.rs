//! Sheets of old Excel files (`.xls`). The library for workbooks builds each sheet as a whole, up to its last cell, so a short file with a cell
//! far away could take more memory than there is; how large the sheets are is found out before.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};

use calamine::{Data, Reader, Xls};

use super::cells::{Cells, Struck};
use super::excel::take_formula;
use super::old_marks::{Marks, Reading};
use super::{Bytes, MAX_CELLS, Outcome, Sheet};

/// The maximum size of the part of the file that holds the sheets.
const MAX_BYTES: u64 = 512 << 20;

/// Reads a sheet.
pub(super) fn sheet(book: &mut Xls<Bytes>, name: &str, marks: &Marks) -> Outcome<Sheet> {
    let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
    let range = book.worksheet_range(name).map_err(|e| e.to_string())?;
    let mut taken = Cells::default();
    taken.put_all(&range, |row, column| (Struck::Nothing, marks.shown.get(&(row, column)).copied().unwrap_or_default()))?;
    let mut links = HashMap::new();
    let formulas = book.worksheet_formula(name).map_err(|e| e.to_string())?;
    let (top, left) = formulas.start().unwrap_or_default();
    for (row, column, formula) in formulas.used_cells() {
        let place = |offset: u32, at: usize| offset.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        take_formula(
            &mut taken,
            &mut links,
            (place(top, row), place(left, column)),
            formula,
            is_empty_text(formula, range.get_value((place(top, row), place(left, column)))),
        )?;
    }
    Ok(Sheet { links, hidden_rows: marks.hidden.clone(), since_1904: book.has_1904_epoch(), ..taken.sheet(&merged)? })
}

/// True if a formula may have computed the empty text that is its value. Programs that compute no formulas write that value too.
fn is_empty_text(formula: &str, value: Option<&Data>) -> bool {
    matches!(value, Some(Data::String(text)) if text.is_empty()) && formula.contains("\"\"")
}

/// Checks how many cells the sheets have, with the empty ones between others, and returns the marks of each sheet in their order.
///
/// # Errors
/// There are too many, or the file cannot be read.
pub(super) fn survey(file: &File) -> Outcome<Vec<Marks>> {
    let mut parts = cfb::CompoundFile::open(BufReader::new(file)).map_err(|e| e.to_string())?;
    let name = if parts.is_stream("/Workbook") { "/Workbook" } else { "/Book" };
    let part = parts.open_stream(name).map_err(|e| e.to_string())?;
    let mut records = BufReader::new(part.take(MAX_BYTES));
    let (mut area, mut cells, mut head, mut data) = (Area::default(), 0, [0; 4], Vec::new());
    let (mut reading, mut at) = (Reading::default(), 0);
    // Each record has a type, a length and that many bytes. Space that follows the last record is not one.
    while records.read_exact(&mut head).is_ok() {
        let [sort, length] = [[head[0], head[1]], [head[2], head[3]]].map(u16::from_le_bytes);
        data.resize(usize::from(length), 0);
        if records.read_exact(&mut data).is_err() {
            break;
        }
        reading.take(at, sort, &data)?;
        at += head.len() + data.len();
        match sort {
            // Each sheet begins so.
            0x0809 | 0x0409 | 0x0209 | 0x0009 => cells += std::mem::take(&mut area).cells(),
            // The size that the sheet claims to have, for which the library reserves memory.
            0x0200 => area.cover(dimensions(&data)),
            sort if is_cell(sort) => area.cover(place(sort, &data)),
            _ => (),
        }
        if cells + area.cells() > MAX_CELLS {
            return Err(format!("it has more than {MAX_CELLS} cells"));
        }
    }
    Ok(reading.end())
}

/// True for the records that hold values: NUMBER, LABEL, BOOLERR, FORMULA, RK, RSTRING, LABELSST and MULRK.
pub(super) fn is_cell(sort: u16) -> bool {
    matches!(sort, 0x0006 | 0x0203..=0x0206 | 0x0406 | 0x027E | 0x00D6 | 0x00FD | MULRK)
}

/// The cells of a row that are numbers, in one record.
pub(super) const MULRK: u16 = 0x00BD;

/// The first and the last row, and the first and the last column.
type Bounds = [usize; 4];

/// The bounds of a record of cells, which begins with the row and the column; that of several cells ends with the last column.
fn place(sort: u16, data: &[u8]) -> Option<Bounds> {
    let (row, first) = (short(data, 0)?, short(data, 2)?);
    let last = if sort == MULRK { short(data, data.len() - 2)? } else { first };
    Some([row, row, first, last.max(first)])
}

/// The bounds of a sheet in its record DIMENSIONS, whose rows take two bytes in the oldest files and four in others. The last row and column
/// are the ones after.
fn dimensions(data: &[u8]) -> Option<Bounds> {
    let long = |at| Some(short(data, at)? | short(data, at + 2)? << 16);
    if data.len() >= 14 {
        Some([long(0)?, long(4)?, short(data, 8)?, short(data, 10)?])
    } else {
        Some([short(data, 0)?, short(data, 2)?, short(data, 4)?, short(data, 6)?])
    }
}

pub(super) fn short(data: &[u8], at: usize) -> Option<usize> {
    data.get(at..at + 2).map(|two| usize::from(u16::from_le_bytes([two[0], two[1]])))
}

/// The area of the cells so far.
#[derive(Debug, Default)]
struct Area(Option<Bounds>);

impl Area {
    fn cover(&mut self, bounds: Option<Bounds>) {
        let Some([top, bottom, left, right]) = bounds else { return };
        let so_far = self.0.unwrap_or([top, bottom, left, right]);
        self.0 = Some([so_far[0].min(top), so_far[1].max(bottom), so_far[2].min(left), so_far[3].max(right)]);
    }

    fn cells(&self) -> usize {
        // Bounds that are reversed are damaged, and no size is too large for them.
        self.0.map_or(0, |[top, bottom, left, right]| match (bottom.checked_sub(top), right.checked_sub(left)) {
            (Some(rows), Some(columns)) => (rows + 1).saturating_mul(columns + 1),
            _ => MAX_CELLS + 1,
        })
    }
}
