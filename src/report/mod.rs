//! The reports: one file each, with its row type and its `SELECT`. They read the views of the schema through a
//! [`Lens`] that cuts the ledger to a [`Selection`].

mod lens;

pub use lens::{Lens, Pair, Selection};
