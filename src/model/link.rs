//! How one action relates to an earlier one, as people and files write it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::model::count::{self, Count};
use crate::model::stage::words;

/// How one action relates to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// Answers an act of the other side: covers some of its claim and is itself spent in part or in full.
    Answers,
    /// Carries out a threat or an announcement by the same actor.
    Executes,
    /// Undoes an act by the same actor: returns the property, withdraws the threat, revokes the waiver.
    Reverses,
    /// Declines to answer an act.
    Waives,
    /// Moves the deadline of an act by the same actor.
    Extends,
    /// Repeats an act by the same actor that still stands, without a claim of its own; its deadline, if any, is the new deadline.
    Renews,
}

words!(
    Relation,
    "relation",
    Answers = "answers",
    Executes = "executes",
    Reverses = "reverses",
    Waives = "waives",
    Extends = "extends",
    Renews = "renews"
);

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
        let (earlier, amount) = match text.split_once(':') {
            None => (text, Amount::default()),
            Some((earlier, amount)) => {
                let (covers, spends) = match amount.split_once('/').map(|(covers, spends)| (covers.trim(), spends.trim())) {
                    None => (count::parse(amount.trim())?, None),
                    Some((covers, "0")) => (count::parse(covers)?, Some(0)),
                    Some((covers, spends)) => (count::parse(covers)?, Some(count::parse(spends)?)),
                };
                (earlier, Amount { covers: Some(covers), spends })
            }
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

impl fmt::Display for LinkSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.earlier)?;
        if let Some(covers) = self.amount.covers {
            write!(f, ":{covers}")?;
            if let Some(spends) = self.amount.spends {
                write!(f, "/{spends}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_written_as_it_is_read() {
        for text in ["7", "#7:20", "2016-12-29-usa-rus-expulsion:35", "5:1/755", "5:1/0"] {
            assert_eq!(text.parse::<LinkSpec>().unwrap().to_string(), text);
        }
        for bad in ["", "#", ":3", "7:", "7:0", "7:x", "7:1/", "7:-1", "7:1/1/1"] {
            assert!(bad.parse::<LinkSpec>().is_err(), "{bad}");
        }
    }
}
