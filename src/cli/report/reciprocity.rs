//! `recip report reciprocity`: how each party answers the other.

use clap::ValueEnum;
use recip::ledger::catalogue;
use recip::model::Sign;
use recip::render;
use recip::report::reciprocity::{Measure, Terms, explain, read};
use recip::report::{Lens, Names, Selection, collect};
use recip::{Ledger, Result};

use crate::cli::output::{OutputArgs, page, stream, to};
use crate::cli::selection::{CandidateArgs, FilterArgs, PairArgs, SuggestedArgs, days, head};
use crate::cli::session::Session;

/// How each party answers the other: what became of the acts it received, how soon, how much, in what order
///
/// Both directions of each pair. Rows are one figure each: period, responder, other, measure, value, unit, n, of, scale. A value is
/// blank where it would rest on too little: a share, a median or a chance on fewer than 5 cases, a median also where half of
/// the claims are not answered yet. An act announced and then done is one act; a claim waived or undone is watched until then.
///
/// The kind, the period and the case choose the acts received, and the acts and threats made; what answers them, and what was done
/// before or after them, is sought in everything between the two up to the day.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  recip report reciprocity RUS USA --within 90d --scale goldstein --scale plover\n  recip report reciprocity RUS USA --explain response-rate\n  recip report reciprocity --by year --format csv -o measures.csv"
)]
pub(crate) struct Args {
    #[command(flatten)]
    pair: PairArgs,
    /// The window in which an answer counts for the response rate, and an act for the contingency
    #[arg(long, value_name = "DAYS", default_value = "90d", value_parser = days, help_heading = "Measures")]
    within: i64,
    /// How long until the weight of an act received has halved
    #[arg(long, value_name = "DAYS", default_value = "180d", value_parser = days, help_heading = "Measures")]
    half_life: i64,
    /// A series: the same for the acts of each year
    #[arg(long, value_enum, value_name = "PERIOD", help_heading = "Measures")]
    by: Option<By>,
    /// Gestures and their returns, instead of hostile acts and their answers
    #[arg(long, help_heading = "Measures")]
    friendly: bool,
    /// The actions behind this figure, as rows name it: response-rate
    #[arg(long, value_name = "MEASURE", help_heading = "Measures")]
    explain: Option<Measure>,
    /// Weigh on this scale, or on all; several are told one beside the other [default: goldstein]
    #[arg(long = "scale", value_name = "NAME", help_heading = "Selection")]
    scales: Vec<String>,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    candidates: CandidateArgs,
    #[command(flatten)]
    suggested: SuggestedArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// Each year from the pair's first act to its last.
    Year,
}

pub(crate) fn run(session: &Session, ledger: &Ledger, args: Args) -> Result<()> {
    let mut scales = args.scales;
    if scales.iter().any(|s| s == "all") {
        scales = catalogue::list_scales(ledger.connection())?.into_iter().map(|scale| scale.name).collect();
    }
    let (with_candidates, with_suggested) = (args.candidates.with_candidates, args.suggested.with_suggested);
    let selection = Selection { scale: scales.first().cloned(), with_candidates, with_suggested, ..args.filter.selection(args.pair) };
    let terms = Terms {
        within: args.within,
        half_life: args.half_life as f64,
        by_year: args.by == Some(By::Year),
        sign: if args.friendly { Sign::Friendly } else { Sign::Hostile },
        scales,
    };
    let lens = Lens::new(ledger, &selection)?;
    let title = if args.friendly { "Reciprocity of gestures" } else { "Reciprocity" };
    let head = head(&lens, &selection, terms.scales.len() < 2)?.line(title);
    let OutputArgs { format, output } = args.output;
    let output = output.as_deref();
    match (format.form(), args.explain) {
        (Some(form), None) => to(session, output, |out| stream(form, &head, out, |each| read(&lens, &terms, each))),
        (Some(form), Some(measure)) => to(session, output, |out| stream(form, &head, out, |each| explain(&lens, &terms, measure, each))),
        (None, None) => {
            let rows = collect(|each| read(&lens, &terms, each))?;
            let names = Names::read(&lens)?;
            page(session, output, |out| render::reciprocity::table(&rows, &head, &terms, &names, session.style(), out))
        }
        (None, Some(measure)) => {
            let mut rows = collect(|each| read(&lens, &terms, each))?;
            rows.retain(|row| row.measure == measure);
            let evidence = collect(|each| explain(&lens, &terms, measure, each))?;
            let names = Names::read(&lens)?;
            page(session, output, |out| render::reciprocity::explained(&rows, &evidence, &head, &terms, &names, session.style(), out))
        }
    }
}
