//! `recip candidates`.

use recip::Result;
use recip::ledger::Candidate;
use recip::model::{Day, Review, Stage};
use recip::render;
use recip::report::candidates::{self, Which};
use recip::report::{Names, Pair, collect};

use super::output::{OutputArgs, page, stream, to};
use super::review;
use super::session::{Session, tell};

/// How many a table shows, where nobody says.
const SHOWN: u64 = 100;
/// How many reports of a candidate are shown.
const REPORTS: usize = 20;

/// List what feeds reported and nobody has confirmed, by date; 'candidates review' goes through it
///
/// 'recip import --feed' brings them; 'recip confirm', 'merge' and 'dismiss' say what they are.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, after_help = "Example:\n  recip candidates USA RUS --kind expulsion --mentions 10")]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    which: WhichArgs,
    /// What was made of them: confirmed, merged or dismissed, instead of those that nobody has reviewed
    #[arg(long, value_name = "HOW", help_heading = "Selection")]
    reviewed: Option<Review>,
    /// No more than so many [default: of a table 100]
    #[arg(long, value_name = "N", help_heading = "Output")]
    limit: Option<u64>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Go through candidates on a terminal, one key each, beside the actions they may be
    #[command(after_help = "Example:\n  recip candidates review USA RUS --mentions 10")]
    Review {
        #[command(flatten)]
        which: WhichArgs,
    },
    /// Show one candidate: the reports it was folded from, and the actions it may be
    #[command(after_help = "Example:\n  recip candidates show 12")]
    Show {
        /// The candidate, by its number
        candidate: String,
        /// As JSON, with all its reports
        #[arg(long)]
        json: bool,
    },
}

/// Which candidates.
#[derive(Debug, clap::Args)]
pub(crate) struct WhichArgs {
    /// One party: everything it is said to have done, and to have been done to it
    #[arg(value_name = "A")]
    a: Option<String>,
    /// A second party: everything between the two
    #[arg(value_name = "B")]
    b: Option<String>,
    /// Only of this day or later
    #[arg(long, value_name = "DAY", help_heading = "Selection")]
    since: Option<Day>,
    /// Only of this day or earlier
    #[arg(long, value_name = "DAY", help_heading = "Selection")]
    until: Option<Day>,
    /// Only of this kind; may be given several times
    #[arg(long = "kind", value_name = "KIND", help_heading = "Selection")]
    kinds: Vec<String>,
    /// Only what this party did
    #[arg(long, value_name = "PARTY", help_heading = "Selection")]
    actor: Option<String>,
    /// Only what was done to this party
    #[arg(long, value_name = "PARTY", help_heading = "Selection")]
    target: Option<String>,
    /// Only this stage: threatened, announced or done
    #[arg(long, value_name = "STAGE", help_heading = "Selection")]
    stage: Option<Stage>,
    /// Only those mentioned so often
    #[arg(long, value_name = "N", help_heading = "Selection")]
    mentions: Option<i64>,
}

impl WhichArgs {
    pub(crate) fn which(self) -> Which {
        Which {
            pair: match (self.a, self.b) {
                (Some(a), Some(b)) => Some(Pair::Both(a, b)),
                (Some(a), None) => Some(Pair::One(a)),
                (None, _) => None,
            },
            actor: self.actor,
            target: self.target,
            since: self.since,
            until: self.until,
            kinds: self.kinds,
            stage: self.stage,
            mentions: self.mentions,
            review: None,
        }
    }
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    match args.verb {
        Some(Verb::Review { which }) => return review::run(session, which.which()),
        Some(Verb::Show { candidate, json }) => return show(session, &candidate, json),
        None => (),
    }
    let ledger = session.read()?;
    let which = Which { review: args.reviewed, ..args.which.which() };
    let OutputArgs { format, output } = args.output;
    match format.form() {
        Some(form) => to(session, output.as_deref(), |out| {
            stream(form, "Candidates", out, |each| candidates::read(&ledger, &which, args.limit, each))
        }),
        None => {
            let most = args.limit.unwrap_or(SHOWN);
            let mut rows = collect(|each| candidates::read(&ledger, &which, Some(most.saturating_add(1)), each))?;
            let more = rows.len() as u64 > most;
            rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            page(session, output.as_deref(), |out| render::candidates::table(&rows, session.style(), out))?;
            if more && args.limit.is_none() {
                tell(&format!("the first {most}; --limit N shows more, --format csv all"));
            }
            Ok(())
        }
    }
}

fn show(session: &Session, key: &str, json: bool) -> Result<()> {
    let ledger = session.read()?;
    let conn = ledger.connection();
    let candidate = Candidate::find(conn, key)?;
    let reported = candidate.reported(conn)?;
    if json {
        return to(session, None, |out| render::candidates::json(&candidate, &reported, out));
    }
    let like = if candidate.review.is_none() { candidates::like(conn, &candidate)? } else { Vec::new() };
    let names = Names::read(conn)?;
    page(session, None, |out| render::candidates::page(&candidate, &reported, &like, REPORTS, &names, session.style(), out))
}
