//! `recip dispute`.

use clap::Subcommand;
use recip::Result;
use recip::ledger::catalogue;

use super::super::output::{OutputArgs, say};
use super::super::session::Session;
use super::write;

/// List, show, add and amend disputes: the cases that group actions
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
        /// The dispute's slug
        slug: String,
    },
    /// Add a dispute
    #[command(after_help = "Example:\n  recip dispute add grizzly-steppe \"Election hacking and the compounds\"")]
    Add {
        /// Its slug: lower-case letters, digits and hyphens
        slug: String,
        /// Its name in reports [default: the slug]
        title: Option<String>,
    },
    /// Give a dispute another title
    #[command(after_help = "Example:\n  recip dispute edit grizzly-steppe \"The compounds\"")]
    Edit {
        /// Its slug
        slug: String,
        /// The title
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
            let actions = ledger.connection().query_row(
                "SELECT count(*) || ' actions, ' || coalesce(min(date), '-') || ' to ' || coalesce(max(date), '-') FROM shown_action WHERE dispute = ?",
                [&dispute.slug],
                |r| r.get::<_, String>(0),
            )?;
            say(&format!("{}: {}\n  {actions}", dispute.slug, dispute.title), false)
        }
        Dispute::Add { slug, title } => {
            let title = title.unwrap_or_else(|| slug.clone());
            let dispute = catalogue::Dispute { slug, title };
            session.write_or_create(false, |ledger| ledger.add_dispute(&dispute))?;
            say(&format!("added {}: {}", dispute.slug, dispute.title), false)
        }
        Dispute::Edit { slug, title } => {
            let mut ledger = session.write()?;
            let dispute = catalogue::Dispute { title, ..catalogue::find_dispute(ledger.connection(), &slug)? };
            ledger.put_dispute(&dispute)?;
            say(&format!("{}: {}", dispute.slug, dispute.title), false)
        }
    }
}
