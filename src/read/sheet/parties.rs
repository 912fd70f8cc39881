//! The parties, kinds and stages that cells name, and the words that are not known.

use std::sync::LazyLock;

use crate::error::Result;
use crate::ledger::load::names::Names;
use crate::model::name::fold;
use crate::model::{Day, Stage};

use super::acts::{self, Act, Doubt};
use super::amount;
use super::counted;
use super::proposal::place;
use super::question::Question;
use super::who_acts::{Sides, names_party, national, sides};
use super::words::{self, terms};

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
    /// Its own count, if the cell gives it in brackets: `Germany (4)`.
    pub count: Option<String>,
    /// What the cell says of it besides, in brackets: `USA (by note)`.
    pub remark: Option<String>,
}

impl Party {
    /// A party that is not known by its name.
    pub fn unknown(name: &str) -> Party {
        let name = name.to_owned();
        Party { code: name.clone(), written: name.clone(), name, ..Party::default() }
    }
}

/// What a cell says of an act.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// Its kind; empty if the cell gives a count and nothing else.
    pub kind: String,
    pub stage: Option<String>,
    pub count: Option<String>,
    /// What is asked of its number, if no column gives the count.
    pub doubt: Option<Question>,
    /// The cell, if it says more than this.
    pub remark: Option<String>,
    /// The parties that it names.
    pub sides: Sides,
}

/// The text without marks of footnotes: `Germany[a] and France²`.
fn without_notes(cell: &str) -> String {
    let (mut bare, mut rest) = (String::new(), cell);
    while let Some((before, after)) = rest.split_once('[') {
        bare.push_str(before);
        rest = after.split_once(']').map_or("", |(_, behind)| behind);
    }
    bare.push_str(rest);
    let is_mark = |c: char| matches!(c, '*' | '†' | '‡' | '¹' | '²' | '³' | '⁰' | '⁴'..='⁹' | '⁽' | '⁾');
    bare.chars().filter(|c| !is_mark(*c)).collect::<String>().trim().to_owned()
}

/// The name of a state without what says that its government is meant: `Government of Canada`.
fn without_title(text: &str) -> &str {
    let rest = |title: &str| {
        let (begin, rest) = text.split_at_checked(title.len())?;
        (begin.to_lowercase() == title && rest.starts_with(' ')).then(|| rest.trim())
    };
    TITLES.iter().filter_map(|title| rest(title.written)).min_by_key(|rest| rest.len()).unwrap_or(text)
}

/// The parts of a text between separators that do not stand in brackets.
fn split<'t>(text: &'t str, separator: &str) -> Vec<&'t str> {
    let (mut parts, mut begin, mut depth) = (Vec::new(), 0, 0_i32);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && at >= begin && text[at..].starts_with(separator) => {
                parts.push(&text[begin..at]);
                begin = at + separator.len();
            }
            _ => (),
        }
    }
    parts.push(&text[begin..]);
    parts
}

terms! {
    /// Words between parties in a cell.
    JOINS = "parties": "separator";
    /// Words in a bracket behind a party by which more or fewer parties may be meant: `Belgium (with Luxembourg)`.
    WITH_OTHERS = "parties": "with-others";
    /// Words before the name of a state in full.
    TITLES = "parties": "title";
}

/// What separates parties in a cell. A comma may be a part of a name, so it comes last.
static SEPARATORS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let words = JOINS.iter().map(|term| format!(" {} ", term.written));
    [";", "\n", "/", " & "].map(str::to_owned).into_iter().chain(words).chain([",".to_owned()]).collect()
});

/// The name and the count of an item of a list such as `Belgium 1` or `Belgium: 1`.
fn counted(item: &str) -> Option<(&str, &str)> {
    let (name, count) = item.trim().rsplit_once([' ', ':'])?;
    let is_count = (1..=3).contains(&count.len()) && count.bytes().all(|b| b.is_ascii_digit()) && count != "0";
    is_count.then(|| (name.trim_end_matches([' ', ':', '-', '–', '=']), count))
}

/// One party for several that are the same: `Russland / Russia`.
fn once(parties: Vec<Party>) -> Vec<Party> {
    let is_plain = |party: &Party| party.count.is_none() && party.remark.is_none() && party.code == parties[0].code;
    if parties.iter().all(is_plain) { parties.into_iter().take(1).collect() } else { parties }
}

/// The stage that a word names: by its name, or as the cells of sheets do.
pub(in crate::read) fn stage_named(word: &str) -> Option<String> {
    let own = word.parse::<Stage>().ok().map(|stage| stage.to_string());
    own.or_else(|| acts::stage(word).map(str::to_owned))
}

impl<'l> Known<'l> {
    pub fn new(names: Names<'l>, words: Vec<Word>) -> Known<'l> {
        Known { names, words, day: None, sheet: String::new() }
    }

    /// The code of the party that a text names, if the ledger or the words know it.
    pub fn party(&mut self, text: &str) -> Result<Option<String>> {
        let text = text.trim();
        // `la`, `no` and `de` are words and not codes.
        let word = text.trim_end_matches('.');
        let is_word = word.len() == 2 && word.bytes().all(|b| b.is_ascii_lowercase()) && !self.names.has_codes();
        let is_number = text.chars().all(|c| c.is_ascii_digit()) && !self.names.has_codes();
        if text.is_empty() || text.contains('?') || is_number || is_word {
            return Ok(None);
        }
        let means =
            self.words.iter().find(|known| known.field == "party" && fold(&known.word) == fold(text)).map(|known| known.means.clone());
        let text = means.filter(|means| !means.is_empty()).unwrap_or_else(|| text.to_owned());
        for text in [text.as_str(), without_title(&text)] {
            if let Some(party) = self.names.find_party(text, self.day)? {
                return Ok(Some(self.names.code(party).to_owned()));
            }
        }
        Ok(national(&text).map(str::to_owned))
    }

    fn found(&self, name: &str, code: String) -> Result<Party> {
        Ok(Party { name: name.trim().to_owned(), written: self.names.written(&code)?, code, ..Party::default() })
    }

    /// The parties of a cell, each as it is named and by its code; or those names in it that are not known.
    pub fn parties(&mut self, cell: &str, row: u32) -> Result<std::result::Result<Vec<Party>, Vec<String>>> {
        let bare = without_notes(cell);
        if let Some(party) = self.single(&bare)? {
            self.word("party", &party.name, row);
            return Ok(Ok(vec![party]));
        }
        if let Some(means) = self.word("party", &bare, row)
            && let Some(several) = self.parties_known(&means)?
        {
            return Ok(Ok(several));
        }
        for separator in SEPARATORS.iter().map(String::as_str) {
            let parts: Vec<String> =
                split(&bare, separator).iter().map(|part| part.trim()).filter(|part| !part.is_empty()).map(str::to_owned).collect();
            if parts.len() < 2 {
                continue;
            }
            let found = parts.iter().map(|part| self.items(part)).collect::<Result<Vec<_>>>()?;
            // A semicolon and a line feed stand in no name.
            if found.iter().any(Option::is_some) || matches!(separator, ";" | "\n") {
                let unknown: Vec<String> = parts.iter().zip(&found).filter(|(_, f)| f.is_none()).map(|(part, _)| part.clone()).collect();
                for part in &unknown {
                    self.ask("party", part, row)?;
                }
                return Ok(if unknown.is_empty() { Ok(once(found.into_iter().flatten().flatten().collect())) } else { Err(unknown) });
            }
        }
        self.ask("party", &bare, row)?;
        Ok(Err(vec![bare]))
    }

    /// The party that a text names, with its count in brackets.
    fn single(&mut self, text: &str) -> Result<Option<Party>> {
        let counted = text.trim().strip_suffix(')').and_then(|open| open.rsplit_once('('));
        let is_year = |count: &str| count.len() == 4 && count.parse().is_ok_and(|year: u32| (1800..2100).contains(&year));
        if let Some((name, inside)) = counted {
            let count = amount::read(inside).count;
            let is_counted = !count.is_empty() && inside.contains(|c: char| c.is_ascii_digit());
            if !is_counted || is_year(&count) {
                return if is_counted { Ok(None) } else { self.with_remark(name.trim(), inside.trim(), text) };
            }
        }
        let counted = counted.map(|(name, inside)| (name.trim(), amount::read(inside).count));
        let (name, count) = counted.map_or((text.trim(), None), |(name, count)| (name, Some(count)));
        // A bracket before the end of the text belongs to one of several names.
        if name.rsplit_once(')').is_some_and(|(_, rest)| rest.contains(char::is_alphabetic)) {
            return Ok(None);
        }
        let code = self.party(name)?;
        code.map(|code| Ok(Party { count, ..self.found(name, code)? })).transpose()
    }

    /// The party that a text with a bracket at its end names. A bracket that is not part of the name is a remark, unless it may say which
    /// parties are meant.
    fn with_remark(&mut self, name: &str, inside: &str, text: &str) -> Result<Option<Party>> {
        if name.contains('(') {
            return Ok(None);
        }
        let (Some(code), whole) = (self.party(name)?, self.party(text)?) else {
            let whole = self.party(text)?;
            return whole.map(|code| self.found(text, code)).transpose();
        };
        let full = [inside.to_owned(), format!("{inside} {name}"), format!("{name}, {inside}")];
        let named = full.iter().map(|full| self.party(full)).collect::<Result<Vec<_>>>()?;
        if whole.as_ref().is_some_and(|whole| *whole != code) || named.iter().flatten().any(|other| *other != code) {
            return Ok(None);
        }
        let is_named = named.iter().any(Option::is_some);
        let inner = words::words(inside);
        if !is_named && (words::has(&inner, &WITH_OTHERS) || inner.is_empty() || names_party(inside, self)?) {
            return Ok(None);
        }
        let remark = (!is_named).then(|| inside.to_owned());
        Ok(Some(Party { remark, ..self.found(name, code)? }))
    }

    /// The parties of a part of a cell, if all of them are known: `Denmark, Sweden`.
    fn parties_known(&mut self, text: &str) -> Result<Option<Vec<Party>>> {
        let parts_of = |separator| split(text, separator).into_iter().map(str::to_owned).collect::<Vec<_>>();
        if let Some(party) = self.single(text)? {
            return Ok(Some(vec![party]));
        }
        for separator in SEPARATORS.iter().map(String::as_str) {
            let parts = parts_of(separator);
            if let [first, rest @ ..] = &parts[..]
                && !rest.is_empty()
                && let Some(party) = self.single(first)?
                && let Some(mut others) = self.parties_known(rest.join(separator).trim())?
            {
                others.insert(0, party);
                return Ok(Some(once(others)));
            }
        }
        Ok(None)
    }

    /// The parties in one part of a list. A party may have its count beside it: `Belgium 1`.
    fn items(&mut self, text: &str) -> Result<Option<Vec<Party>>> {
        if let Some(parties) = self.parties_known(text)? {
            return Ok(Some(parties));
        }
        if let Some((name, count)) = counted(text)
            && let Some(party) = self.single(name)?
        {
            return Ok(Some(vec![Party { count: Some(count.to_owned()), ..party }]));
        }
        for separator in SEPARATORS.iter().map(String::as_str) {
            let parts: Vec<String> = split(text, separator).into_iter().map(str::to_owned).collect();
            if parts.len() > 1
                && let Some(found) = parts.iter().map(|part| self.items(part)).collect::<Result<Option<Vec<_>>>>()?
            {
                return Ok(Some(found.concat()));
            }
        }
        Ok(None)
    }

    /// The act that a text names: its kind, and what else the text says of it. `Err`: what is asked.
    pub fn act(&mut self, text: &str, row: u32) -> Result<std::result::Result<Named, Question>> {
        let read = acts::read(text);
        if let Some(means) = self.word("kind", text, row) {
            let Some(kind) = self.kind_meant(&means)? else {
                let near = self.nearest_kinds(&means)?;
                let said = format!("'{means}', which the words give for '{text}'");
                return Ok(Err(Question::no_kind(&said, near.first().map(String::as_str))));
            };
            // The word says what the act is; its number and what else it says stay what they are.
            let stage = match self.word("stage", text, row) {
                Some(stage) => match stage_named(&stage) {
                    Some(stage) => Some(stage),
                    None => return Ok(Err(Question::no_stage(&stage, &format!(", which the words give for '{text}'")))),
                },
                None => None,
            };
            let says_more = !matches!(&read, Ok(None) | Ok(Some(Act { says_more: false, .. })));
            return Ok(Ok(self.named(kind, stage, text, says_more)?));
        }
        if let Some(kind) = self.kind_named(text)?.filter(|_| !text.contains('?')) {
            return Ok(Ok(Named { kind, ..Named::default() }));
        }
        let amount = amount::read(text);
        if amount.is_count_alone() {
            return Ok(Ok(Named { count: Some(amount.count), ..Named::default() }));
        }
        let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let asked = match read {
            Ok(Some(act)) if acts::is_about(text) => Question::of_doubt(text, &Doubt::IsAbout(act.kind)),
            Ok(Some(_)) if text.contains('?') => Question::of_doubt(text, &Doubt::WasDone),
            Ok(Some(_)) if acts::kind_beside_number(text).is_some_and(|(number, _)| is_digits(number)) => Question::no_plain_number(text),
            Ok(Some(act)) if self.kind_named(act.kind)?.is_some() => {
                self.note("kind", text, row, act.kind, &[]);
                if let Some(stage) = act.stage {
                    self.note("stage", text, row, stage, &[]);
                }
                return Ok(Ok(self.named(act.kind.to_owned(), act.stage.map(str::to_owned), text, act.says_more)?));
            }
            Ok(_) => self.no_kind(text)?,
            Err(doubt) => Question::of_doubt(text, &doubt),
        };
        self.ask("kind", text, row)?;
        Ok(Err(asked))
    }

    /// An act of this kind and stage as a text names it: with its number, and with the text if that says more.
    fn named(&mut self, kind: String, stage: Option<String>, text: &str, says_more: bool) -> Result<Named> {
        let (count, doubt) = match counted::count(text, &self.unit_of(&kind)?) {
            Ok(count) => (count, None),
            Err(doubt) => (None, Some(doubt)),
        };
        let says_more = says_more || (count.is_none() && words::has_number(text));
        Ok(Named { kind, stage, count, doubt, remark: says_more.then(|| text.to_owned()), sides: sides(text, false, self)? })
    }

    /// Reads the kind and the stage that a person wrote into a row of a review. `Err`: what is asked.
    pub fn complete(&mut self, cells: &mut [String]) -> Result<std::result::Result<(), Question>> {
        let [kind, stage, count] = ["kind", "stage", "count"].map(place);
        if !cells[stage].is_empty() {
            let Some(known) = stage_named(&cells[stage]) else {
                return Ok(Err(Question::no_stage(&cells[stage], ": write done, announced or threatened")));
            };
            cells[stage] = known;
        }
        if cells[kind].is_empty() || self.is_kind(&cells[kind])? {
            return Ok(Ok(()));
        }
        let text = cells[kind].clone();
        let named = match acts::read(&text) {
            Ok(Some(act))
                if !act.says_more && !acts::is_about(&text) && !acts::is_misspelt(&text, act.kind) && self.is_kind(act.kind)? =>
            {
                self.named(act.kind.to_owned(), act.stage.map(str::to_owned), &text, false)?
            }
            _ => return Ok(Err(self.no_kind(&text)?)),
        };
        if let Some(doubt) = named.doubt.filter(|_| cells[count].is_empty()) {
            return Ok(Err(doubt));
        }
        cells[kind] = named.kind;
        for (at, text) in [(stage, named.stage), (count, named.count)] {
            if cells[at].is_empty() {
                cells[at] = text.unwrap_or_default();
            }
        }
        Ok(Ok(()))
    }

    /// True if a person decided that the rows with this word are left out.
    pub fn leaves_out(&mut self, field: &str, word: &str, row: u32) -> bool {
        self.word(field, word, row).is_some_and(|means| ["no", "-"].contains(&means.to_lowercase().as_str()))
    }

    /// The names of the parties that a code of two letters means here and in ISO 3166, if these are two and no person said which is meant.
    pub fn code_of_other(&mut self, code: &str) -> Result<Option<[String; 2]>> {
        let is_explained = self.words.iter().any(|word| word.field == "party" && word.word == code && !word.means.is_empty());
        if self.names.has_codes() || is_explained {
            return Ok(None);
        }
        let here = self.party(code)?;
        let iso = self.names.of_iso2(code, self.day)?;
        let Some((here, iso)) = here.zip(iso).filter(|(here, iso)| here != iso) else { return Ok(None) };
        Ok(Some([self.names.name(&here)?, self.names.name(&iso)?]))
    }

    /// True if a party was a member of an organisation on the day of the row, or on any day if that is not known.
    pub fn is_member(&mut self, party: &str, organisation: &str) -> Result<bool> {
        self.names.is_member(party, organisation, self.day)
    }

    /// A name that no party has: as a person explained it, or as it stands.
    pub fn unknown_party(&mut self, name: &str, row: u32) -> String {
        let means = self.word("party", name, row);
        means.map_or_else(|| format!("'{name}'"), |means| format!("'{means}', which the words give for '{name}'"))
    }

    /// True for an organisation, which can have members.
    pub fn is_organisation(&self, code: &str) -> Result<bool> {
        self.names.is_organisation(code)
    }

    /// True if a cell names parties.
    pub fn may_be_party(&mut self, cell: &str) -> Result<bool> {
        // An adjective alone may be that of a language.
        let is_adjective = national(cell).is_some() && self.names.find_party(cell, self.day)?.is_none();
        Ok(!is_adjective && self.parties_known(&without_notes(cell))?.is_some())
    }

    /// True if a cell is the name of a kind.
    pub fn is_kind(&mut self, cell: &str) -> Result<bool> {
        Ok(self.kind_named(cell)?.is_some())
    }

    /// True if what a kind counts are acts, so that one of them needs no count.
    pub fn counts_acts(&mut self, kind: &str) -> Result<bool> {
        Ok(self.unit_of(kind)? == "acts")
    }

    /// What a kind counts; empty if there is no such kind.
    pub fn unit_of(&mut self, kind: &str) -> Result<String> {
        Ok(self.names.find_kind(kind)?.map(|kind| self.names.facts(kind).unit.clone()).unwrap_or_default())
    }

    /// The kind that a word of a person names: by its name, or as the cells of sheets do.
    fn kind_meant(&mut self, word: &str) -> Result<Option<String>> {
        match (self.kind_named(word)?, acts::plainly(word)) {
            (Some(kind), _) => Ok(Some(kind)),
            (None, Some(kind)) => self.kind_named(kind),
            _ => Ok(None),
        }
    }

    /// What is asked of a text that is not the name of a kind.
    fn no_kind(&mut self, text: &str) -> Result<Question> {
        let near = self.nearest_kinds(text)?;
        Ok(Question::no_kind(&format!("'{text}'"), near.first().map(String::as_str)))
    }

    /// The kinds that a text may mean which is not the name of one: those that it names, else those whose names are similar.
    fn nearest_kinds(&mut self, text: &str) -> Result<Vec<String>> {
        let mut named = Vec::new();
        for kind in acts::named(text) {
            named.extend(self.kind_named(kind)?);
        }
        if named.is_empty() { self.names.nearest_kinds(text) } else { Ok(named) }
    }

    fn kind_named(&mut self, text: &str) -> Result<Option<String>> {
        Ok(self.names.find_kind(text)?.map(|kind| self.names.facts(kind).name.clone()))
    }

    /// The stage that a text names.
    pub fn stage(&mut self, text: &str, row: u32) -> Option<String> {
        if let Some(means) = self.word("stage", text, row) {
            return stage_named(&means);
        }
        let means = acts::stage(text);
        self.note("stage", text, row, means.unwrap_or_default(), &[]);
        means.map(str::to_owned)
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
        let nearest = if field == "party" { self.names.nearest_parties(word)? } else { self.nearest_kinds(word)? };
        self.note(field, word, row, "", &nearest);
        Ok(())
    }
}
