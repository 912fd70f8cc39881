//! What is told of a suggestion: the two acts, the reasons, the command that accepts it.

use crate::model::count::Count;
use crate::report::Names;

use super::Suggestion;
use super::open_acts::{OpenAct, OpenActs};
use super::search::{Match, Search, third_parties};
use super::words::common;

/// So many words in common are named; three make all the points there are for them.
const NAMED: usize = 6;

pub(super) fn suggestion(acts: &OpenActs, search: &Search<'_>, claim: u32, found: &Match, names: &Names) -> Suggestion {
    let (claim, act) = (&acts.acts[claim as usize], &acts.acts[found.act as usize]);
    let known = |count: Count, of: &OpenAct| Some(count).filter(|_| of.count > 0);
    let (done, answer) = (acts.kind(claim), acts.kind(act));
    Suggestion {
        claim_id: claim.id,
        claim_ref: claim.name(),
        claim_date: claim.date(),
        claim_actor: acts.parties.code(claim.actor).to_owned(),
        claim_target: acts.parties.code(claim.target).to_owned(),
        claim_kind: done.name.clone(),
        claim_stage: claim.stage(),
        claim_count: known(claim.count, claim),
        claim_open: known(claim.open, claim),
        claim_unit: done.unit.clone(),
        answer_id: act.id,
        answer_ref: act.name(),
        answer_date: act.date(),
        answer_actor: acts.parties.code(act.actor).to_owned(),
        answer_target: acts.parties.code(act.target).to_owned(),
        answer_kind: answer.name.clone(),
        answer_stage: act.stage(),
        answer_count: known(act.count, act),
        answer_open: known(act.open, act),
        answer_unit: answer.unit.clone(),
        lag_days: found.lag_days,
        score: found.points.score(),
        reasons: reasons(acts, search, claim, act, names).join("; "),
        command: command(claim, act),
    }
}

/// What speaks for it, in the order of the points.
fn reasons(acts: &OpenActs, search: &Search<'_>, claim: &OpenAct, act: &OpenAct, names: &Names) -> Vec<String> {
    let likeness = search.likeness(claim, act);
    let mut reasons = vec![lag(claim, act, likeness.lag_days)];
    if likeness.same_kind {
        reasons.push("of the same kind".to_owned());
    } else if likeness.same_unit {
        reasons.push(format!("{} for {0}", acts.kind(claim).unit));
    }
    if likeness.counts > 0.0 {
        reasons.push(format!("{} for {}", act.count, claim.count));
    }
    if let Some(dispute) = claim.dispute.filter(|_| likeness.same_dispute) {
        reasons.push(format!("both of {}", acts.disputes.code(dispute)));
    }
    let words: Vec<&str> = common(&claim.said.words, &act.said.words).into_iter().map(|word| acts.vocabulary.word(word)).collect();
    if !words.is_empty() {
        let more = if words.len() > NAMED { format!(" and {} more", words.len() - NAMED) } else { String::new() };
        reasons.push(format!("both say {}{more}", words[..words.len().min(NAMED)].join(", ")));
    }
    let parties: Vec<&str> = third_parties(claim, act).into_iter().map(|party| names.of(acts.parties.code(party))).collect();
    if !parties.is_empty() {
        reasons.push(format!("both name {}", parties.join(", ")));
    }
    reasons
}

/// How much later it was; where the day of either is not known, no more than that can be said.
fn lag(claim: &OpenAct, act: &OpenAct, days: u32) -> String {
    let vague = claim.is_vague() || act.is_vague();
    let again = claim.from > claim.day;
    match days {
        _ if vague && act.middle() <= claim.start() => "not certainly earlier".to_owned(),
        0 if again => "on the day it was opened again".to_owned(),
        0 => "on the same day".to_owned(),
        _ => {
            let about = if vague { "about " } else { "" };
            let (unit, after) = (if days == 1 { "day" } else { "days" }, if again { "after it was opened again" } else { "later" });
            format!("{about}{days} {unit} {after}")
        }
    }
}

/// A candidate is confirmed first.
fn command(claim: &OpenAct, act: &OpenAct) -> String {
    match (claim.id, act.id) {
        (claim @ ..0, _) => format!("recip confirm {}", claim.unsigned_abs()),
        (claim, act @ ..0) => format!("recip confirm {} --answers {claim}", act.unsigned_abs()),
        (claim, act) => format!("recip link {act} answers {claim}"),
    }
}
