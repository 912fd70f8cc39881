//! `recip` is a ledger of diplomatic tit-for-tat: what one party did to another, what the other did in return,
//! and what is still unanswered, on any date.
//!
//! Data flows one way: [`read`] turns files into records, a [`Ledger`] stores them, [`report`] reads rows from it, and [`render`] turns
//! the rows into text and files. [`model`] holds the values that they all use.
//!
//! ```
//! use recip::ledger::{Entry, Ledger, Link};
//! use recip::report::{Selection, unanswered};
//!
//! let mut ledger = Ledger::in_memory()?;
//! let expulsion = ledger.log(&Entry::new("USA", "RUS", "expulsion", "2016-12-29".parse()?).count(35))?;
//! let answer = Entry::new("RUS", "USA", "expulsion", "2017-07-28".parse()?).count(30);
//! ledger.log(&answer.link(Link::answers(&expulsion.reference)))?;
//!
//! let rows = unanswered::rows(&ledger, &Selection::default())?;
//! assert_eq!((rows[0].actor.as_str(), rows[0].open), ("USA", Some(5)));
//! # Ok::<(), recip::Error>(())
//! ```

pub mod atomic;
pub mod engine;
pub mod error;
pub mod ledger;
pub mod model;
mod package_schema;
pub mod read;
mod record;
pub mod render;
pub mod report;
#[cfg(feature = "serve")]
pub mod web;

pub use error::{Error, Result};
pub use ledger::Ledger;
pub use record::replaced_characters;
