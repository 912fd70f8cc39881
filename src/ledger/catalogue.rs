//! Parties, kinds, scales and disputes: finding them by the names people use, listing, adding and amending.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::model::{Sign, Stage, name};

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

/// A sort of act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kind {
    /// The word for it.
    pub name: String,
    /// What its count counts.
    pub unit: String,
    /// Which way it points.
    pub sign: Sign,
    /// Its CAMEO code when done.
    pub cameo: Option<String>,
    /// What it covers.
    pub description: Option<String>,
}

/// A named table of weights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scale {
    /// The word for it.
    pub name: String,
    /// What it is.
    pub title: Option<String>,
    /// Where its weights come from.
    pub source: Option<String>,
}

/// What an act weighs on a scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Weight {
    /// The scale.
    pub scale: String,
    /// The kind of act.
    pub kind: String,
    /// The stage it has this weight at.
    pub stage: Stage,
    /// Points; negative is conflict.
    pub weight: f64,
    /// `action` or `unit`: what it counts per.
    pub per: String,
}

/// A case that groups actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dispute {
    /// The word for it.
    pub slug: String,
    /// Its name in reports.
    pub title: String,
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

impl Kind {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Kind> {
        Ok(Kind {
            name: row.get("name")?,
            unit: row.get("unit")?,
            sign: row.get("sign")?,
            cameo: row.get("cameo")?,
            description: row.get("description")?,
        })
    }
}

const PARTY: &str = "SELECT p.*, (SELECT group_concat(alias, '|') FROM
    (SELECT alias FROM alias a WHERE a.party = p.code AND a.alias NOT IN (p.code, p.name) ORDER BY a.folded)) AS aliases FROM party p";

/// The party that people call `given`: by code, name or alias, whatever the case, accents and points.
///
/// # Errors
/// Nobody is called that; those with nearly the same name are offered.
pub fn find_party(conn: &Connection, given: &str) -> Result<Party> {
    let found = conn
        .prepare_cached(&format!("{PARTY} JOIN alias f ON f.party = p.code WHERE f.folded = ?"))?
        .query_row([name::fold(given)], Party::from_row)
        .optional()?;
    if let Some(party) = found {
        return Ok(party);
    }
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
    Err(Error::Unknown {
        what: "party",
        given: given.to_owned(),
        nearest,
        way_out: "'recip party list' shows the names, 'recip party add' makes a new one".to_owned(),
    })
}

/// The kind called `given`; case, spaces and hyphens do not matter.
///
/// # Errors
/// There is none; the nearest are offered.
pub fn find_kind(conn: &Connection, given: &str) -> Result<Kind> {
    let folded = name::fold(given);
    let mut kinds = list_kinds(conn)?;
    if let Some(found) = kinds.iter().position(|k| name::fold(&k.name) == folded) {
        return Ok(kinds.swap_remove(found));
    }
    Err(Error::Unknown {
        what: "kind",
        given: given.to_owned(),
        nearest: name::nearest(given, kinds.iter().map(|k| k.name.as_str())),
        way_out: "'recip kind list' shows the kinds, 'recip kind add' makes a new one".to_owned(),
    })
}

/// The dispute with this slug.
///
/// # Errors
/// There is none; the nearest are offered.
pub fn find_dispute(conn: &Connection, given: &str) -> Result<Dispute> {
    let disputes = list_disputes(conn)?;
    disputes.iter().find(|d| d.slug == given).cloned().ok_or_else(|| Error::Unknown {
        what: "dispute",
        given: given.to_owned(),
        nearest: name::nearest(given, disputes.iter().map(|d| d.slug.as_str())),
        way_out: format!("'recip dispute list' shows them, 'recip dispute add {given}' makes it"),
    })
}

/// The scale with this name.
///
/// # Errors
/// There is none; the nearest are offered.
pub fn find_scale(conn: &Connection, given: &str) -> Result<Scale> {
    let scales = list_scales(conn)?;
    scales.iter().find(|s| s.name == given).cloned().ok_or_else(|| Error::Unknown {
        what: "scale",
        given: given.to_owned(),
        nearest: name::nearest(given, scales.iter().map(|s| s.name.as_str())),
        way_out: "'recip scale list' shows them, 'recip scale add' makes a new one".to_owned(),
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

/// Every kind, by name.
pub fn list_kinds(conn: &Connection) -> Result<Vec<Kind>> {
    collect(conn, "SELECT * FROM kind ORDER BY name", Kind::from_row)
}

/// Every scale, by name.
pub fn list_scales(conn: &Connection) -> Result<Vec<Scale>> {
    collect(conn, "SELECT * FROM scale ORDER BY name", |r| {
        Ok(Scale { name: r.get("name")?, title: r.get("title")?, source: r.get("source")? })
    })
}

/// Every weight, by scale, kind and stage.
pub fn list_weights(conn: &Connection) -> Result<Vec<Weight>> {
    collect(conn, "SELECT * FROM weight ORDER BY scale, kind, stage", |r| {
        Ok(Weight { scale: r.get("scale")?, kind: r.get("kind")?, stage: r.get("stage")?, weight: r.get("weight")?, per: r.get("per")? })
    })
}

/// Every dispute, by slug.
pub fn list_disputes(conn: &Connection) -> Result<Vec<Dispute>> {
    collect(conn, "SELECT * FROM dispute ORDER BY slug", |r| Ok(Dispute { slug: r.get("slug")?, title: r.get("title")? }))
}

fn collect<T>(conn: &Connection, select: &str, read: fn(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>> {
    Ok(conn.prepare_cached(select)?.query_map([], read)?.collect::<rusqlite::Result<_>>()?)
}

fn refuse_taken(conn: &Connection, taken: &'static str, what: &str, word: &str) -> Result<()> {
    if conn.query_row(taken, [word], |r| r.get(0))? {
        return Err(Error::refused(
            format!("add the {what} {word}"),
            "there is one already",
            format!("'recip {what} edit {word}' amends it"),
        ));
    }
    Ok(())
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

    /// Adds a kind.
    ///
    /// # Errors
    /// There is one of that name, or something of it is not allowed.
    pub fn add_kind(&mut self, kind: &Kind) -> Result<()> {
        self.change(|conn, _| {
            refuse_taken(conn, "SELECT EXISTS (SELECT 1 FROM kind WHERE name = ?)", "kind", &kind.name)?;
            put_kind(conn, kind)
        })
    }

    /// Adds a scale.
    ///
    /// # Errors
    /// There is one of that name, or something of it is not allowed.
    pub fn add_scale(&mut self, scale: &Scale) -> Result<()> {
        self.change(|conn, _| {
            refuse_taken(conn, "SELECT EXISTS (SELECT 1 FROM scale WHERE name = ?)", "scale", &scale.name)?;
            put_scale(conn, scale)
        })
    }

    /// Adds a dispute.
    ///
    /// # Errors
    /// There is one of that slug, or something of it is not allowed.
    pub fn add_dispute(&mut self, dispute: &Dispute) -> Result<()> {
        self.change(|conn, _| {
            refuse_taken(conn, "SELECT EXISTS (SELECT 1 FROM dispute WHERE slug = ?)", "dispute", &dispute.slug)?;
            put_dispute(conn, dispute)
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

    /// Adds a kind, or amends the one that has its name.
    ///
    /// # Errors
    /// It is in use, and its unit or sign would change.
    pub fn put_kind(&mut self, kind: &Kind) -> Result<()> {
        self.change(|conn, _| put_kind(conn, kind))
    }

    /// Adds a scale, or amends the one that has its name.
    ///
    /// # Errors
    /// The name is none.
    pub fn put_scale(&mut self, scale: &Scale) -> Result<()> {
        self.change(|conn, _| put_scale(conn, scale))
    }

    /// Sets a weight.
    ///
    /// # Errors
    /// The scale or the kind is unknown.
    pub fn put_weight(&mut self, weight: &Weight) -> Result<()> {
        self.change(|conn, _| put_weight(conn, weight))
    }

    /// Adds a dispute, or gives the one that has its slug another title.
    ///
    /// # Errors
    /// The slug is none.
    pub fn put_dispute(&mut self, dispute: &Dispute) -> Result<()> {
        self.change(|conn, _| put_dispute(conn, dispute))
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

/// See [`Ledger::put_kind`].
pub(crate) fn put_kind(conn: &Connection, kind: &Kind) -> Result<()> {
    check_word("kind", &kind.name)?;
    check_word("unit", &kind.unit)?;
    conn.prepare_cached(
        "INSERT INTO kind (name, unit, sign, cameo, description) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET unit = excluded.unit, sign = excluded.sign, cameo = excluded.cameo, description = excluded.description",
    )?
    .execute(params![kind.name, kind.unit, kind.sign, kind.cameo, kind.description])?;
    Ok(())
}

/// See [`Ledger::put_scale`].
pub(crate) fn put_scale(conn: &Connection, scale: &Scale) -> Result<()> {
    check_word("scale", &scale.name)?;
    conn.prepare_cached(
        "INSERT INTO scale (name, title, source) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET title = excluded.title, source = excluded.source",
    )?
    .execute(params![scale.name, scale.title, scale.source])?;
    Ok(())
}

/// See [`Ledger::put_weight`].
pub(crate) fn put_weight(conn: &Connection, weight: &Weight) -> Result<()> {
    find_scale(conn, &weight.scale)?;
    let kind = find_kind(conn, &weight.kind)?;
    if !weight.weight.is_finite() {
        return Err(Error::invalid("weight", &weight.weight.to_string(), "a weight is a number", "write it like -4.0"));
    }
    conn.prepare_cached(
        "INSERT INTO weight (scale, kind, stage, weight, per) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (scale, kind, stage) DO UPDATE SET weight = excluded.weight, per = excluded.per",
    )?
    .execute(params![weight.scale, kind.name, weight.stage, weight.weight, weight.per])?;
    Ok(())
}

/// See [`Ledger::put_dispute`].
pub(crate) fn put_dispute(conn: &Connection, dispute: &Dispute) -> Result<()> {
    check_slug(&dispute.slug)?;
    conn.prepare_cached("INSERT INTO dispute (slug, title) VALUES (?, ?) ON CONFLICT (slug) DO UPDATE SET title = excluded.title")?
        .execute([&dispute.slug, &dispute.title])?;
    Ok(())
}

/// A slug is lower-case letters, digits and hyphens.
pub(crate) fn check_slug(slug: &str) -> Result<()> {
    if is_word(slug) && !slug.starts_with('-') {
        return Ok(());
    }
    Err(Error::invalid("dispute", slug, "a slug is lower-case letters, digits and hyphens", "write it like grizzly-steppe"))
}

fn check_word(field: &'static str, word: &str) -> Result<()> {
    if is_word(word) && word.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Ok(());
    }
    Err(Error::invalid(field, word, "this is lower-case letters, digits and hyphens, a letter first", "write it like travel-ban"))
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
