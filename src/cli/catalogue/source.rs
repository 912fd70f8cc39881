//! `recip source`.

use clap::Subcommand;
use recip::ledger::catalogue;
use recip::render;
use recip::report::{Lens, Names, collect, source};
use recip::{Error, Result};

use super::super::output::{OutputArgs, page, print_lines, stream, to};
use super::super::selection::{FilterArgs, PairArgs};
use super::super::session::Session;
use super::super::typed_date;

/// List, show and edit sources; 'recip log --source' adds them
#[derive(Debug, Subcommand)]
pub(crate) enum Source {
    /// List all sources, or the sources of the selected actions
    #[command(after_help = "Example:\n  recip source list RUS USA --since 2016-12-01 --text reuters")]
    List {
        #[command(flatten)]
        pair: PairArgs,
        #[command(flatten)]
        filter: Box<FilterArgs>,
        /// Only sources whose name, publisher, title or author contains this text
        #[arg(long, value_name = "TEXT", help_heading = "Selection")]
        text: Option<String>,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Show one source with its details, and the actions that cite it
    #[command(after_help = "Example:\n  recip source show https://www.bbc.com/news/world-us-canada-38463025")]
    Show {
        /// Source: its id, or its URL or citation
        #[arg(value_name = "SOURCE")]
        source: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Add or correct the details of a source, for all actions that cite it
    ///
    /// Only the fields given are changed. To mark a value as unknown, give an empty text ("").
    #[command(after_help = "Example:\n  recip source edit 3 --publisher \"The White House\" --date 2016-12-29 --accessed 2017-01-02")]
    Edit(Box<EditArgs>),
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditArgs {
    /// Source: its id, or its URL or citation
    #[arg(value_name = "SOURCE")]
    source: String,
    /// New name: a URL, or a citation such as "The Times, 14 September 1985"
    #[arg(long, value_name = "SOURCE")]
    cite: Option<String>,
    /// Publisher
    #[arg(long, value_name = "TEXT")]
    publisher: Option<String>,
    /// Headline or title
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Author: "George F. Kennan" or "Kennan, George F."; separate several authors with "; "
    #[arg(id = "written_by", long = "author", value_name = "NAME")]
    author: Option<String>,
    /// Date of publication, as precise as is known: 2017, 2017-07 or 2017-07-30
    #[arg(long, value_name = "DATE", value_parser = date_or_none)]
    date: Option<String>,
    /// URL, if the source is named by a citation or has moved
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Day on which it was accessed
    #[arg(long, value_name = "DATE", value_parser = date_or_none)]
    accessed: Option<String>,
    /// URL of an archived copy
    #[arg(long, value_name = "URL")]
    archive: Option<String>,
    /// Quotation that supports the claim
    #[arg(long, value_name = "TEXT")]
    quote: Option<String>,
    /// Show the effect, but write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(session: &Session, verb: Source) -> Result<()> {
    match verb {
        Source::List { pair, filter, text, output } => list(session, pair, &filter, text.as_deref(), &output),
        Source::Show { source: given, json } => {
            let ledger = session.read()?;
            let shown = source::read(ledger.connection(), &given)?;
            if json {
                return to(session, None, |out| render::records::json(&shown, out));
            }
            let names = Names::read(ledger.connection())?;
            page(session, None, |out| render::source::page(&shown, &names, session.style(), out))
        }
        Source::Edit(args) => edit(session, *args),
    }
}

fn list(session: &Session, pair: PairArgs, filter: &FilterArgs, text: Option<&str>, output: &OutputArgs) -> Result<()> {
    let ledger = session.read_or_new()?;
    let lens = Lens::new(&ledger, &filter.selection_all_days(pair)?)?;
    let text = text.map(str::to_lowercase);
    let matches = |s: &catalogue::Source| {
        let texts = [Some(&s.cite), s.publisher.as_ref(), s.title.as_ref(), s.author.as_ref()];
        text.as_ref().is_none_or(|text| texts.into_iter().flatten().any(|t| t.to_lowercase().contains(text)))
    };
    let file = output.output.as_deref();
    match output.form()? {
        Some(form) => to(session, file, |out| {
            stream(form, "Sources", out, |each| source::list(&lens, |s| if matches(&s) { each(s) } else { Ok(()) }))
        }),
        None => {
            let mut sources = collect(|each| source::list(&lens, each))?;
            sources.retain(matches);
            page(session, file, |out| render::source::table(&sources, session.style(), out))
        }
    }
}

fn edit(session: &Session, args: EditArgs) -> Result<()> {
    let given = [&args.cite, &args.publisher, &args.title, &args.author, &args.date, &args.url, &args.accessed, &args.archive, &args.quote];
    if given.into_iter().all(Option::is_none) {
        let way_out = "give at least one; 'recip source edit --help' lists them";
        return Err(Error::invalid("source", &args.source, "no field to change was given", way_out));
    }
    let mut ledger = session.write_unless(args.dry_run)?;
    let (before, after) = ledger.edit_source(&args.source, |s| {
        s.cite = args.cite.unwrap_or_else(|| s.cite.clone());
        for (field, given) in [
            (&mut s.publisher, args.publisher),
            (&mut s.title, args.title),
            (&mut s.author, args.author),
            (&mut s.date, args.date),
            (&mut s.url, args.url),
            (&mut s.accessed, args.accessed),
            (&mut s.archive, args.archive),
            (&mut s.quote, args.quote),
        ] {
            *field = given.or_else(|| field.take());
        }
    })?;
    let mut lines = vec![format!("source {}: {}", after.id, after.cite)];
    if before.cite != after.cite {
        lines.push(format!("  cite: {} -> {}", before.cite, after.cite));
    }
    for ((field, old), (_, new)) in before.details().into_iter().zip(after.details()) {
        if old != new {
            lines.push(format!("  {field}: {} -> {}", old.unwrap_or("-"), new.unwrap_or("-")));
        }
    }
    print_lines(&lines.join("\n"), args.dry_run)
}

/// Reads a date, or an empty text, which removes it.
fn date_or_none(text: &str) -> Result<String> {
    if text.trim().is_empty() { Ok(String::new()) } else { Ok(typed_date::date(text)?.as_str().to_owned()) }
}
