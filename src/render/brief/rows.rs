//! The rows of a page's tables.

use std::collections::HashMap;

use serde::Serialize;

use crate::ledger::action::what;
use crate::model::count::{Count, quantity};
use crate::model::{Sign, Stage};
use crate::render::brief::chains;
use crate::render::brief::notes::Notes;
use crate::render::brief::words::{self, weight};
use crate::render::text::visible;
use crate::report::brief::Brief;
use crate::report::exchange::{Act, ExchangeLink};
use crate::report::pending::Pending;
use crate::report::unanswered::Unanswered;

/// An act that stands open.
#[derive(Debug, Clone, Serialize)]
pub struct ClaimRow {
    /// Its id.
    pub id: i64,
    /// True where this is its first row on the page, the one to link to.
    pub first: bool,
    /// When, as written.
    pub date: String,
    /// Days since.
    pub age_days: i64,
    /// What is open: `720 of 755 persons`.
    pub open: String,
    /// Its kind, `announced staff cut`.
    pub kind: String,
    /// What happened; empty: not said.
    pub summary: String,
    /// The numbers of its sources.
    pub notes: Vec<usize>,
}

/// A threat or an announcement that hangs in the air.
#[derive(Debug, Clone, Serialize)]
pub struct PendingRow {
    /// Its id.
    pub id: i64,
    /// True where this is its first row on the page.
    pub first: bool,
    /// When it was said, as written.
    pub date: String,
    /// Days since.
    pub age_days: i64,
    /// Who said it: a name.
    pub actor: String,
    /// What, in words: `threat of expulsion of 30 persons`.
    pub what: String,
    /// When it is to take effect, with the days left; `None`: not said.
    pub deadline: Option<String>,
    /// What was said; empty: not told.
    pub summary: String,
    /// The numbers of its sources.
    pub notes: Vec<usize>,
}

/// An act in the exchange.
#[derive(Debug, Clone, Serialize)]
pub struct ActRow {
    /// Its id.
    pub id: i64,
    /// True where this is its first row on the page.
    pub first: bool,
    /// When, as written.
    pub date: String,
    /// Who acted: a name.
    pub actor: String,
    /// What, in words.
    pub what: String,
    /// The body that acted, where, and until when: `Senate; Moscow; deadline 2017-09-01`; empty: not told.
    pub circumstances: String,
    /// What happened; empty: not told.
    pub summary: String,
    /// What it bears on.
    pub links: Vec<LinkText>,
    /// What of it is open on the day of the page; empty: nothing.
    pub open: String,
    /// The numbers of its sources.
    pub notes: Vec<usize>,
}

/// What an act bears on.
#[derive(Debug, Clone, Serialize)]
pub struct LinkText {
    /// `answers 35 of 755 persons`.
    pub how: String,
    /// The earlier act's id.
    pub id: i64,
    /// True where that act has a row on the page to link to.
    pub listed: bool,
}

/// What two parties did to each other of one kind.
#[derive(Debug, Clone, Serialize)]
pub struct BalanceRow {
    /// The kind.
    pub kind: String,
    /// What is counted.
    pub unit: String,
    /// What each did, that stands; `?`: not known.
    pub count: [String; 2],
    /// What of it is open.
    pub open: [String; 2],
    /// What it weighs; empty: the kind has no weight.
    pub weight: [String; 2],
}

pub(super) fn claim(row: &Unanswered, notes: &mut Notes<'_>) -> ClaimRow {
    let (numbers, first) = notes.cite(row.id);
    let open = match (row.open, row.count) {
        (Some(open), Some(count)) if open != count => format!("{open} of {}", quantity(Some(count), &row.unit)),
        _ => quantity(row.open, &row.unit),
    };
    let kind = row.kind.replace('-', " ");
    ClaimRow {
        id: row.id,
        first,
        date: row.date.clone(),
        age_days: row.age_days,
        open,
        kind: if row.stage == Stage::Announced { format!("announced {kind}") } else { kind },
        summary: told(&row.summary),
        notes: numbers,
    }
}

pub(super) fn pending(row: &Pending, brief: &Brief, notes: &mut Notes<'_>) -> PendingRow {
    let (numbers, first) = notes.cite(row.id);
    PendingRow {
        id: row.id,
        first,
        date: row.date.clone(),
        age_days: row.age_days,
        actor: name(brief, &row.actor),
        what: what(&row.kind, row.count, &row.unit, row.stage, Sign::Hostile),
        deadline: words::deadline(row).map(|d| visible(&d).into_owned()),
        summary: told(&row.summary),
        notes: numbers,
    }
}

pub(super) fn acts(brief: &Brief, notes: &mut Notes<'_>) -> Vec<ActRow> {
    let by_id: HashMap<i64, &Act> = brief.acts.iter().map(|a| (a.id, a)).collect();
    let mut links: HashMap<i64, Vec<&ExchangeLink>> = HashMap::new();
    for bearing in &brief.links {
        links.entry(bearing.action_id).or_default().push(bearing);
    }
    let links = |id| links.get(&id).into_iter().flatten().map(|b| link(b, by_id.get(&b.earlier_id).copied())).collect();
    brief.listed_acts().iter().map(|act| act_row(act, brief, links(act.id), notes)).collect()
}

fn act_row(act: &Act, brief: &Brief, links: Vec<LinkText>, notes: &mut Notes<'_>) -> ActRow {
    let (numbers, first) = notes.cite(act.id);
    let deadline = act.deadline.as_ref().map(|d| format!("deadline {d}"));
    let circumstances: Vec<String> = [&act.by, &act.place, &deadline].into_iter().flatten().cloned().collect();
    ActRow {
        id: act.id,
        first,
        date: act.date.clone(),
        actor: name(brief, &act.actor),
        what: of_act(act),
        circumstances: visible(&circumstances.join("; ")).into_owned(),
        summary: told(&act.summary),
        links,
        open: if act.sign == Sign::Neutral { String::new() } else { chains::open(act) },
        notes: numbers,
    }
}

fn link(bearing: &ExchangeLink, earlier: Option<&Act>) -> LinkText {
    LinkText { how: chains::amount(bearing, earlier), id: bearing.earlier_id, listed: false }
}

pub(super) fn of_act(act: &Act) -> String {
    what(&act.kind, act.count, &act.unit, act.stage, act.sign)
}

fn name(brief: &Brief, code: &str) -> String {
    let party = if code == brief.a.code { &brief.a } else { &brief.b };
    visible(&party.name).into_owned()
}

fn told(text: &Option<String>) -> String {
    text.as_deref().map(|t| visible(t).into_owned()).unwrap_or_default()
}

pub(super) fn balance(brief: &Brief) -> Vec<BalanceRow> {
    let count = |n: Option<Count>| n.map_or("?".to_owned(), |n| if n == 0 { "–".to_owned() } else { n.to_string() });
    let rows = brief.balance.iter().map(|row| {
        let mut said = BalanceRow {
            kind: row.kind.replace('-', " "),
            unit: row.unit.clone(),
            count: [count(row.a_count), count(row.b_count)],
            open: [count(row.a_open), count(row.b_open)],
            weight: [weight(row.a_weight), weight(row.b_weight)],
        };
        // The view has the pair in the order of the codes, the page in the order asked.
        if row.party_a != brief.a.code {
            said.count.reverse();
            said.open.reverse();
            said.weight.reverse();
        }
        said
    });
    rows.collect()
}
