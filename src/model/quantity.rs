//! Quantities of an action that are not claims: a name, an exact decimal number and a unit, such as `trade 34000000000 USD`.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use crate::error::Error;

/// A quantity as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// What is measured: lower-case letters, digits and hyphens.
    pub name: String,
    /// How much, in the unit.
    pub value: Decimal,
    /// The unit: `USD`, `%`, `km`.
    pub unit: String,
}

/// An exact decimal number with up to six decimals, as a multiple of the smallest step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(i128);

/// The maximum number of decimals.
const DECIMALS: u32 = 6;
/// The maximum number of digits before the decimal point. A sum of any number of such values that fits in memory is exact.
const DIGITS: u32 = 18;
/// Words before a number that are no part of a name.
const INEXACT: [&str; 12] =
    ["about", "around", "approximately", "roughly", "circa", "ca", "ca.", "c.", "over", "under", "nearly", "almost"];
const WAY_OUT: &str = "write a name, a number and a unit, like \"trade 34 bn USD\" or \"rate 25 %\"";

impl Quantity {
    /// A name as it is stored: `Trade volume` is `trade-volume`.
    ///
    /// # Errors
    /// It has characters other than letters, digits and hyphens, or does not begin with a letter.
    pub fn name(given: &str) -> Result<String, Error> {
        let name = given.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase();
        let allowed = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if allowed && name.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Ok(name);
        }
        let why = "a name consists of letters, digits and hyphens, and begins with a letter";
        Err(Error::invalid("quantity", given, why, WAY_OUT))
    }

    /// Orders quantities by name.
    ///
    /// # Errors
    /// A name occurs twice.
    pub(crate) fn by_name(quantities: &[Quantity]) -> Result<Vec<Quantity>, Error> {
        let mut sorted = quantities.to_vec();
        sorted.sort_by(|a, b| a.name.cmp(&b.name));
        match sorted.windows(2).find(|pair| pair[0].name == pair[1].name) {
            Some(pair) => Err(pair[1].given_twice()),
            None => Ok(sorted),
        }
    }

    /// The error for a second quantity with the name of another.
    pub(crate) fn given_twice(&self) -> Error {
        Error::invalid("quantity", &self.to_string(), "its name is given twice", "give each name once")
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.name, self.value, self.unit)
    }
}

impl FromStr for Quantity {
    type Err = Error;

    /// Reads `trade 34 bn USD`, `rate 25%`, `trade volume 1,234.5 m USD`. A word such as bn before a unit multiplies the number.
    fn from_str(text: &str) -> Result<Quantity, Error> {
        let refuse = |why: &str| Error::invalid("quantity", text, why, WAY_OUT);
        let words: Vec<&str> = text.split_whitespace().collect();
        let is_number = |word: &&str| word.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
        let at = words.iter().position(is_number).ok_or_else(|| match words.iter().copied().find_map(sign_before_number) {
            Some(sign) => Error::invalid(
                "quantity",
                text,
                format!("its number begins with '{sign}', and a quantity is an exact number with its unit after it"),
                format!("leave out '{sign}', and {WAY_OUT}"),
            ),
            None => refuse("it contains no number"),
        })?;
        if at == 0 {
            return Err(refuse("it has no name"));
        }
        if let Some(word) = words[1..at].iter().find(|word| INEXACT.contains(&word.to_lowercase().as_str())) {
            let why = format!("'{word}' makes its number inexact, and a quantity is an exact number with its unit after it");
            return Err(Error::invalid("quantity", text, why, format!("leave out '{word}', and {WAY_OUT}")));
        }
        let end = words[at].find(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '.' | ',')).unwrap_or(words[at].len());
        let (number, attached) = words[at].split_at(end);
        let mut unit: Vec<&str> = [attached].into_iter().filter(|a| !a.is_empty()).chain(words[at + 1..].iter().copied()).collect();
        let power = match unit.as_slice() {
            [word, _, ..] => power_of_ten(word),
            [word] if power_of_ten(word) >= 6 && *word != "m" => return Err(refuse("it has no unit")),
            _ => 0,
        };
        if power > 0 {
            unit.remove(0);
        }
        let unit = unit.join(" ");
        if unit.is_empty() {
            return Err(refuse("it has no unit"));
        }
        if unit.contains(|c: char| c.is_control() || matches!(c, '|' | '\\')) || unit.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        {
            return Err(refuse("a unit cannot begin with a number or contain a vertical bar, a backslash or control characters"));
        }
        if unit.split(' ').any(|word| is_number(&word) || sign_before_number(word).is_some()) {
            let way_out = "state one of them, or each under a name of its own: --quantity \"rate 10 %\" --quantity \"rate-before 5 %\"";
            return Err(Error::invalid("quantity", text, "it contains two numbers, and a quantity has one", way_out));
        }
        let value = Decimal::read(number, power).ok_or_else(|| {
            refuse("the number must have at most 18 digits before the decimal point and 6 after it, and commas only between thousands")
        })?;
        Ok(Quantity { name: Quantity::name(&words[..at].join(" "))?, value, unit })
    }
}

/// True if numbers in this unit can be added up; percentages of different things cannot.
pub(crate) fn can_be_added(unit: &str) -> bool {
    let unit = unit.to_lowercase();
    let is_share = |start: &str| unit.strip_prefix(start).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    !["%", "‰", "percent", "per cent", "pct", "pct.", "percentage points", "percentage point", "pp", "p.p.", "basis points", "bp", "bps"]
        .into_iter()
        .any(is_share)
}

/// The sign before a number, such as `US$` or `~`; `None`: the word is not such a number.
fn sign_before_number(word: &str) -> Option<&str> {
    let sign = &word[..word.find(|c: char| c.is_ascii_digit())?];
    sign.ends_with(['~', '≈', '<', '>', '±', '+', '$', '€', '£', '¥']).then_some(sign)
}

/// The power of ten that a word stands for; 0: the word is not a number word.
fn power_of_ten(word: &str) -> u32 {
    match word.to_lowercase().as_str() {
        "k" | "thousand" => 3,
        "m" | "mn" | "mio" | "million" | "millions" => 6,
        "bn" | "billion" | "billions" => 9,
        "tn" | "trillion" | "trillions" => 12,
        _ => 0,
    }
}

impl Decimal {
    /// Reads a number and multiplies it by a power of ten; `None`: it is malformed, too large or too precise.
    fn read(text: &str, power: u32) -> Option<Decimal> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
        let (whole, decimals) = digits.split_once('.').map_or((digits, ""), |(whole, decimals)| (whole, decimals.trim_end_matches('0')));
        let mut groups = whole.split(',');
        let first = groups.next()?;
        let grouped = whole.contains(',');
        if first.is_empty() || grouped && first.len() > 3 || groups.any(|group| group.len() != 3) || digits.ends_with('.') {
            return None;
        }
        let all = whole.replace(',', "") + decimals;
        let shift = (DECIMALS + power).checked_sub(u32::try_from(decimals.len()).ok()?)?;
        if all.len() > 30 || !all.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let steps = all.parse::<i128>().ok()?.checked_mul(10_i128.checked_pow(shift)?)?;
        (steps < 10_i128.pow(DIGITS + DECIMALS)).then_some(Decimal(sign * steps))
    }

    /// The number for people, with commas between thousands: `34,000,000,000`.
    pub fn grouped(self) -> String {
        let text = self.to_string();
        let (whole, decimals) = text.split_at(text.find('.').unwrap_or(text.len()));
        let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
        let mut grouped = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        format!("{sign}{grouped}{decimals}")
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Decimal {
        Decimal(i128::from(number) * 10_i128.pow(DECIMALS))
    }
}

impl FromStr for Decimal {
    type Err = Error;

    fn from_str(text: &str) -> Result<Decimal, Error> {
        Decimal::read(text, 0).ok_or_else(|| Error::invalid("number", text, "this is not a decimal number", "write it like 34.5"))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, steps, scale) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs(), 10_u128.pow(DECIMALS));
        let decimals = format!("{:06}", steps % scale);
        match decimals.trim_end_matches('0') {
            "" => write!(f, "{sign}{}", steps / scale),
            decimals => write!(f, "{sign}{}.{decimals}", steps / scale),
        }
    }
}

impl Add for Decimal {
    type Output = Decimal;

    fn add(self, other: Decimal) -> Decimal {
        Decimal(self.0.saturating_add(other.0))
    }
}

impl Sub for Decimal {
    type Output = Decimal;

    fn sub(self, other: Decimal) -> Decimal {
        Decimal(self.0.saturating_sub(other.0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shares_are_not_added_up() {
        for share in ["%", "% of imports", "percent", "Percent", "pct", "pct.", "percentage points", "bps", "p.p."] {
            assert!(!can_be_added(share), "{share}");
        }
        for amount in ["USD", "bn USD", "pp2", "tonnes", "percentiles", "pctx"] {
            assert!(can_be_added(amount), "{amount}");
        }
    }

    #[test]
    fn a_quantity_has_one_form() {
        for (text, form) in [
            ("trade 34 bn USD", "trade 34000000000 USD"),
            ("Trade volume 1,234.50 m USD", "trade-volume 1234500000 USD"),
            ("rate 25%", "rate 25 %"),
            ("trade 34bn USD", "trade 34000000000 USD"),
            ("length 30 m", "length 30 m"),
            ("change -0.5 %", "change -0.5 %"),
            ("area 0.000001 square miles", "area 0.000001 square miles"),
            ("trade 0 USD", "trade 0 USD"),
            ("cut -0.0 %", "cut 0 %"),
            ("area 3 km2", "area 3 km2"),
            ("trade 3 USD (2015 prices)", "trade 3 USD (2015 prices)"),
        ] {
            let quantity: Quantity = text.parse().unwrap();
            assert_eq!(quantity.to_string(), form);
            assert_eq!(form.parse::<Quantity>().unwrap(), quantity);
        }
        for bad in [
            "",
            "trade",
            "34 bn USD",
            "trade 34",
            "trade 34 bn",
            "trade 34,5 USD",
            "trade 1.0000001 USD",
            "trade 1,23,456 USD",
            "trade 3. USD",
            "trade 1000000000000000000 USD",
            "tr_ade 3 USD",
            "trade 3 a|b",
            "trade 3-4 USD",
            "trade 3 4 USD",
            "trade --3 USD",
            "trade US$34bn",
            "rate ~7.5 %",
            "rate 5 % to 10 %",
            "rate 5 % to ~10 %",
        ] {
            assert!(bad.parse::<Quantity>().is_err(), "{bad}");
        }
        assert_eq!("trade -34.25 bn USD".parse::<Quantity>().unwrap().value.grouped(), "-34,250,000,000");
    }

    proptest! {
        #[test]
        fn sums_are_exact(steps in prop::collection::vec(-1_000_000_000_000_i64..1_000_000_000_000, 0..20)) {
            let numbers: Vec<Decimal> = steps.iter().map(|n| Decimal(i128::from(*n)).to_string().parse().unwrap()).collect();
            let sum = numbers.into_iter().fold(Decimal::default(), |a, b| a + b);
            prop_assert_eq!(sum, Decimal(steps.iter().map(|n| i128::from(*n)).sum()));
        }
    }
}
