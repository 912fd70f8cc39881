//! `recip report timeline`.

use recip::ledger::catalogue;
use recip::model::count::counted;
use recip::render;
use recip::render::Head;
use recip::render::picture::lane_layout::MAX_PARTIES;
use recip::render::picture::timeline_layout::ONE_BY_ONE as MAX_ACTS;
use recip::render::picture::{self, Captioned, Party, Pictured, Place};
use recip::render::text::capital;
use recip::report::portable::Question;
use recip::report::{Lens, Names, Selection, collect, exchange, timeline};
use recip::{Error, Ledger, Result};

use super::source::{Each, EngineArgs};
use crate::cli::output::{OutputArgs, PictureFormat, page, stream, to};
use crate::cli::selection::{CandidateArgs, FilterArgs, PairArgs, SuggestedArgs, head};
use crate::cli::session::Session;

/// Timeline of all acts between two parties, with the open amount on each side after each act
///
/// The format svg is a picture: the acts of the first party are above a time axis and those of the second below it, sized by their
/// counts, with lines to the acts that they answer, carry out, reverse or waive. Groups, one party, a dispute or the whole ledger are drawn
/// with a lane for each party.
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
    pub(super) engine: EngineArgs,
    #[command(flatten)]
    output: OutputArgs<PictureFormat>,
}

pub(crate) fn run(session: &Session, ledger: &Ledger, args: Args) -> Result<()> {
    let Args { pair, filter, candidates, suggested, engine, output } = args;
    let (form, format, output) = (output.form()?, output.format(), output.output);
    let selection = Selection {
        with_candidates: candidates.with_candidates,
        with_suggested: suggested.with_suggested,
        elsewhere: engine.given().is_some(),
        ..filter.selection(pair)?
    };
    let lens = Lens::new(ledger, &selection)?;
    if engine.print(session, &lens, &selection, Question::Timeline, output.as_deref())? {
        return Ok(());
    }
    if format == PictureFormat::Svg {
        if engine.given().is_some() {
            let why = "the picture shows links and sources besides the rows of the timeline";
            return Err(Error::refused("cannot draw the timeline of another engine", why, "leave out --on, or give another format"));
        }
        let drawn = picture(session, &lens, &head(&lens, &selection, false)?)?;
        return to(session, output.as_deref(), |out| Ok(out.write_all(drawn.as_bytes())?));
    }
    let head = head(&lens, &selection, false)?;
    let source = engine.source(&lens, &selection, Question::Timeline)?;
    let read = |each: Each<'_, _>| source.read(each, |each| timeline::read(&lens, each));
    match form {
        Some(form) => to(session, output.as_deref(), |out| stream(form, &head.line("Timeline"), out, read)),
        None => {
            let (rows, names) = (collect(read)?, source.names()?);
            page(session, output.as_deref(), |out| {
                render::timeline::table(&rows, &head, &names, session.style(), out)?;
                source.note_organisations(out)
            })
        }
    }
}

/// The acts as an SVG picture: the exchange between two parties, or a lane for each of several parties.
fn picture(session: &Session, lens: &Lens<'_>, head: &Head) -> Result<String> {
    let unconfirmed = head.unconfirmed();
    let unconfirmed = unconfirmed.as_deref();
    let Some((a, b)) = lens.two_parties() else {
        return lanes(session, lens, head);
    };
    let (a, b) = (catalogue::find_party(lens.connection(), a)?, catalogue::find_party(lens.connection(), b)?);
    let acts = exchange::acts(lens)?;
    let of = Pictured { a: (&a.code, &a.name), b: (&b.code, &b.name), as_of: lens.as_of(), unconfirmed, limits: &head.limits };
    Ok(picture::timeline(of, &acts, &exchange::links(lens)?, picture::WIDE, Place::File))
}

/// The acts of several parties, each in its own lane.
fn lanes(session: &Session, lens: &Lens<'_>, head: &Head) -> Result<String> {
    let (acts, links, names) = (exchange::acts(lens)?, exchange::links(lens)?, Names::read(lens.connection())?);
    let first_side: &[String] = lens.sides().first().map_or(&[], |side| &side.codes);
    let named = lens.sides().iter().flat_map(|side| &side.codes);
    // The parties that the selection names come first, then the others in the order of their first acts.
    let mut parties: Vec<Party> = Vec::new();
    for code in named.chain(acts.iter().map(|act| &act.side)) {
        let acted = acts.iter().any(|act| act.side == *code);
        if acted && !parties.iter().any(|party| party.code == *code) {
            parties.push(Party {
                code: code.clone(),
                name: names.of(code).to_owned(),
                of_first_side: first_side.is_empty() || first_side.contains(code),
            });
        }
    }
    let title = capital(if head.scope.is_empty() { "All acts" } else { &head.scope });
    let source = session.file_name()?;
    let unconfirmed = head.unconfirmed();
    let of = Captioned { title: &title, source: &source, as_of: lens.as_of(), unconfirmed: unconfirmed.as_deref() };
    picture::lanes(of, &parties, &acts, &links).ok_or_else(|| {
        let why = format!(
            "{} by {} are too many: {MAX_ACTS} acts by {MAX_PARTIES} parties fit at most, and fewer if many are on the same days",
            counted(acts.len(), "acts"),
            counted(parties.len(), "parties")
        );
        let way_out = "select fewer with --since, --until or --kind, or name two parties; the format csv has all of them";
        Error::refused("cannot draw the timeline", why, way_out)
    })
}
