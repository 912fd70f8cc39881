//! `recip import`.

use std::path::PathBuf;

use recip::Result;
use recip::exchange::{self, Imported, ReadOptions};
use recip::model::quantity;

use super::output::say;
use super::progress::Progress;
use super::session::{Session, tell};

/// How many of the disputes that an import made are named.
const DISPUTES_TOLD: usize = 10;

/// Take in files that recip exported, or CSV files written by hand or by a spreadsheet
///
/// All the files are one change: if a row cannot be taken, every bad row is told and nothing is. The same file a
/// second time adds nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip import examples/us-russia-2016-2017.csv")]
pub(crate) struct Args {
    /// CSV or JSON Lines files, or folders that are packages
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The encoding of CSV files that are not UTF-8, such as windows-1252
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Read and check everything, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let options = ReadOptions { encoding: args.encoding, ..ReadOptions::default() };
    let imported = session.write_or_create(args.dry_run, |ledger| {
        let mut progress = Progress::new();
        let imported = exchange::import(ledger, &args.files, &options, &mut |done, of| progress.tell(done, of));
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

fn told(imported: &Imported) -> String {
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
