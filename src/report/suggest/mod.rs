//! Suggestions: acts of the other side that may answer an open claim. The score is defined in
//! [`answer_score`](crate::model::answer_score).

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
use search::{Limits, Match, Search};

/// Maximum number of acts considered for each claim when suggestions are applied.
const MAX_CONSIDERED: usize = 8;
/// Number of claims between two progress reports.
const PROGRESS_INTERVAL: usize = 1 << 12;

/// An act that may answer an open claim.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggestion {
    /// Id of the claim; negative: it is a candidate.
    pub claim_id: i64,
    /// Ref of the claim.
    pub claim_ref: String,
    /// Date of the claim, as written.
    pub claim_date: String,
    /// Code of the claim's actor.
    pub claim_actor: String,
    /// Code of the claim's target.
    pub claim_target: String,
    /// Kind of the claim.
    pub claim_kind: String,
    /// Stage of the claim: announced or done.
    pub claim_stage: Stage,
    /// Count of the claim; `None`: unknown.
    pub claim_count: Option<Count>,
    /// Open part of the claim's count; `None`: the count is unknown and all of it is open.
    pub claim_open: Option<Count>,
    /// Unit of the claim's count.
    pub claim_unit: String,
    /// Id of the suggested answer; negative: it is a candidate.
    pub answer_id: i64,
    /// Ref of the answer.
    pub answer_ref: String,
    /// Date of the answer, as written.
    pub answer_date: String,
    /// Code of the answer's actor.
    pub answer_actor: String,
    /// Code of the answer's target.
    pub answer_target: String,
    /// Kind of the answer.
    pub answer_kind: String,
    /// Stage of the answer: announced or done.
    pub answer_stage: Stage,
    /// Count of the answer; `None`: unknown.
    pub answer_count: Option<Count>,
    /// Part of the answer's count that answers nothing yet; `None`: the count is unknown and all of it is available.
    pub answer_open: Option<Count>,
    /// Unit of the answer's count.
    pub answer_unit: String,
    /// Days from the claim, or from the day it was reopened, to the answer. A date that is a month or a year counts as its middle; the
    /// answer may then lie before or after the claim.
    pub lag_days: u32,
    /// The score, from 0 to 1.
    pub score: f64,
    /// The reasons for the score, separated by `; `.
    pub reasons: String,
    /// The command that accepts the suggestion.
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

/// A suggested link between two logged acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Proposal {
    action_id: i64,
    earlier_id: i64,
    points: Points,
}

/// A selection of suggestions.
#[derive(Debug, Clone, PartialEq)]
pub struct SuggestFilter {
    /// The action, by id or ref, for which to suggest answers and claims that it may answer; `None`: answers to every open claim.
    pub action: Option<String>,
    /// Minimum score.
    pub over: Points,
    /// Maximum number of days from the claim to the answer.
    pub within: i64,
    /// Maximum number of suggestions for each claim.
    pub each: usize,
}

impl Default for SuggestFilter {
    /// For every open claim, up to three suggestions within a year, whatever their score.
    fn default() -> SuggestFilter {
        SuggestFilter { action: None, over: Points::default(), within: 365, each: 3 }
    }
}

/// Passes the suggestions to `each`, ordered by the day of the claim, best first. For a single action, its answers come first, then the
/// claims that it may answer, best first. `progress` receives the number of claims searched and their total number.
///
/// # Errors
/// There is no such action, it has no open amount, the ledger cannot be read, or `each` fails.
pub fn read(
    lens: &Lens<'_>,
    filter: &SuggestFilter,
    progress: &mut dyn FnMut(u64, u64),
    mut each: impl FnMut(Suggestion) -> Result<()>,
) -> Result<()> {
    let names = Names::read(lens)?;
    let Some(key) = &filter.action else {
        return search(lens, filter, progress, |acts, search, claim, found| each(row::suggestion(acts, search, claim, found, &names)));
    };
    let (id, mut answered, mut may_answer) = (Action::find(lens, key)?.id, Vec::new(), Vec::new());
    search(lens, filter, progress, |acts, search, claim, found| {
        let row = row::suggestion(acts, search, claim, found, &names);
        if row.claim_id == id {
            answered.push(row)
        } else {
            may_answer.push(row)
        }
        Ok(())
    })?;
    may_answer.sort_by(|a, b| b.score.total_cmp(&a.score));
    answered.into_iter().chain(may_answer.into_iter().take(filter.each)).try_for_each(each)
}

/// The suggestions that can be linked, best first; of equal scores, the oldest claim first. Candidates cannot be linked and are left out.
///
/// # Errors
/// There is no such action, it has no open amount, or the ledger cannot be read.
fn proposals(lens: &Lens<'_>, filter: &SuggestFilter, progress: &mut dyn FnMut(u64, u64)) -> Result<Vec<Proposal>> {
    let mut ranked = Vec::new();
    search(lens, &SuggestFilter { each: MAX_CONSIDERED, ..filter.clone() }, progress, |acts, _, claim, found| {
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

/// A suggested answer with the amounts that it would settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// Id of the answer.
    pub later: i64,
    /// Id of the claim.
    pub earlier: i64,
    /// The score.
    pub points: Points,
    /// Day on which the link takes effect.
    pub day: i32,
    /// Amount of the claim that it settles, in the claim's unit.
    pub covers: u32,
    /// Amount of the answer that it uses, in the answer's unit.
    pub spends: u32,
}

/// The suggestions that settle something, best first. Each suggestion settles, by the settlement rule, what is left after the ledger's
/// links and the suggestions with higher scores.
///
/// # Errors
/// There is no such action, it has no open amount, or the ledger cannot be read.
pub fn answers(lens: &Lens<'_>, filter: &SuggestFilter, progress: &mut dyn FnMut(u64, u64)) -> Result<Vec<Answer>> {
    let proposals = proposals(lens, filter, progress)?;
    let mut facts = LedgerFacts::empty(lens)?;
    let mut open = lens.prepare(
        "SELECT id, day, day_latest, actor, target, kind, stage, 0, count, stands, open, day, 0 FROM unfiltered_action WHERE open > 0 ORDER BY id",
    )?;
    let mut rows = open.query([])?;
    while let Some(row) = rows.next()? {
        facts.take_act(row)?;
    }
    let mut answers = Vec::new();
    for Proposal { action_id, earlier_id, points } in proposals {
        let (later, earlier) = (facts.place(action_id), facts.place(earlier_id));
        if later == OUTSIDE || earlier == OUTSIDE {
            continue;
        }
        if let Some(link) = facts.book.answer(later, earlier) {
            let (covers, spends) = (link.amounts.covers, link.amounts.spends);
            answers.push(Answer { later: action_id, earlier: earlier_id, points, day: link.day, covers, spends });
        }
    }
    Ok(answers)
}

fn search(
    lens: &Lens<'_>,
    filter: &SuggestFilter,
    progress: &mut dyn FnMut(u64, u64),
    mut each: impl FnMut(&OpenActs, &Search<'_>, u32, &Match) -> Result<()>,
) -> Result<()> {
    let one = filter.action.as_deref().map(|key| Action::find(lens, key)).transpose()?;
    let acts = OpenActs::read(lens, one.as_ref())?;
    let only = match &one {
        Some(action) => Some(acts.find(action.id).ok_or_else(|| not_open(action))?),
        None => None,
    };
    let search = Search::new(&acts, Limits { each: filter.each, over: filter.over, within: filter.within }, only);
    let claims = by_day(&acts);
    for (done, claim) in claims.iter().enumerate() {
        if done.is_multiple_of(PROGRESS_INTERVAL) {
            progress(done as u64, claims.len() as u64);
        }
        for found in search.best(*claim) {
            each(&acts, &search, *claim, &found)?;
        }
    }
    Ok(())
}

/// The requested claims, oldest first.
fn by_day(acts: &OpenActs) -> Vec<u32> {
    let mut claims: Vec<u32> = (0..acts.acts.len() as u32).filter(|at| acts.acts[*at as usize].requested).collect();
    claims.sort_by_key(|at| acts.acts[*at as usize].day);
    claims
}

fn not_open(action: &Action) -> Error {
    Error::refused(
        format!("cannot suggest answers to {action}"),
        if action.voided.is_some() { "it is voided" } else { "it has no open amount" },
        format!("'recip show {}' shows the action, its links and what is open", action.id),
    )
}
