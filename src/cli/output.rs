//! Output: the format of results and where they are written.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use recip::atomic::AtomicFile;
use recip::ledger::is_sqlite;
use recip::render::grid::Grid;
use recip::render::records::{Form, Records};
use recip::render::text::{Terminal, Wrapping, visible};
use recip::report::Row;
use recip::report::panel::{Begin, Each};
use recip::{Error, Result};
use serde_json::Value;

use super::session::{Session, message};
use super::{command_line, console};

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Table,
    Csv,
    Json,
    Jsonl,
    Md,
    Html,
}

/// The formats from which the user of a report can choose.
pub(crate) trait Formats: ValueEnum + Copy + Send + Sync + 'static {
    /// The format if none is given.
    const TABLE: Self;

    /// The format if every report has it; `None`: only this report has it.
    fn common(self) -> Option<Format>;
}

impl Formats for Format {
    const TABLE: Format = Format::Table;

    fn common(self) -> Option<Format> {
        Some(self)
    }
}

/// Declares the common formats and one more.
macro_rules! formats_with {
    ($(#[$doc:meta])* $name:ident, $more:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
        pub(crate) enum $name {
            Table,
            Csv,
            Json,
            Jsonl,
            Md,
            Html,
            $more,
        }

        impl Formats for $name {
            const TABLE: $name = $name::Table;

            fn common(self) -> Option<Format> {
                Some(match self {
                    $name::Table => Format::Table,
                    $name::Csv => Format::Csv,
                    $name::Json => Format::Json,
                    $name::Jsonl => Format::Jsonl,
                    $name::Md => Format::Md,
                    $name::Html => Format::Html,
                    $name::$more => return None,
                })
            }
        }
    };
}

formats_with!(
    /// The format of a report that can also be drawn.
    PictureFormat,
    Svg
);
formats_with!(
    /// The format of a report of deadlines, which can also be a calendar.
    CalendarFormat,
    Ics
);
formats_with!(
    /// The format of a report that statistics programs take, which can also be a Parquet file.
    TableFormat,
    Parquet
);

#[derive(Debug, clap::Args)]
pub(crate) struct OutputArgs<F: Formats = Format> {
    /// Output format; html is a table that can be pasted into a document [default: from the extension of -o, otherwise table]
    #[arg(id = "format", long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    given_format: Option<F>,
    /// CSV for spreadsheets: with a byte-order mark and CRLF line ends, and no cell that runs as a formula
    #[arg(long, help_heading = "Output")]
    pub excel: bool,
    /// Write to this file; it is replaced only when the output is complete
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
}

/// The format whose name a file ends with: CSV for `balance.csv`.
pub(crate) fn by_ending<F: ValueEnum>(file: Option<&Path>) -> Option<F> {
    F::from_str(file?.extension()?.to_str()?, true).ok()
}

impl<F: Formats> OutputArgs<F> {
    /// The format: the given one, or that of the file, or a table.
    pub(crate) fn format(&self) -> F {
        self.given_format.or_else(|| by_ending(self.output.as_deref())).unwrap_or(F::TABLE)
    }

    /// The format as records; `None` for a table, and for the format that only this report has.
    pub(crate) fn form(&self) -> Result<Option<Form>> {
        let common = self.format().common();
        if self.excel {
            return match common {
                Some(Format::Table | Format::Csv) => Ok(Some(Form::SpreadsheetCsv)),
                _ => {
                    let why = "--excel writes CSV";
                    Err(Error::refused("cannot write this format for spreadsheets", why, "leave out --excel, or give --format csv"))
                }
            };
        }
        Ok(match common {
            None | Some(Format::Table) => None,
            Some(Format::Csv) => Some(Form::Csv),
            Some(Format::Json) => Some(Form::Json),
            Some(Format::Jsonl) => Some(Form::Jsonl),
            Some(Format::Md) => Some(Form::Markdown),
            Some(Format::Html) => Some(Form::Html),
        })
    }
}

/// Writes rows one by one as they are read.
pub(crate) fn stream<R: Row>(
    form: Form,
    heading: &str,
    out: &mut dyn Write,
    read: impl FnOnce(&mut dyn FnMut(R) -> Result<()>) -> Result<()>,
) -> Result<()> {
    let mut records = Records::begin::<R>(form, heading, &command_line::typed(console::arguments()), out)?;
    read(&mut |row| records.write(&row))?;
    records.end()
}

/// The table that a person sees of rows with many columns.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    /// The line above the table.
    pub heading: &'a str,
    /// The columns to show, with their headings; `>` before a heading marks numbers.
    pub columns: &'a [(&'a str, &'a str)],
    /// The number of columns that it takes to tell the rows apart.
    pub keys: usize,
    /// Writes what stands below the table.
    pub foot: &'a dyn Fn(&mut dyn Write) -> Result<()>,
}

/// Prints rows whose columns are known only when they are read: as records, or as a table; without `shown`, the table has all columns.
pub(crate) fn print_rows<F: Formats>(
    session: &Session,
    args: &OutputArgs<F>,
    shown: Option<Shown<'_>>,
    read: impl FnOnce(Begin<'_>, Each<'_>) -> Result<()>,
) -> Result<()> {
    let file = args.output.as_deref();
    let Some(form) = args.form()? else {
        let (style, grid) = (session.style(), RefCell::new(None));
        let mut begin = |columns: Vec<String>| {
            let place = |name: &str| columns.iter().position(|column| column == name);
            let (places, headings): (Vec<usize>, Vec<&str>) = match shown {
                Some(shown) => shown.columns.iter().filter_map(|(name, heading)| Some((place(name)?, *heading))).unzip(),
                None => columns.iter().map(String::as_str).enumerate().unzip(),
            };
            *grid.borrow_mut() = Some((Grid::new(style, "", &headings).with_keys(shown.map_or(1, |shown| shown.keys)), places));
            Ok(())
        };
        read(&mut begin, &mut |values| {
            if let Some((grid, places)) = grid.borrow_mut().as_mut() {
                grid.row(places.iter().map(|at| cell(&values[*at])));
            }
            Ok(())
        })?;
        let grid = grid.into_inner().map(|(grid, _)| grid);
        return page(session, file, |out| {
            if let Some(shown) = shown {
                writeln!(out, "{}\n", style.bold(visible(shown.heading)))?;
            }
            match grid {
                Some(grid) if grid.is_empty() && shown.is_some() => writeln!(out, "Nothing is on record.")?,
                Some(grid) => out.write_all(grid.lines().as_bytes())?,
                None => (),
            }
            shown.map_or(Ok(()), |shown| (shown.foot)(out))
        });
    };
    let heading = shown.map_or("Query", |shown| shown.heading);
    to(session, file, |out| {
        let (records, mut out) = (RefCell::new(None), Some(out));
        let mut begin = |columns: Vec<String>| {
            let (columns, command) = (columns.into_iter().map(Cow::Owned).collect(), command_line::typed(console::arguments()));
            let begun = out.take().map(|out| Records::with_columns(columns, form, heading, &command, out));
            *records.borrow_mut() = begun.transpose()?;
            Ok(())
        };
        read(&mut begin, &mut |values| {
            records.borrow_mut().as_mut().map_or(Ok(()), |records: &mut Records<'_>| records.write_values(values))
        })?;
        records.into_inner().map_or(Ok(()), Records::end)
    })
}

/// The value as a cell of a table.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Refuses to overwrite the file that is being read, or any ledger.
pub(crate) fn refuse_ledger(session: &Session, path: &Path) -> Result<()> {
    let same = |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if is_sqlite(path) || session.path().is_ok_and(|ledger| same(&ledger, path)) {
        return Err(Error::refused(format!("cannot write to {}", path.display()), "it is a ledger", "name another output file"));
    }
    Ok(())
}

/// Refuses a path at which a finished file would replace a device, a pipe or a socket.
pub(crate) fn refuse_special(path: &Path) -> Result<()> {
    if std::fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        let why = "it is a device, a pipe or a socket, and only a regular file is replaced";
        return Err(Error::refused(format!("cannot write to {}", path.display()), why, "name another file"));
    }
    Ok(())
}

/// Writes to a file or to standard output. Control characters in the texts never reach a terminal.
pub(crate) fn to(session: &Session, file: Option<&Path>, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let Some(path) = file else {
        if console::is_terminal() {
            let mut out = BufWriter::new(Terminal::new(io::stdout().lock()));
            write(&mut out)?;
            return Ok(out.flush()?);
        }
        let mut out = console::output();
        write(&mut out)?;
        return Ok(out.flush()?);
    };
    // A device or a pipe is opened and written to. A regular file is replaced.
    if std::fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        let device = std::fs::OpenOptions::new().write(true).open(path).map_err(Error::io("write", path))?;
        let mut out = BufWriter::with_capacity(1 << 16, device);
        write(&mut out)?;
        return Ok(out.flush()?);
    }
    refuse_ledger(session, path)?;
    let unfinished = AtomicFile::new(path)?;
    let mut out = BufWriter::with_capacity(1 << 16, std::fs::File::create_new(unfinished.path()).map_err(Error::io("create", path))?);
    write(&mut out)?;
    out.flush().map_err(Error::io("write", path))?;
    unfinished.publish(path, true)
}

/// Writes a page for people, which may contain colour codes. Control characters in its texts are made visible when it is drawn.
pub(crate) fn page(session: &Session, file: Option<&Path>, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    if file.is_some() {
        return to(session, file, write);
    }
    let style = session.style();
    write_stdout(style.strict.then_some(style.width), write)
}

/// Writes to standard output; `width` is the maximum width of a line, if there is one.
fn write_stdout(width: Option<u16>, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let mut out = console::output();
    let Some(width) = width else {
        write(&mut out)?;
        return Ok(out.flush()?);
    };
    let mut wrapping = Wrapping::new(out, width);
    write(&mut wrapping)?;
    Ok(wrapping.flush()?)
}

/// The note after a dry run.
pub(crate) const DRY_RUN: &str = "dry run: nothing was written";

/// Prints the result on standard output and, for a dry run, a note on standard error.
pub(crate) fn print_lines(text: &str, dry_run: bool) -> Result<()> {
    write_stdout(None, |out| text.lines().try_for_each(|line| Ok(writeln!(out, "{}", visible(line))?)))?;
    if dry_run {
        message(DRY_RUN);
    }
    Ok(())
}
