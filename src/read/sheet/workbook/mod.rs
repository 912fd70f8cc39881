//! Reads workbooks. The file may be damaged or hostile: it is read in a thread of its own, within limits.

mod cells;
mod excel;
mod hidden;
mod old_excel;
mod old_marks;
mod open_document;
mod struck_runs;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::thread;

use calamine::{Ods, Reader, SheetVisible, Xls, Xlsb, Xlsx};
use memchr::memmem;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::error::{Error, Result};

use super::{Book, MAX_CELLS, Row, Sheet, letters};

use old_marks::Marks;

/// The maximum size of a workbook when it is unpacked.
const MAX_UNPACKED: u64 = 512 << 20;
/// The name of the thread that reads a workbook. If the library for workbooks panics there, the file is reported as damaged.
pub const THREAD: &str = "workbook";

type Outcome<T> = std::result::Result<T, String>;
type Bytes = BufReader<File>;

/// Reads a workbook: `.xlsx`, `.xlsm`, `.xlsb`, `.xls` or `.ods`, whatever its name.
///
/// # Errors
/// It is not a workbook, it is damaged, or it is too large.
pub(in crate::read) fn read(file: &File, name: &str) -> Result<Book> {
    let file = file.try_clone().map_err(|e| refused(name, &e.to_string()))?;
    let reader = thread::Builder::new().name(THREAD.to_owned()).stack_size(16 << 20).spawn(move || book(file));
    let read = reader.map_err(|e| refused(name, &e.to_string()))?.join();
    read.unwrap_or_else(|_| Err("it is damaged".to_owned())).map_err(|why| refused(name, &why))
}

fn refused(name: &str, why: &str) -> Error {
    let way_out = "open it in a spreadsheet program and save it again as .xlsx, or save the sheet as CSV";
    Error::File { file: name.to_owned(), why: format!("this workbook cannot be read: {why}"), way_out: way_out.to_owned() }
}

fn book(mut file: File) -> Outcome<Book> {
    let mut magic = [0; 4];
    file.rewind().and_then(|()| file.read_exact(&mut magic)).map_err(|_| "it is empty".to_owned())?;
    file.rewind().map_err(|e| e.to_string())?;
    if magic != *b"PK\x03\x04" {
        let marks = old_excel::survey(&file)?;
        file.rewind().map_err(|e| e.to_string())?;
        let mut book: Xls<Bytes> = Xls::new(BufReader::new(file)).map_err(|e| e.to_string())?;
        let names: Vec<String> = book.sheets_metadata().iter().map(|sheet| sheet.name.clone()).collect();
        let marks: HashMap<String, Marks> = names.into_iter().zip(marks).collect();
        return sheets(&mut book, |book, name| old_excel::sheet(book, name, marks.get(name).unwrap_or(&Marks::default())));
    }
    let parts = parts(&file)?;
    let has = |name: &str| parts.iter().any(|part| part.name.eq_ignore_ascii_case(name));
    if has("content.xml") {
        open_document::check_repeats(&file)?;
        let mut marks = open_document::marks(&file)?;
        let mut book: Ods<Bytes> = Ods::new(BufReader::new(file)).map_err(|e| e.to_string())?;
        sheets(&mut book, |book, name| open_document::sheet(book, name, marks.remove(name).unwrap_or_default()))
    } else if has("xl/workbook.bin") {
        let mut book: Xlsb<Bytes> = Xlsb::new(BufReader::new(file)).map_err(|e| e.to_string())?;
        sheets(&mut book, excel::binary_sheet)
    } else {
        let (struck, mut hidden) = (struck_runs::by_sheet(&file, &parts)?, hidden::by_sheet(&file, &parts)?);
        let mut book: Xlsx<Bytes> = Xlsx::new(BufReader::new(file)).map_err(|e| e.to_string())?;
        sheets(&mut book, |book, name| {
            let (hidden_rows, comments) = hidden.remove(name).unwrap_or_default();
            Ok(Sheet { hidden_rows, comments, ..excel::sheet(book, name, struck.get(name))? })
        })
    }
}

/// A part of a workbook that is a zip archive.
struct Part {
    name: String,
    /// True if it may strike text out.
    strikes: bool,
    /// True if it may hide rows.
    hides: bool,
}

/// The parts of a workbook that is a zip archive. Each is unpacked once, to find out how large it really is.
fn parts(file: &File) -> Outcome<Vec<Part>> {
    const STRIKE: &[u8] = b"strike";
    const HIDDEN: &[u8] = b"hidden=";
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| e.to_string())?;
    let (mut parts, mut unpacked, mut block) = (Vec::new(), 0, vec![0; 1 << 16]);
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|e| e.to_string())?;
        let name = part.name().map_err(|e| e.to_string())?.into_owned();
        // The end of each block is kept before the next, since the word may be divided between them.
        let (mut kept, mut strikes, mut hides) = (0, false, false);
        loop {
            let read = match part.read(&mut block[kept..]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                read => read.map_err(|e| e.to_string())?,
            };
            if read == 0 {
                break;
            }
            unpacked += read as u64;
            if unpacked > MAX_UNPACKED {
                return Err(format!("it is larger than {} MiB when it is unpacked", MAX_UNPACKED >> 20));
            }
            let end = kept + read;
            strikes = strikes || memmem::find(&block[..end], STRIKE).is_some();
            hides = hides || memmem::find(&block[..end], HIDDEN).is_some();
            kept = end.min(HIDDEN.len() - 1);
            block.copy_within(end - kept..end, 0);
        }
        parts.push(Part { name, strikes, hides });
    }
    Ok(parts)
}

/// Goes through the XML of a part.
fn events(file: &File, part: &str, mut each: impl FnMut(&Event<'_>) -> Outcome<()>) -> Outcome<()> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| e.to_string())?;
    let part = archive.by_name(part).map_err(|e| e.to_string())?;
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(part));
    let mut block = Vec::new();
    loop {
        let event = xml.read_event_into(&mut block).map_err(|e| e.to_string())?;
        if matches!(event, Event::Eof) {
            return Ok(());
        }
        each(&event)?;
        block.clear();
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    Some(quick_xml::escape::unescape(&attribute.value).ok()?.into_owned())
}

/// The visible sheets, each read by `read`.
fn sheets<R: Reader<Bytes>>(book: &mut R, mut read: impl FnMut(&mut R, &str) -> Outcome<Sheet>) -> Outcome<Book> {
    let mut all = Book::default();
    for sheet in book.sheets_metadata().to_vec() {
        match sheet.visible {
            _ if sheet.typ != calamine::SheetType::WorkSheet => (),
            SheetVisible::Visible => {
                let read = read(book, &sheet.name).map_err(|why| format!("sheet '{}': {why}", sheet.name))?;
                all.sheets.push(Sheet { name: sheet.name, ..read });
            }
            SheetVisible::Hidden | SheetVisible::VeryHidden => all.hidden.push(sheet.name),
        }
    }
    Ok(all)
}
