//! Briefs in headless Chromium have no overflowing or overlapping text, no broken links and no accessibility problems: those of the
//! examples, of a pair with hundreds of acts and of a pair with thousands. The pages of `recip serve` are driven with and without their
//! script.
//!
//! The tests need Chromium, node and, in `tests/browser`, `npm ci`. Without them they print a message and pass, unless `CI` is set.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::brief::EXAMPLES;
use crate::support::{in_ci, left_out, ok};

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

/// The folder of the scripts, if what they need is installed.
fn scripts() -> Option<PathBuf> {
    let proof = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    if left_out("a browser") {
        return None;
    }
    let Some(what) = missing(&proof) else { return Some(proof) };
    assert!(!in_ci(), "the browser proof must run here: {what}");
    println!("skipped: {what}");
    None
}

/// A script of node, with the path of Chromium as its first argument.
fn node(script: &Path) -> Command {
    let chromium = found(&["chromium", "chromium-browser", "google-chrome"]).unwrap();
    let chromium = String::from_utf8(Command::new("sh").args(["-c", &format!("command -v {chromium}")]).output().unwrap().stdout).unwrap();
    let mut command = Command::new("node");
    command.arg(script).arg(chromium.trim());
    command
}

#[test]
#[cfg(feature = "serve")]
fn a_browser_reads_and_logs_with_and_without_a_script() {
    let Some(proof) = scripts() else { return };
    let (writable, example) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let feed = examples.join("gdelt-20170701-english.tsv");
    for folder in [&writable, &example] {
        ok(folder.path(), &["-f", "l.db", "import", "--feed", "gdelt", feed.to_str().unwrap()]);
    }
    ok(example.path(), &["-f", "l.db", "import", examples.join("us-russia-2016-2017.csv").to_str().unwrap()]);
    let servers = [&writable, &example].map(|folder| crate::web::serve(folder.path(), &[]));
    let addresses = servers.each_ref().map(|server| format!("http://127.0.0.1:{}{}", server.port, server.entrance));
    let shots = std::env::var_os("RECIP_SHOTS").unwrap_or_default();
    let output = node(&proof.join("serve.mjs")).arg(&shots).args(addresses).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains(" checks, 0 faults"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_browser_finds_nothing_wrong_with_the_briefs() {
    let Some(proof) = scripts() else { return };
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
    let output = node(&proof.join("proof.mjs")).arg(&shots).args(&pages).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains(&format!("{} pages, 0 faults", pages.len())), "{said}");
}
