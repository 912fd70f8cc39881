//! `recip extend`.

use recip::ledger::{Action, Entry};
use recip::model::Relation;
use recip::report::Names;
use recip::{Error, Ledger, Result};

use super::follow_up::FollowUpArgs;
use super::output::print_lines;
use super::session::Session;
use super::{doubts, echo};

/// The kind of the act that is logged.
const EXTENSION: &str = "extension";

/// Move the deadline of actions: log an extension of each by its actor and link it to the action
///
/// The new deadline counts from the day of the extension on, and reports on earlier days show the old one. If an action is extended several
/// times, the latest extension counts. An extension that is voided, or reversed by a later act, does not count.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  recip extend 1 --deadline 2021-05-20 --on 2021-04-30 --by \"Foreign Ministry\"\n  recip extend 6 7 8 9 --deadline 2w"
)]
pub(crate) struct Args {
    /// Actions whose deadline moves: ids or references
    #[arg(value_name = "ACTION", required = true)]
    actions: Vec<String>,
    /// New deadline: a day (2017-01-01), a time (2017-01-01T12:00-05:00), or a period after the day of the extension (72h, 2w)
    #[arg(long, value_name = "WHEN", value_parser = super::typed_date::deadline)]
    deadline: String,
    #[command(flatten)]
    follow_up: FollowUpArgs,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let dry_run = args.follow_up.dry_run;
    let mut ledger = session.write_unless(dry_run)?;
    let entries = args.actions.iter().map(|key| entry(session, &ledger, key, &args)).collect::<Result<Vec<_>>>()?;
    if let Some(twice) = entries.iter().enumerate().find_map(|(at, entry)| entries[..at].iter().find(|other| other.links == entry.links)) {
        let named = twice.links.iter().map(|link| format!("#{}", link.spec.earlier)).collect::<String>();
        return Err(Error::refused("cannot extend the same action twice", format!("{named} is named twice"), "name it once"));
    }
    let Some(logged) = doubts::log_all(&mut ledger, &entries, dry_run)? else { return Ok(()) };
    let names = Names::read(ledger.connection())?;
    print_lines(&echo::all_logged(&logged, &names), dry_run)
}

/// The extension of one action.
fn entry(session: &Session, ledger: &Ledger, key: &str, args: &Args) -> Result<Entry> {
    let extended = Action::find(ledger.connection(), key)?;
    if let Some(reason) = &extended.voided {
        return Err(Error::refused(format!("cannot extend {extended}"), format!("it is voided: {reason}"), "name another action"));
    }
    if extended.kind == EXTENSION {
        let way_out = format!("extend the action whose deadline it moved; 'recip show {}' names it", extended.id);
        return Err(Error::refused(format!("cannot extend {extended}"), "it is an extension itself", way_out));
    }
    let sides = [extended.actor.as_str(), extended.target.as_str()];
    let mut entry = args.follow_up.clone().entry(session, sides, EXTENSION, Relation::Extends, std::slice::from_ref(&extended));
    entry.details.deadline = Some(args.deadline.clone());
    Ok(entry)
}
