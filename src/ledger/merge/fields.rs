//! Fields that are united without a question: tags, and the time of logging.

use std::collections::BTreeSet;

use serde_json::Value;

use super::copies::Known;
use super::key::Fact;
use super::values::{STAMP, TAGS};

/// Copies a group of columns.
pub(super) fn copy(fact: &mut Fact, from: &Fact, columns: &[&str]) {
    for column in columns {
        fact.insert((*column).to_owned(), from.get(*column).cloned().unwrap_or_default());
    }
}

/// Of two times of logging, the earlier one counts.
pub(super) fn earlier_stamp(fact: &mut Fact, other: &Fact) {
    let stamp = |fact: &Fact| fact.get(STAMP).and_then(Value::as_str).map(str::to_owned);
    if let (Some(ours), Some(theirs)) = (stamp(fact), stamp(other))
        && theirs < ours
    {
        fact.insert(STAMP.to_owned(), theirs.into());
    }
}

/// The tags that both copies have, or that either of them added.
pub(super) fn tags(ours: &Known, theirs: &Known) -> Value {
    let set = |fact: &Option<Fact>| -> BTreeSet<String> {
        let text = fact.as_ref().and_then(|fact| fact.get(TAGS)).and_then(Value::as_str).unwrap_or_default();
        text.split(", ").filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
    };
    let (our_base, our_now, their_base, their_now) = (set(&ours.before), set(&ours.after), set(&theirs.before), set(&theirs.after));
    let removed: BTreeSet<String> = our_base.difference(&our_now).chain(their_base.difference(&their_now)).cloned().collect();
    let added: BTreeSet<String> = our_now.difference(&our_base).chain(their_now.difference(&their_base)).cloned().collect();
    let kept = our_now.union(&their_now).filter(|tag| added.contains(*tag) || !removed.contains(*tag));
    let all: Vec<String> = kept.cloned().collect();
    if all.is_empty() { Value::Null } else { all.join(", ").into() }
}
