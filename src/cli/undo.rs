//! `recip undo` and `recip redo`.

use recip::Result;
use recip::ledger::Undone;
use recip::render;
use recip::report::Names;

use super::output::say;
use super::session::Session;

/// Take a change back, whole: the latest, or the one named
///
/// One step a command, however many rows it touched: an import is one. The undo is a change of its own in the
/// history, and 'recip redo' takes it back. What was entered later and hangs on the change is named, and nothing is
/// undone.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip undo --dry-run")]
pub(crate) struct UndoArgs {
    /// The change, by its number in 'recip history' [default: the latest that stands]
    change: Option<i64>,
    /// Show what it would do, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Make again what the latest undo took back
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip redo --dry-run")]
pub(crate) struct RedoArgs {
    /// Show what it would do, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run_undo(session: &Session, args: UndoArgs) -> Result<()> {
    let mut ledger = session.write()?;
    if args.dry_run {
        ledger.rehearse();
    }
    let undone = ledger.undo(args.change)?;
    let names = Names::read(ledger.connection())?;
    say(&told("undid change", &undone.undone.command, undone.undone.id, &undone, &names), args.dry_run)
}

pub(crate) fn run_redo(session: &Session, args: RedoArgs) -> Result<()> {
    let mut ledger = session.write()?;
    if args.dry_run {
        ledger.rehearse();
    }
    let undone = ledger.redo()?;
    let names = Names::read(ledger.connection())?;
    let id = undone.undone.undoes.unwrap_or(undone.undone.id);
    say(&told("made again change", "", id, &undone, &names), args.dry_run)
}

fn told(did: &str, command: &str, id: i64, undone: &Undone, names: &Names) -> String {
    let command = if command.is_empty() { String::new() } else { format!(": {command}") };
    let lines: Vec<String> = render::history::lines(&undone.by, names).iter().map(|l| format!("\n  {l}")).collect();
    format!("{did} {id}{command}{}", lines.concat())
}
