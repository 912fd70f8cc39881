//! Writes sources as CSL-JSON, the exchange format of citation processors and reference managers (Citation Style Language 1.0.2, schema
//! `csl-data.json`).

use std::io::Write;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::ledger::catalogue::Source;
use crate::report::{Lens, source};

use super::reference::{Keys, Name, authors, line, title};

/// A reference, with the field names of the schema.
#[derive(Debug, Serialize)]
struct Item<'a> {
    id: String,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<Person<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<Dated>,
    #[serde(rename = "URL", skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accessed: Option<Dated>,
    #[serde(skip_serializing_if = "Option::is_none")]
    archive_location: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    annote: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Person<'a> {
    InParts { family: &'a str, given: &'a str },
    Whole { literal: &'a str },
}

/// A date with its precision: year, month and day; year and month; or year alone.
#[derive(Debug, Serialize)]
struct Dated {
    #[serde(rename = "date-parts")]
    parts: [Vec<u16>; 1],
}

impl Dated {
    fn of(date: Option<&String>) -> Option<Dated> {
        let parts: Vec<u16> = date?.split('-').map_while(|part| part.parse().ok()).collect();
        (!parts.is_empty()).then_some(Dated { parts: [parts] })
    }
}

/// Writes the sources of the actions that a lens selects, in order of the lines that identify them. Returns their number.
///
/// # Errors
/// The ledger cannot be read, or the output cannot be written.
pub fn export_csl_json(lens: &Lens<'_>, out: &mut dyn Write) -> Result<u64> {
    let (mut keys, mut written) = (Keys::default(), 0u64);
    write!(out, "[")?;
    source::list(lens, |source| {
        write!(out, "{}", if written == 0 { "\n" } else { ",\n" })?;
        written += 1;
        serde_json::to_writer(&mut *out, &item(keys.of(&source), &source)).map_err(|e| Error::Output(e.into()))
    })?;
    writeln!(out, "{}]", if written == 0 { "" } else { "\n" })?;
    out.flush()?;
    Ok(written)
}

fn item(key: String, source: &Source) -> Item<'_> {
    Item {
        id: key,
        r#type: if source.address().is_some() { "webpage" } else { "document" },
        author: authors(source)
            .into_iter()
            .map(|name| match name {
                Name::Person(family, given) => Person::InParts { family, given },
                Name::Literal(literal) => Person::Whole { literal },
            })
            .collect(),
        title: title(source),
        publisher: source.publisher.as_deref(),
        issued: Dated::of(source.date.as_ref()),
        url: source.address(),
        accessed: Dated::of(source.accessed.as_ref()),
        archive_location: source.archive.as_deref(),
        note: line(source),
        annote: source.quote.as_deref(),
    }
}
