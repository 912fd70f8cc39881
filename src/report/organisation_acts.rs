//! What a report on a pair leaves out: acts between one side and organisations to which parties of the other side belonged, and acts
//! between one side and members of an organisation that is named on the other.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use crate::error::Result;
use crate::ledger::catalogue::{Membership, list_memberships};
use crate::model::Day;
use crate::report::{Lens, Side};

/// The acts between one side of a pair and organisations of the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationActs {
    /// The side whose parties were members.
    pub members: Side,
    /// The codes of the organisations, in order.
    pub organisations: Vec<String>,
    /// The other side, which acted or was acted against.
    pub other: Side,
    /// The number of acts that the selection would show, each on a day on which a party of the side was a member.
    pub actions: i64,
}

/// The acts between the two sides of a pair that `--members` would show: those of the members of its organisations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberActs {
    /// The organisations named on a side that is nothing else, in words; `None`: a side that is a group has organisations.
    pub organisations: Option<Vec<String>>,
    /// The codes of the two sides, as they were named.
    pub sides: [Vec<String>; 2],
    /// The number of acts that the selection would show besides, between parties that are members on the day of the report.
    pub actions: i64,
}

/// What a report on a pair leaves out; nothing if the selection is not a pair.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotCounted {
    /// The acts of and against organisations of the members that are named, for each side that has such acts.
    pub of_organisations: Vec<OrganisationActs>,
    /// The acts of and against members of the organisations that are named.
    pub of_members: Option<MemberActs>,
}

/// Finds such acts for the pair of the selection.
///
/// # Errors
/// The ledger cannot be read.
pub fn read(lens: &Lens<'_>) -> Result<NotCounted> {
    let mut select = lens.prepare_cached(
        "SELECT actor AS party, day FROM unpaired_action
         WHERE actor IN (SELECT value FROM json_each(?1)) AND target IN (SELECT value FROM json_each(?2))
         UNION ALL
         SELECT target, day FROM unpaired_action
         WHERE target IN (SELECT value FROM json_each(?1)) AND actor IN (SELECT value FROM json_each(?2))",
    )?;
    find(lens, &mut |parties, others| {
        let rows = select.query_map(params![json(parties), json(others)], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    })
}

fn json<T: AsRef<str>>(codes: &[T]) -> String {
    serde_json::Value::from_iter(codes.iter().map(AsRef::as_ref)).to_string()
}

/// Reads the acts between these parties and these others: which of the former acted or was acted against, and the day.
pub(super) type Acts<'a> = dyn FnMut(&[&str], &[String]) -> Result<Vec<(String, i64)>> + 'a;

/// Finds such acts where `acts` reads them.
///
/// # Errors
/// The ledger cannot be read, or `acts` fails.
pub(super) fn find(lens: &Lens<'_>, acts: &mut Acts<'_>) -> Result<NotCounted> {
    let [a, b] = lens.sides() else { return Ok(NotCounted::default()) };
    let memberships = list_memberships(lens.connection())?;
    let of_members = members(lens.as_of(), [a, b], &memberships, acts)?;
    let mut of_organisations = Vec::new();
    for (side, other) in [(a, b), (b, a)] {
        let mut by_organisation: BTreeMap<&str, Vec<&Membership>> = BTreeMap::new();
        for membership in memberships.iter().filter(|m| side.codes.contains(&m.member)) {
            if ![side, other].iter().any(|s| s.codes.contains(&membership.organisation)) {
                by_organisation.entry(&membership.organisation).or_default().push(membership);
            }
        }
        let organisations: Vec<&str> = by_organisation.keys().copied().collect();
        if !organisations.is_empty() {
            of_organisations.extend(counted(acts(&organisations, &other.codes)?, side, other, &by_organisation)?);
        }
    }
    Ok(NotCounted { of_organisations, of_members })
}

/// Counts the acts on days on which a party of the side was a member.
fn counted(
    acts: Vec<(String, i64)>,
    side: &Side,
    other: &Side,
    periods: &BTreeMap<&str, Vec<&Membership>>,
) -> Result<Option<OrganisationActs>> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for (organisation, day) in acts {
        for membership in periods.get(organisation.as_str()).into_iter().flatten() {
            if membership.covers(Day(day))? {
                *counts.entry(organisation).or_default() += 1;
                break;
            }
        }
    }
    Ok((!counts.is_empty()).then(|| OrganisationActs {
        members: side.clone(),
        actions: counts.values().sum(),
        organisations: counts.into_keys().collect(),
        other: other.clone(),
    }))
}

/// Counts the acts between the sides if each organisation is replaced by those who are its members on the day of the report. If a party
/// would then be on both sides, `--members` refuses, and there are none.
fn members(as_of: Day, sides: [&Side; 2], memberships: &[Membership], acts: &mut Acts<'_>) -> Result<Option<MemberActs>> {
    let mut organisations: BTreeSet<&str> = BTreeSet::new();
    let mut replaced: [Vec<&str>; 2] = Default::default();
    for (side, replaced) in sides.iter().zip(&mut replaced) {
        for code in &side.codes {
            let before = replaced.len();
            for membership in memberships.iter().filter(|m| m.organisation == *code) {
                if membership.covers(as_of)? {
                    replaced.push(&membership.member);
                }
            }
            if replaced.len() == before {
                replaced.push(code);
            } else {
                organisations.insert(code);
            }
        }
    }
    let [a, b] = replaced;
    if organisations.is_empty() || a.iter().any(|code| b.contains(code)) {
        return Ok(None);
    }
    let mut between = |a: &[&str], b: &[&str]| -> Result<i64> {
        let b: Vec<String> = b.iter().map(|code| (*code).to_owned()).collect();
        Ok(i64::try_from(acts(a, &b)?.len()).unwrap_or(i64::MAX))
    };
    // The acts between parties that are named themselves are counted already.
    let [named_a, named_b] = [(&a, sides[0]), (&b, sides[1])]
        .map(|(replaced, side)| replaced.iter().copied().filter(|code| side.codes.iter().any(|named| named == code)).collect::<Vec<_>>());
    let actions = between(&a, &b)? - between(&named_a, &named_b)?;
    let named = |side: &&&Side| side.codes.iter().any(|code| organisations.contains(code.as_str()));
    let words = |side: &Side| side.single().map(|_| side.words.clone());
    Ok((actions > 0).then(|| MemberActs {
        organisations: sides.iter().filter(named).map(|side| words(side)).collect(),
        sides: sides.map(|side| side.codes.clone()),
        actions,
    }))
}
