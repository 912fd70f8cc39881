//! What a merge cannot decide by itself, and what people answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::record::Row;

/// An answer to a question of a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// What this ledger has.
    Ours,
    /// What the other copy has.
    Theirs,
    /// Both are kept: two actions, the fields that either copy changed, or neither copy's stated amounts.
    Both,
    /// What both copies had before.
    Base,
    /// One action with the count or the date of this ledger; the source that the other copy cites keeps its own.
    Readings,
}

impl Choice {
    /// All answers.
    pub const ALL: [Choice; 5] = [Choice::Ours, Choice::Theirs, Choice::Both, Choice::Base, Choice::Readings];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Choice::Ours => "ours",
            Choice::Theirs => "theirs",
            Choice::Both => "both",
            Choice::Base => "base",
            Choice::Readings => "readings",
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Choice {
    type Err = Error;

    fn from_str(text: &str) -> Result<Choice> {
        let word = text.trim().to_lowercase();
        Choice::ALL
            .into_iter()
            .find(|choice| choice.as_str() == word)
            .ok_or_else(|| Error::invalid("choice", text, "this is not an answer", "write ours, theirs, both, base or readings"))
    }
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// Identifies the question; it changes if any value in the question changes.
    pub id: String,
    /// What it is about: the ref of an action, or a row of the catalogue.
    pub what: String,
    /// The field, or the link, the source or the quantity of the action.
    pub field: String,
    /// Why it is asked.
    pub question: String,
    /// What both copies had before.
    pub base: Option<String>,
    /// What this ledger has.
    pub ours: Option<String>,
    /// What the other copy has.
    pub theirs: Option<String>,
    /// Who made the latest change of it here, and when.
    pub ours_by: Option<String>,
    /// Who made the latest change of it in the other copy, and when.
    pub theirs_by: Option<String>,
    /// The possible answers, separated by spaces.
    pub choices: String,
    /// The answer.
    pub choice: Option<Choice>,
}

impl Row for Question {
    const COLUMNS: &'static [&'static str] =
        &["id", "what", "field", "question", "base", "ours", "theirs", "ours_by", "theirs_by", "choices", "choice"];
}

impl Question {
    /// The question with its id.
    pub(super) fn identified(mut self) -> Question {
        let mut hash = Sha256::new();
        for part in [Some(&self.what), Some(&self.field), self.base.as_ref(), self.ours.as_ref(), self.theirs.as_ref()] {
            hash.update(part.map_or("-".to_owned(), |text| format!("{}:{text}", text.len())));
        }
        // It begins with a letter, so that no spreadsheet program takes it for a number.
        self.id = hash.finalize().iter().take(4).fold("q".to_owned(), |id, byte| format!("{id}{byte:02x}"));
        self
    }
}

/// The answers to the questions of a merge.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    given: BTreeMap<String, Question>,
    /// The answer to every question that has no answer of its own and allows this one.
    pub prefer: Option<Choice>,
    /// The questions about stated amounts, by their ids, whose answers did not help without the amounts alone: the links go too.
    pub(super) without_links: BTreeSet<String>,
}

impl Answers {
    /// Adds questions with their answers; those without an answer are left out.
    pub fn add(&mut self, answered: impl IntoIterator<Item = Question>) {
        let answered = answered.into_iter().filter(|question| question.choice.is_some());
        self.given.extend(answered.map(|question| (question.id.clone(), question)));
    }

    /// The given answers.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Question, Choice)> {
        self.given.values().filter_map(|question| Some((question, question.choice?)))
    }

    /// The open ones of these questions that allow the preferred answer, with that answer.
    pub(super) fn preferred(&self, asked: &[Question]) -> Vec<Question> {
        let open = asked.iter().filter(|question| question.choice.is_none());
        let answered = open.filter_map(|question| match self.to(question) {
            Ok(Some(Answer::Preferred(choice))) => Some(Question { choice: Some(choice), ..question.clone() }),
            _ => None,
        });
        answered.collect()
    }

    /// How many of the given answers answer none of these questions.
    pub fn unused(&self, asked: &[Question]) -> usize {
        self.given.keys().filter(|id| asked.iter().all(|question| question.id != **id)).count()
    }

    /// The number of the given answers.
    pub fn given(&self) -> usize {
        self.given.len()
    }

    /// The answer to a question.
    pub(super) fn to(&self, asked: &Question) -> Result<Option<Answer>> {
        let allowed = |choice: Choice| asked.choices.split(' ').any(|word| word == choice.as_str());
        match self.given.get(&asked.id).and_then(|question| question.choice) {
            None => Ok(self.prefer.filter(|choice| allowed(*choice)).map(Answer::Preferred)),
            Some(choice) if allowed(choice) => Ok(Some(Answer::Given(choice))),
            Some(choice) => {
                let what = format!("the answer '{choice}' to {} ({})", asked.what, asked.field);
                let way_out = format!("choose one of: {}", asked.choices.replace(' ', ", "));
                Err(Error::refused(format!("cannot use {what}"), "this question does not allow it", way_out))
            }
        }
    }
}

/// The answer to one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Given(Choice),
    /// The preferred one, for lack of another.
    Preferred(Choice),
}

/// The possible answers to a question, as it lists them.
pub(super) fn choices(all: &[Choice]) -> String {
    all.iter().map(|choice| choice.as_str()).collect::<Vec<_>>().join(" ")
}
