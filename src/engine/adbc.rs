//! An engine that is reached through an ADBC driver, as a connection profile of the user says.

use std::collections::HashSet;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use adbc_core::error::{Error as AdbcError, Status};
use adbc_core::options::{AdbcVersion, InfoCode, OptionDatabase, OptionValue};
use adbc_core::{Connection, Database, Driver, LOAD_FLAG_DEFAULT, Statement};
use adbc_driver_manager::profile::{
    ConnectionProfile, ConnectionProfileProvider, FilesystemProfile, FilesystemProfileProvider, process_profile_value,
};
use adbc_driver_manager::{ManagedConnection, ManagedDriver, ManagedStatement};
use arrow_array::cast::AsArray;
use arrow_array::{Array, UnionArray};

use super::batch::BatchRow;
use crate::error::{Error, Result};
use crate::ledger::Stop;
use crate::record::Cells;
use crate::report::portable::Dialect;

/// What a profile may begin with, as in the addresses of ADBC.
const PREFIX: &str = "profile://";

/// An engine over a lake.
pub struct Engine {
    name: String,
    dialect: Dialect,
    connection: ManagedConnection,
    stop: Arc<Stop>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("name", &self.name).field("dialect", &self.dialect).finish_non_exhaustive()
    }
}

impl Engine {
    /// Connects to the engine of a profile, which is named or is the path of a file. Its SQL is that of the engine that answers, unless
    /// `dialect` names another. `stop` interrupts its statements.
    ///
    /// # Errors
    /// There is no such profile, its driver cannot be loaded, the engine cannot be reached, or its SQL is not known.
    pub fn connect(profile: &str, dialect: Option<Dialect>, stop: Arc<Stop>) -> Result<Engine> {
        let read = read_profile(profile)?;
        let driver_name = read.get_driver_name().map_err(|e| not_a_profile(profile, &e))?.0.to_owned();
        let mut driver = load(profile, &driver_name)?;
        let unreachable = |e: AdbcError| Error::Engine {
            engine: profile.to_owned(),
            why: format!("the driver '{driver_name}' cannot connect: {}", message(&e)),
            way_out: "correct the options of the profile, or start the engine".to_owned(),
        };
        let options = options(&read).map_err(|e| not_a_profile(profile, &e))?;
        let database = driver.new_database_with_opts(options).map_err(unreachable)?;
        let connection = database.new_connection().map_err(unreachable)?;
        let vendor = vendor(&connection);
        let known = [vendor.as_deref(), Some(driver_name.as_str())].into_iter().flatten().find_map(dialect_of);
        let name = known.map_or_else(|| vendor.unwrap_or(driver_name), |known| known.engine().to_owned());
        let Some(dialect) = dialect.or(known) else {
            let why = format!("recip does not know the SQL of '{name}'");
            let way_out = format!("name the SQL that it understands: --dialect {}", Dialect::WORDS.join("|"));
            return Err(Error::Engine { engine: profile.to_owned(), why, way_out });
        };
        Ok(Engine { name, dialect, connection, stop })
    }

    /// Its name, for messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its SQL.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Executes a statement and passes the cells of each of its rows to `each`, as the engine returns them.
    pub(crate) fn query(&self, statement: &str, each: &mut dyn FnMut(&dyn Cells) -> Result<()>) -> Result<()> {
        let mut prepared = self.prepare(statement)?;
        let cancel = prepared.get_cancel_handle();
        // A driver that cannot cancel lets the statement end.
        self.stop.interrupts(Box::new(move || drop(cancel.try_cancel())));
        let done = self.read(&mut prepared, each);
        self.stop.unwatch();
        if self.stop.is_made() { Err(Error::Interrupted) } else { done }
    }

    fn prepare(&self, statement: &str) -> Result<ManagedStatement> {
        let mut prepared = self.connection.clone().new_statement().map_err(|e| self.refused(&message(&e)))?;
        prepared.set_sql_query(statement.trim_end().trim_end_matches(';')).map_err(|e| self.refused(&message(&e)))?;
        Ok(prepared)
    }

    fn read(&self, prepared: &mut ManagedStatement, each: &mut dyn FnMut(&dyn Cells) -> Result<()>) -> Result<()> {
        for batch in prepared.execute().map_err(|e| self.refused(&message(&e)))? {
            let batch = batch.map_err(|e| self.refused(first_line(&e.to_string())))?;
            for at in 0..batch.num_rows() {
                if self.stop.is_made() {
                    return Err(Error::Interrupted);
                }
                each(&BatchRow { batch: &batch, at }).map_err(|e| self.explained(e))?;
            }
        }
        Ok(())
    }

    /// The error for a value that does not have the type of its field. Other errors stay as they are.
    fn explained(&self, e: Error) -> Error {
        let why = match e {
            Error::Sqlite(rusqlite::Error::FromSqlConversionFailure(_, _, why)) => why.to_string(),
            Error::Sqlite(e @ rusqlite::Error::InvalidColumnIndex(_)) => e.to_string(),
            other => return other,
        };
        self.refused(&format!("it returned a value that is not what the report needs: {why}"))
    }

    fn refused(&self, why: &str) -> Error {
        Error::Engine {
            engine: self.name.clone(),
            why: why.to_owned(),
            way_out: "the tables must be those of 'recip export parquet', and --dialect the SQL of this engine; --print-sql prints the statement of a report".to_owned(),
        }
    }
}

/// Finds and reads a profile.
fn read_profile(profile: &str) -> Result<FilesystemProfile> {
    let name = profile.strip_prefix(PREFIX).unwrap_or(profile);
    // The driver manager would prefer that file, which in a folder of others could name any library.
    if !name.contains(['/', '\\', '.']) && Path::new(name).is_file() {
        let why = "a file of this name is in this folder";
        let way_out = format!("to use that file, write ./{name}; for your profile, run the command in another folder");
        return Err(Error::refused(format!("cannot look for the profile '{profile}'"), why, way_out));
    }
    FilesystemProfileProvider::default().get_profile(name).map_err(|e| match e.status {
        Status::NotFound => Error::Unknown {
            what: "profile",
            given: profile.to_owned(),
            nearest: Vec::new(),
            way_out: format!(
                "write {name}.toml in the folder of your ADBC profiles (on Linux ~/.config/adbc/profiles) or in ADBC_PROFILE_PATH, or give the path of such a file; docs/scale.md shows one"
            ),
        },
        _ => not_a_profile(profile, &e),
    })
}

fn not_a_profile(profile: &str, e: &AdbcError) -> Error {
    let why = format!("this is not an ADBC profile: {}", message(e));
    Error::File { file: profile.to_owned(), why, way_out: "docs/scale.md shows a profile; correct the file".to_owned() }
}

/// The options of a profile, with the values of the environment variables that it names.
fn options(profile: &FilesystemProfile) -> Result<Vec<(OptionDatabase, OptionValue)>, AdbcError> {
    let with_variables = |(key, value)| match value {
        OptionValue::String(text) => Ok((key, process_profile_value(&text)?)),
        other => Ok((key, other)),
    };
    profile.get_options()?.into_iter().map(with_variables).collect()
}

/// Loads a driver. One that knows only the first version of ADBC cannot cancel statements.
fn load(profile: &str, driver: &str) -> Result<ManagedDriver> {
    let load = |version| ManagedDriver::load_from_name(driver, None, version, LOAD_FLAG_DEFAULT, None);
    load(AdbcVersion::V110).or_else(|_| load(AdbcVersion::V100)).map_err(|e| Error::Engine {
        engine: profile.to_owned(),
        why: format!("the driver '{driver}' cannot be loaded: {}", message(&e)),
        way_out: match driver.contains(['/', '\\', '.']) {
            true => "name a driver that is installed, or the path of its library or of its manifest, in the profile".to_owned(),
            false => format!("install it ('dbc install {driver}', or as its maker says), or name the path of its library in the profile"),
        },
    })
}

/// What a driver says, without the lines that show a place in the statement.
fn message(e: &AdbcError) -> String {
    first_line(&e.message).to_owned()
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The name by which the engine calls itself, if its driver says it.
fn vendor(connection: &ManagedConnection) -> Option<String> {
    let infos = connection.get_info(Some(HashSet::from([InfoCode::VendorName]))).ok()?;
    let batch = infos.into_iter().next()?.ok()?;
    let values: &UnionArray = batch.column_by_name("info_value")?.as_any().downcast_ref()?;
    let name = (!values.is_empty()).then(|| values.value(0))?;
    name.as_string_opt::<i32>().map(|name| name.value(0).to_owned())
}

/// The SQL of an engine or a driver with this name.
fn dialect_of(name: &str) -> Option<Dialect> {
    let name = name.to_lowercase();
    let known = [
        ("duckdb", Dialect::Duckdb),
        ("spark", Dialect::Spark),
        ("databricks", Dialect::Spark),
        ("clickhouse", Dialect::Clickhouse),
        ("chdb", Dialect::Clickhouse),
        ("trino", Dialect::Trino),
    ];
    known.into_iter().find(|(word, _)| name.contains(word)).map(|(_, dialect)| dialect)
}
