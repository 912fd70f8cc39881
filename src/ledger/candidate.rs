//! Reviewing candidates: confirming one as a new action, merging it into an existing action, or dismissing it.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::{Error, Result};
use crate::ledger::entry::{self, cite};
use crate::ledger::{Action, Entry, Ledger, Link, Logged, catalogue};
use crate::model::{Cite, Date, Details, Feed, Quantity, Review, Stage, StatedCount};
use crate::record::{record, select};

/// The maximum number of a candidate's sources that its action cites: those of the most mentioned reports.
const MAX_SOURCES: usize = 5;

record! {
    /// An act that feeds reported. Fields are named like the columns of the view `candidate_detail`.
    #[derive(Eq)]
    pub struct Candidate {
        /// Its number in this ledger.
        id: i64,
        /// The date of its first report: a day, a month or a year.
        date: String,
        /// The date of its last report.
        until: String,
        /// The earliest day on which a feed added a report of it; `None` if no feed says.
        added: Option<String>,
        /// The code of the party that acted.
        actor: String,
        /// The code of the party that the act was aimed at.
        target: String,
        /// The kind of act.
        kind: String,
        /// Threatened, announced or done.
        stage: Stage,
        /// True if the event codes of all its reports cover more than this kind.
        guessed: bool,
        /// The number of its reports.
        reports: i64,
        /// How often its reports were mentioned, in total.
        mentions: i64,
        /// The result of its review; `None` if it has not been reviewed.
        review: Option<Review>,
        /// The action it was confirmed as or merged into.
        action_id: Option<i64>,
        /// Why it was dismissed.
        reason: Option<String>,
    }
}

record! {
    /// One report of a candidate, as the feed gives it.
    pub struct Reported {
        /// The feed.
        feed: Feed,
        /// The feed's identifier of the event.
        event: String,
        /// The date that the feed gives.
        date: String,
        /// The day on which the feed added it.
        added: Option<String>,
        /// The feed's code for the act.
        code: String,
        /// How often it was mentioned.
        mentions: i64,
        /// The actor as the feed names it.
        actor: Option<String>,
        /// The target as the feed names it.
        target: Option<String>,
        /// The types of the actor; `None`: the state itself.
        actor_type: Option<String>,
        /// The types of the target.
        target_type: Option<String>,
        /// The intensity that the feed gives.
        intensity: Option<f64>,
        /// The place of the act.
        place: Option<String>,
        /// The URL of the report, or its publisher.
        source: Option<String>,
    }
}

/// What the reviewer adds or corrects when a candidate becomes an action. `None` keeps what was reported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Confirmation {
    /// Which of the two parties acted, by any of its names.
    pub actor: Option<String>,
    /// The kind of act.
    pub kind: Option<String>,
    /// The count, which no feed reports.
    pub count: StatedCount,
    /// The date of the act.
    pub date: Option<Date>,
    /// Threatened, announced or done.
    pub stage: Option<Stage>,
    /// Its details, which no feed reports.
    pub details: Details<Option<String>>,
    /// Links to earlier actions.
    pub links: Vec<Link>,
    /// Further sources, which are cited before those of the reports.
    pub sources: Vec<Cite>,
    /// Quantities that are not claims.
    pub quantities: Vec<Quantity>,
}

impl Candidate {
    /// Finds a candidate by its number: `12`, `c12`, or `candidate-12` as in reports.
    ///
    /// # Errors
    /// There is no such candidate.
    pub fn find(conn: &Connection, key: &str) -> Result<Candidate> {
        let text = key.trim().to_lowercase();
        let number = text.strip_prefix("candidate-").or_else(|| text.strip_prefix('c')).unwrap_or(&text);
        let found = match number.parse::<i64>() {
            Ok(id) => conn
                .prepare_cached(&select::<Candidate>("FROM candidate_detail WHERE id = ?"))?
                .query_row([id], Candidate::from_row)
                .optional()?,
            Err(_) => None,
        };
        found.ok_or_else(|| Error::Unknown {
            what: "candidate",
            given: key.to_owned(),
            nearest: Vec::new(),
            way_out: "name a candidate by its number; 'recip candidates' shows the numbers".to_owned(),
        })
    }

    /// Reads its reports, the most mentioned first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn reported(&self, conn: &Connection) -> Result<Vec<Reported>> {
        let mut select = conn.prepare_cached(
            "SELECT r.feed, r.event, date(r.dated * 86400, 'unixepoch') AS date, date(r.added * 86400, 'unixepoch') AS added, r.code,
               r.mentions, r.actor, r.target, r.actor_type, r.target_type, r.intensity, r.place, r.source
             FROM candidate c JOIN feed_report r ON r.series_id = c.series_id AND r.day BETWEEN c.day AND c.last_day
             WHERE c.id = ? ORDER BY r.mentions DESC, r.day, r.id",
        )?;
        let rows = select.query_map([self.id], Reported::from_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The sources that its action cites: those of its most mentioned reports.
    fn sources(&self, conn: &Connection) -> Result<Vec<Cite>> {
        let mut cites: Vec<Cite> = Vec::new();
        for reported in self.reported(conn)? {
            let cite = reported.source.unwrap_or_else(|| format!("{} event {}", reported.feed.as_str().to_uppercase(), reported.event));
            if !cites.iter().any(|c| c.cite == cite) {
                cites.push(Cite::plain(cite));
            }
            if cites.len() == MAX_SOURCES {
                break;
            }
        }
        Ok(cites)
    }

    /// Finds a candidate that has not been reviewed; `verb` says what is about to be done with it.
    fn find_unreviewed(conn: &Connection, key: &str, verb: &str) -> Result<Candidate> {
        let candidate = Candidate::find(conn, key)?;
        let why = match (candidate.review, candidate.action_id) {
            (None, _) => return Ok(candidate),
            (Some(Review::Confirmed), Some(action)) => format!("it has already been confirmed as #{action}"),
            (Some(Review::Merged), Some(action)) => format!("it has already been merged into #{action}"),
            (Some(review), _) => format!("it has already been {review}"),
        };
        let way_out = "'recip undo CHANGE' reverts a review; 'recip history' lists the changes";
        Err(Error::refused(format!("cannot {verb} candidate {}", candidate.id), why, way_out))
    }

    /// Its actor and its target if the named party, one of the two, acted.
    fn direction(&self, conn: &Connection, actor: Option<&str>) -> Result<(&str, &str)> {
        let actor = actor.map(|name| catalogue::find_party(conn, name)).transpose()?.map(|party| party.code);
        match actor.as_deref() {
            Some(actor) if actor == self.target => Ok((&self.target, &self.actor)),
            Some(other) if other != self.actor => Err(Error::invalid(
                "actor",
                other,
                format!("candidate {} is between {} and {}", self.id, self.actor, self.target),
                format!("name one of them, or log the act of {other} with 'recip log'"),
            )),
            _ => Ok((&self.actor, &self.target)),
        }
    }

    fn review(&self, conn: &Connection, review: Review, action: Option<i64>, reason: Option<&str>) -> Result<()> {
        conn.prepare_cached("UPDATE candidate SET review = ?, action_id = ?, reason = ? WHERE id = ?")?
            .execute(params![review, action, reason, self.id])?;
        Ok(())
    }
}

impl Ledger {
    /// Confirms a candidate: logs it as an action that cites the sources of its reports.
    ///
    /// # Errors
    /// The candidate is reviewed already, or the action cannot be logged.
    pub fn confirm(&mut self, key: &str, with: &Confirmation) -> Result<(Candidate, Logged)> {
        self.change(|conn, clock| {
            let candidate = Candidate::find_unreviewed(conn, key, "confirm")?;
            let date = with.date.clone().map_or_else(|| candidate.date.parse(), Ok)?;
            let (actor, target) = candidate.direction(conn, with.actor.as_deref())?;
            let mut entry = Entry::new(actor, target, with.kind.as_deref().unwrap_or(&candidate.kind), date);
            entry.count = with.count;
            entry.stage = with.stage.unwrap_or(candidate.stage);
            entry.details.clone_from(&with.details);
            entry.links.clone_from(&with.links);
            entry.sources.clone_from(&with.sources);
            entry.quantities.clone_from(&with.quantities);
            entry.sources.extend(candidate.sources(conn)?);
            let logged = entry::log(conn, clock, &entry)?;
            candidate.review(conn, Review::Confirmed, Some(logged.id), None)?;
            Ok((candidate, logged))
        })
    }

    /// Merges a candidate into an existing action, which then cites the sources of its reports.
    ///
    /// # Errors
    /// The candidate is reviewed already, or the action does not exist or is voided.
    pub fn merge_candidate(&mut self, key: &str, action: &str) -> Result<(Candidate, Action)> {
        self.change(|conn, _| {
            let candidate = Candidate::find_unreviewed(conn, key, "merge")?;
            let action = Action::find(conn, action)?;
            if action.voided.is_some() {
                return Err(Error::refused(
                    format!("cannot merge candidate {} into {action}", candidate.id),
                    "the action is voided",
                    "confirm the candidate, or name an action that is not voided",
                ));
            }
            cite(conn, action.id, &candidate.sources(conn)?)?;
            candidate.review(conn, Review::Merged, Some(action.id), None)?;
            Ok((candidate, action))
        })
    }

    /// Dismisses candidates, with an optional reason for all. They stay in the ledger and absorb later reports of the same act.
    ///
    /// # Errors
    /// One of them is reviewed already. In that case no candidate is dismissed.
    pub fn dismiss(&mut self, keys: &[String], reason: Option<&str>) -> Result<Vec<Candidate>> {
        self.change(|conn, _| {
            let mut dismissed = Vec::with_capacity(keys.len());
            for key in keys {
                let candidate = Candidate::find_unreviewed(conn, key, "dismiss")?;
                candidate.review(conn, Review::Dismissed, None, reason)?;
                dismissed.push(candidate);
            }
            Ok(dismissed)
        })
    }
}
