//! `recip report changes`.

use recip::ledger::Moment;
use recip::model::Day;
use recip::render;
use recip::render::organisation_acts::Note;
use recip::report::{Lens, Names, Selection, changes, collect};
use recip::{Error, Ledger, Result};

use super::source::not_counted;
use crate::cli::output::{Format, OutputArgs, page, stream, to};
use crate::cli::selection::{FilterArgs, PairArgs, head};
use crate::cli::session::Session;
use crate::cli::typed_date;

/// Digest of what changed in a period, or since the ledger was last read
///
/// With --since, the digest has the acts from that day on, what was answered, waived, reversed or carried out, and the deadlines that fell
/// into the period. The last day is that of --until or --as-of. With --learned-since, it has what was entered since: new actions,
/// corrections and voided actions, and how they changed what is open on the day of the report.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  recip report changes --since \"last monday\"\n  recip report changes RUS USA --since 2017-07-24 --until 2017-07-31 --format md -o digest.md\n  recip report changes --learned-since \"last monday\""
)]
pub(crate) struct Args {
    #[command(flatten)]
    pair: PairArgs,
    #[command(flatten)]
    filter: FilterArgs,
    /// What was entered on or after this day (UTC), or after this time: 2017-07-12T09:30:00Z
    #[arg(
        long,
        value_name = "DATE|TIME",
        value_parser = last_moment_before,
        conflicts_with_all = ["since", "until"],
        help_heading = "Selection"
    )]
    learned_since: Option<Moment>,
    #[command(flatten)]
    output: OutputArgs,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let Args { pair, filter, learned_since, output } = args;
    let mut selection = filter.selection(pair)?;
    // The days limit the events; answers to earlier acts are shown as well.
    let (since, until) = (selection.since.take(), selection.until.take());
    selection.as_of = selection.as_of.or(until);
    match (learned_since, since) {
        (Some(moment), _) => learned(session, session.read_with_history()?.as_ref(), &selection, &moment, output),
        (None, Some(since)) => in_period(session, session.read()?.as_ref(), &selection, (since, until), output),
        (None, None) => {
            let way_out = "give the first day, recip report changes --since \"last monday\", or --learned-since";
            Err(Error::refused("cannot report changes", "no day is given from which they count", way_out))
        }
    }
}

fn in_period(
    session: &Session,
    ledger: &Ledger,
    selection: &Selection,
    (since, until): (Day, Option<Day>),
    output: OutputArgs,
) -> Result<()> {
    let lens = Lens::new(ledger, selection)?;
    let until = until.unwrap_or_else(|| lens.as_of()).min(lens.as_of());
    if since > until {
        let why = format!("the period ends before, on {until}");
        return Err(Error::invalid("since", &since.iso(), why, "give an earlier day, or a later one with --until or --as-of"));
    }
    let rows = collect(|each| changes::in_period(&lens, since, until, each))?;
    drop(lens);
    let of_period = Selection { since: Some(since), until: Some(until), ..selection.clone() };
    let notes = not_counted(&Lens::new(ledger, &of_period)?, &of_period)?;
    let lens = Lens::new(ledger, selection)?;
    print(session, &lens, selection, &format!("Changes from {since} to {until}"), rows, &notes, output)
}

fn learned(session: &Session, ledger: &Ledger, selection: &Selection, moment: &Moment, output: OutputArgs) -> Result<()> {
    let now = Lens::new(ledger, selection)?;
    let earlier = ledger.as_known(moment)?;
    let before = match Lens::new(&earlier, &Selection { as_of: Some(now.as_of()), ..selection.clone() }) {
        Ok(lens) => Some(lens),
        // A name that the ledger knows by now was not known then: nothing was.
        Err(Error::Unknown { .. }) => None,
        Err(e) => return Err(e),
    };
    let rows = collect(|each| changes::learned(before.as_ref(), &now, each))?;
    let notes = not_counted(&now, selection)?;
    print(session, &now, selection, &format!("Learned after {}", moment.stamp()), rows, &notes, output)
}

fn print(
    session: &Session,
    lens: &Lens<'_>,
    selection: &Selection,
    title: &str,
    rows: Vec<changes::Change>,
    notes: &[Note],
    output: OutputArgs,
) -> Result<()> {
    let (form, format, output) = (output.form()?, output.format(), output.output);
    let (head, names) = (head(lens, selection, false)?, Names::read(lens.connection())?);
    match (format, form) {
        (Format::Md, _) => to(session, output.as_deref(), |out| {
            render::changes::markdown(&rows, title, &head, &names, out)?;
            render::organisation_acts::markdown(notes, out)
        }),
        (_, Some(form)) => {
            to(session, output.as_deref(), |out| stream(form, &head.line(title), out, |each| rows.into_iter().try_for_each(each)))
        }
        (_, None) => page(session, output.as_deref(), |out| {
            render::changes::digest(&rows, title, &head, &names, session.style(), out)?;
            render::organisation_acts::write(notes, out)
        }),
    }
}

/// The last moment before a day, or a time.
fn last_moment_before(text: &str) -> Result<Moment> {
    let moment = typed_date::day(text).map_or_else(|_| text.parse(), |day| Day(day.0 - 1).iso().parse());
    moment.map_err(|e| match e {
        Error::Invalid { why, .. } => {
            let way_out = "write it like 2017-07-12, which includes that day in UTC, or like 2017-07-12T09:30:00Z";
            Error::invalid("learned since", text, why, way_out)
        }
        e => e,
    })
}
