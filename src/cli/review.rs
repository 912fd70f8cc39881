//! `recip candidates review`: reviews candidates one by one on a terminal, each with one key.

use std::collections::HashSet;

use crossterm::event::{KeyCode, KeyModifiers};
use recip::ledger::{Action, Candidate, Confirmation, catalogue};
use recip::model::counted;
use recip::render::candidates::page as draw;
use recip::report::candidates::{self, CandidateFilter};
use recip::report::{Names, collect};
use recip::{Error, Ledger, Result};

use super::output::page;
use super::prompt::{Answered, Input, Interruption, Keys, Question};
use super::session::{Session, message};
use super::{console, echo, typed_date};

/// Maximum number of reports of a candidate that are shown.
const MAX_REPORTS: usize = 5;
/// Number of candidates that are fetched at a time.
const BATCH: usize = 100;

/// The keys, with those for the actions into which the candidate can be merged.
fn keys(similar: usize) -> String {
    let merge = match similar {
        0 => "",
        1 => "[1] merge into that action  ",
        2 => "[1-2] merge into that action  ",
        _ => "[1-3] merge into that action  ",
    };
    format!("[c]onfirm or correct  {merge}[d]ismiss  [s]kip  [u]ndo the last decision  [q]uit")
}

/// The choice that a key stands for.
enum Choice {
    Confirm,
    Merge(usize),
    Dismiss,
    Skip,
    Undo,
    Quit,
}

pub(crate) fn run(session: &Session, filter: CandidateFilter) -> Result<()> {
    if !console::can_ask() || !console::is_terminal() {
        return Err(Error::refused(
            "cannot review candidates",
            "a review needs a terminal",
            "list them with 'recip candidates', and decide with 'recip confirm', 'recip candidates merge' or 'recip dismiss'",
        ));
    }
    let mut ledger = session.write()?;
    let names = Names::read(ledger.connection())?;
    let ids = next_candidates(&ledger, &filter, &[])?;
    if ids.is_empty() {
        message("there are no candidates to review");
        return Ok(());
    }
    let mut decided = Vec::new();
    let result = review(session, &mut ledger, &filter, &names, ids, &mut decided);
    message(&format!("{} reviewed", counted(decided.len(), "candidates")));
    result
}

/// A decision: the place of its candidate, and the change that it made.
struct Decision {
    at: usize,
    change: Option<i64>,
}

/// Goes through the candidates, and records in `decided` what was decided.
fn review(
    session: &Session,
    ledger: &mut Ledger,
    filter: &CandidateFilter,
    names: &Names,
    mut ids: Vec<String>,
    decided: &mut Vec<Decision>,
) -> Result<()> {
    let mut at = 0;
    loop {
        if at == ids.len() {
            ids.extend(next_candidates(ledger, filter, &ids)?);
        }
        let Some(key) = ids.get(at) else { break };
        let similar = show(session, ledger, key, names)?;
        match read_choice(similar.len())? {
            Choice::Quit => break,
            Choice::Skip => at += 1,
            Choice::Undo => match decided.pop() {
                Some(last) => match ledger.undo(last.change) {
                    Ok(_) => {
                        message("the last decision was undone");
                        at = last.at;
                    }
                    Err(e) => {
                        message(&e.to_string());
                        decided.push(last);
                    }
                },
                None => message("there is nothing to undo: no candidate has been reviewed yet"),
            },
            choice => {
                if decide(ledger, key, choice, &similar, names)? {
                    decided.push(Decision { at, change: session.change() });
                    at += 1;
                }
            }
        }
        session.note_reported();
    }
    Ok(())
}

/// The numbers of the next candidates, without those already shown.
fn next_candidates(ledger: &Ledger, filter: &CandidateFilter, shown: &[String]) -> Result<Vec<String>> {
    let limit = u64::try_from(BATCH + shown.len()).ok();
    let rows = collect(|each| candidates::read(ledger, filter, limit, each))?;
    let shown: HashSet<&String> = shown.iter().collect();
    Ok(rows.iter().map(|row| row.id.to_string()).filter(|id| !shown.contains(id)).take(BATCH).collect())
}

/// Shows a candidate. Returns the actions that may be the same event.
fn show(session: &Session, ledger: &Ledger, key: &str, names: &Names) -> Result<Vec<Action>> {
    let conn = ledger.connection();
    let candidate = Candidate::find(conn, key)?;
    let (reported, similar) = (candidate.reported(conn)?, candidates::like(conn, &candidate)?);
    page(session, None, |out| {
        writeln!(out)?;
        draw(&candidate, &reported, &similar, MAX_REPORTS, names, session.style(), out)?;
        Ok(writeln!(out, "{}", keys(similar.len()))?)
    })?;
    Ok(similar)
}

/// Carries out the choice. Returns false if the reviewer cancels or the ledger refuses.
fn decide(ledger: &mut Ledger, key: &str, choice: Choice, similar: &[Action], names: &Names) -> Result<bool> {
    let result = match choice {
        Choice::Confirm => match details(ledger, key)? {
            None => return Ok(false),
            Some(details) => ledger.confirm(key, &details).map(|(_, logged)| echo::logged(&logged.action, &logged.settlement, names)),
        },
        Choice::Merge(n) => {
            ledger.merge_candidate(key, &similar[n].id.to_string()).map(|(_, action)| format!("merged into {}", echo::line(&action, names)))
        }
        _ => match unless_cancelled(Question::new("Why? (Enter to give no reason)").ask())? {
            None => return Ok(false),
            Some(reason) => {
                let reason = (!reason.is_empty()).then_some(reason);
                ledger.dismiss(&[key.to_owned()], reason.as_deref()).map(|_| "dismissed".to_owned())
            }
        },
    };
    match result {
        Ok(text) => {
            message(&text);
            Ok(true)
        }
        Err(e @ (Error::Busy { .. } | Error::Io { .. } | Error::Sqlite(_))) => Err(e),
        Err(e) => {
            message(&e.to_string());
            Ok(false)
        }
    }
}

/// Asks the reviewer for details, with what the feed reported as the default; `None` if they cancel.
fn details(ledger: &Ledger, key: &str) -> Result<Option<Confirmation>> {
    let candidate = Candidate::find(ledger.connection(), key)?;
    let ask = || {
        let mut confirmation = Confirmation::default();
        let kind = |text: &str| catalogue::find_kind(ledger.connection(), text);
        confirmation.kind = Some(Question::new("What kind of act?").default(&candidate.kind).ask_until(kind)?.name);
        let count = Question::new("How many? (Enter if unknown)").ask_optional(str::parse)?;
        confirmation.count = count.map_or(confirmation.count, |(_, count)| count);
        confirmation.date = Some(Question::new("When?").default(&candidate.date).ask_until(typed_date::date)?);
        let summary = Question::new("What happened, in one line?").ask()?;
        confirmation.details.summary = (!summary.is_empty()).then_some(summary);
        Ok(confirmation)
    };
    unless_cancelled(ask())
}

/// The answer; `None` if the reviewer cancels with Esc or Ctrl-C.
fn unless_cancelled<T>(answer: Answered<T>) -> Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(Interruption::Back | Interruption::Cancelled) => Ok(None),
        Err(Interruption::Failed(e)) => Err(e),
    }
}

/// Waits for a key that stands for a choice. `similar` is the number of actions that can be chosen.
fn read_choice(similar: usize) -> Result<Choice> {
    let keys = Keys::new()?;
    loop {
        let Input::Key(key) = keys.next()? else { continue };
        let interrupted = key.modifiers.contains(KeyModifiers::CONTROL) && matches!(key.code, KeyCode::Char('c' | 'd'));
        return Ok(match key.code {
            _ if interrupted => Choice::Quit,
            KeyCode::Char('c') => Choice::Confirm,
            KeyCode::Char('d') => Choice::Dismiss,
            KeyCode::Char('s' | ' ') => Choice::Skip,
            KeyCode::Char('u') => Choice::Undo,
            KeyCode::Char('q') | KeyCode::Esc => Choice::Quit,
            KeyCode::Char(digit @ '1'..='3') if (digit as usize - '1' as usize) < similar => Choice::Merge(digit as usize - '1' as usize),
            _ => continue,
        });
    }
}
