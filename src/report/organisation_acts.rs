//! What a report on a pair leaves out: acts between one side and organisations to which parties of the other side belonged.

use std::collections::BTreeMap;

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

/// Finds such acts for each side of the pair; there are none if the selection is not a pair.
///
/// # Errors
/// The ledger cannot be read.
pub fn read(lens: &Lens<'_>) -> Result<Vec<OrganisationActs>> {
    let mut select = lens.prepare_cached(
        "SELECT actor AS organisation, day FROM unpaired_action
         WHERE actor IN (SELECT value FROM json_each(?1)) AND target IN (SELECT value FROM json_each(?2))
         UNION ALL
         SELECT target, day FROM unpaired_action
         WHERE target IN (SELECT value FROM json_each(?1)) AND actor IN (SELECT value FROM json_each(?2))",
    )?;
    find(lens, &mut |organisations, others| {
        let rows = select.query_map(params![json(organisations), json(others)], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    })
}

fn json<T: AsRef<str>>(codes: &[T]) -> String {
    serde_json::Value::from_iter(codes.iter().map(AsRef::as_ref)).to_string()
}

/// Reads the acts between these organisations and these other parties: the organisation and the day of each.
pub(super) type Acts<'a> = dyn FnMut(&[&str], &[String]) -> Result<Vec<(String, i64)>> + 'a;

/// Finds such acts where `acts` reads them.
///
/// # Errors
/// The ledger cannot be read, or `acts` fails.
pub(super) fn find(lens: &Lens<'_>, acts: &mut Acts<'_>) -> Result<Vec<OrganisationActs>> {
    let [a, b] = lens.sides() else { return Ok(Vec::new()) };
    let memberships = list_memberships(lens)?;
    let mut found = Vec::new();
    for (side, other) in [(a, b), (b, a)] {
        let mut by_organisation: BTreeMap<&str, Vec<&Membership>> = BTreeMap::new();
        for membership in memberships.iter().filter(|m| side.codes.contains(&m.member)) {
            if ![side, other].iter().any(|s| s.codes.contains(&membership.organisation)) {
                by_organisation.entry(&membership.organisation).or_default().push(membership);
            }
        }
        let organisations: Vec<&str> = by_organisation.keys().copied().collect();
        if !organisations.is_empty() {
            found.extend(counted(acts(&organisations, &other.codes)?, side, other, &by_organisation)?);
        }
    }
    Ok(found)
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
