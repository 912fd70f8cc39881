//! Files and folders that appear only when they are complete.
//!
//! They are written in a temporary folder beside their final place. The program that writes holds a lock on this folder, which ends with
//! the program, even if it is killed. The next program that writes to the same place deletes the folders that nobody locks any more. The
//! lock is on the folder and not on the file, because SQLite locks the file, and on some systems the two locks exclude each other.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempPath};

use crate::error::{Error, Result};

/// The mark in the name of a temporary folder.
const MARK: &str = ".recip-unfinished-";
/// The number of random letters after the mark. No name that a person gives looks like it.
const RANDOM: usize = 12;
/// The name of a folder within a folder, whose files are complete and are being moved into that folder.
const ADDED: &str = ".recip-added";

/// A temporary folder that only its owner can look into. It is deleted with this value.
#[derive(Debug)]
pub struct TemporaryFolder {
    path: PathBuf,
    /// The lock, unless the system has no locks for folders. Then nobody deletes the folder if this program is killed.
    _lock: Option<File>,
}

impl TemporaryFolder {
    /// A folder in the system's folder for temporary files.
    ///
    /// # Errors
    /// The folder cannot be created.
    pub fn new() -> Result<TemporaryFolder> {
        let parent = std::env::temp_dir();
        TemporaryFolder::create(&parent, OsStr::new(MARK)).map_err(Error::io("create a folder in", &parent))
    }

    /// A folder beside `place`, and so on the same disk.
    fn beside(place: &Path) -> io::Result<TemporaryFolder> {
        let mut prefix = place.file_name().unwrap_or_default().to_owned();
        prefix.push(MARK);
        TemporaryFolder::create(folder(place), &prefix)
    }

    fn create(parent: &Path, prefix: &OsStr) -> io::Result<TemporaryFolder> {
        delete_abandoned(parent, prefix);
        let (lock, path) = Builder::new().prefix(prefix).rand_bytes(RANDOM).make_in(parent, create_locked)?.into_parts();
        Ok(TemporaryFolder { path: path.keep().map_err(|e| e.error)?, _lock: lock })
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn create_locked(path: &Path) -> io::Result<Option<File>> {
    let mut private = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut private, 0o700);
    private.create(path)?;
    let lock = File::open(path).ok().filter(|folder| folder.lock().is_ok());
    // Before it was locked, another program may have taken it for abandoned.
    if path.exists() { Ok(lock) } else { Err(ErrorKind::AlreadyExists.into()) }
}

/// Deletes the temporary folders of programs that were killed.
fn delete_abandoned(parent: &Path, prefix: &OsStr) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let random = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
        let is_temporary = random.is_some_and(|random| random.len() == RANDOM && random.iter().all(u8::is_ascii_alphanumeric));
        if is_temporary
            && entry.file_type().is_ok_and(|kind| kind.is_dir())
            && let Ok(folder) = File::open(entry.path())
            && folder.try_lock().is_ok()
        {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// A file that appears in its final place only when it is complete. If it is dropped before, it is deleted, with SQLite's logs of it.
#[derive(Debug)]
pub struct AtomicFile {
    path: PathBuf,
    folder: TemporaryFolder,
}

impl AtomicFile {
    /// Prepares a file that will become `place`. It does not exist yet.
    ///
    /// # Errors
    /// The folder of `place` cannot be written to.
    pub fn new(place: &Path) -> Result<AtomicFile> {
        let folder = TemporaryFolder::beside(place).map_err(Error::io("create", place))?;
        Ok(AtomicFile { path: folder.path.join(place.file_name().unwrap_or_default()), folder })
    }

    /// Creates an empty file that will become `place`, and that only its owner can read and write.
    ///
    /// # Errors
    /// The folder of `place` cannot be written to.
    pub fn private(place: &Path) -> Result<AtomicFile> {
        let file = AtomicFile::new(place)?;
        create_private(&file.path).map_err(Error::io("create", place))?;
        Ok(file)
    }

    /// Where the file is now.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A temporary folder for other files that are needed meanwhile.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Moves the file to its final place, and flushes both to disk. Without `replace`, it does not overwrite a file that another program
    /// created meanwhile.
    ///
    /// # Errors
    /// The system refuses, or without `replace` the file exists.
    pub fn publish(self, place: &Path, replace: bool) -> Result<()> {
        File::open(&self.path).and_then(|f| f.sync_all()).map_err(Error::io("write", place))?;
        let published = if replace { fs::rename(&self.path, place) } else { publish_new(&self.path, place) };
        published.map_err(Error::io(if replace { "write" } else { "create" }, place))?;
        flush_folder(folder(place));
        Ok(())
    }
}

/// Gives a file a name that no other file has yet. The first way that the file system supports is taken; each fails if the name is taken.
fn publish_new(file: &Path, place: &Path) -> io::Result<()> {
    let Err(refused) = TempPath::try_from_path(file)?.persist_noclobber(place) else { return Ok(()) };
    if refused.error.kind() == ErrorKind::AlreadyExists {
        return Err(refused.error);
    }
    // FAT and some shares have neither hard links nor a rename that does not replace. An empty file reserves the name there.
    File::create_new(place)?;
    refused.path.persist(place).map_err(|e| {
        let _ = fs::remove_file(place);
        e.error
    })
}

/// A folder that is complete when it appears in its final place. If that exists, entries of it are replaced instead.
#[derive(Debug)]
pub struct AtomicFolder {
    path: PathBuf,
    place: PathBuf,
    /// True if the final place existed before.
    exists: bool,
    folder: TemporaryFolder,
}

impl AtomicFolder {
    /// Creates an empty folder that will become `place`, or whose entries will.
    ///
    /// # Errors
    /// The folder cannot be created.
    pub fn new(place: &Path) -> Result<AtomicFolder> {
        let failed = |e| Error::io("create the folder", place)(e);
        let exists = place.exists();
        fs::create_dir_all(folder(place)).map_err(failed)?;
        let folder = if exists { TemporaryFolder::create(place, OsStr::new(MARK)) } else { TemporaryFolder::beside(place) };
        let folder = folder.map_err(failed)?;
        let path = folder.path.join("new");
        fs::create_dir(&path).map_err(failed)?;
        Ok(AtomicFolder { path, place: place.to_owned(), exists, folder })
    }

    /// Where the folder is now.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its final place.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Moves the folder to its final place or, if that exists, each of these entries.
    ///
    /// # Errors
    /// The system refuses. The earlier entries are then restored.
    pub fn publish(self, entries: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<()> {
        if self.exists {
            self.replace(entries)?;
        } else {
            fs::rename(&self.path, &self.place).map_err(Error::io("create the folder", &self.place))?;
            flush_folder(folder(&self.place));
        }
        flush_folder(&self.place);
        Ok(())
    }

    /// Moves the folder to its final place or, if that exists, moves its files there, beside those that are there. The first step decides:
    /// if the program is killed after it, [`finish_adding`] moves the other files.
    ///
    /// # Errors
    /// The system refuses.
    pub fn add(self) -> Result<()> {
        if !self.exists {
            return self.publish(std::iter::empty::<&Path>());
        }
        fs::rename(&self.path, self.place.join(ADDED)).map_err(Error::io("write", &self.place))?;
        flush_folder(&self.place);
        finish_adding(&self.place)
    }

    fn replace(&self, entries: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<()> {
        let replaced = self.folder.path.join("replaced");
        fs::create_dir(&replaced).map_err(Error::io("write", &self.place))?;
        let mut moved: Vec<(PathBuf, PathBuf)> = Vec::new();
        for entry in entries {
            let (entry, place) = (entry.as_ref(), self.place.join(&entry));
            for (from, to) in [(place.clone(), replaced.join(entry)), (self.path.join(entry), place)] {
                // What the new folder does not have is only removed.
                if from.starts_with(&self.path) && !from.exists() {
                    continue;
                }
                match fs::rename(&from, &to) {
                    Ok(()) => moved.push((from, to)),
                    Err(e) if e.kind() == ErrorKind::NotFound && to.starts_with(&replaced) => (),
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

/// Completes what a program began with [`AtomicFolder::add`] that was killed meanwhile.
///
/// # Errors
/// The system refuses. The next call continues.
pub fn finish_adding(place: &Path) -> Result<()> {
    let added = place.join(ADDED);
    if !added.is_dir() {
        return Ok(());
    }
    move_files(&added, place).and_then(|()| fs::remove_dir_all(&added)).map_err(Error::io("write", place))
}

/// Moves all files in a folder and its folders to the same places in another.
fn move_files(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() { move_files(&entry.path(), &place)? } else { fs::rename(entry.path(), place)? }
    }
    flush_folder(to);
    Ok(())
}

/// The entries of a folder, without the temporary folders that an interrupted program may have left.
///
/// # Errors
/// The folder cannot be read.
pub fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_temporary = |path: &PathBuf| path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(MARK.as_bytes()));
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    entries.filter(|path| !path.as_ref().is_ok_and(is_temporary)).collect()
}

/// Creates a file that only its owner can read and write.
///
/// # Errors
/// The file exists, or the system refuses.
pub fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.read(true).write(true).create_new(true).open(path)
}

/// The folder that contains a path.
pub fn folder(path: &Path) -> &Path {
    path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A system on which a folder cannot be flushed flushes it by itself.
fn flush_folder(folder: &Path) {
    let _ = File::open(folder).and_then(|f| f.sync_all());
}
