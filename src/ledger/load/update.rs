//! Rows that correct or complete an action of the ledger.
//!
//! A row adds and corrects, and removes nothing: an empty cell leaves what the ledger has, and so does a source, a quantity or a link that is
//! missing in the file.

use std::collections::BTreeMap;

use crate::error::{Error, MAX_ROWS_LISTED, Result};
use crate::ledger::edit::{Edited, correct, edited};
use crate::ledger::{Correction, Link};
use crate::model::{Amount, Cite, LinkSpec, Relation};

use super::Loader;
use super::content::same_link;
use super::names::Names;
use super::problems::{Place, Problems};
use super::record::LinkDraft;
use super::row::{Row, some};

/// What is done with a row without a ref that resembles an action of the ledger: the same date, parties and kind, but another count, link or
/// text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Resembling {
    /// The row is a problem.
    #[default]
    Refuse,
    /// The row is another action.
    Add,
    /// The row corrects the action.
    Update,
}

/// The actions of the ledger that the files correct.
#[derive(Debug, Default)]
pub(super) struct Updates {
    /// Where the rows are that corrected an action.
    rows: BTreeMap<u32, Place>,
    /// The first of these actions as they were.
    before: Vec<Edited>,
    /// Links that the files add to actions of the ledger.
    links: Vec<(Place, u32, LinkDraft)>,
    /// Links that the ledger has and the row does not name, while it names others instead.
    kept: Vec<KeptLink>,
}

impl Updates {
    /// The first row that corrected an action.
    pub fn first_row(&self) -> Option<Place> {
        self.rows.values().min().copied()
    }

    /// The row that corrected an action.
    pub fn row(&self, id: u32) -> Option<Place> {
        self.rows.get(&id).copied()
    }
}

/// A link to or from an action of the ledger, by the ids of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptLink {
    /// The later action.
    pub later: i64,
    /// What it does to the earlier one.
    pub relation: Relation,
    /// The earlier action.
    pub earlier: i64,
}

impl Loader<'_> {
    /// Corrects an action of the ledger as the row says.
    pub(super) fn update(&mut self, id: u32, row: &Row<'_>, problems: &mut Problems) -> Result<()> {
        let now = edited(self.conn, id.into())?;
        let mut correction = correction(row, &self.names, &now);
        let (mut new, mut named) = (Vec::new(), Vec::new());
        for link in &*self.with_whole_refs(row.at, row.draft.links)? {
            let earlier = self.find_linked(row.at, link.spec.earlier.trim())?;
            named.extend(earlier.map(i64::from));
            match earlier.map(|earlier| same_link(self.conn, id, earlier, link)).transpose()?.flatten() {
                None => new.push((row.at, id, link.clone())),
                Some(Err(_)) if link.spec.amount != Amount::default() => {
                    let earlier = earlier.map_or_else(|| link.spec.earlier.clone(), |id| id.to_string());
                    correction.links.push(Link { relation: link.relation, spec: LinkSpec { earlier, amount: link.spec.amount } });
                }
                Some(_) => (),
            }
        }
        if correction == Correction::default() && new.is_empty() {
            self.loaded.present += 1;
            return Ok(());
        }
        self.note_update(id, row.at)?;
        self.note_kept(id, &new, &named)?;
        self.updates.links.extend(new);
        match correct(self.conn, &now.before, &correction) {
            Err(e @ Error::Sqlite(_)) => Err(e),
            Err(e) => {
                problems.add(row.at, None, e);
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Notes the links of an action that its row does not name, in those relations in which it has `new` ones.
    fn note_kept(&mut self, id: u32, new: &[(Place, u32, LinkDraft)], named: &[i64]) -> Result<()> {
        let mut select =
            self.conn.prepare_cached("SELECT earlier_id FROM main.link WHERE action_id = ?1 AND relation = ?2 ORDER BY earlier_id")?;
        let mut relations: Vec<Relation> = new.iter().map(|(.., link)| link.relation).collect();
        relations.dedup();
        for relation in relations {
            let held = select.query_map(rusqlite::params![id, relation], |r| r.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
            let kept = held.into_iter().filter(|earlier| !named.contains(earlier));
            self.updates.kept.extend(kept.map(|earlier| KeptLink { later: id.into(), relation, earlier }));
        }
        Ok(())
    }

    /// The first links that were added to actions of the ledger, and the first links that a row no longer names.
    pub(super) fn link_changes(&mut self) -> [Vec<KeptLink>; 2] {
        let added = self.links.iter().filter(|link| link.later < self.first);
        let added = added.map(|link| KeptLink { later: link.later.into(), relation: link.relation, earlier: link.earlier.into() });
        [added.take(MAX_ROWS_LISTED).collect(), std::mem::take(&mut self.updates.kept)]
    }

    /// Prepares a correction of an action: records it, with what the action was before.
    pub(super) fn note_update(&mut self, id: u32, at: Place) -> Result<()> {
        self.writer.rebuild_indexes()?;
        self.writer.with_rules(true)?;
        if self.updates.rows.insert(id, at).is_none() && self.updates.before.len() < MAX_ROWS_LISTED {
            self.updates.before.push(edited(self.conn, id.into())?);
        }
        Ok(())
    }

    /// Adds the new links of corrected actions to those of the load.
    pub(super) fn push_updates(&mut self) -> Result<()> {
        for (at, later, link) in std::mem::take(&mut self.updates.links) {
            let index = self.push(at, later, &link, false)?;
            self.set_end(index, false, &link.spec.earlier)?;
        }
        Ok(())
    }

    /// The number of corrected actions, and the first of them before and after.
    pub(super) fn updated(&mut self) -> Result<(u64, Vec<Edited>)> {
        let mut listed = std::mem::take(&mut self.updates.before);
        for update in &mut listed {
            let now = edited(self.conn, update.before.id)?;
            (update.after, update.sources.1, update.quantities.1) = (now.after, now.sources.1, now.quantities.1);
            update.stated.1 = now.stated.1;
        }
        Ok((self.updates.rows.len() as u64, listed))
    }
}

/// The correction that makes an action agree with a row. It leaves out the links.
fn correction(row: &Row<'_>, names: &Names<'_>, now: &Edited) -> Correction {
    let (action, draft) = (&now.before, &row.draft);
    let other = |given: &str, held: &str| (given != held).then(|| given.to_owned());
    // If the ledger has 20-30 and the row has 20, the words stay.
    let says_less = row.count.words().is_none() && row.count.number() == action.count.number();
    let mut correction = Correction {
        actor: other(names.code(row.actor), &action.actor),
        target: other(names.code(row.target), &action.target),
        kind: other(&names.facts(row.kind).name, &action.kind),
        date: (row.date.as_str() != action.date).then(|| row.date.clone()),
        stage: (!draft.stage.is_empty() && row.stage != action.stage).then_some(row.stage),
        // An empty cell says nothing; '?' says that the count is unknown.
        count: (!(draft.count.is_empty() && draft.count_words.is_empty()) && row.count != action.count && !says_less).then_some(row.count),
        ..Correction::default()
    };
    let details = row.details.each().into_iter().zip(action.details.each());
    for (((_, given), (_, held)), (_, corrected)) in details.zip(correction.details.each_mut()) {
        *corrected = some(given).filter(|given| held.as_deref() != Some(*given)).map(|given| Some(given.to_owned()));
    }
    let cited = |given: &&Cite| now.sources.0.iter().any(|held| held.cite == given.cite && (given.reading.is_empty() || *held == **given));
    correction.sources = draft.sources.iter().filter(|given| !cited(given)).cloned().collect();
    correction.quantities = row.quantities.iter().filter(|given| !now.quantities.0.contains(given)).cloned().collect();
    correction
}
