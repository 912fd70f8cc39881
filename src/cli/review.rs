//! `recip candidates review`: through the candidates on a terminal, one key each.

use std::collections::HashSet;
use std::io::{self, IsTerminal};

use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use inquire::{InquireError, Text};
use recip::ledger::{Action, Candidate, Confirmation};
use recip::model::count;
use recip::render::candidates::page as draw;
use recip::report::candidates::{self, Which};
use recip::report::{Names, collect};
use recip::{Error, Ledger, Result};

use super::echo;
use super::output::page;
use super::session::{Session, tell};

/// How many reports of a candidate are shown.
const REPORTS: usize = 5;
/// How many candidates are looked up at a time.
const AHEAD: usize = 100;

const KEYS: &str = "[c]onfirm  [1-3] merge into that action  [d]ismiss  [s]kip  [u]ndo the last  [q]uit";

/// What a key asks for.
enum Wish {
    Confirm,
    Merge(usize),
    Dismiss,
    Skip,
    Undo,
    Quit,
}

pub(crate) fn run(session: &Session, which: Which) -> Result<()> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Error::refused(
            "review candidates",
            "this goes through them on a terminal",
            "'recip candidates' lists them; 'recip confirm', 'merge' and 'dismiss' say what one is",
        ));
    }
    let mut ledger = session.write()?;
    let names = Names::read(ledger.connection())?;
    let mut ids = ahead(&ledger, &which, &[])?;
    if ids.is_empty() {
        tell("there is nothing to review");
        return Ok(());
    }
    let mut made: Vec<usize> = Vec::new();
    let mut at = 0;
    loop {
        if at == ids.len() {
            ids.extend(ahead(&ledger, &which, &ids)?);
        }
        let Some(key) = ids.get(at) else { break };
        let like = show(session, &ledger, key, &names)?;
        match wish(like.len())? {
            Wish::Quit => break,
            Wish::Skip => at += 1,
            Wish::Undo => match made.pop() {
                Some(before) => {
                    ledger.undo(None)?;
                    at = before;
                }
                None => tell("nothing was reviewed yet"),
            },
            wish => {
                if act(&mut ledger, key, wish, &like, &names)? {
                    made.push(at);
                    at += 1;
                }
            }
        }
    }
    tell(&format!("{} reviewed", made.len()));
    Ok(())
}

/// The next candidates, but for those that were shown.
fn ahead(ledger: &Ledger, which: &Which, shown: &[String]) -> Result<Vec<String>> {
    let most = u64::try_from(AHEAD + shown.len()).ok();
    let rows = collect(|each| candidates::read(ledger, which, most, each))?;
    let shown: HashSet<&String> = shown.iter().collect();
    Ok(rows.iter().map(|row| row.id.to_string()).filter(|id| !shown.contains(id)).take(AHEAD).collect())
}

/// Draws a candidate; the actions it may be.
fn show(session: &Session, ledger: &Ledger, key: &str, names: &Names) -> Result<Vec<Action>> {
    let conn = ledger.connection();
    let candidate = Candidate::find(conn, key)?;
    let (reported, like) = (candidate.reported(conn)?, candidates::like(conn, &candidate)?);
    page(session, None, |out| {
        writeln!(out)?;
        draw(&candidate, &reported, &like, REPORTS, names, session.style(), out)?;
        Ok(writeln!(out, "{KEYS}")?)
    })?;
    Ok(like)
}

/// Does it; false where the person thought better of it, or the ledger refuses.
fn act(ledger: &mut Ledger, key: &str, wish: Wish, like: &[Action], names: &Names) -> Result<bool> {
    let done = match wish {
        Wish::Confirm => match details(ledger, key)? {
            None => return Ok(false),
            Some(with) => ledger.confirm(key, &with).map(|(_, logged)| echo::logged(&logged.action, &logged.settlement, names)),
        },
        Wish::Merge(n) => ledger.merge(key, &like[n].reference).map(|(_, action)| format!("merged into {}", echo::line(&action, names))),
        _ => match asked(Text::new("Why? (Enter: not said)").prompt())? {
            None => return Ok(false),
            Some(reason) => {
                let reason = (!reason.is_empty()).then_some(reason);
                ledger.dismiss(&[key.to_owned()], reason.as_deref()).map(|_| "dismissed".to_owned())
            }
        },
    };
    match done {
        Ok(said) => {
            tell(&said);
            Ok(true)
        }
        Err(e @ (Error::Busy { .. } | Error::Io { .. } | Error::Sqlite(_))) => Err(e),
        Err(e) => {
            tell(&e.to_string());
            Ok(false)
        }
    }
}

/// What the person knows of it; `None` where they left with Esc.
fn details(ledger: &Ledger, key: &str) -> Result<Option<Confirmation>> {
    let candidate = Candidate::find(ledger.connection(), key)?;
    let mut with = Confirmation::default();
    loop {
        let Some(text) = asked(Text::new("How many? (Enter: not known)").prompt())? else { return Ok(None) };
        match (text.is_empty(), count::parse(&text)) {
            (true, _) => break,
            (_, Ok(count)) => {
                with.count = Some(count);
                break;
            }
            (_, Err(e)) => tell(&e.to_string()),
        }
    }
    loop {
        let Some(text) = asked(Text::new("When?").with_default(&candidate.date).prompt())? else { return Ok(None) };
        match text.parse() {
            Ok(date) => {
                with.date = Some(date);
                break;
            }
            Err(e) => tell(&Error::to_string(&e)),
        }
    }
    let Some(summary) = asked(Text::new("What happened, in a line?").prompt())? else { return Ok(None) };
    with.summary = (!summary.is_empty()).then_some(summary);
    Ok(Some(with))
}

/// `None` where the person left with Esc or Ctrl-C.
fn asked(answer: std::result::Result<String, InquireError>) -> Result<Option<String>> {
    match answer {
        Ok(text) => Ok(Some(text)),
        Err(InquireError::OperationCanceled | InquireError::OperationInterrupted) => Ok(None),
        Err(InquireError::IO(e)) => Err(Error::Output(e)),
        Err(other) => Err(Error::Output(io::Error::other(other.to_string()))),
    }
}

/// Waits for a key that asks for something; `like`: so many actions can be named.
fn wish(like: usize) -> Result<Wish> {
    enable_raw_mode()?;
    let wish = loop {
        let key = match read() {
            Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => key,
            Ok(_) => continue,
            Err(e) => break Err(Error::Output(e)),
        };
        let interrupted = key.modifiers.contains(KeyModifiers::CONTROL) && matches!(key.code, KeyCode::Char('c' | 'd'));
        match key.code {
            _ if interrupted => break Ok(Wish::Quit),
            KeyCode::Char('c') => break Ok(Wish::Confirm),
            KeyCode::Char('d') => break Ok(Wish::Dismiss),
            KeyCode::Char('s' | ' ') => break Ok(Wish::Skip),
            KeyCode::Char('u') => break Ok(Wish::Undo),
            KeyCode::Char('q') | KeyCode::Esc => break Ok(Wish::Quit),
            KeyCode::Char(digit @ '1'..='3') if (digit as usize - '1' as usize) < like => {
                break Ok(Wish::Merge(digit as usize - '1' as usize));
            }
            _ => (),
        }
    };
    disable_raw_mode()?;
    wish
}
