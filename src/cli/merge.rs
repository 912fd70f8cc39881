//! `recip merge`.

use std::io::{IsTerminal, stdin, stdout};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use recip::ledger::is_sqlite;
use recip::ledger::merge::{Answers, Choice, Merge, Question};
use recip::model::counted;
use recip::read::read_choices;
use recip::render::records::Form;
use recip::report::Names;
use recip::{Error, Ledger, Result, render};

use super::diff::note_common;
use super::output::{page, print_lines, stream, to};
use super::prompt::{Interruption, Question as Prompt};
use super::session::{Session, message};

/// The maximum number of pairs of acts that look alike which are listed.
const MAX_ALIKE_LISTED: usize = 10;

/// Merge another copy of the ledger into this one
///
/// Each copy keeps its history, so a merge knows what each changed since their last common state. A change made in only one copy is kept.
/// If both changed the same thing differently, you are asked; nothing is written until every question is answered. A merge is one change,
/// and 'recip undo' reverts it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  recip merge colleague.db --questions questions.csv\n  recip merge colleague.db --choices questions.csv\n  recip merge returned.csv --base sent.csv"
)]
pub(crate) struct Args {
    /// Other copy: a ledger, or a CSV file, JSON Lines file or package that recip exported
    #[arg(value_name = "OTHER", required_unless_present = "driver")]
    other: Option<PathBuf>,
    /// Common base with which to compare both copies [default: their last common state, which their histories show]
    #[arg(long, value_name = "FILE")]
    base: Option<PathBuf>,
    /// Write the questions to this CSV file; a person fills in its column 'choice'
    #[arg(short = 'o', long, value_name = "FILE")]
    questions: Option<PathBuf>,
    /// File of questions with their answers
    #[arg(long, value_name = "FILE")]
    choices: Option<PathBuf>,
    /// Side to choose for every question that is not answered otherwise
    #[arg(long, value_enum, value_name = "SIDE")]
    prefer: Option<Prefer>,
    /// Ask one question after another on a terminal
    #[arg(short, long)]
    interactive: bool,
    /// Show the effect, but write nothing
    #[arg(long)]
    dry_run: bool,
    /// Act as a merge driver for git ('--driver %O %A %B'): base, ours and theirs; the result is written to ours
    #[arg(long, num_args = 3, value_names = ["BASE", "OURS", "THEIRS"], conflicts_with_all = ["other", "base", "questions", "choices", "interactive", "dry_run"])]
    driver: Option<Vec<PathBuf>>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Prefer {
    Ours,
    Theirs,
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let prefer = args.prefer.map(|side| match side {
        Prefer::Ours => Choice::Ours,
        Prefer::Theirs => Choice::Theirs,
    });
    let mut answers = Answers::default();
    answers.prefer = prefer;
    if let Some([base, ours, theirs]) = args.driver.as_deref() {
        return drive(session, base, ours, theirs, &answers);
    }
    let Some(path) = &args.other else { return Ok(()) };
    let mut ledger = session.write_unless(args.dry_run)?;
    let (other, base) = session.read_other(path, args.base.as_deref())?;
    let mut from_file = Answers::default();
    if let Some(file) = &args.choices {
        let read = read_choices(file)?;
        from_file.add(read.clone());
        answers.add(read);
    }
    if args.interactive && !(stdin().is_terminal() && stdout().is_terminal()) {
        let way_out = "write the questions to a file with --questions, and give it back with --choices";
        return Err(Error::refused("cannot ask questions", "this is not a terminal", way_out));
    }
    let mut merge = ledger.merge(&other, base.as_ref(), &answers)?;
    note_common(merge.common, path);
    while args.interactive && merge.is_open() {
        let Some(answered) = ask(&merge.questions)? else { break };
        answers.add(answered);
        merge = ledger.merge(&other, base.as_ref(), &answers)?;
    }
    if let Some(file) = args.questions.as_deref().filter(|_| !merge.questions.is_empty()) {
        write_questions(session, file, &merge.questions)?;
    }
    if let Some(file) = args.choices.as_deref().filter(|_| merge.is_open() || merge.change.is_some()) {
        note_unused(&from_file, &merge.questions, file);
    }
    if merge.is_open() {
        note_not_preferred(prefer, &merge.questions);
        return list_questions(session, path, &merge, args.questions.as_deref());
    }
    report(&ledger, path, &merge, args.dry_run)
}

/// Merges for git: the result replaces the file `ours`, or questions are listed and the file stays as it is.
fn drive(session: &Session, base: &Path, ours: &Path, theirs: &Path, answers: &Answers) -> Result<()> {
    if !is_sqlite(ours) || !is_sqlite(theirs) {
        let way_out = "leave the merge of text files to git: set no merge driver for them in .gitattributes";
        return Err(Error::refused("cannot merge these files", "one of them is not a ledger", way_out));
    }
    let mut ledger = session.open_to_write(ours)?;
    let other = session.read_file(theirs)?;
    let base = if ledger.is_copy_of(&other)? || !is_sqlite(base) { None } else { Some(session.read_file(base)?) };
    let merge = ledger.merge(&other, base.as_ref(), answers)?;
    if !merge.is_open() {
        return report(&ledger, Path::new("the other branch"), &merge, false);
    }
    session.note_findings();
    page(session, None, |out| render::merge::questions(&merge.questions, session.style(), out))?;
    message(
        "the branches are not merged, and the ledger is that of this branch\n\
         help: get the other one with git show MERGE_HEAD:FILE > theirs.db, and merge it: recip -f FILE merge theirs.db -i",
    );
    Ok(())
}

/// Asks the open questions; `None` if the person stopped.
fn ask(questions: &[Question]) -> Result<Option<Vec<Question>>> {
    let mut answered = Vec::new();
    for question in questions.iter().filter(|question| question.choice.is_none()) {
        message(&render::merge::question(question));
        let words: Vec<String> = question.choices.split(' ').map(str::to_owned).collect();
        let prompt = format!("Keep {}?", words.join(", "));
        let read = |text: &str| match text.parse::<Choice>() {
            Ok(choice) if words.iter().any(|word| word == choice.as_str()) => Ok(choice),
            _ => Err(Error::invalid("choice", text, "this question does not allow it", format!("write {}", words.join(" or ")))),
        };
        match Prompt::new(&prompt).names(&words).ask_until(read) {
            Ok(choice) => answered.push(Question { choice: Some(choice), ..question.clone() }),
            Err(Interruption::Failed(e)) => return Err(e),
            Err(_) => return Ok(None),
        }
    }
    Ok(Some(answered))
}

fn write_questions(session: &Session, file: &Path, questions: &[Question]) -> Result<()> {
    to(session, Some(file), |out| stream(Form::Csv, "Questions", out, |each| questions.iter().try_for_each(each)))
}

/// Notes the answers of a file that belong to no question of this merge.
fn note_unused(answers: &Answers, questions: &[Question], file: &Path) {
    let (unused, given, file) = (answers.unused(questions), answers.given(), file.display());
    if unused > 0 {
        let (of, verb) =
            if given == 1 { ("the only answer".to_owned(), "belongs") } else { (format!("{unused} of the {given} answers"), "belong") };
        message(&format!(
            "warning: {of} in {file} {verb} to no question of this merge: the questions were written in another ledger, or before a value in them changed\n\
             help: write the questions again with --questions, and answer these"
        ));
    }
}

/// Notes the questions that do not allow the preferred answer.
fn note_not_preferred(prefer: Option<Choice>, questions: &[Question]) {
    let Some(prefer) = prefer else { return };
    let open = questions.iter().filter(|question| question.choice.is_none()).count() as u64;
    let (questions, verb) = (counted(open, "questions"), if open == 1 { "does" } else { "do" });
    message(&format!("note: {questions} {verb} not allow the answer '{prefer}' of --prefer"));
}

/// Lists the open questions, and says how to answer them.
fn list_questions(session: &Session, other: &Path, merge: &Merge, file: Option<&Path>) -> Result<()> {
    session.note_findings();
    page(session, None, |out| render::merge::questions(&merge.questions, session.style(), out))?;
    let other = other.display();
    let way_out = match file {
        Some(file) => format!("fill in the column 'choice' of {0}, and give it back: recip merge {other} --choices {0}", file.display()),
        None => format!("answer them on a terminal with -i, or in a file: recip merge {other} --questions questions.csv"),
    };
    message(&format!("nothing was written\nhelp: {way_out}"));
    Ok(())
}

/// Says what a merge did.
fn report(ledger: &Ledger, other: &Path, merge: &Merge, dry_run: bool) -> Result<()> {
    let other = other.display();
    if merge.preferred > 0 {
        message(&format!("{} answered by --prefer", counted(merge.preferred, "questions")));
    }
    merge.notes.iter().for_each(|note| message(&format!("note: {note}")));
    for (ours, theirs) in merge.alike.iter().take(MAX_ALIKE_LISTED) {
        message(&format!("note: {ours} and {theirs} look like the same act; if they are, void one of them"));
    }
    if let Some(more @ 1..) = merge.alike.len().checked_sub(MAX_ALIKE_LISTED) {
        message(&format!("note: ... and {more} more pairs; 'recip check' lists acts that may have been logged twice"));
    }
    let Some(change) = &merge.change else {
        return print_lines(&format!("nothing to merge: this ledger has everything that {other} has"), false);
    };
    let names = Names::read(ledger.connection())?;
    let learned = match merge.learned {
        0 => String::new(),
        changes => format!(": {}", counted(changes, "changes")),
    };
    let lines: Vec<String> = render::history::lines(change, &names).iter().map(|line| format!("\n  {line}")).collect();
    print_lines(&format!("merged {other}{learned}{}", lines.concat()), dry_run)
}
