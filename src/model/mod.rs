//! The values that all other modules use: dates, stages, links, names. This module has no SQL queries and prints nothing.

pub(crate) mod cell;
pub mod claim;
pub mod clock;
pub mod contingency;
pub mod count;
pub mod date;
pub mod deadline;
pub mod decay;
pub mod feed;
pub mod likeness;
pub mod link;
pub mod name;
pub mod settle;
pub mod source;
pub mod stage;
pub mod survival;

pub use claim::{Claim, Outcome};
pub use clock::Clock;
pub use count::{Count, quantity};
pub use date::{Date, Day};
pub use feed::{Feed, Precision, Review};
pub use likeness::{Likeness, Points};
pub use link::{Amount, LinkSpec, Relation};
pub use source::Cite;
pub use stage::{Sign, Stage};
