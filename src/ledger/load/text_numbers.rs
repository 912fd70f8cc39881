//! Numbers for a million texts in little memory: what is kept of a text is a hash of 64 bits, another of 32, and
//! its number. Texts that share the first are told apart by the second.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

/// Texts and their numbers.
#[derive(Debug, Default)]
pub(super) struct Intern {
    keys: RandomState,
    found: HashMap<u64, (u32, u32), BuildHasherDefault<Itself>>,
    /// Those whose first hash another text has.
    rest: HashMap<Box<str>, u32>,
}

/// A key that is a hash needs no other.
#[derive(Debug, Default)]
struct Itself(u64);

impl Hasher for Itself {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

impl Intern {
    fn hashes(&self, text: &str) -> (u64, u32) {
        // FNV-1a: of another make than the first, which is keyed.
        let second = text.bytes().fold(0x811c_9dc5_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
        (self.keys.hash_one(text), second)
    }

    /// The number of a text.
    pub fn get(&self, text: &str) -> Option<u32> {
        let (first, second) = self.hashes(text);
        match self.found.get(&first) {
            Some((check, number)) if *check == second => Some(*number),
            Some(_) => self.rest.get(text).copied(),
            None => None,
        }
    }

    /// Gives a text its number, or another one.
    pub fn put(&mut self, text: &str, number: u32) {
        let (first, second) = self.hashes(text);
        let held = self.found.entry(first).or_insert((second, number));
        if held.0 == second {
            held.1 = number;
        } else {
            self.rest.insert(text.into(), number);
        }
    }
}
