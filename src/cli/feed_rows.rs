//! What is said about the rows of a feed: which were invalid, and how many were left out and why.

use std::path::PathBuf;

use recip::model::counted;
use recip::read::{FeedOptions, FeedRead, Reason};
use recip::{Error, Result};

use super::output::refuse_ledger;
use super::session::{Session, message};

/// Refuses to write the invalid rows over the ledger or over a file that is read.
pub(crate) fn check_rejects(session: &Session, files: &[PathBuf], options: &FeedOptions) -> Result<()> {
    let Some(path) = &options.rejects else { return Ok(()) };
    refuse_ledger(session, path)?;
    let same = |file: &PathBuf| matches!((file.canonicalize(), path.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if files.iter().chain(&options.map).any(same) {
        return Err(Error::refused(
            format!("cannot write to {}", path.display()),
            "this import reads that file",
            "name another file with --rejects",
        ));
    }
    Ok(())
}

/// Names the first invalid rows, and says where the others are.
pub(crate) fn report_invalid(session: &Session, read: &FeedRead, options: &FeedOptions) {
    for row in &read.bad {
        message(&match row.line {
            0 => format!("{}: {}", row.file, row.message),
            line => format!("{}:{line}: {}", row.file, row.message),
        });
    }
    let bad: u64 = read.totals.iter().filter(|(reason, _)| !reason.is_left_out()).map(|(_, n)| n).sum();
    match &options.rejects {
        Some(path) if bad > 0 => message(&format!("all invalid rows are in {}", path.display())),
        None if bad > read.bad.len() as u64 => {
            message(&format!("... and {} more; --rejects FILE writes all of them to a file", bad - read.bad.len() as u64))
        }
        _ => (),
    }
    if read.totals.iter().any(|(reason, _)| *reason == Reason::File) {
        session.note_findings();
    }
}

/// The numbers of rows with several parties, and of rows that were left out or invalid, by reason: a line each, after a line break.
pub(crate) fn totals(read: &FeedRead) -> String {
    let mut text = String::new();
    if let (rows @ 1.., reports) = read.several {
        let reports = counted(reports, "reports");
        text.push_str(&format!("\nadded:    {rows:>9}  with several parties on a side: {reports}, one for each pair"));
    }
    for (heading, left_out) in [("left out", true), ("invalid", false)] {
        let totals = read.totals.iter().filter(|(reason, _)| reason.is_left_out() == left_out && *reason != Reason::File);
        for (n, (reason, rows)) in totals.enumerate() {
            let heading = if n == 0 { format!("{heading}:") } else { String::new() };
            text.push_str(&format!("\n{heading:<10}{rows:>9}  {}", reason.meaning()));
        }
    }
    text
}
