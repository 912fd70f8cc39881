//! `recip lake`.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use recip::Result;
use recip::model::{Actors, Day, Feed};
use recip::read::FeedOptions;
use recip::report::portable::{self, Dialect, Folded, Place, TableName};

use super::feed_rows;
#[cfg(feature = "parquet")]
use super::output::print_lines;
use super::output::to;
#[cfg(feature = "parquet")]
use super::progress::Progress;
use super::session::Session;

/// Use the tables of a Parquet export with another engine: DuckDB, Spark or ClickHouse
#[derive(Debug, Subcommand)]
pub(crate) enum Lake {
    /// Print the statements that make the tables of an export visible to an engine
    ///
    /// The views have the names that the SQL of 'recip report ... --print-sql' uses. At an address such as s3://lake/recip the tables are
    /// taken for granted.
    #[command(
        after_help = "Examples:\n  recip lake views lake --dialect duckdb > lake.sql\n  recip report balance USA RUS --print-sql duckdb >> lake.sql\n  duckdb < lake.sql"
    )]
    Views {
        /// Folder of the export, or its address
        #[arg(value_name = "FOLDER")]
        place: String,
        /// The engine's SQL: duckdb, spark or clickhouse
        #[arg(long, value_name = "DIALECT")]
        dialect: Dialect,
        /// At an address: there are reports of feeds too
        #[arg(long)]
        reports: bool,
        /// Write to this file; it is replaced only when the output is complete
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Append the reports in files of a feed to a lake, without a ledger in between
    ///
    /// The lake is the folder of 'recip export parquet'; a new one is begun with the tables of the ledger or, if there is no ledger, with the
    /// built-in catalogue. It takes the same reports as 'recip import --feed'. Each is added once: the feed's own identifier says
    /// whether the lake has it. The new files are in the folders of the days on which the feed added the reports, and no other file is
    /// changed. This command needs a build with the feature 'parquet'.
    #[command(
        after_help = "Examples:\n  recip lake append lake --feed gdelt 20170701.export.CSV.zip\n  recip lake fold lake --dialect duckdb --into folded --added-since 2017-07-01 > fold.sql"
    )]
    Append(AppendArgs),
    /// Print the SQL that folds the reports of a lake to candidates, as 'recip import --feed' folds them
    ///
    /// Reports with the same actor, target, kind and stage become one candidate if they are at most --window days later than its first. The
    /// rows have the columns of the exported candidates. Candidates that somebody reviewed in a ledger are not considered.
    ///
    /// With --into, the statements keep the candidates in a table of the engine, and with --added-since they renew only the rows of the
    /// series to which reports were added since that day. 'recip lake append' says which day that is.
    #[command(
        after_help = "Examples:\n  recip lake fold lake --dialect duckdb --into folded\n  recip lake fold lake --dialect duckdb --into folded --added-since 2017-07-01"
    )]
    Fold {
        /// Folder of the lake, or its address
        #[arg(value_name = "FOLDER")]
        place: String,
        /// The engine's SQL: duckdb, spark or clickhouse
        #[arg(long, value_name = "DIALECT")]
        dialect: Dialect,
        /// Merge repeated reports of an event up to this many days after its first report [default: the window of the lake; at an address 3]
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(0..=3660))]
        window: Option<i64>,
        /// Keep the candidates in this table of the engine
        #[arg(long, value_name = "TABLE")]
        into: Option<TableName>,
        /// Renew only the series to which the feed added reports on this day or later, or does not say when
        #[arg(long, value_name = "DATE", value_parser = super::typed_date::day, requires = "into")]
        added_since: Option<Day>,
        /// Write to this file; it is replaced only when the output is complete
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// What to append to a lake.
#[derive(Debug, clap::Args)]
pub(crate) struct AppendArgs {
    /// Folder of the lake: an export to Parquet, or a new folder
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Files of the feed, uncompressed or compressed with gzip or zip; '-' is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Feed that the files come from: gdelt, icews or polecat
    #[arg(long, value_name = "FEED")]
    feed: Feed,
    /// CSV file that changes which codes map to which kinds: code,kind,stage,guessed,swapped; the code 19* stands for all codes that
    /// begin with 19 and have no kind
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Actors to include: 'state' for those that act for a state or an organisation, 'all' for rebels, companies, media and others too
    #[arg(long, value_name = "ACTORS", default_value = "state")]
    actors: Actors,
    /// Write all invalid rows to this CSV file: file, line, reason, value
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Stop at the first invalid row and change nothing
    #[arg(long)]
    strict: bool,
    /// Encoding of files that are not UTF-8, such as windows-1252
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
}

pub(crate) fn run(session: &Session, lake: Lake) -> Result<()> {
    match lake {
        Lake::Views { place, dialect, reports, output } => {
            print(session, output.as_deref(), &portable::visible(&Place::new(&place, reports)?, dialect)?)
        }
        Lake::Append(AppendArgs { folder, files, feed, map, actors, rejects, strict, encoding }) => {
            let options = FeedOptions { feed, window: None, map, actors, rejects, strict, encoding };
            feed_rows::check_rejects(session, &files, &options)?;
            append(session, &folder, &files, &options)
        }
        Lake::Fold { place, dialect, window, into, added_since, output } => {
            let place = Place::new(&place, true)?;
            let folded = match (&into, added_since) {
                (None, _) => Folded::Selected,
                (Some(table), None) => Folded::Into(table),
                (Some(table), Some(day)) => Folded::Renewed(table, day),
            };
            print(session, output.as_deref(), &portable::fold(&place, window, folded, dialect)?)
        }
    }
}

fn print(session: &Session, output: Option<&Path>, statements: &str) -> Result<()> {
    to(session, output, |out| Ok(out.write_all(statements.as_bytes())?))
}

#[cfg(feature = "parquet")]
fn append(session: &Session, folder: &Path, files: &[PathBuf], options: &FeedOptions) -> Result<()> {
    use recip::model::counted;
    let ledger = session.read_or_new()?;
    let mut progress = Progress::new();
    let appended = recip::render::export::append_feed(&ledger, files, options, folder, &mut |done| {
        progress.update_rows(done.bytes, done.of, done.rows);
    });
    progress.end();
    let appended = appended?;
    feed_rows::report_invalid(session, &appended.read, options);
    let present = if appended.present > 0 { format!("; {} already in the lake", appended.present) } else { String::new() };
    let lake = folder.display();
    let mut lines = format!(
        "{} read: {} appended{present}{}",
        counted(appended.read.rows, "rows"),
        counted(appended.added, "reports"),
        feed_rows::totals(&appended.read)
    );
    if appended.begun {
        lines = format!("began a new lake: {lake}\n{lines}");
    }
    if appended.added > 0 {
        // Of a new lake, and where the feed does not say a day, there is nothing that need not be folded.
        let since = appended.since.filter(|_| !appended.begun).map_or(String::new(), |day| format!(" --added-since {day}"));
        lines.push_str(&format!("\nto fold them: recip lake fold {lake} --dialect DIALECT --into TABLE{since}"));
    }
    print_lines(&lines, false)
}

/// The error of a build without Parquet.
#[cfg(not(feature = "parquet"))]
fn append(_: &Session, _: &Path, _: &[PathBuf], _: &FeedOptions) -> Result<()> {
    Err(recip::Error::invalid(
        "lake",
        "append",
        "this recip was built without Parquet",
        "build it with Parquet: cargo install --path . --features parquet; or import the feed into a ledger with 'recip import --feed'",
    ))
}
