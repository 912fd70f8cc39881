//! A cache of the names that rows use, since the rows of a file use the same few names repeatedly.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use crate::error::{Error, MAX_ROWS_LISTED, Result};
use crate::ledger::catalogue::{self, Kind, Membership, check_slug};
use crate::model::{CodeBook, Date, Day, Sign};

use super::catalogue_table::{CatalogueTable, Fact};
use super::codes::Codes;

/// What a row needs to know of a kind.
#[derive(Debug, Clone)]
pub(crate) struct KindFacts {
    pub name: String,
    pub sign: Sign,
    /// What it counts.
    pub unit: String,
}

impl KindFacts {
    fn of(kind: Kind) -> KindFacts {
        KindFacts { name: kind.name, sign: kind.sign, unit: kind.unit }
    }
}

/// The names that rows use, each with a number.
pub(crate) struct Names<'c> {
    conn: &'c Connection,
    /// The codes of the code book that the files use; `None`: parties are names and codes of the ledger.
    codes: Option<Codes>,
    /// The codes of ISO 3166; `None` until they are needed.
    iso2: Option<Codes>,
    /// Who belonged to which organisation; `None` until it is needed.
    memberships: Option<Vec<Membership>>,
    parties: Vec<String>,
    kinds: Vec<KindFacts>,
    party_called: HashMap<String, Result<u16, Option<String>>>,
    /// All kinds; `None` until they are needed.
    all_kinds: Option<Vec<Kind>>,
    kind_called: HashMap<String, Result<u16, Option<String>>>,
    /// The number of unknown parties and kinds so far.
    unknown: usize,
    disputes: HashSet<String>,
    /// The disputes among them that the ledger does not have yet.
    new_disputes: Vec<String>,
    last_date: Option<Date>,
    last_stamp: String,
}

impl<'c> Names<'c> {
    /// Creates an empty cache.
    pub fn new(conn: &'c Connection) -> Result<Names<'c>> {
        let disputes = catalogue::list_disputes(conn)?.into_iter().map(|d| d.slug).collect();
        Ok(Names {
            conn,
            codes: None,
            iso2: None,
            memberships: None,
            parties: Vec::new(),
            kinds: Vec::new(),
            party_called: HashMap::new(),
            all_kinds: None,
            kind_called: HashMap::new(),
            unknown: 0,
            disputes,
            new_disputes: Vec::new(),
            last_date: None,
            last_stamp: String::new(),
        })
    }

    /// Makes the cells of parties codes of a code book, or names.
    pub fn set_codes(&mut self, book: Option<CodeBook>) -> Result<()> {
        self.codes = book.map(|book| Codes::read(self.conn, book)).transpose()?;
        Ok(())
    }

    /// True if the cells of parties may be codes of a code book.
    pub fn has_codes(&self) -> bool {
        self.codes.is_some()
    }

    /// The number of the party called `given`, or the message if there is no such party.
    ///
    /// In a file that uses a code book, a code means the party that has it on the day of the row.
    pub fn party(&mut self, given: &str, day: Option<Day>) -> Result<Result<u16, String>> {
        Ok(match self.look_up(given, day)? {
            Ok(party) => Ok(party),
            Err(Some(why)) => Err(why),
            Err(None) => {
                let why = if self.is_unknown_shown() { catalogue::no_party(self.conn, given)?.to_string() } else { String::new() };
                self.party_called.insert(given.to_owned(), Err(Some(why.clone())));
                Err(why)
            }
        })
    }

    /// The number of the party called `given`, if there is one: for texts that may be anything.
    pub fn find_party(&mut self, given: &str, day: Option<Day>) -> Result<Option<u16>> {
        Ok(self.look_up(given, day)?.ok())
    }

    /// The number of the party called `given`, or why there is none; `None`: the name is not known, and the message is not made yet.
    fn look_up(&mut self, given: &str, day: Option<Day>) -> Result<Result<u16, Option<String>>> {
        if let Some(codes) = &self.codes
            && let Some(found) = codes.party(given, day)
        {
            return Ok(found.map(|party| numbered(&mut self.parties, |code| code == party, || party.to_owned())).map_err(Some));
        }
        if let Some(known) = self.party_called.get(given) {
            return Ok(known.clone());
        }
        let found = match catalogue::party_called(self.conn, given)? {
            Some(party) if let Some(why) = self.codes.as_ref().and_then(|codes| codes.other_code(&party.code, given)) => Err(Some(why)),
            Some(party) => Ok(numbered(&mut self.parties, |code| *code == party.code, || party.code.clone())),
            None => Err(None),
        };
        self.party_called.insert(given.to_owned(), found.clone());
        Ok(found)
    }

    /// The number of the kind called `given`, or the message if there is no such kind.
    pub fn kind(&mut self, given: &str) -> Result<Result<u16, String>> {
        Ok(match self.look_up_kind(given)? {
            Ok(kind) => Ok(kind),
            Err(Some(why)) => Err(why),
            Err(None) => {
                let why = if self.is_unknown_shown() { catalogue::no_kind(self.all_kinds()?, given).to_string() } else { String::new() };
                self.kind_called.insert(given.to_owned(), Err(Some(why.clone())));
                Err(why)
            }
        })
    }

    /// The number of the kind called `given`, if there is one: for texts that may be anything.
    pub fn find_kind(&mut self, given: &str) -> Result<Option<u16>> {
        Ok(self.look_up_kind(given)?.ok())
    }

    /// The number of the kind called `given`; `None`: there is no such kind, and the message is not made yet.
    fn look_up_kind(&mut self, given: &str) -> Result<Result<u16, Option<String>>> {
        if let Some(known) = self.kind_called.get(given) {
            return Ok(known.clone());
        }
        let kind = catalogue::kind_called(self.all_kinds()?, given).cloned();
        let found = kind.map(|kind| numbered(&mut self.kinds, |k| k.name == kind.name, || KindFacts::of(kind.clone()))).ok_or(None);
        self.kind_called.insert(given.to_owned(), found.clone());
        Ok(found)
    }

    /// The kinds whose names are most similar to `given`.
    pub fn nearest_kinds(&mut self, given: &str) -> Result<Vec<String>> {
        Ok(catalogue::nearest_kinds(self.all_kinds()?, given))
    }

    fn all_kinds(&mut self) -> Result<&[Kind]> {
        if self.all_kinds.is_none() {
            self.all_kinds = Some(catalogue::list_kinds(self.conn)?);
        }
        Ok(self.all_kinds.as_deref().unwrap_or_default())
    }

    /// True if a message about one more unknown name is shown: beyond this number of problems none is. It suggests similar names, which takes
    /// a millisecond to find.
    fn is_unknown_shown(&mut self) -> bool {
        self.unknown += 1;
        self.unknown <= MAX_ROWS_LISTED
    }

    /// How a file writes a party so that it is read as this one: its code, or its name if the files use a code book.
    pub fn written(&self, code: &str) -> Result<String> {
        match self.codes {
            None => Ok(code.to_owned()),
            Some(_) => Ok(catalogue::find_party(self.conn, code)?.name),
        }
    }

    /// The name of the party with a code of the ledger.
    pub fn name(&self, code: &str) -> Result<String> {
        Ok(catalogue::find_party(self.conn, code)?.name)
    }

    /// True if the party with a code of the ledger is an organisation, which can have members.
    pub fn is_organisation(&self, code: &str) -> Result<bool> {
        Ok(catalogue::find_party(self.conn, code)?.is_organisation())
    }

    /// The code of the party that has this code of ISO 3166 on a day.
    pub fn of_iso2(&mut self, given: &str, day: Option<Day>) -> Result<Option<String>> {
        let codes = match self.iso2.take() {
            Some(codes) => codes,
            None => Codes::read(self.conn, CodeBook::Iso2)?,
        };
        let found = codes.party(given, day).and_then(Result::ok).map(str::to_owned);
        self.iso2 = Some(codes);
        Ok(found)
    }

    /// True if a party was a member of an organisation on a day, or on any day if none is given.
    pub fn is_member(&mut self, party: &str, organisation: &str, day: Option<Day>) -> Result<bool> {
        if self.memberships.is_none() {
            self.memberships = Some(catalogue::list_memberships(self.conn)?);
        }
        let all = self.memberships.iter().flatten();
        for membership in all.filter(|membership| membership.member == party && membership.organisation == organisation) {
            if day.map_or(Ok(true), |day| membership.covers(day))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The parties whose names are most similar to `given`.
    pub fn nearest_parties(&self, given: &str) -> Result<Vec<String>> {
        Ok(nearest(catalogue::no_party(self.conn, given)?))
    }

    /// Records that a row names a dispute, which is added if it does not exist.
    pub fn dispute(&mut self, slug: &str) -> Result<(), String> {
        if !self.disputes.contains(slug) {
            check_slug(slug).map_err(|e| e.to_string())?;
            self.disputes.insert(slug.to_owned());
            self.new_disputes.push(slug.to_owned());
        }
        Ok(())
    }

    /// True if rows named disputes that do not exist yet.
    pub fn has_new_disputes(&self) -> bool {
        !self.new_disputes.is_empty()
    }

    /// Adds the disputes that did not exist, and returns their slugs in order.
    pub fn add_disputes(&mut self) -> Result<Vec<String>> {
        let mut added = std::mem::take(&mut self.new_disputes);
        added.sort();
        let mut insert = self.conn.prepare("INSERT INTO dispute (slug, title) VALUES (?1, ?1)")?;
        for slug in &added {
            insert.execute([slug])?;
        }
        Ok(added)
    }

    /// Parses a date.
    pub fn date(&mut self, text: &str) -> Result<Date, String> {
        match &self.last_date {
            Some(last) if last.as_str() == text => Ok(last.clone()),
            _ => {
                // A date in words that is none is refused for what is wrong with its day.
                let why = |e: Error| Date::read(text).err().unwrap_or(e).to_string();
                let date: Date = text.parse().map_err(why)?;
                Ok(self.last_date.insert(date).clone())
            }
        }
    }

    /// True if SQLite accepts `text`, which is a well-formed deadline, as a time. It does not accept every offset from UTC.
    pub fn is_time(&self, text: &str) -> Result<bool> {
        Ok(self.conn.prepare_cached("SELECT datetime(?1) IS NOT NULL")?.query_row([text], |r| r.get(0))?)
    }

    /// True if `text` is a time in UTC as the ledger stores it: `2017-07-13T12:00:00Z`. This is the schema's own CHECK.
    pub fn is_stamp(&mut self, text: &str) -> Result<bool> {
        if self.last_stamp == text {
            return Ok(true);
        }
        let good =
            self.conn.prepare_cached("SELECT ?1 IS strftime('%Y-%m-%dT%H:%M:%SZ', ?1, '+0 days')")?.query_row([text], |r| r.get(0))?;
        if good {
            text.clone_into(&mut self.last_stamp);
        }
        Ok(good)
    }

    /// The code of a party.
    pub fn code(&self, party: u16) -> &str {
        self.parties.get(usize::from(party)).map_or("", String::as_str)
    }

    /// The facts of a kind.
    pub fn facts(&self, kind: u16) -> &KindFacts {
        &self.kinds[usize::from(kind)]
    }

    /// Drops the cached names that this new or changed row of the catalogue can affect. Dropping all would slow down files with many such
    /// rows.
    pub fn refresh(&mut self, table: &CatalogueTable, fact: &Fact) -> Result<()> {
        let name = fact.first().and_then(Option::as_deref).unwrap_or_default();
        match table.row {
            "party" | "alias" => {
                self.party_called.clear();
                self.set_codes(self.codes.as_ref().map(|codes| codes.book))?;
            }
            "kind" => {
                self.kind_called.clear();
                self.all_kinds = None;
                if let Some(known) = self.kinds.iter_mut().find(|k| k.name == name) {
                    let kind = catalogue::find_kind(self.conn, name)?;
                    *known = KindFacts::of(kind);
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

fn nearest(error: Error) -> Vec<String> {
    match error {
        Error::Unknown { nearest, .. } => nearest,
        _ => Vec::new(),
    }
}

/// The index of an item in a list, to which it is added if it is new.
fn numbered<T>(list: &mut Vec<T>, same: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> u16 {
    let at = list.iter().position(same).unwrap_or_else(|| {
        list.push(make());
        list.len() - 1
    });
    u16::try_from(at).unwrap_or(u16::MAX)
}
