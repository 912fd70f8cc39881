//! `recip completions`, and the completion itself, for which the script of a shell calls the program. It knows the names in the ledger.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::{Arg, Command};
use clap_complete::env::Shells;
use clap_complete::{ArgValueCompleter, CompleteEnv, CompletionCandidate, Shell};
use recip::ledger::{catalogue, is_sqlite};
use recip::model::name::fold;
use recip::report::completion;
use recip::{Error, Ledger, Result};

use super::command;
use super::output::to;
use super::session::{Session, default_path};

/// The environment variable with which a shell asks for completions.
const VARIABLE: &str = "RECIP_COMPLETE";

/// Print a completion script for a shell
///
/// The script completes commands, options and the names in the ledger: parties, kinds, stages, disputes, scales and actions. Print it again
/// after an upgrade of recip.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip completions bash > ~/.local/share/bash-completion/completions/recip")]
pub(crate) struct Args {
    /// Shell to complete for
    shell: Shell,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let shell = args.shell.to_string();
    let shells = Shells::builtins();
    let Some(completer) = shells.completer(&shell) else {
        return Err(Error::invalid("shell", &shell, "there is no script for this shell", "name bash, zsh, fish, elvish or powershell"));
    };
    let mut script = Vec::new();
    completer.write_registration(VARIABLE, "recip", "recip", "recip", &mut script)?;
    to(session, None, |out| Ok(out.write_all(&script)?))
}

/// Prints completions, if a shell asks for them. Returns true if it did. Nothing that goes wrong is reported: it would disturb whoever types.
pub(crate) fn answer_shell() -> bool {
    if std::env::var_os(VARIABLE).is_none() {
        return false;
    }
    let folder = std::env::current_dir().ok();
    let answered = CompleteEnv::with_factory(|| completing(command())).var(VARIABLE).try_complete(std::env::args_os(), folder.as_deref());
    answered.unwrap_or(true)
}

/// Adds the names in the ledger to the arguments that take them; the name of an argument's value says what it is.
fn completing(command: Command) -> Command {
    command
        .mut_args(|arg| match completer(&arg) {
            Some(offer) => arg.add(ArgValueCompleter::new(move |typed: &OsStr| offered(offer, typed))),
            None => arg,
        })
        .mut_subcommands(completing)
}

/// What is offered for a typed text.
type Offer = fn(&Ledger, &str) -> Result<Vec<CompletionCandidate>>;

fn completer(arg: &Arg) -> Option<Offer> {
    let name = arg.get_value_names()?.first()?;
    let offer: Offer = match name.split(['[', '|']).next()? {
        "PARTY" | "PARTY_A" | "PARTY_B" | "PARTIES" | "ACTOR" | "TARGET" | "MEMBER" | "ORGANISATION" => parties,
        "KIND" => kinds,
        "STAGE" => |_, typed| Ok(beginning(typed, ["threatened", "announced", "done"].map(|stage| (stage.to_owned(), None)))),
        "RELATION" => |_, typed| {
            let relations = ["answers", "executes", "reverses", "waives", "extends", "renews"];
            Ok(beginning(typed, relations.map(|relation| (relation.to_owned(), None))))
        },
        "DISPUTE" => |ledger, typed| {
            let disputes = catalogue::list_disputes(ledger.connection())?;
            Ok(beginning(typed, disputes.into_iter().map(|dispute| (dispute.slug, Some(dispute.title)))))
        },
        "SCALE" => |ledger, typed| {
            let scales = catalogue::list_scales(ledger.connection())?;
            Ok(beginning(typed, scales.into_iter().map(|scale| (scale.name, scale.title))))
        },
        "ACTION" | "LATER" | "EARLIER" => actions,
        _ => return None,
    };
    Some(offer)
}

fn offered(offer: Offer, typed: &OsStr) -> Vec<CompletionCandidate> {
    let offered = || offer(&ledger(std::env::args_os()).ok()?, typed.to_str()?).ok();
    offered().unwrap_or_default()
}

/// The ledger that the command line names, opened for reading. Without one, or if it is a text file, the built-in catalogue is offered.
fn ledger(words: impl Iterator<Item = OsString>) -> Result<Ledger> {
    let mut words = words.map(|word| word.to_string_lossy().into_owned());
    let mut file = None;
    while let Some(word) = words.next() {
        match word.as_str() {
            "-f" | "--file" => file = words.next(),
            short if short.starts_with("-f") => file = Some(short["-f".len()..].trim_start_matches('=').to_owned()),
            long => file = long.strip_prefix("--file=").map(str::to_owned).or(file),
        }
    }
    let named = file.map(PathBuf::from).or_else(|| std::env::var_os("RECIP_LEDGER").map(PathBuf::from));
    let path = named.map_or_else(default_path, Ok)?;
    if is_sqlite(&path) { Ledger::open_to_read(&path) } else { Ledger::in_memory() }
}

/// The candidates that begin with what is typed.
fn beginning(typed: &str, names: impl IntoIterator<Item = (String, Option<String>)>) -> Vec<CompletionCandidate> {
    let begin = names.into_iter().filter(|(name, _)| name.starts_with(typed));
    begin.map(|(name, help)| CompletionCandidate::new(name).help(help.map(Into::into))).collect()
}

fn kinds(ledger: &Ledger, typed: &str) -> Result<Vec<CompletionCandidate>> {
    let kinds = catalogue::list_kinds(ledger.connection())?;
    Ok(beginning(typed, kinds.into_iter().map(|kind| (kind.name, kind.description))))
}

/// The codes, and the names and aliases of one word, that begin with what is typed after the last comma. If there are none, the codes of the
/// parties that have a longer name that does.
fn parties(ledger: &Ledger, typed: &str) -> Result<Vec<CompletionCandidate>> {
    let last = typed.rsplit(',').next().unwrap_or(typed);
    let (before, folded) = (&typed[..typed.len() - last.len()], fold(last));
    let (mut found, mut by_longer_name) = (Vec::new(), Vec::new());
    for party in catalogue::list_parties(ledger.connection())? {
        let candidate = |value: &str| CompletionCandidate::new(format!("{before}{value}")).help(Some(party.name.clone().into()));
        if party.code.starts_with(last) {
            found.push(candidate(&party.code));
            continue;
        }
        let names = std::iter::once(party.name.as_str()).chain(party.aliases.split('|'));
        let (long, short): (Vec<&str>, Vec<&str>) =
            names.filter(|name| fold(name).starts_with(&folded)).partition(|name| name.contains(' '));
        found.extend(short.into_iter().map(candidate));
        by_longer_name.extend(long.first().map(|_| candidate(&party.code)));
    }
    Ok(if found.is_empty() { by_longer_name } else { found })
}

/// The actions whose id or ref begins with what is typed.
fn actions(ledger: &Ledger, typed: &str) -> Result<Vec<CompletionCandidate>> {
    let number = typed.strip_prefix('#').unwrap_or(typed);
    let by_id = number.bytes().all(|b| b.is_ascii_digit());
    let offered = completion::actions(ledger.connection(), &number.to_lowercase())?;
    let candidate = |action: completion::Offered| {
        let value = if by_id { format!("{}{}", &typed[..typed.len() - number.len()], action.id) } else { action.reference };
        CompletionCandidate::new(value).help(Some(action.what.into()))
    };
    Ok(offered.into_iter().map(candidate).collect())
}
