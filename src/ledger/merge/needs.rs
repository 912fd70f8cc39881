//! Rows on which other rows depend. If a row that the merge takes over refers to a row that this ledger removed, the
//! removed row comes back with it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::error::Result;
use crate::ledger::history_table::TABLES;

use super::decide::Deciding;
use super::key::{ACTION, CITATION, Fact, Key, SOURCE};

impl Deciding<'_, '_> {
    /// Adds to the plan the rows of the other copy that the planned rows need, and that this ledger removed since the base.
    pub(super) fn bring_needed(&mut self) -> Result<()> {
        let mut needed: BTreeSet<Key> =
            self.plan.puts.iter().filter_map(|(key, fact)| Some(needs(key, fact.as_ref()?))).flatten().collect();
        needed.retain(|key| {
            let removed = self.ours.side.deltas.get(key).is_some_and(|delta| delta.after.is_none());
            removed && !matches!(self.plan.puts.get(key), Some(Some(_)))
        });
        for key in needed {
            let Some(fact) = self.theirs.row(&key)?.after else { continue };
            for (alias, delta) in self.ours.side.deltas.iter().filter(|(alias, _)| alias.table().name == "alias") {
                let name = self.theirs.row(alias)?.after;
                if delta.after.is_none() && name.as_ref().and_then(|name| name.get("party")).and_then(Value::as_str) == Some(&key.names[0])
                {
                    self.plan.puts.insert(alias.clone(), name);
                }
            }
            self.plan.puts.insert(key, Some(fact));
        }
        Ok(())
    }
}

/// The rows of the catalogue, and the sources, that a row refers to.
fn needs(key: &Key, fact: &Fact) -> Vec<Key> {
    let of = |table: &str, column: &str| {
        let name = fact.get(column).and_then(Value::as_str)?;
        let place = TABLES.iter().position(|t| t.name == table)?;
        Some(Key { place, names: vec![name.to_owned()] })
    };
    let found = match key.place {
        ACTION => vec![of("party", "actor"), of("party", "target"), of("kind", "kind"), of("dispute", "dispute")],
        CITATION => vec![Some(Key { place: SOURCE, names: vec![key.names[1].clone()] })],
        _ => match key.table().name {
            "alias" => vec![of("party", "party")],
            "membership" => vec![of("party", "organisation"), of("party", "member")],
            "weight" => vec![of("scale", "scale"), of("kind", "kind")],
            _ => Vec::new(),
        },
    };
    found.into_iter().flatten().collect()
}
