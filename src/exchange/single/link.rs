//! Making the links of the rows that were added.

use std::collections::HashMap;

use rusqlite::params;

use crate::error::{Error, Result};
use crate::ledger::link;
use crate::model::Relation;

use super::super::pending::{self, BAD, Pending, When};
use super::super::problems::Problems;
use super::Single;

impl Single<'_> {
    /// Makes the links, in their order.
    pub(super) fn link(&mut self, problems: &mut Problems) -> Result<()> {
        let mut links = Vec::with_capacity(self.links.len());
        let mut doubtful = !problems.is_empty();
        for (mut link, reference) in std::mem::take(&mut self.links) {
            match self.find(&reference)? {
                Some(BAD) => (),
                Some(id) if link.later != BAD => {
                    link.earlier = id;
                    links.push(link);
                }
                None if !self.nameless => {
                    problems.add(link.at, Some(super::super::earlier_column(&link)), super::super::no_such_ref(&reference))
                }
                _ => (),
            }
        }
        let times = self.times(&links)?;
        pending::sort(&mut links, &|id| times.get(&id).copied().unwrap_or(When { day: 0, latest: 0, unit: 0 }));
        for link in links {
            match self.add(&link) {
                Ok(()) => self.imported.links += 1,
                // After a bad row only what does not rest on amounts is sure to be wrong.
                Err(Error::Refused { .. }) if doubtful => (),
                Err(e @ (Error::Refused { .. } | Error::Sqlite(_))) => {
                    problems.add(link.at, Some(super::super::earlier_column(&link)), e);
                    doubtful |= link.relation == Relation::Reverses;
                }
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    fn add(&self, link: &Pending) -> Result<()> {
        let (later, earlier) = (i64::from(link.later), i64::from(link.earlier));
        let given = link.settlement();
        let made = link::add(self.conn, later, link.relation, earlier, link.asked())?.amounts;
        if link.stated && made != given {
            self.conn
                .prepare_cached(
                    "UPDATE link SET covers = ?, spends = ?, reversed = ? WHERE action_id = ? AND relation = ? AND earlier_id = ?",
                )?
                .execute(params![given.covers, given.spends, given.reversed, later, link.relation, earlier])?;
        }
        Ok(())
    }

    fn times(&self, links: &[Pending]) -> Result<HashMap<u32, When>> {
        let mut times = HashMap::new();
        let mut units: Vec<String> = Vec::new();
        let mut select =
            self.conn.prepare("SELECT a.day, a.day_latest, k.unit FROM action a JOIN kind k ON k.name = a.kind WHERE a.id = ?")?;
        for id in links.iter().flat_map(|l| [l.later, l.earlier]) {
            if times.contains_key(&id) {
                continue;
            }
            let (day, latest, unit): (i32, i32, String) = select.query_row([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
            let at = units.iter().position(|u| *u == unit).unwrap_or_else(|| {
                units.push(unit);
                units.len() - 1
            });
            times.insert(id, When { day, latest, unit: u16::try_from(at).unwrap_or(u16::MAX) });
        }
        Ok(times)
    }
}
