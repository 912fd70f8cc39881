//! `recip log`.

use recip::ledger::catalogue::Members;
use recip::ledger::{Entry, Link};
use recip::model::{Cite, Date, LinkSpec, Quantity, Relation, Stage, StatedCount};
use recip::report::Names;
use recip::{Error, Result};

use super::details::DetailArgs;
use super::output::print_lines;
use super::selection::MemberArgs;
use super::session::Session;
use super::{console, doubts, echo, log_form};

/// Log an action: who did what to whom, when, and in answer to what
///
/// The first action creates the ledger. Without arguments, on a terminal, the command asks for each field in turn, offers the open claims to
/// answer and shows the effect before it writes; Esc goes back to the previous question. If the actor or the target is a list, one action is
/// logged for each party in it; a count after a colon or a date after an @ applies to that party; COUNT and --on apply to the others. A single
/// 'recip undo' reverts them all.
///
/// The command asks about implausible entries, such as a completed act with a future date, a deadline before the act, a party that did not
/// exist on the day, or an act that is logged twice. On a terminal it waits for the answer before it writes; otherwise it writes the action
/// and prints a warning.
#[derive(Debug, clap::Args)]
#[command(mut_arg("members", |arg| arg.help("Replace each organisation with its members on the day of the act")))]
#[command(after_help = "\
Examples:
  recip log USA RUS expulsion 35 --on 2016-12-29 --deadline 72h --source \"BBC, 29 December 2016\"
  recip log Russia \"United States\" staff-cut 755 --on 2017-07-28 --stage announced --answers 1
  recip log USA:60,Ukraine:13,Australia:2@2018-03-27 Russia expulsion --on 2018-03-26
  recip log EU Russia sanction 1 --on 2014-07-31 --members --except Hungary")]
pub(crate) struct Args {
    /// Party that acted: a code, a name or an alias (USA, Russia, Britain, España), or a list (USA:60,Ukraine:13)
    #[arg(value_name = "ACTOR", value_parser = super::typed_date::list)]
    actor: Option<String>,
    /// Party that it acted against, or towards: a code, a name or an alias, or a list
    #[arg(value_name = "TARGET", value_parser = super::typed_date::list, requires = "actor")]
    target: Option<String>,
    /// Kind of act, such as expulsion; 'recip kind list' shows all
    #[arg(value_name = "KIND", value_parser = kind, requires = "target")]
    kind: Option<String>,
    /// Count in the kind's unit: 35, 20-30, 50+ (at least), ~50 (about) or several; leave it out if it is unknown
    #[arg(value_name = "COUNT", allow_negative_numbers = true, requires = "kind")]
    count: Option<StatedCount>,
    /// Date of the act, as precise as is known: 2016, 2017-06 or 2016-12-29 [default: today]
    #[arg(long, value_name = "DATE", value_parser = super::typed_date::date)]
    on: Option<Date>,
    /// Stage: threatened, announced or done
    #[arg(long, value_name = "STAGE", default_value = "done")]
    stage: Stage,
    /// Earlier action that it answers, and how much of it (7, 7:20; 7:1/20 if the units differ: 20 of this act settle 1 of #7); any excess is a new claim
    #[arg(long, value_name = "ACTION[:COUNT]")]
    answers: Vec<LinkSpec>,
    /// Threat or announcement that it carries out
    #[arg(long, value_name = "ACTION")]
    executes: Vec<LinkSpec>,
    /// Earlier action of the same actor that it reverses, and how much of it; reversing a waiver reopens what it closed
    #[arg(long, value_name = "ACTION[:COUNT]")]
    reverses: Vec<LinkSpec>,
    /// Earlier action that the actor declines to answer
    #[arg(long, value_name = "ACTION")]
    waives: Vec<LinkSpec>,
    /// Earlier action of the same actor whose deadline is replaced with this action's; see 'recip extend'
    #[arg(long, value_name = "ACTION")]
    extends: Vec<LinkSpec>,
    /// Earlier action of the same actor that it renews, such as a sanction that is prolonged; it opens no claim of its own
    #[arg(long, value_name = "ACTION")]
    renews: Vec<LinkSpec>,
    #[command(flatten)]
    details: DetailArgs,
    /// Source: a URL or a citation; append "[says 2017-07-30, 60]" if it gives another date or count, "[denies]" if it denies the act
    #[arg(long = "source", value_name = "SOURCE")]
    sources: Vec<Cite>,
    #[command(flatten)]
    members: MemberArgs,
    /// Quantity that is not a claim: a name, a number and a unit, like "trade 34 bn USD" or "rate 25 %"; may be given several times
    #[arg(long = "quantity", value_name = "QUANTITY")]
    quantities: Vec<Quantity>,
    /// Reference to give the action, such as EXP-2022/014 [default: made from its date, parties and kind]
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<String>,
    /// Show the effect, but write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let (dry_run, members) = (args.dry_run, args.members.members());
    let entry = match (&args.actor, &args.target, &args.kind) {
        (Some(actor), Some(target), Some(kind)) => {
            let (actor, target, kind) = (actor.clone(), target.clone(), kind.clone());
            args.entry(session, &actor, &target, &kind)
        }
        (None, ..) if console::can_ask() => match log_form::ask(session)? {
            Some(entry) => entry,
            None => return Ok(()),
        },
        _ => {
            return Err(Error::invalid(
                "log",
                args.actor.as_deref().unwrap_or(""),
                "an action needs an actor, a target and a kind",
                "give them: recip log ACTOR TARGET KIND [COUNT]; on a terminal 'recip log' alone asks for each field",
            ));
        }
    };
    log(session, &entry, members.as_ref(), dry_run)
}

/// Refuses a count where the kind should be.
fn kind(text: &str) -> Result<String> {
    match text.parse::<StatedCount>() {
        Ok(count) if count.number().is_some() => {
            Err(Error::invalid("kind", text, "this is a count, and the count comes after the kind", "write ACTOR TARGET KIND COUNT"))
        }
        _ => Ok(text.to_owned()),
    }
}

/// Logs the entry, for each party of a group, and prints its effect.
fn log(session: &Session, entry: &Entry, members: Option<&Members>, dry_run: bool) -> Result<()> {
    let (logged, names) = session.write_or_create(dry_run, |ledger| {
        let entries = entry.for_each_party(ledger.connection(), members)?;
        Ok((doubts::log_all(ledger, &entries, dry_run)?, Names::read(ledger.connection())?))
    })?;
    logged.map_or(Ok(()), |logged| print_lines(&echo::all_logged(&logged, &names), dry_run))
}

impl Args {
    fn entry(self, session: &Session, actor: &str, target: &str, kind: &str) -> Entry {
        let date = self.on.unwrap_or_else(|| session.today());
        let mut entry = Entry::new(actor, target, kind, date);
        entry.count = self.count.unwrap_or_default();
        entry.stage = self.stage;
        entry.details = self.details.0;
        entry.sources = self.sources;
        entry.quantities = self.quantities;
        entry.reference = self.reference;
        for (relation, specs) in [
            (Relation::Executes, self.executes),
            (Relation::Reverses, self.reverses),
            (Relation::Waives, self.waives),
            (Relation::Extends, self.extends),
            (Relation::Renews, self.renews),
            (Relation::Answers, self.answers),
        ] {
            entry.links.extend(specs.into_iter().map(|spec| Link { relation, spec }));
        }
        entry
    }
}
