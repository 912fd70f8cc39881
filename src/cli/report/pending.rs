//! `recip report pending`.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use recip::atomic::AtomicFile;
use recip::model::count::counted;
use recip::model::deadline;
use recip::render;
use recip::render::calendar::Deadlines;
use recip::report::pending::{Pending, Scope, read};
use recip::report::portable::Question;
use recip::report::{Lens, Names, Selection, calendar, collect};
use recip::{Error, Ledger, Result};

use super::ReportArgs;
use super::source::EngineArgs;
use crate::cli::output::{CalendarFormat, page, refuse_ledger, refuse_special, stream, to};
use crate::cli::selection::head;
use crate::cli::session::Session;

/// Threats and announcements that are neither carried out nor withdrawn, and deadlines set by acts already carried out
///
/// A deadline that an act sets, such as 72 hours to leave the country, is listed until it has passed. --passed also lists deadlines that
/// have passed.
///
/// The hours until a deadline with a time are counted from now or, with --as-of, from the end of that day in UTC. A deadline that is
/// a day ends with that day.
///
/// --format ics writes a calendar of all deadlines, to which calendar programs can subscribe. What was carried out, withdrawn, reversed or
/// voided is marked as cancelled.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recip report pending RUS
  recip report pending USA RUS --as-of 2017-01-31 --passed
  recip report pending --format ics --alarm 24h -o deadlines.ics
  recip report pending --due-within 2d --new-since seen.txt --fail-if-any -o due.txt ||
    mail me@example.org < due.txt")]
pub(crate) struct Args {
    #[command(flatten)]
    args: ReportArgs<CalendarFormat>,
    /// Only those whose deadline has passed or is within this period: 48h, 7d
    #[arg(long, value_name = "PERIOD", value_parser = period, help_heading = "Selection")]
    due_within: Option<i64>,
    /// Also list deadlines that have passed, if the act is still in force
    #[arg(long, help_heading = "Selection")]
    passed: bool,
    /// Only deadlines not yet recorded in FILE, which are then added to it, so a scheduled job reports each once
    #[arg(long, value_name = "FILE", help_heading = "Selection")]
    new_since: Option<PathBuf>,
    /// With --format ics: the time before each deadline at which calendar programs give an alarm: 24h, 2d
    #[arg(long, value_name = "PERIOD", value_parser = period, help_heading = "Output")]
    alarm: Option<i64>,
    /// Exit with code 1 if the list is not empty, for a job that watches deadlines
    #[arg(long, help_heading = "Output")]
    fail_if_any: bool,
}

impl Args {
    /// Whether another engine computes the report.
    pub(super) fn engine(&self) -> &EngineArgs {
        &self.args.engine
    }
}

pub(crate) fn run(session: &Session, ledger: &Ledger, args: Args) -> Result<()> {
    let Args { args, due_within, passed, new_since, alarm, fail_if_any } = args;
    let (selection, engine, output) = args.split()?;
    let (form, is_calendar, output) = (output.form()?, output.format() == CalendarFormat::Ics, output.output);
    let selection = Selection { elsewhere: engine.given().is_some(), ..selection };
    let lens = Lens::new(ledger, &selection)?;
    let head = head(&lens, &selection, false)?;
    if is_calendar {
        if due_within.is_some() || passed || new_since.is_some() || fail_if_any {
            let why = "it has every deadline, so that calendar programs can update what they have";
            return Err(Error::refused("cannot limit a calendar", why, "leave out these options, or give another format"));
        }
        if engine.given().is_some() {
            let why = "it has deadlines that the report does not list";
            return Err(Error::refused("another engine cannot compute the calendar", why, "leave out --on, or give another format"));
        }
        let title = if head.scope.is_empty() { "Deadlines".to_owned() } else { format!("Deadlines: {}", head.scope) };
        return write_calendar(session, &lens, &title, alarm, output.as_deref());
    }
    if alarm.is_some() {
        return Err(Error::refused("cannot give an alarm", "only a calendar has alarms", "add --format ics, or leave out --alarm"));
    }
    let scope = if passed { Scope::Passed } else { Scope::Running };
    if engine.given() == Some("--print-sql") && (new_since.is_some() || fail_if_any) {
        let why = "the program, and not the engine, has to look at the rows for it";
        return Err(Error::refused("cannot print --new-since or --fail-if-any as SQL", why, "leave out these options or --print-sql"));
    }
    let question = Question::Pending { scope, within: due_within };
    if engine.print(session, &lens, &selection, question, output.as_deref())? {
        return Ok(());
    }
    let source = engine.source(&lens, &selection, question)?;
    let mut rows = collect(|each| source.read(each, |each| read(&lens, scope, each)))?;
    rows.retain(|row| due_within.is_none_or(|hours| row.is_due_within(hours as f64)));
    let mut seen = new_since.as_deref().map(|path| Seen::read(session, path)).transpose()?;
    if let Some(seen) = &mut seen {
        rows.retain(|row| seen.is_new(row));
    }
    if fail_if_any && !rows.is_empty() {
        session.note_findings();
    }
    let title = due_within.map_or("Pending".to_owned(), |hours| format!("Pending within {}", counted(hours, "hours")));
    let heading = head.line(&title);
    match form {
        Some(form) => {
            to(session, output.as_deref(), |out| stream(form, &heading, out, |each| rows.into_iter().try_for_each(each)))?;
        }
        None => {
            let names = source.names()?;
            let empty = match (&seen, due_within) {
                (Some(_), _) => "Nothing new is pending.",
                (None, Some(_)) => "Nothing is pending within this period.",
                (None, None) => "Nothing is pending.",
            };
            page(session, output.as_deref(), |out| {
                render::pending::table(&rows, &heading, empty, &names, session.style(), out)?;
                source.note_organisations(out)
            })?;
        }
    }
    // What could not be printed is new the next time as well.
    seen.map_or(Ok(()), Seen::write)
}

fn write_calendar(session: &Session, lens: &Lens<'_>, title: &str, alarm: Option<i64>, output: Option<&Path>) -> Result<()> {
    let (deadlines, names, ledger) = (calendar::read(lens)?, Names::read(lens.connection())?, calendar::ledger_uuid(lens)?);
    let of = Deadlines { deadlines: &deadlines, title, ledger: &ledger, alarm };
    to(session, output, |out| render::calendar::write(&of, &names, out))
}

/// The deadlines that earlier runs have reported: a file with one per line.
struct Seen {
    path: PathBuf,
    text: String,
    known: HashSet<String>,
}

impl Seen {
    fn read(session: &Session, path: &Path) -> Result<Seen> {
        refuse_ledger(session, path)?;
        refuse_special(path)?;
        let text = match std::fs::read_to_string(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => String::new(),
            text => text.map_err(Error::io("read", path))?,
        };
        Ok(Seen { path: path.to_owned(), known: text.lines().map(str::to_owned).collect(), text })
    }

    /// True if no earlier run has reported this row with its deadline. Notes it.
    fn is_new(&mut self, row: &Pending) -> bool {
        let line = format!("{} {}", row.reference, row.deadline.as_deref().unwrap_or("-"));
        let is_new = self.known.insert(line.clone());
        if is_new {
            self.text.push_str(&line);
            self.text.push('\n');
        }
        is_new
    }

    fn write(self) -> Result<()> {
        let unfinished = AtomicFile::new(&self.path)?;
        let mut file = std::fs::File::create_new(unfinished.path()).map_err(Error::io("create", &self.path))?;
        file.write_all(self.text.as_bytes()).map_err(Error::io("write", &self.path))?;
        unfinished.publish(&self.path, true)
    }
}

/// A period in hours.
fn period(text: &str) -> std::result::Result<i64, String> {
    deadline::span(text).ok_or_else(|| "give a number of hours or days: 48h, 7d".to_owned())
}
