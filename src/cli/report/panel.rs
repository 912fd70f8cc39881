//! `recip report panel`.

use clap::ValueEnum;
use recip::model::period::Length;
use recip::report::portable::Question;
use recip::report::{Lens, Selection};
use recip::{Error, Ledger, Result};

#[cfg(feature = "parquet")]
use crate::cli::console;
#[cfg(feature = "parquet")]
use crate::cli::output::to;
use crate::cli::output::{OutputArgs, Shown, TableFormat, print_rows};
use crate::cli::selection::{FilterArgs, PairArgs, head};
use crate::cli::session::Session;

use super::source::{EngineArgs, Source};

/// The columns of the table.
const SHOWN: [(&str, &str); 9] = [
    ("period", "period"),
    ("actor", "actor"),
    ("target", "target"),
    ("hostile_acts", ">hostile acts"),
    ("hostile_weight", ">weight"),
    ("hostile_open", ">open"),
    ("friendly_acts", ">gestures"),
    ("friendly_weight", ">their weight"),
    ("friendly_open", ">not returned"),
];

/// A row for each actor, target and period, with zeros where nothing happened: the input of statistics programs
///
/// An act counts in the period of its first possible day. Acts count as in the weights of the balance: what was reversed keeps its weight,
/// an announcement that was carried out counts as the act that carried it out, and a threat does not count. imprecise_acts counts those
/// whose date is not precise enough for their period. hostile_open and friendly_open are the numbers of acts that are open when the period
/// ends; for a period that has not ended, on the day of the report.
///
/// The records have more columns than the table: the numbers of the parties in the lists of states of the Correlates of War (cow) and of
/// Gleditsch and Ward (gw), and for each kind the number of acts and the sum of their counts. A cell is blank if acts have no weight on
/// the scale, or if no count is known. --print-sql prints columns for all kinds, since the statement does not know which occur. --format parquet needs a
/// build with the feature 'parquet'.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recip report panel USA RUS --by quarter
  recip report panel --by year --scale plover --format csv -o panel.csv
  recip report panel --by month --format parquet -o panel.parquet")]
pub(crate) struct Args {
    #[command(flatten)]
    pair: PairArgs,
    /// Length of the periods
    #[arg(long, value_enum, value_name = "PERIOD", default_value = "month", help_heading = "Measures")]
    by: By,
    /// Scale of the weights; 'recip scale list' shows all [default: goldstein]
    #[arg(long, value_name = "SCALE", help_heading = "Selection")]
    scale: Option<String>,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    pub(super) engine: EngineArgs,
    #[command(flatten)]
    output: OutputArgs<TableFormat>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum By {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

pub(crate) fn run(session: &Session, ledger: &Ledger, args: Args) -> Result<()> {
    let elsewhere = args.engine.given().is_some();
    let selection = Selection { scale: args.scale, elsewhere, ..args.filter.selection(args.pair)? };
    let by = match args.by {
        By::Day => Length::Day,
        By::Week => Length::Week,
        By::Month => Length::Month,
        By::Quarter => Length::Quarter,
        By::Year => Length::Year,
    };
    let lens = Lens::new(ledger, &selection)?;
    let question = Question::Panel(by);
    if args.engine.print(session, &lens, &selection, question, args.output.output.as_deref())? {
        return Ok(());
    }
    let source = args.engine.source(&lens, &selection, question)?;
    if args.output.format() == TableFormat::Parquet {
        return parquet(session, &source, by, &args.output);
    }
    let heading = head(&lens, &selection, true)?.line("Panel");
    let shown = Shown { heading: &heading, columns: &SHOWN, keys: 3, foot: &|out| source.note_organisations(out) };
    print_rows(session, &args.output, Some(shown), |begin, each| source.panel(by, begin, each))
}

#[cfg(feature = "parquet")]
fn parquet(session: &Session, source: &Source<'_>, by: Length, output: &OutputArgs<TableFormat>) -> Result<()> {
    // Refuses --excel.
    output.form()?;
    if output.output.is_none() && console::is_terminal() {
        let way_out = "name a file with --output, or give another format";
        return Err(Error::refused("cannot print Parquet", "a terminal does not show it", way_out));
    }
    let file = recip::render::export::panel_file(|begin, each| source.panel(by, begin, each))?;
    to(session, output.output.as_deref(), |out| Ok(out.write_all(&file)?))
}

/// The error of a build without Parquet.
#[cfg(not(feature = "parquet"))]
fn parquet(_: &Session, _: &Source<'_>, _: Length, _: &OutputArgs<TableFormat>) -> Result<()> {
    Err(Error::invalid(
        "format",
        "parquet",
        "this recip was built without Parquet",
        "build it with Parquet: cargo install --path . --features parquet; or give --format csv",
    ))
}
