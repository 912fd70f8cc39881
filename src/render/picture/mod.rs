//! Pictures of an exchange, in SVG of our own: what is to be where is laid out first, in numbers, and then drawn.

pub mod axis;
pub mod bins;
mod draw_running;
mod draw_timeline;
pub mod labels;
mod legend;
pub mod measure;
pub mod running;
mod svg;
pub mod timeline;

use crate::model::Day;
use crate::report::exchange::{Act, ExchangeLink, Level};

pub use svg::Place;

/// How wide a picture is on a screen and on paper.
pub const WIDE: f64 = 720.0;
/// How wide it is on a phone.
pub const NARROW: f64 = 328.0;

/// Of whom a picture is, and of which day.
#[derive(Debug, Clone, Copy)]
pub struct Pictured<'a> {
    /// The party whose acts stand above the line: its code and its name.
    pub a: (&'a str, &'a str),
    /// The party whose acts stand below.
    pub b: (&'a str, &'a str),
    /// The day it speaks of.
    pub as_of: Day,
    /// What is drawn that nobody has confirmed, in words; `None`: nothing is.
    pub unconfirmed: Option<&'a str>,
}

/// Draws the exchange on an axis of time.
pub fn timeline(of: Pictured<'_>, acts: &[Act], links: &[ExchangeLink], width: f64, place: Place<'_>) -> String {
    let laid = timeline::lay_out(acts, links, of.a.0, of.as_of, width);
    draw_timeline::draw(&of, acts, links, &laid, place)
}

/// Draws what was open on each side over time, and names what it leaves out; `None`: nothing ever was open.
pub fn running(of: Pictured<'_>, acts: &[Act], levels: &[Level], width: f64, place: Place<'_>) -> Option<(String, Vec<String>)> {
    let laid = running::lay_out(acts, levels, of.a.0, of.as_of, width)?;
    let left_out = laid.left_out.iter().map(|unit| draw_running::called(unit)).collect();
    Some((draw_running::draw(&of, &laid, place), left_out))
}
