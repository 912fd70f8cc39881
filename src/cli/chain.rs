//! `recip chain`.

use recip::Result;
use recip::ledger::Action;
use recip::render;
use recip::report::{Names, chain};

use super::output::{page, to};
use super::session::Session;

/// Draw the chain of answers that an action belongs to, from its first act
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip chain 7")]
pub(crate) struct Args {
    /// Action: an id or a reference
    action: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let ledger = session.read()?;
    let roots = chain::read(&ledger, &args.action)?;
    if args.json {
        return to(session, None, |out| render::records::json(&roots, out));
    }
    let marked = Action::find(ledger.connection(), &args.action)?.id;
    let names = Names::read(ledger.connection())?;
    page(session, None, |out| render::chain::tree(&roots, marked, &names, session.style(), out))
}
