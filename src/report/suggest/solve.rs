//! Which pairs of a claim and an answer fit with each other. Each act can be used only once, so a pair that uses it keeps it from all others.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::error::{Error, Result};
use crate::model::Score;
use crate::model::settle::SettledLink;

use super::open_acts::OpenActs;
use super::{Fit, Pair};

/// Maximum number of answers considered for each claim.
pub(super) const MAX_CONSIDERED: usize = 8;
/// The minimum evidence of a pair that is considered, in millionths.
const MIN_EVIDENCE: u32 = 20_000;

/// Marks the pairs that fit. `pairs` must hold the best answers of each claim, best first, claim by claim.
///
/// Two acts whose dates do not say which came first have, both ways, the evidence that either of them answers the other: what they settle is
/// the same.
///
/// 1. Even answers come first: the same kind and count, with nothing settled yet. The oldest claim takes the best of them,
///    unless that answer fits another open claim better, or the claim itself answers another act better. So a claim that is itself
///    an answer gives way: once it has answered, nothing of it is open.
/// 2. The other pairs follow in the order of their evidence, as long as they settle something.
///
/// # Errors
/// There are more parties than the settlement rule can number.
pub(super) fn mark(acts: &OpenActs, pairs: &mut [Pair]) -> Result<()> {
    let unordered = unordered(acts, pairs);
    for [one, other] in &unordered {
        let either = pairs[*one].found.evidence + pairs[*other].found.evidence;
        (pairs[*one].found.evidence, pairs[*other].found.evidence) = (either, either);
    }
    let considered = considered(pairs);
    let mut order = even(acts, pairs, &considered);
    let mut rest: Vec<usize> = considered.into_iter().filter(|at| !order.contains_key(at)).collect();
    rest.sort_by_key(|at| rank(acts, &pairs[*at]));
    let mut even: Vec<(usize, usize)> = order.drain().collect();
    even.sort_unstable_by_key(|(_, turn)| *turn);
    let mut book = acts.book()?;
    for at in even.into_iter().map(|(at, _)| at).chain(rest) {
        let Pair { claim, found, .. } = pairs[at];
        if book.answer(found.act, claim).is_some() {
            pairs[at].fit = Fit::Yes;
        }
    }
    for [one, other] in unordered {
        for (at, reversed) in [(one, other), (other, one)] {
            if pairs[at].fit == Fit::Yes {
                pairs[reversed].fit = Fit::Reversed;
            }
        }
    }
    Ok(())
}

/// The positions of the two pairs of each two acts whose dates do not say which came first: one for either way.
fn unordered(acts: &OpenActs, pairs: &[Pair]) -> Vec<[usize; 2]> {
    let may_be_reversed = |pair: &Pair| acts.acts[pair.claim as usize].latest >= acts.acts[pair.found.act as usize].day;
    let ends = |pair: &Pair| (pair.claim.min(pair.found.act), pair.claim.max(pair.found.act));
    let mut by_ends: Vec<((u32, u32), usize)> =
        pairs.iter().enumerate().filter(|(_, pair)| may_be_reversed(pair)).map(|(at, pair)| (ends(pair), at)).collect();
    by_ends.sort_unstable();
    by_ends.windows(2).filter(|two| two[0].0 == two[1].0).map(|two| [two[0].1, two[1].1]).collect()
}

/// The positions of the pairs that fit and score `over` or more, each with what its link settles: by the settlement rule, after the ledger's
/// links, as if all of them were linked.
///
/// # Errors
/// There are more parties than the settlement rule can number.
pub(super) fn settle(acts: &OpenActs, pairs: &[Pair], over: Score) -> Result<Vec<(usize, SettledLink)>> {
    let fitting: Vec<usize> = (0..pairs.len()).filter(|at| pairs[*at].fit == Fit::Yes && pairs[*at].score() >= over).collect();
    let ends: Vec<(u32, u32)> = fitting.iter().map(|at| (pairs[*at].found.act, pairs[*at].claim)).collect();
    let mut reference = |place: u32| Ok::<_, Error>(acts.acts[place as usize].name());
    let settled = acts.book()?.answer_all(&ends, &mut reference)?;
    Ok(settled.into_iter().map(|(at, link)| (fitting[at], link)).collect())
}

/// The order of the pairs: the best evidence first, then the smaller lag, the older claim, the older answer, and the refs.
pub(super) fn rank(acts: &OpenActs, pair: &Pair) -> (Reverse<u32>, u32, i64, i64, u32, u32) {
    let middle = |at: u32| acts.acts[at as usize].middle();
    let Pair { claim, found, .. } = *pair;
    (Reverse(found.evidence), found.lag_days, middle(claim), middle(found.act), claim, found.act)
}

/// The positions of the pairs with enough evidence, of each claim the best.
fn considered(pairs: &[Pair]) -> Vec<usize> {
    let mut of_claim = 0;
    let mut last = None;
    let mut kept = Vec::new();
    for (at, pair) in pairs.iter().enumerate() {
        of_claim = if last == Some(pair.claim) { of_claim + 1 } else { 0 };
        last = Some(pair.claim);
        if of_claim < MAX_CONSIDERED && pair.found.evidence >= MIN_EVIDENCE {
            kept.push(at);
        }
    }
    kept
}

/// The even answers that fit, by their positions, with the turn of each.
fn even(acts: &OpenActs, pairs: &[Pair], considered: &[usize]) -> HashMap<usize, usize> {
    let is_even = |pair: &Pair| {
        let (claim, act) = (&acts.acts[pair.claim as usize], &acts.acts[pair.found.act as usize]);
        claim.kind == act.kind && claim.count > 0 && claim.count == act.count && claim.open == claim.count && act.open == act.count
    };
    let mut even: Vec<usize> = considered.iter().copied().filter(|at| is_even(&pairs[*at])).collect();
    even.sort_by_key(|at| (acts.acts[pairs[*at].claim as usize].middle(), pairs[*at].claim, rank(acts, &pairs[*at])));
    let by_act = |places: &[usize]| {
        let mut places_of: HashMap<u32, Vec<usize>> = HashMap::new();
        places.iter().for_each(|at| places_of.entry(pairs[*at].found.act).or_default().push(*at));
        places_of
    };
    let (claims_of, answers_of) = (by_act(&even), by_act(considered));
    let mut taken = HashMap::new();
    let mut used = vec![false; acts.acts.len()];
    for of_claim in even.chunk_by(|a, b| pairs[*a].claim == pairs[*b].claim) {
        let claim = pairs[of_claim[0]].claim;
        let free = |at: &&usize| !used[pairs[**at].found.act as usize];
        let Some(best) = of_claim.iter().find(free).copied().filter(|_| !used[claim as usize]) else { continue };
        let (act, evidence) = (pairs[best].found.act, pairs[best].found.evidence);
        let mut answers = answers_of.get(&claim).into_iter().flatten();
        if answers.any(|at| !used[pairs[*at].claim as usize] && pairs[*at].found.evidence > evidence) {
            continue;
        }
        let rivals = claims_of[&act].iter().filter(|at| !used[pairs[**at].claim as usize]);
        if rivals.min_by_key(|at| rank(acts, &pairs[**at])) == Some(&best) {
            (used[claim as usize], used[act as usize]) = (true, true);
            taken.insert(best, taken.len());
        }
    }
    taken
}
