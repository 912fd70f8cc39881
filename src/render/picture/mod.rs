//! Pictures as SVG: an exchange, whose layout is computed first, in numbers, and then drawn, and the matrix.

pub mod area;
pub mod bins;
pub mod course;
mod draw_lanes;
mod draw_running;
mod draw_timeline;
pub mod heat_map;
pub mod labels;
pub mod lane_layout;
mod legend;
pub mod running_layout;
mod svg;
pub mod ticks;
pub mod timeline_layout;

use crate::model::Day;
use crate::report::exchange::{Act, BalanceStep, ExchangeLink};

pub use lane_layout::Party;
pub use svg::Place;

/// The width of a picture on a screen and on paper.
pub const WIDE: f64 = 720.0;
/// The width of a picture on a phone.
pub const NARROW: f64 = 328.0;

/// The parties and the day of a picture.
#[derive(Debug, Clone, Copy)]
pub struct Pictured<'a> {
    /// The party whose acts are above the line: its code and its name.
    pub a: (&'a str, &'a str),
    /// The party whose acts are below the line.
    pub b: (&'a str, &'a str),
    /// The day that the picture describes.
    pub as_of: Day,
    /// The unconfirmed data that is drawn, in words; `None`: none is drawn.
    pub unconfirmed: Option<&'a str>,
    /// What the picture is limited to, besides the two parties: "expulsion, since 2017-01-01"; empty: nothing.
    pub limits: &'a str,
}

/// The caption of a picture that is published by itself.
#[derive(Debug, Clone, Copy)]
pub struct Captioned<'a> {
    /// The title.
    pub title: &'a str,
    /// Where the acts come from: the ledger's file.
    pub source: &'a str,
    /// The day that the picture describes.
    pub as_of: Day,
    /// The unconfirmed data that is drawn, in words; `None`: none is drawn.
    pub unconfirmed: Option<&'a str>,
}

/// Draws the acts of several parties, each in a lane of its own; `None`: there are too many acts or parties to draw.
pub fn lanes(of: Captioned<'_>, parties: &[Party], acts: &[Act], links: &[ExchangeLink]) -> Option<String> {
    let laid = lane_layout::lay_out(parties, acts, links, of.as_of, WIDE)?;
    Some(draw_lanes::draw(&of, parties, acts, links, &laid))
}

/// Draws the exchange on a time axis.
pub fn timeline(of: Pictured<'_>, acts: &[Act], links: &[ExchangeLink], width: f64, place: Place<'_>) -> String {
    let laid = timeline_layout::lay_out(acts, links, of.a.0, of.as_of, width);
    draw_timeline::draw(&of, acts, links, &laid, place)
}

/// Draws what was open against each side over time, and returns the units left out; `None`: nothing was ever open.
pub fn running(of: Pictured<'_>, acts: &[Act], steps: &[BalanceStep], width: f64, place: Place<'_>) -> Option<(String, Vec<String>)> {
    let laid = running_layout::lay_out(acts, steps, of.a.0, of.as_of, width)?;
    let left_out = laid.left_out.iter().map(|unit| draw_running::heading(unit)).collect();
    Some((draw_running::draw(&of, &laid, place), left_out))
}
