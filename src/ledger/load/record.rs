//! What a file or a command says, record by record, whatever its format.

use serde::{Deserialize, Serialize};

use crate::model::{Cite, LinkSpec, Relation};

use super::catalogue_table::{CatalogueTable, Fact};
use super::problems::Place;

/// The columns of the flat CSV, in order. JSON and packages use the same names.
pub(crate) const COLUMNS: [&str; 17] = [
    "ref", "date", "actor", "target", "kind", "count", "stage", "by", "place", "deadline", "dispute", "summary", "answers", "executes",
    "reverses", "waives", "sources",
];

/// What the names of columns begin with that hold derived values. An import passes over them.
pub(crate) const DERIVED: &str = "derived_";

/// Every column of an action but those of its links.
pub(crate) const ALL_BUT_LINKS: Columns = 0b1_0000_1111_1111_1111;

/// Which columns a file has, by their place in [`COLUMNS`]: what it does not have it says nothing about.
pub(crate) type Columns = u32;

/// An action as a file says it, nothing looked up yet. An empty text says nothing.
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
    /// Which columns the file has.
    pub columns: Columns,
    /// True where something is wrong with it already.
    pub bad: bool,
}

/// A link of an action.
#[derive(Debug, Clone)]
pub(crate) struct LinkDraft {
    pub relation: Relation,
    /// The earlier action, and the amounts that are stated.
    pub spec: LinkSpec,
}

/// One thing that a file says.
pub(crate) enum Item<'a> {
    /// An action, in the flat CSV with its links and sources.
    Action(Place, Draft<'a>),
    /// A link on its own: the later action's ref, and the link.
    Link(Place, &'a str, LinkDraft),
    /// A row of the catalogue.
    Fact(Place, &'static CatalogueTable, Fact),
    /// A source with what is known of it.
    Source(Place, SourceDraft),
    /// A source cited for an action.
    Citation(Place, Citation<'a>),
}

/// A source with what is known of it.
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
pub(crate) struct Citation<'a> {
    pub action: &'a str,
    pub position: u32,
    pub cite: Cite,
}
