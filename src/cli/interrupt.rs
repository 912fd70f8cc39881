//! Lets Ctrl-C cancel the statement that an engine executes. Without this, the engine could go on after the program has ended.

use std::sync::Arc;

use recip::Result;
use recip::ledger::Stop;

/// From now on, Ctrl-C makes this request to stop, and a second one ends the program.
#[cfg(feature = "adbc")]
pub(crate) fn of_ctrl_c() -> Result<Arc<Stop>> {
    use std::time::Duration;

    use recip::Error;

    let stop = Arc::new(Stop::default());
    let made = Arc::clone(&stop);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Output)?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            if tokio::signal::ctrl_c().await.is_err() {
                return;
            }
            super::session::message("stopping; another Ctrl-C ends the program at once");
            // A statement that begins later is not interrupted by an earlier request.
            while tokio::time::timeout(Duration::from_millis(100), tokio::signal::ctrl_c()).await.is_err() {
                made.make();
            }
            std::process::exit(recip::Error::Interrupted.exit_code().into());
        });
    });
    Ok(stop)
}

/// A build without ADBC has no engines to stop.
#[cfg(not(feature = "adbc"))]
pub(crate) fn of_ctrl_c() -> Result<Arc<Stop>> {
    Ok(Arc::default())
}
