//! `recip report`.

mod brief;
mod changes;
mod matrix;
mod reciprocity;
mod timeline;

use std::io::Write;

use clap::Subcommand;
use recip::model::{Sign, deadline};
use recip::render;
use recip::report::{Lens, Names, Selection, balance, collect, organisation_acts, pending, quantity, unanswered};
use recip::{Ledger, Result};

use crate::cli::output::{OutputArgs, page, stream, to};
use crate::cli::selection::{CandidateArgs, FilterArgs, PairArgs, SuggestedArgs, head, options};
use crate::cli::session::Session;

/// Print a report: unanswered acts, balance, matrix of parties, pending threats, changes, timeline, reciprocity, or a brief
#[derive(Debug, Subcommand)]
pub(crate) enum Report {
    /// Acts that have not been answered, waived or reversed
    ///
    /// The report lists hostile acts, or with --friendly gestures, oldest first. The table groups them by pair and ends with totals by
    /// unit and age. If there are many pairs, it begins with the sums by party.
    #[command(after_help = "Example:\n  recip report unanswered RUS USA --as-of 2017-07-13\n  recip report unanswered Russia EU --members")]
    Unanswered {
        #[command(flatten)]
        args: ReportArgs,
        #[command(flatten)]
        suggested: SuggestedArgs,
        /// List gestures that were not returned, instead of hostile acts that were not answered
        #[arg(long, help_heading = "Selection")]
        friendly: bool,
    },
    /// Balance between two parties by kind: acts, counts, open amounts, weights
    ///
    /// Threats do not count, and reversed acts count only in the weights. An act that was announced and then done counts once. If one side is a list of parties, or an
    /// organisation with --members, the table has each pair and then the total of the group.
    #[command(
        after_help = "Example:\n  recip report balance RUS USA --scale plover --format csv\n  recip report balance Russia USA,GBR,FRA\n  recip report balance CHN USA --quantity trade"
    )]
    Balance {
        #[command(flatten)]
        args: ReportArgs,
        #[command(flatten)]
        suggested: SuggestedArgs,
        /// Add up this quantity of the acts instead of their counts, by unit
        #[arg(long, value_name = "NAME")]
        quantity: Option<String>,
    },
    /// Threats and announcements that are neither carried out nor withdrawn, and deadlines of acts that are done
    ///
    /// The deadline of an act that is done, such as 72 hours to leave the country, is listed until it has passed. --passed lists those that
    /// have passed too.
    ///
    /// The hours until a deadline with a time are counted from now or, with --as-of, from the end of that day in UTC. A deadline that is
    /// a day ends with that day.
    #[command(
        after_help = "Example:\n  recip report pending RUS\n  recip report pending USA RUS --as-of 2017-01-31 --passed\n  recip report pending --due-within 2d --fail-if-any -o due.txt || mail me@example.org < due.txt"
    )]
    Pending {
        #[command(flatten)]
        args: ReportArgs,
        /// Only those whose deadline has passed or is within this period: 48h, 7d
        #[arg(long, value_name = "PERIOD", value_parser = period, help_heading = "Selection")]
        due_within: Option<f64>,
        /// Also deadlines of acts that are done which have passed
        #[arg(long, help_heading = "Selection")]
        passed: bool,
        /// Exit with code 1 if the list is not empty, for a job that watches deadlines
        #[arg(long, help_heading = "Output")]
        fail_if_any: bool,
    },
    Matrix(matrix::Args),
    Changes(changes::Args),
    Timeline(timeline::Args),
    Reciprocity(reciprocity::Args),
    Brief(brief::Args),
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pair: PairArgs,
    #[command(flatten)]
    filter: FilterArgs,
    /// Scale of the weights, in reports that have weights; 'recip scale list' shows all [default: goldstein]
    #[arg(long, value_name = "SCALE", help_heading = "Selection")]
    scale: Option<String>,
    #[command(flatten)]
    candidates: CandidateArgs,
    #[command(flatten)]
    output: OutputArgs,
}

impl ReportArgs {
    fn split(self) -> (Selection, OutputArgs) {
        (Selection { scale: self.scale, with_candidates: self.candidates.with_candidates, ..self.filter.selection(self.pair) }, self.output)
    }
}

pub(crate) fn run(session: &Session, report: Report) -> Result<()> {
    // These two open the ledger themselves.
    let report = match report {
        Report::Brief(args) => return brief::run(session, args),
        Report::Changes(args) => return changes::run(session, args),
        report => report,
    };
    let ledger = session.read()?;
    match report {
        Report::Unanswered { args, suggested, friendly } => run_unanswered(session, &ledger, args, &suggested, friendly),
        Report::Balance { args, quantity: Some(name), .. } => run_quantity(session, &ledger, args, &name),
        Report::Balance { args, suggested, quantity: None } => run_balance(session, &ledger, args, &suggested),
        Report::Pending { args, due_within, passed, fail_if_any } => {
            let scope = if passed { pending::Scope::Passed } else { pending::Scope::Running };
            run_pending(session, &ledger, args, scope, due_within, fail_if_any)
        }
        Report::Matrix(args) => matrix::run(session, &ledger, args),
        Report::Timeline(args) => timeline::run(session, &ledger, args),
        Report::Reciprocity(args) => reciprocity::run(session, &ledger, args),
        Report::Brief(_) | Report::Changes(_) => Ok(()),
    }
}

fn run_unanswered(session: &Session, ledger: &Ledger, args: ReportArgs, suggested: &SuggestedArgs, friendly: bool) -> Result<()> {
    let (sign, title) = if friendly { (Sign::Friendly, "Gestures not returned") } else { (Sign::Hostile, "Unanswered") };
    let (selection, output) = args.split();
    let (form, output) = (output.form()?, output.output);
    let selection = Selection { with_suggested: suggested.with_suggested, ..selection };
    let lens = Lens::new(ledger, &selection)?;
    let head = head(&lens, &selection, false)?;
    match form {
        Some(form) => {
            to(session, output.as_deref(), |out| stream(form, &head.line(title), out, |each| unanswered::read(&lens, sign, each)))
        }
        None => {
            let rows = collect(|each| unanswered::read(&lens, sign, each))?;
            let names = Names::read(&lens)?;
            page(session, output.as_deref(), |out| {
                render::unanswered::table(&rows, title, &head, &names, session.style(), out)?;
                note_organisations(&lens, &selection, out)
            })
        }
    }
}

fn run_balance(session: &Session, ledger: &Ledger, args: ReportArgs, suggested: &SuggestedArgs) -> Result<()> {
    let (selection, output) = args.split();
    let (form, output) = (output.form()?, output.output);
    let selection = Selection { with_suggested: suggested.with_suggested, ..selection };
    let lens = Lens::new(ledger, &selection)?;
    let head = head(&lens, &selection, true)?;
    match form {
        Some(form) => to(session, output.as_deref(), |out| stream(form, &head.line("Balance"), out, |each| balance::read(&lens, each))),
        None => {
            let rows = collect(|each| balance::read(&lens, each))?;
            let names = Names::read(&lens)?;
            let total = balance::group_balance(lens.sides(), &rows);
            page(session, output.as_deref(), |out| {
                render::balance::table(&rows, total.as_ref(), &head, &names, session.style(), out)?;
                note_organisations(&lens, &selection, out)
            })
        }
    }
}

/// Names the acts of organisations that a report on their members does not count.
fn note_organisations(lens: &Lens<'_>, selection: &Selection, out: &mut dyn Write) -> Result<()> {
    let arguments: String = options(selection).iter().map(|option| format!(" {option}")).collect();
    render::organisation_acts::notes(&organisation_acts::read(lens)?, &arguments, out)
}

fn run_quantity(session: &Session, ledger: &Ledger, args: ReportArgs, name: &str) -> Result<()> {
    let (selection, output) = args.split();
    let (form, output) = (output.form()?, output.output);
    let lens = Lens::new(ledger, &selection)?;
    let (head, rows) = (head(&lens, &selection, false)?, quantity::read(&lens, name)?);
    let title = format!("Balance of {}", rows.first().map_or(name, |row| &row.quantity));
    match form {
        Some(form) => {
            to(session, output.as_deref(), |out| stream(form, &head.line(&title), out, |each| rows.into_iter().try_for_each(each)))
        }
        None => {
            let names = Names::read(&lens)?;
            page(session, output.as_deref(), |out| render::quantity::table(&rows, &title, &head, &names, session.style(), out))
        }
    }
}

fn run_pending(
    session: &Session,
    ledger: &Ledger,
    args: ReportArgs,
    scope: pending::Scope,
    due_within: Option<f64>,
    fail_if_any: bool,
) -> Result<()> {
    let (selection, output) = args.split();
    let (form, output) = (output.form()?, output.output);
    let lens = Lens::new(ledger, &selection)?;
    let head = head(&lens, &selection, false)?;
    let mut rows = collect(|each| pending::read(&lens, scope, each))?;
    rows.retain(|row| due_within.is_none_or(|hours| row.is_due_within(hours)));
    if fail_if_any && !rows.is_empty() {
        session.note_findings();
    }
    match form {
        Some(form) => {
            to(session, output.as_deref(), |out| stream(form, &head.line("Pending"), out, |each| rows.into_iter().try_for_each(each)))
        }
        None => {
            let names = Names::read(&lens)?;
            page(session, output.as_deref(), |out| render::pending::table(&rows, &head, &names, session.style(), out))
        }
    }
}

/// A period in hours.
fn period(text: &str) -> std::result::Result<f64, String> {
    deadline::span(text).map(|hours| hours as f64).ok_or_else(|| "give a number of hours or days: 48h, 7d".to_owned())
}
