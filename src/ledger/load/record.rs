//! The records of a file or a command, in a form common to all formats.

use serde::{Deserialize, Serialize};

use crate::model::{Cite, LinkSpec, Relation};
use crate::record::ReadColumn;

use super::catalogue_table::{CatalogueTable, Fact};
use super::problems::Place;
use super::row::malformed;

/// The columns of the flat CSV, in order. JSON Lines and packages use the same names.
pub(crate) const COLUMNS: [&str; 17] = [
    "ref", "date", "actor", "target", "kind", "count", "stage", "by", "place", "deadline", "dispute", "summary", "answers", "executes",
    "reverses", "waives", "sources",
];

/// The prefix of columns with derived values, which an import ignores.
pub(crate) const DERIVED: &str = "derived_";

/// All columns of an action except those of its links.
pub(crate) const ALL_BUT_LINKS: Columns = 0b1_0000_1111_1111_1111;

/// The set of columns that a file has: a bit for each index in [`COLUMNS`].
pub(crate) type Columns = u32;

/// An action as given in a file, before its names are looked up. An empty text means that nothing is given.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Draft<'a> {
    pub reference: &'a str,
    pub date: &'a str,
    pub actor: &'a str,
    pub target: &'a str,
    pub kind: &'a str,
    pub count: &'a str,
    pub stage: &'a str,
    pub by: &'a str,
    pub place: &'a str,
    pub deadline: &'a str,
    pub dispute: &'a str,
    pub summary: &'a str,
    pub voided: &'a str,
    pub logged_at: &'a str,
    pub links: &'a [LinkDraft],
    pub sources: &'a [Cite],
    /// The columns that the file has.
    pub columns: Columns,
    /// True if a problem was found already.
    pub bad: bool,
}

/// A link of an action.
#[derive(Debug, Clone)]
pub(crate) struct LinkDraft {
    pub relation: Relation,
    /// The earlier action, and the stated amounts.
    pub spec: LinkSpec,
}

/// One record of a file.
pub(crate) enum Item<'a> {
    /// An action; in the flat CSV together with its links and sources.
    Action(Place, Draft<'a>),
    /// A link in a record of its own: the later action's ref, and the link.
    Link(Place, &'a str, LinkDraft),
    /// A row of the catalogue.
    Fact(Place, &'static CatalogueTable, Fact),
    /// A source with its bibliographic fields.
    Source(Place, SourceDraft),
    /// A source cited for an action.
    Citation(Place, Citation<'a>),
}

/// A source with its bibliographic fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceDraft {
    pub cite: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accessed: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
}

impl SourceDraft {
    /// Reads a source from a row that has the columns of the table.
    pub fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<SourceDraft> {
        Ok(SourceDraft {
            cite: row.read("cite")?,
            publisher: row.read("publisher")?,
            title: row.read("title")?,
            author: row.read("author")?,
            date: row.read("date")?,
            url: row.read("url")?,
            accessed: row.read("accessed")?,
            archive: row.read("archive")?,
            quote: row.read("quote")?,
        })
    }

    /// What is wrong with the form of a source that a file contains: the column and the message.
    pub fn flaw(&mut self) -> Option<(&'static str, String)> {
        if self.cite.is_empty() {
            return Some(("cite", "it is empty; help: give a URL or a line that names the source".to_owned()));
        }
        malformed([("cite", Some(self.cite.as_str()))])
            .or_else(|| malformed(self.details().map(|(column, text)| (column, text.as_deref()))))
    }

    /// Its bibliographic fields by name.
    pub fn details(&mut self) -> [(&'static str, &mut Option<String>); 8] {
        [
            ("publisher", &mut self.publisher),
            ("title", &mut self.title),
            ("author", &mut self.author),
            ("date", &mut self.date),
            ("url", &mut self.url),
            ("accessed", &mut self.accessed),
            ("archive", &mut self.archive),
            ("quote", &mut self.quote),
        ]
    }
}

/// A source cited for an action.
#[derive(Debug, Clone)]
pub(crate) struct Citation<'a> {
    pub action: &'a str,
    pub position: u32,
    pub cite: Cite,
}
