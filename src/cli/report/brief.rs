//! `recip report brief`.

use std::path::PathBuf;

use clap::ValueEnum;
use recip::render;
use recip::render::brief::{About, Page, Template, Values};
use recip::render::export;
use recip::report::{Lens, Selection, brief};
use recip::{Error, Result};

use crate::cli::output::{by_ending, to};
use crate::cli::selection::{FilterArgs, PairArgs, head, options};
use crate::cli::session::Session;

/// Brief on two parties, to print or send: balance, open claims, pending threats, exchange, sources
///
/// The brief is a single HTML file without scripts or external resources. It states its date, when it was made, the scale, the ledger
/// file, and a digest that anybody with the ledger can reproduce.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip report brief RUS USA --as-of 2017-07-13 -o brief.html")]
pub(crate) struct Args {
    /// First party: a code, a name or an alias
    #[arg(value_name = "PARTY_A")]
    a: String,
    /// Second party: a code, a name or an alias
    #[arg(value_name = "PARTY_B")]
    b: String,
    #[command(flatten)]
    filter: FilterArgs,
    /// Scale of the weights; 'recip scale list' shows all [default: goldstein]
    #[arg(long, value_name = "SCALE", help_heading = "Selection")]
    scale: Option<String>,
    /// Output format: a page in HTML or Markdown, or the values for a template as JSON [default: from the extension of -o, otherwise html]
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    format: Option<BriefFormat>,
    /// Use your own Jinja template instead of the built-in one
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    template: Option<PathBuf>,
    /// Write to this file; it is replaced only when the output is complete
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BriefFormat {
    Html,
    Md,
    Json,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    // The template comes first, so that a missing one is reported before the ledger is read.
    let format = args.format.or_else(|| by_ending(args.output.as_deref())).unwrap_or(BriefFormat::Html);
    let page = if format == BriefFormat::Md { Page::Markdown } else { Page::Html };
    let template = match &args.template {
        Some(file) => Template::from_file(page, file)?,
        None => Template::standard(page),
    };
    let ledger = session.read()?;
    let pair = PairArgs::new(Some(args.a), Some(args.b));
    let selection = Selection { scale: args.scale, ..args.filter.selection(pair)? };
    let lens = Lens::new(&ledger, &selection)?;
    let Some((a, b)) = lens.two_parties() else {
        let way_out = "name one party on each side: recip report brief RUS USA; 'recip report balance' takes groups";
        return Err(Error::refused("cannot write the brief", "a brief covers two parties, and a list of parties is a group", way_out));
    };
    let brief = brief::read(&lens, a, b)?;
    // With the day, so that a command makes the same selection on any later day.
    let options = options(&Selection { as_of: Some(lens.as_of()), ..selection.clone() });
    let about = About {
        ledger: session.file_name()?,
        made: session.clock().stamp(),
        digest: export::digest(&lens)?,
        program: session.program(&lens),
        selection: format!("{} {} {}", brief.a.code, brief.b.code, options.join(" ")),
        options,
        scope: head(&lens, &Selection { pair: None, ..selection.clone() }, false)?.scope,
    };
    let text = match format {
        BriefFormat::Json => {
            return to(session, args.output.as_deref(), |out| render::records::json(&Values::new(&brief, &about), out));
        }
        _ => render::brief::page(&brief, &about, &template)?,
    };
    to(session, args.output.as_deref(), |out| Ok(out.write_all(text.as_bytes())?))
}
