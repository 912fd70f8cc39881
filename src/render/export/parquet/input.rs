//! Reads the texts of a column back from a file.

use std::fs::File;
use std::path::Path;

use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::ByteArrayType;
use parquet::errors::{ParquetError, Result as Read};
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};

use crate::error::{Error, Result};

/// Number of texts that are read at once.
const AT_ONCE: usize = 8_192;

/// Gives every text of a column to `take`. Row groups are skipped if, according to their statistics, none of their texts is in the range
/// `within`.
///
/// # Errors
/// The file cannot be read or does not have the column, or `take` fails.
pub(super) fn each_text(file: &Path, column: &str, within: Option<&[String; 2]>, take: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let failed = |e: ParquetError| Error::File {
        file: file.display().to_string(),
        why: format!("it cannot be read: {e}"),
        way_out: "restore this file; if another program wrote it, write it again, compressed with zstd".to_owned(),
    };
    let reader = SerializedFileReader::new(File::open(file).map_err(Error::io("read", file))?).map_err(failed)?;
    for n in 0..reader.num_row_groups() {
        let group = reader.get_row_group(n).map_err(failed)?;
        let at = position(&*group, column).map_err(failed)?;
        if within.is_none_or(|within| may_have(&*group, at, within)) {
            each_of_group(&*group, at, &failed, take)?;
        }
    }
    Ok(())
}

fn position(group: &dyn RowGroupReader, column: &str) -> Read<usize> {
    let at = group.metadata().columns().iter().position(|c| c.column_path().string() == column);
    at.ok_or_else(|| ParquetError::General(format!("it has no column '{column}'")))
}

/// False if the statistics of a column say that none of its texts is in the range.
fn may_have(group: &dyn RowGroupReader, at: usize, within: &[String; 2]) -> bool {
    let statistics = group.metadata().column(at).statistics();
    let [first, last] = statistics.map_or([None; 2], |of| [of.min_bytes_opt(), of.max_bytes_opt()]);
    first.is_none_or(|first| first <= within[1].as_bytes()) && last.is_none_or(|last| last >= within[0].as_bytes())
}

fn each_of_group(
    group: &dyn RowGroupReader,
    at: usize,
    failed: &dyn Fn(ParquetError) -> Error,
    take: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let mut column = get_typed_column_reader::<ByteArrayType>(group.get_column_reader(at).map_err(failed)?);
    let (mut texts, mut present) = (Vec::new(), Vec::new());
    loop {
        texts.clear();
        present.clear();
        let (rows, _, _) = column.read_records(AT_ONCE, Some(&mut present), None, &mut texts).map_err(failed)?;
        if rows == 0 {
            return Ok(());
        }
        texts.iter().try_for_each(|text| take(text.data()))?;
    }
}
