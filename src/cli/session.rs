//! What every verb needs: which ledger, what time it is, and where output goes.

use std::cell::Cell;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::ColorChoice;
use etcetera::BaseStrategy;
use recip::ledger::{Author, Moment, is_sqlite};
use recip::model::{Clock, Date};
use recip::read::{self, ReadOptions};
use recip::render::style::Style;
use recip::render::text::visible;
use recip::{Error, Ledger, Result};

use super::command_line;

/// The width of what is not written to a terminal.
const PLAIN_WIDTH: u16 = 100;

/// One run of the program.
#[derive(Debug)]
pub(crate) struct Session {
    file: Option<PathBuf>,
    color: ColorChoice,
    clock: Clock,
    as_known: Option<Moment>,
    author: Author,
    found: Cell<bool>,
}

impl Session {
    pub(crate) fn new(
        file: Option<PathBuf>,
        color: ColorChoice,
        now: Option<&str>,
        as_known: Option<Moment>,
        author: Option<String>,
    ) -> Result<Session> {
        let clock = now.map_or(Ok(Clock::system()), Clock::fixed)?;
        let here = Author::here();
        let author = Author { who: author.unwrap_or(here.who), command: command_line::command(std::env::args_os()) };
        Ok(Session { file, color, clock, as_known, author, found: Cell::new(false) })
    }

    /// What this run takes for now.
    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    /// Notes that there are findings, which the exit code tells.
    pub(crate) fn note_findings(&self) {
        self.found.set(true);
    }

    /// The exit code of a run that did not fail.
    pub(crate) fn exit_code(&self) -> u8 {
        self.found.get().into()
    }

    /// The ledger's path: given, or in the user's data directory.
    pub(crate) fn path(&self) -> Result<PathBuf> {
        if let Some(file) = &self.file {
            return Ok(file.clone());
        }
        let base = etcetera::choose_base_strategy().map_err(|_| {
            Error::refused("find the ledger", "the system names no home directory", "name the ledger with -f FILE or RECIP_LEDGER")
        })?;
        Ok(base.data_dir().join("recip").join("ledger.db"))
    }

    /// The ledger as named on the command line or by the surroundings; `None`: the user's own.
    pub(crate) fn file_given(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// The name of the ledger's file, without its folder.
    pub(crate) fn file_name(&self) -> Result<String> {
        let path = self.path()?;
        Ok(path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned()))
    }

    /// The ledger, to read. A file of text is taken into memory.
    pub(crate) fn read(&self) -> Result<Ledger> {
        let path = self.path()?;
        if is_text(&path) {
            if self.as_known.is_some() {
                return Err(no_history(&path, "read it as it was known earlier"));
            }
            return read::open_file(&path, &ReadOptions::default(), self.clock);
        }
        let mut ledger = Ledger::open_to_read(&path)?;
        ledger.set_clock(self.clock);
        match &self.as_known {
            Some(moment) => ledger.as_known(moment),
            None => Ok(ledger),
        }
    }

    /// The ledger, to read its history: not one of text, which has none.
    pub(crate) fn read_with_history(&self, what: &str) -> Result<Ledger> {
        let path = self.path()?;
        if is_text(&path) { Err(no_history(&path, &format!("read its {what}"))) } else { self.read() }
    }

    /// The ledger, to see what is wrong with it: one that is refused otherwise too.
    pub(crate) fn read_to_check(&self) -> Result<Ledger> {
        let path = self.path()?;
        if is_text(&path) {
            return self.read();
        }
        let mut ledger = Ledger::open_to_check(&path)?;
        ledger.set_clock(self.clock);
        Ok(ledger)
    }

    /// The path of the ledger, to put another in its place.
    pub(crate) fn path_to_replace(&self) -> Result<PathBuf> {
        let path = self.path()?;
        refuse_text(&path)?;
        Ok(path)
    }

    /// The ledger, to read; where there is none yet, what a new one starts with.
    pub(crate) fn read_or_new(&self) -> Result<Ledger> {
        match self.read() {
            Err(Error::Missing { .. }) => Ledger::in_memory(),
            other => other,
        }
    }

    /// The ledger, to change. There must be one.
    pub(crate) fn write(&self) -> Result<Ledger> {
        self.open_to_write(&self.path_to_write()?)
    }

    fn open_to_write(&self, path: &Path) -> Result<Ledger> {
        let mut ledger = Ledger::open(path)?;
        ledger.set_clock(self.clock);
        ledger.set_author(self.author.clone());
        Ok(ledger)
    }

    /// The ledger's path, where it can be changed.
    fn path_to_write(&self) -> Result<PathBuf> {
        if let Some(moment) = &self.as_known {
            return Err(Error::refused(
                format!("change the ledger as it was known {moment}"),
                "what was known then is past",
                "leave --as-known out; 'recip undo' takes a change back",
            ));
        }
        let path = self.path()?;
        refuse_text(&path)?;
        Ok(path)
    }

    /// Makes a change that may be the ledger's first. What fails or changes nothing leaves no new ledger
    /// behind, and a rehearsal makes none.
    pub(crate) fn write_or_create<T>(&self, rehearse: bool, change: impl Fn(&mut Ledger) -> Result<T>) -> Result<T> {
        let path = self.path_to_write()?;
        if path.exists() {
            let mut ledger = self.open_to_write(&path)?;
            if rehearse {
                ledger.rehearse();
            }
            return change(&mut ledger);
        }
        if rehearse {
            let mut ledger = Ledger::in_memory()?;
            ledger.set_clock(self.clock);
            return change(&mut ledger);
        }
        let mut ledger = match Ledger::create(&path) {
            // Another process was quicker: its ledger is the one.
            Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists => {
                return self.write_or_create(rehearse, change);
            }
            other => other?,
        };
        ledger.set_clock(self.clock);
        ledger.set_author(self.author.clone());
        match change(&mut ledger) {
            Ok(done) => {
                match ledger.discard_if_unused() {
                    true => tell(&format!("no new ledger was made: there was nothing for {}", path.display())),
                    false => tell(&format!("made a new ledger: {}", path.display())),
                }
                Ok(done)
            }
            Err(e) => {
                ledger.discard_if_unused();
                Err(e)
            }
        }
    }

    /// Today's date.
    pub(crate) fn today(&self) -> Date {
        self.clock.today().into()
    }

    /// How to draw on standard output.
    pub(crate) fn style(&self) -> Style {
        let terminal = io::stdout().is_terminal();
        let color = match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                let unset = |name| std::env::var_os(name).is_none_or(|v| v.is_empty());
                terminal && unset("NO_COLOR") && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
            }
        };
        let width = if terminal { terminal_size::terminal_size().map_or(PLAIN_WIDTH, |(w, _)| w.0.max(40)) } else { PLAIN_WIDTH };
        Style { color, width }
    }
}

/// True where the path is a folder or a file that is no SQLite database but is named like one of text.
fn is_text(path: &Path) -> bool {
    path.exists() && !is_sqlite(path) && read::Format::of(path).is_some()
}

fn refuse_text(path: &Path) -> Result<()> {
    // One that is not there yet is told by its name.
    if !is_text(path) && (path.exists() || read::Format::of(path).is_none()) {
        return Ok(());
    }
    let ledger = path.with_extension("db");
    Err(Error::refused(
        format!("change {}", path.display()),
        "a file of text is read as a ledger, not written to",
        format!("make a ledger of it: recip -f {} import {}", ledger.display(), path.display()),
    ))
}

fn no_history(path: &Path, what: &str) -> Error {
    let ledger = path.with_extension("db");
    Error::refused(
        format!("{}: {what}", path.display()),
        "a file of text has no history",
        format!("make a ledger of it, which keeps one from then on: recip -f {} import {}", ledger.display(), path.display()),
    )
}

/// Tells the person something beside the results. Nobody can be told that this failed.
pub(crate) fn tell(text: &str) {
    let mut stderr = io::stderr().lock();
    for line in text.lines() {
        let _ = writeln!(stderr, "{}", visible(line));
    }
}
