//! Comparing two copies of a ledger, and making one of both.
//!
//! Each copy keeps the tokens of its changes, so two copies know which changes they have in common, and the history of each says what it
//! did since. Amounts follow from the facts, so a merge is a union of facts, and a list of questions where both copies changed the same
//! fact. The merge is one change; the changes that it takes over are known in this ledger from then on.

mod alike;
mod apply;
mod base;
mod base_known;
mod base_taken;
mod copies;
mod decide;
mod diff;
mod fields;
mod key;
mod misfits;
mod names;
mod needs;
mod order;
mod question;
mod side;
mod twice;
mod values;

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::error::{Error, Result};
use crate::ledger::history::{self, Change};
use crate::ledger::{Ledger, change, uuid};
use crate::model::Clock;

use apply::{Obstacle, Written};
use base::Base;
use copies::Copy;
use decide::Plan;
pub use diff::Difference;
pub use question::{Answers, Choice, Question};
use side::Side;

/// What two copies have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Common {
    /// This number of changes.
    Changes(i64),
    /// The file that was named as their base.
    Base,
    /// Nothing: they were created independently of each other.
    Nothing,
}

/// The differences between two copies.
#[derive(Debug)]
pub struct Diff {
    /// What they have in common.
    pub common: Common,
    /// The differences.
    pub differences: Vec<Difference>,
}

/// The outcome of a merge.
#[derive(Debug)]
pub struct Merge {
    /// What the two copies had in common.
    pub common: Common,
    /// All questions, with their answers. If one has no answer, nothing was written.
    pub questions: Vec<Question>,
    /// How many questions the preferred answer decided.
    pub preferred: u64,
    /// How many changes of the other copy were not known here.
    pub learned: u64,
    /// New actions of the two copies that look like the same act: the ref here, and the ref there.
    pub alike: Vec<(String, String)>,
    /// Further notes.
    pub notes: Vec<String>,
    /// The merge in the history; `None` if nothing was written.
    pub change: Option<Change>,
    /// The ids of answered questions about stated amounts that came up again without the amounts.
    repeated: BTreeSet<String>,
}

impl Merge {
    /// True if a question has no answer.
    pub fn is_open(&self) -> bool {
        self.questions.iter().any(|question| question.choice.is_none())
    }
}

/// The maximum number of rows that a merge lists.
const MAX_ROWS: i64 = 30;

impl Ledger {
    /// Merges another copy into this ledger, in one change. With `base`, both are compared with that file, and otherwise with their last
    /// common state. Unless every question is answered, nothing is written, and the outcome lists the questions.
    ///
    /// # Errors
    /// The other copy cannot be read or holds what no ledger may hold, or an answer does not fit.
    pub fn merge(&mut self, other: &Ledger, base: Option<&Ledger>, answers: &Answers) -> Result<Merge> {
        let (mut answers, mut preferred) = (answers.clone(), 0);
        // What does not fit together shows only when the rest is written, so these questions are answered one after another.
        loop {
            let mut merge = self.merge_once(other, base, &answers)?;
            if !merge.repeated.is_empty() {
                answers.without_links.append(&mut merge.repeated);
                continue;
            }
            let answered = answers.preferred(&merge.questions);
            if answered.is_empty() {
                merge.preferred += preferred;
                return Ok(merge);
            }
            preferred += answered.len() as u64;
            answers.add(answered);
        }
    }

    fn merge_once(&mut self, other: &Ledger, base: Option<&Ledger>, answers: &Answers) -> Result<Merge> {
        let there = other.conn.unchecked_transaction()?;
        let mut stopped = None;
        let merged = self.change(|conn, clock| {
            let merge = merge(conn, clock, (other, &there), base, answers)?;
            if merge.is_open() {
                stopped = Some(merge);
                return Err(Error::refused("cannot merge", "questions are open", "answer them"));
            }
            Ok(merge)
        });
        match stopped {
            Some(stopped) => Ok(stopped),
            None => merged,
        }
    }

    /// True if the other ledger began as the same file.
    ///
    /// # Errors
    /// A ledger cannot be read.
    pub fn is_copy_of(&self, other: &Ledger) -> Result<bool> {
        Ok(uuid(&self.conn)? == uuid(&other.conn)?)
    }

    /// Compares this ledger with another copy of it. With `base`, both are compared with that file, and otherwise with their last common
    /// state.
    ///
    /// # Errors
    /// A ledger cannot be read.
    pub fn diff(&self, other: &Ledger, base: Option<&Ledger>) -> Result<Diff> {
        let (here, there) = (self.conn.unchecked_transaction()?, other.conn.unchecked_transaction()?);
        let (common, ours, theirs, _) = sides(&here, (other, &there), base)?;
        Ok(Diff { common, differences: diff::differences(&ours, &theirs)? })
    }
}

/// The number of changes that a copy of a ledger has and the ledger does not know; 0 if the other file is not a copy of it.
pub(super) fn unknown_changes(conn: &Connection, other: &Ledger) -> Result<usize> {
    if uuid(conn)? != uuid(&other.conn)? {
        return Ok(0);
    }
    Ok(Base::of(conn, &other.conn)?.news.iter().filter(|change| !change.is_merge).count())
}

/// The two copies, with what each did since their base.
fn sides<'c>(
    here: &'c Connection,
    (other, there): (&Ledger, &'c Connection),
    base: Option<&Ledger>,
) -> Result<(Common, Copy<'c>, Copy<'c>, Base)> {
    // Most rows of the other copy are read once.
    there.pragma_update(None, "cache_size", -16_384)?;
    let known = Base::of(here, there)?;
    if let Some(base) = base {
        let stamps = other.read_at.is_none() && base.read_at.is_none();
        let [ours, theirs] = [here, there].map(|conn| Ok::<_, Error>(Copy { conn, side: Side::between(&base.conn, conn, stamps)? }));
        return Ok((Common::Base, ours?, theirs?, known));
    }
    let common = match known.run {
        0 if uuid(here)? != uuid(there)? => Common::Nothing,
        changes => Common::Changes(changes),
    };
    let mut ours = Copy { conn: here, side: Side::since(here, known.ours, &known.our_merges)? };
    let mut theirs = Copy { conn: there, side: Side::since(there, known.theirs, &known.their_merges)? };
    base_known::reconcile(&mut ours, &mut theirs, &known)?;
    base_taken::reconcile(&mut ours, &mut theirs)?;
    if other.read_at.is_some() {
        theirs.side.forget_stamps();
    }
    Ok((common, ours, theirs, known))
}

/// Merges within a change. If questions are open, what was written must be rolled back.
fn merge(
    conn: &Connection,
    clock: Clock,
    (other, there): (&Ledger, &Connection),
    base: Option<&Ledger>,
    answers: &Answers,
) -> Result<Merge> {
    let (common, ours, mut theirs, known) = sides(conn, (other, there), base)?;
    let plan = decide::decide(&ours, &mut theirs, answers)?;
    let learned = if other.read_at.is_none() { known.news.len() as u64 } else { 0 };
    let (is_open, is_empty) = (plan.is_open(), plan.is_empty());
    let alike = alike::found(&ours, &theirs, &plan)?;
    let (questions, preferred, notes, repeated) = (plan.questions.clone(), plan.preferred, Vec::new(), BTreeSet::new());
    let mut merge = Merge { common, questions, preferred, learned, alike, notes, change: None, repeated };
    if is_open || is_empty && (learned == 0 || known.has_no_news()) {
        return Ok(merge);
    }
    let id = change::current_change(conn)?;
    base::learn(conn, id, &known.news, !plan.questions.is_empty())?;
    let Written { obstacles, notes } = apply::write(conn, clock, &plan, &ours, &theirs)?;
    merge.notes = notes;
    if has_reviews(there, known.theirs)? {
        let note = "reviews of candidates are not merged: 'recip candidates merge' joins a candidate that was confirmed there with its action here";
        merge.notes.push(note.to_owned());
    }
    for obstacle in &obstacles {
        let question = match obstacle {
            Obstacle::Row(key, why) => misfits::refused(&ours, &theirs, key, plan.puts.get(key).and_then(Option::as_ref), why)?,
            Obstacle::Link(key, amounts, why) => misfits::question(&ours, &theirs, key, *amounts, why)?,
        };
        match answered_before(&plan, &question) {
            Some(answered) if misfits::gives_way(answered) && !answers.without_links.contains(&answered.id) => {
                merge.repeated.insert(answered.id.clone());
            }
            Some(answered) => return Err(does_not_help(answered, &question)),
            None => (),
        }
        merge.questions.push(question);
    }
    if obstacles.is_empty() {
        merge.change = history::find(conn, id, MAX_ROWS)?;
    }
    Ok(merge)
}

/// True if candidates were reviewed after this change.
fn has_reviews(conn: &Connection, change: i64) -> Result<bool> {
    let reviewed = "SELECT EXISTS (SELECT 1 FROM history WHERE table_name = 'candidate' AND change_id > ?)";
    Ok(conn.query_row(reviewed, [change], |r| r.get(0))?)
}

/// The answered question that this one repeats, because the answer leaves it open.
fn answered_before<'p>(plan: &'p Plan, question: &Question) -> Option<&'p Question> {
    let same = |answered: &&Question| (&answered.what, &answered.field) == (&question.what, &question.field);
    plan.questions.iter().find(same).filter(|answered| answered.choice.is_some())
}

fn does_not_help(answered: &Question, question: &Question) -> Error {
    let choice = answered.choice.map_or("", Choice::as_str);
    Error::refused(
        format!("the answer '{choice}' to {} ({}) does not help", question.what, question.field),
        question.question.clone(),
        "give another answer, or correct one of the copies first",
    )
}
