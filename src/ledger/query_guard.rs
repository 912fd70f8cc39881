//! The guard for statements that users write: they read, within a time, and do nothing else.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use crate::error::Result;
use crate::ledger::Ledger;

/// The number of steps of SQLite between two looks at the clock.
const STEPS: i32 = 10_000;
/// The pragmas that describe a ledger. SQLite asks for them when a statement reads a table such as `pragma_table_info`.
const DESCRIBING: [&str; 7] = ["table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list"];

/// While it is on, limits what a ledger's connection may do.
#[derive(Debug, Clone)]
pub struct QueryGuard {
    /// Until when a statement may run; `None`: the guard is off.
    until: Arc<Mutex<Option<Instant>>>,
}

impl Ledger {
    /// Prepares the guard, which is off at first.
    ///
    /// # Errors
    /// SQLite refuses.
    pub fn query_guard(&mut self) -> Result<QueryGuard> {
        let guard = QueryGuard { until: Arc::default() };
        let (authorizer, clock) = (guard.clone(), guard.clone());
        self.conn.authorizer(Some(move |context: AuthContext<'_>| authorizer.authorize(&context)))?;
        self.conn.progress_handler(STEPS, Some(move || clock.until().is_some_and(|until| Instant::now() > until)))?;
        Ok(guard)
    }
}

impl QueryGuard {
    /// Turns the guard on: statements prepared from now on can only read, and are interrupted after this time.
    pub fn turn_on(&self, limit: Duration) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + limit);
    }

    /// Turns the guard off.
    pub fn turn_off(&self) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn until(&self) -> Option<Instant> {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn authorize(&self, context: &AuthContext<'_>) -> Authorization {
        let reads = match context.action {
            AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => true,
            AuthAction::Function { function_name } => !function_name.eq_ignore_ascii_case("load_extension"),
            AuthAction::Pragma { pragma_name, .. } => DESCRIBING.contains(&pragma_name.to_ascii_lowercase().as_str()),
            _ => false,
        };
        if reads || self.until().is_none() { Authorization::Allow } else { Authorization::Deny }
    }
}
