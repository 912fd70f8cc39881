//! Reads the acts of two parties towards each other, pair by pair, so that only one pair is in memory at a time.
//!
//! The view `response` gives other clients the same results for each claim. Here its parts are read separately, because the measures also
//! need every answer, and because folding a large ledger in memory is several times as fast.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, params};

use crate::error::Result;
use crate::ledger::catalogue;
use crate::model::{Count, Sign, Stage};
use crate::report::Lens;
use crate::report::candidate_series::{self, Dated, Days, Series};
use crate::report::reciprocity::pair::{Kind, Scale};

/// The kinds of act, with the index of each.
#[derive(Debug)]
pub(super) struct Kinds {
    indices: HashMap<String, usize>,
    pub kinds: Vec<Kind>,
}

/// A logged action, as read from the ledger.
#[derive(Debug)]
pub(super) struct RecordedAct {
    pub id: i64,
    pub kind: usize,
    pub stage: Stage,
    pub day: i64,
    /// The last day that its date allows.
    pub latest: i64,
    /// Its position among the acts of its pair, by day and ref.
    pub turn: i64,
    pub count: Option<Count>,
    pub stands: Count,
    pub open: Count,
    /// True for a threat whose deadline has passed. A deadline without a time passes at the end of its day.
    pub late: bool,
    /// True if the selection shows it.
    pub selected: bool,
    /// The single action that carried out all of this announcement, if there is one.
    pub carried_out_by: Option<i64>,
}

/// A candidate, as read from the ledger: an act of unknown count without links.
#[derive(Debug, Clone, Copy)]
pub(super) struct CandidateAct {
    pub dated: Dated,
    pub kind: usize,
    pub stage: Stage,
    pub claims: bool,
}

/// The acts of one party against the other.
#[derive(Debug)]
pub(super) struct SideRows {
    pub known: Vec<RecordedAct>,
    pub candidates: Vec<CandidateAct>,
}

impl Kinds {
    pub fn read(conn: &Connection) -> Result<Kinds> {
        let mut select = conn.prepare("SELECT name, unit, sign FROM kind ORDER BY name")?;
        let mut rows = select.query([])?;
        let mut kinds = Kinds { indices: HashMap::new(), kinds: Vec::new() };
        while let Some(row) = rows.next()? {
            kinds.indices.insert(row.get("name")?, kinds.kinds.len());
            kinds.kinds.push(Kind { unit: row.get("unit")?, sign: row.get("sign")? });
        }
        Ok(kinds)
    }

    /// The index of a kind; `None`: there is no such kind, which the schema rules out.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.indices.get(name).copied()
    }

    fn sign(&self, kind: usize) -> Sign {
        self.kinds[kind].sign
    }

    /// The weights on the scales with these names.
    pub fn scales(&self, conn: &Connection, names: &[String]) -> Result<Vec<Scale>> {
        let all = catalogue::list_weights(conn)?;
        let of = |name: &String| {
            let mut weights = vec![[None; 3]; self.kinds.len()];
            for weight in all.iter().filter(|w| w.scale == *name) {
                if let Some(kind) = self.index(&weight.kind) {
                    weights[kind][weight.stage as usize] = Some((weight.weight, weight.per == "unit"));
                }
            }
            weights
        };
        Ok(names.iter().map(|name| Scale { name: name.clone(), weights: of(name) }).collect())
    }
}

/// Reads one pair after another.
pub(super) struct PairReader<'l> {
    lens: &'l Lens<'l>,
    kinds: &'l Kinds,
    /// The series of candidates, by actor and target.
    series: Vec<Series>,
    days: Option<Days<'l>>,
}

impl<'l> PairReader<'l> {
    pub fn new(lens: &'l Lens<'l>, kinds: &'l Kinds) -> Result<PairReader<'l>> {
        let series = candidate_series::series(lens)?;
        let days = if series.is_empty() { None } else { Some(Days::new(lens)?) };
        Ok(PairReader { lens, kinds, series, days })
    }

    /// The pairs with any act that the lens shows, each in the order of its codes.
    pub fn pairs(&mut self) -> Result<Vec<(String, String)>> {
        let mut select = self.lens.prepare_cached("SELECT DISTINCT actor, target FROM selected_action")?;
        let known = select.query_map([], |r| Ok(in_order(r.get("actor")?, r.get("target")?)))?;
        let mut pairs: BTreeSet<(String, String)> = known.collect::<rusqlite::Result<_>>()?;
        let Some(days) = &mut self.days else { return Ok(pairs.into_iter().collect()) };
        for series in &self.series {
            let pair = in_order(series.actor.clone(), series.target.clone());
            let mut shown = pairs.contains(&pair);
            if !shown {
                days.of(series, |dated| {
                    shown |= dated.shown;
                    !shown
                })?;
                if shown {
                    pairs.insert(pair);
                }
            }
        }
        Ok(pairs.into_iter().collect())
    }

    /// The acts of a towards b, then those of b towards a.
    pub fn read(&mut self, a: &str, b: &str) -> Result<[SideRows; 2]> {
        let mut sides = [self.side(a, b)?, self.side(b, a)?];
        self.rank(&mut sides)?;
        Ok(sides)
    }

    fn side(&mut self, actor: &str, target: &str) -> Result<SideRows> {
        Ok(SideRows { known: self.actions(actor, target)?, candidates: self.candidates(actor, target)? })
    }

    /// Puts the acts of both sides in order. Acts of one day are ordered by ref, so that the order of entry makes no difference. Refs are
    /// looked up only where the order matters.
    fn rank(&self, sides: &mut [SideRows; 2]) -> Result<()> {
        let mut acts: Vec<(bool, &mut RecordedAct)> = Vec::new();
        let [a, b] = sides;
        acts.extend(a.known.iter_mut().map(|raw| (true, raw)));
        acts.extend(b.known.iter_mut().map(|raw| (false, raw)));
        acts.sort_unstable_by_key(|(_, raw)| raw.day);
        let mut select = self.lens.prepare_cached("SELECT ref FROM main.action WHERE id = ?")?;
        let mut turn = 0;
        for of_day in acts.chunk_by_mut(|(_, x), (_, y)| x.day == y.day) {
            let whose = |(side, raw): &(bool, &mut RecordedAct)| (*side, self.kinds.sign(raw.kind));
            let mut refs = vec![String::new(); of_day.len()];
            if of_day.iter().any(|act| whose(act) != whose(&of_day[0])) {
                for (reference, (_, raw)) in refs.iter_mut().zip(&*of_day) {
                    *reference = select.query_row([raw.id], |r| r.get(0))?;
                }
            }
            let mut order: Vec<usize> = (0..of_day.len()).collect();
            order.sort_by_key(|&at| &refs[at]);
            for at in order {
                turn += 1;
                of_day[at].1.turn = turn;
            }
        }
        Ok(())
    }

    fn actions(&self, actor: &str, target: &str) -> Result<Vec<RecordedAct>> {
        let mut select = self.lens.prepare_cached(
            "SELECT b.id, b.kind, b.stage, b.day, b.count, b.stands, b.open,
               CASE b.stage WHEN 'threatened' THEN
                 CASE length(b.deadline) WHEN 10 THEN unixepoch(b.deadline) / 86400 < ?4 ELSE unixepoch(b.deadline) < ?5 END END AS late,
               (?3 OR EXISTS (SELECT 1 FROM selected_action s WHERE s.id = b.id)) AS selected,
               CASE b.stage WHEN 'announced' THEN (SELECT c.action_id FROM carried_out c WHERE c.announcement_id = b.id) END AS carried_out_by,
               b.day_latest
             FROM unfiltered_action b WHERE b.actor = ?1 AND b.target = ?2",
        )?;
        let lens = self.lens;
        let mut rows = select.query(params![actor, target, !lens.narrows(), lens.as_of().0, lens.instant()])?;
        let mut raws = Vec::new();
        // Columns are read by index: looking up a name in each of a million rows is slow.
        while let Some(row) = rows.next()? {
            let Some(kind) = self.kinds.index(row.get_ref(1)?.as_str().unwrap_or_default()) else { continue };
            if self.kinds.sign(kind) == Sign::Neutral {
                continue;
            }
            raws.push(RecordedAct {
                id: row.get(0)?,
                kind,
                stage: row.get(2)?,
                day: row.get(3)?,
                turn: 0,
                count: row.get(4)?,
                stands: row.get(5)?,
                open: row.get(6)?,
                late: row.get::<_, Option<bool>>(7)?.unwrap_or(false),
                selected: row.get(8)?,
                carried_out_by: row.get(9)?,
                latest: row.get(10)?,
            });
        }
        Ok(raws)
    }

    /// The candidates, by day and id.
    fn candidates(&mut self, actor: &str, target: &str) -> Result<Vec<CandidateAct>> {
        let mut candidates = Vec::new();
        let Some(days) = &mut self.days else { return Ok(candidates) };
        let from = self.series.partition_point(|s| (s.actor.as_str(), s.target.as_str()) < (actor, target));
        for series in self.series[from..].iter().take_while(|s| s.actor == actor && s.target == target) {
            let Some(kind) = self.kinds.index(&series.kind).filter(|_| series.sign != Sign::Neutral) else { continue };
            let (stage, claims) = (series.stage, series.claims);
            days.of(series, |dated| {
                candidates.push(CandidateAct { dated, kind, stage, claims });
                true
            })?;
        }
        candidates.sort_unstable_by_key(|s| (s.dated.day, s.dated.id));
        Ok(candidates)
    }
}

fn in_order(actor: String, target: String) -> (String, String) {
    if actor < target { (actor, target) } else { (target, actor) }
}
