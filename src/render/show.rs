//! One action in full, for people.

use std::io::Write;

use crate::error::Result;
use crate::ledger::Action;
use crate::ledger::action::what;
use crate::ledger::link::Nothing;
use crate::model::count::quantity;
use crate::model::{Relation, Sign, Stage};
use crate::render::grid::Grid;
use crate::render::source::cited;
use crate::render::style::Style;
use crate::render::text::{visible, wrapped};

use crate::report::Names;
use crate::report::show::{LinkEnd, Shown};

/// Writes it.
///
/// # Errors
/// `out` cannot be written.
pub fn page(shown: &Shown, names: &Names, style: Style, out: &mut dyn Write) -> Result<()> {
    let action = &shown.action;
    let title = format!("#{} {} {} -> {}: {}", action.id, action.date, names.of(&action.actor), names.of(&action.target), action.what());
    writeln!(out, "{}", style.bold(visible(&title)))?;
    for (label, value) in [
        ("voided", &action.voided),
        ("summary", &action.summary),
        ("by", &action.by),
        ("place", &action.place),
        ("deadline", &action.deadline),
        ("dispute", &action.dispute),
        ("ref", &Some(action.reference.clone())),
        ("logged", &Some(action.logged_at.clone())),
        ("open", &Some(open(action))),
    ] {
        if let Some(value) = value {
            writeln!(out, "  {} {}", style.dim(format!("{label:<9}")), wrapped(&visible(value), style.width, 12))?;
        }
    }
    links(&shown.outgoing_links, "Bears on", false, names, style, out)?;
    links(&shown.incoming_links, "Borne on by", true, names, style, out)?;
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

fn open(action: &Action) -> String {
    match () {
        _ if action.voided.is_some() => "nothing: it is voided".to_owned(),
        _ if action.sign == Sign::Neutral => "nothing: a neutral act opens no claim".to_owned(),
        _ if action.stage == Stage::Threatened => {
            if action.stands > 0 {
                "no claim: it is a threat, and pending".to_owned()
            } else {
                "no claim: the threat was executed or withdrawn".to_owned()
            }
        }
        _ if action.open == 0 => "nothing".to_owned(),
        _ if action.count.is_none() => quantity(None, &action.unit),
        _ => format!("{} of {}", action.open, quantity(action.count, &action.unit)),
    }
}

fn links(ends: &[LinkEnd], title: &str, from_later: bool, names: &Names, style: Style, out: &mut dyn Write) -> Result<()> {
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
        let text = if from_later {
            format!("{other} {} this{}", end.relation, amounts(end))
        } else {
            format!("{} {other}{}", end.relation, amounts(end))
        };
        writeln!(out, "  {}", wrapped(&visible(&text), style.width, 4))?;
    }
    Ok(())
}

/// `, covering 35 and spending 35`.
pub(super) fn amounts(end: &LinkEnd) -> String {
    match end.relation {
        Relation::Answers if end.covers == 0 => format!(" (settles nothing: {})", end.settles_nothing.map_or("nothing was left", why)),
        Relation::Answers if end.covers != end.spends && end.spends > 0 => {
            format!(" (covers {}, spends {})", end.covers, end.spends)
        }
        Relation::Answers | Relation::Waives => format!(" (covers {})", end.covers),
        Relation::Executes if end.takes > 0 && end.stage != Stage::Threatened => format!(" (carries out {})", end.takes),
        Relation::Executes => String::new(),
        Relation::Reverses => format!(" (undoes {})", end.takes),
    }
}

/// Why an answer settles nothing.
pub(super) fn why(nothing: Nothing) -> &'static str {
    match nothing {
        Nothing::Voided => "one of the two is voided",
        Nothing::ThirdParty => "it comes from a third party, in solidarity",
        Nothing::Threat => "it is a threat",
        Nothing::OtherSign => "one is hostile and the other friendly",
        Nothing::NoClaim => "there was no claim to answer",
        Nothing::NothingLeft => "nothing was left",
    }
}
