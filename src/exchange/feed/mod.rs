//! Feeds of machine-coded events, in: who did what to whom, as GDELT, ICEWS and POLECAT publish it.
//!
//! What is taken are events between two different parties whose code is of a kind. They go into the ledger as reports,
//! which fold into candidates; nobody has confirmed them. Every other row is counted by its reason, and a bad one told.

mod codes;
mod day;
mod desk;
mod gdelt;
mod icews;
mod lines;
mod parties;
mod polecat;
mod reader;
mod row;
mod tally;
mod unpack;

use std::path::PathBuf;

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::error::{Error, Result, RowError};
use crate::ledger::Ledger;
use crate::ledger::intake::{Intake, Names, Taken};
use crate::model::Feed;

use codes::Codes;
use desk::{Desk, Texts};
use parties::Parties;
use reader::Reader;
use tally::Tally;
use unpack::Packed;

pub use reader::FeedProgress;
pub use tally::Reason;

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
    let desk = Desk { parties: Parties::new(conn, options.feed)?, codes };
    let mut intake = Intake::new(conn, options.feed, options.window)?;
    let texts = Texts::new(encoding(options)?);
    let tally = Tally::new(options.rejects.as_deref(), options.strict)?;
    let mut reader = Reader::new(options.feed, packed, desk, texts, tally, progress);
    if options.strict || ledger.rehearses() {
        ledger.change(|conn, _| {
            while let Some(batch) = reader.batch()? {
                intake.put(conn, names(&reader.desk), batch)?;
            }
            Ok(())
        })?;
    } else {
        let mut change = None;
        while let Some(batch) = reader.batch()? {
            ledger.go_on(&mut change, |conn| intake.put(conn, names(&reader.desk), batch))?;
        }
    }
    reader.tally.end()?;
    let Taken { added, present, candidates } = intake.taken;
    let (rows, present, totals) = (reader.rows, present + reader.repeated, reader.tally.totals());
    Ok(FeedImported { rows, added, present, candidates, window: intake.window(), totals, bad: reader.tally.told })
}

fn names(desk: &Desk) -> Names<'_> {
    Names { parties: &desk.parties.codes, kinds: &desk.codes.kinds }
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
