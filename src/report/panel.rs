//! The panel: one row for each pair of actor and target and each period, with zeros where nothing happened. Statistics programs take it as
//! it is.
//!
//! An act counts in the period of its first possible day, with the amount with which it counts in the weights of the balance: what was
//! reversed keeps its weight, an announcement that was carried out counts as the act that carried it out, and a renewal counts only for what it adds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::error::{Error, Result};
use crate::model::period::{Length, Period};
use crate::model::{CodeBook, Sign};
use crate::model::{Day, quantity};
use crate::record::ReadColumn;
use crate::report::Lens;

/// The maximum number of periods of a panel.
const MAX_PERIODS: usize = 100_000;

/// An act as the panel counts it.
struct Act {
    dyad: (String, String),
    day: Day,
    day_latest: Day,
    kind: usize,
    sign: Sign,
    /// The amount with which it counts; `None`: its count is unknown.
    count: Option<i64>,
    weight: Option<f64>,
    /// True if it counts; false: it was carried out by, or renews, another act, and has only a claim.
    counts: bool,
    /// The amount of its claim before anything settled it.
    claim: i64,
}

/// The kinds that occur in a panel. Each has two columns.
pub(super) const KINDS: &str = "SELECT DISTINCT a.kind AS kind FROM panel_act a ORDER BY kind";

/// What happened between an actor and a target in one period.
#[derive(Debug, Clone, Default)]
struct Cell {
    acts: [i64; 2],
    weight: [f64; 2],
    weighed: [i64; 2],
    imprecise: i64,
    /// By kind: the acts, the sum of the known counts, and the number of these.
    kinds: BTreeMap<usize, (i64, i64, i64)>,
}

fn side(sign: Sign) -> usize {
    usize::from(sign == Sign::Friendly)
}

/// Takes the names of the columns.
pub type Begin<'b> = &'b mut dyn FnMut(Vec<String>) -> Result<()>;
/// Takes a row, with a value for each column.
pub type Each<'e> = &'e mut dyn FnMut(Vec<Value>) -> Result<()>;

/// Reads the panel: passes the names of its columns to `begin`, and each row to `each`, ordered by actor, target and period. Its periods
/// run from the first act of the selection, or the requested first day, to the last day of the selection or the day of the report.
///
/// # Errors
/// There would be too many periods, the ledger cannot be read, or `begin` or `each` fails.
pub fn read(lens: &Lens<'_>, by: Length, begin: Begin<'_>, each: Each<'_>) -> Result<()> {
    let mut kinds = Vec::new();
    let acts = acts(lens, &mut kinds)?;
    let periods = periods(lens, by, &acts)?;
    let period_of = |day: Day| periods.partition_point(|period| period.last < day);
    let mut cells: HashMap<(&str, &str), BTreeMap<usize, Cell>> = HashMap::new();
    let mut dyads = BTreeSet::new();
    for act in acts.values() {
        let (actor, target) = (act.dyad.0.as_str(), act.dyad.1.as_str());
        dyads.extend([(actor, target), (target, actor)]);
        let period = period_of(act.day);
        if act.counts && period < periods.len() && periods[period].first <= act.day {
            let imprecise = act.day_latest > periods[period].last;
            cells.entry((actor, target)).or_default().entry(period).or_default().add(act, imprecise);
        }
    }
    let open = open_at_end(lens, &acts, &periods)?;
    let codes = codes(lens)?;
    let code = |party: &str, book: CodeBook, day: Day| {
        let numbers = codes.get(party).and_then(|codes| codes[usize::from(book == CodeBook::Gw)].as_deref());
        numbers.and_then(|numbers| book.number_on(numbers, day)).map_or(Value::Null, Value::from)
    };
    begin(columns(&kinds))?;
    let nothing = Cell::default();
    for (actor, target) in dyads {
        let of_dyad = cells.get(&(actor, target));
        let open = open.get(&(actor, target));
        for (at, period) in periods.iter().enumerate() {
            let cell = of_dyad.and_then(|cells| cells.get(&at)).unwrap_or(&nothing);
            let open = open.map_or([0, 0], |open| [open[0][at], open[1][at]]);
            let mut row: Vec<Value> = [&period.name, &period.first.iso(), &period.last.iso(), actor, target].map(Value::from).into();
            for book in [CodeBook::Cow, CodeBook::Gw] {
                row.extend([actor, target].map(|party| code(party, book, period.last)));
            }
            row.extend([cell.acts[0].into(), cell.acts[1].into(), cell.weight(0), cell.weight(1)]);
            row.extend([cell.unweighted().into(), cell.imprecise.into(), open[0].into(), open[1].into()]);
            for kind in 0..kinds.len() {
                let (acts, count, known) = cell.kinds.get(&kind).copied().unwrap_or_default();
                row.extend([acts.into(), if acts > 0 && known == 0 { Value::Null } else { count.into() }]);
            }
            each(row)?;
        }
    }
    Ok(())
}

/// The columns that every panel has. Two for each kind follow.
pub(crate) const COLUMNS: [&str; 17] = [
    "period",
    "first_day",
    "last_day",
    "actor",
    "target",
    "actor_cow",
    "target_cow",
    "actor_gw",
    "target_gw",
    "hostile_acts",
    "friendly_acts",
    "hostile_weight",
    "friendly_weight",
    "unweighted_acts",
    "imprecise_acts",
    "hostile_open",
    "friendly_open",
];

/// The names of the columns of a panel of these kinds.
pub(super) fn columns(kinds: &[String]) -> Vec<String> {
    COLUMNS.iter().map(|column| (*column).to_owned()).chain(kinds.iter().flat_map(|kind| columns_of(kind))).collect()
}

/// The names of the columns of a kind: its acts, and the sum of their counts.
pub(super) fn columns_of(kind: &str) -> [String; 2] {
    ["acts", "count"].map(|what| format!("{}_{what}", kind.replace('-', "_")))
}

impl Cell {
    fn add(&mut self, act: &Act, imprecise: bool) {
        let side = side(act.sign);
        self.acts[side] += 1;
        self.imprecise += i64::from(imprecise);
        self.weight[side] += act.weight.unwrap_or(0.0);
        self.weighed[side] += i64::from(act.weight.is_some());
        let kind = self.kinds.entry(act.kind).or_default();
        *kind = (kind.0 + 1, kind.1 + act.count.unwrap_or(0), kind.2 + i64::from(act.count.is_some()));
    }

    /// The weight of its acts of one sign; blank if there are some and none has a weight.
    fn weight(&self, side: usize) -> Value {
        if self.acts[side] > 0 && self.weighed[side] == 0 { Value::Null } else { self.weight[side].into() }
    }

    fn unweighted(&self) -> i64 {
        self.acts.iter().sum::<i64>() - self.weighed.iter().sum::<i64>()
    }
}

/// The acts of the selection by id. The kinds that occur are put into `kinds`, in alphabetical order.
fn acts(lens: &Lens<'_>, kinds: &mut Vec<String>) -> Result<HashMap<i64, Act>> {
    let mut select = lens.prepare(KINDS)?;
    *kinds = select.query_map([], |r| r.read(0))?.collect::<rusqlite::Result<_>>()?;
    let mut select = lens.prepare("SELECT id, actor, target, day, day_latest, kind, sign, counts, claim, count, weight FROM panel_act")?;
    let mut rows = select.query([])?;
    let mut acts = HashMap::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.read("kind")?;
        let act = Act {
            dyad: (row.read("actor")?, row.read("target")?),
            day: Day(row.get("day")?),
            day_latest: Day(row.get("day_latest")?),
            kind: kinds.binary_search(&kind).unwrap_or_default(),
            sign: row.get("sign")?,
            count: row.get("count")?,
            weight: row.get("weight")?,
            counts: row.get("counts")?,
            claim: row.get("claim")?,
        };
        acts.insert(row.get("id")?, act);
    }
    Ok(acts)
}

fn periods(lens: &Lens<'_>, by: Length, acts: &HashMap<i64, Act>) -> Result<Vec<Period>> {
    let (since, until) = lens.period();
    let last = until.map_or(lens.as_of(), |until| until.min(lens.as_of()));
    let Some(first) = since.or_else(|| acts.values().map(|act| act.day).min()) else { return Ok(Vec::new()) };
    let days = last.0.saturating_sub(first.0);
    let longest = if by == Length::Day { MAX_PERIODS as i64 } else { i64::MAX };
    if days >= longest {
        return Err(Error::refused(
            "cannot make this panel",
            format!("it would have more than {}", quantity(Some(longest), "days")),
            "give --since, or longer periods with --by",
        ));
    }
    Ok(by.between(first, last))
}

/// By actor and target: the number of hostile acts and of gestures that are open at the end of each period.
type OpenAtEnd<'a> = HashMap<(&'a str, &'a str), [Vec<i64>; 2]>;

fn open_at_end<'a>(lens: &Lens<'_>, acts: &'a HashMap<i64, Act>, periods: &[Period]) -> Result<OpenAtEnd<'a>> {
    let mut select = lens.prepare("SELECT id, day, amount FROM settling ORDER BY id, day")?;
    let mut settling: HashMap<i64, Vec<(Day, i64)>> = HashMap::new();
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        settling.entry(row.get(0)?).or_default().push((Day(row.get(1)?), row.get(2)?));
    }
    let mut open = OpenAtEnd::new();
    for (id, act) in acts {
        let of_dyad = open.entry((&act.dyad.0, &act.dyad.1)).or_insert_with(|| [vec![0; periods.len()], vec![0; periods.len()]]);
        let at_end = &mut of_dyad[side(act.sign)];
        let settling = settling.get(id).map_or(&[][..], Vec::as_slice);
        let (mut left, mut next) = (act.claim, 0);
        for at in periods.partition_point(|period| period.last < act.day)..periods.len() {
            while let Some((_, amount)) = settling.get(next).filter(|(day, _)| *day <= periods[at].last) {
                left -= amount;
                next += 1;
            }
            if left > 0 {
                at_end[at] += 1;
            } else if next == settling.len() {
                break;
            }
        }
    }
    Ok(open)
}

/// The numbers of the parties in the lists of states of the Correlates of War and of Gleditsch and Ward, several of them separated by spaces.
fn codes(lens: &Lens<'_>) -> Result<HashMap<String, [Option<String>; 2]>> {
    let mut select = lens.prepare("SELECT code, cow_number, gw_number FROM party")?;
    let rows = select.query_map([], |r| Ok((r.read(0)?, [r.read(1)?, r.read(2)?])))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
