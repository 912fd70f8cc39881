//! Links that wait until all rows are read, and the order in which they are then reckoned.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::model::settle::Settlement;
use crate::model::{Amount, Relation};

use super::item::LinkDraft;
use super::problems::Place;

/// Stands for an action whose row is bad: what hangs on it is not judged.
pub(super) const BAD: u32 = 0;

/// A link to be made. Actions are named by id.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub at: Place,
    pub later: u32,
    pub earlier: u32,
    pub relation: Relation,
    pub stated: bool,
    /// Which of the rows it came with, counted over all files; a link on its own counts as one.
    pub group: u32,
    covers: u32,
    spends: u32,
    reversed: u32,
}

/// What the order of links asks of an action.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    pub day: i32,
    pub latest: i32,
    pub unit: u16,
}

/// Stands for an amount that is left to the rules.
const ASK: u32 = u32::MAX;

impl Pending {
    /// A link of the action `later`, whose other end is not known yet.
    pub fn new(at: Place, later: u32, group: u32, link: &LinkDraft) -> Pending {
        let small = |amount: Option<i64>| amount.map_or(ASK, |a| u32::try_from(a).unwrap_or(ASK - 1));
        let Amount { covers, spends } = link.spec.amount;
        let stated = link.stated.unwrap_or_default();
        let (covers, spends) = match link.stated {
            Some(s) => (Some(s.covers), Some(s.spends)),
            None => (covers, spends),
        };
        Pending {
            at,
            later,
            earlier: BAD,
            relation: link.relation,
            stated: link.stated.is_some(),
            group,
            covers: small(covers),
            spends: small(spends),
            reversed: small(Some(stated.reversed)),
        }
    }

    /// The amounts it asks for.
    pub fn asked(&self) -> Amount {
        let some = |amount: u32| (amount != ASK).then_some(i64::from(amount));
        let Settlement { covers, spends, reversed } = self.settlement();
        match self.relation {
            _ if !self.stated => Amount { covers: some(self.covers), spends: some(self.spends) },
            Relation::Answers if covers == 0 => Amount::default(),
            Relation::Answers => Amount { covers: Some(covers), spends: Some(spends) },
            Relation::Reverses => Amount { covers: Some(reversed), spends: None },
            Relation::Executes | Relation::Waives => Amount { covers: Some(covers), spends: None },
        }
    }

    /// The amounts the file states; once it is reckoned, those it has.
    pub fn settlement(&self) -> Settlement {
        Settlement { covers: self.covers.into(), spends: self.spends.into(), reversed: self.reversed.into() }
    }

    /// Sets what it settles.
    pub fn settle(&mut self, amounts: Settlement) {
        let small = |amount: i64| u32::try_from(amount).unwrap_or_default();
        (self.covers, self.spends, self.reversed) = (small(amounts.covers), small(amounts.spends), small(amounts.reversed));
    }

    /// Within a row: executions and reversals, waivers, answers with a count, those in the own unit, the others. What
    /// is stated keeps the order of the file.
    fn rank(&self, when: &impl Fn(u32) -> When) -> u8 {
        match self.relation {
            _ if self.stated => 0,
            Relation::Executes => 0,
            Relation::Reverses => 1,
            Relation::Waives => 2,
            Relation::Answers if self.covers != ASK => 3,
            Relation::Answers if when(self.later).unit == when(self.earlier).unit => 4,
            Relation::Answers => 5,
        }
    }
}

/// The day a link counts from.
pub(super) fn day(link: &Pending, when: &impl Fn(u32) -> When) -> i32 {
    when(link.later).day.max(when(link.earlier).day)
}

/// Puts links in the order of their days, then of the rows, and within a row as they would be logged. Only the
/// taking back of a waiver waits for the waiver, whatever its day.
pub(super) fn sort(links: &mut [Pending], when: &impl Fn(u32) -> When) {
    let mut waived: HashMap<u32, (i32, u32)> = HashMap::new();
    for link in links.iter().filter(|l| l.relation == Relation::Waives) {
        let turn = (day(link, when), link.group);
        waived.entry(link.later).and_modify(|last| *last = turn.max(*last)).or_insert(turn);
    }
    let key = |link: &Pending| {
        let own = (day(link, when), link.group);
        let (turn, rank) = match waived.get(&link.earlier) {
            Some(last) if link.relation == Relation::Reverses && *last >= own => (*last, 6),
            _ => (own, link.rank(when)),
        };
        let earlier = when(link.earlier);
        (turn, rank, earlier.day, Reverse(earlier.latest), link.earlier)
    };
    links.sort_by_key(key);
}
