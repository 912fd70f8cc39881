//! The acts that would answer open claims, in kind or with acts of another kind.

use crate::ledger::catalogue::Kind;
use crate::ledger::{Entry, Link};
use crate::model::{Date, StatedCount};
use crate::report::unanswered::Unanswered;

/// The kind and the count of the answers to open claims.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswerTerms {
    /// The kind of every answer; `None`: each answer has the kind of its claims, so there is one for each kind.
    pub with: Option<Kind>,
    /// The count of every answer; `None`: the sum of the open amounts of the claims that it answers.
    pub count: Option<StatedCount>,
}

/// An act that would answer the open claims of one party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Code of the party that answers.
    pub by: String,
    /// Code of the party whose claims it answers.
    pub to: String,
    /// Its kind of act.
    pub kind: String,
    /// Its count in the kind's unit, stated as the claims state theirs.
    pub count: StatedCount,
    /// The claims that it answers, in the order in which they were given.
    pub claims: Vec<Unanswered>,
}

impl Answer {
    /// The entry that logs this answer, linked to each of its claims. If all its claims belong to one dispute, so does
    /// the entry.
    pub fn entry(&self, date: &Date) -> Entry {
        let mut entry = Entry::new(&self.by, &self.to, &self.kind, date.clone());
        entry.count = self.count;
        entry.details.dispute = self.dispute().map(str::to_owned);
        entry.links = self.claims.iter().map(|claim| Link::answers(&claim.id.to_string())).collect();
        entry
    }

    fn dispute(&self) -> Option<&str> {
        let first = self.claims.first()?.dispute.as_deref()?;
        self.claims.iter().all(|claim| claim.dispute.as_deref() == Some(first)).then_some(first)
    }
}

/// The answers to these claims, each by the target of its claims: one for each pair of parties and kind. In kind and without a count, each
/// claim of unknown count gets an answer of its own, because an act of unknown count answers one act.
pub fn answers(claims: Vec<Unanswered>, terms: &AnswerTerms) -> Vec<Answer> {
    let mut answers: Vec<Answer> = Vec::new();
    for claim in claims {
        let kind = terms.with.as_ref().map_or(&claim.kind, |kind| &kind.name);
        let is_alone = terms.count.is_none() && claim.open.is_none();
        let joins = |answer: &Answer| {
            let is_known = terms.count.is_some() || answer.count.number().is_some();
            (&answer.by, &answer.to) == (&claim.target, &claim.actor)
                && (terms.with.is_some() || !is_alone && answer.kind == *kind && is_known)
        };
        let amount = terms.count.unwrap_or_else(|| amount(&claim, terms.with.as_ref()));
        match answers.iter_mut().find(|answer| joins(answer)) {
            Some(answer) => {
                answer.count = terms.count.unwrap_or(answer.count.plus(amount));
                answer.claims.push(claim);
            }
            None => {
                let (by, to) = (claim.target.clone(), claim.actor.clone());
                answers.push(Answer { by, to, kind: kind.clone(), count: amount, claims: vec![claim] });
            }
        }
    }
    answers
}

/// The open amount of the claim in the unit of the answers, as it was stated; unknown if it has another unit.
fn amount(claim: &Unanswered, with: Option<&Kind>) -> StatedCount {
    if with.is_none_or(|kind| kind.unit == claim.unit) { claim.count.part(claim.open) } else { StatedCount::Unknown }
}
