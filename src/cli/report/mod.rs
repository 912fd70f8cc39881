//! `recip report`.

mod brief;
mod changes;
mod matrix;
mod panel;
mod pending;
mod reciprocity;
pub(super) mod source;
mod survival;
mod timeline;

use clap::Subcommand;
use recip::model::Sign;
use recip::render;
use recip::report::portable::Question;
use recip::report::{Lens, Names, Selection, balance, collect, quantity, unanswered};
use recip::{Error, Ledger, Result};

use crate::cli::output::{Format, Formats, OutputArgs, page, stream, to};
use crate::cli::selection::{CandidateArgs, FilterArgs, PairArgs, SuggestedArgs, arguments, as_known, head};
use crate::cli::session::Session;
use source::{Each, EngineArgs};

/// Print a report: unanswered acts, balance, matrix of parties, pending threats, changes, timeline, reciprocity, panel, survival, or a brief
#[derive(Debug, Subcommand)]
pub(crate) enum Report {
    /// Acts that have not been answered, waived or reversed
    ///
    /// The report lists hostile acts or, with --friendly, gestures, oldest first. The table groups them by pair and ends with totals by
    /// unit and age. With many pairs, the table begins with totals by party.
    #[command(
        after_help = "Examples:\n  recip report unanswered RUS USA --as-of 2017-07-13\n  recip report unanswered Russia EU --members"
    )]
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
    /// Threats do not count. Reversed acts are left out of the counts but keep their weight, because they did happen. An act that was
    /// announced and then done counts once. If one side is a list of parties, or an organisation with --members, the table has each pair
    /// and then the total of the group.
    #[command(
        after_help = "Examples:\n  recip report balance RUS USA --scale plover --format csv\n  recip report balance Russia USA,GBR,FRA\n  recip report balance CHN USA --quantity trade"
    )]
    Balance {
        #[command(flatten)]
        args: ReportArgs,
        #[command(flatten)]
        suggested: SuggestedArgs,
        /// Scale of the weights; 'recip scale list' shows all [default: goldstein]
        #[arg(long, value_name = "SCALE", help_heading = "Selection")]
        scale: Option<String>,
        /// Add up this quantity of the acts instead of their counts, by unit
        #[arg(long, value_name = "NAME", conflicts_with_all = ["scale", "with_suggested"])]
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
    #[command(flatten)]
    candidates: CandidateArgs,
    #[command(flatten)]
    engine: EngineArgs,
    #[command(flatten)]
    output: OutputArgs<F>,
}

impl<F: Formats> ReportArgs<F> {
    fn split(self) -> Result<(Selection, EngineArgs, OutputArgs<F>)> {
        let selection = Selection { with_candidates: self.candidates.with_candidates, ..self.filter.selection(self.pair)? };
        Ok((selection, self.engine, self.output))
    }
}

impl Report {
    /// True if another engine computes the report.
    fn is_elsewhere(&self) -> bool {
        let engine = match self {
            Report::Unanswered { args, .. } | Report::Balance { args, .. } => &args.engine,
            Report::Pending(args) => args.engine(),
            Report::Matrix(matrix::Args { engine, .. })
            | Report::Timeline(timeline::Args { engine, .. })
            | Report::Reciprocity(reciprocity::Args { engine, .. })
            | Report::Survival(survival::Args { engine, .. })
            | Report::Panel(panel::Args { engine, .. }) => engine,
            _ => return false,
        };
        engine.given().is_some()
    }
}

pub(crate) fn run(session: &Session, report: Report) -> Result<()> {
    // These two open the ledger themselves.
    let report = match report {
        Report::Brief(args) => return brief::run(session, args),
        Report::Changes(args) => return changes::run(session, args),
        report => report,
    };
    // A report on another engine needs only the catalogue, so that no ledger is necessary.
    let ledger = if report.is_elsewhere() { session.read_or_new()? } else { session.read()? };
    match report {
        Report::Unanswered { args, suggested, friendly } => run_unanswered(session, &ledger, args, &suggested, friendly),
        Report::Balance { args, quantity: Some(name), .. } => run_quantity(session, &ledger, args, &name),
        Report::Balance { args, suggested, scale, quantity: None } => run_balance(session, &ledger, args, &suggested, scale),
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
    let (selection, engine, output) = args.split()?;
    let (form, output) = (output.form()?, output.output);
    let selection = Selection { with_suggested: suggested.with_suggested, elsewhere: engine.given().is_some(), ..selection };
    let lens = Lens::new(ledger, &selection)?;
    let question = Question::Unanswered(sign);
    if engine.print(session, &lens, &selection, question, output.as_deref())? {
        return Ok(());
    }
    let source = engine.source(&lens, &selection, question)?;
    let read = |each: Each<'_, _>| source.read(each, |each| unanswered::read(&lens, sign, each));
    let head = head(&lens, &selection, false)?;
    match form {
        Some(form) => to(session, output.as_deref(), |out| stream(form, &head.line(title), out, read)),
        None => {
            let (rows, names) = (collect(read)?, source.names()?);
            let matrix =
                [vec!["recip report matrix".to_owned()], arguments(&selection), as_known(&lens).into_iter().collect()].concat().join(" ");
            page(session, output.as_deref(), |out| {
                render::unanswered::table(&rows, title, &head, &names, session.style(), &matrix, out)?;
                source.note_organisations(out)
            })
        }
    }
}

fn run_balance(session: &Session, ledger: &Ledger, args: ReportArgs, suggested: &SuggestedArgs, scale: Option<String>) -> Result<()> {
    let (selection, engine, output) = args.split()?;
    let (form, output) = (output.form()?, output.output);
    let selection = Selection { scale, with_suggested: suggested.with_suggested, elsewhere: engine.given().is_some(), ..selection };
    let lens = Lens::new(ledger, &selection)?;
    if engine.print(session, &lens, &selection, Question::Balance, output.as_deref())? {
        return Ok(());
    }
    let source = engine.source(&lens, &selection, Question::Balance)?;
    let read = |each: Each<'_, _>| source.read(each, |each| balance::read(&lens, each));
    let head = head(&lens, &selection, true)?;
    match form {
        Some(form) => to(session, output.as_deref(), |out| stream(form, &head.line("Balance"), out, read)),
        None => {
            let (rows, names) = (collect(read)?, source.names()?);
            let total = balance::group_balance(lens.sides(), &rows);
            let rows = balance::as_named(lens.sides(), rows);
            page(session, output.as_deref(), |out| {
                render::balance::table(&rows, total.as_ref(), &head, &names, session.style(), out)?;
                source.note_organisations(out)
            })
        }
    }
}

fn run_quantity(session: &Session, ledger: &Ledger, args: ReportArgs, name: &str) -> Result<()> {
    let (selection, engine, output) = args.split()?;
    if let Some(option) = engine.given() {
        let why = "the sums of quantities are exact decimals of any length, which engines do not have";
        let way_out = format!("leave out --quantity or {option}");
        return Err(Error::refused("another engine cannot compute the balance of a quantity", why, way_out));
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
            let (rows, names) = (quantity::as_named(lens.sides(), rows), Names::read(lens.connection())?);
            page(session, output.as_deref(), |out| render::quantity::table(&rows, &title, &head, &names, session.style(), out))
        }
    }
}
