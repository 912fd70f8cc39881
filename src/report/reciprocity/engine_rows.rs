//! Reads the rows of the figures from an engine over a lake.

use std::collections::HashMap;

use crate::engine::Engine;
use crate::error::Result;
use crate::ledger::catalogue::Weight;
use crate::record::{Cells, FromCells, next};
use crate::report::candidate_series::Dated;
use crate::report::portable::{ReciprocityStatements, without_table};
use crate::report::reciprocity::links::{LinkEffect, Links};
use crate::report::reciprocity::rows::{CandidateAct, Kinds, PairRows, RecordedAct, Rows, ThirdParty, in_order};

/// The rows of an engine.
pub(super) struct EngineRows<'e> {
    engine: &'e Engine,
    statements: &'e ReciprocityStatements,
    kinds: Kinds,
    /// By the id of the linked action.
    third_parties: HashMap<i64, ThirdParty>,
}

impl<'e> EngineRows<'e> {
    pub fn new(engine: &'e Engine, statements: &'e ReciprocityStatements) -> Result<EngineRows<'e>> {
        let kinds = Kinds::new(collect(engine, &statements.kinds, |cells| Kinds::read(cells))?);
        let answers = collect(engine, &statements.third_parties, |cells| Ok((next(cells, &mut 0)?, ThirdParty::read(cells, 1, &kinds)?)))?;
        let third_parties = answers.into_iter().filter_map(|(id, found)| Some((id, found?))).collect();
        Ok(EngineRows { engine, statements, kinds, third_parties })
    }
}

impl Rows for EngineRows<'_> {
    fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    fn weights(&self) -> Result<Vec<Weight>> {
        collect(self.engine, &self.statements.weights, |cells| Weight::from_cells(cells))
    }

    fn links(&self) -> Result<Links> {
        Ok(Links::new(collect(self.engine, &self.statements.links, |cells| LinkEffect::read(cells))?))
    }

    fn third_party(&self, id: i64) -> Result<Option<ThirdParty>> {
        Ok(self.third_parties.get(&id).copied())
    }

    fn each_pair(&self, each: &mut dyn FnMut(PairRows) -> Result<()>) -> Result<()> {
        let acts = &self.statements.acts;
        let mut open = Open::default();
        let read = self.engine.query(acts, &mut |cells| {
            let parties = in_order(next(cells, &mut 11)?, next(cells, &mut 12)?);
            if open.rows.parties != parties {
                std::mem::take(&mut open).close(&self.kinds, each)?;
                open.rows.parties = parties;
            }
            open.add(cells, &self.kinds)
        });
        read.map_err(|e| without_table(self.engine, acts, e))?;
        open.close(&self.kinds, each)
    }
}

/// The pair whose acts are being read.
#[derive(Default)]
struct Open {
    rows: PairRows,
    /// The refs of its actions, by id.
    refs: HashMap<i64, String>,
    /// True if the selection shows any of its acts.
    shown: bool,
}

impl Open {
    fn add(&mut self, cells: &dyn Cells, kinds: &Kinds) -> Result<()> {
        self.shown |= next::<bool, _>(cells, &mut 8)?;
        let Some(act) = RecordedAct::read(cells, kinds)? else { return Ok(()) };
        let actor: String = next(cells, &mut 11)?;
        let side = &mut self.rows.sides[usize::from(actor != self.rows.parties[0])];
        // Candidates have negative ids.
        if act.id < 0 {
            let dated = Dated { id: act.id, day: act.day, shown: act.selected };
            side.candidates.push(CandidateAct { dated, kind: act.kind, stage: act.stage, claims: act.open > 0 });
        } else {
            self.refs.insert(act.id, next(cells, &mut 13)?);
            side.known.push(act);
        }
        Ok(())
    }

    /// Passes the pair on once all of its acts are read.
    fn close(mut self, kinds: &Kinds, each: &mut dyn FnMut(PairRows) -> Result<()>) -> Result<()> {
        if !self.shown {
            return Ok(());
        }
        self.rows.put_in_order(kinds, |id| Ok(self.refs.remove(&id).unwrap_or_default()))?;
        each(self.rows)
    }
}

fn collect<T>(engine: &Engine, statement: &str, read: impl Fn(&dyn Cells) -> rusqlite::Result<T>) -> Result<Vec<T>> {
    engine.collect(statement, read).map_err(|e| without_table(engine, statement, e))
}
