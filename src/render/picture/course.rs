//! The course of a thread: the curve that it follows from mark to mark, and whether that leads through an area.

use crate::render::picture::area::Area;

/// The number of points at which a curve is compared with an area.
const STEPS: u32 = 24;
/// The distance that areas keep from a curve.
const APART: f64 = 2.0;

/// A cubic Bézier curve from the later act to the earlier one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Course {
    /// The start, the two control points, and the end.
    pub points: [(f64, f64); 4],
    /// 1 if the curve ends downwards, otherwise -1.
    pub down: f64,
}

impl Course {
    /// The curve that leaves `start` vertically, towards the height `turn`, and arrives at `end` vertically, from the height `back`.
    pub(super) fn between(start: (f64, f64), (turn, back): (f64, f64), end: (f64, f64), down: f64) -> Course {
        Course { points: [start, (start.0, turn), (end.0, back), end], down }
    }

    /// The point of the curve at `t`, from 0 to 1.
    pub fn at(&self, t: f64) -> (f64, f64) {
        let s = 1.0 - t;
        let weights = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
        let sum = |of: fn(&(f64, f64)) -> f64| self.points.iter().zip(weights).map(|(point, weight)| of(point) * weight).sum();
        (sum(|p| p.0), sum(|p| p.1))
    }

    /// True if the curve leads through the area, or close to it.
    pub(super) fn crosses(&self, area: &Area) -> bool {
        let grown = Area { x0: area.x0 - APART, y0: area.y0 - APART, x1: area.x1 + APART, y1: area.y1 + APART };
        // The curve is within the rectangle around its four points.
        if !Area::of_points(&self.points).overlaps(&grown) {
            return false;
        }
        let points: Vec<(f64, f64)> = (0..=STEPS).map(|n| self.at(f64::from(n) / f64::from(STEPS))).collect();
        // The rectangle around each piece of the curve is tested, so that no piece slips between two points.
        points.windows(2).any(|piece| Area::of_points(piece).overlaps(&grown))
    }
}
