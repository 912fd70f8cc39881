//! The forms: the commands that change the ledger, with their fields. A form becomes a command, as a page does.

use serde::Serialize;
use serde_json::Value;

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
    /// The fields that are options.
    options: &'static [&'static str],
    pub button: &'static str,
}

pub(super) const FORMS: &[Form] = &[
    Form {
        name: "log",
        title: "Log an action",
        verb: &["log"],
        words: &["actor", "target", "kind", "count"],
        options: &[
            "on", "stage", "by", "place", "deadline", "dispute", "summary", "note", "tag", "answers", "executes", "reverses", "waives",
            "extends", "renews", "source", "quantity", "ref", "members", "except",
        ],
        button: "Show the effect",
    },
    Form {
        name: "edit",
        title: "Correct",
        verb: &["edit"],
        words: &["action"],
        options: &["source", "remove-source", "quantity", "remove-quantity", "answers", "reverses"],
        button: "Show the effect",
    },
    Form { name: "void", title: "Void", verb: &["void"], words: &["action"], options: &["reason"], button: "Void" },
    Form {
        name: "waive",
        title: "Waive",
        verb: &["waive"],
        words: &["action"],
        options: &["on", "by", "summary", "source"],
        button: "Waive",
    },
    Form {
        name: "answer",
        title: "Answer what is open",
        verb: &["answer"],
        words: &[],
        options: &["by", "on", "in-kind", "with", "count", "to", "except", "kind", "dispute", "summary", "source"],
        button: "Show the effect",
    },
    Form {
        name: "extend",
        title: "Extend the deadline",
        verb: &["extend"],
        words: &["action"],
        options: &["deadline", "on", "by", "summary", "source"],
        button: "Extend",
    },
    Form {
        name: "confirm",
        title: "Confirm",
        verb: &["confirm"],
        words: &["candidate"],
        options: &["count", "on", "kind", "stage", "answers", "summary", "source"],
        button: "Confirm",
    },
    Form { name: "merge", title: "Merge", verb: &["candidates", "merge"], words: &["candidate", "action"], options: &[], button: "Merge" },
    Form { name: "dismiss", title: "Dismiss", verb: &["dismiss"], words: &["candidate"], options: &["reason"], button: "Dismiss" },
    Form {
        name: "import",
        title: "Paste rows",
        verb: &["import"],
        words: &[],
        options: &["update", "add", "codes"],
        button: "Show the rows",
    },
];

impl Form {
    pub fn named(name: &str) -> Option<&'static Form> {
        FORMS.iter().find(|form| form.name == name)
    }

    /// The command that the fields state.
    pub fn command(&self, fields: &[(String, String)]) -> Vec<String> {
        let mut command = form_command(self.verb, self.words, self.options, fields);
        if self.name == "edit" {
            command.extend(changes(fields).into_iter().map(|(name, value)| format!("--{name}={value}")));
        }
        command
    }
}

/// The fields of an action that a form of `edit` changed: those that differ from what the form was given.
pub(super) fn changes(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    let value = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim());
    EDITED
        .iter()
        .filter_map(|(name, _)| {
            let (was, is) = (value(&format!("was-{name}"))?, value(name)?);
            (was != is).then_some((*name, is))
        })
        .collect()
}

/// The fields that `edit` can change, with their names in the JSON of `show`.
pub(super) const EDITED: &[(&str, &str)] = &[
    ("actor", "actor"),
    ("target", "target"),
    ("kind", "kind"),
    ("count", "count"),
    ("on", "date"),
    ("stage", "stage"),
    ("by", "by"),
    ("place", "place"),
    ("deadline", "deadline"),
    ("dispute", "dispute"),
    ("summary", "summary"),
    ("note", "note"),
    ("tag", "tags"),
];

/// True for a field by which a conflict is found.
pub(super) fn is_of_edit(name: &str) -> bool {
    name == "action" || EDITED.iter().any(|(field, _)| *field == name.trim_start_matches("was-"))
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
    EDITED
        .iter()
        .map(|(name, of)| Field {
            name,
            value: match *name {
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
