//! Statements that users write. They read the views of a lens, and so the ledger on any day.

use std::fmt::Write;
use std::time::Duration;

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::types::{Value as Stored, ValueRef};
use rusqlite::{Batch, ErrorCode, Statement};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::ledger::guard::objects;
use crate::ledger::{QueryGuard, SCHEMA};
use crate::report::Lens;

/// A statement to run, with the values of its parameters.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// One SELECT statement.
    pub statement: String,
    /// The names and values of its parameters. A value that is a number is bound as one.
    pub parameters: Vec<(String, String)>,
    /// How long it may run.
    pub limit: Duration,
}

/// Runs a statement: passes the names of its columns to `begin`, and each row to `each`.
///
/// # Errors
/// It is not one statement, does more than read, names what does not exist, lacks a parameter, or takes too long.
pub fn run(
    lens: &Lens<'_>,
    guard: &QueryGuard,
    query: &Query,
    begin: impl FnOnce(Vec<String>) -> Result<()>,
    each: impl FnMut(Vec<Value>) -> Result<()>,
) -> Result<()> {
    lens.create_all_views()?;
    guard.turn_on(query.limit);
    let done = rows(lens, query, begin, each);
    guard.turn_off();
    done.map_err(|e| explain(e, query.limit))
}

fn rows(
    lens: &Lens<'_>,
    query: &Query,
    begin: impl FnOnce(Vec<String>) -> Result<()>,
    mut each: impl FnMut(Vec<Value>) -> Result<()>,
) -> Result<()> {
    let mut batch = Batch::new(lens.connection(), &query.statement);
    let Some(mut statement) = batch.next()? else {
        return Err(Error::refused("cannot run this", "there is no statement", "give a SELECT statement"));
    };
    if batch.next()?.is_some() {
        return Err(Error::refused("cannot run this", "there are several statements", "give one SELECT statement"));
    }
    if statement.column_count() == 0 || !statement.readonly() {
        return Err(no_query());
    }
    bind(&mut statement, &query.parameters)?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let width = columns.len();
    begin(columns)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        each((0..width).map(|at| Ok(value(row.get_ref(at)?))).collect::<rusqlite::Result<_>>()?)?;
    }
    Ok(())
}

/// Binds the parameters of a statement, which may be written as `:name`, `@name` or `$name`.
fn bind(statement: &mut Statement<'_>, given: &[(String, String)]) -> Result<()> {
    let mut used = vec![false; given.len()];
    for at in 1..=statement.parameter_count() {
        let Some(name) = statement.parameter_name(at).map(str::to_owned) else {
            let way_out = "give each parameter a name, such as :party, and its value with -p party=RUS";
            return Err(Error::refused("cannot run this statement", "a parameter has no name", way_out));
        };
        let Some(found) = given.iter().position(|(given, _)| name[1..] == *given) else {
            let why = format!("the parameter {name} has no value");
            return Err(Error::refused("cannot run this statement", why, format!("give it with -p {}=VALUE", &name[1..])));
        };
        used[found] = true;
        let text = &given[found].1;
        let number = text.parse().map(Stored::Integer).or_else(|_| text.parse().map(Stored::Real));
        statement.raw_bind_parameter(at, number.unwrap_or_else(|_| Stored::Text(text.clone())))?;
    }
    match given.iter().zip(used).find(|(_, used)| !used) {
        None => Ok(()),
        Some(((name, _), _)) => {
            let why = format!("the statement has no parameter :{name}");
            Err(Error::refused("cannot run this statement", why, "leave out this -p, or name the parameter in the statement"))
        }
    }
}

fn value(stored: ValueRef<'_>) -> Value {
    match stored {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => n.into(),
        // A number that is not finite has no form in JSON.
        ValueRef::Real(n) => n.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => bytes
            .iter()
            .fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            })
            .into(),
    }
}

fn no_query() -> Error {
    Error::refused(
        "cannot run this statement",
        "it does something else than read",
        "give a SELECT statement; 'recip log' and other commands write",
    )
}

/// The error of a user's statement, in the words of recip.
fn explain(error: Error, limit: Duration) -> Error {
    let Error::Sqlite(sqlite) = &error else { return error };
    let way_out = "'recip sql --schema' shows the views and their columns";
    if let rusqlite::Error::SqlInputError { msg, .. } = sqlite {
        return Error::refused("cannot run this statement", msg, way_out);
    }
    match sqlite.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => {
            let why = format!("it took longer than {} s", limit.as_secs());
            Error::refused("the statement was stopped", why, "give it more time with --time-limit, or read fewer rows")
        }
        Some(ErrorCode::AuthorizationForStatementDenied) => no_query(),
        Some(ErrorCode::Unknown) => {
            let message = match sqlite {
                rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
                other => other.to_string(),
            };
            Error::refused("cannot run this statement", message, way_out)
        }
        _ => error,
    }
}

/// The script that creates the lens in any client of SQLite: the selection as temporary tables, and the views over them.
///
/// # Errors
/// The lens reads an earlier state of the ledger, which only exists in memory.
pub fn script(lens: &Lens<'_>) -> Result<String> {
    if lens.known().is_some() {
        let why = "what the ledger knew at an earlier moment is computed from its history, and is not in the file";
        return Err(Error::refused("cannot write this lens as a script", why, "leave out --as-known, or print rows with 'recip sql'"));
    }
    lens.create_all_views()?;
    let mut script = String::new();
    let mut select = lens.prepare("SELECT type, name, sql FROM sqlite_temp_schema WHERE type IN ('table', 'view') ORDER BY rowid")?;
    let mut objects = select.query([])?;
    while let Some(object) = objects.next()? {
        let (sort, name, sql): (String, String, String) = (object.get(0)?, object.get(1)?, object.get(2)?);
        let _ = writeln!(script, "CREATE TEMP{};", &sql["CREATE".len()..]);
        if sort == "table" {
            insert(lens, &name, &mut script)?;
        }
    }
    Ok(script)
}

/// Writes the rows of a temporary table as a statement.
fn insert(lens: &Lens<'_>, table: &str, script: &mut String) -> Result<()> {
    let columns: Vec<String> = {
        let mut select = lens.prepare("SELECT name FROM pragma_table_info(?, 'temp')")?;
        select.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?
    };
    let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
    let mut select = lens.prepare(&format!("SELECT '(' || {} || ')' FROM temp.\"{table}\"", quoted.join(" || ', ' || ")))?;
    let rows = select.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    if !rows.is_empty() {
        let _ = writeln!(script, "INSERT INTO temp.\"{table}\" VALUES {};", rows.join(", "));
    }
    Ok(())
}

/// The tables and views of a ledger with their comments, as `schema.sql` has them.
pub fn schema() -> String {
    let shown = objects().filter(|(sort, ..)| matches!(*sort, "table" | "view"));
    shown.map(|(_, _, statement)| described(statement)).collect::<Vec<_>>().join("\n")
}

/// A view or a table with its comment, as `schema.sql` has it.
///
/// # Errors
/// No view or table has this name.
pub fn show(name: &str) -> Result<String> {
    let named = |sort: &str| matches!(sort, "table" | "view");
    let found = objects().find(|(sort, known, _)| named(sort) && known.eq_ignore_ascii_case(name));
    found.map(|(_, _, statement)| described(statement)).ok_or_else(|| Error::Unknown {
        what: "view",
        given: name.to_owned(),
        nearest: crate::model::name::nearest(name, objects().filter(|(sort, ..)| named(sort)).map(|(_, known, _)| known)),
        way_out: "'recip sql --schema' shows all views".to_owned(),
    })
}

/// A statement of `schema.sql` with the comment above it.
fn described(statement: &'static str) -> String {
    let above = SCHEMA.find(statement).map_or("", |at| &SCHEMA[..at]);
    let comment: usize = above.lines().rev().take_while(|line| line.starts_with("--")).map(|line| line.len() + 1).sum();
    format!("{}{statement};\n", &above[above.len() - comment..])
}

/// True if a statement is given as the name of a saved query, such as `@acts`, which cannot be the path of a file.
pub fn is_saved(given: &str) -> bool {
    let name = given.strip_prefix('@').unwrap_or_default();
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '))
}
