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

/// Who belonged to which organisation.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// By organisation and member, from which day to which, for each spell.
    spells: HashMap<(u32, u32), Vec<(i64, i64)>>,
    /// By member.
    organisations: HashMap<u32, Vec<u32>>,
}

impl Members {
    pub(super) fn read(conn: &Connection, parties: &mut Codes) -> Result<Members> {
        let mut read = Members::default();
        for m in catalogue::list_memberships(conn)? {
            let (organisation, member) = (parties.number(&m.organisation), parties.number(&m.member));
            let since = m.since.parse::<Date>()?.earliest().0;
            let until = m.until.map(|until| until.parse::<Date>()).transpose()?;
            let spell = (since, until.map_or(i64::MAX, |until| until.latest().0));
            read.spells.entry((organisation, member)).or_default().push(spell);
            read.organisations.entry(member).or_default().push(organisation);
        }
        Ok(read)
    }

    /// True where `party` is `of`, or belonged to it on the day.
    pub(super) fn belongs(&self, party: u32, of: u32, day: i64) -> bool {
        let mut spells = self.spells.get(&(of, party)).into_iter().flatten();
        party == of || spells.any(|(since, until)| (*since..=*until).contains(&day))
    }

    /// The party, and all that it ever belonged to.
    pub(super) fn with_organisations(&self, party: u32) -> Vec<u32> {
        let mut parties = self.organisations.get(&party).cloned().unwrap_or_default();
        parties.push(party);
        parties.sort_unstable();
        parties.dedup();
        parties
    }
}
