//! The stage of an act, and the sign of a kind.

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The stage of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The actor said that it may happen. It opens no claim.
    Threatened,
    /// It is decided but not yet in force.
    Announced,
    /// It happened.
    Done,
}

/// The sign of a kind of act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// It harms the target: it opens a claim that a hostile act answers.
    Hostile,
    /// It favours the target: it opens a claim that a friendly act returns.
    Friendly,
    /// It does neither and opens no claim. Only a neutral act can waive a claim.
    Neutral,
}

/// Gives each variant of an enum a word, and implements conversions to and from text and SQL.
macro_rules! words {
    ($type:ident, $field:literal, $($variant:ident = $word:literal),+) => {
        impl $type {
            /// All the words.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word in the ledger, in files and on the command line.
            pub fn as_str(self) -> &'static str {
                match self { $($type::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $type {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                match text {
                    $(_ if text.eq_ignore_ascii_case($word) => Ok($type::$variant),)+
                    _ => {
                        let way_out = format!("write one of: {}", Self::WORDS.join(", "));
                        Err(Error::invalid($field, text, concat!("this is not a valid ", $field), way_out))
                    }
                }
            }
        }

        impl rusqlite::types::FromSql for $type {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                value.as_str()?.parse().map_err(|e| rusqlite::types::FromSqlError::Other(Box::new(e)))
            }
        }

        impl rusqlite::types::ToSql for $type {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok(self.as_str().into())
            }
        }
    };
}
pub(crate) use words;

words!(Stage, "stage", Threatened = "threatened", Announced = "announced", Done = "done");
words!(Sign, "sign", Hostile = "hostile", Friendly = "friendly", Neutral = "neutral");
