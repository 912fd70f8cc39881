//! Names as people type them: comparing spellings, and finding similar names.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form in which names are compared: no accents, lower case, letters and digits only. `Côte d'Ivoire` and
/// `COTE DIVOIRE` both give `cotedivoire`.
pub fn fold(name: &str) -> String {
    name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// The words of a text, each folded: `le`, `monde`, `edition`. Only ASCII letters and digits are kept.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).map(fold);
    words.map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>()).filter(|word| !word.is_empty())
}

/// The names most similar to `given`, best first, three at most; empty if no name is similar enough.
/// A name that contains `given` as a word, as "South Korea" contains "Korea", is similar too.
pub fn nearest<'a>(given: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let folded = fold(given);
    let mut scored: Vec<(f64, &str)> = names
        .into_iter()
        .filter_map(|name| {
            let contains_word = folded.len() > 2 && name.split_whitespace().any(|word| fold(word) == folded);
            let score = if contains_word { 1.0 } else { strsim::normalized_damerau_levenshtein(&folded, &fold(name)) };
            (score >= 0.6).then_some((score, name))
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

/// The name as it is written within a sentence: "the United States", "the Netherlands", "Russia".
pub fn with_article(name: &str) -> Cow<'_, str> {
    const NAMES: [&str; 9] = [
        "Bahamas",
        "Comoros",
        "Council of Europe",
        "Gambia",
        "Maldives",
        "Netherlands",
        "Philippines",
        "Turks and Caicos Islands",
        "Vatican",
    ];
    const BEGINNINGS: [&str; 4] = ["Democratic Republic ", "Republic of ", "United ", "U.S. "];
    const ENDINGS: [&str; 8] = [" Council", " Islands", " League", " Netherlands", " Organisation", " Pact", " Republic", " Union"];
    let begins = BEGINNINGS.iter().any(|b| name.starts_with(b));
    let ends = ENDINGS.iter().any(|e| name.ends_with(e)) && !name.contains(" and ");
    if begins || ends || NAMES.contains(&name) { Cow::Owned(format!("the {name}")) } else { Cow::Borrowed(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_fold_together() {
        assert_eq!(fold("Côte d'Ivoire"), fold("COTE DIVOIRE"));
        assert_eq!(fold("U.S."), "us");
        assert_eq!(fold("Türkiye"), "turkiye");
    }

    #[test]
    fn names_take_an_article_where_english_gives_them_one() {
        let with =
            ["United States", "United Kingdom", "Netherlands", "European Union", "United Nations", "Soviet Union", "Dominican Republic"];
        assert!(with.iter().all(|name| with_article(name) == format!("the {name}")));
        let without = ["Russia", "Ukraine", "NATO", "South Georgia and the South Sandwich Islands", "Sudan", "Islandia"];
        assert!(without.iter().all(|name| with_article(name) == *name));
    }

    #[test]
    fn near_names_are_offered_and_far_ones_are_not() {
        let names = ["Russia", "Rwanda", "South Korea", "North Korea", "expulsion"];
        assert_eq!(nearest("Rusia", names), ["Russia"]);
        assert_eq!(nearest("korea", names), ["North Korea", "South Korea"]);
        assert_eq!(nearest("expulsoin", names), ["expulsion"]);
        assert!(nearest("Atlantis", names).is_empty());
    }
}
