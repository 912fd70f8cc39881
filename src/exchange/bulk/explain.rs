//! Why links are refused, told with the refs of both ends.

use std::collections::{HashMap, HashSet};

use crate::error::{ROWS_TOLD, Result};
use crate::ledger::refusal::{Side, refuse};
use crate::model::settle::{Refusal, Settlement};

use super::super::Input;
use super::super::check::{check, numbered};
use super::super::item::Item;
use super::super::pending::Pending;
use super::super::problems::Problems;
use super::Load;

/// Why a link is not made.
pub(super) enum Why {
    /// The arithmetic refuses it.
    Refused(Refusal),
    /// The file states other amounts than the arithmetic gives.
    Stated(Settlement),
    Itself,
    Twice,
    Voided,
    Circle,
}

impl Why {
    /// True where it might be otherwise if rows that could not be judged were there.
    pub fn is_of_amounts(&self) -> bool {
        match self {
            Why::Refused(refusal) => matches!(
                refusal,
                Refusal::NothingOpen | Refusal::OverOpen(_) | Refusal::NothingLeft | Refusal::OverSpent(_) | Refusal::Whole
            ),
            Why::Stated(_) => true,
            _ => false,
        }
    }
}

/// Tells what is refused. The refs are not in memory: the files are read again for those that are named.
pub(super) fn explain(load: &mut Load<'_>, refused: Vec<(Pending, Why)>, inputs: &[Input], problems: &mut Problems) -> Result<()> {
    if refused.is_empty() {
        return Ok(());
    }
    let named: HashSet<u32> = refused.iter().take(ROWS_TOLD).flat_map(|(link, _)| [link.later, link.earlier]).collect();
    let mut called: HashMap<u32, (String, String)> = HashMap::new();
    let mut id = 0;
    let mut ignored = Problems::default();
    super::super::read(inputs, &mut ignored, None, &mut |item, ignored| {
        let Item::Action(at, draft) = item else { return Ok(()) };
        let Some(row) = check(at, draft, &mut load.names, ignored)? else { return Ok(()) };
        // Rows are the same as in the first reading; one with another's ref had no id.
        if load.acts.get(id as usize).is_some_and(|a| a.at == at) {
            id += 1;
            if named.contains(&id) {
                let suffix = load.suffixes.get(&id).copied().unwrap_or(1);
                let reference = match row.draft.reference {
                    "" => numbered(&row.stem(&load.names), suffix),
                    given => given.to_owned(),
                };
                called.insert(id, (reference, row.date.to_string()));
            }
        }
        Ok(())
    })?;
    let nobody = (String::new(), String::new());
    for (link, why) in &refused {
        let side = |id: u32| {
            let act = load.act(id);
            let kind = load.names.facts(act.kind);
            let (name, date) = called.get(&id).unwrap_or(&nobody);
            Side {
                name,
                actor: load.names.code(act.actor),
                target: load.names.code(act.target),
                kind: &kind.name,
                unit: &kind.unit,
                date,
                short: name,
            }
        };
        let message = message(why, link, &side(link.later), &side(link.earlier));
        problems.add(link.at, Some(super::super::earlier_column(link)), message);
    }
    Ok(())
}

fn message(why: &Why, link: &Pending, later: &Side<'_>, earlier: &Side<'_>) -> String {
    let (l, e) = (later.name, earlier.name);
    match why {
        Why::Refused(refusal) => refuse(*refusal, link.relation, later, earlier, link.asked()).to_string(),
        Why::Stated(Settlement { covers, spends, reversed }) => {
            let given = link.settlement();
            format!(
                "{l} {} {e}: it covers {}, spends {} and reverses {}, and the rules give {covers}, {spends} and {reversed}; \
                 help: correct the amounts, or import the flat CSV, which leaves them to the rules",
                link.relation, given.covers, given.spends, given.reversed
            )
        }
        Why::Itself => format!("{l}: an action does not bear on itself; help: name an earlier action"),
        Why::Twice => format!("{l} {} {e} twice; help: name it once, with the whole count", link.relation),
        Why::Voided => format!("{l} {} {e}: one of them is voided; help: link actions that stand", link.relation),
        Why::Circle => format!("{l} {} {e}: links may not run in a circle; help: see which of them came first", link.relation),
    }
}
