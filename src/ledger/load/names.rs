//! The ledger's names, looked up once each: rows of a file say the same few over and over.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use crate::error::{Error, ROWS_TOLD, Result};
use crate::ledger::catalogue::{self, check_slug};
use crate::model::{Date, Sign};

use super::catalogue_table::{CatalogueTable, Fact};

/// What is known of a kind.
#[derive(Debug, Clone)]
pub(crate) struct KindFacts {
    pub name: String,
    pub sign: Sign,
}

/// The names that rows use, each with a small number.
pub(crate) struct Names<'c> {
    conn: &'c Connection,
    parties: Vec<String>,
    kinds: Vec<KindFacts>,
    party_called: HashMap<String, Result<u16, String>>,
    kind_called: HashMap<String, Result<u16, String>>,
    /// How many parties were unknown so far.
    unknown: usize,
    disputes: HashSet<String>,
    /// Those of them that the ledger does not have yet.
    new_disputes: Vec<String>,
    date: Option<Date>,
    moment: String,
}

impl<'c> Names<'c> {
    /// Nothing looked up yet.
    pub fn new(conn: &'c Connection) -> Result<Names<'c>> {
        let disputes = catalogue::list_disputes(conn)?.into_iter().map(|d| d.slug).collect();
        Ok(Names {
            conn,
            parties: Vec::new(),
            kinds: Vec::new(),
            party_called: HashMap::new(),
            kind_called: HashMap::new(),
            unknown: 0,
            disputes,
            new_disputes: Vec::new(),
            date: None,
            moment: String::new(),
        })
    }

    /// The party that people call `given`; what is wrong where there is none.
    pub fn party(&mut self, given: &str) -> Result<Result<u16, String>> {
        if let Some(known) = self.party_called.get(given) {
            return Ok(known.clone());
        }
        let found = match catalogue::party_called(self.conn, given)? {
            Some(party) => Ok(numbered(&mut self.parties, |code| *code == party.code, || party.code.clone())),
            // To look for near names takes a millisecond, and beyond so many bad rows nobody is told of them.
            None if self.unknown >= ROWS_TOLD => Err(String::new()),
            None => {
                self.unknown += 1;
                Err(catalogue::no_party(self.conn, given)?.to_string())
            }
        };
        self.party_called.insert(given.to_owned(), found.clone());
        Ok(found)
    }

    /// The kind called `given`; what is wrong where there is none.
    pub fn kind(&mut self, given: &str) -> Result<Result<u16, String>> {
        if let Some(known) = self.kind_called.get(given) {
            return Ok(known.clone());
        }
        let found = match catalogue::find_kind(self.conn, given) {
            Ok(kind) => Ok(numbered(&mut self.kinds, |k| k.name == kind.name, || KindFacts { name: kind.name.clone(), sign: kind.sign })),
            Err(e @ Error::Unknown { .. }) => Err(e.to_string()),
            Err(e) => return Err(e),
        };
        self.kind_called.insert(given.to_owned(), found.clone());
        Ok(found)
    }

    /// Takes note of a dispute; one that there is not yet is to be made.
    pub fn dispute(&mut self, slug: &str) -> Result<(), String> {
        if !self.disputes.contains(slug) {
            check_slug(slug).map_err(|e| e.to_string())?;
            self.disputes.insert(slug.to_owned());
            self.new_disputes.push(slug.to_owned());
        }
        Ok(())
    }

    /// True where rows named disputes that there are not yet.
    pub fn has_new_disputes(&self) -> bool {
        !self.new_disputes.is_empty()
    }

    /// Makes the disputes that there were not, and names them in order.
    pub fn make_disputes(&mut self) -> Result<Vec<String>> {
        let mut made = std::mem::take(&mut self.new_disputes);
        made.sort();
        let mut insert = self.conn.prepare("INSERT INTO dispute (slug, title) VALUES (?1, ?1)")?;
        for slug in &made {
            insert.execute([slug])?;
        }
        Ok(made)
    }

    /// Reads a date.
    pub fn date(&mut self, text: &str) -> Result<Date, String> {
        match &self.date {
            Some(last) if last.as_str() == text => Ok(last.clone()),
            _ => {
                let date: Date = text.parse().map_err(|e: Error| e.to_string())?;
                Ok(self.date.insert(date).clone())
            }
        }
    }

    /// True where the schema takes `text` for a moment.
    pub fn is_moment(&mut self, text: &str) -> Result<bool> {
        let good = self.moment == text || self.conn.prepare_cached("SELECT datetime(?1) IS NOT NULL")?.query_row([text], |r| r.get(0))?;
        if good && self.moment != text {
            self.moment = text.to_owned();
        }
        Ok(good)
    }

    /// A party's code.
    pub fn code(&self, party: u16) -> &str {
        self.parties.get(usize::from(party)).map_or("", String::as_str)
    }

    /// What is known of a kind.
    pub fn facts(&self, kind: u16) -> &KindFacts {
        &self.kinds[usize::from(kind)]
    }

    /// Looks again for what this row of the catalogue, which is new or was amended, can have changed. All of it would
    /// take a file of many such rows the longer the more there are.
    pub fn refresh(&mut self, table: &CatalogueTable, fact: &Fact) -> Result<()> {
        let name = fact.first().and_then(Option::as_deref).unwrap_or_default();
        match table.row {
            "party" | "alias" => self.party_called.clear(),
            "kind" => {
                self.kind_called.clear();
                if let Some(known) = self.kinds.iter_mut().find(|k| k.name == name) {
                    let kind = catalogue::find_kind(self.conn, name)?;
                    *known = KindFacts { name: kind.name, sign: kind.sign };
                }
            }
            "dispute" => {
                self.disputes.insert(name.to_owned());
                self.new_disputes.retain(|new| new != name);
            }
            _ => (),
        }
        Ok(())
    }
}

/// The number of a thing in a list, where it is put if it is new.
fn numbered<T>(list: &mut Vec<T>, same: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> u16 {
    let at = list.iter().position(same).unwrap_or_else(|| {
        list.push(make());
        list.len() - 1
    });
    u16::try_from(at).unwrap_or(u16::MAX)
}
