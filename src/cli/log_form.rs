//! The questions of `recip log` on a terminal. Esc goes back to the previous question; at the end the effect is shown before anything is
//! written.

use recip::ledger::entry::detail_as_stored;
use recip::ledger::{Action, Entry, Link, catalogue};
use recip::model::details::{self, NAMES, summary_first};
use recip::model::name::fold;
use recip::model::{Cite, LinkSpec, Relation, Sign, Stage, StatedCount, quantity};
use recip::render::text::visible;
use recip::report::completion::{has_acted, kinds_by_use, parties_by_use};
use recip::report::unanswered::{self, Unanswered};
use recip::report::{Lens, Names, Pair, Selection, collect};
use recip::{Error, Ledger, Result};

use super::echo;
use super::prompt::{Answered, Interruption, Question, choose, choose_several};
use super::session::{Session, message};
use super::typed_date;

/// A question, or a group of questions that are answered together.
#[derive(Debug, Clone, Copy)]
enum Step {
    Actor,
    Target,
    Kind,
    Date,
    Count,
    Stage,
    Claims,
    Links(Relation, &'static str),
    Detail(usize),
    Sources,
    Review,
}

/// The relations that are asked about, after the claims that the act may answer.
const LINKS: [(Relation, &str); 6] = [
    (Relation::Answers, "Which action does it answer? (an id, or 7:20 for a part; Enter for none)"),
    (Relation::Executes, "Which threat or announcement does it carry out? (Enter for none)"),
    (Relation::Reverses, "Which earlier act of the same actor does it reverse? (Enter for none)"),
    (Relation::Waives, "Which act does it decline to answer? (Enter for none)"),
    (Relation::Extends, "Which earlier act of the same actor does it extend, that is, move the deadline of? (Enter for none)"),
    (Relation::Renews, "Which earlier act of the same actor does it renew? (Enter for none)"),
];

const SOURCE: &str = "Source? (a URL or a citation; Enter when done)";

/// Asks for the fields of an entry; `None` if the user cancels with Ctrl-C, or with Esc at the first question.
pub(crate) fn ask(session: &Session) -> Result<Option<Entry>> {
    let ledger = session.read_or_new()?;
    let mut form = Form::new(session, &ledger)?;
    let steps = steps();
    // The places of the questions that were asked: some do not apply to every act.
    let mut asked: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(step) = steps.get(at) {
        if !form.applies(*step)? {
            form.forget(*step);
            at += 1;
            continue;
        }
        match form.ask(*step) {
            Ok(()) => {
                asked.push(at);
                at += 1;
            }
            Err(Interruption::Back) if !asked.is_empty() => at = asked.pop().unwrap_or(0),
            Err(Interruption::Back | Interruption::Cancelled) => {
                message("nothing was logged");
                return Ok(None);
            }
            Err(Interruption::Failed(e)) => return Err(e),
        }
    }
    Ok(Some(form.finished()))
}

fn steps() -> Vec<Step> {
    let first = [Step::Actor, Step::Target, Step::Kind, Step::Date, Step::Count, Step::Stage, Step::Claims];
    let links = LINKS.map(|(relation, question)| Step::Links(relation, question));
    first.into_iter().chain(links).chain((0..NAMES.len()).map(Step::Detail)).chain([Step::Sources, Step::Review]).collect()
}

/// What was answered so far.
struct Form<'s> {
    session: &'s Session,
    ledger: &'s Ledger,
    /// The names of the parties and kinds, the most used first.
    parties: Vec<String>,
    kinds: Vec<String>,
    entry: Entry,
    /// The open claims that were chosen to be answered.
    claims: Vec<Link>,
    /// The unit and the sign of the kind.
    unit: String,
    sign: Sign,
}

impl<'s> Form<'s> {
    fn new(session: &'s Session, ledger: &'s Ledger) -> Result<Form<'s>> {
        let conn = ledger.connection();
        let mut parties = catalogue::list_parties(conn)?;
        first_used(&mut parties, &parties_by_use(conn)?, |party| (&party.code, &party.name));
        let mut kinds = catalogue::list_kinds(conn)?;
        first_used(&mut kinds, &kinds_by_use(conn)?, |kind| (&kind.name, &kind.name));
        Ok(Form {
            session,
            ledger,
            parties: parties.into_iter().map(|party| party.name).collect(),
            kinds: kinds.into_iter().map(|kind| kind.name).collect(),
            entry: Entry::new("", "", "", session.today()),
            claims: Vec::new(),
            unit: String::new(),
            sign: Sign::Hostile,
        })
    }

    /// The entry with all its links.
    fn finished(&self) -> Entry {
        let mut entry = self.entry.clone();
        entry.links.splice(0..0, self.claims.iter().cloned());
        entry
    }

    /// True if the answer to the question can be other than "none".
    fn applies(&self, step: Step) -> Result<bool> {
        let conn = self.ledger.connection();
        let (actor, target) = (&self.entry.actor, &self.entry.target);
        match step {
            Step::Claims => Ok(!self.open_claims()?.is_empty()),
            Step::Links(Relation::Waives, _) if self.sign != Sign::Neutral => Ok(false),
            // Answers and waivers may come from the members of an organisation.
            Step::Links(Relation::Answers | Relation::Waives, _) => has_acted(conn, target, None),
            Step::Links(..) => has_acted(conn, actor, Some(target)),
            _ => Ok(true),
        }
    }

    /// Removes the answer to a question that no longer applies, because the user went back and answered an earlier one otherwise.
    fn forget(&mut self, step: Step) {
        match step {
            Step::Claims => self.claims.clear(),
            Step::Links(relation, _) => self.entry.links.retain(|link| link.relation != relation),
            _ => (),
        }
    }

    fn ask(&mut self, step: Step) -> Answered<()> {
        let conn = self.ledger.connection();
        match step {
            Step::Actor => {
                let question = Question::new("Who acted?").names(&self.parties).given(&self.entry.actor);
                self.entry.actor = question.ask_until(|t| catalogue::find_party(conn, t))?.code;
            }
            Step::Target => {
                let another = |t: &str| match catalogue::find_party(conn, t)? {
                    party if party.code == self.entry.actor => {
                        let what = format!("{} cannot act against itself", party.name);
                        Err(Error::refused(what, "an act has two parties", "name another party"))
                    }
                    party => Ok(party),
                };
                let actor = catalogue::find_party(conn, &self.entry.actor)?.name;
                let others: Vec<String> = self.parties.iter().filter(|name| **name != actor).cloned().collect();
                let question = Question::new("Against whom?").names(&others).given(&self.entry.target);
                self.entry.target = question.ask_until(another)?.code;
            }
            Step::Kind => {
                let question = Question::new("What kind of act?").names(&self.kinds).given(&self.entry.kind);
                let kind = question.ask_until(|t| catalogue::find_kind(conn, t))?;
                (self.entry.kind, self.unit, self.sign) = (kind.name, kind.unit, kind.sign);
            }
            Step::Date => self.entry.date = Question::new("When?").default(self.entry.date.as_str()).ask_until(typed_date::date)?,
            Step::Count => {
                let given = match self.entry.count {
                    StatedCount::Unknown => String::new(),
                    count => count.to_string(),
                };
                let question = format!("How many {}? (Enter if unknown)", self.unit);
                let count = Question::new(&question).given(&given).ask_optional(str::parse::<StatedCount>)?;
                self.entry.count = count.map_or(StatedCount::Unknown, |(_, count)| count);
            }
            Step::Stage => {
                let stages = [Stage::Done, Stage::Announced, Stage::Threatened];
                let at = stages.iter().position(|stage| *stage == self.entry.stage).unwrap_or(0);
                self.entry.stage = stages[choose("Which stage has it reached?", &stages.map(|stage| stage.to_string()), at)?];
            }
            Step::Claims => self.choose_claims()?,
            Step::Links(relation, question) => {
                self.entry.links.retain(|link| link.relation != relation);
                let is_further = relation == Relation::Answers && !self.claims.is_empty();
                let question = if is_further { question.replacen("Which action", "Which other action", 1) } else { question.to_owned() };
                let existing = |t: &str| t.parse::<LinkSpec>().and_then(|spec| Action::find_linked(conn, &spec).map(|_| spec));
                while let Some((_, spec)) = Question::new(&question).ask_optional(existing)? {
                    self.entry.links.push(Link { relation, spec });
                }
            }
            Step::Detail(place) => {
                let date = self.entry.date.clone();
                let details = summary_first(self.entry.details.each_mut());
                if let Some((detail, value)) = details.into_iter().nth(place) {
                    let given = value.clone().unwrap_or_default();
                    let question = Question::new(detail.question).given(&given);
                    let read = |text: &str| {
                        let text = if detail.form == details::Form::Deadline { typed_date::deadline(text)? } else { text.to_owned() };
                        detail_as_stored(conn, detail, &text, &date).map(|_| text)
                    };
                    *value = question.ask_optional(read)?.map(|(_, text)| text);
                }
            }
            Step::Sources => {
                self.entry.sources.clear();
                while let Some((_, source)) = Question::new(SOURCE).ask_optional(str::parse::<Cite>)? {
                    self.entry.sources.push(source);
                }
            }
            Step::Review => self.review()?,
        }
        Ok(())
    }

    /// The claims of the other side that are open on the day of the act and that the act can answer.
    fn open_claims(&self) -> Result<Vec<Unanswered>> {
        if self.sign == Sign::Neutral || self.entry.stage == Stage::Threatened {
            return Ok(Vec::new());
        }
        let (actor, target) = (&self.entry.actor, &self.entry.target);
        let pair = Some(Pair::Both(actor.clone(), target.clone()));
        let lens = Lens::new(self.ledger, &Selection { pair, as_of: Some(self.entry.date.latest()), ..Selection::default() })?;
        let mut claims = collect(|each| unanswered::read(&lens, self.sign, each))?;
        claims.retain(|claim| claim.actor == *target);
        Ok(claims)
    }

    fn choose_claims(&mut self) -> Answered<()> {
        let claims = self.open_claims()?;
        let describe = |claim: &Unanswered| {
            let open = quantity(claim.count.part(claim.open), &claim.unit);
            let summary = claim.summary.as_ref().map_or(String::new(), |summary| format!("; {summary}"));
            visible(&format!("#{} {} {}, {open} open{summary}", claim.id, claim.date, claim.kind)).into_owned()
        };
        let is_chosen = |claim: &Unanswered| self.claims.contains(&Link::answers(&claim.reference));
        let chosen = claims.iter().enumerate().filter(|(_, claim)| is_chosen(claim)).map(|(place, _)| place).collect();
        let chosen = choose_several("Open claims to answer?", &claims.iter().map(describe).collect::<Vec<_>>(), chosen)?;
        self.claims = chosen.into_iter().map(|place| Link::answers(&claims[place].reference)).collect();
        Ok(())
    }

    /// Shows the effect of logging the act, without writing it, and asks whether it is right.
    fn review(&self) -> Answered<()> {
        let entry = self.finished();
        let effect = self.session.write_or_create(true, |ledger| {
            let logged = ledger.log(&entry)?;
            Ok(echo::all_logged(&[logged], &Names::read(ledger.connection())?))
        });
        match effect {
            Ok(effect) => message(&effect),
            Err(e @ (Error::Refused { .. } | Error::Invalid { .. } | Error::Unknown { .. })) => {
                message(&e.to_string());
                return Err(Interruption::Back);
            }
            Err(e) => return Err(e.into()),
        }
        match choose("Log this?", &["Yes, log it", "No, go back", "No, discard it"].map(str::to_owned), 0)? {
            0 => Ok(()),
            1 => Err(Interruption::Back),
            _ => Err(Interruption::Cancelled),
        }
    }
}

/// Puts the names in `used` first, in that order; the others follow in alphabetical order. `key` gives the name in `used`, and the name
/// to compare.
fn first_used<T>(items: &mut [T], used: &[String], key: fn(&T) -> (&String, &String)) {
    items.sort_by_cached_key(|item| {
        let (name, shown) = key(item);
        (used.iter().position(|u| u == name).unwrap_or(usize::MAX), fold(shown))
    });
}
