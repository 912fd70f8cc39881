//! `recip export`.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use recip::model::quantity;
use recip::render::export::{self, Exported};
use recip::report::{Lens, Selection};
use recip::{Ledger, Result};

use super::output::to;
#[cfg(feature = "parquet")]
use super::progress::Progress;
use super::selection::{ActionArgs, FilterArgs, PairArgs};
use super::session::{Session, tell};

/// Write actions, or the sources behind them, to files that other programs read
#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    /// One flat CSV, a row an action, with its links and sources
    #[command(after_help = "Example:\n  recip export csv RUS USA --since 2016-12-01 -o us-russia.csv")]
    Csv {
        #[command(flatten)]
        args: ExportArgs,
        /// For a spreadsheet: a byte-order mark, and a guard on cells it would run as formulas
        #[arg(long)]
        excel: bool,
        /// Write to this file, which appears whole or not at all
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// JSON Lines: everything the ledger holds, without loss
    #[command(after_help = "Example:\n  recip export jsonl -o ledger.jsonl")]
    Jsonl {
        #[command(flatten)]
        args: ExportArgs,
        /// Write to this file, which appears whole or not at all
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// BibTeX: the sources cited for what is selected, each once, for LaTeX and reference managers
    ///
    /// In the words of BibLaTeX: @online for what has an address, @misc for the rest. A quote is an annotation, an archived copy
    /// a note.
    #[command(after_help = "Example:\n  recip export bibtex RUS USA --since 2016-12-01 -o us-russia.bib")]
    Bibtex {
        #[command(flatten)]
        args: ExportArgs,
        /// Write to this file, which appears whole or not at all
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// CSL-JSON: the same sources, for citation processors and reference managers
    #[command(after_help = "Example:\n  recip export csl-json --dispute grizzly-steppe -o sources.json")]
    CslJson {
        #[command(flatten)]
        args: ExportArgs,
        /// Write to this file, which appears whole or not at all
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// A Frictionless Data Package: a folder of CSV tables with their schemas
    #[command(after_help = "Example:\n  recip export package us-russia/ --between RUS USA")]
    Package {
        /// The folder: a new one, an empty one, or a package to replace
        folder: PathBuf,
        #[command(flatten)]
        args: FolderArgs,
    },
    /// Parquet: actions, links and candidates as tables by year, for DuckDB, Arrow, Spark and pandas
    ///
    /// FOLDER/actions/year=2017/part-0.parquet and so on, with the year in the path, as Hive partitions. Days are dates, what was
    /// voided is left out, and candidates come with what somebody made of them. The columns are in tests/cmd/parquet.md. A recip
    /// built with the feature 'parquet' can do it.
    #[command(
        after_help = "Example:\n  recip export parquet us-russia/ --between RUS USA\n  duckdb -c \"SELECT year, kind, count(*) FROM 'us-russia/actions/**/*.parquet' GROUP BY ALL\""
    )]
    Parquet {
        /// The folder: a new one, an empty one, or an export to Parquet to replace
        folder: PathBuf,
        #[command(flatten)]
        args: FolderArgs,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pair: PairArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    actions: ActionArgs,
}

/// What goes into a folder.
#[derive(Debug, clap::Args)]
pub(crate) struct FolderArgs {
    /// Only actions between these two parties
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    between: Vec<String>,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    actions: ActionArgs,
}

impl FolderArgs {
    fn selection(self) -> Selection {
        let mut parties = self.between.into_iter();
        let pair = PairArgs::new(parties.next(), parties.next());
        self.filter.selection_of_actions(pair, self.actions)
    }
}

pub(crate) fn run(session: &Session, export: Export) -> Result<()> {
    let ledger = session.read()?;
    let mut exported = Exported::default();
    match export {
        Export::Csv { args, excel, output } => {
            let lens = Lens::new(&ledger, &args.filter.selection_of_actions(args.pair, args.actions))?;
            to(session, output.as_deref(), |out| {
                exported = export::export_csv(&lens, out, excel)?;
                Ok(())
            })?;
        }
        Export::Jsonl { args, output } => {
            let lens = Lens::new(&ledger, &args.filter.selection_of_actions(args.pair, args.actions))?;
            to(session, output.as_deref(), |out| {
                exported = export::export_jsonl(&lens, out)?;
                Ok(())
            })?;
        }
        Export::Bibtex { args, output } => {
            let lens = Lens::new(&ledger, &args.filter.selection_of_actions(args.pair, args.actions))?;
            to(session, output.as_deref(), |out| export::export_bibtex(&lens, out).map(|_| ()))?;
        }
        Export::CslJson { args, output } => {
            let lens = Lens::new(&ledger, &args.filter.selection_of_actions(args.pair, args.actions))?;
            to(session, output.as_deref(), |out| export::export_csl_json(&lens, out).map(|_| ()))?;
        }
        Export::Package { folder, args } => {
            let lens = Lens::new(&ledger, &args.selection())?;
            exported = export::export_package(&lens, &folder)?;
        }
        Export::Parquet { folder, args } => exported = parquet(&ledger, &args.selection(), &folder)?,
    }
    if exported.links_left_out > 0 {
        let links = quantity(i64::try_from(exported.links_left_out).ok(), "links");
        tell(&format!("left out {links} to actions that were not selected"));
    }
    Ok(())
}

#[cfg(feature = "parquet")]
fn parquet(ledger: &Ledger, selection: &Selection, folder: &Path) -> Result<Exported> {
    let mut progress = Progress::new();
    let exported = export::export_parquet(ledger, selection, folder, &mut |rows| progress.tell_rows(rows, None, rows));
    progress.end();
    exported
}

/// What a build without Parquet says.
#[cfg(not(feature = "parquet"))]
fn parquet(_: &Ledger, _: &Selection, _: &Path) -> Result<Exported> {
    Err(recip::Error::invalid(
        "export",
        "parquet",
        "this recip was built without Parquet",
        "build it in: cargo install --path . --features parquet; or export csv, which DuckDB and pandas read too",
    ))
}
