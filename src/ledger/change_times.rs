//! When each change was made, although the clock of a machine may have been wrong.
//!
//! The order of the changes is known, and for each change the time that the clock of its machine showed. As long as the times never
//! decrease, they are used unchanged. If a clock was wrong, some change has an earlier time than the change before it. Then the longest
//! series of changes whose times never decrease is believed. If two series are equally long, the one that ends earlier is believed, so a
//! time in the future is no longer believed once a correct one follows. Any other change gets the nearest time that the believed changes
//! around it allow: the time of the next one if it was stamped too late, the time of the previous one if it was stamped too early.

use chrono::NaiveDateTime;
use rusqlite::{Connection, OptionalExtension};

use crate::error::Result;

/// The number of seconds by which the clocks of two machines may differ without either being called wrong.
const TOLERANCE: i64 = 60;

/// The id of each change, and the time that the clock showed, in the order of the changes.
pub(super) fn stamped(conn: &Connection) -> Result<Vec<(i64, String)>> {
    let mut select = conn.prepare("SELECT id, at FROM change ORDER BY id")?;
    let rows = select.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The time at which each change counts as made. It never decreases.
pub(super) fn counted(stamped: &[(i64, String)]) -> Vec<&str> {
    let believed = believed(stamped);
    let mut latest_allowed: Vec<Option<&str>> = vec![None; stamped.len()];
    let mut next = None;
    for place in (0..stamped.len()).rev() {
        latest_allowed[place] = next;
        if believed[place] {
            next = Some(stamped[place].1.as_str());
        }
    }
    let mut previous = "";
    let times = stamped.iter().zip(latest_allowed);
    times
        .map(|((_, at), latest)| {
            previous = latest.map_or(at.as_str(), |latest| latest.min(at)).max(previous);
            previous
        })
        .collect()
}

/// For each change, whether its time is believed: whether it belongs to the longest series of changes whose times never decrease.
fn believed(stamped: &[(i64, String)]) -> Vec<bool> {
    // For each length, the place of the change that ends the series of that length which ends earliest.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(stamped.len());
    for (place, (_, at)) in stamped.iter().enumerate() {
        let length = ends.partition_point(|end| stamped[*end].1 <= *at);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    let mut believed = vec![false; stamped.len()];
    let mut place = ends.last().copied();
    while let Some(at) = place {
        believed[at] = true;
        place = before[at];
    }
    believed
}

/// The time of the latest change, if the clock is earlier than it by more than the clocks of two machines usually differ.
pub(super) fn later_than_clock(conn: &Connection, seconds: i64) -> Result<Option<String>> {
    let latest: Option<String> = conn.query_row("SELECT at FROM change ORDER BY id DESC LIMIT 1", [], |r| r.get(0)).optional()?;
    Ok(latest.filter(|at| seconds_of(at).is_some_and(|latest| latest - seconds > TOLERANCE)))
}

/// True if the times differ by more than the clocks of two machines usually do.
pub(super) fn contradict(one: &str, other: &str) -> bool {
    match (seconds_of(one), seconds_of(other)) {
        (Some(one), Some(other)) => (one - other).abs() > TOLERANCE,
        _ => one != other,
    }
}

fn seconds_of(stamp: &str) -> Option<i64> {
    Some(NaiveDateTime::parse_from_str(stamp, "%Y-%m-%dT%H:%M:%SZ").ok()?.and_utc().timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each year stands for a change of that year; the years at which they count as made.
    fn counted_years(years: &[u32]) -> Vec<u32> {
        let stamped: Vec<(i64, String)> = (1..).zip(years.iter().map(|year| format!("{year}-01-01T00:00:00Z"))).collect();
        counted(&stamped).iter().map(|at| at[..4].parse().unwrap()).collect()
    }

    #[test]
    fn times_in_order_count_as_they_are() {
        for years in [&[][..], &[2020], &[2020, 2020, 2021], &[2020, 2021, 2099]] {
            assert_eq!(counted_years(years), years);
        }
    }

    #[test]
    fn a_time_in_the_future_gives_way_to_the_next_right_one() {
        for (years, counted) in [
            (&[2099, 2026][..], &[2026, 2026][..]),
            (&[2024, 2099, 2026], &[2024, 2026, 2026]),
            (&[2024, 2025, 2099, 2026, 2027], &[2024, 2025, 2026, 2026, 2027]),
            (&[2024, 2025, 2098, 2099, 2026, 2027], &[2024, 2025, 2026, 2026, 2026, 2027]),
        ] {
            assert_eq!(counted_years(years), counted, "{years:?}");
        }
    }

    #[test]
    fn a_time_in_the_past_counts_as_the_one_before() {
        for (years, counted) in [
            (&[2024, 2025, 1970][..], &[2024, 2025, 2025][..]),
            (&[2024, 2025, 1970, 2026], &[2024, 2025, 2025, 2026]),
            (&[2024, 2025, 2026, 1970, 1970, 2027], &[2024, 2025, 2026, 2026, 2026, 2027]),
            (&[2024, 2025, 2099, 1970, 2026], &[2024, 2025, 2026, 2026, 2026]),
        ] {
            assert_eq!(counted_years(years), counted, "{years:?}");
        }
    }
}
