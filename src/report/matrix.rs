//! The open acts of every party towards every other: one row for each actor, target, sign and unit, and the tables that these rows make.

use std::collections::HashMap;
use std::fmt;

use crate::error::Result;
use crate::model::Sign;
use crate::model::count::{Approximation, Count, Total};
use crate::record::{record, select};
use crate::report::Lens;

record! {
    /// The open amount of one party's acts against another party, in one unit.
    pub struct Matrix {
        /// Code of the party whose acts are open.
        actor: String,
        /// Code of the party that has to answer them.
        target: String,
        /// Hostile acts, or gestures.
        sign: Sign,
        /// Unit of the counts.
        unit: String,
        /// Number of acts that are open.
        acts: i64,
        /// Sum of the known open amounts; `None`: no amount is known.
        open: Option<Count>,
        /// How `open` is meant; `None`: exactly.
        open_is: Option<Approximation>,
        /// True if acts of unknown count are open; `open` does not include them.
        has_unknown: bool,
        /// Weight of what is open; `None`: no kind of these acts has a weight on the scale.
        weight: Option<f64>,
        /// Number of acts whose kind has no weight on the scale; `weight` does not include them.
        unweighted: i64,
        /// The kinds of these acts, separated by commas; `None`: all have a weight.
        unweighted_kinds: Option<String>,
    }
}

/// The order of the rows.
pub(super) const ORDER: &str = "sign DESC, unit, actor, target";

/// Passes every row to `each`: hostile acts first, then by unit, actor and target.
///
/// # Errors
/// The ledger cannot be read, or `each` fails.
pub fn read(lens: &Lens<'_>, mut each: impl FnMut(Matrix) -> Result<()>) -> Result<()> {
    let mut matrix = lens.prepare_cached(&select::<Matrix>(&format!("FROM matrix ORDER BY {ORDER}")))?;
    let mut rows = matrix.query([])?;
    while let Some(row) = rows.next()? {
        let mut row = Matrix::from_row(row)?;
        // SQLite joins them in no particular order.
        row.unweighted_kinds = row.unweighted_kinds.map(|kinds| {
            let mut kinds: Vec<&str> = kinds.split(',').collect();
            kinds.sort_unstable();
            kinds.join(",")
        });
        each(row)?;
    }
    Ok(())
}

/// The acts that the weights leave out: their number, and their kinds in alphabetical order.
pub fn unweighted(rows: &[Matrix]) -> (i64, Vec<&str>) {
    let mut kinds: Vec<&str> = rows.iter().filter_map(|row| row.unweighted_kinds.as_deref()).flat_map(|kinds| kinds.split(',')).collect();
    kinds.sort_unstable();
    kinds.dedup();
    (rows.iter().map(|row| row.unweighted).sum(), kinds)
}

/// What a block of the matrix adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure<'r> {
    /// The open amounts in one unit.
    Unit(&'r str),
    /// The weights, over all units.
    Weight,
}

/// A sum in a cell of a block.
#[derive(Debug, Clone, Copy)]
pub enum Amount {
    /// Open amounts in the block's unit.
    Open(Total),
    /// Weights; `None`: no act has a weight.
    Weight(Option<f64>),
}

impl fmt::Display for Amount {
    /// Writes `35`, `35+`, `~35`, `35 + ?`, `?`, a weight with one decimal, or `-` for nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::Open(total) => total.fmt(f),
            // Adding zero avoids "-0.0".
            Amount::Weight(Some(points)) => write!(f, "{:.1}", points + 0.0),
            Amount::Weight(None) => f.write_str("-"),
        }
    }
}

impl Amount {
    /// Its size, for comparisons: known amounts, or the absolute weight. An unknown amount counts as less than any known
    /// amount, but more than zero.
    pub fn size(&self) -> f64 {
        match self {
            Amount::Open(total) => total.size(),
            Amount::Weight(points) => points.map_or(0.0, f64::abs),
        }
    }

    fn add(&mut self, row: &Matrix) {
        match self {
            Amount::Open(total) => {
                if row.open.is_some() {
                    total.add(row.open, row.open_is);
                }
                if row.has_unknown {
                    total.add(None, row.open_is);
                }
            }
            Amount::Weight(points) => *points = row.weight.map(|weight| points.unwrap_or(0.0) + weight).or(*points),
        }
    }
}

/// The rows of one sign that are added up in one measure.
#[derive(Debug, Clone)]
pub struct Block<'r> {
    /// Hostile acts, or gestures.
    pub sign: Sign,
    /// What is added up.
    pub measure: Measure<'r>,
    rows: Vec<&'r Matrix>,
}

/// A block as a table of parties. The last row and the last column hold the totals; "others" come before them.
#[derive(Debug, Clone)]
pub struct Crossed<'r> {
    /// The codes of the parties whose acts are open, the largest first.
    pub actors: Vec<&'r str>,
    /// The codes of the parties that have to answer, the largest first.
    pub targets: Vec<&'r str>,
    /// Number of actors that are added up in the row "others"; 0: there is no such row.
    pub other_actors: usize,
    /// Number of targets that are added up in the column "others"; 0: there is no such column.
    pub other_targets: usize,
    /// The cells, row by row.
    pub cells: Vec<Vec<Amount>>,
}

/// The blocks of these rows, hostile acts first: one for each unit, then one for the weights.
pub fn blocks(rows: &[Matrix]) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for of_sign in rows.chunk_by(|a, b| a.sign == b.sign) {
        let Some(Matrix { sign, .. }) = of_sign.first() else { continue };
        for of_unit in of_sign.chunk_by(|a, b| a.unit == b.unit) {
            let Some(Matrix { unit, .. }) = of_unit.first() else { continue };
            blocks.push(Block { sign: *sign, measure: Measure::Unit(unit), rows: of_unit.iter().collect() });
        }
        let weighed: Vec<&Matrix> = of_sign.iter().filter(|row| row.weight.is_some()).collect();
        if !weighed.is_empty() {
            blocks.push(Block { sign: *sign, measure: Measure::Weight, rows: weighed });
        }
    }
    blocks
}

impl<'r> Block<'r> {
    /// The table with at most this many actors and targets by name; all others are added up. The parties that the selection names come first.
    pub fn crossed(&self, max_actors: usize, max_targets: usize, named: &[&str]) -> Crossed<'r> {
        let (actors, targets) = (self.ranked(|row| &row.actor, named), self.ranked(|row| &row.target, named));
        let (kept_actors, kept_targets) = (actors.len().min(max_actors), targets.len().min(max_targets));
        let places = |ranked: &[&'r str], kept: usize| -> HashMap<&'r str, usize> {
            ranked.iter().enumerate().map(|(at, code)| (*code, at.min(kept))).collect()
        };
        let (row_of, column_of) = (places(&actors, kept_actors), places(&targets, kept_targets));
        let (other_actors, other_targets) = (actors.len() - kept_actors, targets.len() - kept_targets);
        let (all_actors, all_targets) = (kept_actors + usize::from(other_actors > 0), kept_targets + usize::from(other_targets > 0));
        let mut cells = vec![vec![self.nothing(); all_targets + 1]; all_actors + 1];
        for row in &self.rows {
            let (at_row, at_column) = (row_of[row.actor.as_str()], column_of[row.target.as_str()]);
            for (r, c) in [(at_row, at_column), (at_row, all_targets), (all_actors, at_column), (all_actors, all_targets)] {
                cells[r][c].add(row);
            }
        }
        let cut = |ranked: Vec<&'r str>, kept: usize| ranked.into_iter().take(kept).collect();
        Crossed { actors: cut(actors, kept_actors), targets: cut(targets, kept_targets), other_actors, other_targets, cells }
    }

    fn nothing(&self) -> Amount {
        match self.measure {
            Measure::Unit(_) => Amount::Open(Total::default()),
            Measure::Weight => Amount::Weight(None),
        }
    }

    /// The parties on one side: those that the selection names, then the others, the largest total first.
    fn ranked(&self, party: fn(&Matrix) -> &String, named: &[&str]) -> Vec<&'r str> {
        let mut totals: HashMap<&'r str, Amount> = HashMap::new();
        for row in &self.rows {
            totals.entry(party(row)).or_insert_with(|| self.nothing()).add(row);
        }
        let mut ranked: Vec<(&str, Amount)> = totals.into_iter().collect();
        ranked.sort_by(|(a, of_a), (b, of_b)| {
            let is_named = |code: &str| named.contains(&code);
            is_named(b).cmp(&is_named(a)).then(of_b.size().total_cmp(&of_a.size())).then(a.cmp(b))
        });
        ranked.into_iter().map(|(code, _)| code).collect()
    }
}

impl Crossed<'_> {
    /// The headings of the columns: codes, `others` if there are any, `all`.
    pub fn columns(&self) -> Vec<&str> {
        labels(&self.targets, self.other_targets)
    }

    /// The headings of the rows.
    pub fn rows(&self) -> Vec<&str> {
        labels(&self.actors, self.other_actors)
    }
}

fn labels<'a>(codes: &[&'a str], others: usize) -> Vec<&'a str> {
    let others = (others > 0).then_some("others");
    codes.iter().copied().chain(others).chain(["all"]).collect()
}
