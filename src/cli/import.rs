//! `recip import`.

use std::path::PathBuf;

use clap::ValueEnum;
use recip::Result;
use recip::engine::Engine;
use recip::ledger::{KeptLink, Loaded, Resembling};
use recip::model::{Actors, CodeBook, Day, Feed, counted, quantity};
use recip::read::{self, DateOrder, FeedImported, FeedOptions, Files, LakeOptions, ReadOptions, ReportsImported};
use recip::report::portable::Dialect;
use recip::report::{Names, Pair, Selection};

use super::echo;
use super::edit;
use super::feed_rows;
use super::interrupt;
use super::output::print_lines;
use super::progress::Progress;
use super::session::{Session, message};
use super::sheets::{RepeatedOptions, Sheets};

/// Maximum number of added disputes that are listed.
const MAX_DISPUTES_LISTED: usize = 10;

/// Import files exported by recip, spreadsheets, or feeds of machine-coded events
///
/// All files are imported in one transaction: if a row is invalid, all invalid rows are reported and nothing is imported. Importing the
/// same file again adds nothing. If a row's ref is already in the ledger, the row corrects that action, and the changes are shown; empty
/// cells change nothing.
/// If a row has no ref but resembles an action in the ledger, the import stops unless you give --update or --add.
///
/// A workbook or CSV file whose columns are not recip's is not imported directly. recip reports how it would read the file and writes a
/// review: a workbook that shows how it understood the rows, the columns and the words. Correct it in a spreadsheet program and pass it
/// to --review. Hidden rows are read like the others and reported, except in .xlsb files, where recip cannot see that they are hidden.
///
/// With --feed the files are in the feed's own format, uncompressed or compressed with gzip or zip; '-' is standard input. Events between
/// two different parties become candidates (see 'recip candidates'). Reports leave candidates out until you confirm them, unless you give
/// --with-candidates. Other rows are skipped; the summary counts them. Invalid rows are reported and skipped. After an interruption, the
/// same command continues the import.
///
/// With --from the actions come from a lake, with their refs, links and sources, and with the parties, names of parties and kinds that the
/// ledger lacks; with --min-mentions the reports of candidates come too. Importing them again updates what changed in the lake and adds no
/// duplicates. This needs a build with the feature 'adbc'; docs/scale.md shows a profile.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recip import examples/us-russia-2016-2017.csv
  recip import book.xlsx --review book.review.xlsx --map ministry
  recip import --codes cow mid.csv
  recip import --feed gdelt 20170701.export.CSV.zip --rejects bad.csv
  recip import --from lake --between USA RUS --since 2016-01-01 --min-mentions 10")]
pub(crate) struct Args {
    /// CSV files, workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods), JSON Lines files or package folders; with --feed, files of the feed
    #[arg(required_unless_present = "lake", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Encoding of files that are not UTF-8, such as windows-1252
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Format of the files [default: from the file names; for standard input, from its first bytes]
    #[arg(long, value_enum, conflicts_with = "feed")]
    format: Option<Format>,
    /// Order of day, month and year in dates such as 04/03/2018: dmy, mdy or ymd; it overrides the order in a saved map
    #[arg(long, value_name = "ORDER", conflicts_with = "feed", help_heading = "Sheets with columns of their own")]
    dates: Option<DateOrder>,
    /// Review to apply (.xlsx or .csv); if the file does not exist, a review is written there
    #[arg(long, value_name = "FILE", conflicts_with = "feed", help_heading = "Sheets with columns of their own")]
    review: Option<PathBuf>,
    /// Code book of the parties in these files: iso2 or iso3 (letters), cow (Correlates of War) or gw (Gleditsch and Ward), both in letters or as
    /// numbers; a cell that is not a code of the book is read as a name
    #[arg(long, value_name = "BOOK", conflicts_with = "feed")]
    codes: Option<CodeBook>,
    /// Feed that the files come from: gdelt, icews or polecat
    #[arg(long, value_name = "FEED", help_heading = "Feeds")]
    feed: Option<Feed>,
    /// Merge repeated reports of an event up to this many days after its first report [default: the value of the last import; 3 on the first import]
    #[arg(long, value_name = "DAYS", requires = "feed", value_parser = clap::value_parser!(i64).range(0..=3660), help_heading = "Feeds")]
    window: Option<i64>,
    /// For sheets: the name under which to save the columns and words of a review and its decisions on single rows, to read similar sheets
    /// later. For feeds: a CSV file that changes which codes map to which kinds: code,kind,stage,guessed,swapped; the code 19* stands for
    /// all codes that begin with 19 and have no kind
    #[arg(long, value_name = "MAP")]
    map: Option<PathBuf>,
    /// Actors to include: 'state' for those that act for a state or an organisation, 'all' for rebels, companies, media and others too
    #[arg(long, value_name = "ACTORS", default_value = "state", requires = "feed", help_heading = "Feeds")]
    actors: Actors,
    /// Write all invalid rows to this CSV file: file, line, reason, value
    #[arg(long, value_name = "FILE", requires = "feed", help_heading = "Feeds")]
    rejects: Option<PathBuf>,
    /// Stop at the first invalid row and change nothing
    #[arg(long, requires = "feed", help_heading = "Feeds")]
    strict: bool,
    #[command(flatten)]
    lake: LakeArgs,
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

/// What to import from a lake.
#[derive(Debug, clap::Args)]
struct LakeArgs {
    /// Import from a lake (tables of 'recip export parquet' read by an engine): an ADBC profile for the engine, by name or by path
    #[arg(id = "lake", long = "from", value_name = "PROFILE", help_heading = "Lakes", conflicts_with_all = [
        "files", "encoding", "format", "dates", "review", "codes", "feed", "window", "map", "rejects", "strict", "update", "add",
    ])]
    from: Option<String>,
    /// Only actions between these two parties
    #[arg(long, num_args = 2, value_names = ["PARTY_A", "PARTY_B"], requires = "lake", conflicts_with = "files", help_heading = "Lakes")]
    between: Vec<String>,
    /// Only actions on or after this day
    #[arg(long, value_name = "DATE", value_parser = super::typed_date::day, requires = "lake", conflicts_with = "files", help_heading = "Lakes")]
    since: Option<Day>,
    /// Only actions on or before this day
    #[arg(long, value_name = "DATE", value_parser = super::typed_date::day, requires = "lake", conflicts_with = "files", help_heading = "Lakes")]
    until: Option<Day>,
    /// Only actions of this kind; may be given several times
    #[arg(long = "kind", value_name = "KIND", requires = "lake", conflicts_with = "files", help_heading = "Lakes")]
    kinds: Vec<String>,
    /// Also import candidates in the same selection with at least this many mentions, with all their reports
    #[arg(long, value_name = "N", requires = "lake", conflicts_with = "files", value_parser = clap::value_parser!(i64).range(0..), help_heading = "Lakes")]
    min_mentions: Option<i64>,
    /// SQL dialect of the engine [default: reported by its driver]
    #[arg(long, value_name = "DIALECT", requires = "lake", conflicts_with = "files", help_heading = "Lakes")]
    dialect: Option<Dialect>,
}

impl LakeArgs {
    fn options(self) -> LakeOptions {
        let mut parties = self.between.into_iter();
        let pair = parties.next().zip(parties.next()).map(|(a, b)| Pair::Both(a, b));
        let selection = Selection { pair, since: self.since, until: self.until, kinds: self.kinds, ..Selection::default() };
        LakeOptions { selection, min_mentions: self.min_mentions }
    }
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
    if let Some(profile) = args.lake.from.clone() {
        return run_lake(session, args.lake, &profile, args.dry_run);
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
    print_loaded(&imported, &names, "", args.dry_run)
}

/// Prints what an import did: the changes, and the summary, which `more` continues.
fn print_loaded(imported: &Loaded, names: &Names, more: &str, dry_run: bool) -> Result<()> {
    imported.notes.iter().for_each(|note| message(note));
    if !imported.disputes_made.is_empty() {
        let (listed, more) = imported.disputes_made.split_at(imported.disputes_made.len().min(MAX_DISPUTES_LISTED));
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        let disputes = counted(imported.disputes_made.len(), "disputes");
        message(&format!("added {disputes}: {}{more}", listed.join(", ")));
    }
    let mut lines: Vec<String> = imported.additions.iter().map(|action| format!("add {}", echo::line(action, names))).collect();
    if let more @ 1.. = imported.added.saturating_sub(imported.additions.len() as u64)
        && dry_run
    {
        lines.push(format!("... and {more} more"));
    }
    lines.extend(imported.updates.iter().flat_map(|update| edit::lines(update, names)));
    if let more @ 1.. = imported.updated.saturating_sub(imported.updates.len() as u64) {
        lines.push(format!("... and {more} more actions corrected"));
    }
    lines.extend(imported.linked.iter().map(|link| format!("#{} {} #{}: added", link.later, link.relation, link.earlier)));
    lines.extend(imported.kept_links.iter().map(|link| {
        let KeptLink { later, relation, earlier } = link;
        format!("#{later} {relation} #{earlier}: kept, as an import removes nothing; 'recip unlink {later} {earlier}' removes it")
    }));
    lines.extend(echo::shifts(&imported.shifts));
    lines.push(format!("{}{more}", summary(imported)));
    print_lines(&lines.join("\n"), dry_run)
}

fn run_lake(session: &Session, args: LakeArgs, profile: &str, dry_run: bool) -> Result<()> {
    let engine = Engine::connect(profile, args.dialect, interrupt::of_ctrl_c()?)?;
    let options = args.options();
    let imported = session.write_or_create(dry_run, |ledger| {
        let mut progress = Progress::new();
        let imported = read::import_lake(ledger, &engine, &options, &mut |rows| progress.update_rows(rows, None, rows));
        progress.end();
        Ok((imported?, Names::read(ledger.connection())?))
    });
    let (imported, names) = imported?;
    if imported.links_left_out > 0 {
        let links = counted(imported.links_left_out, "links");
        message(&format!("left out {links} to actions that are neither selected nor in the ledger"));
    }
    let reports = imported.reports.map(|reports| format!("\n{}", reports_summary(&reports)));
    print_loaded(&imported.loaded, &names, &reports.unwrap_or_default(), dry_run)
}

/// The summary of the reports of feeds that were imported from a lake.
fn reports_summary(imported: &ReportsImported) -> String {
    let reports = counted(imported.added, "reports");
    let ReportsImported { present, other_events, candidates, window, .. } = *imported;
    let others = match other_events {
        0 => String::new(),
        n => format!("; {n} not added, since the ledger has other acts under their identifiers"),
    };
    format!("{reports} added{}{others}; {}", already_present(present), candidates_changed(candidates, window))
}

/// `; 4 already in the ledger`, or nothing.
fn already_present(present: u64) -> String {
    if present > 0 { format!("; {present} already in the ledger") } else { String::new() }
}

/// `; 4 rows repeat others`, or nothing.
fn repeats(rows: u64) -> String {
    match rows {
        0 => String::new(),
        1 => "; 1 row repeats another".to_owned(),
        n => format!("; {n} rows repeat others"),
    }
}

/// `2 more candidates`, and what counts as one.
fn candidates_changed(more: i64, window: i64) -> String {
    let candidates = match more {
        1 => "1 more candidate".to_owned(),
        n @ 0.. => format!("{n} more candidates"),
        -1 => "1 fewer candidate".to_owned(),
        n => format!("{} fewer candidates", -n),
    };
    format!("{candidates} (repeats within {} count as one)", quantity(Some(window), "days"))
}

fn run_feed(session: &Session, args: Args, feed: Feed) -> Result<()> {
    let Args { files, encoding, window, map, actors, rejects, strict, dry_run, .. } = args;
    let options = FeedOptions { feed, window, map, actors, rejects, strict, encoding };
    feed_rows::check_rejects(session, &files, &options)?;
    let imported = session.write_or_create(dry_run, |ledger| {
        let mut progress = Progress::new();
        let imported = read::import_feed(ledger, &files, &options, &mut |done| progress.update_rows(done.bytes, done.of, done.rows));
        progress.end();
        imported
    })?;
    feed_rows::report_invalid(session, &imported.read, &options);
    if let Some(kept) = kinds_kept(&imported) {
        message(&kept);
    }
    print_lines(&feed_summary(&imported), dry_run)
}

/// Says that reports keep the kind that they have in the ledger, although their codes map to another one now, and how they get it.
fn kinds_kept(imported: &FeedImported) -> Option<String> {
    const MAX_CHANGES: usize = 5;
    let (reports @ 1.., changes) = &imported.of_other_kind else { return None };
    let (rows, keep) = (counted(*reports, "reports"), if *reports == 1 { "keeps" } else { "keep" });
    // The latest first: an undo reverts what later changes do not depend on.
    let mut undo: Vec<String> = changes.iter().rev().take(MAX_CHANGES).map(|change| format!("recip undo {change}")).collect();
    if changes.len() > MAX_CHANGES {
        undo.push("the others that 'recip history' shows".to_owned());
    }
    Some(format!(
        "{rows} of the ledger {keep} another kind or stage than the codes map to now; help: to change that, undo the import ({}), and import the \
         files again",
        undo.join(", ")
    ))
}

/// The summary of a feed import: the totals, then the numbers of rows that were skipped or invalid, by reason.
fn feed_summary(imported: &FeedImported) -> String {
    format!(
        "{} read: {} added{}{}; {}{}",
        counted(imported.read.rows, "rows"),
        counted(imported.added, "reports"),
        already_present(imported.present),
        repeats(imported.repeated),
        candidates_changed(imported.candidates, imported.window),
        feed_rows::totals(&imported.read),
    )
}

/// The summary of an import.
fn summary(imported: &Loaded) -> String {
    let mut text = format!("{} and {} added", counted(imported.added, "actions"), counted(imported.links, "links"));
    if imported.catalogue > 0 {
        text.push_str(&format!(", {} added or changed", counted(imported.catalogue, "catalogue rows")));
    }
    if imported.updated > 0 {
        text.push_str(&format!("; {} corrected", imported.updated));
    }
    text.push_str(&already_present(imported.present));
    text.push_str(&repeats(imported.repeated));
    text
}
