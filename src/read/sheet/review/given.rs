//! Reads the tables of a review, or of a map, as they were given back.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::ledger::load::record::COLUMNS;
use crate::model::CodeBook;

use super::super::Sheet;
use super::super::columns::{ASKED, Column, DATE_PARTS};
use super::super::parties::Word;
use super::super::proposal::{Reading, Take};
use super::mark::Mark;
use super::plan::{CODES, COLUMN_HEADER, FILE, Plan, WORD_HEADER, meanings};
use super::{PROPOSED, ROW_HEADER, Returned};

pub(super) fn no_review(path: &Path, why: &str) -> Error {
    let way_out = "give the file that 'recip import' wrote for this sheet";
    Error::File { file: path.display().to_string(), why: format!("this is not a review of a sheet: {why}"), way_out: way_out.to_owned() }
}

/// A table of a review as it was given back.
pub(super) struct Given {
    pub file: PathBuf,
    pub sheet: Sheet,
}

pub(super) fn csv(path: &Path, encoding: Option<&str>) -> Result<Given> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    let sheet = crate::read::csv::sheet(Box::new(file), &path.display().to_string(), encoding)?;
    Ok(Given { file: path.to_owned(), sheet })
}

impl Given {
    /// The rows, each by the names of its columns.
    pub fn rows(&self, needed: &[&str]) -> Result<Vec<(u32, HashMap<String, String>)>> {
        let mut rows = self.sheet.rows.iter();
        let header: Vec<String> =
            rows.next().map_or_else(Vec::new, |row| row.cells.iter().map(|cell| cell.trim().to_lowercase()).collect());
        if let Some(missing) = needed.iter().find(|name| !header.iter().any(|given| given == *name)) {
            return Err(no_review(&self.file, &format!("it has no column '{missing}'")));
        }
        Ok(rows.map(|row| (row.number, header.iter().cloned().zip(row.cells.iter().cloned()).collect())).collect())
    }

    pub fn wrong(&self, row: u32, why: String, way_out: &str) -> Error {
        let sheet = if self.sheet.name.is_empty() { String::new() } else { format!(", sheet {}", self.sheet.name) };
        Error::File { file: format!("{}{sheet}:{row}", self.file.display()), why, way_out: way_out.to_owned() }
    }
}

/// Takes a cell out of a row.
pub(super) fn cell(row: &mut HashMap<String, String>, name: &str) -> String {
    row.remove(name).map(|text| text.trim().to_owned()).unwrap_or_default()
}

pub(super) fn rows_of(given: &Given) -> Result<Vec<Returned>> {
    let rows = given.rows(&ROW_HEADER[..4])?;
    let read = |(number, mut row): (u32, HashMap<String, String>)| {
        let take = Take::named(&cell(&mut row, "take")).ok_or_else(|| {
            given.wrong(
                number,
                "the column 'take' is neither yes, ask nor no".to_owned(),
                "write yes to import the row, or no to leave it out",
            )
        })?;
        let number_of = |text: String, name| {
            text.parse().map_err(|_| {
                given.wrong(number, format!("the column '{name}' is not a number"), "leave it as it was, or give a new row a number")
            })
        };
        let mark = Mark::read(&cell(&mut row, PROPOSED));
        let reading = Reading {
            sheet: cell(&mut row, "sheet"),
            row: number_of(cell(&mut row, "row"), "row")?,
            part: number_of(cell(&mut row, "part"), "part")?,
            take,
            why: cell(&mut row, "why"),
            asked: Vec::new(),
            source: String::new(),
            decided: Vec::new(),
            cells: COLUMNS.iter().map(|name| cell(&mut row, name)).collect(),
            has_made_ref: false,
        };
        Ok::<_, Error>(Returned { reading, mark })
    };
    let mut seen = HashSet::new();
    let once = |(number, row): (u32, HashMap<String, String>)| {
        let returned = read((number, row))?;
        let Reading { sheet, row, part, .. } = &returned.reading;
        if seen.insert((sheet.clone(), *row, *part)) {
            return Ok::<_, Error>(returned);
        }
        let why = format!("a line above has the row {row} with the part {part} too");
        Err(given.wrong(number, why, "give a line that you added a number of its own in the column 'part'"))
    };
    rows.into_iter().map(once).collect()
}

/// The columns and words, and the digest of the file that they are of.
pub(super) fn plan_of(given: &Given, words: &Given) -> Result<(Plan, String)> {
    let (mut columns, mut digest, mut codes) = (Vec::new(), String::new(), None);
    for (number, mut row) in given.rows(&COLUMN_HEADER[..5])? {
        let place = cell(&mut row, "column");
        let column = Column {
            sheet: cell(&mut row, "sheet"),
            column: place_of(&place),
            heading: cell(&mut row, "heading"),
            meaning: meaning_of(&cell(&mut row, "meaning")),
            value: cell(&mut row, "value"),
            is_key: !cell(&mut row, "key").is_empty(),
            why: cell(&mut row, "why"),
            may_mean: Vec::new(),
        };
        if column.heading == FILE {
            digest = column.value;
        } else if column.heading == CODES && column.column.is_none() {
            codes = Some(column.value.parse::<CodeBook>()?);
        } else if ["", ASKED].contains(&column.meaning.as_str())
            || column.target().is_some()
            || DATE_PARTS.contains(&column.meaning.as_str())
        {
            columns.push(column);
        } else {
            let near = crate::model::name::nearest(&column.meaning, meanings().iter().map(String::as_str));
            let near = near.first().map_or_else(String::new, |near| format!("; did you mean {near}?"));
            let why = format!("a column cannot mean '{}'{near}", column.meaning);
            return Err(given.wrong(
                number,
                why,
                "give a column of the flat CSV, such as date, actor, target, kind or count, or reply-date for an answer, or nothing",
            ));
        }
    }
    Ok((Plan { columns, words: words_of(words)?, codes, ..Plan::default() }, digest))
}

/// The meaning that a person writes for a column. To say that it has none, the cell may be empty, or say `nothing`.
fn meaning_of(text: &str) -> String {
    let meaning = text.to_lowercase();
    if ["nothing", "none", "-"].contains(&meaning.as_str()) { String::new() } else { meaning }
}

fn words_of(given: &Given) -> Result<Vec<Word>> {
    let word = |(_, mut row): (u32, HashMap<String, String>)| Word {
        field: cell(&mut row, "field").to_lowercase(),
        word: cell(&mut row, "word"),
        means: cell(&mut row, "means"),
        nearest: cell(&mut row, "nearest"),
        rows: Vec::new(),
    };
    Ok(given.rows(&WORD_HEADER[..3])?.into_iter().map(word).filter(|word| !word.word.is_empty()).collect())
}

/// The place of a column by its letters.
fn place_of(letters: &str) -> Option<usize> {
    let value = |at: Option<usize>, letter: char| {
        let letter = letter.to_ascii_uppercase();
        let digit = if letter.is_ascii_uppercase() { letter as usize - 'A' as usize + 1 } else { return None };
        at?.checked_mul(26)?.checked_add(digit)
    };
    letters.chars().fold(Some(0), value).filter(|at| *at > 0).map(|at| at - 1)
}

#[cfg(test)]
mod tests {
    use super::super::super::letters;
    use super::*;

    #[test]
    fn letters_name_columns() {
        for at in [0, 25, 26, 701, 702, 16_383] {
            assert_eq!(place_of(&letters(at)), Some(at));
        }
        assert_eq!((letters(26), place_of("AB"), place_of(""), place_of("1")), ("AA".to_owned(), Some(27), None, None));
    }
}
