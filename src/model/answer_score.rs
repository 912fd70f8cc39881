//! How likely it is that one act answers another: a probability, computed in two steps from what the two acts have in common.
//!
//! 1. The *evidence* orders all pairs of acts that may be a claim and its answer: see [`Coefficients::evidence`].
//! 2. The solution of all pairs together decides which of them fit with each other (`src/report/suggest/solve.rs`). The *score* is the
//!    probability that a pair that fits, or one that does not, is a claim and its answer.
//!
//! Both steps are logistic models. [`FITTED`] holds their coefficients, which `tests/suggest/fit.rs` fits to real exchanges, with their links
//! removed: `examples/*.csv` and `docs/score/exchanges.csv`. The page `tests/cmd/suggest.md` shows how well they do on pairs of parties that
//! they were not fitted to.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// A score in hundredths, from 0 to 100, written as a fraction: `0.85`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Score(u8);

impl Score {
    /// The minimum for an answer that is worth a look.
    pub const LIKELY: Score = Score(20);

    /// The score as a fraction, from 0 to 1.
    pub fn fraction(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// Rounds to the nearest hundredth.
    fn of_hundredths(hundredths: f64) -> Score {
        Score(hundredths.round().clamp(0.0, 100.0) as u8)
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.fraction())
    }
}

impl FromStr for Score {
    type Err = Error;

    fn from_str(text: &str) -> Result<Score, Error> {
        let fraction = text.parse::<f64>().ok().filter(|fraction| (0.0..=1.0).contains(fraction));
        let invalid = || Error::invalid("score", text, "a score must be a number from 0 to 1", "write it like 0.75");
        fraction.map(|fraction| Score::of_hundredths(fraction * 100.0)).ok_or_else(invalid)
    }
}

/// What a claim and a possible answer have in common, from which their score is computed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PairFeatures {
    /// Days from the claim to the act that may answer it. If the claim was waived and reinstated, days from its reinstatement. A date
    /// that is a month or a year counts as its middle.
    pub lag_days: u32,
    /// The probability that the claim came first, if every day that the two dates allow is equally likely; one half for acts of one day.
    pub order: f64,
    /// True if they have the same kind.
    pub same_kind: bool,
    /// The smaller count divided by the larger; 0 if a count is unknown or the units differ.
    pub counts: f64,
    /// True if each belongs to a dispute, but not to the same one.
    pub other_dispute: bool,
    /// The number of words that their summaries have in common, and of third parties that both name.
    pub words: usize,
    /// True if the answer is directed by the claim's target at the claim's actor; false if a member acts for an organisation, or is acted
    /// upon.
    pub direct: bool,
    /// The number of other open acts between the two that fit as well by their kind: claims of the answer's kind by the claim's actor, and
    /// answers of the claim's kind by the answer's actor.
    pub rivals: usize,
}

/// The coefficients of the models. The order of the features is that of the fields' descriptions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coefficients {
    /// The evidence: constant; lag; same kind; counts; other dispute; words; direct; rivals.
    pub evidence: [f64; 8],
    /// A pair that fits: constant; lag; same kind; order.
    pub fits: [f64; 4],
    /// A pair that does not fit: constant; lag; words.
    pub other: [f64; 3],
}

/// The coefficients in use. All but the constants are 0 or more: each feature counts in the direction that its meaning suggests.
pub const FITTED: Coefficients = Coefficients {
    evidence: [-5.88, 3.27, 1.83, 1.68, 0.25, 1.75, 4.53, 3.72],
    fits: [-0.21, 1.48, 4.4, 9.34],
    other: [-3.57, 2.04, 0.72],
};

/// The number of days in which the logarithm of the lag grows from 0 to that of 2.
const LAG_DAYS: f64 = 90.0;
/// The number of common words that has the full effect.
const FULL_WORDS: usize = 3;

impl PairFeatures {
    /// The features of the evidence, in the order of [`Coefficients::evidence`].
    pub fn evidence_features(&self) -> [f64; 8] {
        let flag = |is: bool| f64::from(u8::from(is));
        [
            1.0,
            self.lag(),
            flag(self.same_kind),
            self.counts,
            -flag(self.other_dispute),
            self.word_share(),
            flag(self.direct),
            -(self.rivals as f64).ln_1p(),
        ]
    }

    /// The features of a pair that fits, in the order of [`Coefficients::fits`].
    pub fn fit_features(&self) -> [f64; 4] {
        [1.0, self.lag(), f64::from(u8::from(self.same_kind)), self.order - 1.0]
    }

    /// The features of a pair that does not fit, in the order of [`Coefficients::other`].
    pub fn other_features(&self) -> [f64; 3] {
        [1.0, self.lag(), self.word_share()]
    }

    /// Without a half-life: each further day counts less than the one before.
    fn lag(&self) -> f64 {
        -(f64::from(self.lag_days) / LAG_DAYS).ln_1p()
    }

    fn word_share(&self) -> f64 {
        self.words.min(FULL_WORDS) as f64 / FULL_WORDS as f64
    }
}

impl Coefficients {
    /// The evidence that a pair is a claim and its answer, in millionths: the probability by its features alone, multiplied by the
    /// probability that the claim came first.
    pub fn evidence(&self, features: &PairFeatures) -> u32 {
        (probability(&self.evidence, &features.evidence_features()) * features.order * 1e6).round() as u32
    }

    /// The score of a pair that fits with the others, or does not.
    pub fn score(&self, features: &PairFeatures, fits: bool) -> Score {
        let probability =
            if fits { probability(&self.fits, &features.fit_features()) } else { probability(&self.other, &features.other_features()) };
        // A suggestion is never certain.
        Score::of_hundredths((probability * 100.0).min(99.0))
    }
}

fn probability(coefficients: &[f64], features: &[f64]) -> f64 {
    let sum: f64 = coefficients.iter().zip(features).map(|(coefficient, feature)| coefficient * feature).sum();
    1.0 / (1.0 + (-sum).exp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EVEN: PairFeatures =
        PairFeatures { lag_days: 3, order: 1.0, same_kind: true, counts: 1.0, other_dispute: false, words: 0, direct: true, rivals: 0 };

    #[test]
    fn an_even_answer_that_fits_is_nearly_certain_and_no_longer_so_after_months() {
        let score = |features: PairFeatures| FITTED.score(&features, true);
        assert!(score(EVEN) >= Score(90) && score(EVEN) < Score(100));
        assert!(score(PairFeatures { lag_days: 300, ..EVEN }) < Score(90));
        assert!(score(PairFeatures { order: 0.5, ..EVEN }) < Score(80));
        assert!(FITTED.score(&EVEN, false) < Score(20));
    }

    #[test]
    fn a_score_is_a_share_of_the_whole() {
        assert_eq!("0.75".parse::<Score>().map(|score| score.to_string()).ok().as_deref(), Some("0.75"));
        assert!("75".parse::<Score>().is_err() && "NaN".parse::<Score>().is_err() && "-0.1".parse::<Score>().is_err());
    }

    proptest! {
        /// The search depends on this to stop early.
        #[test]
        fn a_later_act_and_more_rivals_never_make_more_evidence(
            lag in 0u32..5000, more in 0u32..500, counts in 0.0..1.0, words in 0usize..9, kind: bool, rivals in 0usize..50
        ) {
            let sooner = PairFeatures { lag_days: lag, counts, words, same_kind: kind, rivals, ..EVEN };
            let later = PairFeatures { lag_days: lag + more, rivals: rivals + more as usize, ..sooner };
            prop_assert!(FITTED.evidence(&later) <= FITTED.evidence(&sooner));
            let closer = PairFeatures { same_kind: true, counts: 1.0, ..sooner };
            prop_assert!(FITTED.evidence(&closer) >= FITTED.evidence(&sooner));
        }
    }
}
