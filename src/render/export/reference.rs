//! Prepares a source for reference managers: its key, its authors one by one, its title.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use crate::ledger::catalogue::Source;
use crate::model::name::words;
use crate::model::source::is_address;

/// The name of an author.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Name<'a> {
    /// Family and given name, entered as `Kennan, George F.`.
    Person(&'a str, &'a str),
    /// An institution, or a name that was not entered in two parts.
    Literal(&'a str),
}

/// The authors of a source. Semicolons separate them.
pub(super) fn authors(source: &Source) -> Vec<Name<'_>> {
    let names = source.author.iter().flat_map(|author| author.split(';')).map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| match name.split_once(',') {
            Some((family, given)) if !given.contains(',') && !family.trim().is_empty() && !given.trim().is_empty() => {
                Name::Person(family.trim(), given.trim())
            }
            _ => Name::Literal(name),
        })
        .collect()
}

/// The title of a source, or else the line that identifies it. An address does not count as a title.
pub(super) fn title(source: &Source) -> Option<&str> {
    source.title.as_deref().or_else(|| (!is_address(&source.cite)).then_some(source.cite.as_str()))
}

/// The line that identifies a source in the ledger, if it is neither its title nor its address.
pub(super) fn line(source: &Source) -> Option<&str> {
    let cite = source.cite.as_str();
    (title(source) != Some(cite) && source.address() != Some(cite)).then_some(cite)
}

/// The keys in use, each for one source.
#[derive(Debug, Default)]
pub(super) struct Keys(HashSet<String>);

impl Keys {
    /// Makes the key of a source: the site or the first words of the line that identifies it, and a digest of that line. Neither other
    /// details of the source nor other sources affect the key.
    pub fn of(&mut self, source: &Source) -> String {
        let site = source.cite.split_once("://").filter(|_| is_address(&source.cite)).map(|(_, rest)| rest);
        let site = site.and_then(|rest| rest.split(['/', '?', '#']).next()).map(|host| host.trim_start_matches("www."));
        let named: Vec<String> = words(site.unwrap_or(&source.cite)).take(4).collect();
        let digest: String = Sha256::digest(&source.cite).iter().map(|byte| format!("{byte:02x}")).collect();
        let key = |digits: usize| {
            let parts = named.iter().map(String::as_str).chain([&digest[..digits]]);
            parts.collect::<Vec<_>>().join("-")
        };
        // If two sources have the same short key, the second gets the whole digest.
        let short = key(8);
        if self.0.insert(short.clone()) { short } else { key(digest.len()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(cite: &str) -> Source {
        let nothing = || None::<String>;
        Source {
            id: 1,
            cite: cite.to_owned(),
            publisher: nothing(),
            title: nothing(),
            author: nothing(),
            date: nothing(),
            url: nothing(),
            accessed: nothing(),
            archive: nothing(),
            quote: nothing(),
        }
    }

    #[test]
    fn a_key_is_made_of_what_names_the_source() {
        let mut keys = Keys::default();
        let mut of = |cite: &str| keys.of(&source(cite));
        assert_eq!(of("https://www.bbc.com/news/world-us-canada-38463025"), "bbc-com-f0c1690e");
        assert_eq!(of("Le Monde, édition du 3 août 1945"), "le-monde-edition-du-38be601b");
        assert_eq!(of("{}\\%~"), "447c8b75");
        // Two sources cannot have the same line, but two digests can begin with the same digits.
        assert_eq!(of("{}\\%~").len(), 64);
    }

    #[test]
    fn a_name_is_parted_only_where_it_was_written_in_parts() {
        let with = |author: &str| Source { author: Some(author.to_owned()), ..source("x") };
        let source_with_authors = with("Kennan, George F.; State Department;; George F. Kennan; a, b, c; , d");
        assert_eq!(
            authors(&source_with_authors),
            [
                Name::Person("Kennan", "George F."),
                Name::Literal("State Department"),
                Name::Literal("George F. Kennan"),
                Name::Literal("a, b, c"),
                Name::Literal(", d"),
            ]
        );
        assert!(authors(&source("x")).is_empty());
    }
}
