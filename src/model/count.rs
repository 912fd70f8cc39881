//! Counts: reading them, and writing them with their units.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::word_enum::word_enum;
use crate::error::Error;

/// A count in a kind's unit, at least 1. An unknown count is `None`.
pub type Count = i64;

/// The maximum count: enough for people, and small enough that the sum of a million counts is exact.
pub const MOST: Count = 1_000_000_000;
/// The unit of kinds such as a protest, where each action counts as one.
const ACTS: &str = "acts";

/// A count as somebody stated it. It is stored as a number, with which amounts are computed, and as words, if the number alone was not
/// what was stated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum StatedCount {
    /// `?`: no count is known.
    #[default]
    Unknown,
    /// `several`: more than one, but how many is not known.
    Several,
    /// `35`.
    Exact(Count),
    /// `~50`: about 50. Amounts are computed with 50.
    About(Count),
    /// `50+`: at least 50. Amounts are computed with 50.
    AtLeast(Count),
    /// `20-30`: from 20 to 30. Amounts are computed with the lower bound.
    Between(Count, Count),
}

/// The columns of a stated count: its number and its words.
pub(crate) const COLUMNS: [&str; 2] = ["count", "count_words"];

const WAY_OUT: &str =
    "give a whole number from 1 to 1,000,000,000; or a range (20-30), at least (50+), about (~50), several, or ? if it is unknown";

impl StatedCount {
    /// The number with which amounts are computed; `None`: it is unknown.
    pub fn number(self) -> Option<Count> {
        match self {
            StatedCount::Unknown | StatedCount::Several => None,
            StatedCount::Exact(n) | StatedCount::About(n) | StatedCount::AtLeast(n) | StatedCount::Between(n, _) => Some(n),
        }
    }

    /// The words of the statement: `20-30`, `50+`, `~50`, `several`; `None` if it is a number alone, or nothing is known.
    pub fn words(self) -> Option<String> {
        match self {
            StatedCount::Unknown | StatedCount::Exact(_) => None,
            stated => Some(stated.to_string()),
        }
    }

    /// How the number is meant; `None`: exactly, or it is unknown.
    pub fn approximation(self) -> Option<Approximation> {
        match self {
            StatedCount::AtLeast(_) | StatedCount::Between(..) => Some(Approximation::AtLeast),
            StatedCount::About(_) => Some(Approximation::About),
            StatedCount::Exact(_) | StatedCount::Several | StatedCount::Unknown => None,
        }
    }

    /// A part of the count, stated as precisely as the whole: all of `20-30` is `20-30`, and 15 of it are `15+`. If the part is unknown, the
    /// whole count.
    pub fn part(self, part: impl Into<Option<Count>>) -> StatedCount {
        match (self, part.into()) {
            (StatedCount::About(_), Some(n)) => StatedCount::About(n),
            (whole, Some(n)) if whole.number().is_some_and(|all| all != n) => {
                if whole.approximation().is_some() {
                    StatedCount::AtLeast(n)
                } else {
                    StatedCount::Exact(n)
                }
            }
            (whole, _) => whole,
        }
    }

    /// The count as it is shown in this unit: an action of unknown count that counts acts is one act.
    pub fn shown_in(self, unit: &str) -> StatedCount {
        if self == StatedCount::Unknown && unit == ACTS { StatedCount::Exact(1) } else { self }
    }

    /// The sum of two counts, stated no more precisely than each of them; unknown if either is.
    pub(crate) fn plus(self, other: StatedCount) -> StatedCount {
        let most = |count: StatedCount| match count {
            StatedCount::Between(_, most) => Some(most),
            StatedCount::Exact(n) => Some(n),
            _ => None,
        };
        let (Some(a), Some(b)) = (self.number(), other.number()) else { return StatedCount::Unknown };
        let sum = a.saturating_add(b);
        match (self, other) {
            (StatedCount::Exact(_), StatedCount::Exact(_)) => StatedCount::Exact(sum),
            (StatedCount::About(_), _) | (_, StatedCount::About(_)) => StatedCount::About(sum),
            _ => most(self).zip(most(other)).map_or(StatedCount::AtLeast(sum), |(a, b)| StatedCount::Between(sum, a.saturating_add(b))),
        }
    }

    /// Reads the count of a file, which has the number and the words in two cells, as an export does, or either in the first. An empty
    /// text means that nothing is given.
    ///
    /// # Errors
    /// A cell contains no count, or the two do not agree.
    pub(crate) fn from_cells(count: &str, words: &str) -> Result<StatedCount, Error> {
        let read = |text: &str| (!text.is_empty()).then(|| text.parse::<StatedCount>()).transpose();
        match (read(count)?, read(words)?) {
            (Some(number), Some(stated)) if number != stated && Some(number) != stated.number().map(StatedCount::Exact) => {
                Err(Error::invalid("count", words, format!("it does not agree with the number {number}"), "give one of the two"))
            }
            (number, stated) => Ok(stated.or(number).unwrap_or_default()),
        }
    }

    /// The count that is stored as these columns, or the part of it that the number gives.
    pub(crate) fn from_columns(number: Option<Count>, words: Option<&str>) -> StatedCount {
        match words.and_then(|words| words.parse::<StatedCount>().ok()) {
            Some(stated) if stated.number().is_some() == number.is_some() => stated.part(number),
            _ => number.into(),
        }
    }
}

impl From<Option<Count>> for StatedCount {
    fn from(count: Option<Count>) -> StatedCount {
        count.map_or(StatedCount::Unknown, StatedCount::Exact)
    }
}

impl fmt::Display for StatedCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StatedCount::Unknown => f.write_str("?"),
            StatedCount::Several => f.write_str("several"),
            StatedCount::Exact(n) => write!(f, "{n}"),
            StatedCount::About(n) => write!(f, "~{n}"),
            StatedCount::AtLeast(n) => write!(f, "{n}+"),
            StatedCount::Between(least, most) => write!(f, "{least}-{most}"),
        }
    }
}

impl Serialize for StatedCount {
    /// Writes the two columns as fields, to be flattened into a row.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(COLUMNS[0], serde_json::json!(self.number())), (COLUMNS[1], serde_json::json!(self.words()))])
    }
}

impl FromStr for StatedCount {
    type Err = Error;

    /// Reads a count as people state it: `35`, `35.0`, `20-30`, `20 to 30`, `between 20 and 30`, `50+`, `at least 50`, `50 or more`, `~50`,
    /// `about 50`, `several`, `?`.
    fn from_str(text: &str) -> Result<StatedCount, Error> {
        let lower = text.trim().to_lowercase();
        let number = |part: &str| whole(part.trim(), text);
        let after = |prefixes: &[&str]| prefixes.iter().find_map(|prefix| lower.strip_prefix(prefix));
        if matches!(lower.as_str(), "?" | "unknown") {
            return Ok(StatedCount::Unknown);
        }
        if lower == "several" {
            return Ok(StatedCount::Several);
        }
        if let Some(rest) = after(&["~", "≈", "about ", "around ", "approximately ", "roughly ", "circa ", "ca. ", "c. "]) {
            return number(rest).map(StatedCount::About);
        }
        if let Some(rest) = after(&["at least ", "≥", ">="]).or_else(|| lower.strip_suffix('+')).or_else(|| lower.strip_suffix(" or more"))
        {
            return number(rest).map(StatedCount::AtLeast);
        }
        match bounds(&lower) {
            None => number(&lower).map(StatedCount::Exact),
            Some((least, most)) => match (number(least)?, number(most)?) {
                (least, most) if least < most => Ok(StatedCount::Between(least, most)),
                (least, most) if least == most => Ok(StatedCount::Exact(least)),
                _ => Err(Error::invalid("count", text, "the range ends before it begins", "give the smaller number first, like 20-30")),
            },
        }
    }
}

word_enum! {
    /// How a number that is not exact is meant. Ordered from least to most precise. A sum is only as precise as its least precise count.
    pub enum Approximation: "approximation" {
        /// Near the number: `~50`.
        About = "about",
        /// The number or more: `50+`, `20-30`.
        AtLeast = "at least",
    }
}

/// A sum of counts. `35+` is at least 35 and `~35` about 35; unknown counts add `+ ?`; `-` is nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Total {
    known: i128,
    has_unknown: bool,
    approximation: Option<Approximation>,
}

impl Total {
    /// Adds a count, with how it is meant.
    pub fn add(&mut self, count: Option<Count>, approximation: Option<Approximation>) {
        self.known += i128::from(count.unwrap_or(0));
        self.has_unknown |= count.is_none();
        self.approximation = self.approximation.into_iter().chain(approximation).min();
    }

    /// The sum of the known counts.
    pub fn known(&self) -> i128 {
        self.known
    }

    /// The sum with its unit: `35 persons`, `1 property`, `35+ persons`.
    pub fn with_unit(&self, unit: &str) -> String {
        let is_one = self.known == 1 && !self.has_unknown && self.approximation.is_none();
        format!("{self} {}", if is_one { singular(unit) } else { unit.to_owned() })
    }

    /// The sum of the known counts in a sentence: `35 persons`, `at least 1 property`, `about 50 persons`.
    pub fn in_words(&self, unit: &str) -> String {
        let approximation = self.approximation.map_or(String::new(), |approximation| format!("{approximation} "));
        format!("{approximation}{}", counted(self.known, unit))
    }

    /// The sum of the known counts, for comparisons. If only unknown counts were added, it is half of the smallest count.
    pub fn size(&self) -> f64 {
        if self.known == 0 && self.has_unknown { 0.5 } else { self.known as f64 }
    }
}

impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = match self.approximation {
            None => self.known.to_string(),
            Some(Approximation::AtLeast) => format!("{}+", self.known),
            Some(Approximation::About) => format!("~{}", self.known),
        };
        match (self.known, self.has_unknown) {
            (0, false) => f.write_str("-"),
            (0, true) => f.write_str("?"),
            (_, false) => f.write_str(&known),
            (_, true) => write!(f, "{known} + ?"),
        }
    }
}

/// The two ends of a range: `20-30`, `20 to 30`, `between 20 and 30`. A hyphen at the start is a minus sign.
fn bounds(text: &str) -> Option<(&str, &str)> {
    if let Some(rest) = text.strip_prefix("between ") {
        return rest.split_once(" and ");
    }
    let (least, most) = text.split_once(" to ").or_else(|| text.split_once(['-', '–', '—']))?;
    (!least.trim().is_empty()).then_some((least, most))
}

/// Reads a whole number, which a spreadsheet may have written as `35.0`. Errors quote the text that contains it.
fn whole(part: &str, text: &str) -> Result<Count, Error> {
    if let Some(thousands) = in_thousands(part) {
        let whole = part.split('.').next().unwrap_or_default();
        let why = if thousands.len() == whole.len() + 3 && part.contains('.') {
            format!("this can be read as {whole} or as {thousands}")
        } else {
            "a count has no comma, point or space between its digits".to_owned()
        };
        return Err(Error::invalid("count", text, why, format!("write {thousands}, if that is meant")));
    }
    let digits = match part.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        _ => part,
    };
    let refuse = |why: &str| Err(Error::invalid("count", text, why, WAY_OUT));
    if part.starts_with('+') {
        return refuse("a plus sign is written after the number, for at least");
    }
    match digits.parse::<Count>() {
        Ok(count) if (1..=MOST).contains(&count) => Ok(count),
        Ok(0) => refuse("a count must be at least 1"),
        Ok(count) if count < 0 => refuse("a count cannot be negative"),
        Ok(_) => refuse("this is more than the maximum"),
        Err(_) if part.parse::<f64>().is_ok() => refuse("a count must be a whole number"),
        Err(_) => refuse("this is not a number"),
    }
}

/// The digits of a number that has a sign or a space between its thousands: 10000 for `10.000`, `10,000` and `10 000`.
fn in_thousands(part: &str) -> Option<String> {
    let sign = part.chars().find(|c| !c.is_ascii_digit())?;
    let mut groups = part.split(sign);
    let first = groups.next()?;
    let is_group = |group: &str| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit());
    let is_divided =
        matches!(sign, '.' | ',' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}') && (1..=3).contains(&first.len()) && !first.starts_with('0');
    (is_divided && groups.all(is_group)).then(|| part.replace(sign, ""))
}

/// Reads an amount, which is a number alone.
///
/// # Errors
/// The text is not a whole number from 1 to [`MOST`].
pub fn parse(text: &str) -> Result<Count, Error> {
    match text.parse()? {
        StatedCount::Exact(count) => Ok(count),
        _ => Err(Error::invalid("amount", text, "an amount is one number", "give a whole number from 1 to 1,000,000,000, or leave it out")),
    }
}

/// A count with its unit: `35 persons`, `1 property`, `20-30 persons`; if the count is unknown, `? persons`, but `1 act`.
pub fn quantity(count: impl Into<StatedCount>, unit: &str) -> String {
    match count.into().shown_in(unit) {
        StatedCount::Exact(1) => format!("1 {}", singular(unit)),
        count => format!("{count} {unit}"),
    }
}

/// A number of things: `1 action`, `2 actions`, `0 actions`. `things` is their plural.
pub fn counted(number: impl ToString, things: &str) -> String {
    match number.to_string().as_str() {
        "1" => format!("1 {}", singular(things)),
        number => format!("{number} {things}"),
    }
}

fn singular(unit: &str) -> String {
    match (unit.strip_suffix("ies"), unit.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) => stem.to_owned(),
        (None, None) => unit.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_whole_and_at_least_one() {
        assert_eq!(parse("35").unwrap(), 35);
        assert_eq!(parse("35.0").unwrap(), 35);
        for bad in ["0", "-3", "3.5", "1e30", "1000000001", "99999999999999999999", "", "several", "?", "20-30", "50+", "~5"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_number_with_thousands_has_two_readings_or_is_written_without_them() {
        let said = |text: &str| text.parse::<StatedCount>().unwrap_err().to_string();
        for (text, why) in [
            ("10.000", "this can be read as 10 or as 10000; help: write 10000, if that is meant"),
            ("1.234.000", "a count has no comma, point or space between its digits; help: write 1234000, if that is meant"),
            ("1,200", "a count has no comma, point or space between its digits; help: write 1200, if that is meant"),
            ("at least 1 200", "a count has no comma, point or space between its digits; help: write 1200, if that is meant"),
        ] {
            assert!(said(text).replace('\n', "; ").ends_with(why), "{}", said(text));
        }
    }

    #[test]
    fn a_count_is_read_as_people_state_it_and_has_one_form() {
        for (text, form, number) in [
            ("35.00", "35", Some(35)),
            ("20-30", "20-30", Some(20)),
            ("20 – 30", "20-30", Some(20)),
            ("between 20 and 30", "20-30", Some(20)),
            ("20 to 30", "20-30", Some(20)),
            ("7-7", "7", Some(7)),
            ("50+", "50+", Some(50)),
            ("At least 13", "13+", Some(13)),
            ("13 or more", "13+", Some(13)),
            ("about 50", "~50", Some(50)),
            ("ca. 50.0", "~50", Some(50)),
            ("several", "several", None),
            ("?", "?", None),
        ] {
            let stated: StatedCount = text.parse().unwrap();
            assert_eq!((stated.to_string().as_str(), stated.number()), (form, number), "{text}");
            assert_eq!(StatedCount::from_columns(stated.number(), stated.words().as_deref()), stated, "{text}");
        }
        for bad in ["", "30-20", "20-", "-30", "~20-30", "20+30", "dozens", "~0", "3.5-4", "20-30+", "2017-07-30"] {
            assert!(bad.parse::<StatedCount>().is_err(), "{bad}");
        }
        for (a, b, sum) in
            [("3", "4", "7"), ("20-30", "4", "24-34"), ("20-30", "5+", "25+"), ("~50", "20-30", "~70"), ("several", "4", "?")]
        {
            assert_eq!(a.parse::<StatedCount>().unwrap().plus(b.parse().unwrap()).to_string(), sum);
        }
        assert_eq!(StatedCount::from_columns(Some(15), Some("20-30")), StatedCount::AtLeast(15));
        assert_eq!(StatedCount::from_columns(None, Some("20-30")), StatedCount::Unknown);
    }

    #[test]
    fn quantities_are_said_as_people_say_them() {
        assert_eq!(quantity(Some(1), "properties"), "1 property");
        assert_eq!(quantity(Some(755), "persons"), "755 persons");
        assert_eq!(quantity(None, "persons"), "? persons");
        assert_eq!(quantity(None, "acts"), "1 act");
        assert_eq!(quantity(StatedCount::Several, "acts"), "several acts");
        assert_eq!(quantity(StatedCount::Between(20, 30).part(20), "persons"), "20-30 persons");
        assert_eq!(quantity(StatedCount::Between(20, 30).part(15), "persons"), "15+ persons");
        assert_eq!(quantity(StatedCount::About(50).part(15), "persons"), "~15 persons");
        assert_eq!(quantity(StatedCount::Several.part(1), "persons"), "several persons");
    }
}
