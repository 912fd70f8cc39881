//! The folder of an export. The export is written to a temporary folder first and replaces an earlier export only when it is complete.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use parquet::file::metadata::ParquetMetaDataReader;

use crate::error::{Error, Result};

use super::table::TABLES;

/// The name of the file for a year.
pub(super) const PART: &str = "part-0.parquet";
/// The mark in the name of a temporary folder.
const MARK: &str = ".recip-unfinished-";
/// The subfolder for the tables that are being replaced.
const REPLACED: &str = "before";

/// An export that is not complete. Its temporary folder is deleted when this value is dropped.
pub(super) struct AtomicFolder {
    path: PathBuf,
    place: PathBuf,
    /// True if the folder of the export existed before.
    exists: bool,
}

impl AtomicFolder {
    /// Creates the temporary folder for an export to `place`: inside it if it exists, otherwise next to it.
    ///
    /// # Errors
    /// `place` contains something else, or the folder cannot be created.
    pub fn begin(place: &Path) -> Result<AtomicFolder> {
        let exists = check(place)?;
        let mark = format!("{MARK}{}", std::process::id());
        let path = if exists {
            place.join(mark)
        } else {
            let mut name = place.file_name().map_or_else(Default::default, ToOwned::to_owned);
            name.push(mark);
            place.with_file_name(name)
        };
        fs::create_dir_all(path.parent().unwrap_or(place)).map_err(Error::io("create the folder", place))?;
        fs::create_dir(&path).map_err(Error::io("create the folder", place))?;
        Ok(AtomicFolder { path, place: place.to_owned(), exists })
    }

    /// The temporary folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The final folder.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Moves the export to its final folder.
    ///
    /// # Errors
    /// The system refuses. The earlier export is then restored.
    pub fn finish(self) -> Result<()> {
        if !self.exists {
            return fs::rename(&self.path, &self.place).map_err(Error::io("create the folder", &self.place));
        }
        let before = self.path.join(REPLACED);
        fs::create_dir(&before).map_err(Error::io("write", &self.place))?;
        let mut moved: Vec<(PathBuf, PathBuf)> = Vec::new();
        for table in TABLES {
            let (new, place) = (self.path.join(table.name), self.place.join(table.name));
            for (from, to) in [(place.clone(), before.join(table.name)), (new, place)] {
                match fs::rename(&from, &to) {
                    Ok(()) => moved.push((from, to)),
                    Err(e) if e.kind() == io::ErrorKind::NotFound && to.starts_with(&before) => (),
                    Err(e) => {
                        for (from, to) in moved.iter().rev() {
                            let _ = fs::rename(to, from);
                        }
                        return Err(Error::io("write", &self.place)(e));
                    }
                }
            }
        }
        Ok(())
    }
}

impl Drop for AtomicFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Checks that the folder may be written to. Returns true if it exists.
fn check(dir: &Path) -> Result<bool> {
    let refuse = |why: &str| {
        let way_out = "give a new folder, an empty one, or an earlier Parquet export to replace".to_owned();
        Err(Error::File { file: dir.display().to_string(), why: why.to_owned(), way_out })
    };
    match fs::symlink_metadata(dir) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(Error::io("write", dir)(e)),
        Ok(meta) if meta.is_symlink() => refuse("this is a symbolic link"),
        Ok(meta) if !meta.is_dir() => refuse("this is a file"),
        Ok(_) if is_ours(dir).map_err(Error::io("read", dir))? => Ok(true),
        Ok(_) => refuse("the folder contains files that are not a Parquet export by recip"),
    }
}

/// True if recip wrote everything in the folder. The remains of an interrupted export are ignored.
fn is_ours(dir: &Path) -> io::Result<bool> {
    for table in entries(dir)? {
        let name = table.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with(MARK) {
            continue;
        }
        if !TABLES.iter().any(|t| t.name == name) || !table.is_dir() {
            return Ok(false);
        }
        for year in entries(&table)? {
            let files = if year.is_dir() { entries(&year)? } else { vec![year] };
            if !files.iter().all(|file| file.ends_with(PART) && written_here(file)) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn entries(dir: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect()
}

/// True if the metadata of a file says that recip wrote it.
fn written_here(file: &Path) -> bool {
    let Ok(file) = File::open(file) else { return false };
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&file);
    metadata.is_ok_and(|m| m.file_metadata().created_by().is_some_and(|by| by.starts_with("recip ")))
}
