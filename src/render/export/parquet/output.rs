//! The folder of an export.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use parquet::file::metadata::ParquetMetaDataReader;

use crate::atomic::{AtomicFolder, entries};
use crate::error::{Error, Result};

use super::manifest::{self, MANIFEST};

/// The name of each file of a table.
pub(super) const PART: &str = "part-0.parquet";
/// Begins an export to `place`.
///
/// # Errors
/// `place` contains something else, or the folder cannot be created.
pub(super) fn begin(place: &Path) -> Result<AtomicFolder> {
    check(place)?;
    AtomicFolder::new(place)
}

/// Checks that the folder may be written to.
fn check(dir: &Path) -> Result<()> {
    let refuse = |why: &str| {
        let way_out = "give a new folder, an empty one, or an earlier Parquet export to replace".to_owned();
        Err(Error::File { file: dir.display().to_string(), why: why.to_owned(), way_out })
    };
    match fs::symlink_metadata(dir) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(Error::io("write", dir)(e)),
        Ok(meta) if meta.is_symlink() => refuse("this is a symbolic link"),
        Ok(meta) if !meta.is_dir() => refuse("this is a file"),
        Ok(_) if is_ours(dir).map_err(Error::io("read", dir))? => Ok(()),
        Ok(_) => refuse("the folder contains files that are not a Parquet export by recip"),
    }
}

/// True if recip wrote everything in the folder.
fn is_ours(dir: &Path) -> io::Result<bool> {
    for entry in entries(dir)? {
        let name = entry.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let ours = if name == MANIFEST {
            manifest::is_ours(&entry)
        } else {
            super::entries().any(|table| table == name) && entry.is_dir() && has_only_parts(&entry, DEPTH)?
        };
        if !ours {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The number of folders between a table and its files: a feed and a day.
const DEPTH: u8 = 2;

/// True if recip wrote everything in the folder of a table, which has folders to this depth.
fn has_only_parts(folder: &Path, depth: u8) -> io::Result<bool> {
    for entry in entries(folder)? {
        let ours =
            if depth > 0 && entry.is_dir() { has_only_parts(&entry, depth - 1)? } else { entry.ends_with(PART) && written_here(&entry) };
        if !ours {
            return Ok(false);
        }
    }
    Ok(true)
}

/// True if the metadata of a file says that recip wrote it.
fn written_here(file: &Path) -> bool {
    let Ok(file) = File::open(file) else { return false };
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&file);
    metadata.is_ok_and(|m| m.file_metadata().created_by().is_some_and(|by| by.starts_with("recip ")))
}
