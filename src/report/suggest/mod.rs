//! The acts of the other side that may answer an open claim. What speaks for one is in
//! [`likeness`](crate::model::likeness).

mod open_acts;
mod parties;
mod row;
mod search;
mod words;

use std::cmp::Reverse;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::ledger::Action;
use crate::ledger::facts::LedgerFacts;
use crate::model::count::Count;
use crate::model::settle::OUTSIDE;
use crate::model::{Points, Stage};
use crate::report::{Lens, Names, Row};

use open_acts::OpenActs;
use search::{Match, Reach, Search};

/// Of a claim, no more than so many acts are considered where suggestions are taken.
const CONSIDERED: usize = 8;
/// The search says so often how far it is.
const TOLD: usize = 1 << 12;

/// An act that may answer an open claim.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggestion {
    /// The claim's id; negative: it is a candidate.
    pub claim_id: i64,
    /// Its ref.
    pub claim_ref: String,
    /// When it was done, as written.
    pub claim_date: String,
    /// Who did it.
    pub claim_actor: String,
    /// To whom.
    pub claim_target: String,
    /// What sort of act.
    pub claim_kind: String,
    /// Announced or done.
    pub claim_stage: Stage,
    /// How many; `None`: not known.
    pub claim_count: Option<Count>,
    /// How many of them are open; `None`: an unknown count, all of it.
    pub claim_open: Option<Count>,
    /// What is counted.
    pub claim_unit: String,
    /// The id of the act that may answer it; negative: it is a candidate.
    pub answer_id: i64,
    /// Its ref.
    pub answer_ref: String,
    /// When it was done, as written.
    pub answer_date: String,
    /// Who did it.
    pub answer_actor: String,
    /// To whom.
    pub answer_target: String,
    /// What sort of act.
    pub answer_kind: String,
    /// Announced or done.
    pub answer_stage: Stage,
    /// How many; `None`: not known.
    pub answer_count: Option<Count>,
    /// How many of them answer nothing yet; `None`: an unknown count, all of it.
    pub answer_open: Option<Count>,
    /// What is counted.
    pub answer_unit: String,
    /// Days from the claim, or from when it was opened again, to the act; where a date is a month or a year, from or to its middle,
    /// and then either way.
    pub lag_days: u32,
    /// What speaks for it, from 0 to 1.
    pub score: f64,
    /// What that is, in words, with `; ` between.
    pub reasons: String,
    /// The command that accepts it.
    pub command: String,
}

impl Row for Suggestion {
    const COLUMNS: &'static [&'static str] = &[
        "claim_id",
        "claim_ref",
        "claim_date",
        "claim_actor",
        "claim_target",
        "claim_kind",
        "claim_stage",
        "claim_count",
        "claim_open",
        "claim_unit",
        "answer_id",
        "answer_ref",
        "answer_date",
        "answer_actor",
        "answer_target",
        "answer_kind",
        "answer_stage",
        "answer_count",
        "answer_open",
        "answer_unit",
        "lag_days",
        "score",
        "reasons",
        "command",
    ];
}

/// An act that may answer another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Proposal {
    action_id: i64,
    earlier_id: i64,
    points: Points,
}

/// Which suggestions.
#[derive(Debug, Clone, PartialEq)]
pub struct Which {
    /// Those for this action, by its id or ref, and those of what it may answer itself; `None`: for every open claim.
    pub action: Option<String>,
    /// Only of this score or more.
    pub over: Points,
    /// No more than so many days after the claim.
    pub within: i64,
    /// For a claim no more than so many.
    pub each: usize,
}

impl Default for Which {
    /// Those of every open claim within a year, likely or not, three for a claim.
    fn default() -> Which {
        Which { action: None, over: Points::default(), within: 365, each: 3 }
    }
}

/// Hands the suggestions to `each`, by the day of the claim, the best first; of one action first those for it, then what it may
/// answer best. `told` hears how many claims of how many are done.
///
/// # Errors
/// There is no such action, nothing of it is open, the ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, which: &Which, told: &mut dyn FnMut(u64, u64), mut each: impl FnMut(Suggestion) -> Result<()>) -> Result<()> {
    let names = Names::read(lens)?;
    let Some(key) = &which.action else {
        return search(lens, which, told, |acts, search, claim, found| each(row::suggestion(acts, search, claim, found, &names)));
    };
    let (id, mut answered, mut may_answer) = (Action::find(lens, key)?.id, Vec::new(), Vec::new());
    search(lens, which, told, |acts, search, claim, found| {
        let row = row::suggestion(acts, search, claim, found, &names);
        if row.claim_id == id {
            answered.push(row)
        } else {
            may_answer.push(row)
        }
        Ok(())
    })?;
    may_answer.sort_by(|a, b| b.score.total_cmp(&a.score));
    answered.into_iter().chain(may_answer.into_iter().take(which.each)).try_for_each(each)
}

/// What there is to take: the best suggestions, the best first and then the oldest claim. Candidates cannot be linked, and are
/// none of them.
///
/// # Errors
/// There is no such action, nothing of it is open, or the ledger cannot be read.
fn proposals(lens: &Lens<'_>, which: &Which, told: &mut dyn FnMut(u64, u64)) -> Result<Vec<Proposal>> {
    let mut ranked = Vec::new();
    search(lens, &Which { each: CONSIDERED, ..which.clone() }, told, |acts, _, claim, found| {
        let (claim, act) = (&acts.acts[claim as usize], &acts.acts[found.act as usize]);
        if claim.id > 0 && act.id > 0 {
            let proposal = Proposal { action_id: act.id, earlier_id: claim.id, points: found.points };
            ranked.push((Reverse(found.points), claim.middle(), act.middle(), claim.reference.clone(), act.reference.clone(), proposal));
        }
        Ok(())
    })?;
    ranked.sort_unstable_by(|a, b| (a.0, a.1, a.2, &a.3, &a.4).cmp(&(b.0, b.1, b.2, &b.3, &b.4)));
    Ok(ranked.into_iter().map(|r| r.5).collect())
}

/// An act that answers another, as far as suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The id of the later act.
    pub later: i64,
    /// The id of the act it answers.
    pub earlier: i64,
    /// What speaks for it.
    pub points: Points,
    /// The day it takes effect.
    pub day: i32,
    /// How much of the earlier claim it closes.
    pub covers: u32,
    /// How much of the later act it uses up.
    pub spends: u32,
}

/// The suggestions that settle something, the best first, each as far as the links of the ledger and the better suggestions leave room by
/// the rule of settlement.
///
/// # Errors
/// There is no such action, nothing of it is open, or the ledger cannot be read.
pub fn answers(lens: &Lens<'_>, which: &Which, told: &mut dyn FnMut(u64, u64)) -> Result<Vec<Answer>> {
    let proposals = proposals(lens, which, told)?;
    let mut held = LedgerFacts::empty(lens)?;
    let mut open = lens.prepare(
        "SELECT id, day, day_latest, actor, target, kind, stage, 0, count, stands, open, day FROM unfiltered_action WHERE open > 0 ORDER BY id",
    )?;
    let mut rows = open.query([])?;
    while let Some(row) = rows.next()? {
        held.take_act(row)?;
    }
    let mut answers = Vec::new();
    for Proposal { action_id, earlier_id, points } in proposals {
        let (later, earlier) = (held.place(action_id), held.place(earlier_id));
        if later == OUTSIDE || earlier == OUTSIDE {
            continue;
        }
        if let Some(link) = held.book.answer(later, earlier) {
            let (covers, spends) = (link.amounts.covers, link.amounts.spends);
            answers.push(Answer { later: action_id, earlier: earlier_id, points, day: link.day, covers, spends });
        }
    }
    Ok(answers)
}

fn search(
    lens: &Lens<'_>,
    which: &Which,
    told: &mut dyn FnMut(u64, u64),
    mut each: impl FnMut(&OpenActs, &Search<'_>, u32, &Match) -> Result<()>,
) -> Result<()> {
    let one = which.action.as_deref().map(|key| Action::find(lens, key)).transpose()?;
    let acts = OpenActs::read(lens, one.as_ref())?;
    let only = match &one {
        Some(action) => Some(acts.find(action.id).ok_or_else(|| not_open(action))?),
        None => None,
    };
    let search = Search::new(&acts, Reach { each: which.each, over: which.over, within: which.within }, only);
    let claims = by_day(&acts);
    for (done, claim) in claims.iter().enumerate() {
        if done.is_multiple_of(TOLD) {
            told(done as u64, claims.len() as u64);
        }
        for found in search.best(*claim) {
            each(&acts, &search, *claim, &found)?;
        }
    }
    Ok(())
}

/// The claims that are asked for, the oldest first.
fn by_day(acts: &OpenActs) -> Vec<u32> {
    let mut claims: Vec<u32> = (0..acts.acts.len() as u32).filter(|at| acts.acts[*at as usize].asked).collect();
    claims.sort_by_key(|at| acts.acts[*at as usize].day);
    claims
}

fn not_open(action: &Action) -> Error {
    Error::refused(
        format!("suggest answers to {action}"),
        if action.voided.is_some() { "it is voided" } else { "nothing of it is open" },
        format!("'recip show {}' tells its account", action.id),
    )
}
