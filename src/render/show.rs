//! One action with all its details, as text.

use std::io::Write;

use crate::error::Result;
use crate::ledger::Action;
use crate::ledger::action::what;
use crate::ledger::link::NoEffect;
use crate::model::count::{Count, quantity};
use crate::model::details::summary_first;
use crate::model::{Relation, Sign, Stage, StatedCount};
use crate::render::grid::Grid;
use crate::render::source::{cited, denied};
use crate::render::style::Style;
use crate::render::text::{visible, wrapped};
use crate::render::verb;
use crate::report::Names;
use crate::report::show::{ActionDetail, LinkEnd};

/// Writes the page.
///
/// # Errors
/// `out` cannot be written.
pub fn page(shown: &ActionDetail, names: &Names, style: Style, out: &mut dyn Write) -> Result<()> {
    let action = &shown.action;
    let title = format!("#{} {} {} -> {}: {}", action.id, action.date, names.of(&action.actor), names.of(&action.target), action.what());
    writeln!(out, "{}", style.bold(visible(&title)))?;
    let moved = moved_deadline(shown);
    let details = summary_first(action.details.each()).map(|(detail, value)| match &moved {
        Some(moved) if detail.name == "deadline" => (detail.name, Some(moved.as_str())),
        _ => (detail.name, value.as_deref()),
    });
    let open = open(action);
    let quantities: Vec<String> = shown.quantities.iter().map(|q| format!("{} {} {}", q.name, q.value.grouped(), q.unit)).collect();
    let quantities = (!quantities.is_empty()).then(|| quantities.join("; "));
    let computed = [("ref", Some(action.reference.as_str())), ("logged", Some(&action.logged_at)), ("open", Some(&open))];
    for (label, value) in
        [("voided", action.voided.as_deref())].into_iter().chain(details).chain([("quantity", quantities.as_deref())]).chain(computed)
    {
        if let Some(value) = value {
            writeln!(out, "  {} {}", style.dim(format!("{label:<9}")), wrapped(&visible(value), style.width, 12))?;
        }
    }
    if let Some(denied) = denied(&shown.sources) {
        writeln!(out, "  {}", wrapped(&visible(&denied), style.width, 4))?;
    }
    links(&shown.outgoing_links, "Outgoing links", action, false, names, style, out)?;
    links(&shown.incoming_links, "Incoming links", action, true, names, style, out)?;
    if !shown.postings.is_empty() {
        writeln!(out, "\n{}", style.bold("Postings"))?;
        let mut grid = Grid::new(style, "  ", &["date", "posting", ">amount", ">open", "by"]);
        for p in &shown.postings {
            let amount = if p.amount > 0 { format!("+{}", p.amount) } else { p.amount.to_string() };
            grid.row([p.date.clone(), p.posting.clone(), amount, p.open.to_string(), format!("#{}", p.by_id)]);
        }
        write!(out, "{}", grid.lines())?;
    }
    if !shown.sources.is_empty() {
        writeln!(out, "\n{}", style.bold("Sources"))?;
    }
    for (n, source) in shown.sources.iter().enumerate() {
        writeln!(out, "  [{}] {}", n + 1, wrapped(&visible(&cited(source)), style.width, 6))?;
    }
    Ok(())
}

/// The deadline if it was moved: `2017-01-01, moved to 2017-02-01`.
fn moved_deadline(shown: &ActionDetail) -> Option<String> {
    let stated = &shown.action.details.deadline;
    let words = |deadline: &Option<String>| deadline.clone().unwrap_or_else(|| "none".to_owned());
    (shown.deadline_now != *stated).then(|| format!("{}, moved to {}", words(stated), words(&shown.deadline_now)))
}

fn open(action: &Action) -> String {
    match () {
        _ if action.voided.is_some() => "nothing: the action is voided".to_owned(),
        _ if action.sign == Sign::Neutral => "nothing: a neutral action opens no claim".to_owned(),
        _ if action.stage == Stage::Threatened => {
            if action.stands > 0 {
                "no claim: this is a pending threat".to_owned()
            } else {
                "no claim: the threat was executed or withdrawn".to_owned()
            }
        }
        _ if action.open == 0 => "nothing".to_owned(),
        _ if action.count.number().is_none() => quantity(action.count, &action.unit),
        _ => format!("{} of {}", action.count.part(action.open), quantity(action.count, &action.unit)),
    }
}

fn links(ends: &[LinkEnd], title: &str, action: &Action, incoming: bool, names: &Names, style: Style, out: &mut dyn Write) -> Result<()> {
    if ends.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", style.bold(title))?;
    for end in ends {
        let other = format!(
            "#{} {} {} -> {}: {}",
            end.id,
            end.date,
            names.of(&end.actor),
            names.of(&end.target),
            what(&end.kind, end.count, &end.unit, end.stage, end.sign)
        );
        let (this, other_end) = ((action.count, action.unit.as_str()), (end.count, end.unit.as_str()));
        let text = if incoming {
            format!("{other} {} this{}", verb(end.relation, end.sign, action.sign), amounts(end, this, other_end))
        } else {
            format!("{} {other}{}", verb(end.relation, action.sign, end.sign), amounts(end, other_end, this))
        };
        writeln!(out, "  {}", wrapped(&visible(&text), style.width, 4))?;
    }
    Ok(())
}

/// The amounts of a link: ` (covers 35 persons)`, ` (covers 1 measure, spends 755 persons)`.
fn amounts(end: &LinkEnd, earlier: (StatedCount, &str), later: (StatedCount, &str)) -> String {
    // An act of unknown count is settled as a whole.
    let part =
        |n: Count, (count, unit): (StatedCount, &str)| count.number().map_or("the whole act".to_owned(), |_| quantity(Some(n), unit));
    let earlier = |n| part(n, earlier);
    match end.relation {
        Relation::Answers if end.covers == 0 => {
            format!(" (settles nothing: {})", end.settles_nothing.map_or("nothing was left to settle", why))
        }
        Relation::Answers if end.covers != end.spends && end.spends > 0 => {
            format!(" (covers {}, spends {})", earlier(end.covers), part(end.spends, later))
        }
        Relation::Answers | Relation::Waives => format!(" (covers {})", earlier(end.covers)),
        Relation::Executes if end.takes > 0 && end.stage != Stage::Threatened => format!(" (carries out {})", earlier(end.takes)),
        Relation::Executes | Relation::Extends | Relation::Renews => String::new(),
        Relation::Reverses => format!(" (reverses {})", earlier(end.takes)),
    }
}

/// Why an answer settles nothing.
fn why(no_effect: NoEffect) -> &'static str {
    match no_effect {
        NoEffect::Voided => "one of the two actions is voided",
        NoEffect::ThirdParty => "the answer comes from a third party, in solidarity",
        NoEffect::Threat => "the answer is only a threat",
        NoEffect::OtherSign => "one action is hostile and the other is friendly",
        NoEffect::NoClaim => "the earlier action opens no claim",
        NoEffect::NothingLeft => "nothing was left to settle",
    }
}
