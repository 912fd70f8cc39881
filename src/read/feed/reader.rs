//! Reads the files of a feed, one batch of reports at a time.

use std::cell::Cell;
use std::collections::hash_map::{Entry, HashMap};
use std::collections::vec_deque::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use crate::error::Result;
use crate::ledger::feed_intake::FeedReport;
use crate::model::{Feed, counted};

use super::layout::{fit, header, is_header, layouts, looks_like, of_other_feed};
use super::lines::Line;
use super::lookups::{Lookups, Texts};
use super::reason::{Flaw, Reason};
use super::row::{Cells, Fields, Layout};
use super::stream::Stream;
use super::tally::Tally;
use super::unpack::{Packed, Part};
use super::{gdelt, icews, polecat};

/// Number of reports in a batch.
const BATCH: usize = 100_000;
/// Number of rows between two progress reports.
const PROGRESS_ROWS: u64 = 16_384;

/// How much of a feed has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedProgress {
    /// Bytes read of the files, compressed if the files are.
    pub bytes: u64,
    /// Bytes of all files, if known.
    pub of: Option<u64>,
    /// Rows read.
    pub rows: u64,
}

/// Reads reports from the files of a feed.
pub(super) struct Reader {
    feed: Feed,
    files: VecDeque<Packed>,
    /// The file whose parts are being read. Dropping it deletes a temporary copy of standard input.
    packed: Option<Packed>,
    parts: VecDeque<Result<Part, String>>,
    current: Option<Stream>,
    pub lookups: Lookups,
    texts: Texts,
    pub tally: Tally,
    bytes: Rc<Cell<u64>>,
    of: Option<u64>,
    pub rows: u64,
    /// Number of reports that occur twice in a batch.
    pub repeated: u64,
    /// Number of rows with several parties on a side, and of the reports made from them, one for each pair.
    pub several: (u64, u64),
}

impl Reader {
    pub fn new(feed: Feed, files: Vec<Packed>, lookups: Lookups, texts: Texts, tally: Tally) -> Reader {
        let of = files.iter().map(Packed::size).sum();
        Reader {
            feed,
            files: files.into(),
            packed: None,
            parts: VecDeque::new(),
            current: None,
            lookups,
            texts,
            tally,
            bytes: Rc::default(),
            of,
            rows: 0,
            repeated: 0,
            several: (0, 0),
        }
    }

    /// Reads the next batch of reports; `None` at the end.
    pub fn batch(&mut self, report_progress: &mut dyn FnMut(FeedProgress)) -> Result<Option<Vec<FeedReport>>> {
        let mut batch = Vec::new();
        let mut seen = HashMap::new();
        while batch.len() < BATCH {
            let Some(mut current) = self.current()? else { break };
            let ended = self.read(&mut current, &mut batch, &mut seen, report_progress)?;
            if !ended {
                self.current = Some(current);
            }
        }
        report_progress(self.progress());
        Ok((!batch.is_empty()).then_some(batch))
    }

    fn progress(&self) -> FeedProgress {
        FeedProgress { bytes: self.bytes.get(), of: self.of, rows: self.rows }
    }

    /// The stream to read from: the current one or the next.
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
                    Some(packed) => {
                        self.parts = packed.open(&self.bytes)?.into();
                        self.packed = Some(packed);
                    }
                },
            }
        }
    }

    /// Reads rows until the batch is full or the stream has ended. Returns true if it has ended.
    fn read(
        &mut self,
        current: &mut Stream,
        batch: &mut Vec<FeedReport>,
        seen: &mut HashMap<String, usize>,
        report_progress: &mut dyn FnMut(FeedProgress),
    ) -> Result<bool> {
        if let Some(why) = current.begin() {
            return self.tally.note(&current.name, 0, &Flaw::new(Reason::File, why)).map(|()| true);
        }
        let Stream { name, lines, layouts, headed, delimiters, has_rows, bad_header, .. } = current;
        let mut ends = Vec::with_capacity(64);
        let mut last = 0;
        while batch.len() < BATCH {
            let (line, bytes) = match lines.next() {
                Err(e) => {
                    return self
                        .tally
                        .note(name, last + 1, &Flaw::new(Reason::File, format!("the file cannot be read to its end: {e}")))
                        .map(|()| true);
                }
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
            let fields = match if line == 1 { delimiters.0 } else { delimiters.1 } {
                b'\t' => Fields::cut(bytes, std::mem::take(&mut ends)),
                delimiter => Fields::cut_quoted(bytes, delimiter),
            };
            if is_header(&fields, line == 1) {
                match header(self.feed, &fields) {
                    Ok(from_header) => (*layouts, *headed, *bad_header) = (from_header, true, None),
                    Err(missing) => {
                        let other = of_other_feed(self.feed, &fields);
                        let of =
                            other.map_or_else(String::new, |feed| format!("; it is the header of {feed}: give --feed {}", feed.as_str()));
                        let why = |whose| format!("{whose} header has no column '{missing}', which every file of {} has{of}", self.feed);
                        if !*has_rows {
                            return self.tally.note(name, line, &Flaw::new(Reason::File, why("its"))).map(|()| true);
                        }
                        // The rows that follow a header of another feed have the columns of those before it, or too many or too few.
                        let why = match other {
                            Some(feed) => format!("this is a header of {feed} among the rows of {}", self.feed),
                            None => bad_header.insert(why("this")).clone(),
                        };
                        self.rows += 1;
                        self.tally.note(name, line, &Flaw::new(Reason::Header, why))?;
                    }
                }
                ends = fields.into_ends();
                continue;
            }
            self.rows += 1;
            *has_rows = true;
            if let Some(why) = &*bad_header {
                self.tally.note(name, line, &Flaw::new(Reason::Header, format!("the row is under a header that cannot be used: {why}")))?;
                ends = fields.into_ends();
                continue;
            }
            if self.rows.is_multiple_of(PROGRESS_ROWS) {
                report_progress(self.progress());
            }
            let read = row(self.feed, bytes, &fields, layouts, *headed, &mut self.lookups, &mut self.texts)?;
            match read {
                Ok(reports) => self.take(reports, (&*name, line), batch, seen)?,
                Err(flaw) => self.tally.note(name, line, &flaw)?,
            }
            if let Some(text) = self.texts.broken.take() {
                self.tally.note(name, line, &Flaw::new(Reason::BrokenBytes, text))?;
            }
            ends = fields.into_ends();
        }
        Ok(false)
    }

    /// Adds the reports of a row to the batch, without duplicates.
    fn take(
        &mut self,
        reports: Vec<FeedReport>,
        (name, line): (&Arc<str>, u64),
        batch: &mut Vec<FeedReport>,
        seen: &mut HashMap<String, usize>,
    ) -> Result<()> {
        if reports.len() > 1 {
            self.several = (self.several.0 + 1, self.several.1 + reports.len() as u64);
        }
        for report in reports {
            match seen.entry(report.event.clone()) {
                Entry::Vacant(place) => {
                    place.insert(batch.len());
                    batch.push(FeedReport { place_in_files: Some((name.clone(), line)), ..report });
                }
                Entry::Occupied(place) => {
                    let codes = &self.lookups.parties.codes;
                    let [first, again] = [&batch[*place.get()], &report].map(|report| report.act(codes));
                    if first == again {
                        self.repeated += 1;
                    } else {
                        self.tally.note(name, line, &Flaw::new(Reason::OtherEvent, again.instead_of(&first, &report.event)))?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Reads the reports in a row. The inner error says why the row is left out or invalid.
fn row(
    feed: Feed,
    bytes: &[u8],
    fields: &Fields<'_>,
    layouts: &[Layout],
    headed: bool,
    lookups: &mut Lookups,
    texts: &mut Texts,
) -> Result<Result<Vec<FeedReport>, Flaw>> {
    let quoted;
    let (fields, (layout, shift)) = match fit(feed, fields, layouts, headed) {
        Some(fitted) => (fields, fitted),
        None => {
            // Feeds do not quote fields, but other programs do, and quotes may contain a tab.
            quoted = Fields::cut_quoted(bytes, b'\t');
            match fit(feed, &quoted, layouts, headed).filter(|_| memchr::memchr(b'"', bytes).is_some()) {
                Some(fitted) => (&quoted, fitted),
                None => {
                    let width = counted(fields.len(), "fields");
                    let like = looks_like(feed, fields).map_or(String::new(), |table| format!(", as {table} has"));
                    return Ok(Err(Flaw::new(Reason::Columns, width + &like)));
                }
            }
        }
    };
    if memchr::memchr(0, bytes).is_some() {
        return Ok(Err(Reason::Nul.into()));
    }
    let cells = Cells::new(fields, &layout.places, shift);
    match feed {
        Feed::Gdelt => Ok(gdelt::read(&cells, lookups, texts)?.map(|report| vec![report])),
        Feed::Icews => icews::read(&cells, lookups, texts),
        Feed::Polecat => polecat::read(&cells, lookups, texts),
    }
}
