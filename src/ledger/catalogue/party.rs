//! Parties, with their names and memberships.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::ledger::load::catalogue_table::PARTY;
use crate::model::{CodeBook, Date, name};
use crate::record::{ReadColumn, record, select};

use super::{collect, find_kind, foreign_name, refuse_existing};

/// Parts of states that are named as if they acted themselves, by the folded form of their names, each with the code of its state.
const PARTS: [(&str, &str); 13] = [
    ("scotland", "GBR"),
    ("wales", "GBR"),
    ("northernireland", "GBR"),
    ("catalonia", "ESP"),
    ("bavaria", "DEU"),
    ("flanders", "BEL"),
    ("quebec", "CAN"),
    ("california", "USA"),
    ("texas", "USA"),
    ("dubai", "ARE"),
    ("sharjah", "ARE"),
    ("chechnya", "RUS"),
    ("tatarstan", "RUS"),
];

record! {
    /// A state or an organisation.
    #[derive(Eq)]
    pub struct Party {
        /// The ISO 3166 alpha-3 code, or an organisation's abbreviation.
        code: String,
        /// The common name.
        name: String,
        /// `state` or `organisation`.
        r#type as "type": String,
        /// The first day of its existence, if known.
        since: Option<String>,
        /// The last day of its existence; `None` if it still exists.
        until: Option<String>,
        /// Its ISO 3166 alpha-2 code; several codes are separated by a space, as in the other code books.
        iso2: Option<String>,
        /// Its codes in the Correlates of War, in letters.
        cow: Option<String>,
        /// The same codes as numbers.
        cow_number: Option<String>,
        /// Its codes in the list of Gleditsch and Ward, in letters.
        gw: Option<String>,
        /// The same codes as numbers.
        gw_number: Option<String>,
        /// Its other names, joined by `|`.
        aliases: String,
    }
}

impl Party {
    /// True for an organisation, which can have members.
    pub fn is_organisation(&self) -> bool {
        self.r#type == "organisation"
    }
}

record! {
    /// One period of membership.
    #[derive(Eq)]
    pub struct Membership {
        /// The organisation's code.
        organisation: String,
        /// The member's code.
        member: String,
        /// The first day of the period.
        since: String,
        /// The last day of the period; `None` if it has not ended.
        until: Option<String>,
    }
}

impl Party {
    /// Its codes in a code book.
    pub fn codes_of(&self, book: CodeBook) -> impl Iterator<Item = &str> {
        let own = (self.r#type == "state").then_some(self.code.as_str());
        let columns = match book {
            CodeBook::Iso2 => [self.iso2.as_deref(), None],
            CodeBook::Iso3 => [own, None],
            CodeBook::Cow => [self.cow.as_deref(), self.cow_number.as_deref()],
            CodeBook::Gw => [self.gw.as_deref(), self.gw_number.as_deref()],
        };
        columns.into_iter().flatten().flat_map(str::split_whitespace)
    }

    /// Adds a code in a code book.
    ///
    /// # Errors
    /// The code has another form, or the book is that of the party's own code.
    pub fn add_code(&mut self, book: CodeBook, code: &str) -> Result<()> {
        let code = code.to_uppercase();
        let is = |of: fn(&u8) -> bool| !code.is_empty() && code.as_bytes().iter().all(of);
        let column = match (book, is(u8::is_ascii_uppercase), is(u8::is_ascii_digit)) {
            (CodeBook::Iso2, true, _) => &mut self.iso2,
            (CodeBook::Cow, true, _) => &mut self.cow,
            (CodeBook::Cow, _, true) => &mut self.cow_number,
            (CodeBook::Gw, true, _) => &mut self.gw,
            (CodeBook::Gw, _, true) => &mut self.gw_number,
            (CodeBook::Iso3, ..) => {
                let why = "the alpha-3 code of a state is its code in the ledger";
                return Err(Error::invalid("code", &code, why, "give a code of iso2, cow or gw"));
            }
            _ => {
                let why = "a code consists of letters or, in cow and gw, of digits";
                return Err(Error::invalid("code", &code, why, "write it like cow:GFR or cow:260"));
            }
        };
        let known = column.get_or_insert_default();
        if !known.split(' ').any(|known| known == code) {
            *known = format!("{known} {code}").trim_start().to_owned();
        }
        Ok(())
    }
}

const FROM_PARTY: &str = "FROM (SELECT *, coalesce((SELECT group_concat(alias, '|') FROM
    (SELECT alias FROM alias a WHERE a.party = p.code AND a.alias NOT IN (p.code, p.name) ORDER BY a.folded)), '') AS aliases FROM party p)";

/// Finds a party by its code, name or alias, ignoring case, accents and punctuation. A code always means the party that has it, even if it
/// is also an alias of another, because files name parties by their codes. A name that the ledger does not know may be that of a party in
/// another language: "España", "Россия", "中国".
///
/// # Errors
/// There is no such party (the error suggests similar names), or two parties have this name in other languages.
pub fn find_party(conn: &Connection, given: &str) -> Result<Party> {
    party_called(conn, given)?.map_or_else(|| Err(no_party(conn, given)?), Ok)
}

/// Like [`find_party`]; `None` if there is no such party. A name may be written as in an index ("Korea, Rep.").
pub(crate) fn party_called(conn: &Connection, given: &str) -> Result<Option<Party>> {
    if let Some(party) = party_known_as(conn, given)? {
        return Ok(Some(party));
    }
    let mut found: Option<Party> = None;
    for form in name::other_forms(given) {
        match (party_known_as(conn, &form)?, &found) {
            (Some(party), Some(other)) if party.code != other.code => return Ok(None),
            (party, _) => found = party.or(found),
        }
    }
    match (found, foreign_name::codes_called(given)) {
        (None, [code]) => party_known_as(conn, code),
        (found, _) => Ok(found),
    }
}

fn party_known_as(conn: &Connection, given: &str) -> Result<Option<Party>> {
    Ok(conn
        .prepare_cached(&select::<Party>(&format!(
            "{FROM_PARTY} WHERE code = coalesce((SELECT code FROM party WHERE code = ?1), (SELECT party FROM alias WHERE folded = ?2), upper(?1))"
        )))?
        .query_row([given, &name::fold(given)], Party::from_row)
        .optional()?)
}

/// The error for a name that means no party, or two. It compares `given` with all names and suggests similar ones, first of all the
/// ledger's own.
pub(crate) fn no_party(conn: &Connection, given: &str) -> Result<Error> {
    if let [code, _, ..] = foreign_name::codes_called(given) {
        let parties: Vec<_> = labels(conn, foreign_name::codes_called(given))?.iter().map(|p| name::with_article(p).into_owned()).collect();
        let why = format!("this name can mean {}", parties.join(" or "));
        return Ok(Error::invalid("party", given, why, format!("give the code, such as {code}")));
    }
    let mut aliases = conn.prepare("SELECT alias, party FROM alias")?;
    let known: Vec<(String, String)> = aliases.query_map([], |r| Ok((r.read(0)?, r.read(1)?)))?.collect::<rusqlite::Result<_>>()?;
    let folded = name::fold(given);
    let part_of = PARTS.iter().filter(|(part, _)| *part == folded).map(|(_, code)| (*code).to_owned());
    let mut codes: Vec<String> = part_of.collect();
    if codes.is_empty() {
        codes = nearest(given, &known.iter().map(|(alias, party)| (alias.as_str(), party.as_str())).collect::<Vec<_>>());
    }
    if codes.is_empty() && name::is_alphabetic(given) {
        codes = nearest(given, &foreign_name::with_initial_of(given).iter().map(|(code, name)| (*name, *code)).collect::<Vec<_>>());
    }
    codes.truncate(name::MAX_NEAREST);
    let nearest = labels(conn, &codes)?;
    let way_out = match find_kind(conn, given) {
        Ok(kind) => {
            format!("'{}' is a kind of act; recip log takes first the two parties and then the kind: ACTOR TARGET KIND COUNT", kind.name)
        }
        Err(_) => "'recip party list' shows the names; 'recip party add' adds a party".to_owned(),
    };
    Ok(Error::Unknown { what: "party", given: given.to_owned(), nearest, way_out })
}

/// The codes of the parties whose names are spelled most like `given`, each once. `known` holds names with the codes of their parties.
fn nearest(given: &str, known: &[(&str, &str)]) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for near in name::all_nearest(given, known.iter().map(|(name, _)| *name)) {
        for (_, code) in known.iter().filter(|(name, _)| *name == near) {
            if !codes.iter().any(|c| c == code) {
                codes.push((*code).to_owned());
            }
        }
    }
    codes
}

/// The names of these parties with their codes: `Russia (RUS)`. Parties that the ledger does not have are left out.
fn labels(conn: &Connection, codes: &[impl AsRef<str>]) -> Result<Vec<String>> {
    let mut label = conn.prepare_cached("SELECT name || ' (' || code || ')' FROM party WHERE code = ?1")?;
    let labels: Vec<Option<String>> =
        codes.iter().map(|code| label.query_row([code.as_ref()], |r| r.get(0)).optional()).collect::<rusqlite::Result<_>>()?;
    Ok(labels.into_iter().flatten().collect())
}

/// All parties, ordered by code.
pub fn list_parties(conn: &Connection) -> Result<Vec<Party>> {
    collect(conn, &select::<Party>(&format!("{FROM_PARTY} ORDER BY code")), Party::from_row)
}

/// All memberships, ordered by organisation, member and date.
pub fn list_memberships(conn: &Connection) -> Result<Vec<Membership>> {
    collect(conn, &select::<Membership>("FROM membership ORDER BY organisation, member, since"), Membership::from_row)
}

impl Ledger {
    /// Adds a party.
    ///
    /// # Errors
    /// The code is taken, or a field is invalid.
    pub fn add_party(&mut self, party: &Party) -> Result<()> {
        self.change(|conn, _| {
            refuse_existing(conn, "SELECT EXISTS (SELECT 1 FROM party WHERE code = ?)", "party", &party.code)?;
            put_party(conn, party)
        })
    }

    /// Adds a party, or changes the one with its code. Its aliases are added to the existing ones.
    ///
    /// # Errors
    /// A name belongs to another party, or the code is invalid.
    pub fn put_party(&mut self, party: &Party) -> Result<()> {
        self.change(|conn, _| put_party(conn, party))
    }

    /// Adds a membership, or changes the one that began on the same day.
    ///
    /// # Errors
    /// A party is unknown, or a date is invalid.
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
        let why = "a code consists of 2 to 16 capital letters and digits, and begins with a letter";
        return Err(Error::invalid("code", &party.code, why, "write it like USA or NATO"));
    }
    let Party { code, name, r#type, since, until, iso2, cow, cow_number, gw, gw_number, .. } = party;
    conn.prepare_cached(&PARTY.put())?.execute(params![code, name, r#type, since, until, iso2, cow, cow_number, gw, gw_number])?;
    for alias in [party.code.as_str(), party.name.as_str()].into_iter().chain(party.aliases.split('|').filter(|a| !a.is_empty())) {
        let folded = name::fold(alias);
        if folded.is_empty() {
            return Err(Error::invalid("alias", alias, "a name must contain a letter or a digit", "leave it out"));
        }
        if let Some(owner) = other_owner(conn, alias, &party.code)? {
            let why = format!("it is already a name of {}", name::with_article(&owner));
            return Err(Error::refused(format!("cannot give {} the name '{alias}'", party.code), why, "choose another name"));
        }
        conn.prepare_cached("INSERT INTO alias (folded, alias, party) VALUES (?, ?, ?) ON CONFLICT (folded) DO NOTHING")?.execute([
            &folded,
            alias,
            &party.code,
        ])?;
    }
    Ok(())
}

/// The other party that a name belongs to, in the ledger or in another language.
pub(crate) fn other_owner(conn: &Connection, alias: &str, code: &str) -> Result<Option<String>> {
    let of_ledger: Option<String> =
        conn.prepare_cached("SELECT party FROM alias WHERE folded = ?")?.query_row([name::fold(alias)], |r| r.get(0)).optional()?;
    let owner = match (of_ledger, foreign_name::codes_called(alias)) {
        (Some(owner), _) => owner,
        (None, [owner]) => (*owner).to_owned(),
        (None, _) => return Ok(None),
    };
    if owner == code { Ok(None) } else { Ok(labels(conn, &[owner])?.pop()) }
}

/// See [`Ledger::put_membership`].
pub(crate) fn put_membership(conn: &Connection, m: &Membership) -> Result<()> {
    let organisation = find_party(conn, &m.organisation)?;
    if !organisation.is_organisation() {
        let what = format!("cannot add a member to {}", name::with_article(&organisation.name));
        return Err(Error::refused(what, "it is a state, and only an organisation has members", "name an organisation"));
    }
    let member = find_party(conn, &m.member)?;
    if let (Ok(since), Some(Ok(until))) = (m.since.parse::<Date>(), m.until.as_ref().map(|until| until.parse::<Date>()))
        && until.latest() < since.earliest()
    {
        let why = format!("the membership would end before it began, {}", m.since);
        return Err(Error::invalid("until", until.as_str(), why, "check both dates; leave --until out if the party is still a member"));
    }
    conn.prepare_cached(
        "INSERT INTO membership (organisation, member, since, until) VALUES (?, ?, ?, ?)
         ON CONFLICT (organisation, member, since) DO UPDATE SET until = excluded.until",
    )?
    .execute(params![organisation.code, member.code, m.since, m.until])?;
    Ok(())
}
