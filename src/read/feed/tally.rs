//! What became of the rows of a feed: counted by reason, and where they are bad, told by line.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result, RowError};
use crate::model::Feed;

use super::reason::{EXCERPT, Flaw, Reason, said};

/// How many bad rows are kept to be told one by one; a file of rejects has all of them.
const TOLD: usize = 10;

/// The totals by reason, and the bad rows.
pub(super) struct Tally {
    counts: [u64; Reason::ALL.len()],
    /// The first bad rows.
    pub told: Vec<RowError>,
    rejects: Option<(PathBuf, csv::Writer<BufWriter<File>>)>,
    strict: bool,
    feed: Feed,
}

impl Tally {
    /// Bad rows go to `rejects`, if there is such a file; with `strict` the first is an error.
    pub fn new(feed: Feed, rejects: Option<&Path>, strict: bool) -> Result<Tally> {
        let rejects = match rejects {
            None => None,
            Some(path) => {
                let file = File::create(path).map_err(Error::io("write", path))?;
                let mut writer = csv::Writer::from_writer(BufWriter::new(file));
                writer.write_record(["file", "line", "reason", "value"]).map_err(|e| written(path, e))?;
                Some((path.to_owned(), writer))
            }
        };
        Ok(Tally { counts: [0; Reason::ALL.len()], told: Vec::new(), rejects, strict, feed })
    }

    /// Notes what became of a row.
    pub fn note(&mut self, file: &str, line: u64, flaw: &Flaw) -> Result<()> {
        self.counts[flaw.reason as usize] += 1;
        if flaw.reason.is_left_out() {
            return Ok(());
        }
        let value: String = flaw.value.chars().take(EXCERPT).collect();
        if let Some((path, writer)) = &mut self.rejects {
            // A spreadsheet would run what begins so.
            let value = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{value}") } else { value.clone() };
            writer.write_record([file, &line.to_string(), flaw.reason.as_str(), &value]).map_err(|e| written(path, e))?;
        }
        let row = || RowError { file: file.to_owned(), line, column: None, message: said(self.feed, flaw.reason, &value) };
        if self.strict && flaw.reason != Reason::BrokenBytes {
            return Err(Error::Rows { file: file.to_owned(), bad: vec![row()], more: 0 });
        }
        if self.told.len() < TOLD {
            self.told.push(row());
        }
        Ok(())
    }

    /// How many rows there were for each reason that there were any for.
    pub fn totals(&self) -> Vec<(Reason, u64)> {
        Reason::ALL.into_iter().zip(self.counts).filter(|(_, n)| *n > 0).collect()
    }

    /// Finishes the file of rejects.
    pub fn end(&mut self) -> Result<()> {
        match &mut self.rejects {
            Some((path, writer)) => writer.flush().map_err(Error::io("write", path)),
            None => Ok(()),
        }
    }
}

fn written(path: &Path, e: csv::Error) -> Error {
    let why = e.to_string();
    match e.into_kind() {
        csv::ErrorKind::Io(source) => Error::io("write", path)(source),
        _ => Error::io("write", path)(std::io::Error::other(why)),
    }
}
