//! The columns of a table: what their values are, and those that wait to be written.

use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::file::writer::SerializedColumnWriter;
use parquet::schema::types::{Type, TypePtr};
use rusqlite::types::ValueRef;

use crate::error::Result;

/// A column.
pub(super) struct Column {
    /// Its name.
    pub name: &'static str,
    /// True where its texts repeat, so that a dictionary of them is worth its room.
    pub repeats: bool,
    nullable: bool,
    values: Values,
}

/// What a column's values are.
#[derive(Clone, Copy)]
enum Values {
    Number,
    Text,
    Day,
    Instant,
    Truth,
}

impl Column {
    const fn of(name: &'static str, values: Values) -> Column {
        Column { name, repeats: true, nullable: false, values }
    }

    /// Of integers.
    pub const fn number(name: &'static str) -> Column {
        Column::of(name, Values::Number)
    }

    /// Of texts.
    pub const fn text(name: &'static str) -> Column {
        Column::of(name, Values::Text)
    }

    /// Of days, counted from 1970-01-01.
    pub const fn day(name: &'static str) -> Column {
        Column::of(name, Values::Day)
    }

    /// Of moments, in microseconds from the beginning of 1970, UTC.
    pub const fn instant(name: &'static str) -> Column {
        Column::of(name, Values::Instant)
    }

    /// Of what holds or does not.
    pub const fn truth(name: &'static str) -> Column {
        Column::of(name, Values::Truth)
    }

    /// The same, where a value may be missing.
    pub const fn or_null(self) -> Column {
        Column { nullable: true, ..self }
    }

    /// The same, where hardly a value comes twice.
    pub const fn unlike(self) -> Column {
        Column { repeats: false, ..self }
    }

    /// The column as Parquet has it.
    pub fn schema(&self) -> parquet::errors::Result<TypePtr> {
        let (physical, logical) = match self.values {
            Values::Number => (Physical::INT64, None),
            Values::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Values::Day => (Physical::INT32, Some(LogicalType::Date)),
            Values::Instant => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
            Values::Truth => (Physical::BOOLEAN, None),
        };
        let repetition = if self.nullable { Repetition::OPTIONAL } else { Repetition::REQUIRED };
        let column = Type::primitive_type_builder(self.name, physical).with_logical_type(logical).with_repetition(repetition);
        Ok(Arc::new(column.build()?))
    }

    /// Room for values of it.
    pub fn buffer(&self) -> Buffer {
        let waiting = match self.values {
            Values::Number | Values::Instant => Waiting::Long(Vec::new()),
            Values::Day => Waiting::Short(Vec::new()),
            Values::Truth => Waiting::Truths(Vec::new()),
            Values::Text => Waiting::Texts { bytes: Vec::new(), ends: Vec::new() },
        };
        Buffer { waiting, present: self.nullable.then(Vec::new) }
    }
}

/// Values of a column that wait to be written.
pub(super) struct Buffer {
    waiting: Waiting,
    /// For each row, 1 where there is a value and 0 where not; `None`: there always is.
    present: Option<Vec<i16>>,
}

enum Waiting {
    Long(Vec<i64>),
    Short(Vec<i32>),
    Truths(Vec<bool>),
    /// All texts, one behind the other, and where each ends.
    Texts {
        bytes: Vec<u8>,
        ends: Vec<usize>,
    },
}

impl Buffer {
    /// Adds the value of one row.
    pub fn push(&mut self, value: ValueRef<'_>) -> Result<()> {
        if let Some(present) = &mut self.present {
            present.push(i16::from(value != ValueRef::Null));
            if value == ValueRef::Null {
                return Ok(());
            }
        }
        let number = || value.as_i64().map_err(rusqlite::Error::from);
        match &mut self.waiting {
            Waiting::Long(longs) => longs.push(number()?),
            Waiting::Short(shorts) => {
                let number = number()?;
                shorts.push(i32::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(0, number))?);
            }
            Waiting::Truths(truths) => truths.push(number()? != 0),
            Waiting::Texts { bytes, ends } => {
                bytes.extend_from_slice(value.as_str().map_err(rusqlite::Error::from)?.as_bytes());
                ends.push(bytes.len());
            }
        }
        Ok(())
    }

    /// How many bytes of text wait.
    pub fn bytes(&self) -> usize {
        if let Waiting::Texts { bytes, .. } = &self.waiting { bytes.len() } else { 0 }
    }

    /// Writes what waits.
    pub fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> parquet::errors::Result<()> {
        let present = self.present.as_deref();
        match &mut self.waiting {
            Waiting::Long(longs) => column.typed::<Int64Type>().write_batch(longs, present, None)?,
            Waiting::Short(shorts) => column.typed::<Int32Type>().write_batch(shorts, present, None)?,
            Waiting::Truths(truths) => column.typed::<BoolType>().write_batch(truths, present, None)?,
            Waiting::Texts { bytes, ends } => {
                let all = ByteArray::from(std::mem::take(bytes));
                let begins = std::iter::once(0).chain(ends.iter().copied());
                let texts: Vec<ByteArray> = begins.zip(&*ends).map(|(begin, end)| all.slice(begin, end - begin)).collect();
                column.typed::<ByteArrayType>().write_batch(&texts, present, None)?
            }
        };
        self.clear();
        Ok(())
    }

    fn clear(&mut self) {
        match &mut self.waiting {
            Waiting::Long(longs) => longs.clear(),
            Waiting::Short(shorts) => shorts.clear(),
            Waiting::Truths(truths) => truths.clear(),
            Waiting::Texts { bytes, ends } => {
                bytes.clear();
                ends.clear();
            }
        }
        if let Some(present) = &mut self.present {
            present.clear();
        }
    }
}
