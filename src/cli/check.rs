//! `recip check`.

use std::path::{Path, PathBuf};

use recip::Result;
use recip::ledger::check::{Finding, Severity, check};
use recip::ledger::repair;
use recip::model::counted;
use recip::render;

use super::output::{OutputArgs, page, stream, to};
use super::session::{Session, message};

/// Verify the ledger and report problems and doubts
///
/// Errors: the file is damaged, its schema is not recip's, a row refers to an unknown name, or the recomputed amounts differ from the
/// recorded ones. Warnings: entries that somebody should look at, such as an act that may have been logged twice. The exit code is 1 if
/// there are errors or warnings; with --errors-only, warnings do not count.
///
/// --repair leaves the ledger as it is and writes a new one, which appears only when it is complete. It lists each row that cannot be read,
/// breaks a rule, or is in the history but not in the file, and each change with a broken seal.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  recip check --format json\n  recip check --errors-only -o errors.txt || mail -s ledger me@example.org < errors.txt"
)]
pub(crate) struct Args {
    /// Only errors, no warnings
    #[arg(long)]
    errors_only: bool,
    /// Write everything that can be read to this new ledger, with all amounts recomputed, and list what is lost
    #[arg(long, value_name = "NEW_FILE", conflicts_with = "errors_only")]
    repair: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let findings = match &args.repair {
        Some(to) => repair_to(session, to)?,
        None => {
            let mut findings = check(&session.read_to_check()?)?;
            findings.retain(|f| !args.errors_only || f.severity == Severity::Error);
            findings
        }
    };
    if !findings.is_empty() {
        session.note_findings();
    }
    let (form, output) = (args.output.form()?, args.output.output);
    match form {
        Some(form) => to(session, output.as_deref(), |out| {
            stream(form, "Findings", out, |each| findings.into_iter().try_for_each(|finding: Finding| each(finding)))
        }),
        None => page(session, output.as_deref(), |out| render::check::table(&findings, session.style(), out)),
    }
}

/// Writes the new ledger, and returns what is lost.
fn repair_to(session: &Session, to: &Path) -> Result<Vec<Finding>> {
    let repaired = repair::repair(&session.path_to_replace()?, to, session.clock(), session.author())?;
    let (actions, links) = (counted(repaired.holdings.actions, "actions"), counted(repaired.holdings.links, "links"));
    message(&format!("wrote a new ledger: {} ({actions}, {links})", to.display()));
    message(match repaired.history_kept {
        true => "the history is kept",
        false => "the history does not fit what could be read, so the new ledger begins a new history; the old file still has the old one",
    });
    Ok(repaired.findings)
}
