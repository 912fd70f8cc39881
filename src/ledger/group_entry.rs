//! An entry whose actor or target is a group: one action for each party of the group.

use rusqlite::Connection;

use crate::error::{Error, Result};
use crate::ledger::Entry;
use crate::ledger::catalogue::{GroupParty, Members, find_groups};
use crate::model::StatedCount;
use crate::model::name::with_article;

impl Entry {
    /// The entries that this entry stands for: one for each party, if its actor or its target is a list such as
    /// `USA:60,Ukraine:13@2018-03-27` or, with `members`, an organisation. A count or a date in the list applies to its party; those of
    /// the entry apply to all the others. The members are those on the first day of the date.
    ///
    /// # Errors
    /// A name is unknown, actor and target are both groups, or a group acts against one of its own parties. See [`find_groups`].
    pub fn for_each_party(&self, conn: &Connection, members: Option<&Members>) -> Result<Vec<Entry>> {
        let groups = find_groups(conn, &[&self.actor, &self.target], members, self.date.earliest())?;
        let [actors, targets] = &groups[..] else { return Ok(Vec::new()) };
        match (&actors[..], &targets[..]) {
            ([_], [_]) => (),
            ([_, _, ..], [_, _, ..]) => {
                return Err(Error::refused(
                    "cannot log acts of several parties against several others",
                    format!("{} actors and {} targets leave open who acted against whom", actors.len(), targets.len()),
                    "name a single actor or a single target, and run the command once for each of the others",
                ));
            }
            (group, [other]) | ([other], group) => self.check_group(group, other)?,
            ([], _) | (_, []) => return Ok(Vec::new()),
        }
        if self.count != StatedCount::Unknown && [actors, targets].iter().any(|group| group.iter().all(|named| named.count.is_some())) {
            let why = "each party of the list has a count of its own, so this one applies to none";
            return Err(Error::invalid("count", &self.count.to_string(), why, "leave it out, or the counts after the colons"));
        }
        let pairs = actors.iter().flat_map(|actor| targets.iter().map(move |target| (actor, target)));
        pairs.map(|(actor, target)| self.between(actor, target)).collect()
    }

    fn check_group(&self, group: &[GroupParty], other: &GroupParty) -> Result<()> {
        if let Some(reference) = &self.reference {
            return Err(Error::refused(
                format!("cannot give {} actions the ref '{reference}'", group.len()),
                "a ref identifies one action",
                "leave out --ref: each action gets a ref made from its date, parties and kind",
            ));
        }
        if let Some(own) = group.iter().find(|party| party.party == other.party) {
            let (code, name) = (&own.party.code, with_article(&own.party.name));
            let way_out = if own.member_of.is_some() { format!("add {code} to --except") } else { format!("leave {code} out of the list") };
            return Err(Error::refused(
                format!("cannot log an act of {name} against itself"),
                "it is in the group, and it is the other side as well",
                way_out,
            ));
        }
        Ok(())
    }

    fn between(&self, actor: &GroupParty, target: &GroupParty) -> Result<Entry> {
        if let (Some(of_actor), Some(of_target)) = (actor.count, target.count) {
            let (actor, target) = (&actor.party.code, &target.party.code);
            return Err(Error::invalid(
                "count",
                &format!("{actor}:{of_actor} {target}:{of_target}"),
                "one action has one count",
                format!("state it with one of the two: {actor}:{of_actor} {target}"),
            ));
        }
        if let (Some(of_actor), Some(of_target)) = (&actor.date, &target.date) {
            let (actor, target) = (&actor.party.code, &target.party.code);
            let given = format!("{actor}@{of_actor} {target}@{of_target}");
            let way_out = format!("state it with one of the two: {actor}@{of_actor} {target}");
            return Err(Error::invalid("date", &given, "one action has one date", way_out));
        }
        let count = actor.count.or(target.count).unwrap_or(self.count);
        let date = actor.date.as_ref().or(target.date.as_ref()).unwrap_or(&self.date).clone();
        Ok(Entry { actor: actor.party.code.clone(), target: target.party.code.clone(), count, date, ..self.clone() })
    }
}
