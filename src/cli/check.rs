//! `recip check`.

use recip::Result;
use recip::ledger::check::{Finding, Severity, check};
use recip::render;

use super::output::{OutputArgs, page, stream, to};
use super::session::Session;

/// Verify the ledger and report problems and doubts
///
/// Errors: the file is damaged, its schema is not recip's, a row refers to an unknown name, or the recomputed amounts differ from the
/// recorded ones. Warnings: entries that somebody should look at, such as an act that may have been logged twice. The exit code is 1 if
/// there are findings.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  recip check --format json\n  recip check --errors-only -o errors.txt || mail -s ledger me@example.org < errors.txt"
)]
pub(crate) struct Args {
    /// Only errors, no warnings
    #[arg(long)]
    errors_only: bool,
    #[command(flatten)]
    output: OutputArgs,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let ledger = session.read_to_check()?;
    let mut findings = check(&ledger)?;
    findings.retain(|f| !args.errors_only || f.severity == Severity::Error);
    if !findings.is_empty() {
        session.note_findings();
    }
    let OutputArgs { format, output } = args.output;
    match format.form() {
        Some(form) => to(session, output.as_deref(), |out| {
            stream(form, "Findings", out, |each| findings.into_iter().try_for_each(|finding: Finding| each(finding)))
        }),
        None => page(session, output.as_deref(), |out| render::check::table(&findings, session.style(), out)),
    }
}
