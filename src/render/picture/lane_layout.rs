//! The layout of a timeline of several parties, in numbers: each party has a lane with its acts, and threads lead from lane to lane. A label
//! is drawn where no thread, mark or other label is.

use std::collections::{HashMap, HashSet};

use crate::model::Day;
use crate::render::handle;
use crate::render::picture::course::Course;
use crate::render::picture::labels::{self, Label};
use crate::render::picture::ticks::{Span, Tick};
use crate::render::picture::timeline_layout::{Mark, ONE_BY_ONE, Side, Timeline, marks, sizes, swarm, threads};
use crate::report::exchange::{Act, ExchangeLink};

/// The width of the column of names, on the left.
pub const NAMES: f64 = 132.0;
/// The gap between the edge of a lane and the nearest mark or label.
const CLEAR: f64 = 16.0;
/// The radius of the largest circle.
const LARGEST: f64 = 16.0;

/// A party of the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// True if it belongs to the side that the selection names first.
    pub of_first_side: bool,
}

/// The layout of the lanes.
#[derive(Debug, Clone, PartialEq)]
pub struct Lanes {
    /// The marks, threads and labels of all lanes, with positions from the top of the first lane.
    pub laid: Timeline,
    /// The upper edge of each lane, and the lower edge of the last one.
    pub edges: Vec<f64>,
}

/// The maximum height of a lane, which may have one act of each of many parties on one day.
const MAX_LANE: f64 = 480.0;
/// The maximum number of parties, whose lanes make a picture of some 2,400 units in height.
pub const MAX_PARTIES: usize = 60;

/// Lays out the acts of these parties; `None`: there are too many to draw one by one.
pub fn lay_out(parties: &[Party], acts: &[Act], links: &[ExchangeLink], as_of: Day, width: f64) -> Option<Lanes> {
    if acts.len() > ONE_BY_ONE || parties.len() > MAX_PARTIES {
        return None;
    }
    let span = Span::of(acts, &[], as_of, NAMES + 16.0, width - 22.0);
    let lane_of: HashMap<&str, usize> = parties.iter().enumerate().map(|(lane, party)| (party.code.as_str(), lane)).collect();
    let (placed, edges) = [1.0, 0.8, 0.65, 0.5, 0.4].into_iter().find_map(|share| {
        let of_first_side = |act: &Act| lane_of.get(act.side.as_str()).is_some_and(|lane| parties[*lane].of_first_side);
        let side = |act: &Act| if of_first_side(act) { Side::A } else { Side::B };
        let sized = marks(acts, links, side, &span, LARGEST * share);
        in_lanes(sized, acts, &lane_of, parties.len())
    })?;
    let lanes: Vec<usize> = placed.iter().map(|mark| lane_of[acts[mark.act].side.as_str()]).collect();
    let threads = threads(&placed, acts, links, |from, to| course(from, to, &placed, &lanes));
    let free = |mark: usize, label: &Label| {
        let lane = lanes[mark];
        let inside = label.area.within(NAMES, width) && label.area.y0 > edges[lane] && label.area.y1 < edges[lane + 1];
        inside && !threads.iter().any(|thread| thread.course.crosses(&label.area))
    };
    let mut targets: HashMap<&str, HashSet<&str>> = HashMap::new();
    for act in acts {
        targets.entry(&act.side).or_default().insert(&act.target);
    }
    // The target is named where a lane has several.
    let text = |act: &Act| match targets.get(act.side.as_str()).map(HashSet::len) {
        Some(2..) => labels::full(act).replacen(&handle(act.id), &format!("{} {}:", handle(act.id), act.target), 1),
        _ => labels::full(act),
    };
    let labels = labels::fit(&placed, acts, text, free);
    let ticks: Vec<Tick> = span.ticks();
    let as_of = (as_of.0 > span.first && as_of.0 < span.last).then(|| span.x(as_of.0));
    let below = edges.last().copied().unwrap_or(0.0);
    let sizes = sizes(&placed, acts);
    let laid = Timeline { width, above: 0.0, below, marks: placed, threads, labels, bins: Vec::new(), period: "", ticks, as_of, sizes };
    Some(Lanes { laid, edges })
}

/// Moves the marks into their lanes. Returns them with the edges of the lanes; `None`: a lane would be too high.
fn in_lanes(marks: Vec<Mark>, acts: &[Act], lane_of: &HashMap<&str, usize>, count: usize) -> Option<(Vec<Mark>, Vec<f64>)> {
    let mut of_lane: Vec<Vec<Mark>> = vec![Vec::new(); count];
    for mark in marks {
        of_lane[*lane_of.get(acts[mark.act].side.as_str())?].push(mark);
    }
    let (mut placed, mut edges) = (Vec::new(), vec![0.0]);
    let mut top = 0.0;
    for lane in of_lane {
        // Marks move away from a line; here they move down from the upper edge of the lane.
        let mut lane = swarm(lane, MAX_LANE)?;
        let lowest = lane.iter().map(|m| m.y.abs() + m.r).fold(CLEAR, f64::max);
        lane.iter_mut().for_each(|m| m.y = top + CLEAR / 2.0 + m.y.abs());
        placed.append(&mut lane);
        top += lowest + CLEAR / 2.0 + CLEAR;
        edges.push(top);
    }
    placed.sort_by_key(|mark| mark.act);
    Some((placed, edges))
}

fn course(from: usize, to: usize, marks: &[Mark], lanes: &[usize]) -> Course {
    let (later, earlier) = (&marks[from], &marks[to]);
    if lanes[from] == lanes[to] {
        let (y1, y0) = (later.y - later.r, earlier.y - earlier.r - 3.0);
        let bend = y1.min(y0) - 6.0;
        return Course::between((later.x, y1), (bend, bend), (earlier.x, y0), 1.0);
    }
    // A thread leaves the mark on the side that faces the other lane, and arrives on the side that faces it.
    let way = if lanes[from] > lanes[to] { -1.0 } else { 1.0 };
    let (y1, y0) = (later.y + way * later.r, earlier.y - way * (earlier.r + 3.0));
    let middle = (y1 + y0) / 2.0;
    Course::between((later.x, y1), (middle, middle), (earlier.x, y0), way)
}
