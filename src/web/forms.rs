//! The forms: the commands that change the ledger, with their fields. A form becomes a command, as a page does.

use serde::Serialize;
use serde_json::Value;

use crate::model::details::{DETAILS, Detail};

use super::request::form_command;

/// A form.
pub(super) struct Form {
    /// Its name in the URL.
    pub name: &'static str,
    pub title: &'static str,
    /// The command.
    verb: &'static [&'static str],
    /// The fields that are words of the command, in their order.
    words: &'static [&'static str],
    /// The fields that are options, without the details of an action.
    options: &'static [&'static str],
    /// True if it also takes the details of an action, which are options.
    has_details: bool,
}

pub(super) const FORMS: &[Form] = &[
    Form {
        name: "log",
        title: "Log an action",
        verb: &["log"],
        words: &["actor", "target", "kind", "count"],
        options: &[
            "on", "stage", "answers", "executes", "reverses", "waives", "extends", "renews", "source", "quantity", "ref", "members",
            "except",
        ],
        has_details: true,
    },
    Form {
        name: "edit",
        title: "Correct",
        verb: &["edit"],
        words: &["action"],
        options: &["source", "remove-source", "quantity", "remove-quantity", "answers", "reverses"],
        has_details: false,
    },
    Form { name: "void", title: "Void", verb: &["void"], words: &["action"], options: &["reason"], has_details: false },
    Form {
        name: "waive",
        title: "Waive",
        verb: &["waive"],
        words: &["action"],
        options: &["on", "by", "summary", "source"],
        has_details: false,
    },
    Form {
        name: "answer",
        title: "Answer what is open",
        verb: &["answer"],
        words: &[],
        options: &["by", "on", "in-kind", "with", "count", "to", "except", "kind", "dispute", "summary", "source"],
        has_details: false,
    },
    Form {
        name: "extend",
        title: "Extend the deadline",
        verb: &["extend"],
        words: &["action"],
        options: &["deadline", "on", "by", "summary", "source"],
        has_details: false,
    },
    Form {
        name: "confirm",
        title: "Confirm",
        verb: &["confirm"],
        words: &["candidate"],
        options: &["count", "on", "kind", "stage", "answers", "summary", "source"],
        has_details: false,
    },
    Form {
        name: "merge",
        title: "Merge",
        verb: &["candidates", "merge"],
        words: &["candidate", "action"],
        options: &[],
        has_details: false,
    },
    Form { name: "dismiss", title: "Dismiss", verb: &["dismiss"], words: &["candidate"], options: &["reason"], has_details: false },
    Form { name: "import", title: "Paste rows", verb: &["import"], words: &[], options: &["update", "add", "codes"], has_details: false },
];

impl Form {
    pub fn named(name: &str) -> Option<&'static Form> {
        FORMS.iter().find(|form| form.name == name)
    }

    /// The command that the fields state.
    pub fn command(&self, fields: &[(String, String)]) -> Vec<String> {
        let details = DETAILS.iter().filter(|_| self.has_details).map(Detail::option);
        let options: Vec<&str> = self.options.iter().copied().chain(details).collect();
        let mut command = form_command(self.verb, self.words, &options, fields);
        if self.name == "edit" {
            command.extend(changes(fields).into_iter().map(|(name, value)| format!("--{name}={value}")));
        }
        command
    }
}

/// The fields of an action that a form of `edit` changed: their values differ from the values that the form was given.
pub(super) fn changes(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    let value = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim());
    edited()
        .filter_map(|(name, _)| {
            let (was, is) = (value(&format!("was-{name}"))?, value(name)?);
            (was != is).then_some((name, is))
        })
        .collect()
}

/// The fields that `edit` can change, by their options, with their names in the JSON of `show`.
fn edited() -> impl Iterator<Item = (&'static str, &'static str)> {
    let facts = [("actor", "actor"), ("target", "target"), ("kind", "kind"), ("count", "count"), ("on", "date"), ("stage", "stage")];
    facts.into_iter().chain(DETAILS.iter().map(|detail| (detail.option(), detail.name)))
}

/// True for a field by which a conflict is found.
pub(super) fn is_of_edit(name: &str) -> bool {
    name == "action" || edited().any(|(field, _)| field == name.trim_start_matches("was-"))
}

/// A field with its present value.
#[derive(Debug, Serialize)]
pub(super) struct Field {
    pub name: &'static str,
    pub value: String,
}

/// The fields of an action that `show --json` printed.
pub(super) fn fields_of(shown: &Value) -> Vec<Field> {
    let value = |name: &str| match &shown[name] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    edited()
        .map(|(name, of)| Field {
            name,
            value: match name {
                "count" if !shown["count_words"].is_null() => value("count_words"),
                _ => value(of),
            },
        })
        .collect()
}

/// A field that somebody else changed since the form was given.
#[derive(Debug, Serialize)]
pub(super) struct Conflict {
    name: &'static str,
    base: String,
    theirs: String,
    yours: String,
}

/// The fields of the form that somebody else changed since it was given.
pub(super) fn conflicts(fields: &[(String, String)], now: &[Field]) -> Vec<Conflict> {
    let value = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim().to_owned());
    now.iter()
        .filter_map(|field| {
            let (base, yours) = (value(&format!("was-{}", field.name))?, value(field.name)?);
            let theirs = field.value.trim().to_owned();
            (base != theirs && base != yours).then_some(Conflict { name: field.name, base, theirs, yours })
        })
        .collect()
}
