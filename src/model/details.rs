//! The details of an action: texts that a person may state, such as its place. Each is declared here once; the commands, the files and
//! the statements take its column, its option and its words from this declaration.

use std::collections::BTreeSet;

use crate::error::Error;

/// One detail.
#[derive(Debug, Clone, Copy)]
pub struct Detail {
    /// Its column and its label.
    pub name: &'static str,
    /// What its text is.
    pub form: Form,
    /// The name of the option's value.
    pub value_name: &'static str,
    /// The help of the option.
    pub help: &'static str,
    /// The question on a terminal.
    pub question: &'static str,
    /// Its description in data packages.
    pub description: &'static str,
}

/// What the text of a detail is, which decides how it is validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A name, which other actions may have too.
    Name,
    /// A sentence about this action.
    Sentence,
    /// A day or a time; see [`deadline`](crate::model::deadline).
    Deadline,
    /// The slug of a dispute in the catalogue.
    Dispute,
    /// A list of tags; see [`tags`].
    Tags,
}

impl Form {
    /// True for text that is stored as it is written, including spaces at its ends.
    pub fn is_free_text(self) -> bool {
        matches!(self, Form::Name | Form::Sentence)
    }

    /// True for text in which `--text` searches.
    pub fn is_searched(self) -> bool {
        self.is_free_text() || self == Form::Tags
    }
}

impl Detail {
    /// The option for its value, without the hyphens. Tags are given one by one.
    pub fn option(&self) -> &'static str {
        if self.form == Form::Tags { "tag" } else { self.name }
    }
}

/// Reads tags that are separated by commas, and writes them as they are stored: in lower case, sorted, each once, separated by `, `.
///
/// # Errors
/// There is no tag, or a tag contains a NUL character.
pub fn tags(text: &str) -> Result<String, Error> {
    if text.contains('\0') {
        return Err(Error::invalid("tag", text, "it contains a NUL character", "remove it"));
    }
    let tags: BTreeSet<String> = text.split(',').map(|tag| tag.trim().to_lowercase()).filter(|tag| !tag.is_empty()).collect();
    if tags.is_empty() {
        return Err(Error::invalid("tag", text, "it is empty", "give a word, like energy"));
    }
    Ok(Vec::from_iter(tags).join(", "))
}

macro_rules! details {
    ($( $(#[$doc:meta])* $name:ident { $($key:ident: $value:expr),* $(,)? } )*) => {
        /// A value for each detail of an action. Each field has the name of its column.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
        pub struct Details<T> { $( $(#[$doc])* pub $name: T, )* }

        /// The names of the details, in the order of the columns.
        pub const NAMES: [&str; [$( stringify!($name) ),*].len()] = [$( stringify!($name) ),*];

        /// The details, in the order of the columns.
        pub const DETAILS: [Detail; NAMES.len()] = [$( Detail { name: stringify!($name), $($key: $value),* } ),*];

        impl<T> Details<T> {
            /// Converts the value of each detail, in the order of the columns.
            ///
            /// # Errors
            /// `to` fails.
            pub fn try_map<'a, U, E>(&'a self, mut to: impl FnMut(&'static Detail, &'a T) -> Result<U, E>) -> Result<Details<U>, E> {
                let [$( $name ),*] = &DETAILS;
                Ok(Details { $( $name: to($name, &self.$name)? ),* })
            }

            /// Converts the value of each detail, in the order of the columns.
            pub fn map<'a, U>(&'a self, mut to: impl FnMut(&'a T) -> U) -> Details<U> {
                Details { $( $name: to(&self.$name) ),* }
            }

            /// The details with their values, in the order of the columns.
            pub fn each(&self) -> [(&'static Detail, &T); NAMES.len()] {
                let [$( $name ),*] = &DETAILS;
                [$( ($name, &self.$name) ),*]
            }

            /// The details with their values, to be changed.
            pub fn each_mut(&mut self) -> [(&'static Detail, &mut T); NAMES.len()] {
                let [$( $name ),*] = &DETAILS;
                [$( ($name, &mut self.$name) ),*]
            }
        }
    };
}

details! {
    /// The body that acted.
    by {
        form: Form::Name,
        value_name: "BODY",
        help: "Body that acted, such as a ministry",
        question: "Which body acted, such as a ministry? (Enter to leave it out)",
        description: "The body that acted",
    }
    /// The place of the act.
    place {
        form: Form::Name,
        value_name: "TEXT",
        help: "Place where it happened",
        question: "Where? (Enter to leave it out)",
        description: "Where",
    }
    /// The deadline that it sets: a day, or a time with its UTC offset.
    deadline {
        form: Form::Deadline,
        value_name: "WHEN",
        help: "Deadline: a day (2017-01-01), a time (2017-01-01T12:00-05:00), or a period after the day of the act (72h)",
        question: "Deadline? (2017-01-01 or 72h; Enter for none)",
        description: "The day or moment by which the target must comply",
    }
    /// The slug of the dispute it belongs to, which must exist.
    dispute {
        form: Form::Dispute,
        value_name: "DISPUTE",
        help: "Dispute that the action belongs to; 'recip dispute add' adds one",
        question: "Which dispute does it belong to? (Enter for none)",
        description: "The dispute that it belongs to",
    }
    /// What happened, in one line.
    summary {
        form: Form::Sentence,
        value_name: "TEXT",
        help: "What happened, in one line",
        question: "What happened, in one line?",
        description: "What happened, in one line",
    }
    /// A remark of those who keep the ledger.
    note {
        form: Form::Sentence,
        value_name: "TEXT",
        help: "Remark of any length, for those who keep the ledger",
        question: "A remark? (Enter to leave it out)",
        description: "A remark of those who keep the ledger",
    }
    /// Its tags, in lower case, sorted, separated by `, `.
    tags {
        form: Form::Tags,
        value_name: "TAG",
        help: "Tag; may be given several times, or several separated by commas",
        question: "Tags? (separated by commas; Enter for none)",
        description: "Its tags, separated by commas",
    }
}

/// Puts the summary before the other details.
pub fn summary_first<T>(mut details: [(&'static Detail, T); NAMES.len()]) -> [(&'static Detail, T); NAMES.len()] {
    details.sort_by_key(|(detail, _)| detail.name != "summary");
    details
}
