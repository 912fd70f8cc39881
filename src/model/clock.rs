//! What time it is: for the ages in reports, and for when the ledger learned something.

use chrono::{DateTime, Local, Utc};

use crate::error::Error;
use crate::model::date::Day;

/// The time taken for now. A report for a past moment, and a test, give their own.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    now: Option<DateTime<Utc>>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Clock {
        Clock { now: None }
    }

    /// A clock that stands at `instant`, an RFC 3339 time like `2017-07-13T12:00:00Z`.
    pub fn fixed(instant: &str) -> Result<Clock, Error> {
        match DateTime::parse_from_rfc3339(instant) {
            Ok(now) => Ok(Clock { now: Some(now.to_utc()) }),
            Err(e) => Err(Error::invalid("time", instant, e.to_string(), "write it like 2017-07-13T12:00:00Z")),
        }
    }

    /// Today: in the user's time zone by the system's clock, in UTC by a fixed one.
    pub fn today(&self) -> Day {
        let date = self.now.map_or_else(|| Local::now().date_naive(), |now| now.date_naive());
        Day(i64::from(date.to_epoch_days()))
    }

    /// The moment, in seconds from the beginning of 1970, UTC.
    pub fn seconds(&self) -> i64 {
        self.now.unwrap_or_else(Utc::now).timestamp()
    }

    /// The moment, in UTC to the second: `2017-07-13T12:00:00Z`.
    pub fn stamp(&self) -> String {
        self.now.unwrap_or_else(Utc::now).format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}
