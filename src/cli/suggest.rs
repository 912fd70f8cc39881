//! `recip suggest`.

use recip::model::Score;
use recip::model::counted;
use recip::render;
use recip::report::portable::Question;
use recip::report::suggest::{self, Answer, SuggestFilter};
use recip::report::{Lens, Selection};
use recip::{Error, Result};

use super::console;
use super::output::{OutputArgs, page, print_lines, stream, to};
use super::progress::Progress;
use super::prompt;
use super::report::source::EngineArgs;
use super::selection::{ActionArgs, CandidateArgs, FilterArgs, PairArgs, SuggestedArgs, days, head};
use super::session::{Session, message};

/// Default maximum number of rows of a table.
const MAX_ROWS: usize = 100;
/// Maximum number of new links listed; the others are only counted.
const MAX_LISTED: usize = 20;

/// Suggest which acts answer which open claims
///
/// Each suggestion has a score, the reasons for it, and the command that accepts it. With ACTION, the command lists the acts that may
/// answer it and the acts that it may answer. Without ACTION, it covers every open claim. The score is the probability that the act answers
/// the claim, from 0 to 1. It depends on what the two have in common and on whether the pair is compatible with the other suggestions: each
/// act can be used only once. --assign lists only compatible suggestions; --link links exactly these, and --with-suggested counts them in a
/// report.
///
/// With --on, an engine gives the open acts and their links, and recip computes the suggestions from them. --print-sql prints the statements
/// that read these rows.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  recip suggest 1\n  recip suggest --actor USA --target RUS --over 0.6\n  recip suggest --assign --over 0.9\n  recip suggest --link --over 0.9"
)]
pub(crate) struct Args {
    /// Action: an id or a reference
    #[arg(value_name = "ACTION")]
    action: Option<String>,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    actions: ActionArgs,
    /// Only suggestions with at least this score [default: 0.2; 0 for a given action]
    #[arg(long, value_name = "SCORE", help_heading = "Selection")]
    over: Option<Score>,
    /// Maximum number of days from claim to answer; if a date is imprecise, the longest time that it allows [default: about a year]
    #[arg(long, value_name = "DAYS", value_parser = days, help_heading = "Selection")]
    within: Option<i64>,
    /// Maximum number of suggestions for each claim
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100), help_heading = "Selection")]
    each: u32,
    #[command(flatten)]
    candidates: CandidateArgs,
    #[command(flatten)]
    suggested: SuggestedArgs,
    /// Only suggestions that are compatible with each other and settle something
    #[arg(long, conflicts_with_all = ["each", "with_candidates"], help_heading = "Selection")]
    assign: bool,
    /// Link the suggestions that --assign lists; a single 'recip undo' reverts them all
    #[arg(long, conflicts_with_all = ["assign", "each", "with_candidates", "with_suggested", "as_of", "limit", "format", "output"])]
    link: bool,
    /// With --link: show what would be linked, but write nothing
    #[arg(long, requires = "link")]
    dry_run: bool,
    /// With --link: do not ask for confirmation on a terminal
    #[arg(long, requires = "link")]
    yes: bool,
    /// Maximum number of rows [default: 100 in a table]
    #[arg(long, value_name = "N", help_heading = "Output")]
    limit: Option<usize>,
    #[command(flatten)]
    engine: EngineArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let default = if args.action.is_some() { Score::default() } else { Score::LIKELY };
    let over = args.over.unwrap_or(default);
    let (each, assign) = (args.each as usize, args.assign);
    let filter = SuggestFilter { action: args.action, over, within: args.within, each, assign, ..SuggestFilter::default() };
    let selection = Selection {
        with_candidates: args.candidates.with_candidates,
        with_suggested: args.suggested.with_suggested,
        elsewhere: args.engine.given().is_some(),
        ..Selection { all_days: false, ..args.filter.selection_of_actions(PairArgs::new(None, None), args.actions)? }
    };
    if let (true, Some(option)) = (args.link, args.engine.given()) {
        let why = "links are written to a ledger, and recip only reads a lake";
        let way_out = format!("leave out {option} to link in the ledger, or leave out --link to list the suggestions");
        return Err(Error::refused("cannot link the suggestions of another engine", why, way_out));
    }
    if args.link {
        link(session, &selection, &filter, args.dry_run, args.yes)
    } else {
        list(session, &selection, &filter, args.limit, &args.engine, args.output)
    }
}

fn list(
    session: &Session,
    selection: &Selection,
    filter: &SuggestFilter,
    limit: Option<usize>,
    engine: &EngineArgs,
    output: OutputArgs,
) -> Result<()> {
    let ledger = if selection.elsewhere { session.read_or_new()? } else { session.read()? };
    let lens = Lens::new(&ledger, selection)?;
    let (form, output) = (output.form()?, output.output);
    let question = Question::Suggest(filter.action.as_deref());
    if engine.print(session, &lens, selection, question, output.as_deref())? {
        return Ok(());
    }
    let source = engine.source(&lens, selection, question)?;
    let mut progress = Progress::new();
    let mut update = |done, total| progress.update(done, Some(total));
    let head = head(&lens, selection, false)?;
    let result = match form {
        Some(form) => to(session, output.as_deref(), |out| {
            let mut left = limit.unwrap_or(usize::MAX);
            stream(form, &head.line("Suggested answers"), out, |each| {
                source.suggest(filter, &mut update, &mut |row| {
                    if left == 0 {
                        return Ok(());
                    }
                    left -= 1;
                    each(row)
                })
            })
        }),
        None => {
            let max_rows = limit.unwrap_or(MAX_ROWS);
            let (mut rows, mut more) = (Vec::new(), 0_usize);
            source.suggest(filter, &mut update, &mut |row| {
                if rows.len() < max_rows {
                    rows.push(row)
                } else {
                    more += 1
                }
                Ok(())
            })?;
            let names = source.names()?;
            page(session, output.as_deref(), |out| render::suggest::table(&rows, &head, &names, session.style(), out))?;
            if more > 0 && limit.is_none() {
                message(&format!(
                    "these are {max_rows} of {} suggestions; --over SCORE shows only better ones, --limit N shows more, --format csv all",
                    max_rows + more
                ));
            }
            Ok(())
        }
    };
    progress.end();
    result
}

/// Lists the suggested answers and links them.
fn link(session: &Session, selection: &Selection, filter: &SuggestFilter, dry_run: bool, yes: bool) -> Result<()> {
    let mut ledger = session.write()?;
    let mut progress = Progress::new();
    let answers = {
        let lens = Lens::new(&ledger, selection)?;
        suggest::answers(&lens, filter, &mut |done, total| progress.update(done, Some(total)))
    };
    progress.end();
    let answers = answers?;
    let mut lines: Vec<String> = answers.iter().take(MAX_LISTED).map(line).collect();
    if answers.len() > MAX_LISTED {
        lines.push(format!("and {} more", answers.len() - MAX_LISTED));
    }
    let counted = counted(answers.len(), "answers");
    if answers.is_empty() || dry_run {
        lines.push(format!("{counted} with a score of {} or more", filter.over));
        return print_lines(&lines.join("\n"), dry_run);
    }
    if !yes && console::can_ask() {
        message(&lines.join("\n"));
        if !prompt::confirm(&format!("Link {counted}?"))? {
            return print_lines("nothing was linked", false);
        }
        lines.clear();
    }
    ledger.link_answers(&answers.iter().map(|a| (a.later, a.earlier)).collect::<Vec<_>>())?;
    lines.push(format!("linked {counted} with a score of {} or more; 'recip undo' reverts this", filter.over));
    print_lines(&lines.join("\n"), false)
}

fn line(answer: &Answer) -> String {
    format!("{}  #{} answers #{} with {}", answer.score, answer.later, answer.earlier, answer.covers)
}
