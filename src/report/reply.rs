//! Replies to open claims: the acts that would answer what is open, in kind or with acts of another kind.

use crate::ledger::catalogue::Kind;
use crate::ledger::{Entry, Link};
use crate::model::{Date, StatedCount};
use crate::report::unanswered::Unanswered;

/// The kind and the count of replies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReplyTerms {
    /// The kind of every reply; `None`: in kind, so that there is one reply for each kind of claim.
    pub with: Option<Kind>,
    /// The count of every reply; `None`: the sum of the open amounts of the claims that it answers.
    pub count: Option<StatedCount>,
}

/// An act that would answer the open claims of one party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
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

impl Reply {
    /// The entry that logs this reply, linked to each of its claims. If all its claims belong to one dispute, so does
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

/// The replies to these claims, each by the party that the claim was done to: one for each pair of parties and kind. In kind and without a count, each claim of unknown count gets a reply of its
/// own, because an act of unknown count answers one act.
pub fn replies(claims: Vec<Unanswered>, terms: &ReplyTerms) -> Vec<Reply> {
    let mut replies: Vec<Reply> = Vec::new();
    for claim in claims {
        let kind = terms.with.as_ref().map_or(&claim.kind, |kind| &kind.name);
        let is_alone = terms.count.is_none() && claim.open.is_none();
        let joins = |reply: &Reply| {
            let is_known = terms.count.is_some() || reply.count.number().is_some();
            (&reply.by, &reply.to) == (&claim.target, &claim.actor)
                && (terms.with.is_some() || !is_alone && reply.kind == *kind && is_known)
        };
        let amount = terms.count.unwrap_or_else(|| amount(&claim, terms.with.as_ref()));
        match replies.iter_mut().find(|reply| joins(reply)) {
            Some(reply) => {
                reply.count = terms.count.unwrap_or(reply.count.plus(amount));
                reply.claims.push(claim);
            }
            None => {
                let (by, to) = (claim.target.clone(), claim.actor.clone());
                replies.push(Reply { by, to, kind: kind.clone(), count: amount, claims: vec![claim] });
            }
        }
    }
    replies
}

/// The open amount of the claim in the unit of the replies, as it was stated; unknown if it has another unit.
fn amount(claim: &Unanswered, with: Option<&Kind>) -> StatedCount {
    if with.is_none_or(|kind| kind.unit == claim.unit) { claim.count.part(claim.open) } else { StatedCount::Unknown }
}
