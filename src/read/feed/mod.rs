//! Imports feeds of machine-coded events: who did what to whom, as GDELT, ICEWS and POLECAT publish it.
//!
//! Events between two different parties whose code maps to a kind are added to the ledger as reports, which fold into unconfirmed
//! candidates. Every other row is counted by its reason, and invalid rows are reported.

mod codes;
mod day;
mod gdelt;
mod icews;
mod layout;
mod lines;
mod lookups;
mod named;
mod parties;
mod polecat;
mod reader;
mod reason;
mod row;
mod stream;
mod tally;
mod unpack;

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use encoding_rs::{Encoding, WINDOWS_1252};
use rusqlite::Connection;

use crate::error::{Error, Result, RowError};
use crate::ledger::Ledger;
use crate::ledger::feed_intake::{FeedReport, Intake, Names, OtherEvent, Taken};
#[cfg(feature = "parquet")]
use crate::model::Stage;
use crate::model::{Actors, Feed, Sign};

use super::decode::of_label;
use codes::Codes;
use day::EventDays;
use lookups::{Lookups, Texts};
use parties::Parties;
use reader::Reader;
use reason::Flaw;
use tally::Tally;
use unpack::Packed;

pub(super) use layout::of_row;
pub use reader::FeedProgress;
pub use reason::Reason;

/// How to read a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedOptions {
    /// Which feed it is.
    pub feed: Feed,
    /// Maximum number of days between the first report of an event and a repeat. `None`: the value of the last import.
    pub window: Option<i64>,
    /// A CSV file of code, kind, stage, guessed, swapped that amends the mapping of codes to kinds.
    pub map: Option<PathBuf>,
    /// A CSV file to which every invalid row is written.
    pub rejects: Option<PathBuf>,
    /// True if an invalid row is an error, so nothing is changed.
    pub strict: bool,
    /// Which actors count as parties.
    pub actors: Actors,
    /// The encoding of texts that are not UTF-8. `None`: windows-1252 for POLECAT; for other feeds their invalid bytes are replaced.
    pub encoding: Option<String>,
}

/// What reading the files of a feed gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRead {
    /// Number of rows read.
    pub rows: u64,
    /// Number of reports that occur twice.
    pub(crate) repeated: u64,
    /// Number of rows with several parties on a side, and of the reports made from them, one for each pair.
    pub several: (u64, u64),
    /// Number of rows that were left out or invalid, by reason.
    pub totals: Vec<(Reason, u64)>,
    /// The first invalid rows.
    pub bad: Vec<RowError>,
}

/// What the import of a feed did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedImported {
    /// What was read.
    pub read: FeedRead,
    /// Number of reports added.
    pub added: u64,
    /// Number of reports that were in the ledger already.
    pub present: u64,
    /// Number of reports that repeat others of the files.
    pub repeated: u64,
    /// Number of those in the ledger already that have another kind there than the map gives them, and the changes that imported them.
    pub of_other_kind: (u64, Vec<i64>),
    /// By how much the number of candidates grew.
    pub candidates: i64,
    /// Maximum number of days between the first report of an event and a repeat.
    pub window: i64,
}

/// Imports the files of a feed. `-` is standard input. Each batch of reports is committed in its own transaction: after an interruption the
/// same command continues, because reports already in the ledger are skipped. A strict import is one transaction.
///
/// # Errors
/// A file cannot be opened, the map is invalid, or with `strict` a row is invalid.
pub fn import_feed(
    ledger: &mut Ledger,
    files: &[PathBuf],
    options: &FeedOptions,
    progress: &mut dyn FnMut(FeedProgress),
) -> Result<FeedImported> {
    let feed = FeedFiles::open(ledger, files, options)?;
    let conn = ledger.connection();
    let mut intake = Intake::new(conn, options.feed, options.window)?;
    let before = raise_limits(conn)?;
    let read = feed.read(progress, |batches| write_all(ledger, options.strict, &mut intake, batches));
    restore_limits(ledger.connection(), &before)?;
    let read = read?;
    let window = intake.window();
    let Taken { added, present, repeated, of_other_kind, candidates } = intake.taken;
    let of_other_kind = (of_other_kind, intake.changes_of_other_kind.into_iter().collect());
    Ok(FeedImported { added, present, repeated: repeated + read.repeated, of_other_kind, candidates, window, read })
}

/// The files of a feed, before they are read.
pub(crate) struct FeedFiles {
    feed: Feed,
    files: Vec<Packed>,
    lookups: Lookups,
    texts: Texts,
    tally: Tally,
}

impl FeedFiles {
    /// Finds the files, and loads what their names and codes mean in a ledger.
    ///
    /// # Errors
    /// A file cannot be opened, or the map is invalid.
    pub fn open(ledger: &Ledger, files: &[PathBuf], options: &FeedOptions) -> Result<FeedFiles> {
        let conn = ledger.connection();
        let files = files.iter().map(|f| Packed::new(f)).collect::<Result<Vec<_>>>()?;
        let codes = Codes::new(conn, options.feed, options.map.as_deref())?;
        let encoding = encoding(options)?;
        let days = EventDays::new(options.feed, ledger.clock().today());
        let lookups = Lookups { parties: Parties::new(conn, options.feed, encoding)?, codes, actors: options.actors, days };
        let tally = Tally::new(options.feed, options.rejects.as_deref(), options.strict)?;
        Ok(FeedFiles { feed: options.feed, files, lookups, texts: Texts::new(encoding), tally })
    }

    /// Reads the files on a thread of its own, while `write` takes the batches: each takes about the same time.
    ///
    /// # Errors
    /// A file cannot be read, none of its rows is one of this feed, a row is invalid and the reading is strict, or `write` fails.
    pub fn read(self, progress: &mut dyn FnMut(FeedProgress), write: impl FnOnce(&mut Batches<'_>) -> Result<()>) -> Result<FeedRead> {
        let FeedFiles { feed, files, lookups, texts, tally } = self;
        let kinds = lookups.codes.kinds.clone();
        let (send, receive) = sync_channel(1);
        let mut batches = Batches { receive, progress, kinds, parties: Vec::new(), reports: 0, tally: tally.clone() };
        let noted = tally.clone();
        let (counted, reports) = std::thread::scope(|scope| {
            let reading = scope.spawn(move || read_all(Reader::new(feed, files, lookups, texts, tally), &send));
            let written = write(&mut batches);
            // The other thread stops when nobody receives any more.
            let reports = batches.reports;
            drop(batches);
            let read = reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            // An error in a file takes precedence over the write error that it caused.
            read.and_then(|read| written.map(|()| (read, reports)))
        })?;
        noted.end()?;
        let RowsRead { rows, repeated, several } = counted;
        let read = FeedRead { rows, repeated, several, totals: noted.totals(), bad: noted.listed() };
        // Rows that are left out are valid, but with them alone a damaged column would pass unseen.
        match read.bad.first().filter(|_| reports == 0) {
            Some(first) => Err(none_usable(feed, &read, first)),
            None => Ok(read),
        }
    }
}

/// The reports of a feed that is being read.
pub(crate) struct Batches<'p> {
    receive: Receiver<Message>,
    progress: &'p mut dyn FnMut(FeedProgress),
    kinds: Vec<(String, Sign)>,
    parties: Vec<String>,
    /// Number of reports received.
    reports: u64,
    tally: Tally,
}

impl Batches<'_> {
    /// Notes reports of a batch that were not added, because their identifiers stand for other acts.
    ///
    /// # Errors
    /// The reading is strict, or the file of invalid rows cannot be written.
    pub fn note(&self, others: &[OtherEvent]) -> Result<()> {
        others.iter().try_for_each(|other| {
            let (file, line) = other.place_in_files.as_ref().map_or(("", 0), |(file, line)| (file, *line));
            self.tally.note(file, line, &Flaw::new(Reason::OtherEvent, other.why.as_str()))
        })
    }

    /// The next reports, and the parties and kinds that they name; `None` at the end.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn next(&mut self) -> Result<Option<(Vec<FeedReport>, Names<'_>)>> {
        loop {
            match self.receive.recv() {
                Ok(Message::Progress(done)) => (self.progress)(done),
                Ok(Message::Batch(batch, parties)) => {
                    self.reports += batch.len() as u64;
                    self.parties = parties;
                    return Ok(Some((batch, Names { parties: &self.parties, kinds: &self.kinds })));
                }
                Ok(Message::Failed) => return Err(Error::refused("read the feed", "a file is invalid", "see the error about that file")),
                Err(_) => return Ok(None),
            }
        }
    }
}

/// A code of a feed that maps to a kind of act.
#[cfg(feature = "parquet")]
#[derive(Debug, Clone)]
pub(crate) struct FeedCode {
    pub code: String,
    pub kind: String,
    pub stage: Stage,
    /// True if the code covers more than this kind.
    pub guessed: bool,
    /// True if actor and target must be exchanged.
    pub swapped: bool,
    /// True if both sides do the act together.
    pub mutual: bool,
}

/// A name or a code by which a feed means a party.
#[cfg(feature = "parquet")]
#[derive(Debug, Clone)]
pub(crate) struct FeedName {
    pub name: String,
    /// The code of the party; `None`: a region or a group, which is not a party.
    pub party: Option<String>,
    /// True if an actor code of the feed can begin with it.
    pub is_code: bool,
}

/// The codes of a feed that map to a kind of the ledger, in order.
///
/// # Errors
/// The ledger cannot be read.
#[cfg(feature = "parquet")]
pub(crate) fn code_book(conn: &Connection, feed: Feed) -> Result<Vec<FeedCode>> {
    let codes = Codes::new(conn, feed, None)?;
    let mapped = codes.mapped_codes().into_iter().map(|(code, coded)| FeedCode {
        code,
        kind: codes.kinds[usize::from(coded.kind)].0.clone(),
        stage: coded.stage,
        guessed: coded.guessed,
        swapped: coded.swapped,
        mutual: coded.mutual,
    });
    Ok(mapped.collect())
}

/// The names and codes by which a feed means parties of the ledger or regions, in order.
///
/// # Errors
/// The ledger cannot be read.
#[cfg(feature = "parquet")]
pub(crate) fn party_names(conn: &Connection, feed: Feed) -> Result<Vec<FeedName>> {
    let names = Parties::new(conn, feed, None)?.names(feed);
    Ok(names.into_iter().map(|(name, party, is_code)| FeedName { name, party, is_code }).collect())
}

/// The error for files in which no row could be read, or in which every row that could be used is invalid.
fn none_usable(feed: Feed, read: &FeedRead, first: &RowError) -> Error {
    let is_other_file = read.totals.iter().all(|(reason, _)| reason.is_of_the_file());
    let what = if is_other_file { format!("no row could be read as {feed}") } else { "every row that could be used is invalid".to_owned() };
    let default = "give the files of the feed as they were downloaded, and name their feed with --feed";
    let (why, way_out) = first.message.split_once("; help: ").unwrap_or((&first.message, default));
    Error::File {
        file: if first.line == 0 { first.file.clone() } else { format!("{}:{}", first.file, first.line) },
        why: format!("{what}: {why}"),
        way_out: way_out.to_owned(),
    }
}

/// Enlarges the page cache and the checkpoint interval, because a batch touches all parts of the indexes of a large ledger. Returns the
/// previous settings.
fn raise_limits(conn: &Connection) -> Result<[(&'static str, i64); 2]> {
    let before = [("cache_size", -131_072), ("wal_autocheckpoint", 16_384)].map(|(pragma, value)| {
        let was = conn.pragma_query_value(None, pragma, |r| r.get::<_, i64>(0));
        // SQLite returns a row for the second setting but not for the first; neither is an error.
        was.and_then(|was| conn.pragma_update_and_check(None, pragma, value, |_| Ok(())).or_else(allow_no_row).map(|()| (pragma, was)))
    });
    let [cache, checkpoint] = before;
    Ok([cache?, checkpoint?])
}

/// Restores the settings that [`raise_limits`] returned.
fn restore_limits(conn: &Connection, before: &[(&'static str, i64)]) -> Result<()> {
    for (pragma, was) in before {
        conn.pragma_update_and_check(None, pragma, was, |_| Ok(())).or_else(allow_no_row)?;
    }
    Ok(())
}

fn allow_no_row(e: rusqlite::Error) -> rusqlite::Result<()> {
    if e == rusqlite::Error::QueryReturnedNoRows { Ok(()) } else { Err(e) }
}

/// A message from the reading thread.
enum Message {
    Progress(FeedProgress),
    /// Reports, and the codes of the parties that they refer to by index.
    Batch(Vec<FeedReport>, Vec<String>),
    /// A file cannot be read; no more messages follow.
    Failed,
}

/// How much the reading thread has read.
struct RowsRead {
    rows: u64,
    /// Number of reports that occur twice in a batch.
    repeated: u64,
    several: (u64, u64),
}

fn read_all(mut reader: Reader, send: &SyncSender<Message>) -> Result<RowsRead> {
    loop {
        // While the other thread writes a batch, progress messages are dropped, so that reading does not wait.
        let batch = reader.batch(&mut |progress| drop(send.try_send(Message::Progress(progress))));
        let sent = match batch {
            Err(e) => {
                let _ = send.send(Message::Failed);
                return Err(e);
            }
            Ok(None) => break,
            Ok(Some(batch)) => send.send(Message::Batch(batch, reader.lookups.parties.codes.clone())),
        };
        // The receiver is gone because writing failed; that error is reported.
        if sent.is_err() {
            break;
        }
    }
    Ok(RowsRead { rows: reader.rows, repeated: reader.repeated, several: reader.several })
}

fn write_all(ledger: &mut Ledger, strict: bool, intake: &mut Intake, batches: &mut Batches<'_>) -> Result<()> {
    if strict || ledger.is_dry_run() {
        return ledger.change(|conn, _| {
            while let Some((batch, names)) = batches.next()? {
                let others = intake.put(conn, names, &batch)?;
                batches.note(&others)?;
            }
            Ok(())
        });
    }
    let mut change = None;
    while let Some((batch, names)) = batches.next()? {
        let others = ledger.continue_change(&mut change, |conn| intake.put(conn, names, &batch))?;
        batches.note(&others)?;
    }
    Ok(())
}

fn encoding(options: &FeedOptions) -> Result<Option<&'static Encoding>> {
    match &options.encoding {
        None => Ok((options.feed == Feed::Polecat).then_some(WINDOWS_1252)),
        Some(label) => of_label(label).map(Some),
    }
}
