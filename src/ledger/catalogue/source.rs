//! Sources: what the actions of a ledger cite.

use rusqlite::{Connection, ErrorCode, OptionalExtension, params};

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::model::source::{check_address, is_address};
use crate::model::{Cite, Date, name};
use crate::record::{ReadColumn, record, select};

record! {
    /// A source that actions cite. Fields are named like the columns.
    #[derive(Eq)]
    pub struct Source {
        /// Its number in this ledger.
        id: i64,
        /// The URL, or the line of text, that identifies it.
        cite: String,
        /// Who published it.
        publisher: Option<String>,
        /// Its title.
        title: Option<String>,
        /// Who wrote it.
        author: Option<String>,
        /// The date of publication, as precise as is known.
        date: Option<String>,
        /// Its URL.
        url: Option<String>,
        /// The day on which it was last accessed.
        accessed: Option<String>,
        /// The URL of an archived copy.
        archive: Option<String>,
        /// The passage that supports the entry.
        quote: Option<String>,
    }
}

impl Source {
    /// Its bibliographic fields by name, in the order of the columns.
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

    /// The address at which it can be read: its URL, or the text that identifies it if that is an address.
    pub fn address(&self) -> Option<&str> {
        self.url.as_deref().or_else(|| is_address(&self.cite).then_some(self.cite.as_str()))
    }
}

/// Finds a source by its id or by the text that identifies it.
///
/// # Errors
/// There is no such source. The error suggests similar ones.
pub fn find_source(conn: &Connection, given: &str) -> Result<Source> {
    let given = given.trim();
    if let Ok(id) = given.trim_start_matches('#').parse::<i64>()
        && let Some(source) = by_id(conn, id)?
    {
        return Ok(source);
    }
    let named = conn.prepare_cached(&select::<Source>("FROM source WHERE cite = ?"))?.query_row([given], Source::from_row).optional()?;
    named.map_or_else(|| Err(unknown(conn, given)?), Ok)
}

fn by_id(conn: &Connection, id: i64) -> Result<Option<Source>> {
    Ok(conn.prepare_cached(&select::<Source>("FROM source WHERE id = ?"))?.query_row([id], Source::from_row).optional()?)
}

fn unknown(conn: &Connection, given: &str) -> Result<Error> {
    let mut holding =
        conn.prepare("SELECT cite FROM source WHERE length(?1) > 2 AND instr(lower(cite), lower(?1)) > 0 ORDER BY id LIMIT 3")?;
    let mut nearest: Vec<String> = holding.query_map([given], |r| r.read(0))?.collect::<rusqlite::Result<_>>()?;
    if nearest.is_empty() {
        // Comparing all sources of a ledger would take too long.
        let mut cites = conn.prepare("SELECT cite FROM source ORDER BY id DESC LIMIT 5000")?;
        let cites: Vec<String> = cites.query_map([], |r| r.read(0))?.collect::<rusqlite::Result<_>>()?;
        nearest = name::nearest(given, cites.iter().map(String::as_str));
    }
    let way_out = "name a source by its id or as it was cited; 'recip source list' shows both".to_owned();
    Ok(Error::Unknown { what: "source", given: given.to_owned(), nearest, way_out })
}

impl Ledger {
    /// Changes a source for all actions that cite it, and returns it before and after. An empty field becomes unknown. The id does not
    /// change.
    ///
    /// # Errors
    /// There is no such source, its new name belongs to another source, or a date or an address is invalid.
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
            conn.prepare_cached(update)?.execute(values).map_err(|e| name_taken(&after, e))?;
            Ok((before, after))
        })
    }
}

/// Normalises and validates the fields.
fn normalise(source: &mut Source, before: &Source) -> Result<()> {
    source.cite = source.cite.trim().to_owned();
    let cite: Cite = source.cite.parse()?;
    if cite.cite != source.cite {
        let way_out = format!("name the source alone; to record what it says: recip edit ACTION --source \"{}\"", source.cite);
        let why = "a differing reading belongs to the citation in an action, not to the source";
        return Err(Error::invalid("cite", &source.cite, why, way_out));
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
    // An address that is stored already is not validated again.
    for (field, now, was) in [("url", &source.url, &before.url), ("archive", &source.archive, &before.archive)] {
        if let (Some(address), true) = (now, now != was) {
            check_address(field, address)?;
        }
    }
    let url_follows_cite = source.url.is_none() || source.url.as_deref() == Some(&before.cite);
    if source.cite != before.cite && source.url == before.url && url_follows_cite && is_address(&source.cite) {
        source.url = Some(source.cite.clone());
    }
    Ok(())
}

fn name_taken(source: &Source, e: rusqlite::Error) -> Error {
    if e.sqlite_error_code() != Some(ErrorCode::ConstraintViolation) {
        return e.into();
    }
    Error::refused(
        format!("cannot rename source {} to '{}'", source.id, source.cite),
        "another source has this name",
        "choose another name; 'recip source show' shows the source that has this one",
    )
}
