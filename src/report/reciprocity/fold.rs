//! Folds actions and links into acts with their outcomes.

use std::collections::HashMap;

use crate::error::Result;
use crate::model::claim::{Claim, Settling};
use crate::model::{Count, Relation, Stage};
use crate::report::candidate_series::Dated;
use crate::report::reciprocity::links::{LinkEffect, Links};
use crate::report::reciprocity::pair::{Answer, Answerer, Conduct, Fate, FoldedAct, Origin, PairData, Threat};
use crate::report::reciprocity::rows::{CandidateAct, RecordedAct, Rows, SideRows, ThirdParty};

/// Folds both sides of a pair: the rows of a's acts against b, then those of b's acts against a.
pub(super) fn pair(rows: &dyn Rows, links: &Links, sides: &[SideRows; 2]) -> Result<PairData> {
    let known = || sides.iter().flat_map(|side| &side.known);
    let by_id: HashMap<i64, &RecordedAct> = known().map(|raw| (raw.id, raw)).collect();
    let executions = known().filter_map(|raw| Some((raw.id, raw.carried_out_by?))).collect();
    let fold = Fold { rows, links, by_id: &by_id, executions: &executions };
    let mut answerers = HashMap::new();
    for raw in known() {
        fold.add_spent(raw, &mut answerers);
    }
    let (a, b) = (fold.side(&sides[0], &mut answerers)?, fold.side(&sides[1], &mut answerers)?);
    Ok(PairData { a, b, answerers })
}

struct Fold<'f> {
    rows: &'f dyn Rows,
    links: &'f Links,
    by_id: &'f HashMap<i64, &'f RecordedAct>,
    /// For each announcement executed by a single action, the id of that action.
    executions: &'f HashMap<i64, i64>,
}

impl Fold<'_> {
    /// The id of the act that an action is folded into: the action that executed it, or the action itself.
    fn folded_id(&self, id: i64) -> i64 {
        self.executions.get(&id).copied().unwrap_or(id)
    }

    /// Adds up the amounts of an act that its answers use.
    fn add_spent(&self, raw: &RecordedAct, answerers: &mut HashMap<i64, Answerer>) {
        for link in self.links.answers_by(raw.id) {
            let act = self.folded_id(raw.id);
            let Some(execution) = self.by_id.get(&act) else { continue };
            let count = execution.count.map(|count| self.done(execution).unwrap_or(count));
            let of = Answerer { kind: execution.kind, stage: execution.stage, count, spent: 0 };
            let spent = &mut answerers.entry(act).or_insert(of).spent;
            *spent = spent.saturating_add(link.spends);
        }
    }

    /// How much of an announcement was carried out, if any of it was.
    fn done(&self, raw: &RecordedAct) -> Option<Count> {
        let executions = self.links.incoming(raw.id).iter().filter(|l| l.relation == Relation::Executes);
        Some(executions.map(|l| l.takes).sum()).filter(|done| raw.stage == Stage::Announced && *done > 0)
    }

    fn side(&self, rows: &SideRows, answerers: &mut HashMap<i64, Answerer>) -> Result<Conduct> {
        let mut side = Conduct { threats: self.threats(rows), acts: self.acts(rows), answers: Vec::new() };
        let known = side.acts.iter().enumerate().filter(|(_, act)| act.id > 0);
        let indices: HashMap<i64, usize> = known.map(|(at, act)| (act.id, at)).collect();
        for raw in rows.known.iter().filter(|r| r.stage != Stage::Threatened) {
            let Some(at) = indices.get(&self.folded_id(raw.id)).copied() else { continue };
            for link in self.links.incoming(raw.id) {
                self.record(raw, link, at, &mut side, answerers)?;
            }
        }
        Ok(side)
    }

    fn threats(&self, rows: &SideRows) -> Vec<Threat> {
        let known = rows.known.iter().filter(|r| r.stage == Stage::Threatened);
        let known = known.map(|r| Threat { id: r.id, kind: r.kind, day: r.day, selected: r.selected, fate: self.fate(r) });
        let candidates = rows.candidates.iter().filter(|s| s.stage == Stage::Threatened);
        let candidates = candidates.map(|s| {
            let Dated { id, day, shown } = s.dated;
            Threat { id, kind: s.kind, day, selected: shown, fate: Fate::Pending }
        });
        let mut threats: Vec<Threat> = known.chain(candidates).collect();
        threats.sort_unstable_by_key(|t| (t.day, t.id));
        threats
    }

    fn record(
        &self,
        raw: &RecordedAct,
        link: &LinkEffect,
        at: usize,
        side: &mut Conduct,
        answerers: &mut HashMap<i64, Answerer>,
    ) -> Result<()> {
        let answers = link.relation == Relation::Answers && link.covers > 0;
        let by = if answers { self.answerer(link.later, answerers)? } else { None };
        let in_kind = by.is_some_and(|(_, kind)| kind == raw.kind);
        side.acts[at].claim.settle(&Settling {
            relation: link.relation,
            covers: link.covers,
            day: link.day,
            latest: link.latest,
            in_kind,
            third_party: link.third_party,
            reply: link.relation == Relation::Answers && !link.third_party && !link.threat,
        });
        side.answers.extend(by.map(|(by, _)| Answer { claim: at, by, spends: link.spends }));
        Ok(())
    }

    /// The acts of a side, each announcement folded into the action that executed it.
    fn acts(&self, rows: &SideRows) -> Vec<FoldedAct> {
        let more = |r: &&RecordedAct| r.stage != Stage::Threatened;
        let (carried, own): (Vec<&RecordedAct>, Vec<&RecordedAct>) =
            rows.known.iter().filter(more).partition(|r| self.executions.contains_key(&r.id));
        let mut acts: Vec<FoldedAct> = Vec::with_capacity(own.len() + rows.candidates.len());
        acts.extend(own.into_iter().map(|r| self.act(r)));
        let executions: HashMap<i64, usize> = match carried[..] {
            [] => HashMap::new(),
            _ => acts.iter().enumerate().map(|(at, act)| (act.id, at)).collect(),
        };
        for raw in carried {
            let Some(at) = executions.get(&self.folded_id(raw.id)) else { continue };
            let (act, part) = (&mut acts[*at], self.act(raw));
            let settled_otherwise = self.links.incoming(raw.id).iter().any(|l| l.covers > 0 && l.relation != Relation::Executes);
            act.claim.carries((raw.day, raw.latest), raw.open, raw.count.is_some() || (raw.open == 0 && !settled_otherwise));
            (act.move_day, act.turn) = (act.move_day, act.turn).min((part.move_day, part.turn));
            act.move_latest = act.move_latest.min(part.move_latest);
            if act.origin == Origin::Opened || part.origin == Origin::Followed {
                act.origin = part.origin;
            }
        }
        acts.extend(rows.candidates.iter().filter(|s| s.stage != Stage::Threatened).map(candidate_act));
        // A stable sort keeps the order of the candidates.
        acts.sort_by_key(|a| (a.claim.day, a.turn));
        acts
    }

    /// The amount of an act that has a weight. An announcement that was reversed in part and carried out for the rest has its weight from
    /// the act that did so, and an act that was renewed weighs once.
    fn weighs(&self, raw: &RecordedAct) -> Count {
        let taken = |relation| self.links.incoming(raw.id).iter().filter(|l| l.relation == relation).map(|l| l.takes).sum::<Count>();
        if raw.stands == 0 && taken(Relation::Executes) > 0 {
            return 0;
        }
        (raw.stands.saturating_add(taken(Relation::Reverses)) - self.links.renewed_by(raw.id)).max(0)
    }

    fn act(&self, raw: &RecordedAct) -> FoldedAct {
        let mut act = FoldedAct {
            id: raw.id,
            turn: raw.turn,
            kind: raw.kind,
            stage: raw.stage,
            weighs: self.weighs(raw),
            selected: raw.selected,
            claim: Claim::new(raw.day, raw.latest, raw.open, raw.count.is_some()),
            move_day: raw.day,
            move_latest: raw.latest,
            origin: Origin::Opened,
        };
        for link in self.links.answers_by(raw.id) {
            act.move_day = act.move_day.max(link.day);
            act.move_latest = act.move_latest.max(link.day);
            act.origin = if !link.third_party || act.origin == Origin::Followed { Origin::Followed } else { Origin::Joined };
        }
        act
    }

    fn fate(&self, threat: &RecordedAct) -> Fate {
        let ends = |relation| self.links.incoming(threat.id).iter().any(|l| l.relation == relation && l.takes > 0);
        match () {
            _ if ends(Relation::Executes) => Fate::Executed,
            _ if ends(Relation::Reverses) => Fate::Withdrawn,
            _ if threat.late => Fate::Lapsed,
            _ => Fate::Pending,
        }
    }

    /// The id of the answering act, and the kind of the linked action. The answer may come from a third party: a member of an organisation,
    /// or the organisation itself.
    fn answerer(&self, id: i64, answerers: &mut HashMap<i64, Answerer>) -> Result<Option<(i64, usize)>> {
        if let Some(raw) = self.by_id.get(&id) {
            return Ok(Some((self.folded_id(id), raw.kind)));
        }
        let Some(ThirdParty { linked_kind, id, act }) = self.rows.third_party(id)? else { return Ok(None) };
        answerers.insert(id, act);
        Ok(Some((id, linked_kind)))
    }
}

/// A candidate as an act without answers.
fn candidate_act(candidate: &CandidateAct) -> FoldedAct {
    let Dated { id, day, shown } = candidate.dated;
    FoldedAct {
        id,
        turn: id,
        kind: candidate.kind,
        stage: candidate.stage,
        weighs: 1,
        selected: shown,
        claim: Claim::new(day, day, candidate.claims.into(), false),
        move_day: day,
        move_latest: day,
        origin: Origin::Opened,
    }
}
