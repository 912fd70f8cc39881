//! A feed can be plain, gzip or zip, in several files or from a pipe.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::gdelt::{REPORTED, reported, rows};
use super::{ask, import, import_and_fail};
use crate::support::recip;

#[test]
fn several_files_packed_or_not_and_a_pipe_are_one_feed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let all = rows(58);
    let lines: Vec<&str> = all.split_inclusive('\n').collect();
    std::fs::write(folder.join("one.csv"), lines[0]).unwrap();
    let mut gzip = GzEncoder::new(std::fs::File::create(folder.join("two.gz")).unwrap(), Compression::default());
    gzip.write_all(lines[1].as_bytes()).unwrap();
    gzip.finish().unwrap();
    // The archives are deflated and stored. Folders and the files that macOS adds are skipped.
    zipped(&folder.join("three.zip"), &[("in/", b"", false), ("__MACOSX/x", b"x", false), ("in/3.csv", lines[2].as_bytes(), true)]);
    zipped(&folder.join("four.zip"), &[("4.csv", lines[3].as_bytes(), false)]);
    import(folder, "gdelt", &["one.csv", "two.gz", "three.zip", "four.zip"]);
    assert_eq!(reported(folder), REPORTED);
    for (n, file) in ["one.csv", "two.gz", "three.zip"].into_iter().enumerate() {
        let ledger = format!("pipe-{n}.db");
        let piped = std::fs::File::open(folder.join(file)).unwrap();
        let output = recip(folder).args(["-f", &ledger, "import", "--feed", "gdelt", "-"]).stdin(piped).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(ask(folder, &ledger, "SELECT event FROM feed_report"), [format!("25000000{}", n + 1)], "{file}");
    }
}

/// Writes a zip file byte by byte: local headers, contents, directory, end. The flag of a file says whether it is deflated.
pub fn zipped(path: &Path, files: &[(&str, &[u8], bool)]) {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes, deflate) in files {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let packed = if *deflate {
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        } else {
            bytes.to_vec()
        };
        let mut common = Vec::new();
        for half in [20u16, 0, if *deflate { 8 } else { 0 }, 0, 0x21] {
            common.extend(half.to_le_bytes());
        }
        for whole in [crc.sum(), packed.len() as u32, bytes.len() as u32] {
            common.extend(whole.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend(0u16.to_le_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend((out.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(&packed);
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend(0u16.to_le_bytes());
    std::fs::write(path, out).unwrap();
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// Regression: nothing was imported from a file that ends within its first bytes.
#[test]
fn what_comes_before_a_break_is_taken_however_early_it_breaks() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let all = rows(58);
    let (head, tail) = all.split_at(all.find("250000003").unwrap());
    let whole = [gzipped(head.as_bytes()), gzipped(tail.as_bytes())].concat();
    std::fs::write(folder.join("whole.gz"), &whole).unwrap();
    std::fs::write(folder.join("cut.gz"), &whole[..whole.len() - 20]).unwrap();
    let (code, said) = import_and_fail(folder, "gdelt", &["cut.gz"]);
    assert!(code == 1 && said.contains("the file cannot be read to its end"), "{said}");
    let taken: u64 = ask(folder, "l.db", "SELECT count(*) FROM feed_report")[0].parse().unwrap();
    assert!((2..4).contains(&taken), "{taken}");
    assert!(import(folder, "gdelt", &["whole.gz"]).starts_with("4 rows read"));
    assert_eq!(reported(folder), REPORTED);
}

/// Regression: an archive within an archive was read as text, and each line of it was an invalid row.
#[test]
fn what_is_packed_twice_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let all = rows(58);
    zipped(&folder.join("inner.zip"), &[("1.csv", all.as_bytes(), true)]);
    let inner = std::fs::read(folder.join("inner.zip")).unwrap();
    zipped(
        &folder.join("bundle.zip"),
        &[("a.zip", &inner, false), ("b.gz", &gzipped(all.as_bytes()), false), ("c.csv", all.as_bytes(), true)],
    );
    let (code, said) = import_and_fail(folder, "gdelt", &["bundle.zip"]);
    assert_eq!(code, 1, "{said}");
    for inside in ["a.zip", "b.gz"] {
        assert!(said.contains(&format!("bundle.zip({inside}): it is packed twice; unpack it once")), "{said}");
    }
    assert!(said.contains("4 rows read: 4 reports added"), "{said}");
}
