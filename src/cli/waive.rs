//! `recip waive`.

use recip::ledger::Action;
use recip::model::Relation;
use recip::report::Names;
use recip::{Error, Result};

use super::follow_up::FollowUpArgs;
use super::output::print_lines;
use super::session::Session;
use super::{doubts, echo};

/// Waive acts: log a restraint by the injured party and link it to them
///
/// A waiver closes the open amount of an act. If the restraint is later reversed, the waived amount is open again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip waive 1 2 --on 2016-12-30 --summary \"The president declines to answer\"")]
pub(crate) struct Args {
    /// Actions to waive: ids or references; all have the same actor and the same target
    #[arg(required = true, value_name = "ACTION")]
    actions: Vec<String>,
    #[command(flatten)]
    follow_up: FollowUpArgs,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let dry_run = args.follow_up.dry_run;
    let mut ledger = session.write_unless(dry_run)?;
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
    let entry = args.follow_up.entry(session, [&first.target, &first.actor], "restraint", Relation::Waives, &waived);
    let Some(logged) = doubts::log_all(&mut ledger, &[entry], dry_run)? else { return Ok(()) };
    let names = Names::read(ledger.connection())?;
    print_lines(&echo::all_logged(&logged, &names), dry_run)
}
