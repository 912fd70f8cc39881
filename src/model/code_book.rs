//! Code books of states, which files use for their parties.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::model::stage::words;

/// A code book of states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeBook {
    /// ISO 3166 alpha-2.
    Iso2,
    /// ISO 3166 alpha-3: the codes of the ledger.
    Iso3,
    /// Correlates of War, in letters or as numbers.
    Cow,
    /// Gleditsch and Ward, in letters or as numbers.
    Gw,
}

words!(CodeBook, "code book", Iso2 = "iso2", Iso3 = "iso3", Cow = "cow", Gw = "gw");

impl CodeBook {
    /// Its name in a sentence.
    pub fn title(self) -> &'static str {
        match self {
            CodeBook::Iso2 => "ISO 3166 alpha-2",
            CodeBook::Iso3 => "ISO 3166 alpha-3",
            CodeBook::Cow => "Correlates of War",
            CodeBook::Gw => "Gleditsch and Ward",
        }
    }
}
