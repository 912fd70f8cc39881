//! Finds the acts with the highest scores as answers to a claim.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::model::{AnswerScore, Points};

use super::open_acts::{OpenAct, OpenActs};
use super::words::common;

/// Maximum number of days from the middle of a year to its last day.
const HALF_A_YEAR: i64 = 183;

/// An act that may answer a claim, with its score.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    /// Index of the act.
    pub act: u32,
    pub lag_days: u32,
    pub points: Points,
}

impl Match {
    /// The rank; higher is better. Of equal scores the act with the smaller lag ranks higher, then the one with the lower ref.
    fn rank(&self) -> (Points, Reverse<u32>, Reverse<u32>) {
        (self.points, Reverse(self.lag_days), Reverse(self.act))
    }
}

/// The limits of the search.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Maximum number of matches for each claim.
    pub each: usize,
    /// Minimum score.
    pub over: Points,
    /// Maximum number of days from the claim to the answer.
    pub within: i64,
}

/// The acts of one party against another, as indices ordered by day and ref. Acts dated by month or year are kept apart.
#[derive(Debug, Default)]
struct PairActs {
    exact: Vec<u32>,
    vague: Vec<u32>,
}

/// A search among the open acts.
#[derive(Debug)]
pub(super) struct Search<'a> {
    acts: &'a OpenActs,
    limits: Limits,
    by_pair: HashMap<(u32, u32), PairActs>,
    /// For the actor and target of a claim, the (actor, target) pairs whose acts may answer: acts by the target or one of its members,
    /// against the actor or one of its members.
    answering: HashMap<(u32, u32), Vec<(u32, u32)>>,
    /// The single act that the search is restricted to.
    only: Option<u32>,
}

impl Search<'_> {
    pub(super) fn new(acts: &OpenActs, limits: Limits, only: Option<u32>) -> Search<'_> {
        let mut by_pair: HashMap<(u32, u32), PairActs> = HashMap::new();
        for (at, act) in acts.acts.iter().enumerate() {
            let pair = by_pair.entry((act.actor, act.target)).or_default();
            if act.is_vague() { pair.vague.push(at as u32) } else { pair.exact.push(at as u32) }
        }
        for pair in by_pair.values_mut() {
            // The sort is stable, so acts of one day stay in the order of their refs.
            pair.exact.sort_by_key(|at| acts.acts[*at as usize].middle());
            pair.vague.sort_by_key(|at| acts.acts[*at as usize].middle());
        }
        let answering = answering(acts, &by_pair);
        Search { acts, limits, by_pair, answering, only }
    }

    /// The acts that may answer the claim with index `at`, best first. If the search is restricted to one act, only pairs with this act
    /// are returned.
    pub(super) fn best(&self, at: u32) -> Vec<Match> {
        let claim = &self.acts.acts[at as usize];
        let mut best = Vec::with_capacity(self.limits.each + 1);
        let pairs = self.answering.get(&(claim.actor, claim.target)).into_iter().flatten();
        for pair in pairs.filter_map(|pair| self.by_pair.get(pair)) {
            self.scan(at, &pair.vague, claim.day - HALF_A_YEAR, &mut best);
            self.scan(at, &pair.exact, claim.from, &mut best);
        }
        best
    }

    /// Goes through acts in the order of the middles of their dates, from the day `from`, until no later act can be a match.
    fn scan(&self, at: u32, acts: &[u32], from: i64, best: &mut Vec<Match>) {
        let claim = &self.acts.acts[at as usize];
        let first = acts.partition_point(|later| self.acts.acts[*later as usize].middle() < from);
        for later in &acts[first..] {
            let act = &self.acts.acts[*later as usize];
            let lag = lag_days(claim, act);
            if i64::from(lag) > self.limits.within || self.cannot_match(claim, lag, best) {
                // Before the start of the claim, later acts have a smaller lag.
                if act.middle() < claim.start() {
                    continue;
                }
                break;
            }
            self.consider(at, claim, *later, best);
        }
    }

    /// True if no act with this lag or a larger one can score high enough.
    fn cannot_match(&self, claim: &OpenAct, lag_days: u32, best: &[Match]) -> bool {
        let maximum = AnswerScore {
            lag_days,
            same_kind: true,
            same_unit: true,
            counts: if claim.count > 0 { 1.0 } else { 0.0 },
            same_dispute: claim.dispute.is_some(),
            words: claim.summary.words.len(),
            third_party: !claim.summary.parties.is_empty(),
        };
        let maximum = maximum.points();
        let last = best.get(self.limits.each.saturating_sub(1));
        maximum < self.limits.over || last.is_some_and(|last| (maximum, Reverse(lag_days)) <= (last.points, Reverse(last.lag_days)))
    }

    fn consider(&self, at: u32, claim: &OpenAct, later: u32, best: &mut Vec<Match>) {
        let act = &self.acts.acts[later as usize];
        if !self.may_answer(at, claim, later, act) {
            return;
        }
        let score = self.score(claim, act);
        let found = Match { act: later, lag_days: score.lag_days, points: score.points() };
        let place = best.partition_point(|other| other.rank() > found.rank());
        if found.points < self.limits.over || place >= self.limits.each {
            return;
        }
        if self.acts.are_linked(at, later) {
            return;
        }
        best.insert(place, found);
        best.truncate(self.limits.each);
    }

    /// True if the settlement rule allows the answer, apart from the amounts.
    fn may_answer(&self, at: u32, claim: &OpenAct, later: u32, act: &OpenAct) -> bool {
        self.only.is_none_or(|only| only == at || only == later)
            && self.acts.kind(claim).sign == self.acts.kind(act).sign
            && act.latest >= claim.day
            // A link takes effect on the later of the two days; a waived act has no open amount until it is reopened.
            && act.day.max(claim.day) >= claim.from.max(act.from)
            // If the dates do not give an order, the act with the lower ref counts as the claim.
            && (act.middle() != claim.middle() || later > at)
            && self.acts.members.belongs(act.target, claim.actor, claim.day)
            && self.acts.members.belongs(act.actor, claim.target, claim.day)
    }

    /// What the two have in common.
    pub(super) fn score(&self, claim: &OpenAct, act: &OpenAct) -> AnswerScore {
        let (a, b) = (self.acts.kind(claim), self.acts.kind(act));
        let same_unit = a.unit == b.unit;
        let counts = if same_unit && claim.count > 0 && act.count > 0 {
            claim.count.min(act.count) as f64 / claim.count.max(act.count) as f64
        } else {
            0.0
        };
        AnswerScore {
            lag_days: lag_days(claim, act),
            same_kind: claim.kind == act.kind,
            same_unit,
            counts,
            same_dispute: claim.dispute.is_some() && claim.dispute == act.dispute,
            words: common(&claim.summary.words, &act.summary.words).len(),
            third_party: !third_parties(claim, act).is_empty(),
        }
    }
}

/// Days between the claim and the act. A month or a year counts as its middle; if its first day counted, it would seem to be an immediate
/// answer to many acts. An act that may be earlier than the claim is treated like one that is later by the same number of days.
fn lag_days(claim: &OpenAct, act: &OpenAct) -> u32 {
    u32::try_from(act.middle().saturating_sub(claim.start()).abs()).unwrap_or(u32::MAX)
}

/// The parties that both summaries name and that are neither actor nor target of either act.
pub(super) fn third_parties(claim: &OpenAct, act: &OpenAct) -> Vec<u32> {
    let mut both = common(&claim.summary.parties, &act.summary.parties);
    both.retain(|party| ![claim.actor, claim.target, act.actor, act.target].contains(party));
    both
}

/// The pairs whose acts may answer, by the actor and target of the claim. The map is built from the answering pairs, because a party is a
/// member of few organisations while an organisation has many members.
fn answering(acts: &OpenActs, by_pair: &HashMap<(u32, u32), PairActs>) -> HashMap<(u32, u32), Vec<(u32, u32)>> {
    let mut answering: HashMap<(u32, u32), Vec<(u32, u32)>> = HashMap::new();
    for pair in by_pair.keys() {
        let (targets, actors) = (acts.members.with_organisations(pair.0), acts.members.with_organisations(pair.1));
        for claim in
            actors.iter().flat_map(|actor| targets.iter().map(|target| (*actor, *target))).filter(|claim| by_pair.contains_key(claim))
        {
            answering.entry(claim).or_default().push(*pair);
        }
    }
    // The order of the pairs decides between acts of equal rank.
    answering.values_mut().for_each(|pairs| pairs.sort_unstable());
    answering
}
