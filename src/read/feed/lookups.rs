//! What the readers of all feeds share: the parties, the code book, and the decoding of texts.

use encoding_rs::Encoding;

use crate::model::Actors;
use crate::model::feed::{acts_for_a_state, is_a_national};

use super::codes::{Coded, Codes};
use super::day::EventDays;
use super::parties::Parties;
use super::reason::{Flaw, Reason};
use super::row::is_missing;

/// The tables in which names and codes are looked up.
pub(super) struct Lookups {
    pub parties: Parties,
    pub codes: Codes,
    /// Which actors count as parties.
    pub actors: Actors,
    /// The days on which events of the feed can be.
    pub days: EventDays,
}

impl Lookups {
    /// The types of the actor and of the target of an act, in the order of the ledger.
    ///
    /// # Errors
    /// One of them does not act for a state, and only actors that do are imported. The nationals of a state can be the target.
    pub fn types(&self, coded: Coded, exchanged: bool, types: [Option<String>; 2]) -> Result<[Option<String>; 2], Flaw> {
        let [first, second] = types;
        let [actor, target] = if exchanged { [second, first] } else { [first, second] };
        let of_state = |types: &Option<String>| acts_for_a_state(types.as_deref().unwrap_or_default());
        let national = || !coded.mutual && target.as_deref().is_some_and(is_a_national);
        if self.actors == Actors::State && !(of_state(&actor) && (of_state(&target) || national())) {
            return Err(Reason::NonState.into());
        }
        Ok([actor, target])
    }
}

/// Combines both sides of an event. Of two flaws it returns the more serious one: an invalid side before one that is only left out.
pub(super) fn both<S>(actor: Result<S, Flaw>, target: Result<S, Flaw>) -> Result<(S, S), Flaw> {
    match (actor, target) {
        (Ok(actor), Ok(target)) => Ok((actor, target)),
        (Err(flaw), Ok(_)) | (Ok(_), Err(flaw)) => Err(flaw),
        (Err(one), Err(other)) => Err(if one.reason >= other.reason { one } else { other }),
    }
}

/// Decodes texts, and records where bytes had to be replaced.
#[derive(Debug)]
pub(super) struct Texts {
    /// The encoding of texts that are not UTF-8. `None`: their invalid bytes are replaced.
    encoding: Option<&'static Encoding>,
    /// The first text with replaced bytes since this was last reset.
    pub broken: Option<String>,
}

impl Texts {
    pub fn new(encoding: Option<&'static Encoding>) -> Texts {
        Texts { encoding, broken: None }
    }

    /// Decodes a text; `None` if it is empty.
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

    /// Decodes a text; `None` if it is empty or marks a missing value.
    pub fn take_known(&mut self, bytes: &[u8]) -> Option<String> {
        if is_missing(bytes.trim_ascii()) { None } else { self.take(bytes) }
    }

    /// Joins the names of a place, the most specific first.
    pub fn place(&mut self, names: &[&[u8]]) -> Option<String> {
        let mut known: Vec<String> = names.iter().filter_map(|name| self.take_known(name)).collect();
        known.dedup();
        (!known.is_empty()).then(|| known.join(", "))
    }
}
