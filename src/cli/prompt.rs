//! Questions on a terminal. `recip log` asks for each field in turn and completes the names of parties and kinds.

use std::fmt::Display;

use inquire::autocompletion::Replacement;
use inquire::error::CustomUserError;
use inquire::validator::Validation;
use inquire::{Autocomplete, Confirm, InquireError, Select, Text};
use recip::ledger::entry::detail_as_stored;
use recip::ledger::{Action, Entry, Link, catalogue};
use recip::model::details::summary_first;
use recip::model::name::fold;
use recip::model::{Cite, LinkSpec, Relation, Stage, StatedCount};
use recip::{Error, Ledger, Result};

use super::session::{Session, message};
use super::when;

/// Asks for the fields of an entry; `None` if the user cancels with Esc or Ctrl-C.
pub(crate) fn ask(session: &Session) -> Result<Option<Entry>> {
    // If there is no ledger yet, the names come from the built-in catalogue.
    let ledger = match session.read() {
        Err(Error::Missing { .. }) => Ledger::in_memory()?,
        other => other?,
    };
    match fields(session, &ledger) {
        Ok(entry) => Ok(Some(entry)),
        Err(Interruption::Cancelled) => {
            message("nothing was logged");
            Ok(None)
        }
        Err(Interruption::Failed(e)) => Err(e),
    }
}

/// Asks a yes-or-no question. Cancelling means no.
pub(crate) fn confirm(question: &str) -> Result<bool> {
    match Confirm::new(question).with_default(false).prompt() {
        Ok(yes) => Ok(yes),
        Err(e) => match Interruption::from(e) {
            Interruption::Cancelled => Ok(false),
            Interruption::Failed(e) => Err(e),
        },
    }
}

/// Why the questions ended early.
enum Interruption {
    Cancelled,
    Failed(Error),
}

impl From<InquireError> for Interruption {
    fn from(e: InquireError) -> Interruption {
        match e {
            InquireError::OperationCanceled | InquireError::OperationInterrupted => Interruption::Cancelled,
            InquireError::IO(e) => Interruption::Failed(Error::Output(e)),
            other => Interruption::Failed(Error::Output(std::io::Error::other(other.to_string()))),
        }
    }
}

impl From<Error> for Interruption {
    fn from(e: Error) -> Interruption {
        Interruption::Failed(e)
    }
}

fn fields(session: &Session, ledger: &Ledger) -> std::result::Result<Entry, Interruption> {
    let conn = ledger.connection();
    let parties = Completion::new(catalogue::list_parties(conn)?.into_iter().map(|p| p.name));
    let kinds = Completion::new(catalogue::list_kinds(conn)?.into_iter().map(|k| k.name));
    let actor = required("Who acted?", |t| catalogue::find_party(conn, t), parties.clone())?;
    let actor_code = catalogue::find_party(conn, &actor)?.code;
    let another = |t: &str| match catalogue::find_party(conn, t)? {
        party if party.code == actor_code => {
            Err(Error::refused(format!("{} cannot act against itself", party.name), "an act has two parties", "name another party"))
        }
        party => Ok(party),
    };
    let target = required("Against whom?", another, parties)?;
    let kind = required("What kind of act?", |t| catalogue::find_kind(conn, t), kinds)?;
    let today = session.today();
    let date = Text::new("When?").with_default(today.as_str()).with_validator(valid(when::date)).prompt()?;
    let mut entry = Entry::new(&actor, &target, &kind, when::date(&date)?);
    let unit = catalogue::find_kind(conn, &kind)?.unit;
    entry.count = optional(&format!("How many {unit}? (Enter if unknown)"), str::parse::<StatedCount>)?
        .map_or(Ok(StatedCount::Unknown), |text| text.parse())?;
    entry.stage = Select::new("Which stage has it reached?", vec![Stage::Done, Stage::Announced, Stage::Threatened]).prompt()?;
    for (relation, question) in [
        (Relation::Answers, "Which action does it answer? (an id, or 7:20 for a part; Enter for none)"),
        (Relation::Executes, "Which threat or announcement does it carry out? (Enter for none)"),
        (Relation::Reverses, "Which earlier act of the same actor does it reverse? (Enter for none)"),
        (Relation::Waives, "Which act does it decline to answer? (Enter for none)"),
        (Relation::Extends, "Which earlier act of the same actor does it extend, that is, move the deadline of? (Enter for none)"),
    ] {
        let existing = |t: &str| t.parse::<LinkSpec>().and_then(|spec| Action::find_linked(conn, &spec));
        while let Some(text) = optional(question, existing)? {
            entry.links.push(Link { relation, spec: text.parse()? });
        }
    }
    for (detail, value) in summary_first(entry.details.each_mut()) {
        *value = optional(detail.question, |text| detail_as_stored(conn, detail, text, &entry.date))?;
    }
    while let Some(text) = optional("Source? (a URL or a citation; Enter when done)", str::parse::<Cite>)? {
        entry.sources.push(text.parse()?);
    }
    Ok(entry)
}

fn required<T>(question: &str, read: impl Fn(&str) -> Result<T>, completion: Completion) -> std::result::Result<String, Interruption> {
    loop {
        let text = Text::new(question).with_autocomplete(completion.clone()).prompt()?;
        match read(&text) {
            Ok(_) => return Ok(text),
            Err(e) => message(&e.to_string()),
        }
    }
}

fn optional<T>(question: &str, read: impl Fn(&str) -> Result<T>) -> std::result::Result<Option<String>, Interruption> {
    loop {
        let text = Text::new(question).prompt()?;
        if text.is_empty() {
            return Ok(None);
        }
        match read(&text) {
            Ok(_) => return Ok(Some(text)),
            Err(e) => message(&e.to_string()),
        }
    }
}

fn valid<T, E: Display>(
    read: fn(&str) -> std::result::Result<T, E>,
) -> impl Fn(&str) -> std::result::Result<Validation, CustomUserError> + Clone {
    move |text| Ok(read(text).map_or_else(|e| Validation::Invalid(e.to_string().into()), |_| Validation::Valid))
}

/// Suggests the names that begin with the typed text, shortest first, then those that contain it.
#[derive(Clone)]
struct Completion {
    names: Vec<String>,
}

impl Completion {
    fn new(names: impl IntoIterator<Item = String>) -> Completion {
        Completion { names: names.into_iter().collect() }
    }
}

impl Autocomplete for Completion {
    fn get_suggestions(&mut self, input: &str) -> std::result::Result<Vec<String>, CustomUserError> {
        let typed = fold(input);
        let (mut beginning, mut containing) = (Vec::new(), Vec::new());
        for name in &self.names {
            let folded = fold(name);
            match () {
                _ if folded.starts_with(&typed) => beginning.push(name.clone()),
                _ if folded.contains(&typed) => containing.push(name.clone()),
                _ => (),
            }
        }
        beginning.sort_by_key(String::len);
        beginning.append(&mut containing);
        beginning.truncate(8);
        Ok(beginning)
    }

    fn get_completion(&mut self, input: &str, highlighted: Option<String>) -> std::result::Result<Replacement, CustomUserError> {
        Ok(highlighted.or_else(|| self.get_suggestions(input).ok()?.into_iter().next()))
    }
}
