//! New actions of the two copies that have other refs and look like the same act. They are reported, and nothing is decided.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use crate::error::Result;

use super::copies::{Copy, written};
use super::decide::Plan;
use super::key::{ACTION, CITATION, Fact, Key};

/// The pairs of refs, ours and theirs, of new actions with the same parties and kind, and the same date or a source that both cite.
pub(super) fn found(ours: &Copy<'_>, theirs: &Copy<'_>, plan: &Plan) -> Result<Vec<(String, String)>> {
    let mut here: HashMap<[&str; 4], Vec<&str>> = HashMap::new();
    for (key, fact) in new(ours) {
        for mark in marks(ours, key, fact) {
            here.entry(mark).or_default().push(&key.names[0]);
        }
    }
    let mut found = BTreeSet::new();
    for (key, fact) in new(theirs).filter(|(key, _)| matches!(plan.puts.get(key), Some(Some(_)))) {
        let marks = marks(theirs, key, fact);
        let others = marks.iter().filter_map(|mark| here.get(mark)).flatten().filter(|other| **other != key.names[0]);
        found.extend(others.map(|other| ((*other).to_owned(), key.names[0].clone())));
    }
    found.into_iter().map(|(here, there)| Ok((written(ours, theirs, &here)?, written(ours, theirs, &there)?))).collect()
}

/// By what an action is recognised: its parties and its kind, with its date or a source.
fn marks<'a>(copy: &'a Copy<'_>, key: &Key, fact: &'a Fact) -> Vec<[&'a str; 4]> {
    let [date, actor, target, kind] =
        ["date", "actor", "target", "kind"].map(|column| fact.get(column).and_then(Value::as_str).unwrap_or_default());
    sources(copy, key).into_iter().chain([date]).map(|mark| [actor, target, kind, mark]).collect()
}

/// The actions that a copy added since the base and that are not voided.
fn new<'a>(copy: &'a Copy<'_>) -> impl Iterator<Item = (&'a Key, &'a Fact)> {
    let added = copy.side.deltas.iter().filter(|(key, delta)| key.place == ACTION && delta.before.is_none());
    added.filter_map(|(key, delta)| Some((key, delta.after.as_ref()?))).filter(|(_, fact)| fact.get("voided").is_none_or(Value::is_null))
}

/// The sources that a copy cites for a new action.
fn sources<'a>(copy: &'a Copy<'_>, action: &Key) -> BTreeSet<&'a str> {
    let first = Key { place: CITATION, names: vec![action.names[0].clone()] };
    let cited = copy.side.deltas.range(first..).take_while(|(key, _)| key.place == CITATION && key.names[0] == action.names[0]);
    cited.filter(|(_, delta)| delta.after.is_some()).map(|(key, _)| key.names[1].as_str()).collect()
}
