//! The decisions of a merge: what to take from the other copy, what to keep, and what to ask.
//!
//! Of each field of a row, four values are compared: those of both copies now, and those of both at the base. The base of a copy is its last
//! state that the other copy knows.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;

use super::copies::{Copy, Known, Verdict, verdict, what};
use super::fields::{copy, earlier_stamp, tags};
use super::key::{ACTION, Fact, Key};
use super::question::{Answer, Answers, Choice, Question, choices};
use super::side::Delta;
use super::values::{FACTS, STAMP, TAGS, described, differing, field, groups, row_field, shown};

/// What a merge writes.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The rows to write; `None` removes the row.
    pub puts: BTreeMap<Key, Option<Fact>>,
    /// Rows on which a decision was made but that do not change. The history records this, so a later merge of the copies knows it.
    pub decided: BTreeSet<Key>,
    /// All questions; the open ones have no answer.
    pub questions: Vec<Question>,
    /// New refs for actions of the other copy whose refs are taken here, each with its original ref.
    pub renamed: BTreeMap<String, String>,
    /// How many questions the preferred answer decided.
    pub preferred: u64,
}

impl Plan {
    /// True if it changes nothing, and nothing was decided.
    pub fn is_empty(&self) -> bool {
        self.puts.is_empty() && self.decided.is_empty()
    }

    /// True if a question has no answer.
    pub fn is_open(&self) -> bool {
        self.questions.iter().any(|question| question.choice.is_none())
    }
}

/// The comparison of two copies.
pub(super) struct Deciding<'a, 'c> {
    pub ours: &'a Copy<'c>,
    pub theirs: &'a mut Copy<'c>,
    pub answers: &'a Answers,
    pub plan: Plan,
    /// The refs of actions on which our copy worked, and those on which the other one did.
    worked_on: [BTreeSet<String>; 2],
    /// The refs of actions that stay as they are here, although the other copy removed them.
    kept: BTreeSet<String>,
    /// The refs of actions that this ledger removed, and that stay removed although the other copy worked on them.
    gone: BTreeSet<String>,
}

/// Decides on every row that the other copy touched.
pub(super) fn decide<'c>(ours: &Copy<'c>, theirs: &mut Copy<'c>, answers: &Answers) -> Result<Plan> {
    let (kept, gone) = (BTreeSet::new(), BTreeSet::new());
    let mut deciding = Deciding { ours, theirs, answers, plan: Plan::default(), worked_on: Default::default(), kept, gone };
    let single = deciding.logged_twice()?;
    deciding.worked_on = [deciding.ours.side.busy(), deciding.theirs.side.busy()];
    let voided_here: BTreeSet<Key> = deciding.ours.side.voided().iter().map(|reference| Key::of_action(reference)).collect();
    let worked_on: BTreeSet<Key> = deciding.worked_on[1].iter().map(|reference| Key::of_action(reference)).collect();
    let keys: BTreeSet<Key> = deciding.theirs.side.deltas.keys().cloned().chain(voided_here.intersection(&worked_on).cloned()).collect();
    for key in &keys {
        match single.get(key) {
            Some(choice) => deciding.unite(key, *choice)?,
            None => deciding.row(key)?,
        }
    }
    deciding.bring_needed()?;
    deciding.settle_misfits()?;
    deciding.leave_out_refused()?;
    Ok(deciding.plan)
}

/// The columns of a group that a copy changed since the base. A count and its words are one.
fn changed<'c>(group: &[&'c str], copy: &Known) -> Vec<&'c str> {
    let changed = differing(group, &[copy.before.as_ref(), copy.after.as_ref()]);
    let words = changed.contains(&"count").then_some("count_words");
    changed.into_iter().chain(words).collect()
}

/// True if no column was changed by both copies, so both changes can be kept.
fn are_apart(columns: &[&str], ours: &Known, theirs: &Known) -> bool {
    let (here, there) = (changed(columns, ours), changed(columns, theirs));
    here.iter().all(|column| !there.contains(column))
}

impl Deciding<'_, '_> {
    /// Asks a question; returns the answer, if there is one.
    pub(super) fn ask(&mut self, question: Question) -> Result<Option<Choice>> {
        let mut question = question.identified();
        let answer = self.answers.to(&question)?;
        let choice = match answer {
            None => None,
            Some(Answer::Given(choice)) => Some(choice),
            Some(Answer::Preferred(choice)) => {
                self.plan.preferred += 1;
                Some(choice)
            }
        };
        question.choice = choice;
        self.plan.questions.push(question);
        Ok(choice)
    }

    /// The question about columns of a row, or about the whole row.
    pub(super) fn question(&self, key: &Key, columns: &[&str], why: &str, possible: &[Choice]) -> Result<Question> {
        let (ours, theirs) = (self.ours.row(key)?, self.theirs.row(key)?);
        let show = |fact: &Option<Fact>| match columns {
            [] => fact.as_ref().map(|fact| described(key, fact)),
            _ => shown(key, columns, fact.as_ref()),
        };
        let base = ours.before.as_ref().or(theirs.before.as_ref()).cloned();
        let removed =
            |known: &Known| show(&known.after).or_else(|| (known.after.is_none() && columns.is_empty()).then(|| "removed".to_owned()));
        Ok(Question {
            id: String::new(),
            what: what(self.ours, self.theirs, key)?,
            field: if columns.is_empty() { row_field(self.ours, self.theirs, key)? } else { field(self.ours, self.theirs, key, columns)? },
            question: why.to_owned(),
            base: show(&base),
            ours: removed(&ours),
            theirs: removed(&theirs),
            ours_by: self.ours.by(key)?,
            theirs_by: self.theirs.by(key)?,
            choices: choices(possible),
            choice: None,
        })
    }

    fn put(&mut self, key: &Key, fact: Option<Fact>) {
        self.plan.puts.insert(key.clone(), fact);
    }

    pub(super) fn write_or_note(&mut self, key: &Key, fact: Fact, decided: bool) -> Result<()> {
        if self.ours.row(key)?.after.as_ref() != Some(&fact) {
            self.put(key, Some(fact));
        } else if decided {
            self.plan.decided.insert(key.clone());
        }
        Ok(())
    }

    fn row(&mut self, key: &Key) -> Result<()> {
        if key.place != ACTION && key.acts().iter().any(|reference| self.gone.contains(*reference)) {
            return Ok(());
        }
        let (ours, theirs) = (self.ours.row(key)?, self.theirs.row(key)?);
        match (&ours.after, &theirs.after) {
            (None, None) => Ok(()),
            (Some(_), Some(_)) => self.fields(key, &ours, &theirs),
            (None, Some(fact)) => {
                let fact = fact.clone();
                self.added(key, &ours, &theirs, fact)
            }
            (Some(_), None) => self.removed(key, &ours, &theirs),
        }
    }

    /// Decides on a row that only the other copy has.
    fn added(&mut self, key: &Key, ours: &Known, theirs: &Known, fact: Fact) -> Result<()> {
        let we_removed = ours.touched && ours.before.is_some();
        let they_work = theirs.moved() || key.place == ACTION && self.worked_on[1].contains(&key.names[0]);
        if !we_removed {
            self.put(key, Some(fact));
            return Ok(());
        }
        if !they_work {
            return Ok(());
        }
        let question = self.question(key, &[], "removed here and changed there", &[Choice::Ours, Choice::Theirs])?;
        match self.ask(question)? {
            Some(Choice::Theirs) => {
                self.put(key, Some(fact));
                if key.place == ACTION {
                    self.restore(key)?;
                }
            }
            _ if key.place == ACTION => drop(self.gone.insert(key.names[0].clone())),
            _ => (),
        }
        Ok(())
    }

    /// Brings back what this ledger removed together with an action.
    fn restore(&mut self, action: &Key) -> Result<()> {
        let of_action =
            |(key, delta): &(&Key, &Delta)| key.place != ACTION && delta.after.is_none() && key.acts().contains(&action.names[0].as_str());
        let keys: Vec<Key> = self.ours.side.deltas.iter().filter(of_action).map(|(key, _)| key.clone()).collect();
        for key in keys {
            if let Some(fact) = self.theirs.row(&key)?.after {
                self.put(&key, Some(fact));
            }
        }
        Ok(())
    }

    /// Decides on a row that the other copy removed.
    fn removed(&mut self, key: &Key, ours: &Known, theirs: &Known) -> Result<()> {
        if !theirs.touched {
            return Ok(());
        }
        // It stays with its action, in the other copy too.
        if key.acts().iter().any(|reference| self.kept.contains(*reference)) {
            self.plan.decided.insert(key.clone());
            return Ok(());
        }
        let we_work = ours.moved() || key.place == ACTION && self.worked_on[0].contains(&key.names[0]);
        if !we_work {
            self.put(key, None);
            return Ok(());
        }
        let question = self.question(key, &[], "changed here and removed there", &[Choice::Ours, Choice::Theirs])?;
        match self.ask(question)? {
            Some(Choice::Theirs) => self.put(key, None),
            _ => {
                self.plan.decided.insert(key.clone());
                if key.place == ACTION {
                    self.kept.insert(key.names[0].clone());
                }
            }
        }
        Ok(())
    }

    /// Decides on a row that both copies have, group by group.
    fn fields(&mut self, key: &Key, ours: &Known, theirs: &Known) -> Result<()> {
        let (Some(mut fact), Some(other)) = (ours.after.clone(), theirs.after.clone()) else { return Ok(()) };
        let mut decided = false;
        for group in groups(key) {
            if group == [STAMP] {
                match verdict(&group, ours, theirs) {
                    Verdict::Keep => (),
                    // A person decided that the ref belongs to another act.
                    Verdict::Take if other.contains_key(STAMP) => copy(&mut fact, &other, &group),
                    _ => earlier_stamp(&mut fact, &other),
                }
                continue;
            }
            if group == [TAGS] {
                fact.insert(TAGS.to_owned(), tags(ours, theirs));
                continue;
            }
            let is_facts = key.place == ACTION && group[0] == FACTS[0];
            let against = if is_facts { self.voided_against_work(key, ours, theirs) } else { None };
            match (verdict(&group, ours, theirs), against) {
                (Verdict::Keep, None) => (),
                (Verdict::Take, None) => copy(&mut fact, &other, &group),
                (_, against) => {
                    decided = true;
                    let columns = differing(&group, &[Some(&fact), Some(&other)]);
                    let mut possible = vec![Choice::Ours, Choice::Theirs];
                    if ours.before.is_some() && ours.before == theirs.before {
                        possible.push(Choice::Base);
                        if against.is_none() && are_apart(&columns, ours, theirs) {
                            possible.push(Choice::Both);
                        }
                    }
                    if is_facts && against.is_none() && !self.readings(key, &columns)?.is_empty() {
                        possible.push(Choice::Readings);
                    }
                    let question = self.question(key, &columns, against.unwrap_or("changed in both copies"), &possible)?;
                    match self.ask(question)? {
                        Some(Choice::Theirs) => copy(&mut fact, &other, &group),
                        Some(Choice::Both) => copy(&mut fact, &other, &changed(&group, theirs)),
                        Some(Choice::Base) => ours.before.iter().for_each(|base| copy(&mut fact, base, &group)),
                        Some(Choice::Readings) => self.keep_readings(key, &fact, &other)?,
                        _ => (),
                    }
                }
            }
        }
        self.write_or_note(key, fact, decided)
    }

    /// Why a person must decide whether an action stays voided: one copy voided it, and the other worked on it.
    fn voided_against_work(&self, key: &Key, ours: &Known, theirs: &Known) -> Option<&'static str> {
        let [ours_busy, theirs_busy] = [0, 1].map(|n| self.worked_on[n].contains(&key.names[0]));
        let is_void = |known: &Known| known.after.as_ref().and_then(|fact| fact.get("voided")).is_some_and(|v| !v.is_null());
        match (is_void(ours), is_void(theirs)) {
            (false, true) if theirs.moved() && ours_busy => Some("changed or linked here, and voided there"),
            (true, false) if ours.moved() && theirs_busy => Some("voided here, and changed or linked there"),
            _ => None,
        }
    }
}
