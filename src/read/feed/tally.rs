//! Counts the rows of a feed that are left out or invalid, by reason, and lists the invalid ones by line.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Result, RowError};
use crate::model::Feed;

use super::reason::{EXCERPT, Flaw, Reason, message};

/// Maximum number of invalid rows to list. The file of rejects has all of them.
const MAX_LISTED: usize = 10;

/// The totals by reason, and the invalid rows. The thread that reads a feed and the one that writes its reports share it.
#[derive(Clone)]
pub(super) struct Tally(Arc<Mutex<Noted>>);

/// What a tally has noted so far.
struct Noted {
    counts: [u64; Reason::ALL.len()],
    /// The first invalid rows.
    listed: Vec<RowError>,
    rejects: Option<(PathBuf, csv::Writer<BufWriter<File>>)>,
    strict: bool,
    feed: Feed,
}

impl Tally {
    /// A tally that writes invalid rows to the file `rejects`, if given. With `strict` the first invalid row is an error.
    pub fn new(feed: Feed, rejects: Option<&Path>, strict: bool) -> Result<Tally> {
        let rejects = match rejects {
            None => None,
            Some(path) => {
                let file = File::create(path).map_err(Error::io("write", path))?;
                let mut writer = csv::Writer::from_writer(BufWriter::new(file));
                writer.write_record(["file", "line", "reason", "value"]).map_err(|e| write_error(path, e))?;
                Some((path.to_owned(), writer))
            }
        };
        let noted = Noted { counts: [0; Reason::ALL.len()], listed: Vec::new(), rejects, strict, feed };
        Ok(Tally(Arc::new(Mutex::new(noted))))
    }

    /// A thread that panics leaves nothing half noted that would matter: its panic ends the import.
    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a row that is left out or invalid.
    pub fn note(&self, file: &str, line: u64, flaw: &Flaw) -> Result<()> {
        self.noted().note(file, line, flaw)
    }

    /// The number of rows for each reason that occurred.
    pub fn totals(&self) -> Vec<(Reason, u64)> {
        Reason::ALL.into_iter().zip(self.noted().counts).filter(|(_, n)| *n > 0).collect()
    }

    /// The first invalid rows.
    pub fn listed(&self) -> Vec<RowError> {
        self.noted().listed.clone()
    }

    /// Flushes the file of rejects.
    pub fn end(&self) -> Result<()> {
        match &mut self.noted().rejects {
            Some((path, writer)) => writer.flush().map_err(Error::io("write", path)),
            None => Ok(()),
        }
    }
}

impl Noted {
    fn note(&mut self, file: &str, line: u64, flaw: &Flaw) -> Result<()> {
        self.counts[flaw.reason as usize] += 1;
        if flaw.reason.is_left_out() {
            return Ok(());
        }
        let value: String = flaw.value.chars().take(EXCERPT).collect();
        if let Some((path, writer)) = &mut self.rejects {
            // A spreadsheet would run a value that begins like this as a formula.
            let value = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{value}") } else { value.clone() };
            writer.write_record([file, &line.to_string(), flaw.reason.as_str(), &value]).map_err(|e| write_error(path, e))?;
        }
        let row = || RowError { file: file.to_owned(), line, column: None, message: message(self.feed, flaw.reason, &value) };
        if self.strict && flaw.reason != Reason::BrokenBytes {
            return Err(Error::Rows { file: file.to_owned(), bad: vec![row()], more: 0 });
        }
        if self.listed.len() < MAX_LISTED {
            self.listed.push(row());
        }
        Ok(())
    }
}

fn write_error(path: &Path, e: csv::Error) -> Error {
    let why = e.to_string();
    match e.into_kind() {
        csv::ErrorKind::Io(source) => Error::io("write", path)(source),
        _ => Error::io("write", path)(std::io::Error::other(why)),
    }
}
