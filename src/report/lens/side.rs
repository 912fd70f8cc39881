//! The sides of the pair that a report covers.

use rusqlite::Connection;

use crate::error::{Error, Result};
use crate::ledger::catalogue::{GroupParty, find_sides};
use crate::model::Day;
use crate::model::name::with_article;
use crate::report::{Pair, Selection};

/// One side of a pair: a party, or a group of parties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The codes of its parties.
    pub codes: Vec<String>,
    /// The side in words: `Russia`, or `28 members of the European Union`.
    pub words: String,
}

impl Side {
    /// The code of the party; `None`: the side is a group.
    pub fn single(&self) -> Option<&str> {
        match &self.codes[..] {
            [one] => Some(one),
            _ => None,
        }
    }

    /// True if of these two parties only the second is on this side.
    pub(crate) fn is_second_of(&self, first: &str, second: &str) -> bool {
        let has = |party: &str| self.codes.iter().any(|code| code == party);
        has(second) && !has(first)
    }

    fn of(group: &[GroupParty]) -> Side {
        Side { codes: group.iter().map(|named| named.party.code.clone()).collect(), words: words(group) }
    }
}

/// The sides that the selection names.
///
/// # Errors
/// See [`find_sides`]. A group and the other side have a party in common, or members are requested and no party is named.
pub(super) fn find(conn: &Connection, selection: &Selection, as_of: Day) -> Result<Vec<Side>> {
    let given = match &selection.pair {
        None if selection.members.is_some() => {
            return Err(Error::refused("cannot apply --members", "no organisation is named", "name one, or leave out --members"));
        }
        None => return Ok(Vec::new()),
        Some(Pair::One(a)) => vec![a.as_str()],
        Some(Pair::Both(a, b)) => vec![a.as_str(), b.as_str()],
    };
    let groups = find_sides(conn, &given, selection.members.as_ref(), as_of)?;
    if let [a, b] = &groups[..]
        && let Some(common) = a.iter().find(|named| b.iter().any(|other| other.party == named.party))
    {
        return Err(Error::refused(
            format!("cannot put {} on both sides", with_article(&common.party.name)),
            if a.len() + b.len() > 2 {
                "a group is compared with parties outside it"
            } else {
                "no act of a party against itself is on record"
            },
            match common.member_of {
                None if a.len() + b.len() == 2 => format!("name another party, or {} alone, which selects all its acts", common.party.code),
                Some(_) => format!("name the parties of one side in a list, without {}, and leave out --members", common.party.code),
                None => format!("leave {} out of one side", common.party.code),
            },
        ));
    }
    Ok(groups.iter().map(|group| Side::of(group)).collect())
}

fn words(group: &[GroupParty]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut has_members = false;
    for of_one in group.chunk_by(|a, b| a.member_of.is_some() && a.member_of == b.member_of) {
        // A member of two organisations is listed with the first.
        let other = if has_members { "other " } else { "" };
        parts.extend(of_one.first().map(|first| match &first.member_of {
            Some(organisation) if of_one.len() > 1 => format!("{} {other}members of {}", of_one.len(), with_article(&organisation.name)),
            _ => first.party.name.clone(),
        }));
        has_members |= of_one.iter().any(|named| named.member_of.is_some());
    }
    if parts.len() > 1 { format!("the group {}", parts.join(", ")) } else { parts.concat() }
}
