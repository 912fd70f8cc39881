//! `recip history`.

use clap::ValueEnum;
use recip::Result;
use recip::ledger::Action;
use recip::ledger::history::{self, Change};
use recip::render;
use recip::report::Names;

use super::output::{page, to};
use super::session::Session;

/// Tell what was changed, when, by whom and with which command; the newest last
///
/// Changes made with another SQLite client are told too. A change of many rows is told in numbers.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip history 7")]
pub(crate) struct Args {
    /// Only what touched this action, its links and its sources: an id or a ref
    action: Option<String>,
    /// How to write it: for people, or an object a change
    #[arg(long, value_enum, default_value = "table", help_heading = "Output")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// One JSON object a line, with the rows before and after.
    Jsonl,
}

/// Changes of more rows are told in numbers: to people, and to programs, which find them all in the view "history_entry".
const TOLD: i64 = 30;
const TOLD_TO_PROGRAMS: i64 = 10_000;

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let ledger = session.read_with_history("history")?;
    let conn = ledger.connection();
    let action = args.action.map(|key| Action::find(conn, &key)).transpose()?;
    let read = |most, each: &mut dyn FnMut(Change) -> Result<()>| match &action {
        Some(action) => history::read_of_action(conn, action.id, each),
        None => history::read(conn, most, each),
    };
    if args.format == Format::Jsonl {
        return to(session, None, |out| read(TOLD_TO_PROGRAMS, &mut |change| render::records::line(&change, out)));
    }
    let (names, style) = (Names::read(conn)?, session.style());
    page(session, None, |out| read(TOLD, &mut |change| render::history::change(&change, &names, style, out)))
}
