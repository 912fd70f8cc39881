//! `recip report`.

mod brief;
mod changes;
mod matrix;
mod panel;
mod pending;
mod print_sql;
mod reciprocity;
mod survival;
mod timeline;

use std::io::Write;

use clap::Subcommand;
use recip::model::Sign;
use recip::render;
use recip::report::portable::Question;
use recip::report::{Lens, Names, Selection, balance, collect, organisation_acts, quantity, unanswered};
use recip::{Error, Ledger, Result};

use crate::cli::output::{Format, Formats, OutputArgs, page, stream, to};
use crate::cli::selection::{CandidateArgs, FilterArgs, PairArgs, SuggestedArgs, head, options};
use crate::cli::session::Session;
use print_sql::SqlArgs;

/// Print a report: unanswered acts, balance, matrix of parties, pending threats, changes, timeline, reciprocity, panel, survival, or a brief
#[derive(Debug, Subcommand)]
pub(crate) enum Report {
    /// Acts that have not been answered, waived or reversed
    ///
    /// The report lists hostile acts or, with --friendly, gestures, oldest first. The table groups them by pair and ends with totals by
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
    Pending(pending::Args),
    Matrix(matrix::Args),
    Changes(changes::Args),
    Timeline(timeline::Args),
    Reciprocity(reciprocity::Args),
    Panel(panel::Args),
    Survival(survival::Args),
    Brief(brief::Args),
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReportArgs<F: Formats = Format> {
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
    sql: SqlArgs,
    #[command(flatten)]
    output: OutputArgs<F>,
}

impl<F: Formats> ReportArgs<F> {
    fn split(self) -> (Selection, SqlArgs, OutputArgs<F>) {
        let selection =
            Selection { scale: self.scale, with_candidates: self.candidates.with_candidates, ..self.filter.selection(self.pair) };
        (selection, self.sql, self.output)
    }
}

impl Report {
    /// True if the SQL of the report is requested.
    fn prints_sql(&self) -> bool {
        match self {
            Report::Unanswered { args, .. } | Report::Balance { args, .. } => args.sql.is_given(),
            Report::Pending(args) => args.prints_sql(),
            Report::Matrix(matrix::Args { sql, .. })
            | Report::Timeline(timeline::Args { sql, .. })
            | Report::Survival(survival::Args { sql, .. }) => sql.is_given(),
            _ => false,
        }
    }
}

pub(crate) fn run(session: &Session, report: Report) -> Result<()> {
    // These two open the ledger themselves.
    let report = match report {
        Report::Brief(args) => return brief::run(session, args),
        Report::Changes(args) => return changes::run(session, args),
        report => report,
    };
    // The SQL of a report needs only the catalogue, so that it can be printed without a ledger.
    let ledger = if report.prints_sql() { session.read_or_new()? } else { session.read()? };
    match report {
        Report::Unanswered { args, suggested, friendly } => run_unanswered(session, &ledger, args, &suggested, friendly),
        Report::Balance { args, quantity: Some(name), .. } => run_quantity(session, &ledger, args, &name),
        Report::Balance { args, suggested, quantity: None } => run_balance(session, &ledger, args, &suggested),
        Report::Pending(args) => pending::run(session, &ledger, args),
        Report::Matrix(args) => matrix::run(session, &ledger, args),
        Report::Timeline(args) => timeline::run(session, &ledger, args),
        Report::Reciprocity(args) => reciprocity::run(session, &ledger, args),
        Report::Panel(args) => panel::run(session, &ledger, args),
        Report::Survival(args) => survival::run(session, &ledger, args),
        Report::Brief(_) | Report::Changes(_) => Ok(()),
    }
}

fn run_unanswered(session: &Session, ledger: &Ledger, args: ReportArgs, suggested: &SuggestedArgs, friendly: bool) -> Result<()> {
    let (sign, title) = if friendly { (Sign::Friendly, "Gestures not returned") } else { (Sign::Hostile, "Unanswered") };
    let (selection, sql, output) = args.split();
    let (form, output) = (output.form()?, output.output);
    let selection = Selection { with_suggested: suggested.with_suggested, ..selection };
    let lens = Lens::new(ledger, &selection)?;
    if sql.print(session, &lens, &selection, Question::Unanswered(sign), output.as_deref())? {
        return Ok(());
    }
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
    let (selection, sql, output) = args.split();
    let (form, output) = (output.form()?, output.output);
    let selection = Selection { with_suggested: suggested.with_suggested, ..selection };
    let lens = Lens::new(ledger, &selection)?;
    if sql.print(session, &lens, &selection, Question::Balance, output.as_deref())? {
        return Ok(());
    }
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
    let (selection, sql, output) = args.split();
    if sql.is_given() {
        let why = "the sums of quantities are exact decimals of any length, which engines do not have";
        return Err(Error::refused("cannot print the balance of a quantity as SQL", why, "leave out --quantity or --print-sql"));
    }
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
