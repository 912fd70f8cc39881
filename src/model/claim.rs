//! The outcome of a claim: how much there was to answer, what settled it, and when.

use crate::model::count::Count;
use crate::model::link::Relation;
use crate::model::word_enum::word_enum;

word_enum! {
    /// The outcome of a claim.
    pub enum Outcome: "outcome" {
        /// All of it was answered.
        Full = "full",
        /// Some of it was answered; the rest is open, waived or reversed.
        Part = "part",
        /// Nothing was answered, and some of it is open.
        Open = "open",
        /// Nothing was answered, and what its actor did not reverse was waived.
        Waived = "waived",
        /// Its actor reversed it before anybody answered.
        Reversed = "reversed",
        /// There was nothing to answer: the whole act was spent as an answer itself.
        Spent = "spent",
    }
}

/// The claim of one act, with what settled it. An act that was announced and then done is one claim: the amounts settled of the
/// announcement count as settled of the act, and the claim counts from the day of the announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The day from which it counts: the first day that its date allows.
    pub day: i64,
    /// The last day that its date allows.
    pub latest: i64,
    /// False if the count of the act is unknown, or if the count of its announcement is unknown and part of the announcement was settled or is
    /// open.
    pub known: bool,
    /// The amount covered by answers.
    pub answered: Count,
    /// The amount closed by waivers that stand.
    pub waived: Count,
    /// The amount that its actor reversed while it was open.
    pub reversed: Count,
    /// The amount that is open.
    pub open: Count,
    /// The number of answers that cover some of it.
    pub answers: i64,
    /// The number of answers by third parties, which cover nothing.
    pub solidarity: i64,
    /// Whether one of the answers has the same kind; `None` if there is no answer.
    pub in_kind: Option<bool>,
    /// The first and the last day on which the first answer may have come; likewise for the next two.
    first_answer: Option<(i64, i64)>,
    last_settled: Option<(i64, i64)>,
    first_reply: Option<(i64, i64)>,
}

/// A time in days. The two bounds differ if a date is a month or a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lag {
    /// The shortest time that the dates allow.
    pub min: i64,
    /// The longest time that the dates allow.
    pub max: i64,
}

/// What a link settles of a claim.
#[derive(Debug, Clone, Copy)]
pub struct Settling {
    /// The relation of the link.
    pub relation: Relation,
    /// The amount that it closes.
    pub covers: Count,
    /// The day it takes effect.
    pub day: i64,
    /// The last day on which it may have taken effect.
    pub latest: i64,
    /// True if the later act has the claim's kind.
    pub in_kind: bool,
    /// True if the later act comes from a third party.
    pub third_party: bool,
    /// True if it is an act of the other side that answers, whether or not it settles anything.
    pub reply: bool,
}

impl Claim {
    /// A claim that counts from `day`; `latest` is the last day that its date allows. `open` is the amount open now.
    pub fn new(day: i64, latest: i64, open: Count, known: bool) -> Claim {
        Claim {
            day,
            latest,
            known,
            answered: 0,
            waived: 0,
            reversed: 0,
            open,
            answers: 0,
            solidarity: 0,
            in_kind: None,
            first_answer: None,
            last_settled: None,
            first_reply: None,
        }
    }

    /// Adds the announcement that the act carried out: the days that its date allows, and the amount of it that is open again. `known` is
    /// false if its count is unknown and some of it was settled or is open.
    pub fn carries(&mut self, (day, latest): (i64, i64), open: Count, known: bool) {
        self.day = self.day.min(day);
        self.latest = self.latest.min(latest);
        self.open = self.open.saturating_add(open);
        self.known &= known;
    }

    /// Adds a link to the act: an answer, a waiver that stands or a reversal.
    pub fn settle(&mut self, by: &Settling) {
        let earlier =
            |found: Option<(i64, i64)>| found.map_or((by.day, by.latest), |(day, latest)| (day.min(by.day), latest.min(by.latest)));
        if by.reply {
            self.first_reply = Some(earlier(self.first_reply));
        }
        let amount = match by.relation {
            Relation::Answers if by.covers == 0 => {
                self.solidarity += i64::from(by.third_party);
                return;
            }
            Relation::Answers => &mut self.answered,
            Relation::Waives => &mut self.waived,
            Relation::Reverses => &mut self.reversed,
            Relation::Executes | Relation::Extends | Relation::Renews => return,
        };
        *amount = amount.saturating_add(by.covers);
        if by.relation == Relation::Answers {
            self.answers += 1;
            self.in_kind = Some(self.in_kind == Some(true) || by.in_kind);
            self.first_answer = Some(earlier(self.first_answer));
        }
        if by.covers > 0 {
            let (day, latest) = self.last_settled.unwrap_or((by.day, by.latest));
            self.last_settled = Some((day.max(by.day), latest.max(by.latest)));
        }
    }

    /// The amount that there was to answer; `None` if it is unknown.
    pub fn claimed(&self) -> Option<Count> {
        let parts = [self.answered, self.waived, self.reversed, self.open];
        self.known.then(|| parts.into_iter().fold(0, Count::saturating_add))
    }

    /// The outcome.
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

    /// Days to the first answer; `None` if there is no answer.
    pub fn first_days(&self) -> Option<Lag> {
        self.first_answer.map(|to| self.lag(to))
    }

    /// Days until nothing of it was open; `None` if something is open or nothing was ever settled.
    pub fn settled_days(&self) -> Option<Lag> {
        self.last_settled.filter(|_| self.open == 0).map(|to| self.lag(to))
    }

    /// Days to the first act of the other side that answers it, even if there was nothing left to settle; `None` if there is none.
    pub fn reply_days(&self) -> Option<Lag> {
        self.first_reply.map(|to| self.lag(to))
    }

    /// Days from the claim to the day `to`.
    pub fn days_to(&self, to: i64) -> Lag {
        self.lag((to, to))
    }

    fn lag(&self, (day, latest): (i64, i64)) -> Lag {
        Lag { min: (day - self.latest).max(0), max: (latest - self.day).max(0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(relation: Relation, covers: Count, day: i64) -> Settling {
        Settling { relation, covers, day, latest: day, in_kind: false, third_party: true, reply: false }
    }

    #[test]
    fn what_becomes_of_a_claim() {
        let days = |days| Some(Lag { min: days, max: days });
        let mut claim = Claim::new(100, 100, 15, true);
        assert_eq!((claim.outcome(), claim.first_days(), claim.settled_days()), (Outcome::Open, None, None));
        claim.settle(&by(Relation::Answers, 0, 101));
        assert_eq!((claim.outcome(), claim.solidarity), (Outcome::Open, 1));
        claim.settle(&by(Relation::Answers, 20, 105));
        assert_eq!((claim.outcome(), claim.claimed(), claim.first_days(), claim.settled_days()), (Outcome::Part, Some(35), days(5), None));
        claim.open = 0;
        claim.settle(&by(Relation::Waives, 15, 130));
        assert_eq!((claim.outcome(), claim.claimed(), claim.settled_days()), (Outcome::Part, Some(35), days(30)));
        assert_eq!(Claim::new(100, 100, 0, true).outcome(), Outcome::Spent);
    }

    #[test]
    fn an_announcement_and_its_deed_are_one_claim() {
        let mut claim = Claim::new(130, 130, 10, true);
        claim.carries((100, 100), 0, true);
        claim.settle(&by(Relation::Answers, 30, 110));
        assert_eq!((claim.claimed(), claim.outcome(), claim.first_days()), (Some(40), Outcome::Part, Some(Lag { min: 10, max: 10 })));
    }

    /// A claim of days 100 to 130, answered on one of the days 120 to 150, and again on day 140.
    #[test]
    fn dates_of_a_month_bound_the_days() {
        let mut claim = Claim::new(100, 130, 0, true);
        claim.settle(&Settling { latest: 150, ..by(Relation::Answers, 5, 120) });
        assert_eq!(claim.first_days(), Some(Lag { min: 0, max: 50 }));
        claim.settle(&Settling { reply: true, ..by(Relation::Answers, 5, 140) });
        assert_eq!(claim.first_days(), Some(Lag { min: 0, max: 40 }));
        assert_eq!(claim.settled_days(), Some(Lag { min: 10, max: 50 }));
        assert_eq!(claim.reply_days(), Some(Lag { min: 10, max: 40 }));
    }
}
