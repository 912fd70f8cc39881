//! The links and sources of the actions of an export, read some hundred actions at a time, or few where few of the ledger's actions
//! are exported.

use rusqlite::{Connection, Statement};

use crate::error::Result;
use crate::model::Relation;

/// How many ids are read at once, at most.
const AT_ONCE: i64 = 512;

/// Reads along with the actions.
pub(super) struct Beside<'c> {
    link: Statement<'c>,
    citation: Statement<'c>,
    from: i64,
    until: i64,
    /// How many ids are read at once now.
    at_once: i64,
    links: Vec<LinkRow>,
    citations: Vec<CitationRow>,
}

/// A link of an action.
pub(super) struct LinkRow {
    pub action: i64,
    pub relation: Relation,
    /// The ref of the earlier action; `None`: it was not selected.
    pub earlier: Option<String>,
    pub stated: Option<i64>,
    pub stated_spends: Option<i64>,
    pub covers: i64,
    pub spends: i64,
    pub takes: i64,
}

/// A source of an action.
pub(super) struct CitationRow {
    pub action: i64,
    pub cite: String,
    pub says_date: Option<String>,
    pub says_count: Option<i64>,
}

impl<'c> Beside<'c> {
    /// Reads through `conn`, which sees what is selected.
    pub fn new(conn: &'c Connection) -> Result<Beside<'c>> {
        let link = conn.prepare(
            "SELECT l.action_id, l.relation, l.stated, l.stated_spends, l.covers, l.spends, l.takes, e.ref
             FROM effective_link l LEFT JOIN shown_action e ON e.id = l.earlier_id
             WHERE l.action_id BETWEEN ?1 AND ?2 ORDER BY l.action_id, e.day, e.ref",
        )?;
        let citation = conn.prepare(
            "SELECT c.action_id, s.cite, c.says_date, c.says_count FROM citation c JOIN source s ON s.id = c.source_id
             WHERE c.action_id BETWEEN ?1 AND ?2 ORDER BY c.action_id, c.position",
        )?;
        Ok(Beside { link, citation, from: i64::MAX, until: i64::MIN, at_once: 1, links: Vec::new(), citations: Vec::new() })
    }

    /// Makes sure that what hangs on this action is in.
    pub fn fetch(&mut self, id: i64) -> Result<()> {
        if id >= self.from && id < self.until {
            return Ok(());
        }
        // Twice as many as the last time where the ids go on without a gap, half as many where there is one.
        self.at_once = if id >= self.until && id <= self.until.saturating_add(self.at_once / 4) {
            (self.at_once * 2).min(AT_ONCE)
        } else {
            (self.at_once / 2).max(1)
        };
        (self.from, self.until) = (id, id.saturating_add(self.at_once));
        self.links.clear();
        self.citations.clear();
        let mut rows = self.link.query([id, self.until - 1])?;
        while let Some(r) = rows.next()? {
            self.links.push(LinkRow {
                action: r.get(0)?,
                relation: r.get(1)?,
                stated: r.get(2)?,
                stated_spends: r.get(3)?,
                covers: r.get(4)?,
                spends: r.get(5)?,
                takes: r.get(6)?,
                earlier: r.get(7)?,
            });
        }
        let mut rows = self.citation.query([id, self.until - 1])?;
        while let Some(r) = rows.next()? {
            self.citations.push(CitationRow { action: r.get(0)?, cite: r.get(1)?, says_date: r.get(2)?, says_count: r.get(3)? });
        }
        Ok(())
    }

    /// The links of an action, by the date and ref of the earlier one.
    pub fn links(&self, id: i64) -> &[LinkRow] {
        let begin = self.links.partition_point(|l| l.action < id);
        let end = self.links.partition_point(|l| l.action <= id);
        &self.links[begin..end]
    }

    /// The sources of an action, in their order.
    pub fn citations(&self, id: i64) -> &[CitationRow] {
        let begin = self.citations.partition_point(|c| c.action < id);
        let end = self.citations.partition_point(|c| c.action <= id);
        &self.citations[begin..end]
    }
}
