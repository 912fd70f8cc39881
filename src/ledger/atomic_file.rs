//! Files that appear only when they are complete.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempPath};

use crate::error::{Error, Result};
use crate::ledger::open::with_suffix;

/// A file in the folder of its final name, readable by its owner only. If it is dropped before it is published, it is deleted. SQLite's logs
/// and journals for it are deleted in any case.
pub(super) struct AtomicFile {
    file: Option<TempPath>,
    path: PathBuf,
}

impl AtomicFile {
    /// Creates an empty file that will become `path`.
    pub fn create(path: &Path) -> Result<AtomicFile> {
        let mut prefix = path.file_name().unwrap_or_default().to_owned();
        prefix.push(".new-");
        // Unlike that of `tempfile_in`, the error of `make_in` does not name the temporary file.
        let made = Builder::new().prefix(&prefix).make_in(folder(path), create_private);
        let file = made.map_err(Error::io("create", path))?.into_temp_path();
        Ok(AtomicFile { path: file.to_path_buf(), file: Some(file) })
    }

    /// Where the file is now.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its final name, and flushes both to disk. Without `replace`, it does not overwrite a file that another process created
    /// meanwhile.
    pub fn publish(mut self, path: &Path, replace: bool) -> Result<()> {
        File::open(&self.path).and_then(|f| f.sync_all()).map_err(Error::io("write", path))?;
        if let Some(file) = self.file.take() {
            let published = if replace { file.persist(path).map_err(|e| e.error) } else { publish_new(file, path) };
            published.map_err(Error::io("create", path))?;
        }
        // A system on which a folder cannot be flushed flushes it by itself.
        let _ = File::open(folder(path)).and_then(|f| f.sync_all());
        Ok(())
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        for end in ["-wal", "-shm", "-journal"] {
            let _ = std::fs::remove_file(with_suffix(&self.path, end));
        }
    }
}

/// Creates a file that only its owner can read and write.
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.read(true).write(true).create_new(true).open(path)
}

/// Gives a file a name that no other file has yet. The first way that the file system supports is taken; each fails if the name is taken.
fn publish_new(file: TempPath, path: &Path) -> io::Result<()> {
    let Err(refused) = file.persist_noclobber(path) else { return Ok(()) };
    if refused.error.kind() == ErrorKind::AlreadyExists {
        return Err(refused.error);
    }
    // FAT and some shares have neither hard links nor a rename that does not replace. An empty file reserves the name there.
    File::create_new(path)?;
    refused.path.persist(path).map_err(|e| {
        let _ = std::fs::remove_file(path);
        e.error
    })
}

/// Refuses a name that is a symbolic link to nothing. `what` is what was requested, such as "cannot back up to x.db".
pub(super) fn refuse_dangling_link(path: &Path, what: &str) -> Result<()> {
    let why = match std::fs::metadata(path) {
        Err(e) if path.is_symlink() && e.kind() != ErrorKind::NotFound => format!("it is a symbolic link that cannot be followed: {e}"),
        Err(_) if path.is_symlink() => "it is a symbolic link to a file that does not exist".to_owned(),
        _ => return Ok(()),
    };
    Err(Error::refused(what, why, "remove the link, or name the file itself"))
}

/// The folder that contains a path.
pub(super) fn folder(path: &Path) -> &Path {
    path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
