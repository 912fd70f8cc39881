//! `recip report matrix`.

use recip::render;
use recip::render::picture::heat_map;
use recip::report::portable::Question;
use recip::report::{Lens, Selection, collect, matrix};
use recip::{Ledger, Result};

use super::source::{Each, EngineArgs};
use crate::cli::output::{OutputArgs, PictureFormat, page, stream, to};
use crate::cli::selection::{CandidateArgs, FilterArgs, PairArgs, SuggestedArgs, head};
use crate::cli::session::Session;

/// The open acts of every party towards every other: a table by unit and by weight
///
/// A row holds the acts of one party that are open, a column what one party has to answer. Hostile acts and gestures are shown separately. A
/// table has the largest parties that fit, those named on the command line first, and adds up the others; the records are complete. The format
/// svg is a heat map.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  recip report matrix --as-of 2018-03-30 --kind expulsion\n  recip report matrix EU Russia --members\n  recip report matrix --format svg -o matrix.svg"
)]
pub(crate) struct Args {
    #[command(flatten)]
    pair: PairArgs,
    #[command(flatten)]
    filter: FilterArgs,
    /// Scale of the weights; 'recip scale list' shows all [default: goldstein]
    #[arg(long, value_name = "SCALE", help_heading = "Selection")]
    scale: Option<String>,
    #[command(flatten)]
    candidates: CandidateArgs,
    #[command(flatten)]
    suggested: SuggestedArgs,
    #[command(flatten)]
    pub(super) engine: EngineArgs,
    #[command(flatten)]
    output: OutputArgs<PictureFormat>,
}

pub(crate) fn run(session: &Session, ledger: &Ledger, args: Args) -> Result<()> {
    let Args { pair, filter, scale, candidates, suggested, engine, output } = args;
    let (form, format, output) = (output.form()?, output.format(), output.output);
    let selection = Selection {
        scale,
        with_candidates: candidates.with_candidates,
        with_suggested: suggested.with_suggested,
        elsewhere: engine.given().is_some(),
        ..filter.selection(pair)?
    };
    let lens = Lens::new(ledger, &selection)?;
    if engine.print(session, &lens, &selection, Question::Matrix, output.as_deref())? {
        return Ok(());
    }
    let source = engine.source(&lens, &selection, Question::Matrix)?;
    let read = |each: Each<'_, _>| source.read(each, |each| matrix::read(&lens, each));
    let head = head(&lens, &selection, true)?;
    if let Some(form) = form {
        let heading = head.line(render::matrix::TITLE);
        return to(session, output.as_deref(), |out| stream(form, &heading, out, read));
    }
    let rows = collect(read)?;
    let named: Vec<&str> = lens.sides().iter().flat_map(|side| &side.codes).map(String::as_str).collect();
    if format == PictureFormat::Svg {
        let drawn = heat_map::draw(&rows, &named, &head, &source.names()?);
        return to(session, output.as_deref(), |out| Ok(out.write_all(drawn.as_bytes())?));
    }
    page(session, output.as_deref(), |out| {
        render::matrix::table(&rows, &named, &head, session.style(), out)?;
        source.note_organisations(out)
    })
}
