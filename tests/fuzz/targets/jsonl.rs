//! Any bytes as JSON Lines.
#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use recip_fuzz::{Bench, Jsonl};

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::default();
}

fuzz_target!(|data: &[u8]| {
    BENCH.with_borrow_mut(|bench| {
        std::fs::write(bench.place::<Jsonl>(), data).unwrap();
        bench.there_and_back::<Jsonl>(None);
    });
});
