//! `recip report survival`.

use recip::model::Sign;
use recip::report::portable::Question;
use recip::report::survival::{self, Survival};
use recip::report::{Lens, Row, Selection};

use recip::{Error, Ledger, Result};
use serde_json::Value;

use crate::cli::output::{OutputArgs, Shown, print_rows};
use crate::cli::selection::{FilterArgs, PairArgs, SuggestedArgs, head};
use crate::cli::session::Session;

use super::source::{Each, EngineArgs};

/// The columns of the table.
const SHOWN: [(&str, &str); 9] = [
    ("id", ">#"),
    ("date", "date"),
    ("actor", "actor"),
    ("target", "target"),
    ("kind", "kind"),
    ("ended_by", "ended by"),
    ("ended_on", "on"),
    ("days_min", ">days, min"),
    ("days_max", ">max"),
];

/// The time to the first answer, a row for each act: the input of survival analysis
///
/// If an act was not answered, its row is censored (answered is 0): its time runs to the waiver or reversal that settled it, or else to the
/// day of the report. A date that is known to a month or a year makes the time an interval, from days_min to days_max. An announcement and
/// the single act that carried it out share one row, with the date of the announcement.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip report survival USA RUS --format csv -o survival.csv")]
pub(crate) struct Args {
    #[command(flatten)]
    pair: PairArgs,
    #[command(flatten)]
    filter: FilterArgs,
    /// Gestures and their returns, instead of hostile acts and their answers
    #[arg(long, help_heading = "Selection")]
    friendly: bool,
    #[command(flatten)]
    suggested: SuggestedArgs,
    #[command(flatten)]
    pub(super) engine: EngineArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub(crate) fn run(session: &Session, ledger: &Ledger, args: Args) -> Result<()> {
    let (with_suggested, elsewhere) = (args.suggested.with_suggested, args.engine.given().is_some());
    let selection = Selection { with_suggested, elsewhere, ..args.filter.selection(args.pair)? };
    let sign = if args.friendly { Sign::Friendly } else { Sign::Hostile };
    let lens = Lens::new(ledger, &selection)?;
    let question = Question::Survival(sign);
    if args.engine.print(session, &lens, &selection, question, args.output.output.as_deref())? {
        return Ok(());
    }
    let source = args.engine.source(&lens, &selection, question)?;
    let heading = head(&lens, &selection, false)?.line("Survival");
    let shown = Shown { heading: &heading, columns: &SHOWN, keys: 1, foot: &|out| source.note_organisations(out) };
    print_rows(session, &args.output, Some(shown), |begin, each| {
        begin(Survival::COLUMNS.iter().map(|column| (*column).to_owned()).collect())?;
        let take: Each<'_, Survival> = &mut |row| each(values(&row)?);
        source.read(take, |each| survival::read(&lens, sign, each))
    })
}

/// The values of a row, in the order of its columns.
fn values(row: &Survival) -> Result<Vec<Value>> {
    let object = serde_json::to_value(row).map_err(|e| Error::Output(e.into()))?;
    Ok(Survival::COLUMNS.iter().map(|column| object[*column].clone()).collect())
}
