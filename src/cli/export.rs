//! `recip export`.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use recip::model::counted;
use recip::render::Head;
use recip::render::export::{self, About, Exported};
use recip::report::{Lens, Selection};
use recip::{Error, Ledger, Result};

use super::output::to;
#[cfg(feature = "parquet")]
use super::progress::Progress;
use super::selection::{ActionArgs, FilterArgs, PairArgs, arguments, head};
use super::session::{Session, message};

/// Export actions or their sources to files that other programs read
#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    /// CSV: one row for each action, with its links and sources
    #[command(after_help = "Example:\n  recip export csv RUS USA --since 2016-12-01 -o us-russia.csv")]
    Csv {
        #[command(flatten)]
        args: ExportArgs,
        /// For spreadsheets: with a byte-order mark and CRLF line ends, and no cell that runs as a formula
        #[arg(long)]
        excel: bool,
        /// Write to this file; it is replaced only when the output is complete
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Workbook for Excel, LibreOffice and other spreadsheets (XLSX): actions, links, sources and reports, a sheet each
    ///
    /// The sheet Actions has the columns of 'recip export csv'. The sheets Unanswered, Balance and Pending are the reports as of today, or
    /// as of --as-of. Dates are dates, every table has filters, and parties, kinds and stages are chosen from lists.
    #[command(after_help = "Example:\n  recip export xlsx RUS USA --as-of 2017-08-31 -o us-russia.xlsx")]
    Xlsx {
        #[command(flatten)]
        args: ExportArgs,
        /// Scale of the weights in the sheet Balance; 'recip scale list' shows all [default: goldstein]
        #[arg(long, value_name = "SCALE", help_heading = "Selection")]
        scale: Option<String>,
        /// Write to this file; it is replaced only when the output is complete
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// JSON Lines: everything in the ledger, without loss
    #[command(after_help = "Example:\n  recip export jsonl -o ledger.jsonl")]
    Jsonl {
        #[command(flatten)]
        args: ExportArgs,
        /// Write to this file; it is replaced only when the output is complete
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// BibTeX: the sources of the selected actions, each once, for LaTeX and reference managers
    ///
    /// Entries are BibLaTeX: @online for sources with a URL, @misc for the others. A quote becomes an annotation, an archived copy a note.
    #[command(after_help = "Example:\n  recip export bibtex RUS USA --since 2016-12-01 -o us-russia.bib")]
    Bibtex {
        #[command(flatten)]
        args: ExportArgs,
        /// Write to this file; it is replaced only when the output is complete
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// CSL-JSON: the sources of the selected actions, for citation processors and reference managers
    #[command(after_help = "Example:\n  recip export csl-json --dispute grizzly-steppe -o sources.json")]
    CslJson {
        #[command(flatten)]
        args: ExportArgs,
        /// Write to this file; it is replaced only when the output is complete
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Frictionless Data Package: a folder of CSV tables with their schemas
    #[command(after_help = "Example:\n  recip export package us-russia/ --between RUS USA")]
    Package {
        /// Folder to write: a new one, an empty one, or an earlier package to replace
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        #[command(flatten)]
        args: FolderArgs,
    },
    /// Parquet: a folder of tables for DuckDB, Arrow, Spark and pandas
    ///
    /// Actions, links and candidates are Hive partitions by year, such as FOLDER/actions/year=2017/part-0.parquet. Parties, their
    /// names, kinds, weights, memberships, sources, citations, and the codes and names of feeds are one file each, and manifest.json says
    /// which ledger and day the tables come from. Days are of type DATE, voided actions are left out, and candidates include the result of
    /// their review. tests/cmd/parquet.md describes the columns. This command needs a build with the feature 'parquet'.
    #[command(
        after_help = "Examples:\n  recip export parquet us-russia/ --between RUS USA\n  duckdb -c \"SELECT year, kind, count(*) FROM 'us-russia/actions/**/*.parquet' GROUP BY ALL\""
    )]
    Parquet {
        /// Folder to write: a new one, an empty one, or an earlier Parquet export to replace
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        #[command(flatten)]
        args: FolderArgs,
        /// Include the reports of feeds, by feed and day: FOLDER/reports/feed=gdelt/added=2017-07-01/part-0.parquet
        #[arg(long, help_heading = "Selection")]
        reports: bool,
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

/// The actions that are exported to a folder.
#[derive(Debug, clap::Args)]
pub(crate) struct FolderArgs {
    /// Only actions between these two parties
    #[arg(long, num_args = 2, value_names = ["PARTY_A", "PARTY_B"])]
    between: Vec<String>,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    actions: ActionArgs,
}

impl FolderArgs {
    fn selection(self) -> Result<Selection> {
        let mut parties = self.between.into_iter();
        let pair = PairArgs::new(parties.next(), parties.next());
        self.filter.selection_of_actions(pair, self.actions)
    }
}

pub(crate) fn run(session: &Session, export: Export) -> Result<()> {
    write(session, export).map_err(|e| match e {
        Error::Unknown { what: what @ "party", given, .. } if Path::new(&given).extension().is_some() => {
            let way_out = format!("-o names the file to write: -o {given}");
            Error::Unknown { what, given, nearest: Vec::new(), way_out }
        }
        other => other,
    })
}

fn write(session: &Session, export: Export) -> Result<()> {
    let ledger = session.read()?;
    let mut exported = Exported::default();
    match export {
        Export::Csv { args, excel, output } => {
            let lens = Lens::new(&ledger, &args.filter.selection_of_actions(args.pair, args.actions)?)?;
            to(session, output.as_deref(), |out| {
                exported = export::export_csv(&lens, out, excel)?;
                Ok(())
            })?;
        }
        Export::Xlsx { args, scale, output } => {
            let selection = Selection { scale, ..args.filter.selection_of_actions(args.pair, args.actions)? };
            exported = workbook(session, &ledger, &selection, output.as_deref())?;
        }
        Export::Jsonl { args, output } => {
            let lens = Lens::new(&ledger, &args.filter.selection_of_actions(args.pair, args.actions)?)?;
            to(session, output.as_deref(), |out| {
                exported = export::export_jsonl(&lens, out)?;
                Ok(())
            })?;
        }
        Export::Bibtex { args, output } => {
            let lens = Lens::new(&ledger, &args.filter.selection_of_actions(args.pair, args.actions)?)?;
            to(session, output.as_deref(), |out| export::export_bibtex(&lens, out).map(|_| ()))?;
        }
        Export::CslJson { args, output } => {
            let lens = Lens::new(&ledger, &args.filter.selection_of_actions(args.pair, args.actions)?)?;
            to(session, output.as_deref(), |out| export::export_csl_json(&lens, out).map(|_| ()))?;
        }
        Export::Package { folder, args } => {
            let lens = Lens::new(&ledger, &args.selection()?)?;
            exported = export::export_package(&lens, &folder)?;
        }
        Export::Parquet { folder, args, reports } => exported = parquet(&ledger, &args.selection()?, reports, &folder)?,
    }
    if exported.links_left_out > 0 {
        let links = counted(exported.links_left_out, "links");
        message(&format!("left out {links} to actions that are voided or were not selected"));
    }
    if exported.amounts_left_out > 0 {
        let amounts = counted(exported.amounts_left_out, "stated amounts");
        message(&format!("left out {amounts}: since an action was voided there is nothing to settle; JSON Lines and packages keep them"));
    }
    Ok(())
}

fn workbook(session: &Session, ledger: &Ledger, selection: &Selection, output: Option<&Path>) -> Result<Exported> {
    if output.is_none() && io::stdout().is_terminal() {
        let why = "a terminal cannot show it";
        return Err(Error::refused("cannot print the workbook", why, "name the file to write: -o actions.xlsx"));
    }
    let lens = Lens::new(ledger, selection)?;
    let Head { scope, as_known, .. } = head(&lens, selection, false)?;
    let program = session.program(&lens);
    let arguments: String = arguments(selection).iter().map(|argument| format!(" {argument}")).collect();
    drop(lens);
    let about = About {
        scope,
        as_known,
        command: format!("recip {}", session.author().command),
        digest_command: format!("{program} export jsonl{arguments}"),
    };
    let mut exported = Exported::default();
    to(session, output, |out| {
        exported = export::export_workbook(ledger, selection, &about, out)?;
        Ok(())
    })?;
    Ok(exported)
}

#[cfg(feature = "parquet")]
fn parquet(ledger: &Ledger, selection: &Selection, reports: bool, folder: &Path) -> Result<Exported> {
    let mut progress = Progress::new();
    let exported = export::export_parquet(ledger, selection, reports, folder, &mut |rows| progress.update_rows(rows, None, rows));
    progress.end();
    exported
}

/// The error of a build without Parquet.
#[cfg(not(feature = "parquet"))]
fn parquet(_: &Ledger, _: &Selection, _: bool, _: &Path) -> Result<Exported> {
    Err(recip::Error::invalid(
        "export",
        "parquet",
        "this recip was built without Parquet",
        "build it with Parquet: cargo install --path . --features parquet; or export csv, which DuckDB and pandas read too",
    ))
}
