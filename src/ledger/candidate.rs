//! Reviewing candidates: one becomes an action, tells of an action that is there, or is dismissed.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::ledger::entry::{self, cite};
use crate::ledger::{Action, Entry, Ledger, Link, Logged};
use crate::model::count::Count;
use crate::model::{Cite, Date, Feed, Review, Stage};

/// How many of a candidate's sources go with it into an action: those of the most mentioned reports.
const SOURCES: usize = 5;

/// An action that feeds reported. Field names are the columns of the view `candidate_detail`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// For typing.
    pub id: i64,
    /// The day, month or year of its first report.
    pub date: String,
    /// That of its last report.
    pub until: String,
    /// The earliest day that a feed added a report of it; `None`: none says.
    pub added: Option<String>,
    /// Who acted: a party's code.
    pub actor: String,
    /// Against whom: a party's code.
    pub target: String,
    /// What sort of act.
    pub kind: String,
    /// How far it has come.
    pub stage: Stage,
    /// True where the codes of all its reports cover more than this kind.
    pub guessed: bool,
    /// How many reports it has.
    pub reports: i64,
    /// How often they were mentioned.
    pub mentions: i64,
    /// What somebody made of it; `None`: nobody has reviewed it.
    pub review: Option<Review>,
    /// The action it was confirmed as or merged into.
    pub action_id: Option<i64>,
    /// Why it was dismissed.
    pub reason: Option<String>,
}

/// One report of a candidate, as the feed has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reported {
    /// The feed.
    pub feed: Feed,
    /// The feed's own identifier.
    pub event: String,
    /// The day the feed gives.
    pub date: String,
    /// The day the feed added it.
    pub added: Option<String>,
    /// The feed's code of the act.
    pub code: String,
    /// How often it was mentioned.
    pub mentions: i64,
    /// The actor as the feed calls it.
    pub actor: Option<String>,
    /// The target as the feed calls it.
    pub target: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// The address it was found at, or the publisher.
    pub source: Option<String>,
}

/// What a person knows better than the feed, when a candidate becomes an action. `None` takes what was reported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Confirmation {
    /// What sort of act.
    pub kind: Option<String>,
    /// How many: no feed says.
    pub count: Option<Count>,
    /// When.
    pub date: Option<Date>,
    /// How far it has come.
    pub stage: Option<Stage>,
    /// The body that acted.
    pub by: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// The case it belongs to.
    pub dispute: Option<String>,
    /// What happened, in a line.
    pub summary: Option<String>,
    /// What it bears on.
    pub links: Vec<Link>,
    /// Sources before those of the reports.
    pub sources: Vec<Cite>,
}

impl Candidate {
    /// The candidate that people call `key`: `12`, `c12`, or `candidate-12` as reports name it.
    ///
    /// # Errors
    /// There is none.
    pub fn find(conn: &Connection, key: &str) -> Result<Candidate> {
        let text = key.trim().to_lowercase();
        let number = text.strip_prefix("candidate-").or_else(|| text.strip_prefix('c')).unwrap_or(&text);
        let found = match number.parse::<i64>() {
            Ok(id) => {
                conn.prepare_cached("SELECT * FROM candidate_detail WHERE id = ?")?.query_row([id], Candidate::from_row).optional()?
            }
            Err(_) => None,
        };
        found.ok_or_else(|| Error::Unknown {
            what: "candidate",
            given: key.to_owned(),
            nearest: Vec::new(),
            way_out: "name it by its number; 'recip candidates' shows them".to_owned(),
        })
    }

    /// Reads a row of `candidate_detail`.
    pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Candidate> {
        Ok(Candidate {
            id: row.get("id")?,
            date: row.get("date")?,
            until: row.get("until")?,
            added: row.get("added")?,
            actor: row.get("actor")?,
            target: row.get("target")?,
            kind: row.get("kind")?,
            stage: row.get("stage")?,
            guessed: row.get("guessed")?,
            reports: row.get("reports")?,
            mentions: row.get("mentions")?,
            review: row.get("review")?,
            action_id: row.get("action_id")?,
            reason: row.get("reason")?,
        })
    }

    /// The reports it was folded from, the most mentioned first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn reported(&self, conn: &Connection) -> Result<Vec<Reported>> {
        let mut select = conn.prepare_cached(
            "SELECT r.feed, r.event, date(r.dated * 86400, 'unixepoch') AS date, date(r.added * 86400, 'unixepoch') AS added, r.code,
               r.mentions, r.actor, r.target, r.place, r.source
             FROM candidate c JOIN feed_report r ON r.series_id = c.series_id AND r.day BETWEEN c.day AND c.last_day
             WHERE c.id = ? ORDER BY r.mentions DESC, r.day, r.id",
        )?;
        let rows = select.query_map([self.id], |row| {
            Ok(Reported {
                feed: row.get("feed")?,
                event: row.get("event")?,
                date: row.get("date")?,
                added: row.get("added")?,
                code: row.get("code")?,
                mentions: row.get("mentions")?,
                actor: row.get("actor")?,
                target: row.get("target")?,
                place: row.get("place")?,
                source: row.get("source")?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Where it is told: what its most mentioned reports give, at most five.
    fn sources(&self, conn: &Connection) -> Result<Vec<Cite>> {
        let mut cites: Vec<Cite> = Vec::new();
        for reported in self.reported(conn)? {
            let cite = reported.source.unwrap_or_else(|| format!("{} event {}", reported.feed.as_str().to_uppercase(), reported.event));
            if !cites.iter().any(|c| c.cite == cite) {
                cites.push(Cite { cite, says_date: None, says_count: None });
            }
            if cites.len() == SOURCES {
                break;
            }
        }
        Ok(cites)
    }

    fn open(conn: &Connection, key: &str, verb: &str) -> Result<Candidate> {
        let candidate = Candidate::find(conn, key)?;
        let made = match (candidate.review, candidate.action_id) {
            (None, _) => return Ok(candidate),
            (Some(review), Some(action)) => format!("it was {review} already: it is in action #{action}"),
            (Some(review), None) => format!("it was {review} already"),
        };
        Err(Error::refused(format!("{verb} candidate {}", candidate.id), made, "'recip undo' takes a review back"))
    }

    fn review(&self, conn: &Connection, review: Review, action: Option<i64>, reason: Option<&str>) -> Result<()> {
        conn.prepare_cached("UPDATE candidate SET review = ?, action_id = ?, reason = ? WHERE id = ?")?
            .execute(params![review, action, reason, self.id])?;
        Ok(())
    }
}

impl Ledger {
    /// Makes a candidate an action, logged as any other, with the sources of its reports.
    ///
    /// # Errors
    /// It is reviewed already, or the action cannot be logged.
    pub fn confirm(&mut self, key: &str, with: &Confirmation) -> Result<(Candidate, Logged)> {
        self.change(|conn, clock| {
            let candidate = Candidate::open(conn, key, "confirm")?;
            let date = with.date.clone().map_or_else(|| candidate.date.parse(), Ok)?;
            let mut entry = Entry::new(&candidate.actor, &candidate.target, with.kind.as_deref().unwrap_or(&candidate.kind), date);
            entry.count = with.count;
            entry.stage = with.stage.unwrap_or(candidate.stage);
            entry.by.clone_from(&with.by);
            entry.place.clone_from(&with.place);
            entry.dispute.clone_from(&with.dispute);
            entry.summary.clone_from(&with.summary);
            entry.links.clone_from(&with.links);
            entry.sources.clone_from(&with.sources);
            entry.sources.extend(candidate.sources(conn)?);
            let logged = entry::log(conn, clock, &entry)?;
            candidate.review(conn, Review::Confirmed, Some(logged.id), None)?;
            Ok((candidate, logged))
        })
    }

    /// Says that a candidate tells of an action that is there: the sources of its reports are cited for it.
    ///
    /// # Errors
    /// It is reviewed already, or there is no such action, or the action is voided.
    pub fn merge(&mut self, key: &str, action: &str) -> Result<(Candidate, Action)> {
        self.change(|conn, _| {
            let candidate = Candidate::open(conn, key, "merge")?;
            let action = Action::find(conn, action)?;
            if action.voided.is_some() {
                return Err(Error::refused(
                    format!("merge candidate {} into {action}", candidate.id),
                    "the action is voided",
                    "confirm the candidate, or name the action that stands",
                ));
            }
            cite(conn, action.id, &candidate.sources(conn)?)?;
            candidate.review(conn, Review::Merged, Some(action.id), None)?;
            Ok((candidate, action))
        })
    }

    /// Dismisses candidates, all for one reason or without. They are kept, and take in their repeats.
    ///
    /// # Errors
    /// One is reviewed already: then none is dismissed.
    pub fn dismiss(&mut self, keys: &[String], reason: Option<&str>) -> Result<Vec<Candidate>> {
        self.change(|conn, _| {
            let mut dismissed = Vec::with_capacity(keys.len());
            for key in keys {
                let candidate = Candidate::open(conn, key, "dismiss")?;
                candidate.review(conn, Review::Dismissed, None, reason)?;
                dismissed.push(candidate);
            }
            Ok(dismissed)
        })
    }
}
