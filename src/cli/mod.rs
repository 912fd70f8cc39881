//! The command line. This file holds the verbs and what they share; each verb has a file with its arguments, whose
//! doc comments are its help text, and its `run`.

mod backup;
mod candidates;
mod catalogue;
mod chain;
mod check;
mod command_line;
mod completions;
mod confirm;
mod echo;
mod edit;
mod export;
mod history;
mod import;
mod link;
mod list;
mod log;
mod man;
mod output;
mod progress;
mod prompt;
mod report;
mod restore;
mod review;
mod selection;
mod session;
mod show;
mod suggest;
mod undo;
mod void;
mod waive;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ColorChoice, Parser, Subcommand};
use recip::ledger::Moment;
use recip::{Error, Result};

use session::Session;

/// A ledger of diplomatic tit-for-tat: who answered whom, what stands open, and how the balance lies, on any date.
#[derive(Debug, Parser)]
#[command(
    name = "recip",
    version,
    max_term_width = 100,
    after_help = "\
Example:
  recip log USA RUS expulsion 35 --on 2016-12-29 --source https://www.bbc.com/news/world-us-canada-38463025
  recip log RUS USA expulsion 30 --on 2017-07-28 --answers 1
  recip report unanswered RUS USA

Exit codes: 0 done, 1 findings, 2 usage, 3 bad data, 4 the ledger is busy, 5 input or output failed."
)]
pub(crate) struct Cli {
    /// The ledger: a file made by recip, or for reading a CSV, JSON Lines file or package it exported.
    /// Without it: recip/ledger.db in the user's data directory
    #[arg(short = 'f', long = "file", value_name = "LEDGER", env = "RECIP_LEDGER", global = true)]
    file: Option<PathBuf>,

    /// When to use colour; NO_COLOR is obeyed
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    color: ColorChoice,

    /// Read the ledger as it was known at the end of this day (UTC), or at this time: what was entered or corrected
    /// later is taken back
    #[arg(long, value_name = "DAY-or-time", global = true)]
    as_known: Option<Moment>,

    /// Who makes the change, for the history [default: user@host]
    #[arg(long = "as", value_name = "NAME", env = "RECIP_AS", hide_env_values = true, global = true, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    author: Option<String>,

    /// The instant taken for now, for reports and tests that must come out the same: 2017-07-13T12:00:00Z
    #[arg(long, value_name = "INSTANT", env = "RECIP_NOW", global = true, hide = true)]
    now: Option<String>,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Log(log::Args),
    Waive(waive::Args),
    Link(link::LinkArgs),
    Unlink(link::UnlinkArgs),
    Edit(edit::Args),
    Void(void::Args),
    Undo(undo::UndoArgs),
    Redo(undo::RedoArgs),
    History(history::Args),
    List(list::Args),
    Show(show::Args),
    Chain(chain::Args),
    Suggest(suggest::Args),
    #[command(subcommand)]
    Report(report::Report),
    #[command(subcommand)]
    Export(export::Export),
    Import(import::Args),
    Candidates(candidates::Args),
    Confirm(confirm::ConfirmArgs),
    Merge(confirm::MergeArgs),
    Dismiss(confirm::DismissArgs),
    Check(check::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    #[command(subcommand)]
    Party(catalogue::party::Party),
    #[command(subcommand)]
    Kind(catalogue::kind::Kind),
    #[command(subcommand)]
    Scale(catalogue::scale::Scale),
    #[command(subcommand)]
    Dispute(catalogue::dispute::Dispute),
    #[command(subcommand)]
    Source(catalogue::source::Source),
    Completions(completions::Args),
    Man(man::Args),
}

/// Parses the arguments, runs the verb, tells what went wrong.
pub(crate) fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // Help goes out as it is; what is wrong may quote an argument, which the terminal must not obey.
        Err(e) if !e.use_stderr() => {
            let _ = e.print();
            return ExitCode::SUCCESS;
        }
        Err(e) => {
            session::tell(&e.render().to_string());
            return ExitCode::from(2);
        }
    };
    let session = match Session::new(cli.file, cli.color, cli.now.as_deref(), cli.as_known, cli.author) {
        Ok(session) => session,
        Err(e) => return fail(&e, ""),
    };
    match dispatch(&session, cli.verb) {
        Ok(()) => ExitCode::from(session.exit_code()),
        Err(e) if e.is_closed_pipe() => ExitCode::SUCCESS,
        // SQLite's own errors do not know the file.
        Err(e @ Error::Sqlite(_)) => fail(&e, &session.path().map_or(String::new(), |p| format!("{}: ", p.display()))),
        Err(e) => fail(&e, ""),
    }
}

fn fail(e: &Error, whose: &str) -> ExitCode {
    session::tell(&format!("error: {whose}{e}"));
    ExitCode::from(e.exit_code())
}

fn dispatch(session: &Session, verb: Verb) -> Result<()> {
    match verb {
        Verb::Log(args) => log::run(session, args),
        Verb::Waive(args) => waive::run(session, args),
        Verb::Link(args) => link::run_link(session, args),
        Verb::Unlink(args) => link::run_unlink(session, args),
        Verb::Edit(args) => edit::run(session, args),
        Verb::Void(args) => void::run(session, args),
        Verb::Undo(args) => undo::run_undo(session, args),
        Verb::Redo(args) => undo::run_redo(session, args),
        Verb::History(args) => history::run(session, args),
        Verb::List(args) => list::run(session, args),
        Verb::Show(args) => show::run(session, args),
        Verb::Chain(args) => chain::run(session, args),
        Verb::Suggest(args) => suggest::run(session, args),
        Verb::Report(report) => report::run(session, report),
        Verb::Export(export) => export::run(session, export),
        Verb::Import(args) => import::run(session, args),
        Verb::Candidates(args) => candidates::run(session, args),
        Verb::Confirm(args) => confirm::run_confirm(session, args),
        Verb::Merge(args) => confirm::run_merge(session, args),
        Verb::Dismiss(args) => confirm::run_dismiss(session, args),
        Verb::Check(args) => check::run(session, args),
        Verb::Backup(args) => backup::run(session, args),
        Verb::Restore(args) => restore::run(session, args),
        Verb::Party(verb) => catalogue::party::run(session, verb),
        Verb::Kind(verb) => catalogue::kind::run(session, verb),
        Verb::Scale(verb) => catalogue::scale::run(session, verb),
        Verb::Dispute(verb) => catalogue::dispute::run(session, verb),
        Verb::Source(verb) => catalogue::source::run(session, verb),
        Verb::Completions(args) => completions::run(session, args),
        Verb::Man(args) => man::run(session, args),
    }
}
