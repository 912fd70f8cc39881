//! Files that appear only when they are complete.

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
        let file = Builder::new().prefix(&prefix).tempfile_in(folder(path)).map_err(Error::io("create", path))?.into_temp_path();
        Ok(AtomicFile { path: file.to_path_buf(), file: Some(file) })
    }

    /// Where the file is now.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its final name, and flushes both to disk. Without `replace`, it does not overwrite a file that another process created
    /// meanwhile.
    pub fn publish(mut self, path: &Path, replace: bool) -> Result<()> {
        std::fs::File::open(&self.path).and_then(|f| f.sync_all()).map_err(Error::io("write", path))?;
        if let Some(file) = self.file.take() {
            let published = if replace { file.persist(path) } else { file.persist_noclobber(path) };
            published.map_err(|e| Error::io("create", path)(e.error))?;
        }
        // A system on which a folder cannot be flushed flushes it by itself.
        let _ = std::fs::File::open(folder(path)).and_then(|f| f.sync_all());
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

/// The folder that contains a path.
pub(super) fn folder(path: &Path) -> &Path {
    path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
