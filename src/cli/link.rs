//! `recip link` and `recip unlink`.

use recip::Result;
use recip::model::{LinkSpec, Relation};
use recip::report::Names;

use super::echo;
use super::output::say;
use super::session::Session;

/// Link two actions that are logged already
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip link 7 answers 1:35")]
pub(crate) struct LinkArgs {
    /// The later action: an id or a ref
    later: String,
    /// How it bears on the earlier: answers, executes, reverses or waives
    relation: Relation,
    /// The earlier action, and how much of it
    #[arg(value_name = "EARLIER[:COUNT]")]
    earlier: LinkSpec,
    /// Show what it would do, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Cut the link between two actions, and give back what it settled
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip unlink 7 1")]
pub(crate) struct UnlinkArgs {
    /// The later action: an id or a ref
    later: String,
    /// The earlier action: an id or a ref
    earlier: String,
    /// Show what it would do, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run_link(session: &Session, args: LinkArgs) -> Result<()> {
    let mut ledger = session.write()?;
    if args.dry_run {
        ledger.rehearse();
    }
    let (later, settlement) = ledger.link(&args.later, args.relation, &args.earlier.earlier, args.earlier.amount)?;
    let names = Names::read(ledger.connection())?;
    say(&format!("#{} {}", later.id, echo::settlement_lines(&later, &settlement, &names).join("; ")), args.dry_run)
}

pub(crate) fn run_unlink(session: &Session, args: UnlinkArgs) -> Result<()> {
    let mut ledger = session.write()?;
    if args.dry_run {
        ledger.rehearse();
    }
    let (later, earlier, relations) = ledger.unlink(&args.later, &args.earlier)?;
    let relations: Vec<&str> = relations.iter().map(|r| r.as_str()).collect();
    let open = |a: &recip::ledger::Action| format!("#{}: {} open", a.id, a.open);
    say(&format!("#{} no longer {} #{}; {}; {}", later.id, relations.join(" and "), earlier.id, open(&later), open(&earlier)), args.dry_run)
}
