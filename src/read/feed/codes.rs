//! Maps the codes of a feed to kinds of act.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use rusqlite::Connection;

use crate::error::{Error, Result};
use crate::ledger::catalogue;
use crate::ledger::load::problems::{Place, Problems};
use crate::model::{Feed, Sign, Stage};
use crate::read::csv::CsvTable;
use crate::read::decode::Text;

use super::reason::{Flaw, Reason};
use super::row::whole;

const CAMEO: &str = include_str!("../../data/cameo.csv");
const PLOVER: &str = include_str!("../../data/plover.csv");

/// The columns of a user's map.
const MAP: [&str; 5] = ["code", "kind", "stage", "guessed", "swapped"];

/// Codes that mean another act in an older code book, each with words that occur in its label in the current book.
const REASSIGNED: [(&str, &[&str]); 7] = [
    ("016", &["deny"]),
    ("124", &["yield"]),
    ("125", &["meet", "discuss", "negotiat"]),
    ("163", &["sanction", "embargo", "boycott"]),
    ("164", &["negotiat"]),
    ("165", &["mediat"]),
    ("166", &["expel", "withdraw"]),
];

/// The act that a code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Coded {
    /// The index of the kind in [`Codes::kinds`].
    pub kind: u16,
    pub stage: Stage,
    /// True if the code covers more than this kind.
    pub guessed: bool,
    /// True if actor and target must be exchanged: in the code for hosting a visit, the actor is the host, whom the ledger has as the target.
    pub swapped: bool,
    /// True if both sides do the act together, so a feed may report it in both directions.
    pub mutual: bool,
}

impl Coded {
    /// The actor and the target as the ledger has them, and whether the feed has them the other way round. A mutual act has no direction,
    /// so the party whose code comes first is its actor, whichever of them the feed names first.
    pub fn in_order(&self, (actor, target): (u16, u16), codes: &[String]) -> ((u16, u16), bool) {
        let exchanged = if self.mutual { codes[usize::from(actor)] > codes[usize::from(target)] } else { self.swapped };
        (if exchanged { (target, actor) } else { (actor, target) }, exchanged)
    }
}

/// The entry of a code in the code book.
#[derive(Debug, Clone, Default)]
struct Entry {
    /// The act it stands for; `None` if it maps to no kind.
    coded: Option<Coded>,
    /// Its weights in GDELT and in ICEWS.
    goldstein: [Option<f64>; 2],
    /// Words of its label, if the code means another act in an older code book.
    label_words: Option<&'static [&'static str]>,
    /// True if both sides do together what the code stands for.
    mutual: bool,
}

/// The code book of a feed.
pub(super) struct Codes {
    book: HashMap<Vec<u8>, Entry>,
    /// The kinds that codes map to, with their signs.
    pub kinds: Vec<(String, Sign)>,
}

impl Codes {
    /// Loads the code book of a feed, as amended by the user's file `map`. A code whose kind the ledger does not have maps to no kind.
    pub fn new(conn: &Connection, feed: Feed, map: Option<&Path>) -> Result<Codes> {
        let mut codes = Codes { book: HashMap::new(), kinds: Vec::new() };
        let table = if feed == Feed::Polecat { PLOVER } else { CAMEO };
        let kinds: HashMap<String, Sign> = catalogue::list_kinds(conn)?.into_iter().map(|k| (k.name, k.sign)).collect();
        for row in csv::Reader::from_reader(table.as_bytes()).into_records() {
            let row = row.map_err(|e| Error::File {
                file: "the built-in code book".to_owned(),
                why: e.to_string(),
                way_out: "install recip again".to_owned(),
            })?;
            let coded = match kinds.get(&row[1]) {
                Some(sign) => Some(Coded {
                    kind: codes.kind(&row[1], *sign),
                    stage: row[2].parse()?,
                    guessed: &row[3] == "1",
                    swapped: &row[4] == "1",
                    mutual: &row[5] == "1",
                }),
                None => None,
            };
            let weight = |n: usize| row.get(n).and_then(|w| w.parse().ok());
            let label_words =
                REASSIGNED.iter().find(|(code, _)| *code == &row[0]).map(|(_, words)| *words).filter(|_| feed != Feed::Polecat);
            let entry = Entry { coded, goldstein: [weight(6), weight(7)], label_words, mutual: &row[5] == "1" };
            codes.book.insert(row[0].as_bytes().to_vec(), entry);
        }
        if let Some(path) = map {
            codes.amend(conn, path)?;
        }
        Ok(codes)
    }

    /// The act that a code stands for; `None` if it maps to no kind. `weight` and `label` are those of the row: they show whether the row
    /// uses an older code book.
    pub fn get(&self, code: &[u8], weight: &[u8], label: &[u8]) -> Result<Option<Coded>, Flaw> {
        let Some(entry) = self.book.get(code).or_else(|| self.book.get(whole(code))) else { return Err(Flaw::bytes(Reason::Code, code)) };
        if let Some(words) = entry.label_words {
            let given = std::str::from_utf8(weight).ok().and_then(|w| w.trim().parse::<f64>().ok());
            let same_weight = given.is_none_or(|g| entry.goldstein.iter().flatten().any(|w| (w - g).abs() < 0.05));
            let label = String::from_utf8_lossy(label).to_lowercase();
            if !same_weight || !(label.is_empty() || words.iter().any(|w| label.contains(w))) {
                return Err(Flaw::bytes(Reason::OldCodeBook, code));
            }
        }
        Ok(entry.coded)
    }

    /// The act that an event coded in PLOVER stands for: by its type and mode, or else by its type alone.
    pub fn get_typed(&self, name: &str) -> Result<Option<Coded>, Flaw> {
        let kind = name.split('/').next().unwrap_or_default();
        match self.book.get(name.as_bytes()).or_else(|| self.book.get(kind.as_bytes())) {
            Some(entry) => Ok(entry.coded),
            None => Err(Flaw::new(Reason::Code, name)),
        }
    }

    /// The codes that map to a kind, in order.
    #[cfg(feature = "parquet")]
    pub fn mapped_codes(&self) -> Vec<(String, Coded)> {
        let mapped = self.book.iter().filter_map(|(code, entry)| Some((String::from_utf8_lossy(code).into_owned(), entry.coded?)));
        let mut mapped: Vec<_> = mapped.collect();
        mapped.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        mapped
    }

    fn kind(&mut self, name: &str, sign: Sign) -> u16 {
        let at = self.kinds.iter().position(|(k, _)| k == name).unwrap_or_else(|| {
            self.kinds.push((name.to_owned(), sign));
            self.kinds.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    /// Changes the code book by the rows of a map: code, kind, stage, guessed, swapped. A code whose kind is empty loses its kind. `19*`
    /// stands for the codes that begin with 19 and get a kind neither from the code book nor from another row of the map.
    fn amend(&mut self, conn: &Connection, path: &Path) -> Result<()> {
        let mut problems = Problems::default();
        let file = path.display().to_string();
        let text = Text::new(Box::new(std::fs::File::open(path).map_err(Error::io("read", path))?), None, true)?;
        let Some(mut table) = CsvTable::open(text, &file, &MAP, &MAP[..2], &mut problems)? else { return Ok(()) };
        let mut of_groups = Vec::new();
        let mut own: HashMap<Vec<u8>, (Place, Option<Coded>)> = HashMap::new();
        while let Some(at) = table.next(&mut problems)? {
            let [code, kind, stage, guessed, swapped] = [0, 1, 2, 3, 4].map(|column| table.cell(column).trim());
            if code.is_empty() {
                problems.add(at, Some("code"), "the code is missing; help: write it with its leading zero");
                continue;
            }
            let coded = match self.mapped(conn, kind, stage, [guessed, swapped]) {
                Ok(coded) => coded,
                Err((column, e)) => {
                    problems.add(at, Some(column), e);
                    continue;
                }
            };
            let (first, before) = *own.entry(code.as_bytes().to_vec()).or_insert((at, coded));
            if before != coded {
                let first = problems.position(first);
                problems.add(at, Some("code"), format!("{first} maps the code {code} otherwise; help: delete one of the two rows"));
                continue;
            }
            match code.strip_suffix('*') {
                Some(group) => of_groups.push((group.as_bytes().to_vec(), coded)),
                None => {
                    let entry = self.book.entry(code.as_bytes().to_vec()).or_default();
                    // A user's mapping applies whatever the weight and label of the row: it has neither weights nor label words. What both sides
                    // do together, they do together under any kind.
                    let mutual = entry.mutual;
                    *entry = Entry { coded: coded.map(|coded| Coded { mutual, ..coded }), mutual, ..Entry::default() };
                }
            }
        }
        // Of several groups that a code belongs to, the smallest decides.
        of_groups.sort_by_key(|(group, _): &(Vec<u8>, _)| std::cmp::Reverse(group.len()));
        let mut decided: HashSet<Vec<u8>> = own.into_keys().collect();
        for (group, coded) in of_groups {
            for (code, entry) in self.book.iter_mut().filter(|(code, entry)| entry.coded.is_none() && code.starts_with(&group)) {
                if decided.insert(code.clone()) {
                    entry.coded = coded;
                }
            }
        }
        problems.result()
    }

    /// The act in a row of the user's map, or the invalid column.
    fn mapped(&mut self, conn: &Connection, kind: &str, stage: &str, flags: [&str; 2]) -> Result<Option<Coded>, (&'static str, Error)> {
        let truth = |column, text: &str| match text.to_lowercase().as_str() {
            "" | "0" | "no" | "false" => Ok(false),
            "1" | "yes" | "true" => Ok(true),
            _ => Err((column, Error::invalid(column, text, "this is not a truth value", "write 0 or 1"))),
        };
        let (guessed, swapped) = (truth("guessed", flags[0])?, truth("swapped", flags[1])?);
        let stage = if stage.is_empty() { Stage::Done } else { stage.parse().map_err(|e| ("stage", e))? };
        if kind.is_empty() {
            return Ok(None);
        }
        let kind = catalogue::find_kind(conn, kind).map_err(|e| ("kind", e))?;
        Ok(Some(Coded { kind: self.kind(&kind.name, kind.sign), stage, guessed, swapped, mutual: false }))
    }
}
