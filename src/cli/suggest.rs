//! `recip suggest`.

use std::io::{self, IsTerminal};

use recip::Result;
use recip::model::Points;
use recip::render;
use recip::report::suggest::{self, Answer, Which};
use recip::report::{Lens, Names, Selection};

use super::output::{OutputArgs, page, say, stream, to};
use super::progress::Progress;
use super::prompt;
use super::selection::{ActionArgs, CandidateArgs, FilterArgs, PairArgs, SuggestedArgs, days, head};
use super::session::{Session, tell};

/// How many a table shows, where nobody says.
const SHOWN: usize = 100;
/// How many of the answers to link are named; the rest are counted.
const NAMED: usize = 20;

/// Suggest which acts answer which open claims, with a score, the reasons, and the command that accepts it
///
/// Of the action that is named: what may answer it, and what it may answer itself. Without one: of every open claim.
/// A score is from 0 to 1: 0.40 for the same day, half as much for every 30 days; 0.20 for the same kind, or 0.10 for the same
/// unit; 0.15 for equal counts; 0.10 for the same dispute; 0.10 for words in common and 0.05 for a third party that both name.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  recip suggest 1\n  recip suggest --actor USA --target RUS --over 0.6\n  recip suggest --link --over 0.8"
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
    /// Link the answers that are suggested, the best first; one 'recip undo' reverts all of it
    #[arg(long, conflicts_with_all = ["each", "with_candidates", "with_suggested", "as_of", "limit", "format", "output"])]
    link: bool,
    /// With --link: show what it would link, and write nothing
    #[arg(long, requires = "link")]
    dry_run: bool,
    /// With --link, on a terminal: do not ask first
    #[arg(long, requires = "link")]
    yes: bool,
    /// No more than so many [default: of a table 100]
    #[arg(long, value_name = "N", help_heading = "Output")]
    limit: Option<usize>,
    #[command(flatten)]
    output: OutputArgs,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let likely = if args.action.is_some() { Points::default() } else { Points::LIKELY };
    let over = args.over.unwrap_or(likely);
    let which = Which { action: args.action, over, within: args.within, each: args.each as usize };
    let selection = Selection {
        with_candidates: args.candidates.with_candidates,
        with_suggested: args.suggested.with_suggested,
        ..Selection { whatever_day: false, ..args.filter.selection_of_actions(PairArgs::new(None, None), args.actions) }
    };
    if args.link {
        link(session, &selection, &which, args.dry_run, args.yes)
    } else {
        list(session, &selection, &which, args.limit, args.output)
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

/// Shows what is suggested, and links it.
fn link(session: &Session, selection: &Selection, which: &Which, dry_run: bool, yes: bool) -> Result<()> {
    let mut ledger = session.write()?;
    let mut progress = Progress::new();
    let answers = {
        let lens = Lens::new(&ledger, selection)?;
        suggest::answers(&lens, which, &mut |done, of| progress.tell(done, Some(of)))
    };
    progress.end();
    let answers = answers?;
    let mut lines: Vec<String> = answers.iter().take(NAMED).map(line).collect();
    if answers.len() > NAMED {
        lines.push(format!("and {} more", answers.len() - NAMED));
    }
    let many = if answers.len() == 1 { "1 answer".to_owned() } else { format!("{} answers", answers.len()) };
    if answers.is_empty() || dry_run {
        lines.push(format!("{many} of {} or more", which.over));
        return say(&lines.join("\n"), dry_run);
    }
    if !yes && io::stdin().is_terminal() && io::stderr().is_terminal() {
        tell(&lines.join("\n"));
        if !prompt::confirm(&format!("Link {many}?"))? {
            return say("nothing was linked", false);
        }
        lines.clear();
    }
    ledger.link_answers(&answers.iter().map(|a| (a.later, a.earlier)).collect::<Vec<_>>())?;
    lines.push(format!("{many} of {} or more linked; 'recip undo' reverts it", which.over));
    say(&lines.join("\n"), false)
}

fn line(answer: &Answer) -> String {
    format!("{}  #{} answers #{} with {}", answer.points, answer.later, answer.earlier, answer.covers)
}
