//! The current time: for the ages in reports, and for the times at which the ledger records changes.

use std::time::SystemTime;

use chrono::{DateTime, Local, Utc};

use crate::error::Error;
use crate::model::date::Day;

/// The source of the current time: the system clock, or a fixed time for reports on the past and for tests.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    now: Option<DateTime<Utc>>,
}

impl Clock {
    /// The system clock.
    pub fn system() -> Clock {
        Clock { now: None }
    }

    /// A clock that always shows `instant`, an RFC 3339 time such as `2017-07-13T12:00:00Z`.
    ///
    /// # Errors
    /// `instant` is not such a time.
    pub fn fixed(instant: &str) -> Result<Clock, Error> {
        match DateTime::parse_from_rfc3339(instant) {
            Ok(now) => Ok(Clock { now: Some(now.to_utc()) }),
            Err(e) => Err(Error::invalid("time", instant, e.to_string(), "write it like 2017-07-13T12:00:00Z")),
        }
    }

    /// Today: in the user's time zone for the system clock, in UTC for a fixed clock.
    pub fn today(&self) -> Day {
        let date = self.now.map_or_else(|| system_time().with_timezone(&Local).date_naive(), |now| now.date_naive());
        Day(i64::from(date.to_epoch_days()))
    }

    /// The current time in seconds since the beginning of 1970, UTC.
    pub fn seconds(&self) -> i64 {
        self.now.unwrap_or_else(system_time).timestamp()
    }

    /// The current time in UTC, to the second: `2017-07-13T12:00:00Z`.
    pub fn stamp(&self) -> String {
        self.now.unwrap_or_else(system_time).format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

/// The time of the system's clock. Unlike `Utc::now`, it does not panic if the clock shows a time before 1970.
fn system_time() -> DateTime<Utc> {
    DateTime::from(SystemTime::now())
}
