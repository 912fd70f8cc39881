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
words!(Precision, "precision", Day = "day", Month = "month", Year = "year");
words!(Review, "review", Confirmed = "confirmed", Merged = "merged", Dismissed = "dismissed");
