//! The note under a report that acts of organisations are not counted in it.

use std::io::Write;

use crate::error::Result;
use crate::model::name::with_article;
use crate::report::organisation_acts::OrganisationActs;

/// Writes a line for each side, with the command that lists the acts. `arguments` are the options of that command: ` --as-of 2018-03-30`,
/// or nothing.
///
/// # Errors
/// `out` cannot be written.
pub fn notes(found: &[OrganisationActs], arguments: &str, out: &mut dyn Write) -> Result<()> {
    for acts in found {
        let (noun, verb) = if acts.actions == 1 { ("action", "is") } else { ("actions", "are") };
        let members = match acts.members.single() {
            Some(_) => format!("{} was then a member", with_article(&acts.members.words)),
            None => "parties of the group were then members".to_owned(),
        };
        let (organisations, other) = (acts.organisations.join(","), acts.other.codes.join(","));
        writeln!(
            out,
            "\n{} {noun} of or against organisations of which {members} {verb} not counted: recip list {organisations} {other}{arguments}",
            acts.actions
        )?;
    }
    Ok(())
}
