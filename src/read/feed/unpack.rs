//! The files of a feed as streams of text: plain, gzip or zip, told by their first bytes.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use flate2::Crc;
use flate2::read::{DeflateDecoder, MultiGzDecoder};

use crate::error::{Error, Result};
use crate::read::input::{counted, spool};

/// What is packed may grow so many times, beyond the first megabytes: a feed grows five to ten times.
const GROWTH: u64 = 200;
const FREE: u64 = 64 << 20;

/// One stream of text: a file, or a file in a zip.
pub(super) struct Part {
    /// How it is named to people: `events.zip(20130401.export.CSV)`.
    pub name: String,
    input: Input,
}

enum Input {
    Whole(Box<dyn Read>),
    /// A file of the zip at this path.
    Zipped {
        path: PathBuf,
        start: u64,
        size: u64,
        crc: u32,
        stored: bool,
        read: Rc<Cell<u64>>,
    },
}

impl Part {
    /// Opens it.
    pub fn open(self) -> Result<Box<dyn Read>> {
        let (path, start, size, crc, stored, read) = match self.input {
            Input::Whole(input) => return Ok(input),
            Input::Zipped { path, start, size, crc, stored, read } => (path, start, size, crc, stored, read),
        };
        let mut file = File::open(&path).map_err(Error::io("read", &path))?;
        file.seek(SeekFrom::Start(start)).map_err(Error::io("read", &path))?;
        let packed = Tally { input: Box::new(file.take(size)), read: Rc::clone(&read) };
        let input: Box<dyn Read> = if stored { Box::new(packed) } else { Box::new(DeflateDecoder::new(packed)) };
        Ok(Box::new(Checked { input: Box::new(Bounded { input, read, given: 0, start: None }), crc: Crc::new(), expected: crc }))
    }
}

/// A file that was named, still to be opened.
#[derive(Debug)]
pub(super) struct Packed {
    pub name: String,
    path: PathBuf,
    spooled: bool,
}

impl Packed {
    /// Makes sure that there is a file. `-` is standard input.
    pub fn new(path: &Path) -> Result<Packed> {
        let name = path.display().to_string();
        if name == "-" {
            return Ok(Packed { name: "standard input".to_owned(), path: path.to_owned(), spooled: false });
        }
        let meta = std::fs::metadata(path).map_err(Error::io("read", path))?;
        if meta.is_dir() {
            let way_out = "name its files: recip import --feed gdelt FOLDER/*.zip".to_owned();
            return Err(Error::File { file: name, why: "this is a folder".to_owned(), way_out });
        }
        Ok(Packed { name, path: path.to_owned(), spooled: false })
    }

    /// Its size in bytes, where that can be known.
    pub fn size(&self) -> Option<u64> {
        std::fs::metadata(&self.path).ok().filter(std::fs::Metadata::is_file).map(|m| m.len())
    }

    /// The streams in it; what is read of the file is counted.
    pub fn open(&mut self, read: &Rc<Cell<u64>>) -> Result<Vec<Result<Part, String>>> {
        let is_stdin = self.path.as_os_str() == "-";
        let mut raw: Box<dyn Read> = if is_stdin { Box::new(io::stdin()) } else { counted(&self.path, read)? };
        let mut head = Vec::new();
        raw.by_ref().take(4).read_to_end(&mut head).map_err(Error::io("read", &self.path))?;
        let whole = Box::new(Cursor::new(head.clone()).chain(raw));
        let name = self.name.clone();
        Ok(match head.as_slice() {
            [0x1f, 0x8b, ..] => {
                // Standard input is counted here, for what it grows to.
                let (input, read): (Box<dyn Read>, _) = if is_stdin {
                    let own = Rc::new(Cell::new(0));
                    (Box::new(Tally { input: whole, read: Rc::clone(&own) }), own)
                } else {
                    (whole, Rc::clone(read))
                };
                let input = Box::new(Bounded { input: Box::new(MultiGzDecoder::new(input)), read, given: 0, start: None });
                vec![Ok(Part { name, input: Input::Whole(input) })]
            }
            b"PK\x03\x04" | b"PK\x05\x06" => self.zip(whole, read)?,
            _ => vec![Ok(Part { name, input: Input::Whole(whole) })],
        })
    }

    /// The files in a zip, in its order.
    fn zip(&mut self, mut whole: Box<dyn Read>, read: &Rc<Cell<u64>>) -> Result<Vec<Result<Part, String>>> {
        // Its contents stand at its end, so that it is read from a file, and so is a pipe.
        if self.size().is_none() {
            self.path = spool(&mut whole, &self.path)?;
            self.spooled = true;
        }
        drop(whole);
        read.set(read.get().saturating_sub(4));
        let damaged = |e: zip::result::ZipError| format!("the zip file is damaged: {e}");
        let mut archive = match zip::ZipArchive::new(File::open(&self.path).map_err(Error::io("read", &self.path))?) {
            Ok(archive) => archive,
            Err(e) => return Ok(vec![Err(damaged(e))]),
        };
        let mut parts = Vec::new();
        for n in 0..archive.len() {
            match archive.by_index_raw(n) {
                Ok(entry) if entry.is_dir() || entry.name().is_ok_and(|name| name.starts_with("__MACOSX/")) => (),
                Ok(entry) => parts.push(self.zipped(&entry, read)),
                Err(e) => parts.push(Err(damaged(e))),
            }
        }
        Ok(parts)
    }

    fn zipped(&self, entry: &zip::read::ZipFile<'_, File>, read: &Rc<Cell<u64>>) -> Result<Part, String> {
        let name = format!("{}({})", self.name, entry.name().unwrap_or_default());
        let stored = match entry.compression() {
            _ if entry.encrypted() => return Err(format!("{name}: it is encrypted")),
            zip::CompressionMethod::Stored => true,
            zip::CompressionMethod::DEFLATE => false,
            other => return Err(format!("{name}: it is compressed in a way that is not known here: {other:?}")),
        };
        let Some(start) = entry.data_start() else { return Err(format!("{name}: the zip file is damaged")) };
        let (size, crc) = (entry.compressed_size(), entry.crc32());
        Ok(Part { name, input: Input::Zipped { path: self.path.clone(), start, size, crc, stored, read: Rc::clone(read) } })
    }
}

impl Drop for Packed {
    fn drop(&mut self) {
        if self.spooled {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Why what begins like this is no rows of a feed.
pub(super) fn unreadable(head: &[u8]) -> Option<&'static str> {
    match head {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("this is UTF-16, which no feed is published in"),
        [b'P', b'K', 3, 4, ..] | [0x1f, 0x8b, ..] => Some("it is packed twice: unpack it once"),
        [b'B', b'Z', b'h', ..] | [0xfd, b'7', b'z', b'X', ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] | [b'7', b'z', 0xbc, 0xaf, ..] => {
            Some("it is packed otherwise than by gzip or zip: unpack it first")
        }
        _ if head.trim_ascii_start().starts_with(b"<") => Some("this is a page of the web, as a server sends where it has no such file"),
        // A row may hold one that should not be there.
        _ if memchr::memchr_iter(0, head).count() > head.len() / 16 => Some("this is no text"),
        _ => None,
    }
}

/// Counts what is read.
struct Tally {
    input: Box<dyn Read>,
    read: Rc<Cell<u64>>,
}

impl Read for Tally {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buf)?;
        self.read.set(self.read.get() + n as u64);
        Ok(n)
    }
}

/// Stops where a few bytes grow to gigabytes.
struct Bounded {
    input: Box<dyn Read>,
    /// Counts what is read of the file.
    read: Rc<Cell<u64>>,
    given: u64,
    /// What it counted when this began.
    start: Option<u64>,
}

impl Read for Bounded {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let start = *self.start.get_or_insert_with(|| self.read.get());
        let n = self.input.read(buf)?;
        self.given += n as u64;
        if self.given > FREE && self.given / GROWTH > self.read.get().saturating_sub(start) {
            return Err(io::Error::other(format!("it unpacks to over {GROWTH} times its size, which no feed does")));
        }
        Ok(n)
    }
}

/// Compares what was unpacked with the sum that the zip has of it.
struct Checked {
    input: Box<dyn Read>,
    crc: Crc,
    expected: u32,
}

impl Read for Checked {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buf)?;
        self.crc.update(&buf[..n]);
        if n == 0 && !buf.is_empty() && self.crc.sum() != self.expected {
            return Err(io::Error::other("what is unpacked does not have the sum that the zip file gives"));
        }
        Ok(n)
    }
}
