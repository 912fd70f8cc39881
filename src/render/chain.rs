//! Chains of actions as trees, with the settled amounts on the branches.

use std::io::Write;

use crate::error::Result;
use crate::ledger::link::NoEffect;
use crate::model::count::quantity;
use crate::model::{Relation, Stage};
use crate::render::style::Style;
use crate::render::text::visible;
use crate::render::verb;
use crate::report::Names;
use crate::report::chain::{Cut, Node};

/// Draws the trees; the requested action is in bold.
///
/// # Errors
/// `out` cannot be written.
pub fn tree(roots: &[Node], requested: i64, names: &Names, style: Style, out: &mut dyn Write) -> Result<()> {
    for (n, root) in roots.iter().enumerate() {
        if n > 0 {
            writeln!(out)?;
        }
        let pen = Pen { requested, names, style };
        writeln!(out, "{}", pen.label(root, None))?;
        pen.branches(root, "", out)?;
    }
    Ok(())
}

struct Pen<'a> {
    requested: i64,
    names: &'a Names,
    style: Style,
}

impl Pen<'_> {
    fn branches(&self, node: &Node, margin: &str, out: &mut dyn Write) -> Result<()> {
        let last = node.later.len().saturating_sub(1);
        for (n, later) in node.later.iter().enumerate() {
            let (corner, below) = if n == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            writeln!(out, "{margin}{corner}{}", self.label(later, Some(node)))?;
            self.branches(later, &format!("{margin}{below}"), out)?;
        }
        Ok(())
    }

    fn label(&self, node: &Node, parent: Option<&Node>) -> String {
        let action = &node.action;
        let act = format!("#{} {} {}: {}", action.id, action.date, self.names.of(&action.actor), action.what());
        let act = if action.id == self.requested { self.style.bold(visible(&act)) } else { visible(&act).into_owned() };
        let open = match action.count.number() {
            _ if !action.claims() || action.open == 0 => String::new(),
            None => self.style.dim(" [open]"),
            Some(_) => self.style.dim(format!(" [{} open]", quantity(action.count.part(action.open), &action.unit))),
        };
        let voided = if action.voided.is_some() { " (voided)" } else { "" };
        let cut = match node.cut {
            None => "",
            Some(Cut::Above) => " (shown above)",
            Some(Cut::Deep) => " ...",
        };
        format!("{}{act}{open}{voided}{cut}", branch(node, parent))
    }
}

/// The link on the branch: `answers 35 persons: `.
fn branch(node: &Node, parent: Option<&Node>) -> String {
    let (Some(link), Some(earlier)) = (&node.link, parent.map(|p| &p.action)) else { return String::new() };
    let verb = verb(link.relation, node.action.sign, earlier.sign);
    // An act of unknown count is settled as a whole.
    let amount = |n| earlier.count.number().map_or(String::new(), |_| format!(" {}", quantity(Some(n), &earlier.unit)));
    match link.relation {
        Relation::Answers if link.settles_nothing == Some(NoEffect::ThirdParty) => "answers in solidarity: ".to_owned(),
        Relation::Answers | Relation::Waives if link.covers == 0 => format!("{} (settles nothing): ", link.relation),
        Relation::Answers | Relation::Waives => format!("{verb}{}: ", amount(link.covers)),
        Relation::Reverses if link.takes > 0 => format!("reverses{}: ", amount(link.takes)),
        Relation::Executes if earlier.stage == Stage::Announced && link.covers < link.takes => {
            format!("executes, with {} already settled: ", quantity(Some(link.takes - link.covers), &earlier.unit))
        }
        _ => format!("{verb}: "),
    }
}
