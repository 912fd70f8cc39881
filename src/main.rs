//! The program: runs the command line and returns its exit code.

use std::process::ExitCode;

mod cli;

fn main() -> ExitCode {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // The file is reported as damaged.
        if std::thread::current().name() != Some(recip::read::WORKBOOK_THREAD) {
            report(panic);
        }
    }));
    cli::run()
}
