//! The program: runs the command line and returns its exit code.

use std::process::ExitCode;

mod cli;

fn main() -> ExitCode {
    cli::run()
}
