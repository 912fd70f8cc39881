//! Reads the rows for suggestions from an engine over a lake.

use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::record::{Cells, next};
use crate::report::portable::{SuggestStatements, without_table};

use super::rows::{Part, Requested, Rows};

/// The rows of an engine.
pub(super) struct EngineRows<'e> {
    engine: &'e Engine,
    statements: &'e SuggestStatements,
    requested: Option<Requested>,
}

impl EngineRows<'_> {
    /// The rows of these statements. The action that they name is looked up in the lake.
    pub fn new<'e>(engine: &'e Engine, statements: &'e SuggestStatements) -> Result<EngineRows<'e>> {
        let requested = statements.requested.as_ref().map(|(key, statement)| find(engine, key, statement)).transpose()?;
        Ok(EngineRows { engine, statements, requested })
    }
}

impl Rows for EngineRows<'_> {
    fn requested(&self) -> Option<&Requested> {
        self.requested.as_ref()
    }

    fn each(&self, part: Part, each: &mut dyn FnMut(&dyn Cells) -> Result<()>) -> Result<()> {
        let Some(statement) = self.statements.of(part) else { return Ok(()) };
        self.engine.query(statement, each).map_err(|e| without_table(self.engine, statement, e))
    }
}

/// Finds the requested action.
fn find(engine: &Engine, key: &str, statement: &str) -> Result<Requested> {
    let found = engine.collect(statement, |cells| {
        let place = &mut 0;
        let (id, reference): (i64, String) = (next(cells, place)?, next(cells, place)?);
        let (actor, target): (String, String) = (next(cells, place)?, next(cells, place)?);
        Ok(Requested {
            id,
            name: format!("#{id} ({reference})"),
            // Voided actions are not exported.
            is_voided: false,
            way_out: format!("'recip report timeline {actor} {target} --on PROFILE' shows what was open after each act"),
        })
    });
    found.map_err(|e| without_table(engine, statement, e))?.pop().ok_or_else(|| Error::Unknown {
        what: "action",
        given: key.to_owned(),
        nearest: Vec::new(),
        way_out: "name an action of the lake, by its id or its ref; 'recip report timeline --on PROFILE --format csv' lists both"
            .to_owned(),
    })
}
