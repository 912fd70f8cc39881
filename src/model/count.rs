//! Counts: reading them, and writing them with their units.

use crate::error::Error;

/// A count in a kind's unit, at least 1. An unknown count is `None`.
pub type Count = i64;

/// The maximum count: enough for people, and small enough that the sum of a million counts is exact.
pub const MOST: Count = 1_000_000_000;

/// Reads a count that a person typed or a file contains.
///
/// # Errors
/// The text is not a whole number from 1 to [`MOST`].
pub fn parse(text: &str) -> Result<Count, Error> {
    const WAY_OUT: &str = "give a whole number from 1 to 1,000,000,000, or leave it out if it is unknown";
    match text.parse::<Count>() {
        Ok(count) if (1..=MOST).contains(&count) => Ok(count),
        Ok(0) => Err(Error::invalid("count", text, "a count must be at least 1", WAY_OUT)),
        Ok(count) if count < 0 => Err(Error::invalid("count", text, "a count cannot be negative", WAY_OUT)),
        Ok(_) => Err(Error::invalid("count", text, "this is more than the maximum", WAY_OUT)),
        Err(_) if text.parse::<f64>().is_ok() => Err(Error::invalid("count", text, "a count must be a whole number", WAY_OUT)),
        Err(_) => Err(Error::invalid("count", text, "this is not a number", WAY_OUT)),
    }
}

/// A count with its unit: `35 persons`, `1 property`; `? persons` if the count is unknown.
pub fn quantity(count: Option<Count>, unit: &str) -> String {
    match count {
        None => format!("? {unit}"),
        Some(1) => format!("1 {}", singular(unit)),
        Some(n) => format!("{n} {unit}"),
    }
}

fn singular(unit: &str) -> String {
    match (unit.strip_suffix("ies"), unit.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) => stem.to_owned(),
        (None, None) => unit.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_whole_and_at_least_one() {
        assert_eq!(parse("35").unwrap(), 35);
        for bad in ["0", "-3", "3.5", "1e30", "1000000001", "99999999999999999999", "", "several", " 5"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn quantities_are_said_as_people_say_them() {
        assert_eq!(quantity(Some(1), "properties"), "1 property");
        assert_eq!(quantity(Some(755), "persons"), "755 persons");
        assert_eq!(quantity(None, "persons"), "? persons");
    }
}
