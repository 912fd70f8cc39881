//! Which acts count with which number of a quantity. A measure counts once, however often it was announced, carried out and renewed.

use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::params;

use crate::error::Result;
use crate::model::quantity::{Decimal, can_be_added};
use crate::model::{Relation, Sign};
use crate::record::ReadColumn;
use crate::report::Lens;

/// The acts that have a quantity, and all that belong to the same measures: those that they renew or carry out, and so on.
const RELATED: &str = "WITH RECURSIVE joining (action_id, earlier_id, relation) AS NOT MATERIALIZED (
  SELECT action_id, earlier_id, relation FROM effective_link WHERE relation = 'renews' AND spends > 0 OR relation = 'executes' AND takes > 0
), related (id) AS (
  SELECT action_id FROM quantity WHERE name = ?1
  UNION SELECT l.earlier_id FROM related r CROSS JOIN joining l ON l.action_id = r.id
  UNION SELECT l.action_id FROM related r CROSS JOIN joining l ON l.earlier_id = r.id
)";

/// An act that has the quantity, or belongs to a measure that has it.
pub(super) struct Act {
    id: i64,
    pub actor: String,
    pub target: String,
    pub sign: Sign,
    day: i64,
    reference: String,
    /// True if something of it is neither reversed nor carried out by another act.
    stands: bool,
    is_selected: bool,
    /// Its number and unit.
    stated: Option<(Decimal, String)>,
}

/// The acts that have the quantity, with those that they renew or carry out, and that renew them or carry them out.
#[derive(Default)]
pub(super) struct Measures {
    acts: BTreeMap<i64, Act>,
    /// By act: the acts that renew it.
    renewals: HashMap<i64, Vec<i64>>,
    /// By announcement: the acts that carried it out, each wholly or in part.
    parts: HashMap<i64, Vec<i64>>,
    /// The acts that renew or carry out another one.
    later: HashSet<i64>,
}

/// An act that counts, with the number and the unit with which it does.
pub(super) struct Counted<'m> {
    pub act: &'m Act,
    pub value: Decimal,
    pub unit: &'m str,
}

impl Measures {
    pub fn read(lens: &Lens<'_>, name: &str) -> Result<Measures> {
        let mut measures = Measures::default();
        let mut select = lens.prepare(&format!(
            "{RELATED}
             SELECT a.id, a.actor, a.target, k.sign, a.day, a.ref, a.stands > 0,
               EXISTS (SELECT 1 FROM selected_action s WHERE s.id = a.id), q.value, q.unit
             FROM related r CROSS JOIN unfiltered_action a ON a.id = r.id JOIN kind k ON k.name = a.kind
             LEFT JOIN quantity q ON q.action_id = a.id AND q.name = ?1
             WHERE a.stage <> 'threatened' AND k.sign <> 'neutral'"
        ))?;
        let mut rows = select.query([name])?;
        while let Some(row) = rows.next()? {
            let value = row.read::<Option<String>>(8)?.map(|value| value.parse::<Decimal>()).transpose()?;
            let act = Act {
                id: row.read(0)?,
                actor: row.read(1)?,
                target: row.read(2)?,
                sign: row.read(3)?,
                day: row.read(4)?,
                reference: row.read(5)?,
                stands: row.read(6)?,
                is_selected: row.read(7)?,
                stated: value.zip(row.read(9)?),
            };
            measures.acts.insert(act.id, act);
        }
        let mut select = lens.prepare(&format!(
            "{RELATED}
             SELECT l.action_id, l.earlier_id, l.relation FROM related r CROSS JOIN joining l ON l.action_id = r.id
             ORDER BY l.action_id, l.earlier_id"
        ))?;
        let links = select.query_map(params![name], |r| Ok((r.read(0)?, r.read(1)?, r.read(2)?)))?;
        for link in links.collect::<rusqlite::Result<Vec<(i64, i64, Relation)>>>()? {
            measures.join(link);
        }
        Ok(measures)
    }

    fn join(&mut self, (later, earlier, relation): (i64, i64, Relation)) {
        // A damaged file may have a circle.
        if !self.acts.contains_key(&later) || !self.acts.contains_key(&earlier) || self.leads(later, earlier) {
            return;
        }
        let links = if relation == Relation::Renews { &mut self.renewals } else { &mut self.parts };
        links.entry(earlier).or_default().push(later);
        self.later.insert(later);
    }

    /// True if links lead from one act to another, from earlier to later.
    fn leads(&self, from: i64, to: i64) -> bool {
        let next = |links: &HashMap<i64, Vec<i64>>| links.get(&from).is_some_and(|later| later.iter().any(|id| self.leads(*id, to)));
        from == to || next(&self.renewals) || next(&self.parts)
    }

    /// The acts that count, by day. A measure counts with the number that its latest renewal states, as long as something of it stands. What
    /// was carried out counts with its own number; the announcement has what is left of its number.
    pub fn counted(&self) -> Vec<Counted<'_>> {
        let (mut counted, mut seen) = (Vec::new(), HashSet::new());
        for act in self.acts.values().filter(|act| !self.later.contains(&act.id)) {
            self.count(act, &mut seen, &mut counted);
        }
        counted.retain(|counted| counted.act.is_selected);
        counted.sort_by_key(|counted| (counted.act.day, counted.act.id));
        counted
    }

    /// Counts an act and what carried it out. `seen` are the acts that were counted: one act can carry out several announcements.
    fn count<'m>(&'m self, act: &'m Act, seen: &mut HashSet<i64>, counted: &mut Vec<Counted<'m>>) {
        if !seen.insert(act.id) {
            return;
        }
        let parts = || self.linked(&self.parts, act);
        let is_left = act.stands || parts().any(|part| self.lasts(part)) && !parts().any(|part| self.states(part));
        if is_left {
            match self.latest_renewal(act) {
                // What was carried out of a renewal has numbers of its own.
                Some(renewal) if self.parts.contains_key(&renewal.id) => self.count(renewal, seen, counted),
                renewal => self.count_rest(act, renewal.unwrap_or(act), counted),
            }
        }
        parts().for_each(|part| self.count(part, seen, counted));
    }

    /// Counts an act with the number that `stating` states for it, less the numbers of what carried it out.
    fn count_rest<'m>(&'m self, act: &Act, stating: &'m Act, counted: &mut Vec<Counted<'m>>) {
        let Some((value, unit)) = &stating.stated else { return };
        let of_parts = self.linked(&self.parts, act).filter_map(|part| part.stated.as_ref()).filter(|(_, of_part)| of_part == unit);
        // Percentages cannot be subtracted.
        let carried_out =
            if can_be_added(unit) { of_parts.fold(Decimal::default(), |sum, (value, _)| sum + *value) } else { Decimal::default() };
        let value = *value - carried_out;
        if carried_out == Decimal::default() || value > Decimal::default() {
            counted.push(Counted { act: stating, value, unit });
        }
    }

    /// The renewal of an act, or of one of its renewals, that states the quantity last and lasts.
    fn latest_renewal<'m>(&'m self, act: &Act) -> Option<&'m Act> {
        let renewals = self.renewals_of(act).into_iter().filter(|renewal| self.lasts(renewal));
        let stating = renewals.filter_map(|renewal| Some((self.last_statement(renewal)?, renewal)));
        stating.max_by_key(|(statement, _)| *statement).map(|(_, renewal)| renewal)
    }

    /// The renewals of an act, and theirs.
    fn renewals_of<'m>(&'m self, act: &Act) -> Vec<&'m Act> {
        self.linked(&self.renewals, act).flat_map(|renewal| [vec![renewal], self.renewals_of(renewal)].concat()).collect()
    }

    /// The day and the ref of the act that states the quantity of a renewal last and lasts: the renewal, what carried it out or a renewal of
    /// that.
    fn last_statement<'m>(&'m self, act: &'m Act) -> Option<(i64, &'m str)> {
        let own = (act.stated.is_some() && self.lasts(act)).then_some((act.day, act.reference.as_str()));
        let parts = self.linked(&self.parts, act).flat_map(|part| [vec![part], self.renewals_of(part)].concat());
        own.into_iter().chain(parts.filter_map(|part| self.last_statement(part))).max()
    }

    /// True if something stands of an act, or of what carried it out.
    fn lasts(&self, act: &Act) -> bool {
        act.stands || self.linked(&self.parts, act).any(|part| self.lasts(part))
    }

    /// True if an act, what carried it out or a renewal of either states the quantity.
    fn states(&self, act: &Act) -> bool {
        act.stated.is_some() || self.linked(&self.parts, act).chain(self.linked(&self.renewals, act)).any(|next| self.states(next))
    }

    /// The acts that are linked to one.
    fn linked<'m>(&'m self, links: &'m HashMap<i64, Vec<i64>>, act: &Act) -> impl Iterator<Item = &'m Act> {
        links.get(&act.id).into_iter().flatten().filter_map(|id| self.acts.get(id))
    }
}
