//! Reckoning all links of the files, day by day, with the arithmetic that logs one.

use std::collections::HashMap;

use crate::error::Result;
use crate::model::settle::{Bearings, Settlement, Terms, settle};
use crate::model::{Day, Relation};

use super::super::Input;
use super::super::names::Spells;
use super::super::pending::{self, Pending, When};
use super::super::problems::Problems;
use super::explain::{Why, explain};
use super::{Load, circle};

/// What is reckoned with besides the actions.
struct Facts {
    /// The unit of each kind, as a number.
    units: Vec<u16>,
    members: Spells,
    /// What each waiver covers.
    waived: HashMap<u32, Vec<(u32, u32)>>,
}

/// Sets the amounts of every link, and what then stands and is open of every action.
pub(super) fn plan(load: &mut Load<'_>, inputs: &[Input], problems: &mut Problems) -> Result<()> {
    let mut refused = formal(load);
    let mut facts = Facts { units: units(load), members: load.names.memberships()?, waived: HashMap::new() };
    let mut links = std::mem::take(&mut load.links);
    let when = |id: u32| {
        let act = load.act(id);
        When { day: act.day, latest: act.latest, unit: facts.units[usize::from(act.kind)] }
    };
    pending::sort(&mut links, &when);
    for link in &mut links {
        match load.settle(link, &facts) {
            Ok(amounts) => load.post(link, amounts, &mut facts),
            Err(why) => {
                let doubt = load.act(link.later).doubtful || load.act(link.earlier).doubtful;
                if !(doubt && why.is_of_amounts()) {
                    refused.push((link.clone(), why));
                }
                if link.relation == Relation::Reverses {
                    for (id, _) in facts.waived.get(&link.earlier).into_iter().flatten() {
                        load.acts[*id as usize - 1].doubtful = true;
                    }
                }
            }
        }
    }
    load.links = links;
    explain(load, refused, inputs, problems)
}

/// What is wrong with the form: links to oneself, made twice, of what is voided, in a circle. They are taken out.
fn formal(load: &mut Load<'_>) -> Vec<(Pending, Why)> {
    let mut refused = Vec::new();
    let mut links = std::mem::take(&mut load.links);
    links.sort_by_key(|l| (l.later, l.relation as u8, l.earlier, l.at));
    let mut last = None;
    links.retain(|link| {
        let ends = (link.later, link.relation, link.earlier);
        let why = match () {
            _ if link.later == link.earlier => Why::Itself,
            _ if last == Some(ends) => Why::Twice,
            _ if load.act(link.later).voided || load.act(link.earlier).voided => Why::Voided,
            _ => {
                last = Some(ends);
                return true;
            }
        };
        refused.push((link.clone(), why));
        false
    });
    load.links = links;
    let circles = circle::circles(load);
    refused.extend(circles.iter().map(|index| (load.links[*index].clone(), Why::Circle)));
    let mut index = 0;
    load.links.retain(|_| {
        index += 1;
        circles.binary_search(&(index - 1)).is_err()
    });
    refused
}

fn units(load: &Load<'_>) -> Vec<u16> {
    let mut known: Vec<String> = Vec::new();
    let kinds = load.acts.iter().map(|a| a.kind).max().map_or(0, |k| k + 1);
    (0..kinds)
        .map(|kind| {
            let unit = &load.names.facts(kind).unit;
            let at = known.iter().position(|u| u == unit).unwrap_or_else(|| {
                known.push(unit.clone());
                known.len() - 1
            });
            u16::try_from(at).unwrap_or(u16::MAX)
        })
        .collect()
}

impl Load<'_> {
    fn terms(&self, id: u32) -> Terms {
        let act = self.act(id);
        Terms {
            stage: act.stage,
            sign: self.names.facts(act.kind).sign,
            count: (act.count > 0).then_some(act.count.into()),
            day: Day(act.day.into()),
            latest: Day(act.latest.into()),
            stands: act.stands.into(),
            open: act.open.into(),
            // Nothing later is posted yet.
            free: act.open.into(),
            executed: act.executed,
            // Links are taken in the order of their days: none is later yet.
            reversed_later: false,
        }
    }

    fn settle(&self, link: &Pending, facts: &Facts) -> Result<Settlement, Why> {
        let (later, earlier) = (self.act(link.later), self.act(link.earlier));
        let member = |party: u16, of: u16| {
            let day = i64::from(earlier.day);
            party == of || facts.members.get(&(of, party)).is_some_and(|spells| spells.iter().any(|(s, u)| *s <= day && day <= *u))
        };
        let bearings = Bearings {
            aims: member(later.target, earlier.actor),
            injured: member(later.actor, earlier.target),
            own: later.actor == earlier.actor && later.target == earlier.target,
            same_unit: facts.units[usize::from(later.kind)] == facts.units[usize::from(earlier.kind)],
        };
        let (later, earlier) = (self.terms(link.later), self.terms(link.earlier));
        let mut amounts = settle(link.relation, &later, &earlier, bearings, link.asked()).map_err(Why::Refused)?;
        let stated = link.settlement();
        if link.stated && amounts != stated {
            // What an execution or a reversal used up depends on what was there when it was linked.
            if matches!(link.relation, Relation::Executes | Relation::Reverses) && stated.spends <= later.open {
                amounts.spends = stated.spends;
            }
            if amounts != stated {
                return Err(Why::Stated(amounts));
            }
        }
        Ok(amounts)
    }

    /// Posts what a link settles.
    fn post(&mut self, link: &mut Pending, amounts: Settlement, facts: &mut Facts) {
        link.settle(amounts);
        let small = |amount: i64| u32::try_from(amount).unwrap_or_default();
        let day = self.act(link.later).day.max(self.act(link.earlier).day);
        let later = &mut self.acts[link.later as usize - 1];
        later.open -= small(amounts.spends);
        later.posted = later.posted.max(day);
        let earlier = &mut self.acts[link.earlier as usize - 1];
        earlier.open -= small(amounts.covers);
        earlier.posted = earlier.posted.max(day);
        match link.relation {
            Relation::Executes => (earlier.executed, earlier.stands) = (true, 0),
            Relation::Reverses => {
                earlier.stands -= small(amounts.reversed);
                for (id, covered) in facts.waived.get(&link.earlier).into_iter().flatten() {
                    let claim = &mut self.acts[*id as usize - 1];
                    claim.open += covered;
                    claim.posted = claim.posted.max(day);
                }
            }
            Relation::Waives => facts.waived.entry(link.later).or_default().push((link.earlier, small(amounts.covers))),
            Relation::Answers => (),
        }
    }
}
