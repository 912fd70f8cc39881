//! Backing up a ledger, and restoring it from a backup.
//!
//! SQLite's backup makes the copy within one read transaction, so the copy is a snapshot, even if other programs write meanwhile. The
//! copy gets its name only when it is complete and verified.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::atomic::AtomicFile;
use crate::error::{Error, Result};
use crate::ledger::open::{WAIT, connect, create_file, open_any, open_immutable, prepare, refuse_dangling_link, take_turns, with_suffix};
use crate::ledger::{Ledger, check_disk, is_sqlite, raw_file};
use crate::model::Clock;

/// The number of pages copied between two reports of progress.
const PAGES_PER_STEP: i32 = 2048;

/// Reports progress: the pages copied so far, and all pages.
pub type Progress<'p> = &'p mut dyn FnMut(u64, u64);

/// What a copy contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holdings {
    /// The number of actions, including voided ones.
    pub actions: i64,
    /// The number of links.
    pub links: i64,
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What the ledger contains now.
    pub holdings: Holdings,
    /// The file to which the previous ledger was moved; `None` if there was none.
    pub kept: Option<PathBuf>,
    /// True if the previous ledger is damaged.
    pub damaged: bool,
}

impl Ledger {
    /// Writes a copy of the ledger in its current state to `file`. With `replace`, an existing file is replaced atomically.
    ///
    /// # Errors
    /// The file exists already or cannot be written, or the copy differs from the ledger.
    pub fn backup(&self, file: &Path, replace: bool, progress: Progress<'_>) -> Result<Holdings> {
        if !replace {
            refuse_dangling_link(file, &format!("cannot back up to {}", file.display()))?;
        }
        if !replace && file.exists() {
            return Err(Error::refused(
                format!("cannot back up to {}", file.display()),
                "the file exists already",
                "give another name, or replace the file with --force",
            ));
        }
        if self.path().is_some_and(|path| same_file(path, file)) {
            return Err(Error::refused(format!("cannot back up to {}", file.display()), "it is the ledger itself", "give another name"));
        }
        refuse_leftovers(file)?;
        let unfinished = AtomicFile::private(file)?;
        let copied = copy(self.connection(), unfinished.path(), progress).map_err(|e| name_damaged(self.path().unwrap_or(file))(e))?;
        unfinished.publish(file, replace)?;
        Ok(copied)
    }
}

/// Replaces the ledger at `path` with the backup `from`. The previous ledger is kept in the same folder under another name. Programs that
/// read the ledger meanwhile see either the old or the new one, complete.
///
/// # Errors
/// The backup is damaged or not a ledger, or another program is writing to the ledger.
pub fn restore(path: &Path, from: &Path, clock: Clock, progress: Progress<'_>) -> Result<Restored> {
    if same_file(path, from) {
        let why = "the backup is the ledger itself";
        return Err(Error::refused(format!("cannot restore {}", path.display()), why, "name a copy made with 'recip backup'"));
    }
    refuse_dangling_link(path, &format!("cannot restore {}", path.display()))?;
    // A link stays, and the ledger that it leads to is replaced.
    let path = &if path.is_symlink() { std::fs::canonicalize(path).map_err(Error::io("read", path))? } else { path.to_owned() };
    let source = Ledger::open_to_read(from).map_err(|e| match e {
        Error::Sqlite(_) => name_damaged(from)(e),
        other => other,
    })?;
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(Error::io("create the folder", folder))?;
    }
    let unfinished = AtomicFile::private(path)?;
    let holdings = copy(source.connection(), unfinished.path(), progress).map_err(name_damaged(from))?;
    if path.exists() {
        let (kept, damaged) = overwrite(path, unfinished, clock)?;
        return Ok(Restored { holdings, kept: Some(kept), damaged });
    }
    refuse_leftovers(path)?;
    unfinished.publish(path, false)?;
    Ok(Restored { holdings, kept: None, damaged: false })
}

/// Copies the database of a connection into the empty file `to`, and verifies the copy.
pub(super) fn copy(from: &Connection, to: &Path, progress: Progress<'_>) -> Result<Holdings> {
    // The first read fixes the snapshot that the transaction sees, and so does the backup within it.
    let snapshot = from.unchecked_transaction()?;
    let expected = holdings(&snapshot)?;
    let mut target = create_file(to)?;
    copy_pages(from, &mut target, to, progress)?;
    target.close().map_err(|(_, e)| e)?;
    drop(snapshot);
    if verify(to)? != expected {
        return Err(Error::refused(format!("cannot copy to {}", to.display()), "the copy differs from the ledger", "try another disk"));
    }
    Ok(expected)
}

fn copy_pages(from: &Connection, to: &mut Connection, path: &Path, progress: Progress<'_>) -> Result<()> {
    let backup = Backup::new(from, to)?;
    loop {
        let step = backup.step(PAGES_PER_STEP)?;
        let counts = backup.progress();
        let [left, all] = [counts.remaining, counts.pagecount].map(|n| u64::try_from(n).unwrap_or(0));
        progress(all.saturating_sub(left), all);
        match step {
            StepResult::Done => return Ok(()),
            StepResult::More => (),
            _ => return Err(Error::Busy { path: path.to_owned(), waited_s: WAIT.as_secs() }),
        }
    }
}

/// Verifies a file that was just written, reading all its pages.
pub(super) fn verify(path: &Path) -> Result<Holdings> {
    let copy = prepare(open_immutable(path)?, path)?;
    let found: String = copy.connection().query_row("PRAGMA integrity_check(1)", [], |r| r.get(0))?;
    let dangling: bool = copy.connection().query_row("SELECT EXISTS (SELECT 1 FROM pragma_foreign_key_check)", [], |r| r.get(0))?;
    if found != "ok" || dangling {
        let why = if found == "ok" { "rows refer to rows that do not exist" } else { &found };
        return Err(damaged(path, &format!("it is damaged: {why}")));
    }
    holdings(copy.connection())
}

fn holdings(conn: &Connection) -> Result<Holdings> {
    let select = "SELECT (SELECT count(*) FROM action) AS actions, (SELECT count(*) FROM link) AS links";
    Ok(conn.query_row(select, [], |r| Ok(Holdings { actions: r.get("actions")?, links: r.get("links")? }))?)
}

/// Overwrites the ledger with the copy in one transaction: no reader sees half of it, and after a crash the file is either the old or the
/// new ledger. Returns the name of the file that keeps the previous ledger, and whether that is damaged.
fn overwrite(path: &Path, copy: AtomicFile, clock: Clock) -> Result<(PathBuf, bool)> {
    let kept = free_name(path, &format!(".before-restore-{}", clock.stamp().replace(['-', ':'], "")));
    let mut present = match open_any(path) {
        Ok(present) => present.conn,
        Err(Error::Sqlite(e)) if is_damage(&e) => return check_disk(path).and_then(|()| swap(path, copy, kept)),
        Err(Error::File { why, .. }) => {
            return Err(Error::refused(format!("cannot restore over {}", path.display()), why, "move that file away, and restore again"));
        }
        Err(e) => return Err(e),
    };
    give_page_size(page_size(&present)?, copy.path())?;
    let source = open_immutable(copy.path())?;
    let mode: String = present.pragma_query_value(None, "journal_mode", |r| r.get(0))?;
    let is_wal = mode == "wal";
    // With a rollback journal, the ledger cannot be read while it is being overwritten, so it is copied first.
    let mut damaged = if is_wal { false } else { keep(path, &kept)? };
    take_turns(&mut present)?;
    let backup = Backup::new(&source, &mut present)?;
    let step = |pages| match backup.step(pages)? {
        StepResult::Done | StepResult::More => Ok(()),
        _ => Err(Error::Busy { path: path.to_owned(), waited_s: WAIT.as_secs() }),
    };
    if is_wal {
        // Once the first page is written no other program can write, so the kept copy is the latest state.
        step(1)?;
        damaged = keep(path, &kept)?;
    }
    step(-1)?;
    drop(backup);
    // The write-ahead log now contains the whole ledger. If another program is reading, the last one to close the ledger removes the log.
    let _ = present.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
    Ok((kept, damaged))
}

fn page_size(conn: &Connection) -> Result<i64> {
    Ok(conn.pragma_query_value(None, "page_size", |r| r.get(0))?)
}

/// Rewrites a copy with another page size. SQLite can overwrite a ledger only with pages of the size that it has.
fn give_page_size(size: i64, copy: &Path) -> Result<()> {
    let conn = create_file(copy)?;
    if page_size(&conn)? != size {
        // The page size of a database with a write-ahead log cannot be changed.
        conn.pragma_update(None, "journal_mode", "DELETE")?;
        conn.pragma_update(None, "page_size", size)?;
        conn.execute_batch("VACUUM")?;
    }
    conn.close().map_err(|(_, e)| e.into())
}

/// Copies the present ledger to `kept`, even if it is damaged. Returns true if it is.
fn keep(path: &Path, kept: &Path) -> Result<bool> {
    let present = connect(path)?;
    let unfinished = AtomicFile::private(kept)?;
    let damaged = match copy(present.connection(), unfinished.path(), &mut |_, _| ()) {
        Err(Error::File { .. }) => true,
        Err(Error::Sqlite(e)) if is_damage(&e) => {
            // A disk that cannot be read fails here as well.
            copy_bytes(path, unfinished.path())?;
            true
        }
        other => other.map(|_| false)?,
    };
    unfinished.publish(kept, false)?;
    Ok(damaged)
}

/// Copies the content of a file into another one, which keeps its own permissions.
fn copy_bytes(from: &Path, to: &Path) -> Result<()> {
    let copied = raw_file::read(from, |from| io::copy(from, &mut File::create(to)?));
    copied.map(|_| ()).map_err(Error::io("copy", from))
}

/// Replaces a damaged file, which SQLite cannot overwrite, with the copy. No other program can be using such a file.
fn swap(path: &Path, copy: AtomicFile, kept: PathBuf) -> Result<(PathBuf, bool)> {
    let unfinished = AtomicFile::private(&kept)?;
    copy_bytes(path, unfinished.path())?;
    unfinished.publish(&kept, false)?;
    for end in ["-wal", "-journal"] {
        // The latest changes may be in its log or journal, which must stay with it.
        if with_suffix(path, end).exists() {
            std::fs::rename(with_suffix(path, end), with_suffix(&kept, end)).map_err(Error::io("rename", &with_suffix(path, end)))?;
        }
    }
    let _ = std::fs::remove_file(with_suffix(path, "-shm"));
    copy.publish(path, true)?;
    Ok((kept, true))
}

/// Refuses a name for which a log or a journal exists: SQLite would apply it to the new file.
pub(super) fn refuse_leftovers(path: &Path) -> Result<()> {
    match ["-wal", "-journal"].map(|end| with_suffix(path, end)).into_iter().find(|p| p.exists()) {
        None => Ok(()),
        Some(log) => Err(Error::refused(
            format!("cannot write {}", path.display()),
            format!("there is a log of it, {}: another program has the file open, or was interrupted", log.display()),
            if is_sqlite(path) { "close that program, or give another name" } else { "move that file away, or give another name" },
        )),
    }
}

/// `path` with `suffix` appended, and with `-2`, `-3` and so on if that name is taken.
pub(super) fn free_name(path: &Path, suffix: &str) -> PathBuf {
    let taken = |name: &Path| ["", "-wal", "-journal"].iter().any(|log| with_suffix(name, log).exists());
    let mut name = with_suffix(path, suffix);
    let mut n = 1;
    while taken(&name) {
        n += 1;
        name = with_suffix(path, &format!("{suffix}-{n}"));
    }
    name
}

fn same_file(a: &Path, b: &Path) -> bool {
    std::fs::canonicalize(a).ok().zip(std::fs::canonicalize(b).ok()).is_some_and(|(a, b)| a == b)
}

fn damaged(path: &Path, why: &str) -> Error {
    Error::File {
        file: path.display().to_string(),
        why: why.to_owned(),
        way_out: "'recip check' shows the damage; use an older backup, or write everything that can be read to a new ledger: recip -f FILE check --repair NEW_FILE".to_owned(),
    }
}

/// Reports damage under the name of the file that was copied, not under that of the unfinished copy.
fn name_damaged(path: &Path) -> impl Fn(Error) -> Error {
    move |e| match e {
        Error::File { why, .. } => check_disk(path).err().unwrap_or_else(|| damaged(path, &why)),
        Error::Sqlite(e) if is_damage(&e) => check_disk(path).err().unwrap_or_else(|| damaged(path, "it is damaged")),
        other => other,
    }
}

/// True if an error means that the file is damaged, and not that the system could not read it.
pub(super) fn is_damage(e: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(e.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}
