//! Areas on the page: the estimated width of a text, and overlaps.

/// A rectangle, `x` to the right and `y` downwards, in the picture's units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Its left edge.
    pub x0: f64,
    /// Its upper edge.
    pub y0: f64,
    /// Its right edge.
    pub x1: f64,
    /// Its lower edge.
    pub y1: f64,
}

impl Area {
    /// The square around a circle.
    pub fn around(x: f64, y: f64, r: f64) -> Area {
        Area { x0: x - r, y0: y - r, x1: x + r, y1: y + r }
    }

    /// The area of a line of text that starts at `x`, or ends there if `to_left`, with its vertical middle at `y`.
    pub fn of_text(x: f64, y: f64, text: &str, size: f64, to_left: bool) -> Area {
        let (wide, half) = (width(text, size), size * 0.6);
        let x0 = if to_left { x - wide } else { x };
        Area { x0, y0: y - half, x1: x0 + wide, y1: y + half }
    }

    /// The rectangle around these points, with a little room, so that a straight line has an area too.
    pub(super) fn of_points(points: &[(f64, f64)]) -> Area {
        let empty = Area { x0: f64::MAX, y0: f64::MAX, x1: f64::MIN, y1: f64::MIN };
        points.iter().fold(empty, |a, (x, y)| Area {
            x0: a.x0.min(x - 0.1),
            y0: a.y0.min(y - 0.1),
            x1: a.x1.max(x + 0.1),
            y1: a.y1.max(y + 0.1),
        })
    }

    /// True if the two areas share more than an edge.
    pub fn overlaps(&self, other: &Area) -> bool {
        self.x0 < other.x1 && other.x0 < self.x1 && self.y0 < other.y1 && other.y0 < self.y1
    }

    /// True if the area is between `x0` and `x1`.
    pub fn within(&self, x0: f64, x1: f64) -> bool {
        self.x0 >= x0 && self.x1 <= x1
    }
}

/// The maximum width of a text in a sans-serif font of this size. The reader's fonts are not known, so each character is taken
/// to be as wide as in DejaVu Sans and Verdana, the widest common fonts.
pub fn width(text: &str, size: f64) -> f64 {
    size * text.chars().map(advance).sum::<f64>()
}

fn advance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.37,
        'f' | 't' | 'r' | 'I' | '(' | ')' | '[' | ']' | '-' | '/' => 0.46,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 1.0,
        'A'..='Z' | '#' => 0.84,
        _ if c.is_ascii() => 0.65,
        '\u{80}'..='\u{24f}' => 0.8,
        // Other scripts: ideographs are square, and few characters are wider.
        _ => 1.1,
    }
}

/// The text, cut and ended with an ellipsis if it does not fit.
pub fn fitted(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if width(&kept, size) + size * (advance(c) + advance('…')) > room {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_to_its_room() {
        assert_eq!(fitted("Russia", 11.0, 100.0), "Russia");
        let cut = fitted("Democratic People's Republic of Korea", 11.0, 100.0);
        assert!(cut.ends_with('…') && width(&cut, 11.0) <= 100.0, "{cut}");
    }

    #[test]
    fn what_touches_does_not_overlap() {
        let left = Area { x0: 0.0, y0: 0.0, x1: 1.0, y1: 1.0 };
        assert!(!left.overlaps(&Area { x0: 1.0, y0: 0.0, x1: 2.0, y1: 1.0 }));
        assert!(left.overlaps(&Area { x0: 0.9, y0: 0.9, x1: 2.0, y1: 2.0 }));
    }
}
