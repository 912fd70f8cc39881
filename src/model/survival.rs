//! The time to an event when some cases end without it: the product-limit estimate.

use super::interval::{Interval, Z};

/// One case: how long it was observed, and whether the observation ended with the event or without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watched {
    /// Days from the beginning of the case to the event, or to the last day on which the event is known not to have happened.
    pub days: i64,
    /// True if the event happened. False if the case is censored: the event may still happen or has become impossible.
    pub event: bool,
}

/// One step of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The time of the events, in days.
    pub days: i64,
    /// The number of cases still observed just before that time.
    pub at_risk: usize,
    /// The number of events at that time.
    pub events: usize,
    /// The probability that the event has not happened by then.
    pub survival: f64,
    /// The sum of `d / (r (r - d))` over this step and those before it, which is the variance of the logarithm of the probability.
    ///
    /// Source: M. Greenwood, The Natural Duration of Cancer, Reports on Public Health and Medical Subjects 33, 1926.
    pub greenwood: f64,
}

/// The Kaplan-Meier curve: at each time `t` with `d` events among the `r` cases still observed, the probability that the event has
/// not happened is multiplied by `1 - d / r`. A case censored at `t` still counts in `r` at that time.
///
/// Source: E. L. Kaplan and P. Meier, Nonparametric Estimation from Incomplete Observations, Journal of the American
/// Statistical Association 53(282), 1958, 457-481.
pub fn curve(mut cases: Vec<Watched>) -> Vec<Step> {
    cases.sort_by_key(|c| c.days);
    let mut steps = Vec::new();
    let (mut survival, mut greenwood, mut ended) = (1.0, 0.0, 0);
    for at_once in cases.chunk_by(|a, b| a.days == b.days) {
        let at_risk = cases.len() - ended;
        let events = at_once.iter().filter(|c| c.event).count();
        if events > 0 {
            survival *= (at_risk - events) as f64 / at_risk as f64;
            greenwood += events as f64 / (at_risk as f64 * (at_risk - events) as f64);
            steps.push(Step { days: at_once[0].days, at_risk, events, survival, greenwood });
        }
        ended += at_once.len();
    }
    steps
}

/// The median: the first time at which the curve is at or below one half; `None` if it stays above.
///
/// Rounding can make a product that is exactly one half slightly larger, so a small tolerance is allowed.
pub fn median(steps: &[Step]) -> Option<i64> {
    steps.iter().find(|s| s.survival <= 0.5 + 1e-12).map(|s| s.days)
}

impl Step {
    /// The limit that lies `z` standard errors from this step on the scale log(-log S); `None` after the last case, whose standard error is
    /// not known.
    fn limit(&self, z: f64) -> Option<f64> {
        let log = self.survival.ln();
        log.is_finite().then(|| (log * (z * self.greenwood.sqrt() / -log).exp()).exp())
    }
}

/// The interval of the median: from the first time at which the lower limit of the curve is at or below one half to the first time at which
/// the upper limit is. The limits are symmetric on the scale of `log(-log S)`, so they stay between 0 and 1.
///
/// Sources: R. Brookmeyer and J. Crowley, A Confidence Interval for the Median Survival Time, Biometrics 38(1), 1982, 29-41; J. D. Kalbfleisch
/// and R. L. Prentice, The Statistical Analysis of Failure Time Data, 1980.
pub fn median_interval(steps: &[Step]) -> Interval {
    let first = |z: f64| {
        let reached = steps.iter().find(|step| step.limit(z).map_or(z > 0.0, |limit| limit <= 0.5));
        reached.map(|step| step.days as f64)
    };
    Interval { low: first(Z), high: first(-Z) }
}

/// The cumulative incidence, by the day `by`, of up to three competing events: each ends a case, so no other event can follow. Each case has
/// its time and its event, 0 to 2; `None`: it is censored. At each time `t` with `d` events of a kind among the `r` cases still observed, its
/// probability grows by `S d / r`, where `S` is the probability that no event of any kind came before `t`.
///
/// Sources: O. O. Aalen and S. Johansen, An Empirical Transition Matrix for Non-Homogeneous Markov Chains Based on Censored Observations,
/// Scandinavian Journal of Statistics 5(3), 1978, 141-150; J. D. Kalbfleisch and R. L. Prentice, The Statistical Analysis of Failure Time Data,
/// 1980, chapter 7.
pub fn incidence(mut cases: Vec<(i64, Option<usize>)>, by: i64) -> [f64; 3] {
    cases.sort_by_key(|(days, _)| *days);
    let (mut shares, mut survival, mut ended) = ([0.0; 3], 1.0, 0);
    for at_once in cases.chunk_by(|a, b| a.0 == b.0).take_while(|at_once| at_once[0].0 <= by) {
        let at_risk = (cases.len() - ended) as f64;
        let mut events = 0.0;
        for (_, kind) in at_once {
            if let Some(share) = kind.and_then(|kind| shares.get_mut(kind)) {
                *share += survival / at_risk;
                events += 1.0;
            }
        }
        survival *= 1.0 - events / at_risk;
        ended += at_once.len();
    }
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cases(text: &str) -> Vec<Watched> {
        text.split(' ').map(|t| Watched { days: t.trim_end_matches('*').parse().unwrap(), event: !t.ends_with('*') }).collect()
    }

    /// Weeks in remission of 21 children given 6-mercaptopurine and of 21 given a placebo: E. J. Freireich et al., The
    /// Effect of 6-Mercaptopurine on the Duration of Steroid-Induced Remissions in Acute Leukemia, Blood 21(6), 1963,
    /// 699-716. The curve is published in E. A. Gehan, Biometrika 52, 1965, and in most textbooks since.
    #[test]
    fn the_leukaemia_trial_comes_out_as_published() {
        let treated = curve(cases("6 6 6 6* 7 9* 10 10* 11* 13 16 17* 19* 20* 22 23 25* 32* 32* 34* 35*"));
        let steps: Vec<(i64, usize, usize, f64)> =
            treated.iter().map(|s| (s.days, s.at_risk, s.events, (s.survival * 1000.0).round() / 1000.0)).collect();
        assert_eq!(
            steps,
            [
                (6, 21, 3, 0.857),
                (7, 17, 1, 0.807),
                (10, 15, 1, 0.753),
                (13, 12, 1, 0.690),
                (16, 11, 1, 0.627),
                (22, 7, 1, 0.538),
                (23, 6, 1, 0.448)
            ]
        );
        // The standard errors of the curve, as the same textbooks give them.
        let errors: Vec<f64> = treated.iter().map(|s| (s.survival * s.greenwood.sqrt() * 10_000.0).round() / 10_000.0).collect();
        assert_eq!(errors, [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]);
        assert_eq!(median_interval(&treated), Interval { low: Some(13.0), high: None });
        assert_eq!(median(&treated), Some(23));
        assert_eq!(median(&curve(cases("1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"))), Some(8));
    }

    #[test]
    fn a_curve_that_stays_above_one_half_has_no_median() {
        assert_eq!(median(&curve(cases("3 9* 9* 9*"))), None);
        assert_eq!(median(&curve(Vec::new())), None);
        assert_eq!(median(&curve(cases("3 9"))), Some(3));
        // 5/6 * 4/5 * 3/4 is one half.
        assert_eq!(median(&curve(cases("1 2 3 9* 9* 9*"))), Some(3));
    }

    /// Ten cases worked by hand, and as the package survival of R has them: events of kind 0 on days 1, 4 and 6, of kind 1 on days 2 and 6, censored on days 3, 5 and later.
    #[test]
    fn kinds_of_event_share_what_survives() {
        let cases = vec![
            (1, Some(0)),
            (2, Some(1)),
            (3, None),
            (4, Some(0)),
            (5, None),
            (6, Some(0)),
            (6, Some(1)),
            (8, None),
            (8, None),
            (9, None),
        ];
        let near = |found: [f64; 3], expected: [f64; 3]| found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12);
        // 1/10; then 9/10 * 1/9 = 1/10 each for days 1 and 2; day 4: S = 8/10, 7 at risk; day 6: S = 8/10 * 6/7, 5 at risk.
        assert!(near(incidence(cases.clone(), 2), [0.1, 0.1, 0.0]));
        assert!(near(incidence(cases.clone(), 4), [0.1 + 0.8 / 7.0, 0.1, 0.0]));
        let at_six = 0.8 * 6.0 / 7.0 / 5.0;
        assert!(near(incidence(cases, 99), [0.1 + 0.8 / 7.0 + at_six, 0.1 + at_six, 0.0]));
    }

    proptest! {
        /// The probabilities add up to that of any event, and are what redistribution to the right gives: a censored case hands its weight to
        /// the cases after it, in equal parts (B. Efron, The Two Sample Problem with Censored Data, 1967).
        #[test]
        fn incidence_is_redistribution_to_the_right(
            mut cases in proptest::collection::vec((0i64..40, proptest::option::of(0usize..3)), 1..40), by in 0i64..40
        ) {
            let found = incidence(cases.clone(), by);
            let steps = curve(cases.iter().map(|(days, kind)| Watched { days: *days, event: kind.is_some() }).collect());
            let survival = steps.iter().rev().find(|step| step.days <= by).map_or(1.0, |step| step.survival);
            prop_assert!((found.iter().sum::<f64>() - (1.0 - survival)).abs() < 1e-9);
            // Events come before censored cases of the same day.
            cases.sort_by_key(|(days, kind)| (*days, kind.is_none()));
            let mut weights = vec![1.0 / cases.len() as f64; cases.len()];
            let mut expected = [0.0; 3];
            for at in 0..cases.len() {
                match cases[at] {
                    (days, Some(kind)) if days <= by => expected[kind] += weights[at],
                    (_, Some(_)) => (),
                    (days, None) => {
                        let after = cases.iter().rposition(|case| case.0 <= days && case.1.is_none()).map_or(0, |last| last + 1);
                        let heirs = cases.len() - after;
                        let weight = std::mem::take(&mut weights[at]);
                        if heirs > 0 {
                            weights[after..].iter_mut().for_each(|heir| *heir += weight / heirs as f64);
                        }
                    }
                }
            }
            for (found, expected) in found.iter().zip(expected) {
                prop_assert!((found - expected).abs() < 1e-9, "{found} {expected}");
            }
        }
    }
}
