//! The balance of a quantity between two parties, by unit. A measure counts once, however often it was announced, carried out and renewed.

use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::Connection;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::model::quantity::{Decimal, can_be_added};
use crate::model::{Quantity, Relation, Sign, name};
use crate::record::{ReadColumn, Row};
use crate::report::{Lens, Side};

/// The sum of a quantity over the acts of two parties, a and b, in one unit. Numbers are exact decimals, as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuantityBalance {
    /// Party a: the first of the pair's two codes in alphabetical order.
    pub party_a: String,
    /// Party b: the second of the pair's two codes.
    pub party_b: String,
    /// The name of the quantity.
    pub quantity: String,
    /// Whether the acts are hostile or friendly.
    pub sign: Sign,
    /// The unit.
    pub unit: String,
    /// Number of a's acts that have the quantity in this unit.
    pub a_actions: i64,
    /// Number of b's acts that have the quantity in this unit.
    pub b_actions: i64,
    /// Sum over a's acts; `None`: several acts state percentages, which cannot be added.
    pub a_sum: Option<String>,
    /// Sum over b's acts, likewise.
    pub b_sum: Option<String>,
    /// a's sum minus b's; `None`: a sum is missing, or the quantity is stated in several units, so the sums cannot be compared.
    pub net: Option<String>,
    /// The values of a's acts and of b's, in the order of the acts.
    #[serde(skip)]
    pub values: [Vec<Decimal>; 2],
}

impl Row for QuantityBalance {
    const COLUMNS: &'static [&'static str] =
        &["party_a", "party_b", "quantity", "sign", "unit", "a_actions", "b_actions", "a_sum", "b_sum", "net"];
}

/// The values of the acts of each side.
type Sides = [Vec<Decimal>; 2];

/// The balance of the quantity with this name, by pair, sign and unit.
///
/// # Errors
/// No action of the ledger has the quantity, or the ledger cannot be read.
pub fn read(lens: &Lens<'_>, given: &str) -> Result<Vec<QuantityBalance>> {
    let name = known(lens, given)?;
    let measures = Measures::read(lens, &name)?;
    let mut sums: BTreeMap<(&str, &str, Sign), BTreeMap<&str, Sides>> = BTreeMap::new();
    for Counted { act, value, unit } in measures.counted() {
        let (actor, target) = (act.actor.as_str(), act.target.as_str());
        let side = usize::from(actor > target);
        let (party_a, party_b) = if side == 0 { (actor, target) } else { (target, actor) };
        sums.entry((party_a, party_b, act.sign)).or_default().entry(unit).or_default()[side].push(value);
    }
    let balance = sums.into_iter().flat_map(|((party_a, party_b, sign), units)| {
        let comparable = units.len() == 1;
        let name = name.clone();
        units.into_iter().map(move |(unit, values)| {
            let [a, b] = values.each_ref().map(|values| sum(values, unit));
            let [a_actions, b_actions] = values.each_ref().map(|values| i64::try_from(values.len()).unwrap_or(i64::MAX));
            QuantityBalance {
                party_a: party_a.to_owned(),
                party_b: party_b.to_owned(),
                quantity: name.clone(),
                sign,
                unit: unit.to_owned(),
                a_actions,
                b_actions,
                a_sum: a.map(|sum| sum.to_string()),
                b_sum: b.map(|sum| sum.to_string()),
                net: a.zip(b).filter(|_| comparable).map(|(a, b)| (a - b).to_string()),
                values,
            }
        })
    });
    Ok(balance.collect())
}

/// An act that has the quantity, or belongs to a measure that has it.
struct Act {
    id: i64,
    actor: String,
    target: String,
    sign: Sign,
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
struct Measures {
    acts: BTreeMap<i64, Act>,
    /// By act: the acts that renew it.
    renewals: HashMap<i64, Vec<i64>>,
    /// By announcement: the acts that carried it out, each wholly or in part.
    parts: HashMap<i64, Vec<i64>>,
    /// The acts that renew or carry out another one.
    later: HashSet<i64>,
}

/// An act that counts, with the number and the unit with which it does.
struct Counted<'m> {
    act: &'m Act,
    value: Decimal,
    unit: &'m str,
}

impl Measures {
    fn read(lens: &Lens<'_>, name: &str) -> Result<Measures> {
        let related = "WITH RECURSIVE related (id) AS (
             SELECT action_id FROM quantity WHERE name = ?1
             UNION SELECT l.earlier_id FROM related r CROSS JOIN effective_link l ON l.action_id = r.id WHERE
               l.relation = 'renews' AND l.spends > 0 OR l.relation = 'executes' AND l.takes > 0
             UNION SELECT l.action_id FROM related r CROSS JOIN effective_link l ON l.earlier_id = r.id WHERE
               l.relation = 'renews' AND l.spends > 0 OR l.relation = 'executes' AND l.takes > 0
           )";
        let mut measures = Measures::default();
        let mut select = lens.prepare(&format!(
            "{related}
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
            "{related}
             SELECT l.action_id, l.earlier_id, l.relation FROM related r CROSS JOIN effective_link l ON l.action_id = r.id
             WHERE l.relation = 'renews' AND l.spends > 0 OR l.relation = 'executes' AND l.takes > 0 ORDER BY l.action_id, l.earlier_id"
        ))?;
        let mut rows = select.query([name])?;
        while let Some(row) = rows.next()? {
            let (later, earlier): (i64, i64) = (row.read(0)?, row.read(1)?);
            // A damaged file may have a circle.
            if measures.acts.contains_key(&later) && measures.acts.contains_key(&earlier) && !measures.leads(later, earlier) {
                let renews = row.read::<Relation>(2)? == Relation::Renews;
                let links = if renews { &mut measures.renewals } else { &mut measures.parts };
                links.entry(earlier).or_default().push(later);
                measures.later.insert(later);
            }
        }
        Ok(measures)
    }

    /// True if links lead from one act to another, from earlier to later.
    fn leads(&self, from: i64, to: i64) -> bool {
        let next = |links: &HashMap<i64, Vec<i64>>| links.get(&from).is_some_and(|later| later.iter().any(|id| self.leads(*id, to)));
        from == to || next(&self.renewals) || next(&self.parts)
    }

    /// The acts that count, by day. A measure counts with the number that its latest renewal states, as long as something of it stands. What
    /// was carried out counts with its own number; the announcement has what is left of its number.
    fn counted(&self) -> Vec<Counted<'_>> {
        let mut counted = Vec::new();
        for act in self.acts.values().filter(|act| !self.later.contains(&act.id)) {
            self.count(act, &mut counted);
        }
        counted.retain(|counted| counted.act.is_selected);
        counted.sort_by_key(|counted| (counted.act.day, counted.act.id));
        counted
    }

    fn count<'m>(&'m self, act: &'m Act, counted: &mut Vec<Counted<'m>>) {
        let parts = || self.linked(&self.parts, act);
        let is_left = act.stands || parts().any(|part| self.lasts(part)) && !parts().any(|part| self.states(part));
        if let Some((stating, (value, unit))) = self.latest(act).filter(|_| is_left) {
            let of_parts = parts().filter_map(|part| part.stated.as_ref()).filter(|(_, of_part)| of_part == unit);
            // Percentages cannot be subtracted.
            let carried_out =
                if can_be_added(unit) { of_parts.fold(Decimal::default(), |sum, (value, _)| sum + *value) } else { Decimal::default() };
            let value = *value - carried_out;
            if carried_out == Decimal::default() || value > Decimal::default() {
                counted.push(Counted { act: stating, value, unit });
            }
        }
        parts().for_each(|part| self.count(part, counted));
    }

    /// The act that states the quantity of a measure last: the measure itself, or a renewal of it that lasts.
    fn latest<'m>(&'m self, act: &'m Act) -> Option<(&'m Act, &'m (Decimal, String))> {
        let mut restating = Vec::new();
        self.linked(&self.renewals, act).for_each(|renewal| self.restate(renewal, &mut restating));
        let last = restating.into_iter().max_by_key(|act| (act.day, &act.reference)).unwrap_or(act);
        Some((last, last.stated.as_ref()?))
    }

    /// Adds a renewal, what carried it out and the renewals of both to `restating`, if they state the quantity and last.
    fn restate<'m>(&'m self, renewal: &'m Act, restating: &mut Vec<&'m Act>) {
        if renewal.stated.is_some() && self.lasts(renewal) {
            restating.push(renewal);
        }
        for next in self.linked(&self.renewals, renewal).chain(self.linked(&self.parts, renewal)) {
            self.restate(next, restating);
        }
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

/// The rows with the party first that was named first; they keep their order.
pub fn as_named(sides: &[Side], rows: Vec<QuantityBalance>) -> Vec<QuantityBalance> {
    let Some(first) = sides.first() else { return rows };
    let seen = |row: QuantityBalance| if first.is_second_of(&row.party_a, &row.party_b) { row.mirrored() } else { row };
    rows.into_iter().map(seen).collect()
}

impl QuantityBalance {
    /// The same row with the two parties exchanged.
    fn mirrored(self) -> QuantityBalance {
        let [a, b] = self.values;
        QuantityBalance {
            party_a: self.party_b,
            party_b: self.party_a,
            a_actions: self.b_actions,
            b_actions: self.a_actions,
            a_sum: self.b_sum,
            b_sum: self.a_sum,
            net: self.net.map(|net| net.parse::<Decimal>().map_or(net, |net| (Decimal::default() - net).to_string())),
            values: [b, a],
            ..self
        }
    }
}

/// The sum of the values; `None`: there are several, and numbers in this unit cannot be added.
fn sum(values: &[Decimal], unit: &str) -> Option<Decimal> {
    (values.len() < 2 || can_be_added(unit)).then(|| values.iter().fold(Decimal::default(), |sum, value| sum + *value))
}

/// The name as it is stored.
fn known(conn: &Connection, given: &str) -> Result<String> {
    let name = Quantity::name(given)?;
    let mut select = conn.prepare("SELECT DISTINCT name FROM quantity ORDER BY name")?;
    let names: Vec<String> = select.query_map([], |r| r.read(0))?.collect::<rusqlite::Result<_>>()?;
    if names.contains(&name) {
        return Ok(name);
    }
    Err(Error::Unknown {
        what: "quantity",
        given: given.to_owned(),
        nearest: name::nearest(&name, names.iter().map(String::as_str)),
        way_out: "'recip edit ACTION --quantity \"NAME NUMBER UNIT\"' adds a quantity to an action".to_owned(),
    })
}
