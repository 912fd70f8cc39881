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
        found.extend(acts(lens, side, other, &by_organisation)?);
    }
    Ok(found)
}

fn acts(lens: &Lens<'_>, side: &Side, other: &Side, periods: &BTreeMap<&str, Vec<&Membership>>) -> Result<Option<OrganisationActs>> {
    let mut select = lens.prepare_cached(
        "SELECT actor AS organisation, day FROM unpaired_action
         WHERE actor IN (SELECT value FROM json_each(?1)) AND target IN (SELECT value FROM json_each(?2))
         UNION ALL
         SELECT target, day FROM unpaired_action
         WHERE target IN (SELECT value FROM json_each(?1)) AND actor IN (SELECT value FROM json_each(?2))",
    )?;
    let json = |codes: Vec<&str>| serde_json::Value::from(codes).to_string();
    let organisations = json(periods.keys().copied().collect());
    let mut rows = select.query(params![organisations, json(other.codes.iter().map(String::as_str).collect())])?;
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (organisation, day): (String, i64) = (row.get("organisation")?, row.get("day")?);
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
