//! Writes SVG: elements with escaped texts, and numbers with one decimal.

use std::fmt::Write;

use crate::render::picture::ticks::Tick;
use crate::render::xml;

/// The style of a picture in its own file; in a page, the page's style includes it.
const STYLE: &str = concat!(include_str!("../templates/picture-colours.css"), include_str!("../templates/picture.css"));

/// Where a picture is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// In its own file, with its style and a background.
    File,
    /// In a page that has the style, under this name.
    Page(&'a str),
}

/// A picture under construction.
#[derive(Debug)]
pub(super) struct Svg {
    pub out: String,
}

impl Svg {
    /// Begins a picture. The title and description are for readers who cannot see it.
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

    /// Ends the picture and returns its text.
    pub fn end(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }

    /// Adds an element, which must be escaped already.
    pub fn line(&mut self, element: &str) {
        self.out.push_str(element);
        self.out.push('\n');
    }

    /// Adds a group with this class, which contains what `draw` adds.
    pub fn group(&mut self, class: &str, draw: impl FnOnce(&mut Svg)) {
        self.line(&format!("<g class=\"{class}\">"));
        draw(self);
        self.line("</g>");
    }

    /// Adds a line of text with its vertical middle at `y`.
    pub fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        self.line(&format!("<text x=\"{}\" y=\"{}\"{class}>{}</text>", rounded(x), rounded(y + 4.0), xml::text(text)));
    }

    /// Adds a straight line.
    pub fn stroke(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        self.line(&format!("<path{class} d=\"M{} {}L{} {}\"/>", rounded(from.0), rounded(from.1), rounded(to.0), rounded(to.1)));
    }

    /// Adds the time axis: fine lines from `top` to `bottom` at the ticks, and their labels below.
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

/// A number with at most one decimal, as short as possible.
pub(super) fn rounded(n: f64) -> String {
    let mut text = String::new();
    let tenths = (n * 10.0).round() / 10.0;
    // Writing to a string cannot fail. The comparison avoids "-0".
    let _ = write!(text, "{}", if tenths == 0.0 { 0.0 } else { tenths });
    text
}
