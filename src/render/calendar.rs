//! Deadlines as a calendar (iCalendar, RFC 5545), to which calendar programs subscribe.

use std::io::Write;

use chrono::{DateTime, Days, TimeDelta, Utc};
use icalendar::{Alarm, Calendar, Component, Event, EventLike, EventStatus, Property};

use crate::error::Result;
use crate::report::Names;
use crate::report::calendar::{Deadline, Due};

/// What a calendar is made of.
#[derive(Debug)]
pub struct Deadlines<'a> {
    /// The deadlines.
    pub deadlines: &'a [Deadline],
    /// The name of the calendar.
    pub title: &'a str,
    /// The identity of the ledger, so that refs of two ledgers differ.
    pub ledger: &'a str,
    /// The hours before a deadline at which a calendar program is to give an alarm; `None`: it gives no alarm.
    pub alarm: Option<i64>,
}

/// Writes an event for each deadline: a whole day, or a moment in UTC.
///
/// # Errors
/// `out` cannot be written.
pub fn write(of: &Deadlines<'_>, names: &Names, out: &mut dyn Write) -> Result<()> {
    let mut calendar = Calendar::empty();
    for (name, value) in [("VERSION", "2.0"), ("PRODID", "-//recip//recip//EN"), ("CALSCALE", "GREGORIAN"), ("X-WR-CALNAME", of.title)] {
        calendar.append_property(Property::new(name, value));
    }
    for deadline in of.deadlines {
        calendar.push(event(deadline, of, names));
    }
    Ok(write!(out, "{calendar}")?)
}

fn event(deadline: &Deadline, of: &Deadlines<'_>, names: &Names) -> Event {
    let title = format!("{} -> {}: {}", names.of(&deadline.actor), names.of(&deadline.target), deadline.what);
    let uid = format!("{}@{}", deadline.reference, of.ledger);
    let revised_at = deadline.revised_at.parse().unwrap_or(DateTime::UNIX_EPOCH);
    let mut event = Event::new();
    event.uid(&uid).timestamp(revised_at).summary(&title).sequence(u32::try_from(deadline.revision).unwrap_or(u32::MAX));
    event.status(if deadline.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed });
    // A deadline takes nobody's time.
    event.add_property("TRANSP", "TRANSPARENT");
    let summary = deadline.summary.as_ref().map_or(String::new(), |summary| format!("{summary}\n"));
    event.description(&format!("{summary}Deadline {}, {}", deadline.written, deadline.reference));
    if let Some(dispute) = &deadline.dispute {
        event.add_property("CATEGORIES", dispute);
    }
    match deadline.due {
        Due::Day(day) => {
            if let Some(first) = day.calendar() {
                event.starts(first).ends(first.checked_add_days(Days::new(1)).unwrap_or(first));
            }
        }
        Due::Moment(seconds) => {
            if let Some(moment) = DateTime::<Utc>::from_timestamp(seconds, 0) {
                event.starts(moment);
            }
        }
    }
    if let Some(hours) = of.alarm.filter(|_| !deadline.cancelled) {
        let mut alarm = Alarm::display(&title, -TimeDelta::hours(hours));
        alarm.uid(&format!("alarm-{uid}")).timestamp(revised_at);
        event.alarm(alarm);
    }
    event.done()
}
