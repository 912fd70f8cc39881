//! What the readers of all feeds share: the parties, the code book, and texts that may be broken.

use encoding_rs::Encoding;

use super::codes::Codes;
use super::parties::Parties;
use super::reason::Flaw;
use super::row::is_missing;

/// Where names and codes are looked up.
pub(super) struct Desk {
    pub parties: Parties,
    pub codes: Codes,
}

/// What is known of both sides.
pub(super) fn both<S>(actor: Result<S, Flaw>, target: Result<S, Flaw>) -> Result<(S, S), Flaw> {
    match (actor, target) {
        (Ok(actor), Ok(target)) => Ok((actor, target)),
        // What is bad comes before what is only left out.
        (Err(flaw), Ok(_)) | (Ok(_), Err(flaw)) => Err(flaw),
        (Err(one), Err(other)) => Err(if one.reason >= other.reason { one } else { other }),
    }
}

/// Makes texts of bytes, and notes where some had to be replaced.
#[derive(Debug)]
pub(super) struct Texts {
    /// What is not UTF-8 is in this encoding; `None`: it is broken.
    encoding: Option<&'static Encoding>,
    /// The first text since this was last emptied that was broken.
    pub broken: Option<String>,
}

impl Texts {
    pub fn new(encoding: Option<&'static Encoding>) -> Texts {
        Texts { encoding, broken: None }
    }

    /// A text; an empty one is none.
    pub fn take(&mut self, bytes: &[u8]) -> Option<String> {
        let bytes = bytes.trim_ascii();
        if bytes.is_empty() {
            return None;
        }
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Some(text.to_owned());
        }
        let (text, broken) = match self.encoding {
            Some(encoding) => {
                let (text, _, broken) = encoding.decode(bytes);
                (text.into_owned(), broken)
            }
            None => (String::from_utf8_lossy(bytes).into_owned(), true),
        };
        if broken && self.broken.is_none() {
            self.broken = Some(text.clone());
        }
        Some(text)
    }

    /// The same; what stands for nothing is none.
    pub fn take_known(&mut self, bytes: &[u8]) -> Option<String> {
        if is_missing(bytes.trim_ascii()) { None } else { self.take(bytes) }
    }

    /// A place of several names, the nearest first.
    pub fn place(&mut self, names: &[&[u8]]) -> Option<String> {
        let mut known: Vec<String> = names.iter().filter_map(|name| self.take_known(name)).collect();
        known.dedup();
        (!known.is_empty()).then(|| known.join(", "))
    }
}
