//! The brief as a page: its values are made here, its looks are templates.

mod chains;
mod notes;
mod template;
mod values;
mod words;

use crate::error::Result;
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
    template.render(&Values::new(brief, about))
}
