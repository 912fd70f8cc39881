//! Parses any text as a date, a day, a link, a source, a deadline, a count and a stage. Written and read again, a value is the same, and
//! SQLite reads it in the same way.
#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use libfuzzer_sys::fuzz_target;
use recip::model::{Cite, Clock, Date, Day, LinkSpec, Relation, Sign, Stage, count, deadline, name, quantity};
use rusqlite::Connection;

thread_local! {
    static SQLITE: Connection = Connection::open_in_memory().unwrap();
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(date) = survives::<Date>(text) {
        assert!(date.earliest() <= date.latest());
        for day in [date.earliest(), date.latest()] {
            assert_eq!(day.iso().parse::<Day>().unwrap(), day);
            assert_eq!(sqlite::<Option<i64>>("SELECT unixepoch(?1) / 86400", &day.iso()), Some(day.0));
        }
        for span in ["72h", "3650d", "4294967295h"] {
            let _ = deadline::parse(span, &date).map(|kept| deadline::check(&kept).unwrap());
        }
        if let Ok(kept) = deadline::parse(text, &date) {
            deadline::check(&kept).unwrap();
        }
    }
    let day: Date = "2016-12-29".parse().unwrap();
    if let Ok(kept) = deadline::parse(text, &day) {
        deadline::check(&kept).unwrap();
        assert_eq!(deadline::parse(&kept, &day).unwrap(), kept);
    }
    survives::<Day>(text);
    survives::<LinkSpec>(text);
    survives::<Cite>(text);
    survives::<Stage>(text);
    survives::<Sign>(text);
    survives::<Relation>(text);
    if let Ok(count) = count::parse(text) {
        assert!((1..=count::MOST).contains(&count));
        assert_eq!(count::parse(&count.to_string()).unwrap(), count);
    }
    let folded = name::fold(text);
    assert_eq!(name::fold(&folded), folded);
    name::nearest(text, ["Russia", "South Korea", "expulsion", text]);
    let _ = (quantity(Some(1), text), quantity(None, text));
    if let Ok(clock) = Clock::fixed(text) {
        clock.today().iso();
        Clock::fixed(&clock.stamp()).unwrap();
    }
});

/// Parses a text; checks that the value, written and read again, is the same.
fn survives<T: FromStr<Err = recip::Error> + Display + Debug + PartialEq>(text: &str) -> Option<T> {
    match text.parse::<T>() {
        Ok(value) => {
            let written = value.to_string();
            assert_eq!(written.parse::<T>().as_ref().ok(), Some(&value), "{written:?}");
            Some(value)
        }
        Err(e) => {
            assert!(!e.to_string().is_empty());
            None
        }
    }
}

fn sqlite<T: rusqlite::types::FromSql>(select: &str, text: &str) -> T {
    SQLITE.with(|conn| conn.prepare_cached(select).unwrap().query_row([text], |r| r.get(0)).unwrap())
}
