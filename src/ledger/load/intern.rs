//! A map from texts to numbers that needs little memory for a million texts. For each text it stores a 64-bit hash, a 32-bit hash and the
//! number. The second hash distinguishes texts with the same first hash.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

/// A map from texts to numbers.
#[derive(Debug, Default)]
pub(super) struct Intern {
    keys: RandomState,
    numbers: HashMap<u64, (u32, u32), BuildHasherDefault<Identity>>,
    /// Texts whose first hash belongs to another text.
    collisions: HashMap<Box<str>, u32>,
}

/// A hasher for keys that are hashes already.
#[derive(Debug, Default)]
struct Identity(u64);

impl Hasher for Identity {
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
        // FNV-1a, which is independent of the first, keyed hash.
        let second = text.bytes().fold(0x811c_9dc5_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
        (self.keys.hash_one(text), second)
    }

    /// The number of a text.
    pub fn get(&self, text: &str) -> Option<u32> {
        let (first, second) = self.hashes(text);
        match self.numbers.get(&first) {
            Some((check, number)) if *check == second => Some(*number),
            Some(_) => self.collisions.get(text).copied(),
            None => None,
        }
    }

    /// Sets the number of a text.
    pub fn put(&mut self, text: &str, number: u32) {
        let (first, second) = self.hashes(text);
        let held = self.numbers.entry(first).or_insert((second, number));
        if held.0 == second {
            held.1 = number;
        } else {
            self.collisions.insert(text.into(), number);
        }
    }
}
