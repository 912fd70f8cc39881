//! What answers what, as trees laid out in lines: each line has its depth.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::model::Relation;
use crate::model::count::quantity;
use crate::report::exchange::{Act, ExchangeLink};

/// How many lines of trees a page shows, the latest trees.
const LINES: usize = 60;
/// How deep a tree is drawn on a page.
const DEEPEST: usize = 6;

/// One act in a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Branch {
    /// How far from the root, from 0.
    pub depth: usize,
    /// How it bears on the act above it: `answers 35 of 35 persons of`; empty at the root.
    pub bears: String,
    /// The act's id.
    pub id: i64,
    /// When, as written.
    pub date: String,
    /// Who acted: a code.
    pub actor: String,
    /// What it is, in words.
    pub what: String,
    /// What of it is open: `720 persons`; empty: nothing.
    pub open: String,
    /// Why what bears on it is not drawn here: `drawn above`, `goes on`; empty: it is drawn.
    pub cut: &'static str,
}

/// The trees of a page: those of the latest acts, the trees in the order of their first act; and how many more there are.
pub(super) fn trees(acts: &[Act], links: &[ExchangeLink], what: impl Fn(&Act) -> String) -> (Vec<Vec<Branch>>, usize) {
    let by_id: HashMap<i64, &Act> = acts.iter().map(|a| (a.id, a)).collect();
    let mut later: HashMap<i64, Vec<&ExchangeLink>> = HashMap::new();
    let mut bears: HashSet<i64> = HashSet::new();
    for bearing in links.iter().filter(|b| by_id.contains_key(&b.earlier_id)) {
        later.entry(bearing.earlier_id).or_default().push(bearing);
        bears.insert(bearing.action_id);
    }
    let mut forest = Forest { by_id, later, drawn: HashSet::new(), what: &what };
    let roots: Vec<&Act> = acts.iter().filter(|a| forest.later.contains_key(&a.id) && !bears.contains(&a.id)).collect();
    let mut trees: Vec<Vec<Branch>> = roots.iter().map(|root| forest.tree(root)).collect();
    let mut lines = 0;
    let kept = trees.iter().rev().take_while(|tree| {
        lines += tree.len();
        lines <= LINES
    });
    let kept = kept.count().max(1).min(trees.len());
    let more = trees.len() - kept;
    trees.drain(..more);
    for tree in &mut trees {
        tree.truncate(LINES);
    }
    (trees, more)
}

struct Forest<'a> {
    by_id: HashMap<i64, &'a Act>,
    later: HashMap<i64, Vec<&'a ExchangeLink>>,
    drawn: HashSet<i64>,
    what: &'a dyn Fn(&Act) -> String,
}

impl<'a> Forest<'a> {
    fn tree(&mut self, root: &'a Act) -> Vec<Branch> {
        let mut lines = Vec::new();
        // By hand rather than by recursion: a chain can be as long as a ledger.
        let mut waiting: Vec<(&'a Act, Option<&'a ExchangeLink>, usize)> = vec![(root, None, 0)];
        while let Some((act, bearing, depth)) = waiting.pop() {
            let later = self.later.get(&act.id).map_or(&[][..], Vec::as_slice);
            let cut = match () {
                () if later.is_empty() => "",
                () if self.drawn.contains(&act.id) => "drawn above",
                () if depth >= DEEPEST => "goes on",
                () => "",
            };
            self.drawn.insert(act.id);
            lines.push(Branch {
                depth,
                bears: bearing.map_or(String::new(), |b| self.bears(b)),
                id: act.id,
                date: act.date.clone(),
                actor: act.actor.clone(),
                what: (self.what)(act),
                open: open(act),
                cut,
            });
            if cut.is_empty() {
                waiting.extend(later.iter().rev().filter_map(|b| Some((*self.by_id.get(&b.action_id)?, Some(*b), depth + 1))));
            }
        }
        lines
    }

    fn bears(&self, bearing: &ExchangeLink) -> String {
        let earlier = self.by_id.get(&bearing.earlier_id);
        amount(bearing, earlier.copied())
    }
}

/// What of an act's claim is open, with its unit; empty: nothing.
pub(super) fn open(act: &Act) -> String {
    match act.open {
        0 => String::new(),
        open => quantity(act.count.map(|_| open), &act.unit),
    }
}

/// How an act bears on an earlier one: `answers 5 of 35 persons`, `answers 35 persons`, `reverses`.
pub(super) fn amount(bearing: &ExchangeLink, earlier: Option<&Act>) -> String {
    let part = match bearing.relation {
        Relation::Reverses => bearing.takes,
        _ => bearing.covers,
    };
    let relation = bearing.relation;
    match earlier.map(|e| (e, e.count)) {
        Some((_, _)) if relation == Relation::Answers && part == 0 => "answers, settling nothing".to_owned(),
        Some((e, Some(count))) if part > 0 && part < count => format!("{relation} {part} of {}", quantity(Some(count), &e.unit)),
        Some((e, Some(count))) if part > 0 && count > 1 && part == count => format!("{relation} all {}", quantity(Some(count), &e.unit)),
        _ => relation.to_string(),
    }
}
