//! `recip report reciprocity`.

use clap::ValueEnum;
use recip::ledger::catalogue;
use recip::model::Sign;
use recip::render;
use recip::report::portable::Question;
use recip::report::reciprocity::{Measure, Terms, explain};
use recip::report::{Lens, Selection, collect};
use recip::{Error, Ledger, Result};

use super::source::EngineArgs;
use crate::cli::output::{OutputArgs, page, stream, to};
use crate::cli::selection::{CandidateArgs, FilterArgs, PairArgs, SuggestedArgs, days, head};
use crate::cli::session::Session;

/// How each party answers the other: response rates, latencies, proportions and sequences
///
/// The report covers both directions of each pair. Each row is one figure: period, responder, other, measure, value, low, high, unit, n, of,
/// scale. A value is blank if the data are too few: a share, a median or a probability needs at least 5 cases, and a median also that half of
/// the claims are answered. An act that was announced and then done is one act. A claim that was waived or reversed is observed until
/// that day (censored).
///
/// The options --kind, --since, --until and --dispute select the acts received, and the acts and threats made. Their answers, and the
/// acts before and after them, are taken from everything between the two parties up to the day of the report.
///
/// A date that is a month or a year is an interval. An answer counts as within the window only if it certainly came within it. If the dates
/// leave a median uncertain, its bounds are shown.
///
/// With --on, an engine gives the acts and their links, and recip computes the figures from them. --print-sql prints the statements that
/// read these rows.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  recip report reciprocity RUS USA --within 90d --scale goldstein --scale plover\n  recip report reciprocity RUS USA --explain response-rate\n  recip report reciprocity --by year --format csv -o measures.csv\n  recip report reciprocity --pooled --permutations 999 --format csv -o all.csv"
)]
pub(crate) struct Args {
    #[command(flatten)]
    pair: PairArgs,
    /// Window in which an answer counts towards the response rate, and an act towards the contingency
    #[arg(long, value_name = "DAYS", default_value = "90d", value_parser = days, help_heading = "Measures")]
    within: i64,
    /// Half-life of the weight of an act received
    #[arg(long, value_name = "DAYS", default_value = "180d", value_parser = days, help_heading = "Measures")]
    half_life: i64,
    /// Give the figures as a series, one set for each year from the pair's first act to its last
    #[arg(long, value_enum, value_name = "PERIOD", help_heading = "Measures")]
    by: Option<By>,
    /// Add figures of each party towards all others and of all others towards it, and of all pairs; * stands for all parties
    #[arg(long, help_heading = "Measures")]
    pooled: bool,
    /// Measure gestures and their returns, instead of hostile acts and their answers
    #[arg(long, help_heading = "Measures")]
    friendly: bool,
    /// Test the contingency with this many circular shifts of the responder's acts, or all of them, if there are fewer
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=1_000_000), help_heading = "Measures")]
    permutations: u32,
    /// Seed of the random numbers that choose the shifts
    #[arg(long, value_name = "N", default_value_t = 1, requires = "permutations", help_heading = "Measures")]
    seed: u64,
    /// List the actions behind this measure, such as response-rate
    #[arg(long, value_name = "MEASURE", conflicts_with = "permutations", help_heading = "Measures")]
    explain: Option<Measure>,
    /// Scale of the weights, or all; may be given several times [default: goldstein]
    #[arg(long = "scale", value_name = "SCALE", help_heading = "Selection")]
    scales: Vec<String>,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    candidates: CandidateArgs,
    #[command(flatten)]
    suggested: SuggestedArgs,
    #[command(flatten)]
    pub(super) engine: EngineArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    Year,
}

pub(crate) fn run(session: &Session, ledger: &Ledger, args: Args) -> Result<()> {
    let mut scales = args.scales;
    if scales.iter().any(|s| s == "all") {
        scales = catalogue::list_scales(ledger.connection())?.into_iter().map(|scale| scale.name).collect();
    }
    let (with_candidates, with_suggested) = (args.candidates.with_candidates, args.suggested.with_suggested);
    if let (Some(option), Some(_)) = (args.engine.given(), args.explain) {
        let why = "the actions behind a measure are read from the ledger only";
        return Err(Error::refused(
            "cannot explain a measure of another engine",
            why,
            format!("leave out {option}, or leave out --explain"),
        ));
    }
    let (scale, elsewhere) = (scales.first().cloned(), args.engine.given().is_some());
    let selection = Selection { scale, with_candidates, with_suggested, elsewhere, ..args.filter.selection(args.pair)? };
    let terms = Terms {
        within: args.within,
        half_life: args.half_life as f64,
        by_year: args.by == Some(By::Year),
        sign: if args.friendly { Sign::Friendly } else { Sign::Hostile },
        scales,
        pooled: args.pooled,
        permutations: args.permutations,
        seed: args.seed,
    };
    let lens = Lens::new(ledger, &selection)?;
    if args.engine.print(session, &lens, &selection, Question::Reciprocity, args.output.output.as_deref())? {
        return Ok(());
    }
    let source = args.engine.source(&lens, &selection, Question::Reciprocity)?;
    let title = if args.friendly { "Reciprocity of gestures" } else { "Reciprocity" };
    let head = head(&lens, &selection, terms.scales.len() < 2)?.line(title);
    let (form, output) = (args.output.form()?, args.output.output);
    let output = output.as_deref();
    match (form, args.explain) {
        (Some(form), None) => to(session, output, |out| stream(form, &head, out, |each| source.reciprocity(&terms, each))),
        (Some(form), Some(measure)) => to(session, output, |out| stream(form, &head, out, |each| explain(&lens, &terms, measure, each))),
        (None, None) => {
            let rows = collect(|each| source.reciprocity(&terms, each))?;
            let names = source.names()?;
            page(session, output, |out| {
                render::reciprocity::table(&rows, &head, &terms, &names, session.style(), out)?;
                source.note_organisations(out)
            })
        }
        (None, Some(measure)) => {
            let rows = collect(|each| source.reciprocity(&terms, each))?;
            let evidence = collect(|each| explain(&lens, &terms, measure, each))?;
            let names = source.names()?;
            page(session, output, |out| {
                render::reciprocity::explained(&rows, (measure, &evidence), &head, &terms, &names, session.style(), out)?;
                source.note_organisations(out)
            })
        }
    }
}
