//! Imports any bytes as JSON Lines.
#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use recip_fuzz::{Bench, Jsonl};

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::default();
}

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    match recip_fuzz::rows::mutate(&data[..size], most, seed / 2) {
        Some(text) if seed % 2 == 0 => {
            data[..text.len()].copy_from_slice(&text);
            text.len()
        }
        _ => fuzzer_mutate(data, size, most),
    }
});

fuzz_target!(|data: &[u8]| {
    BENCH.with_borrow_mut(|bench| {
        std::fs::write(bench.place::<Jsonl>(), data).unwrap();
        bench.there_and_back::<Jsonl>(None);
    });
});
