//! A ref that both copies gave to a new action: one act, or two? It does not matter whether a person gave the ref or it was made from the
//! act: two acts with the same date, parties and kind are most likely one act that two people logged.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::Result;
use crate::model::details::NAMES;

use super::decide::Deciding;
use super::fields::{copy, earlier_stamp, tags};
use super::key::{ACTION, CITATION, Fact, Key, LINK, QUANTITY};
use super::question::Choice;
use super::side::Delta;
use super::values::{self, FACTS, STAMP, TAGS, described, differing, groups};

/// The details to which both copies gave a value, but not the same. Those that only one has are kept, and tags are united.
fn details_at_stake(ours: Option<&Fact>, theirs: Option<&Fact>) -> Vec<&'static str> {
    let has = |fact: Option<&Fact>, name: &str| values::values(fact, &[name]).iter().all(|value| !value.is_null());
    let both = NAMES.iter().copied().filter(|name| *name != TAGS && has(ours, name) && has(theirs, name));
    both.filter(|name| !differing(&[name], &[ours, theirs]).is_empty()).collect()
}

impl Deciding<'_, '_> {
    /// Asks of each ref that both copies gave to a new action whether the two are one act, if their facts differ. The answers are the facts
    /// of the one act. If there are two, theirs gets another ref.
    pub(super) fn logged_twice(&mut self) -> Result<BTreeMap<Key, Choice>> {
        let (ours, theirs) = (&self.ours.side.deltas, &self.theirs.side.deltas);
        let is_new = |delta: &Delta| delta.before.is_none() && delta.after.is_some();
        let both = theirs.iter().filter(|(key, delta)| key.place == ACTION && is_new(delta) && ours.get(key).is_some_and(is_new));
        let both: Vec<Key> = both.map(|(key, _)| key.clone()).collect();
        let mut single = BTreeMap::new();
        for key in both {
            let (ours, theirs) = (self.ours.row(&key)?, self.theirs.row(&key)?);
            let mut columns = differing(&FACTS, &[ours.after.as_ref(), theirs.after.as_ref()]);
            if columns.is_empty() {
                continue;
            }
            let mut possible = vec![Choice::Ours, Choice::Theirs, Choice::Both];
            if !self.readings(&key, &columns)?.is_empty() {
                possible.push(Choice::Readings);
            }
            columns.extend(details_at_stake(ours.after.as_ref(), theirs.after.as_ref()));
            let question =
                self.question(&key, &columns, "logged in both copies with other facts: one act (ours, theirs), or two (both)?", &possible)?;
            match self.ask(question)? {
                Some(Choice::Both) => self.give_other_ref(&key)?,
                Some(choice) => drop(single.insert(key, choice)),
                // Until it is answered, nothing else is asked about the action.
                None => drop(single.insert(key, Choice::Ours)),
            }
        }
        Ok(single)
    }

    /// Gives a new action of the other copy another ref, which is free in both copies.
    pub(super) fn give_other_ref(&mut self, key: &Key) -> Result<()> {
        let old = key.names[0].clone();
        let mut n = 2;
        let new = loop {
            let new = Key::of_action(&format!("{old}-{n}"));
            if self.ours.row(&new)?.after.is_none() && self.theirs.row(&new)?.after.is_none() {
                break new.names[0].clone();
            }
            n += 1;
        };
        self.plan.renamed.insert(new.clone(), old.clone());
        for (mut key, mut delta) in std::mem::take(&mut self.theirs.side.deltas) {
            let names = match key.place {
                LINK => [0, 2].as_slice(),
                ACTION | CITATION | QUANTITY => &[0],
                _ => &[],
            };
            for at in names {
                if key.names[*at] == old {
                    key.names[*at] = new.clone();
                }
            }
            if key.place == ACTION
                && key.names[0] == new
                && let Some(fact) = &mut delta.after
            {
                // As it is written, which its name is not.
                let written = fact.get("ref").and_then(Value::as_str).map(|old| format!("{old}{}", &new[old.len()..]));
                fact.insert("ref".to_owned(), written.unwrap_or_else(|| new.clone()).into());
            }
            self.theirs.side.deltas.insert(key, delta);
        }
        Ok(())
    }

    /// The sources that the other copy newly cites for an action and that can keep its date and count, if only these differ.
    pub(super) fn readings(&self, key: &Key, columns: &[&str]) -> Result<Vec<Key>> {
        if !columns.iter().all(|column| matches!(*column, "count" | "date")) {
            return Ok(Vec::new());
        }
        let cited = self.theirs.side.deltas.iter().filter(|(k, delta)| {
            let plain = |fact: &Fact| !described(k, fact).contains("denies");
            k.place == CITATION && k.names[0] == key.names[0] && delta.before.is_none() && delta.after.as_ref().is_some_and(plain)
        });
        let mut readings = Vec::new();
        for (key, _) in cited {
            if self.ours.row(key)?.after.is_none() {
                readings.push(key.clone());
            }
        }
        Ok(readings)
    }

    /// Makes one action of two that were logged under the same ref.
    pub(super) fn unite(&mut self, key: &Key, choice: Choice) -> Result<()> {
        let (ours, theirs) = (self.ours.row(key)?, self.theirs.row(key)?);
        let (Some(mut fact), Some(other)) = (ours.after.clone(), theirs.after.clone()) else { return Ok(()) };
        if choice == Choice::Readings {
            self.keep_readings(key, &fact, &other)?;
        }
        for group in groups(key) {
            let missing = values::values(Some(&fact), &group).iter().all(|value| value.is_null());
            match group[..] {
                [STAMP] => earlier_stamp(&mut fact, &other),
                [TAGS] => drop(fact.insert(TAGS.to_owned(), tags(&ours, &theirs))),
                _ if choice == Choice::Theirs && (group[0] == FACTS[0] || other.get(group[0]).is_some_and(|v| !v.is_null())) => {
                    copy(&mut fact, &other, &group)
                }
                _ if group[0] != FACTS[0] && missing => copy(&mut fact, &other, &group),
                _ => (),
            }
        }
        self.write_or_note(key, fact, true)
    }

    /// Puts the date and the count of the other copy into its citations.
    pub(super) fn keep_readings(&mut self, key: &Key, ours: &Fact, theirs: &Fact) -> Result<()> {
        let columns = differing(&FACTS, &[Some(ours), Some(theirs)]);
        for cited in self.readings(key, &columns)? {
            let Some(mut citation) = self.theirs.row(&cited)?.after else { continue };
            for (says, column) in [("says_date", "date"), ("says_count", "count"), ("says_words", "count_words")] {
                let differs = ours.get(column) != theirs.get(column);
                if differs && citation.get(says).is_none_or(Value::is_null) {
                    citation.insert(says.to_owned(), theirs.get(column).cloned().unwrap_or_default());
                }
            }
            if let Some(delta) = self.theirs.side.deltas.get_mut(&cited) {
                delta.after = Some(citation);
            }
        }
        Ok(())
    }
}
