//! Rows as records, written one by one as they are read: CSV, JSON, JSON Lines and Markdown. A table in HTML is written at the end.

use std::borrow::Cow;
use std::io::Write;

use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::model::csv_cell::guarded;
use crate::render::html::Html;
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
    /// A page with a table that can be pasted into a document; columns without any value are left out.
    Html,
}

/// A writer of rows.
pub struct Records<'w> {
    columns: Vec<Cow<'static, str>>,
    /// True if no object has been written.
    is_empty: bool,
    out: Out<'w>,
}

enum Out<'w> {
    Csv(Box<csv::Writer<&'w mut dyn Write>>),
    SpreadsheetCsv(Box<csv::Writer<&'w mut dyn Write>>),
    Json(&'w mut dyn Write),
    Jsonl(&'w mut dyn Write),
    Markdown(&'w mut dyn Write),
    Html(Html<'w>),
}

impl<'w> Records<'w> {
    /// Writes the beginning: the header, the opening bracket or the heading. `command` is the command whose output this is.
    ///
    /// # Errors
    /// `out` cannot be written.
    pub fn begin<R: Row>(form: Form, heading: &str, command: &str, out: &'w mut dyn Write) -> Result<Records<'w>> {
        Records::with_columns(R::COLUMNS.iter().map(|column| Cow::Borrowed(*column)).collect(), form, heading, command, out)
    }

    /// As [`begin`](Records::begin), for rows whose columns are known only when they are read.
    ///
    /// # Errors
    /// As [`begin`](Records::begin).
    pub fn with_columns(
        columns: Vec<Cow<'static, str>>,
        form: Form,
        heading: &str,
        command: &str,
        out: &'w mut dyn Write,
    ) -> Result<Records<'w>> {
        let names = columns.iter().map(|column| &**column);
        let out = match form {
            Form::Csv => Out::Csv(Box::new(begin_csv(names, out, false)?)),
            Form::SpreadsheetCsv => Out::SpreadsheetCsv(Box::new(begin_csv(names, out, true)?)),
            Form::Json => {
                write!(out, "[")?;
                Out::Json(out)
            }
            Form::Jsonl => Out::Jsonl(out),
            Form::Markdown => {
                writeln!(out, "# {}\n", text(heading))?;
                writeln!(out, "| {} |", names.map(heading_cell).collect::<Vec<_>>().join(" | "))?;
                writeln!(out, "|{}", " --- |".repeat(columns.len()))?;
                Out::Markdown(out)
            }
            Form::Html => Out::Html(Html::new(heading, command, out)),
        };
        Ok(Records { columns, is_empty: true, out })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write<R: Row>(&mut self, row: &R) -> Result<()> {
        match &mut self.out {
            Out::Csv(out) => out.serialize(row).map_err(csv_error),
            Out::Json(_) | Out::Jsonl(_) => self.object(row),
            Out::SpreadsheetCsv(_) | Out::Markdown(_) | Out::Html(_) => {
                let values = cells(row, &self.columns)?;
                self.write_values(values)
            }
        }
    }

    /// Writes one row by its values, in the order of the columns.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write_values(&mut self, values: Vec<Value>) -> Result<()> {
        match &mut self.out {
            Out::Csv(out) => out.write_record(values.iter().map(plain)).map_err(csv_error),
            Out::SpreadsheetCsv(out) => out.write_record(values.iter().map(spreadsheet_cell)).map_err(csv_error),
            Out::Markdown(out) => Ok(writeln!(out, "| {} |", values.iter().map(markdown).collect::<Vec<_>>().join(" | "))?),
            Out::Html(out) => {
                out.row(values);
                Ok(())
            }
            Out::Json(_) | Out::Jsonl(_) => {
                let object = Object { columns: self.columns.clone(), values };
                self.object(&object)
            }
        }
    }

    /// Writes a row as an object.
    fn object<T: Serialize>(&mut self, row: &T) -> Result<()> {
        let first = std::mem::take(&mut self.is_empty);
        match &mut self.out {
            Out::Json(out) => {
                write!(out, "{}", if first { "\n" } else { ",\n" })?;
                serde_json::to_writer(out, row).map_err(json_error)
            }
            Out::Jsonl(out) => {
                serde_json::to_writer(&mut *out, row).map_err(json_error)?;
                Ok(writeln!(out)?)
            }
            _ => Ok(()),
        }
    }

    /// Writes the end, such as the closing bracket.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn end(self) -> Result<()> {
        match self.out {
            Out::Csv(mut out) | Out::SpreadsheetCsv(mut out) => Ok(out.flush()?),
            Out::Json(out) => Ok(writeln!(out, "{}]", if self.is_empty { "" } else { "\n" })?),
            Out::Jsonl(_) | Out::Markdown(_) => Ok(()),
            Out::Html(out) => out.end(&self.columns),
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

/// The values of a row, in the order of the columns.
fn cells<R: Row>(row: &R, columns: &[Cow<'static, str>]) -> Result<Vec<Value>> {
    let mut value = serde_json::to_value(row).map_err(json_error)?;
    Ok(columns.iter().map(|column| value[&**column].take()).collect())
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

/// The value as a cell of CSV.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The value as a cell of CSV for spreadsheets.
fn spreadsheet_cell(value: &Value) -> String {
    match value {
        Value::String(text) => guarded(text, true).into_owned(),
        other => plain(other),
    }
}

/// The name of a column in the heading of a Markdown table. The names of reports have nothing to escape.
fn heading_cell(name: &str) -> String {
    if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') { name.to_owned() } else { text(name) }
}

/// A row by its values, as an object.
struct Object {
    columns: Vec<Cow<'static, str>>,
    values: Vec<Value>,
}

impl Serialize for Object {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_map(self.columns.iter().zip(&self.values))
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
