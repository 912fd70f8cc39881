//! Generates random ledgers in which most acts are linked to earlier ones, so that every case of the arithmetic occurs.

use proptest::prelude::*;
use recip::Ledger;
use recip::ledger::{Entry, Link};
use recip::model::{Amount, Date, Day, LinkSpec, Relation, Stage};

use crate::arithmetic::FIRST_DAY;

/// One move. The earlier act that it is linked to is chosen when the move is made; if no act is suitable, the move is skipped.
#[derive(Debug, Clone)]
pub struct Move {
    what: usize,
    pick: usize,
    second: Option<usize>,
    kind: usize,
    count: Option<i64>,
    amount: Option<i64>,
    stage: Stage,
    days: i64,
    month: bool,
    elsewhere: bool,
}

const PAIRS: [(&str, &str); 6] = [("USA", "RUS"), ("RUS", "USA"), ("EU", "RUS"), ("RUS", "EU"), ("GBR", "RUS"), ("RUS", "GBR")];
const HOSTILE: [&str; 5] = ["expulsion", "staff-cut", "expulsion", "seizure", "sanction"];
const FRIENDLY: [&str; 3] = ["meeting", "release", "return"];

pub fn moves() -> impl Strategy<Value = Vec<Move>> {
    let stage = prop_oneof![2 => Just(Stage::Announced), 3 => Just(Stage::Done)];
    let one = (
        (0..16usize, 0..1000usize, prop::option::weighted(0.7, 0..1000usize), 0..15usize),
        (prop::option::weighted(0.75, 1..30i64), prop::option::weighted(0.5, 1..8i64), stage, 0..6i64),
        (prop::bool::weighted(0.05), prop::bool::weighted(0.2)),
    );
    let one = one.prop_map(|((what, pick, second, kind), (count, amount, stage, days), (month, elsewhere))| Move {
        what,
        pick,
        second,
        kind,
        count,
        amount,
        stage,
        days,
        month,
        elsewhere,
    });
    prop::collection::vec(one, 1..90)
}

/// A ledger of these moves, between two parties or among several, with deadlines on some threats and a scale whose weights apply to
/// each unit.
pub fn grown(moves: &[Move], two: bool) -> Ledger {
    let mut ledger = Ledger::in_memory().unwrap();
    go_on(&mut ledger, moves, FIRST_DAY, two);
    let extras = "UPDATE action SET deadline = date((day + id % 40) * 86400, 'unixepoch') WHERE stage = 'threatened' AND id % 2 = 0;
        INSERT INTO scale (name) VALUES ('heads');
        INSERT INTO weight (scale, kind, stage, weight, per)
        VALUES ('heads', 'expulsion', 'done', -0.5, 'unit'), ('heads', 'staff-cut', 'done', -0.25, 'unit'), ('heads', 'meeting', 'done', 3, 'action')";
    ledger.connection().execute_batch(extras).unwrap();
    ledger
}

/// Makes these moves in a ledger, from this day on.
pub fn go_on(ledger: &mut Ledger, moves: &[Move], from: i64, two: bool) {
    let mut day = from;
    for step in moves {
        day += step.days;
        if let Some(entry) = step.entry(ledger, day, if two { 2 } else { PAIRS.len() }) {
            let _ = ledger.log(&entry);
        }
    }
}

/// Makes an entry: actor, target, kind, stage, links.
type Making<'m> = dyn Fn(&str, &str, &str, Stage, Vec<Link>) -> Option<Entry> + 'm;

/// An act of the ledger that a move may be linked to.
struct Earlier {
    id: i64,
    actor: String,
    target: String,
    kind: String,
    friendly: bool,
}

fn choose(ledger: &Ledger, among: &str, pick: usize) -> Option<Earlier> {
    let mut select = ledger
        .connection()
        .prepare(&format!(
            "SELECT a.id, actor, target, kind, sign FROM action a JOIN kind k ON k.name = a.kind WHERE {among} ORDER BY a.id DESC LIMIT 8"
        ))
        .unwrap();
    let row = |r: &rusqlite::Row<'_>| {
        Ok(Earlier { id: r.get(0)?, actor: r.get(1)?, target: r.get(2)?, kind: r.get(3)?, friendly: r.get::<_, String>(4)? == "friendly" })
    };
    let mut found: Vec<Earlier> = select.query_map([], row).unwrap().map(Result::unwrap).collect();
    (!found.is_empty()).then(|| found.swap_remove(pick % found.len()))
}

fn bears(relation: Relation, earlier: i64, covers: Option<i64>) -> Link {
    Link { relation, spec: LinkSpec { earlier: earlier.to_string(), amount: Amount { covers, spends: None } } }
}

impl Move {
    fn entry(&self, ledger: &Ledger, day: i64, pairs: usize) -> Option<Entry> {
        let iso = Day(day).iso();
        let date: Date = if self.month { &iso[..7] } else { &iso }.parse().unwrap();
        let hostile = HOSTILE[self.kind % HOSTILE.len()];
        let entry = |actor: &str, target: &str, kind: &str, stage, links| {
            let mut entry = Entry::new(actor, target, kind, date.clone()).stage(stage);
            (entry.count, entry.links) = (self.count.into(), links);
            Some(entry)
        };
        match self.what {
            0..=2 => {
                let (actor, target) = PAIRS[self.pick % pairs];
                let kind = if self.kind == 0 { FRIENDLY[self.pick % 3] } else { hostile };
                entry(actor, target, kind, if self.what == 0 { Stage::Announced } else { self.stage }, Vec::new())
            }
            3 => {
                let (actor, target) = PAIRS[self.pick % pairs];
                entry(actor, target, hostile, Stage::Threatened, Vec::new())
            }
            4..=8 => self.answer(ledger, hostile, &entry),
            9..=10 => {
                let pending = choose(ledger, "stage <> 'done' AND stands > 0 AND sign <> 'neutral'", self.pick)?;
                entry(&pending.actor, &pending.target, &pending.kind, Stage::Done, vec![bears(Relation::Executes, pending.id, None)])
            }
            11 => {
                let open = choose(ledger, "open > 0", self.pick)?;
                entry(&open.target, &open.actor, "restraint", Stage::Done, vec![bears(Relation::Waives, open.id, None)])
            }
            12 => {
                let waiver = choose(ledger, "sign = 'neutral' AND stands > 0", self.pick)?;
                entry(&waiver.actor, &waiver.target, hostile, Stage::Threatened, vec![bears(Relation::Reverses, waiver.id, None)])
            }
            13 => {
                let own = choose(ledger, "stands > 0 AND stage <> 'threatened' AND sign <> 'neutral'", self.pick)?;
                entry(&own.actor, &own.target, &own.kind, self.stage, vec![bears(Relation::Renews, own.id, None)])
                    .map(|e| self.until(e, day))
            }
            14 => {
                let pending = choose(ledger, "stage <> 'done' AND stands > 0", self.pick)?;
                let extends = vec![bears(Relation::Extends, pending.id, None)];
                entry(&pending.actor, &pending.target, "restraint", Stage::Done, extends).map(|e| self.until(e, day))
            }
            _ => {
                let own = choose(ledger, "stands > 0", self.pick)?;
                entry(&own.actor, &own.target, FRIENDLY[self.kind % 3], Stage::Done, vec![bears(Relation::Reverses, own.id, self.amount)])
            }
        }
    }

    /// The entry with a deadline some days after this one.
    fn until(&self, mut entry: Entry, day: i64) -> Entry {
        entry.details.deadline = self.amount.map(|days| Day(day + 31 + days).iso());
        entry
    }

    fn answer(&self, ledger: &Ledger, hostile: &str, entry: &Making<'_>) -> Option<Entry> {
        let open = choose(ledger, "open > 0", self.pick)?;
        let mut links = vec![bears(Relation::Answers, open.id, self.amount)];
        let alike =
            format!("open > 0 AND actor = '{}' AND target = '{}' AND a.id <> {} AND sign = 'hostile'", open.actor, open.target, open.id);
        if let Some(another) = self.second.and_then(|pick| choose(ledger, &alike, pick)) {
            links.push(bears(Relation::Answers, another.id, None));
        }
        let (mut actor, mut target) = (open.target.as_str(), open.actor.as_str());
        match (self.elsewhere, actor, target) {
            (true, _, "EU") => target = "GBR",
            (true, "EU", _) => actor = "GBR",
            (true, "USA" | "GBR", "RUS") => {
                actor = "EU";
                links = vec![bears(Relation::Answers, open.id, None)];
            }
            _ => (),
        }
        entry(actor, target, if open.friendly { FRIENDLY[self.kind % 3] } else { hostile }, self.stage, links)
    }
}
