//! Sources as numbered notes: one number per source, in the order in which the page cites them.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use crate::ledger::catalogue::Source;
use crate::render::source::said;
use crate::render::text::visible;
use crate::report::show::Cited;

/// A source with its number.
#[derive(Debug, Clone, Serialize)]
pub struct Note {
    /// Its number on the page, from 1.
    pub number: usize,
    /// The URL or the citation text.
    pub cite: String,
    /// The address, if it is a web address; otherwise `None`, so that nothing else becomes a link.
    pub url: Option<String>,
    /// The publisher.
    pub publisher: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The author.
    pub author: Option<String>,
    /// The date of publication.
    pub date: Option<String>,
    /// The day on which the source was accessed.
    pub accessed: Option<String>,
    /// The address of an archived copy, if it is a web address.
    pub archive: Option<String>,
    /// The words that support the claim.
    pub quote: Option<String>,
    /// The acts that cite it.
    pub cited_by: Vec<Citation>,
}

/// An act that cites a source, with any difference between the two.
#[derive(Debug, Clone, Serialize)]
pub struct Citation {
    /// The act's id.
    pub id: i64,
    /// The difference: `gives the date as 2017-07-30`; empty: the source agrees.
    pub says: String,
}

/// Numbers the sources while a page is built.
#[derive(Debug)]
pub(super) struct Notes<'b> {
    sources: &'b BTreeMap<i64, Vec<Cited>>,
    numbers: HashMap<&'b str, usize>,
    notes: Vec<Note>,
    /// The acts that already have a row.
    listed: HashSet<i64>,
}

impl<'b> Notes<'b> {
    pub fn new(sources: &'b BTreeMap<i64, Vec<Cited>>) -> Notes<'b> {
        Notes { sources, numbers: HashMap::new(), notes: Vec::new(), listed: HashSet::new() }
    }

    /// The numbers of an act's sources, and whether this is the act's first row on the page, which is the target of links.
    pub fn cite(&mut self, id: i64) -> (Vec<usize>, bool) {
        let first = self.listed.insert(id);
        let sources: &'b [Cited] = self.sources.get(&id).map_or(&[], Vec::as_slice);
        let numbers = sources.iter().map(|source| self.number(source, id, first)).collect();
        (numbers, first)
    }

    fn number(&mut self, cited: &'b Cited, id: i64, first: bool) -> usize {
        let (source, next) = (&cited.source, self.notes.len() + 1);
        let number = *self.numbers.entry(&source.cite).or_insert(next);
        if number == next {
            self.notes.push(note(number, source));
        }
        if first && let Some(note) = self.notes.get_mut(number - 1) {
            note.cited_by.push(Citation { id, says: said(&cited.reading).join(" and ") });
        }
        number
    }

    /// Whether the act has a row on the page.
    pub fn lists(&self, id: i64) -> bool {
        self.listed.contains(&id)
    }

    pub fn finish(self) -> Vec<Note> {
        self.notes
    }
}

fn note(number: usize, source: &Source) -> Note {
    // Fields that only repeat the citation are left out.
    let detail = |text: &Option<String>| text.as_deref().filter(|t| *t != source.cite).map(|t| visible(t).into_owned());
    Note {
        number,
        cite: visible(&source.cite).into_owned(),
        url: source.address().filter(|u| is_web(u)).map(str::to_owned),
        publisher: detail(&source.publisher),
        title: detail(&source.title),
        author: detail(&source.author),
        date: detail(&source.date),
        accessed: detail(&source.accessed),
        archive: source.archive.clone().filter(|a| is_web(a)),
        quote: detail(&source.quote),
        cited_by: Vec::new(),
    }
}

/// True for a web address that is safe to link: http or https, without spaces or control characters.
fn is_web(url: &str) -> bool {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://")) && !url.chars().any(|c| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_become_links() {
        for good in ["https://example.org/a?b=c", "HTTP://example.org", "https://example.org/\"><b>"] {
            assert!(is_web(good), "{good}");
        }
        for bad in
            ["javascript:alert(1)", "data:text/html,x", "The Times", "//example.org", "https://a b", "http:/x", "ftp://x", "httpß://x"]
        {
            assert!(!is_web(bad), "{bad}");
        }
    }
}
