//! What every command needs: the ledger, the current time, the author, and the style of the output.

use std::cell::Cell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use clap::ColorChoice;
use etcetera::BaseStrategy;
use recip::ledger::{Author, Moment, is_sqlite};
use recip::model::words::quoted;
use recip::model::{Clock, Date};
use recip::read::{self, ReadOptions};
use recip::render::style::Style;
use recip::render::text::visible;
use recip::report::Lens;
use recip::{Error, Ledger, Result};

use super::console::Guarded;
use super::selection::as_known;
use super::{command_line, console, typed_date};

/// The width of output that does not go to a terminal, unless `COLUMNS` states another.
const PLAIN_WIDTH: u16 = 100;

/// What a run may do to the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    /// It changes the ledger.
    Allowed,
    /// It makes its changes and rolls them back.
    #[cfg_attr(not(feature = "serve"), allow(dead_code))]
    DryRun,
    /// It only reads.
    #[cfg_attr(not(feature = "serve"), allow(dead_code))]
    Refused,
}

/// One run of the program.
#[derive(Debug)]
pub(crate) struct Session {
    file: Option<PathBuf>,
    color: ColorChoice,
    clock: Clock,
    as_known: Option<Moment>,
    author: Author,
    has_findings: Cell<bool>,
    /// The latest change; 0: none was made, or it has been reported; -1: one that has no number.
    changed: Arc<AtomicI64>,
    writing: Writing,
    has_backup: Cell<bool>,
}

impl Session {
    pub(crate) fn new(
        file: Option<PathBuf>,
        color: ColorChoice,
        as_known: Option<Moment>,
        author: Option<String>,
        writing: Writing,
    ) -> Result<Session> {
        let clock = typed_date::clock()?;
        let here = Author::here();
        let author = Author { who: author.unwrap_or(here.who), command: command_line::command(console::arguments()) };
        Ok(Session {
            file,
            color,
            clock,
            as_known,
            author,
            has_findings: Cell::new(false),
            changed: Arc::default(),
            writing,
            has_backup: Cell::new(false),
        })
    }

    /// The clock of this run: the system's, or fixed with RECIP_NOW.
    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    /// The author of changes.
    pub(crate) fn author(&self) -> &Author {
        &self.author
    }

    /// Records that there are findings, so that the exit code is 1.
    pub(crate) fn note_findings(&self) {
        self.has_findings.set(true);
    }

    /// The exit code of a run without an error: 1 if there are findings, otherwise 0.
    pub(crate) fn exit_code(&self) -> u8 {
        self.has_findings.get().into()
    }

    /// Records that the ledger was changed otherwise than through a [`Ledger`] that this session opened.
    pub(crate) fn note_change(&self) {
        self.changed.store(-1, Ordering::Relaxed);
    }

    /// Records that the changes made so far have been reported.
    pub(crate) fn note_reported(&self) {
        self.changed.store(0, Ordering::Relaxed);
    }

    /// Records that a backup was written.
    pub(crate) fn note_backup(&self) {
        self.has_backup.set(true);
    }

    /// The number of the latest change of this run; `None` if it has made none.
    pub(crate) fn change(&self) -> Option<i64> {
        Some(self.changed.load(Ordering::Relaxed)).filter(|change| *change > 0)
    }

    /// What this run has made and may not have reported: if its output fails, it must still say so.
    pub(crate) fn made(&self) -> Option<&'static str> {
        match (self.changed.load(Ordering::Relaxed) != 0, self.has_backup.get()) {
            (true, _) => Some("change"),
            (false, true) => Some("backup"),
            (false, false) => None,
        }
    }

    /// The path of the ledger: as given, or else in the user's data directory.
    pub(crate) fn path(&self) -> Result<PathBuf> {
        if let Some(file) = &self.file {
            return Ok(file.clone());
        }
        default_path()
    }

    /// The ledger as named with `-f` or RECIP_LEDGER; `None`: the default ledger.
    pub(crate) fn file_given(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// The file name of the ledger, without its folder.
    pub(crate) fn file_name(&self) -> Result<String> {
        let path = self.path()?;
        Ok(path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned()))
    }

    /// Opens the ledger for reading. A text file is loaded into memory. A server has the ledger open already.
    pub(crate) fn read(&self) -> Result<Rc<Ledger>> {
        if self.reads_kept()? { Ok(self.read_to_query()?.0) } else { Ok(Rc::new(self.open_to_read()?)) }
    }

    /// Opens the ledger for reading, and for statements that users write.
    pub(crate) fn read_to_query(&self) -> Result<Guarded> {
        let open = || {
            let mut ledger = self.open_to_read()?;
            let guard = ledger.query_guard()?;
            Ok((Rc::new(ledger), guard))
        };
        if !self.reads_kept()? {
            return open();
        }
        let guarded = console::kept_ledger(open)?;
        guarded.0.keep_views();
        console::watch(&guarded.0);
        Ok(guarded)
    }

    /// The number and the token of the latest change of the ledger that the server keeps open; `None`: there is none, as in a text file.
    #[cfg(feature = "serve")]
    pub(crate) fn latest_change(&self) -> Result<Option<(i64, String)>> {
        if !self.reads_kept()? {
            return Ok(None);
        }
        self.read()?.latest_change()
    }

    /// True if this run reads the ledger that the server keeps open.
    fn reads_kept(&self) -> Result<bool> {
        Ok(console::is_kept() && self.as_known.is_none() && !is_text(&self.path()?))
    }

    fn open_to_read(&self) -> Result<Ledger> {
        let path = self.path()?;
        if self.as_known.is_some() && is_text(&path) {
            return Err(no_history(&path, "show an earlier state of"));
        }
        let mut ledger = self.read_file(&path)?;
        if let Some(moment) = &self.as_known {
            ledger = ledger.as_known(moment)?;
            console::watch(&ledger);
        }
        Ok(ledger)
    }

    /// Opens a file for reading: a ledger, or a text file, which is loaded into memory.
    pub(crate) fn read_file(&self, path: &Path) -> Result<Ledger> {
        if is_text(path) {
            return read::open_file(path, &ReadOptions::default(), self.clock);
        }
        let mut ledger = Ledger::open_to_read(path)?;
        ledger.set_clock(self.clock);
        console::watch(&ledger);
        Ok(ledger)
    }

    /// Opens another copy of the ledger, and the file with which both copies are compared, if one is named.
    pub(crate) fn read_other(&self, other: &Path, base: Option<&Path>) -> Result<(Ledger, Option<Ledger>)> {
        let format = |path: &Path| if is_text(path) { read::Format::of(path) } else { None };
        if let Some(base) = base.filter(|base| base.exists() && format(base) != format(other)) {
            return Err(Error::refused(
                format!("cannot compare {} with {}", other.display(), base.display()),
                "the two are files of different formats, so one may lack what the other can hold",
                "name as the base the file that was exported, in the format in which it came back",
            ));
        }
        for path in [Some(other), base].into_iter().flatten() {
            exists(path)?;
        }
        Ok((self.read_file(other)?, base.map(|base| self.read_file(base)).transpose()?))
    }

    /// Opens the ledger for reading its audit log, which a text file does not have.
    pub(crate) fn read_with_history(&self) -> Result<Rc<Ledger>> {
        let path = self.path()?;
        if is_text(&path) { Err(no_history(&path, "show the history of")) } else { self.read() }
    }

    /// Opens the ledger for `recip check`, which also reads ledgers that other commands refuse.
    pub(crate) fn read_to_check(&self) -> Result<Ledger> {
        let path = self.path()?;
        if is_text(&path) {
            return self.open_to_read();
        }
        let mut ledger = Ledger::open_to_check(&path)?;
        ledger.set_clock(self.clock);
        console::watch(&ledger);
        Ok(ledger)
    }

    /// The path of the ledger that `recip restore` replaces.
    pub(crate) fn path_to_replace(&self) -> Result<PathBuf> {
        let path = self.path()?;
        refuse_text(&path)?;
        Ok(path)
    }

    /// Opens the ledger for reading; if there is none yet, a new one with the built-in catalogue, in memory.
    pub(crate) fn read_or_new(&self) -> Result<Rc<Ledger>> {
        match self.read() {
            Err(Error::Missing { .. }) => {
                let mut ledger = Ledger::in_memory()?;
                ledger.set_clock(self.clock);
                Ok(Rc::new(ledger))
            }
            other => other,
        }
    }

    /// Opens the ledger for a change. It must exist.
    pub(crate) fn write(&self) -> Result<Ledger> {
        self.open_to_write(&self.path_to_write()?)
    }

    /// Opens the ledger, which must exist, for a change that is rolled back after it is reported if it is a dry run.
    pub(crate) fn write_unless(&self, dry_run: bool) -> Result<Ledger> {
        let mut ledger = self.write()?;
        if dry_run {
            ledger.set_dry_run();
        }
        Ok(ledger)
    }

    /// Opens a ledger for a change.
    pub(crate) fn open_to_write(&self, path: &Path) -> Result<Ledger> {
        let mut ledger = Ledger::open(path)?;
        self.prepare(&mut ledger);
        if let Some(at) = ledger.change_later_than_clock()? {
            message(&format!(
                "warning: the clock of this machine is earlier than the latest change, made {at}: one of the two is wrong\n\
                 help: set the clock right; 'recip check' names the changes whose time is wrong"
            ));
        }
        Ok(ledger)
    }

    /// Gives a ledger that is open for changes the clock, the author and the mark of this run.
    fn prepare(&self, ledger: &mut Ledger) {
        ledger.set_clock(self.clock);
        ledger.set_author(self.author.clone());
        ledger.mark_changes(Arc::clone(&self.changed));
        if self.writing == Writing::DryRun {
            ledger.set_dry_run();
        }
    }

    /// The path of the ledger, if it can be changed.
    fn path_to_write(&self) -> Result<PathBuf> {
        if let Some(moment) = &self.as_known {
            return Err(Error::refused(
                format!("cannot change the ledger as it was known {moment}"),
                "an earlier state of the ledger is read-only",
                "leave out --as-known; 'recip undo' reverts a change",
            ));
        }
        if self.writing == Writing::Refused {
            return Err(Error::refused(
                "cannot change the ledger",
                "this command may only read",
                "use the form of a page, which asks first",
            ));
        }
        let path = self.path()?;
        refuse_text(&path)?;
        Ok(path)
    }

    /// Makes a change, for which it creates the ledger if there is none. A change that fails or changes nothing leaves no new ledger
    /// behind, and a dry run creates no ledger.
    pub(crate) fn write_or_create<T>(&self, dry_run: bool, change: impl Fn(&mut Ledger) -> Result<T>) -> Result<T> {
        let path = self.path_to_write()?;
        let dry_run = dry_run || self.writing == Writing::DryRun;
        if path.exists() {
            let mut ledger = self.open_to_write(&path)?;
            if dry_run {
                ledger.set_dry_run();
            }
            return change(&mut ledger);
        }
        self.refuse_missing_folder(&path)?;
        if dry_run {
            let mut ledger = Ledger::in_memory()?;
            ledger.set_clock(self.clock);
            ledger.set_dry_run();
            return change(&mut ledger);
        }
        let mut ledger = match Ledger::create(&path) {
            // Another process has created it in the meantime.
            Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists => {
                return self.write_or_create(dry_run, change);
            }
            other => other?,
        };
        self.prepare(&mut ledger);
        match change(&mut ledger) {
            Ok(done) => {
                match ledger.discard_if_unused() {
                    true => message(&format!("no ledger was created at {}: there was nothing to add", path.display())),
                    false => message(&format!("created a new ledger: {}", path.display())),
                }
                Ok(done)
            }
            Err(e) => {
                ledger.discard_if_unused();
                Err(e)
            }
        }
    }

    /// Refuses a path in a folder that does not exist, unless the path is the default one, whose folder is created.
    fn refuse_missing_folder(&self, path: &Path) -> Result<()> {
        match path.parent() {
            Some(folder) if self.file.is_some() && !folder.as_os_str().is_empty() => {
                std::fs::metadata(folder).map(drop).map_err(Error::io("create", path))
            }
            _ => Ok(()),
        }
    }

    /// The start of a command on this ledger: `recip -f l.db`, with the `--as-known` of this run.
    pub(crate) fn program(&self, lens: &Lens<'_>) -> String {
        let file = self.file_given().map_or(String::new(), |file| format!(" -f {}", quoted(&file.display().to_string())));
        let known = as_known(lens).map_or(String::new(), |option| format!(" {option}"));
        format!("recip{file}{known}")
    }

    /// Today's date.
    pub(crate) fn today(&self) -> Date {
        self.clock.today().into()
    }

    /// The style for standard output: colour and width.
    pub(crate) fn style(&self) -> Style {
        let terminal = console::is_terminal();
        let color = match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && color_is_wanted(),
        };
        let of_terminal = || terminal.then(terminal_size::terminal_size).flatten().map(|(width, _)| width.0);
        let stated = || std::env::var("COLUMNS").ok().filter(|_| !console::is_kept())?.parse().ok();
        let width = of_terminal().or_else(stated).map(|width: u16| width.max(40));
        Style { color, width: width.unwrap_or(PLAIN_WIDTH), strict: width.is_some() }
    }
}

/// True if a terminal should be coloured: NO_COLOR is not set, and the terminal is not a dumb one.
pub(crate) fn color_is_wanted() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()) && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
}

/// The ledger that commands use if none is named.
pub(crate) fn default_path() -> Result<PathBuf> {
    let base = etcetera::choose_base_strategy().map_err(|_| {
        Error::refused("cannot find the ledger", "the system gives no home directory", "name the ledger with -f FILE or RECIP_LEDGER")
    })?;
    Ok(base.data_dir().join("recip").join("ledger.db"))
}

/// Refuses a file that is missing and that is not the ledger itself, which another option names.
pub(crate) fn exists(path: &Path) -> Result<()> {
    std::fs::metadata(path).map(drop).map_err(Error::io("read", path))
}

/// True for a folder, or a file that is not an SQLite database, whose name or content is that of a format that can be imported.
fn is_text(path: &Path) -> bool {
    path.exists() && !is_sqlite(path) && read::Format::of(path).is_some()
}

fn refuse_text(path: &Path) -> Result<()> {
    // A file that does not exist yet is recognised by its name.
    if !is_text(path) && (path.exists() || read::Format::of(path).is_none()) {
        return Ok(());
    }
    let ledger = path.with_extension("db");
    Err(Error::refused(
        format!("cannot change {}", path.display()),
        "recip reads a text file as a ledger, but does not write to it",
        format!("import it into a ledger: recip -f {} import {}", ledger.display(), path.display()),
    ))
}

/// The error that a text file has no history; `what` is what was requested, such as "show the history of".
fn no_history(path: &Path, what: &str) -> Error {
    let ledger = path.with_extension("db");
    Error::refused(
        format!("cannot {what} {}", path.display()),
        "a text file has no history",
        format!("import it into a ledger, which keeps a history from then on: recip -f {} import {}", ledger.display(), path.display()),
    )
}

/// Writes a message to standard error, apart from the results. A failure to write it is ignored.
pub(crate) fn message(text: &str) {
    let mut stderr = io::stderr().lock();
    for line in text.lines() {
        if !console::keep_message(&visible(line)) {
            let _ = writeln!(stderr, "{}", visible(line));
        }
    }
}
