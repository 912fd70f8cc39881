//! Groups of parties as commands name them: a list such as `USA:60,Ukraine:13@2018-03-27`, or an organisation's members on a day.

use rusqlite::Connection;

use crate::error::{Error, Result};
use crate::model::count::StatedCount;
use crate::model::name::with_article;
use crate::model::{Date, Day};

use super::party::{Membership, Party, find_party, list_memberships, party_called};

/// Maximum number of commas in the name of a party within a list, plus one: `Congo, The Democratic Republic of the` has one.
const MAX_PIECES: usize = 4;

/// The request that each organisation of a group be replaced by its members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members {
    /// The members to leave out: names separated by commas.
    pub except: Option<String>,
}

/// A party of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupParty {
    /// The party.
    pub party: Party,
    /// The count stated with its name, as in `USA:60`.
    pub count: Option<StatedCount>,
    /// The date stated with its name, as in `USA:60@2018-03-26`.
    pub date: Option<Date>,
    /// The organisation that it stands for as a member; `None`: the group names the party itself.
    pub member_of: Option<Party>,
}

impl Membership {
    /// The first and the last day of the period; a membership that has not ended has no last day.
    ///
    /// # Errors
    /// A date is not valid.
    pub fn period(&self) -> Result<(Day, Option<Day>)> {
        let until = self.until.as_deref().map(str::parse::<Date>).transpose()?;
        Ok((self.since.parse::<Date>()?.earliest(), until.map(|date| date.latest())))
    }

    /// True if the member belonged to the organisation on this day.
    ///
    /// # Errors
    /// A date is not valid.
    pub fn covers(&self, day: Day) -> Result<bool> {
        let (since, until) = self.period()?;
        Ok(since <= day && until.is_none_or(|until| day <= until))
    }
}

/// Finds the parties of several groups, each given as one name or as names separated by commas. With `members`, each organisation is
/// replaced by those who were its members on its date, or on `day`; a member of two of the organisations counts once.
///
/// # Errors
/// A name is unknown, or a group names a party twice. With `members`: there is no organisation, an organisation has no members on that
/// day or has a count, or a party to leave out is not a member.
pub fn find_groups(conn: &Connection, given: &[&str], members: Option<&Members>, day: Day) -> Result<Vec<Vec<GroupParty>>> {
    let groups = groups(conn, given, members, day)?;
    groups.iter().try_for_each(|group| refuse_repeated(group))?;
    Ok(groups)
}

/// Like [`find_groups`], to read and not to log: a member that the group names too counts once. Counts and dates are refused.
///
/// # Errors
/// As for [`find_groups`], or a party has a count or a date.
pub fn find_sides(conn: &Connection, given: &[&str], members: Option<&Members>, day: Day) -> Result<Vec<Vec<GroupParty>>> {
    let mut groups = groups(conn, given, members, day)?;
    for group in &mut groups {
        refuse_details(group)?;
        let named: Vec<Party> = group.iter().filter(|party| party.member_of.is_none()).map(|party| party.party.clone()).collect();
        group.retain(|party| party.member_of.is_none() || !named.contains(&party.party));
        refuse_repeated(group)?;
    }
    Ok(groups)
}

fn groups(conn: &Connection, given: &[&str], members: Option<&Members>, day: Day) -> Result<Vec<Vec<GroupParty>>> {
    let groups: Vec<Vec<GroupParty>> = given.iter().map(|names| parties_named(conn, names)).collect::<Result<_>>()?;
    match members {
        Some(members) => replace_organisations(conn, groups, members.except.as_deref(), day),
        None => Ok(groups),
    }
}

/// The parties of a list of names that states neither counts nor dates.
///
/// # Errors
/// A name is unknown, is given twice, or has a count or a date.
pub fn parties_by_name(conn: &Connection, names: &str) -> Result<Vec<Party>> {
    let named = parties_named(conn, names)?;
    refuse_repeated(&named)?;
    refuse_details(&named)?;
    Ok(named.into_iter().map(|named| named.party).collect())
}

/// Refuses counts and dates where they would have no meaning.
///
/// # Errors
/// A party of the group has a count or a date.
pub fn refuse_details(group: &[GroupParty]) -> Result<()> {
    for named in group {
        let code = &named.party.code;
        let (given, what) = match (&named.count, &named.date) {
            (Some(count), _) => (format!("{code}:{count}"), "a count"),
            (None, Some(date)) => (format!("{code}@{date}"), "a date"),
            (None, None) => continue,
        };
        return Err(Error::invalid("party", &given, format!("{what} has no meaning here"), format!("leave it out: {code}")));
    }
    Ok(())
}

fn parties_named(conn: &Connection, names: &str) -> Result<Vec<GroupParty>> {
    let (mut named, mut rest) = (Vec::new(), Some(names));
    while let Some(list) = rest {
        let (first, after) = first_party(conn, list, names)?;
        named.push(first);
        rest = after;
    }
    Ok(named)
}

/// The first party of a list, and what follows the comma after it. Pieces between commas are joined to a longer name only if they are not
/// all names themselves: `Taiwan, Province of China` is one party, and `US,SR` are two.
fn first_party<'a>(conn: &Connection, list: &'a str, whole: &str) -> Result<(GroupParty, Option<&'a str>)> {
    let mut ends: Vec<usize> = list.match_indices(',').map(|(at, _)| at).chain([list.len()]).collect();
    ends.truncate(MAX_PIECES);
    for end in ends.iter().rev() {
        if list[..*end].contains(',') && !is_one_name(conn, &list[..*end])? {
            continue;
        }
        if let Some(party) = party_with_details(conn, list[..*end].trim())? {
            return Ok((party, list.get(end + 1..)));
        }
    }
    let piece = list[..ends[0]].trim();
    if piece.is_empty() && whole.contains(',') {
        return Err(Error::invalid("party", whole, "a name is missing in this list", "write a list like USA:60,Ukraine:13"));
    }
    let name = piece.split([':', '@']).next().unwrap_or(piece).trim();
    find_party(conn, name).map(|party| (GroupParty { party, count: None, date: None, member_of: None }, None))
}

/// True if the pieces between the commas are not empty, and not all names of parties.
fn is_one_name(conn: &Connection, pieces: &str) -> Result<bool> {
    let mut all_names = true;
    for piece in pieces.split(',').map(str::trim) {
        if piece.is_empty() {
            return Ok(false);
        }
        all_names = all_names && party_with_details(conn, piece)?.is_some();
    }
    Ok(!all_names)
}

/// The party that `text` names, with the count that follows a colon and the date that follows an `@`; `None` if there is no such party.
fn party_with_details(conn: &Connection, text: &str) -> Result<Option<GroupParty>> {
    if let Some(party) = party_called(conn, text)? {
        return Ok(Some(GroupParty { party, count: None, date: None, member_of: None }));
    }
    let (rest, date) = text.rsplit_once('@').map_or((text, None), |(rest, date)| (rest.trim(), Some(date)));
    let (name, count) = match rest.rsplit_once(':').filter(|(_, count)| !count.contains(',')) {
        Some((name, count)) if party_called(conn, rest)?.is_none() => (name.trim(), Some(count)),
        _ => (rest, None),
    };
    let Some(party) = party_called(conn, name)? else { return Ok(None) };
    let (count, date) = (count.map(str::parse).transpose()?, date.map(|date| Date::read(date.trim())).transpose()?);
    Ok(Some(GroupParty { party, count, date, member_of: None }))
}

fn replace_organisations(conn: &Connection, groups: Vec<Vec<GroupParty>>, except: Option<&str>, day: Day) -> Result<Vec<Vec<GroupParty>>> {
    let excepted = except.map_or_else(|| Ok(Vec::new()), |names| parties_by_name(conn, names))?;
    let memberships = list_memberships(conn)?;
    let mut organisations = Vec::new();
    for named in groups.iter().flatten().filter(|named| named.party.is_organisation()) {
        let day = named.date.as_ref().map_or(day, Date::earliest);
        organisations.push((named.party.clone(), members_on(conn, &memberships, named, day)?));
    }
    if organisations.is_empty() {
        let parties: Vec<&str> = groups.iter().flatten().map(|named| named.party.name.as_str()).collect();
        return Err(Error::refused(
            "cannot apply --members",
            format!("none of these is an organisation: {}", parties.join(", ")),
            "name an organisation, or leave out --members",
        ));
    }
    for party in &excepted {
        if !organisations.iter().any(|(_, members)| members.contains(party)) {
            return Err(not_a_member(party, &organisations, day));
        }
    }
    let mut replaced = Vec::with_capacity(groups.len());
    for group in groups {
        let mut parties: Vec<GroupParty> = Vec::new();
        for named in group {
            let Some((organisation, members)) = organisations.iter().find(|(organisation, _)| *organisation == named.party) else {
                parties.push(named);
                continue;
            };
            for member in members.iter().filter(|member| !excepted.contains(member)) {
                if !parties.iter().any(|p| p.member_of.is_some() && p.party == *member) {
                    let (party, date) = (member.clone(), named.date.clone());
                    parties.push(GroupParty { party, count: None, date, member_of: Some(organisation.clone()) });
                }
            }
        }
        if parties.is_empty() {
            return Err(Error::refused("cannot apply --except", "it leaves out every member", "leave out fewer members"));
        }
        replaced.push(parties);
    }
    Ok(replaced)
}

fn members_on(conn: &Connection, memberships: &[Membership], named: &GroupParty, day: Day) -> Result<Vec<Party>> {
    let (code, name) = (&named.party.code, with_article(&named.party.name));
    if let Some(count) = named.count {
        return Err(Error::refused(
            format!("cannot apply the count {count} to the members of {name}"),
            "it may be the count of each member or of all together",
            format!("give the count of each as COUNT, or name the members with their counts instead of {code}:{count}"),
        ));
    }
    let mut members = Vec::new();
    for membership in memberships.iter().filter(|m| m.organisation == *code) {
        if membership.covers(day)? {
            members.push(find_party(conn, &membership.member)?);
        }
    }
    if members.is_empty() {
        return Err(Error::refused(
            format!("cannot name the members of {name} on {day}"),
            "the ledger has no members of it on that day",
            format!("'recip party show {code}' lists its members; 'recip party member {code} MEMBER --since DATE' adds one"),
        ));
    }
    Ok(members)
}

fn not_a_member(party: &Party, organisations: &[(Party, Vec<Party>)], day: Day) -> Error {
    let names: Vec<_> = organisations.iter().map(|(organisation, _)| with_article(&organisation.name)).collect();
    Error::refused(
        format!("cannot leave out {}", with_article(&party.name)),
        format!("it was not a member of {} on {day}", names.join(" or ")),
        format!("leave it out of --except; 'recip party show {}' lists its memberships", party.code),
    )
}

fn refuse_repeated(group: &[GroupParty]) -> Result<()> {
    for (at, named) in group.iter().enumerate() {
        let Some(other) = group[..at].iter().find(|other| other.party.code == named.party.code) else { continue };
        let (code, name) = (&named.party.code, with_article(&named.party.name));
        let (why, way_out) = match named.member_of.as_ref().or(other.member_of.as_ref()) {
            Some(organisation) => (
                format!("it is named, and it is a member of {}", with_article(&organisation.name)),
                format!("do not name it, or leave it out of the members with --except {code}"),
            ),
            None => ("it is in the list already".to_owned(), "name it once".to_owned()),
        };
        return Err(Error::refused(format!("cannot name {name} twice"), why, way_out));
    }
    Ok(())
}
