//! The brief as a page: its values are made here, its looks are templates.

mod chains;
mod notes;
mod rows;
mod template;
mod values;
mod words;

use minijinja::Value;

use crate::error::Result;
use crate::render::picture::{self, NARROW, Pictured, Place, WIDE};
use crate::report::brief::Brief;

pub use template::{Page, Template};
pub use values::Values;

/// What a page says of itself.
#[derive(Debug, Clone)]
pub struct About {
    /// The ledger's file, as one names it.
    pub ledger: String,
    /// When the page was made, UTC.
    pub made: String,
    /// The SHA-256 of what `export jsonl` gives of the same selection, in hexadecimal.
    pub digest: String,
    /// How the program is called on this ledger: `recip -f us-russia.csv`.
    pub program: String,
    /// The arguments that select what the page speaks of: `RUS USA --as-of 2017-07-13`.
    pub selection: String,
    /// The same in words, but for the pair and the day: `dispute grizzly-steppe`; empty: nothing else.
    pub scope: String,
}

/// Writes the brief by a template.
///
/// # Errors
/// The template fails: its name, line and reason are told.
pub fn page(brief: &Brief, about: &About, template: &Template) -> Result<String> {
    template.render(&Values::new(brief, about), pictures(brief))
}

/// The pictures as a template gets them: `pictures.timeline.wide`, `pictures.running.narrow`; the latter none where nothing
/// ever was open.
fn pictures(brief: &Brief) -> Value {
    let of = Pictured { a: (&brief.a.code, &brief.a.name), b: (&brief.b.code, &brief.b.name), as_of: brief.as_of, unconfirmed: None };
    let timeline = |width, name| picture::timeline(of, &brief.acts, &brief.links, width, Place::Page(name));
    let running = |width, name| picture::running(of, &brief.acts, &brief.levels, width, Place::Page(name));
    let both = |wide: String, narrow: String, left_out: &[String]| {
        let left_out = Value::from(left_out.join(", "));
        Value::from_pairs([("wide", Value::from_safe_string(wide)), ("narrow", Value::from_safe_string(narrow)), ("left_out", left_out)])
    };
    let balance = running(WIDE, "running-wide").zip(running(NARROW, "running-narrow"));
    Value::from_pairs([
        ("timeline", both(timeline(WIDE, "timeline-wide"), timeline(NARROW, "timeline-narrow"), &[])),
        ("running", balance.map_or(Value::from(()), |((wide, left_out), (narrow, _))| both(wide, narrow, &left_out))),
    ])
}
