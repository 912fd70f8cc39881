//! The bytes of a file as text: decoded, checked, and never more of it in memory than a piece.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use encoding_rs::{Decoder, Encoding, UTF_8};

use crate::error::{Error, Result};

/// The longest record of a file.
const MOST: usize = 8 << 20;
const PIECE: usize = 256 << 10;

/// What a reader of records and the text below it tell each other.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// Bytes of the file read so far.
    pub read: Cell<u64>,
    /// Text handed out since the last record ended; whoever reads records sets it back.
    pub unread: Cell<usize>,
}

/// What makes a file unreadable as text.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub(super) struct NoText {
    line: Option<u64>,
    why: String,
    way_out: String,
}

impl NoText {
    fn at(line: Option<u64>, why: impl Into<String>, way_out: &str) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, NoText { line, why: why.into(), way_out: way_out.to_owned() })
    }

    /// What an error of reading says of `file`; `line` is where the record began.
    pub fn explain(e: io::Error, file: &str, line: u64) -> Error {
        match e.downcast::<NoText>() {
            Ok(no) => Error::File { file: format!("{file}:{}", no.line.unwrap_or(line)), why: no.why, way_out: no.way_out },
            Err(source) => Error::Io { doing: "read", path: file.into(), source },
        }
    }
}

/// Reads a file as UTF-8, whatever its encoding. At its end it adds a line with a NUL in it: a record that swallows
/// that began with a quote that nobody closed.
pub(super) struct Text {
    input: Box<dyn Read>,
    decoder: Option<Decoder>,
    /// Read and not yet decoded: the first bytes of a character.
    raw: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    line: u64,
    begun: bool,
    ended: bool,
    crlf: bool,
    end_mark: bool,
    meter: Rc<Meter>,
}

impl Text {
    /// Takes `input` in the encoding with this label; without one in UTF-8, or as its byte order mark says.
    pub fn new(input: Box<dyn Read>, encoding: Option<&str>, end_mark: bool) -> Result<Text> {
        let decoder = match encoding {
            None => None,
            Some(label) => match Encoding::for_label(label.as_bytes()) {
                Some(encoding) => Some(encoding.new_decoder_with_bom_removal()),
                None => {
                    let way_out = "name one like utf-8, windows-1252, iso-8859-2, windows-1251, utf-16le";
                    return Err(Error::invalid("encoding", label, "it is not known", way_out));
                }
            },
        };
        let (raw, text, meter) = (Vec::new(), Vec::new(), Rc::default());
        Ok(Text { input, decoder, raw, text, given: 0, line: 1, begun: false, ended: false, crlf: false, end_mark, meter })
    }

    /// What it tells whoever reads records from it.
    pub fn meter(&self) -> Rc<Meter> {
        Rc::clone(&self.meter)
    }

    /// True where lines end in CR LF.
    pub fn is_crlf(&self) -> bool {
        self.crlf
    }

    /// The first piece of the text, which stays to be read.
    pub fn peek(&mut self) -> io::Result<&[u8]> {
        while self.given == self.text.len() && !self.ended {
            self.fill()?;
        }
        Ok(&self.text[self.given..])
    }

    fn fill(&mut self) -> io::Result<()> {
        self.line += newlines(&self.text);
        self.text.clear();
        self.given = 0;
        let kept = self.raw.len();
        self.raw.resize(kept + PIECE, 0);
        let n = loop {
            match self.input.read(&mut self.raw[kept..]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => (),
                other => break other?,
            }
        };
        self.raw.truncate(kept + n);
        self.meter.read.set(self.meter.read.get() + n as u64);
        self.begin();
        self.decode(n == 0)?;
        if let Some(at) = self.text.iter().position(|b| *b == 0) {
            let line = self.line + newlines(&self.text[..at]);
            return Err(NoText::at(Some(line), "this is not text: there is a NUL in it", "give a CSV or JSON Lines file, as text"));
        }
        if n == 0 {
            self.ended = true;
            if self.end_mark {
                self.text.extend_from_slice(if self.crlf { b"\r\n\0\r\n" } else { b"\n\0\n" });
            }
        }
        Ok(())
    }

    /// Looks at the first bytes: a byte order mark, the sort of line ends.
    fn begin(&mut self) {
        if self.begun || self.raw.is_empty() {
            return;
        }
        self.begun = true;
        match Encoding::for_bom(&self.raw) {
            Some((encoding, mark)) if self.decoder.is_none() => {
                self.raw.drain(..mark);
                self.decoder = (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling());
            }
            _ => (),
        }
        let end = self.raw.iter().position(|b| *b == b'\n');
        self.crlf = end.is_some_and(|at| self.raw[..at].ends_with(b"\r") || self.raw[..at].ends_with(b"\r\0"));
    }

    fn decode(&mut self, last: bool) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else { return self.check(last) };
        let room = decoder.max_utf8_buffer_length(self.raw.len()).unwrap_or(4 * self.raw.len() + 16);
        self.text.resize(room, 0);
        let (_, read, written, bad) = decoder.decode_to_utf8(&self.raw, &mut self.text, last);
        self.text.truncate(written);
        self.raw.drain(..read);
        if bad {
            let lost = self.text.windows(3).position(|w| w == "\u{fffd}".as_bytes()).unwrap_or(0);
            let line = self.line + newlines(&self.text[..lost]);
            let why = format!("there is a byte that {} does not have", decoder.encoding().name());
            return Err(NoText::at(Some(line), why, "name the encoding that the file has: --encoding windows-1252, utf-8, ..."));
        }
        Ok(())
    }

    fn check(&mut self, last: bool) -> io::Result<()> {
        let good = match std::str::from_utf8(&self.raw) {
            Ok(_) => self.raw.len(),
            Err(e) if e.error_len().is_none() && !last => e.valid_up_to(),
            Err(e) => {
                let (at, byte) = (e.valid_up_to(), self.raw.get(e.valid_up_to()).copied().unwrap_or_default());
                let line = self.line + newlines(&self.raw[..at]);
                let why = format!("this is not UTF-8: there is a byte {byte:#04x} where a character should begin");
                let way_out = "a file from a spreadsheet may need --encoding windows-1252";
                return Err(NoText::at(Some(line), why, way_out));
            }
        };
        self.text.extend_from_slice(&self.raw[..good]);
        self.raw.drain(..good);
        Ok(())
    }
}

impl Read for Text {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.peek()?;
        let n = buf.len().min(self.text.len() - self.given);
        buf[..n].copy_from_slice(&self.text[self.given..self.given + n]);
        self.given += n;
        let unread = self.meter.unread.get() + n;
        self.meter.unread.set(unread);
        if unread > MOST {
            let why = format!("what begins here is longer than {} MiB", MOST >> 20);
            return Err(NoText::at(None, why, "look for a quote that is not closed; a cell holds at most 1 MiB"));
        }
        Ok(n)
    }
}

/// How many line ends there are.
pub(super) fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}
