//! Output: the format of results and where they are written.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use recip::atomic::AtomicFile;
use recip::ledger::is_sqlite;
use recip::render::records::{Form, Records};
use recip::render::text::{Terminal, Wrapping, visible};
use recip::report::Row;
use recip::{Error, Result};

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

#[derive(Debug, clap::Args)]
pub(crate) struct OutputArgs {
    /// Output format; html is a table that can be pasted into a document
    #[arg(long, value_enum, default_value = "table", help_heading = "Output")]
    pub format: Format,
    /// CSV for spreadsheets: with a byte-order mark and CRLF line ends, and no cell that runs as a formula
    #[arg(long, help_heading = "Output")]
    pub excel: bool,
    /// Write to this file; it is replaced only when the output is complete
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
}

impl OutputArgs {
    /// The format as records; `None` for a table.
    pub(crate) fn form(&self) -> Result<Option<Form>> {
        self.format.form(self.excel)
    }
}

impl Format {
    fn form(self, excel: bool) -> Result<Option<Form>> {
        Ok(match self {
            Format::Table | Format::Csv if excel => Some(Form::SpreadsheetCsv),
            _ if excel => return Err(only_csv()),
            Format::Table => None,
            Format::Csv => Some(Form::Csv),
            Format::Json => Some(Form::Json),
            Format::Jsonl => Some(Form::Jsonl),
            Format::Md => Some(Form::Markdown),
            Format::Html => Some(Form::Html),
        })
    }
}

/// The error that `--excel` was given for something else than CSV.
fn only_csv() -> Error {
    Error::refused("cannot write this format for spreadsheets", "--excel writes CSV", "leave out --excel, or give --format csv")
}

/// The format of a report that can also be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PictureFormat {
    Table,
    Csv,
    Json,
    Jsonl,
    Md,
    Html,
    Svg,
}

/// The output of a report that can also be drawn.
#[derive(Debug, clap::Args)]
pub(crate) struct PictureArgs {
    /// Output format
    #[arg(long, value_enum, default_value = "table", help_heading = "Output")]
    pub format: PictureFormat,
    /// CSV for spreadsheets: with a byte-order mark and CRLF line ends, and no cell that runs as a formula
    #[arg(long, help_heading = "Output")]
    pub excel: bool,
    /// Write to this file; it is replaced only when the output is complete
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
}

impl PictureArgs {
    /// The format as records; `None` for a table or a picture.
    pub(crate) fn form(&self) -> Result<Option<Form>> {
        let rows = match self.format {
            PictureFormat::Table => Format::Table,
            PictureFormat::Csv => Format::Csv,
            PictureFormat::Json => Format::Json,
            PictureFormat::Jsonl => Format::Jsonl,
            PictureFormat::Md => Format::Md,
            PictureFormat::Html => Format::Html,
            PictureFormat::Svg if self.excel => return Err(only_csv()),
            PictureFormat::Svg => return Ok(None),
        };
        rows.form(self.excel)
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

/// Prints the result on standard output and, for a dry run, a note on standard error.
pub(crate) fn print_lines(text: &str, dry_run: bool) -> Result<()> {
    write_stdout(None, |out| text.lines().try_for_each(|line| Ok(writeln!(out, "{}", visible(line))?)))?;
    if dry_run {
        message("dry run: nothing was written");
    }
    Ok(())
}
