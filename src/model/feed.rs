//! Feeds of machine-coded events, and the review of the candidates that come from them.

use crate::model::word_enum::word_enum;

word_enum! {
    /// A feed of machine-coded events.
    pub enum Feed: "feed" {
        /// The GDELT event tables, coded in CAMEO: version 1.0 with 57 or 58 columns, version 2.0 with 61.
        Gdelt = "gdelt",
        /// ICEWS, coded in CAMEO, 20 columns.
        Icews = "icews",
        /// POLECAT, coded in PLOVER, 40 columns.
        Polecat = "polecat",
    }
}

word_enum! {
    /// Which actors of a feed count as parties.
    #[derive(Default)]
    pub enum Actors: "choice of actors" {
        /// Those that act for a state or an organisation. The nationals of a state can be the target.
        #[default]
        State = "state",
        /// All whose country or organisation the feed names: rebels, companies, media, churches and schools too.
        All = "all",
    }
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

word_enum! {
    /// How precisely a feed knows the day of an event.
    pub enum Precision: "precision" {
        /// It knows the day.
        Day = "day",
        /// It knows the month only.
        Month = "month",
        /// It knows the year only.
        Year = "year",
    }
}

word_enum! {
    /// The result of reviewing a candidate.
    pub enum Review: "review" {
        /// It was logged as a new action.
        Confirmed = "confirmed",
        /// It reports an action that the ledger already had.
        Merged = "merged",
        /// It is not an action.
        Dismissed = "dismissed",
    }
}
