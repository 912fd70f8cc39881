//! Chains of actions and answers, as trees written line by line; each line has its depth.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::model::count::quantity;
use crate::model::{Relation, Sign, Stage};
use crate::render::verb;
use crate::report::exchange::{Act, ExchangeLink};

/// The maximum number of lines of trees on a page; the latest trees are shown.
const MAX_LINES: usize = 60;
/// The maximum depth of a tree on a page.
const MAX_DEPTH: usize = 6;

/// One act in a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Branch {
    /// The distance from the root, which has depth 0.
    pub depth: usize,
    /// The link to the act above: `answers 35 of 755 persons`; empty at the root.
    pub bears: String,
    /// The act's id.
    pub id: i64,
    /// The date as entered.
    pub date: String,
    /// The actor's code.
    pub actor: String,
    /// The act in words.
    pub what: String,
    /// The open part: `720 persons open`, or for a gesture `1 measure to be returned`; empty: nothing is open.
    pub open: String,
    /// Why the later acts are not shown here: `shown above`, `continues`; empty: they are shown.
    pub cut: &'static str,
}

/// The trees of the latest acts, ordered by their first act, and the number of trees left out.
pub(super) fn trees(acts: &[Act], links: &[ExchangeLink], what: impl Fn(&Act) -> String) -> (Vec<Vec<Branch>>, usize) {
    let by_id: HashMap<i64, &Act> = acts.iter().map(|a| (a.id, a)).collect();
    let mut later: HashMap<i64, Vec<&ExchangeLink>> = HashMap::new();
    let mut linked: HashSet<i64> = HashSet::new();
    for link in links.iter().filter(|l| by_id.contains_key(&l.earlier_id)) {
        later.entry(link.earlier_id).or_default().push(link);
        linked.insert(link.action_id);
    }
    let mut forest = Forest { by_id, later, drawn: HashSet::new(), what: &what };
    let roots: Vec<&Act> = acts.iter().filter(|a| forest.later.contains_key(&a.id) && !linked.contains(&a.id)).collect();
    let mut trees: Vec<Vec<Branch>> = roots.iter().map(|root| forest.tree(root)).collect();
    let mut lines = 0;
    let kept = trees.iter().rev().take_while(|tree| {
        lines += tree.len();
        lines <= MAX_LINES
    });
    let kept = kept.count().max(1).min(trees.len());
    let more = trees.len() - kept;
    trees.drain(..more);
    for tree in &mut trees {
        tree.truncate(MAX_LINES);
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
        // A stack instead of recursion: a chain can be as long as the ledger.
        let mut waiting: Vec<(&'a Act, Option<&'a ExchangeLink>, usize)> = vec![(root, None, 0)];
        while let Some((act, link, depth)) = waiting.pop() {
            let later = self.later.get(&act.id).map_or(&[][..], Vec::as_slice);
            let cut = match () {
                () if later.is_empty() => "",
                () if self.drawn.contains(&act.id) => "shown above",
                () if depth >= MAX_DEPTH => "continues",
                () => "",
            };
            self.drawn.insert(act.id);
            lines.push(Branch {
                depth,
                bears: link.map_or(String::new(), |l| self.link_text(l)),
                id: act.id,
                date: act.date.clone(),
                actor: act.actor.clone(),
                what: (self.what)(act),
                open: open(act),
                cut,
            });
            if cut.is_empty() {
                waiting.extend(later.iter().rev().filter_map(|l| Some((*self.by_id.get(&l.action_id)?, Some(*l), depth + 1))));
            }
        }
        lines
    }

    fn link_text(&self, link: &ExchangeLink) -> String {
        link_text(link, self.by_id.get(&link.earlier_id).copied())
    }
}

/// The open part of an act's claim, in words: `720 persons open`, `2 measures to be returned`; empty: nothing is open.
pub(super) fn open(act: &Act) -> String {
    let what = if act.sign == Sign::Friendly { "to be returned" } else { "open" };
    match act.open {
        0 => String::new(),
        open => format!("{} {what}", quantity(act.count.part(open), &act.unit)),
    }
}

/// The link of an act to an earlier one: `answers 5 of 35 persons`, `answers all 35 persons`, `reverses`.
pub(super) fn link_text(link: &ExchangeLink, earlier: Option<&Act>) -> String {
    let part = match link.relation {
        Relation::Reverses => link.takes,
        // A threat is carried out as a whole, whatever was done in the end.
        Relation::Executes if earlier.is_some_and(|e| e.stage == Stage::Announced) => link.takes,
        _ => link.covers,
    };
    // An answer that settles something has the sign of the act that it answers.
    let verb = earlier.map_or(link.relation.as_str(), |e| verb(link.relation, e.sign, e.sign));
    match earlier.map(|e| (e, e.count.number())) {
        Some((_, _)) if matches!(link.relation, Relation::Answers | Relation::Waives) && part == 0 => {
            format!("{} (settles nothing)", link.relation)
        }
        Some((e, Some(count))) if part > 0 && part < count => format!("{verb} {part} of {}", quantity(e.count, &e.unit)),
        Some((e, Some(count))) if part > 0 && count > 1 && part == count => format!("{verb} all {}", quantity(e.count, &e.unit)),
        _ => verb.to_owned(),
    }
}
