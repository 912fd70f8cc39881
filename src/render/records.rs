//! Rows as records, written one by one as they are read: CSV, JSON, JSON Lines and Markdown.

use std::io::Write;

use serde_json::Value;

use crate::error::{Error, Result};
use crate::model::csv_cell::guarded;
use crate::render::markdown::text;
use crate::report::Row;

/// The output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A header, then one line per row; an unknown value is an empty cell.
    Csv,
    /// CSV for spreadsheets: with a byte-order mark and CRLF line ends, and no cell that runs as a formula.
    SpreadsheetCsv,
    /// One array of objects; an unknown value is `null`.
    Json,
    /// One object per line.
    Jsonl,
    /// A heading, then a table.
    Markdown,
}

/// A writer of rows.
pub struct Records<'w> {
    columns: &'static [&'static str],
    rows: u64,
    out: Out<'w>,
}

enum Out<'w> {
    Csv(Box<csv::Writer<&'w mut dyn Write>>),
    SpreadsheetCsv(Box<csv::Writer<&'w mut dyn Write>>),
    Json(&'w mut dyn Write),
    Jsonl(&'w mut dyn Write),
    Markdown(&'w mut dyn Write),
}

impl<'w> Records<'w> {
    /// Writes the beginning: the header, the opening bracket or the heading.
    ///
    /// # Errors
    /// `out` cannot be written.
    pub fn begin<R: Row>(form: Form, heading: &str, out: &'w mut dyn Write) -> Result<Records<'w>> {
        let out = match form {
            Form::Csv => Out::Csv(Box::new(begin_csv(R::COLUMNS.iter().copied(), out, false)?)),
            Form::SpreadsheetCsv => Out::SpreadsheetCsv(Box::new(begin_csv(R::COLUMNS.iter().copied(), out, true)?)),
            Form::Json => {
                write!(out, "[")?;
                Out::Json(out)
            }
            Form::Jsonl => Out::Jsonl(out),
            Form::Markdown => {
                writeln!(out, "# {}\n", text(heading))?;
                writeln!(out, "| {} |", R::COLUMNS.join(" | "))?;
                writeln!(out, "|{}", " --- |".repeat(R::COLUMNS.len()))?;
                Out::Markdown(out)
            }
        };
        Ok(Records { columns: R::COLUMNS, rows: 0, out })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write<R: Row>(&mut self, row: &R) -> Result<()> {
        let first = self.rows == 0;
        self.rows += 1;
        match &mut self.out {
            Out::Csv(out) => out.serialize(row).map_err(csv_error),
            Out::SpreadsheetCsv(out) => {
                let value = serde_json::to_value(row).map_err(json_error)?;
                out.write_record(self.columns.iter().map(|c| spreadsheet_cell(&value[*c]))).map_err(csv_error)
            }
            Out::Json(out) => {
                write!(out, "{}", if first { "\n" } else { ",\n" })?;
                serde_json::to_writer(out, row).map_err(json_error)
            }
            Out::Jsonl(out) => {
                serde_json::to_writer(&mut *out, row).map_err(json_error)?;
                Ok(writeln!(out)?)
            }
            Out::Markdown(out) => {
                let value = serde_json::to_value(row).map_err(json_error)?;
                let cells: Vec<String> = self.columns.iter().map(|c| markdown(&value[*c])).collect();
                Ok(writeln!(out, "| {} |", cells.join(" | "))?)
            }
        }
    }

    /// Writes the end, such as the closing bracket.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn end(self) -> Result<()> {
        match self.out {
            Out::Csv(mut out) | Out::SpreadsheetCsv(mut out) => Ok(out.flush()?),
            Out::Json(out) => Ok(writeln!(out, "{}]", if self.rows == 0 { "" } else { "\n" })?),
            Out::Jsonl(_) | Out::Markdown(_) => Ok(()),
        }
    }
}

/// Writes one value as indented JSON.
///
/// # Errors
/// The output cannot be written.
pub fn json<T: serde::Serialize>(value: &T, out: &mut dyn Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(json_error)?;
    Ok(writeln!(out)?)
}

/// Writes one value as JSON on its own line.
///
/// # Errors
/// The output cannot be written.
pub fn line<T: serde::Serialize>(value: &T, out: &mut dyn Write) -> Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(json_error)?;
    Ok(writeln!(out)?)
}

/// Begins a CSV file with its header. For spreadsheets it has a byte-order mark, by which Excel recognises UTF-8, and CRLF line ends; its
/// texts are to be [`guarded`].
pub(crate) fn begin_csv<'c, 'w>(
    columns: impl IntoIterator<Item = &'c str>,
    out: &'w mut dyn Write,
    spreadsheet: bool,
) -> Result<csv::Writer<&'w mut dyn Write>> {
    let mut format = csv::WriterBuilder::new();
    format.has_headers(false).buffer_capacity(256 << 10);
    if spreadsheet {
        out.write_all("\u{feff}".as_bytes())?;
        format.terminator(csv::Terminator::CRLF);
    }
    let mut csv = format.from_writer(out);
    csv.write_record(columns).map_err(csv_error)?;
    Ok(csv)
}

/// The value as a cell of CSV for spreadsheets.
fn spreadsheet_cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => guarded(text, true).into_owned(),
        other => other.to_string(),
    }
}

fn markdown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(string) => text(string),
        other => other.to_string(),
    }
}

/// Converts an error in writing CSV to an output error.
pub(crate) fn csv_error(e: csv::Error) -> Error {
    match e.into_kind() {
        csv::ErrorKind::Io(e) => Error::Output(e),
        other => Error::Output(std::io::Error::other(format!("{other:?}"))),
    }
}

fn json_error(e: serde_json::Error) -> Error {
    Error::Output(e.io_error_kind().map_or_else(|| std::io::Error::other(e.to_string()), std::io::Error::from))
}
