//! Reads files into records: the flat CSV, with one row per action, and workbooks of it; sheets with columns of their own; JSON Lines, which preserve every field; the Frictionless Data
//! Package, a folder of tables; the weights of a scale; and event feeds.
//!
//! The ledger's loader checks the records as if each had been logged, writes all of them in one transaction or none, and reports every
//! bad row.

mod choices;
mod csv;
mod decode;
mod dialect;
pub(crate) mod feed;
mod input;
mod json_objects;
mod jsonl;
mod lake;
mod package;
mod scale;
mod sheet;

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::ledger::{Author, Ledger, Loaded};
use crate::model::words::quoted;
use crate::model::{Clock, CodeBook};

pub use choices::read_choices;
pub use feed::{FeedImported, FeedOptions, FeedProgress, FeedRead, Reason, import_feed};
pub use input::{Format, ReadOptions};
use input::{Input, Progress, read};
pub use lake::{LakeImported, LakeOptions, ReportsImported, import_lake};
pub use scale::import_scale;
use sheet::{Book, Layout, Sheet};
pub use sheet::{DateOrder, Plan, Proposal, Review, THREAD as WORKBOOK_THREAD, Table, csv_files};

/// What helps if no row of a table is a header that is understood.
pub const WRITE_HEADINGS: &str = "write headings such as Date, Country, Against, Measure and Number above the columns, and import it again";

/// Files that are open to be imported.
#[derive(Debug)]
pub struct Files {
    inputs: Vec<Input>,
}

/// How to read sheets that have columns of their own.
#[derive(Debug, Clone, Default)]
pub struct SheetOptions {
    /// The order of day, month and year, where nothing in the sheet settles it.
    pub dates: Option<DateOrder>,
    /// What a person corrected and gave back.
    pub review: Option<Review>,
    /// True if a review is to be applied or written, so a table that mixes recip's columns with others is proposed too.
    pub is_proposed: bool,
    /// Maps of columns and words that were kept, by their names.
    pub maps: Vec<(String, Plan)>,
}

impl Files {
    /// Opens files. `-` is standard input.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn open(files: &[PathBuf], options: &ReadOptions) -> Result<Files> {
        Ok(Files { inputs: files.iter().map(|f| Input::open(f, options)).collect::<Result<_>>()? })
    }

    /// Proposes how to read those files that are sheets with columns of their own.
    ///
    /// # Errors
    /// A sheet cannot be read, or the review is of another file.
    pub fn propose(&mut self, ledger: &Ledger, options: &ReadOptions, sheets: &SheetOptions) -> Result<Vec<Proposal>> {
        let mut proposals = Vec::new();
        let has_map = |sheet: &Sheet| {
            let layout = Layout::of(sheet);
            layout.is_some_and(|layout| sheets.maps.iter().any(|(_, plan)| plan.for_headings(&sheet.name, &layout.headings).is_some()))
        };
        let is_own = |sheet: &Sheet| sheet.is_complete() || (!sheets.is_proposed && sheet.is_flat() && !has_map(sheet));
        for input in &mut self.inputs {
            input.dates = sheets.dates;
            let encoding = input.encoding.as_deref();
            if input.format == Format::Csv {
                let sample = csv::sample(Box::new(input.file()?), &input.name, encoding)?;
                refuse_feed(&sample, &input.name, false)?;
                if !is_own(&sample) && Layout::of(&sample).is_some() {
                    let sheet = csv::sheet(Box::new(input.file()?), &input.name, encoding)?;
                    input.book = Some(Book { sheets: vec![sheet], ..Book::default() });
                }
            }
            if let Some(book) = &mut input.book {
                book.sheets.iter().try_for_each(|sheet| refuse_feed(sheet, &input.name, true))?;
                book.clean();
            }
            if let Some(book) = input.book.as_mut().filter(|book| !book.sheets.iter().any(is_own)) {
                book.leave_out_reports();
                book.read_typed_years();
            }
            if let Some(book) = input.book.as_ref().filter(|book| !book.sheets.iter().any(is_own)) {
                proposals.push(propose(input, book, ledger, options.codes, sheets)?);
            }
        }
        Ok(proposals)
    }

    /// Reads a file as it was proposed, without what is asked or left out.
    pub fn accept(&mut self, proposal: Proposal) {
        if let Some(input) = self.inputs.iter_mut().find(|input| input.name == proposal.file) {
            input.codes = proposal.codes;
            input.book = Some(Book { sheets: proposal.into_sheets(), ..Book::default() });
        }
    }

    /// The code book of all files.
    fn codes(&self) -> Result<Option<CodeBook>> {
        let codes = self.inputs.first().and_then(|input| input.codes);
        let Some(other) = self.inputs.iter().find(|input| input.codes != codes) else { return Ok(codes) };
        let book = |book: Option<CodeBook>| book.map_or("none", CodeBook::as_str);
        let why =
            format!("{} is read with the code book {}, and {} with {}", self.inputs[0].name, book(codes), other.name, book(other.codes));
        Err(Error::refused("cannot import these files together", why, "import them one by one"))
    }

    /// Imports the files into a ledger in one transaction. `progress` receives the bytes read and their total, if known.
    ///
    /// # Errors
    /// A file cannot be read, or rows are invalid: the error lists every invalid row.
    pub fn import(self, ledger: &mut Ledger, options: &ReadOptions, progress: &mut dyn FnMut(u64, Option<u64>)) -> Result<Loaded> {
        let size = self.inputs.iter().map(Input::size).sum::<Option<u64>>();
        let mut progress = Progress::new(progress, size);
        let codes = self.codes()?;
        ledger.load(size, options.resembling, codes, |problems, sink| read(self.inputs, problems, Some(&mut progress), sink))
    }
}

/// Refuses the table of a feed, whose rows are no acts before they are coded and confirmed.
fn refuse_feed(sheet: &Sheet, file: &str, is_workbook: bool) -> Result<()> {
    let Some(feed) = sheet.rows.first().and_then(|row| feed::of_row(&row.cells)) else { return Ok(()) };
    let (why, option) = (format!("this is a table of the feed {feed}"), format!("--feed {}", feed.as_str()));
    let way_out = if is_workbook {
        format!("save the sheet as CSV, and import that with {option}")
    } else {
        format!("give {option}: recip import {option} {}", quoted(file))
    };
    Err(Error::File { file: file.to_owned(), why, way_out })
}

/// Proposes how to read a book, as a review corrects it.
fn propose(input: &Input, book: &Book, ledger: &Ledger, codes: Option<CodeBook>, options: &SheetOptions) -> Result<Proposal> {
    let stem = input.path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let digest = sheet::digest(&mut input.file()?).map_err(Error::io("read", &input.path))?;
    let by = |plan: Option<&Plan>, is_kept: bool| {
        let codes = codes.or(plan.and_then(|plan| plan.codes));
        let proposal = sheet::propose(book, &stem, ledger.names(codes)?, plan, is_kept, (options.dates, ledger.clock().today()))?;
        Ok::<_, Error>(Proposal { file: input.name.clone(), digest: digest.clone(), codes, ..proposal })
    };
    let Some(review) = &options.review else {
        let map = options.maps.iter().find_map(|(name, plan)| Some((name, book.plan(plan)?)));
        let proposal = by(map.as_ref().map(|(_, plan)| plan), true)?;
        return Ok(Proposal { map: map.map(|(name, _)| name.clone()), ..proposal });
    };
    if review.is_of(&digest) {
        let codes = codes.or(review.plan().codes);
        let proposal = review.corrected(by(Some(review.plan()), false)?, ledger.names(codes)?)?;
        let has_map = options.maps.iter().any(|(_, plan)| book.plan(plan).is_some());
        return Ok(Proposal { has_map, ..proposal });
    }
    match book.plan(review.plan()) {
        Some(plan) => {
            let plan = Plan { decisions: review.carried(), ..plan };
            Ok(Proposal { earlier_review: Some(review.file().to_owned()), ..by(Some(&plan), true)? })
        }
        None => Err(Error::File {
            file: review.file().to_owned(),
            why: format!("it was made for another file, or the headings of {} have changed since", input.name),
            way_out: format!("run 'recip import {}' without it for a new proposal", input.name),
        }),
    }
}

/// Imports files into a ledger in one transaction. `-` is standard input. `progress` receives the bytes read and their total, if known.
///
/// # Errors
/// A file cannot be read, or rows are invalid: the error lists every invalid row.
pub fn import(ledger: &mut Ledger, files: &[PathBuf], options: &ReadOptions, progress: &mut dyn FnMut(u64, Option<u64>)) -> Result<Loaded> {
    Files::open(files, options)?.import(ledger, options, progress)
}

/// Opens a file as a read-only ledger in memory, as for `-f cases.csv`. Rows without a logging time get the time of `clock`. That time
/// carries no information, so exports to JSON Lines leave it out.
///
/// # Errors
/// As [`import`].
pub fn open_file(path: &Path, options: &ReadOptions, clock: Clock) -> Result<Ledger> {
    let mut ledger = Ledger::in_memory()?;
    let read_at = clock.stamp();
    ledger.set_clock(Clock::fixed(&read_at)?);
    ledger.set_author(Author { who: path.display().to_string(), command: String::new() });
    import(&mut ledger, &[path.to_owned()], options, &mut |_, _| ())?;
    ledger.set_clock(clock);
    ledger.set_read_at(read_at);
    Ok(ledger)
}
