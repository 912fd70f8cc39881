//! What the columns of a sheet mean: proposed from their headings and from what is in them.

use std::collections::HashMap;

use crate::error::Result;
use crate::ledger::load::record::COLUMNS;

use super::amount;
use super::dates::{self, DateOrder, Dates};
use super::layout::Layout;
use super::parties::Known;
use super::words::{self, KINDS, heading, meaning};
use super::{Row, Sheet};

/// The prefix of the name of a column that gives the other side's answer in the same row.
pub(super) const REPLY: &str = "reply-";
/// What a column means that has a part of the date of its row.
pub(super) const DATE_PARTS: [&str; 3] = ["year", "month", "day"];
/// The value of a side that is the sheet's name.
pub(super) const SHEET_NAME: &str = "(sheet)";
/// The number of cells of a column that decide what is in it.
const SAMPLE: usize = 40;

/// What a column means, or what all rows of a sheet have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Column {
    pub sheet: String,
    /// Its place; `None`: a value for all rows.
    pub column: Option<usize>,
    pub heading: String,
    /// A column of the flat CSV, for an answer after `reply-`; `year`, `month` or `day`; empty if it is left out.
    pub meaning: String,
    /// For a date the order of day, month and year; without a column the value of all rows.
    pub value: String,
    /// True if it is a part of what identifies a row.
    pub is_key: bool,
    /// Why it is proposed so, or what is asked.
    pub why: String,
}

impl Column {
    /// The place of its meaning in the columns of the flat CSV, and whether it belongs to the answer.
    pub fn target(&self) -> Option<(usize, bool)> {
        let (name, is_reply) = self.meaning.strip_prefix(REPLY).map_or((self.meaning.as_str(), false), |name| (name, true));
        COLUMNS.iter().position(|column| *column == name).map(|at| (at, is_reply))
    }

    /// True if it has this meaning.
    pub fn is(&self, meaning: &str) -> bool {
        self.meaning == meaning
    }
}

/// True for a meaning that several columns may have.
fn may_repeat(meaning: &str) -> bool {
    matches!(meaning.trim_start_matches(REPLY), "summary" | "sources" | "note" | "tags")
}

/// Proposes what the columns of a sheet mean.
pub(super) fn propose(book: &str, sheet: &Sheet, layout: &Layout, known: &mut Known<'_>) -> Result<Vec<Column>> {
    let rows: Vec<&Row> = sheet.rows[layout.first..].iter().filter(|row| layout.left_out(row, &[]).is_none()).collect();
    let mut columns: Vec<Column> = Vec::new();
    // A date in several columns has at least its year and its month.
    let parts: Vec<Option<&str>> = layout.headings.iter().map(|heading| words::date_part(heading)).collect();
    let is_in_parts = ["year", "month"].iter().all(|part| parts.contains(&Some(part)));
    for (at, heading) in layout.headings.iter().enumerate() {
        let cells: Vec<&str> = rows.iter().map(|row| row.cell(at)).filter(|cell| !cell.is_empty()).take(SAMPLE).collect();
        let (mut meaning, why) = match parts[at].filter(|_| is_in_parts) {
            Some(part) => (part.to_owned(), "a part of the date".to_owned()),
            None => of_column(heading, &cells, known)?,
        };
        if !may_repeat(&meaning) && columns.iter().any(|c| c.meaning == meaning) {
            let other = if meaning == "actor" && !columns.iter().any(|c| c.is("target")) { "target" } else { "" };
            meaning = other.to_owned();
        }
        let sheet = sheet.name.clone();
        columns.push(Column { sheet, column: Some(at), heading: heading.clone(), meaning, why, ..Column::default() });
    }
    propose_common(book, sheet, layout, known, &mut columns)?;
    Ok(columns)
}

/// What a column means by its heading, else by its cells, and why.
fn of_column(name: &str, cells: &[&str], known: &mut Known<'_>) -> Result<(String, String)> {
    let (columns, is_reply) = heading(name);
    let prefix = if is_reply { REPLY } else { "" };
    let most = |n: usize| n * 10 >= cells.len() * 7 && n > 0;
    let share = |is: &dyn Fn(&str) -> bool| most(cells.iter().filter(|cell| is(cell)).count());
    // "Date expelled" and "Event date" are dates, "Expelled" is a count, and "Event" a kind: the cells say which.
    let has_dates = share(&|cell| dates::is_date(cell));
    let fits = |column: &&&str| match **column {
        "date" | "deadline" => !share(&|cell| !dates::is_date(cell) && cell.len() < 4),
        "count" => !has_dates && !share(&|cell| amount::read(cell).problem.is_some()),
        _ => !has_dates,
    };
    if let Some(column) = columns.iter().find(fits).or(columns.first()) {
        return Ok((format!("{prefix}{column}"), String::new()));
    }
    let content = if has_dates {
        "date"
    } else if share(&|cell| cell.starts_with("http://") || cell.starts_with("https://")) {
        "sources"
    } else if share(&|cell| amount::read(cell).problem.is_none()) {
        "count"
    } else if share(&|cell| meaning(cell, KINDS).is_some()) {
        "kind"
    } else {
        let mut parties = 0;
        for cell in cells {
            parties += usize::from(known.party(cell)?.is_some());
        }
        if most(parties) { "actor" } else { "" }
    };
    Ok(match content {
        "" if is_reply => (format!("{REPLY}summary"), String::new()),
        "" => (String::new(), "its heading and its cells do not tell what it means".to_owned()),
        content if is_reply => (format!("{REPLY}{content}"), String::new()),
        content => (content.to_owned(), "by what is in its cells".to_owned()),
    })
}

/// Adds what all rows have in common: a side, the kind or the date that no column has.
fn propose_common(book: &str, sheet: &Sheet, layout: &Layout, known: &mut Known<'_>, columns: &mut Vec<Column>) -> Result<()> {
    let has = |columns: &[Column], meaning: &str| columns.iter().any(|column| column.is(meaning));
    let common = |columns: &mut Vec<Column>, meaning: &str, value: Option<String>, why: String| {
        let value = value.unwrap_or_default();
        columns.push(Column { sheet: sheet.name.clone(), meaning: meaning.to_owned(), value, why, ..Column::default() });
    };
    if !has(columns, "target")
        && let Some((code, text)) = doer(&layout.title, &layout.headings, known)?
    {
        columns.iter_mut().filter(|column| column.is("actor")).for_each(|column| "target".clone_into(&mut column.meaning));
        common(columns, "actor", Some(code), format!("'{text}'"));
    }
    let reply = columns.iter().find(|column| column.meaning.starts_with(REPLY)).map(|column| column.heading.clone());
    for (side, other) in [("actor", "target"), ("target", "actor")] {
        if has(columns, side) {
            continue;
        }
        if known.party(&sheet.name)?.is_some() {
            common(columns, side, Some(SHEET_NAME.to_owned()), "the sheet has its name".to_owned());
            continue;
        }
        let texts = reply.iter().filter(|_| side == "target").map(String::as_str).chain([layout.title.as_str(), &sheet.name, book]);
        let texts: Vec<&str> = texts.chain(layout.headings.iter().map(String::as_str)).collect();
        match named(&texts, known)? {
            Some((code, text)) if has(columns, other) => common(columns, side, Some(code), format!("'{text}'")),
            _ => common(columns, side, None, format!("which party is the {side} of these rows?")),
        }
    }
    if !has(columns, "kind") {
        let counted = columns.iter().find(|column| column.is("count")).map(|column| column.heading.clone());
        let texts = [layout.title.clone(), sheet.name.clone(), counted.unwrap_or_default(), book.to_owned()];
        let found = texts.iter().find_map(|text| Some((meaning(text, KINDS)?, text)));
        match found {
            Some((kind, text)) => common(columns, "kind", Some(kind.to_owned()), format!("'{text}'")),
            None => common(columns, "kind", None, "of which kind are these rows?".to_owned()),
        }
    }
    if !has(columns, "date") && !has(columns, "year") {
        common(columns, "date", None, "no column has dates".to_owned());
    }
    if reply.is_some() && !has(columns, "reply-date") {
        common(columns, "reply-date", None, "no column has the dates of the answers".to_owned());
    }
    Ok(())
}

/// The one party that texts name, and the first of the texts that does.
fn named(texts: &[&str], known: &mut Known<'_>) -> Result<Option<(String, String)>> {
    for text in texts {
        let mut codes: Vec<String> = words::nationals(text).into_iter().map(str::to_owned).collect();
        let spoken: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        for length in [1, 2] {
            for words in spoken.windows(length) {
                // Short words such as 'by' and 'in' are codes of other states.
                if words.concat().len() > 3 || words.concat().chars().all(char::is_uppercase) {
                    codes.extend(known.party(&words.join(" "))?);
                }
            }
        }
        codes.sort();
        codes.dedup();
        if let [code] = codes.as_slice() {
            return Ok(Some((code.clone(), (*text).to_owned())));
        }
    }
    Ok(None)
}

/// The party that acts by the title or a heading, such as "Diplomats expelled by Russia", and that text.
fn doer(title: &str, headings: &[String], known: &mut Known<'_>) -> Result<Option<(String, String)>> {
    for text in headings.iter().map(String::as_str).chain([title]).filter(|text| !heading(text).1) {
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let Some(at) = words.iter().position(|word| matches!(word.to_lowercase().as_str(), "by" | "durch" | "par" | "por")) else {
            continue;
        };
        for length in [3, 2, 1] {
            if let Some(name) = words.get(at + 1..at + 1 + length)
                && let Some(code) = known.party(&name.join(" "))?
            {
                return Ok(Some((code, text.to_owned())));
            }
        }
    }
    Ok(None)
}

/// How the dates of each column of dates are read. What is decided here is noted in the columns.
pub(super) fn decide_dates(sheet: &Sheet, layout: &Layout, columns: &mut [Column], given: Option<DateOrder>) -> HashMap<usize, Dates> {
    let mut decided: HashMap<usize, Dates> = HashMap::new();
    let has_dates = |column: &&mut Column| matches!(column.meaning.trim_start_matches(REPLY), "date" | "deadline");
    for column in columns.iter_mut().filter(has_dates) {
        let Some(at) = column.column else { continue };
        let rows = sheet.rows[layout.first..].iter().filter(|row| layout.left_out(row, &[]).is_none());
        let (dates, why) = Dates::of(rows.map(|row| row.cell(at)), column.value.parse().ok().or(given), sheet.since_1904);
        if !why.is_empty() {
            column.why = why;
        }
        column.value = dates.order.map_or_else(String::new, |order| order.name().to_owned());
        decided.insert(at, dates);
    }
    // What settles one column settles the others of the sheet.
    let orders: Vec<DateOrder> = decided.values().filter_map(|dates| dates.order).collect();
    if let Some(order) = orders.first().copied().filter(|first| orders.iter().all(|order| order == first)) {
        for column in columns.iter_mut().filter(has_dates).filter(|column| column.value.is_empty() && !column.why.is_empty()) {
            let Some(dates) = column.column.and_then(|at| decided.get_mut(&at)) else { continue };
            dates.order = Some(order);
            order.name().clone_into(&mut column.value);
            column.why = format!("{}, as in another column of the sheet", order.in_words());
        }
    }
    decided
}
