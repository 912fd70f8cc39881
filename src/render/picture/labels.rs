//! The labels of the marks: `#13 staff cut 755`. If there are few acts, all have labels; if there are many, the most important
//! ones have labels, as far as there is room.

use crate::model::{Sign, Stage, StatedCount};
use crate::render::handle;
use crate::render::picture::area::Area;
use crate::render::picture::timeline_layout::{Mark, Side};
use crate::report::exchange::Act;

/// The font size.
pub const WRITING: f64 = 11.0;
/// The gap between a mark and its label.
const GAP: f64 = 3.0;
/// The gap between the line and the nearest mark.
const CLEAR: f64 = 9.0;
/// The maximum distance from the line if every mark has a label.
const REACH: f64 = 210.0;
/// The maximum number of acts that all have labels.
const FEW: usize = 60;

/// The label of a mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// The index of the mark.
    pub mark: usize,
    /// The text.
    pub text: String,
    /// The left end of the text, or the right end if `to_left`.
    pub x: f64,
    /// The vertical middle.
    pub y: f64,
    /// True if the text ends at `x`.
    pub to_left: bool,
    /// The area that it occupies.
    pub area: Area,
}

/// The full label of an act: its number, kind and count.
pub(super) fn full(act: &Act) -> String {
    let kind = act.kind.replace('-', " ");
    let count = match act.count {
        _ if act.sign == Sign::Neutral => String::new(),
        StatedCount::Exact(1) => String::new(),
        stated => format!(" {stated}"),
    };
    format!("{} {kind}{count}", handle(act.id))
}

/// Moves the marks apart so that each has its full label next to it; `None`: there is no room.
pub(super) fn at_every_mark(marks: &[Mark], acts: &[Act], width: f64) -> Option<(Vec<Mark>, Vec<Label>)> {
    if marks.len() > FEW {
        return None;
    }
    let mut taken: Vec<(Side, Area)> = Vec::new();
    let mut placed = (Vec::new(), Vec::new());
    for (n, mark) in marks.iter().enumerate() {
        let text = full(&acts[mark.act]);
        let at = |y: f64| {
            let mark = Mark { y, ..mark.clone() };
            let label = [false, true].into_iter().map(|left| side_label(n, &mark, &text, left)).find(|l| l.area.within(0.0, width))?;
            Some((mark, label))
        };
        let free = |area: &Area| !taken.iter().any(|(side, other)| *side == mark.side && area.overlaps(other));
        let mut reach = CLEAR + mark.r.max(WRITING * 0.6) + 2.0;
        let (mark, label) = loop {
            let (mark, label) = at(mark.side.away() * reach)?;
            if free(&row(&mark)) && free(&label.area) {
                break (mark, label);
            }
            reach += 1.0;
            if reach + mark.r > REACH {
                return None;
            }
        };
        taken.extend([(mark.side, row(&mark)), (mark.side, label.area)]);
        placed.0.push(mark);
        placed.1.push(label);
    }
    Some(placed)
}

/// Labels marks that stay in place, the most important first: the full label if it fits, otherwise the number.
pub(super) fn where_they_fit(marks: Vec<Mark>, acts: &[Act], width: f64) -> Option<(Vec<Mark>, Vec<Label>)> {
    let clear_of_line = |mark: usize, label: &Label| {
        (label.area.y0 + label.area.y1) / 2.0 * marks[mark].side.away() > CLEAR && label.area.within(0.0, width)
    };
    let labels = fit(&marks, acts, full, clear_of_line);
    Some((marks, labels))
}

/// The labels that fit beside the marks, the most important first: the full text, otherwise the number. `free` says whether a label of the
/// mark with this index may be at its place.
pub(super) fn fit(marks: &[Mark], acts: &[Act], full: impl Fn(&Act) -> String, free: impl Fn(usize, &Label) -> bool) -> Vec<Label> {
    let mut order: Vec<usize> = (0..marks.len()).collect();
    order.sort_by_key(|n| std::cmp::Reverse(importance(&acts[marks[*n].act])));
    let mut taken: Vec<Area> = marks.iter().map(grown).collect();
    let mut labels: Vec<Label> = Vec::new();
    for n in order {
        let act = &acts[marks[n].act];
        let found = [full(act), handle(act.id)].into_iter().find_map(|text| {
            places(n, &marks[n], &text).into_iter().find(|l| free(n, l) && !taken.iter().any(|other| l.area.overlaps(other)))
        });
        if let Some(label) = found {
            taken.push(label.area);
            labels.push(label);
        }
    }
    labels
}

/// The importance of an act: open acts first, then acts that were done or announced, then larger counts.
fn importance(act: &Act) -> (bool, bool, i64) {
    (
        act.sign == Sign::Hostile && act.open > 0,
        act.stage != Stage::Threatened && act.sign != Sign::Neutral,
        act.count.number().unwrap_or(1),
    )
}

fn grown(mark: &Mark) -> Area {
    Area::around(mark.x, mark.y, mark.r + 0.75)
}

/// The area of a mark with a label next to it, with room for the ends of threads between two acts on one day.
fn row(mark: &Mark) -> Area {
    Area::around(mark.x, mark.y, mark.r.max(WRITING * 0.5) + 3.0)
}

/// Possible positions: next to the mark, then farther from the line, then nearer to it.
fn places(n: usize, mark: &Mark, text: &str) -> Vec<Label> {
    let mut places = vec![side_label(n, mark, text, false), side_label(n, mark, text, true)];
    for away in [mark.side.away(), -mark.side.away()] {
        let y = mark.y + away * (mark.r + GAP + WRITING * 0.6);
        places.extend([(mark.x - mark.r, false), (mark.x + mark.r, true)].map(|(x, left)| label(n, text, x, y, left)));
    }
    places
}

fn side_label(n: usize, mark: &Mark, text: &str, to_left: bool) -> Label {
    let x = if to_left { mark.x - mark.r - GAP } else { mark.x + mark.r + GAP };
    label(n, text, x, mark.y, to_left)
}

fn label(mark: usize, text: &str, x: f64, y: f64, to_left: bool) -> Label {
    Label { mark, text: text.to_owned(), x, y, to_left, area: Area::of_text(x, y, text, WRITING, to_left) }
}
