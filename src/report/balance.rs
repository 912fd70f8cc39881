//! The balance between two parties, by kind of act.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::ledger::Ledger;
use crate::model::count::{Approximation, Count};
use crate::record::{record, select};
use crate::report::{Lens, Selection, Side, collect};

record! {
    /// The acts of one kind between two parties, a and b. Net values are a's minus b's.
    pub struct Balance {
        /// Party a: the first of the pair's two codes in alphabetical order.
        party_a: String,
        /// Party b: the second of the pair's two codes.
        party_b: String,
        /// Kind of act.
        kind: String,
        /// Unit of the count.
        unit: String,
        /// Number of a's acts that stand.
        a_actions: i64,
        /// Number of b's acts that stand.
        b_actions: i64,
        /// Number of a's acts that were reversed entirely, which only the weights include.
        a_reversed: i64,
        /// Number of b's acts that were reversed entirely.
        b_reversed: i64,
        /// Sum of the known counts of a's acts; `None`: no count is known.
        a_count: Option<Count>,
        /// Sum of the known counts of b's acts; `None`: no count is known.
        b_count: Option<Count>,
        /// a's count minus b's; `None`: a count is unknown or only a lower bound.
        net_count: Option<Count>,
        /// Amount of a's acts that b has not answered; `None`: only acts of unknown count are open.
        a_open: Option<Count>,
        /// Amount of b's acts that a has not answered; `None`: only acts of unknown count are open.
        b_open: Option<Count>,
        /// True if there are acts of a of unknown count, which `a_count` does not include.
        a_has_unknown: bool,
        /// True if there are acts of b of unknown count, which `b_count` does not include.
        b_has_unknown: bool,
        /// True if acts of a of unknown count are open, which `a_open` does not include.
        a_open_has_unknown: bool,
        /// True if acts of b of unknown count are open, which `b_open` does not include.
        b_open_has_unknown: bool,
        /// How `a_count` is meant; `None`: exactly.
        a_count_is: Option<Approximation>,
        /// How `b_count` is meant; `None`: exactly.
        b_count_is: Option<Approximation>,
        /// How `a_open` is meant; `None`: exactly.
        a_open_is: Option<Approximation>,
        /// How `b_open` is meant; `None`: exactly.
        b_open_is: Option<Approximation>,
        /// Weight of a's acts; `None`: the kind has no weight on the scale.
        a_weight: Option<f64>,
        /// Weight of b's acts; `None`: the kind has no weight on the scale.
        b_weight: Option<f64>,
        /// a's weight minus b's; negative: a was more hostile than b; `None`: acts of one of them have no weight.
        net_weight: Option<f64>,
        /// Number of a's acts without a weight on the scale; `a_weight` does not include them.
        a_unweighted: i64,
        /// Number of b's acts without a weight on the scale.
        b_unweighted: i64,
    }
}

/// Passes the balance of every pair and kind to `each`, ordered by the codes of the pair, then by kind.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, mut each: impl FnMut(Balance) -> Result<()>) -> Result<()> {
    let mut balance = lens.prepare_cached(&select::<Balance>("FROM balance"))?;
    let mut rows = balance.query([])?;
    while let Some(row) = rows.next()? {
        each(Balance::from_row(row)?)?;
    }
    Ok(())
}

/// The balance between two sides, at least one of which is a group: the sums of its pairs, kind by kind.
#[derive(Debug, Clone)]
pub struct GroupBalance {
    /// The two sides in words.
    pub title: String,
    /// One row for each kind. The first side is party a; a group has no code and is called `group`.
    pub rows: Vec<Balance>,
}

/// Adds up the rows of all pairs; `None` if the selection is not a pair with a group.
pub fn group_balance(sides: &[Side], rows: &[Balance]) -> Option<GroupBalance> {
    let [a, b] = sides else { return None };
    let labels = match (a.single(), b.single()) {
        (Some(_), Some(_)) => return None,
        (None, None) => ["group 1", "group 2"],
        (of_a, of_b) => [of_a.unwrap_or("group"), of_b.unwrap_or("group")],
    };
    let mut kinds: BTreeMap<&str, Vec<Balance>> = BTreeMap::new();
    for row in rows {
        kinds.entry(&row.kind).or_default().push(row.clone().seen_from(a));
    }
    let rows = kinds.into_values().filter_map(|rows| sum(&rows, labels)).collect();
    Some(GroupBalance { title: format!("{} and {}, in total", a.words, b.words), rows })
}

/// The total weight of one side's acts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SideWeight {
    /// Sum of the weights.
    sum: f64,
    /// Number of acts with a weight on the scale.
    pub weighed: i64,
    /// Number of acts without a weight on the scale.
    pub unweighted: i64,
}

impl SideWeight {
    fn add(&mut self, acts: i64, weight: Option<f64>, unweighted: i64) {
        self.sum += weight.unwrap_or(0.0);
        self.weighed += acts - unweighted;
        self.unweighted += unweighted;
    }

    /// The sum of the weights; `None`: there are acts, but none has a weight.
    pub fn total(&self) -> Option<f64> {
        (self.weighed > 0 || self.unweighted == 0).then_some(self.sum)
    }
}

/// The total weight of the acts in these rows, which belong to one pair: party a's, then party b's.
pub fn weights(rows: &[Balance]) -> [SideWeight; 2] {
    let (mut a, mut b) = (SideWeight::default(), SideWeight::default());
    for row in rows {
        a.add(row.a_actions + row.a_reversed, row.a_weight, row.a_unweighted);
        b.add(row.b_actions + row.b_reversed, row.b_weight, row.b_unweighted);
    }
    [a, b]
}

/// The first side's total weight minus the second's; `None`: the acts of one of them have no weight.
pub fn net_weight([a, b]: [SideWeight; 2]) -> Option<f64> {
    a.total().zip(b.total()).map(|(a, b)| a - b)
}

/// The rows with the party first that was named first; they keep their order.
pub fn as_named(sides: &[Side], rows: Vec<Balance>) -> Vec<Balance> {
    match sides.first() {
        Some(first) => rows.into_iter().map(|row| row.seen_from(first)).collect(),
        None => rows,
    }
}

impl Balance {
    /// The row with a party of this side first.
    fn seen_from(self, side: &Side) -> Balance {
        if side.is_second_of(&self.party_a, &self.party_b) { self.mirrored() } else { self }
    }

    /// The same row with the two parties exchanged.
    fn mirrored(&self) -> Balance {
        Balance {
            party_a: self.party_b.clone(),
            party_b: self.party_a.clone(),
            kind: self.kind.clone(),
            unit: self.unit.clone(),
            a_actions: self.b_actions,
            b_actions: self.a_actions,
            a_reversed: self.b_reversed,
            b_reversed: self.a_reversed,
            a_count: self.b_count,
            b_count: self.a_count,
            net_count: self.net_count.map(|net| -net),
            a_open: self.b_open,
            b_open: self.a_open,
            a_has_unknown: self.b_has_unknown,
            b_has_unknown: self.a_has_unknown,
            a_open_has_unknown: self.b_open_has_unknown,
            b_open_has_unknown: self.a_open_has_unknown,
            a_count_is: self.b_count_is,
            b_count_is: self.a_count_is,
            a_open_is: self.b_open_is,
            b_open_is: self.a_open_is,
            a_weight: self.b_weight,
            b_weight: self.a_weight,
            net_weight: self.net_weight.map(|net| -net),
            a_unweighted: self.b_unweighted,
            b_unweighted: self.a_unweighted,
        }
    }
}

/// The sum of the rows of one kind.
fn sum(rows: &[Balance], [a, b]: [&str; 2]) -> Option<Balance> {
    let first = rows.first()?;
    let add = |of: fn(&Balance) -> (i64, Option<Count>)| {
        let known: Vec<Count> = rows.iter().map(of).filter(|(actions, _)| *actions > 0).filter_map(|(_, count)| count).collect();
        let any = rows.iter().map(of).any(|(actions, _)| actions > 0);
        if any && known.is_empty() { None } else { Some(known.into_iter().fold(0, Count::saturating_add)) }
    };
    let add_open = |of: fn(&Balance) -> Option<Count>| {
        let known = rows.iter().filter_map(of).fold(0, Count::saturating_add);
        if known == 0 && rows.iter().any(|row| of(row).is_none()) { None } else { Some(known) }
    };
    let weights = weights(rows);
    // As in the view, a kind without any weight has no weight on either side.
    let any = weights.iter().any(|side| side.weighed > 0);
    let (a_count, b_count) = (add(|row| (row.a_actions, row.a_count)), add(|row| (row.b_actions, row.b_count)));
    let (a_has_unknown, b_has_unknown) = (rows.iter().any(|row| row.a_has_unknown), rows.iter().any(|row| row.b_has_unknown));
    let [a_weight, b_weight] = weights.map(|side| side.total().filter(|_| any));
    let approximation = |of: fn(&Balance) -> Option<Approximation>| rows.iter().filter_map(of).min();
    let (a_count_is, b_count_is) = (approximation(|row| row.a_count_is), approximation(|row| row.b_count_is));
    let has_net = !a_has_unknown && !b_has_unknown && ![a_count_is, b_count_is].contains(&Some(Approximation::AtLeast));
    Some(Balance {
        party_a: a.to_owned(),
        party_b: b.to_owned(),
        kind: first.kind.clone(),
        unit: first.unit.clone(),
        a_actions: rows.iter().map(|row| row.a_actions).sum(),
        b_actions: rows.iter().map(|row| row.b_actions).sum(),
        a_reversed: rows.iter().map(|row| row.a_reversed).sum(),
        b_reversed: rows.iter().map(|row| row.b_reversed).sum(),
        a_count,
        b_count,
        net_count: a_count.zip(b_count).filter(|_| has_net).map(|(a, b)| a.saturating_sub(b)),
        a_open: add_open(|row| row.a_open),
        b_open: add_open(|row| row.b_open),
        a_has_unknown,
        b_has_unknown,
        a_open_has_unknown: rows.iter().any(|row| row.a_open_has_unknown),
        b_open_has_unknown: rows.iter().any(|row| row.b_open_has_unknown),
        a_count_is,
        b_count_is,
        a_open_is: approximation(|row| row.a_open_is),
        b_open_is: approximation(|row| row.b_open_is),
        a_weight,
        b_weight,
        net_weight: a_weight.zip(b_weight).map(|(a, b)| a - b),
        a_unweighted: weights[0].unweighted,
        b_unweighted: weights[1].unweighted,
    })
}

/// The balance of every pair and kind.
///
/// # Errors
/// A name in the selection is unknown, or the ledger cannot be read.
pub fn rows(ledger: &Ledger, selection: &Selection) -> Result<Vec<Balance>> {
    let lens = Lens::new(ledger, selection)?;
    collect(|each| read(&lens, each))
}
