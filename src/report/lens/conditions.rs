//! The conditions that a selection puts on actions, as SQL.

use super::Side;
use crate::model::details::DETAILS;
use crate::report::Selection;

/// A condition that every action meets.
pub(super) const ALL: &str = "1 = 1";

/// How conditions refer to the values of a selection.
pub(in crate::report) trait Operands {
    /// The values stored as `what`, in parentheses. If there is only one, it can be compared with `=` too.
    fn values(&self, what: &str) -> String;
    /// The first day of the period.
    fn since(&self) -> String;
    /// The last day of the period.
    fn until(&self) -> String;
    /// True for an action with one of the tags.
    fn is_tagged(&self) -> String;
}

/// Refers to the temporary tables of a lens.
pub(super) struct Chosen;

impl Operands for Chosen {
    fn values(&self, what: &str) -> String {
        format!("(SELECT value FROM chosen WHERE what = '{what}')")
    }

    fn since(&self) -> String {
        "(SELECT since FROM moment)".to_owned()
    }

    fn until(&self) -> String {
        "(SELECT until FROM moment)".to_owned()
    }

    fn is_tagged(&self) -> String {
        "EXISTS (SELECT 1 FROM chosen WHERE what = 'tag' AND instr(', ' || tags || ',', ', ' || value || ',') > 0)".to_owned()
    }
}

/// The names under which the codes of the sides are stored. Two parties without a group are stored together.
pub(super) fn named_sides(sides: &[Side]) -> impl Iterator<Item = (&'static str, &[String])> {
    let other = if has_group(sides) { "other" } else { "pair" };
    sides.iter().zip(["pair", other]).map(|(side, what)| (what, &side.codes[..]))
}

fn has_group(sides: &[Side]) -> bool {
    sides.iter().any(|side| side.single().is_none())
}

/// The condition on the parties of all actions that enter the computation.
pub(in crate::report) fn of_pair(sides: &[Side], operands: &dyn Operands) -> String {
    let pair = || operands.values("pair");
    match (sides.len(), has_group(sides)) {
        (0, _) => ALL.to_owned(),
        (1, _) => format!("(actor IN {0} OR target IN {0})", pair()),
        (_, false) => format!("actor IN {0} AND target IN {0}", pair()),
        (_, true) => format!("(actor IN {0} AND target IN {1} OR actor IN {1} AND target IN {0})", pair(), operands.values("other")),
    }
}

/// The condition on the actions that are shown. Only what the selection needs is written, so that a query about a pair reads only the rows
/// of that pair.
pub(in crate::report) fn of_actions(selection: &Selection, operands: &dyn Operands) -> String {
    let mut conditions = vec![ALL.to_owned()];
    let equal = |column: &str| format!("{column} = {}", operands.values(column));
    conditions.extend(selection.actor.as_ref().map(|_| equal("actor")));
    conditions.extend(selection.target.as_ref().map(|_| equal("target")));
    conditions.extend((!selection.kinds.is_empty()).then(|| format!("kind IN {}", operands.values("kind"))));
    conditions.extend(selection.stage.map(|_| equal("stage")));
    conditions.extend(selection.dispute.as_ref().map(|_| equal("dispute")));
    conditions.extend((!selection.tags.is_empty()).then(|| operands.is_tagged()));
    conditions.extend(selection.text.as_ref().map(|_| has_text(&operands.values("text"))));
    conditions.extend(selection.since.map(|_| format!("day_latest >= {}", operands.since())));
    conditions.extend(selection.until.map(|_| format!("day <= {}", operands.until())));
    // Without the first condition, if there are others.
    conditions[usize::from(conditions.len() > 1)..].join(" AND ")
}

/// The condition that one of an action's texts or sources contains the searched text.
fn has_text(text: &str) -> String {
    let searched = DETAILS.iter().filter(|detail| detail.form.is_searched());
    let searched: String = searched.map(|detail| format!(" || ' ' || coalesce(\"{}\", '')", detail.name)).collect();
    format!(
        "(instr(lower(ref{searched}), {text}) > 0
         OR id IN (SELECT c.action_id FROM citation c JOIN source s ON s.id = c.source_id
           WHERE instr(lower(s.cite || ' ' || coalesce(s.publisher, '') || ' ' || coalesce(s.title, '') || ' ' || coalesce(s.url, '')),
             {text}) > 0))"
    )
}
