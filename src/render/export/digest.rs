//! Computes a digest of a selection. With the ledger, anyone can use it to verify that a page was made from that ledger.

use std::fmt::Write as _;
use std::io::{self, Write};

use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::report::Lens;

use super::export_jsonl;

/// The SHA-256 digest, in hexadecimal, of what [`export_jsonl`] writes for a lens.
///
/// # Errors
/// The ledger cannot be read.
pub fn digest(lens: &Lens<'_>) -> Result<String> {
    let mut hash = Hash::default();
    export_jsonl(lens, &mut hash)?;
    Ok(hash.hex())
}

/// The SHA-256 digest of what is written to it.
#[derive(Default)]
pub(super) struct Hash(Sha256);

impl Hash {
    /// The digest in hexadecimal.
    pub fn hex(self) -> String {
        let mut hex = String::with_capacity(64);
        for byte in self.0.finalize() {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }
}

impl Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
