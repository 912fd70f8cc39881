//! Any bytes as what was done to the file of a sound ledger, see `torn`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use recip_fuzz::torn::Torn;

thread_local! {
    static TORN: Torn = Torn::default();
}

fuzz_target!(|data: &[u8]| TORN.with(|torn| torn.read(data)));
