//! Pages that are run: the README, the pages of `tests/cmd`, the golden reports of `examples`.
//!
//! Every command of a ```` ```console ```` block is run by `sh`, in order, in one temporary folder that holds the
//! examples; what it prints must be what the page says, to the letter. A line `? 3` is its exit code, where that is not 0.
//! `BLESS=1 cargo test pages` writes what was printed into the pages: read the difference before you commit it.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{has_duckdb, installed, quiet};

#[test]
fn pages_say_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![root.join("README.md")];
    for folder in ["tests/cmd", "examples"] {
        pages.extend(
            std::fs::read_dir(root.join(folder)).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "md")),
        );
    }
    pages.sort();
    let differ: Vec<String> = pages.iter().filter_map(|page| run(root, page)).collect();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// Runs one page; what differs, if anything does.
fn run(root: &Path, page: &Path) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root.join("examples"), folder.path().join("examples")).unwrap();
    let text = std::fs::read_to_string(page).unwrap();
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

/// True where something is not there that a command needs, which is said.
fn skipped(command: &str) -> bool {
    if command.contains("parquet") && !cfg!(feature = "parquet") {
        println!("skipped: this build has no Parquet: {command}");
        return true;
    }
    command.contains("sqlite3") && !installed("sqlite3") || command.contains("duckdb") && !has_duckdb()
}

fn shell(folder: &Path, command: &str) -> String {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_recip"));
    let mut path = program.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    let mut sh = Command::new("sh");
    quiet(&mut sh);
    let output =
        sh.args(["-c", &format!("exec 2>&1\n{command}")]).current_dir(folder).env("PATH", path).env("HOME", folder).output().unwrap();
    let mut said = String::from_utf8(output.stdout).unwrap();
    if !output.status.success() {
        writeln!(said, "? {}", output.status.code().unwrap_or(-1)).unwrap();
    }
    said
}

/// The first place where page and program part, with what led to it.
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
