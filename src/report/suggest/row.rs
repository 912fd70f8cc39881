//! The row of a suggestion: the two acts, the reasons for the score, the command that accepts it.

use std::borrow::Cow;

use crate::model::PairFeatures;
use crate::model::count::Count;

use super::open_acts::{OpenAct, OpenActs};
use super::search::{Search, third_parties};
use super::words::common;
use super::{Pair, Suggestion};

/// Maximum number of common words that are named. Three of them already have the full effect.
const MAX_WORDS: usize = 6;

pub(super) fn suggestion(acts: &OpenActs, search: &Search<'_>, pair: &Pair) -> Suggestion {
    let (claim, act) = (&acts.acts[pair.claim as usize], &acts.acts[pair.found.act as usize]);
    let features = search.features(claim, act);
    let known = |count: Count, of: &OpenAct| Some(count).filter(|_| of.count > 0);
    let (claim_kind, answer_kind) = (acts.kind(claim), acts.kind(act));
    Suggestion {
        claim_id: claim.id,
        claim_ref: claim.name(),
        claim_date: claim.date(),
        claim_actor: acts.parties.code(claim.actor).to_owned(),
        claim_target: acts.parties.code(claim.target).to_owned(),
        claim_kind: claim_kind.name.clone(),
        claim_stage: claim.stage(),
        claim_count: known(claim.count, claim),
        claim_open: known(claim.open, claim),
        claim_unit: claim_kind.unit.clone(),
        answer_id: act.id,
        answer_ref: act.name(),
        answer_date: act.date(),
        answer_actor: acts.parties.code(act.actor).to_owned(),
        answer_target: acts.parties.code(act.target).to_owned(),
        answer_kind: answer_kind.name.clone(),
        answer_stage: act.stage(),
        answer_count: known(act.count, act),
        answer_open: known(act.open, act),
        answer_unit: answer_kind.unit.clone(),
        lag_days: features.lag_days,
        lag_days_max: claim.days_to(act).1,
        order: features.order,
        rivals: features.rivals,
        words: features.words,
        fits: pair.fits_either_way(),
        score: pair.score().fraction(),
        reasons: reasons(acts, &features, pair.fits_either_way(), claim, act).join("; "),
        command: command(claim, act),
    }
}

/// The reasons for the score, in the order of the parts of the features.
fn reasons(acts: &OpenActs, features: &PairFeatures, fits: bool, claim: &OpenAct, act: &OpenAct) -> Vec<String> {
    let mut reasons = vec![lag(claim, act, features.lag_days)];
    if features.same_kind {
        reasons.push("same kind".to_owned());
    } else if acts.kind(claim).unit == acts.kind(act).unit {
        reasons.push(format!("both in {}", acts.kind(claim).unit));
    }
    if features.counts > 0.0 {
        reasons.push(format!("{} for {}", act.count, claim.count));
    }
    if features.other_dispute {
        reasons.push("in different disputes".to_owned());
    } else if let Some(dispute) = claim.dispute.filter(|_| act.dispute.is_some()) {
        reasons.push(format!("both in dispute {}", acts.disputes.code(dispute)));
    }
    let words: Vec<&str> = common(&claim.summary.words, &act.summary.words).into_iter().map(|word| acts.vocabulary.word(word)).collect();
    if !words.is_empty() {
        let more = if words.len() > MAX_WORDS { format!(" and {} more", words.len() - MAX_WORDS) } else { String::new() };
        reasons.push(format!("both mention {}{more}", words[..words.len().min(MAX_WORDS)].join(", ")));
    }
    let parties: Vec<Cow<'_, str>> =
        third_parties(claim, act).into_iter().map(|party| acts.names.in_sentence(acts.parties.code(party))).collect();
    if !parties.is_empty() {
        reasons.push(format!("both name {}", parties.join(", ")));
    }
    if !features.direct {
        reasons.push("through an organisation or its member".to_owned());
    }
    if !fits {
        reasons.push("does not fit with better suggestions".to_owned());
    }
    reasons
}

/// The lag in words. If either date is a month or a year, the lag has bounds, or the order of the two is uncertain.
fn lag(claim: &OpenAct, act: &OpenAct, days: u32) -> String {
    let vague = claim.is_vague() || act.is_vague();
    let reopened = claim.from > claim.day;
    match days {
        _ if vague && act.middle() <= claim.start() => "order of the dates uncertain".to_owned(),
        0 if reopened => "on the day the claim was reopened".to_owned(),
        0 => "on the same day".to_owned(),
        _ => {
            let (unit, after) = (if days == 1 { "day" } else { "days" }, if reopened { "after the claim was reopened" } else { "later" });
            match claim.days_to(act) {
                (min, max) if min < max => format!("{min} to {max} days {after}"),
                _ => format!("{days} {unit} {after}"),
            }
        }
    }
}

/// The command that accepts the suggestion. A candidate must be confirmed first.
fn command(claim: &OpenAct, act: &OpenAct) -> String {
    match (claim.id, act.id) {
        (claim @ ..0, _) => format!("recip confirm {}", claim.unsigned_abs()),
        (claim, act @ ..0) => format!("recip confirm {} --answers {claim}", act.unsigned_abs()),
        (claim, act) => format!("recip link {act} answers {claim}"),
    }
}
