//! Sources as people cite them for an action.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use serde_json::json;

use crate::error::Error;
use crate::model::count::StatedCount;
use crate::model::date::Date;

/// A source cited for an action: a URL or a line of text and, if the source disagrees with the action, what it says:
/// `https://example.org/a [says 2017-07-30, 60]`, `https://example.org/a [denies]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cite {
    /// The URL, or the line that names the source.
    pub cite: String,
    /// What the source says.
    pub reading: Reading,
}

/// What a source says of an action, if that differs from the action. A source that denies the act gives no date or count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Reading {
    /// The date that the source gives, ISO 8601; `None`: it does not differ.
    pub date: Option<String>,
    /// The count that the source gives; unknown: it does not differ.
    pub count: StatedCount,
    /// True if the source denies that the act happened.
    pub denies: bool,
}

/// The columns of a reading.
pub(crate) const COLUMNS: [&str; 4] = ["says_date", "says_count", "says_words", "denies"];

/// What begins a reading after the name of the source.
pub(crate) const SAYS: &str = " [says ";
/// The reading of a source that denies the act.
pub(crate) const DENIES: &str = " [denies]";

impl Reading {
    /// True if the source agrees with the action.
    pub fn is_empty(&self) -> bool {
        *self == Reading::default()
    }
}

impl Serialize for Reading {
    /// Writes the columns as fields, to be flattened into a row.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [date, count, words, denies] = COLUMNS;
        serializer.collect_map([
            (date, json!(self.date)),
            (count, json!(self.count.number())),
            (words, json!(self.count.words())),
            (denies, json!(self.denies)),
        ])
    }
}

impl FromStr for Reading {
    type Err = Error;

    /// Reads a date, a count or both, separated by a comma: `2017-07-30, 60`. Four digits are a year.
    fn from_str(says: &str) -> Result<Reading, Error> {
        let mut reading = Reading::default();
        for part in says.split(',').map(str::trim) {
            match (part.parse::<Date>(), part.parse::<StatedCount>(), Date::read(part)) {
                (Ok(date), ..) => reading.date = Some(date.to_string()),
                // A number of eight digits is a count.
                (_, Ok(count), _) => reading.count = count,
                (.., Ok(date)) => reading.date = Some(date.to_string()),
                (.., Err(e)) if part.len() == 4 || part.contains(['-', ' ', '/']) => return Err(e),
                (_, Err(e), _) => return Err(e),
            }
        }
        if reading.is_empty() {
            return Err(Error::invalid(
                "source",
                says,
                "this is neither a date nor a count",
                "write it like [says 2017-07-30, 60], or [denies]",
            ));
        }
        Ok(reading)
    }
}

impl fmt::Display for Reading {
    /// As it follows the name of the source: ` [says 2017-07-30, 60]`, ` [denies]`, or nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A count of four digits gets a leading zero, because it would otherwise be read as a year.
        let count = match self.count {
            StatedCount::Unknown => None,
            StatedCount::Exact(count @ 1000..10_000) => Some(format!("0{count}")),
            count => Some(count.to_string()),
        };
        match (&self.date, count) {
            _ if self.denies => f.write_str(DENIES),
            (None, None) => Ok(()),
            (Some(date), None) => write!(f, "{SAYS}{date}]"),
            (None, Some(count)) => write!(f, "{SAYS}{count}]"),
            (Some(date), Some(count)) => write!(f, "{SAYS}{date}, {count}]"),
        }
    }
}

impl Cite {
    /// Checks that no source is cited twice with different readings: one of them would be lost.
    ///
    /// # Errors
    /// A source is.
    pub(crate) fn check_readings(sources: &[Cite]) -> Result<(), Error> {
        let mut said: HashMap<&str, &Reading> = HashMap::new();
        for Cite { cite, reading } in sources.iter().filter(|_| sources.len() > 1) {
            if said.insert(cite, reading).is_some_and(|before| before != reading) {
                return Err(Cite::given_twice(cite, "give it once, with all that it says, like [says 2017-07-30, 60], or with [denies]"));
            }
        }
        Ok(())
    }

    /// The error for a source that is cited twice for an action with different readings.
    pub(crate) fn given_twice(cite: &str, way_out: &str) -> Error {
        Error::invalid("source", cite, "it is given twice, and does not say the same both times", way_out)
    }

    /// A source that agrees with the action.
    pub fn plain(cite: impl Into<String>) -> Cite {
        Cite { cite: cite.into(), reading: Reading::default() }
    }
}

impl FromStr for Cite {
    type Err = Error;

    fn from_str(text: &str) -> Result<Cite, Error> {
        let text = text.trim_end();
        if text.is_empty() {
            return Err(Error::invalid("source", text, "it is empty", "give a URL or a line that names the source"));
        }
        if text.contains('\0') {
            return Err(Error::invalid("source", text, "it contains a NUL character", "remove it"));
        }
        let (cite, reading) = split(text)?;
        let cite = cite.trim();
        if split(cite).is_ok_and(|(_, inner)| !inner.is_empty()) {
            let way_out = "keep one of the two, such as [says 2017-07-30, 60] or [denies]";
            return Err(Error::invalid(
                "source",
                text,
                "it has two readings; a source that denies the act gives no date or count",
                way_out,
            ));
        }
        match meant_mark(cite).filter(|_| reading.is_empty()) {
            None => Ok(Cite { cite: cite.to_owned(), reading }),
            Some((mark, _)) if mark == cite => {
                Err(Error::invalid("source", text, "it names no source", "put the source before [says ...] or [denies]"))
            }
            Some((mark, meant)) => {
                let why = format!("{mark} is neither a denial nor what the source says");
                Err(Error::invalid("source", text, why, format!("did you mean {meant}? A name may end with other words in brackets")))
            }
        }
    }
}

/// The last words of a name in brackets, if they look like a mark that was written wrongly, and the mark that was meant.
fn meant_mark(cite: &str) -> Option<(&str, String)> {
    let mark = &cite[cite.strip_suffix(']')?.rfind('[')?..];
    let words = mark.trim_matches(['[', ']']).trim().to_lowercase();
    let (first, rest) = words.split_once([' ', ',', ':']).unwrap_or((&words, ""));
    match first {
        "" => Some((mark, "[denies], or [says 2017-07-30, 60]".to_owned())),
        _ if ["deni", "deny", "disput"].iter().any(|stem| first.starts_with(stem)) => Some((mark, DENIES.trim().to_owned())),
        "say" | "says" | "said" | "saying" => {
            let says =
                rest.trim().parse::<Reading>().map_or_else(|_| "[says 2017-07-30, 60]".to_owned(), |r| r.to_string().trim().to_owned());
            Some((mark, says))
        }
        _ => None,
    }
}

/// Splits a text into the name of the source and its reading.
///
/// # Errors
/// It names no source, or the reading is neither a date nor a count.
pub(crate) fn split(text: &str) -> Result<(&str, Reading), Error> {
    let (cite, reading) = match (text.strip_suffix(DENIES), text.strip_suffix(']').and_then(|t| t.rsplit_once(SAYS))) {
        (Some(cite), _) => (cite, Reading { denies: true, ..Reading::default() }),
        (None, Some((cite, says))) => (cite, says.parse()?),
        (None, None) => return Ok((text, Reading::default())),
    };
    if cite.trim().is_empty() {
        return Err(Error::invalid("source", text, "it names no source", "put the source before [says ...] or [denies]"));
    }
    Ok((cite, reading))
}

impl fmt::Display for Cite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.cite, self.reading)
    }
}

/// True if the text is a web address, `https://...`. A source with such a name needs no separate URL.
pub fn is_address(text: &str) -> bool {
    text.strip_prefix("http").is_some_and(|rest| rest.trim_start_matches('s').starts_with("://")) && check_address("url", text).is_ok()
}

/// Checks that the text is a URL: it has a scheme, such as `https:`, and no spaces or control characters.
///
/// # Errors
/// The text is not a URL.
pub fn check_address(field: &'static str, text: &str) -> Result<(), Error> {
    let invalid = |why: &str| Err(Error::invalid(field, text, why, "write it like https://example.org/2017/07/report"));
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return invalid("a URL cannot contain spaces or control characters; write a space as %20");
    }
    let Some((scheme, rest)) = text.split_once(':') else { return invalid("this is not a URL: it has no scheme, such as https:") };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    if !is_scheme {
        return invalid("this is not a URL: it does not begin with a scheme, such as https:");
    }
    let on_the_web = matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https" | "ftp");
    let host = rest.strip_prefix("//").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    if rest.is_empty() || (on_the_web && host.is_none_or(str::is_empty)) {
        return invalid("this is not a URL: it names no host");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_keeps_its_own_reading() {
        for text in [
            "https://example.org/a",
            "The Times, 14 September 1985",
            "https://example.org/a [says 2017-07-30]",
            "x [says 60]",
            "x [says 01985]",
            "x [says 1985]",
            "x [says 2017-07, 755]",
            "a [sic]",
            "x [says 20-30]",
            "x [says 2017-07-30, several]",
            "x [says ~1985]",
            "x [denies]",
        ] {
            assert_eq!(text.parse::<Cite>().unwrap().to_string(), text);
        }
        for (near, meant) in [
            ("X [denied]", "[denies]"),
            ("X [denies it]", "[denies]"),
            ("X [denies, says 4]", "[denies]"),
            ("X [Denies]", "[denies]"),
            ("X[denies]", "[denies]"),
            ("X [say 50]", "[says 50]"),
            ("X [said: 2017-07-30, 60]", "[says 2017-07-30, 60]"),
            ("X [saying much]", "[says 2017-07-30, 60]"),
            ("X []", "[denies], or [says 2017-07-30, 60]"),
        ] {
            let asked = near.parse::<Cite>().unwrap_err().to_string();
            assert!(asked.contains(&format!("did you mean {meant}?")), "{near}: {asked}");
        }
        assert!("Report [Denmark]".parse::<Cite>().is_ok() && "Essays [II]".parse::<Cite>().is_ok());
        for bad in
            ["x [says tomorrow]", "x [says ?]", "x [says 60] [denies]", "x [denies] [says 60]", "x  [says 60]  [says 61]", " [denies]"]
        {
            assert!(bad.parse::<Cite>().is_err(), "{bad}");
        }
        assert!("  ".parse::<Cite>().is_err());
    }

    #[test]
    fn an_address_has_a_scheme_and_a_host() {
        for good in ["https://example.org", "HTTP://example.org/a?b#c", "ftp://example.org/x", "urn:nbn:de:101:1-2017", "doi:10.1000/182"] {
            assert!(check_address("url", good).is_ok(), "{good}");
        }
        for bad in
            ["example.org/a", "www.example.org", "https:", "https://", "https:///a", "https:/example.org", "1a:b", "https://a b", "x:\u{7}"]
        {
            assert!(check_address("url", bad).is_err(), "{bad}");
        }
        assert!(is_address("https://example.org/a") && is_address("http://example.org"));
        assert!(!is_address("https://example.org/a, page 2") && !is_address("The Times, 14 September 1985") && !is_address("urn:nbn:x"));
    }
}
