//! `recip serve`.

use std::any::TypeId;
use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Command as Program, Stdio};
use std::sync::Arc;
use std::time::Duration;

use clap::parser::ValueSource;
use clap::{ArgMatches, ColorChoice, Command};
use etcetera::BaseStrategy;
use recip::model::words;
use recip::report::sql::is_saved;
use recip::web::{self, Access, Address, Job, Options, Ran, Task};
use recip::{Error, Result};

use super::output::{DRY_RUN, print_lines};
use super::session::{Session, Writing, message};
use super::{Cli, DEFINITION, console, execute, explain, of_matches, parse};

/// View and edit the ledger in a browser on this machine
///
/// The pages show the reports, and their forms run the commands that change the ledger. Each page shows the command that prints it. 'recip
/// serve' prints an address with a key, which admits the browser permanently; other users of the machine have no key. Ctrl-C ends the server.
///
/// With --listen, other machines can reach the server. They may then only read, unless you give --allow-write; the connection is not
/// encrypted. With --socket, there is no key: the permissions of the socket file keep others out.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  recip serve --open
  recip -f ledger.db serve --port 0 --read-only
  recip serve --socket \"$XDG_RUNTIME_DIR/recip.sock\"")]
pub(crate) struct Args {
    /// Port on this machine; 0 means any free port
    #[arg(long, value_name = "PORT", default_value_t = 8716)]
    port: u16,
    /// Address to listen on, instead of this machine only
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,
    /// Listen on this Unix socket instead; only you can use it
    #[arg(long, value_name = "PATH", conflicts_with_all = ["port", "listen", "open"])]
    socket: Option<PathBuf>,
    /// Refuse all changes
    #[arg(long)]
    read_only: bool,
    /// With --listen: let other machines change the ledger
    #[arg(long, conflicts_with = "read_only")]
    allow_write: bool,
    /// Open the browser; the server ends when no page has been open for 15 minutes
    #[arg(long)]
    open: bool,
}

/// The commands that a page may run. None of them takes a file from a page.
const READING: [&str; 27] = [
    "list",
    "show",
    "chain",
    "history",
    "sql",
    "suggest",
    "candidates",
    "candidates show",
    "check",
    "report unanswered",
    "report balance",
    "report pending",
    "report matrix",
    "report changes",
    "report timeline",
    "report reciprocity",
    "report panel",
    "report survival",
    "report brief",
    "party list",
    "party show",
    "kind list",
    "scale list",
    "dispute list",
    "dispute show",
    "source list",
    "source show",
];
/// The commands that a form may run.
const WRITING: [&str; 20] = [
    "log",
    "answer",
    "waive",
    "extend",
    "link",
    "unlink",
    "edit",
    "void",
    "undo",
    "redo",
    "confirm",
    "candidates merge",
    "dismiss",
    "import",
    "party add",
    "party edit",
    "dispute add",
    "dispute edit",
    "source edit",
    "kind add",
];

/// The time without a request after which a server that has opened the browser ends. An open page asks for news all the time.
const IDLE_TIME: Duration = Duration::from_secs(15 * 60);

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let path = session.path()?;
    let is_new = !path.exists();
    if is_new && args.read_only {
        return Err(Error::Missing { path });
    }
    let reads_only = args.read_only || !args.listen.is_loopback() && !args.allow_write;
    let address = args.socket.clone().map_or(Address::Net(SocketAddr::new(args.listen, args.port)), Address::Socket);
    let key = if args.socket.is_some() { String::new() } else { web::key(&path, &keys()?)? };
    let options =
        Options { address, key: key.clone(), program: program(session), read_only: reads_only, ends_after: args.open.then_some(IDLE_TIME) };
    let (file, author) = (path.clone(), session.author().who.clone());
    let opened = std::cell::Cell::new(None);
    let ready = |address: &Address| {
        let Address::Net(address) = address else {
            return print_lines(&format!("serving {} on the socket {}", path.display(), place(address)), false);
        };
        let url = format!("http://{address}/?key={key}");
        let only = if reads_only { ", read-only" } else { "" };
        if is_new {
            message(&format!("there is no ledger at {} yet; the first action that you log creates it", path.display()));
        }
        print_lines(&format!("serving {}{only}; Ctrl-C ends it\n{url}", path.display()), false)?;
        if args.open {
            opened.set(Some(open(&url)?));
        }
        Ok(())
    };
    let of_latest = path.clone();
    let access = Access {
        run: Box::new(move |job| run_job(job, &file, &author)),
        latest: Box::new(move || {
            let read = || Session::new(Some(of_latest.clone()), ColorChoice::Never, None, None, Writing::Refused)?.latest_change();
            console::keeping(Vec::new(), Arc::default(), read).0.ok().flatten()
        }),
    };
    web::serve(options, access, ready)
}

fn place(address: &Address) -> String {
    match address {
        Address::Net(address) => address.to_string(),
        Address::Socket(path) => path.display().to_string(),
    }
}

/// How commands on this ledger begin.
fn program(session: &Session) -> String {
    session.file_given().map_or_else(|| "recip".to_owned(), |file| format!("recip -f {}", words::quoted(&file.display().to_string())))
}

/// The folder of the keys.
fn keys() -> Result<PathBuf> {
    let base = etcetera::choose_base_strategy().map_err(|_| {
        Error::refused("cannot keep the key", "the system gives no home directory", "serve on a socket: recip serve --socket PATH")
    })?;
    Ok(base.state_dir().unwrap_or_else(|| base.data_dir()).join("recip"))
}

/// Opens the browser. The address goes through a file that only the user can read: other users can see the arguments of programs.
fn open(url: &str) -> Result<tempfile::NamedTempFile> {
    let page = format!("<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0; url={url}\"><title>recip</title>");
    let file = tempfile::Builder::new().prefix("recip-").suffix(".html").tempfile().map_err(Error::Output)?;
    std::fs::write(file.path(), page).map_err(Error::io("write", file.path()))?;
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let silent = || Stdio::null();
    if Program::new(program).arg(file.path()).stdin(silent()).stdout(silent()).stderr(silent()).spawn().is_err() {
        message(&format!("warning: no browser could be opened: there is no program {program}\nhelp: open the address in a browser"));
    }
    Ok(file)
}

/// Runs a command for a page, on the ledger that is served.
fn run_job(job: &Job, ledger: &std::path::Path, author: &str) -> Ran {
    let mut arguments: Vec<OsString> = std::iter::once("recip".into()).chain(job.arguments.iter().map(Into::into)).collect();
    let folder = match job.file.as_ref().map(|rows| pasted(rows)).transpose() {
        Ok(folder) => folder,
        Err(e) => return failed(e.exit_code(), format!("error: {e}\n")),
    };
    let shown = arguments.clone();
    arguments.extend(folder.iter().map(|folder| folder.path().join(PASTED).into_os_string()));
    let (ran, output, messages) = console::keeping(shown, Arc::clone(&job.stop), || {
        let matches = match parse(arguments) {
            Ok(matches) => matches,
            Err(e) => return (explain(&e), false, None),
        };
        let writes = match DEFINITION.with_borrow(|definition| permitted(&matches, definition, folder.is_some())) {
            Ok(writes) => writes,
            Err(e) => {
                message(&format!("error: {e}"));
                return (e.exit_code(), false, None);
            }
        };
        let cli = match of_matches(&matches) {
            Ok(cli) => cli,
            Err(e) => return (explain(&e), writes, None),
        };
        let cli = Cli { file: Some(ledger.to_owned()), author: Some(author.to_owned()), ..cli };
        let writing = match (job.task, writes) {
            (Task::Write, true) => Writing::Allowed,
            (Task::DryRun, true) => Writing::DryRun,
            _ => Writing::Refused,
        };
        let (code, change) = execute(cli, writing);
        (code, writes, change)
    });
    let (code, writes, change) = ran;
    // The folder of pasted rows says nothing to a reader.
    let place = folder.map_or_else(String::new, |folder| format!("{}{}", folder.path().display(), std::path::MAIN_SEPARATOR));
    let messages = if place.is_empty() { messages } else { messages.replace(&place, "") };
    // The page says that nothing is written yet.
    let messages = if job.task == Task::DryRun { messages.replace(&format!("{DRY_RUN}\n"), "") } else { messages };
    Ran { code, writes, output, messages, change }
}

fn failed(code: u8, messages: String) -> Ran {
    Ran { code, writes: false, output: Vec::new(), messages, change: None }
}

/// The name of the file of rows that were pasted, as the messages show it.
const PASTED: &str = "pasted rows.csv";

/// Writes pasted rows to a file, in a folder of its own.
fn pasted(rows: &str) -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir().map_err(Error::Output)?;
    let file = folder.path().join(PASTED);
    std::fs::write(&file, rows).map_err(Error::io("write", &file))?;
    Ok(folder)
}

/// True if the command changes the ledger.
///
/// # Errors
/// A page may not run the command, or not with one of its arguments: it names a file, for example.
fn permitted(matches: &ArgMatches, command: &Command, has_rows: bool) -> Result<bool> {
    let mut verb = Vec::new();
    let (mut at, mut definition) = (matches, command);
    let mut links = false;
    loop {
        for id in at.ids() {
            let name = id.as_str();
            let is_given = at.try_contains_id(name).is_ok() && at.value_source(name) == Some(ValueSource::CommandLine);
            let Some(arg) = definition.get_arguments().find(|arg| arg.get_id() == id).filter(|_| is_given) else { continue };
            links |= name == "link";
            let takes_file = arg.get_value_parser().type_id() == TypeId::of::<PathBuf>() && !(has_rows && name == "files");
            if takes_file || ["author", "color", "time_limit", "engine", "lake"].contains(&name) {
                let what = arg.get_long().map_or_else(|| name.to_uppercase(), |long| format!("--{long}"));
                return Err(not_here(&format!("{} {what}", verb.join(" ")), "a page names no file, author, colour or engine"));
            }
        }
        let Some((name, inner)) = at.subcommand() else { break };
        verb.push(name.to_owned());
        definition = match definition.find_subcommand(name) {
            Some(definition) => definition,
            None => break,
        };
        at = inner;
    }
    let verb = verb.join(" ");
    if verb == "sql" {
        let words: Vec<&String> = at.get_many("words").into_iter().flatten().collect();
        if words.first().is_none_or(|word| word.starts_with('@') && !is_saved(word) || *word == "-")
            && !["lens", "schema", "saved"].iter().any(|f| at.get_flag(f))
            && !at.contains_id("show")
        {
            return Err(not_here("sql", "a page runs a statement or a saved query, and reads no other file"));
        }
    }
    match () {
        () if WRITING.contains(&verb.as_str()) || verb == "suggest" && links => Ok(true),
        () if READING.contains(&verb.as_str()) => Ok(false),
        () => Err(not_here(&verb, "pages run only commands that read, or that change facts of the ledger")),
    }
}

fn not_here(what: &str, why: &str) -> Error {
    Error::refused(format!("a page cannot run 'recip {}'", what.trim()), why, "run it in a terminal")
}
