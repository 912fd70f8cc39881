//! Reading the files of a feed, a batch of reports at a time.

use std::cell::Cell;
use std::collections::HashSet;
use std::collections::vec_deque::VecDeque;
use std::rc::Rc;

use crate::error::Result;
use crate::ledger::feed_intake::FeedReport;
use crate::model::{Feed, quantity};

use super::layout::{fit, header, is_header, layouts};
use super::lines::Line;
use super::lookups::{Desk, Texts};
use super::reason::{Flaw, Reason};
use super::row::{Cells, Fields, Layout};
use super::stream::Stream;
use super::tally::Tally;
use super::unpack::{Packed, Part};
use super::{gdelt, icews, polecat};

/// How many reports make a batch.
const BATCH: usize = 100_000;
/// Rows between two tellings of progress.
const TELL: u64 = 16_384;

/// What has been read so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedProgress {
    /// Bytes of the files, as they lie on disk.
    pub bytes: u64,
    /// Of how many; `None`: nobody knows.
    pub of: Option<u64>,
    /// Rows.
    pub rows: u64,
}

/// Reads reports from the files of a feed.
pub(super) struct Reader {
    feed: Feed,
    files: VecDeque<Packed>,
    /// Kept until its parts are read: a copy of standard input goes with it.
    packed: Option<Packed>,
    parts: VecDeque<Result<Part, String>>,
    current: Option<Stream>,
    pub desk: Desk,
    texts: Texts,
    pub tally: Tally,
    bytes: Rc<Cell<u64>>,
    of: Option<u64>,
    pub rows: u64,
    /// Reports that came twice in a batch.
    pub repeated: u64,
    /// Rows that gave a report for each pair of several parties, and those reports.
    pub several: (u64, u64),
}

impl Reader {
    pub fn new(feed: Feed, files: Vec<Packed>, desk: Desk, texts: Texts, tally: Tally) -> Reader {
        let of = files.iter().map(Packed::size).sum();
        Reader {
            feed,
            files: files.into(),
            packed: None,
            parts: VecDeque::new(),
            current: None,
            desk,
            texts,
            tally,
            bytes: Rc::default(),
            of,
            rows: 0,
            repeated: 0,
            several: (0, 0),
        }
    }

    /// The next reports; `None`: that was all.
    pub fn batch(&mut self, tell: &mut dyn FnMut(FeedProgress)) -> Result<Option<Vec<FeedReport>>> {
        let mut batch = Vec::new();
        let mut seen = HashSet::new();
        while batch.len() < BATCH {
            let Some(mut current) = self.current()? else { break };
            let ended = self.read(&mut current, &mut batch, &mut seen, tell)?;
            if !ended {
                self.current = Some(current);
            }
        }
        tell(self.done());
        Ok((!batch.is_empty()).then_some(batch))
    }

    fn done(&self) -> FeedProgress {
        FeedProgress { bytes: self.bytes.get(), of: self.of, rows: self.rows }
    }

    /// The stream to read from: the one begun, or the next.
    fn current(&mut self) -> Result<Option<Stream>> {
        loop {
            if self.current.is_some() {
                return Ok(self.current.take());
            }
            match self.parts.pop_front() {
                Some(Ok(part)) => {
                    let name = part.name.clone();
                    self.current = Some(Stream::new(name, part.open()?, layouts(self.feed)));
                }
                Some(Err(why)) => {
                    let name = self.packed.as_ref().map_or_else(String::new, |p| p.name.clone());
                    self.tally.note(&name, 0, &Flaw::new(Reason::File, why))?;
                }
                None => match self.files.pop_front() {
                    None => return Ok(None),
                    Some(mut packed) => {
                        self.parts = packed.open(&self.bytes)?.into();
                        self.packed = Some(packed);
                    }
                },
            }
        }
    }

    /// Reads until the batch is full; true where the stream has ended.
    fn read(
        &mut self,
        current: &mut Stream,
        batch: &mut Vec<FeedReport>,
        seen: &mut HashSet<String>,
        tell: &mut dyn FnMut(FeedProgress),
    ) -> Result<bool> {
        if let Some(why) = current.begin() {
            return self.tally.note(&current.name, 0, &Flaw::new(Reason::File, why)).map(|()| true);
        }
        let Stream { name, lines, layouts, headed, commas, .. } = current;
        let mut ends = Vec::with_capacity(64);
        let mut last = 0;
        while batch.len() < BATCH {
            let (line, bytes) = match lines.next() {
                Err(e) => return self.tally.note(name, last + 1, &Flaw::new(Reason::File, e.to_string())).map(|()| true),
                Ok(None) => return Ok(true),
                Ok(Some((line, Line::TooLong))) => {
                    self.rows += 1;
                    self.tally.note(name, line, &Reason::TooLong.into())?;
                    continue;
                }
                Ok(Some((line, Line::Bytes(bytes)))) => (line, bytes),
            };
            last = line;
            if bytes.is_empty() {
                continue;
            }
            let fields = if *commas { Fields::cut_quoted(bytes, b',') } else { Fields::cut(bytes, std::mem::take(&mut ends)) };
            if is_header(&fields, line == 1) {
                match header(self.feed, &fields) {
                    Ok(said) => (*layouts, *headed) = (said, true),
                    Err(lacks) => {
                        let why = format!("its header has no column '{lacks}', which files of {} have", self.feed);
                        return self.tally.note(name, line, &Flaw::new(Reason::File, why)).map(|()| true);
                    }
                }
                ends = fields.into_ends();
                continue;
            }
            self.rows += 1;
            if self.rows.is_multiple_of(TELL) {
                tell(self.done());
            }
            let read = row(self.feed, bytes, &fields, layouts, *headed, &mut self.desk, &mut self.texts)?;
            match read {
                Ok(reports) => self.take(reports, batch, seen),
                Err(flaw) => self.tally.note(name, line, &flaw)?,
            }
            if let Some(text) = self.texts.broken.take() {
                self.tally.note(name, line, &Flaw::new(Reason::BrokenBytes, text))?;
            }
            ends = fields.into_ends();
        }
        Ok(false)
    }

    /// Takes what a row reports.
    fn take(&mut self, reports: Vec<FeedReport>, batch: &mut Vec<FeedReport>, seen: &mut HashSet<String>) {
        if reports.len() > 1 {
            self.several = (self.several.0 + 1, self.several.1 + reports.len() as u64);
        }
        for report in reports {
            if seen.insert(report.event.clone()) { batch.push(report) } else { self.repeated += 1 }
        }
    }
}

/// What a row reports, if it is one that is taken.
fn row(
    feed: Feed,
    bytes: &[u8],
    fields: &Fields<'_>,
    layouts: &[Layout],
    headed: bool,
    desk: &mut Desk,
    texts: &mut Texts,
) -> Result<Result<Vec<FeedReport>, Flaw>> {
    let quoted;
    let (fields, (layout, shift)) = match fit(feed, fields, layouts, headed) {
        Some(fitted) => (fields, fitted),
        None => {
            // No feed quotes; where another program did, a tab may stand within quotes.
            quoted = Fields::cut_quoted(bytes, b'\t');
            match fit(feed, &quoted, layouts, headed).filter(|_| memchr::memchr(b'"', bytes).is_some()) {
                Some(fitted) => (&quoted, fitted),
                None => return Ok(Err(Flaw::new(Reason::Columns, quantity(i64::try_from(fields.len()).ok(), "fields")))),
            }
        }
    };
    if memchr::memchr(0, bytes).is_some() {
        return Ok(Err(Reason::Nul.into()));
    }
    let cells = Cells::new(fields, &layout.places, shift);
    match feed {
        Feed::Gdelt => Ok(gdelt::read(&cells, desk, texts)?.map(|report| vec![report])),
        Feed::Icews => icews::read(&cells, desk, texts),
        Feed::Polecat => polecat::read(&cells, desk, texts),
    }
}
