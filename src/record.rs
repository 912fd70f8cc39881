//! Rows, declared once: the fields of a type, the names of its columns, and how it is read.

use serde::Serialize;

/// A row with the names of its columns, which are the same in the view, in CSV and in JSON.
pub trait Row: Serialize {
    /// The columns, in order.
    const COLUMNS: &'static [&'static str];
}

/// `SELECT` with the columns of a row type, in order; `from` is the rest of the statement.
pub(crate) fn select<R: Row>(from: &str) -> String {
    let columns: Vec<String> = R::COLUMNS.iter().map(|column| format!("\"{column}\"")).collect();
    format!("SELECT {} {from}", columns.join(", "))
}

/// Declares a row type that is read from a statement: its fields are public, and each is read from the column at its place, so that the
/// statement lists the columns in the order of the fields. A column has the name of its field, or the name behind `as`.
macro_rules! record {
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            $( $(#[$doc:meta])* $field:ident $(as $column:literal)? : $type:ty ),* $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize)]
        pub struct $name {
            $( $(#[$doc])* $(#[serde(rename = $column)])? pub $field: $type, )*
        }

        impl $crate::record::Row for $name {
            const COLUMNS: &'static [&'static str] = &[ $( $crate::record::column!($field $($column)?) ),* ];
        }

        impl $name {
            /// Reads a row whose first columns are in the order of the fields.
            pub(crate) fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<$name> {
                let mut place = 0..;
                Ok($name { $( $field: row.get(place.next().unwrap_or_default())? ),* })
            }
        }
    };
}

macro_rules! column {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $column:literal) => {
        $column
    };
}

pub(crate) use {column, record};
