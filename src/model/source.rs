//! A source as one cites it for an action.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;
use crate::model::count::{self, Count};
use crate::model::date::Date;

/// A source cited for an action: a URL or a line of text and, where it differs from the action, what it says:
/// `https://example.org/a [says 2017-07-30, 60]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cite {
    /// The URL, or the line that names the source.
    pub cite: String,
    /// The date it gives, where that is another.
    pub says_date: Option<Date>,
    /// The count it gives, where that is another.
    pub says_count: Option<Count>,
}

impl FromStr for Cite {
    type Err = Error;

    fn from_str(text: &str) -> Result<Cite, Error> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::invalid("source", text, "it is empty", "give a URL or a line that names the source"));
        }
        let plain = Cite { cite: text.to_owned(), says_date: None, says_count: None };
        let Some((cite, says)) = text.strip_suffix(']').and_then(|t| t.rsplit_once(" [says ")) else {
            return Ok(plain);
        };
        let mut told = Cite { cite: cite.trim().to_owned(), ..plain };
        if told.cite.is_empty() {
            return Err(Error::invalid("source", text, "it names no source", "put the source before [says ...]"));
        }
        for part in says.split(',').map(str::trim) {
            // A year could be a count: what has four digits or a hyphen is a date.
            if part.len() == 4 || part.contains('-') {
                told.says_date = Some(part.parse()?);
            } else {
                told.says_count = Some(count::parse(part)?);
            }
        }
        Ok(told)
    }
}

impl fmt::Display for Cite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cite)?;
        match (&self.says_date, self.says_count) {
            (None, None) => Ok(()),
            (Some(date), None) => write!(f, " [says {date}]"),
            (None, Some(count)) => write!(f, " [says {}]", said(count)),
            (Some(date), Some(count)) => write!(f, " [says {date}, {}]", said(count)),
        }
    }
}

/// A count of four digits would read as a year: a leading zero tells them apart.
fn said(count: Count) -> String {
    let text = count.to_string();
    if text.len() == 4 { format!("0{text}") } else { text }
}

/// True where a text is an address on the web, `https://...`: what a source that is named so needs no other for.
pub fn is_address(text: &str) -> bool {
    text.strip_prefix("http").is_some_and(|rest| rest.trim_start_matches('s').starts_with("://")) && check_address("url", text).is_ok()
}

/// Refuses what cannot be an address: one has a scheme, `https:`, and neither blanks nor control characters.
///
/// # Errors
/// It is none.
pub fn check_address(field: &'static str, text: &str) -> Result<(), Error> {
    let refuse = |why: &str| Err(Error::invalid(field, text, why, "write it like https://example.org/2017/07/report"));
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return refuse("an address holds neither blanks nor control characters; %20 stands for a blank");
    }
    let Some((scheme, rest)) = text.split_once(':') else { return refuse("this is no address: it has no scheme, such as https:") };
    let a_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    if !a_scheme {
        return refuse("this is no address: it does not begin with a scheme, such as https:");
    }
    let on_the_web = matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https" | "ftp");
    let host = rest.strip_prefix("//").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    if rest.is_empty() || (on_the_web && host.is_none_or(str::is_empty)) {
        return refuse("this is no address: it names no host");
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
        ] {
            assert_eq!(text.parse::<Cite>().unwrap().to_string(), text);
        }
        assert!("x [says tomorrow]".parse::<Cite>().is_err());
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
