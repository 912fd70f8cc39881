//! Interrupts a ledger operation that runs on another thread.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Ledger;

/// Interrupts the statement that a ledger or an engine executes.
type Interrupt = Box<dyn Fn() + Send>;

/// A request to stop, from one thread to another: the other thread's SQL statements are interrupted, and [`is_made`](Stop::is_made) returns
/// true.
#[derive(Default)]
pub struct Stop {
    made: AtomicBool,
    watched: Mutex<Vec<Interrupt>>,
}

impl Stop {
    /// Makes the request. A statement that begins later is not interrupted, so repeat the request until the other thread has ended.
    pub fn make(&self) {
        self.made.store(true, Ordering::Relaxed);
        if let Ok(watched) = self.watched.lock() {
            watched.iter().for_each(|interrupt| interrupt());
        }
    }

    /// True if the request was made.
    pub fn is_made(&self) -> bool {
        self.made.load(Ordering::Relaxed)
    }

    /// Lets the request interrupt the statements of this ledger.
    pub fn watch(&self, ledger: &Ledger) {
        let handle = ledger.conn.get_interrupt_handle();
        self.interrupts(Box::new(move || handle.interrupt()));
    }

    /// Lets the request interrupt a statement.
    pub(crate) fn interrupts(&self, interrupt: Interrupt) {
        if let Ok(mut watched) = self.watched.lock() {
            watched.push(interrupt);
        }
    }

    /// Forgets the ledgers and statements, so that others can use them.
    pub fn unwatch(&self) {
        if let Ok(mut watched) = self.watched.lock() {
            watched.clear();
        }
    }
}
