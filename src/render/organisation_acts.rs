//! The notes of a report on a pair that acts of organisations, or of their members, count in it only for what they settle.

use std::io::Write;

use serde::Serialize;

use crate::error::Result;
use crate::model::name::with_article;
use crate::render::markdown;
use crate::report::organisation_acts::{MemberActs, NotCounted, OrganisationActs};

/// A note on acts that a report counts only for what they settle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What does not count of its own: `2 actions of or against organisations of which Saudi Arabia was then a member count only for what they
    /// settle`.
    pub says: String,
    /// The arguments of the command that lists the acts: `list GCC,LAS QAT`.
    pub command: String,
}

/// The notes on what a report leaves out. `options` are those of the commands: `--as-of 2018-03-30`.
pub fn notes(found: &NotCounted, options: &[String]) -> Vec<Note> {
    let of_organisations = found.of_organisations.iter().map(of_organisations);
    let notes = of_organisations.chain(found.of_members.iter().map(of_members));
    notes.map(|note| Note { command: [&[note.command][..], options].concat().join(" "), ..note }).collect()
}

/// Writes a line for each note.
///
/// # Errors
/// `out` cannot be written.
pub fn write(notes: &[Note], out: &mut dyn Write) -> Result<()> {
    Ok(notes.iter().try_for_each(|Note { says, command }| writeln!(out, "\n{says}: recip {command}"))?)
}

/// Writes a paragraph of Markdown for each note.
///
/// # Errors
/// `out` cannot be written.
pub fn markdown(notes: &[Note], out: &mut dyn Write) -> Result<()> {
    let paragraph =
        |Note { says, command }: &Note| writeln!(out, "\n{}: {}", markdown::text(says), markdown::code(&format!("recip {command}")));
    Ok(notes.iter().try_for_each(paragraph)?)
}

fn of_organisations(acts: &OrganisationActs) -> Note {
    let members = match acts.members.single() {
        Some(_) => format!("{} was then a member", with_article(&acts.members.words)),
        None => "parties of the group were then members".to_owned(),
    };
    Note {
        says: says(acts.actions, &format!("organisations of which {members}")),
        command: format!("list {} {}", acts.organisations.join(","), acts.other.codes.join(",")),
    }
}

fn of_members(acts: &MemberActs) -> Note {
    let organisations = match &acts.organisations {
        Some(names) => names.iter().map(|name| with_article(name)).collect::<Vec<_>>().join(" and "),
        None => "organisations that are named".to_owned(),
    };
    let [a, b] = &acts.sides;
    Note {
        says: says(acts.actions, &format!("members of {organisations}")),
        command: format!("list {} {} --members", a.join(","), b.join(",")),
    }
}

fn says(actions: i64, whose: &str) -> String {
    let (noun, count, they_settle) = if actions == 1 { ("action", "counts", "it settles") } else { ("actions", "count", "they settle") };
    format!("{actions} {noun} of or against {whose} {count} only for what {they_settle}")
}
