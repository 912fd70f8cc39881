//! Uses any bytes as instructions to damage the file of a valid ledger (see `torn`).
#![no_main]

use libfuzzer_sys::fuzz_target;
use recip_fuzz::torn::Torn;

thread_local! {
    static TORN: Torn = Torn::default();
}

fuzz_target!(|data: &[u8]| TORN.with(|torn| torn.read(data)));
