//! The rows of a page's tables.

use std::collections::HashMap;

use serde::Serialize;

use crate::ledger::action::what;
use crate::model::count::quantity;
use crate::model::{Sign, Stage};
use crate::render::balance::total;
use crate::render::brief::chains;
use crate::render::brief::notes::Notes;
use crate::render::brief::sentences::{self, weight};
use crate::render::source::denied;
use crate::render::text::{age, visible};
use crate::report::Names;
use crate::report::brief::Brief;
use crate::report::exchange::{Act, ExchangeLink};
use crate::report::pending::Pending;
use crate::report::unanswered::Unanswered;

/// An open act.
#[derive(Debug, Clone, Serialize)]
pub struct ClaimRow {
    /// Its id.
    pub id: i64,
    /// True if this is its first row on the page, which is the target of links.
    pub first: bool,
    /// The date as entered.
    pub date: String,
    /// Days since that date: `45`, or `≤ 45` since the first day of a month or a year.
    pub age: String,
    /// The open part: `720 of 755 persons`.
    pub open: String,
    /// Its kind, `announced staff cut`.
    pub kind: String,
    /// The summary; empty: none.
    pub summary: String,
    /// The numbers of its sources.
    pub notes: Vec<usize>,
}

/// A pending threat or announcement.
#[derive(Debug, Clone, Serialize)]
pub struct PendingRow {
    /// Its id.
    pub id: i64,
    /// True if this is its first row on the page.
    pub first: bool,
    /// The date as entered.
    pub date: String,
    /// Days since that date: `45`, or `≤ 45` since the first day of a month or a year.
    pub age: String,
    /// The actor's name.
    pub actor: String,
    /// The act in words: `threat of expulsion of 30 persons`.
    pub what: String,
    /// The deadline with the time left; `None`: no deadline.
    pub deadline: Option<String>,
    /// The summary; empty: none.
    pub summary: String,
    /// The numbers of its sources.
    pub notes: Vec<usize>,
}

/// An act in the exchange.
#[derive(Debug, Clone, Serialize)]
pub struct ActRow {
    /// Its id.
    pub id: i64,
    /// True if this is its first row on the page.
    pub first: bool,
    /// The date as entered.
    pub date: String,
    /// The actor's name.
    pub actor: String,
    /// The act in words.
    pub what: String,
    /// The acting body, the place, the deadline and who denies it: `Senate; Moscow; deadline 2017-09-01; denied by TASS`; empty: not known.
    pub circumstances: String,
    /// The summary; empty: none.
    pub summary: String,
    /// Its links to earlier acts.
    pub links: Vec<LinkText>,
    /// The part that is open on the day of the page: `720 persons open`, or for a gesture `1 measure to be returned`; empty: nothing.
    pub open: String,
    /// The numbers of its sources.
    pub notes: Vec<usize>,
}

/// A link to an earlier act.
#[derive(Debug, Clone, Serialize)]
pub struct LinkText {
    /// The relation and the amount, before the earlier act's number: `answers`, `answers 35 of 755 persons of`.
    pub how: String,
    /// The earlier act's id.
    pub id: i64,
    /// True if that act has a row on the page to link to.
    pub listed: bool,
}

/// The acts of one kind between the two parties.
#[derive(Debug, Clone, Serialize)]
pub struct BalanceRow {
    /// The kind.
    pub kind: String,
    /// The unit of the counts.
    pub unit: String,
    /// The total count of each party's acts that stand; `35+`: at least 35; `?`: not known.
    pub count: [String; 2],
    /// The open part of that count.
    pub open: [String; 2],
    /// The weight of these acts; empty: the kind has no weight.
    pub weight: [String; 2],
}

pub(super) fn claim(row: &Unanswered, notes: &mut Notes<'_>) -> ClaimRow {
    let (numbers, first) = notes.cite(row.id);
    let (open, all) = (row.count.part(row.open), quantity(row.count, &row.unit));
    let open = if open == row.count { all } else { format!("{open} of {all}") };
    let kind = row.kind.replace('-', " ");
    ClaimRow {
        id: row.id,
        first,
        date: row.date.clone(),
        age: age(&row.date, row.age_days),
        open,
        kind: if row.stage == Stage::Announced { format!("announced {kind}") } else { kind },
        summary: text_or_empty(&row.summary),
        notes: numbers,
    }
}

pub(super) fn pending(row: &Pending, brief: &Brief, notes: &mut Notes<'_>) -> PendingRow {
    let (numbers, first) = notes.cite(row.id);
    PendingRow {
        id: row.id,
        first,
        date: row.date.clone(),
        age: age(&row.date, row.age_days),
        actor: visible(brief.names.of(&row.actor)).into_owned(),
        what: what(&row.kind, row.count, &row.unit, row.stage, Sign::Hostile),
        deadline: sentences::deadline(row).map(|d| visible(&d).into_owned()),
        summary: text_or_empty(&row.summary),
        notes: numbers,
    }
}

pub(super) fn acts(brief: &Brief, notes: &mut Notes<'_>) -> Vec<ActRow> {
    let by_id: HashMap<i64, &Act> = brief.acts.iter().map(|a| (a.id, a)).collect();
    let mut links: HashMap<i64, Vec<&ExchangeLink>> = HashMap::new();
    for link in &brief.links {
        links.entry(link.action_id).or_default().push(link);
    }
    let links = |id| links.get(&id).into_iter().flatten().map(|l| link_row(l, by_id.get(&l.earlier_id).copied())).collect();
    brief.listed_acts().iter().map(|act| act_row(act, brief, links(act.id), notes)).collect()
}

fn act_row(act: &Act, brief: &Brief, links: Vec<LinkText>, notes: &mut Notes<'_>) -> ActRow {
    let (numbers, first) = notes.cite(act.id);
    let deadline = act.details.deadline.as_ref().map(|d| format!("deadline {d}"));
    let denied = brief.sources.get(&act.id).and_then(|sources| denied(sources));
    let circumstances: Vec<String> = [&act.details.by, &act.details.place, &deadline, &denied].into_iter().flatten().cloned().collect();
    ActRow {
        id: act.id,
        first,
        date: act.date.clone(),
        actor: visible(brief.names.of(&act.actor)).into_owned(),
        what: of_act(act, &brief.names),
        circumstances: visible(&circumstances.join("; ")).into_owned(),
        summary: text_or_empty(&act.details.summary),
        links,
        open: if act.sign == Sign::Neutral { String::new() } else { chains::open(act) },
        notes: numbers,
    }
}

fn link_row(link: &ExchangeLink, earlier: Option<&Act>) -> LinkText {
    let text = chains::link_text(link, earlier);
    let has_amount = text.contains(' ') && !text.ends_with(')');
    LinkText { how: if has_amount { text + " of" } else { text }, id: link.earlier_id, listed: false }
}

pub(super) fn of_act(act: &Act, names: &Names) -> String {
    let at = if act.is_to_member() { format!(", directed at {}", visible(names.of(&act.target))) } else { String::new() };
    what(&act.kind, act.count, &act.unit, act.stage, act.sign) + &at
}

fn text_or_empty(text: &Option<String>) -> String {
    text.as_deref().map(|t| visible(t).into_owned()).unwrap_or_default()
}

pub(super) fn balance(brief: &Brief) -> Vec<BalanceRow> {
    let count = |n, has_unknown, approximation| total(n, has_unknown, approximation, "–");
    let rows = brief.balance.iter().map(|row| {
        let mut values = BalanceRow {
            kind: row.kind.replace('-', " "),
            unit: row.unit.clone(),
            count: [count(row.a_count, row.a_has_unknown, row.a_count_is), count(row.b_count, row.b_has_unknown, row.b_count_is)],
            open: [count(row.a_open, row.a_open_has_unknown, row.a_open_is), count(row.b_open, row.b_open_has_unknown, row.b_open_is)],
            weight: [weight(row.a_weight), weight(row.b_weight)],
        };
        // The view orders the pair by code, the page by the order of the arguments.
        if row.party_a != brief.a.code {
            values.count.reverse();
            values.open.reverse();
            values.weight.reverse();
        }
        values
    });
    rows.collect()
}
