//! Opens the files of a feed as streams of text. The first bytes tell whether a file is plain, gzip or zip.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::read::decode::{foreign, without_mark};
use crate::read::input::{copy_unnamed, counted};
use flate2::Crc;
use flate2::read::{DeflateDecoder, MultiGzDecoder};

/// Maximum ratio of unpacked to packed size beyond the first [`UNLIMITED`] bytes. For a feed it is five to ten.
const MAX_RATIO: u64 = 200;
/// Number of unpacked bytes to which the maximum ratio does not apply.
const UNLIMITED: u64 = 64 << 20;

/// A stream of text: a file or a file in a zip archive.
pub(super) struct Part {
    /// Its name in messages: `events.zip(20130401.export.CSV)`.
    pub name: String,
    input: Input,
}

enum Input {
    Whole(Box<dyn Read>),
    /// A file in this zip archive.
    Zipped {
        archive: Arc<File>,
        start: u64,
        size: u64,
        crc: u32,
        stored: bool,
        read: Rc<Cell<u64>>,
    },
}

impl Part {
    /// Opens the stream.
    pub fn open(self) -> Result<Box<dyn Read>> {
        let (mut archive, start, size, crc, stored, read) = match self.input {
            Input::Whole(input) => return Ok(input),
            Input::Zipped { archive, start, size, crc, stored, read } => (archive, start, size, crc, stored, read),
        };
        // The parts are read one after another, so that they can share the position in the file.
        archive.seek(SeekFrom::Start(start)).map_err(Error::io("read", Path::new(&self.name)))?;
        let packed = ByteCounter { input: Box::new(archive.take(size)), read: Rc::clone(&read) };
        let input: Box<dyn Read> = if stored { Box::new(packed) } else { Box::new(DeflateDecoder::new(packed)) };
        Ok(Box::new(Checked { input: Box::new(Bounded { input, read, unpacked: 0, start: None }), crc: Crc::new(), expected: crc }))
    }
}

/// A file to read, not opened yet.
#[derive(Debug)]
pub(super) struct Packed {
    pub name: String,
    path: PathBuf,
}

impl Packed {
    /// Checks that the file exists. `-` is standard input.
    pub fn new(path: &Path) -> Result<Packed> {
        let name = path.display().to_string();
        if name == "-" {
            return Ok(Packed { name: "standard input".to_owned(), path: path.to_owned() });
        }
        let meta = std::fs::metadata(path).map_err(Error::io("read", path))?;
        if meta.is_dir() {
            let way_out = "give the files in it: recip import --feed gdelt FOLDER/*.zip".to_owned();
            return Err(Error::File { file: name, why: "this is a folder".to_owned(), way_out });
        }
        Ok(Packed { name, path: path.to_owned() })
    }

    /// Its size in bytes, if it is known.
    pub fn size(&self) -> Option<u64> {
        std::fs::metadata(&self.path).ok().filter(std::fs::Metadata::is_file).map(|m| m.len())
    }

    /// Opens the streams in it. `read` counts the bytes read from the file.
    pub fn open(&self, read: &Rc<Cell<u64>>) -> Result<Vec<Result<Part, String>>> {
        let is_stdin = self.path.as_os_str() == "-";
        let mut raw: Box<dyn Read> = if is_stdin { Box::new(io::stdin()) } else { counted(&self.path, read)? };
        let mut head = Vec::new();
        raw.by_ref().take(4).read_to_end(&mut head).map_err(Error::io("read", &self.path))?;
        let whole = Box::new(Cursor::new(head.clone()).chain(raw));
        let name = self.name.clone();
        Ok(match head.as_slice() {
            [0x1f, 0x8b, ..] => {
                // Standard input has no counter, but its size is needed to limit the unpacked size.
                let (input, read): (Box<dyn Read>, _) = if is_stdin {
                    let own = Rc::new(Cell::new(0));
                    (Box::new(ByteCounter { input: whole, read: Rc::clone(&own) }), own)
                } else {
                    (whole, Rc::clone(read))
                };
                let input = Box::new(Bounded { input: Box::new(MultiGzDecoder::new(input)), read, unpacked: 0, start: None });
                vec![Ok(Part { name, input: Input::Whole(input) })]
            }
            b"PK\x03\x04" | b"PK\x05\x06" => self.zip(whole, read)?,
            _ => vec![Ok(Part { name, input: Input::Whole(whole) })],
        })
    }

    /// The files in a zip archive, in their order.
    fn zip(&self, mut whole: Box<dyn Read>, read: &Rc<Cell<u64>>) -> Result<Vec<Result<Part, String>>> {
        // The directory of a zip archive is at its end, so a pipe is copied to a file first.
        let file = match self.size() {
            None => copy_unnamed(&mut whole, &self.path)?,
            Some(_) => File::open(&self.path).map_err(Error::io("read", &self.path))?,
        };
        let file = Arc::new(file);
        drop(whole);
        read.set(read.get().saturating_sub(4));
        let damaged = |e: zip::result::ZipError| format!("the zip file is damaged: {e}");
        let mut archive = match zip::ZipArchive::new(Arc::clone(&file)) {
            Ok(archive) => archive,
            Err(e) => return Ok(vec![Err(damaged(e))]),
        };
        if archive.index_for_name("[Content_Types].xml").is_some() {
            return Ok(vec![Err("this is an Excel workbook; save it as CSV in the spreadsheet program".to_owned())]);
        }
        let mut parts = Vec::new();
        for n in 0..archive.len() {
            match archive.by_index_raw(n) {
                Ok(entry) if entry.is_dir() || entry.name().is_ok_and(|name| name.starts_with("__MACOSX/")) => (),
                Ok(entry) => parts.push(self.zipped(&entry, &file, read)),
                Err(e) => parts.push(Err(damaged(e))),
            }
        }
        Ok(parts)
    }

    fn zipped(&self, entry: &zip::read::ZipFile<'_, Arc<File>>, archive: &Arc<File>, read: &Rc<Cell<u64>>) -> Result<Part, String> {
        let name = format!("{}({})", self.name, entry.name().unwrap_or_default());
        let stored = match entry.compression() {
            _ if entry.encrypted() => return Err(format!("{name}: it is encrypted")),
            zip::CompressionMethod::Stored => true,
            zip::CompressionMethod::DEFLATE => false,
            other => return Err(format!("{name}: its compression method is not supported: {other:?}")),
        };
        let Some(start) = entry.data_start() else { return Err(format!("{name}: the zip file is damaged")) };
        let (size, crc) = (entry.compressed_size(), entry.crc32());
        Ok(Part { name, input: Input::Zipped { archive: Arc::clone(archive), start, size, crc, stored, read: Rc::clone(read) } })
    }
}

/// Why a file that begins like this is not rows of a feed.
pub(super) fn unreadable(head: &[u8]) -> Option<String> {
    match head {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("this is UTF-16; convert it to UTF-8 first".to_owned()),
        [b'P', b'K', 3, 4, ..] | [0x1f, 0x8b, ..] => Some("it is packed twice; unpack it once".to_owned()),
        _ => match foreign(head) {
            Some((what, way_out)) => Some(format!("{what}; {way_out}")),
            // A few stray NUL bytes in rows are reported row by row.
            None if without_mark(head).is_some() => Some("this is UTF-16; convert it to UTF-8 first".to_owned()),
            None => (memchr::memchr_iter(0, head).count() > head.len() / 16).then(|| "this is not text".to_owned()),
        },
    }
}

/// Counts the bytes read.
struct ByteCounter {
    input: Box<dyn Read>,
    read: Rc<Cell<u64>>,
}

impl Read for ByteCounter {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buf)?;
        self.read.set(self.read.get() + n as u64);
        Ok(n)
    }
}

/// Fails if a small file unpacks to a huge one.
struct Bounded {
    input: Box<dyn Read>,
    /// The bytes read from the packed file so far.
    read: Rc<Cell<u64>>,
    unpacked: u64,
    /// The value of `read` when this stream began.
    start: Option<u64>,
}

impl Read for Bounded {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let start = *self.start.get_or_insert_with(|| self.read.get());
        let n = self.input.read(buf)?;
        self.unpacked += n as u64;
        if self.unpacked > UNLIMITED && self.unpacked / MAX_RATIO > self.read.get().saturating_sub(start) {
            return Err(io::Error::other(format!("it unpacks to more than {MAX_RATIO} times its size, which no feed does")));
        }
        Ok(n)
    }
}

/// Compares the checksum of the unpacked data with that in the zip archive.
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
            return Err(io::Error::other("the checksum of the unpacked data does not match the zip file"));
        }
        Ok(n)
    }
}
