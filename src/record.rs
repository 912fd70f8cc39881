//! Rows, declared once: the fields of a type, the names of its columns, and how it is read and written.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::RowIndex;
use rusqlite::types::{FromSql, FromSqlResult, ValueRef};
use serde::Serialize;
use serde::ser::SerializeStruct;

use crate::model::count::Approximation;
use crate::model::details::{self, Details};
use crate::model::{Feed, Precision, Reading, Relation, Review, Sign, Stage, StatedCount};
use crate::model::{count, source};

/// A row with the names of its columns, which are the same in the view, in CSV and in JSON.
pub trait Row: Serialize {
    /// The columns, in order.
    const COLUMNS: &'static [&'static str];
}

impl<R: Row> Row for &R {
    const COLUMNS: &'static [&'static str] = R::COLUMNS;
}

/// The cells of a row as a database gives them: SQLite, or another engine.
pub trait Cells {
    /// The number of columns.
    fn count(&self) -> usize;

    /// The value in a column, by its place.
    ///
    /// # Errors
    /// There is no such column, or its type has no equivalent in SQLite.
    fn cell(&self, place: usize) -> rusqlite::Result<ValueRef<'_>>;
}

impl Cells for rusqlite::Row<'_> {
    fn count(&self) -> usize {
        self.as_ref().column_count()
    }

    fn cell(&self, place: usize) -> rusqlite::Result<ValueRef<'_>> {
        self.get_ref(place)
    }
}

/// A row that can be read from cells.
pub trait FromCells: Row + Sized {
    /// Reads a row whose first columns are in the order of the fields.
    ///
    /// # Errors
    /// A value does not have the type of its field.
    fn from_cells<C: Cells + ?Sized>(cells: &C) -> rusqlite::Result<Self>;
}

/// Reads the next cell, and moves `place` behind it.
pub(crate) fn next<T: FromColumn, C: Cells + ?Sized>(cells: &C, place: &mut usize) -> rusqlite::Result<T> {
    *place += 1;
    Ok(T::from_column(cells.cell(*place - 1)?)?)
}

/// `SELECT` with the columns of a row type, in order; `from` is the rest of the statement.
pub(crate) fn select<R: Row>(from: &str) -> String {
    format!("SELECT {} {from}", column_list(R::COLUMNS))
}

/// The names of columns as a list in SQL: `"date", "by"`.
pub(crate) fn column_list(columns: &[&str]) -> String {
    format!("\"{}\"", columns.join("\", \""))
}

/// A field of a row: one column, the columns of a count or a reading, or all columns of the details.
pub(crate) trait Field: Sized {
    /// The names of its columns; `None`: it is one column, with the name of the field.
    const COLUMNS: Option<&'static [&'static str]> = None;

    /// Reads it from the cells at `place`, and moves `place` behind them.
    fn read<C: Cells + ?Sized>(row: &C, place: &mut usize) -> rusqlite::Result<Self>;

    /// Writes its columns.
    fn write<S: SerializeStruct>(&self, name: &'static str, row: &mut S) -> Result<(), S::Error>;
}

impl<T: FromColumn + Serialize> Field for T {
    fn read<C: Cells + ?Sized>(row: &C, place: &mut usize) -> rusqlite::Result<T> {
        next(row, place)
    }

    fn write<S: SerializeStruct>(&self, name: &'static str, row: &mut S) -> Result<(), S::Error> {
        row.serialize_field(name, self)
    }
}

impl Field for Details<Option<String>> {
    const COLUMNS: Option<&'static [&'static str]> = Some(&details::NAMES);

    fn read<C: Cells + ?Sized>(row: &C, place: &mut usize) -> rusqlite::Result<Self> {
        Details::<()>::default().try_map(|_, ()| Field::read(row, place))
    }

    fn write<S: SerializeStruct>(&self, _: &'static str, row: &mut S) -> Result<(), S::Error> {
        self.each().into_iter().try_for_each(|(detail, value)| row.serialize_field(detail.name, value))
    }
}

impl Field for StatedCount {
    const COLUMNS: Option<&'static [&'static str]> = Some(&count::COLUMNS);

    fn read<C: Cells + ?Sized>(row: &C, place: &mut usize) -> rusqlite::Result<Self> {
        let number = Field::read(row, place)?;
        let words: Option<String> = Field::read(row, place)?;
        Ok(StatedCount::from_columns(number, words.as_deref()))
    }

    fn write<S: SerializeStruct>(&self, _: &'static str, row: &mut S) -> Result<(), S::Error> {
        row.serialize_field(count::COLUMNS[0], &self.number())?;
        row.serialize_field(count::COLUMNS[1], &self.words())
    }
}

impl Field for Reading {
    const COLUMNS: Option<&'static [&'static str]> = Some(&source::COLUMNS);

    fn read<C: Cells + ?Sized>(row: &C, place: &mut usize) -> rusqlite::Result<Self> {
        Ok(Reading { date: Field::read(row, place)?, count: Field::read(row, place)?, denies: Field::read(row, place)? })
    }

    fn write<S: SerializeStruct>(&self, _: &'static str, row: &mut S) -> Result<(), S::Error> {
        row.serialize_field(source::COLUMNS[0], &self.date)?;
        row.serialize_field(source::COLUMNS[1], &self.count.number())?;
        row.serialize_field(source::COLUMNS[2], &self.count.words())?;
        row.serialize_field(source::COLUMNS[3], &self.denies)
    }
}

/// True once a text had to be altered to be read; see [`readable`].
static ALTERED: AtomicBool = AtomicBool::new(false);

/// Bytes as a text that every program can read: bytes that are not UTF-8, and NUL characters, become U+FFFD. recip never writes such
/// texts, but another program can.
pub(crate) fn readable(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed) {
        text if memchr::memchr(0, text.as_bytes()).is_none() => text,
        text => Cow::Owned(text.replace('\0', "\u{fffd}")),
    }
}

/// True if this program has read texts of a ledger in which it had to replace characters, because they contain bytes that are not UTF-8,
/// or a NUL character.
pub fn replaced_characters() -> bool {
    ALTERED.load(Ordering::Relaxed)
}

/// The text in a column, with unreadable characters replaced. Every text that a person may have entered is read with this function.
pub(crate) fn text(value: ValueRef<'_>) -> FromSqlResult<Cow<'_, str>> {
    let text = readable(value.as_bytes()?);
    if matches!(text, Cow::Owned(_)) {
        ALTERED.store(true, Ordering::Relaxed);
    }
    Ok(text)
}

/// The same for a column that can be NULL.
pub(crate) fn text_or_null(value: ValueRef<'_>) -> FromSqlResult<Option<Cow<'_, str>>> {
    if value == ValueRef::Null { Ok(None) } else { text(value).map(Some) }
}

/// A value that is read from a column. Unlike with rusqlite's own trait, a text that is not UTF-8 is not an error.
pub(crate) trait FromColumn: Sized {
    /// Converts the value of a column.
    fn from_column(value: ValueRef<'_>) -> FromSqlResult<Self>;
}

impl FromColumn for String {
    fn from_column(value: ValueRef<'_>) -> FromSqlResult<String> {
        text(value).map(Cow::into_owned)
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(value: ValueRef<'_>) -> FromSqlResult<Option<T>> {
        if value == ValueRef::Null { Ok(None) } else { T::from_column(value).map(Some) }
    }
}

macro_rules! as_in_sql {
    ($($type:ty),* $(,)?) => {$(
        impl FromColumn for $type {
            fn from_column(value: ValueRef<'_>) -> FromSqlResult<$type> {
                <$type as FromSql>::column_result(value)
            }
        }
    )*};
}
as_in_sql!(bool, u8, i64, u32, f64, Sign, Stage, Relation, Approximation, Precision, Feed, Review);

/// Reads the columns of a row.
pub(crate) trait ReadColumn {
    /// The value of a column.
    fn read<T: FromColumn>(&self, column: impl RowIndex) -> rusqlite::Result<T>;
}

impl ReadColumn for rusqlite::Row<'_> {
    fn read<T: FromColumn>(&self, column: impl RowIndex) -> rusqlite::Result<T> {
        let at = column.idx(self.as_ref())?;
        Ok(T::from_column(self.get_ref(at)?)?)
    }
}

/// Declares a row type that is read from a statement: its fields are public, and each is read from the column at its place, so the
/// statement lists the columns in the order of the fields. A column has the name of its field, or the name behind `as`. Fields in `unlisted`
/// are read after the others, and are not columns of the record.
macro_rules! record {
    (
        $(#[$about:meta])*
        pub struct $name:ident {
            $( $(#[$doc:meta])* $field:ident $(as $column:literal)? : $type:ty ),* $(,)?
        }
        $( unlisted { $( $(#[$more_doc:meta])* $more:ident : $more_type:ty ),* $(,)? } )?
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $( $(#[$doc])* pub $field: $type, )*
            $( $( $(#[$more_doc])* pub $more: $more_type, )* )?
        }

        impl $crate::record::Row for $name {
            const COLUMNS: &'static [&'static str] = &$crate::record::joined!(&'static str: $(
                match <$type as $crate::record::Field>::COLUMNS {
                    Some(columns) => columns,
                    None => &[$crate::record::column!($field $($column)?)],
                }
            ),*);
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut row = serializer.serialize_struct(stringify!($name), <Self as $crate::record::Row>::COLUMNS.len())?;
                $( $crate::record::Field::write(&self.$field, $crate::record::column!($field $($column)?), &mut row)?; )*
                serde::ser::SerializeStruct::end(row)
            }
        }

        impl $crate::record::FromCells for $name {
            fn from_cells<C: $crate::record::Cells + ?Sized>(cells: &C) -> rusqlite::Result<$name> {
                let mut place = 0;
                Ok($name {
                    $( $field: $crate::record::Field::read(cells, &mut place)?, )*
                    $( $( $more: $crate::record::Field::read(cells, &mut place)?, )* )?
                })
            }
        }

        impl $name {
            /// Reads a row of SQLite.
            pub(crate) fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<$name> {
                $crate::record::FromCells::from_cells(row)
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

/// Joins constant lists into one array: `joined!(&str: &["ref"], &details::NAMES)`.
macro_rules! joined {
    ($type:ty: $($part:expr),* $(,)?) => {{
        const PARTS: &[&[$type]] = &[$($part),*];
        const JOINED: [$type; $crate::record::total(PARTS)] = $crate::record::join(PARTS);
        JOINED
    }};
}

/// The number of items in all parts.
pub(crate) const fn total<T>(parts: &[&[T]]) -> usize {
    let (mut total, mut part) = (0, 0);
    while part < parts.len() {
        total += parts[part].len();
        part += 1;
    }
    total
}

/// The items of all parts, of which there are `N`.
pub(crate) const fn join<T: Copy, const N: usize>(parts: &[&[T]]) -> [T; N] {
    let mut joined = [parts[0][0]; N];
    let (mut at, mut part) = (0, 0);
    while part < parts.len() {
        let mut item = 0;
        while item < parts[part].len() {
            joined[at] = parts[part][item];
            at += 1;
            item += 1;
        }
        part += 1;
    }
    joined
}

pub(crate) use {column, joined, record};
