//! Copies of a ledger, and a ledger from a copy.
//!
//! A copy is made by SQLite's own backup out of one reading transaction: it is the ledger as it stood at one moment,
//! whatever others write meanwhile. It is verified before it gets its name, and gets it whole or not at all.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::error::{Error, Result};
use crate::ledger::create::{create_beside, remove};
use crate::ledger::open::{WAIT, beside, connect, open_any, open_as_it_lies, prepare, take_turns};
use crate::ledger::{Ledger, is_sqlite};
use crate::model::Clock;

/// How many pages are copied between two words on the progress.
const PAGES: i32 = 2048;

/// Told now and then: how much is done, of how much, in pages.
pub type Progress<'p> = &'p mut dyn FnMut(u64, u64);

/// What a copy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holdings {
    /// How many actions, voided ones too.
    pub actions: i64,
    /// How many links.
    pub links: i64,
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What the ledger holds now.
    pub holdings: Holdings,
    /// The ledger that was in its place, and is kept; `None`: there was none.
    pub kept: Option<PathBuf>,
    /// True where what is kept is damaged.
    pub damaged: bool,
}

impl Ledger {
    /// Writes a copy of the ledger, as it stands now, to `file`. With `replace`, what is there is replaced by the whole.
    ///
    /// # Errors
    /// There is something at `file` already, it cannot be written, or the copy is not what the ledger is.
    pub fn backup(&self, file: &Path, replace: bool, progress: Progress<'_>) -> Result<Holdings> {
        if !replace && file.exists() {
            return Err(Error::refused(
                format!("back up to {}", file.display()),
                "there is a file already",
                "give another name, or --force",
            ));
        }
        if self.path().is_some_and(|path| same_file(path, file)) {
            return Err(Error::refused(format!("back up to {}", file.display()), "this is the ledger itself", "give another name"));
        }
        refuse_leftovers(file)?;
        let unfinished = create_beside(file)?;
        let copied = copy(self.connection(), &unfinished, progress).map_err(|e| named(self.path().unwrap_or(file))(e));
        let made = copied.and_then(|holdings| {
            put_in_place(&unfinished, file, replace)?;
            Ok(holdings)
        });
        remove(&unfinished);
        made
    }
}

/// Puts the copy `from` in the place of the ledger at `path`, which is kept beside it under a name of its own. Whoever
/// reads the ledger meanwhile reads the old or the new one, whole.
///
/// # Errors
/// The copy is no sound ledger, or somebody is writing to the ledger.
pub fn restore(path: &Path, from: &Path, clock: Clock, progress: Progress<'_>) -> Result<Restored> {
    if same_file(path, from) {
        return Err(Error::refused(format!("restore {}", path.display()), "this is the ledger itself", "name a copy of it"));
    }
    let source = Ledger::open_to_read(from).map_err(|e| match e {
        Error::Sqlite(_) => named(from)(e),
        other => other,
    })?;
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(Error::io("create the folder", folder))?;
    }
    let unfinished = create_beside(path)?;
    let copied = copy(source.connection(), &unfinished, progress).map_err(named(from));
    let restored = copied.and_then(|holdings| {
        if path.exists() {
            let (kept, damaged) = put(path, &unfinished, clock)?;
            return Ok(Restored { holdings, kept: Some(kept), damaged });
        }
        refuse_leftovers(path)?;
        put_in_place(&unfinished, path, false)?;
        Ok(Restored { holdings, kept: None, damaged: false })
    });
    remove(&unfinished);
    restored
}

/// Copies what a connection sees into the empty file `to`, and verifies the copy.
pub(super) fn copy(from: &Connection, to: &Path, progress: Progress<'_>) -> Result<Holdings> {
    // Once it has read, the transaction sees one moment, and so does the backup within it.
    let moment = from.unchecked_transaction()?;
    let held = holdings(&moment)?;
    let mut target = Connection::open(to)?;
    pour(from, &mut target, to, progress)?;
    target.close().map_err(|(_, e)| e)?;
    drop(moment);
    let made = verify(to)?;
    if made != held {
        return Err(Error::refused(format!("copy to {}", to.display()), "the copy holds other than the ledger", "try another disk"));
    }
    Ok(held)
}

fn pour(from: &Connection, to: &mut Connection, path: &Path, progress: Progress<'_>) -> Result<()> {
    let backup = Backup::new(from, to)?;
    loop {
        let step = backup.step(PAGES)?;
        let told = backup.progress();
        let [left, all] = [told.remaining, told.pagecount].map(|n| u64::try_from(n).unwrap_or(0));
        progress(all.saturating_sub(left), all);
        match step {
            StepResult::Done => return Ok(()),
            StepResult::More => (),
            _ => return Err(Error::Busy { path: path.to_owned(), waited_s: WAIT.as_secs() }),
        }
    }
}

/// Reads a file that was just written, every page of it.
fn verify(path: &Path) -> Result<Holdings> {
    let copy = prepare(open_as_it_lies(path)?, path)?;
    let found: String = copy.connection().query_row("PRAGMA integrity_check(1)", [], |r| r.get(0))?;
    let dangling: bool = copy.connection().query_row("SELECT EXISTS (SELECT 1 FROM pragma_foreign_key_check)", [], |r| r.get(0))?;
    if found != "ok" || dangling {
        let why = if found == "ok" { "rows name rows that are not there" } else { &found };
        return Err(damaged(path, &format!("it is damaged: {why}")));
    }
    holdings(copy.connection())
}

fn holdings(conn: &Connection) -> Result<Holdings> {
    let select = "SELECT (SELECT count(*) FROM action) AS actions, (SELECT count(*) FROM link) AS links";
    Ok(conn.query_row(select, [], |r| Ok(Holdings { actions: r.get("actions")?, links: r.get("links")? }))?)
}

/// Writes the copy over the ledger, in one transaction of the ledger's own: no reader sees half of it, and a crash
/// leaves the one or the other. Gives the name of what is kept, and whether that is damaged.
fn put(path: &Path, copy: &Path, clock: Clock) -> Result<(PathBuf, bool)> {
    let kept = free_name(path, &format!(".before-restore-{}", clock.stamp().replace(['-', ':'], "")));
    let mut present = match open_any(path) {
        Ok(present) => present.conn,
        Err(Error::Sqlite(e)) if is_damage(&e) => return swap(path, copy, kept),
        Err(Error::File { why, .. }) => {
            return Err(Error::refused(format!("restore over {}", path.display()), why, "move it away, and restore again"));
        }
        Err(e) => return Err(e),
    };
    let source = open_as_it_lies(copy)?;
    let page_size = |conn: &Connection| conn.pragma_query_value(None, "page_size", |r| r.get::<_, i64>(0));
    if page_size(&present)? != page_size(&source)? {
        drop(present);
        return swap(path, copy, kept);
    }
    let mode: String = present.pragma_query_value(None, "journal_mode", |r| r.get(0))?;
    let logged = mode == "wal";
    // With a journal nobody can read what is being written: then it is kept first.
    let mut damaged = if logged { false } else { keep(path, &kept)? };
    take_turns(&mut present)?;
    let backup = Backup::new(&source, &mut present)?;
    let step = |pages| match backup.step(pages)? {
        StepResult::Done | StepResult::More => Ok(()),
        _ => Err(Error::Busy { path: path.to_owned(), waited_s: WAIT.as_secs() }),
    };
    if logged {
        // From the first page on nobody else writes, so what is kept is the last that was.
        step(1)?;
        damaged = keep(path, &kept)?;
    }
    step(-1)?;
    drop(backup);
    // The log has grown by the whole ledger. If somebody reads it, the next to close it takes it away.
    let _ = present.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
    Ok((kept, damaged))
}

/// Copies the present ledger to `kept`; true where it is damaged, and kept all the same.
fn keep(path: &Path, kept: &Path) -> Result<bool> {
    let unfinished = create_beside(kept)?;
    let present = connect(path)?;
    let copied = match copy(present.connection(), &unfinished, &mut |_, _| ()) {
        Err(Error::File { .. }) => Ok(true),
        Err(Error::Sqlite(e)) if is_damage(&e) => std::fs::copy(path, &unfinished).map(|_| true).map_err(Error::io("copy", path)),
        other => other.map(|_| false),
    };
    let kept = copied.and_then(|damaged| put_in_place(&unfinished, kept, false).map(|()| damaged));
    remove(&unfinished);
    kept
}

/// Puts the copy in the place of a ledger that SQLite cannot write into. Nobody can be using it.
fn swap(path: &Path, copy: &Path, kept: PathBuf) -> Result<(PathBuf, bool)> {
    std::fs::hard_link(path, &kept).map_err(Error::io("create", &kept))?;
    for end in ["-wal", "-journal"] {
        // What was written last may be in its log, which belongs to it and to nothing else.
        if beside(path, end).exists() {
            std::fs::rename(beside(path, end), beside(&kept, end)).map_err(Error::io("rename", &beside(path, end)))?;
        }
    }
    let _ = std::fs::remove_file(beside(path, "-shm"));
    put_in_place(copy, path, true)?;
    Ok((kept, true))
}

/// Gives a finished file its name, on the disk too.
pub(super) fn put_in_place(unfinished: &Path, path: &Path, replace: bool) -> Result<()> {
    std::fs::File::open(unfinished).and_then(|f| f.sync_all()).map_err(Error::io("write", path))?;
    if replace {
        std::fs::rename(unfinished, path).map_err(Error::io("write", path))?;
    } else {
        // Unlike a rename, a link does not take the place of what another process made meanwhile.
        std::fs::hard_link(unfinished, path).map_err(Error::io("create", path))?;
    }
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Where a folder cannot be flushed, its system does so by itself.
    let _ = std::fs::File::open(folder).and_then(|f| f.sync_all());
    Ok(())
}

/// A log or a journal beside a name would be taken for that of the file that gets the name.
fn refuse_leftovers(path: &Path) -> Result<()> {
    match ["-wal", "-journal"].map(|end| beside(path, end)).into_iter().find(|p| p.exists()) {
        None => Ok(()),
        Some(log) => Err(Error::refused(
            format!("write {}", path.display()),
            format!("{} is beside it: another program has it open, or was cut off", log.display()),
            if is_sqlite(path) { "close that program, or give another name" } else { "move that file away, or give another name" },
        )),
    }
}

/// `NAME.version-1`, and `-2` after it if need be.
pub(super) fn free_name(path: &Path, end: &str) -> PathBuf {
    let taken = |name: &Path| ["", "-wal", "-journal"].iter().any(|log| beside(name, log).exists());
    let mut name = beside(path, end);
    let mut n = 1;
    while taken(&name) {
        n += 1;
        name = beside(path, &format!("{end}-{n}"));
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
        way_out: "'recip check' says where; take an older copy, or 'sqlite3 FILE .recover' for what is readable".to_owned(),
    }
}

/// What is wrong with a copy is wrong with what it was made of, and people know that by its name.
pub(super) fn named(path: &Path) -> impl Fn(Error) -> Error {
    move |e| match e {
        Error::File { why, .. } => damaged(path, &why),
        Error::Sqlite(e) if is_damage(&e) => damaged(path, "it is damaged"),
        other => other,
    }
}

fn is_damage(e: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(e.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}
