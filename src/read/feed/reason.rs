//! Why a row of a feed is left out, or what is wrong with it.

use crate::model::Feed;

/// The most of a bad value that is told.
pub(super) const EXCERPT: usize = 200;

/// Why a row is left out, or what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It names no party on one side or on both.
    OneSided,
    /// A side is a region or a group that is no party.
    Region,
    /// Both sides are one party.
    Domestic,
    /// Its code is of no kind.
    NoKind,
    /// It tells of the past, of the future or of what might be.
    NotOfTheDay,
    /// It has not the columns of the feed.
    Columns,
    /// It has no identifier.
    Identifier,
    /// It names a party that the ledger does not know.
    UnknownParty,
    /// Its code is not in the code book.
    Code,
    /// Its code is that of an older code book, where it means another act.
    OldCodeBook,
    /// It has no date that can be.
    Date,
    /// A number is none.
    Number,
    /// There is a NUL in it.
    Nul,
    /// It is longer than a mebibyte.
    TooLong,
    /// It was taken, with bytes replaced that are no text.
    BrokenBytes,
    /// A file that cannot be read, or not to its end.
    File,
}

impl Reason {
    pub(super) const ALL: [Reason; 16] = [
        Reason::OneSided,
        Reason::Region,
        Reason::Domestic,
        Reason::NoKind,
        Reason::NotOfTheDay,
        Reason::Columns,
        Reason::Identifier,
        Reason::UnknownParty,
        Reason::Code,
        Reason::OldCodeBook,
        Reason::Date,
        Reason::Number,
        Reason::Nul,
        Reason::TooLong,
        Reason::BrokenBytes,
        Reason::File,
    ];

    /// The word for it in a file of rejects.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::OneSided => "one-sided",
            Reason::Region => "region",
            Reason::Domestic => "domestic",
            Reason::NoKind => "no-kind",
            Reason::NotOfTheDay => "not-of-the-day",
            Reason::Columns => "columns",
            Reason::Identifier => "identifier",
            Reason::UnknownParty => "unknown-party",
            Reason::Code => "code",
            Reason::OldCodeBook => "old-code-book",
            Reason::Date => "date",
            Reason::Number => "number",
            Reason::Nul => "nul",
            Reason::TooLong => "too-long",
            Reason::BrokenBytes => "broken-bytes",
            Reason::File => "file",
        }
    }

    /// What it means, to follow a number of rows.
    pub fn meaning(self) -> &'static str {
        match self {
            Reason::OneSided => "name no party on one side or both",
            Reason::Region => "name a region or a group that is no party",
            Reason::Domestic => "are within one party",
            Reason::NoKind => "are of no kind",
            Reason::NotOfTheDay => "tell of the past, the future or what might be",
            Reason::Columns => "have not the columns of the feed",
            Reason::Identifier => "have no identifier",
            Reason::UnknownParty => "name a party that the ledger does not know",
            Reason::Code => "have a code that is in no code book",
            Reason::OldCodeBook => "have a code of an old code book, which means another act in the new",
            Reason::Date => "have no date that can be",
            Reason::Number => "have a number that is none",
            Reason::Nul => "hold a NUL",
            Reason::TooLong => "are longer than a mebibyte",
            Reason::BrokenBytes => "hold bytes that are no text: they were taken, with those replaced",
            Reason::File => "cannot be read to the end",
        }
    }

    /// True where the row is sound, and only not of the sort that is taken.
    pub fn is_left_out(self) -> bool {
        self <= Reason::NotOfTheDay
    }
}

/// What is wrong with a row: the reason, and the value at fault.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub reason: Reason,
    pub value: String,
}

impl Flaw {
    pub fn new(reason: Reason, value: impl Into<String>) -> Flaw {
        Flaw { reason, value: value.into() }
    }

    /// The value as it stands in the row.
    pub fn bytes(reason: Reason, value: &[u8]) -> Flaw {
        let most = &value[..value.len().min(EXCERPT)];
        Flaw { reason, value: String::from_utf8_lossy(most).into_owned() }
    }
}

impl From<Reason> for Flaw {
    fn from(reason: Reason) -> Flaw {
        Flaw { reason, value: String::new() }
    }
}

/// What is wrong with one row, in words.
pub(super) fn said(feed: Feed, reason: Reason, value: &str) -> String {
    let what = match reason {
        Reason::Columns => match feed {
            Feed::Gdelt => "it has not the columns of the feed, which are 57, 58 or 61",
            Feed::Icews => "it has not the columns of the feed, which are 20",
            Feed::Polecat => "it has not the columns of the feed, which are 40",
        },
        Reason::Identifier => "it has no identifier",
        Reason::UnknownParty => "it names a party that the ledger does not know",
        Reason::Code if lost_zero(value) => {
            "its code is in no code book, where codes keep the zero they begin with; --map says what it means"
        }
        Reason::Code => "its code is in no code book",
        Reason::OldCodeBook => "its code is of an old code book, and means another act in the new; --map says what it means here",
        Reason::Date if value.contains('/') => "its date is not written as in 2017-01-31 or 20170131",
        Reason::Date => "it has no date that can be",
        Reason::Number => "a number is none",
        Reason::Nul => "there is a NUL in it",
        Reason::TooLong => "it is longer than a mebibyte",
        Reason::BrokenBytes => "bytes in it are no text: it was taken, with those replaced",
        Reason::File => return format!("the file cannot be read to its end: {value}"),
        other => other.meaning(),
    };
    if value.is_empty() { what.to_owned() } else { format!("{what}: '{value}'") }
}

/// True of what CAMEO's codes become where a program takes them for numbers: `40` of 040, `841` of 0841.
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
