//! How the weight of an act decays over time.

use std::f64::consts::LN_2;

/// The weight of an act after `age` days, given a half-life `H` in days: `|weight| * exp(-age * ln 2 / H) * ln 2 / H`, in points
/// per day. Its sum over the acts of j towards i before a day is the reciprocity statistic of i towards j on that day.
///
/// Because of the factor `ln 2 / H`, an act's decayed weights add up to its weight over time, so different half-lives can be compared.
///
/// Source: L. Brandenberger, Trading Favors: Examining the Temporal Dynamics of Reciprocity in Congressional
/// Collaborations Using Relational Event Models, Social Networks 54, 2018, 238-253, and her R package `rem`,
/// `reciprocityStat`; after U. Brandes, J. Lerner and T. A. B. Snijders, Networks Evolving Step by Step, ASONAM 2009.
pub fn decayed(weight: f64, age: i64, half_life: f64) -> f64 {
    let rate = LN_2 / half_life;
    weight.abs() * (-(age as f64) * rate).exp() * rate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_life_halves() {
        let fresh = decayed(-4.0, 0, 180.0);
        assert!((fresh - 4.0 * LN_2 / 180.0).abs() < 1e-15);
        assert!((decayed(-4.0, 180, 180.0) - fresh / 2.0).abs() < 1e-15);
        assert!((decayed(4.0, 360, 180.0) - fresh / 4.0).abs() < 1e-15);
    }

    /// The sum over all later days is close to the integral, which is the weight of the act: 4 points.
    #[test]
    fn the_whole_of_it_is_the_weight() {
        let total: f64 = (0..100_000).map(|age| decayed(-4.0, age, 1000.0)).sum();
        assert!((total - 4.0).abs() < 0.01, "{total}");
    }
}
