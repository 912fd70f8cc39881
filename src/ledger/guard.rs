//! A stranger's file is data: the settings every connection runs with, and what a ledger's schema may hold.
//!
//! A trigger, a view or an index is code that SQLite runs for whoever opens the file. So a file is opened only if
//! each of them is, to the letter, the one of `schema.sql`. SQLite keeps the text of every statement as it was
//! written, and comparing a hundred texts costs a fraction of what reading the schema does.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;

use crate::error::{Error, Result};
use crate::ledger::SCHEMA;

/// The longest text, and the longest row, in bytes. A summary is a line, a quote some paragraphs.
pub const LONGEST: i32 = 10_000_000;

/// Where an object of a file's schema parts from what this release lays out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parting {
    /// It is code that is not recip's: a trigger, a view, an index, a virtual table.
    Foreign,
    /// A plain table that is not recip's. It does nothing by itself.
    Guest,
    /// It has a name of recip's and is something else.
    Altered,
    /// It is not there.
    Missing,
}

/// An object of the schema that is not as this release lays it out.
#[derive(Debug, Clone)]
pub(super) struct Object {
    /// `table`, `view`, `trigger` or `index`.
    pub sort: String,
    pub name: String,
    pub parting: Parting,
}

/// Sets a connection up to read what anybody may have written. Extensions need no word: they are off unless enabled.
pub(super) fn shield(conn: &Connection) -> Result<()> {
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
    ] {
        conn.set_db_config(setting, on)?;
    }
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, LONGEST),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 1_000_000),
        (Limit::SQLITE_LIMIT_COLUMN, 200),
        // It is the most cursors of a statement too, and the reports of candidates have some two hundred.
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 500),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 50),
        (Limit::SQLITE_LIMIT_FUNCTION_ARG, 50),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 50),
    ] {
        conn.set_limit(limit, most)?;
    }
    conn.pragma_update(None, "cell_size_check", true)?;
    Ok(())
}

/// Refuses a file that holds code other than recip's.
pub(super) fn refuse_foreign(conn: &Connection, path: &Path) -> Result<()> {
    let Some(object) = partings(conn)?.into_iter().find(|o| o.parting != Parting::Guest) else {
        return Ok(());
    };
    Err(Error::File {
        file: path.display().to_string(),
        why: match object.parting {
            Parting::Missing => format!("{}, and without it the ledger's rules may not hold", object.said()),
            _ => format!("{}; recip runs nothing that a stranger may have put there", object.said()),
        },
        way_out: format!(
            "'recip -f {0} check' names all that differs; if you trust the file, 'sqlite3 {0}' can mend it or take the rows out",
            path.display()
        ),
    })
}

impl Object {
    /// What is wrong with it, in words.
    pub(super) fn said(&self) -> String {
        let Object { sort, name, parting } = self;
        match parting {
            Parting::Foreign => format!("the {sort} '{name}' is not of a ledger"),
            Parting::Guest => format!("the table '{name}' is not of a ledger"),
            Parting::Altered => format!("the {sort} '{name}' is not as recip made it"),
            Parting::Missing => format!("the {sort} '{name}' is missing"),
        }
    }
}

/// Every object in which the file's schema parts from `schema.sql`.
pub(super) fn partings(conn: &Connection) -> Result<Vec<Object>> {
    let mut ours: BTreeMap<&str, (&str, &str)> = objects().map(|(sort, name, sql)| (name, (sort, sql))).collect();
    let mut found = Vec::new();
    let mut schema = conn.prepare("SELECT type, name, sql FROM main.sqlite_schema")?;
    let mut rows = schema.query([])?;
    while let Some(row) = rows.next()? {
        let (sort, name, sql): (String, String, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let parting = match (ours.remove(name.as_str()), sql) {
            (Some((as_sort, as_made)), Some(sql)) if sort == as_sort && as_made == sql => continue,
            (Some(_), _) => Parting::Altered,
            // The index that a UNIQUE or PRIMARY KEY brings along.
            (None, None) if sort == "index" && name.starts_with("sqlite_autoindex_") => continue,
            (None, Some(sql)) if sort == "table" && name.starts_with("sqlite_") && sql.starts_with("CREATE TABLE sqlite_") => continue,
            (None, Some(sql)) if sort == "table" && sql.starts_with("CREATE TABLE ") => Parting::Guest,
            (None, _) => Parting::Foreign,
        };
        found.push(Object { sort, name, parting });
    }
    found.extend(ours.into_iter().map(|(name, (sort, _))| Object {
        sort: sort.to_owned(),
        name: name.to_owned(),
        parting: Parting::Missing,
    }));
    Ok(found)
}

/// The objects of `schema.sql`: what sort, its name, and its statement as SQLite keeps it.
pub(crate) fn objects() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    SCHEMA.match_indices("\nCREATE ").filter_map(|(at, _)| {
        let rest = &SCHEMA[at + 1..];
        let mut words = rest.split_whitespace().skip(1).filter(|w| *w != "UNIQUE");
        let (sort, end) = match words.next()? {
            "TABLE" => ("table", ";\n"),
            "VIEW" => ("view", ";\n"),
            "TRIGGER" => ("trigger", "\nEND;\n"),
            _ => ("index", ";\n"),
        };
        // SQLite keeps a statement without its semicolon.
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
        let partings = partings(ledger.connection()).unwrap();
        assert!(partings.is_empty(), "{partings:?}");
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
        let mut said: Vec<String> = partings(ledger.connection()).unwrap().iter().map(Object::said).collect();
        said.sort();
        assert_eq!(
            said,
            [
                "the index 'mine' is not of a ledger",
                "the table 'notes' is not of a ledger",
                "the trigger 'extra' is not of a ledger",
                "the trigger 'link_cut' is missing",
                "the view 'unanswered' is not as recip made it",
            ]
        );
    }
}
