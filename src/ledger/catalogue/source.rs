//! Sources: where claims come from.

use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, params};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::model::source::{check_address, is_address};
use crate::model::{Cite, Date, name};

/// Where a claim comes from. Field names are the columns'.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// For typing.
    pub id: i64,
    /// The URL, or the line that names it.
    pub cite: String,
    /// Who published it.
    pub publisher: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was published, as precisely as it is known.
    pub date: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// The day it was looked at.
    pub accessed: Option<String>,
    /// The address of an archived copy.
    pub archive: Option<String>,
    /// The words that support the claim.
    pub quote: Option<String>,
}

impl Source {
    /// Reads a row that has the columns of a source.
    pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Source> {
        Ok(Source {
            id: row.get("id")?,
            cite: row.get("cite")?,
            publisher: row.get("publisher")?,
            title: row.get("title")?,
            author: row.get("author")?,
            date: row.get("date")?,
            url: row.get("url")?,
            accessed: row.get("accessed")?,
            archive: row.get("archive")?,
            quote: row.get("quote")?,
        })
    }

    /// What is known of it, field by field, in the order of the columns.
    pub fn details(&self) -> [(&'static str, Option<&str>); 8] {
        [
            ("publisher", self.publisher.as_deref()),
            ("title", self.title.as_deref()),
            ("author", self.author.as_deref()),
            ("date", self.date.as_deref()),
            ("url", self.url.as_deref()),
            ("accessed", self.accessed.as_deref()),
            ("archive", self.archive.as_deref()),
            ("quote", self.quote.as_deref()),
        ]
    }

    /// Where it can be read: its address, or its name where that is one.
    pub fn address(&self) -> Option<&str> {
        self.url.as_deref().or_else(|| is_address(&self.cite).then_some(self.cite.as_str()))
    }
}

/// The source with this id, or named so.
///
/// # Errors
/// There is none; the nearest are offered.
pub fn find_source(conn: &Connection, given: &str) -> Result<Source> {
    let given = given.trim();
    if let Ok(id) = given.trim_start_matches('#').parse::<i64>()
        && let Some(source) = by_id(conn, id)?
    {
        return Ok(source);
    }
    let named = conn.prepare_cached("SELECT * FROM source WHERE cite = ?")?.query_row([given], Source::from_row).optional()?;
    named.map_or_else(|| Err(unknown(conn, given)?), Ok)
}

fn by_id(conn: &Connection, id: i64) -> Result<Option<Source>> {
    Ok(conn.prepare_cached("SELECT * FROM source WHERE id = ?")?.query_row([id], Source::from_row).optional()?)
}

fn unknown(conn: &Connection, given: &str) -> Result<Error> {
    let mut holding =
        conn.prepare("SELECT cite FROM source WHERE length(?1) > 2 AND instr(lower(cite), lower(?1)) > 0 ORDER BY id LIMIT 3")?;
    let mut nearest: Vec<String> = holding.query_map([given], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    if nearest.is_empty() {
        // Those of a whole ledger would be too much to compare.
        let mut cites = conn.prepare("SELECT cite FROM source ORDER BY id DESC LIMIT 5000")?;
        let cites: Vec<String> = cites.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
        nearest = name::nearest(given, cites.iter().map(String::as_str));
    }
    let way_out = "name it by its id or as it was cited; 'recip source list' shows both".to_owned();
    Ok(Error::Unknown { what: "source", given: given.to_owned(), nearest, way_out })
}

impl Ledger {
    /// Amends a source, all that cites it with it: what it was, and what it is now. An empty field is one that is not
    /// known. Its id stays.
    ///
    /// # Errors
    /// There is no such source, another is named as this one shall be, or a date or an address is none.
    pub fn edit_source(&mut self, given: &str, amend: impl FnOnce(&mut Source)) -> Result<(Source, Source)> {
        self.change(|conn, _| {
            let before = find_source(conn, given)?;
            let mut after = before.clone();
            amend(&mut after);
            after.id = before.id;
            normalise(&mut after, &before)?;
            let update = "UPDATE source SET cite = ?2, publisher = ?3, title = ?4, author = ?5, date = ?6, url = ?7, accessed = ?8,
                archive = ?9, quote = ?10 WHERE id = ?1";
            let s = &after;
            let values = params![s.id, s.cite, s.publisher, s.title, s.author, s.date, s.url, s.accessed, s.archive, s.quote];
            conn.prepare_cached(update)?.execute(values).map_err(|e| taken(&after, e))?;
            Ok((before, after))
        })
    }
}

/// Brings what was typed into the form that the ledger keeps.
fn normalise(source: &mut Source, before: &Source) -> Result<()> {
    source.cite = source.cite.trim().to_owned();
    let cite: Cite = source.cite.parse()?;
    if cite.cite != source.cite {
        let way_out =
            format!("give the source alone; 'recip edit ACTION --source \"{source} [says ...]\"' cites it so", source = cite.cite);
        return Err(Error::invalid("cite", &source.cite, "what a source says otherwise stands with the action", way_out));
    }
    let fields = [
        &mut source.publisher,
        &mut source.title,
        &mut source.author,
        &mut source.date,
        &mut source.url,
        &mut source.accessed,
        &mut source.archive,
        &mut source.quote,
    ];
    for field in fields {
        *field = field.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    }
    for date in [&mut source.date, &mut source.accessed].into_iter().flatten() {
        *date = date.parse::<Date>()?.as_str().to_owned();
    }
    // What stands there already, however it came, is not judged.
    for (field, now, was) in [("url", &source.url, &before.url), ("archive", &source.archive, &before.archive)] {
        if let (Some(address), true) = (now, now != was) {
            check_address(field, address)?;
        }
    }
    let moves_along = source.url.is_none() || source.url.as_deref() == Some(&before.cite);
    if source.cite != before.cite && source.url == before.url && moves_along && is_address(&source.cite) {
        source.url = Some(source.cite.clone());
    }
    Ok(())
}

fn taken(source: &Source, e: rusqlite::Error) -> Error {
    if e.sqlite_error_code() != Some(ErrorCode::ConstraintViolation) {
        return e.into();
    }
    Error::refused(
        format!("name source {} '{}'", source.id, source.cite),
        "another source has this name",
        "'recip source show' shows that one; give a name of its own",
    )
}
