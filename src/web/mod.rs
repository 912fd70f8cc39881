//! The reports and the verbs in a browser on the same machine: `recip serve`.
//!
//! A URL is a command: its path and its query become arguments ([`request`]), which the command line parses and runs. So a page shows
//! what the command prints, and an error is the command's own. This module knows no clap; it is given the function that runs a command.

mod forms;
mod guard;
mod key;
mod pages;
pub mod request;
mod response;
mod server;
mod submit;
mod table;
mod template;

use std::sync::Arc;

use crate::ledger::Stop;

pub use guard::{Guard, Sent};
pub use key::key;
pub use server::{Address, Options, serve};

/// What a command may do to the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// It only reads.
    Read,
    /// It makes its changes and rolls them back.
    DryRun,
    /// It changes the ledger.
    Write,
}

/// A command to run.
pub struct Job {
    /// The arguments, without the name of the program and of the ledger.
    pub arguments: Vec<String>,
    /// What it may do.
    pub task: Task,
    /// The content of the file that it imports.
    pub file: Option<String>,
    /// Ends it.
    pub stop: Arc<Stop>,
}

/// What came of a command.
#[derive(Debug)]
pub struct Ran {
    /// The exit code.
    pub code: u8,
    /// True if it is a command that changes the ledger.
    pub writes: bool,
    /// The output.
    pub output: Vec<u8>,
    /// The messages, such as an error or a warning.
    pub messages: String,
    /// The number of the change that it made.
    pub change: Option<i64>,
}

impl Ran {
    /// True if the command succeeded; findings are no failure.
    pub fn is_ok(&self) -> bool {
        self.code <= 1
    }

    /// The output as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.output).into_owned()
    }
}

/// The functions with which pages reach the ledger.
pub struct Access {
    /// Runs a command.
    pub run: Box<dyn Fn(&Job) -> Ran + Send + Sync>,
    /// The number and the token of the latest change; `None`: there is none, or the ledger cannot be read. Every page asks for it.
    pub latest: Box<dyn Fn() -> Option<(i64, String)> + Send + Sync>,
}
