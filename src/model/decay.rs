//! What an act still weighs after some time.

use std::f64::consts::LN_2;

/// The weight of an act `age` days after it, with a half-life in days: `|weight| * exp(-age * ln 2 / H) * ln 2 / H`, in points a
/// day. Summed over the acts of j towards i before a day, it is the reciprocity statistic of i towards j on that day.
///
/// The factor `ln 2 / H` makes the whole that an act ever weighs its own weight, so that half-lives can be compared.
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

    /// Over all days to come an act weighs what it weighs: the sum comes near the integral, 4 points.
    #[test]
    fn the_whole_of_it_is_the_weight() {
        let whole: f64 = (0..100_000).map(|age| decayed(-4.0, age, 1000.0)).sum();
        assert!((whole - 4.0).abs() < 0.01, "{whole}");
    }
}
