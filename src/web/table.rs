//! Rows as tables for a page, from the CSV that a command prints.

use serde::Serialize;

use super::request::encoded;
use crate::model::source::is_address;
use crate::render::text::visible;

/// The maximum number of rows on a page; a file has all of them.
const MAX_ROWS: usize = 1_000;

/// A table.
#[derive(Debug, Serialize)]
pub(super) struct Table {
    /// The columns that have a value in any row.
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// The number of rows that are left out.
    pub more: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct Column {
    pub name: String,
    /// `number`, `short` or empty.
    pub class: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub cells: Vec<Cell>,
    /// The first cell as it is: what a review decides about.
    pub key: String,
    /// The command of a suggestion.
    pub command: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Cell {
    pub text: String,
    pub link: Option<String>,
}

/// Reads what the command of the page printed.
pub(super) fn read(page: &str, csv: &[u8]) -> Table {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(csv);
    let names: Vec<String> = reader.headers().map(|names| names.iter().map(str::to_owned).collect()).unwrap_or_default();
    let (mut records, mut more) = (Vec::new(), 0);
    for record in reader.records().map_while(Result::ok) {
        if records.len() < MAX_ROWS {
            records.push(record);
        } else {
            more += 1;
        }
    }
    let command = names.iter().position(|name| name == "command").filter(|_| page == "suggest");
    let values = |at: usize| records.iter().filter_map(move |record| record.get(at)).filter(|value| !value.is_empty());
    let used: Vec<usize> =
        (0..names.len()).filter(|at| Some(*at) != command && (records.is_empty() || values(*at).next().is_some())).collect();
    let columns = used
        .iter()
        .map(|at| Column {
            name: visible(&names[*at].replace('_', " ")).into_owned(),
            class: match () {
                () if values(*at).next().is_none() => "",
                () if names[*at] != "id" && values(*at).all(|value| value.parse::<f64>().is_ok()) => "number",
                () if values(*at).all(|value| value.len() <= "2018-03-26".len()) => "short",
                () => "",
            },
        })
        .collect();
    let rows = records.iter().map(|record| Row {
        cells: used
            .iter()
            .map(|at| {
                let text = record.get(*at).unwrap_or("");
                Cell { link: link(page, &names[*at], text), text: visible(text).into_owned() }
            })
            .collect(),
        key: record.get(0).unwrap_or("").to_owned(),
        command: command.and_then(|at| record.get(at)).map(|command| command.trim_start_matches("recip ").to_owned()),
    });
    Table { columns, rows: rows.collect(), more }
}

/// Where a value leads.
fn link(page: &str, column: &str, text: &str) -> Option<String> {
    let to = |name: &str| Some(format!("/{name}/{}", encoded(text)));
    match (page, column) {
        _ if text.is_empty() => None,
        ("candidates", "id") => to("candidate"),
        ("sources", "id") => to("source"),
        ("parties", "code") => to("party"),
        ("disputes", "slug") => Some(format!("/list?dispute={}", encoded(text))),
        ("kinds", "name") => Some(format!("/list?kind={}", encoded(text))),
        (_, "id" | "ref" | "claim_id" | "claim_ref" | "answer_id" | "answer_ref" | "by_id" | "by_ref" | "action_id") if page != "sql" => {
            to("action")
        }
        (_, "dispute") => Some(format!("/list?dispute={}", encoded(text))),
        ("check", "where") => text.strip_prefix('#').map(|id| format!("/action/{}", encoded(id))),
        (_, "url" | "cite" | "archive") => address(text),
        _ => None,
    }
}

/// The text, if it is the address of a page on the web; no other link leaves a page.
pub(super) fn address(text: &str) -> Option<String> {
    (is_address(text) && !text.chars().any(|c| c.is_control() || c.is_whitespace())).then(|| text.to_owned())
}

/// A text with links: `#7` leads to the action, and an address to its page.
pub(super) fn linked(text: &str) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    let escaped = |part: &str| part.lines().map(crate::render::xml::text).collect::<Vec<_>>().join("\n");
    for line in text.lines() {
        for word in line.split_inclusive(' ') {
            let (bare, rest) = word.split_at(word.trim_end_matches([' ', ',', ';', ':', ')', '.']).len());
            let id = bare.trim_start_matches('(').strip_prefix('#').filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()));
            match (id, address(bare)) {
                (Some(id), _) => {
                    let open = if bare.starts_with('(') { "(" } else { "" };
                    html.push_str(&format!("{open}<a href=\"/action/{id}\">#{id}</a>{}", escaped(rest)));
                }
                (None, Some(url)) => {
                    let url = escaped(&url);
                    html.push_str(&format!("<a href=\"{url}\" rel=\"noreferrer noopener\">{url}</a>{}", escaped(rest)));
                }
                (None, None) => html.push_str(&escaped(word)),
            }
        }
        html.push('\n');
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_stays_text_and_only_web_addresses_are_links() {
        assert_eq!(linked("  see #7, <b>\n"), "  see <a href=\"/action/7\">#7</a>, &lt;b&gt;\n");
        assert_eq!(linked("javascript:alert(1) #x"), "javascript:alert(1) #x\n");
        assert!(linked("[1] https://example.org/a?b=\"c").contains("href=\"https://example.org/a?b=&quot;c\""));
        let table = read("sources", b"id,cite,empty\n1,javascript:alert(1),\n2,https://example.org/,\n");
        assert_eq!(table.columns.len(), 2);
        assert_eq!((&table.rows[0].cells[1].link, table.rows[1].cells[1].link.as_deref()), (&None, Some("https://example.org/")));
    }
}
