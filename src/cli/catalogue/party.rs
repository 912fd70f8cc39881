//! `recip party`.

use clap::{Subcommand, ValueEnum};
use recip::Result;
use recip::ledger::catalogue::{self, Membership};
use recip::model::Date;
use recip::model::name::fold;

use super::super::output::{OutputArgs, say};
use super::super::session::Session;
use super::{dated, write};

/// List, show, add and amend parties: states, and organisations with their members
#[derive(Debug, Subcommand)]
pub(crate) enum Party {
    /// List the parties
    #[command(after_help = "Example:\n  recip party list --text korea")]
    List {
        /// Only those whose code, name or alias holds this text
        #[arg(long)]
        text: Option<String>,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Show one party, with its names and memberships
    #[command(after_help = "Example:\n  recip party show Britain")]
    Show {
        /// The party: a code, a name or an alias
        party: String,
    },
    /// Add a party
    #[command(after_help = "Example:\n  recip party add TRN Transnistria --alias Pridnestrovie")]
    Add {
        /// Its code: capital letters and digits
        code: String,
        /// Its everyday name
        name: String,
        /// What it is
        #[arg(long, value_enum, default_value = "state")]
        r#type: Type,
        #[command(flatten)]
        details: Details,
    },
    /// Amend a party: its name, its dates, more aliases
    #[command(after_help = "Example:\n  recip party edit TUR --alias \"Republic of Turkiye\"")]
    Edit {
        /// The party: a code, a name or an alias
        party: String,
        /// Another everyday name
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        details: Details,
    },
    /// Enter or amend a spell of membership in an organisation
    #[command(after_help = "Example:\n  recip party member EU \"United Kingdom\" --since 1973-01-01 --until 2020-01-31")]
    Member {
        /// The organisation
        organisation: String,
        /// The member
        member: String,
        /// First day
        #[arg(long, value_name = "DATE")]
        since: Date,
        /// Last day
        #[arg(long, value_name = "DATE")]
        until: Option<Date>,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Details {
    /// Another name it answers to; may be given several times
    #[arg(long = "alias", value_name = "NAME")]
    aliases: Vec<String>,
    /// First day of existence
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,
    /// Last day of existence
    #[arg(long, value_name = "DATE")]
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
            let party = catalogue::Party {
                code,
                name,
                r#type: r#type.to_owned(),
                since: dated(details.since),
                until: dated(details.until),
                aliases: details.aliases.join("|"),
            };
            session.write_or_create(false, |ledger| ledger.add_party(&party))?;
            say(&format!("added {}: {}", party.code, party.name), false)
        }
        Party::Edit { party, name, details } => edit(session, &party, name, details),
        Party::Member { organisation, member, since, until } => {
            let membership = Membership { organisation, member, since: since.as_str().to_owned(), until: dated(until) };
            session.write_or_create(false, |ledger| ledger.put_membership(&membership))?;
            let until = membership.until.map_or("today".to_owned(), |u| u);
            say(&format!("{}: member of {} from {} to {until}", membership.member, membership.organisation, membership.since), false)
        }
    }
}

fn list(session: &Session, text: Option<&str>, output: &OutputArgs) -> Result<()> {
    let ledger = session.read_or_new()?;
    let mut parties = catalogue::list_parties(ledger.connection())?;
    if let Some(text) = text {
        let text = fold(text);
        parties.retain(|p| [&p.code, &p.name].into_iter().map(String::as_str).chain(p.aliases.split('|')).any(|n| fold(n).contains(&text)));
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
    lines.extend(party.since.iter().map(|d| format!("  since: {d}")));
    lines.extend(party.until.iter().map(|d| format!("  until: {d}")));
    for m in catalogue::list_memberships(conn)? {
        let until = m.until.as_deref().unwrap_or("today");
        if m.organisation == party.code {
            lines.push(format!("  member: {} from {} to {until}", m.member, m.since));
        } else if m.member == party.code {
            lines.push(format!("  member of: {} from {} to {until}", m.organisation, m.since));
        }
    }
    say(&lines.join("\n"), false)
}

fn edit(session: &Session, party: &str, name: Option<String>, details: Details) -> Result<()> {
    let mut ledger = session.write()?;
    let mut party = catalogue::find_party(ledger.connection(), party)?;
    party.name = name.unwrap_or(party.name);
    party.since = dated(details.since).or(party.since);
    party.until = dated(details.until).or(party.until);
    party.aliases = details.aliases.join("|");
    ledger.put_party(&party)?;
    let party = catalogue::find_party(ledger.connection(), &party.code)?;
    say(&format!("{}: {}, also {}", party.code, party.name, party.aliases.replace('|', ", ")), false)
}
