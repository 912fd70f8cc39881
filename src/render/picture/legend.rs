//! The legend: the symbols that the picture contains, in rows of the picture's width.

use crate::model::{Relation, Sign, Stage};
use crate::render::picture::area::width as wide;
use crate::render::picture::draw_timeline::{shape, struck, tip};
use crate::render::picture::svg::{Svg, rounded};
use crate::render::picture::timeline_layout::Timeline;

const WRITING: f64 = 11.0;
const ROW: f64 = 19.0;
/// The gap between a symbol and its meaning, and between a meaning and the next symbol.
const GAPS: (f64, f64) = (5.0, 16.0);

/// The legend of a picture.
#[derive(Debug)]
pub(super) struct Legend {
    entries: Vec<Entry>,
}

/// A symbol with its meaning. The symbol is centred in its own area.
#[derive(Debug)]
struct Entry {
    room: f64,
    high: f64,
    sign: String,
    meaning: String,
}

impl Legend {
    /// The height of the legend.
    pub fn height(&self, width: f64) -> f64 {
        self.rows(width).iter().map(|row| row.high).sum::<f64>() + 2.0
    }

    /// The rows, each with as many entries as fit.
    fn rows(&self, width: f64) -> Vec<Row<'_>> {
        let mut rows: Vec<Row<'_>> = Vec::new();
        for entry in &self.entries {
            let room = entry.room + GAPS.0 + wide(&entry.meaning, WRITING);
            match rows.last_mut() {
                Some(row) if row.wide + GAPS.1 + room <= width => {
                    row.entries.push((row.wide + GAPS.1, entry));
                    row.wide += GAPS.1 + room;
                    row.high = row.high.max(entry.high);
                }
                _ => rows.push(Row { entries: vec![(0.0, entry)], wide: room, high: entry.high.max(ROW) }),
            }
        }
        rows
    }

    /// Draws the legend with its upper edge at `top`.
    pub fn draw(&self, width: f64, mut top: f64, svg: &mut Svg) {
        svg.group("legend", |svg| {
            for row in self.rows(width) {
                let middle = top + row.high / 2.0;
                for (x, entry) in &row.entries {
                    let at = format!("translate({} {})", rounded(x + entry.room / 2.0), rounded(middle));
                    svg.line(&format!("<g transform=\"{at}\">{}</g>", entry.sign));
                    svg.text(x + entry.room + GAPS.0, middle, "", &entry.meaning);
                }
                top += row.high;
            }
        });
    }
}

/// A row of entries, each with its left edge.
struct Row<'a> {
    entries: Vec<(f64, &'a Entry)>,
    wide: f64,
    high: f64,
}

/// The legend of a timeline.
pub(super) fn timeline(laid: &Timeline, unconfirmed: Option<&str>) -> Legend {
    let mut entries = Vec::new();
    let mut add = |room: f64, sign: String, meaning: String| entries.push(Entry { room, high: ROW, sign, meaning });
    for (sign, meaning) in [(Sign::Hostile, "hostile"), (Sign::Friendly, "friendly"), (Sign::Neutral, "neutral")] {
        if laid.marks.iter().any(|m| m.sign == sign) {
            add(10.0, format!("<g class=\"done\">{}</g>", shape(sign, Stage::Done, 0.0, 0.0, 5.0)), meaning.to_owned());
        }
    }
    for (stage, meaning) in [(Stage::Announced, "announced"), (Stage::Threatened, "threatened")] {
        if laid.marks.iter().any(|m| m.stage == stage) {
            add(10.0, format!("<g class=\"{stage}\">{}</g>", shape(Sign::Hostile, stage, 0.0, 0.0, 5.0)), meaning.to_owned());
        }
    }
    if laid.marks.iter().any(|m| m.undone) {
        let sign = format!("<g class=\"done\">{}{}</g>", shape(Sign::Hostile, Stage::Done, 0.0, 0.0, 4.0), struck(0.0, 0.0, 4.0));
        add(12.0, sign, "reversed".to_owned());
    }
    let friendly = |n: usize| laid.marks[n].sign == Sign::Friendly;
    let returned = laid.threads.iter().any(|t| t.relation == Relation::Answers && friendly(t.from) && friendly(t.to));
    let answers = if returned { "answers or returns" } else { "answers" };
    for (relation, meaning) in [
        (Relation::Answers, answers),
        (Relation::Executes, "carries out"),
        (Relation::Reverses, "reverses"),
        (Relation::Waives, "waives"),
        (Relation::Extends, "extends"),
        (Relation::Renews, "renews"),
    ] {
        if laid.threads.iter().any(|t| t.relation == relation) {
            let sign = format!("<g class=\"{relation}\"><path d=\"M0 7V-5\"/>{}</g>", tip(relation, 0.0, -5.0, -1.0));
            add(10.0, sign, meaning.to_owned());
        }
    }
    if laid.marks.iter().any(|m| m.span().is_some()) {
        add(18.0, "<path class=\"span\" d=\"M-9 0H9m0 -3v6\"/>".to_owned(), "exact day not known".to_owned());
    }
    if !laid.bins.is_empty() {
        let most = laid.bins.iter().map(|b| b.acts).max().unwrap_or(0);
        add(
            10.0,
            "<rect class=\"all\" x=\"-5\" y=\"-5\" width=\"10\" height=\"10\"/>".to_owned(),
            format!("acts per {}, maximum {most}", laid.period),
        );
        add(10.0, "<rect class=\"open\" x=\"-5\" y=\"-5\" width=\"10\" height=\"10\"/>".to_owned(), "open acts".to_owned());
    }
    for (n, (count, r)) in laid.sizes.iter().enumerate() {
        let sign = format!("<g class=\"done\">{}</g>", shape(Sign::Hostile, Stage::Done, 0.0, 0.0, *r));
        let meaning = if n + 1 == laid.sizes.len() { format!("{count} (area shows the count)") } else { count.to_string() };
        entries.push(Entry { room: 2.0 * r, high: 2.0 * r + 4.0, sign, meaning });
    }
    if let Some(text) = unconfirmed {
        entries.push(Entry { room: 0.0, high: ROW, sign: String::new(), meaning: text.to_owned() });
    }
    Legend { entries }
}
