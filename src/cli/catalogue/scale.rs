//! `recip scale`.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use recip::ledger::catalogue::{self, Weight};
use recip::model::Stage;
use recip::read::{self, Format, ReadOptions};
use recip::{Error, Result};

use super::super::output::{OutputArgs, say};
use super::super::session::Session;
use super::write;

/// List, show, add, amend and import scales of weights
#[derive(Debug, Subcommand)]
pub(crate) enum Scale {
    /// List the scales
    #[command(after_help = "Example:\n  recip scale list")]
    List {
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Show the weights of a scale, or write them to a file that 'recip scale import' takes
    #[command(after_help = "Example:\n  recip scale show goldstein --format csv -o ours.csv")]
    Show {
        /// The scale
        scale: String,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Add a scale, without weights
    #[command(after_help = "Example:\n  recip scale add ours --title \"Our own weights\"")]
    Add {
        /// Its name: lower-case letters, digits and hyphens
        name: String,
        #[command(flatten)]
        details: Details,
    },
    /// Amend a scale's title or source
    #[command(after_help = "Example:\n  recip scale edit ours --source \"Working paper of 2026\"")]
    Edit {
        /// The scale
        name: String,
        #[command(flatten)]
        details: Details,
    },
    /// Take the weights of a whole scale from a CSV file
    ///
    /// Its columns are those of 'recip scale show NAME --format csv': scale, kind, stage, weight, per. A scale that is
    /// not there is made; one that is has these weights from then on and no others.
    #[command(after_help = "Example:\n  recip scale import ours.csv --name ours --title \"Our own weights\"")]
    Import {
        /// The CSV file; - is standard input
        #[arg(value_name = "FILE")]
        weights: PathBuf,
        /// The scale, whatever the rows say
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        #[command(flatten)]
        details: Details,
        /// The encoding of a file that is not UTF-8, such as windows-1252
        #[arg(long, value_name = "NAME")]
        encoding: Option<String>,
        /// Read and check everything, and write nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Set what a kind of act weighs on a scale
    #[command(after_help = "Example:\n  recip scale weigh ours expulsion -0.5 --per unit")]
    Weigh {
        /// The scale
        scale: String,
        /// The kind of act
        kind: String,
        /// The weight; negative is conflict
        #[arg(allow_negative_numbers = true)]
        weight: f64,
        /// The stage it has this weight at
        #[arg(long, default_value = "done")]
        stage: Stage,
        /// Once for each act, or times what it counts
        #[arg(long, value_enum, default_value = "action")]
        per: Per,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Details {
    /// What it is, in a line
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Where the weights come from
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Per {
    Action,
    Unit,
}

pub(crate) fn run(session: &Session, verb: Scale) -> Result<()> {
    match verb {
        Scale::List { output } => {
            let scales = catalogue::list_scales(session.read_or_new()?.connection())?;
            write(session, &output, "Scales", &scales, &["scale", "what it is"], |s| {
                let told: Vec<&str> = [&s.title, &s.source].into_iter().flatten().map(String::as_str).collect();
                vec![s.name.clone(), told.join(". ")]
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
            say(&format!("added {}; 'recip scale weigh {} KIND WEIGHT' sets its weights", scale.name, scale.name), false)
        }
        Scale::Edit { name, details } => {
            let mut ledger = session.write()?;
            let old = catalogue::find_scale(ledger.connection(), &name)?;
            let scale = catalogue::Scale { name: old.name, title: details.title.or(old.title), source: details.source.or(old.source) };
            ledger.put_scale(&scale)?;
            say(&format!("{}: {}", scale.name, scale.title.unwrap_or_default()), false)
        }
        Scale::Import { weights, name, details, encoding, dry_run } => {
            let options = ReadOptions { encoding, format: Some(Format::Csv) };
            let named = name.map(|name| catalogue::Scale { name, title: details.title.clone(), source: details.source.clone() });
            if named.is_none() && (details.title.is_some() || details.source.is_some()) {
                let way_out = "name the scale with --name";
                return Err(Error::invalid("scale", "", "a title or a source is of a scale, and none is named", way_out));
            }
            let (scale, done) =
                session.write_or_create(dry_run, |ledger| read::import_scale(ledger, &weights, named.as_ref(), &options))?;
            let made = if done.made { "made " } else { "" };
            let told = format!("{} added, {} changed, {} taken away", done.added, done.changed, done.removed);
            say(&format!("{made}{}: {told}", scale.name), dry_run)
        }
        Scale::Weigh { scale, kind, weight, stage, per } => {
            let per = match per {
                Per::Action => "action",
                Per::Unit => "unit",
            };
            let weight = Weight { scale, kind, stage, weight, per: per.to_owned() };
            session.write()?.put_weight(&weight)?;
            say(&format!("{}: {} {} weighs {} per {}", weight.scale, weight.kind, weight.stage, weight.weight, weight.per), false)
        }
    }
}
