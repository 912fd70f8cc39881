//! A slow and plain computation of the rows behind the plain measures: actions and links up to a day, and the outcome of each act.

use std::collections::{BTreeMap, BTreeSet};

use recip::Ledger;

#[derive(Clone, Debug)]
pub struct Row {
    pub id: i64,
    pub reference: String,
    pub day: i64,
    pub latest: i64,
    pub year: String,
    pub actor: String,
    pub target: String,
    pub kind: String,
    pub unit: String,
    pub sign: String,
    pub stage: String,
    pub count: Option<i64>,
    pub deadline: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct Bond {
    pub later: i64,
    pub relation: String,
    pub earlier: i64,
    pub covers: i64,
    pub spends: i64,
    pub takes: i64,
    pub third: bool,
    pub day: i64,
    pub latest: i64,
}

pub struct Rows {
    pub actions: BTreeMap<i64, Row>,
    pub links: Vec<Bond>,
    pub weights: BTreeMap<(String, String, String), (f64, String)>,
}

/// An act: an announcement together with the action that carried it out, or either of them alone.
pub struct Deed {
    pub row: Row,
    pub parts: Vec<i64>,
    pub day: i64,
    /// The last day that its date allows, or that of its announcement.
    pub latest: i64,
    pub year: String,
    pub move_day: i64,
    pub move_latest: i64,
    /// Its position in the order of acts: the day and the ref of its first part.
    pub turn: (i64, String),
    pub known: bool,
    pub answered: i64,
    pub waived: i64,
    pub reversed: i64,
    pub open: i64,
    pub stands: i64,
    /// What it did itself, reversed or not.
    pub weighs: i64,
    pub answers: Vec<Bond>,
    pub solidarity: usize,
    pub in_kind: bool,
    /// The shortest and the longest time until nothing was open, to the first answer, and to the first reply of any sort.
    pub settled: Option<(i64, i64)>,
    pub first: Option<(i64, i64)>,
    pub reply: Option<(i64, i64)>,
    pub followed: bool,
    pub joined: bool,
}

pub fn rows(ledger: &Ledger, as_of: i64) -> Rows {
    let conn = ledger.connection();
    let mut actions = conn
        .prepare(
            "SELECT a.*, k.unit, k.sign, unixepoch(substr(deadline, 1, 10)) / 86400 AS deadline_day FROM action a JOIN kind k ON k.name = a.kind
             WHERE voided IS NULL AND day <= ?",
        )
        .unwrap();
    let actions = actions
        .query_map([as_of], |r| {
            Ok(Row {
                id: r.get("id")?,
                reference: r.get("ref")?,
                day: r.get("day")?,
                latest: r.get("day_latest")?,
                year: r.get::<_, String>("date")?[..4].to_owned(),
                actor: r.get("actor")?,
                target: r.get("target")?,
                kind: r.get("kind")?,
                unit: r.get("unit")?,
                sign: r.get("sign")?,
                stage: r.get("stage")?,
                count: r.get("count")?,
                deadline: r.get("deadline_day")?,
            })
        })
        .unwrap();
    let mut links = conn.prepare("SELECT l.id, l.action_id, l.relation, l.earlier_id, l.spends, l.takes, l.day, max(l.day, b.day_latest) AS latest,
          l.covers - CASE WHEN EXISTS (SELECT 1 FROM link r WHERE r.earlier_id = l.action_id AND r.relation = 'reverses' AND r.takes > 0 AND r.day <= ?1)
            THEN l.reinstated ELSE 0 END AS covers,
          (SELECT NOT by_target FROM link_terms WHERE link_id = l.id) AS third
         FROM link l JOIN action b ON b.id = l.action_id WHERE l.day <= ?1 ORDER BY l.id").unwrap();
    let links = links
        .query_map([as_of], |r| {
            Ok(Bond {
                later: r.get("action_id")?,
                relation: r.get("relation")?,
                earlier: r.get("earlier_id")?,
                covers: r.get("covers")?,
                spends: r.get("spends")?,
                takes: r.get("takes")?,
                third: r.get("third")?,
                day: r.get("day")?,
                latest: r.get("latest")?,
            })
        })
        .unwrap();
    let mut weights = conn.prepare("SELECT scale, kind, stage, weight, per FROM weight").unwrap();
    let weights = weights.query_map([], |r| Ok(((r.get(0)?, r.get(1)?, r.get(2)?), (r.get(3)?, r.get(4)?)))).unwrap();
    Rows {
        actions: actions.map(|a| a.unwrap()).map(|a| (a.id, a)).collect(),
        links: links.map(Result::unwrap).collect(),
        weights: weights.map(Result::unwrap).collect(),
    }
}

impl Rows {
    pub fn deed_of(&self, id: i64) -> i64 {
        let announced = self.actions.get(&id).is_some_and(|a| a.stage == "announced" && a.sign != "neutral");
        let executes: Vec<&Bond> = self.links.iter().filter(|l| l.earlier == id && l.relation == "executes" && l.takes > 0).collect();
        let taken: i64 = self.links.iter().filter(|l| l.earlier == id).map(|l| l.takes).sum();
        // An announcement that was carried out by several acts, or only in part, remains an act of its own.
        if announced && executes.len() == 1 && taken == self.actions[&id].count.unwrap_or(1) { executes[0].later } else { id }
    }

    /// The deadline of an act: that of its latest extension or renewal, or of one of theirs, which has a deadline and stands; else its own.
    pub fn deadline(&self, id: i64) -> Option<i64> {
        let (mut moved, mut from) = (Vec::new(), vec![id]);
        while let Some(at) = from.pop() {
            for link in self.links.iter().filter(|l| l.earlier == at && ["extends", "renews"].contains(&l.relation.as_str())) {
                let Some(by) = self.actions.get(&link.later).filter(|by| by.stage != "threatened") else { continue };
                let reversed: i64 = self.links.iter().filter(|l| l.earlier == by.id && l.relation == "reverses").map(|l| l.takes).sum();
                // A threat can be extended, but there is nothing to renew.
                if link.relation == "renews" && self.actions.get(&at).is_some_and(|renewed| renewed.stage == "threatened") {
                    continue;
                }
                if reversed >= if by.sign == "neutral" { 1 } else { by.count.unwrap_or(1) } {
                    continue;
                }
                moved.extend(by.deadline.map(|deadline| (link.day, by.reference.clone(), deadline)));
                from.push(by.id);
            }
        }
        moved.into_iter().max().map(|(.., deadline)| deadline).or_else(|| self.actions.get(&id)?.deadline)
    }

    pub fn open(&self, part: &Row) -> i64 {
        let covered: i64 = self.links.iter().filter(|l| l.earlier == part.id).map(|l| l.covers).sum();
        let spent: i64 = self.links.iter().filter(|l| l.later == part.id).map(|l| l.spends).sum();
        part.count.unwrap_or(1) - covered - spent
    }

    /// How much of an act only renews an earlier one. The acts that carry out an announced renewal take this over from it, one after the other.
    fn renews(&self, id: i64) -> i64 {
        let spent = |id: i64| self.links.iter().filter(|l| l.later == id && l.relation == "renews").map(|l| l.spends).sum::<i64>();
        let executions = |announcement: i64| {
            let mut all: Vec<&Bond> = self.links.iter().filter(|l| l.earlier == announcement && l.relation == "executes").collect();
            all.sort_by_key(|l| (l.day, &self.actions[&l.later].reference));
            all
        };
        let mut renews = spent(id) - executions(id).iter().map(|l| l.spends).sum::<i64>().min(spent(id));
        for announcement in self.links.iter().filter(|l| l.later == id && l.relation == "executes").map(|l| l.earlier) {
            let mut left = spent(announcement);
            for execution in executions(announcement) {
                let taken = execution.spends.min(left);
                left -= taken;
                renews += if execution.later == id { taken } else { 0 };
            }
        }
        renews
    }

    pub fn deeds(&self) -> Vec<Deed> {
        let claimants = || self.actions.values().filter(|a| a.stage != "threatened" && a.sign != "neutral");
        let names: BTreeSet<i64> = claimants().map(|a| self.deed_of(a.id)).collect();
        names.iter().filter(|id| self.actions.get(id).is_some_and(|a| a.sign != "neutral")).map(|id| self.deed(*id)).collect()
    }

    pub fn deed(&self, id: i64) -> Deed {
        let row = self.actions[&id].clone();
        let parts: Vec<&Row> =
            self.actions.values().filter(|a| a.stage != "threatened" && a.sign != "neutral" && self.deed_of(a.id) == id).collect();
        let ids: Vec<i64> = parts.iter().map(|p| p.id).collect();
        let on: Vec<Bond> = self
            .links
            .iter()
            .filter(|l| ids.contains(&l.earlier) && !["executes", "renews"].contains(&l.relation.as_str()))
            .cloned()
            .collect();
        let sum = |relation: &str| on.iter().filter(|l| l.relation == relation).map(|l| l.covers).sum::<i64>();
        let made: Vec<&Bond> = self.links.iter().filter(|l| ids.contains(&l.later) && l.relation == "answers").collect();
        let moved_latest = |p: &Row| made.iter().filter(|l| l.later == p.id).map(|l| l.day).fold(p.latest, i64::max);
        let moved = |p: &Row| made.iter().filter(|l| l.later == p.id).map(|l| l.day).fold(p.day, i64::max);
        let open = parts.iter().map(|p| self.open(p)).sum();
        let latest = parts.iter().map(|p| p.latest).min().unwrap();
        let begun = parts.iter().map(|p| p.day).min().unwrap();
        // From the earliest and the latest day of an event, the times since the act.
        let times = |day: Option<i64>, last: Option<i64>| Some(((day? - latest).max(0), (last? - begun).max(0)));
        let settling: Vec<&Bond> = on.iter().filter(|l| l.covers > 0).collect();
        let settled = times(settling.iter().map(|l| l.day).max(), settling.iter().map(|l| l.latest).max());
        let earliest = |links: &[&Bond]| times(links.iter().map(|l| l.day).min(), links.iter().map(|l| l.latest).min());
        let is_threat = |id: i64| self.actions.get(&id).is_some_and(|a| a.stage == "threatened");
        let replies: Vec<&Bond> =
            on.iter().filter(|l| l.relation == "answers" && (l.covers > 0 || !l.third) && !is_threat(l.later)).collect();
        let first = parts.iter().min_by_key(|p| p.day).unwrap();
        let untouched = |p: &Row| self.open(p) == 0 && !on.iter().any(|l| l.earlier == p.id && l.covers > 0);
        let taken =
            |by: &str| self.links.iter().filter(|l| l.earlier == id && (by.is_empty() || l.relation == by)).map(|l| l.takes).sum::<i64>();
        let renews = self.renews(id);
        let answers: Vec<Bond> = on.iter().filter(|l| l.relation == "answers" && l.covers > 0).cloned().collect();
        Deed {
            day: first.day,
            latest,
            move_latest: parts.iter().map(|p| moved_latest(p)).min().unwrap(),
            first: earliest(&answers.iter().collect::<Vec<_>>()),
            reply: earliest(&replies),
            year: first.year.clone(),
            move_day: parts.iter().map(|p| moved(p)).min().unwrap(),
            turn: parts.iter().map(|p| (moved(p), p.day, p.reference.clone())).min().map(|(_, day, reference)| (day, reference)).unwrap(),
            known: parts.iter().all(|p| p.count.is_some() || (p.id != id && untouched(p))),
            answered: sum("answers"),
            waived: sum("waives"),
            reversed: sum("reverses"),
            open,
            stands: row.count.unwrap_or(1) - taken(""),
            weighs: if row.count.unwrap_or(1) > taken("") || taken("executes") == 0 {
                (row.count.unwrap_or(1) - taken("executes") - renews).max(0)
            } else {
                0
            },
            solidarity: on.iter().filter(|l| l.relation == "answers" && l.covers == 0 && l.third).count(),
            in_kind: answers.iter().any(|l| self.actions[&l.later].kind == self.actions[&l.earlier].kind),
            settled: settled.filter(|_| open == 0),
            followed: made.iter().any(|l| l.covers > 0 || !l.third),
            joined: !made.is_empty() && made.iter().all(|l| l.covers == 0 && l.third),
            answers,
            parts: ids,
            row,
        }
    }
}

impl Deed {
    pub fn outcome(&self) -> &'static str {
        match (self.answered > 0, self.open > 0, self.waived > 0, self.reversed > 0) {
            (true, false, false, false) => "full",
            (true, ..) => "part",
            (_, true, ..) => "open",
            (_, _, true, _) => "waived",
            (_, _, _, true) => "reversed",
            _ => "spent",
        }
    }

    pub fn claimed(&self) -> Option<i64> {
        self.known.then_some(self.answered + self.waived + self.reversed + self.open)
    }
}

/// The rows of the view `response` as text: id, claimed, answered, waived, reversed, open, outcome, answers, in_kind, solidarity,
/// first_days_min, first_days_max, settled_days_min, settled_days_max, stands, day.
pub fn responses(ledger: &Ledger, as_of: i64) -> Vec<String> {
    let said = |n: Option<i64>| n.map_or("NULL".to_owned(), |n| n.to_string());
    let deeds = rows(ledger, as_of).deeds();
    let line = |d: &Deed| {
        let amount = |n: i64| said(d.known.then_some(n));
        let in_kind = said((!d.answers.is_empty()).then_some(i64::from(d.in_kind)));
        [
            d.row.id.to_string(),
            said(d.claimed()),
            amount(d.answered),
            amount(d.waived),
            amount(d.reversed),
            amount(d.open),
            d.outcome().to_owned(),
            d.answers.len().to_string(),
            in_kind,
            d.solidarity.to_string(),
            said(d.first.map(|f| f.0)),
            said(d.first.map(|f| f.1)),
            said(d.settled.map(|s| s.0)),
            said(d.settled.map(|s| s.1)),
            d.stands.to_string(),
            d.day.to_string(),
        ]
        .join("|")
    };
    deeds.iter().map(line).collect()
}
