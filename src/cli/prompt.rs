//! `recip log` on a terminal: asks for each field in turn, with completion on parties and kinds.

use std::fmt::Display;

use inquire::autocompletion::Replacement;
use inquire::error::CustomUserError;
use inquire::validator::Validation;
use inquire::{Autocomplete, Confirm, InquireError, Select, Text};
use recip::ledger::{Action, Entry, Link, catalogue};
use recip::model::name::fold;
use recip::model::{Cite, Date, LinkSpec, Relation, Stage, count, deadline};
use recip::{Error, Ledger, Result};

use super::session::{Session, tell};

/// The entry that the person describes; `None` where they left with Esc or Ctrl-C.
pub(crate) fn ask(session: &Session) -> Result<Option<Entry>> {
    // Names come from the ledger there is, or from what a new one starts with.
    let ledger = match session.read() {
        Err(Error::Missing { .. }) => Ledger::in_memory()?,
        other => other?,
    };
    match fields(session, &ledger) {
        Ok(entry) => Ok(Some(entry)),
        Err(Asked::Left) => {
            tell("nothing was logged");
            Ok(None)
        }
        Err(Asked::Failed(e)) => Err(e),
    }
}

/// Asks a question that yes or no answers; no where the person leaves.
pub(crate) fn confirm(question: &str) -> Result<bool> {
    match Confirm::new(question).with_default(false).prompt() {
        Ok(yes) => Ok(yes),
        Err(e) => match Asked::from(e) {
            Asked::Left => Ok(false),
            Asked::Failed(e) => Err(e),
        },
    }
}

enum Asked {
    Left,
    Failed(Error),
}

impl From<InquireError> for Asked {
    fn from(e: InquireError) -> Asked {
        match e {
            InquireError::OperationCanceled | InquireError::OperationInterrupted => Asked::Left,
            InquireError::IO(e) => Asked::Failed(Error::Output(e)),
            other => Asked::Failed(Error::Output(std::io::Error::other(other.to_string()))),
        }
    }
}

impl From<Error> for Asked {
    fn from(e: Error) -> Asked {
        Asked::Failed(e)
    }
}

fn fields(session: &Session, ledger: &Ledger) -> std::result::Result<Entry, Asked> {
    let conn = ledger.connection();
    let parties = Completion::new(catalogue::list_parties(conn)?.into_iter().map(|p| p.name));
    let kinds = Completion::new(catalogue::list_kinds(conn)?.into_iter().map(|k| k.name));
    let actor = required("Who acted?", |t| catalogue::find_party(conn, t), parties.clone())?;
    let actor_code = catalogue::find_party(conn, &actor)?.code;
    let another = |t: &str| match catalogue::find_party(conn, t)? {
        party if party.code == actor_code => {
            Err(Error::refused(format!("{} against itself", party.name), "an act has two parties", "name another"))
        }
        party => Ok(party),
    };
    let target = required("Against whom?", another, parties)?;
    let kind = required("What sort of act?", |t| catalogue::find_kind(conn, t), kinds)?;
    let today = session.today();
    let date = Text::new("When?").with_default(today.as_str()).with_validator(valid(str::parse::<Date>)).prompt()?;
    let mut entry = Entry::new(&actor, &target, &kind, date.parse()?);
    let unit = catalogue::find_kind(conn, &kind)?.unit;
    entry.count = optional(&format!("How many {unit}? (Enter: not known)"), count::parse)?.map(|t| count::parse(&t)).transpose()?;
    entry.stage = Select::new("How far has it come?", vec![Stage::Done, Stage::Announced, Stage::Threatened]).prompt()?;
    for (relation, question) in [
        (Relation::Answers, "Which action does it answer? (id, 7:20 for a part; Enter: none)"),
        (Relation::Executes, "Which threat or announcement does it carry out? (Enter: none)"),
        (Relation::Reverses, "Which act of its own does it undo? (Enter: none)"),
        (Relation::Waives, "Which act does it decline to answer? (Enter: none)"),
    ] {
        let known = |t: &str| t.parse::<LinkSpec>().and_then(|spec| Action::find(conn, &spec.earlier));
        while let Some(text) = optional(question, known)? {
            entry.links.push(Link { relation, spec: text.parse()? });
        }
    }
    entry.summary = optional("What happened, in a line?", anything)?;
    entry.by = optional("Which body acted? (Enter: not said)", anything)?;
    entry.place = optional("Where? (Enter: not said)", anything)?;
    entry.dispute = optional("Which dispute does it belong to? (Enter: none)", |t| catalogue::find_dispute(conn, t))?;
    let spans_from = entry.date.clone();
    entry.deadline = optional("Deadline? (2017-01-01, 72h; Enter: none)", |t| deadline::parse(t, &spans_from))?
        .map(|t| deadline::parse(&t, &entry.date))
        .transpose()?;
    while let Some(text) = optional("Source? (a URL or a line; Enter: no more)", str::parse::<Cite>)? {
        entry.sources.push(text.parse()?);
    }
    Ok(entry)
}

fn required<T>(question: &str, read: impl Fn(&str) -> Result<T>, completion: Completion) -> std::result::Result<String, Asked> {
    loop {
        let text = Text::new(question).with_autocomplete(completion.clone()).prompt()?;
        match read(&text) {
            Ok(_) => return Ok(text),
            Err(e) => tell(&e.to_string()),
        }
    }
}

fn optional<T>(question: &str, read: impl Fn(&str) -> Result<T>) -> std::result::Result<Option<String>, Asked> {
    loop {
        let text = Text::new(question).prompt()?;
        if text.is_empty() {
            return Ok(None);
        }
        match read(&text) {
            Ok(_) => return Ok(Some(text)),
            Err(e) => tell(&e.to_string()),
        }
    }
}

fn anything(text: &str) -> Result<String> {
    Ok(text.to_owned())
}

fn valid<T, E: Display>(
    read: fn(&str) -> std::result::Result<T, E>,
) -> impl Fn(&str) -> std::result::Result<Validation, CustomUserError> + Clone {
    move |text| Ok(read(text).map_or_else(|e| Validation::Invalid(e.to_string().into()), |_| Validation::Valid))
}

/// Offers the names that begin with what is typed, the shortest first, then those that hold it.
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
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for name in &self.names {
            let folded = fold(name);
            match () {
                _ if folded.starts_with(&typed) => first.push(name.clone()),
                _ if folded.contains(&typed) => second.push(name.clone()),
                _ => (),
            }
        }
        first.sort_by_key(String::len);
        first.append(&mut second);
        first.truncate(8);
        Ok(first)
    }

    fn get_completion(&mut self, input: &str, highlighted: Option<String>) -> std::result::Result<Replacement, CustomUserError> {
        Ok(highlighted.or_else(|| self.get_suggestions(input).ok()?.into_iter().next()))
    }
}
