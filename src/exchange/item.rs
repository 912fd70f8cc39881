//! What a file says, piece by piece, whatever its format.

use rusqlite::Row;
use serde::{Deserialize, Serialize};

use crate::model::settle::Settlement;
use crate::model::{Cite, LinkSpec, Relation};

use super::facts::{Fact, Table};
use super::problems::Place;

/// The columns of the flat CSV, in order. JSON and packages use the same names.
pub(super) const COLUMNS: [&str; 17] = [
    "ref", "date", "actor", "target", "kind", "count", "stage", "by", "place", "deadline", "dispute", "summary", "answers", "executes",
    "reverses", "waives", "sources",
];

/// Which columns a file has, by their place in [`COLUMNS`]: what it does not have it says nothing about.
pub(super) type Columns = u32;

/// An action as a file says it, nothing looked up yet. An empty text says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Draft<'a> {
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
    /// Which columns the file has.
    pub columns: Columns,
    /// True where something is wrong with it already.
    pub bad: bool,
}

/// A link of an action.
#[derive(Debug, Clone)]
pub(super) struct LinkDraft {
    pub relation: Relation,
    pub spec: LinkSpec,
    /// The amounts, where the file states what the link settled.
    pub stated: Option<Settlement>,
}

/// One thing that a file says.
pub(super) enum Item<'a> {
    /// An action, in the flat CSV with its links and sources.
    Action(Place, Draft<'a>),
    /// A link on its own: the later action's ref, and the link.
    Link(Place, &'a str, LinkDraft),
    /// A row of the catalogue.
    Fact(Place, &'static Table, Fact),
    /// A source with what is known of it.
    Source(Place, SourceDraft),
    /// A source cited for an action.
    Citation(Place, Citation<'a>),
}

/// A source with what is known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceDraft {
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
    /// Reads a row that has the columns of a source.
    pub fn from_row(row: &Row<'_>) -> rusqlite::Result<SourceDraft> {
        Ok(SourceDraft {
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

    /// What is known of it, field by field.
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
pub(super) struct Citation<'a> {
    pub action: &'a str,
    pub position: u32,
    pub cite: Cite,
}
