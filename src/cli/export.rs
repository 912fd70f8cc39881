//! `recip export`.

use std::path::PathBuf;

use clap::Subcommand;
use recip::Result;
use recip::exchange::{self, Exported};
use recip::model::quantity;
use recip::report::Lens;

use super::output::to;
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
        /// Only actions between these two parties
        #[arg(long, num_args = 2, value_names = ["A", "B"])]
        between: Vec<String>,
        #[command(flatten)]
        filter: FilterArgs,
        #[command(flatten)]
        actions: ActionArgs,
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

pub(crate) fn run(session: &Session, export: Export) -> Result<()> {
    let ledger = session.read()?;
    let mut exported = Exported::default();
    match export {
        Export::Csv { args, excel, output } => {
            let lens = Lens::new(&ledger, &args.filter.selection_of_actions(args.pair, args.actions))?;
            to(session, output.as_deref(), |out| {
                exported = exchange::export_csv(&lens, out, excel)?;
                Ok(())
            })?;
        }
        Export::Jsonl { args, output } => {
            let lens = Lens::new(&ledger, &args.filter.selection_of_actions(args.pair, args.actions))?;
            to(session, output.as_deref(), |out| {
                exported = exchange::export_jsonl(&lens, out)?;
                Ok(())
            })?;
        }
        Export::Bibtex { args, output } => {
            let lens = Lens::new(&ledger, &args.filter.selection_of_actions(args.pair, args.actions))?;
            to(session, output.as_deref(), |out| exchange::export_bibtex(&lens, out).map(|_| ()))?;
        }
        Export::CslJson { args, output } => {
            let lens = Lens::new(&ledger, &args.filter.selection_of_actions(args.pair, args.actions))?;
            to(session, output.as_deref(), |out| exchange::export_csl_json(&lens, out).map(|_| ()))?;
        }
        Export::Package { folder, between, filter, actions } => {
            let mut parties = between.into_iter();
            let pair = PairArgs::new(parties.next(), parties.next());
            let lens = Lens::new(&ledger, &filter.selection_of_actions(pair, actions))?;
            exported = exchange::export_package(&lens, &folder)?;
        }
    }
    if exported.links_left_out > 0 {
        let links = quantity(i64::try_from(exported.links_left_out).ok(), "links");
        tell(&format!("left out {links} to actions that were not selected"));
    }
    Ok(())
}
