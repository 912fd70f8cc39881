//! The mark of each row of a review.

use sha2::{Digest, Sha256};

use crate::ledger::load::record::COLUMNS;
use crate::model::csv_cell::unguarded;

use super::super::proposal::Reading;

/// A hash of the cells of a row in its sheet.
pub(super) type SourceHash = [u8; 4];

pub(super) fn source_hash(source: &str) -> SourceHash {
    let hash = Sha256::digest(source);
    [hash[0], hash[1], hash[2], hash[3]]
}

/// What marks the place of a cell that an earlier review decided.
const DECIDED: u8 = 0x80;

/// The place and the hash of a cell.
fn entry(at: usize, text: &str) -> [u8; 3] {
    let hash = Sha256::digest(text);
    [u8::try_from(at).unwrap_or(u8::MAX), hash[0], hash[1]]
}

/// The mark of a row as it was proposed, by which it is seen what a person changed. It is written in letters, which no spreadsheet program
/// changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Mark {
    /// The hash of the whole row.
    pub whole: Vec<u8>,
    /// The number of lines that the review had for the row of the sheet.
    pub parts: u8,
    /// What tells the cells of the row in the sheet from those of others.
    pub source: SourceHash,
    /// The place and the hash of each filled cell; the take has the place 0. What an earlier review decided is marked at its place.
    pub cells: Vec<[u8; 3]>,
}

impl Mark {
    pub fn of(row: &Reading, parts: u8) -> Mark {
        let filled = COLUMNS.iter().zip(&row.cells).enumerate().map(|(at, (name, cell))| (at, name, unguarded(cell.trim())));
        let (mut whole, mut cells) = (Sha256::new(), Vec::new());
        whole.update(row.take.name());
        let first = std::iter::once((0, row.take.name().to_owned()));
        let texts = filled.filter(|(.., cell)| !cell.is_empty()).map(|(at, name, cell)| {
            whole.update(format!("\n{name}={cell}"));
            (at + 1, cell.to_string())
        });
        for (at, text) in first.chain(texts) {
            cells.push(entry(at, &text));
        }
        for at in &row.decided {
            match cells.iter_mut().find(|cell| usize::from(cell[0]) == *at) {
                Some(cell) => cell[0] |= DECIDED,
                None => cells.push(entry(at | usize::from(DECIDED), "")),
            }
        }
        Mark { whole: whole.finalize()[..4].to_vec(), parts, source: source_hash(&row.source), cells }
    }

    /// The hash of a filled cell.
    pub fn cell(&self, at: usize) -> Option<[u8; 2]> {
        self.find(at).map(|cell| [cell[1], cell[2]])
    }

    /// True if an earlier review decided a cell, or the take.
    pub fn is_decided(&self, at: usize) -> bool {
        self.find(at).is_some_and(|cell| cell[0] & DECIDED != 0)
    }

    fn find(&self, at: usize) -> Option<&[u8; 3]> {
        self.cells.iter().find(|cell| usize::from(cell[0] & !DECIDED) == at)
    }

    pub fn read(text: &str) -> Mark {
        let half = |letter: u8| letter.to_ascii_lowercase().wrapping_sub(b'a');
        let bytes: Vec<u8> = text.trim().as_bytes().chunks_exact(2).map(|two| half(two[0]) << 4 | half(two[1]) & 15).collect();
        let (whole, rest) = bytes.split_at(bytes.len().min(4));
        let source = rest.get(1..5).and_then(|hash| hash.try_into().ok()).unwrap_or_default();
        let cells = rest.get(5..).unwrap_or_default().chunks_exact(3).map(|cell| [cell[0], cell[1], cell[2]]).collect();
        Mark { whole: whole.to_vec(), parts: rest.first().copied().unwrap_or_default(), source, cells }
    }

    pub fn text(&self) -> String {
        let bytes = self.whole.iter().chain([&self.parts]).chain(&self.source).chain(self.cells.iter().flatten());
        bytes.flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(b'a' + half)).collect()
    }
}
