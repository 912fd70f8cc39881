//! What the sheets of an old Excel file have besides the values of their cells: the rows that are hidden, and what cells show of their dates.
//! The library for workbooks leaves that out.

use std::collections::{HashMap, HashSet};

use super::cells::Shown;
use super::excel::shown;
use super::old_excel::{MULRK, is_cell, short};
use super::{MAX_CELLS, Outcome};

/// What is in a file, by the records that say it.
const BOUNDSHEET: u16 = 0x0085;
const FORMAT: u16 = 0x041E;
const XF: u16 = 0x00E0;
const ROW: u16 = 0x0208;
const EOF: u16 = 0x000A;
/// The built-in format `mmm-yy`, and the version since which formats have names of two bytes.
const MONTH_AND_YEAR: usize = 17;
const BIFF8: usize = 0x0600;

/// What a sheet has.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// The numbers of its hidden rows.
    pub hidden: HashSet<u32>,
    /// What cells show of their dates, where that is no day, by row and column from 0.
    pub shown: HashMap<(u32, usize), Shown>,
}

/// The marks as the records are met.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Where in the file each sheet begins, in their order.
    sheets: Vec<usize>,
    /// Where the parts begin that are being read: a chart may stand within a sheet.
    within: Vec<usize>,
    is_biff8: bool,
    /// What the formats show, by their numbers, and those of the styles.
    formats: HashMap<usize, Shown>,
    styles: Vec<Shown>,
    found: HashMap<usize, Marks>,
    count: usize,
}

impl Reading {
    /// Takes a record that begins at this place.
    pub fn take(&mut self, at: usize, sort: u16, data: &[u8]) -> Outcome<()> {
        match sort {
            0x0809 => {
                self.is_biff8 = short(data, 0) == Some(BIFF8);
                self.within.push(at);
            }
            EOF => drop(self.within.pop()),
            BOUNDSHEET => self.sheets.extend(long(data, 0)),
            FORMAT if self.is_biff8 => self.formats.extend(short(data, 0).zip(format(data))),
            XF => {
                let style = match short(data, 2) {
                    Some(MONTH_AND_YEAR) => Shown::Month,
                    format => format.and_then(|format| self.formats.get(&format)).copied().unwrap_or_default(),
                };
                self.styles.push(style);
            }
            ROW if data.get(12).is_some_and(|flags| flags & 0x20 != 0) => {
                let number = short(data, 0).and_then(|row| u32::try_from(row + 1).ok());
                self.marks().hidden.extend(number);
            }
            sort if is_cell(sort) && self.styles.iter().any(|style| *style != Shown::Day) => self.cells(sort, data)?,
            _ => (),
        }
        Ok(())
    }

    fn marks(&mut self) -> &mut Marks {
        self.found.entry(self.within.last().copied().unwrap_or_default()).or_default()
    }

    /// Takes a record of a cell, or of several in a row, each with the number of its style.
    fn cells(&mut self, sort: u16, data: &[u8]) -> Outcome<()> {
        let (Some(row), Some(first)) = (short(data, 0), short(data, 2)) else { return Ok(()) };
        let times = if sort == MULRK { data.len().saturating_sub(6) / 6 } else { 1 };
        for n in 0..times {
            let style = short(data, 4 + 6 * n).and_then(|style| self.styles.get(style)).copied().unwrap_or_default();
            if style != Shown::Day {
                self.count += 1;
                if self.count > MAX_CELLS {
                    return Err(format!("it has more than {MAX_CELLS} cells"));
                }
                self.marks().shown.insert((u32::try_from(row).unwrap_or(u32::MAX), first + n), style);
            }
        }
        Ok(())
    }

    /// The marks of the sheets, in their order.
    pub fn end(mut self) -> Vec<Marks> {
        self.sheets.iter().map(|at| self.found.remove(at).unwrap_or_default()).collect()
    }
}

/// What a format shows of a date. Its letters have one byte each or, if a flag says so, two.
fn format(data: &[u8]) -> Option<Shown> {
    let (letters, flags) = (short(data, 2)?, data.get(4)?);
    let units: Vec<u16> = match flags & 1 {
        0 => data[5..].iter().take(letters).map(|letter| u16::from(*letter)).collect(),
        _ => data[5..].chunks_exact(2).take(letters).map(|two| u16::from_le_bytes([two[0], two[1]])).collect(),
    };
    Some(shown(&String::from_utf16_lossy(&units)))
}

fn long(data: &[u8], at: usize) -> Option<usize> {
    Some(short(data, at)? | short(data, at + 2)? << 16)
}
