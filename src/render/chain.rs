//! Chains drawn as trees, with the counts on the branches.

use std::io::Write;

use crate::error::Result;
use crate::ledger::link::Nothing;
use crate::model::Relation;
use crate::model::count::quantity;
use crate::render::style::Style;
use crate::render::text::visible;
use crate::report::Names;
use crate::report::chain::{Cut, Node};

/// Draws the trees; the act asked for is marked.
///
/// # Errors
/// `out` cannot be written.
pub fn tree(roots: &[Node], asked: i64, names: &Names, style: Style, out: &mut dyn Write) -> Result<()> {
    for (n, root) in roots.iter().enumerate() {
        if n > 0 {
            writeln!(out)?;
        }
        let pen = Pen { asked, names, style };
        writeln!(out, "{}", pen.label(root))?;
        pen.branches(root, "", out)?;
    }
    Ok(())
}

struct Pen<'a> {
    asked: i64,
    names: &'a Names,
    style: Style,
}

impl Pen<'_> {
    fn branches(&self, node: &Node, margin: &str, out: &mut dyn Write) -> Result<()> {
        let last = node.later.len().saturating_sub(1);
        for (n, later) in node.later.iter().enumerate() {
            let (corner, below) = if n == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            writeln!(out, "{margin}{corner}{}", self.label(later))?;
            self.branches(later, &format!("{margin}{below}"), out)?;
        }
        Ok(())
    }

    fn label(&self, node: &Node) -> String {
        let action = &node.action;
        let act = format!("#{} {} {}: {}", action.id, action.date, self.names.of(&action.actor), action.what());
        let act = if action.id == self.asked { self.style.bold(visible(&act)) } else { visible(&act).into_owned() };
        let open = match action.count {
            _ if !action.claims() || action.open == 0 => String::new(),
            None => self.style.dim(" [open]"),
            Some(_) => self.style.dim(format!(" [{} open]", action.open)),
        };
        let cut = match node.cut {
            None => "",
            Some(Cut::Above) => " (drawn above)",
            Some(Cut::Deep) => " ...",
        };
        format!("{}{act}{open}{cut}", branch(node))
    }
}

/// The count on the branch: `answers 35: `.
fn branch(node: &Node) -> String {
    let Some(link) = &node.link else { return String::new() };
    match link.relation {
        Relation::Answers if link.settles_nothing == Some(Nothing::ThirdParty) => "answers in solidarity: ".to_owned(),
        Relation::Answers if link.covers == 0 => "answers, settling nothing: ".to_owned(),
        Relation::Answers | Relation::Waives if link.covers > 0 => format!("{} {}: ", link.relation, link.covers),
        Relation::Reverses => format!("reverses {}: ", link.takes),
        Relation::Executes if link.covers > 0 => format!("executes, carrying over {}: ", quantity(Some(link.covers), &node.action.unit)),
        relation => format!("{relation}: "),
    }
}
