//! Parties by number, and who belonged to whom.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::error::Result;
use crate::ledger::catalogue;
use crate::model::Date;

/// Codes with their numbers.
#[derive(Debug, Default)]
pub(super) struct Codes {
    numbers: HashMap<String, u32>,
    codes: Vec<String>,
}

impl Codes {
    /// The number of a code; a new one where it has none yet.
    pub(super) fn number(&mut self, code: &str) -> u32 {
        if let Some(number) = self.numbers.get(code) {
            return *number;
        }
        let number = self.codes.len() as u32;
        self.numbers.insert(code.to_owned(), number);
        self.codes.push(code.to_owned());
        number
    }

    /// The code with this number.
    pub(super) fn code(&self, number: u32) -> &str {
        self.codes.get(number as usize).map_or("", String::as_str)
    }
}

/// A spell of membership: who, from which day, to which.
#[derive(Debug)]
struct Spell {
    member: u32,
    since: i64,
    until: i64,
}

/// The members of each organisation.
#[derive(Debug)]
pub(super) struct Members(HashMap<u32, Vec<Spell>>);

impl Members {
    pub(super) fn read(conn: &Connection, parties: &mut Codes) -> Result<Members> {
        let mut members: HashMap<u32, Vec<Spell>> = HashMap::new();
        for m in catalogue::list_memberships(conn)? {
            let until = m.until.map(|until| until.parse::<Date>()).transpose()?;
            let spell = Spell {
                member: parties.number(&m.member),
                since: m.since.parse::<Date>()?.earliest().0,
                until: until.map_or(i64::MAX, |until| until.latest().0),
            };
            members.entry(parties.number(&m.organisation)).or_default().push(spell);
        }
        Ok(Members(members))
    }

    /// True where `party` is `of`, or belonged to it on the day.
    pub(super) fn belongs(&self, party: u32, of: u32, day: i64) -> bool {
        let spells = self.0.get(&of).into_iter().flatten();
        party == of || spells.into_iter().any(|s| s.member == party && s.since <= day && day <= s.until)
    }

    /// The party, and all that ever belonged to it.
    pub(super) fn with_members(&self, party: u32) -> Vec<u32> {
        let mut parties: Vec<u32> = self.0.get(&party).into_iter().flatten().map(|spell| spell.member).collect();
        parties.push(party);
        parties.sort_unstable();
        parties.dedup();
        parties
    }
}
