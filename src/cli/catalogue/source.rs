//! `recip source`.

use clap::Subcommand;
use recip::ledger::catalogue;
use recip::render;
use recip::report::{Lens, Names, collect, source};
use recip::{Error, Result};

use super::super::output::{OutputArgs, page, say, stream, to};
use super::super::selection::{FilterArgs, PairArgs};
use super::super::session::Session;

/// List, show and amend sources; 'recip log --source' adds them
#[derive(Debug, Subcommand)]
pub(crate) enum Source {
    /// List the sources: all of them, or those cited for what is selected
    #[command(after_help = "Example:\n  recip source list RUS USA --since 2016-12-01 --text reuters")]
    List {
        #[command(flatten)]
        pair: PairArgs,
        #[command(flatten)]
        filter: FilterArgs,
        /// Only sources whose name, publisher, title or author holds this text
        #[arg(long, value_name = "TEXT", help_heading = "Selection")]
        text: Option<String>,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Show all that is known of one source, and what it is cited for
    #[command(after_help = "Example:\n  recip source show https://www.bbc.com/news/world-us-canada-38463025")]
    Show {
        /// The source: its id, or as it was cited
        source: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Say more of a source, or correct it, for everything that cites it
    ///
    /// What is given is changed; an empty text ("") says that it is not known.
    #[command(after_help = "Example:\n  recip source edit 3 --publisher \"The White House\" --date 2016-12-29 --accessed 2017-01-02")]
    Edit(Box<EditArgs>),
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditArgs {
    /// The source: its id, or as it was cited
    source: String,
    /// Another name: a URL, or a line like "The Times, 14 September 1985"
    #[arg(long, value_name = "URL-or-text")]
    cite: Option<String>,
    /// Who published it
    #[arg(long, value_name = "TEXT")]
    publisher: Option<String>,
    /// Its headline or title
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Who wrote it: "George F. Kennan" or "Kennan, George F."; several with "; " between them
    #[arg(id = "written_by", long = "author", value_name = "NAME")]
    author: Option<String>,
    /// When it was published, as precisely as it is known: 2017, 2017-07, 2017-07-30
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// Its address, where its name is none or it has moved
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The day it was looked at
    #[arg(long, value_name = "DATE")]
    accessed: Option<String>,
    /// The address of an archived copy
    #[arg(long, value_name = "URL")]
    archive: Option<String>,
    /// The words that support the claim
    #[arg(long, value_name = "TEXT")]
    quote: Option<String>,
    /// Show what it would do, and write nothing
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
    let lens = Lens::new(&ledger, &filter.selection_whatever_day(pair))?;
    let text = text.map(str::to_lowercase);
    let meant = |s: &catalogue::Source| {
        let told = [Some(&s.cite), s.publisher.as_ref(), s.title.as_ref(), s.author.as_ref()];
        text.as_ref().is_none_or(|text| told.into_iter().flatten().any(|t| t.to_lowercase().contains(text)))
    };
    let file = output.output.as_deref();
    match output.format.form() {
        Some(form) => {
            to(session, file, |out| stream(form, "Sources", out, |each| source::list(&lens, |s| if meant(&s) { each(s) } else { Ok(()) })))
        }
        None => {
            let mut sources = collect(|each| source::list(&lens, each))?;
            sources.retain(meant);
            page(session, file, |out| render::source::table(&sources, session.style(), out))
        }
    }
}

fn edit(session: &Session, args: EditArgs) -> Result<()> {
    let given = [&args.cite, &args.publisher, &args.title, &args.author, &args.date, &args.url, &args.accessed, &args.archive, &args.quote];
    if given.into_iter().all(Option::is_none) {
        let way_out = "give what to change; 'recip source edit --help' lists it";
        return Err(Error::invalid("source", &args.source, "nothing is to be changed", way_out));
    }
    let mut ledger = session.write()?;
    if args.dry_run {
        ledger.rehearse();
    }
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
    say(&lines.join("\n"), args.dry_run)
}
