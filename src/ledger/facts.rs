//! The facts of a ledger, or of a part of it, in memory, to which the settlement rule is applied.

use std::borrow::Cow;
use std::collections::HashMap;

use rusqlite::{Connection, Row};

use crate::error::{Error, Result};
use crate::model::settle::{Amounts, Book, Kind, Members, OUTSIDE, SettledAct, SettledLink};
use crate::model::{Date, Relation};
use crate::record::{self, ReadColumn};

/// A [`Book`] with the names and ids of its acts and links.
#[derive(Debug, Default)]
pub(crate) struct LedgerFacts {
    pub book: Book,
    /// The ids of the acts, in ascending order.
    pub ids: Vec<i64>,
    /// The ids of the links.
    pub link_ids: Vec<i64>,
    /// How much of each link's stated amount was unmet, as stored in the ledger.
    pub unmet: Vec<u32>,
    parties: Numbers,
    kinds: Numbers,
    units: Numbers,
}

/// Assigns numbers to names.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    numbers: HashMap<String, u16>,
}

impl Numbers {
    /// The number of a name. A new name gets the next number.
    pub fn number(&mut self, name: &str) -> Result<u16> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        let number = number(self.numbers.len())?;
        self.numbers.insert(name.to_owned(), number);
        Ok(number)
    }

    /// The number of a name, if it has one.
    pub fn get(&self, name: &str) -> Option<u16> {
        self.numbers.get(name).copied()
    }
}

/// The columns of an action that [`LedgerFacts::take_act`] reads.
pub(super) const ACT: &str =
    "id, day, day_latest, actor, target, kind, stage, voided IS NOT NULL, count, stands, open, posted_day, deadline IS NOT NULL";
/// The columns of a link that [`LedgerFacts::take_link`] reads.
pub(super) const LINK: &str = "id, action_id, relation, earlier_id, stated, stated_spends, day, covers, spends, takes, reinstated, unmet";

impl LedgerFacts {
    /// Reads kinds, parties and memberships, but no acts yet.
    pub(crate) fn empty(conn: &Connection) -> Result<LedgerFacts> {
        let mut held = LedgerFacts::default();
        held.read_catalogue(conn)?;
        Ok(held)
    }

    /// Reads kinds, parties and memberships again. Known names keep their numbers.
    fn read_catalogue(&mut self, conn: &Connection) -> Result<()> {
        let mut kinds = conn.prepare_cached("SELECT name, unit, sign FROM kind ORDER BY name")?;
        let mut rows = kinds.query([])?;
        while let Some(row) = rows.next()? {
            let number = usize::from(self.kinds.number(&text(row, 0)?)?);
            let kind = Kind { unit: self.units.number(&text(row, 1)?)?, sign: row.get(2)? };
            match self.book.kinds.get_mut(number) {
                Some(held) => *held = kind,
                None => self.book.kinds.push(kind),
            }
        }
        self.book.members = Members::default();
        let mut members = conn.prepare_cached("SELECT organisation, member, since, until FROM membership")?;
        let mut rows = members.query([])?;
        while let Some(row) = rows.next()? {
            let (organisation, member) = (self.parties.number(&text(row, 0)?)?, self.parties.number(&text(row, 1)?)?);
            let until = row.read::<Option<String>>(3)?.map(|until| until.parse::<Date>()).transpose();
            // The schema forbids invalid dates; a membership that has one all the same is ignored.
            if let (Ok(since), Ok(until)) = (text(row, 2)?.parse::<Date>(), until) {
                self.book.members.add(
                    organisation,
                    member,
                    small(since.earliest().0),
                    until.map_or(i32::MAX, |until| small(until.latest().0)),
                );
            }
        }
        Ok(())
    }

    /// Reads all acts and links of a ledger, with the derived values stored for them.
    pub(crate) fn whole(conn: &Connection) -> Result<LedgerFacts> {
        let mut held = LedgerFacts::empty(conn)?;
        let mut acts = conn.prepare(&format!("SELECT {ACT} FROM action ORDER BY id"))?;
        let mut rows = acts.query([])?;
        while let Some(row) = rows.next()? {
            held.take_act(row)?;
        }
        let mut links = conn.prepare(&format!("SELECT {LINK} FROM link ORDER BY id"))?;
        let mut rows = links.query([])?;
        while let Some(row) = rows.next()? {
            held.take_link(row)?;
            // A damaged ledger may lack an act; its links settle nothing.
            if held.book.links.last().is_some_and(|link| link.later == OUTSIDE || link.earlier == OUTSIDE) {
                held.book.links.pop();
                held.link_ids.pop();
                held.unmet.pop();
            }
        }
        Ok(held)
    }

    /// Adds the act in a row of [`ACT`], whose id must be higher than all before it. Columns are read by index, which is faster than by
    /// name.
    pub(crate) fn take_act(&mut self, row: &Row<'_>) -> Result<()> {
        let kind = self.kinds.get(&text(row, 5)?).ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        self.ids.push(row.get(0)?);
        self.book.acts.push(SettledAct {
            day: small(row.get(1)?),
            latest: small(row.get(2)?),
            actor: self.parties.number(&text(row, 3)?)?,
            target: self.parties.number(&text(row, 4)?)?,
            kind,
            stage: row.get(6)?,
            deadline: row.get(12)?,
            voided: row.get(7)?,
            count: row.get::<_, Option<i64>>(8)?.map_or(0, amount),
            stands: amount(row.get(9)?),
            open: amount(row.get(10)?),
            posted_day: small(row.get(11)?),
        });
        Ok(())
    }

    /// Adds the link in a row of [`LINK`]. An end that is not among the acts becomes [`OUTSIDE`].
    pub(super) fn take_link(&mut self, row: &Row<'_>) -> Result<()> {
        self.link_ids.push(row.get(0)?);
        self.unmet.push(amount(row.get(11)?));
        self.book.links.push(SettledLink {
            later: self.place(row.get(1)?),
            earlier: self.place(row.get(3)?),
            relation: row.get::<_, Relation>(2)?,
            stated: row.get::<_, Option<i64>>(4)?.map(amount),
            stated_spends: row.get::<_, Option<i64>>(5)?.map(amount),
            day: row.get::<_, Option<i64>>(6)?.map_or(i32::MIN, small),
            fixed: false,
            amounts: Amounts {
                covers: amount(row.get(7)?),
                spends: amount(row.get(8)?),
                takes: amount(row.get(9)?),
                reinstated: amount(row.get(10)?),
            },
        });
        Ok(())
    }

    /// The index of the act with this id, or [`OUTSIDE`].
    pub(crate) fn place(&self, id: i64) -> u32 {
        self.ids.binary_search(&id).ok().and_then(|place| u32::try_from(place).ok()).unwrap_or(OUTSIDE)
    }

    /// Settles every link that is not fixed. The refs that break ties are read from the ledger.
    pub(crate) fn settle(&mut self, conn: &Connection) -> Result<Vec<crate::model::settle::Shortage>> {
        let mut select = conn.prepare_cached("SELECT ref FROM action WHERE id = ?")?;
        let ids = &self.ids;
        self.book.settle(&mut |place| Ok(select.query_row([ids[place as usize]], |r| r.read(0))?))
    }
}

/// The text in a column, copied only if characters have to be replaced.
pub(in crate::ledger) fn text<'r>(row: &'r Row<'_>, column: usize) -> rusqlite::Result<Cow<'r, str>> {
    Ok(record::text(row.get_ref(column)?)?)
}

/// A day as the book stores it. Another program may have written a day outside the calendar, which is clamped.
pub(crate) fn small(day: i64) -> i32 {
    i32::try_from(day).unwrap_or(if day < 0 { i32::MIN } else { i32::MAX })
}

/// An amount as the book stores it. Another program may have written a negative or too large one, which becomes the maximum.
pub(super) fn amount(amount: i64) -> u32 {
    u32::try_from(amount).unwrap_or(u32::MAX)
}

/// The number of a party or kind as the book stores it.
///
/// # Errors
/// There are too many.
pub(crate) fn number(number: usize) -> Result<u16> {
    u16::try_from(number).map_err(|_| too_many())
}

fn too_many() -> Error {
    Error::refused("cannot read the ledger", "it has more than 65,536 parties or kinds", "divide it into several ledgers")
}
