//! The command line. This file defines the commands and the options that they share. Each command has its own file, which defines its
//! arguments and the function that runs it; the doc comments of the arguments are the help text.

mod answer;
mod backup;
mod candidates;
mod catalogue;
mod chain;
mod check;
mod command_line;
mod completions;
mod confirm;
mod console;
mod details;
mod diff;
mod doubts;
mod echo;
mod edit;
mod elsewhere;
mod export;
mod extend;
mod feed_rows;
mod follow_up;
mod history;
mod import;
mod interrupt;
mod lake;
mod link;
mod list;
mod log;
mod log_form;
mod man;
mod merge;
mod output;
mod progress;
mod prompt;
mod report;
mod restore;
mod review;
mod selection;
#[cfg(feature = "serve")]
mod serve;
mod session;
mod sheets;
mod show;
mod sql;
mod suggest;
mod typed_date;
mod undo;
mod void;
mod waive;

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::NonEmptyStringValueParser;
use clap::{Arg, ArgAction, ArgMatches, ColorChoice, Command, CommandFactory, FromArgMatches, Parser, Subcommand};
use recip::ledger::{Moment, check_disk};
use recip::{Error, Result};

use session::{Session, Writing};

/// The heading in the help under which the options of all commands are listed.
const GLOBAL: &str = "Global options";

/// A ledger of diplomatic tit-for-tat: who answered whom, what is open, and how the balance stands, on any date.
#[derive(Debug, Parser)]
#[command(
    name = "recip",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  recip log USA RUS expulsion 35 --on 2016-12-29 --source \"BBC, 29 December 2016\"
  recip log RUS USA expulsion 30 --on 2017-07-28 --answers 1
  recip report unanswered RUS USA

Exit codes: 0 success, 1 findings, 2 usage error, 3 invalid data, 4 ledger in use, 5 input or output error,
130 interrupted."
)]
pub(crate) struct Cli {
    /// Ledger file; commands that only read also take a file exported by recip [default: recip/ledger.db in the user's data directory]
    #[arg(
        short = 'f', long = "file", value_name = "LEDGER", env = "RECIP_LEDGER", hide_env_values = true,
        global = true, help_heading = GLOBAL
    )]
    file: Option<PathBuf>,

    /// Show the ledger as it was recorded at this time (a day means its end, UTC); later entries and corrections are left out
    #[arg(long, value_name = "DATE|TIME", value_parser = typed_date::moment, global = true, help_heading = GLOBAL)]
    as_known: Option<Moment>,

    /// Author of the change in the audit log [default: user@host]
    #[arg(
        long = "as", value_name = "NAME", env = "RECIP_AS", hide_env_values = true, value_parser = NonEmptyStringValueParser::new(),
        global = true, help_heading = GLOBAL
    )]
    author: Option<String>,

    /// When to use colour: auto (respects NO_COLOR), always or never
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_possible_values = true, global = true, help_heading = GLOBAL)]
    color: ColorChoice,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Log(log::Args),
    Answer(answer::Args),
    Waive(waive::Args),
    Extend(extend::Args),
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
    Sql(sql::Args),
    Suggest(suggest::Args),
    #[command(subcommand)]
    Report(report::Report),
    #[command(subcommand)]
    Export(export::Export),
    #[command(subcommand)]
    Lake(lake::Lake),
    Import(import::Args),
    Candidates(candidates::Args),
    Confirm(confirm::ConfirmArgs),
    Dismiss(confirm::DismissArgs),
    Diff(diff::Args),
    Merge(merge::Args),
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
    #[cfg(feature = "serve")]
    Serve(serve::Args),
    Man(man::Args),
}

/// The definition of the command line, with `--help` and `--version` among the global options.
fn command() -> Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).global(true).help("Print help");
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version).help("Print version");
    let options = [help, version].map(|option| option.help_heading(GLOBAL));
    Cli::command().disable_help_flag(true).disable_version_flag(true).args(options)
}

/// Makes the help of all commands compact: both `-h` and `--help` print the whole description and one line or two for each option.
fn compact(command: Command) -> Command {
    let description = command.get_long_about().map(ToString::to_string);
    let command = match description {
        Some(text) => {
            let template = "{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";
            command.before_help(text).long_about(None::<&str>).help_template(template)
        }
        None => command,
    };
    command.mut_subcommands(compact)
}

/// Parses the arguments of the process, runs the command and reports an error.
pub(crate) fn run() -> ExitCode {
    if completions::answer_shell() {
        return ExitCode::SUCCESS;
    }
    if let Err(e) = typed_date::clock() {
        return ExitCode::from(fail(&e, ""));
    }
    let cli = match parse(console::arguments()).and_then(|matches| of_matches(&matches)) {
        Ok(cli) => cli,
        Err(e) => return ExitCode::from(explain(&e)),
    };
    let is_check = matches!(cli.verb, Verb::Check(_));
    let (code, _) = execute(cli, Writing::Allowed);
    // A check reports the texts themselves.
    if recip::replaced_characters() && !is_check {
        session::message(
            "warning: some texts contain bytes that are not UTF-8, or NUL characters, which are replaced by U+FFFD\n\
             help: 'recip check' names the rows, and 'recip edit' corrects them",
        );
    }
    ExitCode::from(code)
}

thread_local! {
    /// The definition of all commands, which a server uses for one command after the other.
    static DEFINITION: RefCell<Command> = RefCell::new(compact(command()));
}

/// Parses arguments, the name of the program first.
fn parse(arguments: Vec<OsString>) -> Result<ArgMatches, clap::Error> {
    DEFINITION.with_borrow_mut(|definition| definition.try_get_matches_from_mut(arguments))
}

fn of_matches(matches: &ArgMatches) -> Result<Cli, clap::Error> {
    Cli::from_arg_matches(matches).map_err(|e| e.format(&mut command()))
}

/// Prints why arguments cannot be parsed, or the help that they ask for. Returns the exit code.
fn explain(e: &clap::Error) -> u8 {
    if !e.use_stderr() {
        let _ = if console::is_kept() { write!(console::output(), "{}", e.render()) } else { e.print() };
        return 0;
    }
    // The message may quote an argument with control characters, which must not reach the terminal.
    session::message(&elsewhere::hint(e).unwrap_or_else(|| e.render().to_string()));
    2
}

/// Runs a command and reports an error. Returns the exit code, and the number of the change that was made.
fn execute(cli: Cli, writing: Writing) -> (u8, Option<i64>) {
    let session = match Session::new(cli.file, cli.color, cli.as_known, cli.author, writing) {
        Ok(session) => session,
        Err(e) => return (fail(&e, ""), None),
    };
    let code = match dispatch(&session, cli.verb) {
        Ok(()) => session.exit_code(),
        Err(e @ Error::Output(_)) => fail_to_print(&session, &e),
        // SQLite's own errors do not name the file.
        Err(e @ Error::Sqlite(_)) => match session.path() {
            Ok(path) if e.exit_code() == 3 => match check_disk(&path) {
                Err(unreadable) => fail(&unreadable, ""),
                Ok(()) => fail(&e, &format!("{}: ", path.display())),
            },
            path => fail(&e, &path.map_or(String::new(), |p| format!("{}: ", p.display()))),
        },
        Err(e) => fail(&e, ""),
    };
    (code, session.change())
}

/// Prints the error after `prefix` and returns its exit code.
fn fail(e: &Error, prefix: &str) -> u8 {
    session::message(&format!("error: {prefix}{e}"));
    e.exit_code()
}

/// Reports that the output could not be printed and, if the command has changed something before, that this was done: whoever sees only
/// the failure would repeat the command. A reader that closes the pipe, as in `recip list | head`, is not a failure.
fn fail_to_print(session: &Session, e: &Error) -> u8 {
    let made = session.made();
    let code = match &made {
        _ if e.is_closed_pipe() => 0,
        None => fail(e, ""),
        // The way out of the error would be to repeat the command.
        Some(_) => {
            let what = e.to_string();
            session::message(&format!("error: {}", what.lines().next().unwrap_or_default()));
            e.exit_code()
        }
    };
    if let Some(made) = made {
        session::message(&format!("the {made} was made; only its report could not be printed\nhelp: do not repeat the command"));
    }
    code
}

fn dispatch(session: &Session, verb: Verb) -> Result<()> {
    match verb {
        Verb::Log(args) => log::run(session, args),
        Verb::Answer(args) => answer::run(session, args),
        Verb::Waive(args) => waive::run(session, args),
        Verb::Extend(args) => extend::run(session, args),
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
        Verb::Sql(args) => sql::run(session, args),
        Verb::Suggest(args) => suggest::run(session, args),
        Verb::Report(report) => report::run(session, report),
        Verb::Export(export) => export::run(session, export),
        Verb::Lake(lake) => lake::run(session, lake),
        Verb::Import(args) => import::run(session, args),
        Verb::Candidates(args) => candidates::run(session, args),
        Verb::Confirm(args) => confirm::run_confirm(session, args),
        Verb::Dismiss(args) => confirm::run_dismiss(session, args),
        Verb::Diff(args) => diff::run(session, args),
        Verb::Merge(args) => merge::run(session, args),
        Verb::Check(args) => check::run(session, args),
        Verb::Backup(args) => backup::run(session, args),
        Verb::Restore(args) => restore::run(session, args),
        Verb::Party(verb) => catalogue::party::run(session, verb),
        Verb::Kind(verb) => catalogue::kind::run(session, verb),
        Verb::Scale(verb) => catalogue::scale::run(session, verb),
        Verb::Dispute(verb) => catalogue::dispute::run(session, verb),
        Verb::Source(verb) => catalogue::source::run(session, verb),
        Verb::Completions(args) => completions::run(session, args),
        #[cfg(feature = "serve")]
        Verb::Serve(args) => serve::run(session, args),
        Verb::Man(args) => man::run(session, args),
    }
}
