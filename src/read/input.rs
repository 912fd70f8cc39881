//! Which files are read, in what form, and how far that has come.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::error::{Error, Result};
use crate::ledger::load::Sink;
use crate::ledger::load::problems::Problems;
use crate::ledger::load::record::Item;

use super::csv;
use super::jsonl;
use super::package;
use crate::render::export::package_schema::DESCRIPTOR;

/// How a file is to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The label of its encoding, `windows-1252`; `None`: UTF-8, or what its byte order mark says.
    pub encoding: Option<String>,
    /// Its form; `None`: what its name says.
    pub format: Option<Format>,
}

/// The forms of exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The flat CSV, one row an action.
    Csv,
    /// JSON Lines, which lose nothing.
    Jsonl,
    /// A folder with a `datapackage.json` and its tables.
    Package,
}

impl Format {
    /// The form that the name of a file says; a folder with a `datapackage.json` is a package.
    pub fn of(path: &Path) -> Option<Format> {
        let described = path.is_dir() && path.join(DESCRIPTOR).exists();
        if described || path.file_name().is_some_and(|n| n == DESCRIPTOR) {
            return Some(Format::Package);
        }
        match path.extension()?.to_str()?.to_lowercase().as_str() {
            "csv" | "tsv" | "txt" => Some(Format::Csv),
            "jsonl" | "ndjson" => Some(Format::Jsonl),
            _ => None,
        }
    }
}

/// A file to be read.
#[derive(Debug)]
pub(super) struct Input {
    /// How it was named.
    pub name: String,
    pub path: PathBuf,
    pub format: Format,
    pub encoding: Option<String>,
    /// Standard input, or a pipe, is first copied to a file of our own, which goes with this: nobody waits for a slow pipe while the
    /// ledger is locked.
    spool: bool,
}

impl Input {
    /// Makes sure that there is a file.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Input> {
        let name = path.display().to_string();
        let encoding = options.encoding.clone();
        if name == "-" {
            let path = spool(&mut io::stdin().lock(), Path::new("standard input"))?;
            let format = options.format.unwrap_or(Format::Csv);
            return Ok(Input { name: "standard input".to_owned(), path, format, encoding, spool: true });
        }
        let meta = std::fs::metadata(path).map_err(Error::io("read", path))?;
        let Some(format) = options.format.or_else(|| Format::of(path)) else {
            let why = if path.is_dir() { "there is no datapackage.json in this folder" } else { "its name does not say what it is" };
            let way_out = "give a .csv, a .jsonl, or a package that recip exported".to_owned();
            return Err(Error::File { file: name, why: why.to_owned(), way_out });
        };
        if meta.is_file() || meta.is_dir() {
            return Ok(Input { name, path: path.to_owned(), format, encoding, spool: false });
        }
        let path = spool(&mut File::open(path).map_err(Error::io("read", path))?, path)?;
        Ok(Input { name, path, format, encoding, spool: true })
    }

    /// Its size in bytes, where that can be known.
    pub fn size(&self) -> Option<u64> {
        std::fs::metadata(&self.path).ok().filter(std::fs::Metadata::is_file).map(|m| m.len())
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        if self.spool {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Copies all that comes from a pipe to a file.
pub(super) fn spool(from: &mut dyn io::Read, name: &Path) -> Result<PathBuf> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_nanos());
    let path = std::env::temp_dir().join(format!("recip-import-{}-{now}", std::process::id()));
    let mut file = File::create_new(&path).map_err(Error::io("create", &path))?;
    io::copy(from, &mut file).map_err(Error::io("read", name))?;
    Ok(path)
}

/// How far reading has come.
pub(super) struct Progress<'p> {
    tell: &'p mut dyn FnMut(u64, Option<u64>),
    before: u64,
    of: Option<u64>,
}

impl<'p> Progress<'p> {
    pub fn new(tell: &'p mut dyn FnMut(u64, Option<u64>), of: Option<u64>) -> Progress<'p> {
        Progress { tell, before: 0, of }
    }
}

/// Counts what is read.
pub(super) struct Counted {
    file: File,
    read: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buf)?;
        self.read.set(self.read.get() + n as u64);
        Ok(n)
    }
}

/// Opens a file so that what is read of it is counted.
pub(super) fn counted(path: &Path, read: &Rc<Cell<u64>>) -> Result<Box<dyn Read>> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    Ok(Box::new(Counted { file, read: Rc::clone(read) }))
}

/// Reads all files, and hands on what they say.
pub(super) fn read(inputs: &[Input], problems: &mut Problems, mut progress: Option<&mut Progress<'_>>, sink: &mut Sink<'_>) -> Result<()> {
    let bytes = Rc::new(Cell::new(0));
    let mut items = 0_u64;
    for input in inputs {
        let told = &mut |item: Item<'_>, problems: &mut Problems| {
            items += 1;
            if let Some(p) = &mut progress
                && items.is_multiple_of(4096)
            {
                (p.tell)(p.before + bytes.get(), p.of);
            }
            sink(item, problems)
        };
        match input.format {
            Format::Csv => csv::read(counted(&input.path, &bytes)?, &input.name, input.encoding.as_deref(), problems, told)?,
            Format::Jsonl => jsonl::read(counted(&input.path, &bytes)?, &input.name, input.encoding.as_deref(), problems, told)?,
            Format::Package => package::read(&input.path, &bytes, problems, told)?,
        }
    }
    if let Some(p) = progress {
        p.before += bytes.get();
        (p.tell)(p.before, p.of);
    }
    Ok(())
}
