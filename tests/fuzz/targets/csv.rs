//! Imports any bytes as a flat CSV.
#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use recip_fuzz::{Bench, Csv};

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
        std::fs::write(bench.place::<Csv>(), data).unwrap();
        bench.there_and_back::<Csv>(None);
        // Bytes that are not UTF-8 are read in another encoding.
        if std::str::from_utf8(data).is_err() {
            let encoding = ["windows-1252", "shift_jis", "utf-16le", "gb18030"][data.len() % 4];
            bench.there_and_back::<Csv>(Some(encoding));
        }
    });
});
