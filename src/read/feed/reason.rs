//! Why a row of a feed is left out or invalid.

use crate::model::Feed;

/// Maximum length of an invalid value in a message, in characters.
pub(super) const EXCERPT: usize = 200;

/// What the value of a date says that is a day of the calendar and nevertheless cannot be right.
pub(super) const OUT_OF_RANGE: &str = " is ";

/// Why a row is left out or invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// One side or both name no party.
    OneSided,
    /// A side is a region or a group that is not a party.
    Region,
    /// Both sides are the same party.
    Domestic,
    /// Its code maps to no kind.
    NoKind,
    /// A side does not act for a state or an organisation.
    NonState,
    /// It reports a past, future or hypothetical event.
    NotOfTheDay,
    /// It is a header of another feed, or one without a column that the feed needs, or a row under such a header.
    Header,
    /// It does not have the number of columns of the feed.
    Columns,
    /// Its identifier is missing or invalid.
    Identifier,
    /// It names a party that the ledger does not know.
    UnknownParty,
    /// Its code is not in the code book.
    Code,
    /// Its code comes from an older code book, in which it means another act.
    OldCodeBook,
    /// Its date is missing or invalid.
    Date,
    /// A number is invalid.
    Number,
    /// It has the identifier of another event.
    OtherEvent,
    /// It contains a NUL byte.
    Nul,
    /// It is longer than 1 MiB.
    TooLong,
    /// It was added, but bytes that are not valid text were replaced.
    BrokenBytes,
    /// A file that cannot be read to the end.
    File,
}

impl Reason {
    pub(super) const ALL: [Reason; 19] = [
        Reason::OneSided,
        Reason::Region,
        Reason::Domestic,
        Reason::NoKind,
        Reason::NonState,
        Reason::NotOfTheDay,
        Reason::Header,
        Reason::Columns,
        Reason::Identifier,
        Reason::UnknownParty,
        Reason::Code,
        Reason::OldCodeBook,
        Reason::Date,
        Reason::Number,
        Reason::OtherEvent,
        Reason::Nul,
        Reason::TooLong,
        Reason::BrokenBytes,
        Reason::File,
    ];

    /// Its name in the CSV file of invalid rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::OneSided => "one-sided",
            Reason::Region => "region",
            Reason::Domestic => "domestic",
            Reason::NoKind => "no-kind",
            Reason::NonState => "non-state",
            Reason::NotOfTheDay => "not-of-the-day",
            Reason::Header => "header",
            Reason::Columns => "columns",
            Reason::Identifier => "identifier",
            Reason::UnknownParty => "unknown-party",
            Reason::Code => "code",
            Reason::OldCodeBook => "old-code-book",
            Reason::Date => "date",
            Reason::Number => "number",
            Reason::OtherEvent => "other-event",
            Reason::Nul => "nul",
            Reason::TooLong => "too-long",
            Reason::BrokenBytes => "broken-bytes",
            Reason::File => "file",
        }
    }

    /// What it means, as a phrase that follows a number of rows.
    pub fn meaning(self) -> &'static str {
        match self {
            Reason::OneSided => "with no party on one side or both",
            Reason::Region => "with a region or a group that is not a party",
            Reason::Domestic => "with the same party on both sides",
            Reason::NoKind => "with a code that maps to no kind",
            Reason::NonState => "with an actor that does not act for a state or an organisation",
            Reason::NotOfTheDay => "about a past, future or hypothetical event",
            Reason::Header => "that are a header of another feed, or are under a header that lacks a column",
            Reason::Columns => "with a wrong number of columns",
            Reason::Identifier => "with a missing or invalid identifier",
            Reason::UnknownParty => "with an unknown party",
            Reason::Code => "with an unknown code",
            Reason::OldCodeBook => "with a code of an older code book, in which it means another act",
            Reason::Date => "with a missing or invalid date",
            Reason::Number => "with an invalid number",
            Reason::OtherEvent => "with an identifier that comes again with another day, party or code: the first is kept",
            Reason::Nul => "with a NUL byte",
            Reason::TooLong => "longer than 1 MiB",
            Reason::BrokenBytes => "with bytes that are not valid text: added, with these bytes replaced",
            Reason::File => "in a file that cannot be read to the end",
        }
    }

    /// True if such rows may mean that the file is not of this feed.
    pub(super) fn is_of_the_file(self) -> bool {
        matches!(self, Reason::Header | Reason::Columns | Reason::Identifier | Reason::Date | Reason::Nul | Reason::TooLong | Reason::File)
    }

    /// True if the row is valid but not of a sort that is imported.
    pub fn is_left_out(self) -> bool {
        self <= Reason::NotOfTheDay
    }
}

/// What is wrong with a row: the reason and the invalid value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub reason: Reason,
    pub value: String,
}

impl Flaw {
    pub fn new(reason: Reason, value: impl Into<String>) -> Flaw {
        Flaw { reason, value: value.into() }
    }

    /// A flaw with a value as it is in the row.
    pub fn bytes(reason: Reason, value: &[u8]) -> Flaw {
        let excerpt = &value[..value.len().min(EXCERPT)];
        Flaw { reason, value: String::from_utf8_lossy(excerpt).into_owned() }
    }
}

impl From<Reason> for Flaw {
    fn from(reason: Reason) -> Flaw {
        Flaw { reason, value: String::new() }
    }
}

/// The message about one invalid row.
pub(super) fn message(feed: Feed, reason: Reason, value: &str) -> String {
    let map = "assign a kind to it with --map";
    let (what, help) = match reason {
        Reason::Columns => {
            let (name, widths) = match feed {
                Feed::Gdelt => ("GDELT", "57, 58 or 61"),
                Feed::Icews => ("ICEWS", "20"),
                Feed::Polecat => ("POLECAT", "40"),
            };
            return format!("the row has {value}; rows of {name} have {widths}, or as many as the header");
        }
        Reason::Identifier if value.contains("E+") || value.contains("e+") => {
            ("a spreadsheet turned the identifier into a rounded number", "import the file of the feed itself")
        }
        Reason::Identifier => ("missing or invalid identifier", ""),
        Reason::UnknownParty => {
            ("unknown party", "add the party with 'recip party add', or the name with 'recip party edit --alias', and import again")
        }
        Reason::Code if lost_zero(value) => {
            ("unknown code", "write codes with their leading zero, or assign a kind to this one with --map")
        }
        Reason::Code => ("unknown code", map),
        Reason::OldCodeBook => ("this code comes from an older code book, in which it means another act", map),
        Reason::Date if value.contains(OUT_OF_RANGE) => return format!("the date {value}"),
        Reason::Date if value.contains("E+") || value.contains("e+") => {
            ("a spreadsheet turned the date into a rounded number", "import the file of the feed itself")
        }
        Reason::Date if value.len() == 5 && value.bytes().all(|b| b.is_ascii_digit()) => {
            ("a spreadsheet turned the date into a number", "import the file of the feed itself")
        }
        Reason::Date if value.contains(['/', '.']) && value.bytes().filter(u8::is_ascii_digit).count() >= 4 => {
            ("the date is not written like 2017-01-31 or 20170131", "if a spreadsheet changed it, import the file of the feed itself")
        }
        Reason::Date => ("missing or invalid date", ""),
        Reason::Number => ("invalid number", ""),
        Reason::Nul => ("the row contains a NUL byte", ""),
        Reason::TooLong => ("the row is longer than 1 MiB", ""),
        Reason::BrokenBytes => (
            "the row has bytes that are not valid text; it was added with these bytes replaced",
            "undo the import and repeat it with --encoding",
        ),
        Reason::File | Reason::Header | Reason::OtherEvent => return value.to_owned(),
        other => (other.meaning(), ""),
    };
    let value = if value.is_empty() { String::new() } else { format!(": '{value}'") };
    let help = if help.is_empty() { String::new() } else { format!("; help: {help}") };
    format!("{what}{value}{help}")
}

/// True if a code looks like one of CAMEO that a program read as a number: `40` instead of 040, `841` instead of 0841.
fn lost_zero(code: &str) -> bool {
    matches!(code.as_bytes(), [b'1'..=b'9', b'0'..=b'9'] | [b'2'..=b'8', b'0'..=b'9', b'0'..=b'9'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_counted_under_their_own_place() {
        for (place, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!(place, reason as usize, "{reason:?}");
        }
    }
}
