//! What the tests share: functions that run the program in a folder of its own.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;

use proptest::prelude::ProptestConfig;

/// The fixed current time of all tests.
pub const NOW: &str = "2026-01-02T12:00:00Z";

/// The configuration of a property test: this number of random cases, or the number in `PROPTEST_CASES`, which long runs set. By default
/// there are a twelfth as many; since they are random, each run tries others.
pub fn config(all: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(cases(all.div_ceil(12), all));
    ProptestConfig { cases, max_shrink_iters: 2000, ..ProptestConfig::default() }
}

/// True if the tests may take long: `RECIP_LONG` is set.
pub fn long() -> bool {
    std::env::var_os("RECIP_LONG").is_some()
}

/// True if every case is tried: `CI` or `RECIP_LONG` is set. By default the tests try a few of many cases alike, so that they take little
/// time.
fn every_case() -> bool {
    long() || in_ci()
}

/// The number of cases to try: `all`, or `few` by default.
pub fn cases<N>(few: N, all: N) -> N {
    if every_case() { all } else { few }
}

/// The cases to try: all, or every `nth` by default.
pub fn some<T>(nth: usize, all: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
    all.into_iter().step_by(cases(nth, 1))
}

/// True if a test of `what`, which takes long, is left out. Prints that it is.
pub fn left_out(what: &str) -> bool {
    if !every_case() {
        println!("skipped: {what}; 'CI=1 cargo test' tries it");
    }
    !every_case()
}

/// True if the tests run before a change lands: `CI` is set. What they need must then be installed.
pub fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|ci| !ci.is_empty())
}

/// The program, with a fixed clock, without colours and without a default ledger from the environment.
pub fn recip(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_recip"));
    quiet(&mut command);
    command.current_dir(folder);
    command
}

/// Sets and removes environment variables so that those of the tester have no effect.
pub fn quiet(command: &mut Command) {
    command.env("RECIP_NOW", NOW).env("NO_COLOR", "1").env("LC_ALL", "C.UTF-8").env("TZ", "UTC").env("RECIP_AS", "tester");
    command.env_remove("RECIP_LEDGER").env_remove("COLUMNS");
}

/// Runs the program with these arguments.
pub fn run(folder: &Path, args: &[&str]) -> Output {
    recip(folder).args(args).output().unwrap()
}

/// Runs the program, which must succeed; returns what it printed.
pub fn ok(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    assert!(output.status.success(), "recip {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs the program, which must fail with this exit code; returns its error message.
pub fn refused(folder: &Path, args: &[&str], code: i32) -> String {
    let output = run(folder, args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "recip {}: {said}", args.join(" "));
    said
}

/// True if `program` is installed. If it is not, prints that the test is skipped.
pub fn installed(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        println!("skipped: {program} is not installed");
    }
    found
}

/// Returns `found`. If it is false, prints that the test is skipped or, if `CI` is set, fails.
fn required(found: bool, what: &str) -> bool {
    assert!(found || !in_ci(), "{what} must be installed here");
    if !found {
        println!("skipped: {what} is not installed");
    }
    found
}

/// True if this command succeeds. It is tried once.
fn succeeds(program: &'static str, args: &[&str]) -> bool {
    static TRIED: Mutex<BTreeMap<String, bool>> = Mutex::new(BTreeMap::new());
    let try_it = || Command::new(program).args(args).output().is_ok_and(|output| output.status.success());
    *TRIED.lock().unwrap().entry(format!("{program} {}", args.join(" "))).or_insert_with(try_it)
}

/// True if the `sqlite3` shell is installed. If `CI` is set, it must be.
pub fn has_sqlite3() -> bool {
    required(succeeds("sqlite3", &["--version"]), "sqlite3")
}

/// True if git is installed. If `CI` is set, it must be.
pub fn has_git() -> bool {
    required(succeeds("git", &["--version"]), "git")
}

/// True if R is installed with the packages that the guide for R uses. If `CI` is set, it must be.
pub fn has_r() -> bool {
    required(succeeds("Rscript", &["-e", "library(DBI); library(RSQLite); library(survival)"]), "Rscript with DBI, RSQLite and survival")
}

/// True if Python has this module, another reader of what recip writes. If `CI` is set, it must have it.
pub fn python_has(module: &str) -> bool {
    required(succeeds("python3", &["-c", &format!("import {module}")]), &format!("{module} for python3"))
}

/// Prints the library of Python, and the libraries of DuckDB and ClickHouse in its packages, which are ADBC drivers.
#[cfg(feature = "adbc")]
const FIND_DRIVERS: &str = "
import ctypes, glob, importlib.util as u, os, sysconfig as s
names = [os.path.join(s.get_config_var('LIBDIR'), s.get_config_var('LDLIBRARY')), s.get_config_var('INSTSONAME')]
def loads(name):
    try: return ctypes.CDLL(name)
    except OSError: return None
print(next(name for name in names if name.endswith(('.so', '.so.1.0')) and loads(name)))
print(u.find_spec('_duckdb').origin)
print(glob.glob(os.path.join(os.path.dirname(u.find_spec('chdb').origin), '_chdb*.so'))[0])
";

/// The environment in which the ADBC drivers `duckdb` and `chdb` can be used: manifests are written to the folder `.drivers`, and the
/// libraries, which are parts of packages for Python, find the symbols of Python. `None`: they are not installed; if `CI` is set, they must be.
#[cfg(feature = "adbc")]
pub fn adbc_drivers(folder: &Path) -> Option<[(&'static str, std::ffi::OsString); 2]> {
    let found = Command::new("python3").args(["-c", FIND_DRIVERS]).output().ok().filter(|output| output.status.success());
    if !required(found.is_some(), "DuckDB and chdb for a python3 with a shared library") {
        return None;
    }
    let found = String::from_utf8(found?.stdout).unwrap();
    let found: Vec<&str> = found.lines().collect();
    let drivers = folder.join(".drivers");
    std::fs::create_dir_all(&drivers).unwrap();
    for (name, library, entry) in [("duckdb", found[1], "duckdb_adbc_init"), ("chdb", found[2], "chdb_adbc_init")] {
        let manifest = format!("manifest_version = 1\n[Driver]\nshared = \"{library}\"\nentrypoint = \"{entry}\"\n");
        std::fs::write(drivers.join(format!("{name}.toml")), manifest).unwrap();
    }
    Some([("ADBC_DRIVER_PATH", drivers.into()), ("LD_PRELOAD", found[0].into())])
}
