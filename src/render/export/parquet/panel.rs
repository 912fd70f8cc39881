//! The panel as one file, for statistics programs.

use std::cell::RefCell;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use rusqlite::types::ValueRef;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::model::Day;
use crate::report::panel::{self, Begin, Each};

use super::column::{Buffer, Column};
use super::parts::GROUP_ROWS;

/// The columns of [`panel::COLUMNS`].
const COLUMNS: [Column; panel::COLUMNS.len()] = [
    Column::text("period"),
    Column::day("first_day"),
    Column::day("last_day"),
    Column::text("actor"),
    Column::text("target"),
    Column::text("actor_cow").or_null(),
    Column::text("target_cow").or_null(),
    Column::text("actor_gw").or_null(),
    Column::text("target_gw").or_null(),
    Column::number("hostile_acts"),
    Column::number("friendly_acts"),
    Column::real("hostile_weight").or_null(),
    Column::real("friendly_weight").or_null(),
    Column::number("unweighted_acts"),
    Column::number("imprecise_acts"),
    Column::number("hostile_open"),
    Column::number("friendly_open"),
];

/// The two columns of each kind: its acts, and the sum of their counts.
const OF_KIND: [Column; 2] = [Column::number("acts"), Column::number("count").or_null()];

/// The column at a position.
fn column(at: usize) -> &'static Column {
    COLUMNS.get(at).unwrap_or(&OF_KIND[at.saturating_sub(COLUMNS.len()) % 2])
}

/// The panel as a Parquet file, with the columns of the CSV. `read` passes it on, as [`panel::read`] does.
///
/// # Errors
/// `read` fails, or the ledger has a value that the column cannot hold.
pub fn panel_file(read: impl FnOnce(Begin<'_>, Each<'_>) -> Result<()>) -> Result<Vec<u8>> {
    let file = RefCell::new(None);
    let mut begin = |names: Vec<String>| {
        *file.borrow_mut() = Some(PanelFile::begin(&names)?);
        Ok(())
    };
    read(&mut begin, &mut |row| file.borrow_mut().as_mut().map_or(Ok(()), |file| file.add(&row)))?;
    file.into_inner().map_or_else(|| PanelFile::begin(&[])?.finish(), PanelFile::finish)
}

struct PanelFile {
    writer: SerializedFileWriter<Vec<u8>>,
    buffers: Vec<Buffer>,
    /// Number of rows in the buffers.
    buffered: usize,
}

impl PanelFile {
    fn begin(names: &[String]) -> Result<PanelFile> {
        let begun = || {
            let fields = names.iter().enumerate().map(|(at, name)| column(at).schema_as(name)).collect::<parquet::errors::Result<_>>()?;
            let schema = Arc::new(Type::group_type_builder("panel").with_fields(fields).build()?);
            let properties = WriterProperties::builder()
                .set_created_by(concat!("recip version ", env!("CARGO_PKG_VERSION")).to_owned())
                .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?));
            SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties.build()))
        };
        let buffers = (0..names.len()).map(|at| column(at).buffer()).collect();
        Ok(PanelFile { writer: begun().map_err(failed)?, buffers, buffered: 0 })
    }

    fn add(&mut self, row: &[Value]) -> Result<()> {
        for (at, (buffer, value)) in self.buffers.iter_mut().zip(row).enumerate() {
            buffer.push(match value {
                Value::String(text) if column(at).is_day() => ValueRef::Integer(text.parse::<Day>()?.0),
                Value::String(text) => ValueRef::Text(text.as_bytes()),
                Value::Number(number) => match number.as_i64() {
                    Some(whole) if !column(at).is_real() => ValueRef::Integer(whole),
                    _ => ValueRef::Real(number.as_f64().unwrap_or_default()),
                },
                _ => ValueRef::Null,
            })?;
        }
        self.buffered += 1;
        if self.buffered >= GROUP_ROWS { self.write_group() } else { Ok(()) }
    }

    fn write_group(&mut self) -> Result<()> {
        let mut write = || {
            let mut group = self.writer.next_row_group()?;
            for buffer in &mut self.buffers {
                if let Some(mut column) = group.next_column()? {
                    buffer.write(&mut column)?;
                    column.close()?;
                }
            }
            group.close().map(|_| ())
        };
        write().map_err(failed)?;
        self.buffered = 0;
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<u8>> {
        if self.buffered > 0 {
            self.write_group()?;
        }
        self.writer.into_inner().map_err(failed)
    }
}

fn failed(e: parquet::errors::ParquetError) -> Error {
    super::parts::failed(e, "the panel".as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_those_of_the_panel() {
        assert_eq!(COLUMNS.map(|column| column.name), panel::COLUMNS);
    }
}
