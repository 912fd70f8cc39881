//! `recip suggest`.

use recip::Result;
use recip::ledger::suggested;
use recip::model::Points;
use recip::render;
use recip::report::suggest::{self, Which};
use recip::report::{Lens, Names, Selection};

use super::output::{OutputArgs, page, say, stream, to};
use super::progress::Progress;
use super::selection::{ActionArgs, CandidateArgs, FilterArgs, PairArgs, SuggestedArgs, days, head};
use super::session::{Session, tell};

/// How many a table shows, where nobody says.
const SHOWN: usize = 100;
/// How many of those it took it tells one by one.
const TOLD: usize = 20;

/// Suggest which acts answer which open claims, with a score, the reasons, and the command that accepts it
///
/// Of the action that is named: what may answer it, and what it may answer itself. Without one: of every open claim.
/// A score is from 0 to 1: 0.40 for the same day, half as much for every 30 days; 0.20 for the same kind, or 0.10 for the same
/// unit; 0.15 for equal counts; 0.10 for the same dispute; 0.10 for words in common and 0.05 for a third party that both name.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  recip suggest 1\n  recip suggest --actor USA --target RUS --over 0.6\n  recip suggest --accept-over 0.8"
)]
pub(crate) struct Args {
    /// The action: an id or a ref
    action: Option<String>,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    actions: ActionArgs,
    /// Only suggestions of this score or more [default: 0.4; for a named action 0]
    #[arg(long, value_name = "SCORE", help_heading = "Selection")]
    over: Option<Points>,
    /// Only acts so many days after the claim, or fewer
    #[arg(long, value_name = "DAYS", default_value = "365d", value_parser = days, help_heading = "Selection")]
    within: i64,
    /// No more than so many for a claim
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100), help_heading = "Selection")]
    each: u32,
    #[command(flatten)]
    candidates: CandidateArgs,
    #[command(flatten)]
    suggested: SuggestedArgs,
    /// Take all of this score or more, the best first: they count where a report is asked for them --with-suggested, and
    /// give way to whatever somebody links
    #[arg(long, value_name = "SCORE", conflicts_with_all = ["over", "each", "with_candidates", "taken", "as_of", "limit", "format", "output"])]
    accept_over: Option<Points>,
    /// With --accept-over: show what it would take, and write nothing
    #[arg(long, requires = "accept_over")]
    dry_run: bool,
    /// List those that were taken so, instead
    #[arg(long, conflicts_with_all = ["action", "over", "each", "within", "with_candidates", "limit"])]
    taken: bool,
    /// No more than so many [default: of a table 100]
    #[arg(long, value_name = "N", help_heading = "Output")]
    limit: Option<usize>,
    #[command(flatten)]
    output: OutputArgs,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let likely = if args.action.is_some() { Points::default() } else { Points::LIKELY };
    let over = args.accept_over.or(args.over).unwrap_or(likely);
    let which = Which { action: args.action, over, within: args.within, each: args.each as usize };
    let selection = Selection {
        with_candidates: args.candidates.with_candidates,
        with_suggested: args.suggested.with_suggested || args.accept_over.is_some(),
        ..Selection { whatever_day: false, ..args.filter.selection_of_actions(PairArgs::new(None, None), args.actions) }
    };
    match (args.accept_over, args.taken) {
        (Some(_), _) => accept(session, &selection, &which, args.dry_run),
        (None, true) => list_taken(session, &selection, args.output),
        (None, false) => list(session, &selection, &which, args.limit, args.output),
    }
}

fn list(session: &Session, selection: &Selection, which: &Which, limit: Option<usize>, output: OutputArgs) -> Result<()> {
    let ledger = session.read()?;
    let lens = Lens::new(&ledger, selection)?;
    let OutputArgs { format, output } = output;
    let mut progress = Progress::new();
    let mut told = |done, of| progress.tell(done, Some(of));
    let head = head(&lens, selection, false)?;
    let done = match format.form() {
        Some(form) => to(session, output.as_deref(), |out| {
            let mut left = limit.unwrap_or(usize::MAX);
            stream(form, &head.line("Suggested answers"), out, |each| {
                suggest::read(&lens, which, &mut told, |row| {
                    if left == 0 {
                        return Ok(());
                    }
                    left -= 1;
                    each(row)
                })
            })
        }),
        None => {
            let most = limit.unwrap_or(SHOWN);
            let (mut rows, mut more) = (Vec::new(), 0_usize);
            suggest::read(&lens, which, &mut told, |row| {
                if rows.len() < most {
                    rows.push(row)
                } else {
                    more += 1
                }
                Ok(())
            })?;
            let names = Names::read(&lens)?;
            page(session, output.as_deref(), |out| render::suggest::table(&rows, &head, &names, session.style(), out))?;
            if more > 0 && limit.is_none() {
                tell(&format!("the first {most} of {}; --over SCORE shows the better ones, --limit N more, --format csv all", most + more));
            }
            Ok(())
        }
    };
    progress.end();
    done
}

fn accept(session: &Session, selection: &Selection, which: &Which, dry_run: bool) -> Result<()> {
    let mut ledger = session.write()?;
    if dry_run {
        ledger.rehearse();
    }
    let mut progress = Progress::new();
    let proposals = suggest::proposals(&Lens::new(&ledger, selection)?, which, &mut |done, of| progress.tell(done, Some(of)));
    progress.end();
    let taken = ledger.take_suggested(&proposals?)?;
    let mut lines: Vec<String> = taken.iter().take(TOLD).map(line).collect();
    if taken.len() > TOLD {
        lines.push(format!("and {} more; 'recip suggest --taken' lists them", taken.len() - TOLD));
    }
    lines.push(format!(
        "{} suggested {} of {} or more taken; reports count them --with-suggested",
        taken.len(),
        if taken.len() == 1 { "answer" } else { "answers" },
        which.over
    ));
    say(&lines.join("\n"), dry_run)
}

fn line(taken: &suggested::Taken) -> String {
    let suggested::Proposal { action_id, earlier_id, points } = taken.proposal;
    format!("{points}  #{action_id} answers #{earlier_id}: covers {}, spends {}", taken.covers, taken.spends)
}

fn list_taken(session: &Session, selection: &Selection, output: OutputArgs) -> Result<()> {
    let ledger = session.read()?;
    let lens = Lens::new(&ledger, selection)?;
    let OutputArgs { format, output } = output;
    match format.form() {
        Some(form) => {
            to(session, output.as_deref(), |out| stream(form, "Suggested answers taken", out, |each| suggest::taken(&lens, each)))
        }
        None => {
            let rows = recip::report::collect(|each| suggest::taken(&lens, each))?;
            page(session, output.as_deref(), |out| render::suggest::taken(&rows, session.style(), out))
        }
    }
}
