//! Opening a ledger file.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use rusqlite::{Connection, MAIN_DB, OpenFlags, ffi};

use crate::atomic::folder;
use crate::error::{Error, Result};
use crate::ledger::private_copy::open_copy;
use crate::ledger::{Author, Ledger, guard, mount, raw_file};
use crate::model::Clock;

/// The schema: tables, triggers and views.
pub const SCHEMA: &str = include_str!("../../schema.sql");
/// The application id in the file's header that marks a ledger: "rcip".
pub const APPLICATION_ID: i32 = 0x7263_6970;
/// The version of the schema that this release reads and writes.
pub const SCHEMA_VERSION: i32 = 1;
/// How long a connection waits for a program that has locked the ledger and writes nothing.
pub(super) const WAIT: Duration = Duration::from_secs(10);

/// Makes a connection wait for a lock until nobody has written to the ledger for as long as [`WAIT`]: while others finish their changes,
/// its turn will come. SQLite's own handler retries less often the longer it waits, so newcomers overtake those who wait; this one retries
/// more often.
pub(super) fn take_turns(conn: &mut Connection) -> Result<()> {
    let path = conn.path().map(PathBuf::from);
    let (mut began, mut quiet_since, mut written) = (Instant::now(), Instant::now(), None);
    let wait = move |attempts| {
        let latest = path.as_deref().and_then(last_written);
        if attempts == 0 {
            began = Instant::now();
        }
        if attempts == 0 || latest != written {
            (quiet_since, written) = (Instant::now(), latest);
        }
        let pause = match began.elapsed().as_millis() {
            0..500 => 20,
            500..2000 => 5,
            _ => 1,
        };
        std::thread::sleep(Duration::from_millis(pause));
        quiet_since.elapsed() < WAIT
    };
    Ok(conn.busy_handler(Some(wait))?)
}

/// When somebody last wrote to the ledger at `path` or to its log.
fn last_written(path: &Path) -> Option<SystemTime> {
    ["", "-wal", "-journal"].iter().filter_map(|end| std::fs::metadata(with_suffix(path, end)).ok()?.modified().ok()).max()
}

impl Ledger {
    /// Opens the ledger at `path` for reading and writing.
    ///
    /// # Errors
    /// The file is missing, unreadable, damaged, not a ledger, made by a newer version, or its schema differs from recip's.
    pub fn open(path: &Path) -> Result<Ledger> {
        loop {
            let before = identity(path);
            let mut ledger = open_any(path)?;
            // A program whose first change failed may have deleted the file after this program opened it.
            if identity(path) != before {
                continue;
            }
            guard::refuse_foreign(&ledger.conn, path)?;
            restore_wal(&mut ledger.conn, path)?;
            return Ok(ledger);
        }
    }

    /// Opens the ledger at `path` for reading. The file and its folder may be read-only.
    ///
    /// # Errors
    /// The same as those of [`Ledger::open`].
    pub fn open_to_read(path: &Path) -> Result<Ledger> {
        let opened = identity(path);
        let mut ledger = open_any_to_read(path)?;
        guard::refuse_foreign(&ledger.conn, path)?;
        ledger.checked = Some((opened, ledger.schema_version()?));
        Ok(ledger)
    }

    /// True if a ledger that was opened for reading some time ago can be read again: the same file has its name, and nobody has changed
    /// its schema. Always false for a temporary copy, which is read where locking is impossible.
    pub fn is_current(&self) -> bool {
        let Some((path, checked)) = self.path.as_ref().zip(self.checked) else { return false };
        let is_copy = self.conn.path().is_none_or(str::is_empty);
        !is_copy
            && self.kept_views.are_known()
            && self.conn.is_autocommit()
            && self.schema_version().is_ok_and(|version| (identity(path), version) == checked)
    }

    /// True if this is a temporary copy, because the file itself cannot be locked.
    pub(super) fn is_copy(&self) -> bool {
        self.conn.path().is_none_or(str::is_empty)
    }

    /// The number that SQLite changes with every change of the schema.
    fn schema_version(&self) -> Result<i64> {
        Ok(self.conn.pragma_query_value(None, "schema_version", |row| row.get(0))?)
    }

    /// Opens the ledger at `path` to check it, even if its schema differs from recip's; no code of that schema is run.
    ///
    /// # Errors
    /// The file is missing, unreadable, not a ledger, or made by a newer version.
    pub fn open_to_check(path: &Path) -> Result<Ledger> {
        open_any_to_read(path)
    }
}

impl Ledger {
    pub(super) fn of(conn: Connection, path: Option<PathBuf>) -> Result<Ledger> {
        let conn = configure(conn)?;
        Ok(Ledger {
            conn,
            path,
            clock: Clock::system(),
            dry_run: false,
            author: Author::here(),
            known: None,
            read_at: None,
            checked: None,
            changed: Default::default(),
            kept_views: Default::default(),
        })
    }
}

/// The numbers of the device and of the file at `path`, which another file with the same name does not have.
#[cfg(unix)]
fn identity(path: &Path) -> Identity {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|meta| (meta.dev(), meta.ino()))
}

#[cfg(unix)]
pub(super) type Identity = Option<(u64, u64)>;

/// Elsewhere an open file cannot be deleted.
#[cfg(not(unix))]
fn identity(_: &Path) -> Identity {}

#[cfg(not(unix))]
pub(super) type Identity = ();

/// Reads a ledger's files to their ends. SQLite would report a disk read error as damage to the ledger.
///
/// # Errors
/// The system cannot read a file.
pub fn check_disk(path: &Path) -> Result<()> {
    for file in [path.to_owned(), with_suffix(path, "-wal")] {
        match raw_file::read(&file, |f| std::io::copy(f, &mut std::io::sink())) {
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(Error::io("read", &file)(e)),
            _ => (),
        }
    }
    Ok(())
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

/// True if the file at `path` begins with the header of an SQLite database.
pub fn is_sqlite(path: &Path) -> bool {
    // A pipe would wait for a writer.
    path.is_file() && raw_file::is_database(path).unwrap_or(false)
}

pub(super) fn open_any(path: &Path) -> Result<Ledger> {
    check_readable(path)?;
    connect(path)
}

/// Opens a file that is known to be a ledger, for reading and writing.
pub(super) fn connect(path: &Path) -> Result<Ledger> {
    let conn = open_file(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Refused before the first read: that would create a log and locks that belong to this user, and the owner could not write any more.
    if conn.is_readonly(MAIN_DB)? {
        return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_READONLY), None).into());
    }
    prepare(conn, path).map_err(|e| e.named_busy(path, WAIT))
}

/// Opens the database file at `path`. Even a name like `file:x.db` is a path, and not a URI.
pub(super) fn open_file(path: &Path, flags: OpenFlags) -> Result<Connection> {
    Ok(Connection::open_with_flags(Path::new(".").join(path), flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?)
}

/// Creates the database file at `path`, or opens it if it exists.
pub(super) fn create_file(path: &Path) -> Result<Connection> {
    open_file(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
}

fn open_any_to_read(path: &Path) -> Result<Ledger> {
    check_readable(path)?;
    connect_to_read(path)
}

/// Like [`connect`], for reading. Nothing is created beside a ledger that this program may not write to.
pub(super) fn connect_to_read(path: &Path) -> Result<Ledger> {
    let conn = open_file(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    if conn.is_readonly(MAIN_DB)? && (!has_locks(path) || may_create_beside(path)) {
        drop(conn);
        return open_copy(path);
    }
    match prepare(conn, path) {
        Err(Error::Sqlite(e)) if cannot_lock(&e) => open_copy(path),
        other => other.map_err(|e| e.named_busy(path, WAIT)),
    }
}

/// True if another program has the ledger open. SQLite's locks are then in a file beside it, and even a user who may only read can take
/// them.
fn has_locks(path: &Path) -> bool {
    let file = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    ["-wal", "-shm"].iter().all(|end| with_suffix(&file, end).exists())
}

fn may_create_beside(path: &Path) -> bool {
    let file = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    tempfile::tempfile_in(folder(&file)).is_ok()
}

/// Opens a file without locks and without its log. Another program may write to it only if the caller notices that.
pub(super) fn open_immutable(path: &Path) -> Result<Connection> {
    let uri = immutable_uri(&Path::new(".").join(path));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(uri, flags)?)
}

/// Switches back to a write-ahead log, with which readers never wait, if a first import was killed after it switched to a rollback
/// journal. A write-ahead log does not work on a network file system, so a ledger there keeps its rollback journal.
fn restore_wal(conn: &mut Connection, path: &Path) -> Result<()> {
    let mode: String = conn.pragma_query_value(None, "journal_mode", |r| r.get(0))?;
    if mode == "delete" && mount::shared(path).is_none() {
        // Do not wait for another program: the next opening tries again.
        conn.busy_timeout(Duration::ZERO)?;
        let _ = conn.pragma_update(None, "journal_mode", "WAL");
        take_turns(conn)?;
    }
    Ok(())
}

/// Checks that the file can be read, and reports the operating system's error, which SQLite would hide.
pub(super) fn check_readable(path: &Path) -> Result<()> {
    match std::fs::metadata(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => Err(Error::Missing { path: path.to_owned() }),
        Err(e) => Err(Error::io("read", path)(e)),
        Ok(meta) if meta.is_dir() => Err(not_a_ledger(path, "this is a folder, not a ledger")),
        Ok(meta) if !meta.is_file() => Err(not_a_ledger(path, "this is a pipe or a device, not a ledger")),
        Ok(_) => {
            let is_sqlite = raw_file::is_database(path).map_err(Error::io("read", path))?;
            if is_sqlite { Ok(()) } else { Err(not_a_ledger(path, "this is not an SQLite file, and so not a ledger")) }
        }
    }
}

pub(super) fn prepare(mut conn: Connection, path: &Path) -> Result<Ledger> {
    take_turns(&mut conn)?;
    guard::shield(&conn)?;
    let application_id: i32 = conn.pragma_query_value(None, "application_id", |r| r.get(0))?;
    let version: i32 = conn.pragma_query_value(None, "user_version", |r| r.get(0))?;
    if application_id != APPLICATION_ID {
        return Err(not_a_ledger(path, "this is another program's SQLite file, not a ledger"));
    }
    if version > SCHEMA_VERSION {
        return Err(Error::File {
            file: path.display().to_string(),
            why: format!(
                "a newer recip made this ledger: its schema has version {version}, and this recip supports version {SCHEMA_VERSION}"
            ),
            way_out: "use the newer recip; the file was not changed".to_owned(),
        });
    }
    if version < SCHEMA_VERSION {
        return Err(not_a_ledger(path, &format!("its schema has version {version}, which no release of recip has used")));
    }
    Ledger::of(conn, Some(path.to_owned()))
}

fn configure(conn: Connection) -> Result<Connection> {
    // A cache of 64 MiB: the rows of a pair are scattered over a large file, and reports read them several times.
    conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536")?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

fn cannot_lock(e: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, ReadOnly};
    matches!(e.sqlite_error_code(), Some(CannotOpen | ReadOnly))
}

fn not_a_ledger(path: &Path, why: &str) -> Error {
    Error::File {
        file: path.display().to_string(),
        why: why.to_owned(),
        way_out: "name a ledger that recip made, or a CSV file, JSON Lines file or package that it exported".to_owned(),
    }
}

/// `path` with `suffix` appended to its file name.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The URI of a file. Every byte that is not a letter, a digit or a separator is encoded, so that the name may contain any character.
fn immutable_uri(path: &Path) -> String {
    // A path that begins with two slashes would otherwise name another machine.
    let bytes = path.as_os_str().as_encoded_bytes();
    let mut uri = if bytes.starts_with(b"/") { "file://".to_owned() } else { "file:".to_owned() };
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => uri.push(char::from(*byte)),
            other => uri.push_str(&format!("%{other:02x}")),
        }
    }
    uri + "?immutable=1"
}
