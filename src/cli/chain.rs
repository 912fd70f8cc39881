//! `recip chain`.

use recip::Result;
use recip::ledger::Action;
use recip::render;
use recip::report::{Names, chain};

use super::output::{page, to};
use super::session::Session;

/// Draw what answers what, from the act it began with
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip chain 7")]
pub(crate) struct Args {
    /// The action: an id or a ref
    action: String,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let ledger = session.read()?;
    let roots = chain::read(&ledger, &args.action)?;
    if args.json {
        return to(session, None, |out| render::records::json(&roots, out));
    }
    let asked = Action::find(ledger.connection(), &args.action)?.id;
    let names = Names::read(ledger.connection())?;
    page(session, None, |out| render::chain::tree(&roots, asked, &names, session.style(), out))
}
