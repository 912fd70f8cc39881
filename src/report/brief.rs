//! The brief: everything the ledger holds about two parties, for one document.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::ledger::catalogue::Party;
use crate::ledger::{Moment, catalogue};
use crate::model::{Day, Sign};
use crate::report::balance::Balance;
use crate::report::exchange::{Act, BalanceStep, ExchangeLink};
use crate::report::organisation_acts::{self, NotCounted};
use crate::report::pending::{Pending, Scope};
use crate::report::reciprocity::{self, Reciprocity, Terms};
use crate::report::show::{self, Cited};
use crate::report::unanswered::Unanswered;
use crate::report::{Lens, Names, balance, collect, exchange, pending, unanswered};

/// Maximum number of open claims listed for each side; the oldest are listed.
pub const CLAIMS_LISTED: usize = 25;
/// Maximum number of pending threats and announcements listed; those with the nearest deadline come first.
pub const PENDING_LISTED: usize = 25;
/// Maximum number of acts listed; the latest are listed.
pub const ACTS_LISTED: usize = 100;
/// The size of SQLite's cache, in KiB: each part of a brief reads the acts again, and those of a busy pair lie on more pages than the usual
/// cache holds.
const CACHE_KIB: i64 = 192 * 1024;

/// The content of a brief on two parties.
#[derive(Debug, Clone)]
pub struct Brief {
    /// The party named first.
    pub a: Party,
    /// The other party.
    pub b: Party,
    /// The names of all parties.
    pub names: Names,
    /// The day of the report.
    pub as_of: Day,
    /// The `--as-known` moment whose state of the ledger was read; `None`: the current state.
    pub as_known: Option<Moment>,
    /// The scale of the weights.
    pub scale: String,
    /// The acts, by date.
    pub acts: Vec<Act>,
    /// The links from these acts to earlier acts.
    pub links: Vec<ExchangeLink>,
    /// The amounts open on each side after each day on which they changed.
    pub running_balance: Vec<BalanceStep>,
    /// The balance between the two parties, by kind.
    pub balance: Vec<Balance>,
    /// The open hostile acts, oldest first.
    pub claims: Vec<Unanswered>,
    /// The gestures that were not returned, oldest first.
    pub gestures: Vec<Unanswered>,
    /// The pending threats and announcements.
    pub pending: Vec<Pending>,
    /// The reciprocity measures of each party towards the other.
    pub measures: Vec<Reciprocity>,
    /// The parameters of the measures.
    pub terms: Terms,
    /// The acts of organisations, or of their members, that the brief does not count.
    pub not_counted: NotCounted,
    /// The sources of every listed act, by the act's id.
    pub sources: BTreeMap<i64, Vec<Cited>>,
}

impl Brief {
    /// The listed claims in `rows` against the party with this code, and the number of claims left out.
    pub fn listed<'r>(rows: &'r [Unanswered], code: &str) -> (Vec<&'r Unanswered>, usize) {
        let mut rows: Vec<&Unanswered> = rows.iter().filter(|r| r.actor == code).collect();
        let more = rows.len().saturating_sub(CLAIMS_LISTED);
        rows.truncate(CLAIMS_LISTED);
        (rows, more)
    }

    /// The listed pending threats and announcements.
    pub fn listed_pending(&self) -> &[Pending] {
        &self.pending[..self.pending.len().min(PENDING_LISTED)]
    }

    /// The listed acts.
    pub fn listed_acts(&self) -> &[Act] {
        &self.acts[self.acts.len().saturating_sub(ACTS_LISTED)..]
    }

    /// The ids of all acts that are listed anywhere.
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

/// Reads a brief on the parties with the names or codes `a` and `b`, through a lens on that pair.
///
/// # Errors
/// A party is unknown, or the ledger cannot be read.
pub fn read(lens: &Lens<'_>, a: &str, b: &str) -> Result<Brief> {
    let usual: i64 = lens.connection().pragma_query_value(None, "cache_size", |r| r.get(0))?;
    lens.connection().pragma_update(None, "cache_size", -CACHE_KIB)?;
    let brief = read_parts(lens, a, b);
    lens.connection().pragma_update(None, "cache_size", usual)?;
    brief
}

fn read_parts(lens: &Lens<'_>, a: &str, b: &str) -> Result<Brief> {
    let mut brief = Brief {
        a: catalogue::find_party(lens.connection(), a)?,
        b: catalogue::find_party(lens.connection(), b)?,
        names: Names::read(lens.connection())?,
        as_of: lens.as_of(),
        as_known: lens.known().cloned(),
        scale: lens.scale().to_owned(),
        acts: exchange::acts(lens)?,
        links: exchange::links(lens)?,
        running_balance: exchange::running_balance(lens)?,
        balance: collect(|each| balance::read(lens, each))?,
        claims: collect(|each| unanswered::read(lens, Sign::Hostile, each))?,
        gestures: collect(|each| unanswered::read(lens, Sign::Friendly, each))?,
        pending: collect(|each| pending::read(lens, Scope::Statements, each))?,
        measures: collect(|each| reciprocity::read(lens, &Terms::default(), each))?,
        terms: Terms::default(),
        not_counted: organisation_acts::read(lens)?,
        sources: BTreeMap::new(),
    };
    for id in brief.listed_ids() {
        brief.sources.insert(id, show::sources(lens.connection(), id)?);
    }
    Ok(brief)
}
