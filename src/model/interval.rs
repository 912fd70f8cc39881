//! How uncertain a figure is: intervals that hold the true value in 95 of 100 samples.

/// The quantile of the normal distribution that leaves out 2.5 % on each side.
pub const Z: f64 = 1.959_963_984_540_054;

/// The bounds of a figure. `None`: it has no interval, or the data give no bound on that side.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Interval {
    /// The lower bound.
    pub low: Option<f64>,
    /// The upper bound.
    pub high: Option<f64>,
}

/// The interval of the share `n / of`, for `of` above 0.
///
/// Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, Journal of the American Statistical
/// Association 22(158), 1927, 209-212; method 3 of R. G. Newcombe, Two-Sided Confidence Intervals for the Single Proportion, Statistics in
/// Medicine 17, 1998, 857-872.
pub fn wilson(n: i64, of: i64) -> Interval {
    let (n, of) = (n as f64, of as f64);
    let (share, spread) = (n / of, Z * Z / of);
    let middle = (share + spread / 2.0) / (1.0 + spread);
    let half = Z * (share * (1.0 - share) / of + spread / (4.0 * of)).sqrt() / (1.0 + spread);
    Interval { low: Some((middle - half).max(0.0)), high: Some((middle + half).min(1.0)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of Newcombe (1998).
    #[test]
    fn shares_have_the_published_intervals() {
        for (n, of, low, high) in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)] {
            let found = wilson(n, of);
            let rounded = |bound: Option<f64>| (bound.unwrap() * 10_000.0).round() / 10_000.0;
            assert_eq!((rounded(found.low), rounded(found.high)), (low, high), "{n} of {of}");
        }
        assert_eq!(wilson(20, 20).high, Some(1.0));
    }
}
