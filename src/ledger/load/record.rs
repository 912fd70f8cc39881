//! The records of a file or a command, in a form common to all formats, and the columns that the flat CSV, JSON Lines and packages have for them.

use serde::{Deserialize, Serialize};

use crate::model::details::NAMES;
use crate::model::{Cite, Details, LinkSpec, Quantity, Relation};
use crate::record::{ReadColumn, joined};

use super::catalogue_table::{CatalogueTable, Fact};
use super::problems::Place;
use super::row::malformed;

/// The first columns of an action, which an import looks up or computes with.
const FIRST: [&str; 8] = ["ref", "date", "actor", "target", "kind", "count", "count_words", "stage"];
/// The columns of an action with a text each, in order; the last ones are its details.
pub(crate) const FIELDS: [&str; FIRST.len() + NAMES.len()] = joined!(&str: &FIRST, &NAMES);
/// The columns of the flat CSV with the links of an action, one for each relation.
pub(crate) const LINKS: [&str; 6] = ["answers", "executes", "reverses", "waives", "extends", "renews"];
/// The columns of the flat CSV, in order. JSON Lines and packages use the same names.
pub(crate) const COLUMNS: [&str; FIELDS.len() + LINKS.len() + 2] = joined!(&str: &FIELDS, &LINKS, &["sources", "quantities"]);
/// The columns of an action in JSON Lines and packages, in order. They are all its columns that are not derived.
pub(crate) const ACTION: [&str; FIELDS.len() + 2] = joined!(&str: &FIELDS, &["voided", "logged_at"]);

/// The prefix of columns with derived values, which an import ignores.
pub(crate) const DERIVED: &str = "derived_";

/// For each of the [`COLUMNS`], whether a file has it.
pub(crate) type Columns = [bool; COLUMNS.len()];

/// An action as given in a file, before its names are looked up. An empty text means that nothing is given.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Draft<'a> {
    pub reference: &'a str,
    pub date: &'a str,
    pub actor: &'a str,
    pub target: &'a str,
    pub kind: &'a str,
    /// The kind that `kind` means if it is not the name of one, such as `expulsion` for `PNG`.
    pub kind_meant: &'static str,
    /// A number, or a count as people state it.
    pub count: &'a str,
    pub count_words: &'a str,
    pub stage: &'a str,
    pub details: Details<&'a str>,
    pub voided: &'a str,
    pub logged_at: &'a str,
    pub links: &'a [LinkDraft],
    pub sources: &'a [Cite],
    pub quantities: &'a [Quantity],
    /// The columns that the file has.
    pub columns: Columns,
    /// True if a problem was found already.
    pub bad: bool,
    /// True if the ref was made for the links within the file: the row has none of its own.
    pub has_made_ref: bool,
    /// True if the row corrects the action that it resembles, unless such rows are to be added.
    pub corrects: bool,
    /// True if its ref is a number in a table as people keep it: a spreadsheet program may have changed it, or it only numbers the rows.
    pub has_doubtful_ref: bool,
}

impl<'a> Draft<'a> {
    /// A draft with the texts in the columns of [`ACTION`], or in the first of them, in order.
    pub fn from_texts(texts: impl IntoIterator<Item = &'a str>) -> Draft<'a> {
        let mut texts = texts.into_iter();
        let mut next = || texts.next().unwrap_or_default();
        Draft {
            reference: next(),
            date: next(),
            actor: next(),
            target: next(),
            kind: next(),
            count: next(),
            count_words: next(),
            stage: next(),
            details: Details::<()>::default().map(|()| next()),
            voided: next(),
            logged_at: next(),
            ..Draft::default()
        }
    }
}

/// A draft that is kept until other rows are read.
#[derive(Debug)]
pub(crate) struct KeptDraft {
    texts: Vec<String>,
    kind_meant: &'static str,
    links: Vec<LinkDraft>,
    sources: Vec<Cite>,
    quantities: Vec<Quantity>,
    columns: Columns,
    has_made_ref: bool,
    corrects: bool,
    has_doubtful_ref: bool,
}

impl KeptDraft {
    pub fn of(draft: &Draft<'_>) -> KeptDraft {
        let Draft { reference, date, actor, target, kind, count, count_words, stage, .. } = *draft;
        let details = draft.details.each().into_iter().map(|(_, text)| *text);
        let first = [reference, date, actor, target, kind, count, count_words, stage];
        let texts = first.into_iter().chain(details).chain([draft.voided, draft.logged_at]);
        KeptDraft {
            texts: texts.map(str::to_owned).collect(),
            kind_meant: draft.kind_meant,
            links: draft.links.to_vec(),
            sources: draft.sources.to_vec(),
            quantities: draft.quantities.to_vec(),
            columns: draft.columns,
            has_made_ref: draft.has_made_ref,
            corrects: draft.corrects,
            has_doubtful_ref: draft.has_doubtful_ref,
        }
    }

    pub fn draft(&self) -> Draft<'_> {
        Draft {
            kind_meant: self.kind_meant,
            links: &self.links,
            sources: &self.sources,
            quantities: &self.quantities,
            columns: self.columns,
            has_made_ref: self.has_made_ref,
            corrects: self.corrects,
            has_doubtful_ref: self.has_doubtful_ref,
            ..Draft::from_texts(self.texts.iter().map(String::as_str))
        }
    }
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
    /// A quantity of an action: the action's ref, and the quantity.
    Quantity(Place, &'a str, Quantity),
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
        let mut source = SourceDraft { cite: row.read("cite")?, ..SourceDraft::default() };
        for (column, field) in source.details() {
            *field = row.read(column)?;
        }
        Ok(source)
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
