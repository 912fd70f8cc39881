//! `recip report timeline`.

use recip::ledger::catalogue;
use recip::render;
use recip::render::picture::{self, Pictured, Place};
use recip::report::{Lens, Names, Selection, collect, exchange, timeline};
use recip::{Error, Ledger, Result};

use crate::cli::output::{PictureArgs, PictureFormat, page, stream, to};
use crate::cli::selection::{CandidateArgs, FilterArgs, PairArgs, SuggestedArgs, head};
use crate::cli::session::Session;

/// Timeline of all acts between two parties, with the open amount on each side after each act
///
/// The format svg is a picture: the acts of the first party are above a time axis and those of the second below it, sized by their
/// counts, with lines to the acts that they answer, carry out, reverse or waive.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip report timeline RUS USA --since 2017-01-01 --format svg -o timeline.svg")]
pub(crate) struct Args {
    #[command(flatten)]
    pair: PairArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    candidates: CandidateArgs,
    #[command(flatten)]
    suggested: SuggestedArgs,
    #[command(flatten)]
    output: PictureArgs,
}

pub(crate) fn run(session: &Session, ledger: &Ledger, args: Args) -> Result<()> {
    let Args { pair, filter, candidates, suggested, output } = args;
    let (form, PictureArgs { format, output, .. }) = (output.form()?, output);
    let selection =
        Selection { with_candidates: candidates.with_candidates, with_suggested: suggested.with_suggested, ..filter.selection(pair) };
    let lens = Lens::new(ledger, &selection)?;
    if format == PictureFormat::Svg {
        let drawn = picture(&lens, head(&lens, &selection, false)?.unconfirmed().as_deref())?;
        return to(session, output.as_deref(), |out| Ok(out.write_all(drawn.as_bytes())?));
    }
    let head = head(&lens, &selection, false)?;
    match form {
        Some(form) => to(session, output.as_deref(), |out| stream(form, &head.line("Timeline"), out, |each| timeline::read(&lens, each))),
        None => {
            let rows = collect(|each| timeline::read(&lens, each))?;
            let names = Names::read(&lens)?;
            page(session, output.as_deref(), |out| render::timeline::table(&rows, &head, &names, session.style(), out))
        }
    }
}

/// The exchange between two parties as an SVG picture.
fn picture(lens: &Lens<'_>, unconfirmed: Option<&str>) -> Result<String> {
    let Some((a, b)) = lens.two_parties() else {
        let way_out = "name one party on each side: recip report timeline RUS USA --format svg";
        return Err(Error::refused("cannot draw the timeline", "a picture needs two parties, and no groups", way_out));
    };
    let (a, b) = (catalogue::find_party(lens, a)?, catalogue::find_party(lens, b)?);
    let acts = exchange::acts(lens)?;
    let of = Pictured { a: (&a.code, &a.name), b: (&b.code, &b.name), as_of: lens.as_of(), unconfirmed };
    Ok(picture::timeline(of, &acts, &exchange::links(lens)?, picture::WIDE, Place::File))
}
