//! The parties, kinds and stages that cells name, and the words that are not known.

use crate::error::Result;
use crate::ledger::load::names::Names;
use crate::model::Day;
use crate::model::name::fold;

use super::words::{KINDS, STAGES, meaning};

/// A word of a sheet and what it means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Word {
    /// `party`, `kind` or `stage`.
    pub field: String,
    pub word: String,
    /// What it means; empty if that is not known.
    pub means: String,
    /// The most similar names.
    pub nearest: String,
    /// The rows in which it stands.
    pub rows: Vec<String>,
}

/// The names of the ledger, and the words of a sheet.
pub(super) struct Known<'l> {
    names: Names<'l>,
    pub words: Vec<Word>,
    /// The day of the row that is read, for code books.
    pub day: Option<Day>,
    /// The name of the sheet that is read, with a colon, if there are several.
    pub sheet: String,
}

/// A party as a cell names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Party {
    pub name: String,
    /// Its code; the name if no party is known by it.
    pub code: String,
    /// How it is written in a table of actions.
    pub written: String,
}

impl Party {
    /// A party that is not known by its name.
    pub fn unknown(name: &str) -> Party {
        let name = name.to_owned();
        Party { code: name.clone(), written: name.clone(), name }
    }
}

/// What separates parties in a cell.
const SEPARATORS: [&str; 10] = [";", "\n", "/", " and ", " & ", " und ", " et ", " y ", " и ", ","];

impl<'l> Known<'l> {
    pub fn new(names: Names<'l>, words: Vec<Word>) -> Known<'l> {
        Known { names, words, day: None, sheet: String::new() }
    }

    /// The code of the party that a text names, if the ledger or the words know it.
    pub fn party(&mut self, text: &str) -> Result<Option<String>> {
        let text = text.trim();
        if text.is_empty() || text.chars().all(|c| c.is_ascii_digit()) {
            return Ok(None);
        }
        let means =
            self.words.iter().find(|known| known.field == "party" && fold(&known.word) == fold(text)).map(|known| known.means.clone());
        let text = means.filter(|means| !means.is_empty()).unwrap_or_else(|| text.to_owned());
        Ok(self.names.party(&text, self.day)?.ok().map(|party| self.names.code(party).to_owned()))
    }

    fn found(&self, name: &str, code: String) -> Result<Party> {
        Ok(Party { name: name.trim().to_owned(), written: self.names.written(&code)?, code })
    }

    /// The parties of a cell, each as it is named and by its code; or those names in it that are not known.
    pub fn parties(&mut self, cell: &str, row: u32) -> Result<std::result::Result<Vec<Party>, Vec<String>>> {
        let bare = cell.split(['[', '*', '†']).next().unwrap_or(cell).trim();
        if let Some(code) = self.party(bare)? {
            self.word("party", bare, row);
            return Ok(Ok(vec![self.found(bare, code)?]));
        }
        for separator in SEPARATORS {
            let parts: Vec<&str> = bare.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect();
            if parts.len() < 2 {
                continue;
            }
            let found = parts.iter().map(|part| self.parties_known(part)).collect::<Result<Vec<_>>>()?;
            // A semicolon and a line feed stand in no name.
            if found.iter().any(Option::is_some) || matches!(separator, ";" | "\n") {
                let unknown: Vec<String> =
                    parts.iter().zip(&found).filter(|(_, f)| f.is_none()).map(|(part, _)| (*part).to_owned()).collect();
                for part in &unknown {
                    self.ask("party", part, row)?;
                }
                return Ok(if unknown.is_empty() { Ok(found.into_iter().flatten().flatten().collect()) } else { Err(unknown) });
            }
        }
        self.ask("party", bare, row)?;
        Ok(Err(vec![bare.to_owned()]))
    }

    /// The parties of a part of a cell, if all of them are known: `Denmark, Sweden`.
    fn parties_known(&mut self, text: &str) -> Result<Option<Vec<Party>>> {
        if let Some(code) = self.party(text)? {
            return Ok(Some(vec![self.found(text, code)?]));
        }
        for separator in SEPARATORS {
            if let Some((first, rest)) = text.split_once(separator)
                && let Some(code) = self.party(first)?
                && let Some(mut others) = self.parties_known(rest.trim())?
            {
                others.insert(0, self.found(first, code)?);
                return Ok(Some(others));
            }
        }
        Ok(None)
    }

    /// The kind that a text names.
    pub fn kind(&mut self, text: &str, row: u32) -> Result<Option<String>> {
        if let Some(means) = self.word("kind", text, row) {
            return Ok(Some(means));
        }
        if let Some(kind) = self.kind_named(text)? {
            return Ok(Some(kind));
        }
        match meaning(text, KINDS) {
            Some(kind) if self.kind_named(kind)?.is_some() => {
                self.note("kind", text, row, kind, &[]);
                Ok(Some(kind.to_owned()))
            }
            _ => {
                self.ask("kind", text, row)?;
                Ok(None)
            }
        }
    }

    fn kind_named(&mut self, text: &str) -> Result<Option<String>> {
        Ok(self.names.kind(text)?.ok().map(|kind| self.names.facts(kind).name.clone()))
    }

    /// The stage that a text names.
    pub fn stage(&mut self, text: &str, row: u32) -> Option<String> {
        let known = self.word("stage", text, row);
        known.or_else(|| {
            let means = meaning(text, STAGES);
            self.note("stage", text, row, means.unwrap_or_default(), &[]);
            means.map(str::to_owned)
        })
    }

    /// What a word means that a person explained.
    fn word(&mut self, field: &str, word: &str, row: u32) -> Option<String> {
        let place = format!("{}{row}", self.sheet);
        let found = self.words.iter_mut().find(|known| known.field == field && fold(&known.word) == fold(word))?;
        if found.rows.last() != Some(&place) {
            found.rows.push(place);
        }
        Some(found.means.clone()).filter(|means| !means.is_empty())
    }

    /// Notes the use of a word that a person has to see: what it is taken to mean, or that it is not known.
    fn note(&mut self, field: &str, word: &str, row: u32, means: &str, nearest: &[String]) {
        self.word(field, word, row);
        if !self.words.iter().any(|known| known.field == field && fold(&known.word) == fold(word)) {
            let [field, word, means] = [field, word, means].map(str::to_owned);
            self.words.push(Word { field, word, means, nearest: nearest.join(" | "), rows: vec![format!("{}{row}", self.sheet)] });
        }
    }

    /// Notes a word that is not known.
    fn ask(&mut self, field: &str, word: &str, row: u32) -> Result<()> {
        let nearest = if field == "party" { self.names.nearest_parties(word)? } else { self.names.nearest_kinds(word)? };
        self.note(field, word, row, "", &nearest);
        Ok(())
    }
}
