//! Reads a database file without SQLite.
//!
//! When a process closes a file, POSIX releases all locks that this process holds on it, even those that SQLite took through another
//! descriptor. Another program could then delete the write-ahead log that this process still uses, and changes would be lost. A database
//! that was opened here is therefore never closed before the process ends, and is opened once, however often it is read.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The databases that were opened here.
static OPENED: Mutex<Vec<File>> = Mutex::new(Vec::new());

/// True if the file at `path` begins with the header of an SQLite database.
///
/// # Errors
/// The file cannot be read.
pub(super) fn is_database(path: &Path) -> io::Result<bool> {
    read(path, begins_as_database)
}

/// Passes the file at `path`, from its beginning, to `read`.
///
/// # Errors
/// The file cannot be opened, or `read` fails.
pub(super) fn read<T>(path: &Path, read: impl FnOnce(&mut &File) -> io::Result<T>) -> io::Result<T> {
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(mut file) = opened.iter().find(|file| is_at(file, path)) {
        file.rewind()?;
        return read(&mut file);
    }
    let file = File::open(path)?;
    let is_database = begins_as_database(&mut &file)?;
    (&file).rewind()?;
    let result = read(&mut &file);
    // No other program can open a file that was deleted, so its locks no longer matter.
    opened.retain(|file| !is_deleted(file));
    if is_database {
        opened.push(file);
    }
    result
}

fn begins_as_database(file: &mut &File) -> io::Result<bool> {
    let mut head = Vec::new();
    file.take(16).read_to_end(&mut head)?;
    Ok(head == b"SQLite format 3\0")
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |a: std::fs::Metadata, b: std::fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
    file.metadata().ok().zip(std::fs::metadata(path).ok()).is_some_and(|(opened, there)| same(opened, there))
}

#[cfg(unix)]
fn is_deleted(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().is_ok_and(|about| about.nlink() == 0)
}

/// Elsewhere, closing a file releases only its own locks, and a file that is open cannot be replaced.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    false
}

#[cfg(not(unix))]
fn is_deleted(_: &File) -> bool {
    true
}
