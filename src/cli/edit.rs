//! `recip edit`.

use recip::ledger::{Action, Correction, Link};
use recip::model::count::{self, Count};
use recip::model::{Cite, Date, LinkSpec, Relation, Stage, deadline};
use recip::report::Names;
use recip::{Error, Result};

use super::echo;
use super::output::say;
use super::session::Session;

/// Correct an action
///
/// What is given is changed; an empty text ("") and the count "?" say that it is not known. Links stay, and are settled again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip edit 7 --on 2017-07-30 --count 755 --source \"BBC, 30 July 2017\"")]
pub(crate) struct Args {
    /// The action: an id or a ref
    action: String,
    /// Who acted
    #[arg(long, value_name = "PARTY")]
    actor: Option<String>,
    /// Against whom
    #[arg(long, value_name = "PARTY")]
    target: Option<String>,
    /// What sort of act
    #[arg(long)]
    kind: Option<String>,
    /// How many; "?": not known
    #[arg(long, value_parser = known, allow_hyphen_values = true)]
    count: Option<Known>,
    /// When it happened
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// How far it has come
    #[arg(long)]
    stage: Option<Stage>,
    /// When it must be complied with
    #[arg(long, value_name = "WHEN")]
    deadline: Option<String>,
    /// The case it belongs to
    #[arg(long, value_name = "SLUG")]
    dispute: Option<String>,
    /// The body that acted
    #[arg(long, value_name = "BODY")]
    by: Option<String>,
    /// Where
    #[arg(long, value_name = "TEXT")]
    place: Option<String>,
    /// What happened, in a line
    #[arg(long, value_name = "TEXT")]
    summary: Option<String>,
    /// State another amount of an action it answers (7:20, 7:1/20), or none (7), which leaves it to the rule
    #[arg(long, value_name = "ACTION[:COUNT]")]
    answers: Vec<LinkSpec>,
    /// State another amount of an action it reverses, or none
    #[arg(long, value_name = "ACTION[:COUNT]")]
    reverses: Vec<LinkSpec>,
    /// A source to add
    #[arg(long = "source", value_name = "URL-or-text")]
    sources: Vec<Cite>,
    /// Show what it would do, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// A count, or that it is not known.
#[derive(Debug, Clone, Copy)]
struct Known(Option<Count>);

fn known(text: &str) -> Result<Known> {
    if matches!(text, "?" | "") { Ok(Known(None)) } else { count::parse(text).map(|n| Known(Some(n))) }
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let mut ledger = session.write()?;
    if args.dry_run {
        ledger.rehearse();
    }
    let stands = Action::find(ledger.connection(), &args.action)?;
    let (key, dry_run) = (args.action.clone(), args.dry_run);
    let change = args.change(&stands)?;
    if change == Correction::default() {
        return Err(Error::invalid("edit", &key, "nothing is to be changed", "give what to change; 'recip edit --help' lists it"));
    }
    let (before, after, settlement) = ledger.edit(&key, &change)?;
    let names = Names::read(ledger.connection())?;
    let mut lines = vec![echo::line(&after, &names)];
    lines.extend(differences(&before, &after));
    lines.extend(echo::shifts(&settlement.shifts).into_iter().map(|shift| format!("  {shift}")));
    say(&lines.join("\n"), dry_run)
}

impl Args {
    fn change(self, stands: &Action) -> Result<Correction> {
        let emptied = |text: Option<String>| text.map(|t| Some(t).filter(|t| !t.is_empty()));
        let date = self.on.clone().map_or_else(|| stands.date.parse(), Ok)?;
        Ok(Correction {
            actor: self.actor,
            target: self.target,
            kind: self.kind,
            date: self.on,
            stage: self.stage,
            count: self.count.map(|Known(count)| count),
            deadline: match emptied(self.deadline) {
                Some(Some(text)) => Some(Some(deadline::parse(&text, &date)?)),
                other => other,
            },
            dispute: emptied(self.dispute),
            by: emptied(self.by),
            place: emptied(self.place),
            summary: emptied(self.summary),
            sources: self.sources,
            links: [(Relation::Answers, self.answers), (Relation::Reverses, self.reverses)]
                .into_iter()
                .flat_map(|(relation, specs)| specs.into_iter().map(move |spec| Link { relation, spec }))
                .collect(),
        })
    }
}

/// What changed, field by field: `  date: 2017-07-28 -> 2017-07-30`.
fn differences(before: &Action, after: &Action) -> Vec<String> {
    let text = |t: &Option<String>| t.clone().unwrap_or_else(|| "-".to_owned());
    let number = |n: Option<Count>| n.map_or("?".to_owned(), |n| n.to_string());
    let fields = [
        ("actor", before.actor.clone(), after.actor.clone()),
        ("target", before.target.clone(), after.target.clone()),
        ("kind", before.kind.clone(), after.kind.clone()),
        ("count", number(before.count), number(after.count)),
        ("date", before.date.clone(), after.date.clone()),
        ("stage", before.stage.to_string(), after.stage.to_string()),
        ("deadline", text(&before.deadline), text(&after.deadline)),
        ("dispute", text(&before.dispute), text(&after.dispute)),
        ("by", text(&before.by), text(&after.by)),
        ("place", text(&before.place), text(&after.place)),
        ("summary", text(&before.summary), text(&after.summary)),
        ("open", before.open.to_string(), after.open.to_string()),
    ];
    fields.into_iter().filter(|(_, old, new)| old != new).map(|(field, old, new)| format!("  {field}: {old} -> {new}")).collect()
}
