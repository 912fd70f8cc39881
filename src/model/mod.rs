//! The values that all other modules use: dates, stages, links, names. This module has no SQL queries and prints nothing.

pub mod answer_score;
pub mod claim;
pub mod clock;
pub mod code_book;
pub mod contingency;
pub mod count;
pub(crate) mod csv_cell;
pub mod date;
pub mod date_words;
pub mod deadline;
pub mod decay;
pub mod details;
pub mod feed;
pub mod interval;
pub mod link;
pub mod name;
pub mod period;
pub mod quantity;
pub mod settle;
pub mod source;
pub mod stage;
pub mod survival;
pub(crate) mod word_enum;
pub mod words;

pub use answer_score::{Coefficients, PairFeatures, Score};
pub use claim::{Claim, Outcome};
pub use clock::Clock;
pub use code_book::CodeBook;
pub use count::{Count, StatedCount, counted, quantity};
pub use date::{Date, Day, day_alone};
pub use details::{Detail, Details};
pub use feed::{Actors, Feed, Precision, Review};
pub use link::{Amount, LinkSpec, REF_KEY, Relation, ref_of_key};
pub use quantity::Quantity;
pub use source::{Cite, Reading};
pub use stage::{Sign, Stage};

/// The maximum length of a text or a row, in bytes. A summary is one line, a quote a few paragraphs.
pub const MAX_LENGTH: i32 = 10_000_000;
