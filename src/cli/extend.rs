//! `recip extend`.

use recip::ledger::{Action, Entry, Link};
use recip::model::{Amount, Cite, Date, LinkSpec, Relation};
use recip::report::Names;
use recip::{Error, Result};

use super::output::print_lines;
use super::session::Session;
use super::{doubts, echo};

/// Move the deadline of an action: log an extension by the same actor and link it to the action
///
/// The new deadline counts from the day of the extension on, and reports on earlier days show the old one. An extension can be extended
/// again; the latest one counts. An extension that is voided, or reversed by a later act, no longer counts.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip extend 1 --deadline 2021-05-20 --on 2021-04-30 --by \"Foreign Ministry\"")]
pub(crate) struct Args {
    /// Action whose deadline moves: an id or a reference
    action: String,
    /// New deadline: a day (2017-01-01), a time (2017-01-01T12:00-05:00), or a period after the day of the extension (72h)
    #[arg(long, value_name = "WHEN")]
    deadline: String,
    /// Date of the extension: 2016, 2017-06 or 2016-12-29 [default: today]
    #[arg(long, value_name = "DATE", value_parser = super::when::date)]
    on: Option<Date>,
    /// Body that moved it, such as a ministry
    #[arg(long, value_name = "BODY")]
    by: Option<String>,
    /// What happened, in one line
    #[arg(long, value_name = "TEXT")]
    summary: Option<String>,
    /// Source: a URL or a citation; may be given several times
    #[arg(long = "source", value_name = "SOURCE")]
    sources: Vec<Cite>,
    /// Show the effect, but write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let mut ledger = session.write()?;
    if args.dry_run {
        ledger.set_dry_run();
    }
    let extended = Action::find(ledger.connection(), &args.action)?;
    if let Some(reason) = &extended.voided {
        return Err(Error::refused(format!("cannot extend {extended}"), format!("it is voided: {reason}"), "name another action"));
    }
    let mut entry = Entry::new(&extended.actor, &extended.target, "extension", args.on.unwrap_or_else(|| session.today()));
    entry.details.deadline = Some(args.deadline);
    entry.details.by = args.by;
    entry.details.summary = args.summary;
    entry.details.dispute = extended.details.dispute;
    entry.sources = args.sources;
    entry.links =
        vec![Link { relation: Relation::Extends, spec: LinkSpec { earlier: extended.id.to_string(), amount: Amount::default() } }];
    let Some(logged) = doubts::log_all(&mut ledger, &[entry], args.dry_run)? else { return Ok(()) };
    let names = Names::read(ledger.connection())?;
    print_lines(&echo::all_logged(&logged, &names), args.dry_run)
}
