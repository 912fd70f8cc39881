//! `recip report brief`.

use std::path::PathBuf;

use clap::ValueEnum;
use recip::Result;
use recip::model::Day;
use recip::render;
use recip::render::brief::{About, Page, Template, Values};
use recip::render::export;
use recip::report::{Lens, Selection, brief};

use crate::cli::output::to;
use crate::cli::selection::{FilterArgs, PairArgs, head};
use crate::cli::session::Session;

/// A page on two parties, to print or to send: the balance, what stands open, what is pending, the exchange, the sources
///
/// One file of HTML without scripts or anything from elsewhere. It names the day it speaks of, the day it was made,
/// the scale, the ledger's file, and a digest that anybody who has the ledger can make again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip report brief RUS USA --as-of 2017-07-13 -o brief.html")]
pub(crate) struct Args {
    /// One party, whose side stands first
    #[arg(value_name = "A")]
    a: String,
    /// The other
    #[arg(value_name = "B")]
    b: String,
    #[command(flatten)]
    filter: FilterArgs,
    /// Weigh on this scale [default: goldstein]
    #[arg(long, value_name = "NAME", help_heading = "Selection")]
    scale: Option<String>,
    /// How to write it: a page of HTML or Markdown, or the values that a template gets
    #[arg(long, value_enum, default_value = "html", help_heading = "Output")]
    format: BriefFormat,
    /// Write it by a template of one's own (Jinja), in place of recip's
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    template: Option<PathBuf>,
    /// Write to this file, which appears whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BriefFormat {
    /// One self-contained page, for screen and paper.
    Html,
    /// Markdown, without the pictures.
    Md,
    /// The values that a template gets.
    Json,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    // Before anything is read: a template that cannot be found is told at once.
    let page = if args.format == BriefFormat::Md { Page::Markdown } else { Page::Html };
    let template = match &args.template {
        Some(file) => Template::from_file(page, file)?,
        None => Template::standard(page),
    };
    let ledger = session.read()?;
    let pair = PairArgs::new(Some(args.a.clone()), Some(args.b.clone()));
    let selection = Selection { scale: args.scale, ..args.filter.selection(pair) };
    let lens = Lens::new(&ledger, &selection)?;
    let brief = brief::read(&lens, &args.a, &args.b)?;
    let about = About {
        ledger: session.file_name()?,
        made: session.clock().stamp(),
        digest: export::digest(&lens)?,
        program: program(session, &lens),
        selection: words(&brief, &selection, lens.as_of()),
        scope: head(&lens, &Selection { pair: None, ..selection.clone() }, false)?.scope,
    };
    let text = match args.format {
        BriefFormat::Json => {
            return to(session, args.output.as_deref(), |out| render::records::json(&Values::new(&brief, &about), out));
        }
        _ => render::brief::page(&brief, &about, &template)?,
    };
    to(session, args.output.as_deref(), |out| Ok(out.write_all(text.as_bytes())?))
}

/// How one calls the program on this ledger.
fn program(session: &Session, lens: &Lens<'_>) -> String {
    let file = session.file_given().map_or(String::new(), |file| format!(" -f {}", quoted(&file.display().to_string())));
    let known = lens.known().map_or(String::new(), |moment| format!(" --as-known {}", moment.stamp()));
    format!("recip{file}{known}")
}

/// The arguments that select the same again, on any later day.
fn words(brief: &brief::Brief, selection: &Selection, as_of: Day) -> String {
    let mut words = vec![brief.a.code.clone(), brief.b.code.clone(), format!("--as-of {as_of}")];
    words.extend(selection.since.map(|day| format!("--since {day}")));
    words.extend(selection.until.map(|day| format!("--until {day}")));
    words.extend(selection.kinds.iter().map(|kind| format!("--kind {}", quoted(kind))));
    words.extend(selection.dispute.as_ref().map(|slug| format!("--dispute {}", quoted(slug))));
    words.join(" ")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}
