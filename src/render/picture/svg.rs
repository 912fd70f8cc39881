//! Writing SVG: elements with their texts escaped, numbers to a tenth.

use std::fmt::Write;

use crate::render::picture::axis::Tick;
use crate::render::xml;

/// How the picture looks, for a file of its own: in a page the page's style has it already.
const STYLE: &str = concat!(include_str!("../templates/picture-colours.css"), include_str!("../templates/picture.css"));

/// Where a picture stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// A file of its own, with its style and a ground.
    File,
    /// A part of a page, which has the style; named so there.
    Page(&'a str),
}

/// A picture as it grows.
#[derive(Debug)]
pub(super) struct Svg {
    pub out: String,
}

impl Svg {
    /// Begins a picture; its title and description are what a reader gets who cannot see it.
    pub fn begin(place: Place<'_>, width: f64, height: f64, title: &str, description: &str) -> Svg {
        let (name, class) = match place {
            Place::File => ("recip", "recip"),
            Place::Page(name) => (name, if width < 500.0 { "recip narrow" } else { "recip wide" }),
        };
        let mut svg = Svg { out: String::with_capacity(1 << 14) };
        let size = if place == Place::File { format!(" width=\"{width}\" height=\"{}\"", rounded(height)) } else { String::new() };
        svg.line(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{class}\"{size} viewBox=\"0 0 {width} {}\" role=\"img\" aria-labelledby=\"{name}-title {name}-desc\">",
            rounded(height)
        ));
        svg.line(&format!("<title id=\"{name}-title\">{}</title>", xml::text(title)));
        svg.line(&format!("<desc id=\"{name}-desc\">{}</desc>", xml::text(description)));
        if place == Place::File {
            svg.line(&format!("<style>\n{STYLE}</style>"));
            svg.line(&format!("<rect class=\"ground\" width=\"{width}\" height=\"{}\"/>", rounded(height)));
        }
        svg
    }

    /// Ends it.
    pub fn end(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }

    /// One element, as it is.
    pub fn line(&mut self, element: &str) {
        self.out.push_str(element);
        self.out.push('\n');
    }

    /// A group whose parts share a class; those in `draw` are in it.
    pub fn group(&mut self, class: &str, draw: impl FnOnce(&mut Svg)) {
        self.line(&format!("<g class=\"{class}\">"));
        draw(self);
        self.line("</g>");
    }

    /// A line of text whose middle is at `y`.
    pub fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        self.line(&format!("<text x=\"{}\" y=\"{}\"{class}>{}</text>", rounded(x), rounded(y + 4.0), xml::text(text)));
    }

    /// A straight line.
    pub fn stroke(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        self.line(&format!("<path{class} d=\"M{} {}L{} {}\"/>", rounded(from.0), rounded(from.1), rounded(to.0), rounded(to.1)));
    }

    /// The axis of time: fine lines from `top` to `bottom` at its marks, and the writing under them.
    pub fn axis(&mut self, ticks: &[Tick], top: f64, bottom: f64) {
        self.group("grid", |svg| ticks.iter().for_each(|t| svg.stroke("", (t.x, top), (t.x, bottom))));
        self.group("axis", |svg| {
            for tick in ticks {
                svg.text(tick.x, bottom + 10.0, "", &tick.text);
                if let Some(year) = &tick.year {
                    svg.text(tick.x, bottom + 24.0, "year", year);
                }
            }
        });
    }
}

/// A number to a tenth, as short as it goes.
pub(super) fn rounded(n: f64) -> String {
    let mut text = String::new();
    let tenths = (n * 10.0).round() / 10.0;
    // Writing to a string cannot fail; and no "-0".
    let _ = write!(text, "{}", if tenths == 0.0 { 0.0 } else { tenths });
    text
}
