//! The brief: all that the ledger says of two parties, gathered for a page.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::ledger::catalogue::Party;
use crate::ledger::{Moment, catalogue};
use crate::model::{Day, Sign};
use crate::report::balance::Balance;
use crate::report::exchange::{Act, ExchangeLink, Level};
use crate::report::pending::Pending;
use crate::report::reciprocity::{self, Reciprocity, Terms};
use crate::report::show::{self, Cited};
use crate::report::unanswered::Unanswered;
use crate::report::{Lens, balance, collect, exchange, pending, unanswered};

/// How many open claims of a side a page lists, the oldest.
pub const CLAIMS_LISTED: usize = 25;
/// How many pending threats and announcements a page lists, those with the nearest deadline first.
pub const PENDING_LISTED: usize = 25;
/// How many acts a page lists, the latest.
pub const ACTS_LISTED: usize = 100;

/// What a brief on two parties says.
#[derive(Debug, Clone)]
pub struct Brief {
    /// The party named first.
    pub a: Party,
    /// The other.
    pub b: Party,
    /// The day it speaks of.
    pub as_of: Day,
    /// The moment at which it was known so; `None`: now.
    pub as_known: Option<Moment>,
    /// The scale its weights are on.
    pub scale: String,
    /// The acts, by date.
    pub acts: Vec<Act>,
    /// What they bear on.
    pub links: Vec<ExchangeLink>,
    /// What was open on each side after each day on which that changed.
    pub levels: Vec<Level>,
    /// How the two stand to each other, kind by kind.
    pub balance: Vec<Balance>,
    /// The hostile acts that stand open, the oldest first.
    pub claims: Vec<Unanswered>,
    /// The gestures not returned, the oldest first.
    pub gestures: Vec<Unanswered>,
    /// The threats and announcements that hang in the air.
    pub pending: Vec<Pending>,
    /// How each answers the other.
    pub measures: Vec<Reciprocity>,
    /// What the measures are taken with.
    pub terms: Terms,
    /// The sources of every act that a page lists.
    pub sources: BTreeMap<i64, Vec<Cited>>,
}

impl Brief {
    /// The claims of `rows` against the party with this code that a page lists, and how many more there are.
    pub fn listed<'r>(rows: &'r [Unanswered], code: &str) -> (Vec<&'r Unanswered>, usize) {
        let mut rows: Vec<&Unanswered> = rows.iter().filter(|r| r.actor == code).collect();
        let more = rows.len().saturating_sub(CLAIMS_LISTED);
        rows.truncate(CLAIMS_LISTED);
        (rows, more)
    }

    /// The pending threats and announcements that a page lists.
    pub fn listed_pending(&self) -> &[Pending] {
        &self.pending[..self.pending.len().min(PENDING_LISTED)]
    }

    /// The acts that a page lists.
    pub fn listed_acts(&self) -> &[Act] {
        &self.acts[self.acts.len().saturating_sub(ACTS_LISTED)..]
    }

    /// The ids of all acts that a page lists somewhere.
    fn listed_ids(&self) -> BTreeSet<i64> {
        let mut ids: BTreeSet<i64> = self.listed_acts().iter().map(|a| a.id).collect();
        ids.extend(self.listed_pending().iter().map(|p| p.id));
        for rows in [&self.claims, &self.gestures] {
            for party in [&self.a, &self.b] {
                ids.extend(Brief::listed(rows, &party.code).0.iter().map(|r| r.id));
            }
        }
        ids
    }
}

/// Reads a brief on the parties that people call `a` and `b`, through a lens that shows what is between them.
///
/// # Errors
/// A party is unknown, or the ledger cannot be read.
pub fn read(lens: &Lens<'_>, a: &str, b: &str) -> Result<Brief> {
    let mut brief = Brief {
        a: catalogue::find_party(lens, a)?,
        b: catalogue::find_party(lens, b)?,
        as_of: lens.as_of(),
        as_known: lens.known().cloned(),
        scale: lens.scale().to_owned(),
        acts: exchange::acts(lens)?,
        links: exchange::links(lens)?,
        levels: exchange::levels(lens)?,
        balance: collect(|each| balance::read(lens, each))?,
        claims: collect(|each| unanswered::read(lens, Sign::Hostile, each))?,
        gestures: collect(|each| unanswered::read(lens, Sign::Friendly, each))?,
        pending: collect(|each| pending::read(lens, each))?,
        measures: collect(|each| reciprocity::read(lens, &Terms::default(), each))?,
        terms: Terms::default(),
        sources: BTreeMap::new(),
    };
    for id in brief.listed_ids() {
        brief.sources.insert(id, show::sources(lens, id)?);
    }
    Ok(brief)
}
