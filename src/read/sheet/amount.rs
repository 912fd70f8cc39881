//! Counts as people write them in a cell: with words, footnote marks, remarks in brackets, or one for each of several countries.

use std::sync::LazyLock;

use crate::model::{StatedCount, date_words};

use super::acts::{NEGATIONS, corrects_count, leaves_open, may_be_undone};
use super::counted::{adds_person, says_what_is_counted};
use super::words::{Table, has, terms, words};

/// What a cell says of a count.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    /// The count, as the ledger takes it; empty if the cell gives no count.
    pub count: String,
    /// True if it is stated for each of several parties.
    pub is_each: bool,
    /// The number of lines that state it, if it is stated in several.
    pub lines: usize,
    /// The counts of single parties, by the name in brackets.
    pub by_party: Vec<(String, String)>,
    /// What else the cell says.
    pub remarks: Vec<String>,
    /// The footnotes that it refers to: `a` for `[a]`.
    pub notes: Vec<String>,
    /// What it says instead of a count.
    pub none: Option<Nothing>,
    /// What cannot be read.
    pub problem: Option<String>,
    /// True if the cell has a number, and words that may say that the act was not done: `5 not expelled`.
    pub leaves_open: bool,
}

impl Amount {
    /// True if the cell gives a count and nothing else.
    pub fn is_count_alone(&self) -> bool {
        !self.count.is_empty() && *self == Amount { count: self.count.clone(), ..Amount::default() }
    }
}

/// What stands in place of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nothing {
    /// Zero: nothing was counted.
    Zero,
    /// A dash, or `none`: nothing was counted, or nobody knows how many, or the act has no count.
    Dash,
}

/// What stands for zero in a column of counts.
const ZERO: [&str; 3] = ["0", "0.0", "0.00"];
/// Signs that may stand for zero, as the words do.
const DASHES: [&str; 11] = ["-", "–", "—", "−", "--", "x", "/", ".", "...", "n/a", "n.a."];
/// Signs that stand for a count that is not given, as the words do.
const BLANKS: [&str; 4] = ["na", "nan", "null", "<na>"];

terms! {
    /// What may stand for zero.
    NONE = "amounts": "none";
    /// What stands for a count that is not given.
    BLANK = "amounts": "blank";
    /// Words before a number that is not exact, and before one that is exceeded.
    ROUGHLY = "amounts": "about";
    AT_LEAST = "amounts": "at-least";
    MORE_THAN = "amounts": "more-than";
    /// What says that there are several, and nobody knows how many.
    SEVERAL = "amounts": "several";
    /// Words before two numbers of a range.
    BETWEEN = "amounts": "between";
    /// Words between two numbers of a range, and those that are so only behind one of [`BETWEEN`].
    UP_TO = "amounts": "up-to";
    AND = "amounts": "and";
    /// Words before a number in a text that make it a limit or a whole, and not the count.
    LIMITS = "amounts": "limit";
    /// Words that say that a number holds for each of several.
    EACH = "amounts": "each";
    /// Words that multiply the number before them: `dozen`.
    MULTIPLES = "amounts": "multiple";
    /// What is measured behind a number, and is neither people nor things on which acts are counted: `72 hours`.
    OTHER_UNITS = "amounts": "other-unit";
}

/// The numbers that people write as words.
static NUMBERS: LazyLock<Table> = LazyLock::new(|| Table::all("numbers"));

/// Reads the cell of a count.
pub(super) fn read(cell: &str) -> Amount {
    let mut amount = Amount::default();
    let text = without_marks(cell, &mut amount.notes);
    let lower = text.to_lowercase();
    let is_one_of = |all: &[&str]| all.contains(&lower.as_str());
    let is_dash = is_one_of(&DASHES) || NONE.are_written(&lower);
    if text.is_empty() || is_one_of(&BLANKS) || BLANK.are_written(&lower) || is_one_of(&ZERO) || is_dash {
        let dash = is_dash.then_some(Nothing::Dash);
        amount.none = if is_one_of(&ZERO) { Some(Nothing::Zero) } else { dash };
        return amount;
    }
    let lines = lines(&text);
    if let Some(first) = lines.first() {
        if lines.iter().all(|line| line == first) {
            first.clone_into(&mut amount.count);
            (amount.is_each, amount.lines) = (true, lines.len());
        } else {
            amount.problem = Some(several_counts(&text));
        }
        return amount;
    }
    let (head, rest) = text.split_once([';', '\n']).map_or((text.as_str(), ""), |(head, rest)| (head.trim(), rest.trim()));
    amount.by_party = by_party(head);
    if !amount.by_party.is_empty() {
        amount.remarks.extend((!rest.is_empty()).then(|| rest.to_owned()));
        return amount;
    }
    // "2 diplomats; 3 spouses": what follows counts as well, unless it says that it was not done.
    if stated(rest).is_some() && !has(&words(rest), &NEGATIONS) {
        amount.problem = Some(several_counts(&text));
        return amount;
    }
    let (mut bare, mut inside) = without_brackets(head);
    if bare.is_empty() && inside.len() == 1 {
        bare = inside.remove(0);
    }
    if let Some(doubt) = inside.iter().find(|text| corrects_count(text) || (leaves_open(text) && !may_be_undone(text))) {
        amount.problem = Some(format!("'{doubt}' may change what '{bare}' says"));
    }
    amount.remarks.extend(inside);
    amount.remarks.extend((!rest.is_empty()).then(|| rest.to_owned()));
    let (bare, is_each) = without_each(&bare);
    amount.is_each = is_each;
    match stated(&bare) {
        Some((StatedCount::Unknown, _)) => (),
        Some((_, Some(words))) if leaves_open(&words) => {
            amount.leaves_open = true;
            amount.problem = Some(format!("'{cell}' may say that it was not done, or not yet"));
        }
        Some((_, Some(words))) if is_of_unknown(&words) => {
            amount.problem = Some(format!("'{cell}' is not a count of people or things known here"))
        }
        Some((_, Some(words))) if adds_person(&words) => amount.problem = Some(format!("'{cell}' adds somebody to those whom it counts")),
        Some((count, words)) => {
            amount.count = count.to_string();
            amount.remarks.extend(words);
        }
        None => amount.problem = Some(format!("'{cell}' is not a count")),
    }
    amount
}

/// True for a count with one word behind it that does not say whom or what it counts: `36 children`.
fn is_of_unknown(text: &str) -> bool {
    let (_, behind) = text.split_once(' ').unwrap_or_default();
    behind.split_whitespace().count() == 1 && !behind.contains(|c: char| c.is_ascii_digit()) && !says_what_is_counted(behind)
}

fn several_counts(text: &str) -> String {
    format!("'{}' gives several counts", text.replace('\n', ", "))
}

/// The counts of a text that has nothing but a count in each of several lines; empty if it has another form.
fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let counts: Option<Vec<String>> = lines.map(|line| Some(stated(line).filter(|(_, words)| words.is_none())?.0.to_string())).collect();
    counts.filter(|counts| counts.len() > 1).unwrap_or_default()
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
pub(super) fn without_marks(cell: &str, notes: &mut Vec<String>) -> String {
    let mut text = cell.trim();
    loop {
        let bare = text.trim_end_matches(['*', '†', '‡', '¹', '²', '³', '⁴', '⁵']).trim_end();
        match bare.strip_suffix(']').and_then(|open| open.rsplit_once('[')) {
            // A bracket or a mark alone stands behind nothing that it could explain.
            Some((before, mark)) if mark.chars().count() <= 3 && !before.trim().is_empty() => {
                notes.insert(0, mark.to_owned());
                text = before.trim_end();
            }
            _ => {
                if bare.is_empty() {
                    return text.to_owned();
                }
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
    for each in EACH.iter().map(|term| term.written) {
        if let Some(rest) = lower.strip_prefix(&format!("{each} ")).or_else(|| lower.strip_suffix(&format!(" {each}"))) {
            return (rest.trim().to_owned(), true);
        }
    }
    (text.to_owned(), false)
}

/// The count at the beginning of a text, and the words after it unless they only name whom it counts.
fn stated(text: &str) -> Option<(StatedCount, Option<String>)> {
    let lower = text.to_lowercase();
    let exceeded = lower.strip_prefix('>').filter(|rest| !rest.starts_with('='));
    if let Some(rest) = exceeded.or_else(|| MORE_THAN.begin(&lower)) {
        return match stated(rest.trim())? {
            (StatedCount::Exact(count), words) => Some((StatedCount::AtLeast(count + 1), words.map(|_| text.to_owned()))),
            _ => None,
        };
    }
    let roughly = ROUGHLY.begin(&lower).map(|rest| format!("about {rest}"));
    let english = roughly.or_else(|| Some(format!("at least {}", AT_LEAST.begin(&lower)?)));
    // "12.000" is twelve, or twelve thousand.
    if text.trim_start_matches(|c: char| c.is_ascii_digit()) == ".000" {
        return None;
    }
    let range = range(&lower);
    let joined = in_digits(english.as_deref().or(range.as_deref()).unwrap_or(text));
    let text = joined.as_str();
    if let Ok(count) = text.parse::<StatedCount>() {
        return Some((count, None));
    }
    if SEVERAL.are_written(&lower) {
        return Some((StatedCount::Several, None));
    }
    let first = text.find(|c: char| c.is_ascii_digit())?;
    let (number, words) = text.split_at(first + text[first..].find(char::is_alphabetic)?);
    let is_day = date_words::iso(&format!("{text} 2000")).is_some();
    let has_other_unit = !number.ends_with(" + ") && OTHER_UNITS.places(&super::words::words(words)).any(|(at, ..)| at == 0);
    if has_multiple(words) || is_day || has_other_unit {
        return None;
    }
    // In "4 + family" the sign joins, and does not say "4 or more".
    let number = number.strip_suffix("+ ").filter(|before| before.ends_with(' ')).unwrap_or(number);
    // A number within a word, as in '3rd', and words with a further number say something else.
    let is_apart = number.ends_with(' ') && !words.contains(|c: char| c.is_ascii_digit());
    let count = number.trim().parse::<StatedCount>().ok().filter(|_| is_apart)?;
    let says_more = words.split_whitespace().count() > 1 || !says_what_is_counted(words);
    Some((count, Some(text.trim().to_owned()).filter(|_| says_more)))
}

/// A number by itself, in digits or in words: `25`, `10+`, `twenty`, `d'un`.
pub(super) fn number(word: &str) -> Option<u64> {
    let word = if word.starts_with(char::is_alphabetic) { word.rsplit(['\'', '’']).next().unwrap_or(word) } else { word };
    u64::try_from(in_digits(word).parse::<StatedCount>().ok()?.number()?).ok()
}

/// The count that the last of these words gives, with those before it that say how it is meant: `at least 10`. `None`: it is a limit, or a part
/// of another number.
pub(super) fn behind(words: &[&str]) -> Option<String> {
    let (last, before) = words.split_last()?;
    let stated = |from: usize| match stated(&words[from..].join(" "))? {
        (count, None) => Some(count.to_string()),
        _ => None,
    };
    if let Some(count) = (0..before.len()).find_map(stated) {
        return Some(count);
    }
    let is_year = |word: &&str| word.len() == 4 && number(word).is_some_and(|number| (1800..2100).contains(&number));
    let is_part = before.iter().rev().take(2).any(|word| number(word).is_some() && !is_year(word));
    if is_part || has(&super::words::words(&before.join(" ")), &LIMITS) {
        return None;
    }
    let last = if last.starts_with(char::is_alphabetic) { last.rsplit(['\'', '’']).next().unwrap_or(last) } else { last };
    in_digits(last).parse::<StatedCount>().ok().map(|count| count.to_string())
}

/// A range of two numbers in words: `5-10` for `de 5 à 10`, with what follows it.
fn range(lower: &str) -> Option<String> {
    let behind = BETWEEN.begin(lower);
    let joins = UP_TO.iter().chain(AND.iter().filter(|_| behind.is_some()));
    let parts = joins.filter_map(|term| behind.unwrap_or(lower).split_once(&format!(" {} ", term.written)));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let mut ranges = parts.filter(|(from, to)| is_number(from) && to.starts_with(|c: char| c.is_ascii_digit()));
    ranges.next().map(|(from, to)| format!("{from}-{to}"))
}

/// True if words multiply the number before them: `dozen`.
fn has_multiple(text: &str) -> bool {
    has(&words(text), &MULTIPLES)
}

/// The number that a word is: `twenty`.
fn of_word(word: &str) -> Option<u64> {
    let word = word.to_lowercase();
    NUMBERS.iter().find(|(_, terms)| terms.are_written(&word)).and_then(|(number, _)| number.parse().ok())
}

/// The text with a number in words, or with its thousands set apart, as digits: `one`, `1,200`.
fn in_digits(text: &str) -> String {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (ten, unit) = first.split_once('-').unwrap_or((first, ""));
    if let Some(number) = of_word(ten).filter(|number| (unit.is_empty() || *number >= 20) && !has_multiple(rest)) {
        let unit = if unit.is_empty() { Some(0) } else { of_word(unit).filter(|unit| *unit < 10) };
        return unit.map_or_else(|| text.to_owned(), |unit| format!("{} {rest}", number + unit).trim().to_owned());
    }
    let Some(begin) = text.find(|c: char| c.is_ascii_digit()) else { return text.to_owned() };
    for separator in [',', ' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '’', '.'] {
        let is_part = |c: char| c.is_ascii_digit() || c == separator;
        let end = text[begin..].find(|c| !is_part(c)).map_or(text.len(), |end| begin + end);
        let number = text[begin..end].trim_end_matches(separator);
        let groups: Vec<&str> = number.split(separator).collect();
        let is_grouped = groups.len() > 1 && groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
        // "1.200" may be a decimal number.
        if is_grouped && (separator != '.' || groups.len() > 2) {
            return format!("{}{}{}", &text[..begin], groups.concat(), &text[begin + number.len()..]);
        }
    }
    text.to_owned()
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
        for (cell, count) in [
            (">25", "26+"),
            ("more than 5", "6+"),
            (">= 5", "5+"),
            ("approx. 60", "~60"),
            ("ca. 60", "~60"),
            ("etwa 60 Diplomaten", "~60"),
            ("one", "1"),
            ("zwei", "2"),
            ("один", "1"),
            ("1,200", "1200"),
            ("1 500", "1500"),
            ("1.200.000", "1200000"),
            ("(23)", "23"),
            ("4 + family", "4"),
            ("50+ diplomats", "50+"),
            ("NaN", ""),
            ("NULL", ""),
            ("4 diplomats incl. ambassador", "4"),
        ] {
            let amount = read(cell);
            assert_eq!((amount.count.as_str(), amount.problem, amount.none), (count, None, None), "{cell}");
        }
        assert_eq!(
            [read("0"), read("–"), read("none"), read("n/a"), read("")].map(|amount| amount.none),
            [Some(Nothing::Zero), Some(Nothing::Dash), Some(Nothing::Dash), Some(Nothing::Dash), None]
        );
        for cell in [
            "26 March",
            "72 hours",
            "3 families",
            "50 bn USD",
            "5 not expelled",
            "a dozen",
            "two dozen",
            "2 dozen",
            "up to 30",
            "12.000",
            "1.5",
            "4 + 2",
            "4 diplomats + ambassador",
            "4 diplomats and the consul",
            "#N/A",
            "[10]",
            "[a]",
            "*",
        ] {
            assert!(read(cell).problem.is_some(), "{cell}");
        }
        assert!(read("dozens").problem.is_some() && read("5 of 7").problem.is_some());
    }

    #[test]
    fn counts_of_several_countries_are_kept_apart() {
        assert_eq!(read("je 3 (SE), 15 (DK)").by_party, [("SE".to_owned(), "3".to_owned()), ("DK".to_owned(), "15".to_owned())]);
        assert!(read("je 3").is_each && read("3 each").is_each && read("je 3").count == "3");
        assert!(read("60 (48 embassy, 12 UN)").by_party.is_empty());
    }
}
