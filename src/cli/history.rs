//! `recip history`.

use clap::ValueEnum;
use recip::Result;
use recip::ledger::Action;
use recip::ledger::history::{self, Change};
use recip::render;
use recip::report::Names;

use super::output::{page, to};
use super::session::Session;

/// Show the audit log: what was changed, when, by whom and with which command, newest last
///
/// Changes made with another SQLite client are included. A change of many rows is summarised by numbers.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip history 7")]
pub(crate) struct Args {
    /// Only changes of this action, its links and its sources: an id or a reference
    #[arg(value_name = "ACTION")]
    action: Option<String>,
    /// Output format; jsonl has one object for each change, with the rows before and after
    #[arg(long, value_enum, default_value = "table", help_heading = "Output")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Jsonl,
}

/// Maximum number of rows of a change that the table lists; larger changes are summarised by numbers.
const MAX_ROWS_IN_TABLE: i64 = 30;
/// Maximum number of rows of a change that JSON Lines include. The view "history_entry" has all rows.
const MAX_ROWS_IN_JSONL: i64 = 10_000;

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let ledger = session.read_with_history()?;
    let conn = ledger.connection();
    let action = args.action.map(|key| Action::find(conn, &key)).transpose()?;
    let read = |max_rows, each: &mut dyn FnMut(Change) -> Result<()>| match &action {
        Some(action) => history::read_of_action(conn, action.id, each),
        None => history::read(conn, max_rows, each),
    };
    if args.format == Format::Jsonl {
        return to(session, None, |out| read(MAX_ROWS_IN_JSONL, &mut |change| render::records::line(&change, out)));
    }
    let (names, style) = (Names::read(conn)?, session.style());
    page(session, None, |out| read(MAX_ROWS_IN_TABLE, &mut |change| render::history::change(&change, &names, style, out)))
}
