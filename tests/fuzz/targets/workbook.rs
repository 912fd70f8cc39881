//! Imports a workbook whose sheet is any bytes: as it is proposed to be read, if its columns are its own.
#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use recip_fuzz::{Bench, workbook};

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::default();
}

fuzz_target!(|data: &[u8]| BENCH.with_borrow_mut(|bench| bench.sheet(&workbook::around(data))));
