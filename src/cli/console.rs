//! Where a command reads its arguments and writes its output: the terminal or pipes of the process or, for a command that `recip serve`
//! runs, memory. A command runs on one thread, so the choice is made for each thread.

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::rc::Rc;
use std::sync::Arc;

use recip::ledger::{QueryGuard, Stop};
use recip::{Ledger, Result};

/// The maximum size of the output that is kept in memory, in bytes.
const MAX_OUTPUT: usize = 64_000_000;

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
    /// The ledger that the commands of this thread read. To open it takes longer than most reports of a pair.
    static LEDGER: RefCell<Option<Guarded>> = const { RefCell::new(None) };
}

/// A ledger that is open for reading, and the guard for statements that users write.
pub(crate) type Guarded = (Rc<Ledger>, QueryGuard);

/// What a command that runs in memory writes.
struct Kept {
    arguments: Vec<OsString>,
    stop: Arc<Stop>,
    output: Vec<u8>,
    messages: String,
}

/// Runs a command with these arguments, the name of the program first, and keeps what it writes. Returns its result, its output and its
/// messages. `stop` ends it.
#[cfg(feature = "serve")]
pub(crate) fn keeping<T>(arguments: Vec<OsString>, stop: Arc<Stop>, run: impl FnOnce() -> T) -> (T, Vec<u8>, String) {
    KEPT.with_borrow_mut(|kept| *kept = Some(Kept { arguments, stop, output: Vec::new(), messages: String::new() }));
    let result = run();
    let kept = KEPT.take();
    // The ledger stays open for the next command, which has nothing to do with this request.
    kept.iter().for_each(|kept| kept.stop.unwatch());
    let (output, messages) = kept.map_or_else(Default::default, |kept| (kept.output, kept.messages));
    (result, output, messages)
}

/// The arguments of the command, the name of the program first.
pub(crate) fn arguments() -> Vec<OsString> {
    KEPT.with_borrow(|kept| kept.as_ref().map(|kept| kept.arguments.clone())).unwrap_or_else(|| std::env::args_os().collect())
}

/// True if the output is kept in memory.
pub(crate) fn is_kept() -> bool {
    KEPT.with_borrow(Option::is_some)
}

/// True if standard output is a terminal.
pub(crate) fn is_terminal() -> bool {
    !is_kept() && io::stdout().is_terminal()
}

/// True if the user can be asked a question: standard input and standard error are terminals.
pub(crate) fn can_ask() -> bool {
    !is_kept() && io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Standard output, or memory.
pub(crate) fn output() -> Box<dyn Write> {
    if is_kept() { Box::new(Memory) } else { Box::new(BufWriter::with_capacity(1 << 16, io::stdout().lock())) }
}

/// Keeps a line of a message. Returns false if messages go to standard error.
pub(crate) fn keep_message(line: &str) -> bool {
    KEPT.with_borrow_mut(|kept| kept.as_mut().map(|kept| kept.messages.extend([line, "\n"])).is_some())
}

/// The ledger that the commands of this thread read, which `open` opens at first, and again after the file or its schema was replaced.
///
/// # Errors
/// Those of `open`.
pub(crate) fn kept_ledger(open: impl FnOnce() -> Result<Guarded>) -> Result<Guarded> {
    LEDGER.with_borrow_mut(|kept| {
        let guarded = match kept.take().filter(|(ledger, _)| ledger.is_current()) {
            Some(guarded) => guarded,
            None => open()?,
        };
        *kept = Some(guarded.clone());
        Ok(guarded)
    })
}

/// Lets the command be ended while it works on this ledger.
pub(crate) fn watch(ledger: &Ledger) {
    KEPT.with_borrow(|kept| kept.iter().for_each(|kept| kept.stop.watch(ledger)));
}

/// The output in memory.
struct Memory;

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        KEPT.with_borrow_mut(|kept| match kept {
            Some(kept) if kept.stop.is_made() => Err(io::Error::other("the command was ended")),
            Some(kept) if kept.output.len() + bytes.len() > MAX_OUTPUT => {
                Err(io::Error::other(format!("it is larger than {} MB, which is the maximum", MAX_OUTPUT / 1_000_000)))
            }
            Some(kept) => {
                kept.output.extend_from_slice(bytes);
                Ok(bytes.len())
            }
            None => Ok(bytes.len()),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
