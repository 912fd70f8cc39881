//! Sheets with columns of their own, for `recip import`: the proposal how to read them, the review that a person gives back, and the maps
//! that are kept.

use std::io::Write;
use std::path::{Path, PathBuf};

use recip::atomic::{entries, folder};
use recip::model::quantity;
use recip::read::{Plan, Proposal, Review, SheetOptions, Table, csv_files};
use recip::render::review::{write_csv, write_workbook};
use recip::{Error, Result};

use super::output::{refuse_ledger, to};
use super::session::{Session, message};

/// The maximum number of rows of a proposal that are listed.
const MAX_ROWS_LISTED: usize = 20;
/// The endings of the two files of a map.
const COLUMNS: &str = ".columns.csv";
const WORDS: &str = ".words.csv";

/// What the command line says of sheets.
#[derive(Debug)]
pub(super) struct Sheets {
    pub options: SheetOptions,
    /// The review: it exists and is given back, or it is to be written there.
    review: Option<PathBuf>,
    /// The name of the map to use, or to keep.
    map: Option<String>,
    dry_run: bool,
}

impl Sheets {
    /// Reads the review, if it exists, and the maps beside the ledger.
    pub fn open(
        session: &Session,
        mut options: SheetOptions,
        review: Option<PathBuf>,
        map: Option<&Path>,
        dry_run: bool,
    ) -> Result<Sheets> {
        options.review = review.as_deref().filter(|path| path.exists()).map(Review::read).transpose()?;
        let map = map.map(|name| name.to_string_lossy().into_owned());
        let folder = folder(&session.path()?).to_owned();
        options.maps = maps(&folder, map.as_deref())?;
        if let Some(name) = &map
            && options.maps.is_empty()
            && options.review.is_none()
        {
            let why = format!("there are no {name}{COLUMNS} and {name}{WORDS} in {}", folder.display());
            return Err(Error::refused(
                format!("cannot use the map '{name}'"),
                why,
                "give --map together with --review to keep a map under this name",
            ));
        }
        Ok(Sheets { options, review, map, dry_run })
    }

    /// Accepts a proposal that nothing is asked of and that a person has seen; else shows it, and writes it as a review.
    pub fn accepted(&self, session: &Session, proposal: Proposal) -> Result<Proposal> {
        let [_, asked, left_out] = proposal.counts();
        let has_review = self.options.review.is_some();
        if asked == 0 && (has_review || proposal.map.is_some()) {
            if let (false, Some(map)) = (has_review, &proposal.map) {
                message(&format!("{}: read by the map '{map}'", proposal.file));
            }
            if left_out > 0 {
                message(&format!("{}: left out {}", proposal.file, quantity(i64::try_from(left_out).ok(), "rows")));
            }
            return Ok(proposal);
        }
        self.refuse(session, &proposal)
    }

    fn refuse(&self, session: &Session, proposal: &Proposal) -> Result<Proposal> {
        let file = &proposal.file;
        let nothing = format!("nothing was imported from {file}");
        if let (Some(_), Some(review)) = (&self.options.review, &self.review) {
            list_rows(proposal);
            let why = format!("the review leaves open what to do with {}", quantity(i64::try_from(proposal.counts()[1]).ok(), "rows"));
            let way_out = "fill each in and write yes in its column 'take', or no to leave it out; what is asked of a whole column is in the sheet Columns";
            return Err(Error::refused(format!("{nothing} by {}", review.display()), why, way_out));
        }
        show(proposal);
        let why = "its columns are not those of a ledger; this is how recip would read them";
        let place = self.review.clone().unwrap_or_else(|| place(file));
        if self.dry_run {
            let way_out = format!("without --dry-run the proposal is written to {}, to be corrected and given back", place.display());
            return Err(Error::refused(nothing, why, way_out));
        }
        if place.exists() {
            let way_out = format!("give it back with --review {0}, or delete it for a new one", place.display());
            return Err(Error::refused(nothing, format!("{why}; the proposal is not written, since {} exists", place.display()), way_out));
        }
        write_review(session, &place, &proposal.tables())?;
        message(&format!("wrote the proposal to {}", place.display()));
        let way_out = format!("look at it, correct it, and give it back: recip import {file} --review {}", place.display());
        Err(Error::refused(nothing, why, way_out))
    }

    /// Keeps the columns and words of an accepted review as a map.
    pub fn keep_map(&self, session: &Session) -> Result<()> {
        let (Some(name), Some(review)) = (&self.map, &self.options.review) else { return Ok(()) };
        let folder = folder(&session.path()?).to_owned();
        for (table, ending) in review.plan().tables().iter().zip([COLUMNS, WORDS]) {
            write_file(session, &folder.join(format!("{name}{ending}")), |out| write_csv(table, out))?;
        }
        message(&format!("kept the columns and words as the map '{name}'"));
        Ok(())
    }
}

/// The maps in a folder, or the one with this name, if it exists.
fn maps(folder: &Path, name: Option<&str>) -> Result<Vec<(String, Plan)>> {
    if let Some(name) = name
        && (name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.'))
    {
        return Err(Error::invalid(
            "map",
            name,
            "a map has a plain name, since it is kept beside the ledger",
            "give a name such as ministry",
        ));
    }
    let read = |name: &str| Plan::read(&folder.join(format!("{name}{COLUMNS}")), &folder.join(format!("{name}{WORDS}")));
    if let Some(name) = name {
        let exists = folder.join(format!("{name}{COLUMNS}")).exists();
        return exists.then(|| Ok((name.to_owned(), read(name)?))).into_iter().collect();
    }
    let files = entries(folder).unwrap_or_default();
    let names = files.iter().filter_map(|file| file.file_name()?.to_str()?.strip_suffix(COLUMNS)).map(str::to_owned);
    // A file with this ending need not be a map.
    let mut maps: Vec<(String, Plan)> = names.filter_map(|name| Some((name.clone(), read(&name).ok()?))).collect();
    maps.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(maps)
}

/// Where the review of a file is written.
fn place(file: &str) -> PathBuf {
    if file == "standard input" { PathBuf::from("sheet.review.xlsx") } else { Path::new(file).with_extension("review.xlsx") }
}

/// Says how a proposal reads a file.
fn show(proposal: &Proposal) {
    for (sheet, row) in &proposal.headers {
        let sheet = if sheet.is_empty() { String::new() } else { format!(", sheet {sheet}") };
        message(&format!("{}{sheet}: the header is in row {row}", proposal.file));
    }
    proposal.left_out.iter().for_each(|what| message(&format!("left out: {what}")));
    proposal.columns_in_words().iter().for_each(|line| message(&format!("  {line}")));
    list_rows(proposal);
    let [taken, asked, left_out] = proposal.counts().map(|n| i64::try_from(n).ok());
    message(&format!(
        "{} to import, {} asked, {} left out",
        quantity(taken, "actions"),
        quantity(asked, "rows"),
        quantity(left_out, "rows")
    ));
}

fn list_rows(proposal: &Proposal) {
    let rows = proposal.rows_in_words();
    rows.iter().take(MAX_ROWS_LISTED).for_each(|line| message(&format!("  {line}")));
    if let Some(more @ 1..) = rows.len().checked_sub(MAX_ROWS_LISTED) {
        message(&format!("  ... and {more} more"));
    }
}

/// Writes the tables of a review: as a workbook, or as three CSV files.
fn write_review(session: &Session, place: &Path, tables: &[Table; 3]) -> Result<()> {
    if !place.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")) {
        return write_file(session, place, |out| write_workbook(tables, out));
    }
    // The file by whose name the review is given back comes last.
    for (file, table) in csv_files(place).iter().zip(tables).rev() {
        write_file(session, file, |out| write_csv(table, out))?;
    }
    Ok(())
}

fn write_file(session: &Session, place: &Path, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    refuse_ledger(session, place)?;
    to(session, Some(place), write)
}
