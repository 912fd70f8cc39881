//! The brief and its pictures: golden pages, the digest, templates, and markup in fields.

mod markup;
mod picture;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use recip::report::{Pair, Selection};

use crate::support::{NOW, cases, ok, quiet};

/// The examples with the pair and the day of their briefs.
pub const EXAMPLES: [(&str, &str, &str, &str); 10] = [
    ("britain-soviet-1985", "GBR", "SUN", "1985-09-30"),
    ("canada-india-2023", "CAN", "IND", "2024-12-31"),
    ("nato-russia-2021", "NATO", "RUS", "2021-12-31"),
    ("qatar-2017", "QAT", "SAU", "2021-01-31"),
    ("russia-expulsions-2022", "FRA", "RUS", "2022-12-31"),
    ("skripal-2018", "GBR", "RUS", "2018-12-31"),
    ("us-china-2020", "CHN", "USA", "2020-12-31"),
    ("us-china-tariffs-2018", "CHN", "USA", "2019-02-28"),
    ("us-russia-2016-2017", "USA", "RUS", "2017-08-31"),
    ("us-soviet-1986", "USA", "SUN", "1986-12-31"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with the examples in it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root().join("examples"), folder.path().join("examples")).unwrap();
    folder
}

/// The selection of everything between two parties as of a day.
fn between(a: &str, b: &str, as_of: &str) -> Selection {
    Selection { pair: Some(Pair::Both(a.to_owned(), b.to_owned())), as_of: Some(as_of.parse().unwrap()), ..Selection::default() }
}

/// `BLESS=1 cargo test brief` overwrites the golden pages with the current briefs; review them before you commit them.
#[test]
fn the_briefs_of_the_examples_are_as_they_were() {
    let folder = folder();
    let mut differ = Vec::new();
    let tried = if std::env::var_os("BLESS").is_some() { usize::MAX } else { cases(3, usize::MAX) };
    for (name, a, b, as_of) in EXAMPLES.into_iter().take(tried) {
        let csv = format!("examples/{name}.csv");
        let made =
            |report: &str, format: &str| ok(folder.path(), &["-f", &csv, "report", report, a, b, "--as-of", as_of, "--format", format]);
        let mut files = vec![("md", made("brief", "md")), ("svg", made("timeline", "svg"))];
        if name == "us-russia-2016-2017" {
            files.push(("html", made("brief", "html")));
        }
        for (ending, text) in files {
            let file = root().join(format!("examples/briefs/{name}.{ending}"));
            if std::fs::read_to_string(&file).unwrap_or_default() == text {
                continue;
            }
            match std::env::var_os("BLESS") {
                Some(_) => std::fs::write(&file, text).unwrap(),
                None => differ.push(file.display().to_string()),
            }
        }
    }
    assert!(differ.is_empty(), "not what the program makes (BLESS=1 writes it): {differ:?}");
}

#[test]
fn the_digest_is_of_what_the_command_prints() {
    let folder = folder();
    ok(folder.path(), &["-f", "it's a.db", "import", "examples/us-russia-2016-2017.csv"]);
    let on_hand = [
        vec!["-f", "examples/us-russia-2016-2017.csv", "report", "brief", "USA", "Russia", "--as-of", "2017-07-13"],
        vec!["-f", "examples/us-russia-2016-2017.csv", "report", "brief", "RUS", "USA"],
        vec![
            "-f",
            "it's a.db",
            "report",
            "brief",
            "RUS",
            "USA",
            "--dispute",
            "grizzly-steppe",
            "--since",
            "2017-01-01",
            "--kind",
            "expulsion",
        ],
        vec!["-f", "it's a.db", "--as-known", "2026-01-02", "report", "brief", "RUS", "USA", "--until", "2017-07-13", "--scale", "plover"],
    ];
    let mut digests = BTreeSet::new();
    for mut args in on_hand {
        args.extend(["--format", "json"]);
        let values: serde_json::Value = serde_json::from_str(&ok(folder.path(), &args)).unwrap();
        let text = |name: &str| values[name].as_str().unwrap().to_owned();
        let mut sh = Command::new("sh");
        quiet(&mut sh);
        let path = Path::new(env!("CARGO_BIN_EXE_recip")).parent().unwrap().display().to_string();
        // The current time is a day after that of the brief.
        sh.env("RECIP_NOW", "2026-02-03T04:05:06Z").env("PATH", format!("{path}:{}", std::env::var("PATH").unwrap()));
        let printed = sh.current_dir(folder.path()).args(["-c", &format!("{} 2>&- | sha256sum", text("command"))]).output().unwrap();
        assert_eq!(String::from_utf8(printed.stdout).unwrap().split(' ').next().unwrap(), text("digest"), "{}", text("command"));
        assert_eq!(text("made"), NOW);
        digests.insert(text("digest"));
    }
    assert_eq!(digests.len(), 4);
}
