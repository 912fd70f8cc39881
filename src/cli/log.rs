//! `recip log`.

use std::io::{self, IsTerminal};

use recip::ledger::{Entry, Link};
use recip::model::count::{self, Count};
use recip::model::{Cite, Date, LinkSpec, Relation, Stage, deadline};
use recip::report::Names;
use recip::{Error, Result};

use super::output::say;
use super::session::{Session, tell};
use super::{echo, prompt};

/// Log an action: who did what to whom, when, and what it bears on
///
/// The first one makes the ledger. With nothing after it, on a terminal, asks for each field in turn.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  recip log USA RUS expulsion 35 --on 2016-12-29 --deadline 72h --source https://www.bbc.com/news/world-us-canada-38463025
  recip log Russia \"United States\" staff-cut 755 --on 2017-07-28 --stage announced --answers 1")]
pub(crate) struct Args {
    /// Who acted: a code, a name or an alias (USA, Russia, Britain)
    actor: Option<String>,
    /// Against whom, or for a gesture towards whom
    #[arg(requires = "actor")]
    target: Option<String>,
    /// What sort of act ('recip kind list' shows them)
    #[arg(requires = "target")]
    kind: Option<String>,
    /// How many, in the kind's unit; leave it out where it is not known
    #[arg(value_parser = count::parse, allow_negative_numbers = true, requires = "kind")]
    count: Option<Count>,
    /// When it happened, as precisely as it is known: 2016, 2017-06, 2016-12-29 [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// How far it has come: threatened, announced or done
    #[arg(long, default_value = "done")]
    stage: Stage,
    /// The earlier act it answers, and how much of it (7, 7:20, 7:1/20); the rest is a claim of its own
    #[arg(long, value_name = "ACTION[:COUNT]")]
    answers: Vec<LinkSpec>,
    /// The threat or announcement it carries out
    #[arg(long, value_name = "ACTION")]
    executes: Vec<LinkSpec>,
    /// The act of one's own it undoes, and how much of it; a restraint reversed opens again what it waived
    #[arg(long, value_name = "ACTION[:COUNT]")]
    reverses: Vec<LinkSpec>,
    /// The act it declines to answer
    #[arg(long, value_name = "ACTION")]
    waives: Vec<LinkSpec>,
    /// When it must be complied with: 2017-01-01, 2017-01-01T12:00-05:00, or 72h after its day
    #[arg(long, value_name = "WHEN")]
    deadline: Option<String>,
    /// The case it belongs to ('recip dispute add' makes one)
    #[arg(long, value_name = "SLUG")]
    dispute: Option<String>,
    /// The body that acted
    #[arg(long, value_name = "BODY")]
    by: Option<String>,
    /// Where
    #[arg(long, value_name = "TEXT")]
    place: Option<String>,
    /// What happened, in a line
    #[arg(long, value_name = "TEXT")]
    summary: Option<String>,
    /// Where it is told: a URL or a line of text; [says 2017-07-30, 60] after it keeps a reading of its own
    #[arg(long = "source", value_name = "URL-or-text")]
    sources: Vec<Cite>,
    /// The ref it shall have [default: made of its date, parties and kind]
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<String>,
    /// Show what it would do, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let dry_run = args.dry_run;
    let entry = match (&args.actor, &args.target, &args.kind) {
        (Some(actor), Some(target), Some(kind)) => {
            let (actor, target, kind) = (actor.clone(), target.clone(), kind.clone());
            args.entry(session, &actor, &target, &kind)?
        }
        (None, ..) if io::stdin().is_terminal() && io::stderr().is_terminal() => match prompt::ask(session)? {
            Some(entry) => entry,
            None => return Ok(()),
        },
        _ => {
            return Err(Error::invalid(
                "log",
                args.actor.as_deref().unwrap_or(""),
                "an action has an actor, a target and a kind",
                "recip log ACTOR TARGET KIND [COUNT]; on a terminal 'recip log' alone asks for each",
            ));
        }
    };
    log(session, &entry, dry_run)
}

/// Logs the entry and says what that did.
fn log(session: &Session, entry: &Entry, dry_run: bool) -> Result<()> {
    let (logged, names) = session.write_or_create(dry_run, |ledger| Ok((ledger.log(entry)?, Names::read(ledger.connection())?)))?;
    let said = say(&echo::logged(&logged.action, &logged.settlement, &names), dry_run);
    if said.is_err() && !dry_run {
        tell(&format!("the action is logged all the same, as #{}: do not log it again", logged.id));
    }
    said
}

impl Args {
    fn entry(self, session: &Session, actor: &str, target: &str, kind: &str) -> Result<Entry> {
        let date = self.on.unwrap_or_else(|| session.today());
        let mut entry = Entry::new(actor, target, kind, date);
        entry.count = self.count;
        entry.stage = self.stage;
        entry.deadline = self.deadline.map(|text| deadline::parse(&text, &entry.date)).transpose()?;
        entry.dispute = self.dispute;
        entry.by = self.by;
        entry.place = self.place;
        entry.summary = self.summary;
        entry.sources = self.sources;
        entry.reference = self.reference;
        for (relation, specs) in [
            (Relation::Executes, self.executes),
            (Relation::Reverses, self.reverses),
            (Relation::Waives, self.waives),
            (Relation::Answers, self.answers),
        ] {
            entry.links.extend(specs.into_iter().map(|spec| Link { relation, spec }));
        }
        Ok(entry)
    }
}
