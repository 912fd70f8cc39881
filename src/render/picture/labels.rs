//! The labels of the marks: `#13 staff cut 755`. If there are few acts, all have labels; if there are many, the most important
//! ones have labels, as far as there is room.

use crate::model::{Sign, Stage, StatedCount};
use crate::render::handle;
use crate::render::picture::area::Area;
use crate::render::picture::course::Course;
use crate::render::picture::timeline_layout::{Mark, Side, Thread, Tie, courses, threads, ties};
use crate::report::exchange::{Act, ExchangeLink};

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

/// How often the marks are placed in another order until each has its label.
const ATTEMPTS: usize = 20;

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

/// Marks in their places, with their threads and labels.
pub(super) struct Drawn {
    pub(super) marks: Vec<Mark>,
    pub(super) threads: Vec<Thread>,
    pub(super) labels: Vec<Label>,
}

/// The full label of an act: its number, kind and count, and the member that did it or at which it is directed.
pub(super) fn full(act: &Act) -> String {
    let kind = act.kind.replace('-', " ");
    let count = match act.count {
        _ if act.sign == Sign::Neutral => String::new(),
        StatedCount::Exact(1) => String::new(),
        stated => format!(" {stated}"),
    };
    let by = if act.is_by_member() { format!(" (by {})", act.actor) } else { String::new() };
    let at = if act.is_to_member() { format!(" (at {})", act.target) } else { String::new() };
    format!("{} {kind}{count}{by}{at}", handle(act.id))
}

/// Moves the marks apart so that each has its full label next to it, off the lines of uncertain days and, if there is room for that,
/// off the threads; `None`: there is no room.
pub(super) fn at_every_mark(marks: &[Mark], acts: &[Act], links: &[ExchangeLink], width: f64) -> Option<Drawn> {
    if marks.len() > FEW {
        return None;
    }
    let texts = marks.iter().map(|mark| full(&acts[mark.act])).collect();
    let placing = Placing { marks, texts, ties: ties(marks, acts, links), width };
    let by_date: Vec<usize> = (0..marks.len()).collect();
    let (mut order, mut to_left) = (by_date.clone(), vec![false; marks.len()]);
    for _ in 0..ATTEMPTS {
        match placing.in_order(&order, &to_left, true) {
            Ok(drawn) => return Some(drawn),
            // What found no place comes first the next time, with its label on the other side.
            Err(at) => {
                let mark = order[at];
                order[..=at].rotate_right(1);
                to_left[mark] = !to_left[mark];
            }
        }
    }
    placing.in_order(&by_date, &vec![false; marks.len()], false).ok()
}

/// Marks that are to be placed with their labels.
struct Placing<'m> {
    marks: &'m [Mark],
    /// The label of each mark.
    texts: Vec<String>,
    ties: Vec<Tie>,
    width: f64,
}

/// What is placed so far.
struct Placed {
    /// By the index of the mark.
    marks: Vec<Option<(Mark, Label)>>,
    threads: Vec<Thread>,
    /// The areas of marks, labels and lines of uncertain days, on each side.
    taken: Vec<(Side, Area)>,
}

impl Placing<'_> {
    /// Places one mark after the other in this order, each as near to the line as those before it permit. A label is to the left of its
    /// mark where `to_left` says so, or where there is no room on the right. If `strict`, no thread leads behind a label. The error is the
    /// place in the order of a mark that finds no room.
    fn in_order(&self, order: &[usize], to_left: &[bool], strict: bool) -> Result<Drawn, usize> {
        let mut placed = Placed { marks: vec![None; self.marks.len()], threads: Vec::new(), taken: Vec::new() };
        for (at, &n) in order.iter().enumerate() {
            let mark = &self.marks[n];
            let nearest = CLEAR + mark.r.max(WRITING * 0.6) + 2.0;
            let reaches = (0..).map(|step| nearest + f64::from(step)).take_while(|reach| reach + mark.r <= REACH);
            let mut places = reaches.flat_map(|reach| [(reach, to_left[n]), (reach, !to_left[n])]);
            let found = places.find_map(|(reach, to_left)| {
                let mark = Mark { y: mark.side.away() * reach, ..mark.clone() };
                let label = side_label(n, &mark, &self.texts[n], to_left);
                let threads = self.threads_there(&mark, &label, &placed, strict)?;
                Some((mark, label, threads))
            });
            let (mark, label, mut threads) = found.ok_or(at)?;
            placed.taken.extend([row(&mark), label.area].into_iter().chain(mark.span_area()).map(|area| (mark.side, area)));
            placed.threads.append(&mut threads);
            placed.marks[n] = Some((mark, label));
        }
        placed.threads.sort_by_key(|thread| thread.link);
        let (marks, labels) = placed.marks.into_iter().flatten().unzip();
        Ok(Drawn { marks, threads: placed.threads, labels })
    }

    /// The threads between a mark at its place and those placed before it; `None` if there is no room for the mark, its label or a thread.
    fn threads_there(&self, mark: &Mark, label: &Label, placed: &Placed, strict: bool) -> Option<Vec<Thread>> {
        let free = |area: &Area| !placed.taken.iter().any(|(side, other)| *side == mark.side && area.overlaps(other));
        let has_room = label.area.within(0.0, self.width)
            && free(&row(mark))
            && free(&label.area)
            && mark.span_area().is_none_or(|span| free(&span) && !span.overlaps(&label.area))
            && !(strict && placed.threads.iter().any(|thread| thread.course.crosses(&label.area)));
        if !has_room {
            return None;
        }
        let n = label.mark;
        let mark_at = |index: usize| if index == n { Some(mark) } else { placed.marks[index].as_ref().map(|(mark, _)| mark) };
        let labels = || placed.marks.iter().flatten().map(|(_, label)| label).chain([label]);
        let may_be = |course: &Course| !strict || !labels().any(|label| course.crosses(&label.area));
        let mut threads = Vec::new();
        for tie in self.ties.iter().filter(|tie| tie.from == n || tie.to == n) {
            if let Some((later, earlier)) = mark_at(tie.from).zip(mark_at(tie.to)) {
                threads.push(tie.thread(courses(later, earlier).into_iter().find(may_be)?));
            }
        }
        Some(threads)
    }
}

/// Labels marks that stay in place, the most important first: the full label if it fits, otherwise the number.
pub(super) fn where_they_fit(marks: Vec<Mark>, acts: &[Act], links: &[ExchangeLink], width: f64) -> Drawn {
    let threads = threads(&marks, acts, links, |from, to| courses(&marks[from], &marks[to])[0]);
    let free = |mark: usize, label: &Label| {
        (label.area.y0 + label.area.y1) / 2.0 * marks[mark].side.away() > CLEAR
            && label.area.within(0.0, width)
            && !threads.iter().any(|thread| thread.course.crosses(&label.area))
    };
    let labels = fit(&marks, acts, full, free);
    Drawn { marks, threads, labels }
}

/// The labels that fit beside the marks, the most important first: the full text, otherwise the number. `free` says whether a label of the
/// mark with this index may be at its place.
pub(super) fn fit(marks: &[Mark], acts: &[Act], full: impl Fn(&Act) -> String, free: impl Fn(usize, &Label) -> bool) -> Vec<Label> {
    let mut order: Vec<usize> = (0..marks.len()).collect();
    order.sort_by_key(|n| std::cmp::Reverse(importance(&acts[marks[*n].act])));
    let mut taken: Vec<Area> = marks.iter().map(grown).chain(marks.iter().filter_map(Mark::span_area)).collect();
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
