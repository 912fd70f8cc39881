//! Sheets with columns of their own, for `recip import`: the proposal how to read them, the review that a person gives back, and the maps
//! that are kept.

use std::cell::RefCell;
use std::io::Write;
use std::path::{Path, PathBuf};

use recip::atomic::{entries, folder};
use recip::model::words::quoted;
use recip::model::{CodeBook, quantity};
use recip::read::{DateOrder, Plan, Proposal, Review, SheetOptions, Table, WRITE_HEADINGS, csv_files};
use recip::render::review::{write_csv, write_workbook};
use recip::{Error, Result};

use super::console;
use super::output::{refuse_ledger, to};
use super::session::{Session, message};

/// The maximum number of rows of a proposal that are listed.
const MAX_ROWS_LISTED: usize = 20;
/// The endings of the files of a map: its columns, its words and, if there are any, its decisions on single rows.
const COLUMNS: &str = ".columns.csv";
const WORDS: &str = ".words.csv";
const DECISIONS: &str = ".decisions.csv";
/// The name of standard input in messages.
const STANDARD_INPUT: &str = "standard input";

/// Options that the command to give back a review repeats.
#[derive(Debug, Clone, Default)]
pub(super) struct RepeatedOptions {
    pub encoding: Option<String>,
    pub format: Option<String>,
    pub codes: Option<CodeBook>,
    pub dates: Option<DateOrder>,
}

/// What the command line says of sheets.
#[derive(Debug)]
pub(super) struct Sheets {
    pub options: SheetOptions,
    repeated: RepeatedOptions,
    /// The review: it exists and is given back, or it is to be written there.
    review: Option<PathBuf>,
    /// The name of the map to use, or to keep.
    map: Option<String>,
    /// The columns and words of the review that was accepted.
    accepted: RefCell<Option<Plan>>,
    dry_run: bool,
}

impl Sheets {
    /// Reads the review, if it exists, and the maps beside the ledger.
    pub fn open(
        session: &Session,
        repeated: RepeatedOptions,
        review: Option<PathBuf>,
        map: Option<&Path>,
        dry_run: bool,
    ) -> Result<Sheets> {
        review.as_deref().map_or(Ok(()), check_ending)?;
        let read = |path: &Path| Review::read(path, repeated.encoding.as_deref(), repeated.dates);
        let mut options = SheetOptions { dates: repeated.dates, is_proposed: review.is_some(), ..SheetOptions::default() };
        options.review = review.as_deref().filter(|path| path.exists()).map(read).transpose()?;
        let map = map.map(|name| name.to_string_lossy().into_owned());
        let folder = folder(&session.path()?).to_owned();
        options.maps = maps(&folder, map.as_deref())?;
        if let Some(name) = &map
            && options.maps.is_empty()
            && review.is_none()
        {
            let why = format!("there are no {name}{COLUMNS} and {name}{WORDS} in {}", folder.display());
            return Err(Error::refused(
                format!("cannot use the map '{name}'"),
                why,
                "give --map together with --review to keep a map under this name",
            ));
        }
        Ok(Sheets { options, repeated, review, map, accepted: RefCell::default(), dry_run })
    }

    /// Accepts a proposal that follows a review or a saved map, if it has rows to import and no open question. Otherwise refuses it and, if
    /// there is no review yet, writes one.
    pub fn accepted(&self, session: &Session, proposal: Proposal) -> Result<Proposal> {
        let [taken, asked, left_out] = proposal.counts();
        let is_by_map = proposal.map.is_some() && self.review.is_none();
        if taken == 0 || asked > 0 || !(proposal.review.is_some() || is_by_map) {
            return self.refuse(session, &proposal);
        }
        proposal.notes.iter().for_each(|note| message(&format!("{}: {note}", proposal.file)));
        if let (true, Some(map)) = (is_by_map, &proposal.map) {
            let order = proposal.order_of_map.map(|order| format!("; dates are read {} first, as the map says", order.first_part()));
            message(&format!("{}: read by the map '{map}'{}", proposal.file, order.unwrap_or_default()));
        }
        say_decided(&proposal);
        if left_out > 0 {
            message(&format!("{}: left out {}", proposal.file, quantity(i64::try_from(left_out).ok(), "rows")));
        }
        self.accepted.replace(Some(proposal.plan()));
        Ok(proposal)
    }

    fn refuse(&self, session: &Session, proposal: &Proposal) -> Result<Proposal> {
        let file = &proposal.file;
        let nothing = format!("nothing was imported from {file}");
        if proposal.has_no_header() {
            return Err(Error::refused(nothing, "no row of it is a header with words that are known", WRITE_HEADINGS));
        }
        if proposal.has_no_rows() {
            return Err(Error::refused(nothing, "there are no rows below its header", "add rows, and import it again"));
        }
        let [taken, asked, _] = proposal.counts();
        let open = quantity(i64::try_from(asked).ok(), "rows");
        if let Some(review) = &proposal.review {
            list_rows(proposal);
            let nothing = format!("{nothing} by {review}");
            if asked == 0 {
                let way_out = "write yes in the column 'take' of the rows that are to be imported, and give it back";
                return Err(Error::refused(nothing, "the review leaves out every row", way_out));
            }
            let why = format!("the review leaves open what to do with {open}");
            let way_out = "fill each in and write yes in its column 'take', or no to leave it out; questions about whole columns are in the sheet Columns";
            return Err(Error::refused(nothing, why, way_out));
        }
        show(proposal);
        let why = match (&proposal.earlier_review, &proposal.map) {
            (Some(review), _) => format!(
                "{review} was made for an earlier state of it; its columns and words were taken over, and what it says of rows that are still the same"
            ),
            (None, Some(map)) if asked > 0 => format!("the map '{map}' leaves {open} open"),
            (None, Some(map)) => format!("this is how the map '{map}' reads it"),
            (None, None) => "its columns are not those of a ledger; this is how recip would read them".to_owned(),
        };
        if console::is_kept() {
            // Rows that were pasted into a page have no file beside which a review could stand.
            let way_out = "name the columns date, actor, target, kind and count, or import the sheet with 'recip import' in a terminal";
            return Err(Error::refused(nothing, why, way_out));
        }
        let (place, exists) = self.place(proposal);
        if self.dry_run {
            let way_out = format!("without --dry-run the proposal is written to {}, to be corrected and given back", place.display());
            return Err(Error::refused(nothing, why, way_out));
        }
        if exists {
            let command = self.command(proposal, &place, true);
            let way_out = format!("correct it and give it back: {command}; or delete it for a new one");
            return Err(Error::refused(nothing, format!("{why}; {} is its proposal already", place.display()), way_out));
        }
        write_review(session, &place, &proposal.tables())?;
        message(&format!("wrote the proposal to {}", place.display()));
        let todo =
            if taken == 0 && asked == 0 { "write yes in its column 'take' for the rows to import" } else { "look at it, correct it" };
        let way_out = format!("{todo}, and give it back: {}", self.command(proposal, &place, false));
        Err(Error::refused(nothing, why, way_out))
    }

    /// Where the review of a proposal is written, and whether it is there already. A file that is there but belongs to something else is kept.
    fn place(&self, proposal: &Proposal) -> (PathBuf, bool) {
        let first = self.review.clone().unwrap_or_else(|| place(&proposal.file));
        let is_of_file = |path: &Path| Review::read(path, None, None).is_ok_and(|review| review.is_of(&proposal.digest));
        let stem = first.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let ending = first.extension().map_or_else(String::new, |ending| format!(".{}", ending.to_string_lossy()));
        let further = (2..).map(|n| first.with_file_name(format!("{stem}-{n}{ending}")));
        let mut places = std::iter::once(first.clone()).chain(further);
        places.find_map(|path| (!path.exists() || is_of_file(&path)).then(|| (path.clone(), path.exists()))).unwrap_or((first, true))
    }

    /// The command that gives a review back. One that exists may have been written without the options of this command.
    fn command(&self, proposal: &Proposal, review: &Path, exists: bool) -> String {
        let RepeatedOptions { encoding, format, codes, dates } = &self.repeated;
        let given = [
            ("--encoding", encoding.clone()),
            ("--format", format.clone()),
            ("--codes", codes.filter(|_| exists).map(|book| book.as_str().to_owned())),
            ("--dates", dates.filter(|_| exists).map(|order| order.name().to_owned())),
        ];
        let given = given.into_iter().filter_map(|(option, value)| Some(format!("{option} {} ", quoted(&value?))));
        let file = if proposal.file == STANDARD_INPUT { "-".to_owned() } else { quoted(&proposal.file) };
        // What is corrected in a proposal by a map is kept in that map.
        let map = self.map.as_ref().or(proposal.map.as_ref()).map_or_else(String::new, |map| format!(" --map {}", quoted(map)));
        format!("recip import {}{file} --review {}{map}", given.collect::<String>(), quoted(&review.display().to_string()))
    }

    /// Keeps the columns and words of an accepted review as a map.
    pub fn keep_map(&self, session: &Session) -> Result<()> {
        let (Some(name), Some(_), Some(plan)) = (&self.map, &self.options.review, &*self.accepted.borrow()) else { return Ok(()) };
        let folder = folder(&session.path()?).to_owned();
        let mut plan = plan.clone();
        if let Some((_, kept)) = self.options.maps.iter().find(|(kept, _)| kept == name) {
            plan.keep_other_sheets(kept);
        }
        let decisions = plan.decisions();
        for (table, ending) in plan.tables().iter().chain(&decisions).zip([COLUMNS, WORDS, DECISIONS]) {
            write_file(session, &folder.join(format!("{name}{ending}")), |out| write_csv(table, out))?;
        }
        let decided = decisions.map(|table| quantity(i64::try_from(table.rows.len()).ok(), "decisions"));
        let and =
            decided.map_or_else(|| "columns and words".to_owned(), |decided| format!("columns, the words and {decided} on single rows"));
        message(&format!("kept the {and} as the map '{name}'"));
        Ok(())
    }
}

/// Refuses to write a review under a name whose ending promises another format. One that exists may have been saved in any that is read.
fn check_ending(review: &Path) -> Result<()> {
    let is_written = review.extension().is_some_and(|ending| ["xlsx", "csv"].iter().any(|written| ending.eq_ignore_ascii_case(written)));
    if is_written || review.exists() {
        return Ok(());
    }
    let why = "a review is written as .xlsx, or as .csv in three files";
    Err(Error::invalid("review", &review.display().to_string(), why, "give a name that ends in .xlsx or .csv"))
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
    let read = |name: &str| {
        let files = [COLUMNS, WORDS, DECISIONS].map(|ending| folder.join(format!("{name}{ending}")));
        Plan::read(files.each_ref().map(PathBuf::as_path))
    };
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
    if file == STANDARD_INPUT { PathBuf::from("sheet.review.xlsx") } else { Path::new(file).with_extension("review.xlsx") }
}

/// Says how many rows are read as an earlier review decided them.
fn say_decided(proposal: &Proposal) {
    if let decided @ 1.. = proposal.decided() {
        let rows = quantity(i64::try_from(decided).ok(), "rows");
        let verb = if decided == 1 { "was" } else { "were" };
        message(&format!("{}: {rows} {verb} decided in an earlier review", proposal.file));
    }
}

/// Says how a proposal reads a file.
fn show(proposal: &Proposal) {
    for (sheet, row) in &proposal.headers {
        let sheet = if sheet.is_empty() { String::new() } else { format!(", sheet {sheet}") };
        message(&format!("{}{sheet}: the header is in row {row}", proposal.file));
    }
    proposal.left_out.iter().for_each(|what| message(&format!("left out: {what}")));
    proposal.notes.iter().for_each(|note| message(note));
    say_decided(proposal);
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
