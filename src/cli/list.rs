//! `recip list`.

use recip::Result;
use recip::render;
use recip::report::{Lens, collect, list};

use super::output::{OutputArgs, page, stream, to};
use super::selection::{ActionArgs, FilterArgs, PairArgs};
use super::session::Session;

/// List actions by date
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip list RUS USA --kind expulsion --since 2016-12-01")]
pub(crate) struct Args {
    #[command(flatten)]
    pair: PairArgs,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    actions: ActionArgs,
    #[command(flatten)]
    output: OutputArgs,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let ledger = session.read()?;
    let selection = args.filter.selection_of_actions(args.pair, args.actions)?;
    let lens = Lens::new(&ledger, &selection)?;
    let (form, output) = (args.output.form()?, args.output.output);
    match form {
        Some(form) => to(session, output.as_deref(), |out| stream(form, "Actions", out, |each| list::read(&lens, each))),
        None => {
            let rows = collect(|each| list::read(&lens, each))?;
            page(session, output.as_deref(), |out| render::list::table(&rows, session.style(), out))
        }
    }
}
