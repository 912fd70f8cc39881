//! Reads the rows of the figures from the ledger.
//!
//! The view `response` gives other clients the same results for each claim. Here its parts are read separately, because the measures also
//! need every answer, and because folding a large ledger in memory is several times as fast.

use std::collections::BTreeSet;

use rusqlite::{CachedStatement, OptionalExtension, params};

use crate::error::Result;
use crate::ledger::catalogue::{self, Weight};
use crate::model::Sign;
use crate::report::Lens;
use crate::report::candidate_series::{self, Days, Series};
use crate::report::reciprocity::links::{LinkEffect, Links};
use crate::report::reciprocity::rows::{CandidateAct, Kinds, PairRows, RecordedAct, Rows, SideRows, ThirdParty, in_order};

/// The rows of a ledger.
pub(super) struct LedgerRows<'l> {
    lens: &'l Lens<'l>,
    kinds: Kinds,
    /// The series of candidates, by actor and target.
    series: Vec<Series>,
    /// The pairs with any act that the lens shows, by their codes.
    pairs: BTreeSet<[String; 2]>,
}

impl<'l> LedgerRows<'l> {
    pub fn new(lens: &'l Lens<'l>) -> Result<LedgerRows<'l>> {
        let mut select = lens.prepare("SELECT name, unit, sign FROM kind")?;
        let kinds = Kinds::new(select.query_map([], |row| Kinds::read(row))?.collect::<rusqlite::Result<_>>()?);
        let series = candidate_series::series(lens)?;
        let mut rows = LedgerRows { lens, kinds, series, pairs: BTreeSet::new() };
        rows.pairs = rows.pairs()?;
        Ok(rows)
    }

    fn days(&self) -> Result<Option<Days<'l>>> {
        if self.series.is_empty() { Ok(None) } else { Ok(Some(Days::new(self.lens)?)) }
    }

    fn pairs(&self) -> Result<BTreeSet<[String; 2]>> {
        let mut select = self.lens.prepare_cached("SELECT DISTINCT actor, target FROM selected_action")?;
        let known = select.query_map([], |r| Ok(in_order(r.get("actor")?, r.get("target")?)))?;
        let mut pairs: BTreeSet<[String; 2]> = known.collect::<rusqlite::Result<_>>()?;
        let Some(mut days) = self.days()? else { return Ok(pairs) };
        for series in &self.series {
            let pair = in_order(series.actor.clone(), series.target.clone());
            let mut shown = pairs.contains(&pair);
            if !shown {
                days.of(series, |dated| {
                    shown |= dated.shown;
                    !shown
                })?;
                if shown {
                    pairs.insert(pair);
                }
            }
        }
        Ok(pairs)
    }

    fn side(&self, actor: &str, target: &str, days: Option<&mut Days<'_>>) -> Result<SideRows> {
        let candidates = days.map_or_else(|| Ok(Vec::new()), |days| self.candidates(actor, target, days))?;
        Ok(SideRows { known: self.actions(actor, target)?, candidates })
    }

    fn actions(&self, actor: &str, target: &str) -> Result<Vec<RecordedAct>> {
        let mut select = self.lens.prepare_cached(
            "SELECT b.id, b.kind, b.stage, b.day, b.count, b.stands, b.open,
               CASE b.stage WHEN 'threatened' THEN
                 CASE length(b.deadline) WHEN 10 THEN unixepoch(b.deadline) / 86400 < ?4 ELSE unixepoch(b.deadline) < ?5 END END AS late,
               (?3 OR EXISTS (SELECT 1 FROM selected_action s WHERE s.id = b.id)) AS selected,
               CASE b.stage WHEN 'announced' THEN (SELECT c.action_id FROM carried_out c WHERE c.announcement_id = b.id) END AS carried_out_by,
               b.day_latest
             FROM unfiltered_action b WHERE b.actor = ?1 AND b.target = ?2",
        )?;
        let lens = self.lens;
        let mut rows = select.query(params![actor, target, !lens.narrows(), lens.as_of().0, lens.instant()])?;
        let mut acts = Vec::new();
        while let Some(row) = rows.next()? {
            acts.extend(RecordedAct::read(row, &self.kinds)?);
        }
        Ok(acts)
    }

    fn candidates(&self, actor: &str, target: &str, days: &mut Days<'_>) -> Result<Vec<CandidateAct>> {
        let mut candidates = Vec::new();
        let from = self.series.partition_point(|s| (s.actor.as_str(), s.target.as_str()) < (actor, target));
        for series in self.series[from..].iter().take_while(|s| s.actor == actor && s.target == target) {
            let Some(kind) = self.kinds.index(&series.kind).filter(|_| series.sign != Sign::Neutral) else { continue };
            let (stage, claims) = (series.stage, series.claims);
            days.of(series, |dated| {
                candidates.push(CandidateAct { dated, kind, stage, claims });
                true
            })?;
        }
        Ok(candidates)
    }

    /// Every link, read in storage order. Looking up the links of a million actions one by one takes several times as long.
    fn all_links(&self) -> Result<Links> {
        let select = self.lens.prepare_cached(
            "SELECT l.relation, l.action_id, l.earlier_id, l.covers - l.reinstated, l.spends, l.takes, l.day, l.id,
               l.relation = 'answers' AND l.covers = 0 AND (SELECT NOT t.by_target FROM main.link_terms t WHERE t.link_id = l.id),
               max(l.day, b.day_latest), b.stage = 'threatened'
             FROM effective_link l JOIN main.action b ON b.id = l.action_id JOIN main.action a ON a.id = l.earlier_id
             WHERE a.voided IS NULL AND b.voided IS NULL AND (l.relation <> 'waives' OR l.covers > l.reinstated)",
        )?;
        read_links(select, [])
    }

    /// The incoming links of the acts between two parties, and the answers that these acts make. Candidates have no links.
    fn links_of_pair(&self, parties: &[String; 2]) -> Result<Links> {
        let select = self.lens.prepare_cached(
            "SELECT l.relation, l.action_id, l.earlier_id, l.covers - l.reinstated, l.spends, l.takes, l.day, l.id,
               l.relation = 'answers' AND l.covers = 0 AND (SELECT NOT t.by_target FROM main.link_terms t WHERE t.link_id = l.id),
               max(l.day, b.day_latest), b.stage = 'threatened'
             FROM unfiltered_action s JOIN effective_link l ON l.earlier_id = s.id JOIN main.action b ON b.id = l.action_id
             WHERE s.actor IN (?1, ?2) AND s.target IN (?1, ?2) AND b.voided IS NULL AND (l.relation <> 'waives' OR l.covers > l.reinstated)
             UNION ALL
             SELECT l.relation, l.action_id, l.earlier_id, l.covers, l.spends, l.takes, l.day, l.id,
               l.covers = 0 AND (SELECT NOT t.by_target FROM main.link_terms t WHERE t.link_id = l.id),
               max(l.day, s.day_latest), s.stage = 'threatened'
             FROM unfiltered_action s JOIN effective_link l ON l.action_id = s.id AND l.relation = 'answers'
             JOIN main.action a ON a.id = l.earlier_id
             WHERE s.actor IN (?1, ?2) AND s.target IN (?1, ?2) AND a.voided IS NULL",
        )?;
        read_links(select, parties.each_ref())
    }
}

impl Rows for LedgerRows<'_> {
    fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    fn weights(&self) -> Result<Vec<Weight>> {
        catalogue::list_weights(self.lens.connection())
    }

    fn links(&self) -> Result<Links> {
        match self.pairs.first() {
            Some(parties) if self.pairs.len() == 1 => self.links_of_pair(parties),
            _ => self.all_links(),
        }
    }

    fn third_party(&self, id: i64) -> Result<Option<ThirdParty>> {
        let mut select = self.lens.prepare_cached(
            "SELECT n.kind AS linked_kind, d.id, d.kind, d.stage,
               CASE WHEN d.stage = 'announced' AND d.count IS NOT NULL THEN coalesce(nullif((SELECT sum(x.takes) FROM effective_link x
                 WHERE x.earlier_id = d.id AND x.relation = 'executes'), 0), d.count) ELSE d.count END AS count,
               (SELECT sum(s.spends) FROM effective_link s WHERE s.relation = 'answers' AND (s.action_id = d.id
                 OR s.action_id IN (SELECT c.announcement_id FROM carried_out c WHERE c.action_id = d.id))) AS spent
             FROM main.action n JOIN main.action d
               ON d.id = coalesce((SELECT c.action_id FROM carried_out c WHERE c.announcement_id = n.id), n.id)
             WHERE n.id = ?",
        )?;
        Ok(select.query_row([id], |row| ThirdParty::read(row, 0, &self.kinds)).optional()?.flatten())
    }

    fn each_pair(&self, each: &mut dyn FnMut(PairRows) -> Result<()>) -> Result<()> {
        let mut days = self.days()?;
        for parties in &self.pairs {
            let [a, b] = parties;
            let sides = [self.side(a, b, days.as_mut())?, self.side(b, a, days.as_mut())?];
            let mut pair = PairRows { parties: parties.clone(), sides };
            let mut select = self.lens.prepare_cached("SELECT ref FROM main.action WHERE id = ?")?;
            pair.put_in_order(&self.kinds, |id| Ok(select.query_row([id], |r| r.get(0))?))?;
            each(pair)?;
        }
        Ok(())
    }
}

fn read_links(mut select: CachedStatement<'_>, params: impl rusqlite::Params) -> Result<Links> {
    let mut rows = select.query(params)?;
    let mut links = Vec::new();
    while let Some(row) = rows.next()? {
        links.push(LinkEffect::read(row)?);
    }
    Ok(Links::new(links))
}
