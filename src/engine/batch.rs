//! The rows of a batch that an engine returns.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use rusqlite::types::ValueRef;

use crate::record::Cells;

/// A row of a batch.
pub(super) struct BatchRow<'b> {
    pub batch: &'b RecordBatch,
    pub at: usize,
}

impl Cells for BatchRow<'_> {
    fn count(&self) -> usize {
        self.batch.num_columns()
    }

    fn cell(&self, place: usize) -> rusqlite::Result<ValueRef<'_>> {
        let column = self.batch.columns().get(place).ok_or(rusqlite::Error::InvalidColumnIndex(place))?;
        value(column.as_ref(), self.at).ok_or_else(|| {
            let name = self.batch.schema_ref().field(place).name().clone();
            let why = format!("recip does not read values of type {}", column.data_type());
            rusqlite::Error::FromSqlConversionFailure(place, rusqlite::types::Type::Null, format!("column {name}: {why}").into())
        })
    }
}

/// The value at a place of a column, as SQLite would have it; `None`: SQLite has no such type, or the number is too large.
fn value(column: &dyn Array, at: usize) -> Option<ValueRef<'_>> {
    if column.is_null(at) {
        return Some(ValueRef::Null);
    }
    let text = |text| Some(ValueRef::Text(text));
    let number = |number: Option<i64>| number.map(ValueRef::Integer);
    match column.data_type() {
        DataType::Null => Some(ValueRef::Null),
        DataType::Boolean => number(Some(column.as_boolean().value(at).into())),
        DataType::Int8 => number(Some(column.as_primitive::<Int8Type>().value(at).into())),
        DataType::Int16 => number(Some(column.as_primitive::<Int16Type>().value(at).into())),
        DataType::Int32 => number(Some(column.as_primitive::<Int32Type>().value(at).into())),
        DataType::Int64 => number(Some(column.as_primitive::<Int64Type>().value(at))),
        DataType::UInt8 => number(Some(column.as_primitive::<UInt8Type>().value(at).into())),
        DataType::UInt16 => number(Some(column.as_primitive::<UInt16Type>().value(at).into())),
        DataType::UInt32 => number(Some(column.as_primitive::<UInt32Type>().value(at).into())),
        DataType::UInt64 => number(column.as_primitive::<UInt64Type>().value(at).try_into().ok()),
        // Sums of whole numbers.
        DataType::Decimal128(_, 0) => number(column.as_primitive::<Decimal128Type>().value(at).try_into().ok()),
        DataType::Float32 => Some(ValueRef::Real(column.as_primitive::<Float32Type>().value(at).into())),
        DataType::Float64 => Some(ValueRef::Real(column.as_primitive::<Float64Type>().value(at))),
        DataType::Utf8 => text(column.as_string::<i32>().value(at).as_bytes()),
        DataType::LargeUtf8 => text(column.as_string::<i64>().value(at).as_bytes()),
        DataType::Utf8View => text(column.as_string_view().value(at).as_bytes()),
        // ClickHouse does not require that its texts are UTF-8.
        DataType::Binary => text(column.as_binary::<i32>().value(at)),
        DataType::LargeBinary => text(column.as_binary::<i64>().value(at)),
        DataType::BinaryView => text(column.as_binary_view().value(at)),
        _ => None,
    }
}
