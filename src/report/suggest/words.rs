//! The words in summaries, and the parties they name.

use std::collections::HashMap;

use crate::model::name::fold;

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

/// The words and the parties in one summary, as sorted numbers without duplicates. Until [`Vocabulary::number_in_order`], the words are in the
/// order of the summary.
#[derive(Debug, Default, Clone)]
pub(super) struct SummaryTerms {
    pub words: Box<[u32]>,
    pub parties: Box<[u32]>,
}

impl Vocabulary {
    /// A vocabulary without words; `names` are the parties' numbers, by folded name.
    pub(super) fn new(names: HashMap<String, u32>) -> Vocabulary {
        Vocabulary { numbers: HashMap::new(), words: Vec::new(), names }
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
        parties.sort_unstable();
        parties.dedup();
        SummaryTerms { words: words.into(), parties: parties.into() }
    }

    /// Numbers the words again in the order of these summaries, so that the order in which they were read makes no difference.
    pub(super) fn number_in_order<'s>(&mut self, summaries: impl Iterator<Item = &'s mut SummaryTerms>) {
        let mut numbers = vec![None; self.words.len()];
        let mut next = 0;
        for terms in summaries {
            let mut words = std::mem::take(&mut terms.words).into_vec();
            for word in &mut words {
                *word = *numbers[*word as usize].get_or_insert_with(|| {
                    next += 1;
                    next - 1
                });
            }
            words.sort_unstable();
            words.dedup();
            terms.words = words.into();
        }
        let mut words = vec![Box::default(); next as usize];
        self.numbers.retain(|word, number| match numbers[*number as usize] {
            Some(again) => {
                words[again as usize] = word.clone();
                *number = again;
                true
            }
            None => false,
        });
        self.words = words;
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
        Vocabulary::new(names.map(|(name, party)| (name.to_owned(), party)).into())
    }

    #[test]
    fn a_name_is_not_a_word_and_a_word_is_not_a_name() {
        let mut vocabulary = vocabulary();
        let mut terms =
            vocabulary.read_terms("Diplomats of the United States have to leave Ukraine, the UN tells us; diplomats and un-named aides");
        vocabulary.number_in_order([&mut terms].into_iter());
        let words: Vec<&str> = terms.words.iter().map(|word| vocabulary.word(*word)).collect();
        assert_eq!(words, ["diplomats", "leave", "tells", "named", "aides"]);
        assert_eq!(*terms.parties, [0, 2, 3]);
    }

    #[test]
    fn words_have_the_same_numbers_in_whichever_order_summaries_are_read() {
        let texts = ["embassy closed", "embassy staff ordered", "closed staff"];
        let numbers = |order: [usize; 3]| {
            let mut vocabulary = vocabulary();
            let mut terms = [(); 3].map(|()| SummaryTerms::default());
            order.into_iter().for_each(|at| terms[at] = vocabulary.read_terms(texts[at]));
            vocabulary.number_in_order(terms.iter_mut());
            assert_eq!(vocabulary.word(3), "ordered");
            terms.map(|terms| terms.words.to_vec())
        };
        assert_eq!(numbers([0, 1, 2]), [vec![0, 1], vec![0, 2, 3], vec![1, 2]]);
        assert_eq!(numbers([2, 0, 1]), numbers([0, 1, 2]));
    }

    #[test]
    fn what_is_common_is_found_in_order() {
        assert_eq!(common(&[1, 3, 5, 9], &[0, 3, 4, 9, 10]), [3, 9]);
        assert!(common::<u32>(&[], &[1]).is_empty());
    }
}
