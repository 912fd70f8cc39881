//! `recip party`.

use clap::{Subcommand, ValueEnum};
use recip::ledger::catalogue::{self, Membership};
use recip::model::name::fold;
use recip::model::{CodeBook, Date};
use recip::{Error, Ledger, Result};

use super::super::output::{OutputArgs, print_lines};
use super::super::session::Session;
use super::super::typed_date;
use super::{date_text, write};

/// List, show, add and edit parties: states, and organisations with their members
#[derive(Debug, Subcommand)]
pub(crate) enum Party {
    /// List the parties
    #[command(after_help = "Example:\n  recip party list --text korea")]
    List {
        /// Only parties whose code or one of whose names in any language contains this text
        #[arg(long, value_name = "TEXT")]
        text: Option<String>,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Show one party with its names and memberships
    #[command(after_help = "Example:\n  recip party show Britain")]
    Show {
        /// Party: a code, a name or an alias
        #[arg(value_name = "PARTY")]
        party: String,
    },
    /// Add a party
    #[command(after_help = "Example:\n  recip party add TRN Transnistria --alias Pridnestrovie")]
    Add {
        /// Code of the new party: capital letters and digits
        #[arg(value_name = "CODE")]
        code: String,
        /// Name in common use
        #[arg(value_name = "NAME")]
        name: String,
        /// Type of party
        #[arg(long, value_name = "TYPE", value_enum, default_value = "state")]
        r#type: Type,
        #[command(flatten)]
        details: Details,
    },
    /// Edit a party: change its name or dates, add aliases
    #[command(after_help = "Example:\n  recip party edit TUR --alias \"Republic of Turkiye\"")]
    Edit {
        /// Party: a code, a name or an alias
        #[arg(value_name = "PARTY")]
        party: String,
        /// New name in common use
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        #[command(flatten)]
        details: Details,
    },
    /// Add or change a period of membership in an organisation
    #[command(after_help = "Example:\n  recip party member EU \"United Kingdom\" --since 1973-01-01 --until 2020-01-31")]
    Member {
        /// Organisation: a code, a name or an alias
        #[arg(value_name = "ORGANISATION")]
        organisation: String,
        /// Member: a code, a name or an alias
        #[arg(value_name = "MEMBER")]
        member: String,
        /// First day of the membership
        #[arg(long, value_name = "DATE", value_parser = typed_date::date)]
        since: Date,
        /// Last day of the membership; "" if it continues [default: as recorded; a new membership continues]
        #[arg(long, value_name = "DATE", value_parser = known_end)]
        until: Option<KnownEnd>,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Details {
    /// Other name of the party; may be given several times
    #[arg(long = "alias", value_name = "NAME")]
    aliases: Vec<String>,
    /// Code in another code book (iso2, cow, gw), in letters or as a number; may be given several times
    #[arg(long = "code", value_name = "BOOK:CODE", value_parser = book_and_code)]
    codes: Vec<(CodeBook, String)>,
    /// First day of existence
    #[arg(long, value_name = "DATE", value_parser = typed_date::date)]
    since: Option<Date>,
    /// Last day of existence
    #[arg(long, value_name = "DATE", value_parser = typed_date::date)]
    until: Option<Date>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Type {
    State,
    Organisation,
}

pub(crate) fn run(session: &Session, verb: Party) -> Result<()> {
    match verb {
        Party::List { text, output } => list(session, text.as_deref(), &output),
        Party::Show { party } => show(session, &party),
        Party::Add { code, name, r#type, details } => {
            let r#type = match r#type {
                Type::State => "state",
                Type::Organisation => "organisation",
            };
            let mut party = catalogue::Party {
                code,
                name,
                r#type: r#type.to_owned(),
                since: date_text(details.since),
                until: date_text(details.until),
                iso2: None,
                cow: None,
                cow_number: None,
                gw: None,
                gw_number: None,
                aliases: details.aliases.join("|"),
            };
            details.codes.iter().try_for_each(|(book, code)| party.add_code(*book, code))?;
            session.write_or_create(false, |ledger| ledger.add_party(&party))?;
            print_lines(&format!("added {}: {}", party.code, party.name), false)
        }
        Party::Edit { party, name, details } => edit(session, &party, name, details),
        Party::Member { organisation, member, since, until } => {
            let membership = session.write_or_create(false, |ledger| {
                let until = match &until {
                    Some(KnownEnd(until)) => date_text(until.clone()),
                    None => recorded_end(ledger, &organisation, &member, &since)?,
                };
                let (organisation, member) = (organisation.clone(), member.clone());
                let membership = Membership { organisation, member, since: since.as_str().to_owned(), until };
                ledger.put_membership(&membership)?;
                Ok(membership)
            })?;
            let period = period(&membership.since, membership.until.as_deref());
            print_lines(&format!("{}: member of {} {period}", membership.member, membership.organisation), false)
        }
    }
}

/// Reads `cow:260`.
fn book_and_code(text: &str) -> Result<(CodeBook, String)> {
    match text.split_once(':') {
        Some((book, code)) => Ok((book.trim().parse()?, code.trim().to_owned())),
        None => Err(Error::invalid("code", text, "it names no code book", "write it like cow:GFR or cow:260")),
    }
}

/// The last day of a membership as given; `None`: it continues.
#[derive(Debug, Clone)]
pub(crate) struct KnownEnd(Option<Date>);

fn known_end(text: &str) -> Result<KnownEnd> {
    Ok(KnownEnd(if text.is_empty() { None } else { Some(typed_date::date(text)?) }))
}

/// The last day of a membership in the ledger; `None` if it continues, or if it is not recorded yet.
fn recorded_end(ledger: &Ledger, organisation: &str, member: &str, since: &Date) -> Result<Option<String>> {
    let conn = ledger.connection();
    let (organisation, member) = (catalogue::find_party(conn, organisation)?.code, catalogue::find_party(conn, member)?.code);
    let recorded = catalogue::list_memberships(conn)?
        .into_iter()
        .find(|m| m.organisation == organisation && m.member == member && m.since == since.as_str());
    Ok(recorded.and_then(|m| m.until))
}

/// A period of membership: `from 1973-01-01 to 2020-01-31`, or `since 1949-08-24` if it has no end.
fn period(since: &str, until: Option<&str>) -> String {
    until.map_or_else(|| format!("since {since}"), |until| format!("from {since} to {until}"))
}

fn list(session: &Session, text: Option<&str>, output: &OutputArgs) -> Result<()> {
    let ledger = session.read_or_new()?;
    let mut parties = catalogue::list_parties(ledger.connection())?;
    if let Some(text) = text {
        let (foreign, text) = (catalogue::codes_with(text), fold(text));
        let is_own =
            |p: &catalogue::Party| [p.code.as_str(), &p.name].into_iter().chain(p.aliases.split('|')).any(|n| fold(n).contains(&text));
        parties.retain(|p| is_own(p) || foreign.contains(p.code.as_str()));
    }
    write(session, output, "Parties", &parties, &["code", "name", "type", "aliases"], |p| {
        vec![p.code.clone(), p.name.clone(), p.r#type.clone(), p.aliases.replace('|', ", ")]
    })
}

fn show(session: &Session, party: &str) -> Result<()> {
    let ledger = session.read_or_new()?;
    let conn = ledger.connection();
    let party = catalogue::find_party(conn, party)?;
    let mut lines = vec![format!("{}: {} ({})", party.code, party.name, party.r#type)];
    if !party.aliases.is_empty() {
        lines.push(format!("  also: {}", party.aliases.replace('|', ", ")));
    }
    for book in [CodeBook::Iso2, CodeBook::Cow, CodeBook::Gw] {
        let codes: Vec<&str> = party.codes_of(book).collect();
        lines.extend((!codes.is_empty()).then(|| format!("  {}: {}", book.title(), codes.join(", "))));
    }
    lines.extend(party.since.iter().map(|d| format!("  since: {d}")));
    lines.extend(party.until.iter().map(|d| format!("  until: {d}")));
    for m in catalogue::list_memberships(conn)? {
        let period = period(&m.since, m.until.as_deref());
        if m.organisation == party.code {
            lines.push(format!("  member: {} {period}", m.member));
        } else if m.member == party.code {
            lines.push(format!("  member of: {} {period}", m.organisation));
        }
    }
    print_lines(&lines.join("\n"), false)
}

fn edit(session: &Session, party: &str, name: Option<String>, details: Details) -> Result<()> {
    let mut ledger = session.write()?;
    let mut party = catalogue::find_party(ledger.connection(), party)?;
    party.name = name.unwrap_or(party.name);
    party.since = date_text(details.since).or(party.since);
    party.until = date_text(details.until).or(party.until);
    party.aliases = details.aliases.join("|");
    details.codes.iter().try_for_each(|(book, code)| party.add_code(*book, code))?;
    ledger.put_party(&party)?;
    let party = catalogue::find_party(ledger.connection(), &party.code)?;
    let also = if party.aliases.is_empty() { String::new() } else { format!(", also {}", party.aliases.replace('|', ", ")) };
    print_lines(&format!("{}: {}{also}", party.code, party.name), false)
}
