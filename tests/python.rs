//! The examples of the guide for Python, run by Python's own doctest.

use std::path::Path;
use std::process::Command;

use crate::support::{left_out, python_has, quiet};

#[test]
fn the_examples_of_the_guide_for_python_are_right() {
    if left_out("the guide for Python") || !python_has("pandas") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut doctest = Command::new("python3");
    quiet(&mut doctest);
    doctest.args(["-m", "doctest", "-o", "NORMALIZE_WHITESPACE"]).arg(project.join("docs/python.md")).current_dir(folder.path());
    doctest.env("PYTHONPATH", project.join("src/python")).env("PYTHONDONTWRITEBYTECODE", "1").env("RECIP", env!("CARGO_BIN_EXE_recip"));
    let output = doctest.output().unwrap();
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}
