//! Writes the files of a table, one per year.

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::Datelike;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type, TypePtr};
use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::atomic::AtomicFolder;
use crate::error::{Error, Result};
use crate::model::Day;
use crate::report::{Lens, Selection};

use super::column::Buffer;
use super::output::PART;
use super::table::ParquetTable;

/// The version of the tables. It increases if a column is removed or changes its meaning, not if one is added.
const VERSION: &str = "1";

/// Maximum number of rows in a row group: the number that DuckDB reads at once.
const GROUP_ROWS: usize = 122_880;
/// Number of bytes of text at which a row group is complete.
const GROUP_BYTES: usize = 32 << 20;

/// A table being written. Its rows must be added in order of day.
pub(super) struct Parts<'e> {
    table: &'static ParquetTable,
    /// The position of the column `day`.
    day: usize,
    unfinished: &'e AtomicFolder,
    schema: TypePtr,
    properties: WriterPropertiesPtr,
    buffers: Vec<Buffer>,
    /// Number of rows in the buffers.
    buffered: usize,
    /// The year being written. For a table without rows, the year of its only file.
    year: i32,
    part: Option<Part>,
}

/// The file for a year.
struct Part {
    /// Its final path.
    place: PathBuf,
    writer: SerializedFileWriter<File>,
}

impl<'e> Parts<'e> {
    /// Starts a table.
    pub fn begin(table: &'static ParquetTable, lens: &Lens<'_>, selection: &Selection, unfinished: &'e AtomicFolder) -> Result<Parts<'e>> {
        Ok(Parts {
            table,
            day: table.position("day"),
            unfinished,
            schema: schema(table).map_err(|e| failed(e, unfinished.place()))?,
            properties: Arc::new(properties(table, lens, selection).map_err(|e| failed(e, unfinished.place()))?),
            buffers: table.columns.iter().map(|c| c.buffer()).collect(),
            buffered: 0,
            year: year(lens.as_of())?,
            part: None,
        })
    }

    /// Adds a row of a statement. `last` replaces the value of the last column.
    pub fn add(&mut self, row: &Row<'_>, last: Option<ValueRef<'_>>) -> Result<()> {
        let year = year(Day(row.get(self.day)?))?;
        if self.part.is_none() || year != self.year {
            self.close()?;
            self.open(year)?;
        }
        let last_at = self.buffers.len() - 1;
        for (at, buffer) in self.buffers.iter_mut().enumerate() {
            buffer.push(match last {
                Some(value) if at == last_at => value,
                _ => row.get_ref(at)?,
            })?;
        }
        self.buffered += 1;
        if self.buffered >= GROUP_ROWS || self.buffers.iter().map(Buffer::bytes).sum::<usize>() >= GROUP_BYTES {
            self.write_group()?;
        }
        Ok(())
    }

    /// Writes the remaining rows and closes the table.
    pub fn finish(mut self) -> Result<()> {
        if self.part.is_none() {
            self.open(self.year)?;
        }
        self.close()
    }

    fn open(&mut self, year: i32) -> Result<()> {
        let folder = self.unfinished.path().join(self.table.name).join(format!("year={year}"));
        let place = self.unfinished.place().join(self.table.name).join(format!("year={year}")).join(PART);
        fs::create_dir_all(&folder).map_err(Error::io("create the folder for", &place))?;
        let file = File::create_new(folder.join(PART)).map_err(Error::io("create", &place))?;
        let writer = SerializedFileWriter::new(file, self.schema.clone(), self.properties.clone()).map_err(|e| failed(e, &place))?;
        self.part = Some(Part { place, writer });
        self.year = year;
        Ok(())
    }

    fn write_group(&mut self) -> Result<()> {
        let Some(part) = &mut self.part else { return Ok(()) };
        let mut write = || {
            let mut group = part.writer.next_row_group()?;
            for buffer in &mut self.buffers {
                if let Some(mut column) = group.next_column()? {
                    buffer.write(&mut column)?;
                    column.close()?;
                }
            }
            group.close()
        };
        write().map_err(|e| failed(e, &part.place))?;
        self.buffered = 0;
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        if self.buffered > 0 {
            self.write_group()?;
        }
        if let Some(mut part) = self.part.take() {
            part.writer.finish().map_err(|e| failed(e, &part.place))?;
            part.writer.inner().sync_all().map_err(Error::io("write", &part.place))?;
        }
        Ok(())
    }
}

/// The schema of a table in Parquet.
fn schema(table: &ParquetTable) -> parquet::errors::Result<TypePtr> {
    let columns = table.columns.iter().map(|c| c.schema()).collect::<parquet::errors::Result<_>>()?;
    Ok(Arc::new(Type::group_type_builder(table.name).with_fields(columns).build()?))
}

/// The settings for writing a table, and the metadata of its files.
fn properties(table: &ParquetTable, lens: &Lens<'_>, selection: &Selection) -> parquet::errors::Result<WriterProperties> {
    let metadata = [
        ("recip.version", Some(env!("CARGO_PKG_VERSION").to_owned())),
        ("recip.schema", Some(VERSION.to_owned())),
        ("recip.table", Some(table.name.to_owned())),
        ("recip.as_of", (!selection.all_days).then(|| lens.as_of().iso())),
        ("recip.as_known", lens.known().map(|moment| moment.stamp().to_owned())),
    ];
    let metadata = metadata.into_iter().filter_map(|(key, value)| Some(KeyValue::new(key.to_owned(), value?))).collect();
    let sorted = table.sorted_by.iter().map(|name| SortingColumn {
        column_idx: i32::try_from(table.position(name)).unwrap_or_default(),
        descending: false,
        nulls_first: false,
    });
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("recip version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_sorting_columns(Some(sorted.collect()))
        .set_key_value_metadata(Some(metadata));
    for column in table.columns.iter().filter(|c| !c.repeats) {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(column.name), false);
    }
    Ok(properties.build())
}

fn year(day: Day) -> Result<i32> {
    let refuse = || Error::refused(format!("write the day {day}"), "it is outside the calendar", "'recip check' finds its row");
    Ok(day.calendar().ok_or_else(refuse)?.year())
}

/// Converts an error in writing a Parquet file.
fn failed(e: ParquetError, place: &std::path::Path) -> Error {
    let source = match e {
        ParquetError::External(e) => e.downcast::<std::io::Error>().map_or_else(std::io::Error::other, |e| *e),
        other => std::io::Error::other(other),
    };
    Error::io("write", place)(source)
}
