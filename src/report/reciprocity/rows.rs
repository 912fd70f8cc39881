//! The rows from which the figures are computed, wherever they come from: the ledger, or an engine over a lake.

use std::collections::HashMap;

use crate::error::Result;
use crate::ledger::catalogue::Weight;
use crate::model::{Count, Sign, Stage};
use crate::record::{Cells, next};
use crate::report::candidate_series::Dated;
use crate::report::reciprocity::links::Links;
use crate::report::reciprocity::pair::{Answerer, Kind, Scale};

/// Where the rows come from.
pub(super) trait Rows {
    /// The kinds of act.
    fn kinds(&self) -> &Kinds;

    /// The weights on all scales.
    fn weights(&self) -> Result<Vec<Weight>>;

    /// The links of the acts between the pairs.
    fn links(&self) -> Result<Links>;

    /// The act of a third party that answers an act of a pair, by the id of its action.
    fn third_party(&self, id: i64) -> Result<Option<ThirdParty>>;

    /// Passes each pair with any act that the selection shows to `each`, by the codes of the pair.
    fn each_pair(&self, each: &mut dyn FnMut(PairRows) -> Result<()>) -> Result<()>;
}

/// The kinds of act, with the index of each.
#[derive(Debug)]
pub(super) struct Kinds {
    indices: HashMap<String, usize>,
    pub kinds: Vec<Kind>,
}

/// A logged action.
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

/// A candidate: an act of unknown count without links.
#[derive(Debug, Clone, Copy)]
pub(super) struct CandidateAct {
    pub dated: Dated,
    pub kind: usize,
    pub stage: Stage,
    pub claims: bool,
}

/// The acts of one party against the other.
#[derive(Debug, Default)]
pub(super) struct SideRows {
    pub known: Vec<RecordedAct>,
    pub candidates: Vec<CandidateAct>,
}

/// The acts of two parties towards each other.
#[derive(Debug, Default)]
pub(super) struct PairRows {
    /// Their codes, in order.
    pub parties: [String; 2],
    /// The acts of the first towards the second, then those of the second towards the first.
    pub sides: [SideRows; 2],
}

/// An act of a third party that answers an act of a pair: of a member of an organisation, or of the organisation itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct ThirdParty {
    /// The index of the kind of the linked action.
    pub linked_kind: usize,
    /// The id of the act: of the action that carried out the linked one, or of that one itself.
    pub id: i64,
    pub act: Answerer,
}

impl Kinds {
    /// The kinds with their names.
    pub fn new(mut named: Vec<(String, Kind)>) -> Kinds {
        named.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let indices = named.iter().zip(0..).map(|((name, _), index)| (name.clone(), index)).collect();
        Kinds { indices, kinds: named.into_iter().map(|(_, kind)| kind).collect() }
    }

    /// Reads a kind with its name from the columns name, unit and sign.
    pub fn read<C: Cells + ?Sized>(cells: &C) -> rusqlite::Result<(String, Kind)> {
        let place = &mut 0;
        Ok((next(cells, place)?, Kind { unit: next(cells, place)?, sign: next(cells, place)? }))
    }

    /// The index of a kind; `None`: there is no such kind, which the schema rules out.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.indices.get(name).copied()
    }

    /// The index of the kind that a cell names.
    fn named<C: Cells + ?Sized>(&self, cells: &C, place: usize) -> rusqlite::Result<Option<usize>> {
        Ok(self.index(cells.cell(place)?.as_str().unwrap_or_default()))
    }

    fn sign(&self, kind: usize) -> Sign {
        self.kinds[kind].sign
    }

    /// The weights on the scales with these names.
    pub fn scales(&self, all: &[Weight], names: &[String]) -> Vec<Scale> {
        let of = |name: &String| {
            let mut weights = vec![[None; 3]; self.kinds.len()];
            for weight in all.iter().filter(|w| w.scale == *name) {
                if let Some(kind) = self.index(&weight.kind) {
                    weights[kind][weight.stage as usize] = Some((weight.weight, weight.per == "unit"));
                }
            }
            weights
        };
        names.iter().map(|name| Scale { name: name.clone(), weights: of(name) }).collect()
    }
}

impl RecordedAct {
    /// Reads an act from its first columns: id, kind, stage, day, count, stands, open, late, selected, carried_out_by, day_latest. `None`:
    /// it is neutral.
    pub fn read<C: Cells + ?Sized>(cells: &C, kinds: &Kinds) -> rusqlite::Result<Option<RecordedAct>> {
        let Some(kind) = kinds.named(cells, 1)?.filter(|kind| kinds.sign(*kind) != Sign::Neutral) else { return Ok(None) };
        let id = next(cells, &mut 0)?;
        let place = &mut 2;
        Ok(Some(RecordedAct {
            id,
            kind,
            turn: 0,
            stage: next(cells, place)?,
            day: next(cells, place)?,
            count: next(cells, place)?,
            stands: next(cells, place)?,
            open: next(cells, place)?,
            late: next::<Option<bool>, _>(cells, place)?.unwrap_or(false),
            selected: next(cells, place)?,
            carried_out_by: next(cells, place)?,
            latest: next(cells, place)?,
        }))
    }
}

impl ThirdParty {
    /// Reads the columns linked_kind, id, kind, stage, count and spent, which begin at `place`. `None`: the kinds do not have the one that a
    /// column names.
    pub fn read<C: Cells + ?Sized>(cells: &C, place: usize, kinds: &Kinds) -> rusqlite::Result<Option<ThirdParty>> {
        let (Some(linked_kind), Some(kind)) = (kinds.named(cells, place)?, kinds.named(cells, place + 2)?) else { return Ok(None) };
        let id = next(cells, &mut (place + 1))?;
        let place = &mut (place + 3);
        let act = Answerer { kind, stage: next(cells, place)?, count: next(cells, place)?, spent: next(cells, place)? };
        Ok(Some(ThirdParty { linked_kind, id, act }))
    }
}

impl PairRows {
    /// Puts the acts of both sides in order. Acts of one day are ordered by ref, so that the order of entry makes no difference; `reference`
    /// finds the ref of an action where the order matters. Candidates are ordered by id.
    pub fn put_in_order(&mut self, kinds: &Kinds, mut reference: impl FnMut(i64) -> Result<String>) -> Result<()> {
        let mut acts: Vec<(bool, &mut RecordedAct)> = Vec::new();
        let [a, b] = &mut self.sides;
        acts.extend(a.known.iter_mut().map(|raw| (true, raw)));
        acts.extend(b.known.iter_mut().map(|raw| (false, raw)));
        acts.sort_unstable_by_key(|(_, raw)| (raw.day, raw.id));
        let mut turn = 0;
        for of_day in acts.chunk_by_mut(|(_, x), (_, y)| x.day == y.day) {
            let whose = |(side, raw): &(bool, &mut RecordedAct)| (*side, kinds.sign(raw.kind));
            let mut refs = vec![String::new(); of_day.len()];
            if of_day.iter().any(|act| whose(act) != whose(&of_day[0])) {
                for (found, (_, raw)) in refs.iter_mut().zip(&*of_day) {
                    *found = reference(raw.id)?;
                }
            }
            let mut order: Vec<usize> = (0..of_day.len()).collect();
            order.sort_by_key(|&at| &refs[at]);
            for at in order {
                turn += 1;
                of_day[at].1.turn = turn;
            }
        }
        for side in &mut self.sides {
            side.known.sort_unstable_by_key(|raw| raw.turn);
            side.candidates.sort_unstable_by_key(|s| (s.dated.day, s.dated.id));
        }
        Ok(())
    }
}

/// The codes of a pair, in order.
pub(super) fn in_order(actor: String, target: String) -> [String; 2] {
    if actor < target { [actor, target] } else { [target, actor] }
}
