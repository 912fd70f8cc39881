//! The balance of a quantity between two parties, by unit. A measure counts once, however often it was announced, carried out and renewed.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::model::quantity::{Decimal, can_be_added};
use crate::model::{Quantity, Sign, name};
use crate::record::{ReadColumn, Row};
use crate::report::standing_quantity::{Counted, Measures};
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
    let name = known(lens.connection(), given)?;
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
