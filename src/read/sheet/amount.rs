//! Counts as people write them in a cell: with words, footnote marks, remarks in brackets, or one for each of several countries.

use crate::model::StatedCount;

/// What a cell says of a count.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    /// The count, as the ledger takes it; empty if the cell gives no count.
    pub count: String,
    /// True if it is stated for each of several parties.
    pub is_each: bool,
    /// The counts of single parties, by the name in brackets.
    pub by_party: Vec<(String, String)>,
    /// What else the cell says.
    pub remarks: Vec<String>,
    /// The footnotes that it refers to: `a` for `[a]`.
    pub notes: Vec<String>,
    /// True if it says that there was nothing.
    pub is_nothing: bool,
    /// What cannot be read.
    pub problem: Option<String>,
}

/// What stands for nothing in a column of counts.
const NOTHING: [&str; 16] = ["-", "–", "—", "0", "0.0", "n/a", "na", "none", "no", "nil", "keine", "nein", "aucun", "ninguno", "нет", "x"];
/// Words before a number, and what they are in English.
const BEFORE: [(&str, &str); 12] = [
    ("mindestens ", "at least "),
    ("au moins ", "at least "),
    ("al menos ", "at least "),
    ("por lo menos ", "at least "),
    ("не менее ", "at least "),
    ("etwa ", "about "),
    ("rund ", "about "),
    ("environ ", "about "),
    ("unos ", "about "),
    ("около ", "about "),
    ("примерно ", "about "),
    ("circa ", "about "),
];
/// Words that say that a number holds for each of several.
const EACH: [&str; 7] = ["each", "je", "jeweils", "chacun", "cada uno", "каждый", "по"];

/// Reads the cell of a count.
pub(super) fn read(cell: &str) -> Amount {
    let mut amount = Amount::default();
    let text = without_marks(cell, &mut amount.notes);
    if text.is_empty() || NOTHING.contains(&text.to_lowercase().as_str()) {
        amount.is_nothing = !text.is_empty();
        return amount;
    }
    let (head, rest) = text.split_once([';', '\n']).map_or((text.as_str(), ""), |(head, rest)| (head.trim(), rest.trim()));
    amount.by_party = by_party(head);
    if !amount.by_party.is_empty() {
        amount.remarks.extend((!rest.is_empty()).then(|| rest.to_owned()));
        return amount;
    }
    let (bare, inside) = without_brackets(head);
    amount.remarks.extend(inside);
    amount.remarks.extend((!rest.is_empty()).then(|| rest.to_owned()));
    let (bare, is_each) = without_each(&bare);
    amount.is_each = is_each;
    match stated(&bare) {
        Some((StatedCount::Unknown, _)) => (),
        Some((count, words)) => {
            amount.count = count.to_string();
            amount.remarks.extend(words);
        }
        None => amount.problem = Some(format!("'{cell}' is not a count")),
    }
    amount
}

/// The counts of single parties in a text such as `je 3 (SE), 15 (DK)`; empty if it has another form.
fn by_party(text: &str) -> Vec<(String, String)> {
    let item = |item: &str| {
        let (count, party) = item.trim().strip_suffix(')')?.split_once('(')?;
        let (count, _) = without_each(count.trim());
        Some((party.trim().to_owned(), stated(&count).filter(|(_, words)| words.is_none())?.0.to_string()))
    };
    // A bracket may contain a comma, so a list ends its items with a bracket.
    let items: Option<Vec<_>> = text.split("),").map(|part| item(&format!("{})", part.trim().trim_end_matches(')')))).collect();
    items.filter(|items| items.len() > 1).unwrap_or_default()
}

/// The text without footnote marks at its end: `[a]`, `*`, `¹`.
fn without_marks(cell: &str, notes: &mut Vec<String>) -> String {
    let mut text = cell.trim();
    loop {
        let bare = text.trim_end_matches(['*', '†', '‡', '¹', '²', '³', '⁴', '⁵']).trim_end();
        match bare.strip_suffix(']').and_then(|open| open.rsplit_once('[')) {
            Some((before, mark)) if mark.chars().count() <= 3 => {
                notes.insert(0, mark.to_owned());
                text = before.trim_end();
            }
            _ => {
                notes.extend(text[bare.len()..].trim().chars().map(String::from));
                return bare.to_owned();
            }
        }
    }
}

/// The text outside brackets, and the texts inside them.
fn without_brackets(text: &str) -> (String, Vec<String>) {
    let (mut outside, mut inside, mut rest) = (String::new(), Vec::new(), text);
    while let Some((before, after)) = rest.split_once('(') {
        let (within, behind) = after.split_once(')').unwrap_or((after, ""));
        outside.push_str(before);
        inside.push(within.trim().to_owned());
        rest = behind;
    }
    outside.push_str(rest);
    inside.retain(|text| !text.is_empty());
    (outside.trim().to_owned(), inside)
}

/// The text without a word such as `each`, and whether it had one.
fn without_each(text: &str) -> (String, bool) {
    let lower = text.to_lowercase();
    for each in EACH {
        if let Some(rest) = lower.strip_prefix(&format!("{each} ")).or_else(|| lower.strip_suffix(&format!(" {each}"))) {
            return (rest.trim().to_owned(), true);
        }
    }
    (text.to_owned(), false)
}

/// The count at the beginning of a text, and the words after it unless they only name whom it counts.
fn stated(text: &str) -> Option<(StatedCount, Option<String>)> {
    let lower = text.to_lowercase();
    let english = BEFORE.iter().find_map(|(word, english)| Some(format!("{english}{}", lower.strip_prefix(word)?)));
    let text = english.as_deref().unwrap_or(text);
    if let Ok(count) = text.parse::<StatedCount>() {
        return Some((count, None));
    }
    if ["mehrere", "plusieurs", "varios", "несколько"].contains(&lower.as_str()) {
        return Some((StatedCount::Several, None));
    }
    let end = text.find(|c: char| c.is_alphabetic()).filter(|at| *at > 0)?;
    let (number, words) = text.split_at(end);
    // A number within a word, as in '3rd', and words with a further number say something else.
    let is_apart = number.ends_with(' ') && !words.contains(|c: char| c.is_ascii_digit());
    let count = number.trim().parse::<StatedCount>().ok().filter(|_| is_apart)?;
    Some((count, Some(text.trim().to_owned()).filter(|_| words.split_whitespace().count() > 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_read_as_a_desk_writes_it() {
        for (cell, count, remarks, notes) in [
            ("23", "23", vec![], vec![]),
            ("60 (48 embassy, 12 UN)", "60", vec!["48 embassy, 12 UN"], vec![]),
            ("4[a]", "4", vec![], vec!["a"]),
            ("4*", "4", vec![], vec!["*"]),
            ("4; 3 applications denied", "4", vec!["3 applications denied"], vec![]),
            ("20-30", "20-30", vec![], vec![]),
            ("at least 13", "13+", vec![], vec![]),
            ("mindestens 13", "13+", vec![], vec![]),
            ("несколько", "several", vec![], vec![]),
            ("35 diplomats", "35", vec![], vec![]),
            ("35 diplomats and their families", "35", vec!["35 diplomats and their families"], vec![]),
            ("?", "", vec![], vec![]),
            ("", "", vec![], vec![]),
        ] {
            let amount = read(cell);
            assert_eq!((amount.count.as_str(), amount.problem), (count, None), "{cell}");
            assert_eq!(
                (amount.remarks, amount.notes),
                (remarks.iter().map(|r| (*r).to_owned()).collect(), notes.iter().map(|r| (*r).to_owned()).collect()),
                "{cell}"
            );
        }
        assert!(read("–").is_nothing && read("0").is_nothing && !read("").is_nothing);
        assert!(read("dozens").problem.is_some() && read("5 of 7").problem.is_some());
    }

    #[test]
    fn counts_of_several_countries_are_kept_apart() {
        assert_eq!(read("je 3 (SE), 15 (DK)").by_party, [("SE".to_owned(), "3".to_owned()), ("DK".to_owned(), "15".to_owned())]);
        assert!(read("je 3").is_each && read("3 each").is_each && read("je 3").count == "3");
        assert!(read("60 (48 embassy, 12 UN)").by_party.is_empty());
    }
}
