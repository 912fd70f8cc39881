//! `recip candidates`.

use recip::Result;
use recip::ledger::Candidate;
use recip::model::{Day, Review, Stage};
use recip::render;
use recip::report::candidates::{self, CandidateFilter};
use recip::report::{Names, Pair, collect};

use super::confirm::{MergeArgs, run_merge};
use super::output::{OutputArgs, page, stream, to};
use super::review;
use super::session::{Session, message};

/// Default maximum number of rows of a table.
const MAX_ROWS: u64 = 100;
/// Maximum number of reports of a candidate that are shown.
const MAX_REPORTS: usize = 20;

/// List candidates by date; a candidate is an event that feeds reported and nobody has confirmed
///
/// 'recip import --feed' adds candidates. 'recip candidates review' goes through them one by one; 'recip confirm', 'recip candidates
/// merge' and 'recip dismiss' decide about a single one.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, after_help = "Example:\n  recip candidates USA RUS --kind expulsion --mentions 10")]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    filter: FilterArgs,
    /// List reviewed candidates instead: confirmed, merged or dismissed
    #[arg(long, value_name = "OUTCOME", help_heading = "Selection")]
    reviewed: Option<Review>,
    /// Maximum number of rows [default: 100 in a table]
    #[arg(long, value_name = "N", help_heading = "Output")]
    limit: Option<u64>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Review candidates on a terminal, one by one, next to the actions that may be the same event
    #[command(after_help = "Example:\n  recip candidates review USA RUS --mentions 10")]
    Review {
        #[command(flatten)]
        filter: FilterArgs,
    },
    Merge(MergeArgs),
    /// Show one candidate: its reports, and the actions that may be the same event
    #[command(after_help = "Example:\n  recip candidates show 12")]
    Show {
        /// Number of the candidate
        #[arg(value_name = "CANDIDATE")]
        candidate: String,
        /// Print JSON, with all reports
        #[arg(long)]
        json: bool,
    },
}

/// The filters of candidates.
#[derive(Debug, clap::Args)]
pub(crate) struct FilterArgs {
    /// Party: a code, a name, an alias or a list (USA,GBR); if it is the only one given, selects all events with it as actor or target
    #[arg(value_name = "PARTY_A")]
    a: Option<String>,
    /// Second party, or list; together they select every event between the two
    #[arg(value_name = "PARTY_B")]
    b: Option<String>,
    /// Only events on or after this day
    #[arg(long, value_name = "DATE", value_parser = super::typed_date::day, help_heading = "Selection")]
    since: Option<Day>,
    /// Only events on or before this day
    #[arg(long, value_name = "DATE", value_parser = super::typed_date::day, help_heading = "Selection")]
    until: Option<Day>,
    /// Only events of this kind; may be given several times
    #[arg(long = "kind", value_name = "KIND", help_heading = "Selection")]
    kinds: Vec<String>,
    /// Only acts of this party
    #[arg(long, value_name = "PARTY", help_heading = "Selection")]
    actor: Option<String>,
    /// Only acts towards this party
    #[arg(long, value_name = "PARTY", help_heading = "Selection")]
    target: Option<String>,
    /// Only this stage: threatened, announced or done
    #[arg(long, value_name = "STAGE", help_heading = "Selection")]
    stage: Option<Stage>,
    /// Minimum number of mentions
    #[arg(long, value_name = "N", help_heading = "Selection")]
    mentions: Option<i64>,
}

impl FilterArgs {
    pub(crate) fn filter(self) -> CandidateFilter {
        CandidateFilter {
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
        Some(Verb::Review { filter }) => return review::run(session, filter.filter()),
        Some(Verb::Merge(args)) => return run_merge(session, args),
        Some(Verb::Show { candidate, json }) => return show(session, &candidate, json),
        None => (),
    }
    let ledger = session.read()?;
    let filter = CandidateFilter { review: args.reviewed, ..args.filter.filter() };
    let (form, output) = (args.output.form()?, args.output.output);
    match form {
        Some(form) => to(session, output.as_deref(), |out| {
            stream(form, "Candidates", out, |each| candidates::read(&ledger, &filter, args.limit, each))
        }),
        None => {
            let max_rows = args.limit.unwrap_or(MAX_ROWS);
            let mut rows = collect(|each| candidates::read(&ledger, &filter, Some(max_rows.saturating_add(1)), each))?;
            let more = rows.len() as u64 > max_rows;
            rows.truncate(usize::try_from(max_rows).unwrap_or(usize::MAX));
            page(session, output.as_deref(), |out| render::candidates::table(&rows, session.style(), out))?;
            if more && args.limit.is_none() {
                message(&format!("these are the first {max_rows}; --limit N shows more, --format csv all"));
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
    let similar = if candidate.review.is_none() { candidates::like(conn, &candidate)? } else { Vec::new() };
    let names = Names::read(conn)?;
    page(session, None, |out| render::candidates::page(&candidate, &reported, &similar, MAX_REPORTS, &names, session.style(), out))
}
