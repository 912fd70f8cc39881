//! Feeds of machine-coded events, and the review of the candidates that come from them.

use serde::Serialize;

use crate::error::Error;
use crate::model::stage::words;

/// A feed of machine-coded events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Feed {
    /// The GDELT event tables, coded in CAMEO: version 1.0 with 57 or 58 columns, version 2.0 with 61.
    Gdelt,
    /// ICEWS, coded in CAMEO, 20 columns.
    Icews,
    /// POLECAT, coded in PLOVER, 40 columns.
    Polecat,
}

/// Which actors of a feed count as parties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Actors {
    /// Those that act for a state or an organisation. The nationals of a state can be the target.
    #[default]
    State,
    /// All whose country or organisation the feed names: rebels, companies, media, churches and schools too.
    All,
}

/// The types of actors that act for a state or an organisation: in GDELT and POLECAT codes of three letters, in ICEWS sectors.
const STATE_TYPES: [&str; 19] = [
    "GOV",
    "MIL",
    "COP",
    "JUD",
    "LEG",
    "SPY",
    "IGO",
    "UIS",
    "Government",
    "Military",
    "Police",
    "Judicial",
    "Legislative / Parliamentary",
    "Executive",
    "Executive Office",
    "Foreign Ministry",
    "International Government Organization",
    "Head of Government",
    "Intelligence",
];

/// The types of the nationals of a state.
const NATIONALS: [&str; 2] = ["CVL", "General Population / Civilian / Social"];

/// True if an actor of these types acts for a state or an organisation. A feed gives no type if the actor is the state itself. Of several types,
/// separated by commas or semicolons, one is enough: a minister has the sector of his party too.
pub fn acts_for_a_state(types: &str) -> bool {
    types.is_empty() || of_types(types).any(|of| STATE_TYPES.iter().any(|own| own.eq_ignore_ascii_case(of)))
}

/// True if these types are those of the nationals of a state.
pub fn is_a_national(types: &str) -> bool {
    of_types(types).any(|of| NATIONALS.iter().any(|own| own.eq_ignore_ascii_case(of)))
}

fn of_types(types: &str) -> impl Iterator<Item = &str> {
    types.split([',', ';']).map(str::trim)
}

/// How precisely a feed knows the day of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// It knows the day.
    Day,
    /// It knows the month only.
    Month,
    /// It knows the year only.
    Year,
}

/// The result of reviewing a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Review {
    /// It was logged as a new action.
    Confirmed,
    /// It reports an action that the ledger already had.
    Merged,
    /// It is not an action.
    Dismissed,
}

words!(Feed, "feed", Gdelt = "gdelt", Icews = "icews", Polecat = "polecat");
words!(Actors, "choice of actors", State = "state", All = "all");
words!(Precision, "precision", Day = "day", Month = "month", Year = "year");
words!(Review, "review", Confirmed = "confirmed", Merged = "merged", Dismissed = "dismissed");
