//! Which code of a feed is which kind of act.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use rusqlite::Connection;

use crate::error::{Error, Result, RowError};
use crate::ledger::catalogue;
use crate::model::{Feed, Sign, Stage};

use super::reason::{Flaw, Reason};

const CAMEO: &str = include_str!("../../data/cameo.csv");
const PLOVER: &str = include_str!("../../data/plover.csv");

/// Codes that an older code book gives other acts, and a word of each act's label in the book of today.
const MOVED: [(&str, &[&str]); 7] = [
    ("016", &["deny"]),
    ("124", &["yield"]),
    ("125", &["meet", "discuss", "negotiat"]),
    ("163", &["sanction", "embargo", "boycott"]),
    ("164", &["negotiat"]),
    ("165", &["mediat"]),
    ("166", &["expel", "withdraw"]),
];

/// What a code is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Coded {
    /// The number of the kind in [`Codes::kinds`].
    pub kind: u16,
    pub stage: Stage,
    /// The code covers more than the kind.
    pub guessed: bool,
    /// Actor and target change places: hosting a visit is the other side of making it.
    pub swapped: bool,
}

/// What is known of a code.
#[derive(Debug, Clone, Default)]
struct Entry {
    coded: Option<Coded>,
    /// Its weights in the tables of GDELT and of ICEWS.
    goldstein: [Option<f64>; 2],
    /// Words of its label, where an older code book has another act under it.
    moved: Option<&'static [&'static str]>,
}

/// The code book of a feed.
pub(super) struct Codes {
    book: HashMap<Vec<u8>, Entry>,
    /// The kinds that codes are taken for, with their signs.
    pub kinds: Vec<(String, Sign)>,
}

impl Codes {
    /// The book of a feed, amended by the file of the user's own. A kind that the ledger no longer has is none.
    pub fn new(conn: &Connection, feed: Feed, map: Option<&Path>) -> Result<Codes> {
        let mut codes = Codes { book: HashMap::new(), kinds: Vec::new() };
        let table = if feed == Feed::Polecat { PLOVER } else { CAMEO };
        let kinds: HashMap<String, Sign> = catalogue::list_kinds(conn)?.into_iter().map(|k| (k.name, k.sign)).collect();
        for row in csv::Reader::from_reader(table.as_bytes()).into_records() {
            let row = row.map_err(|e| Error::File {
                file: "the built-in code book".to_owned(),
                why: e.to_string(),
                way_out: "build recip anew".to_owned(),
            })?;
            let coded = match kinds.get(&row[1]) {
                Some(sign) => Some(Coded {
                    kind: codes.kind(&row[1], *sign),
                    stage: row[2].parse()?,
                    guessed: &row[3] == "1",
                    swapped: &row[4] == "1",
                }),
                None => None,
            };
            let weight = |n: usize| row.get(n).and_then(|w| w.parse().ok());
            let moved = MOVED.iter().find(|(code, _)| *code == &row[0]).map(|(_, words)| *words).filter(|_| feed != Feed::Polecat);
            codes.book.insert(row[0].as_bytes().to_vec(), Entry { coded, goldstein: [weight(5), weight(6)], moved });
        }
        if let Some(path) = map {
            codes.amend(conn, path)?;
        }
        Ok(codes)
    }

    /// What a code is taken for; `None`: it is of no kind.
    pub fn get(&self, code: &[u8], weight: &[u8], label: &[u8]) -> Result<Option<Coded>, Flaw> {
        let Some(entry) = self.book.get(code) else { return Err(Flaw::bytes(Reason::Code, code)) };
        if let Some(words) = entry.moved {
            let given = std::str::from_utf8(weight).ok().and_then(|w| w.trim().parse::<f64>().ok());
            let weighs = given.is_none_or(|g| entry.goldstein.iter().flatten().any(|w| (w - g).abs() < 0.05));
            let label = String::from_utf8_lossy(label).to_lowercase();
            if !weighs || !(label.is_empty() || words.iter().any(|w| label.contains(w))) {
                return Err(Flaw::bytes(Reason::OldCodeBook, code));
            }
        }
        Ok(entry.coded)
    }

    /// What an event of PLOVER is taken for: by its type and mode, else by its type.
    pub fn get_typed(&self, name: &str) -> Result<Option<Coded>, Flaw> {
        let kind = name.split('/').next().unwrap_or_default();
        match self.book.get(name.as_bytes()).or_else(|| self.book.get(kind.as_bytes())) {
            Some(entry) => Ok(entry.coded),
            None => Err(Flaw::new(Reason::Code, name)),
        }
    }

    fn kind(&mut self, name: &str, sign: Sign) -> u16 {
        let at = self.kinds.iter().position(|(k, _)| k == name).unwrap_or_else(|| {
            self.kinds.push((name.to_owned(), sign));
            self.kinds.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    /// Reads rows of code, kind, stage, guessed, swapped. A code without a kind is not taken.
    fn amend(&mut self, conn: &Connection, path: &Path) -> Result<()> {
        let name = path.display().to_string();
        let bad = |line: u64, message: String| Error::Rows {
            file: name.clone(),
            bad: vec![RowError { file: name.clone(), line, column: None, message }],
            more: 0,
        };
        let file = std::fs::File::open(path).map_err(Error::io("read", path))?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(file);
        let head = reader.headers().map_err(|e| bad(1, e.to_string()))?.clone();
        let known: HashSet<&str> = ["code", "kind", "stage", "guessed", "swapped"].into();
        if let Some(other) = head.iter().find(|h| !known.contains(h)) {
            return Err(bad(1, format!("there is no column '{other}' in a map; help: code,kind,stage,guessed,swapped")));
        }
        let column = |name: &str| head.iter().position(|h| h == name);
        let (Some(code_at), Some(kind_at)) = (column("code"), column("kind")) else {
            return Err(bad(1, "a map has the columns code and kind; help: code,kind,stage,guessed,swapped".to_owned()));
        };
        for row in reader.records() {
            let row = row.map_err(|e| bad(e.position().map_or(0, csv::Position::line), e.to_string()))?;
            let line = row.position().map_or(0, csv::Position::line);
            let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or_default();
            let code = cell(Some(code_at));
            if code.is_empty() {
                return Err(bad(line, "a row of a map has a code, as a text with its leading zero".to_owned()));
            }
            let truth = |text: &str| match text {
                "" | "0" | "no" | "false" => Ok(false),
                "1" | "yes" | "true" => Ok(true),
                other => Err(bad(line, format!("'{other}' is neither 0 nor 1"))),
            };
            let (guessed, swapped) = (truth(cell(column("guessed")))?, truth(cell(column("swapped")))?);
            let stage = match cell(column("stage")) {
                "" => Stage::Done,
                text => text.parse().map_err(|e: Error| bad(line, e.to_string()))?,
            };
            let coded = match cell(Some(kind_at)) {
                "" => None,
                kind => {
                    let kind = catalogue::find_kind(conn, kind).map_err(|e| bad(line, e.to_string()))?;
                    Some(Coded { kind: self.kind(&kind.name, kind.sign), stage, guessed, swapped })
                }
            };
            // What the user says is not held against the book.
            self.book.insert(code.as_bytes().to_vec(), Entry { coded, ..Entry::default() });
        }
        Ok(())
    }
}
