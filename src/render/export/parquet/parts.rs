//! Writes the files of a table, one for each folder.

use std::fmt;
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
use rusqlite::types::ValueRef;

use crate::atomic::AtomicFolder;
use crate::error::{Error, Result};
use crate::model::{Day, Feed};
use crate::record::FromColumn;
use crate::report::{Lens, Selection};

use super::column::Buffer;
use super::output::PART;
use super::table::{Division, ParquetTable};

/// The version of the tables. It increases if a column is removed or changes its meaning, not if one is added.
pub(super) const VERSION: &str = "1";

/// Maximum number of rows in a row group: the number that DuckDB reads at once.
pub(super) const GROUP_ROWS: usize = 122_880;
/// Number of bytes of text at which a row group is complete.
const GROUP_BYTES: usize = 32 << 20;

/// What the files of an export describe.
pub(super) struct About {
    /// The day of the report.
    pub day: Day,
    /// The day that the selection ends with, if it does.
    pub as_of: Option<String>,
    /// The time at which the ledger was known so, if it is an earlier state.
    pub as_known: Option<String>,
}

impl About {
    /// What a selection of a ledger describes.
    pub fn new(lens: &Lens<'_>, selection: &Selection) -> About {
        About {
            day: lens.as_of(),
            as_of: (!selection.all_days).then(|| lens.as_of().iso()),
            as_known: lens.known().map(|moment| moment.stamp().to_owned()),
        }
    }
}

/// A table being written. Its rows must be added in the order of their folders.
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
    /// Number of rows added.
    rows: u64,
    /// The division being written. For a table without rows, that of its only file.
    division: Divided,
    part: Option<Part>,
}

/// One of the divisions of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Divided {
    Whole,
    Year(i32),
    Added(Feed, Option<Day>),
}

impl fmt::Display for Divided {
    /// Writes the folder of its file, within the folder of the table.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Divided::Whole => Ok(()),
            Divided::Year(year) => write!(f, "year={year}"),
            Divided::Added(feed, Some(day)) => write!(f, "feed={feed}/added={day}"),
            // What readers of this layout take for NULL.
            Divided::Added(feed, None) => write!(f, "feed={feed}/added=__HIVE_DEFAULT_PARTITION__"),
        }
    }
}

/// The file of a division.
struct Part {
    /// Its final path.
    place: PathBuf,
    writer: SerializedFileWriter<File>,
}

impl<'e> Parts<'e> {
    /// Starts a table.
    pub fn begin(table: &'static ParquetTable, about: &About, unfinished: &'e AtomicFolder) -> Result<Parts<'e>> {
        Ok(Parts {
            table,
            day: table.position("day"),
            unfinished,
            schema: schema(table).map_err(|e| failed(e, unfinished.place()))?,
            properties: Arc::new(properties(table, about).map_err(|e| failed(e, unfinished.place()))?),
            buffers: table.columns.iter().map(|c| c.buffer()).collect(),
            buffered: 0,
            rows: 0,
            division: match table.division {
                Division::Whole => Divided::Whole,
                Division::Year => Divided::Year(year(about.day)?),
                Division::Added => Divided::Added(Feed::Gdelt, Some(about.day)),
            },
            part: None,
        })
    }

    /// Adds a row; `value` gives the value at a position.
    pub fn add<'v>(&mut self, value: impl Fn(usize) -> Result<ValueRef<'v>>) -> Result<()> {
        let division = self.division_of(&value)?;
        if self.part.is_none() || division != self.division {
            self.close()?;
            self.open(division)?;
        }
        for (at, buffer) in self.buffers.iter_mut().enumerate() {
            buffer.push(value(at)?)?;
        }
        self.rows += 1;
        self.buffered += 1;
        if self.buffered >= GROUP_ROWS || self.buffers.iter().map(Buffer::bytes).sum::<usize>() >= GROUP_BYTES {
            self.write_group()?;
        }
        Ok(())
    }

    fn division_of<'v>(&self, value: impl Fn(usize) -> Result<ValueRef<'v>>) -> Result<Divided> {
        let read = |at: usize| Ok::<_, Error>(Option::<i64>::from_column(value(at)?).map_err(rusqlite::Error::from)?.map(Day));
        Ok(match self.table.division {
            Division::Whole => Divided::Whole,
            Division::Year => Divided::Year(year(read(self.day)?.unwrap_or(Day(0)))?),
            Division::Added => {
                let feed = self.table.columns.len();
                Divided::Added(Feed::from_column(value(feed)?).map_err(rusqlite::Error::from)?, read(feed + 1)?)
            }
        })
    }

    /// Writes the remaining rows and closes the table. Returns its name and its number of rows.
    pub fn finish(mut self) -> Result<(&'static str, u64)> {
        if self.part.is_none() {
            self.open(self.division)?;
        }
        self.close()?;
        Ok((self.table.name, self.rows))
    }

    fn open(&mut self, division: Divided) -> Result<()> {
        let folder = self.unfinished.path().join(self.table.name).join(division.to_string());
        let place = self.unfinished.place().join(self.table.name).join(division.to_string()).join(PART);
        fs::create_dir_all(&folder).map_err(Error::io("create the folder for", &place))?;
        let file = File::create_new(folder.join(PART)).map_err(Error::io("create", &place))?;
        let writer = SerializedFileWriter::new(file, self.schema.clone(), self.properties.clone()).map_err(|e| failed(e, &place))?;
        self.part = Some(Part { place, writer });
        self.division = division;
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
fn properties(table: &ParquetTable, about: &About) -> parquet::errors::Result<WriterProperties> {
    let metadata = [
        ("recip.version", Some(env!("CARGO_PKG_VERSION").to_owned())),
        ("recip.schema", Some(VERSION.to_owned())),
        ("recip.table", Some(table.name.to_owned())),
        ("recip.as_of", about.as_of.clone()),
        ("recip.as_known", about.as_known.clone()),
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
pub(super) fn failed(e: ParquetError, place: &std::path::Path) -> Error {
    let source = match e {
        ParquetError::External(e) => e.downcast::<std::io::Error>().map_or_else(std::io::Error::other, |e| *e),
        other => std::io::Error::other(other),
    };
    Error::io("write", place)(source)
}
