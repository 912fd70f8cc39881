//! The names of parties in other languages, from the Unicode CLDR. They are built in and not part of a ledger, whose own names precede them.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use crate::model::name::fold;

/// Each line holds a code, a comma, and names separated by `|`, in quotes if a name contains a comma. `src/data/party_name.py` writes it.
const NAMES: &str = include_str!("../../data/party_name.csv");

/// The codes of the parties that have each name, by its folded form. Only the first unknown name needs it.
static CODES: LazyLock<HashMap<String, Vec<&str>>> = LazyLock::new(|| {
    let mut codes: HashMap<String, Vec<&str>> = HashMap::new();
    for (code, name) in all() {
        let of_name = codes.entry(fold(name)).or_default();
        if !of_name.contains(&code) {
            of_name.push(code);
        }
    }
    codes
});

/// The names with their codes, by the first letter of each of their words. Comparing an unknown name with all names would take 20 times as
/// long.
static BY_INITIAL: LazyLock<HashMap<char, Vec<(&str, &str)>>> = LazyLock::new(|| {
    let mut names: HashMap<char, Vec<(&str, &str)>> = HashMap::new();
    for (code, name) in all() {
        let mut initials: Vec<char> = name.split(' ').filter_map(|word| fold(word).chars().next()).collect();
        initials.sort_unstable();
        initials.dedup();
        initials.into_iter().for_each(|initial| names.entry(initial).or_default().push((code, name)));
    }
    names
});

/// The names, with the codes of their parties, of which a word begins with the same letter as `given`.
pub(super) fn with_initial_of(given: &str) -> &'static [(&'static str, &'static str)] {
    fold(given).chars().next().and_then(|initial| BY_INITIAL.get(&initial)).map_or(&[], Vec::as_slice)
}

/// Every name with the code of its party.
fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = NAMES.lines().skip(1).filter_map(|line| line.split_once(','));
    lines.flat_map(|(code, names)| names.trim_matches('"').split('|').map(move |name| (code, name)))
}

/// The codes of the parties that have this name in any of the languages.
pub(super) fn codes_called(name: &str) -> &'static [&'static str] {
    CODES.get(&fold(name)).map_or(&[], Vec::as_slice)
}

/// The codes of the parties whose name in any language contains this text, ignoring case and accents.
pub fn codes_with(text: &str) -> BTreeSet<&'static str> {
    let text = fold(text);
    all().filter(|(_, name)| fold(name).contains(&text)).map(|(code, _)| code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_party_and_only_the_two_congos_share_one() {
        let parties: Vec<&str> = include_str!("../../data/party.csv").lines().filter_map(|line| line.split(',').next()).collect();
        assert!(all().all(|(code, name)| parties.contains(&code) && !fold(name).is_empty()));
        let mut shared: Vec<&str> = CODES.iter().filter(|(_, codes)| codes.len() > 1).map(|(name, _)| name.as_str()).collect();
        shared.sort_unstable();
        assert_eq!(shared, ["congo", "kongo"]);
    }

    #[test]
    fn names_are_known_in_the_languages_of_diplomacy() {
        for (name, code) in [
            ("España", "ESP"),
            ("deutschland", "DEU"),
            ("РОССИЯ", "RUS"),
            ("中国", "CHN"),
            ("中國", "CHN"),
            ("الصين", "CHN"),
            ("Allemagne", "DEU"),
            ("Royaume Uni", "GBR"),
            ("Vereinigte Staaten", "USA"),
            ("США", "USA"),
            ("Великобритания", "GBR"),
            ("대한민국", "KOR"),
            ("Unión Europea", "EU"),
        ] {
            assert_eq!(codes_called(name), [code], "{name}");
        }
    }
}
