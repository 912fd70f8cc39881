//! The words in summaries, and the parties they name.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::error::Result;
use crate::model::name::fold;
use crate::record::ReadColumn;

/// Minimum length of a word that is compared.
const MIN_LETTERS: usize = 4;
/// Maximum number of words in a party's name.
const MAX_NAME_WORDS: usize = 4;
/// Common words, which are not compared.
const COMMON: [&str; 40] = [
    "about", "after", "again", "also", "been", "before", "both", "could", "from", "further", "have", "into", "more", "most", "only",
    "other", "over", "same", "said", "says", "such", "than", "that", "their", "them", "then", "there", "these", "they", "this", "until",
    "upon", "were", "what", "when", "which", "while", "will", "with", "would",
];

/// Assigns numbers to the words in a ledger's summaries, and knows the names of the parties.
#[derive(Debug)]
pub(super) struct Vocabulary {
    numbers: HashMap<Box<str>, u32>,
    words: Vec<Box<str>>,
    /// The parties' numbers, by folded name.
    names: HashMap<String, u32>,
}

/// The words and the parties in one summary, as sorted numbers without duplicates.
#[derive(Debug, Default, Clone)]
pub(super) struct SummaryTerms {
    pub words: Box<[u32]>,
    pub parties: Box<[u32]>,
}

impl Vocabulary {
    /// Reads the names of the parties; `number` returns the number of a party's code.
    pub(super) fn read(conn: &Connection, mut number: impl FnMut(&str) -> u32) -> Result<Vocabulary> {
        let mut aliases = conn.prepare("SELECT folded, party FROM alias")?;
        let mut rows = aliases.query([])?;
        let mut names = HashMap::new();
        while let Some(row) = rows.next()? {
            names.insert(row.read(0)?, number(&row.read::<String>(1)?));
        }
        Ok(Vocabulary { numbers: HashMap::new(), words: Vec::new(), names })
    }

    /// The words and the parties in a text.
    pub(super) fn read_terms(&mut self, text: &str) -> SummaryTerms {
        let tokens: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()).collect();
        let (mut words, mut parties) = (Vec::new(), Vec::new());
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            if let Some((party, length)) = self.name_at(&tokens[at..]) {
                parties.push(party);
                at += length;
                continue;
            }
            at += 1;
            let word = fold(token);
            if word.chars().count() >= MIN_LETTERS && !COMMON.contains(&word.as_str()) {
                words.push(self.number(&word));
            }
        }
        words.sort_unstable();
        words.dedup();
        parties.sort_unstable();
        parties.dedup();
        SummaryTerms { words: words.into(), parties: parties.into() }
    }

    /// The word with this number.
    pub(super) fn word(&self, number: u32) -> &str {
        self.words.get(number as usize).map_or("", |word| word)
    }

    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = self.words.len() as u32;
        self.numbers.insert(word.into(), number);
        self.words.push(word.into());
        number
    }

    /// The party whose name these words begin with, and the number of words in the name. A name begins with a capital letter; a short name
    /// is all capitals, because "us" is a word and "US" a country.
    fn name_at(&self, tokens: &[&str]) -> Option<(u32, usize)> {
        if !tokens.first()?.starts_with(char::is_uppercase) {
            return None;
        }
        let mut name = String::new();
        let mut found = None;
        for (at, token) in tokens.iter().take(MAX_NAME_WORDS).enumerate() {
            name.push_str(&fold(token));
            let sure = name.len() >= MIN_LETTERS || !token.contains(char::is_lowercase);
            if let Some(party) = self.names.get(&name).filter(|_| sure) {
                found = Some((*party, at + 1));
            }
        }
        found
    }
}

/// The elements that two sorted lists have in common.
pub(super) fn common<T: Ord + Copy>(a: &[T], b: &[T]) -> Vec<T> {
    let (mut x, mut y) = (0, 0);
    let mut both = Vec::new();
    while let (Some(left), Some(right)) = (a.get(x), b.get(y)) {
        match left.cmp(right) {
            std::cmp::Ordering::Less => x += 1,
            std::cmp::Ordering::Greater => y += 1,
            std::cmp::Ordering::Equal => {
                both.push(*left);
                (x, y) = (x + 1, y + 1);
            }
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let names = [("unitedstates", 0), ("us", 0), ("russia", 1), ("ukraine", 2), ("un", 3)];
        let names = names.map(|(name, party)| (name.to_owned(), party)).into();
        Vocabulary { numbers: HashMap::new(), words: Vec::new(), names }
    }

    #[test]
    fn a_name_is_not_a_word_and_a_word_is_not_a_name() {
        let mut vocabulary = vocabulary();
        let terms =
            vocabulary.read_terms("Diplomats of the United States have to leave Ukraine, the UN tells us; diplomats and un-named aides");
        let words: Vec<&str> = terms.words.iter().map(|word| vocabulary.word(*word)).collect();
        assert_eq!(words, ["diplomats", "leave", "tells", "named", "aides"]);
        assert_eq!(*terms.parties, [0, 2, 3]);
    }

    #[test]
    fn what_is_common_is_found_in_order() {
        assert_eq!(common(&[1, 3, 5, 9], &[0, 3, 4, 9, 10]), [3, 9]);
        assert!(common::<u32>(&[], &[1]).is_empty());
    }
}
