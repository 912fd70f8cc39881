//! The links that the measures need, found by either end.

use rusqlite::{Rows, Statement};

use crate::error::Result;
use crate::model::{Count, Relation};
use crate::report::Lens;

/// A link.
#[derive(Debug, Clone, Copy)]
pub(super) struct LinkEffect {
    pub relation: Relation,
    pub later: i64,
    pub earlier: i64,
    pub covers: Count,
    pub spends: Count,
    /// Undone or carried out of what it bears on.
    pub takes: Count,
    pub day: i64,
    /// An answer of a third party, which settles nothing.
    pub third_party: bool,
    id: i64,
}

/// The links up to the day, but waivers that were taken back.
#[derive(Debug)]
pub(super) struct Links {
    /// By what they bear on.
    on: Vec<LinkEffect>,
    /// The answers: who answers, and where the link is. By who answers.
    made: Vec<(i64, u32)>,
}

impl Links {
    /// Every link, read in the order it lies in: to seek the links of a million actions one by one takes several times as
    /// long.
    pub fn all(lens: &Lens<'_>) -> Result<Links> {
        let select = lens.prepare(
            "SELECT l.relation, l.action_id, l.earlier_id, l.covers - l.reinstated, l.spends, l.takes, l.day, l.id,
               l.relation = 'answers' AND l.covers = 0 AND (SELECT NOT t.injured FROM main.link_terms t WHERE t.link_id = l.id) FROM effective_link l
             WHERE l.relation <> 'waives' OR l.covers > l.reinstated",
        )?;
        Links::read(select, [])
    }

    /// The links that bear on what two parties did to each other, and the answers they made. Candidates have none.
    pub fn of_pair(lens: &Lens<'_>, a: &str, b: &str) -> Result<Links> {
        let select = lens.prepare(
            "SELECT l.relation, l.action_id, l.earlier_id, l.covers - l.reinstated, l.spends, l.takes, l.day, l.id,
               l.relation = 'answers' AND l.covers = 0 AND (SELECT NOT t.injured FROM main.link_terms t WHERE t.link_id = l.id)
             FROM unfiltered_action s JOIN effective_link l ON l.earlier_id = s.id
             WHERE s.actor IN (?1, ?2) AND s.target IN (?1, ?2) AND (l.relation <> 'waives' OR l.covers > l.reinstated)
             UNION ALL
             SELECT l.relation, l.action_id, l.earlier_id, l.covers, l.spends, l.takes, l.day, l.id,
               l.covers = 0 AND (SELECT NOT t.injured FROM main.link_terms t WHERE t.link_id = l.id)
             FROM unfiltered_action s JOIN effective_link l ON l.action_id = s.id AND l.relation = 'answers' WHERE s.actor IN (?1, ?2) AND s.target IN (?1, ?2)",
        )?;
        Links::read(select, [a, b])
    }

    fn read(mut select: Statement<'_>, params: impl rusqlite::Params) -> Result<Links> {
        let mut rows = select.query(params)?;
        let mut on = Vec::new();
        while let Some(link) = next(&mut rows)? {
            on.push(link);
        }
        on.sort_unstable_by_key(|l: &LinkEffect| (l.earlier, l.id));
        on.dedup_by_key(|l| l.id);
        let answers = on.iter().zip(0..).filter(|(l, _)| l.relation == Relation::Answers);
        let mut made: Vec<(i64, u32)> = answers.map(|(l, at)| (l.later, at)).collect();
        made.sort_unstable();
        Ok(Links { on, made })
    }

    /// The links that bear on an action.
    pub fn on(&self, id: i64) -> &[LinkEffect] {
        let from = self.on.partition_point(|l| l.earlier < id);
        let length = self.on[from..].iter().take_while(|l| l.earlier == id).count();
        &self.on[from..from + length]
    }

    /// The answers that an action makes.
    pub fn made(&self, id: i64) -> impl Iterator<Item = &LinkEffect> {
        let from = self.made.partition_point(|(later, _)| *later < id);
        self.made[from..].iter().take_while(move |(later, _)| *later == id).filter_map(|(_, at)| self.on.get(*at as usize))
    }
}

fn next(rows: &mut Rows<'_>) -> Result<Option<LinkEffect>> {
    // By place: a name would be looked up anew in each of half a million rows.
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
    }))
}
