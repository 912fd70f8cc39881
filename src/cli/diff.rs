//! `recip diff`.

use std::path::{Path, PathBuf};

use recip::Result;
use recip::ledger::merge::Common;
use recip::render;

use super::output::{OutputArgs, page, stream, to};
use super::session::{Session, message};

/// Compare the ledger with another copy of it
///
/// Each copy keeps its history, so the comparison shows what each copy changed since their last common state, who did so and when. 'recip
/// merge' makes one ledger of both. The exit code is 1 if there are differences.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  recip diff colleague.db\n  recip diff returned.csv --base sent.csv --format csv -o differences.csv")]
pub(crate) struct Args {
    /// Other copy: a ledger, or a CSV file, JSON Lines file or package that recip exported
    #[arg(value_name = "OTHER")]
    other: PathBuf,
    /// Common base with which to compare both copies [default: their last common state, which their histories show]
    #[arg(long, value_name = "FILE")]
    base: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let ledger = session.read()?;
    let (other, base) = session.read_other(&args.other, args.base.as_deref())?;
    let found = ledger.diff(&other, base.as_ref())?;
    if !found.differences.is_empty() {
        session.note_findings();
    }
    note_common(found.common, &args.other);
    let (form, output) = (args.output.form()?, args.output.output);
    match form {
        Some(form) => {
            to(session, output.as_deref(), |out| stream(form, "Differences", out, |each| found.differences.into_iter().try_for_each(each)))
        }
        None => page(session, output.as_deref(), |out| render::merge::differences(&found.differences, session.style(), out)),
    }
}

/// Says that two ledgers have nothing in common, so everything in the other one is new here.
pub(crate) fn note_common(common: Common, other: &Path) {
    if common == Common::Nothing {
        message(&format!(
            "{} is not a copy of this ledger, so everything in it counts as new\nhelp: if both come from one file, name it with --base",
            other.display()
        ));
    }
}
