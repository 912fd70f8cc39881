//! Rows as a table in HTML that can be pasted into a document: a caption, headings with their scope, and numbers that are aligned right.

use std::borrow::Cow;
use std::io::Write;

use serde_json::Value;

use crate::error::Result;
use crate::render::xml::text;

/// The style of the page. It uses only what word processors understand.
const STYLE: &str = "table { border-collapse: collapse; font-family: Calibri, Arial, sans-serif; font-size: 10pt; }
caption { text-align: left; font-weight: bold; padding-bottom: 6pt; }
caption small { font-weight: normal; }
th, td { text-align: left; vertical-align: top; padding: 2pt 6pt; border-bottom: 1px solid #bbbbbb; }
thead th { border-bottom: 1px solid #000000; }
tbody th { font-weight: normal; }
.number { text-align: right; }
.number, .short { white-space: nowrap; }
";

/// A table that is written once all rows are known, because columns without any value are left out.
pub(super) struct Html<'w> {
    heading: String,
    command: String,
    rows: Vec<Vec<Value>>,
    out: &'w mut dyn Write,
}

impl<'w> Html<'w> {
    pub fn new(heading: &str, command: &str, out: &'w mut dyn Write) -> Html<'w> {
        Html { heading: heading.to_owned(), command: command.to_owned(), rows: Vec::new(), out }
    }

    pub fn row(&mut self, cells: Vec<Value>) {
        self.rows.push(cells);
    }

    /// Writes the page.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn end(self, columns: &[Cow<'static, str>]) -> Result<()> {
        let Html { heading, command, rows, out } = self;
        let used: Vec<usize> =
            (0..columns.len()).filter(|at| rows.is_empty() || rows.iter().any(|row| !shown(&row[*at]).is_empty())).collect();
        let class: Vec<&str> = (0..columns.len()).map(|at| class(&rows, at)).collect();
        writeln!(out, "<!doctype html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\" />")?;
        writeln!(out, "<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<table>", text(&heading))?;
        writeln!(out, "<caption>{}<br /><small>{}</small></caption>", text(&heading), text(&command))?;
        write!(out, "<thead><tr>")?;
        for at in &used {
            write!(out, "<th scope=\"col\"{}>{}</th>", class[*at], text(&columns[*at].replace('_', " ")))?;
        }
        writeln!(out, "</tr></thead>\n<tbody>")?;
        for row in &rows {
            write!(out, "<tr>")?;
            for (n, at) in used.iter().enumerate() {
                let (tag, scope) = if n == 0 { ("th", " scope=\"row\"") } else { ("td", "") };
                write!(out, "<{tag}{scope}{}>{}</{tag}>", class[*at], text(&shown(&row[*at])))?;
            }
            writeln!(out, "</tr>")?;
        }
        Ok(writeln!(out, "</tbody>\n</table>\n</body>\n</html>")?)
    }
}

/// The class of a column, as an attribute: numbers are aligned right, and dates and codes are not broken.
fn class(rows: &[Vec<Value>], column: usize) -> &'static str {
    let mut values = rows.iter().map(|row| &row[column]).filter(|value| !value.is_null()).peekable();
    match () {
        () if values.peek().is_none() => "",
        () if values.clone().all(Value::is_number) => " class=\"number\"",
        () if values.all(|value| shown(value).len() <= "2018-03-26".len()) => " class=\"short\"",
        () => "",
    }
}

/// A value as people write it; empty: unknown, or "no".
fn shown(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::String(string) => string.clone(),
        Value::Number(number) => number.to_string().replace('-', "\u{2212}"),
        other => other.to_string(),
    }
}
