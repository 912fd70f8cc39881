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
}
