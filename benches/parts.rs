//! The parts, one by one: `cargo bench --bench parts`. Whole commands beside other tools: `benches/compare.sh`.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use recip::Ledger;
use recip::ledger::{Entry, Link as EntryLink};
use recip::model::settle::{Book, Kind, SettledAct as Act, SettledLink as Link};
use recip::model::{Clock, Date, Relation, Sign, Stage, name};
use recip::read::{ReadOptions, open_file};
use recip::render::export::export_csv;
use recip::report::{Lens, Selection, balance, reciprocity, timeline, unanswered};

/// Two parties that answer each other, each time in full and by as much.
fn chain(acts: u32) -> Book {
    let act = |n: u32| Act {
        day: n as i32,
        latest: n as i32,
        actor: (n % 2) as u16,
        target: ((n + 1) % 2) as u16,
        kind: 0,
        stage: Stage::Done,
        voided: false,
        count: 35 + n,
        stands: 0,
        open: 0,
        posted_day: 0,
        deadline: false,
    };
    Book {
        acts: (0..acts).map(act).collect(),
        links: (1..acts).map(|n| Link::new(n, Relation::Answers, n - 1)).collect(),
        kinds: vec![Kind { unit: 0, sign: Sign::Hostile }],
        ..Book::default()
    }
}

fn arithmetic(c: &mut Criterion) {
    c.bench_function("settle a chain of 1,000 answers", |b| b.iter(|| black_box(chain(1_000)).settle(&mut |_| Ok::<_, ()>(String::new()))));
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
        let lens = Lens::new(&ledger, &Selection { all_days: true, ..Selection::default() }).unwrap();
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
            ledger.log(&answer.link(EntryLink::answers(&claim.id.to_string()))).unwrap()
        });
    });
}

criterion_group!(parts, arithmetic, reports, logging);
criterion_main!(parts);
