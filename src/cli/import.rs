//! `recip import`.

use std::path::PathBuf;

use clap::ValueEnum;
use recip::Result;
use recip::ledger::{KeptLink, Loaded, Resembling};
use recip::model::{CodeBook, Feed, quantity};
use recip::read::{self, DateOrder, FeedImported, FeedOptions, Files, ReadOptions};
use recip::report::Names;

use super::echo;
use super::edit;
use super::feed_rows;
use super::output::print_lines;
use super::progress::Progress;
use super::session::{Session, message};
use super::sheets::{RepeatedOptions, Sheets};

/// Maximum number of added disputes that are listed.
const MAX_DISPUTES_LISTED: usize = 10;

/// Import files exported by recip, spreadsheets, or feeds of machine-coded events
///
/// All files are imported in one transaction: if a row is invalid, all invalid rows are reported and nothing is imported. Importing the
/// same file again adds nothing. A row whose ref the ledger has corrects that action, and its changes are shown; empty cells change nothing.
/// If a row has no ref but resembles an action in the ledger, the import stops unless you give --update or --add.
///
/// A workbook or CSV file whose columns are not recip's is not imported directly. recip reports how it would read the file and writes a
/// review: a workbook that shows how it understood the rows, the columns and the words. Correct it in a spreadsheet program and give it back
/// with --review.
///
/// With --feed the files are in the feed's own format, plain, gzip or zip; '-' is standard input. Events between two different parties
/// become candidates (see 'recip candidates'). Reports leave candidates out until you confirm them, unless you give --with-candidates.
/// Other rows are skipped; the summary counts them. Invalid rows are reported and skipped. After an interruption, the same command continues
/// the import.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  recip import examples/us-russia-2016-2017.csv
  recip import book.xlsx --review book.review.xlsx --map ministry
  recip import --codes cow mid.csv
  recip import --feed gdelt 20170701.export.CSV.zip --rejects bad.csv")]
pub(crate) struct Args {
    /// CSV files, workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods), JSON Lines files or package folders; with --feed, files of the feed
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Encoding of files that are not UTF-8, such as windows-1252
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Format of the files [default: from the file names; for standard input, from its first bytes]
    #[arg(long, value_enum, conflicts_with = "feed")]
    format: Option<Format>,
    /// Order of day, month and year in dates such as 04/03/2018: dmy, mdy or ymd
    #[arg(long, value_name = "ORDER", conflicts_with = "feed", help_heading = "Sheets with columns of their own")]
    dates: Option<DateOrder>,
    /// Review to import by, .xlsx or .csv; if the file does not exist, the review is written to it
    #[arg(long, value_name = "FILE", conflicts_with = "feed", help_heading = "Sheets with columns of their own")]
    review: Option<PathBuf>,
    /// Code book of the parties in these files: iso2 or iso3, in letters; cow (Correlates of War) or gw (Gleditsch and Ward), in letters or as
    /// numbers; a cell that is not a code of the book is read as a name
    #[arg(long, value_name = "BOOK", conflicts_with = "feed")]
    codes: Option<CodeBook>,
    /// Feed that the files come from: gdelt, icews or polecat
    #[arg(long, value_name = "FEED", help_heading = "Feeds")]
    feed: Option<Feed>,
    /// Merge repeated reports of an event up to this many days after its first report [default: the value of the last import; 3 for the first]
    #[arg(long, value_name = "DAYS", requires = "feed", value_parser = clap::value_parser!(i64).range(0..=3660), help_heading = "Feeds")]
    window: Option<i64>,
    /// Name under which to save the columns and words of a review, for reading similar sheets later; with --feed, a CSV file that changes
    /// which codes map to which kinds: code,kind,stage,guessed,swapped
    #[arg(long, value_name = "MAP")]
    map: Option<PathBuf>,
    /// Write all invalid rows to this CSV file: file, line, reason, value
    #[arg(long, value_name = "FILE", requires = "feed", help_heading = "Feeds")]
    rejects: Option<PathBuf>,
    /// Stop at the first invalid row and change nothing
    #[arg(long, requires = "feed", help_heading = "Feeds")]
    strict: bool,
    /// Let rows without a ref correct the actions that they resemble: same date, parties and kind
    #[arg(long, conflicts_with_all = ["add", "feed"])]
    update: bool,
    /// Add rows without a ref even if they resemble actions of the ledger
    #[arg(long, conflicts_with = "feed")]
    add: bool,
    /// Read and validate everything and show the changes, but write nothing
    #[arg(long)]
    dry_run: bool,
}

/// The formats of files that are not feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Jsonl,
    Package,
    Workbook,
}

impl From<Format> for read::Format {
    fn from(format: Format) -> read::Format {
        match format {
            Format::Csv => read::Format::Csv,
            Format::Jsonl => read::Format::Jsonl,
            Format::Package => read::Format::Package,
            Format::Workbook => read::Format::Workbook,
        }
    }
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    if let Some(feed) = args.feed {
        return run_feed(session, args, feed);
    }
    let resembling = match (args.update, args.add) {
        (true, _) => Resembling::Update,
        (_, true) => Resembling::Add,
        _ => Resembling::Refuse,
    };
    let repeated = RepeatedOptions {
        encoding: args.encoding.clone(),
        format: args.format.and_then(|format| Some(format.to_possible_value()?.get_name().to_owned())),
        codes: args.codes,
        dates: args.dates,
    };
    let options = ReadOptions { encoding: args.encoding, resembling, format: args.format.map(Into::into), codes: args.codes };
    let sheets = Sheets::open(session, repeated, args.review, args.map.as_deref(), args.dry_run)?;
    let imported = session.write_or_create(args.dry_run, |ledger| {
        let mut files = Files::open(&args.files, &options)?;
        for proposal in files.propose(ledger, &options, &sheets.options)? {
            files.accept(sheets.accepted(session, proposal)?);
        }
        let mut progress = Progress::new();
        let imported = files.import(ledger, &options, &mut |done, total| progress.update(done, total));
        progress.end();
        Ok((imported?, Names::read(ledger.connection())?))
    });
    let (imported, names) = imported?;
    if !args.dry_run {
        sheets.keep_map(session)?;
    }
    imported.notes.iter().for_each(|note| message(note));
    if !imported.disputes_made.is_empty() {
        let (listed, more) = imported.disputes_made.split_at(imported.disputes_made.len().min(MAX_DISPUTES_LISTED));
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        let disputes = quantity(i64::try_from(imported.disputes_made.len()).ok(), "disputes");
        message(&format!("added {disputes}: {}{more}", listed.join(", ")));
    }
    let mut lines: Vec<String> = imported.additions.iter().map(|action| format!("add {}", echo::line(action, &names))).collect();
    if let more @ 1.. = imported.added.saturating_sub(imported.additions.len() as u64)
        && args.dry_run
    {
        lines.push(format!("... and {more} more"));
    }
    lines.extend(imported.updates.iter().flat_map(|update| edit::lines(update, &names)));
    if let more @ 1.. = imported.updated.saturating_sub(imported.updates.len() as u64) {
        lines.push(format!("... and {more} more actions corrected"));
    }
    lines.extend(imported.linked.iter().map(|link| format!("#{} {} #{}: added", link.later, link.relation, link.earlier)));
    lines.extend(imported.kept_links.iter().map(|link| {
        let KeptLink { later, relation, earlier } = link;
        format!("#{later} {relation} #{earlier}: kept, as an import removes nothing; 'recip unlink {later} {earlier}' removes it")
    }));
    lines.extend(echo::shifts(&imported.shifts));
    lines.push(summary(&imported));
    print_lines(&lines.join("\n"), args.dry_run)
}

fn run_feed(session: &Session, args: Args, feed: Feed) -> Result<()> {
    let Args { files, encoding, window, map, rejects, strict, dry_run, .. } = args;
    let options = FeedOptions { feed, window, map, rejects, strict, encoding };
    feed_rows::check_rejects(session, &files, &options)?;
    let imported = session.write_or_create(dry_run, |ledger| {
        let mut progress = Progress::new();
        let imported = read::import_feed(ledger, &files, &options, &mut |done| progress.update_rows(done.bytes, done.of, done.rows));
        progress.end();
        imported
    })?;
    feed_rows::report_invalid(session, &imported.read, &options);
    print_lines(&feed_summary(&imported), dry_run)
}

/// The summary of a feed import: the totals, then the numbers of rows that were skipped or invalid, by reason.
fn feed_summary(imported: &FeedImported) -> String {
    let count = |n: u64, unit| quantity(i64::try_from(n).ok(), unit);
    let candidates = match imported.candidates {
        1 => "1 more candidate".to_owned(),
        n @ 0.. => format!("{n} more candidates"),
        -1 => "1 fewer candidate".to_owned(),
        n => format!("{} fewer candidates", -n),
    };
    let present = if imported.present > 0 { format!("; {} already in the ledger", imported.present) } else { String::new() };
    format!(
        "{} read: {} added{present}; {candidates} (repeats within {} count as one){}",
        count(imported.read.rows, "rows"),
        count(imported.added, "reports"),
        quantity(Some(imported.window), "days"),
        feed_rows::totals(&imported.read),
    )
}

/// The summary of an import.
fn summary(imported: &Loaded) -> String {
    let count = |n: u64, unit| quantity(i64::try_from(n).ok(), unit);
    let mut text = format!("{} and {} added", count(imported.added, "actions"), count(imported.links, "links"));
    if imported.catalogue > 0 {
        text.push_str(&format!(", {} added or changed", count(imported.catalogue, "catalogue rows")));
    }
    if imported.updated > 0 {
        text.push_str(&format!("; {} corrected", imported.updated));
    }
    if imported.present > 0 {
        text.push_str(&format!("; {} already in the ledger", imported.present));
    }
    text
}
