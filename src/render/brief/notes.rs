//! Sources as numbered notes: one number a source, in the order in which the page cites them.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use crate::ledger::catalogue::Source;
use crate::render::text::visible;
use crate::report::show::Cited;

/// A source with its number.
#[derive(Debug, Clone, Serialize)]
pub struct Note {
    /// Its number on the page, from 1.
    pub number: usize,
    /// The URL, or the line that names it.
    pub cite: String,
    /// Its address, where that is one of the web; else `None`, so that nothing else becomes a link.
    pub url: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was published.
    pub date: Option<String>,
    /// The day it was looked at.
    pub accessed: Option<String>,
    /// The address of an archived copy, where that is one of the web.
    pub archive: Option<String>,
    /// The words that support the claim.
    pub quote: Option<String>,
    /// The acts that cite it.
    pub cited_by: Vec<Citation>,
}

/// An act that cites a source, with what the source says otherwise.
#[derive(Debug, Clone, Serialize)]
pub struct Citation {
    /// The act's id.
    pub id: i64,
    /// `gives the date as 2017-07-30`; empty: it says the same.
    pub says: String,
}

/// The numbering of a page as it grows.
#[derive(Debug)]
pub(super) struct Notes<'b> {
    sources: &'b BTreeMap<i64, Vec<Cited>>,
    numbers: HashMap<&'b str, usize>,
    notes: Vec<Note>,
    /// The acts that have a row already.
    listed: HashSet<i64>,
}

impl<'b> Notes<'b> {
    pub fn new(sources: &'b BTreeMap<i64, Vec<Cited>>) -> Notes<'b> {
        Notes { sources, numbers: HashMap::new(), notes: Vec::new(), listed: HashSet::new() }
    }

    /// The numbers of an act's sources, and whether this is its first row on the page: the one that others link to.
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
            note.cited_by.push(Citation { id, says: says(cited) });
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
    // What only repeats the citation is left out.
    let told = |text: &Option<String>| text.as_deref().filter(|t| *t != source.cite).map(|t| visible(t).into_owned());
    Note {
        number,
        cite: visible(&source.cite).into_owned(),
        url: source.address().filter(|u| is_web(u)).map(str::to_owned),
        publisher: told(&source.publisher),
        title: told(&source.title),
        author: told(&source.author),
        date: told(&source.date),
        accessed: told(&source.accessed),
        archive: source.archive.clone().filter(|a| is_web(a)),
        quote: told(&source.quote),
        cited_by: Vec::new(),
    }
}

/// True for an address that a reader may follow: http or https, and nothing in it that is no part of one.
fn is_web(url: &str) -> bool {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://")) && !url.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn says(source: &Cited) -> String {
    let date = source.says_date.as_ref().map(|date| format!("gives the date as {}", visible(date)));
    let count = source.says_count.map(|count| format!("gives the count as {count}"));
    [date, count].into_iter().flatten().collect::<Vec<_>>().join(" and ")
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
