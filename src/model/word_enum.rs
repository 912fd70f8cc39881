//! Enums whose variants are words of the ledger, of files and of the command line.

/// Declares an enum with a word for each variant: the word in the ledger, in files, in JSON and on the command line. The text after the name
/// says in messages what the words are.
macro_rules! word_enum {
    (
        $(#[$of_type:meta])* pub enum $type:ident: $what:literal { $( $(#[$of_variant:meta])* $variant:ident = $word:literal ),+ $(,)? }
    ) => {
        $(#[$of_type])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $type { $( $(#[$of_variant])* #[serde(rename = $word)] $variant ),+ }

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
            type Err = $crate::Error;

            fn from_str(text: &str) -> Result<Self, $crate::Error> {
                match text {
                    $(_ if text.eq_ignore_ascii_case($word) => Ok($type::$variant),)+
                    _ => {
                        let way_out = format!("write one of: {}", Self::WORDS.join(", "));
                        Err($crate::Error::invalid($what, text, concat!("this is not a valid ", $what), way_out))
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
pub(crate) use word_enum;
