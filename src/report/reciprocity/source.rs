//! Reads what two parties did to each other, pair by pair, so that no more than one pair is held at a time.
//!
//! The view `response` says the same of every claim for any client; here its parts are read apart, since the measures also
//! need every answer, and the whole of a large ledger is folded in memory several times as fast.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;
use crate::ledger::catalogue;
use crate::model::claim::{Claim, Settling};
use crate::model::{Count, Day, Relation, Sign, Stage};
use crate::report::Lens;
use crate::report::reciprocity::pair::{Act, Answer, Answerer, Fate, Kind, Origin, PairData, Scale, Side, Threat};

/// The kinds, and where each is.
#[derive(Debug)]
pub(super) struct Kinds {
    places: HashMap<String, usize>,
    pub kinds: Vec<Kind>,
}

/// An action as read.
struct Raw {
    id: i64,
    kind: usize,
    stage: Stage,
    day: i64,
    count: Option<Count>,
    stands: Count,
    open: Count,
    deadline_day: Option<i64>,
    selected: bool,
    /// The latest day of what it answers.
    answers_day: i64,
    origin: Origin,
}

/// A link as read, by what it bears on.
struct Bearing {
    relation: Relation,
    later: i64,
    earlier: i64,
    covers: Count,
    spends: Count,
    day: i64,
}

impl Kinds {
    pub fn read(conn: &Connection) -> Result<Kinds> {
        let mut select = conn.prepare("SELECT name, unit, sign FROM kind ORDER BY name")?;
        let mut rows = select.query([])?;
        let mut kinds = Kinds { places: HashMap::new(), kinds: Vec::new() };
        while let Some(row) = rows.next()? {
            kinds.places.insert(row.get("name")?, kinds.kinds.len());
            kinds.kinds.push(Kind { unit: row.get("unit")?, sign: row.get("sign")? });
        }
        Ok(kinds)
    }

    /// The place of a kind; what has no kind, which no rule allows, is none.
    fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    fn sign(&self, place: usize) -> Sign {
        self.kinds[place].sign
    }

    /// The weights of these scales.
    pub fn scales(&self, conn: &Connection, names: &[String]) -> Result<Vec<Scale>> {
        let all = catalogue::list_weights(conn)?;
        let of = |name: &String| {
            let own = all.iter().filter(|w| w.scale == *name);
            own.filter_map(|w| Some(((self.place(&w.kind)?, w.stage), (w.weight, w.per == "unit")))).collect()
        };
        Ok(names.iter().map(|name| Scale { name: name.clone(), weights: of(name) }).collect())
    }
}

/// The pairs that the lens shows anything of, each in the order of its codes.
pub(super) fn pairs(lens: &Lens<'_>) -> Result<Vec<(String, String)>> {
    let mut select = lens.prepare(
        "SELECT DISTINCT CASE WHEN actor < target THEN actor ELSE target END AS a, CASE WHEN actor < target THEN target ELSE actor END AS b
         FROM (SELECT DISTINCT actor, target FROM standing) ORDER BY a, b",
    )?;
    let pairs = select.query_map([], |r| Ok((r.get("a")?, r.get("b")?)))?.collect::<rusqlite::Result<_>>()?;
    Ok(pairs)
}

/// What a and b did to each other.
pub(super) fn read(lens: &Lens<'_>, kinds: &Kinds, a: &str, b: &str) -> Result<PairData> {
    let mut raws = HashMap::new();
    let mut sides = [Vec::new(), Vec::new()];
    for (side, (actor, target)) in sides.iter_mut().zip([(a, b), (b, a)]) {
        for raw in actions(lens, kinds, actor, target)? {
            side.push(raw.id);
            raws.insert(raw.id, raw);
        }
    }
    let mut data = PairData::default();
    let bearings = [bearings(lens, a, b)?, bearings(lens, b, a)?];
    let deeds = bearings.iter().flatten().filter(|l| l.relation == Relation::Executes);
    let deeds: HashMap<i64, i64> =
        deeds.filter(|l| raws.get(&l.earlier).is_some_and(|r| r.stage == Stage::Announced)).map(|l| (l.earlier, l.later)).collect();
    for (actor, target) in [(a, b), (b, a)] {
        note_answers(lens, &mut raws, &deeds, &mut data.answerers, actor, target)?;
    }
    let fold = Fold { lens, kinds, raws: &raws, deeds: &deeds };
    data.a = fold.side(&sides[0], &bearings[0], &mut data.answerers)?;
    data.b = fold.side(&sides[1], &bearings[1], &mut data.answerers)?;
    Ok(data)
}

fn actions(lens: &Lens<'_>, kinds: &Kinds, actor: &str, target: &str) -> Result<Vec<Raw>> {
    let mut select = lens.prepare_cached(
        "SELECT b.id, b.kind, b.stage, b.day, b.count, b.stands, b.open,
           CASE b.stage WHEN 'threatened' THEN unixepoch(substr(b.deadline, 1, 10)) / 86400 END AS deadline_day,
           (?3 OR EXISTS (SELECT 1 FROM standing s WHERE s.id = b.id)) AS selected
         FROM backdrop b WHERE b.actor = ?1 AND b.target = ?2",
    )?;
    let mut rows = select.query(params![actor, target, !lens.narrows()])?;
    let mut raws = Vec::new();
    // By place: a name would be looked up anew in each of a million rows.
    while let Some(row) = rows.next()? {
        let Some(kind) = kinds.place(row.get_ref(1)?.as_str().unwrap_or_default()) else { continue };
        if kinds.sign(kind) == Sign::Neutral {
            continue;
        }
        let day = row.get(3)?;
        raws.push(Raw {
            id: row.get(0)?,
            kind,
            stage: row.get(2)?,
            day,
            count: row.get(4)?,
            stands: row.get(5)?,
            open: row.get(6)?,
            deadline_day: row.get(7)?,
            selected: row.get(8)?,
            answers_day: day,
            origin: Origin::Opened,
        });
    }
    Ok(raws)
}

/// The links that bear on what one did to the other, but waivers that were taken back.
fn bearings(lens: &Lens<'_>, actor: &str, target: &str) -> Result<Vec<Bearing>> {
    let mut select = lens.prepare_cached(
        "SELECT l.relation, l.action_id, l.earlier_id, l.covers, l.spends, l.day
         FROM backdrop b JOIN bearing l ON l.earlier_id = b.id
         WHERE b.actor = ?1 AND b.target = ?2 AND NOT (
           l.relation = 'waives' AND EXISTS (SELECT 1 FROM bearing r WHERE r.earlier_id = l.action_id AND r.relation = 'reverses'))",
    )?;
    let mut rows = select.query([actor, target])?;
    let mut links = Vec::new();
    while let Some(row) = rows.next()? {
        links.push(Bearing {
            relation: row.get(0)?,
            later: row.get(1)?,
            earlier: row.get(2)?,
            covers: row.get(3)?,
            spends: row.get(4)?,
            day: row.get(5)?,
        });
    }
    Ok(links)
}

/// Notes of every act of one towards the other what it answers, whoever's act that is, and what that uses up of it.
fn note_answers(
    lens: &Lens<'_>,
    raws: &mut HashMap<i64, Raw>,
    deeds: &HashMap<i64, i64>,
    answerers: &mut HashMap<i64, Answerer>,
    actor: &str,
    target: &str,
) -> Result<()> {
    let mut select = lens.prepare_cached(
        "SELECT l.action_id, l.covers, l.spends, l.day FROM backdrop b JOIN bearing l ON l.action_id = b.id AND l.relation = 'answers'
         WHERE b.actor = ?1 AND b.target = ?2",
    )?;
    let mut rows = select.query([actor, target])?;
    while let Some(row) = rows.next()? {
        let (id, covers, spends, day): (i64, Count, Count, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let Some(raw) = raws.get_mut(&id) else { continue };
        raw.answers_day = raw.answers_day.max(day);
        raw.origin = if covers > 0 || raw.origin == Origin::Followed { Origin::Followed } else { Origin::Joined };
        let act = deeds.get(&id).copied().unwrap_or(id);
        if let Some(deed) = raws.get(&act) {
            let of = Answerer { kind: deed.kind, stage: deed.stage, count: deed.count, spent: 0 };
            let spent = &mut answerers.entry(act).or_insert(of).spent;
            *spent = spent.saturating_add(spends);
        }
    }
    Ok(())
}

/// Folds what was read into acts with what became of them.
struct Fold<'f, 'l> {
    lens: &'f Lens<'l>,
    kinds: &'f Kinds,
    raws: &'f HashMap<i64, Raw>,
    deeds: &'f HashMap<i64, i64>,
}

impl Fold<'_, '_> {
    fn side(&self, ids: &[i64], bearings: &[Bearing], answerers: &mut HashMap<i64, Answerer>) -> Result<Side> {
        let mut side = Side::default();
        let raws: Vec<&Raw> = ids.iter().filter_map(|id| self.raws.get(id)).collect();
        let mut ends = HashMap::new();
        for link in bearings.iter().filter(|l| matches!(l.relation, Relation::Executes | Relation::Reverses)) {
            let end = ends.entry(link.earlier).or_insert(link.relation);
            *end = if *end == Relation::Executes { *end } else { link.relation };
        }
        for raw in raws.iter().filter(|r| r.stage == Stage::Threatened) {
            let fate = self.fate(raw, ends.get(&raw.id).copied());
            side.threats.push(Threat { id: raw.id, kind: raw.kind, day: raw.day, selected: raw.selected, fate });
        }
        side.threats.sort_by_key(|t| (t.day, t.id));
        self.acts(&raws, bearings, &mut side);
        let places: HashMap<i64, usize> = side.acts.iter().enumerate().map(|(at, act)| (act.id, at)).collect();
        for link in bearings {
            let Some(earlier) = self.raws.get(&link.earlier) else { continue };
            let Some(at) = places.get(&self.deed(link.earlier)).copied() else { continue };
            let answers = link.relation == Relation::Answers && link.covers > 0;
            let by = if answers { self.answerer(link.later, answerers)? } else { None };
            let in_kind = by.is_some_and(|(_, kind)| kind == earlier.kind);
            side.acts[at].claim.settle(&Settling { relation: link.relation, covers: link.covers, day: link.day, in_kind });
            if let Some((by, _)) = by {
                side.answers.push(Answer { claim: at, by, spends: link.spends });
            }
        }
        Ok(side)
    }

    /// The act that an action is part of: the deed that carried it out, or itself.
    fn deed(&self, id: i64) -> i64 {
        self.deeds.get(&id).copied().unwrap_or(id)
    }

    fn acts(&self, raws: &[&Raw], bearings: &[Bearing], side: &mut Side) {
        let settled: HashSet<i64> =
            bearings.iter().filter(|l| l.covers > 0 && l.relation != Relation::Executes).map(|l| l.earlier).collect();
        let acts = raws.iter().filter(|r| r.stage != Stage::Threatened);
        for raw in acts.clone().filter(|r| !self.deeds.contains_key(&r.id)) {
            side.acts.push(Act {
                id: raw.id,
                first_id: raw.id,
                kind: raw.kind,
                stage: raw.stage,
                stands: raw.stands,
                selected: raw.selected,
                claim: Claim::new(raw.day, raw.open, raw.count.is_some()),
                move_day: raw.answers_day,
                origin: raw.origin,
            });
        }
        let mut places: HashMap<i64, usize> = HashMap::new();
        if !self.deeds.is_empty() {
            places = side.acts.iter().enumerate().map(|(at, act)| (act.id, at)).collect();
        }
        for raw in acts {
            let Some(at) = self.deeds.get(&raw.id).and_then(|deed| places.get(deed)) else { continue };
            let act = &mut side.acts[*at];
            act.claim.carries(raw.day, raw.open, raw.count.is_some() || (raw.open == 0 && !settled.contains(&raw.id)));
            act.first_id = act.first_id.min(raw.id);
            act.move_day = act.move_day.min(raw.answers_day);
            if act.origin == Origin::Opened || raw.origin == Origin::Followed {
                act.origin = raw.origin;
            }
        }
        side.acts.sort_by_key(|a| (a.claim.day, a.first_id));
    }

    fn fate(&self, threat: &Raw, end: Option<Relation>) -> Fate {
        match end {
            Some(Relation::Executes) => Fate::Executed,
            Some(_) => Fate::Withdrawn,
            None if threat.deadline_day.is_some_and(|day| Day(day) < self.lens.as_of()) => Fate::Lapsed,
            None => Fate::Pending,
        }
    }

    /// The act that answers and the kind of the action that is linked: it may be another party's, at a member's door or in
    /// the organisation's name.
    fn answerer(&self, id: i64, answerers: &mut HashMap<i64, Answerer>) -> Result<Option<(i64, usize)>> {
        if let Some(raw) = self.raws.get(&id) {
            return Ok(Some((self.deed(id), raw.kind)));
        }
        let mut select = self.lens.prepare_cached(
            "SELECT n.kind AS linked_kind, d.id, d.kind, d.stage, d.count,
               (SELECT sum(s.spends) FROM bearing s WHERE s.relation = 'answers' AND (s.action_id = d.id
                 OR s.action_id IN (SELECT x.earlier_id FROM bearing x WHERE x.action_id = d.id AND x.relation = 'executes'))) AS spent
             FROM main.action n JOIN main.action d ON d.id = CASE n.stage WHEN 'announced'
               THEN coalesce((SELECT x.action_id FROM bearing x WHERE x.earlier_id = n.id AND x.relation = 'executes'), n.id) ELSE n.id END
             WHERE n.id = ?",
        )?;
        let found = select.query_row([id], |r| {
            let place = |column| Ok::<_, rusqlite::Error>(self.kinds.place(r.get_ref(column)?.as_str().unwrap_or_default()));
            let of = place("kind")?;
            let of = match of {
                Some(kind) => Some(Answerer { kind, stage: r.get("stage")?, count: r.get("count")?, spent: r.get("spent")? }),
                None => None,
            };
            Ok((r.get::<_, i64>("id")?, place("linked_kind")?, of))
        });
        let Some((act, Some(kind), Some(of))) = found.optional()? else { return Ok(None) };
        answerers.insert(act, of);
        Ok(Some((act, kind)))
    }
}
