//! The links that the measures need, indexed by both ends.

use rusqlite::{CachedStatement, Rows};

use crate::error::Result;
use crate::model::{Count, Relation};
use crate::report::Lens;

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

/// The links up to the day of the report, without waivers that were reversed.
#[derive(Debug)]
pub(super) struct Links {
    /// The links, by the id of the earlier action.
    incoming: Vec<LinkEffect>,
    /// The id of each answering or renewing action with the index of its link in `incoming`, by id.
    outgoing: Vec<(i64, u32)>,
}

impl Links {
    /// Every link, read in storage order. Looking up the links of a million actions one by one takes several times as long.
    pub fn all(lens: &Lens<'_>) -> Result<Links> {
        let select = lens.prepare_cached(
            "SELECT l.relation, l.action_id, l.earlier_id, l.covers - l.reinstated, l.spends, l.takes, l.day, l.id,
               l.relation = 'answers' AND l.covers = 0 AND (SELECT NOT t.by_target FROM main.link_terms t WHERE t.link_id = l.id),
               max(l.day, b.day_latest), b.stage = 'threatened' FROM effective_link l JOIN main.action b ON b.id = l.action_id
             WHERE l.relation <> 'waives' OR l.covers > l.reinstated",
        )?;
        Links::read(select, [])
    }

    /// The incoming links of the acts between two parties, and the answers that these acts make. Candidates have no links.
    pub fn of_pair(lens: &Lens<'_>, a: &str, b: &str) -> Result<Links> {
        let select = lens.prepare_cached(
            "SELECT l.relation, l.action_id, l.earlier_id, l.covers - l.reinstated, l.spends, l.takes, l.day, l.id,
               l.relation = 'answers' AND l.covers = 0 AND (SELECT NOT t.by_target FROM main.link_terms t WHERE t.link_id = l.id),
               max(l.day, b.day_latest), b.stage = 'threatened'
             FROM unfiltered_action s JOIN effective_link l ON l.earlier_id = s.id JOIN main.action b ON b.id = l.action_id
             WHERE s.actor IN (?1, ?2) AND s.target IN (?1, ?2) AND (l.relation <> 'waives' OR l.covers > l.reinstated)
             UNION ALL
             SELECT l.relation, l.action_id, l.earlier_id, l.covers, l.spends, l.takes, l.day, l.id,
               l.covers = 0 AND (SELECT NOT t.by_target FROM main.link_terms t WHERE t.link_id = l.id),
               max(l.day, s.day_latest), s.stage = 'threatened'
             FROM unfiltered_action s JOIN effective_link l ON l.action_id = s.id AND l.relation = 'answers' WHERE s.actor IN (?1, ?2) AND s.target IN (?1, ?2)",
        )?;
        Links::read(select, [a, b])
    }

    fn read(mut select: CachedStatement<'_>, params: impl rusqlite::Params) -> Result<Links> {
        let mut rows = select.query(params)?;
        let mut incoming = Vec::new();
        while let Some(link) = next(&mut rows)? {
            incoming.push(link);
        }
        incoming.sort_unstable_by_key(|l: &LinkEffect| (l.earlier, l.id));
        incoming.dedup_by_key(|l| l.id);
        let links =
            incoming.iter().zip(0..).filter(|(l, _)| matches!(l.relation, Relation::Answers | Relation::Renews | Relation::Executes));
        let mut outgoing: Vec<(i64, u32)> = links.map(|(l, at)| (l.later, at)).collect();
        outgoing.sort_unstable();
        Ok(Links { incoming, outgoing })
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

    /// The amount of an action that only renews earlier ones, or carried out the announcement of a renewal.
    pub fn renewed_by(&self, id: i64) -> Count {
        let renews = |id| self.outgoing(id).filter(|link| link.relation == Relation::Renews).map(|link| link.spends).sum::<Count>();
        let carried_out = self.outgoing(id).filter(|link| link.relation == Relation::Executes);
        renews(id) + carried_out.map(|link| link.spends.min(renews(link.earlier))).sum::<Count>()
    }

    fn outgoing(&self, id: i64) -> impl Iterator<Item = &LinkEffect> {
        let from = self.outgoing.partition_point(|(later, _)| *later < id);
        self.outgoing[from..].iter().take_while(move |(later, _)| *later == id).filter_map(|(_, at)| self.incoming.get(*at as usize))
    }
}

fn next(rows: &mut Rows<'_>) -> Result<Option<LinkEffect>> {
    // Columns are read by index: looking up a name in each of half a million rows is slow.
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(LinkEffect {
        relation: row.get(0)?,
        later: row.get(1)?,
        earlier: row.get(2)?,
        covers: row.get(3)?,
        spends: row.get(4)?,
        takes: row.get(5)?,
        day: row.get(6)?,
        id: row.get(7)?,
        third_party: row.get(8)?,
        latest: row.get(9)?,
        threat: row.get(10)?,
    }))
}
