//! Sources as people cite them for an action.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;
use crate::model::count::{self, Count};
use crate::model::date::Date;

/// A source cited for an action: a URL or a line of text and, if they differ from the action's, the date and the count that the
/// source gives: `https://example.org/a [says 2017-07-30, 60]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cite {
    /// The URL, or the line that names the source.
    pub cite: String,
    /// The date that the source gives, if it differs from the action's.
    pub says_date: Option<Date>,
    /// The count that the source gives, if it differs from the action's.
    pub says_count: Option<Count>,
}

impl FromStr for Cite {
    type Err = Error;

    fn from_str(text: &str) -> Result<Cite, Error> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::invalid("source", text, "it is empty", "give a URL or a line that names the source"));
        }
        if text.contains('\0') {
            return Err(Error::invalid("source", text, "it contains a NUL character", "remove it"));
        }
        let plain = Cite { cite: text.to_owned(), says_date: None, says_count: None };
        let Some((cite, says)) = text.strip_suffix(']').and_then(|t| t.rsplit_once(" [says ")) else {
            return Ok(plain);
        };
        let mut cited = Cite { cite: cite.trim().to_owned(), ..plain };
        if cited.cite.is_empty() {
            return Err(Error::invalid("source", text, "it names no source", "put the source before [says ...]"));
        }
        for part in says.split(',').map(str::trim) {
            // Four digits can be a year or a count: a part with four digits or a hyphen is taken as a date.
            if part.len() == 4 || part.contains('-') {
                cited.says_date = Some(part.parse()?);
            } else {
                cited.says_count = Some(count::parse(part)?);
            }
        }
        Ok(cited)
    }
}

impl fmt::Display for Cite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cite)?;
        match (&self.says_date, self.says_count) {
            (None, None) => Ok(()),
            (Some(date), None) => write!(f, " [says {date}]"),
            (None, Some(count)) => write!(f, " [says {}]", written(count)),
            (Some(date), Some(count)) => write!(f, " [says {date}, {}]", written(count)),
        }
    }
}

/// Writes a count. A count of four digits gets a leading zero, because it would otherwise be read as a year.
fn written(count: Count) -> String {
    let text = count.to_string();
    if text.len() == 4 { format!("0{text}") } else { text }
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
