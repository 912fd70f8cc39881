//! A folder with a ledger, a sheet and its review, in which tests run the command lines that go between them.

use std::path::Path;

use tempfile::TempDir;

use crate::support::{ok, recip};

/// The command that proposes the sheet and, once it is corrected, gives its review back.
const IMPORT: &str = "import x.csv --review r.csv";

/// A folder with a sheet `x.csv`, whose review is `r.csv`.
pub(super) struct SheetFolder(TempDir);

impl SheetFolder {
    pub fn with(sheet: impl AsRef<[u8]>) -> SheetFolder {
        let folder = SheetFolder(folder());
        folder.write(sheet);
        folder
    }

    /// A folder in which the sheet was proposed.
    pub fn proposed(sheet: impl AsRef<[u8]>) -> SheetFolder {
        let folder = SheetFolder::with(sheet);
        folder.refused();
        folder
    }

    pub fn at(&self) -> &Path {
        self.0.path()
    }

    /// Replaces the sheet.
    pub fn write(&self, sheet: impl AsRef<[u8]>) {
        write(self.at(), "x.csv", sheet);
    }

    /// Corrects a line of the review: in its rows, its columns or its words.
    pub fn edit(&self, table: &str, from: &str, to: &str) {
        edit(self.at(), &if table == "rows" { "r.csv".to_owned() } else { format!("r-{table}.csv") }, from, to);
    }

    /// Imports the sheet by its review, which must be refused; returns what was said.
    pub fn refused(&self) -> String {
        refused(self.at(), IMPORT)
    }

    /// Imports the sheet by its review; returns what was said.
    pub fn done(&self) -> String {
        done(self.at(), IMPORT)
    }

    /// Imports the sheet by its review, and keeps the map `m`.
    pub fn keep_map(&self) -> String {
        done(self.at(), &format!("{IMPORT} --map m"))
    }

    /// Imports the sheet without its review, by a map.
    pub fn again(&self) -> String {
        done(self.at(), "import x.csv")
    }

    /// The acts of the ledger.
    pub fn acts(&self) -> Vec<String> {
        acts(self.at())
    }
}

pub(super) fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

pub(super) fn write(at: &Path, file: &str, text: impl AsRef<[u8]>) {
    std::fs::write(at.join(file), text).unwrap();
}

pub(super) fn text(at: &Path, file: &str) -> String {
    std::fs::read_to_string(at.join(file)).unwrap()
}

/// Replaces a text in a file, which must have it.
pub(super) fn edit(at: &Path, file: &str, from: &str, to: &str) {
    let before = text(at, file);
    assert!(before.contains(from), "{file} has no '{from}': {before}");
    write(at, file, before.replace(from, to));
}

/// Runs a command line, which may read standard input from a file: `import - < sheet.csv`.
fn said(at: &Path, line: &str) -> (bool, String) {
    let (line, input) = line.split_once(" < ").map_or((line, None), |(line, input)| (line, Some(input)));
    let mut command = recip(at);
    command.args(["-f", "l.db"]).args(line.split(' '));
    if let Some(input) = input {
        command.stdin(std::fs::File::open(at.join(input)).unwrap());
    }
    let output = command.output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

pub(super) fn refused(at: &Path, line: &str) -> String {
    let (is_done, said) = said(at, line);
    assert!(!is_done, "{line} succeeds: {said}");
    said
}

pub(super) fn done(at: &Path, line: &str) -> String {
    let (is_done, said) = said(at, line);
    assert!(is_done, "{line}: {said}");
    said
}

/// The command that a message advises: what follows `recip` in its last `recip import ...`.
pub(super) fn advised(said: &str) -> String {
    let at = said.rfind("recip import ").unwrap_or_else(|| panic!("no command is advised: {said}"));
    said[at + 6..].split(['\n', ';']).next().unwrap().to_owned()
}

/// Proposes a sheet and gives the review back unchanged.
pub(super) fn take(at: &Path, line: &str) -> String {
    done(at, &advised(&refused(at, line)))
}

/// The acts of the ledger: `2018-03-26 USA RUS expulsion 60`, in order.
pub(super) fn acts(at: &Path) -> Vec<String> {
    let csv = ok(at, &["-f", "l.db", "export", "csv"]);
    csv.lines().skip(1).map(|line| line.split(',').skip(1).take(5).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ")).collect()
}
