//! The tables of the catalogue, such as parties and kinds, in the form in which files contain them.

use std::collections::HashMap;
use std::sync::OnceLock;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::error::{Error, Result};
use crate::ledger::catalogue::other_owner;
use crate::ledger::seed;
use crate::model::name::fold;
use crate::record::text;

use super::row::malformed;

/// A row: the text of each column; `None` for an empty one.
pub(crate) type Fact = Vec<Option<String>>;

/// The first of the columns of a party that a file may leave out, which keeps the values in the ledger: the codes in code books.
const FIRST_KEPT: usize = 5;

/// One table of the catalogue. The statements take the columns as parameters in this order.
#[derive(Debug)]
pub(crate) struct CatalogueTable {
    /// The type of a row in JSON Lines.
    pub row: &'static str,
    /// The name of the resource in a package.
    pub resource: &'static str,
    /// The columns in files.
    pub columns: &'static [&'static str],
    /// How many of the columns, from the first, form the key.
    pub keys: usize,
    /// The references to other tables: the column, the other table, and its key.
    pub refers: &'static [(usize, &'static str, &'static str)],
    select: &'static str,
    stored: &'static str,
    insert: &'static str,
    /// What the insertion does if the ledger has a row with this key.
    update: &'static str,
}

/// The table of parties.
pub(crate) const PARTY: CatalogueTable = CatalogueTable {
    row: "party",
    resource: "parties",
    columns: &["code", "name", "party_type", "since", "until", "iso2", "cow", "cow_number", "gw", "gw_number"],
    keys: 1,
    refers: &[],
    select: "SELECT code, name, type, since, until, iso2, cow, cow_number, gw, gw_number FROM party ORDER BY code",
    stored: "SELECT code, name, type, since, until, iso2, cow, cow_number, gw, gw_number FROM party WHERE code = ?1",
    insert: "INSERT INTO party (code, name, type, since, until, iso2, cow, cow_number, gw, gw_number)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    update: "ON CONFLICT (code) DO UPDATE SET (name, type, since, until, iso2, cow, cow_number, gw, gw_number) = (excluded.name,
               excluded.type, excluded.since, excluded.until, excluded.iso2, excluded.cow, excluded.cow_number, excluded.gw,
               excluded.gw_number)",
};

/// The tables of the catalogue, in an order in which rows refer only to earlier tables.
pub(crate) const TABLES: [CatalogueTable; 7] = [
    PARTY,
    CatalogueTable {
        row: "alias",
        resource: "aliases",
        columns: &["alias", "party"],
        keys: 1,
        refers: &[(1, "party", "code")],
        select: "SELECT alias, party FROM alias ORDER BY party, folded",
        stored: "SELECT alias, party FROM alias WHERE folded = ?1",
        insert: "INSERT INTO alias (alias, party, folded) VALUES (?1, ?2, ?3)",
        update: "ON CONFLICT (folded) DO UPDATE SET alias = excluded.alias, party = excluded.party",
    },
    CatalogueTable {
        row: "membership",
        resource: "memberships",
        columns: &["organisation", "member", "since", "until"],
        keys: 3,
        refers: &[(0, "party", "code"), (1, "party", "code")],
        select: "SELECT organisation, member, since, until FROM membership ORDER BY organisation, member, since",
        stored: "SELECT organisation, member, since, until FROM membership WHERE organisation = ?1 AND member = ?2 AND since = ?3",
        insert: "INSERT INTO membership (organisation, member, since, until) VALUES (?1, ?2, ?3, ?4)",
        update: "ON CONFLICT (organisation, member, since) DO UPDATE SET until = excluded.until",
    },
    CatalogueTable {
        row: "kind",
        resource: "kinds",
        columns: &["name", "unit", "sign", "cameo", "description"],
        keys: 1,
        refers: &[],
        select: "SELECT name, unit, sign, cameo, description FROM kind ORDER BY name",
        stored: "SELECT name, unit, sign, cameo, description FROM kind WHERE name = ?1",
        insert: "INSERT INTO kind (name, unit, sign, cameo, description) VALUES (?1, ?2, ?3, ?4, ?5)",
        update: "ON CONFLICT (name) DO UPDATE SET unit = excluded.unit, sign = excluded.sign, cameo = excluded.cameo, description = excluded.description",
    },
    CatalogueTable {
        row: "scale",
        resource: "scales",
        columns: &["name", "title", "source"],
        keys: 1,
        refers: &[],
        select: "SELECT name, title, source FROM scale ORDER BY name",
        stored: "SELECT name, title, source FROM scale WHERE name = ?1",
        insert: "INSERT INTO scale (name, title, source) VALUES (?1, ?2, ?3)",
        update: "ON CONFLICT (name) DO UPDATE SET title = excluded.title, source = excluded.source",
    },
    CatalogueTable {
        row: "weight",
        resource: "weights",
        columns: &["scale", "kind", "stage", "weight", "per"],
        keys: 3,
        refers: &[(0, "scale", "name"), (1, "kind", "name")],
        select: "SELECT scale, kind, stage, weight, per FROM weight ORDER BY scale, kind, stage",
        stored: "SELECT scale, kind, stage, weight, per FROM weight WHERE scale = ?1 AND kind = ?2 AND stage = ?3",
        insert: "INSERT INTO weight (scale, kind, stage, weight, per) VALUES (?1, ?2, ?3, CAST(?4 AS REAL), ?5)",
        update: "ON CONFLICT (scale, kind, stage) DO UPDATE SET weight = excluded.weight, per = excluded.per",
    },
    CatalogueTable {
        row: "dispute",
        resource: "disputes",
        columns: &["slug", "title"],
        keys: 1,
        refers: &[],
        select: "SELECT slug, title FROM dispute ORDER BY slug",
        stored: "SELECT slug, title FROM dispute WHERE slug = ?1",
        insert: "INSERT INTO dispute (slug, title) VALUES (?1, ?2)",
        update: "ON CONFLICT (slug) DO UPDATE SET title = excluded.title",
    },
];

impl CatalogueTable {
    /// Reads all rows of a ledger, ordered by their key.
    pub fn rows(&self, conn: &Connection) -> Result<Vec<Fact>> {
        let mut select = conn.prepare(self.select)?;
        let rows = select.query_map([], |r| self.read(r))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What is wrong with the form of a row that a file contains: the column and the message.
    pub fn flaw(&self, fact: &Fact) -> Option<(&'static str, String)> {
        malformed(self.columns.iter().zip(fact).map(|(column, text)| (*column, text.as_deref())))
    }

    fn read(&self, row: &rusqlite::Row<'_>) -> rusqlite::Result<Fact> {
        (0..self.columns.len())
            .map(|column| {
                Ok(match row.get_ref(column)? {
                    ValueRef::Null => None,
                    // The shortest text that is read as the same number.
                    ValueRef::Real(weight) => Some(format!("{weight:?}")),
                    other => Some(text(other)?.into_owned()),
                })
            })
            .collect()
    }

    /// The statement that adds a row, or changes the one with its key.
    pub fn put(&self) -> String {
        format!("{} {}", self.insert, self.update)
    }

    /// Adds a row, or changes the one with its key.
    pub fn store(&self, conn: &Connection, fact: &Fact) -> rusqlite::Result<()> {
        self.write(conn, &self.put(), fact)
    }

    /// Adds a row with a new key.
    pub fn add(&self, conn: &Connection, fact: &Fact) -> rusqlite::Result<()> {
        self.write(conn, self.insert, fact)
    }

    fn write(&self, conn: &Connection, statement: &str, fact: &Fact) -> rusqlite::Result<()> {
        let folded: Fact = if self.row == "alias" { self.key(fact).into_iter().map(Some).collect() } else { Vec::new() };
        conn.prepare_cached(statement)?.execute(params_from_iter(fact.iter().chain(&folded)))?;
        Ok(())
    }

    /// The key of a row, in the form in which it is looked up.
    fn key(&self, fact: &Fact) -> Vec<String> {
        let text = |column: &Option<String>| column.clone().unwrap_or_default();
        let key = fact.iter().take(self.keys).map(text);
        if self.row == "alias" { key.map(|alias| fold(&alias)).collect() } else { key.collect() }
    }
}

/// The row of a party; where the file gives no code, the ledger's code is kept.
fn kept(fact: &Fact, stored: &Fact) -> Fact {
    let (given, codes) = fact.split_at(FIRST_KEPT);
    given.iter().cloned().chain(codes.iter().zip(&stored[FIRST_KEPT..]).map(|(given, stored)| given.clone().or(stored.clone()))).collect()
}

/// The rows of a new ledger, by table and key.
type BuiltIn = HashMap<(&'static str, Vec<String>), Fact>;

/// They are the same for every ledger.
static BUILT_IN: OnceLock<BuiltIn> = OnceLock::new();

fn built_in() -> Result<&'static BuiltIn> {
    if let Some(rows) = BUILT_IN.get() {
        return Ok(rows);
    }
    let rows = seed::rows()?.into_iter().map(|(table, fact)| ((table.row, table.key(&fact)), fact)).collect();
    Ok(BUILT_IN.get_or_init(|| rows))
}

impl CatalogueTable {
    /// True if a new ledger has exactly this row. A file may replace such a row if the ledger still has it unchanged.
    pub fn has_built_in(&self, fact: &Fact) -> Result<bool> {
        Ok(built_in()?.get(&(self.row, self.key(fact))) == Some(fact))
    }

    /// Loads a row of a file. Returns true if the ledger was changed, or the problem if the row cannot be loaded.
    pub fn load(&self, conn: &Connection, fact: &Fact) -> Result<Result<bool, String>> {
        let key = self.key(fact);
        if key.iter().any(String::is_empty) {
            return Ok(Err(format!("{} is empty; help: fill it in, or leave the row out", self.columns[..self.keys].join(" or "))));
        }
        let stored = conn.prepare_cached(self.stored)?.query_row(params_from_iter(&key), |r| self.read(r)).optional()?;
        let fact = &match &stored {
            Some(stored) if self.row == "party" => kept(fact, stored),
            _ => fact.clone(),
        };
        let name = fact[..self.keys].iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
        let claimant = fact[1].as_deref().unwrap_or_default();
        match stored {
            Some(stored) if stored == *fact => return Ok(Ok(false)),
            _ if self.row == "alias"
                && let Some(owner) = other_owner(conn, &name, claimant)? =>
            {
                return Ok(Err(format!(
                    "the name '{name}' already belongs to {owner} and cannot be given to {claimant}; help: choose another name, or leave the row out"
                )));
            }
            Some(stored) if !self.has_built_in(&stored)? => {
                let text = |f: &Fact| f.iter().map(|c| c.as_deref().unwrap_or_default()).collect::<Vec<_>>().join(",");
                let why =
                    format!("the {} {name} differs from that in the ledger: '{}' there, '{}' here", self.row, text(&stored), text(fact));
                return Ok(Err(format!("{why}; help: make the two agree, or leave the row out")));
            }
            _ => (),
        }
        for (column, other, other_key) in self.refers {
            let exists = format!("SELECT EXISTS (SELECT 1 FROM {other} WHERE {other_key} = ?)");
            if !conn.prepare_cached(&exists)?.query_row([&fact[*column]], |r| r.get(0))? {
                let given = fact[*column].as_deref().unwrap_or_default();
                return Ok(Err(format!(
                    "{}: there is no {other} '{given}'; help: add it to the file, before this row",
                    self.columns[*column]
                )));
            }
        }
        match self.store(conn, fact) {
            Ok(()) => Ok(Ok(true)),
            Err(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => {
                Ok(Err(format!("{} {name}: {}", self.row, Error::Sqlite(e))))
            }
            Err(e) => Err(e.into()),
        }
    }
}
