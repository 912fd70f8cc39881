//! `recip void`.

use recip::Result;
use recip::report::Names;

use super::echo;
use super::output::say;
use super::session::Session;

/// Void an action entered in error; it stays readable and counts nowhere
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip void 8 --reason \"entered twice\"")]
pub(crate) struct Args {
    /// The action: an id or a ref
    action: String,
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    reason: String,
    /// Show what it would do, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let mut ledger = session.write()?;
    if args.dry_run {
        ledger.rehearse();
    }
    let (voided, settlement) = ledger.void(&args.action, &args.reason)?;
    let names = Names::read(ledger.connection())?;
    let mut lines = vec![format!("voided {}: {}", echo::line(&voided, &names), args.reason)];
    lines.extend(echo::shifts(&settlement.shifts).into_iter().map(|shift| format!("  {shift}")));
    say(&lines.join("\n"), args.dry_run)
}
