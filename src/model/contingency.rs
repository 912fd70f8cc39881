//! Contingency: whether one party acts more often shortly after the other party has acted than at other times.

use std::ops::RangeInclusive;

/// True if one of `days`, which must be sorted, is one of the `within` days after `start`. The day itself is not in the window, because what
/// happens on it may have been first.
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

#[cfg(test)]
mod tests {
    use super::*;

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
