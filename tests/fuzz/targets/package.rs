//! Imports any bytes as the files of a package. A line `=== NAME` begins a file. If no file is a `datapackage.json`, one is added that
//! lists all files.
#![no_main]

use std::cell::RefCell;
use std::path::Path;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use recip_fuzz::{Bench, Form, Package};

const DESCRIPTION: &str = "datapackage.json";

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
        let folder = bench.place::<Package>();
        Package::remove(&folder);
        std::fs::create_dir(&folder).unwrap();
        lay_out(&folder, data);
        bench.there_and_back::<Package>(None);
    });
});

fn lay_out(folder: &Path, data: &[u8]) {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for line in data.split_inclusive(|b| *b == b'\n') {
        match (line.strip_prefix(b"=== "), files.last_mut()) {
            (Some(name), _) => files.push((plain(name), Vec::new())),
            (None, Some((_, text))) => text.extend_from_slice(line),
            (None, None) => (),
        }
    }
    files.truncate(16);
    if !files.iter().any(|(name, _)| name == DESCRIPTION) {
        let resource = |(name, _): &(String, Vec<u8>)| format!("{{\"name\":\"{}\",\"path\":\"{name}\"}}", name.trim_end_matches(".csv"));
        let resources: Vec<String> = files.iter().map(resource).collect();
        std::fs::write(folder.join(DESCRIPTION), format!("{{\"resources\":[{}]}}", resources.join(","))).unwrap();
    }
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

/// A file name without path separators. Only the `datapackage.json` may name files outside the folder.
fn plain(name: &[u8]) -> String {
    let letters = name.iter().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')).take(32);
    let stem: String = letters.map(|b| char::from(*b)).collect();
    match stem.strip_suffix("json") {
        Some(_) => DESCRIPTION.to_owned(),
        None => format!("{}.csv", stem.strip_suffix("csv").unwrap_or(&stem)),
    }
}
