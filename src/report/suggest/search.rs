//! Finds the acts with the highest scores as answers to a claim.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::model::{Coefficients, PairFeatures, Score};

use super::open_acts::{OpenAct, OpenActs};
use super::words::common;

/// Maximum number of days from the middle of a year to its last day.
const HALF_A_YEAR: i64 = 183;

/// An act that may answer a claim, with its evidence and its scores.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    /// Index of the act.
    pub act: u32,
    pub lag_days: u32,
    /// The evidence, in millionths.
    pub evidence: u32,
    /// The score if the two do not fit with the other pairs, and if they do.
    pub scores: [Score; 2],
}

impl Match {
    /// The rank; higher is better. Of equal evidence the act with the smaller lag ranks higher, then the one with the lower ref.
    pub(super) fn rank(&self) -> (u32, Reverse<u32>, Reverse<u32>) {
        (self.evidence, Reverse(self.lag_days), Reverse(self.act))
    }
}

/// The limits of the search.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Maximum number of matches for each claim.
    pub each: usize,
    /// Maximum number of days from the claim to the answer.
    pub within: i64,
    /// The coefficients.
    pub coefficients: Coefficients,
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
    /// The middles of the dates of all acts of an actor against a target that have one kind, in order.
    by_kind: HashMap<(u32, u32, u32), Vec<i64>>,
    /// For the actor and target of a claim, the (actor, target) pairs whose acts may answer: acts by the target or one of its members,
    /// against the actor or one of its members.
    answering: HashMap<(u32, u32), Vec<(u32, u32)>>,
}

impl Search<'_> {
    pub(super) fn new(acts: &OpenActs, limits: Limits) -> Search<'_> {
        let mut by_pair: HashMap<(u32, u32), PairActs> = HashMap::new();
        let mut by_kind: HashMap<(u32, u32, u32), Vec<i64>> = HashMap::new();
        for (at, act) in acts.acts.iter().enumerate() {
            by_kind.entry((act.actor, act.target, act.kind)).or_default().push(act.middle());
            let pair = by_pair.entry((act.actor, act.target)).or_default();
            if act.is_vague() { pair.vague.push(at as u32) } else { pair.exact.push(at as u32) }
        }
        for pair in by_pair.values_mut() {
            // The sort is stable, so acts of one day stay in the order of their refs.
            pair.exact.sort_by_key(|at| acts.acts[*at as usize].middle());
            pair.vague.sort_by_key(|at| acts.acts[*at as usize].middle());
        }
        by_kind.values_mut().for_each(|middles| middles.sort_unstable());
        let answering = answering(acts, &by_pair);
        Search { acts, limits, by_pair, by_kind, answering }
    }

    /// The acts that may answer the claim with index `at`, best first.
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
        // The acts passed so far that are rivals of every later one.
        let mut rivals = 0;
        for later in &acts[first..] {
            let act = &self.acts.acts[*later as usize];
            let lag = lag_days(claim, act);
            let before = act.middle() < claim.start();
            if i64::from(lag) > self.limits.within || self.cannot_match(claim, lag, rivals, best) {
                // Before the start of the claim, later acts have a smaller lag.
                if before {
                    continue;
                }
                break;
            }
            self.consider(at, claim, *later, best);
            rivals += usize::from(act.kind == claim.kind && !before);
        }
    }

    /// True if no act with this lag and these rivals, or more of either, can rank high enough.
    fn cannot_match(&self, claim: &OpenAct, lag_days: u32, rivals: usize, best: &[Match]) -> bool {
        let Some(last) = best.get(self.limits.each.saturating_sub(1)) else { return false };
        let maximum = PairFeatures {
            lag_days,
            order: 1.0,
            same_kind: true,
            counts: if claim.count > 0 { 1.0 } else { 0.0 },
            other_dispute: false,
            words: claim.summary.words.len() + claim.summary.parties.len(),
            direct: true,
            rivals,
        };
        (self.limits.coefficients.evidence(&maximum), Reverse(lag_days)) <= (last.evidence, Reverse(last.lag_days))
    }

    fn consider(&self, at: u32, claim: &OpenAct, later: u32, best: &mut Vec<Match>) {
        let act = &self.acts.acts[later as usize];
        if !self.may_answer(claim, act) {
            return;
        }
        let (features, coefficients) = (self.features(claim, act), &self.limits.coefficients);
        let scores = [coefficients.score(&features, false), coefficients.score(&features, true)];
        let found = Match { act: later, lag_days: features.lag_days, evidence: coefficients.evidence(&features), scores };
        let place = best.partition_point(|other| other.rank() > found.rank());
        if place >= self.limits.each || self.acts.are_linked(at, later) {
            return;
        }
        best.insert(place, found);
        best.truncate(self.limits.each);
    }

    /// True if the settlement rule allows the answer, apart from the amounts.
    fn may_answer(&self, claim: &OpenAct, act: &OpenAct) -> bool {
        self.acts.kind(claim).sign == self.acts.kind(act).sign
            && act.latest >= claim.day
            // A link takes effect on the later of the two days; a waived act has no open amount until it is reopened.
            && act.day.max(claim.day) >= claim.from.max(act.from)
            && self.acts.members.belongs(act.target, claim.actor, claim.day)
            && self.acts.members.belongs(act.actor, claim.target, claim.day)
    }

    /// What the claim and the act have in common.
    pub(super) fn features(&self, claim: &OpenAct, act: &OpenAct) -> PairFeatures {
        let same_unit = self.acts.kind(claim).unit == self.acts.kind(act).unit;
        let counts = if same_unit && claim.count > 0 && act.count > 0 {
            claim.count.min(act.count) as f64 / claim.count.max(act.count) as f64
        } else {
            0.0
        };
        PairFeatures {
            lag_days: lag_days(claim, act),
            order: order(claim, act),
            same_kind: claim.kind == act.kind,
            counts,
            other_dispute: claim.dispute.zip(act.dispute).is_some_and(|(one, other)| one != other),
            words: common(&claim.summary.words, &act.summary.words).len() + third_parties(claim, act).len(),
            direct: (claim.actor, claim.target) == (act.target, act.actor),
            rivals: self.rivals(claim, act),
        }
    }

    /// The number of other acts between the two that are as close by their kind, for the claim or for the answer.
    fn rivals(&self, claim: &OpenAct, act: &OpenAct) -> usize {
        let between = claim.start().min(act.middle())..=claim.start().max(act.middle());
        let count = |actor, target, kind| {
            let Some(middles) = self.by_kind.get(&(actor, target, kind)) else { return 0 };
            middles.partition_point(|day| day <= between.end()) - middles.partition_point(|day| day < between.start())
        };
        let found = count(claim.actor, claim.target, act.kind) + count(act.actor, act.target, claim.kind);
        // The two themselves do not count; a reopened claim lies before its start.
        let own = if claim.kind == act.kind { 1 + usize::from(between.contains(&claim.middle())) } else { 0 };
        found.saturating_sub(own)
    }
}

/// The probability that the claim came before the act, if every day that their dates allow is equally likely. Of two acts of one day, each
/// is equally likely to be the first. A reopened claim is before every act that may answer it.
fn order(claim: &OpenAct, act: &OpenAct) -> f64 {
    if claim.from > claim.day || act.day > claim.latest {
        return 1.0;
    }
    let days = |of: &OpenAct| (of.latest - of.day + 1) as f64;
    let after =
        |day: i64| (act.latest - act.day.max(day + 1) + 1).max(0) as f64 + 0.5 * f64::from((act.day..=act.latest).contains(&day) as u8);
    let sum: f64 = (claim.day..=claim.latest).map(after).sum();
    sum / (days(claim) * days(act))
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
