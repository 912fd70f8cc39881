//! Maps the names and codes of a feed to parties.

use std::borrow::Cow;
use std::collections::HashMap;

use encoding_rs::Encoding;
use rusqlite::Connection;

use crate::error::{Error, Result};
use crate::model::Feed;
use crate::model::name::fold;

use super::reason::{Flaw, Reason};
use super::row::is_missing;

const TABLE: &str = include_str!("../../data/feed_party.csv");

/// What the name of a country in a feed stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The index of the party in [`Parties::codes`].
    Party(u16),
    /// A region or a group, not a party.
    Region,
    /// A name that the ledger does not know.
    Unknown,
}

/// Looks up the parties that a feed names.
pub(super) struct Parties {
    /// The codes of the parties found so far.
    pub codes: Vec<String>,
    /// A cache of names looked up before.
    cache: HashMap<Vec<u8>, Side>,
    /// Names that are particular to the feed, each with its party. `None`: a region.
    feed_names: HashMap<&'static str, Option<&'static str>>,
    /// The parties of the ledger, by the normalized form of their names.
    ledger_names: HashMap<String, String>,
    /// The encoding of names that are not UTF-8.
    encoding: Option<&'static Encoding>,
}

impl Parties {
    /// Loads the names that are particular to a feed and those in the ledger.
    pub fn new(conn: &Connection, feed: Feed, encoding: Option<&'static Encoding>) -> Result<Parties> {
        let of = if feed == Feed::Gdelt { "gdelt," } else { "names," };
        let rows = TABLE.lines().filter_map(|row| row.strip_prefix(of)?.rsplit_once(','));
        let feed_names = rows.map(|(name, party)| (name.trim_matches('"'), (!party.is_empty()).then_some(party))).collect();
        let mut ledger_names = HashMap::new();
        // A code takes precedence over an equal alias, because it is inserted later.
        let mut names = conn.prepare("SELECT folded, party FROM alias UNION ALL SELECT lower(code), code FROM party")?;
        let mut rows = names.query([])?;
        while let Some(row) = rows.next()? {
            ledger_names.insert(row.get(0)?, row.get(1)?);
        }
        Ok(Parties { codes: Vec::new(), cache: HashMap::new(), feed_names, ledger_names, encoding })
    }

    /// Looks up a name or a code.
    pub fn get(&mut self, name: &[u8]) -> Result<Side> {
        if let Some(side) = self.cache.get(name) {
            return Ok(*side);
        }
        let side = self.look_up(name)?;
        // The size of the cache is limited, because the file is untrusted.
        if self.cache.len() < 100_000 {
            self.cache.insert(name.to_vec(), side);
        }
        Ok(side)
    }

    fn look_up(&mut self, name: &[u8]) -> Result<Side> {
        let text = match (std::str::from_utf8(name), self.encoding) {
            (Ok(text), _) => Cow::Borrowed(text),
            (Err(_), Some(encoding)) => encoding.decode(name).0,
            (Err(_), None) => return Ok(Side::Unknown),
        };
        let text = text.trim();
        let named = match self.feed_names.get(text) {
            Some(None) => return Ok(Side::Region),
            Some(Some(party)) => *party,
            None => text,
        };
        // Two-letter codes are ambiguous: RS is Russia in GDELT's codes of places and Serbia in ISO 3166.
        let Some(code) = self.ledger_names.get(&fold(named)).filter(|code| named.len() > 2 || *code == named) else {
            return Ok(Side::Unknown);
        };
        let at = self.codes.iter().position(|c| c == code).unwrap_or_else(|| {
            self.codes.push(code.clone());
            self.codes.len() - 1
        });
        Ok(Side::Party(
            u16::try_from(at)
                .map_err(|_| Error::refused("read the feed", "it names more than 65,536 parties", "import its files one at a time"))?,
        ))
    }

    /// The names that are particular to the feed and, for GDELT, every code of three letters that the ledger knows, in order: the name, its
    /// party or `None` for a region, and whether it is looked up as a code too.
    #[cfg(feature = "parquet")]
    pub fn names(&self, feed: Feed) -> Vec<(String, Option<String>, bool)> {
        let of_feed = self.feed_names.iter().filter_map(|(name, party)| {
            let code = party.map(|party| self.ledger_names.get(&fold(party)).cloned());
            match code {
                None => Some(((*name).to_owned(), None, true)),
                Some(code) => code.map(|code| ((*name).to_owned(), Some(code), true)),
            }
        });
        let of_ledger = self.ledger_names.iter().filter(|(name, _)| feed == Feed::Gdelt && name.len() == 3).filter_map(|(name, code)| {
            let name = name.to_uppercase();
            (!self.feed_names.contains_key(name.as_str())).then(|| (name.clone(), Some(code.clone()), name == *code))
        });
        let mut names: Vec<_> = of_feed.chain(of_ledger).collect();
        names.sort_unstable();
        names
    }

    /// The party of an event of GDELT: from its country, or else its group, or else the start of its actor code.
    pub fn of_gdelt(&mut self, country: &[u8], group: &[u8], code: &[u8]) -> Result<Result<u16, Flaw>> {
        let mut region = false;
        for name in [country, group] {
            if name.is_empty() {
                continue;
            }
            match self.get(name)? {
                Side::Party(party) => return Ok(Ok(party)),
                // An unknown group counts as a group that is not a party. An unknown country is reported.
                Side::Unknown if name.as_ptr() == country.as_ptr() && group.is_empty() => {
                    return Ok(Err(Flaw::bytes(Reason::UnknownParty, name)));
                }
                Side::Region | Side::Unknown => region = true,
            }
        }
        if country.is_empty() && group.is_empty() && code.len() >= 3 {
            match self.get(&code[..3])? {
                // It is looked up only as a code, because the name of a role may be spelt like the name of a party.
                Side::Party(party) if self.is_code(&code[..3], party) => return Ok(Ok(party)),
                Side::Region => region = true,
                Side::Party(_) | Side::Unknown => (),
            }
        }
        Ok(Err(if region { Reason::Region } else { Reason::OneSided }.into()))
    }

    fn is_code(&self, name: &[u8], party: u16) -> bool {
        self.codes[usize::from(party)].as_bytes() == name || std::str::from_utf8(name).is_ok_and(|n| self.feed_names.contains_key(n))
    }

    /// The parties of the names of countries, without duplicates. If there is no country, the name of the actor is looked up instead, as
    /// for the European Union.
    pub fn of_names(&mut self, countries: &[u8], actor: &[u8]) -> Result<Result<Vec<u16>, Flaw>> {
        let mut found: Vec<u16> = Vec::new();
        let mut region = false;
        for name in countries.split(|b| matches!(b, b';' | b'|')).map(<[u8]>::trim_ascii) {
            if is_no_country(name) {
                continue;
            }
            match self.get(name)? {
                Side::Party(party) if found.contains(&party) => (),
                Side::Party(party) => found.push(party),
                Side::Region => region = true,
                Side::Unknown => return Ok(Err(Flaw::bytes(Reason::UnknownParty, name))),
            }
        }
        let named = if found.is_empty() && !region { actor } else { b"" };
        for name in named.split(|b| *b == b';').map(<[u8]>::trim_ascii).filter(|name| !is_no_country(name)) {
            if let Side::Party(party) = self.get(name)?
                && !found.contains(&party)
            {
                found.push(party);
            }
        }
        match found.is_empty() {
            false => Ok(Ok(found)),
            true => Ok(Err(if region { Reason::Region } else { Reason::OneSided }.into())),
        }
    }
}

/// True if ICEWS and POLECAT write this where there is no country.
fn is_no_country(name: &[u8]) -> bool {
    is_missing(name) || matches!(name, b"" | b"---" | b"IGO" | b"NGO" | b"MNC" | b"IMG")
}
