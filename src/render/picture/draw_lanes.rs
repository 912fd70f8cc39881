//! Draws the timeline of several parties.

use crate::model::count::counted;
use crate::render::picture::area::{fitted, width};
use crate::render::picture::draw_timeline::{details, drawn_mark, drawn_thread};
use crate::render::picture::lane_layout::{Lanes, NAMES, Party};
use crate::render::picture::svg::{Place, Svg, rounded};
use crate::render::picture::{Captioned, legend};
use crate::render::text::long_date;
use crate::report::exchange::{Act, ExchangeLink};

/// The height of the title and of the line below it.
const HEADING: f64 = 46.0;
/// The font size of the title.
const TITLE: f64 = 13.0;
/// The height of the axis labels.
const AXIS: f64 = 34.0;

/// Draws the picture in its own file.
pub(super) fn draw(of: &Captioned<'_>, parties: &[Party], acts: &[Act], links: &[ExchangeLink], lanes: &Lanes) -> String {
    let laid = &lanes.laid;
    let bottom = HEADING + laid.below;
    let legend = legend::timeline(laid, of.unconfirmed);
    let height = bottom + AXIS + legend.height(laid.width);
    let number = counted(acts.len(), "acts");
    // A list of parties may be longer than a line; their names are beside the lanes.
    let title = match parties.first() {
        Some(first) if width(of.title, TITLE) > laid.width => format!("{} and {} other parties", first.name, parties.len() - 1),
        _ => of.title.to_owned(),
    };
    let line = format!("{number} as of {}. Source: {}", long_date(&of.as_of.iso()), of.source);
    let mut svg = Svg::begin(Place::File, laid.width, height, &title, &description(of, parties, acts));
    svg.text(0.0, 10.0, "name", &fitted(&title, TITLE, laid.width));
    svg.group("scale", |svg| svg.text(0.0, 28.0, "", &fitted(&line, 11.0, laid.width)));
    svg.axis(&laid.ticks, HEADING, bottom);
    if let Some(x) = laid.as_of {
        svg.stroke("today", (x, HEADING), (x, bottom));
    }
    svg.group("lanes", |svg| lanes.edges.iter().for_each(|y| svg.stroke("edge", (0.0, HEADING + y), (laid.width, HEADING + y))));
    for (party, edges) in parties.iter().zip(lanes.edges.windows(2)) {
        let y = HEADING + (edges[0] + edges[1]) / 2.0;
        let class = if party.of_first_side { "a" } else { "b" };
        svg.line(&format!("<circle class=\"{class} dot\" cx=\"5\" cy=\"{}\" r=\"4\"/>", rounded(y)));
        svg.text(14.0, y, "heading", &fitted(&party.name, 12.0, NAMES - 18.0));
    }
    let many = if laid.threads.len() > 60 { "threads many" } else { "threads" };
    svg.group(many, |svg| {
        for thread in &laid.threads {
            svg.line(&drawn_thread(thread, HEADING, links, laid));
        }
    });
    let name = |act: &Act| parties.iter().find(|party| party.code == act.actor).map_or(act.actor.clone(), |party| party.name.clone());
    svg.group("marks", |svg| {
        for mark in &laid.marks {
            let act = &acts[mark.act];
            svg.line(&drawn_mark(mark, HEADING + mark.y, act, &details(act, &format!("{} -> {}", name(act), act.target))));
        }
    });
    svg.group("labels", |svg| {
        for label in &laid.labels {
            svg.text(label.x, HEADING + label.y, if label.to_left { "left" } else { "" }, &label.text);
        }
    });
    legend.draw(laid.width, bottom + AXIS, &mut svg);
    svg.end()
}

/// The description for readers who cannot see the picture.
fn description(of: &Captioned<'_>, parties: &[Party], acts: &[Act]) -> String {
    let by = |party: &Party| {
        let acts = acts.iter().filter(|act| act.side == party.code).count();
        format!("{}: {}", party.name, counted(acts, "acts"))
    };
    let unconfirmed = of.unconfirmed.map_or(String::new(), |text| format!(", {text}"));
    let lanes: Vec<String> = parties.iter().map(by).collect();
    format!("One lane for each party, as of {}{unconfirmed}. {}.", long_date(&of.as_of.iso()), lanes.join("; "))
}
