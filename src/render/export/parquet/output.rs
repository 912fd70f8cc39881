//! The folder of an export.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use parquet::file::metadata::ParquetMetaDataReader;

use crate::atomic::{AtomicFolder, entries, finish_adding};
use crate::error::{Error, Result};
use crate::model::Feed;

use super::manifest::{self, MANIFEST};
use super::table::REPORTS;

/// The name of each file of a table that an export writes.
pub(super) const PART: &str = "part-0.parquet";

/// Begins an export to `place`.
///
/// # Errors
/// `place` contains something else, or the folder cannot be created.
pub(super) fn begin(place: &Path) -> Result<AtomicFolder> {
    if manifest::is_ours(&place.join(MANIFEST)) {
        finish_adding(place)?;
    }
    check(place)?;
    AtomicFolder::new(place)
}

/// Waits until no other program changes the folder of an export, and keeps others out while the result lives. On a system without locks
/// for folders, nobody waits.
pub(super) fn lock(dir: &Path) -> Option<File> {
    // To open something else, such as a pipe, may take forever.
    let folder = dir.is_dir().then(|| File::open(dir).ok()).flatten();
    folder.filter(|folder| folder.lock().is_ok())
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

/// True if recip wrote everything in the folder. Reports that were appended stay, whoever combined their files.
fn is_ours(dir: &Path) -> io::Result<bool> {
    let keeps_reports = has_appended(dir)?;
    for entry in entries(dir)? {
        let name = entry.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let ours = if name == MANIFEST {
            manifest::is_ours(&entry)
        } else {
            let is_kept = keeps_reports && name == REPORTS.name;
            super::entries().any(|table| table == name) && entry.is_dir() && (is_kept || has_only_parts(&entry, DEPTH)?)
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

fn is_parquet(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "parquet")
}

/// The files of the reports in a folder, of one feed or of all.
pub(super) fn reports(dir: &Path, feed: Option<Feed>) -> io::Result<Vec<PathBuf>> {
    let of_feed = feed.map(|feed| format!("feed={feed}"));
    let mut files = Vec::new();
    for feed in folders(&dir.join(REPORTS.name))?.into_iter().filter(|feed| of_feed.as_ref().is_none_or(|of| feed.ends_with(of))) {
        for day in folders(&feed)? {
            files.extend(entries(&day)?.into_iter().filter(|file| is_parquet(file)));
        }
    }
    Ok(files)
}

/// The folders in a folder; none if it does not exist.
fn folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    Ok(entries(folder)?.into_iter().filter(|entry| entry.is_dir()).collect())
}

/// True if reports were appended to a folder. Their files have other names than those of an export.
pub(super) fn has_appended(dir: &Path) -> io::Result<bool> {
    Ok(reports(dir, None)?.iter().any(|file| !file.ends_with(PART)))
}

/// True if a folder is a lake: it has the tables of an export. False if there is nothing yet.
///
/// # Errors
/// It is something else, or cannot be read.
pub(super) fn is_lake(dir: &Path) -> Result<bool> {
    if dir.to_str().is_some_and(|address| address.contains("://")) {
        return Err(Error::File {
            file: dir.display().to_string(),
            why: "this is an address, and recip writes to folders of this machine only".to_owned(),
            way_out: "append to a folder, and copy the new files to that address".to_owned(),
        });
    }
    if manifest::is_ours(&dir.join(MANIFEST)) {
        return Ok(true);
    }
    if !dir.exists() || dir.is_dir() && entries(dir).map_err(Error::io("read", dir))?.is_empty() {
        return Ok(false);
    }
    Err(Error::File {
        file: dir.display().to_string(),
        why: "this is not a lake: it does not come from 'recip export parquet'".to_owned(),
        way_out: "give a new folder, an empty one, or the folder of a Parquet export".to_owned(),
    })
}

/// True if the metadata of a file says that recip wrote it.
fn written_here(file: &Path) -> bool {
    let Ok(file) = File::open(file) else { return false };
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&file);
    metadata.is_ok_and(|m| m.file_metadata().created_by().is_some_and(|by| by.starts_with("recip ")))
}
