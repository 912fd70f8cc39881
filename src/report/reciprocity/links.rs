//! The links that the measures need, indexed by both ends.

use crate::model::{Count, Relation};
use crate::record::{Cells, next};

/// A link in effect.
#[derive(Debug, Clone, Copy)]
pub(super) struct LinkEffect {
    pub relation: Relation,
    pub later: i64,
    pub earlier: i64,
    pub covers: Count,
    pub spends: Count,
    /// Amount of the earlier act that it reverses or executes.
    pub takes: Count,
    pub day: i64,
    /// The last day that the later act's date allows, or `day` if that is later.
    pub latest: i64,
    /// True if the later act is a threat.
    pub threat: bool,
    /// True for an answer by a third party, which settles nothing.
    pub third_party: bool,
    id: i64,
}

/// The links up to the day of the report, without waivers that were reversed and without links of voided actions.
#[derive(Debug)]
pub(super) struct Links {
    /// The links, by the id of the earlier action.
    incoming: Vec<LinkEffect>,
    /// The id of each answering or renewing action with the index of its link in `incoming`, by id.
    outgoing: Vec<(i64, u32)>,
}

impl LinkEffect {
    /// Reads a link from the columns relation, action_id, earlier_id, covers, spends, takes, day, id, third_party, latest and threat.
    pub fn read<C: Cells + ?Sized>(cells: &C) -> rusqlite::Result<LinkEffect> {
        let place = &mut 0;
        Ok(LinkEffect {
            relation: next(cells, place)?,
            later: next(cells, place)?,
            earlier: next(cells, place)?,
            covers: next(cells, place)?,
            spends: next(cells, place)?,
            takes: next(cells, place)?,
            day: next(cells, place)?,
            id: next(cells, place)?,
            third_party: next(cells, place)?,
            latest: next(cells, place)?,
            threat: next(cells, place)?,
        })
    }
}

impl Links {
    /// The links by both ends. A link that is given twice counts once.
    pub fn new(mut incoming: Vec<LinkEffect>) -> Links {
        incoming.sort_unstable_by_key(|l: &LinkEffect| (l.earlier, l.id));
        incoming.dedup_by_key(|l| l.id);
        let links =
            incoming.iter().zip(0..).filter(|(l, _)| matches!(l.relation, Relation::Answers | Relation::Renews | Relation::Executes));
        let mut outgoing: Vec<(i64, u32)> = links.map(|(l, at)| (l.later, at)).collect();
        outgoing.sort_unstable();
        Links { incoming, outgoing }
    }

    /// The incoming links of an action.
    pub fn incoming(&self, id: i64) -> &[LinkEffect] {
        let from = self.incoming.partition_point(|l| l.earlier < id);
        let length = self.incoming[from..].iter().take_while(|l| l.earlier == id).count();
        &self.incoming[from..from + length]
    }

    /// The answers that an action makes.
    pub fn answers_by(&self, id: i64) -> impl Iterator<Item = &LinkEffect> {
        self.outgoing(id).filter(|link| link.relation == Relation::Answers)
    }

    /// The amount of an action that only renews earlier ones, as the view `renewal_amount` has it: what carries out the announcement of a
    /// renewal takes it over from the announcement, in order of the days.
    pub fn renewed_by(&self, id: i64) -> Count {
        let taken: Count = self.executions(id).map(|link| link.spends).sum();
        let of_announcements = self.outgoing(id).filter(|link| link.relation == Relation::Executes).map(|link| {
            let earlier: Count = self.executions(link.earlier).take_while(|other| other.id != link.id).map(|other| other.spends).sum();
            (self.renews(link.earlier) - earlier).clamp(0, link.spends)
        });
        (self.renews(id) - taken).max(0) + of_announcements.sum::<Count>()
    }

    /// The amount of earlier acts that an action renews.
    fn renews(&self, id: i64) -> Count {
        self.outgoing(id).filter(|link| link.relation == Relation::Renews).map(|link| link.spends).sum()
    }

    /// The links by which an announcement was carried out, in order.
    fn executions(&self, id: i64) -> impl Iterator<Item = &LinkEffect> {
        let mut executions: Vec<&LinkEffect> = self.incoming(id).iter().filter(|link| link.relation == Relation::Executes).collect();
        executions.sort_by_key(|link| (link.day, link.id));
        executions.into_iter()
    }

    fn outgoing(&self, id: i64) -> impl Iterator<Item = &LinkEffect> {
        let from = self.outgoing.partition_point(|(later, _)| *later < id);
        self.outgoing[from..].iter().take_while(move |(later, _)| *later == id).filter_map(|(_, at)| self.incoming.get(*at as usize))
    }
}
