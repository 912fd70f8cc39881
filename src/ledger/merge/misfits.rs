//! Links that do not fit into the merged ledger: their stated amounts are together more than there is, or a rule forbids a link. A
//! person is asked which copy's changes around the link are dropped.

use crate::error::Result;

use super::copies::{Copy, what};
use super::decide::Deciding;
use super::fields::copy;
use super::key::{ACTION, Fact, Key, LINK};
use super::question::{Choice, Question, choices};
use super::values::{FACTS, described, differing, row_field, shown};

/// How the field of a question begins that is about stated amounts.
const AMOUNTS: &str = "stated amounts, ";
/// How the field of a question begins that is about a link which a rule forbids.
const RULE: &str = "rule, ";

/// How the field of a question begins that is about a row which the schema refuses.
const REFUSED: &str = "refused, ";

/// The question about a row of the other copy that the schema refuses here. It can only be left out.
pub(super) fn refused(ours: &Copy<'_>, theirs: &Copy<'_>, key: &Key, fact: Option<&Fact>, why: &str) -> Result<Question> {
    Ok(Question {
        id: String::new(),
        what: what(ours, theirs, key)?,
        field: format!("{REFUSED}{}", row_field(ours, theirs, key)?),
        question: why.lines().next().unwrap_or_default().to_owned(),
        base: None,
        ours: None,
        theirs: fact.map(|fact| described(key, fact)),
        ours_by: None,
        theirs_by: theirs.by(key)?,
        choices: choices(&[Choice::Ours]),
        choice: None,
    }
    .identified())
}

/// The question whose changes around a link give way. `why` is what the settlement refused; `amounts` is true if a stated amount did not
/// fit.
pub(super) fn question(ours: &Copy<'_>, theirs: &Copy<'_>, link: &Key, amounts: bool, why: &str) -> Result<Question> {
    let acts = link.acts();
    let (our_part, ours_by) = part(ours, (ours, theirs), &acts)?;
    let (their_part, theirs_by) = part(theirs, (ours, theirs), &acts)?;
    let possible: &[Choice] = if amounts { &[Choice::Ours, Choice::Theirs, Choice::Both] } else { &[Choice::Ours, Choice::Theirs] };
    let field = format!("{}{}", if amounts { AMOUNTS } else { RULE }, row_field(ours, theirs, link)?);
    Ok(Question {
        id: String::new(),
        what: what(ours, theirs, link)?,
        field,
        question: why.lines().next().unwrap_or_default().to_owned(),
        base: None,
        ours: our_part,
        theirs: their_part,
        ours_by,
        theirs_by,
        choices: choices(possible),
        choice: None,
    }
    .identified())
}

/// What one copy, `of`, changed in these actions and in the links between them and others, and who made the latest of these changes.
fn part(of: &Copy<'_>, (ours, theirs): (&Copy<'_>, &Copy<'_>), acts: &[&str]) -> Result<(Option<String>, Option<String>)> {
    let (mut parts, mut latest) = (Vec::new(), None);
    for (key, delta) in of.side.deltas.iter().filter(|(key, _)| key.acts().iter().any(|act| acts.contains(act))) {
        let (before, after) = (delta.before.as_ref(), delta.after.as_ref());
        let said = match (key.place, after) {
            (LINK, _) => {
                let now = after.map_or_else(|| "removed".to_owned(), |fact| described(key, fact));
                format!("{} {}: {now}", what(ours, theirs, key)?, row_field(ours, theirs, key)?)
            }
            (ACTION, Some(_)) if before.is_some() => {
                let columns = differing(&FACTS, &[before, after]);
                match shown(key, &columns, after).filter(|_| !columns.is_empty()) {
                    Some(now) => format!("{}, {}: {now}", what(ours, theirs, key)?, columns.join(", ")),
                    None => continue,
                }
            }
            _ => continue,
        };
        parts.push(said);
        latest = latest.max(delta.change.map(|change| (change, key)));
    }
    let by = latest.map(|(_, key)| of.by(key)).transpose()?.flatten();
    Ok(((!parts.is_empty()).then(|| parts.join("; ")), by))
}

/// The link that an answered question is about; `None` if it is about something else.
fn link_of(question: &Question) -> Option<(Key, bool)> {
    let (amounts, rest) = match (question.field.strip_prefix(AMOUNTS), question.field.strip_prefix(RULE)) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return None,
    };
    let (relation, earlier) = rest.split_once(' ')?;
    let names = vec![question.what.to_ascii_lowercase(), relation.to_owned(), earlier.to_ascii_lowercase()];
    Some((Key { place: LINK, names }, amounts))
}

/// True if a question is about stated amounts and was answered with one of the copies, so the links of the other copy can be removed too.
pub(super) fn gives_way(answered: &Question) -> bool {
    answered.field.starts_with(AMOUNTS) && matches!(answered.choice, Some(Choice::Ours | Choice::Theirs))
}

impl Deciding<'_, '_> {
    /// Leaves out the rows that the schema refuses, as was answered.
    pub(super) fn leave_out_refused(&mut self) -> Result<()> {
        let answered: Vec<(Question, Choice)> = self.answers.all().map(|(question, choice)| (question.clone(), choice)).collect();
        for (mut question, choice) in answered {
            let Some(field) = question.field.strip_prefix(REFUSED) else { continue };
            let keys: Vec<Key> = self.plan.puts.keys().cloned().collect();
            let mut is_asked = false;
            for key in keys {
                if what(self.ours, self.theirs, &key)? == question.what && row_field(self.ours, self.theirs, &key)? == field {
                    self.plan.puts.remove(&key);
                    is_asked = true;
                }
            }
            if is_asked {
                question.choice = Some(choice);
                self.plan.questions.push(question);
            }
        }
        Ok(())
    }

    /// Applies the answers about links that did not fit.
    pub(super) fn settle_misfits(&mut self) -> Result<()> {
        let answered: Vec<(Question, Choice)> = self.answers.all().map(|(question, choice)| (question.clone(), choice)).collect();
        for (mut question, choice) in answered {
            let Some((link, amounts)) = link_of(&question).filter(|(link, _)| self.touches(link)) else { continue };
            let amounts = amounts && !self.answers.without_links.contains(&question.id);
            if matches!(choice, Choice::Ours | Choice::Both) {
                self.give_way(&link, amounts, choice == Choice::Ours, true)?;
            }
            if matches!(choice, Choice::Theirs | Choice::Both) {
                self.give_way(&link, amounts, choice == Choice::Theirs, false)?;
            }
            question.choice = Some(choice);
            self.plan.questions.push(question);
        }
        Ok(())
    }

    /// True if a copy changed something around a link. Otherwise an answer about it belongs to another merge.
    fn touches(&self, link: &Key) -> bool {
        let acts = link.acts();
        [&self.ours.side, &self.theirs.side]
            .iter()
            .any(|side| side.deltas.keys().any(|key| key.acts().iter().any(|act| acts.contains(act))))
    }

    /// Takes back what one copy, theirs or ours, changed around a link: the amounts that it stated or, if a rule forbids the link, the links
    /// themselves; and with `facts`, the facts of the two actions.
    fn give_way(&mut self, link: &Key, amounts: bool, facts: bool, theirs: bool) -> Result<()> {
        let (giving, winning) = if theirs { (&*self.theirs, self.ours) } else { (self.ours, &*self.theirs) };
        let acts = link.acts();
        let concerns = |key: &Key| key.acts().iter().any(|act| acts.contains(act));
        let only_this = !amounts && giving.side.deltas.contains_key(link);
        let links = giving.side.deltas.keys().filter(|key| key.place == LINK && if only_this { *key == link } else { concerns(key) });
        let mut changed: Vec<(Key, Option<Fact>)> = Vec::new();
        for key in links {
            let (mut fact, kept) = (giving.row(key)?.after, winning.row(key)?.after);
            match &mut fact {
                Some(fact) if amounts => {
                    for column in ["stated", "stated_spends"] {
                        fact.insert(column.to_owned(), kept.as_ref().and_then(|kept| kept.get(column)).cloned().unwrap_or_default());
                    }
                }
                _ => fact = kept,
            }
            changed.push((key.clone(), fact));
        }
        for act in acts.iter().filter(|_| facts) {
            let key = Key::of_action(act);
            // Only the facts give way: the other fields are as the merge has them so far.
            let merged = self.plan.puts.get(&key).cloned().unwrap_or(self.ours.row(&key)?.after);
            if let (Some(mut fact), Some(kept)) = (merged, winning.row(&key)?.after) {
                copy(&mut fact, &kept, &FACTS);
                changed.push((key, Some(fact)));
            }
        }
        for (key, fact) in changed {
            if self.ours.row(&key)?.after == fact {
                self.plan.puts.remove(&key);
                self.plan.decided.insert(key);
            } else {
                self.plan.puts.insert(key, fact);
            }
        }
        Ok(())
    }
}
