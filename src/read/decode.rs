//! Decodes the bytes of a file to UTF-8 text and checks them, one block at a time.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};

use crate::error::{Error, Result};

/// Maximum length of a record, in bytes.
const MAX_RECORD: usize = 8 << 20;
/// Size of the blocks in which a file is read, in bytes.
const BLOCK: usize = 256 << 10;

/// Counters shared by a text and the reader of its records.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// Bytes of the file read so far.
    pub read: Cell<u64>,
    /// Bytes of text passed on since the last record ended. The reader of records resets it.
    pub unread: Cell<usize>,
}

/// Why a file cannot be read as text.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub(super) struct TextError {
    line: Option<u64>,
    why: String,
    way_out: String,
}

impl TextError {
    fn at(line: Option<u64>, why: impl Into<String>, way_out: &str) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, TextError { line, why: why.into(), way_out: way_out.to_owned() })
    }

    /// Turns a read error into one about `file`. `line` is where the record began, for errors that have no line of their own.
    pub fn explain(e: io::Error, file: &str, line: u64) -> Error {
        match e.downcast::<TextError>() {
            Ok(e) => Error::File { file: format!("{file}:{}", e.line.unwrap_or(line)), why: e.why, way_out: e.way_out },
            Err(source) => Error::Io { doing: "read", path: file.into(), source },
        }
    }
}

/// Reads a file of any encoding as UTF-8. The byte order mark decides, or else the bytes: UTF-16 has a NUL in every ASCII character, and
/// text that is valid UTF-8 is UTF-8. Other text is read in the requested encoding. If `end_mark` is set, a line with a NUL byte
/// follows the text: a record that contains that line has a quote that is not closed.
pub(super) struct Text {
    input: Box<dyn Read>,
    /// The encoding that was requested, until the file turns out to be UTF-8.
    requested: Option<&'static Encoding>,
    decoder: Option<Decoder>,
    /// Bytes read but not decoded yet: the start of a character whose other bytes follow.
    raw: Vec<u8>,
    text: Vec<u8>,
    /// Number of bytes of `text` already consumed.
    consumed: usize,
    line: u64,
    begun: bool,
    ended: bool,
    crlf: bool,
    end_mark: bool,
    meter: Rc<Meter>,
}

impl Text {
    /// Reads `input`. If it is neither UTF-8 nor UTF-16, it has the encoding with this label.
    pub fn new(input: Box<dyn Read>, encoding: Option<&str>, end_mark: bool) -> Result<Text> {
        Ok(Text {
            input,
            requested: encoding.map(of_label).transpose()?,
            decoder: None,
            raw: Vec::new(),
            text: Vec::new(),
            consumed: 0,
            line: 1,
            begun: false,
            ended: false,
            crlf: false,
            end_mark,
            meter: Rc::default(),
        })
    }

    /// The counters that this text shares with the reader of its records.
    pub fn meter(&self) -> Rc<Meter> {
        Rc::clone(&self.meter)
    }

    /// True if lines end in CR LF.
    pub fn is_crlf(&self) -> bool {
        self.crlf
    }

    /// The next block of the text, without consuming it.
    pub fn peek(&mut self) -> io::Result<&[u8]> {
        while self.consumed == self.text.len() && !self.ended {
            self.fill()?;
        }
        Ok(&self.text[self.consumed..])
    }

    fn fill(&mut self) -> io::Result<()> {
        self.line += newlines(&self.text);
        self.text.clear();
        self.consumed = 0;
        let kept = self.raw.len();
        self.raw.resize(kept + BLOCK, 0);
        let n = loop {
            match self.input.read(&mut self.raw[kept..]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => (),
                other => break other?,
            }
        };
        self.raw.truncate(kept + n);
        self.meter.read.set(self.meter.read.get() + n as u64);
        self.begin()?;
        self.decode(n == 0)?;
        if let Some(at) = self.text.iter().position(|b| *b == 0) {
            let line = self.line + newlines(&self.text[..at]);
            return Err(TextError::at(Some(line), "this is not text: it contains a NUL byte", "give a CSV or JSON Lines file"));
        }
        if n == 0 {
            self.ended = true;
            if self.end_mark {
                self.text.extend_from_slice(if self.crlf { b"\r\n\0\r\n" } else { b"\n\0\n" });
            }
        }
        Ok(())
    }

    /// Detects the encoding and the line ends from the first bytes.
    fn begin(&mut self) -> io::Result<()> {
        if self.begun || self.raw.is_empty() {
            return Ok(());
        }
        self.begun = true;
        if let Some((what, way_out)) = foreign(&self.raw) {
            return Err(TextError::at(Some(1), what, way_out));
        }
        let encoding = match Encoding::for_bom(&self.raw) {
            Some((encoding, mark)) => {
                self.raw.drain(..mark);
                encoding
            }
            None => without_mark(&self.raw).or(self.requested.filter(|e| !e.is_ascii_compatible())).unwrap_or(UTF_8),
        };
        self.decoder = (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling());
        let end = self.raw.iter().position(|b| *b == b'\n');
        self.crlf = end.is_some_and(|at| self.raw[..at].ends_with(b"\r") || self.raw[..at].ends_with(b"\r\0"));
        Ok(())
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
            let why = format!("a byte is not valid in {}", decoder.encoding().name());
            return Err(TextError::at(
                Some(line),
                why,
                "give the encoding of the file, such as --encoding utf-8 or --encoding windows-1252",
            ));
        }
        Ok(())
    }

    fn check(&mut self, last: bool) -> io::Result<()> {
        let good = match std::str::from_utf8(&self.raw) {
            Ok(_) => self.raw.len(),
            Err(e) if e.error_len().is_none() && !last => e.valid_up_to(),
            Err(_) if self.requested.is_some_and(|encoding| encoding != UTF_8) => {
                self.decoder = self.requested.map(Encoding::new_decoder_without_bom_handling);
                return self.decode(last);
            }
            Err(e) => {
                let (at, byte) = (e.valid_up_to(), self.raw.get(e.valid_up_to()).copied().unwrap_or_default());
                let line = self.line + newlines(&self.raw[..at]);
                let why = format!("this is not UTF-8: the byte {byte:#04x} is not valid here; the text reads {}", readings(&self.raw, at));
                let way_out = "give the encoding in which it is right, such as --encoding windows-1252";
                return Err(TextError::at(Some(line), why, way_out));
            }
        };
        if !self.raw[..good].is_ascii() {
            self.requested = None;
        }
        self.text.extend_from_slice(&self.raw[..good]);
        self.raw.drain(..good);
        Ok(())
    }
}

impl Read for Text {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.peek()?;
        let n = buf.len().min(self.text.len() - self.consumed);
        buf[..n].copy_from_slice(&self.text[self.consumed..self.consumed + n]);
        self.consumed += n;
        let unread = self.meter.unread.get() + n;
        self.meter.unread.set(unread);
        if unread > MAX_RECORD {
            let why = format!("the record that begins here is longer than {} MiB", MAX_RECORD >> 20);
            return Err(TextError::at(None, why, "check for a quote that is not closed; the maximum length of a cell is 1 MiB"));
        }
        Ok(n)
    }
}

/// The encoding with this label.
pub(super) fn of_label(label: &str) -> Result<&'static Encoding> {
    let plain = label.trim().to_ascii_lowercase().replace('_', "-").replace("latin-", "latin");
    let is_of_dos = ["cp", "ibm", "dos"].iter().any(|begin| plain.starts_with(begin));
    let way_out = if is_of_dos {
        "convert the file first, for example with 'iconv -f CP850 -t UTF-8 FILE > NEW_FILE'"
    } else {
        "give the label of an encoding, such as utf-8, windows-1252, iso-8859-2, windows-1251 or utf-16le"
    };
    Encoding::for_label(plain.as_bytes()).ok_or_else(|| Error::invalid("encoding", label, "unknown encoding", way_out))
}

/// How the word around a byte reads in the encodings that spreadsheet programs use in Europe.
fn readings(bytes: &[u8], at: usize) -> String {
    const MOST: usize = 24;
    let is_end = |byte: &u8| byte.is_ascii_control() || b" ,;|\"".contains(byte);
    let start = bytes[..at].iter().rposition(is_end).map_or(0, |end| end + 1).max(at.saturating_sub(MOST));
    let end = bytes[at..].iter().position(is_end).map_or(bytes.len(), |end| at + end).min(at + MOST);
    let mut texts: Vec<String> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    for encoding in [WINDOWS_1252, WINDOWS_1251, WINDOWS_1250] {
        let text = encoding.decode_without_bom_handling(&bytes[start..end]).0.into_owned();
        if !texts.contains(&text) {
            words.push(format!("'{text}' in {}", encoding.name()));
            texts.push(text);
        }
    }
    words.join(", ")
}

/// The encoding of a text that begins with these bytes, without a mark, if it is UTF-16: most of its characters are in ASCII.
pub(super) fn without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(512)];
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1)) {
        (0, odd) if 4 * odd > head.len() => Some(UTF_16LE),
        (even, 0) if 4 * even > head.len() => Some(UTF_16BE),
        _ => None,
    }
}

/// What a file is that is not text, and the way out, as far as its first bytes tell.
pub(super) fn foreign(head: &[u8]) -> Option<(&'static str, &'static str)> {
    const SAVE: &str = "open it in a spreadsheet program and save the sheet as CSV";
    let contains = |what: &[u8]| head.windows(what.len()).any(|window| window == what);
    let begins = |what: &str| head.trim_ascii_start().get(..what.len()).is_some_and(|start| start.eq_ignore_ascii_case(what.as_bytes()));
    Some(match head {
        [b'P', b'K', 3, 4, ..] if contains(b"application/vnd.oasis.opendocument") => ("this is an OpenDocument spreadsheet", SAVE),
        [b'P', b'K', 3, 4, ..] if contains(b"docProps/") || contains(b"xl/") || contains(b"[Content_Types].xml") => {
            ("this is an Excel workbook", SAVE)
        }
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] | [(1..), 0, 0, 0, (1..), 0, 0, 0, ..] | [0, 0, 0, (1..), 0, 0, 0, (1..), ..] => {
            ("this is text in UTF-32", "save it as UTF-8")
        }
        [b'P', b'K', 3 | 5, 4 | 6, ..] => ("this is a zip archive", "unpack it, and import the files in it"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => ("this is an Excel workbook of an old format", SAVE),
        [0x1f, 0x8b, ..] => ("this is packed with gzip", "unpack it with gunzip, and import what comes out"),
        [b'B', b'Z', b'h', ..] | [0xfd, b'7', b'z', b'X', ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] | [b'7', b'z', 0xbc, 0xaf, ..] => {
            ("this is packed with bzip2, xz, zstd or 7z", "unpack it, and import what comes out")
        }
        _ if head.starts_with(b"SQLite format 3\0") => ("this is an SQLite file", "name a ledger with -f FILE; it is not imported"),
        _ if head.starts_with(b"%PDF") => ("this is a PDF", "give a CSV or JSON Lines file"),
        _ if begins("<?xml") && contains(b"urn:schemas-microsoft-com:office:spreadsheet") => ("this is an Excel workbook as XML", SAVE),
        _ if contains(b"<table") || contains(b"<TABLE") => ("this is a table of a web page", SAVE),
        _ if begins("<!doctype") || begins("<html") || begins("<?xml") => {
            ("this is a web page, which a server may send in place of a missing file", "download the file again")
        }
        _ => return None,
    })
}

/// The number of line feeds.
pub(super) fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}
