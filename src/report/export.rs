//! The queries of exports: statements for actions, sources, citations and links, and the links and citations of one action.

use std::collections::HashSet;

use rusqlite::{CachedStatement, Connection};

use crate::error::Result;
use crate::ledger::load::record::{ACTION, FIELDS};
use crate::ledger::quantity;
use crate::model::{Quantity, Reading, Relation};
use crate::record::{Field, ReadColumn, column_list};
use crate::report::Lens;

/// Columns of the actions shown, with the deadline that each stated. A report shows the deadline to which extensions moved it, but in an
/// export the extensions are rows of their own, and an import applies them again.
pub(crate) fn stated(columns: &[&str]) -> String {
    column_list(columns).replace(r#""deadline""#, "(SELECT a.deadline FROM main.action a WHERE a.id = shown_action.id) AS deadline")
}

/// The statement that reads the actions for the flat CSV: the id, the columns of [`FIELDS`], then the standing and the open amount.
pub(crate) fn select_flat() -> String {
    format!("SELECT id, {}, stands, open FROM shown_action ORDER BY day, ref", stated(&FIELDS))
}

/// The number of actions that a lens selects, voided ones not included.
pub(crate) fn count_actions(lens: &Lens<'_>) -> Result<i64> {
    Ok(lens.query_row("SELECT count(*) FROM shown_action", [], |r| r.get(0))?)
}

/// The statement that reads the actions by date and ref: the id, the columns of [`ACTION`], then the standing and the open amount.
pub(crate) fn select_actions(lens: &Lens<'_>) -> Result<String> {
    Ok(if lens.is_whole()? {
        format!("SELECT id, {}, stands, open FROM main.action ORDER BY day, ref", column_list(&ACTION))
    } else {
        format!("SELECT id, {}, NULL AS voided, logged_at, stands, open FROM shown_action ORDER BY day, ref", stated(&FIELDS))
    })
}

/// The statement that reads the sources: all sources, or those that the selected actions cite.
pub(crate) fn select_sources(lens: &Lens<'_>) -> Result<&'static str> {
    Ok(if lens.is_whole()? {
        "SELECT cite, publisher, title, author, date, url, accessed, archive, quote FROM source ORDER BY cite"
    } else {
        "SELECT cite, publisher, title, author, date, url, accessed, archive, quote FROM source
         WHERE id IN (SELECT c.source_id FROM shown_action s JOIN citation c ON c.action_id = s.id) ORDER BY cite"
    })
}

/// The statement that reads the links of the selected actions, ordered by the later action and then the earlier one. The earlier ref is
/// NULL if that action was not selected. If the whole ledger is selected, links of voided actions are included.
pub(crate) fn select_links(lens: &Lens<'_>) -> Result<&'static str> {
    Ok(if lens.is_whole()? {
        "SELECT b.ref, l.relation, e.ref, l.stated, l.stated_spends, l.covers, l.spends, l.takes
         FROM main.link l JOIN main.action b ON b.id = l.action_id JOIN main.action e ON e.id = l.earlier_id
         ORDER BY b.day, b.ref, e.day, e.ref, l.relation"
    } else {
        SELECT_SHOWN_LINKS
    })
}

/// The statement that reads the links of the actions shown, voided ones not included, in the same order and with the same columns.
pub(crate) const SELECT_SHOWN_LINKS: &str = "SELECT b.ref, l.relation, e.ref, l.stated, l.stated_spends, l.covers, l.spends, l.takes
         FROM effective_link l JOIN shown_action b ON b.id = l.action_id LEFT JOIN shown_action e ON e.id = l.earlier_id
         ORDER BY b.day, b.ref, e.day, e.ref, l.relation";

/// The statement that reads which sources the selected actions cite, by action.
pub(crate) fn select_citations(lens: &Lens<'_>) -> Result<&'static str> {
    Ok(if lens.is_whole()? {
        "SELECT a.ref, c.position, s.cite, c.says_date, c.says_count, c.says_words, c.denies
         FROM citation c JOIN source s ON s.id = c.source_id JOIN main.action a ON a.id = c.action_id ORDER BY a.day, a.ref, c.position"
    } else {
        "SELECT a.ref, c.position, s.cite, c.says_date, c.says_count, c.says_words, c.denies
         FROM citation c JOIN source s ON s.id = c.source_id JOIN shown_action a ON a.id = c.action_id ORDER BY a.day, a.ref, c.position"
    })
}

/// The statement that reads the quantities of the selected actions, by action and name.
pub(crate) fn select_quantities(lens: &Lens<'_>) -> Result<&'static str> {
    Ok(if lens.is_whole()? {
        "SELECT a.ref, q.name, q.value, q.unit FROM quantity q JOIN main.action a ON a.id = q.action_id ORDER BY a.day, a.ref, q.name"
    } else {
        "SELECT a.ref, q.name, q.value, q.unit FROM quantity q JOIN shown_action a ON a.id = q.action_id ORDER BY a.day, a.ref, q.name"
    })
}

/// The disputes that selected actions belong to.
pub(crate) fn disputes_used(lens: &Lens<'_>) -> Result<HashSet<Option<String>>> {
    let mut used = lens.prepare_cached("SELECT DISTINCT dispute FROM shown_action WHERE dispute IS NOT NULL")?;
    Ok(used.query_map([], |r| r.read(0))?.collect::<rusqlite::Result<_>>()?)
}

/// Maximum number of ids read at once.
const AT_ONCE: i64 = 512;

/// A cache of the citations and quantities of actions, and of their links if these are wanted. It reads them for up to [`AT_ONCE`] ids at a time, and for fewer ids when the exported
/// actions are far apart.
pub(crate) struct Related<'c> {
    conn: &'c Connection,
    /// `None`: the links are not wanted.
    link: Option<CachedStatement<'c>>,
    citation: CachedStatement<'c>,
    from: i64,
    until: i64,
    /// Number of ids read at once at present.
    at_once: i64,
    links: Vec<LinkRow>,
    citations: Vec<CitationRow>,
    /// Each with the id of its action.
    quantities: Vec<(i64, Quantity)>,
}

/// A link of an action.
pub(crate) struct LinkRow {
    pub action: i64,
    pub relation: Relation,
    /// Ref of the earlier action; `None`: that action was not selected.
    pub earlier: Option<String>,
    pub stated: Option<i64>,
    pub stated_spends: Option<i64>,
    pub covers: i64,
    pub spends: i64,
    pub takes: i64,
    /// How much of the stated amounts finds nothing to settle, because an action was voided.
    pub unmet: i64,
}

/// A citation of an action.
pub(crate) struct CitationRow {
    pub action: i64,
    pub cite: String,
    pub reading: Reading,
}

impl<'c> Related<'c> {
    /// Citations, quantities and links.
    pub fn with_links(lens: &'c Lens<'_>) -> Result<Related<'c>> {
        let link = lens.prepare_cached(
            "SELECT l.action_id, l.relation, l.stated, l.stated_spends, l.covers, l.spends, l.takes, e.ref,
               coalesce((SELECT m.unmet FROM main.link m WHERE m.id = l.id), 0)
             FROM effective_link l LEFT JOIN shown_action e ON e.id = l.earlier_id
             WHERE l.action_id BETWEEN ?1 AND ?2 ORDER BY l.action_id, e.day, e.ref",
        )?;
        Ok(Related { link: Some(link), ..Related::without_links(lens)? })
    }

    /// The same without links.
    pub fn without_links(lens: &'c Lens<'_>) -> Result<Related<'c>> {
        let citation = lens.prepare_cached(
            "SELECT c.action_id, s.cite, c.says_date, c.says_count, c.says_words, c.denies FROM citation c JOIN source s ON s.id = c.source_id
             WHERE c.action_id BETWEEN ?1 AND ?2 ORDER BY c.action_id, c.position",
        )?;
        Ok(Related {
            conn: lens.connection(),
            link: None,
            citation,
            from: i64::MAX,
            until: i64::MIN,
            at_once: 1,
            links: Vec::new(),
            citations: Vec::new(),
            quantities: Vec::new(),
        })
    }

    /// Reads what belongs to this action, unless they are in the cache.
    pub fn fetch(&mut self, id: i64) -> Result<()> {
        if id >= self.from && id < self.until {
            return Ok(());
        }
        // Read twice as many ids as last time if there is no large gap before this id, else half as many.
        self.at_once = if id >= self.until && id <= self.until.saturating_add(self.at_once / 4) {
            (self.at_once * 2).min(AT_ONCE)
        } else {
            (self.at_once / 2).max(1)
        };
        (self.from, self.until) = (id, id.saturating_add(self.at_once));
        self.links.clear();
        self.citations.clear();
        self.quantities = quantity::of_actions(self.conn, id, self.until - 1)?;
        if let Some(link) = &mut self.link {
            let mut rows = link.query([id, self.until - 1])?;
            while let Some(r) = rows.next()? {
                self.links.push(LinkRow {
                    action: r.read(0)?,
                    relation: r.read(1)?,
                    stated: r.read(2)?,
                    stated_spends: r.read(3)?,
                    covers: r.read(4)?,
                    spends: r.read(5)?,
                    takes: r.read(6)?,
                    earlier: r.read(7)?,
                    unmet: r.read(8)?,
                });
            }
        }
        let mut rows = self.citation.query([id, self.until - 1])?;
        while let Some(r) = rows.next()? {
            self.citations.push(CitationRow { action: r.read(0)?, cite: r.read(1)?, reading: Field::read(r, &mut 2)? });
        }
        Ok(())
    }

    /// The links of an action, by the date and ref of the earlier one.
    pub fn links(&self, id: i64) -> &[LinkRow] {
        let begin = self.links.partition_point(|l| l.action < id);
        let end = self.links.partition_point(|l| l.action <= id);
        &self.links[begin..end]
    }

    /// The citations of an action, in order.
    pub fn citations(&self, id: i64) -> &[CitationRow] {
        let begin = self.citations.partition_point(|c| c.action < id);
        let end = self.citations.partition_point(|c| c.action <= id);
        &self.citations[begin..end]
    }

    /// The quantities of an action, by name.
    pub fn quantities(&self, id: i64) -> impl Iterator<Item = &Quantity> {
        let begin = self.quantities.partition_point(|(action, _)| *action < id);
        self.quantities[begin..].iter().take_while(move |(action, _)| *action == id).map(|(_, quantity)| quantity)
    }
}
