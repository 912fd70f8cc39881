//! `recip link` and `recip unlink`.

use recip::Result;
use recip::model::{LinkSpec, Relation};
use recip::report::Names;

use super::echo;
use super::output::print_lines;
use super::session::Session;

/// Link two logged actions
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip link 7 answers 1:35")]
pub(crate) struct LinkArgs {
    /// Later action: an id or a reference
    #[arg(value_name = "LATER")]
    later: String,
    /// Relation to the earlier action: answers, executes, reverses, waives, extends or renews
    #[arg(value_name = "RELATION")]
    relation: Relation,
    /// Earlier action, and how much of it (7, 7:20; 7:1/20 if the units differ: 20 of the later act settle 1 of #7)
    #[arg(value_name = "EARLIER[:COUNT]")]
    earlier: LinkSpec,
    /// Show the effect, but write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Remove the link between two actions; what it settled is open again
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip unlink 7 1")]
pub(crate) struct UnlinkArgs {
    /// Later action: an id or a reference
    #[arg(value_name = "LATER")]
    later: String,
    /// Earlier action: an id or a reference
    #[arg(value_name = "EARLIER")]
    earlier: String,
    /// Show the effect, but write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run_link(session: &Session, args: LinkArgs) -> Result<()> {
    let mut ledger = session.write_unless(args.dry_run)?;
    let (later, settlement) = ledger.link(&args.later, args.relation, &args.earlier.earlier, args.earlier.amount)?;
    let names = Names::read(ledger.connection())?;
    print_lines(&format!("#{} {}", later.id, echo::settlement_lines(&later, &settlement, &names).join("; ")), args.dry_run)
}

pub(crate) fn run_unlink(session: &Session, args: UnlinkArgs) -> Result<()> {
    let mut ledger = session.write_unless(args.dry_run)?;
    let (later, earlier, relations) = ledger.unlink(&args.later, &args.earlier)?;
    let relations: Vec<&str> = relations.iter().map(|r| r.as_str()).collect();
    let (later_open, earlier_open) = (echo::open(&later), echo::open(&earlier));
    let relations = relations.join(" and ");
    let (later, earlier) = (later.id, earlier.id);
    print_lines(
        &format!("#{later} no longer {relations} #{earlier}; now open: {earlier_open} of #{earlier}, {later_open} of #{later}"),
        args.dry_run,
    )
}
