//! Words of feeds of machine-coded events, and of what is made of them.

use serde::Serialize;

use crate::error::Error;
use crate::model::stage::words;

/// A feed of machine-coded events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Feed {
    /// The GDELT event tables, 1.0 with 57 or 58 columns and 2.0 with 61, coded in CAMEO.
    Gdelt,
    /// ICEWS, 20 columns, coded in CAMEO.
    Icews,
    /// POLECAT, 40 columns, coded in PLOVER.
    Polecat,
}

/// How precisely a feed knows the day of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// The day.
    Day,
    /// The month.
    Month,
    /// The year.
    Year,
}

/// What somebody made of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Review {
    /// It is an action of its own by now.
    Confirmed,
    /// It tells of an action that was there already.
    Merged,
    /// It is none.
    Dismissed,
}

words!(Feed, "feed", Gdelt = "gdelt", Icews = "icews", Polecat = "polecat");
words!(Precision, "precision", Day = "day", Month = "month", Year = "year");
words!(Review, "review", Confirmed = "confirmed", Merged = "merged", Dismissed = "dismissed");
