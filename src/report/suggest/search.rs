//! For a claim, the acts that most speaks for.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::model::{Likeness, Points};

use super::open_acts::{OpenAct, OpenActs};
use super::words::common;

/// The middle of a year is so many days from its last at most.
const HALF_A_YEAR: i64 = 183;

/// An act that may answer a claim.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    /// Where it is among the acts.
    pub act: u32,
    pub lag_days: u32,
    pub points: Points,
}

impl Match {
    /// The better the higher: of those with as many points the sooner, then that of the lower ref.
    fn rank(&self) -> (Points, Reverse<u32>, Reverse<u32>) {
        (self.points, Reverse(self.lag_days), Reverse(self.act))
    }
}

/// How far the search goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    /// No more than so many for a claim.
    pub each: usize,
    /// Only of so many points or more.
    pub over: Points,
    /// No more than so many days after the claim.
    pub within: i64,
}

/// What one party did to another: where those acts are, by day and ref, and apart from them those of a month or a year.
#[derive(Debug, Default)]
struct Done {
    exact: Vec<u32>,
    vague: Vec<u32>,
}

/// The acts, as the search goes through them.
#[derive(Debug)]
pub(super) struct Search<'a> {
    acts: &'a OpenActs,
    reach: Reach,
    done: HashMap<(u32, u32), Done>,
    /// Of a pair, who may answer it: the pairs whose acts aim at the actor and come from the target, or from members of them.
    answering: HashMap<(u32, u32), Vec<(u32, u32)>>,
    /// An act may be named that alone is asked for.
    only: Option<u32>,
}

impl Search<'_> {
    pub(super) fn new(acts: &OpenActs, reach: Reach, only: Option<u32>) -> Search<'_> {
        let mut done: HashMap<(u32, u32), Done> = HashMap::new();
        for (at, act) in acts.acts.iter().enumerate() {
            let pair = done.entry((act.actor, act.target)).or_default();
            if act.is_vague() { pair.vague.push(at as u32) } else { pair.exact.push(at as u32) }
        }
        for pair in done.values_mut() {
            // Within a day they stay in the order of their refs.
            pair.exact.sort_by_key(|at| acts.acts[*at as usize].middle());
            pair.vague.sort_by_key(|at| acts.acts[*at as usize].middle());
        }
        let answering = answering(acts, &done);
        Search { acts, reach, done, answering, only }
    }

    /// The acts that may answer the claim at `at`, the best first. Where one act alone is asked for, either its claim or
    /// what it may answer.
    pub(super) fn best(&self, at: u32) -> Vec<Match> {
        let claim = &self.acts.acts[at as usize];
        let mut best = Vec::with_capacity(self.reach.each + 1);
        let pairs = self.answering.get(&(claim.actor, claim.target)).into_iter().flatten();
        for done in pairs.filter_map(|pair| self.done.get(pair)) {
            self.look(at, &done.vague, claim.day - HALF_A_YEAR, &mut best);
            self.look(at, &done.exact, claim.from, &mut best);
        }
        best
    }

    /// Goes through acts by the middle of what their dates allow, from a day on, until no later one can come in.
    fn look(&self, at: u32, done: &[u32], from: i64, best: &mut Vec<Match>) {
        let claim = &self.acts.acts[at as usize];
        let first = done.partition_point(|later| self.acts.acts[*later as usize].middle() < from);
        for later in &done[first..] {
            let act = &self.acts.acts[*later as usize];
            let lag = lag_days(claim, act);
            if i64::from(lag) > self.reach.within || self.is_hopeless(claim, lag, best) {
                // Those that may be earlier come nearer yet.
                if act.middle() < claim.start() {
                    continue;
                }
                break;
            }
            self.weigh(at, claim, *later, best);
        }
    }

    /// True where no act so late, nor a later one, can come to make enough points.
    fn is_hopeless(&self, claim: &OpenAct, lag_days: u32, best: &[Match]) -> bool {
        let most = Likeness {
            lag_days,
            same_kind: true,
            same_unit: true,
            counts: if claim.count > 0 { 1.0 } else { 0.0 },
            same_dispute: claim.dispute.is_some(),
            words: claim.said.words.len(),
            third_party: !claim.said.parties.is_empty(),
        };
        let most = most.points();
        let full = best.get(self.reach.each.saturating_sub(1));
        most < self.reach.over || full.is_some_and(|last| (most, Reverse(lag_days)) <= (last.points, Reverse(last.lag_days)))
    }

    fn weigh(&self, at: u32, claim: &OpenAct, later: u32, best: &mut Vec<Match>) {
        let act = &self.acts.acts[later as usize];
        if !self.may_answer(at, claim, later, act) {
            return;
        }
        let likeness = self.likeness(claim, act);
        let found = Match { act: later, lag_days: likeness.lag_days, points: likeness.points() };
        let place = best.partition_point(|other| other.rank() > found.rank());
        if found.points < self.reach.over || place >= self.reach.each {
            return;
        }
        if self.acts.are_linked(at, later) {
            return;
        }
        best.insert(place, found);
        best.truncate(self.reach.each);
    }

    /// What the arithmetic asks of an answer, but for the amounts.
    fn may_answer(&self, at: u32, claim: &OpenAct, later: u32, act: &OpenAct) -> bool {
        self.only.is_none_or(|only| only == at || only == later)
            && self.acts.kind(claim).sign == self.acts.kind(act).sign
            && act.latest >= claim.day
            // A link counts from the later day; until a waiver of one was taken back, nothing of that was open.
            && act.day.max(claim.day) >= claim.from.max(act.from)
            // Where the dates do not tell, the one of the lower ref is taken for the first.
            && (act.middle() != claim.middle() || later > at)
            && self.acts.members.belongs(act.target, claim.actor, claim.day)
            && self.acts.members.belongs(act.actor, claim.target, claim.day)
    }

    /// What the two have in common.
    pub(super) fn likeness(&self, claim: &OpenAct, act: &OpenAct) -> Likeness {
        let (a, b) = (self.acts.kind(claim), self.acts.kind(act));
        let same_unit = a.unit == b.unit;
        let counts = if same_unit && claim.count > 0 && act.count > 0 {
            claim.count.min(act.count) as f64 / claim.count.max(act.count) as f64
        } else {
            0.0
        };
        Likeness {
            lag_days: lag_days(claim, act),
            same_kind: claim.kind == act.kind,
            same_unit,
            counts,
            same_dispute: claim.dispute.is_some() && claim.dispute == act.dispute,
            words: common(&claim.said.words, &act.said.words).len(),
            third_party: !third_parties(claim, act).is_empty(),
        }
    }
}

/// Of a month or a year the middle counts: not its first day, or each would be the answer to all that was done in it. An act that
/// is not certainly earlier and may be is as far away as one that much later.
fn lag_days(claim: &OpenAct, act: &OpenAct) -> u32 {
    u32::try_from(act.middle().saturating_sub(claim.start()).abs()).unwrap_or(u32::MAX)
}

/// The parties that both acts name and that are none of theirs.
pub(super) fn third_parties(claim: &OpenAct, act: &OpenAct) -> Vec<u32> {
    let mut both = common(&claim.said.parties, &act.said.parties);
    both.retain(|party| ![claim.actor, claim.target, act.actor, act.target].contains(party));
    both
}

/// From each pair the claims that it may answer, for a party belongs to few organisations, and an organisation has many members.
fn answering(acts: &OpenActs, done: &HashMap<(u32, u32), Done>) -> HashMap<(u32, u32), Vec<(u32, u32)>> {
    let mut answering: HashMap<(u32, u32), Vec<(u32, u32)>> = HashMap::new();
    for pair in done.keys() {
        let (targets, actors) = (acts.members.with_organisations(pair.0), acts.members.with_organisations(pair.1));
        for claim in actors.iter().flat_map(|actor| targets.iter().map(|target| (*actor, *target))).filter(|claim| done.contains_key(claim))
        {
            answering.entry(claim).or_default().push(*pair);
        }
    }
    // Of two acts for which as much speaks the one of the first pair stands first.
    answering.values_mut().for_each(|pairs| pairs.sort_unstable());
    answering
}
