//! How likely it is that one act answers another, in points out of 100:
//!
//! 1. 40 points for an answer on the same day, halved for every 30 days that pass;
//! 2. 20 points for an act of the same kind, or 10 if only the unit is the same;
//! 3. 15 points for the same count in the same unit, or for different counts 15 times the smaller divided by the larger;
//! 4. 10 points for the same dispute;
//! 5. 10 points for three words that both summaries contain, proportionally fewer for one or two; and 5 points for a third party that
//!    both name.
//!
//! The numbers are round and were chosen by hand to fit real cases. The page `tests/cmd/suggest.md` shows how well they do there.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// The points of a possible answer, from 0 to 100, written as a fraction of 100: `0.85`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Points(u8);

impl Points {
    /// The minimum for an answer that is worth a look.
    pub const LIKELY: Points = Points(40);

    /// The points as a fraction of 100, from 0 to 1.
    pub fn score(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// Rounds to the nearest whole number of points.
    fn of(points: f64) -> Points {
        Points(points.round().clamp(0.0, 100.0) as u8)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.score())
    }
}

impl FromStr for Points {
    type Err = Error;

    fn from_str(text: &str) -> Result<Points, Error> {
        let score = text.parse::<f64>().ok().filter(|score| (0.0..=1.0).contains(score));
        let invalid = || Error::invalid("score", text, "a score must be a number from 0 to 1", "write it like 0.75");
        score.map(|score| Points::of(score * 100.0)).ok_or_else(invalid)
    }
}

/// What two acts have in common.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AnswerScore {
    /// Days from the claim to the act that may answer it. If the claim was waived and reinstated, days from its reinstatement. For dates
    /// that are months or years, their middles count.
    pub lag_days: u32,
    /// True if they have the same kind.
    pub same_kind: bool,
    /// True if they have the same unit.
    pub same_unit: bool,
    /// The smaller count divided by the larger; 0 if a count is unknown or the units differ.
    pub counts: f64,
    /// True if they belong to the same dispute.
    pub same_dispute: bool,
    /// The number of words that their summaries have in common.
    pub words: usize,
    /// True if both summaries name the same third party.
    pub third_party: bool,
}

/// The number of common words that gives all the points for words.
const FULL_WORDS: usize = 3;

impl AnswerScore {
    /// The points, computed as the module documentation says.
    pub fn points(&self) -> Points {
        let kind = if self.same_kind {
            20.0
        } else if self.same_unit {
            10.0
        } else {
            0.0
        };
        let dispute = if self.same_dispute { 10.0 } else { 0.0 };
        let words = 10.0 * self.words.min(FULL_WORDS) as f64 / FULL_WORDS as f64;
        let third_party = if self.third_party { 5.0 } else { 0.0 };
        let lag = 40.0 * (-f64::from(self.lag_days) / 30.0).exp2();
        Points::of(lag + kind + 15.0 * self.counts + dispute + words + third_party)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: AnswerScore =
        AnswerScore { lag_days: 0, same_kind: true, same_unit: true, counts: 1.0, same_dispute: true, words: 3, third_party: true };

    #[test]
    fn all_of_it_is_a_hundred_and_every_part_is_what_the_head_says() {
        assert_eq!(ALL.points(), Points(100));
        let without = |change: fn(&mut AnswerScore)| {
            let mut score = ALL;
            change(&mut score);
            100 - score.points().0
        };
        assert_eq!(without(|l| l.lag_days = 30), 20);
        assert_eq!(without(|l| l.lag_days = 90), 35);
        assert_eq!(without(|l| l.same_kind = false), 10);
        assert_eq!(without(|l| (l.same_kind, l.same_unit) = (false, false)), 20);
        assert_eq!(without(|l| l.counts = 0.0), 15);
        assert_eq!(without(|l| l.same_dispute = false), 10);
        assert_eq!(without(|l| l.words = 0), 10);
        assert_eq!(without(|l| l.third_party = false), 5);
    }

    #[test]
    fn a_score_is_a_share_of_the_whole() {
        assert_eq!("0.75".parse::<Points>().map(|p| p.to_string()).ok().as_deref(), Some("0.75"));
        assert!("75".parse::<Points>().is_err() && "NaN".parse::<Points>().is_err() && "-0.1".parse::<Points>().is_err());
    }

    proptest! {
        /// The search depends on this to stop early.
        #[test]
        fn a_later_act_never_makes_more_points(lag in 0u32..5000, more in 0u32..500, counts in 0.0..1.0, words in 0usize..9, kind: bool) {
            let sooner = AnswerScore { lag_days: lag, counts, words, same_kind: kind, ..AnswerScore::default() };
            let later = AnswerScore { lag_days: lag + more, ..sooner };
            prop_assert!(later.points() <= sooner.points());
        }
    }
}
