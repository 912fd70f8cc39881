//! Contingency: whether one party acts more often shortly after the other party has acted than at other times.

use std::ops::RangeInclusive;

/// True if one of `days`, which must be sorted, is one of the `within` days after `start`. The day itself is not in the window, because what
/// happens on it may have happened first.
pub fn hit(days: &[i64], start: i64, within: i64) -> bool {
    let next = days.partition_point(|d| *d <= start);
    days.get(next).is_some_and(|d| *d <= start.saturating_add(within))
}

/// The number of days in `starts` after which a window of `within` days contains one of `days`, which must be sorted.
///
/// The window after day `s` contains day `d` if `d - within <= s <= d - 1`. The function therefore counts the days in the union
/// of these intervals, limited to `starts`. Their share of all days in `starts` is the chance of an act in any window of that
/// length: the base rate for the chance of an act after one by the other party.
pub fn hits(days: &[i64], starts: &RangeInclusive<i64>, within: i64) -> i64 {
    let mut counted = 0;
    let mut next = *starts.start();
    for day in days {
        let from = next.max(day.saturating_sub(within));
        let to = (*starts.end()).min(day.saturating_sub(1));
        if from <= to {
            counted += to - from + 1;
            next = to + 1;
        }
    }
    counted
}

/// A test of contingency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShiftTest {
    /// The number of shifts, not counting the unshifted data.
    pub shifts: u32,
    /// The share of all arrangements (the shifts and the unshifted data) that have at least as many hits as the data.
    pub p: f64,
}

/// Tests whether `own` acts follow the acts of the days `received` more often than by chance. All own acts are shifted by the same number
/// of days within `span`, wrapping around at its end. This preserves their clustering but breaks their relation to the acts received. `own`
/// must be sorted. If there are no more than `most` shifts, all are made; otherwise `most` of them, chosen by random numbers that start
/// from `seed`. `None` if `span` has fewer than 2 days.
///
/// Sources: P. I. Good, Permutation, Parametric and Bootstrap Tests of Hypotheses, 3rd edition, 2005; for the value, which counts the data
/// among the shifts: B. Phipson and G. K. Smyth, Permutation P-values Should Never Be Zero, Statistical Applications in Genetics and Molecular
/// Biology 9(1), 2010, article 39.
pub fn shifts(received: &[i64], own: &[i64], span: &RangeInclusive<i64>, within: i64, most: u32, seed: u64) -> Option<ShiftTest> {
    let (first, length) = (*span.start(), span.end().checked_sub(*span.start())?.checked_add(1)?);
    if length < 2 {
        return None;
    }
    let count = |own: &[i64]| received.iter().filter(|day| hit(own, **day, within)).count();
    let own: Vec<i64> = own.iter().copied().filter(|day| span.contains(day)).collect();
    let found = count(&own);
    let mut moved = Vec::with_capacity(own.len());
    let mut reaches = |shift: i64| {
        moved.clear();
        moved.extend(own.iter().map(|day| first + (day - first + shift) % length));
        moved.sort_unstable();
        count(&moved) >= found
    };
    let all = length - 1;
    let (shifts, reached) = if all <= i64::from(most) {
        (all as u32, (1..=all).filter(|shift| reaches(*shift)).count())
    } else {
        let mut random = SplitMix(seed);
        (most, (0..most).filter(|_| reaches(1 + (random.next() % all.unsigned_abs()) as i64)).count())
    };
    Some(ShiftTest { shifts, p: (1 + reached) as f64 / (1.0 + f64::from(shifts)) })
}

/// Random numbers: G. L. Steele, D. Lea and C. H. Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.
#[derive(Debug)]
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten days, acts received on days 0 and 5, own acts on days 1 and 6, windows of one day. Of the nine shifts only that by five days gives
    /// two hits again.
    #[test]
    fn shifts_are_counted_as_by_hand() {
        let test = |most| shifts(&[0, 5], &[1, 6], &(0..=9), 1, most, 7).unwrap();
        assert_eq!(test(9), ShiftTest { shifts: 9, p: 0.2 });
        let sampled = test(8);
        assert_eq!((sampled.shifts, sampled), (8, test(8)));
        assert_eq!(shifts(&[0], &[0], &(3..=3), 1, 9, 1), None);
        // The first numbers of the published generator for the seed 1234567.
        let mut random = SplitMix(1_234_567);
        assert_eq!([random.next(), random.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    /// Acts on days 10 and 12, and windows of 3 days: those after days 7 to 11 contain an act.
    #[test]
    fn windows_are_counted_by_the_day_before_them() {
        assert_eq!(hits(&[10, 12], &(0..=20), 3), 5);
        assert_eq!(hits(&[10, 12], &(11..=20), 3), 1);
        assert_eq!(hits(&[10, 12], &(0..=8), 3), 2);
        assert_eq!(hits(&[10, 10, 30], &(0..=50), 1), 2);
        assert_eq!(hits(&[], &(0..=50), 9), 0);
        assert_eq!(hits(&[1], &RangeInclusive::new(5, 4), 9), 0);
    }

    #[test]
    fn hits_are_the_windows_with_a_hit() {
        let days = [3, 4, 9, 20, 20, 41];
        for within in [0, 1, 5, 30] {
            for (from, to) in [(0, 50), (4, 4), (5, 19), (21, 60)] {
                let plain = (from..=to).filter(|s| hit(&days, *s, within)).count() as i64;
                assert_eq!(hits(&days, &(from..=to), within), plain, "{from}..{to} within {within}");
            }
        }
    }
}
