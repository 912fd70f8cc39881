//! The columns of a table: their types and the buffers of their values.

use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::writer::SerializedColumnWriter;
use parquet::schema::types::{Type, TypePtr};
use rusqlite::types::ValueRef;

use crate::error::Result;
use crate::record::text;

/// A column of a table.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub name: &'static str,
    /// True if its values repeat, so that a dictionary saves space.
    pub repeats: bool,
    nullable: bool,
    values: Values,
}

/// The type of a column's values.
#[derive(Clone, Copy)]
enum Values {
    Number,
    Real,
    Text,
    Day,
    Instant,
    Truth,
}

impl Column {
    const fn of(name: &'static str, values: Values) -> Column {
        Column { name, repeats: true, nullable: false, values }
    }

    /// A column of integers.
    pub const fn number(name: &'static str) -> Column {
        Column::of(name, Values::Number)
    }

    /// A column of numbers with a fraction.
    pub const fn real(name: &'static str) -> Column {
        Column::of(name, Values::Real)
    }

    /// A column of texts.
    pub const fn text(name: &'static str) -> Column {
        Column::of(name, Values::Text)
    }

    /// A column of days, counted from 1970-01-01.
    pub const fn day(name: &'static str) -> Column {
        Column::of(name, Values::Day)
    }

    /// A column of moments, in microseconds since 1970-01-01T00:00:00Z.
    pub const fn instant(name: &'static str) -> Column {
        Column::of(name, Values::Instant)
    }

    /// A column of truth values.
    pub const fn truth(name: &'static str) -> Column {
        Column::of(name, Values::Truth)
    }

    /// The same column, with values that may be missing.
    pub const fn or_null(self) -> Column {
        Column { nullable: true, ..self }
    }

    /// The same column, with values that rarely repeat.
    pub const fn unlike(self) -> Column {
        Column { repeats: false, ..self }
    }

    /// The column in the schema of Parquet.
    pub fn schema(&self) -> parquet::errors::Result<TypePtr> {
        self.schema_as(self.name)
    }

    /// The column in the schema of Parquet, under another name.
    pub fn schema_as(&self, name: &str) -> parquet::errors::Result<TypePtr> {
        let (physical, logical) = match self.values {
            Values::Number => (Physical::INT64, None),
            Values::Real => (Physical::DOUBLE, None),
            Values::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Values::Day => (Physical::INT32, Some(LogicalType::Date)),
            Values::Instant => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
            Values::Truth => (Physical::BOOLEAN, None),
        };
        let repetition = if self.nullable { Repetition::OPTIONAL } else { Repetition::REQUIRED };
        let column = Type::primitive_type_builder(name, physical).with_logical_type(logical).with_repetition(repetition);
        Ok(Arc::new(column.build()?))
    }

    /// True if its values are days.
    pub fn is_day(&self) -> bool {
        matches!(self.values, Values::Day)
    }

    /// True if its values are numbers with a fraction.
    pub fn is_real(&self) -> bool {
        matches!(self.values, Values::Real)
    }

    /// An empty buffer for its values.
    pub fn buffer(&self) -> Buffer {
        let values = match self.values {
            Values::Number | Values::Instant => Buffered::Long(Vec::new()),
            Values::Real => Buffered::Reals(Vec::new()),
            Values::Day => Buffered::Short(Vec::new()),
            Values::Truth => Buffered::Truths(Vec::new()),
            Values::Text => Buffered::Texts { bytes: Vec::new(), ends: Vec::new() },
        };
        Buffer { values, present: self.nullable.then(Vec::new) }
    }
}

/// Values of a column that are not written yet.
pub(super) struct Buffer {
    values: Buffered,
    /// For each row, 1 if it has a value and 0 if not. `None`: every row has one.
    present: Option<Vec<i16>>,
}

enum Buffered {
    Long(Vec<i64>),
    Reals(Vec<f64>),
    Short(Vec<i32>),
    Truths(Vec<bool>),
    /// All texts, concatenated, and where each of them ends.
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
        match &mut self.values {
            Buffered::Long(longs) => longs.push(number()?),
            Buffered::Reals(reals) => reals.push(value.as_f64().map_err(rusqlite::Error::from)?),
            Buffered::Short(shorts) => {
                let number = number()?;
                shorts.push(i32::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(0, number))?);
            }
            Buffered::Truths(truths) => truths.push(number()? != 0),
            Buffered::Texts { bytes, ends } => {
                bytes.extend_from_slice(text(value).map_err(rusqlite::Error::from)?.as_bytes());
                ends.push(bytes.len());
            }
        }
        Ok(())
    }

    /// Number of bytes of text in the buffer.
    pub fn bytes(&self) -> usize {
        if let Buffered::Texts { bytes, .. } = &self.values { bytes.len() } else { 0 }
    }

    /// Writes the buffered values and clears the buffer.
    pub fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> parquet::errors::Result<()> {
        let present = self.present.as_deref();
        match &mut self.values {
            Buffered::Long(longs) => column.typed::<Int64Type>().write_batch(longs, present, None)?,
            Buffered::Reals(reals) => column.typed::<DoubleType>().write_batch(reals, present, None)?,
            Buffered::Short(shorts) => column.typed::<Int32Type>().write_batch(shorts, present, None)?,
            Buffered::Truths(truths) => column.typed::<BoolType>().write_batch(truths, present, None)?,
            Buffered::Texts { bytes, ends } => {
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
        match &mut self.values {
            Buffered::Long(longs) => longs.clear(),
            Buffered::Reals(reals) => reals.clear(),
            Buffered::Short(shorts) => shorts.clear(),
            Buffered::Truths(truths) => truths.clear(),
            Buffered::Texts { bytes, ends } => {
                bytes.clear();
                ends.clear();
            }
        }
        if let Some(present) = &mut self.present {
            present.clear();
        }
    }
}
