//! What ICEWS and POLECAT have in common: parties given by the names of countries, and dates that are days.

use crate::ledger::feed_intake::{FeedReport, SeriesKey};
use crate::model::{Day, Precision};

use super::codes::Coded;
use super::lookups::{Lookups, both};
use super::reason::{Flaw, Reason};

/// All pairs of an actor and a target that are different parties.
pub(super) fn pairs(actors: Result<Vec<u16>, Flaw>, targets: Result<Vec<u16>, Flaw>) -> Result<Vec<(u16, u16)>, Flaw> {
    let (actors, targets) = both(actors, targets)?;
    let pairs = actors.iter().flat_map(|actor| targets.iter().filter(move |target| *target != actor).map(|target| (*actor, *target)));
    let pairs: Vec<(u16, u16)> = pairs.collect();
    if pairs.is_empty() { Err(Reason::Domestic.into()) } else { Ok(pairs) }
}

/// An event without its parties.
pub(super) struct Event {
    pub id: String,
    pub coded: Coded,
    pub code: String,
    pub day: Day,
    pub added: Option<Day>,
    /// The intensity that the feed gives.
    pub intensity: Option<f64>,
    /// The names of the actor and of the recipient.
    pub names: [Option<String>; 2],
    /// Their types.
    pub types: [Option<String>; 2],
    pub place: Option<String>,
    pub source: Option<String>,
}

impl Event {
    /// Makes a report for each pair. If there are several pairs, each identifier is that of the event followed by the codes of the parties.
    ///
    /// # Errors
    /// A side does not act for a state, and only actors that do are imported.
    pub fn between(self, pairs: &[(u16, u16)], lookups: &Lookups) -> Result<Vec<FeedReport>, Flaw> {
        let codes = &lookups.parties.codes;
        let report = |(actor, target): (u16, u16)| {
            let event = match pairs {
                [_] => self.id.clone(),
                _ => format!("{}/{}-{}", self.id, codes[usize::from(actor)], codes[usize::from(target)]),
            };
            let ((actor, target), exchanged) = self.coded.in_order((actor, target), codes);
            let [actor_type, target_type] = lookups.types(self.coded, exchanged, self.types.clone())?;
            let [mut from, mut to] = self.names.clone();
            if exchanged {
                std::mem::swap(&mut from, &mut to);
            }
            Ok(FeedReport {
                place_in_files: None,
                event,
                series: SeriesKey { actor, target, kind: self.coded.kind, stage: self.coded.stage, precision: Precision::Day },
                dated: self.day,
                day: self.day,
                added: self.added,
                code: self.code.clone(),
                guessed: self.coded.guessed,
                mentions: 1,
                intensity: self.intensity,
                exchanged,
                actor: from,
                target: to,
                actor_type,
                target_type,
                place: self.place.clone(),
                source: self.source.clone(),
            })
        };
        pairs.iter().copied().map(report).collect()
    }
}
