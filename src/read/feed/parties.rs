//! Which name or code of a feed is which party.

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

/// What a feed's name of a country stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The number of the party in [`Parties::codes`].
    Party(u16),
    /// It is a region or a group.
    Region,
    /// The ledger does not know it.
    Unknown,
}

/// The parties that a feed names.
pub(super) struct Parties {
    /// The codes of those met so far.
    pub codes: Vec<String>,
    met: HashMap<Vec<u8>, Side>,
    /// What a feed calls otherwise: `None`: a region.
    otherwise: HashMap<&'static str, Option<&'static str>>,
    /// The ledger's parties by what is compared of their names.
    called: HashMap<String, String>,
    /// What is not UTF-8 is in this encoding.
    encoding: Option<&'static Encoding>,
}

impl Parties {
    /// Those of a feed, with the names that the ledger has.
    pub fn new(conn: &Connection, feed: Feed, encoding: Option<&'static Encoding>) -> Result<Parties> {
        let of = if feed == Feed::Gdelt { "gdelt," } else { "names," };
        let rows = TABLE.lines().filter_map(|row| row.strip_prefix(of)?.rsplit_once(','));
        let otherwise = rows.map(|(name, party)| (name.trim_matches('"'), (!party.is_empty()).then_some(party))).collect();
        let mut called = HashMap::new();
        // A code before an alias that is like it.
        let mut names = conn.prepare("SELECT folded, party FROM alias UNION ALL SELECT lower(code), code FROM party")?;
        let mut rows = names.query([])?;
        while let Some(row) = rows.next()? {
            called.insert(row.get(0)?, row.get(1)?);
        }
        Ok(Parties { codes: Vec::new(), met: HashMap::new(), otherwise, called, encoding })
    }

    /// What a name or a code stands for.
    pub fn get(&mut self, name: &[u8]) -> Result<Side> {
        if let Some(side) = self.met.get(name) {
            return Ok(*side);
        }
        let side = self.look_up(name)?;
        // What a stranger's file can fill this with is bounded.
        if self.met.len() < 100_000 {
            self.met.insert(name.to_vec(), side);
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
        let named = match self.otherwise.get(text) {
            Some(None) => return Ok(Side::Region),
            Some(Some(party)) => *party,
            None => text,
        };
        // Of two letters, the codes of GDELT's places and those of ISO are not the same: RS is Russia, or Serbia.
        let Some(code) = self.called.get(&fold(named)).filter(|code| named.len() > 2 || *code == named) else {
            return Ok(Side::Unknown);
        };
        let at = self.codes.iter().position(|c| c == code).unwrap_or_else(|| {
            self.codes.push(code.clone());
            self.codes.len() - 1
        });
        Ok(Side::Party(u16::try_from(at).map_err(|_| Error::refused("read the feed", "it names too many parties", "split it"))?))
    }

    /// The party of an event of GDELT: its country; else the group it is known as; else what its code begins with.
    pub fn of_gdelt(&mut self, country: &[u8], group: &[u8], code: &[u8]) -> Result<Result<u16, Flaw>> {
        let mut region = false;
        for name in [country, group] {
            if name.is_empty() {
                continue;
            }
            match self.get(name)? {
                Side::Party(party) => return Ok(Ok(party)),
                // A group that the ledger does not know is a group; a country it does not know is told.
                Side::Unknown if name.as_ptr() == country.as_ptr() && group.is_empty() => {
                    return Ok(Err(Flaw::bytes(Reason::UnknownParty, name)));
                }
                Side::Region | Side::Unknown => region = true,
            }
        }
        if country.is_empty() && group.is_empty() && code.len() >= 3 {
            match self.get(&code[..3])? {
                // Not by another name: a role may be spelt as somebody's.
                Side::Party(party) if self.is_code(&code[..3], party) => return Ok(Ok(party)),
                Side::Region => region = true,
                Side::Party(_) | Side::Unknown => (),
            }
        }
        Ok(Err(if region { Reason::Region } else { Reason::OneSided }.into()))
    }

    fn is_code(&self, name: &[u8], party: u16) -> bool {
        self.codes[usize::from(party)].as_bytes() == name || std::str::from_utf8(name).is_ok_and(|n| self.otherwise.contains_key(n))
    }

    /// The parties of the names of countries, each once; where there are none those of the actors' own names, as with the
    /// European Union.
    pub fn of_names(&mut self, countries: &[u8], actor: &[u8]) -> Result<Result<Vec<u16>, Flaw>> {
        let mut found: Vec<u16> = Vec::new();
        let mut region = false;
        for name in countries.split(|b| matches!(b, b';' | b'|')).map(<[u8]>::trim_ascii) {
            if is_nothing(name) {
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
        for name in named.split(|b| *b == b';').map(<[u8]>::trim_ascii).filter(|name| !is_nothing(name)) {
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

/// What ICEWS and POLECAT write where there is no country.
fn is_nothing(name: &[u8]) -> bool {
    is_missing(name) || matches!(name, b"" | b"---" | b"IGO" | b"NGO" | b"MNC" | b"IMG")
}
