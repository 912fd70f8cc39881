//! The folder of an export: what is not finished lies beside it, and what is there is replaced only by the whole.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use parquet::file::metadata::ParquetMetaDataReader;

use crate::error::{Error, Result};

use super::table::TABLES;

/// The file of a year.
pub(super) const PART: &str = "part-0.parquet";
/// What the name of an unfinished export has in it.
const MARK: &str = ".recip-unfinished-";
/// Where the tables lie, that are being replaced.
const BEFORE: &str = "before";

/// An export that is not finished. It is taken away where it is dropped so.
pub(super) struct Unfinished {
    path: PathBuf,
    place: PathBuf,
    /// True where the folder was there.
    there: bool,
}

impl Unfinished {
    /// Makes room for an export to `place`: beside it, or where it is there already within it.
    ///
    /// # Errors
    /// There is something else at the place, or nothing can be made there.
    pub fn begin(place: &Path) -> Result<Unfinished> {
        let there = check(place)?;
        let mark = format!("{MARK}{}", std::process::id());
        let path = if there {
            place.join(mark)
        } else {
            let mut name = place.file_name().map_or_else(Default::default, ToOwned::to_owned);
            name.push(mark);
            place.with_file_name(name)
        };
        fs::create_dir_all(path.parent().unwrap_or(place)).map_err(Error::io("create the folder", place))?;
        fs::create_dir(&path).map_err(Error::io("create the folder", place))?;
        Ok(Unfinished { path, place: place.to_owned(), there })
    }

    /// Where it is written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where it will be.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// The system refuses; what was there is there again.
    pub fn finish(self) -> Result<()> {
        if !self.there {
            return fs::rename(&self.path, &self.place).map_err(Error::io("create the folder", &self.place));
        }
        let before = self.path.join(BEFORE);
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

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// True where the folder is there, and may be written to.
fn check(dir: &Path) -> Result<bool> {
    let refuse = |why: &str| {
        let way_out = "name a new folder, an empty one, or an export to Parquet to replace".to_owned();
        Err(Error::File { file: dir.display().to_string(), why: why.to_owned(), way_out })
    };
    match fs::symlink_metadata(dir) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(Error::io("write", dir)(e)),
        Ok(meta) if meta.is_symlink() => refuse("this is a symbolic link"),
        Ok(meta) if !meta.is_dir() => refuse("this is a file"),
        Ok(_) if is_ours(dir).map_err(Error::io("read", dir))? => Ok(true),
        Ok(_) => refuse("there are files in it, and they are no Parquet of recip's"),
    }
}

/// True where all that the folder holds was written here. What an export left that was cut off is passed over.
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

/// True where a file says that recip wrote it.
fn written_here(file: &Path) -> bool {
    let Ok(file) = File::open(file) else { return false };
    let metadata = ParquetMetaDataReader::new().parse_and_finish(&file);
    metadata.is_ok_and(|m| m.file_metadata().created_by().is_some_and(|by| by.starts_with("recip ")))
}
