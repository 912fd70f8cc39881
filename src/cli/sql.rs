//! `recip sql`.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use recip::atomic::{entries, folder};
use recip::render::text::visible;
use recip::report::sql::{self, Query};
use recip::report::{Lens, Selection};
use recip::{Error, Result};

use super::console;
use super::output::{OutputArgs, print_rows, to};
use super::selection::{ActionArgs, CandidateArgs, FilterArgs, MemberArgs, PairArgs, SuggestedArgs};
use super::session::Session;

/// The folder of saved queries, beside the ledger.
const FOLDER: &str = "queries";
/// The maximum length of a statement from standard input, in bytes.
const MAX_STATEMENT: u64 = 1 << 20;

/// Run your own SQL over the views of the ledger, on any day and for any selection
///
/// These are the views that the reports read, and the options limit them in the same way: with --as-of they show the ledger of that day, and
/// with two parties only what is between them. One statement is run, and it can only read. @FILE reads it from a file, and @NAME from queries/NAME.sql beside the
/// ledger; '-' is standard input.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recip sql \"SELECT kind, sum(open) AS open FROM unanswered GROUP BY kind\" USA RUS --as-of 2017-07-13
  recip sql \"SELECT ref, open FROM unanswered WHERE actor = :party\" -p party=USA --format csv
  recip sql --lens USA RUS --as-of 2017-07-13 > lens.sql")]
pub(crate) struct Args {
    /// The statement, @FILE, @NAME of a saved query, or '-'; then one or two parties. With --lens only the parties
    #[arg(value_name = "STATEMENT")]
    words: Vec<String>,
    /// Value of a parameter that the statement names as :NAME; a number is passed as a number, not as text
    #[arg(short = 'p', long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<(String, String)>,
    /// Maximum time that the statement may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    time_limit: u64,
    /// Print the script that makes the views show the same selection in any client of SQLite
    #[arg(long, group = "instead")]
    lens: bool,
    /// Print the tables and views with their comments
    #[arg(long, group = "instead")]
    schema: bool,
    /// Print the SQL of a view with its comments
    #[arg(long, value_name = "VIEW", group = "instead")]
    show: Option<String>,
    /// List the saved queries
    #[arg(long, group = "instead")]
    saved: bool,
    #[command(flatten)]
    members: MemberArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    actions: ActionArgs,
    #[command(flatten)]
    candidates: CandidateArgs,
    #[command(flatten)]
    suggested: SuggestedArgs,
    /// Scale of the weights
    #[arg(long, value_name = "SCALE", help_heading = "Selection")]
    scale: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Reads `NAME=VALUE`. The name may have the sign with which the statement writes it.
fn parameter(text: &str) -> Result<(String, String)> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| Error::invalid("parameter", text, "there is no '=' in it", "give a name and a value, such as -p party=RUS"))?;
    Ok((name.trim_start_matches([':', '@', '$']).to_owned(), value.to_owned()))
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let place = args.output.output.as_deref();
    let print = |text: String| to(session, place, |out| Ok(out.write_all(text.as_bytes())?));
    if args.schema {
        return print(sql::schema());
    }
    if let Some(view) = &args.show {
        return print(sql::show(view)?);
    }
    if args.saved {
        return print(saved(session)?);
    }
    let mut words = args.words.into_iter();
    let statement = if args.lens { None } else { words.next() };
    let statement = if args.lens { String::new() } else { text(session, statement.as_deref().unwrap_or("-"))? };
    let (a, b) = (words.next(), words.next());
    if let Some(word) = words.next() {
        let way_out = "give a statement and at most two parties; quote the statement";
        return Err(Error::invalid("party", &word, "there are more than two parties", way_out));
    }
    let selection = Selection {
        members: args.members.members(),
        with_candidates: args.candidates.with_candidates,
        with_suggested: args.suggested.with_suggested,
        scale: args.scale,
        ..args.filter.selection_of_actions(PairArgs::new(a, b), args.actions)?
    };
    let (ledger, guard) = session.read_to_query()?;
    let lens = Lens::new(&ledger, &selection)?;
    if args.lens {
        return print(sql::script(&lens)?);
    }
    let query = Query { statement, parameters: args.parameters, limit: Duration::from_secs(args.time_limit) };
    print_rows(session, &args.output, None, |begin, each| sql::run(&lens, &guard, &query, begin, each))
}

/// The text of a statement that was given: itself, a file, a saved query or standard input.
fn text(session: &Session, given: &str) -> Result<String> {
    let Some(name) = given.strip_prefix('@') else {
        if given != "-" {
            return Ok(given.to_owned());
        }
        return limited(std::io::stdin().lock(), Path::new("standard input"));
    };
    let file = Path::new(name);
    let saved = folder(&session.path()?).join(FOLDER).join(format!("{name}.sql"));
    let place = if console::is_kept() || !file.exists() && saved.exists() { &saved } else { file };
    limited(std::fs::File::open(place).map_err(Error::io("read", place))?, place)
}

/// Reads a statement whole, or refuses it: a part of it would be another statement.
fn limited(from: impl Read, place: &Path) -> Result<String> {
    let mut text = String::new();
    from.take(MAX_STATEMENT + 1).read_to_string(&mut text).map_err(Error::io("read", place))?;
    if text.len() as u64 > MAX_STATEMENT {
        let why = format!("it is longer than {} KiB", MAX_STATEMENT >> 10);
        return Err(Error::refused(format!("cannot run {}", place.display()), why, "divide it into several statements"));
    }
    Ok(text)
}

/// The saved queries beside the ledger, each with the first line of its comment.
fn saved(session: &Session) -> Result<String> {
    let files = entries(&folder(&session.path()?).join(FOLDER)).unwrap_or_default();
    let mut lines: Vec<String> = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "sql")) {
        let text = std::fs::read_to_string(file).map_err(Error::io("read", file))?;
        let title = text.lines().next().and_then(|line| line.strip_prefix("--")).map_or("", str::trim);
        let name = file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        lines.push(visible(format!("{name}  {title}").trim_end()).into_owned());
    }
    lines.sort();
    Ok(lines.iter().map(|line| format!("{line}\n")).collect())
}
