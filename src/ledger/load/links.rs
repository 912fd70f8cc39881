//! The links of a load: they wait until all rows are read, because a row may name a later one; then they are validated, written and settled.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::error::Result;
use crate::ledger::link::{check_stated, reread, restate};
use crate::ledger::refusal::Naming;
use crate::ledger::settlement::{self, Effect, NewLink};
use crate::model::{Amount, LinkSpec, Relation};

use super::problems::{Place, Problems};
use super::record::LinkDraft;
use super::{BAD, Loader, content, no_such_ref};

/// Up to this number of new links, only the actions that they touch are settled; beyond it the whole ledger is, which is then faster.
const MAX_LINKS_SETTLED_LOCALLY: usize = 1_000;

/// A link that has not been written yet. An end that is not known yet is [`BAD`].
#[derive(Debug, Clone, Copy)]
pub(super) struct PendingLink {
    at: Place,
    pub later: u32,
    pub earlier: u32,
    pub relation: Relation,
    /// True if it came in a record of its own.
    pub own_record: bool,
    pub stated: Option<u32>,
    pub stated_spends: Option<u32>,
}

impl Loader<'_> {
    /// Takes a link that came in a record of its own.
    pub(super) fn take_link(&mut self, at: Place, later: &str, link: &LinkDraft, problems: &mut Problems) -> Result<()> {
        if let (Some(l), Some(e)) = (self.find(later)?, self.find(&link.spec.earlier)?)
            && l != BAD
            && l < self.first
            && let Some(same) = content::same_link(self.conn, l, e, link)?
        {
            if same.is_err() && link.spec.amount != Amount::default() {
                self.note_update(l, at)?;
                let (later, earlier) = (reread(self.conn, l.into())?, reread(self.conn, e.into())?);
                restate(self.conn, &later, link.relation, &earlier, link.spec.amount)
                    .unwrap_or_else(|why| problems.add(at, Some("earlier"), why));
            }
            return Ok(());
        }
        let index = self.push(at, BAD, link, true)?;
        self.set_end(index, true, later)?;
        self.set_end(index, false, &link.spec.earlier)
    }

    pub(super) fn push(&mut self, at: Place, later: u32, link: &LinkDraft, own_record: bool) -> Result<usize> {
        let small = |amount: Option<i64>| amount.map(|a| u32::try_from(a).unwrap_or(u32::MAX));
        let (stated, stated_spends) = (small(link.spec.amount.covers), small(link.spec.amount.spends));
        self.links.push(PendingLink { at, later, earlier: BAD, relation: link.relation, own_record, stated, stated_spends });
        Ok(self.links.len() - 1)
    }

    /// Sets one end of a link. If its ref is not known yet, the end is resolved later.
    pub(super) fn set_end(&mut self, index: usize, later: bool, reference: &str) -> Result<()> {
        let reference = reference.trim();
        match self.find_linked(self.links[index].at, reference)? {
            Some(id) if later => self.links[index].later = id,
            Some(id) => self.links[index].earlier = id,
            None => self.unresolved.push((index, later, reference.to_owned())),
        }
        Ok(())
    }

    /// The links of a row. A link like `gb-hmt:13456` names the action with this ref if there is such an action, and no action has the ref
    /// `gb-hmt`.
    pub(super) fn with_whole_refs<'l>(&self, at: Place, links: &'l [LinkDraft]) -> Result<Cow<'l, [LinkDraft]>> {
        let mut links = Cow::Borrowed(links);
        for n in 0..links.len() {
            if let Some(whole) = links[n].spec.whole()
                && self.find_linked(at, &links[n].spec.earlier)?.is_none()
                && self.find(&whole)?.is_some()
            {
                links.to_mut()[n].spec = LinkSpec { earlier: whole, amount: Amount::default() };
            }
        }
        Ok(links)
    }

    /// The action that an end names which was not known when it was read. If a row has the ref and the amount in one cell, both together
    /// can be the ref.
    fn find_end(&mut self, index: usize, later: bool, reference: &str) -> Result<Option<u32>> {
        let link = &self.links[index];
        let found = self.find_linked(link.at, reference)?;
        let amount = Amount { covers: link.stated.map(i64::from), spends: link.stated_spends.map(i64::from) };
        let spec = LinkSpec { earlier: reference.to_owned(), amount };
        let in_one_cell = !later && !link.own_record;
        if let (None, true, Some(whole)) = (found, in_one_cell, spec.whole())
            && let Some(id) = self.find(&whole)?
        {
            let link = &mut self.links[index];
            (link.stated, link.stated_spends) = (None, None);
            return Ok(Some(id));
        }
        Ok(found)
    }

    /// Resolves the ends of links that were not known when they were read.
    pub(super) fn resolve(&mut self, problems: &mut Problems) -> Result<()> {
        for (index, later, reference) in std::mem::take(&mut self.unresolved) {
            match self.find_end(index, later, &reference)? {
                Some(id) if later => self.links[index].later = id,
                Some(id) => self.links[index].earlier = id,
                None if self.has_bad_unnamed => (),
                None => {
                    let link = &self.links[index];
                    let column = if later { "action" } else { column(link) };
                    problems.add(link.at, Some(column), no_such_ref(&reference));
                }
            }
        }
        self.links.retain(|l| l.later != BAD && l.earlier != BAD);
        Ok(())
    }

    /// Refuses links that are given twice, that join an action to itself, or that state an amount that their relation does not allow. A
    /// link that is repeated identically in a record of its own is counted once.
    pub(super) fn refuse_malformed(&mut self, problems: &mut Problems) {
        let mut seen = HashMap::with_capacity(self.links.len());
        self.links.retain(|link| {
            let column = Some(column(link));
            if link.later == link.earlier {
                problems.add(link.at, column, "an action cannot be linked to itself; help: name an earlier action");
                return false;
            }
            let stated = Amount { covers: link.stated.map(i64::from), spends: link.stated_spends.map(i64::from) };
            if let Err(e) = check_stated(link.relation, &"the earlier action", stated) {
                problems.add(link.at, column, e);
                return false;
            }
            match seen.insert((link.later, link.relation, link.earlier), (link.stated, link.stated_spends)) {
                None => true,
                Some(same) if link.own_record && same == (link.stated, link.stated_spends) => false,
                Some(_) => {
                    problems.add(
                        link.at,
                        column,
                        format!("it {} the same action twice; help: name it once, with the whole amount", link.relation),
                    );
                    false
                }
            }
        });
    }

    /// Writes the links, and settles the actions that they touch.
    pub(super) fn add_links(&mut self, problems: &mut Problems, naming: Naming) -> Result<Vec<Effect>> {
        let first: i64 =
            self.conn.query_row("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'link'), 0) + 1", [], |r| r.get(0))?;
        let new: Vec<NewLink> = self
            .links
            .iter()
            .map(|l| NewLink {
                later: l.later.into(),
                relation: l.relation,
                earlier: l.earlier.into(),
                stated: l.stated,
                stated_spends: l.stated_spends,
            })
            .collect();
        let (violations, effects) = if new.len() > MAX_LINKS_SETTLED_LOCALLY {
            self.writer.with_rules(false)?;
            let dropped_indexes = self.writer.drop_link_indexes(first == 1)?;
            let violations = settlement::settle_with(self.conn, &new, first, naming, problems.is_empty())?;
            for index in dropped_indexes {
                self.conn.execute_batch(&index)?;
            }
            (violations, Vec::new())
        } else {
            if !new.is_empty() {
                self.writer.with_rules(false)?;
                settlement::add(self.conn, &new)?;
            }
            let outcome = settlement::try_to_settle(self.conn, naming, None, problems.is_empty())?;
            (outcome.violations, outcome.effects)
        };
        for (id, violation) in violations {
            // An older link whose stated amount no longer fits because of a new link is reported at the row of the first new link.
            let link = usize::try_from(id - first).ok().and_then(|n| self.links.get(n)).or(self.links.first());
            match (link, self.updates.first_row()) {
                (Some(link), _) => problems.add(link.at, Some(column(link)), violation),
                (None, row) => problems.add(row.unwrap_or(Place { file: 0, line: 0 }), None, violation),
            }
        }
        Ok(effects)
    }
}

/// The column that names the earlier end of a link.
fn column(link: &PendingLink) -> &'static str {
    if link.own_record { "earlier" } else { link.relation.as_str() }
}
