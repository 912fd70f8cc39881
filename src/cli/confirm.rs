//! `recip confirm`, `recip merge` and `recip dismiss`: what a candidate is.

use recip::Result;
use recip::ledger::{Confirmation, Link};
use recip::model::count::{self, Count};
use recip::model::{Cite, Date, LinkSpec, Relation, Stage};
use recip::render::candidates::line;
use recip::report::Names;

use super::echo;
use super::output::say;
use super::session::{Session, tell};

/// Confirm a candidate: it becomes an action, with the sources of its reports
///
/// What the feed cannot know is given here: the count above all. What is given takes the place of what was reported.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip confirm 12 --count 35 --on 2016-12-29 --summary \"35 officials are told to go\"")]
pub(crate) struct ConfirmArgs {
    /// The candidate, by its number in 'recip candidates'
    candidate: String,
    /// How many, in the kind's unit
    #[arg(long, value_name = "N", value_parser = count::parse)]
    count: Option<Count>,
    /// When it happened [default: the date of its first report]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// What sort of act it was, where the feed guessed otherwise
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// How far it has come: threatened, announced or done
    #[arg(long)]
    stage: Option<Stage>,
    /// The earlier act it answers, and how much of it (7, 7:20, 7:1/20)
    #[arg(long, value_name = "ACTION[:COUNT]")]
    answers: Vec<LinkSpec>,
    /// The threat or announcement it carries out
    #[arg(long, value_name = "ACTION")]
    executes: Vec<LinkSpec>,
    /// The act of one's own it undoes
    #[arg(long, value_name = "ACTION[:COUNT]")]
    reverses: Vec<LinkSpec>,
    /// The body that acted
    #[arg(long, value_name = "BODY")]
    by: Option<String>,
    /// Where
    #[arg(long, value_name = "TEXT")]
    place: Option<String>,
    /// The case it belongs to
    #[arg(long, value_name = "SLUG")]
    dispute: Option<String>,
    /// What happened, in a line
    #[arg(long, value_name = "TEXT")]
    summary: Option<String>,
    /// A source beside those of its reports
    #[arg(long = "source", value_name = "URL-or-text")]
    sources: Vec<Cite>,
    /// Show what it would do, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Merge a candidate into the action it tells of: the sources of its reports are cited for it
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip merge 12 2016-12-29-usa-rus-expulsion")]
pub(crate) struct MergeArgs {
    /// The candidate, by its number in 'recip candidates'
    candidate: String,
    /// The action: an id or a ref
    action: String,
    /// Show what it would do, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Dismiss candidates: they are kept, with the reason, and take in what is reported of them later
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip dismiss 12 13 --reason \"a football match\"")]
pub(crate) struct DismissArgs {
    /// The candidates, by their numbers in 'recip candidates'
    #[arg(required = true)]
    candidates: Vec<String>,
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    reason: Option<String>,
    /// Show what it would do, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run_confirm(session: &Session, args: ConfirmArgs) -> Result<()> {
    let mut ledger = session.write()?;
    if args.dry_run {
        ledger.rehearse();
    }
    let links = [(Relation::Executes, args.executes), (Relation::Reverses, args.reverses), (Relation::Answers, args.answers)];
    let with = Confirmation {
        kind: args.kind,
        count: args.count,
        date: args.on,
        stage: args.stage,
        by: args.by,
        place: args.place,
        dispute: args.dispute,
        summary: args.summary,
        links: links.into_iter().flat_map(|(relation, specs)| specs.into_iter().map(move |spec| Link { relation, spec })).collect(),
        sources: args.sources,
    };
    let (candidate, logged) = ledger.confirm(&args.candidate, &with)?;
    let names = Names::read(ledger.connection())?;
    let said =
        say(&format!("{}; candidate {} confirmed", echo::logged(&logged.action, &logged.settlement, &names), candidate.id), args.dry_run);
    if said.is_err() && !args.dry_run {
        tell(&format!("the candidate is confirmed all the same, as #{}", logged.id));
    }
    said
}

pub(crate) fn run_merge(session: &Session, args: MergeArgs) -> Result<()> {
    let mut ledger = session.write()?;
    if args.dry_run {
        ledger.rehearse();
    }
    let (candidate, action) = ledger.merge(&args.candidate, &args.action)?;
    let names = Names::read(ledger.connection())?;
    say(&format!("{}\nmerged into {}", line(&candidate, &names), echo::line(&action, &names)), args.dry_run)
}

pub(crate) fn run_dismiss(session: &Session, args: DismissArgs) -> Result<()> {
    let mut ledger = session.write()?;
    if args.dry_run {
        ledger.rehearse();
    }
    let dismissed = ledger.dismiss(&args.candidates, args.reason.as_deref())?;
    let names = Names::read(ledger.connection())?;
    let lines: Vec<String> = dismissed.iter().map(|candidate| format!("dismissed {}", line(candidate, &names))).collect();
    say(&lines.join("\n"), args.dry_run)
}
