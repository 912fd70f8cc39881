//! Reads workbooks. The file may be damaged or hostile: it is read in a thread of its own, within limits.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::thread;

use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Ods, Range, Reader, SheetVisible, Xls, Xlsb, Xlsx};
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::error::{Error, Result};

use super::{Book, MAX_CELLS, Row, Sheet, old_excel};

/// The maximum size of a workbook when it is unpacked.
const MAX_UNPACKED: u64 = 512 << 20;
/// The maximum number of cells that are filled because they are merged with another.
const MAX_MERGED: u64 = 1_000_000;
/// The name of the thread that reads a workbook. If the library for workbooks panics there, the file is reported as damaged.
pub const THREAD: &str = "workbook";

type Outcome<T> = std::result::Result<T, String>;
type Bytes = BufReader<File>;
/// The addresses behind the cells of a sheet, by row and column.
type Links = HashMap<(u32, usize), String>;

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
        old_excel::check_size(&file)?;
        file.rewind().map_err(|e| e.to_string())?;
        let mut book: Xls<Bytes> = Xls::new(BufReader::new(file)).map_err(|e| e.to_string())?;
        let since_1904 = book.has_1904_epoch();
        return sheets(&mut book, |book, name| {
            let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
            dense(book, name, since_1904).and_then(|sheet| filled(sheet, &merged))
        });
    }
    let parts = parts(&file)?;
    let has = |part: &str| parts.iter().any(|name| name.eq_ignore_ascii_case(part));
    let reader = BufReader::new(file);
    if has("content.xml") {
        check_repeats(reader.get_ref())?;
        let links = links(reader.get_ref())?;
        let mut book: Ods<Bytes> = Ods::new(reader).map_err(|e| e.to_string())?;
        sheets(&mut book, |book, name| Ok(Sheet { links: links.get(name).cloned().unwrap_or_default(), ..dense(book, name, false)? }))
    } else if has("xl/workbook.bin") {
        let mut book: Xlsb<Bytes> = Xlsb::new(reader).map_err(|e| e.to_string())?;
        sheets(&mut book, |book, name| {
            let mut cells = book.worksheet_cells_reader(name).map_err(|e| e.to_string())?;
            let mut taken = Cells::default();
            while let Some(cell) = cells.next_cell().map_err(|e| e.to_string())? {
                let (row, column) = cell.get_position();
                taken.put(row, column, of_ref(cell.get_value()), false)?;
            }
            drop(cells);
            filled(Sheet { rows: taken.rows, since_1904: book.has_1904_epoch(), ..Sheet::default() }, &[])
        })
    } else {
        let mut book: Xlsx<Bytes> = Xlsx::new(reader).map_err(|e| e.to_string())?;
        sheets(&mut book, streamed)
    }
}

/// The names of the parts of a workbook that is a zip archive. Each is unpacked once, to find out how large it really is.
fn parts(file: &File) -> Outcome<Vec<String>> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| e.to_string())?;
    let (mut names, mut unpacked) = (Vec::new(), 0);
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|e| e.to_string())?;
        names.push(part.name().map_err(|e| e.to_string())?.into_owned());
        unpacked += io::copy(&mut part.take(MAX_UNPACKED + 1 - unpacked), &mut io::sink()).map_err(|e| e.to_string())?;
        if unpacked > MAX_UNPACKED {
            return Err(format!("it is larger than {} MiB when it is unpacked", MAX_UNPACKED >> 20));
        }
    }
    Ok(names)
}

/// Checks how many cells the sheets of an OpenDocument file have. A short file can repeat cells and rows many million times.
fn check_repeats(file: &File) -> Outcome<()> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| e.to_string())?;
    let part = archive.by_name("content.xml").map_err(|e| e.to_string())?;
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(part));
    let (mut block, mut cells, mut rows, mut width) = (Vec::new(), 0_usize, 0, 0);
    loop {
        match xml.read_event_into(&mut block).map_err(|e| e.to_string())? {
            Event::Start(element) if element.name().as_ref() == "table:table-row" => {
                (rows, width) = (repeats(&element, "table:number-rows-repeated"), 0);
            }
            // An element without content is an empty cell.
            Event::Start(element) if element.name().as_ref() == "table:table-cell" => {
                width += repeats(&element, "table:number-columns-repeated");
            }
            Event::End(element) if element.name().as_ref() == "table:table-row" => cells = cells.saturating_add(width.saturating_mul(rows)),
            Event::Eof => return Ok(()),
            _ => (),
        }
        if cells > MAX_CELLS {
            return Err(format!("it has more than {MAX_CELLS} cells"));
        }
        block.clear();
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    Some(quick_xml::escape::unescape(&attribute.value).ok()?.into_owned())
}

fn repeats(element: &BytesStart<'_>, name: &str) -> usize {
    attribute(element, name).and_then(|times| times.parse().ok()).unwrap_or(1)
}

/// The addresses behind the cells of each sheet of an OpenDocument file, which the library for workbooks leaves out.
fn links(file: &File) -> Outcome<HashMap<String, Links>> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| e.to_string())?;
    let part = archive.by_name("content.xml").map_err(|e| e.to_string())?;
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(part));
    let mut links: HashMap<String, Links> = HashMap::new();
    let (mut block, mut sheet) = (Vec::new(), String::new());
    // The place of the current cell, and for how many rows and columns the current ones stand.
    let (mut at, mut times) = ((0_usize, 0_usize), (1, 1));
    loop {
        let event = xml.read_event_into(&mut block).map_err(|e| e.to_string())?;
        match &event {
            Event::Start(element) | Event::Empty(element) => match element.name().as_ref() {
                "table:table" => (sheet, at) = (attribute(element, "table:name").unwrap_or_default(), (0, 0)),
                "table:table-row" => (times.0, at.1) = (repeats(element, "table:number-rows-repeated"), 0),
                "table:table-cell" | "table:covered-table-cell" => times.1 = repeats(element, "table:number-columns-repeated"),
                "text:a" => {
                    if let (Some(address), Ok(row)) = (attribute(element, "xlink:href"), u32::try_from(at.0 + 1)) {
                        links.entry(sheet.clone()).or_default().entry((row, at.1)).or_insert(address);
                    }
                }
                _ => (),
            },
            Event::Eof => return Ok(links),
            _ => (),
        }
        let ended = match &event {
            Event::End(element) => Some(element.name().as_ref().to_owned()),
            Event::Empty(element) => Some(element.name().as_ref().to_owned()),
            _ => None,
        };
        match ended.as_deref() {
            Some("table:table-row") => at.0 = at.0.saturating_add(times.0),
            Some("table:table-cell" | "table:covered-table-cell") => at.1 = at.1.saturating_add(times.1),
            _ => (),
        }
        block.clear();
    }
}

/// The visible sheets, each read by `read`.
fn sheets<R: Reader<Bytes>>(book: &mut R, read: impl Fn(&mut R, &str) -> Outcome<Sheet>) -> Outcome<Book> {
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

/// Reads a sheet of the current Excel format cell by cell, with addresses, merged cells and what is struck out.
fn streamed(book: &mut Xlsx<Bytes>, name: &str) -> Outcome<Sheet> {
    let say = |e: calamine::XlsxError| e.to_string();
    let merged = book.merge_cells_by_sheet_name(name).map_err(say)?;
    let behind = book.hyperlinks_by_sheet_name(name).map_err(say)?;
    let mut sheet = Sheet { since_1904: book.has_1904_epoch(), ..Sheet::default() };
    let mut cells = book.worksheet_cells_reader(name).map_err(say)?;
    let is_struck: Vec<bool> = cells.styles().iter().map(|s| s.font.as_ref().is_some_and(|f| f.has_strikethrough())).collect();
    let (mut taken, mut empty) = (Cells::default(), HashSet::new());
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(say)? {
        let (row, column) = cell.get_position();
        let text = of_ref(cell.get_value());
        if text.is_empty() && !matches!(cell.get_value(), DataRef::Empty) {
            empty.insert((row, column));
        }
        taken.put(row, column, text, is_struck.get(style).copied().unwrap_or_default())?;
    }
    drop(cells);
    let mut formulas = book.worksheet_cells_reader(name).map_err(say)?;
    while let Some(cell) = formulas.next_formula().map_err(say)? {
        let ((row, column), formula) = (cell.get_position(), cell.get_value());
        let address = hyperlink(formula);
        // What computes nothing was never computed: only its text is known.
        if !formula.is_empty() && !taken.has(row, column) && !empty.contains(&(row, column)) {
            taken.put(row, column, address.clone().unwrap_or_else(|| format!("={}", formula.trim_start_matches('='))), false)?;
        }
        if let Some(address) = address {
            sheet.links.insert((row + 1, column as usize), address);
        }
    }
    drop(formulas);
    (sheet.rows, sheet.struck) = (taken.rows, taken.struck);
    for link in behind {
        let (Some(address), at) = (link.target, link.range) else { continue };
        let cells = (at.start.0..=at.end.0).flat_map(|row| (at.start.1..=at.end.1).map(move |column| (row + 1, column as usize)));
        sheet.links.extend(cells.take(MAX_CELLS / 100).map(|at| (at, address.clone())));
    }
    filled(sheet, &merged)
}

/// The address of a formula such as `HYPERLINK("https://example.org","ministry")`.
fn hyperlink(formula: &str) -> Option<String> {
    let (name, arguments) = formula.trim_start_matches(['=', '+']).split_once('(')?;
    let address = arguments.trim_start().strip_prefix('"')?.split('"').next()?;
    (name.trim().eq_ignore_ascii_case("HYPERLINK") && !address.is_empty()).then(|| address.to_owned())
}

/// Reads a sheet of another format as a whole.
fn dense<R: Reader<Bytes>>(book: &mut R, name: &str, since_1904: bool) -> Outcome<Sheet> {
    let range: Range<Data> = book.worksheet_range(name).map_err(|e| format!("{e:?}"))?;
    let (top, left) = range.start().unwrap_or_default();
    let mut taken = Cells::default();
    for (row, column, value) in range.used_cells() {
        let place = (top as usize + row, left as usize + column);
        let place = (u32::try_from(place.0).unwrap_or(u32::MAX), u32::try_from(place.1).unwrap_or(u32::MAX));
        taken.put(place.0, place.1, of_data(value), false)?;
    }
    Ok(Sheet { rows: taken.rows, since_1904, ..Sheet::default() })
}

/// The rows of a sheet as its cells arrive.
#[derive(Default)]
struct Cells {
    rows: Vec<Row>,
    count: usize,
    /// The place of each row that was not added at the end.
    places: HashMap<u32, usize>,
    /// The cells that are struck out.
    struck: HashSet<(u32, usize)>,
}

impl Cells {
    /// True if a cell has a text.
    fn has(&self, row: u32, column: u32) -> bool {
        let at = self.places.get(&row.saturating_add(1));
        at.is_some_and(|at| self.rows[*at].cells.get(column as usize).is_some_and(|cell| !cell.is_empty()))
    }

    fn put(&mut self, row: u32, column: u32, text: String, is_struck: bool) -> Outcome<()> {
        if text.is_empty() {
            return Ok(());
        }
        let number = row.saturating_add(1);
        if self.rows.last().is_none_or(|last| last.number != number) && !self.places.contains_key(&number) {
            self.places.insert(number, self.rows.len());
            self.rows.push(Row { number, is_struck: true, ..Row::default() });
        }
        let at = self.places.get(&number).copied().unwrap_or_default();
        let (row, column) = (&mut self.rows[at], column as usize);
        self.count += (column + 1).saturating_sub(row.cells.len());
        if self.count > MAX_CELLS {
            return Err(format!("it has more than {MAX_CELLS} cells"));
        }
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        if is_struck {
            self.struck.insert((number, column));
        }
        row.is_struck &= is_struck;
        row.cells[column] = text;
        Ok(())
    }
}

/// Gives all cells that are merged the text of the first.
fn filled(mut sheet: Sheet, merged: &[Dimensions]) -> Outcome<Sheet> {
    sheet.rows.sort_by_key(|row| row.number);
    let cells: u64 = merged.iter().map(Dimensions::len).fold(0, u64::saturating_add);
    if cells > MAX_MERGED {
        return Err(format!("more than {MAX_MERGED} of its cells are merged"));
    }
    for area in merged {
        let (first, column) = (area.start.0 + 1, area.start.1 as usize);
        let Ok(at) = sheet.rows.binary_search_by_key(&first, |row| row.number) else { continue };
        let text = sheet.rows[at].cell(column).to_owned();
        let rows = sheet.rows[at..].iter_mut().take_while(|row| row.number <= area.end.0 + 1);
        for row in rows {
            if area.end.0 > area.start.0 {
                let columns = column..=area.end.1 as usize;
                sheet.merged.extend(columns.map(|at| ((row.number, at), (first, area.end.0 + 1))));
            }
            let end = area.end.1 as usize + 1;
            if row.cells.len() < end {
                row.cells.resize(end, String::new());
            }
            row.cells[column..end].iter_mut().for_each(|cell| cell.clone_from(&text));
        }
    }
    Ok(sheet)
}

fn of_ref(value: &DataRef<'_>) -> String {
    match value {
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(time) => of_time(time),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn of_data(value: &Data) -> String {
    match value {
        Data::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        Data::String(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(truth) => truth.to_string(),
        Data::DateTime(time) => of_time(time),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

/// A date in ISO 8601, with its time unless that is midnight; a duration as its number of days.
fn of_time(time: &ExcelDateTime) -> String {
    if !time.is_datetime() {
        return time.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let date = format!("{year}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date}T{hour:02}:{minute:02}:{second:02}") }
}
