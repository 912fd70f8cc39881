//! Protection against untrusted files: the settings of every connection, and the objects that a ledger's schema may contain.
//!
//! A trigger, a view or an index is code that SQLite runs when the file is used. A file is therefore opened only if the text of each
//! of them equals that in `schema.sql`. SQLite stores every statement as it was written, and comparing a hundred texts takes a fraction
//! of the time that reading the schema takes.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;

use crate::error::{Error, Result};
use crate::ledger::SCHEMA;
use crate::model::MAX_LENGTH;

/// How an object of a file's schema differs from `schema.sql`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Difference {
    /// It is code that is not recip's: a trigger, a view, an index or a virtual table.
    Foreign,
    /// It is an extra table. A plain table runs no code.
    ExtraTable,
    /// It has the name of an object of recip's, but another definition.
    Altered,
    /// It is missing.
    Missing,
}

/// An object of the schema that differs from `schema.sql`.
#[derive(Debug, Clone)]
pub(super) struct Object {
    /// `table`, `virtual table`, `view`, `trigger` or `index`.
    pub sort: String,
    pub name: String,
    pub difference: Difference,
}

/// Runs something without the triggers: what they would refuse, or record in the history, or what they would only slow down.
pub(super) fn without_triggers<T>(conn: &Connection, run: impl FnOnce() -> Result<T>) -> Result<T> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    let done = run();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true)?;
    done
}

/// Prepares a connection for untrusted files. Extensions need no setting: they are off by default.
pub(super) fn shield(conn: &Connection) -> Result<()> {
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
    ] {
        conn.set_db_config(setting, on)?;
    }
    for (limit, max) in [
        (Limit::SQLITE_LIMIT_LENGTH, MAX_LENGTH),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 1_000_000),
        (Limit::SQLITE_LIMIT_COLUMN, 200),
        // This also limits the cursors of a statement: the timeline with suggested answers and candidates has more than 600.
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 1_000),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 50),
        (Limit::SQLITE_LIMIT_FUNCTION_ARG, 50),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 50),
    ] {
        conn.set_limit(limit, max)?;
    }
    conn.pragma_update(None, "cell_size_check", true)?;
    Ok(())
}

/// Refuses a file whose schema contains code that is not recip's.
pub(super) fn refuse_foreign(conn: &Connection, path: &Path) -> Result<()> {
    let Some(object) = differences(conn)?.into_iter().find(|o| o.difference != Difference::ExtraTable) else {
        return Ok(());
    };
    Err(Error::File {
        file: path.display().to_string(),
        why: match object.difference {
            Difference::Missing => format!("{}, so the ledger's rules may not hold", object.describe()),
            _ => format!("{}; recip does not run code that others may have added", object.describe()),
        },
        way_out: format!(
            "'recip -f {0} check' lists all differences; to write its rows to a new ledger: recip -f {0} check --repair NEW_FILE",
            path.display()
        ),
    })
}

impl Object {
    /// True for a table of either kind.
    pub(super) fn is_table(&self) -> bool {
        self.sort.ends_with("table")
    }

    /// True for an index of recip's that is missing: the rows can be read without it.
    pub(super) fn is_missing_index(&self) -> bool {
        self.sort == "index" && self.difference == Difference::Missing
    }

    /// The difference in words.
    pub(super) fn describe(&self) -> String {
        let Object { sort, name, difference } = self;
        match difference {
            Difference::Foreign => format!("the {sort} '{name}' is not part of recip's schema"),
            Difference::ExtraTable => format!("the table '{name}' is not part of recip's schema"),
            Difference::Altered => format!("the {sort} '{name}' differs from recip's schema"),
            Difference::Missing => format!("the {sort} '{name}' is missing"),
        }
    }
}

/// Every object in which the file's schema differs from `schema.sql`.
pub(super) fn differences(conn: &Connection) -> Result<Vec<Object>> {
    let mut ours: BTreeMap<&str, (&str, &str)> = objects().map(|(sort, name, sql)| (name, (sort, sql))).collect();
    let mut found = Vec::new();
    let mut schema = conn.prepare("SELECT type, name, sql FROM main.sqlite_schema")?;
    let mut rows = schema.query([])?;
    while let Some(row) = rows.next()? {
        let (sort, name, sql): (String, String, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let is_virtual = sql.as_deref().is_some_and(|sql| sql.to_ascii_uppercase().starts_with("CREATE VIRTUAL TABLE"));
        let difference = match (ours.remove(name.as_str()), sql) {
            (Some((as_sort, as_made)), Some(sql)) if sort == as_sort && as_made == sql => continue,
            (Some(_), _) => Difference::Altered,
            // The index that SQLite creates for a UNIQUE or PRIMARY KEY constraint.
            (None, None) if sort == "index" && name.starts_with("sqlite_autoindex_") => continue,
            (None, Some(sql)) if sort == "table" && name.starts_with("sqlite_") && sql.starts_with("CREATE TABLE sqlite_") => continue,
            (None, Some(sql)) if sort == "table" && sql.starts_with("CREATE TABLE ") => Difference::ExtraTable,
            (None, _) => Difference::Foreign,
        };
        let sort = if is_virtual { "virtual table".to_owned() } else { sort };
        found.push(Object { sort, name, difference });
    }
    found.extend(ours.into_iter().map(|(name, (sort, _))| Object {
        sort: sort.to_owned(),
        name: name.to_owned(),
        difference: Difference::Missing,
    }));
    Ok(found)
}

/// The objects of `schema.sql`: the type and name of each, and its statement as SQLite stores it.
pub(crate) fn objects() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    objects_in(SCHEMA)
}

/// The same for any text that is written like `schema.sql`.
pub(crate) fn objects_in(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    text.match_indices("\nCREATE ").filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let mut words = rest.split_whitespace().skip(1).filter(|w| *w != "UNIQUE");
        let (sort, end) = match words.next()? {
            "TABLE" => ("table", ";\n"),
            "VIEW" => ("view", ";\n"),
            "TRIGGER" => ("trigger", "\nEND;\n"),
            _ => ("index", ";\n"),
        };
        // SQLite stores a statement without its semicolon.
        let statement = &rest[..rest.find(end)? + end.len() - 2];
        Some((sort, words.next()?, statement))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ledger;

    #[test]
    fn a_new_ledger_is_as_the_schema_lays_it_out() {
        let ledger = Ledger::in_memory().unwrap();
        let differences = differences(ledger.connection()).unwrap();
        assert!(differences.is_empty(), "{differences:?}");
        assert!(objects().count() > 40);
    }

    #[test]
    fn what_is_not_of_a_ledger_is_named() {
        let ledger = Ledger::in_memory().unwrap();
        ledger
            .connection()
            .execute_batch(
                "CREATE TABLE notes (note UNIQUE); CREATE INDEX mine ON action (place); CREATE TRIGGER extra AFTER INSERT ON link BEGIN SELECT 1; END;
                 DROP VIEW unanswered; CREATE VIEW unanswered AS SELECT 1; DROP TRIGGER link_cut; ANALYZE;",
            )
            .unwrap();
        let mut found: Vec<String> = differences(ledger.connection()).unwrap().iter().map(Object::describe).collect();
        found.sort();
        assert_eq!(
            found,
            [
                "the index 'mine' is not part of recip's schema",
                "the table 'notes' is not part of recip's schema",
                "the trigger 'extra' is not part of recip's schema",
                "the trigger 'link_cut' is missing",
                "the view 'unanswered' differs from recip's schema",
            ]
        );
    }
}
