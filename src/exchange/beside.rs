//! What hangs on the actions of an export: links and sources, read some hundred actions at a time, or few where few of
//! the ledger's actions are exported.

use std::collections::HashMap;

use rusqlite::{Connection, Statement};

use crate::error::Result;
use crate::model::Relation;

/// How many ids are read at once, at most.
const AT_ONCE: i64 = 512;

/// Reads along with the actions, whose ids only grow.
pub(super) struct Beside<'c> {
    units: HashMap<String, usize>,
    link: Statement<'c>,
    citation: Statement<'c>,
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
    /// Its count.
    pub count: Option<i64>,
    /// Its unit, as a number.
    pub unit: usize,
    pub covers: i64,
    pub spends: i64,
    pub reversed: i64,
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
        let mut seen: Vec<String> = Vec::new();
        let mut units = HashMap::new();
        for kind in crate::ledger::catalogue::list_kinds(conn)? {
            let at = seen.iter().position(|u| *u == kind.unit).unwrap_or_else(|| {
                seen.push(kind.unit);
                seen.len() - 1
            });
            units.insert(kind.name, at);
        }
        let link = conn.prepare(
            "SELECT l.action_id, l.relation, l.covers, l.spends, l.reversed, e.ref, e.count, e.kind
             FROM bearing l LEFT JOIN standing e ON e.id = l.earlier_id
             WHERE l.action_id BETWEEN ?1 AND ?2 ORDER BY l.action_id, e.date, l.earlier_id",
        )?;
        let citation = conn.prepare(
            "SELECT c.action_id, s.cite, c.says_date, c.says_count FROM citation c JOIN source s ON s.id = c.source_id
             WHERE c.action_id BETWEEN ?1 AND ?2 ORDER BY c.action_id, c.position",
        )?;
        Ok(Beside { units, link, citation, until: i64::MIN, at_once: 1, links: Vec::new(), citations: Vec::new() })
    }

    /// The number of a kind's unit.
    pub fn unit(&self, kind: &str) -> usize {
        self.units.get(kind).copied().unwrap_or(usize::MAX)
    }

    /// Makes sure that what hangs on this action is in.
    pub fn fetch(&mut self, id: i64) -> Result<()> {
        if id < self.until {
            return Ok(());
        }
        let units = &self.units;
        // Twice as many as the last time where the ids go on without a gap, half as many where there is one.
        self.at_once =
            if id <= self.until.saturating_add(self.at_once / 4) { (self.at_once * 2).min(AT_ONCE) } else { (self.at_once / 2).max(1) };
        self.until = id.saturating_add(self.at_once);
        self.links.clear();
        self.citations.clear();
        let mut rows = self.link.query([id, self.until - 1])?;
        while let Some(r) = rows.next()? {
            let kind = r.get_ref(7)?.as_str_or_null().map_err(rusqlite::Error::from)?;
            self.links.push(LinkRow {
                action: r.get(0)?,
                relation: r.get(1)?,
                covers: r.get(2)?,
                spends: r.get(3)?,
                reversed: r.get(4)?,
                earlier: r.get(5)?,
                count: r.get(6)?,
                unit: kind.and_then(|k| units.get(k)).copied().unwrap_or(usize::MAX),
            });
        }
        let mut rows = self.citation.query([id, self.until - 1])?;
        while let Some(r) = rows.next()? {
            self.citations.push(CitationRow { action: r.get(0)?, cite: r.get(1)?, says_date: r.get(2)?, says_count: r.get(3)? });
        }
        Ok(())
    }

    /// The links of an action, oldest first.
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
