//! Questions on a terminal.

use std::fmt::Display;

use inquire::autocompletion::Replacement;
use inquire::error::CustomUserError;
use inquire::{Autocomplete, Confirm, InquireError, Text};
use recip::model::name::fold;
use recip::{Error, Result};

use super::session::message;

/// Asks a yes-or-no question. Cancelling means no.
pub(crate) fn confirm(question: &str) -> Result<bool> {
    match Confirm::new(question).with_default(false).prompt() {
        Ok(yes) => Ok(yes),
        Err(e) => match Interruption::from(e) {
            Interruption::Back | Interruption::Cancelled => Ok(false),
            Interruption::Failed(e) => Err(e),
        },
    }
}

/// Why the questions ended early.
pub(crate) enum Interruption {
    /// Esc: back to the previous question.
    Back,
    /// Ctrl-C.
    Cancelled,
    Failed(Error),
}

impl From<InquireError> for Interruption {
    fn from(e: InquireError) -> Interruption {
        match e {
            InquireError::OperationCanceled => Interruption::Back,
            InquireError::OperationInterrupted => Interruption::Cancelled,
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

/// Asks until the answer can be read, and returns it. `given` is the answer to begin with.
pub(crate) fn required<T>(
    question: &str,
    read: impl Fn(&str) -> Result<T>,
    completion: &Completion,
    given: &str,
) -> std::result::Result<T, Interruption> {
    loop {
        let text = Text::new(question).with_autocomplete(completion.clone()).with_initial_value(given).prompt()?;
        match read(&text) {
            Ok(value) => return Ok(value),
            Err(e) => message(&e.to_string()),
        }
    }
}

/// Asks until the answer can be read, and returns it as text and as a value; `None` if it is empty.
pub(crate) fn optional<T, E: Display>(
    question: &str,
    read: impl Fn(&str) -> Result<T, E>,
    given: &str,
) -> std::result::Result<Option<(String, T)>, Interruption> {
    loop {
        let text = Text::new(question).with_initial_value(given).prompt()?;
        if text.is_empty() {
            return Ok(None);
        }
        match read(&text) {
            Ok(value) => return Ok(Some((text, value))),
            Err(e) => message(&e.to_string()),
        }
    }
}

/// Suggests the names that begin with the typed text, then those that contain it, each in their order.
#[derive(Clone)]
pub(crate) struct Completion {
    names: Vec<String>,
}

impl Completion {
    pub(crate) fn new(names: impl IntoIterator<Item = String>) -> Completion {
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
        beginning.append(&mut containing);
        beginning.truncate(8);
        Ok(beginning)
    }

    fn get_completion(&mut self, input: &str, highlighted: Option<String>) -> std::result::Result<Replacement, CustomUserError> {
        Ok(highlighted.or_else(|| self.get_suggestions(input).ok()?.into_iter().next()))
    }
}
