//! Feeds of machine-coded events, in: who did what to whom, as GDELT, ICEWS and POLECAT publish it.
//!
//! What is taken are events between two different parties whose code is of a kind. They go into the ledger as reports,
//! which fold into candidates; nobody has confirmed them. Every other row is counted by its reason, and a bad one told.

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
use crate::ledger::feed_intake::{FeedReport, Intake, Names, Taken};
use crate::model::{Feed, Sign};

use codes::Codes;
use lookups::{Desk, Texts};
use parties::Parties;
use reader::Reader;
use tally::Tally;
use unpack::Packed;

pub use reader::FeedProgress;
pub use reason::Reason;

/// How a feed is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedOptions {
    /// Which feed it is.
    pub feed: Feed,
    /// Repeats of an event are looked for up to so many days after its first report; `None`: as in the last import.
    pub window: Option<i64>,
    /// A CSV of code, kind, stage, guessed, swapped that amends which code is of which kind.
    pub map: Option<PathBuf>,
    /// Where every bad row is written to, as CSV.
    pub rejects: Option<PathBuf>,
    /// A bad row is an error, and nothing is changed.
    pub strict: bool,
    /// The encoding of what is not UTF-8; `None`: of POLECAT windows-1252, else it is broken.
    pub encoding: Option<String>,
}

/// What the import of a feed did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedImported {
    /// Rows that were read.
    pub rows: u64,
    /// Reports that were added.
    pub added: u64,
    /// Reports that were there already, or came twice.
    pub present: u64,
    /// Rows with several parties on a side, and how many reports they are, one for each pair.
    pub several: (u64, u64),
    /// How many candidates there are more.
    pub candidates: i64,
    /// The days that repeats of an event may be apart.
    pub window: i64,
    /// How many rows were left out or were bad, by reason.
    pub totals: Vec<(Reason, u64)>,
    /// The first bad rows.
    pub bad: Vec<RowError>,
}

/// Takes in the files of a feed. `-` is standard input. Each batch of reports stays, whatever becomes of the next: after a
/// break the same command goes on, as what is there already is passed over. A strict import is whole or not at all.
///
/// # Errors
/// A file cannot be opened, the map is wrong, or with `strict` a row is bad.
pub fn import_feed(
    ledger: &mut Ledger,
    files: &[PathBuf],
    options: &FeedOptions,
    progress: &mut dyn FnMut(FeedProgress),
) -> Result<FeedImported> {
    let packed = files.iter().map(|f| Packed::new(f)).collect::<Result<Vec<_>>>()?;
    let conn = ledger.connection();
    let codes = Codes::new(conn, options.feed, options.map.as_deref())?;
    let kinds = codes.kinds.clone();
    let encoding = encoding(options)?;
    let desk = Desk { parties: Parties::new(conn, options.feed, encoding)?, codes };
    let mut intake = Intake::new(conn, options.feed, options.window)?;
    let texts = Texts::new(encoding);
    let tally = Tally::new(options.feed, options.rejects.as_deref(), options.strict)?;
    let feed = options.feed;
    // One thread reads and cuts, the other writes: each takes about as long.
    let (send, receive) = sync_channel(1);
    let before = widen(conn)?;
    let read = std::thread::scope(|scope| {
        let reading = scope.spawn(move || read_all(Reader::new(feed, packed, desk, texts, tally), &send));
        let written = write_all(ledger, options.strict, &mut intake, &kinds, receive, progress);
        let read = reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        // What is wrong with a file comes before what that did to the writing.
        read.and_then(|read| written.map(|()| read))
    });
    narrow(ledger.connection(), &before)?;
    let read = read?;
    let Taken { added, present, candidates } = intake.taken;
    let present = present + read.repeated;
    let Read { rows, several, totals, bad, .. } = read;
    Ok(FeedImported { rows, added, present, several, candidates, window: intake.window(), totals, bad })
}

/// Room for the indexes of a large ledger, which a batch reaches into everywhere; and what there was.
fn widen(conn: &Connection) -> Result<[(&'static str, i64); 2]> {
    let before = [("cache_size", -131_072), ("wal_autocheckpoint", 16_384)].map(|(pragma, value)| {
        let was = conn.pragma_query_value(None, pragma, |r| r.get::<_, i64>(0));
        // That the second answers with what it was set to is no error.
        was.and_then(|was| conn.pragma_update_and_check(None, pragma, value, |_| Ok(())).or_else(none_returned).map(|()| (pragma, was)))
    });
    let [cache, checkpoint] = before;
    Ok([cache?, checkpoint?])
}

fn narrow(conn: &Connection, before: &[(&'static str, i64)]) -> Result<()> {
    for (pragma, was) in before {
        conn.pragma_update_and_check(None, pragma, was, |_| Ok(())).or_else(none_returned)?;
    }
    Ok(())
}

fn none_returned(e: rusqlite::Error) -> rusqlite::Result<()> {
    if e == rusqlite::Error::QueryReturnedNoRows { Ok(()) } else { Err(e) }
}

/// What the reading thread sends.
enum Told {
    Progress(FeedProgress),
    /// Reports, and the parties they number.
    Batch(Vec<FeedReport>, Vec<String>),
    /// A file is wrong: nothing more comes.
    Failed,
}

/// What is known when all is read.
struct Read {
    rows: u64,
    repeated: u64,
    several: (u64, u64),
    totals: Vec<(Reason, u64)>,
    bad: Vec<RowError>,
}

fn read_all(mut reader: Reader, send: &SyncSender<Told>) -> Result<Read> {
    loop {
        // While a batch is written nobody listens, and reading does not wait to be heard.
        let batch = reader.batch(&mut |progress| drop(send.try_send(Told::Progress(progress))));
        let sent = match batch {
            Err(e) => {
                let _ = send.send(Told::Failed);
                return Err(e);
            }
            Ok(None) => break,
            Ok(Some(batch)) => send.send(Told::Batch(batch, reader.desk.parties.codes.clone())),
        };
        // Nobody listens any more: the writing failed, and that is told.
        if sent.is_err() {
            break;
        }
    }
    reader.tally.end()?;
    let (rows, repeated, several) = (reader.rows, reader.repeated, reader.several);
    Ok(Read { rows, repeated, several, totals: reader.tally.totals(), bad: reader.tally.told })
}

fn write_all(
    ledger: &mut Ledger,
    strict: bool,
    intake: &mut Intake,
    kinds: &[(String, Sign)],
    receive: Receiver<Told>,
    progress: &mut dyn FnMut(FeedProgress),
) -> Result<()> {
    let mut next = || loop {
        match receive.recv() {
            Ok(Told::Progress(done)) => progress(done),
            Ok(Told::Batch(batch, parties)) => return Ok(Some((batch, parties))),
            Ok(Told::Failed) => return Err(Error::refused("read the feed", "a file is wrong", "see what is said of it")),
            Err(_) => return Ok(None),
        }
    };
    if strict || ledger.rehearses() {
        return ledger.change(|conn, _| {
            while let Some((batch, parties)) = next()? {
                intake.put(conn, Names { parties: &parties, kinds }, &batch)?;
            }
            Ok(())
        });
    }
    let mut change = None;
    while let Some((batch, parties)) = next()? {
        ledger.go_on(&mut change, |conn| intake.put(conn, Names { parties: &parties, kinds }, &batch))?;
    }
    Ok(())
}

fn encoding(options: &FeedOptions) -> Result<Option<&'static Encoding>> {
    match &options.encoding {
        None => Ok((options.feed == Feed::Polecat).then_some(WINDOWS_1252)),
        Some(label) => match Encoding::for_label(label.as_bytes()) {
            Some(encoding) => Ok(Some(encoding)),
            None => Err(Error::invalid("encoding", label, "it is not known", "name one like windows-1252 or iso-8859-1")),
        },
    }
}
