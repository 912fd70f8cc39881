//! Names as people type them: comparing spellings, and finding similar names.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form in which names are compared: no accents, lower case, letters and digits only. `Côte d'Ivoire` and
/// `COTE DIVOIRE` both give `cotedivoire`. The vowel signs of Indian scripts are letters: टोगो is Togo, and टोंगा Tonga.
pub fn fold(name: &str) -> String {
    // Most names are ASCII, and a message about an unknown one compares it with thousands.
    if name.is_ascii() {
        return name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    }
    let kept = |c: &char| !is_combining_mark(*c) || *c >= FIRST_INDIAN_LETTER;
    name.nfkd().filter(kept).flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// A text with its Latin letters written without marks: `Ä` as `Ae`, `É` as `E`.
pub fn in_latin_letters(text: &str) -> String {
    let letter = |c: char| match c {
        'Ä' | 'ä' | 'Ö' | 'ö' | 'Ü' | 'ü' => c.nfkd().filter(|part| !is_combining_mark(*part)).chain(['e']).collect(),
        'ß' => "ss".to_owned(),
        c if c.is_alphabetic() => c.nfkd().filter(|part| !is_combining_mark(*part)).collect(),
        c => c.to_string(),
    };
    text.chars().map(letter).collect()
}

/// The first character of the first Indian script in Unicode, Devanagari. The scripts before it are alphabets.
const FIRST_INDIAN_LETTER: char = '\u{900}';

/// True if all letters belong to alphabets (Latin, Cyrillic, Arabic and their like). In other scripts a character is a syllable or a word,
/// so names that differ in one character are different names: 南 is "south", and 北 "north".
pub fn is_alphabetic(name: &str) -> bool {
    name.nfkd().all(|c| c < FIRST_INDIAN_LETTER || !c.is_alphabetic())
}

/// The abbreviations in names as indexes write them.
const ABBREVIATIONS: [(&str, &str); 14] = [
    ("N.", "North"),
    ("N", "North"),
    ("S.", "South"),
    ("S", "South"),
    ("E.", "East"),
    ("W.", "West"),
    ("Rep", "Republic"),
    ("Rep.", "Republic"),
    ("Dem.", "Democratic"),
    ("Fed.", "Federal"),
    ("Fmr.", "Former"),
    ("Is.", "Islands"),
    ("PDR", "People's Democratic Republic"),
    ("St.", "Saint"),
];

/// The names that an inverted, index-style name may stand for: "Korea, Rep." for "Republic of Korea", "Gambia, The" for "Gambia", and
/// "Republic of Korea (South Korea)" for either.
pub fn other_forms(given: &str) -> Vec<String> {
    let (outside, inside) = match given.split_once('(') {
        Some((outside, inside)) => (outside, inside.trim_end().strip_suffix(')').unwrap_or(inside)),
        None => (given, ""),
    };
    let mut forms = Vec::new();
    for name in [outside.trim(), inside.trim()].into_iter().filter(|name| !name.is_empty()) {
        let full: Vec<&str> =
            name.split(' ').map(|word| ABBREVIATIONS.iter().find(|(short, _)| *short == word).map_or(word, |a| a.1)).collect();
        let full = full.join(" ");
        match full.split_once(',').map(|(noun, rest)| (noun.trim(), rest.trim())) {
            Some((noun, rest)) if rest.eq_ignore_ascii_case("the") => forms.push(noun.to_owned()),
            Some((noun, rest)) if !noun.is_empty() && !rest.is_empty() => {
                forms.extend(["", " of", " of the"].map(|of| format!("{rest}{of} {noun}")))
            }
            _ => forms.push(full.strip_prefix("The ").unwrap_or(&full).to_owned()),
        }
    }
    forms.retain(|form| form != given && !fold(form).is_empty());
    forms
}

/// The words of a text, each folded: `le`, `monde`, `edition`. Only ASCII letters and digits are kept.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).map(fold);
    words.map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>()).filter(|word| !word.is_empty())
}

/// Words that distinguish no name.
const FILLERS: [&str; 3] = ["and", "of", "the"];
/// Words of an official name that may be left out: "Republic of Korea (South Korea)" is also looked for as "South Korea".
const FORMAL: [&str; 2] = ["republic", "state"];

/// The maximum number of similar names that are suggested.
pub const MAX_NEAREST: usize = 3;

/// The first [`MAX_NEAREST`] names of [`all_nearest`].
pub fn nearest<'a>(given: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut nearest = all_nearest(given, names);
    nearest.truncate(MAX_NEAREST);
    nearest
}

/// The names that are spelled most like `given`, best first; empty if none is similar enough. Only names with the fewest spelling mistakes
/// are given: "Rusia" suggests only "Russia". The words may be in another order. A name may have more words, as "South Korea" has more than
/// "Korea", if all words of `given` are spelled right; so "Korea, South" is never "North Korea". Its end may be missing: "Russ" suggests
/// "Russia".
pub fn all_nearest<'a>(given: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let (whole, words) = (fold(given), distinct_words(given, &FILLERS));
    let informal = distinct_words(given, &[&FILLERS[..], &FORMAL].concat());
    let mut ranked: Vec<(usize, usize, &str)> = names
        .into_iter()
        .filter_map(|name| {
            let folded = fold(name);
            let same = mistakes(&whole, &folded).map(|mistakes| (mistakes, 0));
            let longer = missing_end(&whole, &folded).map(|letters| (0, letters));
            let name_words = distinct_words(name, &FILLERS);
            let by_word = [&words, &informal].map(|given| mistakes_by_word(given, &name_words));
            let (mistakes, more) = same.into_iter().chain(longer).chain(by_word.into_iter().flatten()).min()?;
            Some((mistakes, more, name))
        })
        .collect();
    ranked.sort_unstable();
    ranked.dedup_by(|a, b| a.2 == b.2);
    let fewest = ranked.first().map(|best| best.0);
    ranked.into_iter().take_while(|near| Some(near.0) == fewest).map(|near| near.2.to_owned()).collect()
}

/// The words of a name, without repetitions and without those to leave out.
fn distinct_words(name: &str, left_out: &[&str]) -> Vec<String> {
    let mut distinct = Vec::new();
    for word in words(name) {
        if !left_out.contains(&word.as_str()) && !distinct.contains(&word) {
            distinct.push(word);
        }
    }
    distinct
}

/// Matches each word of `given` with a word of the name. Returns the number of spelling mistakes, and of words of the name that are left
/// over; `None` if a word of `given` has no match, or if there are both mistakes and words left over.
fn mistakes_by_word(given: &[String], name: &[String]) -> Option<(usize, usize)> {
    if given.len() > name.len() {
        return None;
    }
    let mut left: Vec<&String> = name.iter().collect();
    let mut sum = 0;
    for word in given {
        let (fewest, place) = left.iter().enumerate().filter_map(|(place, other)| Some((mistakes(word, other)?, place))).min()?;
        sum += fewest;
        left.swap_remove(place);
    }
    (!given.is_empty() && (sum == 0 || left.is_empty())).then_some((sum, left.len()))
}

/// The number of letters of the longest code of a party.
const MAX_CODE: usize = 3;

/// The number of letters that are wrong, missing, redundant or exchanged with their neighbour; `None` if there are too many for the two to
/// be the same word. In a word that is as short as a code, letters may only be in another order.
fn mistakes(given: &str, name: &str) -> Option<usize> {
    let (given_length, name_length) = (given.chars().count(), name.chars().count());
    let length = given_length.min(name_length);
    let most = match length {
        0 => return None,
        1..=4 => 1,
        5..=9 => 2,
        _ => 3,
    };
    if given_length.abs_diff(name_length) > most {
        return None;
    }
    let mistakes = strsim::damerau_levenshtein(given, name);
    let reordered = || {
        let [mut a, mut b] = [given, name].map(|word| word.chars().collect::<Vec<_>>());
        a.sort_unstable();
        b.sort_unstable();
        a == b
    };
    let plausible = match mistakes {
        0 => true,
        1 => length > MAX_CODE || reordered(),
        // Hardly anybody gets the first letter wrong and others as well.
        _ => given.chars().next() == name.chars().next(),
    };
    (mistakes <= most && plausible).then_some(mistakes)
}

/// The number of letters that are missing at the end of `given`; `None` if the name does not begin with it, or if it is as short as a code.
fn missing_end(given: &str, name: &str) -> Option<usize> {
    let missing = name.strip_prefix(given)?.chars().count();
    (given.chars().count() > MAX_CODE && missing > 0).then_some(missing)
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
        assert_eq!(fold("أَلْمَانِيَا"), fold("المانيا"));
        assert_ne!(fold("टोगो"), fold("टोंगा"));
    }

    #[test]
    fn names_of_an_index_are_read_as_names() {
        for (given, form) in [
            ("Korea, Rep.", "Republic of Korea"),
            ("Egypt, Arab Rep.", "Arab Republic of Egypt"),
            ("Congo, Dem. Rep.", "Democratic Republic of the Congo"),
            ("KOREA, SOUTH", "SOUTH KOREA"),
            ("Ireland, Republic of", "Republic of Ireland"),
            ("Gambia, The", "Gambia"),
            ("Republic of Korea (South Korea)", "South Korea"),
            ("Czech Rep.", "Czech Republic"),
            ("N. Korea", "North Korea"),
            ("S Korea", "South Korea"),
            ("E. Germany", "East Germany"),
        ] {
            assert!(other_forms(given).iter().any(|f| f == form), "{given}: {:?}", other_forms(given));
        }
        assert!(other_forms("Russia").is_empty() && other_forms("").is_empty() && other_forms(",()").is_empty());
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
        let names = [
            "Russia",
            "RSA",
            "Rwanda",
            "South Korea",
            "North Korea",
            "Republic of Ireland",
            "China",
            "Republic of China",
            "Germany",
            "Federal Republic of Germany",
            "German Democratic Republic",
            "Syria",
            "Libya",
            "Sweden",
            "Sudan",
            "South Africa",
            "South West Africa",
            "ROK",
            "expulsion",
            "recall",
        ];
        for (given, offered) in [
            ("Rusia", &["Russia"][..]),
            ("Russai", &["Russia"]),
            ("Russ", &["Russia"]),
            ("Germ", &["Germany", "German Democratic Republic"]),
            ("Rwa", &[]),
            ("korea", &["North Korea", "South Korea"]),
            ("Koera", &[]),
            ("Korea Nort", &["North Korea"]),
            ("Noth Korea", &["North Korea"]),
            ("Sout Africa", &["South Africa"]),
            ("Africa", &["South Africa", "South West Africa"]),
            ("KOREA, SOUTH", &["South Korea"]),
            ("Republic of Korea (South Korea)", &["South Korea"]),
            ("Ireland, Republic of", &["Republic of Ireland"]),
            ("German Federal Republic", &["Federal Republic of Germany"]),
            ("Chine", &["China"]),
            ("Sirya", &["Syria"]),
            ("Swedn", &["Sweden"]),
            ("RAS", &["RSA"]),
            ("ROC", &[]),
            ("expulsoin", &["expulsion"]),
            ("Atlantis", &[]),
            ("", &[]),
            ("!", &[]),
        ] {
            assert_eq!(nearest(given, names), offered, "{given}");
        }
    }
}
