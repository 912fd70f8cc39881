//! The parts, one by one: `cargo bench --bench parts`. Whole commands beside other tools: `benches/compare.sh`.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use recip::Ledger;
use recip::exchange::{ReadOptions, export_csv, open_file};
use recip::ledger::{Entry, Link};
use recip::model::settle::{Bearings, Terms, settle};
use recip::model::{Amount, Clock, Date, Relation, Sign, Stage, name};
use recip::report::{Lens, Selection, balance, reciprocity, timeline, unanswered};

fn arithmetic(c: &mut Criterion) {
    let date: Date = "2016-12-29".parse().unwrap();
    let claim = Terms {
        stage: Stage::Done,
        sign: Sign::Hostile,
        count: Some(35),
        day: date.earliest(),
        latest: date.latest(),
        stands: 35,
        open: 35,
        free: 35,
        executed: false,
        reversed_later: false,
    };
    let bearings = Bearings { aims: true, injured: true, own: false, same_unit: true };
    c.bench_function("settle one answer", |b| {
        b.iter(|| settle(Relation::Answers, black_box(&claim), black_box(&claim), bearings, Amount::default()));
    });
    c.bench_function("read a date", |b| b.iter(|| black_box("2016-12-29").parse::<Date>()));
    c.bench_function("fold a name", |b| b.iter(|| name::fold(black_box("Côte d'Ivoire"))));
}

fn reports(c: &mut Criterion) {
    let founding = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/us-russia-2016-2017.csv");
    let ledger = open_file(&founding, &ReadOptions::default(), Clock::system()).unwrap();
    let selection = Selection { as_of: Some("2017-07-13".parse().unwrap()), ..Selection::default() };
    c.bench_function("take a CSV as a ledger", |b| b.iter(|| open_file(&founding, &ReadOptions::default(), Clock::system()).unwrap()));
    c.bench_function("lay a lens", |b| b.iter(|| drop(Lens::new(&ledger, &selection).unwrap())));
    c.bench_function("report unanswered", |b| b.iter(|| unanswered::rows(&ledger, &selection).unwrap()));
    c.bench_function("report balance", |b| b.iter(|| balance::rows(&ledger, &selection).unwrap()));
    c.bench_function("report timeline", |b| b.iter(|| timeline::rows(&ledger, &selection).unwrap()));
    let terms = reciprocity::Terms::default();
    c.bench_function("report reciprocity", |b| b.iter(|| reciprocity::rows(&ledger, &selection, &terms).unwrap()));
    c.bench_function("export csv", |b| {
        let lens = Lens::new(&ledger, &Selection { whatever_day: true, ..Selection::default() }).unwrap();
        b.iter(|| export_csv(&lens, &mut std::io::sink(), false).unwrap());
    });
}

fn logging(c: &mut Criterion) {
    let date: Date = "2016-12-29".parse().unwrap();
    c.bench_function("log a claim and its answer, in memory", |b| {
        let mut ledger = Ledger::in_memory().unwrap();
        b.iter(|| {
            let claim = ledger.log(&Entry::new("USA", "RUS", "expulsion", date.clone()).count(35)).unwrap();
            let answer = Entry::new("RUS", "USA", "expulsion", date.clone()).count(30);
            ledger.log(&answer.link(Link::answers(&claim.id.to_string()))).unwrap()
        });
    });
}

criterion_group!(parts, arithmetic, reports, logging);
criterion_main!(parts);
