//! How one action relates to an earlier one, as people and files write it.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;
use crate::model::count::{self, Count};
use crate::model::word_enum::word_enum;

word_enum! {
    /// How one action relates to an earlier one.
    pub enum Relation: "relation" {
        /// Answers an act of the other side: covers some of its claim and is itself spent in part or in full.
        Answers = "answers",
        /// Carries out a threat or an announcement by the same actor.
        Executes = "executes",
        /// Undoes an act by the same actor: returns the property, withdraws the threat, revokes the waiver.
        Reverses = "reverses",
        /// Declines to answer an act.
        Waives = "waives",
        /// Moves the deadline of an act by the same actor.
        Extends = "extends",
        /// Repeats an act by the same actor that still stands, without a claim of its own; its deadline, if any, is the new deadline.
        Renews = "renews",
    }
}

/// The stated amounts of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// How much of the earlier act is covered, in its unit; `None`: all that is open or, for a reversal, all that stands.
    pub covers: Option<Count>,
    /// How much of the later act is used up, in its unit; `None`: the same amount in the same unit, otherwise all that is left.
    pub spends: Option<Count>,
}

/// An action and an amount of it, as people write them: `7`, `#7:20`, `2016-12-29-usa-rus-expulsion:35` or, if the units differ,
/// `5:1/755`, which covers 1 of #5 and spends 755 of the answer.
///
/// The amount follows the last colon. A ref can end in a colon and a number too, like `gb-hmt:13456`: this is the action `gb-hmt` with an
/// amount if there is such an action, and otherwise [the whole](LinkSpec::whole) is the ref. `gb-hmt:13456:` can only be the ref.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkSpec {
    /// The earlier action: an id or a ref.
    pub earlier: String,
    /// The stated amounts.
    pub amount: Amount,
}

impl FromStr for LinkSpec {
    type Err = Error;

    fn from_str(text: &str) -> Result<LinkSpec, Error> {
        let text = text.trim();
        // The colon of `ref:14` does not precede an amount.
        let begin = if is_ref_key(text) { REF_KEY.len() } else { 0 };
        let (earlier, amount) = match text[begin..].rfind(':').map(|colon| (&text[..begin + colon], text[begin + colon + 1..].trim())) {
            None => (text, Amount::default()),
            Some((earlier, "")) if earlier[begin..].contains(':') => (earlier, Amount::default()),
            Some((earlier, amount)) => match amount_of(amount) {
                Ok(stated) if !has_leading_zero(amount) => (earlier, stated),
                Err(e) if is_number(earlier) && looks_like_amount(amount) || amount.is_empty() => return Err(e),
                _ => (text, Amount::default()),
            },
        };
        let earlier = earlier.trim();
        if earlier.trim_start_matches('#').is_empty() {
            return Err(Error::invalid(
                "link",
                text,
                "it names no action",
                "name an action by its id or ref, with an amount if you need one: 7 or 7:20",
            ));
        }
        Ok(LinkSpec { earlier: earlier.to_owned(), amount })
    }
}

impl LinkSpec {
    /// The whole text, to be read as a ref if no action has the ref before the last colon; `None` if no amount is stated.
    pub fn whole(&self) -> Option<String> {
        self.amount.covers.map(|_| self.to_string())
    }
}

impl fmt::Display for LinkSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.earlier)?;
        match (self.amount.covers, self.amount.spends) {
            (Some(covers), None) => write!(f, ":{covers}"),
            (Some(covers), Some(spends)) => write!(f, ":{covers}/{spends}"),
            // Without a colon at its end, a part of the ref would be read as an amount, or its own last colon would be dropped.
            (None, _)
                if !self.earlier.parse().is_ok_and(|spec: LinkSpec| spec.earlier == self.earlier && spec.amount == Amount::default()) =>
            {
                f.write_str(":")
            }
            (None, _) => Ok(()),
        }
    }
}

/// What a person types before a ref that would be read as an id: `ref:14`.
pub const REF_KEY: &str = "ref:";

/// True for `ref:14`.
fn is_ref_key(text: &str) -> bool {
    text.get(..REF_KEY.len()).is_some_and(|key| key.eq_ignore_ascii_case(REF_KEY))
}

/// The ref in `ref:14`.
pub fn ref_of_key(text: &str) -> Option<&str> {
    is_ref_key(text).then(|| &text[REF_KEY.len()..])
}

/// Reads `20` or `1/755`.
fn amount_of(text: &str) -> Result<Amount, Error> {
    let (covers, spends) = match text.split_once('/').map(|(covers, spends)| (covers.trim(), spends.trim())) {
        None => (count::parse(text)?, None),
        Some((covers, "0")) => (count::parse(covers)?, Some(0)),
        Some((covers, spends)) => (count::parse(covers)?, Some(count::parse(spends)?)),
    };
    Ok(Amount { covers: Some(covers), spends })
}

/// True for `014`, which is part of a ref.
fn has_leading_zero(text: &str) -> bool {
    text.split('/').any(|number| number.len() > 1 && number.trim().starts_with('0'))
}

/// True for `7` and `#7`, which are ids.
fn is_number(text: &str) -> bool {
    text.trim().trim_start_matches('#').bytes().all(|b| b.is_ascii_digit())
}

/// True for what can only be a failed amount.
fn looks_like_amount(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || "/-+~? ".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_written_as_it_is_read() {
        for text in [
            "7",
            "#7:20",
            "2016-12-29-usa-rus-expulsion:35",
            "5:1/755",
            "5:1/0",
            "ref:14",
            "ref:14:20",
            "EXP-2022/014",
            "EXP-2022/014:1/755",
            ":2:",
            "a:b::",
        ] {
            assert_eq!(text.parse::<LinkSpec>().unwrap().to_string(), text);
        }
        for bad in ["", "#", ":3", "7:", "7:0", "7:1/", "7:-1", "7:1/1/1"] {
            assert!(bad.parse::<LinkSpec>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_amount_follows_the_last_colon() {
        let parts = |text: &str| {
            let spec: LinkSpec = text.parse().unwrap();
            (spec.earlier.clone(), spec.amount.covers, spec.amount.spends, spec.whole())
        };
        let part = |earlier: &str, covers, spends, whole: &str| (earlier.to_owned(), Some(covers), spends, Some(whole.to_owned()));
        let whole = |earlier: &str| (earlier.to_owned(), None, None, None);
        assert_eq!(parts("gb-hmt:13456"), part("gb-hmt", 13456, None, "gb-hmt:13456"));
        assert_eq!(parts("gb-hmt:13456:20"), part("gb-hmt:13456", 20, None, "gb-hmt:13456:20"));
        assert_eq!(parts("gb-hmt:13456:"), whole("gb-hmt:13456"));
        assert_eq!(parts("a:b/7: 1/2 "), part("a:b/7", 1, Some(2), "a:b/7:1/2"));
        assert_eq!(parts("2020:05"), whole("2020:05"));
        assert_eq!(parts("eu:2022/428/1"), whole("eu:2022/428/1"));
        assert_eq!(parts("ref:gb-hmt:13456"), part("ref:gb-hmt", 13456, None, "ref:gb-hmt:13456"));
        let spec = LinkSpec { earlier: "gb-hmt:13456".to_owned(), amount: Amount::default() };
        assert_eq!(spec.to_string(), "gb-hmt:13456:");
    }
}
