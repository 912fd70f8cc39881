//! `recip void`.

use recip::Result;
use recip::report::Names;

use super::echo;
use super::output::print_lines;
use super::session::Session;

/// Void an action that was entered in error; it stays readable, but no report counts it
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip void 8 --reason \"entered twice\"")]
pub(crate) struct Args {
    /// Action: an id or a reference
    action: String,
    /// Reason, for the record
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    reason: String,
    /// Show the effect, but write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let mut ledger = session.write_unless(args.dry_run)?;
    let (voided, settlement) = ledger.void(&args.action, &args.reason)?;
    let names = Names::read(ledger.connection())?;
    let mut lines = vec![format!("voided {}: {}", echo::line(&voided, &names), args.reason)];
    lines.extend(echo::shifts(&settlement.shifts).into_iter().map(|shift| format!("  {shift}")));
    print_lines(&lines.join("\n"), args.dry_run)
}
