//! `recip edit`.

use recip::ledger::edit::Edited;
use recip::ledger::{Action, Correction, Link};
use recip::model::{Amount, Cite, Date, LinkSpec, Quantity, Relation, Stage, StatedCount};
use recip::report::Names;
use recip::{Error, Result};

use super::details::DetailArgs;
use super::output::print_lines;
use super::session::Session;
use super::{doubts, echo};

/// Correct an action
///
/// Only the fields given are changed. To mark a value as unknown, give an empty text (""), or "?" for the count. Links are kept, and
/// the amounts that they settle are recomputed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recip edit 7 --on 2017-07-30 --count 755 --source \"BBC, 30 July 2017\"")]
pub(crate) struct Args {
    /// Action: an id or a reference
    action: String,
    /// Actor: the party that acted
    #[arg(long, value_name = "PARTY")]
    actor: Option<String>,
    /// Target: the party it acted towards
    #[arg(long, value_name = "PARTY")]
    target: Option<String>,
    /// Kind of act
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Count in the kind's unit: 35, 20-30, 50+ (at least), ~50 (about), several, or "?" if it is unknown
    #[arg(long, value_name = "COUNT", value_parser = new_count, allow_hyphen_values = true)]
    count: Option<StatedCount>,
    /// Date of the act: 2016, 2017-06 or 2016-12-29
    #[arg(long, value_name = "DATE", value_parser = super::typed_date::date)]
    on: Option<Date>,
    /// Stage: threatened, announced or done
    #[arg(long, value_name = "STAGE")]
    stage: Option<Stage>,
    #[command(flatten)]
    details: DetailArgs,
    /// How much of an earlier action it answers (7:20, or 7:1/20 if the units differ); without an amount (7) it is computed
    #[arg(long, value_name = "ACTION[:COUNT]")]
    answers: Vec<LinkSpec>,
    /// How much of an earlier action it reverses (7:20); without an amount (7) it is computed
    #[arg(long, value_name = "ACTION[:COUNT]")]
    reverses: Vec<LinkSpec>,
    /// Source to add: a URL or a citation; to change what a cited source says, give it again with "[says 2017-07-30, 60]" or "[denies]"; to take that back, remove it too
    #[arg(long = "source", value_name = "SOURCE")]
    sources: Vec<Cite>,
    /// Source that is no longer cited: a citation or a number in 'recip source list'; it is removed before others are added
    #[arg(long = "remove-source", value_name = "SOURCE")]
    removed_sources: Vec<String>,
    /// Quantity that is not a claim, like "trade 34 bn USD"; it replaces the one with that name
    #[arg(long = "quantity", value_name = "QUANTITY")]
    quantities: Vec<Quantity>,
    /// Name of a quantity to remove
    #[arg(long = "remove-quantity", value_name = "NAME")]
    removed_quantities: Vec<String>,
    /// Show the effect, but write nothing
    #[arg(long)]
    dry_run: bool,
}

/// The new count; an empty text makes it unknown, as with all fields.
fn new_count(text: &str) -> Result<StatedCount> {
    if text.is_empty() { Ok(StatedCount::Unknown) } else { text.parse() }
}

pub(crate) fn run(session: &Session, args: Args) -> Result<()> {
    let (key, dry_run) = (args.action.clone(), args.dry_run);
    let correction = args.correction();
    if correction == Correction::default() {
        return Err(Error::invalid("edit", &key, "no field to change was given", "give at least one; 'recip edit --help' lists them"));
    }
    let Some((ledger, edited)) = doubts::edit(session, &key, &correction, dry_run)? else { return Ok(()) };
    let names = Names::read(ledger.connection())?;
    print_lines(&lines(&edited, &names).join("\n"), dry_run)
}

/// What a correction changed: the action, then a line for each difference.
pub(crate) fn lines(edited: &Edited, names: &Names) -> Vec<String> {
    let mut lines = vec![echo::line(&edited.after, names)];
    lines.extend(differences(&edited.before, &edited.after));
    lines.extend(changed("source", (&edited.sources.0, &edited.sources.1), |cite| &cite.cite));
    lines.extend(changed("quantity", (&edited.quantities.0, &edited.quantities.1), |quantity| &quantity.name));
    lines.extend(restated(edited));
    lines.extend(echo::shifts(&edited.settlement.shifts).into_iter().map(|shift| format!("  {shift}")));
    if lines.len() == 1 {
        lines.push("  nothing changed".to_owned());
    }
    lines
}

impl Args {
    fn correction(self) -> Correction {
        Correction {
            actor: self.actor,
            target: self.target,
            kind: self.kind,
            date: self.on,
            stage: self.stage,
            count: self.count,
            details: self.details.0.map(|text| text.clone().map(|text| Some(text).filter(|text| !text.is_empty()))),
            sources: self.sources,
            removed_sources: self.removed_sources,
            quantities: self.quantities,
            removed_quantities: self.removed_quantities,
            links: [(Relation::Answers, self.answers), (Relation::Reverses, self.reverses)]
                .into_iter()
                .flat_map(|(relation, specs)| specs.into_iter().map(move |spec| Link { relation, spec }))
                .collect(),
        }
    }
}

/// The items of a list that were added, removed or changed, one line for each: `  source: BBC -> BBC [denies]`. `name` tells which
/// items before and after are the same.
fn changed<T: ToString>(what: &str, (before, after): (&[T], &[T]), name: impl Fn(&T) -> &String) -> Vec<String> {
    let of = |items: &[T], of: &T| items.iter().find(|item| name(item) == name(of)).map_or("-".to_owned(), T::to_string);
    let added = after.iter().filter(|new| before.iter().all(|old| name(old) != name(new)));
    let pairs = before.iter().chain(added).map(|item| (of(before, item), of(after, item)));
    pairs.filter(|(old, new)| old != new).map(|(old, new)| format!("  {what}: {old} -> {new}")).collect()
}

/// The stated amounts that changed, one line for each link: `  stated amount, answers #1: 30 -> -`.
fn restated(edited: &Edited) -> Vec<String> {
    let amount = |link: &Link| match link.spec.amount {
        amount if amount == Amount::default() => "-".to_owned(),
        amount => LinkSpec { earlier: String::new(), amount }.to_string().trim_start_matches(':').to_owned(),
    };
    let (before, after) = (&edited.stated.0, &edited.stated.1);
    let same = |a: &Link, b: &Link| (a.relation, &a.spec.earlier) == (b.relation, &b.spec.earlier);
    let pairs = after.iter().filter_map(|new| Some((before.iter().find(|old| same(old, new))?, new)));
    let changed = pairs.filter(|(old, new)| old.spec.amount != new.spec.amount);
    changed
        .map(|(old, new)| format!("  stated amount, {} #{}: {} -> {}", new.relation, new.spec.earlier, amount(old), amount(new)))
        .collect()
}

/// The differences, one line for each field: `  date: 2017-07-28 -> 2017-07-30`.
fn differences(before: &Action, after: &Action) -> Vec<String> {
    let text = |t: &Option<String>| t.clone().unwrap_or_else(|| "-".to_owned());
    let mut fields = vec![
        ("actor", before.actor.clone(), after.actor.clone()),
        ("target", before.target.clone(), after.target.clone()),
        ("kind", before.kind.clone(), after.kind.clone()),
        ("count", before.count.to_string(), after.count.to_string()),
        ("date", before.date.clone(), after.date.clone()),
        ("stage", before.stage.to_string(), after.stage.to_string()),
    ];
    let details = before.details.each().into_iter().zip(after.details.each());
    fields.extend(details.map(|((detail, before), (_, after))| (detail.name, text(before), text(after))));
    fields.push(("open", before.open.to_string(), after.open.to_string()));
    fields.into_iter().filter(|(_, old, new)| old != new).map(|(field, old, new)| format!("  {field}: {old} -> {new}")).collect()
}
