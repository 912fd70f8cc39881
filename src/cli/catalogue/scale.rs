//! `recip scale`.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use recip::ledger::catalogue::{self, OtherWeights, ScaleChange, Weight};
use recip::model::Stage;
use recip::read::{self, Format, ReadOptions};
use recip::{Error, Result};

use super::super::output::{OutputArgs, print_lines};
use super::super::session::Session;
use super::write;

/// List, show, add, edit and import scales of weights
#[derive(Debug, Subcommand)]
pub(crate) enum Scale {
    /// List the scales
    #[command(after_help = "Example:\n  recip scale list")]
    List {
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Show the weights of a scale, or write them to a file for 'recip scale import'
    #[command(after_help = "Example:\n  recip scale show goldstein --format csv -o ours.csv")]
    Show {
        /// Scale, such as goldstein
        #[arg(value_name = "SCALE")]
        scale: String,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Add a scale without weights
    #[command(after_help = "Example:\n  recip scale add ours --title \"Our own weights\"")]
    Add {
        /// Name of the new scale: lower-case letters, digits and hyphens
        #[arg(value_name = "SCALE")]
        name: String,
        #[command(flatten)]
        details: Details,
    },
    /// Edit the title or the source of a scale
    #[command(after_help = "Example:\n  recip scale edit ours --source \"Working paper of 2026\"")]
    Edit {
        /// Scale, such as goldstein
        #[arg(value_name = "SCALE")]
        name: String,
        #[command(flatten)]
        details: Details,
    },
    /// Import weights of a scale from a CSV file
    ///
    /// The columns are those of 'recip scale show SCALE --format csv': scale, kind, stage, weight, per. A new scale is added. On an existing
    /// scale, the weights in the file are added or changed, and all others stay; with --replace, all others are removed.
    #[command(after_help = "Example:\n  recip scale import ours.csv --name ours --title \"Our own weights\"")]
    Import {
        /// CSV file; - is standard input
        #[arg(value_name = "FILE")]
        weights: PathBuf,
        /// Name of the scale, instead of the one in the file
        #[arg(long, value_name = "SCALE")]
        name: Option<String>,
        #[command(flatten)]
        details: Details,
        /// Remove the weights of the scale that are not in the file
        #[arg(long)]
        replace: bool,
        /// Encoding of a file that is not UTF-8, such as windows-1252
        #[arg(long, value_name = "NAME")]
        encoding: Option<String>,
        /// Read and validate everything, but write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Set the weight of a kind of act on a scale
    #[command(after_help = "Example:\n  recip scale weigh ours expulsion -0.5 --per unit")]
    Weigh {
        /// Scale, such as goldstein
        #[arg(value_name = "SCALE")]
        scale: String,
        /// Kind of act, such as expulsion
        #[arg(value_name = "KIND")]
        kind: String,
        /// Weight; negative weights mean conflict
        #[arg(value_name = "WEIGHT", allow_hyphen_values = true, value_parser = number)]
        weight: f64,
        /// Stage that has this weight: threatened, announced or done
        #[arg(long, value_name = "STAGE", default_value = "done")]
        stage: Stage,
        /// Whether the weight applies once to each action, or to each unit of its count
        #[arg(long, value_name = "PER", value_enum, default_value = "action")]
        per: Per,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Details {
    /// Title, in one line
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Source of the weights
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Per {
    Action,
    Unit,
}

/// A weight as a person writes it.
fn number(text: &str) -> Result<f64> {
    let number = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| Error::invalid("weight", text, "this is not a number", "write it like -4.5"))
}

pub(crate) fn run(session: &Session, verb: Scale) -> Result<()> {
    match verb {
        Scale::List { output } => {
            let scales = catalogue::list_scales(session.read_or_new()?.connection())?;
            write(session, &output, "Scales", &scales, &["scale", "title and source"], |s| {
                let texts: Vec<&str> = [&s.title, &s.source].into_iter().flatten().map(String::as_str).collect();
                vec![s.name.clone(), texts.join(". ")]
            })
        }
        Scale::Show { scale, output } => {
            let ledger = session.read_or_new()?;
            let scale = catalogue::find_scale(ledger.connection(), &scale)?;
            let mut weights = catalogue::list_weights(ledger.connection())?;
            weights.retain(|w| w.scale == scale.name);
            write(session, &output, &scale.name, &weights, &["kind", "stage", ">weight", "per", ""], |w| {
                vec![w.kind.clone(), w.stage.to_string(), format!("{:?}", w.weight), w.per.clone(), String::new()]
            })
        }
        Scale::Add { name, details } => {
            let scale = catalogue::Scale { name, title: details.title, source: details.source };
            session.write_or_create(false, |ledger| ledger.add_scale(&scale))?;
            print_lines(&format!("added {}; 'recip scale weigh {} KIND WEIGHT' sets its weights", scale.name, scale.name), false)
        }
        Scale::Edit { name, details } => {
            let mut ledger = session.write()?;
            let old = catalogue::find_scale(ledger.connection(), &name)?;
            let scale = catalogue::Scale { name: old.name, title: details.title.or(old.title), source: details.source.or(old.source) };
            ledger.put_scale(&scale)?;
            print_lines(&format!("{}: {}", scale.name, scale.title.unwrap_or_default()), false)
        }
        Scale::Import { weights, name, details, replace, encoding, dry_run } => {
            let options = ReadOptions { encoding, format: Some(Format::Csv), ..ReadOptions::default() };
            let named = name.map(|name| catalogue::Scale { name, title: details.title.clone(), source: details.source.clone() });
            if named.is_none() && (details.title.is_some() || details.source.is_some()) {
                let way_out = "name the scale with --name SCALE";
                return Err(Error::invalid("scale", "", "--title and --source describe a scale, but no scale is named", way_out));
            }
            let others = if replace { OtherWeights::Removed } else { OtherWeights::Kept };
            let (scale, done) =
                session.write_or_create(dry_run, |ledger| read::import_scale(ledger, &weights, named.as_ref(), others, &options))?;
            let new = if done.made { "new scale; " } else { "" };
            let ScaleChange { added, changed, removed, unchanged, .. } = done;
            let counts = format!("weights added: {added}, changed: {changed}, removed: {removed}, unchanged: {unchanged}");
            print_lines(&format!("{}: {new}{counts}", scale.name), dry_run)
        }
        Scale::Weigh { scale, kind, weight, stage, per } => {
            let per = match per {
                Per::Action => "action",
                Per::Unit => "unit",
            };
            let weight = Weight { scale, kind, stage, weight, per: per.to_owned() };
            session.write()?.put_weight(&weight)?;
            print_lines(
                &format!("{}: {} ({}) has weight {} per {}", weight.scale, weight.kind, weight.stage, weight.weight, weight.per),
                false,
            )
        }
    }
}
