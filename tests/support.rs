//! What the tests share: running the program in a folder of its own.

use std::path::Path;
use std::process::{Command, Output};

use proptest::prelude::ProptestConfig;

/// The instant that every test takes for now.
pub const NOW: &str = "2026-01-02T12:00:00Z";

/// How a property is tried: on this many random cases, or on as many as `PROPTEST_CASES` says. The long runs set it.
pub fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(cases);
    ProptestConfig { cases, max_shrink_iters: 2000, ..ProptestConfig::default() }
}

/// The program, with a fixed clock, no colours and no ledger but the one it is given.
pub fn recip(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_recip"));
    quiet(&mut command);
    command.current_dir(folder);
    command
}

/// Takes away what the tester's own surroundings would add.
pub fn quiet(command: &mut Command) {
    command.env("RECIP_NOW", NOW).env("NO_COLOR", "1").env("LC_ALL", "C.UTF-8").env("TZ", "UTC").env("RECIP_AS", "tester");
    command.env_remove("RECIP_LEDGER").env_remove("COLUMNS");
}

/// Runs it with these arguments.
pub fn run(folder: &Path, args: &[&str]) -> Output {
    recip(folder).args(args).output().unwrap()
}

/// Runs it, and gives what it printed; it must succeed.
pub fn ok(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    assert!(output.status.success(), "recip {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// True if `program` is installed. If it is not, the test that needs it says that it is skipped.
pub fn installed(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        println!("skipped: {program} is not installed");
    }
    found
}

/// True if `found`. If not, the test says that it is skipped; with `CI` set it fails instead.
fn required(found: bool, what: &str) -> bool {
    assert!(found || std::env::var_os("CI").is_none_or(|ci| ci.is_empty()), "{what} must be installed here");
    if !found {
        println!("skipped: {what} is not installed");
    }
    found
}

/// True if the `sqlite3` shell is installed; it must be with `CI` set.
pub fn has_sqlite3() -> bool {
    required(Command::new("sqlite3").arg("--version").output().is_ok(), "sqlite3")
}

/// True if Python has DuckDB, another reader of Parquet; it must have it with `CI` set.
pub fn has_duckdb() -> bool {
    let found = Command::new("python3").args(["-c", "import duckdb"]).output().is_ok_and(|o| o.status.success());
    required(found, "duckdb for python3")
}
