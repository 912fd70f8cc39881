//! Terms for what headings and cells say, in several languages. They are data: a CSV file for each concern, beside this one.

use crate::model::name::fold;

/// The files, by their names.
const FILES: [(&str, &str); 19] = [
    ("acts", include_str!("acts.csv")),
    ("amounts", include_str!("amounts.csv")),
    ("cells", include_str!("cells.csv")),
    ("counted", include_str!("counted.csv")),
    ("date-orders", include_str!("date-orders.csv")),
    ("date-parts", include_str!("date-parts.csv")),
    ("deadlines", include_str!("deadlines.csv")),
    ("heading-words", include_str!("heading-words.csv")),
    ("headings", include_str!("headings.csv")),
    ("kinds", include_str!("kinds.csv")),
    ("missions", include_str!("missions.csv")),
    ("nationals", include_str!("nationals.csv")),
    ("numbers", include_str!("numbers.csv")),
    ("parties", include_str!("parties.csv")),
    ("roles", include_str!("roles.csv")),
    ("sides", include_str!("sides.csv")),
    ("stages", include_str!("stages.csv")),
    ("units", include_str!("units.csv")),
    ("weekdays", include_str!("weekdays.csv")),
];

/// The lines of a file: the term, and what it means. Several meanings are divided by `|`.
fn lines(file: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let text = FILES.iter().find(|(name, _)| *name == file).map_or("", |(_, text)| text);
    text.lines().skip(1).filter_map(|line| line.split_once(',')?.1.rsplit_once(','))
}

/// A word, or several in a row.
#[derive(Debug)]
pub(in crate::read::sheet) struct Term {
    /// As its file writes it. `*` at the end of a word stands for any ending.
    pub written: &'static str,
    /// Its words, each folded, and whether any ending may follow.
    words: Vec<(String, bool)>,
    /// Its length in letters.
    letters: usize,
}

impl Term {
    fn new(written: &'static str) -> Term {
        let words: Vec<(String, bool)> = written.split(' ').map(|word| (fold(word), word.ends_with('*'))).collect();
        Term { written, letters: words.iter().map(|(word, _)| word.chars().count()).sum(), words }
    }

    /// Where it stands in a text: the first of its words, their number, and its length in letters.
    fn places(&self, text: &[String]) -> impl Iterator<Item = (usize, usize, usize)> {
        let same = |(word, (begin, open)): (&String, &(String, bool))| if *open { word.starts_with(begin) } else { word == begin };
        let is_here = move |(_, part): &(usize, &[String])| part.iter().zip(&self.words).all(same);
        text.windows(self.words.len()).enumerate().filter(is_here).map(|(at, _)| (at, self.words.len(), self.letters))
    }
}

/// The terms for one meaning.
#[derive(Debug)]
pub(in crate::read::sheet) struct Terms(Vec<Term>);

impl Terms {
    /// The terms of a file that have this meaning.
    pub fn of(file: &str, meaning: &str) -> Terms {
        Terms(lines(file).filter(|(_, means)| means.split('|').any(|means| means == meaning)).map(|(word, _)| Term::new(word)).collect())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Term> {
        self.0.iter()
    }

    /// Where one of them stands in a text: its first word, the number of its words, and its length in letters.
    pub fn places(&self, text: &[String]) -> impl Iterator<Item = (usize, usize, usize)> {
        self.0.iter().flat_map(|term| term.places(text))
    }

    /// True if a text is one of them.
    pub fn are_whole(&self, text: &[String]) -> bool {
        self.places(text).any(|(_, words, _)| words == text.len())
    }

    /// True if a text is written like one of them.
    pub fn are_written(&self, text: &str) -> bool {
        self.0.iter().any(|term| term.written == text)
    }

    /// The rest of a text that begins with one of them, as it is written, and a space. A term that ends with a full stop needs none.
    pub fn begin<'t>(&self, text: &'t str) -> Option<&'t str> {
        let rest = |term: &Term| text.strip_prefix(term.written).filter(|rest| term.written.ends_with('.') || rest.starts_with(' '));
        self.0.iter().find_map(rest).map(str::trim_start)
    }
}

/// Meanings, each with its terms.
#[derive(Debug)]
pub(in crate::read::sheet) struct Table(Vec<(&'static str, Terms)>);

impl Table {
    /// The terms of a file for these meanings, in this order.
    pub fn of(file: &str, meanings: &[&'static str]) -> Table {
        Table(meanings.iter().map(|meaning| (*meaning, Terms::of(file, meaning))).collect())
    }

    /// The terms of a file for all its meanings.
    pub fn all(file: &str) -> Table {
        let mut meanings: Vec<&str> = lines(file).map(|(_, meaning)| meaning).collect();
        meanings.sort_unstable();
        meanings.dedup();
        Table::of(file, &meanings)
    }

    pub fn iter(&self) -> impl Iterator<Item = &(&'static str, Terms)> {
        self.0.iter()
    }

    /// The terms for a meaning.
    pub fn terms(&self, meaning: &str) -> Option<&Terms> {
        self.0.iter().find(|(name, _)| *name == meaning).map(|(_, terms)| terms)
    }
}

/// Declares the terms of files: `NAME = "file": "meaning";`.
macro_rules! terms {
    ($($(#[$about:meta])* $name:ident = $file:literal: $meaning:literal;)*) => {
        $($(#[$about])* pub(in crate::read::sheet) static $name: std::sync::LazyLock<$crate::read::sheet::words::Terms> =
            std::sync::LazyLock::new(|| $crate::read::sheet::words::Terms::of($file, $meaning));)*
    };
}
pub(in crate::read::sheet) use terms;

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap, HashSet};

    use super::*;

    /// The files in which a term may have several meanings, since they do not exclude each other.
    const OF_SEVERAL: [&str; 7] = ["acts", "amounts", "cells", "heading-words", "headings", "parties", "sides"];

    fn meanings(file: &str) -> BTreeSet<&'static str> {
        lines(file).map(|(_, meaning)| meaning).collect()
    }

    #[test]
    fn each_file_is_sorted_and_has_each_term_in_one_line() {
        for (name, text) in FILES {
            let (header, body) = text.split_once('\n').unwrap();
            assert_eq!(header, "language,word,meaning", "{name}");
            let written: Vec<&str> = body.lines().collect();
            let mut sorted = written.clone();
            sorted.sort_unstable();
            assert_eq!(written, sorted, "{name}.csv is not sorted");
            let mut seen = HashSet::new();
            for line in written {
                let cells: Vec<&str> = line.split(',').collect();
                let [language, word, meaning] = cells[..] else { panic!("{name}.csv: {line}") };
                assert!(["en", "de", "fr", "es", "ru", "mul"].contains(&language), "{name}.csv: {line}");
                assert!(!meaning.is_empty() && word.trim() == word && word.to_lowercase() == word, "{name}.csv: {line}");
                assert!(Term::new(word).words.iter().all(|(word, _)| !word.is_empty()), "{name}.csv: {line}");
                assert!(seen.insert(word), "{name}.csv has '{word}' twice");
            }
        }
    }

    #[test]
    fn a_term_has_one_meaning_of_those_that_exclude_each_other() {
        for (name, _) in FILES.iter().filter(|(name, _)| !OF_SEVERAL.contains(name)) {
            let mut seen: HashMap<Vec<(String, bool)>, &str> = HashMap::new();
            for (word, meaning) in lines(name) {
                assert!(!meaning.contains('|'), "{name}.csv: {word},{meaning}");
                let other = seen.insert(Term::new(word).words, meaning);
                assert!(other.is_none_or(|other| other == meaning), "{name}.csv has '{word}' with two meanings");
            }
        }
        // Only the cells tell a state from the state of things.
        let several: Vec<&str> = lines("headings").filter(|(_, meaning)| meaning.contains('|')).map(|(word, _)| word).collect();
        assert_eq!(several, ["state", "estado", "état", "stato"]);
    }

    #[test]
    fn every_kind_and_nation_is_a_shipped_one() {
        let codes = |table: &'static str| table.lines().skip(1).filter_map(|line| line.split(',').next()).collect::<BTreeSet<_>>();
        let kinds = codes(include_str!("../../../data/kind.csv"));
        assert_eq!(meanings("kinds").difference(&kinds).count(), 0);
        let parties = codes(include_str!("../../../data/party.csv"));
        assert_eq!(meanings("nationals").difference(&parties).count(), 0);
    }
}
