//! The brief as a page: this module computes the values, and templates lay them out.

mod chains;
mod notes;
mod rows;
mod sentences;
mod template;
mod values;

use minijinja::Value;

use crate::error::Result;
use crate::render::picture::{self, NARROW, Pictured, Place, WIDE};
use crate::report::brief::Brief;

pub use template::{Page, Template};
pub use values::Values;

/// Facts about the page itself.
#[derive(Debug, Clone)]
pub struct About {
    /// The name of the ledger's file.
    pub ledger: String,
    /// The time at which the page was made, in UTC.
    pub made: String,
    /// The SHA-256 of the output of `export jsonl` for the same selection, in hexadecimal.
    pub digest: String,
    /// The start of a command on this ledger: `recip -f us-russia.csv`.
    pub program: String,
    /// The arguments that select the page's data: `RUS USA --as-of 2017-07-13`.
    pub selection: String,
    /// Those of the arguments that are options: `--as-of 2017-07-13`.
    pub options: Vec<String>,
    /// The selection in words, without the pair and the day: `dispute grizzly-steppe`; empty: no other limit.
    pub scope: String,
}

/// Renders the brief with a template.
///
/// # Errors
/// The template fails; the error gives its name, line and reason.
pub fn page(brief: &Brief, about: &About, template: &Template) -> Result<String> {
    template.render(&Values::new(brief, about), pictures(brief))
}

/// The pictures as the template sees them: `pictures.timeline.wide`, `pictures.running.narrow`. `pictures.running` is none if
/// nothing was ever open.
fn pictures(brief: &Brief) -> Value {
    let of = Pictured {
        a: (&brief.a.code, &brief.a.name),
        b: (&brief.b.code, &brief.b.name),
        as_of: brief.as_of,
        unconfirmed: None,
        limits: "",
    };
    let timeline = |width, name| picture::timeline(of, &brief.acts, &brief.links, width, Place::Page(name));
    let running = |width, name| picture::running(of, &brief.acts, &brief.running_balance, width, Place::Page(name));
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
