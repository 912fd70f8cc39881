//! `recip import`.

use std::path::PathBuf;

use recip::ledger::Loaded;
use recip::model::{Feed, quantity};
use recip::read::{self, FeedImported, FeedOptions, ReadOptions, Reason};
use recip::{Error, Result};

use super::output::{refuse_ledger, say};
use super::progress::Progress;
use super::session::{Session, tell};

/// How many of the disputes that an import made are named.
const DISPUTES_TOLD: usize = 10;

/// Take in files that recip exported, CSV files written by hand or by a spreadsheet, or feeds of machine-coded events
///
/// All the files are one change: if a row cannot be taken, every bad row is told and nothing is. The same file a
/// second time adds nothing.
///
/// With --feed the files are a feed's own, plain, gzip or zip; '-' is standard input. Their events between two different
/// parties become candidates, which no report counts until they are confirmed ('recip candidates'). Rows that are left out are
/// counted, bad ones told, and the rest is taken. What is taken stays when the import breaks off: the same command goes on.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  recip import examples/us-russia-2016-2017.csv
  recip import --feed gdelt 20170701.export.CSV.zip --rejects bad.csv")]
pub(crate) struct Args {
    /// CSV or JSON Lines files, or folders that are packages; with --feed the files of the feed
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The encoding of what is not UTF-8, such as windows-1252
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// The files are a feed of machine-coded events: gdelt, icews or polecat
    #[arg(long, value_name = "FEED", help_heading = "Feeds")]
    feed: Option<Feed>,
    /// Fold repeats of an event up to so many days after its first report [default: as last time; first 3]
    #[arg(long, value_name = "DAYS", requires = "feed", value_parser = clap::value_parser!(i64).range(0..=3660), help_heading = "Feeds")]
    window: Option<i64>,
    /// A CSV of code,kind,stage,guessed,swapped that amends which code is of which kind
    #[arg(long, value_name = "FILE", requires = "feed", help_heading = "Feeds")]
    map: Option<PathBuf>,
    /// Write every bad row to this CSV file: file, line, reason, value
    #[arg(long, value_name = "FILE", requires = "feed", help_heading = "Feeds")]
    rejects: Option<PathBuf>,
    /// Stop at the first bad row, and change nothing
    #[arg(long, requires = "feed", help_heading = "Feeds")]
    strict: bool,
    /// Read and check everything, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    if let Some(feed) = args.feed {
        return run_feed(session, args, feed);
    }
    let options = ReadOptions { encoding: args.encoding, ..ReadOptions::default() };
    let imported = session.write_or_create(args.dry_run, |ledger| {
        let mut progress = Progress::new();
        let imported = read::import(ledger, &args.files, &options, &mut |done, of| progress.tell(done, of));
        progress.end();
        imported
    });
    let imported = imported?;
    if !imported.disputes_made.is_empty() {
        let (told, more) = imported.disputes_made.split_at(imported.disputes_made.len().min(DISPUTES_TOLD));
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        tell(&format!("made disputes: {}{more}", told.join(", ")));
    }
    say(&told(&imported), args.dry_run)
}

fn run_feed(session: &Session, args: Args, feed: Feed) -> Result<()> {
    if let Some(path) = &args.rejects {
        refuse_ledger(session, path)?;
        let same = |file: &PathBuf| matches!((file.canonicalize(), path.canonicalize()), (Ok(a), Ok(b)) if a == b);
        if args.files.iter().chain(&args.map).any(same) {
            return Err(Error::refused(
                format!("write to {}", path.display()),
                "it is read by this import",
                "name another file after --rejects",
            ));
        }
    }
    let Args { files, encoding, window, map, rejects, strict, dry_run, .. } = args;
    let options = FeedOptions { feed, window, map, rejects, strict, encoding };
    let imported = session.write_or_create(dry_run, |ledger| {
        let mut progress = Progress::new();
        let imported = read::import_feed(ledger, &files, &options, &mut |done| progress.tell_rows(done.bytes, done.of, done.rows));
        progress.end();
        imported
    })?;
    for row in &imported.bad {
        tell(&match row.line {
            0 => format!("{}: {}", row.file, row.message),
            line => format!("{}:{line}: {}", row.file, row.message),
        });
    }
    let bad: u64 = imported.totals.iter().filter(|(reason, _)| !reason.is_left_out()).map(|(_, n)| n).sum();
    match &options.rejects {
        Some(path) if bad > 0 => tell(&format!("every bad row is in {}", path.display())),
        None if bad > imported.bad.len() as u64 => {
            tell(&format!("... and {} more; --rejects FILE has them all", bad - imported.bad.len() as u64))
        }
        _ => (),
    }
    if imported.totals.iter().any(|(reason, _)| *reason == Reason::File) {
        session.note_findings();
    }
    say(&told_of_feed(&imported), dry_run)
}

fn told_of_feed(imported: &FeedImported) -> String {
    let count = |n: u64, unit| quantity(i64::try_from(n).ok(), unit);
    let candidates = match imported.candidates {
        1 => "1 candidate more".to_owned(),
        n @ 0.. => format!("{n} candidates more"),
        n => format!("{} candidates fewer", -n),
    };
    let present = if imported.present > 0 { format!("; {} there already", imported.present) } else { String::new() };
    let mut text = format!(
        "{} read: {} added{present}; {candidates} (repeats within {} are one)",
        count(imported.rows, "rows"),
        count(imported.added, "reports"),
        quantity(Some(imported.window), "days"),
    );
    if let (rows @ 1.., reports) = imported.several {
        text.push_str(&format!("\ntaken:    {rows:>9}  name several parties on a side: {}, one for each pair", count(reports, "reports")));
    }
    for (heading, left_out) in [("left out", true), ("bad", false)] {
        let totals = imported.totals.iter().filter(|(reason, _)| reason.is_left_out() == left_out && *reason != Reason::File);
        for (n, (reason, rows)) in totals.enumerate() {
            let heading = if n == 0 { format!("{heading}:") } else { String::new() };
            text.push_str(&format!("\n{heading:<10}{rows:>9}  {}", reason.meaning()));
        }
    }
    text
}

fn told(imported: &Loaded) -> String {
    let count = |n: u64, unit| quantity(i64::try_from(n).ok(), unit);
    let mut text = format!("{} and {} added", count(imported.added, "actions"), count(imported.links, "links"));
    if imported.catalogue > 0 {
        text.push_str(&format!(", {} of the catalogue changed", count(imported.catalogue, "rows")));
    }
    if imported.present > 0 {
        text.push_str(&format!("; {} there already", imported.present));
    }
    text
}
