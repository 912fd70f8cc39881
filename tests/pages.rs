//! The commands in the README, the guides in `docs` and the pages of `tests/cmd` print what the pages show, and the golden reports in
//! `examples` are up to date.
//!
//! Every command of a ```` ```console ```` block is run by `sh`, in order, in one temporary folder that contains the examples, the sheets
//! of `tests/files`, the scripts of `docs/replication` and the map of `docs/feeds`, if the page names them. Its output must be exactly
//! what the page shows. A line `? 3` gives its exit code if that is not 0. `BLESS=1 cargo test pages` writes the actual output into the
//! pages; read the difference before you commit it.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::support::{has_git, has_r, has_sqlite3, left_out, python_has, quiet};

#[test]
fn pages_say_what_the_program_prints() {
    check(Path::new(env!("CARGO_MANIFEST_DIR")), |text| !has_optional(text));
}

/// The pages with commands that not every build has.
#[test]
fn pages_of_parquet_say_what_the_program_prints() {
    check(Path::new(env!("CARGO_MANIFEST_DIR")), has_optional);
}

/// Runs the pages with such a text, which must say what the program prints. By default these are the README, the guides, and every twenty-fourth
/// of the other pages.
fn check(root: &Path, which: impl Fn(&str) -> bool) {
    let mut pages = pages(root);
    if std::env::var_os("BLESS").is_none() && left_out("most pages of tests/cmd and examples") {
        let is_guide = |page: &PathBuf| page.starts_with(root.join("docs")) || page.ends_with("README.md");
        let mut others = 0..;
        pages.retain(|page| is_guide(page) || others.next().is_some_and(|n: usize| n.is_multiple_of(24)));
    }
    let pages = pages.into_iter().filter(|page| which(&std::fs::read_to_string(page).unwrap()));
    let differ: Vec<String> = pages.filter_map(|page| run(root, &page)).collect();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// True if a page has a command of Parquet or of an engine.
fn has_optional(text: &str) -> bool {
    text.lines().filter_map(|line| line.strip_prefix("$ ")).any(|command| is_of_parquet(command) || is_of_engine(command))
}

/// The quick start in the README, without the build.
#[test]
fn the_main_job_of_the_readme_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let jobs: Vec<&str> = readme.lines().filter_map(|l| l.strip_prefix("cargo run -- ")).collect();
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    let printed = shell(root, &format!("recip {}", jobs[0]));
    assert!(printed.starts_with("Unanswered as of 2017-07-13\n") && !printed.contains("\n? "), "{printed}");
}

/// Every file that a document links to or names in backquotes exists.
#[test]
fn pages_name_only_files_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut documents = pages(root);
    documents.extend(
        ["CONTRIBUTING.md", "CHANGELOG.md", "benches/README.md", "tests/faults/README.md", "tests/fuzz/README.md"].map(|p| root.join(p)),
    );
    let mut missing = Vec::new();
    for document in documents {
        let folder = document.parent().unwrap();
        let text = std::fs::read_to_string(&document).unwrap();
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            let (name, exists) = match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) if !dest_url.contains("://") => {
                    let path = dest_url.split('#').next().unwrap();
                    (dest_url.to_string(), folder.join(path).exists())
                }
                Event::Code(name) if SOURCES.iter().any(|s| name.starts_with(s)) && !name.contains([' ', '*']) => {
                    (name.to_string(), root.join(&*name).exists() || folder.join(&*name).exists())
                }
                _ => continue,
            };
            if !exists {
                missing.push(format!("{}: {name}", document.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// CONTRIBUTING.md follows commands through the code in tables: each file declares the names in the cell next to it.
#[test]
fn contributing_names_what_the_code_declares() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let (mut checked, mut missing) = (0, Vec::new());
    for line in text.lines().filter(|l| l.starts_with("| `")) {
        let cells: Vec<Vec<&str>> = line.split('|').skip(1).take(2).map(|cell| cell.split('`').skip(1).step_by(2).collect()).collect();
        let code = std::fs::read_to_string(root.join(cells[0][0])).unwrap_or_default();
        for name in &cells[1] {
            checked += 1;
            if !declares(&code, name) {
                missing.push(format!("{} declares no {name}", cells[0][0]));
            }
        }
    }
    assert!(checked > 50 && missing.is_empty(), "{checked} checked\n{}", missing.join("\n"));
}

/// Prefixes of the paths that documents mention.
const SOURCES: [&str; 6] = ["src/", "tests/", "docs/", "examples/", "benches/", ".ci/"];

/// True if the Rust or SQL code declares something with this name.
fn declares(code: &str, name: &str) -> bool {
    ["fn", "struct", "enum", "trait", "const", "static", "TABLE", "VIEW", "TRIGGER"].iter().any(|word| {
        code.match_indices(&format!("{word} {name}"))
            .any(|(at, found)| !code[at + found.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    })
}

/// The pages whose commands are run.
fn pages(root: &Path) -> Vec<PathBuf> {
    let mut pages = vec![root.join("README.md")];
    for folder in ["docs", "tests/cmd", "examples"] {
        pages.extend(
            std::fs::read_dir(root.join(folder)).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "md")),
        );
    }
    pages.sort();
    pages
}

/// Runs one page; returns the difference, if there is one.
fn run(root: &Path, page: &Path) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(page).unwrap();
    let folders =
        [("examples", "examples"), ("tests/files/sheets", "sheets"), ("docs/replication", "replication"), ("docs/feeds", "feeds")];
    for (source, name) in folders.into_iter().filter(|(_, name)| text.contains(name)) {
        std::os::unix::fs::symlink(root.join(source), folder.path().join(name)).unwrap();
    }
    let mut ran = String::new();
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        ran.push_str(line);
        if line.trim_end() != "```console" {
            continue;
        }
        while let Some(line) = lines.next_if(|l| l.trim_end() != "```") {
            let Some(command) = line.strip_prefix("$ ") else { continue };
            let mut command = command.to_owned();
            write!(ran, "$ {command}").unwrap();
            while let Some(more) = lines.next_if(|l| l.starts_with("> ")) {
                ran.push_str(more);
                command.push_str(&more[2..]);
            }
            let mut said = String::new();
            while let Some(more) = lines.next_if(|l| !l.starts_with("$ ") && l.trim_end() != "```") {
                said.push_str(more);
            }
            ran.push_str(&if skipped(&command) { said } else { shell(folder.path(), &command) });
        }
    }
    if ran == text {
        return None;
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(page, &ran).unwrap();
        return None;
    }
    Some(difference(page, &text, &ran))
}

/// True if something that a command needs is not installed; prints a message about it.
fn skipped(command: &str) -> bool {
    if is_of_parquet(command) && !cfg!(feature = "parquet") {
        println!("skipped: this build has no Parquet: {command}");
        return true;
    }
    if is_of_engine(command) && !cfg!(all(feature = "adbc", feature = "parquet")) {
        println!("skipped: this build has no ADBC: {command}");
        return true;
    }
    let missing = |program: &str, found: fn() -> bool| command.contains(program) && !found();
    if ["Rscript", "python3 replication"].iter().any(|program| command.contains(program)) && left_out("R and Python") {
        return true;
    }
    missing("sqlite3", has_sqlite3)
        || missing("duckdb", || python_has("duckdb"))
        || missing("Rscript", has_r)
        || missing("python3 replication", || python_has("pandas"))
        || missing("git ", has_git)
}

/// True if the command writes or reads Parquet.
fn is_of_parquet(command: &str) -> bool {
    ["parquet", "manifest.json", "lake append"].iter().any(|word| command.contains(word))
}

/// True if the command connects to an engine.
fn is_of_engine(command: &str) -> bool {
    let asks = command.contains(" report ") || command.contains(" suggest ");
    asks && command.contains(" --on ") || command.contains(" import --from ")
}

/// Lets a command that connects to an engine find its driver.
fn with_drivers(sh: &mut Command, folder: &Path, command: &str) {
    #[cfg(feature = "adbc")]
    if is_of_engine(command)
        && let Some(environment) = crate::support::adbc_drivers(folder)
    {
        sh.envs(environment).env_remove("ADBC_PROFILE_PATH").env_remove("XDG_CONFIG_HOME");
    }
    #[cfg(not(feature = "adbc"))]
    let _ = (sh, folder, command);
}

fn shell(folder: &Path, command: &str) -> String {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_recip"));
    let mut path = program.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    // With a full path and another PATH, the shell is started without a copy of this process.
    let mut sh = Command::new("/bin/sh");
    quiet(&mut sh);
    with_drivers(&mut sh, folder, command);
    let output =
        sh.args(["-c", &format!("exec 2>&1\n{command}")]).current_dir(folder).env("PATH", path).env("HOME", folder).output().unwrap();
    let mut said = String::from_utf8(output.stdout).unwrap();
    if !output.status.success() {
        writeln!(said, "? {}", output.status.code().unwrap_or(-1)).unwrap();
    }
    said
}

/// The first line where the page and the output differ, with the command that printed it.
fn difference(page: &Path, said: &str, ran: &str) -> String {
    let (said, ran): (Vec<&str>, Vec<&str>) = (said.lines().collect(), ran.lines().collect());
    let at = said.iter().zip(&ran).take_while(|(a, b)| a == b).count();
    let command = ran[..=at.min(ran.len() - 1)].iter().rev().find(|l| l.starts_with("$ ")).unwrap_or(&"");
    format!(
        "{}:{}\n  {command}\n  page:    {}\n  program: {}",
        page.display(),
        at + 1,
        said.get(at).unwrap_or(&"(ends)"),
        ran.get(at).unwrap_or(&"(ends)")
    )
}
