//! `recip undo` and `recip redo`.

use recip::ledger::Undone;
use recip::render;
use recip::report::Names;
use recip::{Error, Result};

use super::output::print_lines;
use super::session::Session;

/// Undo a change: the latest, or the one given
///
/// Each command is one change, however many rows it touched; an import, for example, is undone as a whole. The undo is itself recorded
/// in the audit log, and 'recip redo' reverts it. If later entries depend on the change, they are listed and nothing is undone.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip undo --dry-run")]
pub(crate) struct UndoArgs {
    /// Number of the change in 'recip history' [default: the latest change that has not been undone]
    #[arg(value_name = "CHANGE", value_parser = change)]
    change: Option<i64>,
    /// Show the effect, but write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Redo the change that the last undo reverted
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip redo --dry-run")]
pub(crate) struct RedoArgs {
    /// Show the effect, but write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Reads the number of a change.
fn change(text: &str) -> Result<i64> {
    let way_out = "'recip history' lists the changes with their numbers; 'recip undo' alone takes the latest";
    text.parse().map_err(|_| Error::invalid("change", text, "this is not the number of a change", way_out))
}

pub(crate) fn run_undo(session: &Session, args: UndoArgs) -> Result<()> {
    let mut ledger = session.write_unless(args.dry_run)?;
    let undone = ledger.undo(args.change)?;
    let names = Names::read(ledger.connection())?;
    print_lines(&report("undid change", &undone.undone.command, undone.undone.id, &undone, &names), args.dry_run)
}

pub(crate) fn run_redo(session: &Session, args: RedoArgs) -> Result<()> {
    let mut ledger = session.write_unless(args.dry_run)?;
    let undone = ledger.redo()?;
    let names = Names::read(ledger.connection())?;
    let id = undone.undone.undoes.unwrap_or(undone.undone.id);
    print_lines(&report("redid change", "", id, &undone, &names), args.dry_run)
}

/// What was undone or redone: the change on the first line, then its rows.
fn report(did: &str, command: &str, id: i64, undone: &Undone, names: &Names) -> String {
    let command = if command.is_empty() { String::new() } else { format!(": {command}") };
    let lines: Vec<String> = render::history::lines(&undone.by, names).iter().map(|l| format!("\n  {l}")).collect();
    format!("{did} {id}{command}{}", lines.concat())
}
