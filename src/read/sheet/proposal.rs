//! The proposal how to read the sheets of a file as actions.

use std::collections::HashMap;

use crate::error::Result;
use crate::ledger::entry::check_ref;
use crate::ledger::load::names::Names;
use crate::ledger::load::record::COLUMNS;
use crate::model::{CodeBook, Date, Day};

use super::amount::{self, Amount};
use super::asked;
use super::columns::{self, Column, DATE_PARTS, SHEET_NAME};
use super::common;
use super::dates::{DateOrder, Dates, of_parts};
use super::layout::{self, Layout};
use super::parties::{Known, Party, Word};
use super::{Book, Plan, Row, Sheet, letters};

/// What is done with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Take {
    /// It is imported.
    Yes,
    /// A person has to say.
    Ask,
    /// It is left out.
    No,
}

/// An action as a row of a sheet gives it, or a row that gives no action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    pub sheet: String,
    /// The number of the row in the sheet.
    pub row: u32,
    /// The number of the action among those of the row, from 1.
    pub part: u32,
    pub take: Take,
    /// What is asked, or what else is to be known of it.
    pub why: String,
    /// Its cells in the columns of the flat CSV.
    pub cells: Vec<String>,
    /// True if the sheet gives the row neither a ref nor a key: its ref only serves to link the actions of the row.
    pub has_made_ref: bool,
}

/// How a file is proposed to be read.
#[derive(Debug, Clone, Default)]
pub struct Proposal {
    /// The file as the user named it.
    pub file: String,
    /// The SHA-256 of the file.
    pub digest: String,
    /// The names of its hidden sheets, and of those without a header, which are left out.
    pub left_out: Vec<String>,
    /// The number of the row of each sheet's header.
    pub headers: Vec<(String, u32)>,
    /// The name of the saved map by which it is read; `None`: by what is in it.
    pub map: Option<String>,
    /// The review of an earlier state of the file whose columns and words were taken over.
    pub earlier_review: Option<String>,
    /// The review by which a person decided its rows.
    pub review: Option<String>,
    /// The code book of its parties.
    pub codes: Option<CodeBook>,
    pub(crate) columns: Vec<Column>,
    pub(crate) words: Vec<Word>,
    pub(crate) rows: Vec<Reading>,
}

/// The place of a column in the flat CSV.
pub(super) fn place(name: &str) -> usize {
    COLUMNS.iter().position(|column| *column == name).unwrap_or_default()
}

/// Proposes how to read the sheets of a book. `plan` are the columns and words that a person corrected or, if `is_kept`, a map of earlier
/// sheets; `None`: they are proposed too.
pub(in crate::read) fn propose(
    book: &Book,
    stem: &str,
    names: Names<'_>,
    plan: Option<&Plan>,
    is_kept: bool,
    dates: Option<DateOrder>,
) -> Result<Proposal> {
    let mut known = Known::new(names, plan.map(|plan| unused(&plan.words)).unwrap_or_default());
    let mut proposal =
        Proposal { left_out: book.hidden.iter().map(|name| format!("the hidden sheet '{name}'")).collect(), ..Proposal::default() };
    for sheet in &book.sheets {
        let Some(layout) = Layout::of(sheet) else {
            if !sheet.rows.is_empty() {
                proposal.left_out.push(format!("the sheet '{}', which has no header with known words", sheet.name));
            }
            continue;
        };
        proposal.headers.push((sheet.name.clone(), layout.number));
        let mut columns = match plan {
            None => columns::propose(stem, sheet, &layout, &mut known)?,
            Some(plan) => plan.columns.iter().filter(|column| column.sheet == sheet.name).cloned().collect(),
        };
        if plan.is_some() {
            common::compare(stem, sheet, &layout, &mut known, &mut columns, is_kept)?;
        }
        let decided = columns::decide_dates(sheet, &layout, &mut columns, dates);
        known.sheet = if book.sheets.len() > 1 { format!("{}:", sheet.name) } else { String::new() };
        let mut reader = Reader { sheet, layout: &layout, columns: &columns, dates: &decided, known: &mut known, above: HashMap::new() };
        for row in &sheet.rows[layout.first..] {
            let read = reader.row(row)?;
            proposal.rows.extend(read);
        }
        proposal.columns.extend(columns);
    }
    number_refs(&mut proposal.rows);
    asked::ask(&mut proposal.rows);
    proposal.words = known.words;
    Ok(proposal)
}

fn unused(words: &[Word]) -> Vec<Word> {
    words.iter().map(|word| Word { rows: Vec::new(), ..word.clone() }).collect()
}

/// Numbers the made refs that several actions would have. Answers name the ref of their row.
pub(super) fn number_refs(rows: &mut [Reading]) {
    let (reference, answers) = (place("ref"), place("answers"));
    let mut used: HashMap<String, u32> = HashMap::new();
    let mut renamed: Option<(String, String)> = None;
    for row in rows.iter_mut().filter(|row| row.take != Take::No && row.has_made_ref && !row.cells[place("ref")].is_empty()) {
        if let Some((old, new)) = &renamed
            && row.cells[answers] == *old
        {
            row.cells[answers].clone_from(new);
        }
        let given = row.cells[reference].clone();
        let times = used.entry(given.clone()).or_default();
        *times += 1;
        if *times > 1 {
            row.cells[reference] = format!("{given}-{times}");
        }
        if row.part == 1 {
            renamed = Some((given, row.cells[reference].clone()));
        }
    }
}

/// Reads the rows of a sheet.
struct Reader<'s, 'k, 'l> {
    sheet: &'s Sheet,
    layout: &'s Layout,
    columns: &'s [Column],
    dates: &'s HashMap<usize, Dates>,
    known: &'k mut Known<'l>,
    /// The latest text in each column that is written only when it changes, and its row.
    above: HashMap<usize, (String, u32)>,
}

/// One side of a row, as it is read: the act itself, or the other side's answer.
#[derive(Default)]
struct Side {
    cells: HashMap<usize, String>,
    amount: Amount,
    /// True if a cell of its columns is filled.
    is_there: bool,
}

impl Side {
    fn take(&mut self, name: &str) -> String {
        self.cells.remove(&place(name)).unwrap_or_default()
    }
}

impl Reader<'_, '_, '_> {
    /// The actions of a row, or the row as it is left out.
    fn row(&mut self, row: &Row) -> Result<Vec<Reading>> {
        let means = |c: &&Column| c.target().is_some() || DATE_PARTS.contains(&c.meaning.as_str());
        let named: Vec<usize> = self.columns.iter().filter(means).filter_map(|c| c.column).collect();
        if let Some(why) = self.layout.left_out(row, &named) {
            let text = row.filled().map(|(_, cell)| cell).collect::<Vec<_>>().join(" ");
            return Ok(vec![self.reading(row, 1, Take::No, format!("{why}: {text}"), vec![String::new(); COLUMNS.len()])]);
        }
        let (mut said, mut asked) = (Vec::new(), Vec::new());
        let (mut parties, mut main, mut reply) = ([Vec::new(), Vec::new()], Side::default(), Side::default());
        let mut keys = Vec::new();
        self.known.day = self.day(row);
        let columns = self.columns;
        for column in columns {
            let Some((target, is_reply)) = column.target() else { continue };
            let text = self.text(column, row, &mut said);
            if column.is_key && !text.is_empty() {
                keys.push(text.clone());
            }
            let side = if is_reply { &mut reply } else { &mut main };
            side.is_there |= column.column.is_some() && !text.is_empty();
            if text.is_empty() && COLUMNS[target] != "sources" {
                continue;
            }
            match COLUMNS[target] {
                name @ ("actor" | "target") if !is_reply => match self.known.parties(&text, row.number)? {
                    Ok(found) => parties[usize::from(name == "target")] = found,
                    Err(unknown) => {
                        asked.push(format!("there is no party '{}'", unknown.join("', '")));
                        parties[usize::from(name == "target")] = vec![Party::unknown(&text)];
                    }
                },
                _ => self.fill(side, column, target, &text, row, &mut asked)?,
            }
        }
        self.add_links(row, &mut main);
        match self.date_of_parts(row, &mut said) {
            Some(Ok(date)) => drop(main.cells.insert(place("date"), date)),
            Some(Err(why)) => asked.push(why),
            None => (),
        }
        if main.amount.is_nothing && !reply.is_there {
            let text = row.filled().map(|(_, cell)| cell).collect::<Vec<_>>().join(" ");
            return Ok(vec![self.reading(
                row,
                1,
                Take::No,
                format!("the count says that nothing was done: {text}"),
                vec![String::new(); COLUMNS.len()],
            )]);
        }
        Ok(self.actions(row, parties, [main, reply], &keys.join("-"), [said, asked]))
    }

    /// Adds the addresses behind cells of a row to its sources, except those of columns of sources, which are there already.
    fn add_links(&self, row: &Row, side: &mut Side) {
        let is_of_sources = |at: &usize| self.columns.iter().any(|c| c.column == Some(*at) && c.meaning.ends_with("sources"));
        let columns = (0..row.cells.len()).filter(|at| !self.sheet.links.is_empty() && !is_of_sources(at));
        let links = columns.filter_map(|at| self.sheet.links.get(&(row.number, at))).filter(|link| link.starts_with("http"));
        let sources = side.cells.entry(place("sources"));
        let mut links = links.peekable();
        if links.peek().is_none() {
            return;
        }
        let cell = sources.or_default();
        for link in links.filter(|link| !link.contains(['|', ' '])) {
            if !cell.split(" | ").any(|source| source == link) {
                cell.push_str(if cell.is_empty() { "" } else { " | " });
                cell.push_str(link);
            }
        }
    }

    /// The date of a row whose parts have columns of their own; `None` if there are no such columns, or nothing is in them.
    fn date_of_parts(&mut self, row: &Row, said: &mut Vec<String>) -> Option<Result<String, String>> {
        let columns = self.columns;
        let of_part = |part: &&str| columns.iter().find(|column| column.is(part));
        let parts = DATE_PARTS.each_ref().map(of_part);
        parts[0]?;
        let [year, month, day] = parts.map(|column| column.map_or_else(String::new, |column| self.text(column, row, said)));
        if month.is_empty() && day.is_empty() && year.is_empty() {
            return None;
        }
        let written = [&year, &month, &day].map(String::as_str).join(" ");
        Some(of_parts(&year, &month, &day).ok_or_else(|| format!("year, month and day: '{}' is no date", written.trim())))
    }

    /// The first day of a row's date, if it is known.
    fn day(&self, row: &Row) -> Option<Day> {
        let part =
            |name: &str| self.columns.iter().find(|column| column.is(name)).and_then(|column| column.column).map_or("", |at| row.cell(at));
        if let Some(date) = of_parts(part("year"), part("month"), part("day")) {
            return Some(date.parse::<Date>().ok()?.earliest());
        }
        let at = self.columns.iter().find(|column| column.is("date"))?.column?;
        let date: Date = self.dates.get(&at)?.read(row.cell(at)).ok()?.parse().ok()?;
        Some(date.earliest())
    }

    /// The text of a column in a row: the cell, what stands above it if it is written only when it changes, or the value of all rows.
    fn text(&mut self, column: &Column, row: &Row, said: &mut Vec<String>) -> String {
        let Some(at) = column.column else {
            return if column.value == SHEET_NAME { self.sheet.name.clone() } else { column.value.clone() };
        };
        let cell = row.cell(at);
        if !matches!(column.meaning.as_str(), "date" | "year" | "actor" | "target" | "kind") {
            return cell.to_owned();
        }
        if !cell.is_empty() {
            self.above.insert(at, (cell.to_owned(), row.number));
            return cell.to_owned();
        }
        let Some((text, from)) = self.above.get(&at) else { return String::new() };
        said.push(format!("{} of row {from}", column.meaning));
        text.clone()
    }

    /// Reads a cell into a side.
    fn fill(&mut self, side: &mut Side, column: &Column, target: usize, text: &str, row: &Row, asked: &mut Vec<String>) -> Result<()> {
        let read = match COLUMNS[target] {
            "date" | "deadline" => {
                let dates = column.column.and_then(|at| self.dates.get(&at)).copied().unwrap_or(Dates { order: None, since_1904: false });
                // A deadline may have its time.
                let is_time = COLUMNS[target] == "deadline" && text.contains('T');
                if is_time {
                    text.to_owned()
                } else {
                    dates.read(text).unwrap_or_else(|why| {
                        asked.push(format!("{}: {why}", column.meaning));
                        text.to_owned()
                    })
                }
            }
            "kind" => self.known.kind(text, row.number)?.unwrap_or_else(|| {
                asked.push(format!("there is no kind '{text}'"));
                text.to_owned()
            }),
            "stage" => self.known.stage(text, row.number).unwrap_or_else(|| {
                asked.push(format!("there is no stage '{text}'"));
                text.to_owned()
            }),
            "count" => {
                side.amount = amount::read(text);
                for (party, _) in &mut side.amount.by_party {
                    *party = self.known.party(party)?.unwrap_or_else(|| party.clone());
                }
                asked.extend(side.amount.problem.as_ref().map(|problem| format!("{}: {problem}", column.meaning)));
                let notes: Vec<String> =
                    side.amount.notes.iter().filter_map(|mark| layout::footnote(self.sheet, mark)).map(str::to_owned).collect();
                side.amount.remarks.extend(notes);
                return Ok(());
            }
            "sources" => {
                let link = column.column.and_then(|at| self.sheet.links.get(&(row.number, at)));
                link.cloned().unwrap_or_else(|| text.to_owned())
            }
            _ => text.to_owned(),
        };
        let between = if COLUMNS[target] == "sources" { " | " } else { "; " };
        let cell = side.cells.entry(target).or_default();
        if !cell.is_empty() && !read.is_empty() {
            cell.push_str(between);
        }
        cell.push_str(&read);
        Ok(())
    }

    /// The actions of a row whose cells are read.
    fn actions(&self, row: &Row, parties: [Vec<Party>; 2], sides: [Side; 2], key: &str, notes: [Vec<String>; 2]) -> Vec<Reading> {
        let [mut main, mut reply] = sides;
        let [said, mut asked] = notes;
        for (side, name) in parties.iter().zip(["actor", "target"]) {
            if side.is_empty() {
                asked.push(format!("the {name} is not known"));
            }
        }
        let (date, kind) = (main.take("date"), main.take("kind"));
        for (text, name) in [(&date, "date"), (&kind, "kind")] {
            if text.is_empty() {
                asked.push(format!("the {name} is not known"));
            }
        }
        let none = [Party::default()];
        let [actors, targets] = [0, 1].map(|side: usize| if parties[side].is_empty() { none.as_slice() } else { parties[side].as_slice() });
        let pairs: Vec<[&Party; 2]> = actors.iter().flat_map(|actor| targets.iter().map(move |target| [actor, target])).collect();
        let is_whole = !main.amount.is_each && main.amount.by_party.is_empty() && !main.amount.count.is_empty();
        if pairs.len() > 1 && is_whole {
            asked.push(format!("is {} the count of each, or of all together?", main.amount.count));
        }
        let summary = joined(main.take("summary"), &main.amount.remarks);
        let has_reply = reply.is_there
            && !reply.amount.is_nothing
            && !(reply.amount.count.is_empty() && reply.cells.get(&place("date")).is_none_or(String::is_empty) && reply.cells.is_empty());
        let mut readings = Vec::new();
        for [actor, target] in &pairs {
            let mut cells = vec![String::new(); COLUMNS.len()];
            for (at, text) in &main.cells {
                cells[*at].clone_from(text);
            }
            let own = main.amount.by_party.iter().find(|(code, _)| *code == actor.code || *code == target.code);
            let count = match own {
                Some((_, count)) => count.clone(),
                None if pairs.len() > 1 && is_whole => String::new(),
                None => main.amount.count.clone(),
            };
            let mut asked = asked.clone();
            if own.is_none() && !main.amount.by_party.is_empty() && asked.is_empty() {
                asked.push(format!("the count names other parties than {}", actor.code));
            }
            let given = std::mem::take(&mut cells[place("ref")]);
            // What is asked may change, and the ref with it.
            let known = if asked.is_empty() { [&date, &actor.code, &target.code, &kind] } else { [&none[0].code; 4] };
            let reference = reference(&given, key, known.map(String::as_str), pairs.len() > 1);
            for (name, text) in [
                ("ref", &reference),
                ("date", &date),
                ("actor", &actor.written),
                ("target", &target.written),
                ("kind", &kind),
                ("count", &count),
                ("summary", &summary),
            ] {
                cells[place(name)].clone_from(text);
            }
            let take = if asked.is_empty() { Take::Yes } else { Take::Ask };
            let part = readings.len() as u32 + 1;
            let reading = self.reading(row, part, take, if asked.is_empty() { said.join("; ") } else { asked.join("; ") }, cells);
            readings.push(Reading { has_made_ref: given.is_empty() && key.is_empty(), ..reading });
            if has_reply && pairs.len() == 1 {
                readings.push(self.answer(row, &mut reply, [*actor, *target], [&kind, &reference], take == Take::Ask));
            }
        }
        if has_reply && pairs.len() > 1 {
            let cells = vec![String::new(); COLUMNS.len()];
            readings.push(self.reading(
                row,
                readings.len() as u32 + 1,
                Take::Ask,
                "which of the acts does the answer answer?".to_owned(),
                cells,
            ));
        }
        readings
    }

    /// The other side's answer to the act of a row.
    fn answer(&self, row: &Row, reply: &mut Side, [actor, target]: [&Party; 2], [kind, answered]: [&String; 2], is_asked: bool) -> Reading {
        let mut cells = vec![String::new(); COLUMNS.len()];
        let (date, own_kind, summary) = (reply.take("date"), reply.take("kind"), joined(reply.take("summary"), &reply.amount.remarks));
        for (at, text) in &reply.cells {
            cells[*at].clone_from(text);
        }
        let kind = if own_kind.is_empty() { kind } else { &own_kind };
        let given = std::mem::take(&mut cells[place("ref")]);
        let reference = reference(&given, "", [&date, &target.code, &actor.code, kind], false);
        let fields = [
            ("ref", &reference),
            ("date", &date),
            ("actor", &target.written),
            ("target", &actor.written),
            ("kind", kind),
            ("count", &reply.amount.count),
            ("summary", &summary),
            ("answers", answered),
        ];
        for (name, text) in fields {
            cells[place(name)].clone_from(text);
        }
        let of_date = || date.is_empty().then(|| "the date of the answer is not known".to_owned());
        let of_act = || is_asked.then(|| "the act that it answers is asked".to_owned());
        let problem = reply.amount.problem.clone().or_else(of_date).or_else(of_act);
        let take = if problem.is_some() { Take::Ask } else { Take::Yes };
        Reading { has_made_ref: given.is_empty(), ..self.reading(row, 2, take, problem.unwrap_or_default(), cells) }
    }

    fn reading(&self, row: &Row, part: u32, take: Take, why: String, cells: Vec<String>) -> Reading {
        Reading { sheet: self.sheet.name.clone(), row: row.number, part, take, why, cells, has_made_ref: false }
    }
}

fn joined(text: String, remarks: &[String]) -> String {
    let texts = Some(text).filter(|text| !text.is_empty()).into_iter().chain(remarks.iter().cloned());
    texts.collect::<Vec<_>>().join("; ")
}

/// The ref of an action: the one of the sheet, else its key, else the day, parties and kind, so that the same row has the same ref again.
fn reference(given: &str, key: &str, [date, actor, target, kind]: [&str; 4], is_one_of_several: bool) -> String {
    let text = match (given, key) {
        ("", "") => return generated_ref([date, actor, target, kind]),
        ("", key) => key.to_owned(),
        (given, _) => given.to_owned(),
    };
    if is_one_of_several && !text.is_empty() { format!("{text}-{actor}").to_lowercase() } else { text }
}

/// The ref that an import generates for such an act; empty if a part is missing or is not a code.
pub(super) fn generated_ref(parts: [&str; 4]) -> String {
    let text = parts.join("-").to_lowercase();
    if parts.iter().any(|part| part.is_empty()) || check_ref(&text).is_err() { String::new() } else { text }
}

impl Proposal {
    /// The number of actions to import, of those that are asked, and of rows that are left out.
    pub fn counts(&self) -> [usize; 3] {
        [Take::Yes, Take::Ask, Take::No].map(|take| self.rows.iter().filter(|row| row.take == take).count())
    }

    /// What is understood of the columns, line by line: the letter and heading, the meaning, and why.
    pub fn columns_in_words(&self) -> Vec<String> {
        let line = |column: &Column| {
            let (what, meaning) = match (column.column, column.meaning.as_str()) {
                (Some(at), "") => (format!("{} {}", letters(at), column.heading), "left out".to_owned()),
                (Some(at), meaning) => (format!("{} {}", letters(at), column.heading), meaning.to_owned()),
                (None, meaning) if column.value.is_empty() => ("every row".to_owned(), format!("{meaning} = ?")),
                (None, meaning) => ("every row".to_owned(), format!("{meaning} = {}", column.value)),
            };
            let why = if column.why.is_empty() { String::new() } else { format!(" ({})", column.why) };
            let sheet = if self.headers.len() > 1 { format!("{}: ", column.sheet) } else { String::new() };
            format!("{sheet}{what}: {meaning}{why}")
        };
        self.columns.iter().map(line).collect()
    }

    /// What is asked or left out, row by row.
    pub fn rows_in_words(&self) -> Vec<String> {
        let line = |row: &Reading| {
            let sheet = if self.headers.len() > 1 { format!("{}, ", row.sheet) } else { String::new() };
            let what = if row.take == Take::Ask { "asked" } else { "left out" };
            format!("{sheet}row {}: {what}: {}", row.row, row.why)
        };
        self.rows.iter().filter(|row| row.take != Take::Yes).map(line).collect()
    }
}
