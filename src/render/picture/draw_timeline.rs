//! Draws the timeline.

use crate::ledger::action::what;
use crate::model::count::quantity;
use crate::model::counted;
use crate::model::name::with_article;
use crate::model::{Relation, Sign, Stage};
use crate::render::picture::area::{fitted, width as wide};
use crate::render::picture::legend;
use crate::render::picture::svg::{Place, Svg, rounded};
use crate::render::picture::timeline_layout::{Mark, Side, Thread, Timeline};
use crate::render::picture::{Pictured, ticks};
use crate::render::text::long_date;
use crate::render::{handle, verb, xml};
use crate::report::exchange::{Act, ExchangeLink};

/// The height of a party's name above and below.
const NAME: f64 = 22.0;
/// The height of the axis labels.
const AXIS: f64 = 34.0;

/// Draws the picture.
pub(super) fn draw(of: &Pictured<'_>, acts: &[Act], links: &[ExchangeLink], laid: &Timeline, place: Place<'_>) -> String {
    let line = NAME + laid.above;
    let bottom = line + laid.below + NAME;
    let legend = legend::timeline(laid, of.unconfirmed);
    let height = bottom + AXIS + legend.height(laid.width);
    let limits = if of.limits.is_empty() { String::new() } else { format!(": {}", of.limits) };
    let title = format!("The exchange between {} and {}{limits}", with_article(of.a.1), with_article(of.b.1));
    let mut svg = Svg::begin(place, laid.width, height, &title, &description(of, acts, laid, place));
    svg.axis(&laid.ticks, NAME, bottom);
    if let Some(x) = laid.as_of {
        svg.stroke("today", (x, NAME), (x, bottom));
    }
    svg.stroke("zero", (0.0, line), (laid.width, line));
    for (side, name, y) in [("a", of.a.1, 9.0), ("b", of.b.1, bottom - 9.0)] {
        svg.line(&format!("<circle class=\"{side} dot\" cx=\"5\" cy=\"{}\" r=\"4\"/>", rounded(y)));
        svg.text(14.0, y, "name", &fitted(name, 13.0, laid.width * 0.6));
    }
    if !of.limits.is_empty() {
        svg.group("scale", |svg| svg.text(laid.width, 9.0, "left", &fitted(of.limits, 11.0, laid.width * 0.4)));
    }
    if acts.is_empty() {
        svg.text(laid.width / 2.0, line - 20.0, "middle", "Nothing is on record.");
    }
    let pen = Pen { of, acts, laid, line };
    // Many threads are drawn more faintly, so that the marks stay visible.
    svg.group(if laid.threads.len() > 60 { "threads many" } else { "threads" }, |svg| {
        laid.threads.iter().for_each(|t| svg.line(&drawn_thread(t, line, links, laid)))
    });
    svg.group("marks", |svg| laid.marks.iter().for_each(|m| pen.mark(m, svg)));
    svg.group("labels", |svg| {
        for label in &laid.labels {
            svg.text(label.x, line + label.y, if label.to_left { "left" } else { "" }, &label.text);
        }
    });
    pen.bins(&mut svg);
    legend.draw(laid.width, bottom + AXIS, &mut svg);
    svg.end()
}

/// The description for readers who cannot see the picture.
fn description(of: &Pictured<'_>, acts: &[Act], laid: &Timeline, place: Place<'_>) -> String {
    let count = |code| acts.iter().filter(|a| a.side == code).count();
    if acts.is_empty() {
        return format!("As of {}, nothing is on record.", long_date(&of.as_of.iso()));
    }
    let (first, last) = (acts.first().map_or("", |a| &a.date), acts.last().map_or("", |a| &a.date));
    let drawn = if laid.bins.is_empty() { "drawn one by one" } else { "counted by period" };
    let listed = if place == Place::File { "" } else { " The text lists the acts." };
    format!(
        "From {} to {}, as of {}{}: {} by {} above the line and {} by {} below it, {drawn}.{listed}",
        long_date(first),
        long_date(last),
        long_date(&of.as_of.iso()),
        of.unconfirmed.map_or(String::new(), |text| format!(", {text}")),
        counted(count(of.a.0), "acts"),
        with_article(of.a.1),
        counted(count(of.b.0), "acts"),
        with_article(of.b.1),
    )
}

struct Pen<'a> {
    of: &'a Pictured<'a>,
    acts: &'a [Act],
    laid: &'a Timeline,
    /// The vertical position of the line.
    line: f64,
}

impl Pen<'_> {
    fn mark(&self, mark: &Mark, svg: &mut Svg) {
        let act = &self.acts[mark.act];
        let actor = [self.of.a, self.of.b].into_iter().find(|party| party.0 == act.actor).map_or(act.actor.as_str(), |party| party.1);
        svg.line(&drawn_mark(mark, self.line + mark.y, act, &details(act, actor)));
    }

    fn bins(&self, svg: &mut Svg) {
        let laid = self.laid;
        if laid.bins.is_empty() {
            return;
        }
        svg.group("bins", |svg| {
            for bin in &laid.bins {
                let name = if bin.side == Side::A { self.of.a.1 } else { self.of.b.1 };
                let acts = counted(bin.acts, "acts");
                let title = format!("{}, {name}: {acts}, {} open", bin.period, bin.open);
                let column = |class: &str, area: &crate::render::picture::area::Area| {
                    format!(
                        "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                        rounded(area.x0),
                        rounded(self.line + area.y0),
                        rounded(area.x1 - area.x0),
                        rounded(area.y1 - area.y0)
                    )
                };
                let open = if bin.open > 0 { column("open", &bin.area_open) } else { String::new() };
                svg.line(&format!(
                    "<g class=\"{}\"><title>{}</title>{}{open}</g>",
                    bin.side.class(),
                    xml::text(&title),
                    column("all", &bin.area)
                ));
            }
        });
        self.highest(svg);
    }

    /// The number at the highest column of each side.
    fn highest(&self, svg: &mut Svg) {
        for side in [Side::A, Side::B] {
            let of_side = self.laid.bins.iter().filter(|b| b.side == side);
            if let Some(bin) = of_side.max_by_key(|b| b.acts) {
                let y = if side == Side::A { bin.area.y0 - 8.0 } else { bin.area.y1 + 8.0 };
                let text = bin.acts.to_string();
                let half = wide(&text, ticks::WRITING) / 2.0;
                let x = ((bin.area.x0 + bin.area.x1) / 2.0).clamp(half, self.laid.width - half);
                svg.text(x, self.line + y, "middle", &text);
            }
        }
    }
}

/// A thread, with its link in words as tooltip: `#5 answers #1`. `top` is the vertical position from which the layout counts.
pub(super) fn drawn_thread(thread: &Thread, top: f64, links: &[ExchangeLink], laid: &Timeline) -> String {
    let link = &links[thread.link];
    let (later, earlier) = (&laid.marks[thread.from], &laid.marks[thread.to]);
    let words = format!("#{} {} #{}", link.action_id, verb(link.relation, later.sign, earlier.sign), link.earlier_id);
    let at = |(x, y): (f64, f64)| format!("{} {}", rounded(x), rounded(top + y));
    let [start, turn, back, end] = thread.course.points;
    format!(
        "<g class=\"{} {}\"><title>{}</title><path d=\"M{}C{} {} {}\"/>{}</g>",
        later.side.class(),
        thread.relation,
        xml::text(&words),
        at(start),
        at(turn),
        at(back),
        at(end),
        tip(thread.relation, end.0, top + end.1, thread.course.down)
    )
}

/// The mark of an act with its vertical position, and the details that it does not show.
pub(super) fn drawn_mark(mark: &Mark, y: f64, act: &Act, details: &str) -> String {
    let x = mark.x;
    let mut drawn = format!("<g class=\"{} {}\"><title>{}</title>", mark.side.class(), act.stage, xml::text(details));
    if let Some(until) = mark.span() {
        drawn.push_str(&format!("<path class=\"span\" d=\"M{} {}H{}m0 -3v6\"/>", rounded(x + mark.r), rounded(y), rounded(until)));
    }
    drawn.push_str(&shape(mark.sign, mark.stage, x, y, mark.r));
    if mark.undone {
        drawn.push_str(&struck(x, y, mark.r));
    }
    drawn + "</g>"
}

/// The details of an act by `who`, for a tooltip.
pub(super) fn details(act: &Act, who: &str) -> String {
    let at = if act.is_to_member() { format!(", directed at {}", act.target) } else { String::new() };
    let what = what(&act.kind, act.count, &act.unit, act.stage, act.sign);
    let mut details = format!("{} {} {who}: {what}{at}", handle(act.id), act.date);
    if act.open > 0 {
        details.push_str(&format!("; {} open", quantity(act.count.part(act.open), &act.unit)));
    }
    if let Some(summary) = &act.details.summary {
        details.push_str(&format!(". {summary}"));
    }
    details
}

/// A mark. Its shape is the sign: circle hostile, square friendly, diamond neutral. Its filling is the stage: full done, half
/// announced, hollow threatened.
pub(super) fn shape(sign: Sign, stage: Stage, x: f64, y: f64, r: f64) -> String {
    let (cx, cy) = (rounded(x), rounded(y));
    let (outline, half) = match sign {
        Sign::Hostile => (
            format!("<circle cx=\"{cx}\" cy=\"{cy}\" r=\"{}\"/>", rounded(r)),
            format!("M{cx} {}a{r} {r} 0 0 0 0 {}z", rounded(y - r), rounded(2.0 * r), r = rounded(r)),
        ),
        Sign::Friendly => {
            let h = r * 0.85;
            let (left, top, all) = (rounded(x - h), rounded(y - h), rounded(2.0 * h));
            (format!("<path d=\"M{left} {top}h{all}v{all}h-{all}z\"/>"), format!("M{left} {top}h{}v{all}h-{}z", rounded(h), rounded(h)))
        }
        Sign::Neutral => {
            let n = rounded(r);
            let top = rounded(y - r);
            (format!("<path d=\"M{cx} {top}l{n} {n}l-{n} {n}l-{n} -{n}z\"/>"), format!("M{cx} {top}l-{n} {n}l{n} {n}z"))
        }
    };
    if stage == Stage::Announced { format!("{outline}<path class=\"half\" d=\"{half}\"/>") } else { outline }
}

/// The stroke through a reversed act.
pub(super) fn struck(x: f64, y: f64, r: f64) -> String {
    let d = r * 0.71 + 2.5;
    let path = format!("M{} {}L{} {}", rounded(x - d), rounded(y + d), rounded(x + d), rounded(y - d));
    // On a small mark, a halo around the stroke would hide the mark.
    let halo = if r < 6.0 { String::new() } else { format!("<path class=\"halo\" d=\"{path}\"/>") };
    format!("{halo}<path class=\"struck\" d=\"{path}\"/>")
}

/// The end of a thread at the earlier act: an arrow for an answer, a bar for a waiver, a cross for a reversal.
pub(super) fn tip(relation: Relation, x: f64, y: f64, away: f64) -> String {
    let (cx, up) = (rounded(x), |n: f64| rounded(y + away * n));
    match relation {
        Relation::Answers => {
            format!("<path class=\"tip\" d=\"M{cx} {}L{} {}H{}z\"/>", up(2.0), rounded(x - 3.0), up(-4.0), rounded(x + 3.0))
        }
        Relation::Waives => format!("<path class=\"bar\" d=\"M{} {}H{}\"/>", rounded(x - 4.5), up(0.0), rounded(x + 4.5)),
        Relation::Reverses => {
            let (l, r) = (rounded(x - 3.0), rounded(x + 3.0));
            format!("<path class=\"bar\" d=\"M{l} {}L{r} {}M{r} {}L{l} {}\"/>", up(-3.0), up(3.0), up(-3.0), up(3.0))
        }
        Relation::Executes | Relation::Extends | Relation::Renews => String::new(),
    }
}
