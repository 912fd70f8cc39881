//! Implausible facts: `log`, `answer`, `edit` and `import` question them, and `recip check` lists them.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use crate::error::Result;
use crate::ledger::catalogue;
use crate::ledger::{Action, Entry, Ledger};
use crate::model::name::with_article;
use crate::model::{Date, Day, Stage, StatedCount, deadline};
use crate::record::ReadColumn;

/// States that ended, each with a state that followed it. Of several pairs, those count whose other state existed on the day.
const SUCCESSORS: [(&str, &str); 11] = [
    ("SUN", "RUS"),
    ("YUG", "SRB"),
    ("YUG", "SCG"),
    ("SCG", "SRB"),
    ("SCG", "MNE"),
    ("YUG", "HRV"),
    ("YUG", "SVN"),
    ("CSK", "CZE"),
    ("CSK", "SVK"),
    ("DDR", "DEU"),
    ("YMD", "YEM"),
];

/// States that became independent, each with the state that it was part of before.
const SEPARATED: [(&str, &str); 17] = [
    ("UKR", "SUN"),
    ("BLR", "SUN"),
    ("MDA", "SUN"),
    ("GEO", "SUN"),
    ("ARM", "SUN"),
    ("AZE", "SUN"),
    ("KAZ", "SUN"),
    ("KGZ", "SUN"),
    ("TJK", "SUN"),
    ("TKM", "SUN"),
    ("UZB", "SUN"),
    ("BGD", "PAK"),
    ("SSD", "SDN"),
    ("SGP", "MYS"),
    ("XKX", "SRB"),
    ("XKX", "SCG"),
    ("XKX", "YUG"),
];

/// One doubt about an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// The type of doubt: the code of the finding in `recip check`.
    pub code: &'static str,
    /// What is doubtful, in a sentence about the action.
    pub what: String,
    /// What to do if it is wrong; `ID` stands for the action.
    help: String,
}

impl Doubt {
    fn new(code: &'static str, what: String, help: impl Into<String>) -> Doubt {
        Doubt { code, what, help: help.into() }
    }

    /// What to do if the action with this id is wrong.
    pub fn help(&self, id: i64) -> String {
        self.help.replace("ID", &id.to_string())
    }
}

/// The parts of an action that can be doubtful.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Act<'a> {
    pub date: &'a Date,
    pub stage: Stage,
    /// The code of the actor.
    pub actor: &'a str,
    /// The code of the target.
    pub target: &'a str,
    /// The deadline as stored; empty: there is none.
    pub deadline: &'a str,
}

/// When a party existed.
#[derive(Debug)]
struct Lifetime {
    name: String,
    since: Option<Date>,
    until: Option<Date>,
}

impl Lifetime {
    /// What is wrong with naming the party on any day of this date; `None` if it may have existed.
    fn missing(&self, date: &Date) -> Option<String> {
        let why = match (&self.since, &self.until) {
            (Some(since), _) if date.latest() < since.earliest() => format!("it began {}", on(since)),
            (_, Some(until)) if date.earliest() > until.latest() => format!("it ended {}", on(until)),
            _ => return None,
        };
        Some(format!("{} did not exist {}: {why}", with_article(&self.name), on(date)))
    }
}

/// A date in a sentence: `on 2016-12-29`, `in 2016-12`.
fn on(date: &Date) -> String {
    format!("{} {date}", if date.earliest() == date.latest() { "on" } else { "in" })
}

/// The lookups that the doubts about acts need.
#[derive(Debug)]
pub(crate) struct Doubts {
    today: Day,
    /// By code, the parties that a suggestion can name or that did not always exist.
    lifetimes: HashMap<String, Lifetime>,
}

impl Doubts {
    /// Reads the lifetimes of the parties.
    pub fn new(conn: &Connection, today: Day) -> Result<Doubts> {
        let mut lifetimes = HashMap::new();
        let mut select = conn.prepare("SELECT code, name, since, until FROM main.party")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let code: String = row.read("code")?;
            // The schema forbids invalid dates; if one is there nevertheless, it is ignored.
            let date = |column| Ok::<_, rusqlite::Error>(row.read::<Option<String>>(column)?.and_then(|text| text.parse().ok()));
            let lifetime = Lifetime { name: row.read("name")?, since: date(2)?, until: date(3)? };
            let can_be_meant = SUCCESSORS.iter().chain(&SEPARATED).any(|(old, new)| [*old, *new].contains(&&*code));
            if lifetime.since.is_some() || lifetime.until.is_some() || can_be_meant {
                lifetimes.insert(code, lifetime);
            }
        }
        Ok(Doubts { today, lifetimes })
    }

    /// The doubts about an act by itself.
    pub fn of(&self, act: &Act<'_>) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        if act.stage == Stage::Done && act.date.earliest() > self.today {
            let what = format!("it is done, but its date {} is after today, {}", act.date, self.today);
            doubts.push(Doubt::new(
                "done-in-future",
                what,
                "correct its date (recip edit ID --on DATE), or its stage: recip edit ID --stage announced",
            ));
        }
        if act.deadline.get(..10).and_then(|day| day.parse::<Day>().ok()).is_some_and(|day| day < act.date.earliest()) {
            let what = format!("its deadline {} is before its date {}", act.deadline, act.date);
            doubts.push(Doubt::new(
                "deadline-before-act",
                what,
                "correct its deadline (recip edit ID --deadline DEADLINE), or its date: recip edit ID --on DATE",
            ));
        }
        doubts.extend(
            [("actor", act.actor, act.target), ("target", act.target, act.actor)].into_iter().filter_map(|of| self.party(of, act.date)),
        );
        doubts
    }

    /// The doubt that a party did not exist. The party on the other side of the act cannot be meant.
    fn party(&self, (side, code, opposite): (&str, &str, &str), date: &Date) -> Option<Doubt> {
        let missing = self.lifetimes.get(code)?.missing(date)?;
        let others = SUCCESSORS.iter().filter_map(|(old, new)| match code {
            _ if code == *old => Some(*new),
            _ if code == *new => Some(*old),
            _ => None,
        });
        let others = others.chain(SEPARATED.iter().filter(|(part, _)| code == *part).map(|(_, whole)| *whole));
        let existed: Vec<(&str, &Lifetime)> = others
            .filter_map(|other| Some((other, self.lifetimes.get(other)?)))
            .filter(|(other, lifetime)| *other != opposite && lifetime.missing(date).is_none())
            .collect();
        let names: Vec<String> = existed.iter().map(|(code, lifetime)| format!("{} ({code})", with_article(&lifetime.name))).collect();
        let (what, other) = match existed[..] {
            [] => (missing, "PARTY"),
            [(other, _)] => (format!("{missing}; did you mean {}?", names[0]), other),
            _ => (format!("{missing}; did you mean {}?", names.join(" or ")), "PARTY"),
        };
        let help = format!("correct its {side} (recip edit ID --{side} {other}), or its date: recip edit ID --on DATE");
        Some(Doubt::new("party-did-not-exist", what, help))
    }
}

impl Ledger {
    /// The doubts about each entry that is to be logged, including that the same act is already in the ledger.
    ///
    /// # Errors
    /// A name or a detail of an entry is wrong, as for [`Ledger::log`].
    pub fn doubts(&self, entries: &[Entry]) -> Result<Vec<Vec<Doubt>>> {
        let conn = self.connection();
        let doubts = Doubts::new(conn, self.clock().today())?;
        entries.iter().map(|entry| of_entry(conn, &doubts, entry)).collect()
    }
}

fn of_entry(conn: &Connection, doubts: &Doubts, entry: &Entry) -> Result<Vec<Doubt>> {
    let (actor, target) = (catalogue::find_party(conn, &entry.actor)?.code, catalogue::find_party(conn, &entry.target)?.code);
    let deadline = entry.details.deadline.as_ref().map_or(Ok(String::new()), |text| deadline::parse(text, &entry.date))?;
    let mut found = doubts.of(&Act { date: &entry.date, stage: entry.stage, actor: &actor, target: &target, deadline: &deadline });
    if entry.reference.is_none() {
        let kind = catalogue::find_kind(conn, &entry.kind)?.name;
        let (dispute, place) = (entry.details.dispute.as_deref(), entry.details.place.as_deref());
        let same = SameAct {
            id: 0,
            actor: &actor,
            target: &target,
            kind: &kind,
            stage: entry.stage,
            date: &entry.date,
            count: entry.count,
            dispute,
            place,
        };
        found.extend(same.logged_twice(conn)?);
    }
    Ok(found)
}

/// What makes two actions probably the same act.
struct SameAct<'a> {
    /// The id of the action; 0: it is not in the ledger yet.
    id: i64,
    actor: &'a str,
    target: &'a str,
    kind: &'a str,
    stage: Stage,
    date: &'a Date,
    count: StatedCount,
    dispute: Option<&'a str>,
    place: Option<&'a str>,
}

impl SameAct<'_> {
    /// The doubt that the act is in the ledger as another action: with the same date, parties, kind, count and stage, and no other dispute or
    /// place.
    fn logged_twice(&self, conn: &Connection) -> Result<Option<Doubt>> {
        let mut select = conn.prepare_cached(
            "SELECT max(id) FROM action WHERE actor = ?1 AND target = ?2 AND kind = ?3 AND stage = ?4 AND day = ?5 AND voided IS NULL AND id <> ?11
               AND date = ?6 AND count IS ?7 AND count_words IS ?8
               AND (dispute IS NULL OR dispute = coalesce(lower(?9), dispute)) AND (place IS NULL OR place = coalesce(?10, place))",
        )?;
        let (day, count, words) = (self.date.earliest().0, self.count.number(), self.count.words());
        let values = params![
            self.actor,
            self.target,
            self.kind,
            self.stage,
            day,
            self.date.as_str(),
            count,
            words,
            self.dispute,
            self.place,
            self.id
        ];
        let twin: Option<i64> = select.query_row(values, |row| row.get(0))?;
        Ok(twin.map(|twin| {
            Doubt::new(
                "logged-twice",
                format!("#{twin} has the same date, parties, kind, count and stage: one act may have been logged twice"),
                format!("compare them with 'recip show'; if they are the same act: recip void ID --reason \"the same act as #{twin}\""),
            )
        }))
    }
}

/// The doubts about an action as it is now that did not arise about it as it was before.
pub(super) fn raised(conn: &Connection, today: Day, before: &Action, after: &Action) -> Result<Vec<Doubt>> {
    let doubts = Doubts::new(conn, today)?;
    let of = |action: &Action| {
        let Action { id, actor, target, kind, stage, count, details, .. } = action;
        let date: Date = action.date.parse()?;
        let deadline = details.deadline.as_deref().unwrap_or_default();
        let mut found = doubts.of(&Act { date: &date, stage: *stage, actor, target, deadline });
        let (dispute, place) = (details.dispute.as_deref(), details.place.as_deref());
        let same = SameAct { id: *id, actor, target, kind, stage: *stage, date: &date, count: *count, dispute, place };
        found.extend(same.logged_twice(conn)?);
        Ok::<_, crate::Error>(found)
    };
    let known = of(before)?;
    Ok(of(after)?.into_iter().filter(|doubt| !known.contains(doubt)).collect())
}
