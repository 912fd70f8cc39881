//! Suggestions: acts of the other side that may answer an open claim. The score is defined in
//! [`answer_score`](crate::model::answer_score), and which of them fit with each other in `solve`.

mod engine_rows;
mod ledger_rows;
mod open_acts;
mod parties;
mod row;
mod rows;
mod search;
mod solve;
mod words;

use std::cmp::Reverse;

use serde::Serialize;

use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::model::answer_score::FITTED;
use crate::model::count::Count;
use crate::model::{Coefficients, Score, Stage};
use crate::report::portable::SuggestStatements;
use crate::report::{Lens, Row};

use engine_rows::EngineRows;
use ledger_rows::LedgerRows;
use open_acts::OpenActs;
pub(crate) use rows::{OF_REQUESTED, Part};
use rows::{Requested, Rows};
use search::{Limits, Match, Search};
use solve::MAX_CONSIDERED;

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
    /// The longest time in days from the claim to the answer that the dates allow.
    pub lag_days_max: i64,
    /// The probability that the claim came first, if every day that the dates allow is equally likely.
    pub order: f64,
    /// Number of other open acts between the two that fit as well by their kind.
    pub rivals: usize,
    /// Number of words that both summaries contain, and of third parties that both name.
    pub words: usize,
    /// True if the two fit with the better suggestions: each act can be used only once. If the dates do not say which of the two came
    /// first, also true if they fit the other way round.
    pub fits: bool,
    /// The score: the probability that the act answers the claim.
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
        "lag_days_max",
        "order",
        "rivals",
        "words",
        "fits",
        "score",
        "reasons",
        "command",
    ];
}

/// A claim and an act that may answer it, as indices of open acts.
#[derive(Debug, Clone, Copy)]
struct Pair {
    claim: u32,
    found: Match,
    fit: Fit,
}

/// How a pair fits with the better pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    No,
    /// The same two acts fit the other way round, and their dates do not say which came first. Both ways have the score of a pair that
    /// fits, but only one can be linked.
    Reversed,
    Yes,
}

impl Pair {
    fn fits_either_way(&self) -> bool {
        self.fit != Fit::No
    }

    fn score(&self) -> Score {
        self.found.scores[usize::from(self.fits_either_way())]
    }
}

/// A selection of suggestions.
#[derive(Debug, Clone, PartialEq)]
pub struct SuggestFilter {
    /// The action, by id or ref, for which to suggest answers and claims that it may answer; `None`: answers to every open claim.
    pub action: Option<String>,
    /// Minimum score.
    pub over: Score,
    /// Maximum number of days from the claim to the answer, at the longest that the dates allow; `None`: 365 days between the middles of the
    /// dates.
    pub within: Option<i64>,
    /// Maximum number of suggestions for each claim.
    pub each: usize,
    /// True for all suggestions that fit with each other and settle something: those that [`answers`] returns.
    pub assign: bool,
    /// The coefficients of the score.
    pub coefficients: Coefficients,
}

/// Maximum number of days from the claim to the answer, if no more are requested.
const WITHIN: i64 = 365;

impl Default for SuggestFilter {
    /// For every open claim, up to three suggestions within a year, whatever their score.
    fn default() -> SuggestFilter {
        SuggestFilter { action: None, over: Score::default(), within: None, each: 3, assign: false, coefficients: FITTED }
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
    each: impl FnMut(Suggestion) -> Result<()>,
) -> Result<()> {
    compute(lens, &LedgerRows::new(lens, filter.action.as_deref())?, filter, progress, each)
}

/// As [`read`], from the rows that an engine gives for these statements.
pub(super) fn read_on(
    engine: &Engine,
    statements: &SuggestStatements,
    lens: &Lens<'_>,
    filter: &SuggestFilter,
    progress: &mut dyn FnMut(u64, u64),
    each: impl FnMut(Suggestion) -> Result<()>,
) -> Result<()> {
    compute(lens, &EngineRows::new(engine, statements)?, filter, progress, each)
}

fn compute(
    lens: &Lens<'_>,
    rows: &dyn Rows,
    filter: &SuggestFilter,
    progress: &mut dyn FnMut(u64, u64),
    mut each: impl FnMut(Suggestion) -> Result<()>,
) -> Result<()> {
    let (acts, only) = open_acts(lens, rows)?;
    let search = search(&acts, filter);
    let mut pairs = pairs(&acts, &search, progress)?;
    if filter.assign {
        let settled = solve::settle(&acts, &pairs, filter.over)?;
        let mut kept: Vec<usize> = settled.into_iter().map(|(at, _)| at).collect();
        kept.sort_unstable();
        pairs = kept.into_iter().map(|at| pairs[at]).collect();
    }
    pairs.retain(|pair| filter.selects(&acts, only, pair));
    let most = if filter.assign { usize::MAX } else { filter.each };
    let mut row = |pair: &Pair| each(row::suggestion(&acts, &search, pair));
    let may_answer = |pair: &Pair| only == Some(pair.found.act);
    for of_claim in pairs.chunk_by_mut(|a, b| a.claim == b.claim) {
        of_claim.sort_by_key(|pair| Reverse(pair.score()));
        of_claim.iter().filter(|pair| !may_answer(pair)).take(most).try_for_each(&mut row)?;
    }
    let mut claims: Vec<Pair> = pairs.into_iter().filter(may_answer).collect();
    claims.sort_by_key(|pair| (Reverse(pair.score()), solve::rank(&acts, pair)));
    claims.iter().take(most).try_for_each(row)
}

/// A suggested answer with the amounts that it would settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// Id of the answer.
    pub later: i64,
    /// Id of the claim.
    pub earlier: i64,
    /// The score.
    pub score: Score,
    /// Day on which the link takes effect.
    pub day: i32,
    /// Amount of the claim that it settles, in the claim's unit.
    pub covers: u32,
    /// Amount of the answer that it uses, in the answer's unit.
    pub spends: u32,
}

/// The suggestions that fit with each other and settle something, best first, with the amounts that they settle if all of them are linked.
/// Candidates cannot be linked and are left out.
///
/// # Errors
/// There is no such action, it has no open amount, or the ledger cannot be read.
pub fn answers(lens: &Lens<'_>, filter: &SuggestFilter, progress: &mut dyn FnMut(u64, u64)) -> Result<Vec<Answer>> {
    let (acts, only) = open_acts(lens, &LedgerRows::new(lens, filter.action.as_deref())?)?;
    let pairs = pairs(&acts, &search(&acts, filter), progress)?;
    let mut settled = solve::settle(&acts, &pairs, filter.over)?;
    settled.retain(|(at, _)| filter.selects(&acts, only, &pairs[*at]));
    settled.sort_by_key(|(at, _)| (Reverse(pairs[*at].score()), solve::rank(&acts, &pairs[*at])));
    let answer = |(at, link): (usize, crate::model::settle::SettledLink)| Answer {
        later: acts.acts[pairs[at].found.act as usize].id,
        earlier: acts.acts[pairs[at].claim as usize].id,
        score: pairs[at].score(),
        day: link.day,
        covers: link.amounts.covers,
        spends: link.amounts.spends,
    };
    Ok(settled.into_iter().map(answer).filter(|answer| answer.later > 0 && answer.earlier > 0).collect())
}

impl SuggestFilter {
    /// True if the pair is requested. The pairs that are not requested have been considered all the same, because they decide what fits.
    fn selects(&self, acts: &OpenActs, only: Option<u32>, pair: &Pair) -> bool {
        let requested = match only {
            Some(only) => only == pair.claim || only == pair.found.act,
            None => acts.acts[pair.claim as usize].requested,
        };
        let (claim, act) = (&acts.acts[pair.claim as usize], &acts.acts[pair.found.act as usize]);
        requested && pair.score() >= self.over && self.within.is_none_or(|within| claim.days_to(act).1 <= within)
    }
}

/// The open acts, and the index of the requested one.
fn open_acts(lens: &Lens<'_>, rows: &dyn Rows) -> Result<(OpenActs, Option<u32>)> {
    let acts = OpenActs::read(rows, lens.narrows())?;
    let only = rows.requested().map(|action| acts.find(action.id).ok_or_else(|| not_open(action))).transpose()?;
    Ok((acts, only))
}

fn search<'a>(acts: &'a OpenActs, filter: &SuggestFilter) -> Search<'a> {
    let limits =
        Limits { each: filter.each.max(MAX_CONSIDERED), within: filter.within.unwrap_or(0).max(WITHIN), coefficients: filter.coefficients };
    Search::new(acts, limits)
}

/// The best answers of every claim, the oldest claim first. Those that fit with each other are marked.
fn pairs(acts: &OpenActs, search: &Search<'_>, progress: &mut dyn FnMut(u64, u64)) -> Result<Vec<Pair>> {
    let mut claims: Vec<u32> = (0..acts.acts.len() as u32).collect();
    claims.sort_by_key(|at| acts.acts[*at as usize].day);
    let mut pairs = Vec::new();
    for (done, claim) in claims.iter().enumerate() {
        if done.is_multiple_of(PROGRESS_INTERVAL) {
            progress(done as u64, claims.len() as u64);
        }
        pairs.extend(search.best(*claim).into_iter().map(|found| Pair { claim: *claim, found, fit: Fit::No }));
    }
    solve::mark(acts, &mut pairs)?;
    Ok(pairs)
}

fn not_open(action: &Requested) -> Error {
    let why = if action.is_voided { "it is voided" } else { "it has no open amount" };
    Error::refused(format!("cannot suggest answers to {}", action.name), why, action.way_out.as_str())
}
