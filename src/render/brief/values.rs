//! The values that a template gets. `report brief --format json` prints them.

use std::collections::HashMap;

use serde::Serialize;

use crate::ledger::action::what;
use crate::model::Stage;
use crate::model::count::{Count, quantity};
use crate::render::brief::About;
use crate::render::brief::chains::{self, Branch};
use crate::render::brief::notes::{Note, Notes};
use crate::render::brief::words::{self, weight};
use crate::render::text::visible;
use crate::report::brief::Brief;
use crate::report::course::{Act, Bearing};
use crate::report::pending::Pending;
use crate::report::unanswered::Unanswered;

/// All that a page says. Texts are as the ledger has them, but for control characters: escaping is the template's.
#[derive(Debug, Clone, Serialize)]
pub struct Values {
    /// `Russia and United States`.
    pub title: String,
    /// The day it speaks of.
    pub as_of: String,
    /// The moment at which it was known so: `on 2017-07-12`; `None`: now.
    pub as_known: Option<String>,
    /// When it was made, UTC.
    pub made: String,
    /// What it is limited to beside the pair and the day; empty: nothing.
    pub scope: String,
    /// The scale of its weights.
    pub scale: String,
    /// The ledger's file.
    pub ledger: String,
    /// SHA-256 of what `command` prints.
    pub digest: String,
    /// The command whose output the digest is of.
    pub command: String,
    /// The beginning of the commands that show all: `recip -f x.db`.
    pub program: String,
    /// The arguments that select the same: `RUS USA --as-of 2017-07-13`.
    pub selection: String,
    /// The balance in a sentence, then what is pending, then the weights.
    pub sentences: Vec<String>,
    /// The two parties in the order asked, each with what stands open against it.
    pub sides: Vec<Side>,
    /// Pending threats and announcements, the nearest deadline first.
    pub pending: Vec<PendingRow>,
    /// How many more are pending.
    pub pending_more: usize,
    /// The acts, the latest of them, by date.
    pub acts: Vec<ActRow>,
    /// How many earlier ones there are.
    pub acts_more: usize,
    /// How the two stand to each other, kind by kind.
    pub balance: Vec<BalanceRow>,
    /// The weights of both added up, and the first's less the second's.
    pub weights: [String; 3],
    /// What answers what: trees, each a list of lines with their depth.
    pub chains: Vec<Vec<Branch>>,
    /// How many more trees there are.
    pub chains_more: usize,
    /// The sources, numbered.
    pub notes: Vec<Note>,
}

/// One of the two.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The other's name.
    pub other: String,
    /// All that stands open against it: `35 persons and 2 properties`; `nothing`.
    pub open: String,
    /// Its hostile acts that stand open, the oldest first.
    pub claims: Vec<ClaimRow>,
    /// How many more there are.
    pub claims_more: usize,
    /// Its gestures that were not returned.
    pub gestures: Vec<ClaimRow>,
    /// How many more there are.
    pub gestures_more: usize,
}

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

impl Values {
    /// The values of a brief.
    pub fn new(brief: &Brief, about: &About) -> Values {
        let mut notes = Notes::new(&brief.sources);
        let sides = [(&brief.a, &brief.b), (&brief.b, &brief.a)];
        let sides = sides.map(|(party, other)| side(brief, &party.code, &party.name, &other.name, &mut notes)).into();
        let pending = brief.listed_pending().iter().map(|p| pending(p, brief, &mut notes)).collect();
        let mut acts: Vec<ActRow> = acts(brief, &mut notes);
        for link in acts.iter_mut().flat_map(|a| &mut a.links) {
            link.listed = notes.lists(link.id);
        }
        let (trees, chains_more) = chains::trees(&brief.acts, &brief.bearings, of_act);
        Values {
            title: format!("{} and {}", visible(&brief.a.name), visible(&brief.b.name)),
            as_of: brief.as_of.to_string(),
            as_known: brief.as_known.as_ref().map(ToString::to_string),
            made: about.made.clone(),
            scope: visible(&about.scope).into_owned(),
            scale: brief.scale.clone(),
            ledger: visible(&about.ledger).into_owned(),
            digest: about.digest.clone(),
            command: visible(&format!("{} export jsonl {}", about.program, about.selection)).into_owned(),
            program: visible(&about.program).into_owned(),
            selection: visible(&about.selection).into_owned(),
            sentences: words::sentences(brief).iter().map(|s| visible(s).into_owned()).collect(),
            sides,
            pending,
            pending_more: brief.pending.len() - brief.listed_pending().len(),
            acts_more: brief.acts.len() - acts.len(),
            acts,
            balance: balance(brief),
            weights: words::weights_of(brief),
            chains: trees,
            chains_more,
            notes: notes.finish(),
        }
    }
}

fn side(brief: &Brief, code: &str, name: &str, other: &str, notes: &mut Notes<'_>) -> Side {
    let mut rows = |of: &[Unanswered]| {
        let (listed, more) = Brief::listed(of, code);
        (listed.into_iter().map(|row| claim(row, notes)).collect(), more)
    };
    let (claims, claims_more) = rows(&brief.claims);
    let (gestures, gestures_more) = rows(&brief.gestures);
    Side {
        code: code.to_owned(),
        name: visible(name).into_owned(),
        other: visible(other).into_owned(),
        open: words::listed(&words::totals(&brief.claims, code)),
        claims,
        claims_more,
        gestures,
        gestures_more,
    }
}

fn claim(row: &Unanswered, notes: &mut Notes<'_>) -> ClaimRow {
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

fn pending(row: &Pending, brief: &Brief, notes: &mut Notes<'_>) -> PendingRow {
    let (numbers, first) = notes.cite(row.id);
    PendingRow {
        id: row.id,
        first,
        date: row.date.clone(),
        age_days: row.age_days,
        actor: name(brief, &row.actor),
        what: what(&row.kind, row.count, &row.unit, row.stage, crate::model::Sign::Hostile),
        deadline: words::deadline(row).map(|d| visible(&d).into_owned()),
        summary: told(&row.summary),
        notes: numbers,
    }
}

fn acts(brief: &Brief, notes: &mut Notes<'_>) -> Vec<ActRow> {
    let by_id: HashMap<i64, &Act> = brief.acts.iter().map(|a| (a.id, a)).collect();
    let mut links: HashMap<i64, Vec<&Bearing>> = HashMap::new();
    for bearing in &brief.bearings {
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
        open: if act.sign == crate::model::Sign::Neutral { String::new() } else { chains::open(act) },
        notes: numbers,
    }
}

fn link(bearing: &Bearing, earlier: Option<&Act>) -> LinkText {
    LinkText { how: chains::amount(bearing, earlier), id: bearing.earlier_id, listed: false }
}

fn of_act(act: &Act) -> String {
    what(&act.kind, act.count, &act.unit, act.stage, act.sign)
}

fn name(brief: &Brief, code: &str) -> String {
    let party = if code == brief.a.code { &brief.a } else { &brief.b };
    visible(&party.name).into_owned()
}

fn told(text: &Option<String>) -> String {
    text.as_deref().map(|t| visible(t).into_owned()).unwrap_or_default()
}

fn balance(brief: &Brief) -> Vec<BalanceRow> {
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
