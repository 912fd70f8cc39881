//! Briefs in headless Chromium have no overflowing or overlapping text, no broken links and no accessibility problems: those of the
//! examples, of a pair with hundreds of acts and of a pair with thousands.
//!
//! The test needs Chromium, node and, in `tests/browser`, `npm ci`. Without them it prints a message and passes, unless `CI` is set.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::brief::EXAMPLES;
use crate::support::ok;

/// The first of these programs that is installed.
fn found(programs: &[&'static str]) -> Option<&'static str> {
    programs.iter().copied().find(|program| Command::new(program).arg("--version").output().is_ok_and(|o| o.status.success()))
}

/// What the test needs and is missing; `None` if nothing is missing.
fn missing(proof: &Path) -> Option<&'static str> {
    match () {
        () if found(&["chromium", "chromium-browser", "google-chrome"]).is_none() => Some("Chromium is not installed"),
        () if found(&["node"]).is_none() => Some("node is not installed"),
        () if !proof.join("node_modules/puppeteer-core").exists() => Some("'npm ci' has not been run in tests/browser"),
        () => None,
    }
}

#[test]
fn a_browser_finds_nothing_wrong_with_the_briefs() {
    let proof = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    if let Some(what) = missing(&proof) {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci.is_empty()), "the browser proof must run here: {what}");
        println!("skipped: {what}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    // Screenshots are kept if `RECIP_SHOTS` names a folder for them.
    let shots = std::env::var_os("RECIP_SHOTS").unwrap_or_default();
    std::os::unix::fs::symlink(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"), folder.path().join("examples")).unwrap();
    let mut rows = Vec::new();
    crate::generate::ledger(60_000, &mut rows).unwrap();
    std::fs::write(folder.path().join("generated.csv"), rows).unwrap();
    ok(folder.path(), &["-f", "generated.db", "import", "generated.csv"]);
    let mut pages = Vec::new();
    let mut brief = |name: &str, args: &[&str]| {
        let page = folder.path().join(format!("{name}.html"));
        ok(folder.path(), &[args, &["-o", page.to_str().unwrap()]].concat());
        pages.push(page);
    };
    for (name, a, b, as_of) in EXAMPLES {
        brief(name, &["-f", &format!("examples/{name}.csv"), "report", "brief", a, b, "--as-of", as_of]);
    }
    brief("founding-2017-07-13", &["-f", "examples/us-russia-2016-2017.csv", "report", "brief", "RUS", "USA", "--as-of", "2017-07-13"]);
    brief("nothing", &["-f", "generated.db", "report", "brief", "FRA", "VAT"]);
    // One pair has 500 acts, which are drawn one by one; the other has 1700, which are drawn by period.
    brief("hundreds", &["-f", "generated.db", "report", "brief", "GBR", "RUS", "--as-of", "2020-06-01"]);
    brief("thousands", &["-f", "generated.db", "report", "brief", "USA", "RUS"]);
    let chromium = found(&["chromium", "chromium-browser", "google-chrome"]).unwrap();
    let chromium = String::from_utf8(Command::new("sh").args(["-c", &format!("command -v {chromium}")]).output().unwrap().stdout).unwrap();
    let output = Command::new("node").arg(proof.join("proof.mjs")).arg(chromium.trim()).arg(&shots).args(&pages).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains(&format!("{} pages, 0 faults", pages.len())), "{said}");
}
