//! `recip report`: the reports.

use clap::Subcommand;
use recip::model::Sign;
use recip::render;
use recip::report::{Lens, Names, Selection, balance, collect, pending, timeline, unanswered};
use recip::{Ledger, Result};

use super::output::{OutputArgs, page, stream, to};
use super::selection::{FilterArgs, PairArgs, head};
use super::session::Session;

/// Print a report: what stands unanswered, the balance, what is pending, the timeline
#[derive(Debug, Subcommand)]
pub(crate) enum Report {
    /// What one party did to another that has not been answered, waived or undone
    ///
    /// Hostile acts by default, the oldest first. The table groups them by pair and ends with totals by unit and age.
    #[command(after_help = "Example:\n  recip report unanswered RUS USA --as-of 2017-07-13")]
    Unanswered {
        #[command(flatten)]
        args: ReportArgs,
        /// Gestures not returned, instead of hostile acts not answered
        #[arg(long)]
        friendly: bool,
    },
    /// How two parties stand to each other, kind by kind: acts, counts, what is open, weights
    ///
    /// What was reversed no longer counts, what was announced and then done counts once, threats do not count.
    #[command(after_help = "Example:\n  recip report balance RUS USA --scale plover --format csv")]
    Balance {
        #[command(flatten)]
        args: ReportArgs,
    },
    /// Threats and announcements that were neither carried out nor withdrawn, with deadlines
    #[command(after_help = "Example:\n  recip report pending RUS")]
    Pending {
        #[command(flatten)]
        args: ReportArgs,
    },
    /// Everything between two parties in order, with what was open on each side after each entry
    #[command(after_help = "Example:\n  recip report timeline RUS USA --since 2017-01-01 --format md -o timeline.md")]
    Timeline {
        #[command(flatten)]
        args: ReportArgs,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pair: PairArgs,
    #[command(flatten)]
    filter: FilterArgs,
    /// Weigh on this scale, where the report has weights [default: goldstein]
    #[arg(long, value_name = "NAME", help_heading = "Selection")]
    scale: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

impl ReportArgs {
    fn split(self) -> (Selection, OutputArgs) {
        (Selection { scale: self.scale, ..self.filter.selection(self.pair) }, self.output)
    }
}

pub(crate) fn run(session: &Session, report: Report) -> Result<()> {
    let ledger = session.read()?;
    match report {
        Report::Unanswered { args, friendly } => run_unanswered(session, &ledger, args, friendly),
        Report::Balance { args } => run_balance(session, &ledger, args),
        Report::Pending { args } => run_pending(session, &ledger, args),
        Report::Timeline { args } => run_timeline(session, &ledger, args),
    }
}

fn run_unanswered(session: &Session, ledger: &Ledger, args: ReportArgs, friendly: bool) -> Result<()> {
    let (sign, title) = if friendly { (Sign::Friendly, "Gestures not returned") } else { (Sign::Hostile, "Unanswered") };
    let (selection, OutputArgs { format, output }) = args.split();
    let lens = Lens::new(ledger, &selection)?;
    let head = head(&lens, &selection, false)?;
    match format.form() {
        Some(form) => {
            to(session, output.as_deref(), |out| stream(form, &head.line(title), out, |each| unanswered::read(&lens, sign, each)))
        }
        None => {
            let rows = collect(|each| unanswered::read(&lens, sign, each))?;
            let names = Names::read(&lens)?;
            page(session, output.as_deref(), |out| render::unanswered::table(&rows, title, &head, &names, session.style(), out))
        }
    }
}

fn run_balance(session: &Session, ledger: &Ledger, args: ReportArgs) -> Result<()> {
    let (selection, OutputArgs { format, output }) = args.split();
    let lens = Lens::new(ledger, &selection)?;
    let head = head(&lens, &selection, true)?;
    match format.form() {
        Some(form) => to(session, output.as_deref(), |out| stream(form, &head.line("Balance"), out, |each| balance::read(&lens, each))),
        None => {
            let rows = collect(|each| balance::read(&lens, each))?;
            let names = Names::read(&lens)?;
            page(session, output.as_deref(), |out| render::balance::table(&rows, &head, &names, session.style(), out))
        }
    }
}

fn run_pending(session: &Session, ledger: &Ledger, args: ReportArgs) -> Result<()> {
    let (selection, OutputArgs { format, output }) = args.split();
    let lens = Lens::new(ledger, &selection)?;
    let head = head(&lens, &selection, false)?;
    match format.form() {
        Some(form) => to(session, output.as_deref(), |out| stream(form, &head.line("Pending"), out, |each| pending::read(&lens, each))),
        None => {
            let rows = collect(|each| pending::read(&lens, each))?;
            page(session, output.as_deref(), |out| render::pending::table(&rows, &head, session.style(), out))
        }
    }
}

fn run_timeline(session: &Session, ledger: &Ledger, args: ReportArgs) -> Result<()> {
    let (selection, OutputArgs { format, output }) = args.split();
    let lens = Lens::new(ledger, &selection)?;
    let head = head(&lens, &selection, false)?;
    match format.form() {
        Some(form) => to(session, output.as_deref(), |out| stream(form, &head.line("Timeline"), out, |each| timeline::read(&lens, each))),
        None => {
            let rows = collect(|each| timeline::read(&lens, each))?;
            let names = Names::read(&lens)?;
            page(session, output.as_deref(), |out| render::timeline::table(&rows, &head, &names, session.style(), out))
        }
    }
}
