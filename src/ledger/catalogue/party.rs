//! Parties, their names and their memberships.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::model::name;

use super::{collect, refuse_taken};

/// A state or an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Party {
    /// ISO 3166 alpha-3, or an organisation's abbreviation.
    pub code: String,
    /// The everyday name.
    pub name: String,
    /// `state` or `organisation`.
    pub r#type: String,
    /// First day of existence, where the ledger knows it.
    pub since: Option<String>,
    /// Last day of existence.
    pub until: Option<String>,
    /// Its other names, joined by `|`.
    pub aliases: String,
}

/// One spell of membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Membership {
    /// The organisation's code.
    pub organisation: String,
    /// The member's code.
    pub member: String,
    /// First day.
    pub since: String,
    /// Last day; `None`: a member today.
    pub until: Option<String>,
}

impl Party {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Party> {
        Ok(Party {
            code: row.get("code")?,
            name: row.get("name")?,
            r#type: row.get("type")?,
            since: row.get("since")?,
            until: row.get("until")?,
            aliases: row.get::<_, Option<String>>("aliases")?.unwrap_or_default(),
        })
    }
}

const PARTY: &str = "SELECT p.*, (SELECT group_concat(alias, '|') FROM
    (SELECT alias FROM alias a WHERE a.party = p.code AND a.alias NOT IN (p.code, p.name) ORDER BY a.folded)) AS aliases FROM party p";

/// The party that people call `given`: by code, name or alias, whatever the case, accents and points. A code means
/// its party even where no alias says so, or one says otherwise: files name parties by their codes.
///
/// # Errors
/// Nobody is called that; those with nearly the same name are offered.
pub fn find_party(conn: &Connection, given: &str) -> Result<Party> {
    party_called(conn, given)?.map_or_else(|| Err(no_party(conn, given)?), Ok)
}

/// As [`find_party`]; `None`: nobody is called that.
pub(crate) fn party_called(conn: &Connection, given: &str) -> Result<Option<Party>> {
    Ok(conn
        .prepare_cached(&format!(
            "{PARTY} WHERE p.code = coalesce((SELECT code FROM party WHERE code = ?1), (SELECT party FROM alias WHERE folded = ?2), upper(?1))"
        ))?
        .query_row([given, &name::fold(given)], Party::from_row)
        .optional()?)
}

/// What is said where nobody is called `given`, with nearly the same names. It compares with every name there is.
pub(crate) fn no_party(conn: &Connection, given: &str) -> Result<Error> {
    let mut aliases = conn.prepare("SELECT a.alias, p.name || ' (' || p.code || ')' FROM alias a JOIN party p ON p.code = a.party")?;
    let known: Vec<(String, String)> = aliases.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    let mut nearest: Vec<String> = Vec::new();
    for near in name::nearest(given, known.iter().map(|(alias, _)| alias.as_str())) {
        for (_, label) in known.iter().filter(|(alias, _)| *alias == near) {
            if !nearest.contains(label) {
                nearest.push(label.clone());
            }
        }
    }
    Ok(Error::Unknown {
        what: "party",
        given: given.to_owned(),
        nearest,
        way_out: "'recip party list' shows the names, 'recip party add' makes a new one".to_owned(),
    })
}

/// Every party, by code.
pub fn list_parties(conn: &Connection) -> Result<Vec<Party>> {
    collect(conn, &format!("{PARTY} ORDER BY p.code"), Party::from_row)
}

/// Every membership, by organisation, member and date.
pub fn list_memberships(conn: &Connection) -> Result<Vec<Membership>> {
    collect(conn, "SELECT * FROM membership ORDER BY organisation, member, since", |r| {
        Ok(Membership { organisation: r.get("organisation")?, member: r.get("member")?, since: r.get("since")?, until: r.get("until")? })
    })
}

impl Ledger {
    /// Adds a party.
    ///
    /// # Errors
    /// There is one of that code, or something of it is not allowed.
    pub fn add_party(&mut self, party: &Party) -> Result<()> {
        self.change(|conn, _| {
            refuse_taken(conn, "SELECT EXISTS (SELECT 1 FROM party WHERE code = ?)", "party", &party.code)?;
            put_party(conn, party)
        })
    }

    /// Adds a party, or amends the one that has its code. Its aliases are added to those it has.
    ///
    /// # Errors
    /// A name is another party's already, or the code is none.
    pub fn put_party(&mut self, party: &Party) -> Result<()> {
        self.change(|conn, _| put_party(conn, party))
    }

    /// Adds a spell of membership, or amends the one that began on its first day.
    ///
    /// # Errors
    /// The dates are none.
    pub fn put_membership(&mut self, membership: &Membership) -> Result<()> {
        self.change(|conn, _| put_membership(conn, membership))
    }
}

/// See [`Ledger::put_party`].
pub(crate) fn put_party(conn: &Connection, party: &Party) -> Result<()> {
    if !(2..=16).contains(&party.code.len())
        || !party.code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        || !party.code.starts_with(|c: char| c.is_ascii_uppercase())
    {
        return Err(Error::invalid("code", &party.code, "a code is 2 to 16 capital letters and digits", "write it like USA or NATO"));
    }
    conn.prepare_cached(
        "INSERT INTO party (code, name, type, since, until) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (code) DO UPDATE SET name = excluded.name, type = excluded.type, since = excluded.since, until = excluded.until",
    )?
    .execute(params![party.code, party.name, party.r#type, party.since, party.until])?;
    for alias in [party.code.as_str(), party.name.as_str()].into_iter().chain(party.aliases.split('|').filter(|a| !a.is_empty())) {
        let folded = name::fold(alias);
        if folded.is_empty() {
            return Err(Error::invalid("alias", alias, "a name has letters or digits", "leave it out"));
        }
        let owner: Option<String> = conn
            .prepare_cached(
                "SELECT p.name || ' (' || p.code || ')' FROM alias a JOIN party p ON p.code = a.party WHERE a.folded = ? AND a.party <> ?",
            )?
            .query_row([&folded, &party.code], |r| r.get(0))
            .optional()?;
        if let Some(owner) = owner {
            return Err(Error::refused(format!("the name '{alias}' for {}", party.code), format!("it is {owner}'s"), "choose another"));
        }
        conn.prepare_cached("INSERT INTO alias (folded, alias, party) VALUES (?, ?, ?) ON CONFLICT (folded) DO NOTHING")?.execute([
            &folded,
            alias,
            &party.code,
        ])?;
    }
    Ok(())
}

/// See [`Ledger::put_membership`].
pub(crate) fn put_membership(conn: &Connection, m: &Membership) -> Result<()> {
    let organisation = find_party(conn, &m.organisation)?;
    if organisation.r#type != "organisation" {
        return Err(Error::refused(format!("a member of {}", organisation.name), "it is a state", "only an organisation has members"));
    }
    let member = find_party(conn, &m.member)?;
    conn.prepare_cached(
        "INSERT INTO membership (organisation, member, since, until) VALUES (?, ?, ?, ?)
         ON CONFLICT (organisation, member, since) DO UPDATE SET until = excluded.until",
    )?
    .execute(params![organisation.code, member.code, m.since, m.until])?;
    Ok(())
}
