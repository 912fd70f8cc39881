//! The input files, their formats, and the progress of reading them.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::error::{Error, Result};
use crate::ledger::load::problems::Problems;
use crate::ledger::load::record::Item;
use crate::ledger::load::{Resembling, Sink};
use crate::model::CodeBook;

use super::csv;
use super::decode::{foreign, without_mark};
use super::jsonl;
use super::package;
use super::sheet::{self, Book, DateOrder, Sheet};
use crate::package_schema::DESCRIPTOR;

/// How to read a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The label of its encoding, such as `windows-1252`. `None`: as the byte order mark says, or UTF-8.
    pub encoding: Option<String>,
    /// Its format. `None`: as its name says.
    pub format: Option<Format>,
    /// What is done with rows without a ref that resemble an action of the ledger.
    pub resembling: Resembling,
    /// The code book of its parties; `None`: names, and codes of the ledger.
    pub codes: Option<CodeBook>,
}

/// The exchange formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The flat CSV, with one row per action.
    Csv,
    /// JSON Lines, which preserve every field.
    Jsonl,
    /// A data package: a folder with a `datapackage.json` and its tables.
    Package,
    /// A workbook of a spreadsheet program.
    Workbook,
}

impl Format {
    /// The format of a file without a name, from its first bytes.
    fn of_text(mut copy: &File) -> Format {
        let mut head = Vec::new();
        let read = copy.rewind().and_then(|()| copy.take(1 << 10).read_to_end(&mut head));
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xd0\xcf\x11\xe0") {
            return Format::Workbook;
        }
        let first = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&head).trim_ascii_start().first();
        if read.is_ok() && matches!(first, Some(b'{' | b'[')) { Format::Jsonl } else { Format::Csv }
    }

    /// The format, from the name of a file. A folder with a `datapackage.json` is a package.
    pub fn of(path: &Path) -> Option<Format> {
        let described = path.is_dir() && path.join(DESCRIPTOR).exists();
        if described || path.file_name().is_some_and(|n| n == DESCRIPTOR) {
            return Some(Format::Package);
        }
        match path.extension()?.to_str()?.to_lowercase().as_str() {
            "csv" | "tsv" | "tab" | "txt" => Some(Format::Csv),
            "jsonl" | "ndjson" | "json" => Some(Format::Jsonl),
            "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" => Some(Format::Workbook),
            _ => None,
        }
    }
}

/// What can be read.
const FORMATS: &str = "give a .csv, .xlsx, .ods or .jsonl file, or a folder that 'recip export package' wrote";

/// The first bytes of a file.
fn head(path: &Path) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path).ok()?.take(4096).read_to_end(&mut head).ok()?;
    Some(head)
}

/// True for the first bytes of JSON objects, alone or in an array, which no CSV file begins with.
fn begins_as_json(head: &[u8]) -> bool {
    let head = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head);
    let mut signs = head.iter().filter(|byte| !byte.is_ascii_whitespace());
    matches!((signs.next(), signs.next()), (Some(b'{'), Some(b'"')) | (Some(b'['), Some(b'{')))
}

/// True for the first bytes of a text.
fn is_text(head: &[u8]) -> bool {
    let utf16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") || without_mark(head).is_some();
    utf16 || !head.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
}

/// Whether a zip archive has the parts of a workbook; `None` if it is no archive, or a damaged one.
fn is_zipped_book(file: &File) -> Option<bool> {
    let archive = zip::ZipArchive::new(file).ok()?;
    let is_part = |name: &str| name == "[Content_Types].xml" || name == "content.xml" || name.starts_with("xl/");
    Some(archive.file_names().flatten().any(|name| is_part(&name)))
}

/// A file to read.
#[derive(Debug)]
pub(super) struct Input {
    /// The name as it was given, for messages.
    pub name: String,
    pub path: PathBuf,
    pub format: Format,
    pub encoding: Option<String>,
    /// A temporary copy of standard input or a pipe, which is read instead of `path`. It is made first, so that the ledger is not locked
    /// while a slow pipe delivers. It has no name, so nothing is left even if this program is killed.
    copy: Option<File>,
    /// The sheets of a workbook; or flat tables that a person accepted, which are read instead of the file.
    pub book: Option<Book>,
    /// The order of day, month and year in its dates, if a person gave it.
    pub dates: Option<DateOrder>,
    /// The code book of its parties.
    pub codes: Option<CodeBook>,
}

impl Input {
    /// Checks that the file exists and determines its format.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Input> {
        let name = path.display().to_string();
        if name == "-" {
            let name = "standard input".to_owned();
            let copy = copy_unnamed(&mut io::stdin().lock(), Path::new(&name))?;
            let format = options.format.unwrap_or_else(|| Format::of_text(&copy));
            return Input::new(name, path, format, options, Some(copy)).with_book(options);
        }
        let meta = std::fs::metadata(path).map_err(Error::io("read", path))?;
        let Some(format) = options.format.or_else(|| Format::of(path)) else {
            let (why, way_out) = match head(path).as_deref().and_then(foreign) {
                Some(found) => found,
                None if path.is_dir() => ("there is no datapackage.json in this folder", FORMATS),
                None => ("the format cannot be determined from the name", FORMATS),
            };
            return Err(Error::File { file: name, why: why.to_owned(), way_out: way_out.to_owned() });
        };
        if meta.is_file() || meta.is_dir() {
            let is_json = options.format.is_none() && format == Format::Csv && head(path).is_some_and(|head| begins_as_json(&head));
            let format = if is_json { Format::Jsonl } else { format };
            return Input::new(name, path, format, options, None).with_book(options);
        }
        let copy = copy_unnamed(&mut File::open(path).map_err(Error::io("read", path))?, path)?;
        Input::new(name, path, format, options, Some(copy)).with_book(options)
    }

    fn new(name: String, path: &Path, format: Format, options: &ReadOptions, copy: Option<File>) -> Input {
        let encoding = options.encoding.clone();
        Input { name, path: path.to_owned(), format, encoding, copy, book: None, dates: None, codes: options.codes }
    }

    /// Checks that the file is not of another format than its name says, and reads the sheets of a workbook.
    fn with_book(mut self, options: &ReadOptions) -> Result<Input> {
        if self.format == Format::Package {
            return Ok(self);
        }
        if let Some((why, way_out)) = self.other_format(options.format.is_some())? {
            return Err(Error::File { file: self.name, why: why.to_owned(), way_out: way_out.to_owned() });
        }
        if self.format == Format::Workbook {
            self.book = Some(sheet::read(&self.file()?, &self.name)?);
        }
        Ok(self)
    }

    /// What the file is by its bytes, and the way out, if it is a workbook under another name or something else under the name of a workbook.
    /// `is_stated`: the user stated its format.
    fn other_format(&self, is_stated: bool) -> Result<Option<(&'static str, &'static str)>> {
        const NAME: &str = "give it a name that ends in .xlsx, .xls or .ods, or import it with --format workbook";
        const TEXT: &str = "import it with --format csv, or give it a name that ends in .csv";
        let mut head = Vec::new();
        self.file()?.take(4096).read_to_end(&mut head).map_err(Error::io("read", &self.path))?;
        let is_zip = head.starts_with(b"PK\x03\x04");
        let is_old = head.starts_with(b"\xd0\xcf\x11\xe0");
        let parts = if is_zip { is_zipped_book(&self.file()?) } else { None };
        let found = foreign(&head);
        Ok(match self.format {
            Format::Workbook if is_old => None,
            Format::Workbook if is_zip => found.filter(|_| parts == Some(false)),
            Format::Workbook if head.is_empty() => Some(("the file is empty", "save the sheet again")),
            Format::Workbook => found.or_else(|| is_text(&head).then_some(("this is text, and not a workbook", TEXT))),
            _ if !is_stated && (is_old || parts == Some(true)) => found.map(|(why, _)| (why, NAME)),
            _ => None,
        })
    }

    /// Opens the file, or its copy, from its beginning.
    pub fn file(&self) -> Result<File> {
        let file = match &self.copy {
            None => File::open(&self.path),
            Some(copy) => copy.try_clone().and_then(|mut file| file.rewind().map(|()| file)),
        };
        file.map_err(Error::io("read", &self.path))
    }

    /// Its size in bytes, if it is known.
    pub fn size(&self) -> Option<u64> {
        let meta = self.copy.as_ref().map_or_else(|| std::fs::metadata(&self.path), File::metadata);
        meta.ok().filter(std::fs::Metadata::is_file).map(|m| m.len())
    }

    /// Opens it from its beginning. The bytes are counted as they are read.
    pub fn counted(&self, read: &Rc<Cell<u64>>) -> Result<Box<dyn Read>> {
        Ok(Box::new(Counted { file: self.file()?, read: Rc::clone(read) }))
    }
}

/// Copies a pipe to a temporary file without a name.
pub(super) fn copy_unnamed(from: &mut dyn io::Read, name: &Path) -> Result<File> {
    let mut file = tempfile::tempfile().map_err(Error::io("create a file in", &std::env::temp_dir()))?;
    io::copy(from, &mut file).map_err(Error::io("read", name))?;
    Ok(file)
}

/// Reports how many bytes have been read.
pub(super) struct Progress<'p> {
    report: &'p mut dyn FnMut(u64, Option<u64>),
    /// Bytes of the files that are finished.
    before: u64,
    /// Bytes of all files, if known.
    total: Option<u64>,
}

impl<'p> Progress<'p> {
    pub fn new(report: &'p mut dyn FnMut(u64, Option<u64>), total: Option<u64>) -> Progress<'p> {
        Progress { report, before: 0, total }
    }
}

/// A file that counts the bytes read from it.
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

/// Opens a file whose bytes are counted as they are read.
pub(super) fn counted(path: &Path, read: &Rc<Cell<u64>>) -> Result<Box<dyn Read>> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    Ok(Box::new(Counted { file, read: Rc::clone(read) }))
}

/// Reads all files and passes their records to `sink`.
pub(super) fn read(
    inputs: Vec<Input>,
    problems: &mut Problems,
    mut progress: Option<&mut Progress<'_>>,
    sink: &mut Sink<'_>,
) -> Result<()> {
    let bytes = Rc::new(Cell::new(0));
    let mut items = 0_u64;
    for input in inputs {
        let forward = &mut |item: Item<'_>, problems: &mut Problems| {
            items += 1;
            if let Some(p) = &mut progress
                && items.is_multiple_of(4096)
            {
                (p.report)(p.before + bytes.get(), p.total);
            }
            sink(item, problems)
        };
        if let Some(book) = input.book {
            read_book(book, &input.name, input.dates, problems, forward)?;
            continue;
        }
        match input.format {
            Format::Workbook => (),
            Format::Csv => csv::read(input.counted(&bytes)?, &input.name, input.encoding.as_deref(), input.dates, problems, forward)?,
            Format::Jsonl => jsonl::read(input.counted(&bytes)?, &input.name, input.encoding.as_deref(), problems, forward)?,
            Format::Package => package::read(&input.path, &bytes, problems, forward)?,
        }
    }
    if let Some(p) = progress {
        p.before += bytes.get();
        (p.report)(p.before, p.total);
    }
    Ok(())
}

/// Reads those sheets of a workbook that are flat tables: those without further columns, if there are such.
fn read_book(book: Book, name: &str, dates: Option<DateOrder>, problems: &mut Problems, sink: &mut Sink<'_>) -> Result<()> {
    let has_pure = book.sheets.iter().any(Sheet::is_purely_flat);
    let is_taken = |sheet: &Sheet| if has_pure { sheet.is_purely_flat() } else { sheet.is_flat() };
    let (flat, other): (Vec<Sheet>, Vec<Sheet>) = book.sheets.into_iter().partition(is_taken);
    if flat.is_empty() {
        return Err(Error::File {
            file: name.to_owned(),
            why: "its columns are not those of a ledger".to_owned(),
            way_out: format!("'recip import {name}' proposes how to read them"),
        });
    }
    let other: Vec<String> = other.into_iter().map(|sheet| sheet.name).collect();
    for (what, sheets) in [("sheets that are not tables of actions", other), ("hidden sheets", book.hidden)] {
        let sheets: Vec<String> = sheets.iter().map(|sheet| format!("'{sheet}'")).collect();
        if !sheets.is_empty() {
            problems.note(format!("{name}: left out the {what}: {}", sheets.join(", ")));
        }
    }
    flat.into_iter().try_for_each(|sheet| csv::read_sheet(sheet, name, dates, problems, sink))
}
