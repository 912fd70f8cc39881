//! The options for the details of an action, which `log`, `edit` and `confirm` share.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use recip::model::Details;
use recip::model::details::{DETAILS, Form};

use super::typed_date;

/// The details given on the command line. clap's derive reads the fields of one struct, but these options come from [`DETAILS`].
#[derive(Debug)]
pub(crate) struct DetailArgs(pub Details<Option<String>>);

impl Args for DetailArgs {
    fn augment_args(command: Command) -> Command {
        command.args(DETAILS.map(|detail| {
            let action = if detail.form == Form::Tags { ArgAction::Append } else { ArgAction::Set };
            let arg = Arg::new(detail.name).long(detail.option()).value_name(detail.value_name).help(detail.help).action(action);
            if detail.form == Form::Deadline { arg.value_parser(typed_date::deadline) } else { arg }
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        DetailArgs::augment_args(command)
    }
}

impl FromArgMatches for DetailArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<DetailArgs, clap::Error> {
        Details::<()>::default()
            .try_map(|detail, ()| Ok(matches.get_many::<String>(detail.name).map(|given| given.cloned().collect::<Vec<_>>().join(","))))
            .map(DetailArgs)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = DetailArgs::from_arg_matches(matches)?;
        Ok(())
    }
}
