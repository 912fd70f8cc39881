//! What became of a claim: what was left to answer, what settled it, and when.

use crate::error::Error;
use crate::model::count::Count;
use crate::model::link::Relation;
use crate::model::stage::words;

/// What became of what there was to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// All of it was answered.
    Full,
    /// Some of it was answered; the rest is open, waived or undone.
    Part,
    /// None of it was answered, and something is open.
    Open,
    /// None of it was answered, and what its actor did not undo was waived.
    Waived,
    /// Its actor undid it before anybody answered.
    Reversed,
    /// There was nothing to answer: the whole act was an answer itself.
    Spent,
}

words!(Outcome, "outcome", Full = "full", Part = "part", Open = "open", Waived = "waived", Reversed = "reversed", Spent = "spent");

/// The account of one act towards the party that may answer it. An act announced and then done is one act: what was
/// settled of the announcement is settled of it, and it counts from the day of the announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The first day it counts from.
    pub day: i64,
    /// False where it, or an announcement of it that something settled, has an unknown count.
    pub known: bool,
    /// Covered by answers.
    pub answered: Count,
    /// Waived, and the waiver stands.
    pub waived: Count,
    /// Undone by its actor while it was open.
    pub reversed: Count,
    /// Open.
    pub open: Count,
    /// How many answers cover some of it.
    pub answers: i64,
    /// How many third parties' answers, which cover nothing.
    pub solidarity: i64,
    /// Whether one of the answers is of its kind; `None`: there is none.
    pub in_kind: Option<bool>,
    first: Option<i64>,
    last: Option<i64>,
}

/// What a link does to a claim.
#[derive(Debug, Clone, Copy)]
pub struct Settling {
    /// How.
    pub relation: Relation,
    /// For how much.
    pub covers: Count,
    /// From which day.
    pub day: i64,
    /// True where the later act is of the claim's kind.
    pub in_kind: bool,
    /// True where it comes from a third party.
    pub third_party: bool,
}

impl Claim {
    /// A claim of the day, of which so much is open now.
    pub fn new(day: i64, open: Count, known: bool) -> Claim {
        Claim { day, known, answered: 0, waived: 0, reversed: 0, open, answers: 0, solidarity: 0, in_kind: None, first: None, last: None }
    }

    /// Takes in the announcement that the act carried out: its day, and what is open of it again. `known` is false where
    /// its count is unknown and something of it was settled or is open.
    pub fn carries(&mut self, day: i64, open: Count, known: bool) {
        self.day = self.day.min(day);
        self.open = self.open.saturating_add(open);
        self.known &= known;
    }

    /// Takes in a link that bears on it: an answer, a waiver that stands, a reversal.
    pub fn settle(&mut self, by: &Settling) {
        let amount = match by.relation {
            Relation::Answers if by.covers == 0 => {
                self.solidarity += i64::from(by.third_party);
                return;
            }
            Relation::Answers => &mut self.answered,
            Relation::Waives => &mut self.waived,
            Relation::Reverses => &mut self.reversed,
            Relation::Executes => return,
        };
        *amount = amount.saturating_add(by.covers);
        if by.relation == Relation::Answers {
            self.answers += 1;
            self.in_kind = Some(self.in_kind == Some(true) || by.in_kind);
            self.first = Some(self.first.map_or(by.day, |d| d.min(by.day)));
        }
        if by.covers > 0 {
            self.last = Some(self.last.map_or(by.day, |d| d.max(by.day)));
        }
    }

    /// What there was to answer; `None`: not known.
    pub fn claimed(&self) -> Option<Count> {
        let parts = [self.answered, self.waived, self.reversed, self.open];
        self.known.then(|| parts.into_iter().fold(0, Count::saturating_add))
    }

    /// What became of it.
    pub fn outcome(&self) -> Outcome {
        match () {
            _ if self.answered > 0 && self.waived == 0 && self.reversed == 0 && self.open == 0 => Outcome::Full,
            _ if self.answered > 0 => Outcome::Part,
            _ if self.open > 0 => Outcome::Open,
            _ if self.waived > 0 => Outcome::Waived,
            _ if self.reversed > 0 => Outcome::Reversed,
            _ => Outcome::Spent,
        }
    }

    /// Days to the first answer; `None`: there is none.
    pub fn first_days(&self) -> Option<i64> {
        self.first.map(|day| day - self.day)
    }

    /// Days until nothing of it was open; `None`: something is, or there never was.
    pub fn settled_days(&self) -> Option<i64> {
        self.last.filter(|_| self.open == 0).map(|day| day - self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(relation: Relation, covers: Count, day: i64) -> Settling {
        Settling { relation, covers, day, in_kind: false, third_party: true }
    }

    #[test]
    fn what_becomes_of_a_claim() {
        let mut claim = Claim::new(100, 15, true);
        assert_eq!((claim.outcome(), claim.first_days(), claim.settled_days()), (Outcome::Open, None, None));
        claim.settle(&by(Relation::Answers, 0, 101));
        assert_eq!((claim.outcome(), claim.solidarity), (Outcome::Open, 1));
        claim.settle(&by(Relation::Answers, 20, 105));
        assert_eq!((claim.outcome(), claim.claimed(), claim.first_days(), claim.settled_days()), (Outcome::Part, Some(35), Some(5), None));
        claim.open = 0;
        claim.settle(&by(Relation::Waives, 15, 130));
        assert_eq!((claim.outcome(), claim.claimed(), claim.settled_days()), (Outcome::Part, Some(35), Some(30)));
        assert_eq!(Claim::new(100, 0, true).outcome(), Outcome::Spent);
    }

    #[test]
    fn an_announcement_and_its_deed_are_one_claim() {
        let mut claim = Claim::new(130, 10, true);
        claim.carries(100, 0, true);
        claim.settle(&by(Relation::Answers, 30, 110));
        assert_eq!((claim.claimed(), claim.outcome(), claim.first_days()), (Some(40), Outcome::Part, Some(10)));
    }
}
