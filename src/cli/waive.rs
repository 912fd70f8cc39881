//! `recip waive`.

use recip::ledger::{Action, Entry, Link};
use recip::model::{Amount, Cite, Date, LinkSpec, Relation};
use recip::report::Names;
use recip::{Error, Result};

use super::echo;
use super::output::say;
use super::session::Session;

/// Decline to answer: log a restraint of the injured party that waives these acts
///
/// A waiver closes what is open of an act. It is taken back by an act that reverses the restraint.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip waive 1 2 --on 2016-12-30 --summary \"The president declines to answer\"")]
pub(crate) struct Args {
    /// The acts waived: ids or refs, all of one party towards another
    #[arg(required = true, value_name = "ACTION")]
    actions: Vec<String>,
    /// When [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// The body that declined
    #[arg(long, value_name = "BODY")]
    by: Option<String>,
    /// What happened, in a line
    #[arg(long, value_name = "TEXT")]
    summary: Option<String>,
    /// Where it is told: a URL or a line of text
    #[arg(long = "source", value_name = "URL-or-text")]
    sources: Vec<Cite>,
    /// Show what it would do, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let mut ledger = session.write()?;
    if args.dry_run {
        ledger.rehearse();
    }
    let waived: Vec<Action> = args.actions.iter().map(|a| Action::find(ledger.connection(), a)).collect::<Result<_>>()?;
    let Some(first) = waived.first() else { return Ok(()) };
    if let Some(other) = waived.iter().find(|a| (&a.actor, &a.target) != (&first.actor, &first.target)) {
        return Err(Error::refused(
            format!("waive {first} and {other} at once"),
            format!("one is {} towards {}, the other {} towards {}", first.actor, first.target, other.actor, other.target),
            "waive them one by one",
        ));
    }
    let mut entry = Entry::new(&first.target, &first.actor, "restraint", args.on.unwrap_or_else(|| session.today()));
    entry.by = args.by;
    entry.summary = args.summary;
    entry.sources = args.sources;
    entry.dispute = first.dispute.clone().filter(|d| waived.iter().all(|a| a.dispute.as_ref() == Some(d)));
    entry.links = waived
        .iter()
        .map(|a| Link { relation: Relation::Waives, spec: LinkSpec { earlier: a.id.to_string(), amount: Amount::default() } })
        .collect();
    let logged = ledger.log(&entry)?;
    let names = Names::read(ledger.connection())?;
    say(&echo::logged(&logged.action, &logged.settlement, &names), args.dry_run)
}
