//! Party codes as numbers, and memberships in organisations.

use std::collections::HashMap;

use crate::error::Result;
use crate::ledger::catalogue::Membership;
use crate::ledger::facts::{number, small};
use crate::model::settle;
use crate::record::FromCells;

use super::rows::{Part, Rows, collect};

/// Assigns numbers to codes.
#[derive(Debug, Default)]
pub(super) struct Codes {
    numbers: HashMap<String, u32>,
    codes: Vec<String>,
}

impl Codes {
    /// Numbers for these codes, in the order of the codes.
    pub(super) fn in_order<'c>(codes: impl Iterator<Item = &'c str>) -> Codes {
        let (mut numbered, mut codes) = (Codes::default(), codes.collect::<Vec<_>>());
        codes.sort_unstable();
        for code in codes {
            numbered.number(code);
        }
        numbered
    }

    /// The number of a code; a new code gets the next number.
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

/// The memberships of parties in organisations.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// The first and the last day of each membership, by organisation and member.
    periods: HashMap<(u32, u32), Vec<(i64, i64)>>,
    /// The organisations that each party was ever a member of.
    organisations: HashMap<u32, Vec<u32>>,
}

impl Members {
    pub(super) fn read(rows: &dyn Rows, parties: &mut Codes) -> Result<Members> {
        let mut read = Members::default();
        for m in collect(rows, Part::Memberships, |cells| Membership::from_cells(cells))? {
            let (organisation, member) = (parties.number(&m.organisation), parties.number(&m.member));
            let (since, until) = m.period()?;
            let period = (since.0, until.map_or(i64::MAX, |until| until.0));
            read.periods.entry((organisation, member)).or_default().push(period);
            read.organisations.entry(member).or_default().push(organisation);
        }
        Ok(read)
    }

    /// True if `party` is the party `of`, or was a member of it on the day.
    pub(super) fn belongs(&self, party: u32, of: u32, day: i64) -> bool {
        let mut periods = self.periods.get(&(of, party)).into_iter().flatten();
        party == of || periods.any(|(since, until)| (*since..=*until).contains(&day))
    }

    /// Adds all memberships to those of a book.
    pub(super) fn add_to(&self, members: &mut settle::Members) -> Result<()> {
        for ((organisation, member), periods) in &self.periods {
            for (since, until) in periods {
                members.add(number(*organisation as usize)?, number(*member as usize)?, small(*since), small(*until));
            }
        }
        Ok(())
    }

    /// The party, and all organisations that it was ever a member of.
    pub(super) fn with_organisations(&self, party: u32) -> Vec<u32> {
        let mut parties = self.organisations.get(&party).cloned().unwrap_or_default();
        parties.push(party);
        parties.sort_unstable();
        parties.dedup();
        parties
    }
}
