//! `recip confirm`, `recip candidates merge` and `recip dismiss`: the decisions about a candidate.

use recip::Result;
use recip::ledger::{Confirmation, Link};
use recip::model::{Cite, Date, LinkSpec, Quantity, Relation, Stage, StatedCount};
use recip::render::candidates::line;
use recip::report::Names;

use super::details::DetailArgs;
use super::echo;
use super::output::print_lines;
use super::session::Session;

/// Confirm a candidate: it becomes an action that cites the sources of its reports
///
/// The options add what the feed does not report, above all the count, and override what it reports.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip confirm 12 --count 35 --on 2016-12-29 --summary \"35 officials must leave\"")]
pub(crate) struct ConfirmArgs {
    /// Number of the candidate in 'recip candidates'
    #[arg(value_name = "CANDIDATE")]
    candidate: String,
    /// Which of the two parties acted, if the feed does not say so or has it wrong
    #[arg(long, value_name = "PARTY")]
    actor: Option<String>,
    /// Count in the kind's unit: 35, 20-30, 50+ (at least), ~50 (about) or several
    #[arg(long, value_name = "COUNT")]
    count: Option<StatedCount>,
    /// Date of the act: 2016, 2017-06 or 2016-12-29 [default: the date of its first report]
    #[arg(long, value_name = "DATE", value_parser = super::typed_date::date)]
    on: Option<Date>,
    /// Kind of act, if the feed's guess is wrong
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Stage: threatened, announced or done
    #[arg(long, value_name = "STAGE")]
    stage: Option<Stage>,
    /// Earlier action that it answers, and how much of it (7, 7:20, 7:1/20)
    #[arg(long, value_name = "ACTION[:COUNT]")]
    answers: Vec<LinkSpec>,
    /// Threat or announcement that it carries out
    #[arg(long, value_name = "ACTION")]
    executes: Vec<LinkSpec>,
    /// Earlier action of the same actor that it reverses, and how much of it
    #[arg(long, value_name = "ACTION[:COUNT]")]
    reverses: Vec<LinkSpec>,
    #[command(flatten)]
    details: DetailArgs,
    /// Further source: a URL or a citation; may be given several times
    #[arg(long = "source", value_name = "SOURCE")]
    sources: Vec<Cite>,
    /// Quantity that is not a claim: a name, a number and a unit, like "trade 34 bn USD" or "rate 25 %"; may be given several times
    #[arg(long = "quantity", value_name = "QUANTITY")]
    quantities: Vec<Quantity>,
    /// Show the effect, but write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Merge a candidate into a logged action, which then cites the sources of its reports
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip candidates merge 12 2016-12-29-usa-rus-expulsion")]
pub(crate) struct MergeArgs {
    /// Number of the candidate in 'recip candidates'
    #[arg(value_name = "CANDIDATE")]
    candidate: String,
    /// Action: an id or a reference
    #[arg(value_name = "ACTION")]
    action: String,
    /// Show the effect, but write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Dismiss candidates: they are kept with the reason, and later reports of the same events are added to them
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip dismiss 12 13 --reason \"a football match\"")]
pub(crate) struct DismissArgs {
    /// Numbers of the candidates in 'recip candidates'
    #[arg(value_name = "CANDIDATE", required = true)]
    candidates: Vec<String>,
    /// Reason, for the record
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    reason: Option<String>,
    /// Show the effect, but write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run_confirm(session: &Session, args: ConfirmArgs) -> Result<()> {
    let mut ledger = session.write_unless(args.dry_run)?;
    let links = [(Relation::Executes, args.executes), (Relation::Reverses, args.reverses), (Relation::Answers, args.answers)];
    let details = Confirmation {
        actor: args.actor,
        kind: args.kind,
        count: args.count.unwrap_or_default(),
        date: args.on,
        stage: args.stage,
        details: args.details.0,
        links: links.into_iter().flat_map(|(relation, specs)| specs.into_iter().map(move |spec| Link { relation, spec })).collect(),
        sources: args.sources,
        quantities: args.quantities,
    };
    let (candidate, logged) = ledger.confirm(&args.candidate, &details)?;
    let names = Names::read(ledger.connection())?;
    print_lines(&format!("{}; candidate {} confirmed", echo::all_logged(&[logged], &names), candidate.id), args.dry_run)
}

pub(crate) fn run_merge(session: &Session, args: MergeArgs) -> Result<()> {
    let mut ledger = session.write_unless(args.dry_run)?;
    let (candidate, action) = ledger.merge_candidate(&args.candidate, &args.action)?;
    let names = Names::read(ledger.connection())?;
    print_lines(&format!("{}\nmerged into {}", line(&candidate, &names), echo::line(&action, &names)), args.dry_run)
}

pub(crate) fn run_dismiss(session: &Session, args: DismissArgs) -> Result<()> {
    let mut ledger = session.write_unless(args.dry_run)?;
    let dismissed = ledger.dismiss(&args.candidates, args.reason.as_deref())?;
    let names = Names::read(ledger.connection())?;
    let lines: Vec<String> = dismissed.iter().map(|candidate| format!("dismissed {}", line(candidate, &names))).collect();
    print_lines(&lines.join("\n"), args.dry_run)
}
