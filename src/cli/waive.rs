//! `recip waive`.

use recip::ledger::{Action, Entry, Link};
use recip::model::{Amount, Cite, Date, LinkSpec, Relation};
use recip::report::Names;
use recip::{Error, Result};

use super::echo;
use super::output::print_lines;
use super::session::Session;

/// Waive acts: log a restraint by the injured party and link it to them
///
/// A waiver closes the open amount of an act. If the restraint is later reversed, the waived amount is open again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip waive 1 2 --on 2016-12-30 --summary \"The president declines to answer\"")]
pub(crate) struct Args {
    /// Actions to waive: ids or references; all have the same actor and the same target
    #[arg(required = true, value_name = "ACTION")]
    actions: Vec<String>,
    /// Date of the restraint: 2016, 2017-06 or 2016-12-29 [default: today]
    #[arg(long, value_name = "DATE", value_parser = super::when::date)]
    on: Option<Date>,
    /// Body that declined, such as a ministry
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
    let waived: Vec<Action> = args.actions.iter().map(|a| Action::find(ledger.connection(), a)).collect::<Result<_>>()?;
    let Some(first) = waived.first() else { return Ok(()) };
    if let Some(other) = waived.iter().find(|a| (&a.actor, &a.target) != (&first.actor, &first.target)) {
        let names = Names::read(ledger.connection())?;
        let sides = |a: &Action| format!("by {} against {}", names.in_sentence(&a.actor), names.in_sentence(&a.target));
        return Err(Error::refused(
            format!("cannot waive {first} and {other} together"),
            format!("one is {}, the other {}", sides(first), sides(other)),
            "waive them one by one",
        ));
    }
    let mut entry = Entry::new(&first.target, &first.actor, "restraint", args.on.unwrap_or_else(|| session.today()));
    entry.details.by = args.by;
    entry.details.summary = args.summary;
    entry.sources = args.sources;
    entry.details.dispute = first.details.dispute.clone().filter(|_| waived.iter().all(|a| a.details.dispute == first.details.dispute));
    entry.links = waived
        .iter()
        .map(|a| Link { relation: Relation::Waives, spec: LinkSpec { earlier: a.id.to_string(), amount: Amount::default() } })
        .collect();
    let logged = ledger.log(&entry)?;
    let names = Names::read(ledger.connection())?;
    print_lines(&echo::logged(&logged.action, &logged.settlement, &names), args.dry_run)
}
