//! `recip kind`.

use clap::Subcommand;
use recip::Result;
use recip::ledger::catalogue;
use recip::model::Sign;

use super::super::output::{OutputArgs, print_lines};
use super::super::session::Session;
use super::write;

/// List, show, add and edit kinds of act
#[derive(Debug, Subcommand)]
pub(crate) enum Kind {
    /// List the kinds
    #[command(after_help = "Example:\n  recip kind list")]
    List {
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Show one kind with its weights
    #[command(after_help = "Example:\n  recip kind show expulsion")]
    Show {
        /// Kind of act, such as expulsion
        #[arg(value_name = "KIND")]
        kind: String,
    },
    /// Add a kind
    #[command(
        after_help = "Example:\n  recip kind add flag-burning --unit acts --description \"Burning the other side's flag, officially\""
    )]
    Add {
        /// Name of the new kind: lower-case letters, digits and hyphens
        #[arg(value_name = "KIND")]
        name: String,
        /// Unit of its counts, a plural noun such as persons
        #[arg(long, value_name = "UNIT")]
        unit: String,
        /// Sign: hostile, friendly or neutral
        #[arg(long, value_name = "SIGN", default_value = "hostile")]
        sign: Sign,
        #[command(flatten)]
        details: Details,
    },
    /// Edit a kind; the unit and the sign can change only while no action has this kind
    #[command(after_help = "Example:\n  recip kind edit tariff --cameo 163")]
    Edit {
        /// Kind of act, such as expulsion
        #[arg(value_name = "KIND")]
        name: String,
        /// Unit of its counts, a plural noun such as persons
        #[arg(long, value_name = "UNIT")]
        unit: Option<String>,
        /// Sign: hostile, friendly or neutral
        #[arg(long, value_name = "SIGN")]
        sign: Option<Sign>,
        #[command(flatten)]
        details: Details,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Details {
    /// CAMEO code of the act when done
    #[arg(long, value_name = "CODE")]
    cameo: Option<String>,
    /// Description of what it covers, in one sentence
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

pub(crate) fn run(session: &Session, verb: Kind) -> Result<()> {
    match verb {
        Kind::List { output } => {
            let kinds = catalogue::list_kinds(session.read_or_new()?.connection())?;
            write(session, &output, "Kinds", &kinds, &["kind", "unit", "sign", "cameo", "description"], |k| {
                let text = |t: &Option<String>| t.clone().unwrap_or_default();
                vec![k.name.clone(), k.unit.clone(), k.sign.to_string(), text(&k.cameo), text(&k.description)]
            })
        }
        Kind::Show { kind } => show(session, &kind),
        Kind::Add { name, unit, sign, details } => {
            let kind = catalogue::Kind { name, unit, sign, cameo: details.cameo, description: details.description };
            session.write_or_create(false, |ledger| ledger.add_kind(&kind))?;
            print_lines(&format!("added {}: {}, counted in {}", kind.name, kind.sign, kind.unit), false)
        }
        Kind::Edit { name, unit, sign, details } => {
            let mut ledger = session.write()?;
            let old = catalogue::find_kind(ledger.connection(), &name)?;
            let kind = catalogue::Kind {
                name: old.name,
                unit: unit.unwrap_or(old.unit),
                sign: sign.unwrap_or(old.sign),
                cameo: details.cameo.or(old.cameo),
                description: details.description.or(old.description),
            };
            ledger.put_kind(&kind)?;
            print_lines(&format!("{}: {}, counted in {}", kind.name, kind.sign, kind.unit), false)
        }
    }
}

fn show(session: &Session, kind: &str) -> Result<()> {
    let ledger = session.read_or_new()?;
    let conn = ledger.connection();
    let kind = catalogue::find_kind(conn, kind)?;
    let mut lines = vec![format!("{}: {}, counted in {}", kind.name, kind.sign, kind.unit)];
    lines.extend(kind.description.iter().map(|d| format!("  {d}")));
    lines.extend(kind.cameo.iter().map(|c| format!("  CAMEO {c}")));
    for w in catalogue::list_weights(conn)?.iter().filter(|w| w.kind == kind.name) {
        lines.push(format!("  {}, {}: {:?} per {}", w.scale, w.stage, w.weight, w.per));
    }
    print_lines(&lines.join("\n"), false)
}
