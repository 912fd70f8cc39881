//! How far an act has come, and which way it points.

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// How far an act has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// It may happen, somebody said so. It opens no claim.
    Threatened,
    /// It is decided and not yet in force.
    Announced,
    /// It happened.
    Done,
}

/// Which way a kind of act points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// It hurts: it opens a claim that a hostile act answers.
    Hostile,
    /// It pleases: it opens a claim that a friendly act returns.
    Friendly,
    /// It does neither, and opens no claim. Only such an act can waive.
    Neutral,
}

/// Gives an enum its words, the way back from them, and its place in SQL.
macro_rules! words {
    ($type:ident, $field:literal, $($variant:ident = $word:literal),+) => {
        impl $type {
            /// Every word there is.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word used in the ledger, in files and on the command line.
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
                    $($word => Ok($type::$variant),)+
                    _ => Err(Error::invalid($field, text, "there is no such word", format!("one of: {}", Self::WORDS.join(", ")))),
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
