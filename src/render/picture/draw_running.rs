//! Draws the running balance.

use crate::model::Day;
use crate::model::name::with_article;
use crate::render::count_unknown;
use crate::render::picture::Pictured;
use crate::render::picture::area::{fitted, width as wide};
use crate::render::picture::running_layout::{Panel, Running, Steps, WRITING};
use crate::render::picture::svg::{Place, Svg, rounded};
use crate::render::text::long_date;
use crate::render::xml;

/// The height of a panel's heading.
const HEADING: f64 = 22.0;
/// The gap between panels.
const BETWEEN: f64 = 20.0;
/// The height of the axis labels.
const AXIS: f64 = 34.0;
/// The height of the line of names.
const NAMES: f64 = 20.0;

/// Draws the picture.
pub(super) fn draw(of: &Pictured<'_>, laid: &Running, place: Place<'_>) -> String {
    let names = names(of, laid.width);
    let first = names.last().map_or(0.0, |n| n.2) + NAMES;
    let mut bottom = first;
    let mut tops = Vec::new();
    for panel in &laid.panels {
        tops.push(bottom);
        bottom += HEADING + panel.high + BETWEEN;
    }
    let bottom = bottom - BETWEEN + 6.0;
    let title = format!("What was open between {} and {}", with_article(of.a.1), with_article(of.b.1));
    let mut svg = Svg::begin(place, laid.width, bottom + AXIS, &title, &description(of, laid));
    for (class, x, y, text) in names {
        svg.line(&format!("<rect class=\"{class} dot\" x=\"{}\" y=\"{}\" width=\"8\" height=\"8\"/>", rounded(x), rounded(y + 2.0)));
        svg.text(x + 13.0, y + 6.0, "", &text);
    }
    svg.axis(&laid.ticks, first + HEADING, bottom);
    for (panel, top) in laid.panels.iter().zip(tops) {
        draw_panel(of, laid, panel, top, &mut svg);
    }
    svg.end()
}

/// The description for readers who cannot see the picture.
fn description(of: &Pictured<'_>, laid: &Running) -> String {
    let panels = laid.panels.iter().map(|panel| {
        let side = |steps: &Steps, name: &str| match steps.peak {
            0 => format!("nothing against {name}"),
            peak => {
                let (peak_date, as_of) = (long_date(&Day(steps.peak_day).iso()), long_date(&of.as_of.iso()));
                format!("against {name} a maximum of {peak}, reached on {peak_date}, and {} on {as_of}", steps.last)
            }
        };
        format!("{}: {}; {}.", heading(&panel.unit), side(&panel.a, &with_article(of.a.1)), side(&panel.b, &with_article(of.b.1)))
    });
    panels.collect::<Vec<_>>().join(" ")
}

/// The heading of a panel: its unit, or `acts (number of persons unknown)` for acts of unknown count.
pub(super) fn heading(unit: &str) -> String {
    unit.strip_prefix("? ").map_or_else(|| unit.to_owned(), |unit| format!("acts {}", count_unknown(unit)))
}

/// The key to the two sides: the class, position and text of each, on one line, or on two lines if they are too wide.
fn names(of: &Pictured<'_>, width: f64) -> Vec<(&'static str, f64, f64, String)> {
    let text = |name: &str, place: &str| format!("open against {}, {place}", fitted(&with_article(name), WRITING, width / 2.0));
    let (a, b) = (text(of.a.1, "above"), text(of.b.1, "below"));
    let b_x = 13.0 + wide(&a, WRITING) + 18.0;
    let at = if b_x + 13.0 + wide(&b, WRITING) <= width { (b_x, 0.0) } else { (0.0, 16.0) };
    vec![("a", 0.0, 0.0, a), ("b", at.0, at.1, b)]
}

fn draw_panel(of: &Pictured<'_>, laid: &Running, panel: &Panel, top: f64, svg: &mut Svg) {
    let (x0, x1) = laid.inner;
    svg.text(0.0, top + 8.0, "heading", &heading(&panel.unit));
    let top = top + HEADING;
    svg.group("scale", |svg| {
        for value in &panel.scale {
            svg.text(x0 - 5.0, top + value.y, "left", &value.text);
        }
    });
    for (class, steps, name) in [("a", &panel.a, of.a.1), ("b", &panel.b, of.b.1)] {
        if steps.peak == 0 {
            continue;
        }
        let title = format!(
            "{} open against {}: maximum {}, reached on {}; {} at the end",
            heading(&panel.unit),
            with_article(name),
            steps.peak,
            long_date(&Day(steps.peak_day).iso()),
            steps.last
        );
        let line: Vec<String> = steps.points.iter().map(|(x, y)| format!("{} {}", rounded(*x), rounded(top + y))).collect();
        let line = line.join("L");
        svg.line(&format!(
            "<g class=\"{class}\"><title>{}</title><path class=\"under\" d=\"M{line}V{zero}H{}z\"/><path class=\"steps\" d=\"M{line}\"/></g>",
            xml::text(&title),
            rounded(x0),
            zero = rounded(top + panel.zero),
        ));
    }
    svg.stroke("zero", (x0, top + panel.zero), (x1, top + panel.zero));
    for value in &panel.ends {
        svg.text(x1 + 5.0, top + value.y, "end", &value.text);
    }
}
