//! `recip dispute`.

use clap::Subcommand;
use recip::Result;
use recip::ledger::catalogue;
use recip::model::quantity;

use super::super::output::{OutputArgs, print_lines};
use super::super::session::Session;
use super::write;

/// List, show, add and edit disputes, which group actions
#[derive(Debug, Subcommand)]
pub(crate) enum Dispute {
    /// List the disputes
    #[command(after_help = "Example:\n  recip dispute list")]
    List {
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Show one dispute; 'recip list --dispute' lists its actions
    #[command(after_help = "Example:\n  recip dispute show grizzly-steppe")]
    Show {
        /// Slug of the dispute, such as grizzly-steppe
        #[arg(value_name = "DISPUTE")]
        slug: String,
    },
    /// Add a dispute
    #[command(after_help = "Example:\n  recip dispute add grizzly-steppe \"Election hacking and the compounds\"")]
    Add {
        /// Slug of the new dispute: lower-case letters, digits and hyphens
        #[arg(value_name = "DISPUTE")]
        slug: String,
        /// Title for reports [default: the slug]
        #[arg(value_name = "TITLE")]
        title: Option<String>,
    },
    /// Change the title of a dispute
    #[command(after_help = "Example:\n  recip dispute edit grizzly-steppe \"The compounds\"")]
    Edit {
        /// Slug of the dispute
        #[arg(value_name = "DISPUTE")]
        slug: String,
        /// New title
        #[arg(value_name = "TITLE")]
        title: String,
    },
}

pub(crate) fn run(session: &Session, verb: Dispute) -> Result<()> {
    match verb {
        Dispute::List { output } => {
            let disputes = catalogue::list_disputes(session.read_or_new()?.connection())?;
            write(session, &output, "Disputes", &disputes, &["dispute", "title"], |d| vec![d.slug.clone(), d.title.clone()])
        }
        Dispute::Show { slug } => {
            let ledger = session.read()?;
            let dispute = catalogue::find_dispute(ledger.connection(), &slug)?;
            let (count, first, last) = catalogue::actions_of_dispute(ledger.connection(), &dispute.slug)?;
            let actions = match (first, last) {
                (Some(first), Some(last)) => format!("{}, from {first} to {last}", quantity(Some(count), "actions")),
                _ => "no actions".to_owned(),
            };
            print_lines(&format!("{}: {}\n  {actions}", dispute.slug, dispute.title), false)
        }
        Dispute::Add { slug, title } => {
            let title = title.unwrap_or_else(|| slug.clone());
            let dispute = catalogue::Dispute { slug, title };
            session.write_or_create(false, |ledger| ledger.add_dispute(&dispute))?;
            print_lines(&format!("added {}: {}", dispute.slug, dispute.title), false)
        }
        Dispute::Edit { slug, title } => {
            let mut ledger = session.write()?;
            let dispute = catalogue::Dispute { title, ..catalogue::find_dispute(ledger.connection(), &slug)? };
            ledger.put_dispute(&dispute)?;
            print_lines(&format!("{}: {}", dispute.slug, dispute.title), false)
        }
    }
}
