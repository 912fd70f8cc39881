//! Imports a workbook whose sheet is any bytes: as it is proposed to be read, if its columns are its own.
#![no_main]

use std::cell::RefCell;
use std::{panic, thread};

use libfuzzer_sys::fuzz_target;
use recip::read::WORKBOOK_THREAD;
use recip_fuzz::{Bench, workbook};

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::default();
}

/// Lets the library for workbooks panic: recip reports such a file as damaged. Its own panics are faults.
fn let_the_library_panic() {
    let end = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let of_library = panic.location().is_some_and(|at| at.file().contains("calamine"));
        if !of_library || thread::current().name() != Some(WORKBOOK_THREAD) {
            end(panic);
        }
    }));
}

fuzz_target!(init: let_the_library_panic(), |data: &[u8]| BENCH.with_borrow_mut(|bench| bench.sheet(&workbook::around(data))));
