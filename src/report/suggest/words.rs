//! What summaries say: their words, and the parties they name.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::error::Result;
use crate::model::name::fold;

/// Shorter words say too little.
const SHORTEST: usize = 4;
/// A party's name may have so many words.
const LONGEST_NAME: usize = 4;
/// Words of any text.
const COMMON: [&str; 40] = [
    "about", "after", "again", "also", "been", "before", "both", "could", "from", "further", "have", "into", "more", "most", "only",
    "other", "over", "same", "said", "says", "such", "than", "that", "their", "them", "then", "there", "these", "they", "this", "until",
    "upon", "were", "what", "when", "which", "while", "will", "with", "would",
];

/// The words and the names that a ledger's summaries are made of, each with a number.
#[derive(Debug)]
pub(super) struct Vocabulary {
    numbers: HashMap<Box<str>, u32>,
    words: Vec<Box<str>>,
    /// Which party a name means, by the name folded.
    names: HashMap<String, u32>,
}

/// What one summary says. Both lists are in order, each number once.
#[derive(Debug, Default, Clone)]
pub(super) struct Said {
    pub words: Box<[u32]>,
    pub parties: Box<[u32]>,
}

impl Vocabulary {
    /// Reads the names of the parties; `number` gives each party's.
    pub(super) fn read(conn: &Connection, mut number: impl FnMut(&str) -> u32) -> Result<Vocabulary> {
        let mut aliases = conn.prepare("SELECT folded, party FROM alias")?;
        let mut rows = aliases.query([])?;
        let mut names = HashMap::new();
        while let Some(row) = rows.next()? {
            names.insert(row.get(0)?, number(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?));
        }
        Ok(Vocabulary { numbers: HashMap::new(), words: Vec::new(), names })
    }

    /// What a text says.
    pub(super) fn hear(&mut self, text: &str) -> Said {
        let tokens: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()).collect();
        let (mut words, mut parties) = (Vec::new(), Vec::new());
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            if let Some((party, long)) = self.name_at(&tokens[at..]) {
                parties.push(party);
                at += long;
                continue;
            }
            at += 1;
            let word = fold(token);
            if word.chars().count() >= SHORTEST && !COMMON.contains(&word.as_str()) {
                words.push(self.number(&word));
            }
        }
        words.sort_unstable();
        words.dedup();
        parties.sort_unstable();
        parties.dedup();
        Said { words: words.into(), parties: parties.into() }
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

    /// The party that a text names where it begins with these words, and in how many of them. A name has a capital letter; a
    /// short one has no other, for "us" is a word and "US" a country.
    fn name_at(&self, tokens: &[&str]) -> Option<(u32, usize)> {
        if !tokens.first()?.starts_with(char::is_uppercase) {
            return None;
        }
        let mut name = String::new();
        let mut found = None;
        for (at, token) in tokens.iter().take(LONGEST_NAME).enumerate() {
            name.push_str(&fold(token));
            let sure = name.len() >= SHORTEST || !token.contains(char::is_lowercase);
            if let Some(party) = self.names.get(&name).filter(|_| sure) {
                found = Some((*party, at + 1));
            }
        }
        found
    }
}

/// What two lists in order have in common.
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
        let mut heard = vocabulary();
        let said = heard.hear("Diplomats of the United States have to leave Ukraine, the UN tells us; diplomats and un-named aides");
        let words: Vec<&str> = said.words.iter().map(|word| heard.word(*word)).collect();
        assert_eq!(words, ["diplomats", "leave", "tells", "named", "aides"]);
        assert_eq!(*said.parties, [0, 2, 3]);
    }

    #[test]
    fn what_is_common_is_found_in_order() {
        assert_eq!(common(&[1, 3, 5, 9], &[0, 3, 4, 9, 10]), [3, 9]);
        assert!(common::<u32>(&[], &[1]).is_empty());
    }
}
