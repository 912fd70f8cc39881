//! The pictures of a brief show the correct amounts, and nothing in them overlaps.

use std::collections::BTreeMap;

use recip::model::{Clock, Day, Sign};
use recip::read::{self, ReadOptions};
use recip::render::picture::{NARROW, WIDE, lane_layout, timeline_layout};
use recip::report::{Lens, collect, exchange, unanswered};

use super::{EXAMPLES, between, root};

use crate::support::{left_out, some};

/// The open amount at the end of the picture equals the sum of the open claims, and nothing in it overlaps.
#[test]
fn the_pictures_of_the_examples_are_exact_and_clear() {
    for (name, a, b, as_of) in EXAMPLES {
        let file = root().join(format!("examples/{name}.csv"));
        let ledger = read::open_file(&file, &ReadOptions::default(), Clock::system()).unwrap();
        let days = ["1985-09-13", "1986-09-20", "2017-07-13", "2018-03-28", "2021-10-10", "2023-10-05", as_of];
        for day in some(3, days) {
            let lens = Lens::new(&ledger, &between(a, b, day)).unwrap();
            let mut drawn = BTreeMap::new();
            for level in exchange::running_balance(&lens).unwrap() {
                drawn.insert((level.actor, level.unit), level.open);
            }
            let acts = exchange::acts(&lens).unwrap();
            let laid = timeline_layout::lay_out(&acts, &exchange::links(&lens).unwrap(), a, day.parse().unwrap(), WIDE);
            apart(&laid, name);
            drawn.retain(|_, open| *open != 0);
            let mut listed = BTreeMap::new();
            for claim in collect(|each| unanswered::read(&lens, Sign::Hostile, each)).unwrap() {
                let unit = if claim.open.is_some() { claim.unit } else { format!("? {}", claim.unit) };
                *listed.entry((claim.actor, unit)).or_insert(0) += claim.open.unwrap_or(1);
            }
            assert_eq!(drawn, listed, "{name} as of {day}");
        }
    }
}

/// Texts, marks and threads do not overlap, from a few acts to more than are drawn one by one.
#[test]
fn nothing_in_the_picture_runs_into_anything() {
    if left_out("pictures of generated ledgers") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("generated.csv");
    let mut rows = Vec::new();
    crate::generate::ledger(20_000, &mut rows).unwrap();
    std::fs::write(&file, rows).unwrap();
    let generated = read::open_file(&file, &ReadOptions::default(), Clock::system()).unwrap();
    let mut seen = Vec::new();
    for (a, b) in [("USA", "RUS"), ("CHN", "USA"), ("GBR", "DEU"), ("IRN", "ISR"), ("CUB", "VEN"), ("ETH", "SDN")] {
        for day in ["1996-01-01", "2000-01-01", "2010-01-01", "2026-01-01"] {
            let lens = Lens::new(&generated, &between(a, b, day)).unwrap();
            let (acts, links) = (exchange::acts(&lens).unwrap(), exchange::links(&lens).unwrap());
            for width in [WIDE, NARROW] {
                let laid = timeline_layout::lay_out(&acts, &links, a, day.parse::<Day>().unwrap(), width);
                let what = format!("{a} {b} {day}, {} acts, {width} wide", acts.len());
                apart(&laid, &what);
                if laid.labels.len() < laid.marks.len() {
                    clear_of_threads(&laid, &what);
                }
                seen.push((acts.len(), laid.marks.len(), laid.labels.len()));
            }
        }
    }
    assert!(seen.iter().any(|(acts, ..)| *acts < 10) && seen.iter().any(|(acts, marks, _)| *acts > 350 && acts == marks), "{seen:?}");
    assert!(seen.iter().filter(|(acts, ..)| *acts < 20).all(|(acts, _, labels)| acts == labels), "{seen:?}");
    assert!(seen.iter().any(|(acts, marks, _)| *acts > 600 && *marks == 0), "{seen:?}");
}

/// In the lanes of several parties nothing overlaps either.
#[test]
fn nothing_in_the_lanes_runs_into_anything() {
    if left_out("lanes of generated ledgers") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("generated.csv");
    let mut rows = Vec::new();
    crate::generate::ledger(4_000, &mut rows).unwrap();
    std::fs::write(&file, rows).unwrap();
    let generated = read::open_file(&file, &ReadOptions::default(), Clock::system()).unwrap();
    let skripal = read::open_file(&root().join("examples/skripal-2018.csv"), &ReadOptions::default(), Clock::system()).unwrap();
    let mut drawn = 0;
    for (ledger, a, b, day) in [
        (&skripal, "RUS", "USA,UKR,GBR,DEU,POL,CZE,HUN,NATO", "2018-12-31"),
        (&generated, "USA,GBR", "RUS,CHN", "2000-01-01"),
        (&generated, "USA,GBR,FRA,DEU", "RUS,CHN,IRN,CUB", "1998-01-01"),
        (&generated, "USA,GBR,FRA,DEU", "RUS,CHN,IRN,CUB", "2026-01-01"),
    ] {
        let lens = Lens::new(ledger, &between(a, b, day)).unwrap();
        let (acts, links) = (exchange::acts(&lens).unwrap(), exchange::links(&lens).unwrap());
        let party = |code: &str| lane_layout::Party { code: code.to_owned(), name: code.to_owned(), of_first_side: a.contains(code) };
        let parties: Vec<_> = a.split(',').chain(b.split(',')).map(party).collect();
        let what = format!("{a} and {b} as of {day}, {} acts", acts.len());
        let Some(lanes) = lane_layout::lay_out(&parties, &acts, &links, day.parse::<Day>().unwrap(), WIDE) else {
            assert!(acts.len() > 300, "{what} are not drawn");
            continue;
        };
        drawn += 1;
        assert_eq!(lanes.laid.marks.len(), acts.len(), "{what}");
        apart(&lanes.laid, &what);
        clear_of_threads(&lanes.laid, &what);
        for label in &lanes.laid.labels {
            assert!(label.area.x0 >= lane_layout::NAMES, "{what}: {label:?} is in the names");
        }
    }
    assert!(drawn >= 2, "{drawn}");
}

/// No thread leads through a label: in the lanes, and in a picture that labels only what has room.
fn clear_of_threads(laid: &timeline_layout::Timeline, what: &str) {
    for label in &laid.labels {
        for thread in &laid.threads {
            let points = (0..=1000).map(|n| thread.course.at(f64::from(n) / 1000.0));
            let inside = |(x, y): (f64, f64)| label.area.x0 < x && x < label.area.x1 && label.area.y0 < y && y < label.area.y1;
            assert!(!points.into_iter().any(inside), "{what}: {thread:?} leads through {label:?}");
        }
    }
}

fn apart(laid: &timeline_layout::Timeline, what: &str) {
    for area in laid.areas() {
        assert!(area.x0 >= 0.0 && area.x1 <= laid.width && -area.y0 <= laid.above && area.y1 <= laid.below, "{what}: {area:?} sticks out");
    }
    for (n, label) in laid.labels.iter().enumerate() {
        for other in &laid.labels[..n] {
            assert!(!label.area.overlaps(&other.area), "{what}: {label:?} and {other:?}");
        }
        for mark in &laid.marks {
            let on_its_span = label.area.y0 < mark.y && mark.y < label.area.y1 && label.area.x0 < mark.until && mark.x < label.area.x1;
            assert!(!on_its_span, "{what}: {label:?} lies on the days of {mark:?}");
            let area = recip::render::picture::area::Area::around(mark.x, mark.y, mark.r);
            assert!(!label.area.overlaps(&area), "{what}: {label:?} and {mark:?}");
        }
    }
    for (n, mark) in laid.marks.iter().enumerate() {
        for other in &laid.marks[..n] {
            let across = (mark.x - other.x).hypot(mark.y - other.y);
            assert!(across >= mark.r + other.r - 1e-6, "{what}: {mark:?} and {other:?}");
        }
    }
}
